//! What browsers and the Attune server say to each other: the words, the messages and the plan of a session.

pub mod ids;
