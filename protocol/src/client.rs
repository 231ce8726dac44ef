//! What a browser says to the server.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::door::DoorCode;
use crate::ending::Answers;
use crate::ids::{CommandId, DisplaySecret, Invite, Millis, SeatToken, SecretHash, SessionId, Timestamp};
use crate::method::Plan;
use crate::moving::SeatCode;

mod command;

pub use command::*;

/// The first frame on a socket. Secrets stand here and nowhere else.
#[derive(Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum FirstMessage {
    /// Set up a session; this socket becomes its first seat, a facilitator.
    Create {
        /// [`PROTOCOL_VERSION`](crate::version::PROTOCOL_VERSION), or an older one that is spoken.
        version: u16,
        /// The phases to run.
        plan: Plan,
        /// SHA-256 of the invite that the browser drew.
        invite: SecretHash,
        /// The token of the first seat, drawn by the browser.
        seat_token: SeatToken,
        /// When the group means to meet; at most a year ahead.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        planned_for: Option<Timestamp>,
        /// What a server that is not open to everybody asks for, as the person typed it.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        create_token: Option<String>,
    },
    /// Come in: a known token is that seat again, an unknown one with the right invite is a new seat.
    Hello {
        /// [`PROTOCOL_VERSION`](crate::version::PROTOCOL_VERSION), or an older one that is spoken.
        version: u16,
        /// Which session.
        session: SessionId,
        /// From the link; not needed to come back.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        invite: Option<Invite>,
        /// Drawn by the browser once for each seat it takes.
        seat_token: SeatToken,
    },
    /// Knock at the door that a code names, without a link and its key.
    Knock {
        /// [`PROTOCOL_VERSION`](crate::version::PROTOCOL_VERSION), or an older one that is spoken.
        version: u16,
        /// Which door.
        code: DoorCode,
        /// The token to come in with once let in, drawn by the browser.
        seat_token: SeatToken,
        /// SHA-256 of a nonce and the knocker's key, which are shown only after another key has answered.
        commitment: SecretHash,
    },
    /// Ask a person's own page for their seat, by the code that it shows.
    Move {
        /// [`PROTOCOL_VERSION`](crate::version::PROTOCOL_VERSION), or an older one that is spoken.
        version: u16,
        /// What it shows.
        code: SeatCode,
        /// The token to open the seat with from then on, drawn by this browser.
        seat_token: SeatToken,
        /// As in `knock`.
        commitment: SecretHash,
    },
    /// Show the clock on a screen, by the display link.
    Watch {
        /// [`PROTOCOL_VERSION`](crate::version::PROTOCOL_VERSION), or an older one that is spoken.
        version: u16,
        /// Which session.
        session: SessionId,
        /// From the display link.
        display: DisplaySecret,
    },
    /// Delete the session now. For facilitators' seats, also after the end.
    Erase {
        /// [`PROTOCOL_VERSION`](crate::version::PROTOCOL_VERSION), or an older one that is spoken.
        version: u16,
        /// Which session.
        session: SessionId,
        /// The facilitator's token.
        seat_token: SeatToken,
    },
}

/// Every later frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ClientMessage {
    /// Alive, and a sample of the clock. Answered by `pong`.
    Ping {
        /// The page's own clock in milliseconds, handed back untouched.
        sent: f64,
    },
    /// An act.
    Command {
        /// Names the act, so that a repeat after a lost answer is applied once.
        request: CommandId,
        /// What to do.
        command: Command,
    },
    /// Ask who steered. Answered by `history`.
    History {},
    /// What a person found, after the end. Answered by `held`: it waits in memory to be counted with others', is stored
    /// nowhere, and is sent again after a lost connection until the seat's private message says that it was counted.
    Answer {
        /// One for each question.
        answers: Answers,
    },
}

/// The visit of a phase and the turn in it that a steering act was made for.
///
/// When the session has gone on since, the act is refused as `moved_on` instead of meeting another phase.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Moment {
    /// Counts entries into phases: 0 in the lobby, 1 in the first phase, one more at every next, back or return, and for
    /// the time between two cases.
    pub visit: u32,
    /// Counts turns within the visit: 0 before and outside a round.
    pub turn: u32,
}

/// By how much a phase is extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Extension {
    /// +1 minute.
    One,
    /// +5 minutes.
    Five,
}

impl Extension {
    /// In whole minutes.
    pub fn minutes(self) -> u16 {
        match self {
            Self::One => 1,
            Self::Five => 5,
        }
    }

    /// The same as a length.
    pub fn length(self) -> Millis {
        Millis::minutes(i64::from(self.minutes()))
    }
}

/// Where the minutes of an extension come from. Without it the end of the session moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum MinutesFrom {
    /// From one later phase.
    Phase {
        /// Index into the plan's phases.
        phase: usize,
    },
    /// From all later phases, evenly.
    Spread {},
}
