//! The group's own agreement: the lines that it adds to the method's ground rules.

use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

use crate::ids::Revision;
use crate::sealed::SealedLine;

/// The most lines of an agreement: what a person reads before agreeing.
pub const MOST_AGREEMENT_LINES: usize = 20;

/// Sealed lines in the order in which they are read, at most [`MOST_AGREEMENT_LINES`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(try_from = "Vec<SealedLine>")]
#[ts(type = "Array<SealedLine>")]
pub struct AgreementLines(Vec<SealedLine>);

/// More lines than an agreement may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyLines;

impl fmt::Display for TooManyLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected at most {MOST_AGREEMENT_LINES} lines")
    }
}

impl std::error::Error for TooManyLines {}

impl AgreementLines {
    /// Whether there is no line.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<Vec<SealedLine>> for AgreementLines {
    type Error = TooManyLines;
    fn try_from(lines: Vec<SealedLine>) -> Result<Self, Self::Error> {
        if lines.len() <= MOST_AGREEMENT_LINES { Ok(Self(lines)) } else { Err(TooManyLines) }
    }
}

impl From<AgreementLines> for Vec<SealedLine> {
    fn from(lines: AgreementLines) -> Self {
        lines.0
    }
}

/// The agreement as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// The event that made it so. Whoever agrees names the one that they read.
    pub version: Revision,
    /// What it says.
    pub lines: AgreementLines,
}
