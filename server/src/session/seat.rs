//! A person's place in a session.

use attune_protocol::ids::{Revision, SeatNumber, SecretHash, Timestamp};
use attune_protocol::method::Slug;
use attune_protocol::sealed::Sealed;
use std::collections::VecDeque;

use super::{LOSSES_WITHIN, MOST_LOSSES, MOST_RENAMES};

/// One place. A dropped person keeps it; it is freed only by leaving, removal or clearing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seat {
    pub(super) number: SeatNumber,
    /// Opens it; absent for a person without a device.
    pub(super) token: Option<SecretHash>,
    pub(super) facilitator: bool,
    pub(super) role: Option<Slug>,
    pub(super) agreed: bool,
    /// The version of the group's own agreement that this person agreed to.
    pub(super) agreed_to: Option<Revision>,
    pub(super) offers: bool,
    pub(super) name: Option<Sealed>,
    /// When the name was last changed, at most as often as counts.
    pub(super) renamed_at: VecDeque<Timestamp>,
    /// When this person last sent a reminder.
    pub(super) reminded_at: Option<Timestamp>,
    /// When this person last asked for a pause.
    pub(super) pause_asked_at: Option<Timestamp>,
    /// Whether that was heard by somebody who went on.
    pub(super) pause_heard: bool,
    pub(super) joined_at: Timestamp,
    pub(super) presence: Presence,
    /// When the connection was last lost, at most as often as counts.
    pub(super) lost_at: VecDeque<Timestamp>,
}

/// Whether a person is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// Connected, or here without a device.
    Here,
    /// Not connected since then.
    Away(Timestamp),
    /// Gone for good since then.
    Gone(Timestamp, Farewell),
}

/// How a seat was freed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Farewell {
    Left,
    Removed,
}

impl Seat {
    /// A new place, present and without any role.
    pub(super) fn new(number: SeatNumber, token: Option<SecretHash>, joined_at: Timestamp) -> Self {
        Self {
            number,
            token,
            facilitator: false,
            role: None,
            agreed: false,
            agreed_to: None,
            offers: false,
            name: None,
            renamed_at: VecDeque::new(),
            reminded_at: None,
            pause_asked_at: None,
            pause_heard: false,
            joined_at,
            presence: Presence::Here,
            lost_at: VecDeque::new(),
        }
    }

    /// Sets or changes the name.
    pub(super) fn set_name(&mut self, name: Sealed, at: Timestamp) {
        if self.name.replace(name).is_some() {
            self.renamed_at.push_back(at);
            if self.renamed_at.len() > MOST_RENAMES {
                self.renamed_at.pop_front();
            }
        }
    }

    /// Takes the connection for lost.
    pub(super) fn lose(&mut self, at: Timestamp) {
        self.presence = Presence::Away(at);
        self.lost_at.push_back(at);
        if self.lost_at.len() > MOST_LOSSES {
            self.lost_at.pop_front();
        }
    }

    /// Whether the connection was lost more often than a bad network does it, so that the way back is closed for now.
    pub(super) fn flickers(&self, now: Timestamp) -> bool {
        self.lost_at.len() == MOST_LOSSES && self.lost_at.front().is_some_and(|&at| now - at < LOSSES_WITHIN)
    }

    /// Whether somebody still has it.
    pub(super) fn is_taken(&self) -> bool {
        !matches!(self.presence, Presence::Gone(..))
    }

    /// Whether that person is here now.
    pub(super) fn is_here(&self) -> bool {
        self.presence == Presence::Here
    }

    /// Since when that person has been away.
    pub(super) fn away_since(&self) -> Option<Timestamp> {
        match self.presence {
            Presence::Away(since) => Some(since),
            Presence::Here | Presence::Gone(..) => None,
        }
    }

    /// Whether that person is here by a device of their own.
    pub(super) fn has_device(&self) -> bool {
        self.token.is_some()
    }
}
