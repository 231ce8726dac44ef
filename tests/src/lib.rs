//! End to end tests of Attune: a real server on port 0 and real websocket clients.
//!
//! Nothing here waits for time. Everything waits for a condition, under one limit that only a failure reaches.
#![allow(clippy::expect_used, clippy::panic, reason = "a test kit fails by panicking, with a word about why")]

pub mod client;
pub mod former;
pub mod group;
pub mod machine;
pub mod picture;
pub mod plans;
pub mod process;
pub mod raw;
pub mod secrets;
pub mod server;
pub mod tls;
pub mod waiting;
pub mod witness;
