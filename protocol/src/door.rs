//! The door of a session: who may come in by the link, and what is said at it by those who knock.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

use crate::ids::{SeatNumber, SecretHash, Timestamp};
use crate::sealed::{Sealed, SealedLine};

/// Who may come in. People who have a seat come back to it whatever the door.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Whoever has the link.
    #[default]
    Open,
    /// Whoever has the link and is let in by a person.
    Knock,
    /// Nobody new.
    Locked,
}

impl Door {
    /// Whether it is as it stands from the start; the wire leaves it out then.
    pub fn is_open(&self) -> bool {
        *self == Self::Open
    }
}

/// The most links for one person that wait to be used: two full groups of the usual size.
pub const MOST_UNUSED_LINKS: usize = 24;

/// The letters of a code: those that nobody takes for a digit or for each other when read from a wall.
pub const CODE_LETTERS: &str = "ABCDEFGHJKMNPQRSTUVWXYZ";

/// How many letters a code has.
pub const CODE_LENGTH: usize = 6;

/// Six of the [`CODE_LETTERS`], for typing from a projector. It opens nothing: it only says at which door to knock.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(try_from = "String")]
#[ts(type = "string")]
pub struct DoorCode(String);

/// A text that is no [`DoorCode`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoCode;

impl fmt::Display for NoCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected six letters of a code, in capitals")
    }
}

impl std::error::Error for NoCode {}

impl TryFrom<String> for DoorCode {
    type Error = NoCode;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_one = text.len() == CODE_LENGTH && text.chars().all(|letter| CODE_LETTERS.contains(letter));
        if is_one { Ok(Self(text)) } else { Err(NoCode) }
    }
}

impl From<DoorCode> for String {
    fn from(code: DoorCode) -> Self {
        code.0
    }
}

impl fmt::Debug for DoorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DoorCode(..)")
    }
}

/// A public key of X25519, drawn for one knock: 32 bytes in URL-safe base64 without padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct KnockKey([u8; 32]);

/// A text that is no [`KnockKey`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoKey;

impl fmt::Display for NoKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected 43 characters of URL-safe base64")
    }
}

impl std::error::Error for NoKey {}

impl TryFrom<String> for KnockKey {
    type Error = NoKey;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NoKey)?;
        bytes.try_into().map(Self).map_err(|_| NoKey)
    }
}

impl From<KnockKey> for String {
    fn from(key: KnockKey) -> Self {
        URL_SAFE_NO_PAD.encode(key.0)
    }
}

/// What somebody at the door is told meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HoldMessage {
    /// It takes a moment.
    AMoment,
    /// Between two parts.
    NextPart,
}

/// What somebody at the door says after the first frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum KnockerMessage {
    /// Alive, and a sample of the clock. Answered by `pong`.
    Ping {
        /// The page's own clock in milliseconds, handed back untouched.
        sent: f64,
    },
    /// Who came by the link: a first name.
    Introduce {
        /// Sealed with the link's key.
        name: Sealed,
    },
    /// Who came by a code, once a key has answered: what was committed to.
    Reveal {
        /// The key.
        key: KnockKey,
        /// What was hashed with it, 32 bytes like a key.
        nonce: KnockKey,
        /// The first name, sealed with what both keys make; says nothing where a seat is asked for.
        name: Sealed,
    },
}

/// Everybody who waits, as whoever steers is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DoorView {
    /// The code under which to knock, while there is one.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeView>,
    /// Who waits, in order.
    pub knocks: Vec<KnockView>,
}

/// A code and its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodeView {
    /// What to type.
    pub code: DoorCode,
    /// Until when it can be typed, in server time.
    pub until: Timestamp,
}

/// Somebody at the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KnockView {
    /// Names the knock: the hash of the token that the knocker will come in with.
    pub knock: SecretHash,
    /// Since when, in server time.
    pub since: Timestamp,
    /// How they came.
    pub by: KnockerView,
    /// What they were told meanwhile.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<HoldMessage>,
}

/// How somebody came to the door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum KnockerView {
    /// By the link, so they have its key.
    Link {
        /// The first name, sealed with the link's key.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Sealed>,
    },
    /// By a code, so they have no key yet.
    Code {
        /// SHA-256 of a nonce and the knocker's key.
        commitment: SecretHash,
        /// Whose page has answered.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answered_by: Option<SeatNumber>,
        /// What was committed to, once it is shown.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revealed: Option<Revealed>,
    },
}

/// What a knocker had committed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Revealed {
    /// The key.
    pub key: KnockKey,
    /// What was hashed with it.
    pub nonce: KnockKey,
    /// The first name, sealed with what both keys make.
    pub name: Sealed,
}

/// What somebody at the door is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WaitingView {
    /// The key of the page that has answered, for who came by a code.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<KnockKey>,
    /// What they are told meanwhile.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<HoldMessage>,
    /// The link, sealed with what both keys make: the way in.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handed: Option<SealedLine>,
}
