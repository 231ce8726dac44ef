//! Text that was sealed in a browser. The server keeps and hands on the bytes and cannot read them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

/// Longest sealed text in bytes: a padded name of 40 graphemes, or an invite.
pub const LONGEST_SEALED: usize = 256;

/// Longest sealed line in bytes: one padded line of 200 graphemes.
pub const LONGEST_SEALED_LINE: usize = 1024;

/// A sealed text in URL-safe base64 without padding, at most [`LONGEST_SEALED`] bytes.
///
/// Byte 0 is the version of the form (1), byte 1 the key's epoch, then a 24-byte nonce and the sealed bytes. Bound to
/// session, seat, purpose and version, so that it opens nowhere else.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(try_from = "String")]
#[ts(type = "string")]
pub struct Sealed(String);

/// A sealed line in URL-safe base64 without padding, at most [`LONGEST_SEALED_LINE`] bytes.
///
/// The same form as [`Sealed`], for what a person writes beside a name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(try_from = "String")]
#[ts(type = "string")]
pub struct SealedLine(String);

/// Why a text is no [`Sealed`] and no [`SealedLine`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotSealed;

impl fmt::Display for NotSealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected sealed bytes within their limit, in URL-safe base64")
    }
}

impl std::error::Error for NotSealed {}

impl TryFrom<String> for Sealed {
    type Error = NotSealed;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        check_sealed(text, LONGEST_SEALED).map(Self)
    }
}

impl TryFrom<String> for SealedLine {
    type Error = NotSealed;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        check_sealed(text, LONGEST_SEALED_LINE).map(Self)
    }
}

fn check_sealed(text: String, longest: usize) -> Result<String, NotSealed> {
    let bytes = URL_SAFE_NO_PAD.decode(&text).map_err(|_| NotSealed)?;
    if (1..=longest).contains(&bytes.len()) { Ok(text) } else { Err(NotSealed) }
}

impl From<Sealed> for String {
    fn from(sealed: Sealed) -> Self {
        sealed.0
    }
}

impl From<SealedLine> for String {
    fn from(sealed: SealedLine) -> Self {
        sealed.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(..)")
    }
}

impl fmt::Debug for SealedLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealedLine(..)")
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
