//! What browsers and the Attune server say to each other: the words, the messages and the plan of a session.

pub mod agreement;
pub mod client;
pub mod display;
pub mod door;
pub mod ending;
pub mod ids;
pub mod method;
pub mod moving;
pub mod sealed;
pub mod server;
pub mod typescript;
pub mod version;
pub mod view;
