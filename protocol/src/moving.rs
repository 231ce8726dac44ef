//! A person goes on with their seat on another device: the code for it, and what their page is told meanwhile.

use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

use crate::door::{CODE_LETTERS, NoCode, Revealed};
use crate::ids::{SecretHash, Timestamp};

/// How many letters a seat's code has: two more than a door's, so that neither is taken for the other, and so that
/// nobody who guesses ever disturbs a person.
pub const SEAT_CODE_LENGTH: usize = 8;

/// Eight of the [`CODE_LETTERS`]. It opens nothing: it only says whose page to ask, once.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(try_from = "String")]
#[ts(type = "string")]
pub struct SeatCode(String);

impl TryFrom<String> for SeatCode {
    type Error = NoCode;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_one =
            text.len() == SEAT_CODE_LENGTH && text.chars().all(|letter| CODE_LETTERS.contains(letter));
        if is_one { Ok(Self(text)) } else { Err(NoCode) }
    }
}

impl From<SeatCode> for String {
    fn from(code: SeatCode) -> Self {
        code.0
    }
}

impl fmt::Debug for SeatCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeatCode(..)")
    }
}

/// How it stands with going on elsewhere. For the seat itself, whole, when it has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MovingView {
    /// The code, until somebody has typed it.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<SeatCodeView>,
    /// The device that typed it.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<MovingDevice>,
}

/// A seat's code and its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SeatCodeView {
    /// What to type.
    pub code: SeatCode,
    /// Until when it can be typed, in server time.
    pub until: Timestamp,
}

/// A device that wants to have a seat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MovingDevice {
    /// Names it: the hash of the token that it would open the seat with.
    pub knock: SecretHash,
    /// SHA-256 of a nonce and its key.
    pub commitment: SecretHash,
    /// Whether the seat's page has answered.
    pub answered: bool,
    /// What was committed to, once it is shown.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revealed: Option<Revealed>,
}
