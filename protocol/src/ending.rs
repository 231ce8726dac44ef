//! What people do when the talk is over: answers that are only counted, thanks, and asking for a talk afterwards.

use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

use crate::ids::SeatNumber;
use crate::sealed::SealedLine;

/// How many things each person is asked; what they are stands in the page.
pub const QUESTIONS: usize = 5;

/// The fewest answers that are ever counted together. Of fewer, nothing is stored and nothing is shown.
pub const LEAST_COUNTED: usize = 3;

/// How true something was, from 1 (not at all) to 5 (very much).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(try_from = "u8")]
#[ts(type = "number")]
pub struct Score(u8);

/// Why a number is no [`Score`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAScore;

impl fmt::Display for NotAScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected a number from 1 to 5")
    }
}

impl std::error::Error for NotAScore {}

impl TryFrom<u8> for Score {
    type Error = NotAScore;
    fn try_from(number: u8) -> Result<Self, Self::Error> {
        if (1..=5).contains(&number) { Ok(Self(number)) } else { Err(NotAScore) }
    }
}

impl From<Score> for u8 {
    fn from(score: Score) -> Self {
        score.0
    }
}

/// One person's answers, one for each question. Never stored, never sent on, and without a form for the log.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(type = "Array<number>")]
pub struct Answers(pub [Score; QUESTIONS]);

impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answers(..)")
    }
}

/// What is left of several people's answers: sums, of which no answer can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Totals {
    /// How many people's.
    pub people: u32,
    /// For each question, the sum of their scores.
    #[ts(type = "Array<number>")]
    pub sums: [u32; QUESTIONS],
}

impl Totals {
    /// Adds one person's answers.
    pub fn add(&mut self, answers: &Answers) {
        self.people += 1;
        for (sum, score) in self.sums.iter_mut().zip(&answers.0) {
            *sum += u32::from(u8::from(*score));
        }
    }

    /// Adds what was counted at another time.
    pub fn join(&mut self, other: &Self) {
        self.people = self.people.saturating_add(other.people);
        for (sum, more) in self.sums.iter_mut().zip(other.sums) {
            *sum = sum.saturating_add(more);
        }
    }
}

/// A line of thanks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Thanks {
    /// Whose.
    pub from: SeatNumber,
    /// To whom; nobody named means the whole group.
    #[serde(deserialize_with = "Option::deserialize")]
    pub to: Option<SeatNumber>,
    /// Sealed for that pair.
    pub line: SealedLine,
}

/// Whether somebody who was asked for a talk said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TalkState {
    /// Not yet.
    Asked,
    /// Yes.
    Yes,
    /// Not now.
    NotNow,
}

/// One person asked another for a talk afterwards. Only these two are shown it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Talk {
    /// Who asked.
    pub from: SeatNumber,
    /// Who was asked.
    pub to: SeatNumber,
    /// Sealed for that pair; may say nothing.
    pub line: SealedLine,
    /// What was answered.
    pub state: TalkState,
}

/// What one seat is shown and no other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Private {
    /// Whether this person's answers were counted.
    pub counted: bool,
    /// Lines from one person to one person: to this one, or from this one. Those to the group are among the texts.
    pub thanks: Vec<Thanks>,
    /// Talks that this person asked for, or was asked for.
    pub talks: Vec<Talk>,
    /// Whether this person's last request for a pause was heard by whoever steers, who went on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pause_heard: bool,
}

impl Private {
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
