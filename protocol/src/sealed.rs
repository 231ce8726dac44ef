//! Text that was sealed in a browser. The server keeps and hands on the bytes and cannot read them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

/// Longest sealed text in bytes: a padded name of 40 graphemes, or an invite.
pub const LONGEST_SEALED: usize = 256;

/// A sealed text in URL-safe base64 without padding, at most [`LONGEST_SEALED`] bytes.
///
/// Byte 0 is the version of the form (1), byte 1 the key's epoch, then a 24-byte nonce and the sealed bytes. Bound to
/// session, seat, purpose and version, so that it opens nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct Sealed(String);

/// Why a text is no [`Sealed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotSealed;

impl fmt::Display for NotSealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected up to 256 bytes in URL-safe base64")
    }
}

impl std::error::Error for NotSealed {}

impl TryFrom<String> for Sealed {
    type Error = NotSealed;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = URL_SAFE_NO_PAD.decode(&text).map_err(|_| NotSealed)?;
        if (1..=LONGEST_SEALED).contains(&bytes.len()) { Ok(Self(text)) } else { Err(NotSealed) }
    }
}

impl From<Sealed> for String {
    fn from(sealed: Sealed) -> Self {
        sealed.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(..)")
    }
}

/// A new invite: its hash for the server, and itself sealed for the members' "Copy link".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InviteChange {
    /// What the server compares with.
    pub hash: crate::ids::SecretHash,
    /// What members open.
    pub sealed: Sealed,
}
