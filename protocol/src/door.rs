//! The door of a session: who may come in by the link.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who may come in. People who have a seat come back to it whatever the door.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Whoever has the link.
    #[default]
    Open,
    /// Nobody new.
    Locked,
}

impl Door {
    /// Whether it is as it stands from the start; the wire leaves it out then.
    pub fn is_open(&self) -> bool {
        *self == Self::Open
    }
}
