//! The Attune server.
