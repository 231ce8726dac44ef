//! The Attune server.

pub mod clock;
pub mod session;
pub mod store;
