//! The Attune server.

pub mod clock;
pub mod store;
pub mod session;
