//! Plans: the phases that one session will run; and methods, the templates that plans are made from.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use ts_rs::TS;

use crate::ids::Millis;

mod catalogue;
mod known;

pub use catalogue::*;

/// Most phases a plan may have. The longest method of the catalogue has seven; several cases in one meeting double it.
pub const MOST_PHASES: usize = 16;
/// Shortest phase in minutes, also when it gives to others: a phase of no minutes would be one that is skipped.
pub const LEAST_MINUTES: u16 = 1;
/// Longest phase in minutes: the longest sourced meeting is a clearness committee of 180.
pub const LONGEST_PHASE_MINUTES: u16 = 180;
/// Longest plan in minutes: a working day.
pub const LONGEST_PLAN_MINUTES: u16 = 480;

/// A short lower-case word of the catalogue, such as `discuss` or `consultant`: 1 to 32 of a–z, 0–9 and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String")]
#[ts(type = "string")]
pub struct Slug(String);

impl Slug {
    /// The word itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is no [`Slug`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotASlug;

impl fmt::Display for NotASlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected 1 to 32 of a-z, 0-9 and -")
    }
}

impl std::error::Error for NotASlug {}

impl TryFrom<String> for Slug {
    type Error = NotASlug;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if plain && (1..=32).contains(&text.len()) { Ok(Self(text)) } else { Err(NotASlug) }
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

/// How a floor works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FloorMode {
    /// Nobody speaks.
    None,
    /// The named roles speak, the others listen.
    Single,
    /// The named roles talk with each other.
    Open,
    /// The named roles speak one at a time, in order; then the floor is open.
    Round,
}

/// A role that a floor can name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The person whose dilemma it is.
    Presenter,
    /// Whoever holds the time.
    Facilitator,
    /// Everyone else: whoever neither presents, nor facilitates, nor has a role of the method's own.
    Member,
    /// A role of the method's own, such as a consultant.
    Named(Slug),
}

/// What the presenter does in a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Tells the dilemma.
    Speaking,
    /// Answers questions.
    Answering,
    /// Hears the group and does not answer.
    SilentListening,
    /// Thinks in silence, as everyone does.
    SilentThinking,
    /// Sits outside the circle; still hears and sees.
    Outside,
    /// Says what resonated.
    Responding,
    /// Leads the talk.
    Leading,
    /// Takes part like everyone else.
    Participant,
}

impl Position {
    /// Whether the presenter is never on the floor in this position.
    pub fn is_silent(self) -> bool {
        matches!(self, Self::SilentListening | Self::SilentThinking | Self::Outside)
    }

    /// Whether a phase with this position cannot run without a presenter.
    pub fn needs_presenter(self) -> bool {
        self != Self::Participant
    }
}

/// Whether people may keep notes in a phase. Notes never leave the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NotesPolicy {
    /// No writing.
    None,
    /// Everyone for themselves.
    Private,
    /// The presenter, for themselves.
    Presenter,
    /// One of the group, for the presenter.
    Secretary,
}

/// Who may speak in a phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FloorRule {
    /// How the floor works.
    pub mode: FloorMode,
    /// Whose floor it is.
    pub speakers: BTreeSet<Role>,
}

/// Where the texts of a phase stand: a phase of a method of the catalogue, or of [`COMMON`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TextsOf {
    /// The method, or [`COMMON`].
    pub method: Slug,
    /// The phase of it.
    pub phase: Slug,
}

/// One phase of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanPhase {
    /// Its word in the plan, which no other phase of it has. Without `texts` its texts are those of the phase of the
    /// plan's method with this id.
    pub id: Slug,
    /// Where its texts stand, if elsewhere: for a phase that was added.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub texts: Option<TextsOf>,
    /// Planned length, 1 to 180.
    pub minutes: u16,
    /// Who may speak.
    pub floor: FloorRule,
    /// What the presenter does.
    pub presenter: Position,
    /// The silence lasts to the planned end, even when the talk ends early.
    pub hold_silence: bool,
    /// Whether notes may be kept.
    pub notes: NotesPolicy,
    /// In a round, how long one turn is meant to be: 1 to the minutes of the phase. A guide for the speaker only.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn_minutes: Option<u16>,
}

impl PlanPhase {
    /// The planned length.
    pub fn length(&self) -> Millis {
        Millis::minutes(i64::from(self.minutes))
    }

    /// The planned length of one turn, where turns have one.
    pub fn turn_length(&self) -> Option<Millis> {
        self.turn_minutes.map(|minutes| Millis::minutes(i64::from(minutes)))
    }

    /// Whether its turns can be that long.
    fn has_fitting_turns(&self) -> bool {
        let fits = |minutes| self.floor.mode == FloorMode::Round && (1..=self.minutes).contains(&minutes);
        self.turn_minutes.is_none_or(fits)
    }
}

/// What happens when the time of a phase is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Firmness {
    /// The clock runs over, calmly, until a facilitator moves on.
    Guide,
    /// The next phase begins by itself after a grace.
    Firm,
}

/// Who facilitates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Facilitates {
    /// Whoever sets the session up.
    #[default]
    Host,
    /// Whoever of the group offers first, in the lobby. Until then, and if nobody does, whoever set the session up.
    Group,
}

impl Facilitates {
    fn is_host(&self) -> bool {
        *self == Self::Host
    }
}

/// How the group meets; the screens word their advice by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Meeting {
    /// In a call, with Attune beside it.
    Call,
    /// In one room.
    Room,
}

/// The phases one session will run. Valid by construction: what cannot be run cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(try_from = "RawPlan")]
#[ts(as = "RawPlan")]
pub struct Plan(RawPlan);

/// A plan as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[ts(rename = "Plan")]
pub struct RawPlan {
    /// The method that it was made from.
    pub method: Slug,
    /// What happens at time.
    pub firmness: Firmness,
    /// How the group meets.
    pub meeting: Meeting,
    /// Who facilitates; absent when it is whoever sets the session up.
    #[ts(optional, as = "Option<Facilitates>")]
    #[serde(default, skip_serializing_if = "Facilitates::is_host")]
    pub facilitates: Facilitates,
    /// The phases, in order.
    pub phases: Vec<PlanPhase>,
}

/// Why a plan cannot be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanError {
    /// It has no phases, or more than [`MOST_PHASES`].
    PhaseCount,
    /// A phase has no minutes or more than [`LONGEST_PHASE_MINUTES`], or all have more than [`LONGEST_PLAN_MINUTES`].
    Minutes,
    /// Two phases have the same id.
    SamePhaseTwice,
    /// A floor of mode `none` names speakers, or another names nobody.
    Floor,
    /// A presenter who is silent is named as a speaker.
    SilentSpeaker,
    /// A turn has no minutes or more than its phase, or stands in no round.
    Turns,
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PhaseCount => "a plan has 1 to 16 phases",
            Self::Minutes => "a phase has 1 to 180 minutes, a plan at most 480",
            Self::SamePhaseTwice => "two phases have the same id",
            Self::Floor => "a floor names speakers unless its mode is none",
            Self::SilentSpeaker => "a silent presenter cannot be a speaker",
            Self::Turns => "a turn has 1 to the minutes of its phase, in a round only",
        })
    }
}

impl std::error::Error for PlanError {}

impl TryFrom<RawPlan> for Plan {
    type Error = PlanError;

    fn try_from(raw: RawPlan) -> Result<Self, PlanError> {
        if raw.phases.is_empty() || raw.phases.len() > MOST_PHASES {
            return Err(PlanError::PhaseCount);
        }
        let total: u32 = raw.phases.iter().map(|phase| u32::from(phase.minutes)).sum();
        let each =
            raw.phases.iter().all(|phase| (LEAST_MINUTES..=LONGEST_PHASE_MINUTES).contains(&phase.minutes));
        if !each || total > u32::from(LONGEST_PLAN_MINUTES) {
            return Err(PlanError::Minutes);
        }
        let ids: BTreeSet<&Slug> = raw.phases.iter().map(|phase| &phase.id).collect();
        if ids.len() != raw.phases.len() {
            return Err(PlanError::SamePhaseTwice);
        }
        for phase in &raw.phases {
            if (phase.floor.mode == FloorMode::None) != phase.floor.speakers.is_empty() {
                return Err(PlanError::Floor);
            }
            if phase.presenter.is_silent() && phase.floor.speakers.contains(&Role::Presenter) {
                return Err(PlanError::SilentSpeaker);
            }
            if !phase.has_fitting_turns() {
                return Err(PlanError::Turns);
            }
        }
        Ok(Self(raw))
    }
}

impl From<Plan> for RawPlan {
    fn from(plan: Plan) -> Self {
        plan.0
    }
}

impl Plan {
    /// The method that it was made from.
    pub fn method(&self) -> &Slug {
        &self.0.method
    }

    /// What happens at time.
    pub fn firmness(&self) -> Firmness {
        self.0.firmness
    }

    /// Who facilitates.
    pub fn facilitates(&self) -> Facilitates {
        self.0.facilitates
    }

    /// The phases, in order; at least one.
    pub fn phases(&self) -> &[PlanPhase] {
        &self.0.phases
    }

    /// The planned length from the phase with this index to the end; nothing past the last.
    pub fn length_from(&self, index: usize) -> Millis {
        self.phases().iter().skip(index).fold(Millis(0), |sum, phase| sum + phase.length())
    }
}
