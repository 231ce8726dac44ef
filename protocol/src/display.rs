//! A display: a screen on the wall that shows the part and its time. It holds no seat and can do nothing.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use ts_rs::TS;

use crate::door::CodeView;
use crate::ids::{Millis, Revision, Timestamp};
use crate::method::{FloorMode, Plan};
use crate::sealed::{Sealed, SealedLine};
use crate::server::SealedName;

/// The most screens that show one display link at once: the walls of a room, and a spare.
pub const MOST_SCREENS: usize = 3;

/// What a display says after the first frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum DisplayMessage {
    /// Alive, and a sample of the clock. Answered by `pong`.
    Ping {
        /// The page's own clock in milliseconds, handed back untouched.
        sent: f64,
    },
}

/// The display link, as everyone in the session is told. While there is none, it is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DisplayLinkView {
    /// The event that made it: its name in `setDisplay`.
    pub made: Revision,
    /// Whether screens show who presents and who is speaking.
    pub names: bool,
    /// Whether screens show the way in until the start.
    pub joining: bool,
}

/// What every screen with the display link shows: the same bytes for all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DisplayView {
    /// The phases it runs.
    pub plan: Arc<Plan>,
    /// Where it stands.
    pub stage: DisplayStage,
}

/// Where a session stands, as a display shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum DisplayStage {
    /// Not begun, or between two cases.
    Lobby {
        /// When the group means to meet.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        planned_for: Option<Timestamp>,
        /// The way in, while whoever steers lets it be shown and the door is not locked.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        joining: Option<JoiningView>,
        /// Present between two cases.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        between: Option<DisplayBetween>,
    },
    /// A phase and its time.
    Running {
        /// Index into the plan's phases.
        phase: usize,
        /// The time.
        timing: DisplayTiming,
        /// Full length of this visit with its extensions: a full disc.
        length: Millis,
        /// Whether a mark is shown two minutes before the end.
        marks_two_minutes: bool,
        /// Length of all later phases, each as it would begin.
        rest: Millis,
        /// Whole minutes of each phase of the plan as they are now; absent while all have their planned ones.
        #[ts(optional, as = "Option<Vec<u16>>")]
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        minutes: Vec<u16>,
        /// How the floor works now; a round is `open` once everyone had a turn, and a held silence is `none`.
        floor: FloorMode,
        /// The presenter left, and the phase needs one.
        presenter_missing: bool,
        /// Who, where whoever steers lets it be shown.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        names: Option<DisplayNames>,
    },
    /// Over.
    Closed {},
}

/// A case is over, and another follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DisplayBetween {
    /// How many cases are over.
    pub cases: usize,
    /// Who presents next, where whoever steers lets names be shown; nobody speaks for the group.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<DisplayNames>,
}

/// The time of a phase. Nothing tells why it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum DisplayTiming {
    /// It runs.
    Running {
        /// To this moment, and over it.
        ends_at: Timestamp,
    },
    /// It stands.
    Paused {
        /// What is kept; negative when it had run over.
        remaining: Millis,
    },
}

/// The way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JoiningView {
    /// The link, sealed with the key of the display link.
    pub link: SealedLine,
    /// The code for typing, while there is one.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CodeView>,
}

/// The one who presents and the one who speaks, as far as there is one; nobody else's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DisplayNames {
    /// The key of the session's texts, sealed with the key of the display link.
    pub key: Sealed,
    /// Who presents.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presenter: Option<SealedName>,
    /// Whose turn it is, or who alone has the floor.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<SealedName>,
}
