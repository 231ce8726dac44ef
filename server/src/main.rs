//! Starts the Attune server.
fn main() {}
