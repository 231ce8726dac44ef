//! What the server says to a browser.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::agreement::Agreement;
use crate::display::DisplayView;
use crate::door::{DoorView, WaitingView};
use crate::ending::{Private, Thanks};
use crate::ids::{CommandId, Revision, SeatNumber, SessionId, Timestamp};
use crate::moving::MovingView;
use crate::sealed::Sealed;
use crate::view::{Act, SessionView};

/// Every frame that the server sends.
#[allow(clippy::large_enum_variant, reason = "each is made to be written at once, and none is kept")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ServerMessage {
    /// The answer to the first frame: you are in.
    Welcome {
        /// Which session; news to whoever created it.
        session: SessionId,
        /// Which seat is yours.
        seat: SeatNumber,
        /// The newest event.
        revision: Revision,
        /// What you may see.
        view: SessionView,
        /// What members open.
        texts: Texts,
        /// What this seat alone is shown; absent while there is nothing.
        #[ts(as = "Option<Private>", optional)]
        #[serde(default, skip_serializing_if = "Private::is_empty")]
        private: Private,
    },
    /// The session as it is, whole.
    View {
        /// The newest event it shows.
        revision: Revision,
        /// What you may see.
        view: SessionView,
    },
    /// The sealed texts as they are, whole.
    Texts {
        /// The newest event they show.
        revision: Revision,
        /// What members open.
        texts: Texts,
    },
    /// What this seat alone is shown, whole.
    Private {
        /// The event that last changed it.
        revision: Revision,
        /// What this seat alone is shown.
        private: Private,
    },
    /// The answer to `answer`: it waits to be counted, and is not stored.
    Held {},
    /// An act is stored and holds.
    Accepted {
        /// Which act.
        request: CommandId,
        /// The newest event.
        revision: Revision,
    },
    /// An act changed nothing.
    Refused {
        /// Which act; absent when the frame could not be read.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        request: Option<CommandId>,
        /// Why.
        why: Refusal,
    },
    /// The answer to `ping`.
    Pong {
        /// As it came.
        sent: f64,
        /// Server time when it came.
        now: Timestamp,
    },
    /// Who waits at the door. For whoever steers, whole, when it has changed.
    Door {
        /// Everybody there.
        door: DoorView,
    },
    /// You wait at the door.
    Waiting {
        /// What you are shown.
        waiting: WaitingView,
    },
    /// How it stands with going on on another device. For this seat alone, whole, when it has changed.
    Moving {
        /// What it is told.
        moving: MovingView,
    },
    /// How many screens show the clock now. For everyone with a seat, when it has changed.
    Screens {
        /// So many.
        count: u16,
    },
    /// The answer to `watch`, and then what has changed: the session as every display shows it, whole.
    Display {
        /// The newest event when it was made.
        revision: Revision,
        /// What to show.
        display: DisplayView,
    },
    /// The answer to `history`.
    History {
        /// Who steered, oldest first.
        acts: Vec<Act>,
    },
}

/// Sealed texts, which only browsers with the link's key can open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Texts {
    /// Names by seat; also of people who have left, for the record.
    pub names: Vec<SealedName>,
    /// The newest invite, when it was changed since the session was set up.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<Sealed>,
    /// What the group agrees beside the ground rules; whoever is to agree reads it, also before any name.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// Secret and key of the display link, as `<secret>.<key>`, while there is one.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<Sealed>,
    /// Thanks to the whole group, in the order in which they came.
    #[ts(as = "Option<Vec<Thanks>>", optional)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thanks: Vec<Thanks>,
}

/// One person's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SealedName {
    /// Whose.
    pub seat: SeatNumber,
    /// Bound to that seat.
    pub name: Sealed,
}

/// Why an act changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "name", rename_all = "snake_case")]
pub enum Refusal {
    /// The session has gone on since; who moved it, or nobody when it moved by itself.
    MovedOn {
        /// Who.
        by: Option<SeatNumber>,
    },
    /// Only whoever steers may do this.
    NotFacilitator,
    /// A stand-in holds the chair: ask for it back first.
    ChairHeld,
    /// A stand-in may not do this.
    StandIn,
    /// The chair is not free to take.
    ChairNotFree,
    /// The silent presenter may not do this.
    Silent,
    /// It is somebody else's turn.
    NotYourTurn,
    /// That is somebody else's to do.
    NotYours,
    /// Agree to the ground rules first.
    NotAgreed,
    /// The group's agreement is another than the one that was read.
    AgreementChanged,
    /// Nobody presents.
    NoPresenter,
    /// Somebody presents; that person would have to leave first.
    Presenting,
    /// Not in this part of the session.
    NotNow,
    /// Nobody sits there.
    NoSuchSeat,
    /// An order has to name everyone who waits, once.
    NotEveryone,
    /// Nobody knocks there any more.
    NoSuchKnock,
    /// That person is away.
    Away,
    /// That person is here.
    NotAway,
    /// That person is no newcomer: they have a part in the session, or were here long before the other was lost.
    NotNew,
    /// That person has no device.
    NoDevice,
    /// The session needs a facilitator: choose another first.
    LastFacilitator,
    /// There is no phase before this one.
    FirstPhase,
    /// Too late, or something later changed it.
    CannotUndo,
    /// The phase would be longer than a phase may be.
    TooLong,
    /// A later phase would be shorter than a minute, or has kept its rest and gives nothing.
    TooShort,
    /// All seats are taken.
    Full,
    /// As many as one person may send.
    Enough,
    /// The log is full: only ending, leaving and pausing are left.
    LogFull,
    /// More than a person does: wait a little.
    TooFast,
    /// The server cannot store it now: try again.
    Busy,
    /// The frame is not a message of this version.
    NotUnderstood,
}

macro_rules! close_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $word:literal, $retry:literal;)*) => {
        /// Why a socket is closed. Each says whether coming back by itself makes sense.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum CloseCode { $($(#[$doc])* $name,)* }

        impl CloseCode {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The number on the wire.
            pub fn code(self) -> u16 {
                match self { $(Self::$name => $code,)* }
            }

            /// The word beside it on the wire.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// Whether the page comes back by itself.
            pub fn retry(self) -> bool {
                match self { $(Self::$name => $retry,)* }
            }
        }
    };
}

close_codes! {
    /// The server stops or starts again.
    Restarting = 1012, "restarting", true;
    /// A rule of the connection was broken: too many frames or bytes, or an unfinished one.
    TooFast = 1008, "too_fast", true;
    /// A frame is larger than any message.
    TooBig = 1009, "too_big", false;
    /// No such session, or not this invite: one answer for all.
    Unknown = 4000, "unknown", false;
    /// All seats are taken.
    Full = 4001, "full", false;
    /// Removed by a facilitator.
    Removed = 4002, "removed", false;
    /// Left by oneself, or the seat was cleared.
    Left = 4003, "left", false;
    /// The session has ended.
    Ended = 4004, "ended", false;
    /// The session was deleted.
    Erased = 4005, "erased", false;
    /// The seat was opened somewhere else.
    Replaced = 4006, "replaced", false;
    /// The page is of another version.
    Reload = 4007, "reload", false;
    /// The first frame could not be read.
    NotUnderstood = 4008, "not_understood", false;
    /// The server has no room or cannot store: come back later.
    Busy = 4009, "busy", true;
    /// Nothing was heard for too long, or the reader is too slow.
    Silent = 4010, "silent", true;
    /// Only a facilitator's seat may do this, or no seat at all: who has one comes by no code.
    NotAllowed = 4011, "not_allowed", false;
    /// Not everybody may set sessions up here, and the token was absent or wrong.
    TokenNeeded = 4012, "token_needed", false;
    /// The door is locked: nobody new comes in.
    Locked = 4013, "locked", false;
    /// The door is opened by a person only, and this socket cannot wait.
    Knock = 4014, "knock", false;
    /// A person did not let this one in.
    Declined = 4015, "declined", false;
    /// The person has the seat on another device, by their own wish.
    Moved = 4016, "moved", false;
    /// The link was for one person, who has come in by it.
    Used = 4017, "used", false;
}
