//! All end to end tests: one program, so that they share the build and run side by side.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod discussion;
mod doors;
mod floods;
mod hostile;
mod kills;
mod limits;
mod presence;
mod privacy;
mod restarts;
mod rules;
mod wire;
