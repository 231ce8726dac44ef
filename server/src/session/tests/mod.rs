//! The core's tests: rules by SPEC id, laws under random scripts, the whole table of commands.

pub(crate) mod laws;
mod rules;
mod support;
mod table;
