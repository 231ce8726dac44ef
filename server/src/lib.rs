//! The Attune server.

pub mod clock;
