//! All end to end tests: one program, so that they share the build and run side by side.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "a test that fails says what it had seen")]

mod acme;
mod addresses;
mod agreement;
mod audit;
mod bad_days;
mod behaviours;
mod cases;
mod create_token;
mod discussion;
mod displays;
mod doors;
mod encryption;
mod ending;
mod faults;
mod floods;
mod hostile;
mod kills;
mod knocks;
mod limits;
mod load;
mod make;
mod methods;
mod metrics;
mod moving;
mod office;
mod operation;
mod other_groups;
mod packaging;
mod plans;
mod power;
mod presence;
mod privacy;
mod program;
mod proxies;
mod recognition;
mod refusals;
mod restarts;
mod roster;
mod rules;
mod security;
mod talk;
mod turns;
mod wire;
mod witness;
