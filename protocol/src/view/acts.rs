//! What happened: who steered, and when.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::client::Extension;
use crate::door::Door;
use crate::ids::{SeatNumber, Timestamp};
use crate::method::Slug;

/// One entry of "What happened": who steered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Act {
    /// When.
    pub at: Timestamp,
    /// Who; nobody when it came by itself.
    pub by: Option<SeatNumber>,
    /// What.
    pub what: ActKind,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ActKind {
    /// The first phase began.
    Began {},
    /// A later phase began.
    MovedOn {
        /// Index into the plan's phases.
        phase: usize,
    },
    /// An earlier phase was gone back to.
    WentBack {
        /// Index into the plan's phases.
        phase: usize,
    },
    /// The time was stopped.
    Paused {},
    /// The time went on.
    Resumed {},
    /// Time was added.
    Extended {
        /// How much.
        by: Extension,
        /// Phases that it was taken from, by their index into the plan's; absent when the end moved.
        #[ts(optional, as = "Option<Vec<usize>>")]
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        from: Vec<usize>,
    },
    /// The later phases were shortened evenly.
    Shortened {},
    /// The session ended.
    Ended {},
    /// A step was taken back.
    Undone {},
    /// Somebody was chosen to present, or nobody.
    ChosePresenter {
        /// Who.
        seat: Option<SeatNumber>,
    },
    /// A case ended, and another follows.
    EndedCase {},
    /// It was said whether another case follows.
    ArrangedCase {
        /// It does.
        another: bool,
    },
    /// Chance chose somebody to present.
    DrewPresenter {
        /// Who.
        seat: SeatNumber,
    },
    /// Somebody was named in case the presenter cannot, or nobody.
    ChoseReserve {
        /// Who.
        seat: Option<SeatNumber>,
    },
    /// Somebody became a facilitator, or stopped being one.
    SetFacilitator {
        /// Who.
        seat: SeatNumber,
        /// Whether they facilitate.
        facilitator: bool,
    },
    /// Somebody was given a role of the method's own, or none.
    SetRole {
        /// Who.
        seat: SeatNumber,
        /// Which role.
        role: Option<Slug>,
    },
    /// The facilitation was handed over.
    HandedOver {
        /// To whom.
        to: SeatNumber,
    },
    /// Somebody took the chair.
    TookChair {},
    /// A facilitator had the chair back.
    AskedForChair {},
    /// Somebody was removed.
    Removed {
        /// Who.
        seat: SeatNumber,
    },
    /// A seat was cleared.
    Cleared {
        /// Whose.
        seat: SeatNumber,
    },
    /// A newcomer was recognised as an away person, who has the seat again.
    Recognised {
        /// Which seat.
        seat: SeatNumber,
    },
    /// A person without a device was added.
    Added {
        /// Which seat.
        seat: SeatNumber,
    },
    /// The round's floor was opened to all.
    OpenedFloor {},
    /// A turn was moved on by somebody else than the speaker.
    MovedTurn {
        /// Whose turn it was.
        seat: SeatNumber,
    },
    /// A turn was put off by somebody else than the speaker.
    PutOffTurn {
        /// Whose turn it was.
        seat: SeatNumber,
    },
    /// The order of a round was changed.
    OrderedRound {},
    /// A round went once more around.
    StartedRound {},
    /// Reminders were left to everyone, or to whoever steers.
    SetReminders {
        /// Everyone.
        anyone: bool,
    },
    /// The plan was changed.
    ChangedPlan {},
    /// Who may come in was changed.
    SetDoor {
        /// Who may since.
        door: Door,
    },
    /// The link was changed.
    ChangedLink {},
    /// A link for one person was made.
    MadePersonalLink {},
    /// A display link was made.
    MadeDisplay {},
    /// What screens show beside the clock was changed.
    SetDisplay {
        /// Who presents and who is speaking.
        names: bool,
        /// The way in, until the start.
        joining: bool,
    },
    /// The display link was ended.
    EndedDisplay {},
    /// Somebody who knocked was let in.
    LetIn {},
    /// Somebody who knocked was not let in.
    Declined {},
    /// The group's own agreement was changed.
    ChangedAgreement {},
}
