//! The session as one audience may see it: whole, small, and the same bytes for everyone in that audience.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;
use ts_rs::TS;

use crate::client::Moment;
use crate::display::DisplayLinkView;
use crate::door::Door;
use crate::ending::Totals;
use crate::ids::{Millis, Revision, SeatNumber, Timestamp};
use crate::method::{FloorMode, Plan, Slug};

mod acts;

pub use acts::*;

/// The most cases of one session: a long day's. Each plan is kept for the record.
pub const MOST_CASES: usize = 8;

/// What one audience sees. Who "you" are, and what time it is, the page knows by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// The phases it runs.
    pub plan: Arc<Plan>,
    /// Where it stands.
    pub stage: StageView,
    /// Who is here, in joining order. People who left are not in it.
    pub seats: Vec<SeatView>,
    /// The most seats it can have.
    pub seat_limit: u16,
    /// Who may come in; absent while whoever has the link may.
    #[ts(optional, as = "Option<Door>")]
    #[serde(default, skip_serializing_if = "Door::is_open")]
    pub door: Door,
    /// How many links for one person wait to be used; absent while none do.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unused_links: Option<usize>,
    /// The display link, while there is one.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<DisplayLinkView>,
    /// When the group means to meet; until it begins.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub planned_for: Option<Timestamp>,
    /// Who presents.
    pub presenter: Option<SeatNumber>,
    /// Whether chance chose who presents; absent when a person did.
    #[ts(optional, as = "Option<bool>")]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub drawn: bool,
    /// Who presents in case the presenter cannot.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve: Option<SeatNumber>,
    /// Who holds the chair for the facilitators.
    pub chair: ChairView,
    /// Who may speak now.
    pub floor: FloorView,
    /// When the server deletes the session unless somebody acts.
    pub expires_at: Timestamp,
    /// Steps that their doers can take back.
    pub undo: Vec<UndoView>,
    /// A quiet reminder to show; the page stops by itself. Nothing tells who sent it.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminder: Option<ReminderView>,
    /// Whether everyone but the silent presenter may send reminders; absent when not.
    #[ts(optional, as = "Option<bool>")]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anyone_reminds: bool,
    /// A request for a pause that nobody has answered; only whoever steers sees it.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause_request: Option<PauseRequestView>,
}

/// Where a session stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum StageView {
    /// No case runs: none has begun, or one is over and another follows.
    Lobby {
        /// What was before; absent in a session that has not begun.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        between: Option<BetweenView>,
    },
    /// It has begun, and you have not agreed to the ground rules yet.
    Newcomer {},
    /// A case runs.
    Running(RunningView),
    /// Over.
    Closed(ClosedView),
}

/// The time between two cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BetweenView {
    /// Which visit it is; steering acts name it.
    pub moment: Moment,
    /// How many cases are over.
    pub cases: usize,
    /// Who presented in them.
    pub presented: BTreeSet<SeatNumber>,
}

/// A phase and its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunningView {
    /// Which visit and turn it is; steering acts name it.
    pub moment: Moment,
    /// Index into the plan's phases.
    pub phase: usize,
    /// The time.
    pub timing: TimingView,
    /// When this visit began.
    pub began_at: Timestamp,
    /// Full length of this visit with its extensions: a full disc.
    pub length: Millis,
    /// Whether a mark is shown two minutes before the end: not in phases under six minutes.
    pub marks_two_minutes: bool,
    /// Length of all later phases, each as it would begin: as planned, less what it gave, or with what it kept.
    pub rest: Millis,
    /// Whole minutes of each phase of the plan as they are now; absent while all have their planned ones.
    #[ts(optional, as = "Option<Vec<u16>>")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub minutes: Vec<u16>,
    /// Later phases that were left by going back, and come again with what they kept; absent without.
    #[ts(optional, as = "Option<Vec<KeptPhase>>")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<KeptPhase>,
    /// Whether the next phase begins by itself.
    pub firm: bool,
    /// The turns, in a phase with a round.
    pub round: Option<RoundView>,
    /// Hands that are up while the floor is open, the next first; absent without.
    #[ts(optional, as = "Option<Vec<SeatNumber>>")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hands: Vec<SeatNumber>,
    /// The presenter has said that the story is told.
    pub presenter_finished: bool,
    /// The presenter left, and the phase needs one.
    pub presenter_missing: bool,
    /// Which case of the session it is, from 2 on; absent in the first.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<usize>,
    /// Whether another case follows this one; absent when the session ends with it.
    #[ts(optional, as = "Option<bool>")]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub another: bool,
}

/// A later phase that was left by going back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeptPhase {
    /// Index into the plan's phases.
    pub phase: usize,
    /// With how much it comes again.
    pub length: Millis,
}

/// The time of a phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum TimingView {
    /// It runs.
    Running {
        /// To this moment, and over it.
        ends_at: Timestamp,
    },
    /// It stands.
    Paused {
        /// What is kept; negative when it had run over.
        remaining: Millis,
        /// Since when.
        since: Timestamp,
        /// Whether anyone but the silent presenter may let it run on.
        anyone_resumes: bool,
    },
}

/// The turns of a round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RoundView {
    /// Whose turn it is; nobody once the floor is open to all.
    pub speaker: Option<SeatNumber>,
    /// Who comes after, in order.
    pub next: Vec<SeatNumber>,
    /// Who has had a turn, in order.
    pub done: Vec<SeatNumber>,
    /// Who has put their turn off this time around, and may not again; in seat order.
    #[ts(optional, as = "Option<Vec<SeatNumber>>")]
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub later: BTreeSet<SeatNumber>,
    /// Which time around it is, from 2 on; absent the first time.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub around: Option<u32>,
    /// Until when the speaker has by the minutes that the plan gives a turn: a guide. Absent without, and while the
    /// time stands.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn_ends_at: Option<Timestamp>,
}

/// The end and the record, which holds no content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClosedView {
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended.
    pub closed_at: Timestamp,
    /// The cases before the last one, each with a plan of its own; absent in a session of one case.
    #[ts(optional, as = "Option<Vec<CaseRecord>>")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<CaseRecord>,
    /// The phases of the last case that ran, in plan order; none when it ended between two cases.
    pub phases: Vec<PhaseRecord>,
    /// Everyone who was there at any time after the start.
    pub attendance: Vec<SeatNumber>,
    /// Until when thanks, talks and answers are taken; then places close. Absent where nothing took place.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_until: Option<Timestamp>,
    /// What people found, once at least three were counted.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Totals>,
}

/// One case of the record that another one followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CaseRecord {
    /// The phases that it ran.
    pub plan: Arc<Plan>,
    /// The phases that ran, in plan order.
    pub phases: Vec<PhaseRecord>,
}

/// One phase of the record: the sum of its visits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PhaseRecord {
    /// Index into the plan's phases.
    pub phase: usize,
    /// As planned when the case began.
    pub planned: Millis,
    /// What it was given by extensions, less what it gave to others; absent when nothing.
    #[ts(optional, as = "Option<Millis>")]
    #[serde(default, skip_serializing_if = "Millis::is_zero")]
    pub moved: Millis,
    /// As it was, without pauses.
    pub actual: Millis,
}

/// One person's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SeatView {
    /// Its number.
    pub seat: SeatNumber,
    /// Whether this person facilitates.
    pub facilitator: bool,
    /// A role of the method's own.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Slug>,
    /// Away since then; absent while here.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away_since: Option<Timestamp>,
    /// Whether the ground rules are agreed.
    pub agreed: bool,
    /// The group's own agreement has changed since, and this person has not agreed to it as it is now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub asked_again: bool,
    /// Whether this person has a device of their own here.
    pub device: bool,
    /// When this person came.
    pub joined_at: Timestamp,
    /// Whether this person offers to present.
    pub offers: bool,
}

/// Who holds the chair in the facilitators' place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChairView {
    /// The stand-in.
    pub stand_in: Option<SeatNumber>,
    /// Who was asked to hold it while the facilitator presents.
    pub asked: Option<SeatNumber>,
    /// From when anyone but the silent presenter may take it; absent while somebody who can steer is connected.
    pub free_at: Option<Timestamp>,
    /// The lobby asks who of the group facilitates, and nobody has offered; absent when not.
    #[ts(optional, as = "Option<bool>")]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open_to_group: bool,
}

/// Who may speak now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FloorView {
    /// How the floor works now; a round is `open` once everyone had a turn.
    pub mode: FloorMode,
    /// Who may speak.
    pub speakers: BTreeSet<SeatNumber>,
}

/// What a reminder says. Its words are the page's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Reminder {
    /// This is becoming advice.
    Advice,
    /// This is becoming blame.
    Blame,
    /// Talk to each other, not to the presenter.
    EachOther,
    /// Whose view is missing.
    MissingView,
}

/// A reminder that shows for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReminderView {
    /// What it says.
    pub what: Reminder,
    /// Until when.
    pub until: Timestamp,
}

/// A request for a pause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PauseRequestView {
    /// Who asked.
    pub by: SeatNumber,
    /// When.
    pub at: Timestamp,
}

/// A step that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UndoView {
    /// Its name for `undo`.
    pub step: Revision,
    /// Who did it, and who alone can take it back.
    pub by: SeatNumber,
    /// Until when.
    pub until: Timestamp,
    /// What it was.
    pub what: ActKind,
}
