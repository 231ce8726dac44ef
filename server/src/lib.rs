//! The Attune server.

pub mod session;
