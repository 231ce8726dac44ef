//! Names of things on the wire: sessions, seats, secrets, times.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

/// A string that is not 16 bytes in canonical URL-safe base64 without padding (22 characters).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotSixteenBytes;

impl fmt::Display for NotSixteenBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected 22 characters of URL-safe base64")
    }
}

impl std::error::Error for NotSixteenBytes {}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    // The engine refuses non-canonical trailing bits, so one value has one spelling.
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

macro_rules! sixteen_bytes {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(try_from = "String", into = "String")]
        #[ts(type = "string")]
        pub struct $name([u8; 16]);

        impl $name {
            /// From bytes of the system's random generator.
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The bytes themselves.
            pub fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// The 22 characters that stand for it on the wire.
            pub fn encode(&self) -> String {
                URL_SAFE_NO_PAD.encode(self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotSixteenBytes;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                decode(&text).map(Self).ok_or(NotSixteenBytes)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.encode()
            }
        }
    };
}

sixteen_bytes! {
    /// One session. Random, so it says nothing of when or by whom; drawn by the server.
    SessionId
}
sixteen_bytes! {
    /// The right to take a new seat. Drawn by a facilitator's browser, stands in the link; the server keeps its hash.
    Invite
}
sixteen_bytes! {
    /// The right to one seat, and the only credential. Drawn by the seat's browser, so that a join can be
    /// repeated when its answer was lost; the server keeps its hash.
    SeatToken
}

sixteen_bytes! {
    /// The right to show the clock on a screen, and nothing else. Drawn by the browser of whoever steers, stands in the
    /// display link; the server keeps its hash.
    DisplaySecret
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(..)")
    }
}

/// SHA-256 of a secret, as kept at rest. Compared in constant time.
#[derive(Clone, Copy, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// From the digest's bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        let difference = self.0.iter().zip(other.0).fold(0, |sum, (a, b)| sum | (a ^ b));
        std::hint::black_box(difference) == 0
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}

impl TryFrom<String> for SecretHash {
    type Error = NotSixteenBytes;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        decode(&text).map(Self).ok_or(NotSixteenBytes)
    }
}

impl From<SecretHash> for String {
    fn from(hash: SecretHash) -> Self {
        URL_SAFE_NO_PAD.encode(hash.0)
    }
}

/// One act of a person, named by their browser so that a repeat is recognised and applied once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[ts(type = "string")]
pub struct CommandId(pub uuid::Uuid);

/// A seat's number in its session: 1 for the person who set it up, then in joining order. Never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub struct SeatNumber(pub u16);

/// How many events a session's log holds. Views carry it, so that an older one is never shown after a newer one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[ts(type = "number")]
pub struct Revision(pub u64);

/// A moment of server time, in milliseconds since 1970 UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[ts(type = "number")]
pub struct Timestamp(pub i64);

/// A length of time in milliseconds. Signed: what is left of a phase is negative once it runs over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[ts(type = "number")]
pub struct Millis(pub i64);

impl Millis {
    /// Whole seconds as milliseconds.
    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds * 1_000)
    }

    /// Whole minutes as milliseconds.
    pub const fn minutes(minutes: i64) -> Self {
        Self::seconds(minutes * 60)
    }

    /// Whole hours as milliseconds.
    pub const fn hours(hours: i64) -> Self {
        Self::minutes(hours * 60)
    }

    /// Whether it is nothing.
    pub const fn is_zero(&self) -> bool {
        self.0 == 0
    }
}

/// The latest moment the project reckons with: 2100-01-01. Arithmetic saturates far inside `i64`.
const LATEST: i64 = 4_102_444_800_000;

impl std::ops::Add<Millis> for Timestamp {
    type Output = Self;
    fn add(self, length: Millis) -> Self {
        Self(self.0.saturating_add(length.0).clamp(-LATEST, LATEST))
    }
}

impl std::ops::Sub<Millis> for Timestamp {
    type Output = Self;
    fn sub(self, length: Millis) -> Self {
        Self(self.0.saturating_sub(length.0).clamp(-LATEST, LATEST))
    }
}

impl std::ops::Sub for Timestamp {
    type Output = Millis;
    fn sub(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }
}

impl std::ops::Add for Millis {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::ops::Sub for Millis {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}
