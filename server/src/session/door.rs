//! The door: who may come in, by which link, and who was let in by a person.
//!
//! Who waits at it is no fact of the session: knocks live in the room's memory, and only what a person decided about
//! them stands here.

use attune_protocol::door::{Door, MOST_UNUSED_LINKS};
use attune_protocol::ids::{SeatNumber, SecretHash, Timestamp};
use attune_protocol::sealed::{InviteChange, Sealed};
use attune_protocol::server::{CloseCode, Refusal};

use super::commands::Answer;
use super::event::EventKind;
use super::{Session, Stage};

/// The most people who were let in and have not come: more than ever wait at once.
const MOST_EXPECTED: usize = 16;

/// The most former tokens that are told where their seat went; older ones are as unknown as any other.
const MOST_MOVED: usize = 64;

/// What an invite opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Invited {
    /// Nothing.
    No,
    /// A seat for everybody who has the session's link.
    Any,
    /// A seat for whoever comes first.
    Once,
    /// Nothing any more: somebody came before.
    Before,
}

impl Session {
    /// What this invite opens.
    pub(super) fn invited_by(&self, invite: Option<SecretHash>) -> Invited {
        match invite {
            Some(invite) if invite == self.invite => Invited::Any,
            Some(invite) if self.unused.contains(&invite) => Invited::Once,
            Some(invite) if self.used.contains(&invite) => Invited::Before,
            Some(_) | None => Invited::No,
        }
    }

    /// Why nobody can knock by a code now, if so.
    pub fn refuses_knocks(&self, now: Timestamp) -> Option<CloseCode> {
        if matches!(self.stage, Stage::Closed(_)) {
            Some(CloseCode::Ended)
        } else if self.door == Door::Locked {
            Some(CloseCode::Locked)
        } else if self.is_overrun(now) {
            Some(CloseCode::Busy)
        } else if self.free_seat(now).is_none() {
            Some(CloseCode::Full)
        } else {
            None
        }
    }

    /// Why nobody can go on with this seat on another device now, if so.
    pub fn refuses_move(&self, seat: SeatNumber) -> Option<CloseCode> {
        if matches!(self.stage, Stage::Closed(_)) {
            Some(CloseCode::Ended)
        } else if self.seat(seat).is_none() {
            Some(CloseCode::Unknown)
        } else {
            None
        }
    }

    /// A person goes on with their seat by this token, which has to be nobody's yet.
    pub(super) fn move_seat(&self, by: SeatNumber, token: SecretHash) -> Answer {
        let is_used = self.seats.values().any(|seat| seat.token == Some(token));
        if is_used || self.let_in.contains(&token) || self.moved.contains(&token) {
            return Err(Refusal::NotNow);
        }
        Ok(vec![EventKind::SeatMoved { seat: by, token }])
    }

    /// The seat is that token's from now on. Its person is here all the same: they are on their way to the other device.
    pub(super) fn take_seat_along(&mut self, number: SeatNumber, token: SecretHash) {
        let former = self.seats.get(&number).and_then(|seat| seat.token);
        self.change_seat(number, |seat| seat.token = Some(token));
        if self.moved.len() == MOST_MOVED {
            self.moved.remove(0);
        }
        self.moved.extend(former);
    }

    pub(super) fn set_door(&self, by: SeatNumber, door: Door) -> Answer {
        self.check_steers(by)?;
        Ok(if self.door == door { Vec::new() } else { vec![EventKind::DoorSet { door }] })
    }

    pub(super) fn change_link(&self, by: SeatNumber, invite: InviteChange) -> Answer {
        self.check_steers(by)?;
        Ok(vec![EventKind::LinkChanged { invite }])
    }

    pub(super) fn make_personal_link(&self, by: SeatNumber, invite: SecretHash, shared: Sealed) -> Answer {
        self.check_steers(by)?;
        match self.invited_by(Some(invite)) {
            Invited::Once => Ok(Vec::new()),
            Invited::Any | Invited::Before => Err(Refusal::NotNow),
            Invited::No if self.unused.len() >= MOST_UNUSED_LINKS => Err(Refusal::Enough),
            Invited::No => {
                // What stands sealed is the newest there is: a page that seals may not know yet of a change.
                let shared = self.sealed_invite.is_none().then_some(shared);
                Ok(vec![EventKind::PersonalLinkMade { invite, shared }])
            }
        }
    }

    /// What is done with codes and knocks without deciding anything: the room does it.
    pub(super) fn tend_door(&self, by: SeatNumber) -> Answer {
        self.check_steers(by)?;
        Ok(Vec::new())
    }

    pub(super) fn let_in(&self, by: SeatNumber, token: SecretHash, now: Timestamp) -> Answer {
        self.check_steers(by)?;
        if self.let_in.contains(&token) || self.seats.values().any(|seat| seat.token == Some(token)) {
            return Ok(Vec::new());
        }
        match self.free_seat(now) {
            Some(_) => Ok(vec![EventKind::LetIn { token }]),
            None => Err(Refusal::Full),
        }
    }

    pub(super) fn decline(&self, by: SeatNumber) -> Answer {
        self.check_steers(by)?;
        Ok(vec![EventKind::Declined {}])
    }

    /// From now on this invite opens the door, and no other. No screen shows the session any more: whoever is to be kept
    /// out may have copied the display link too, or keep a link for one person.
    pub(super) fn take_invite(&mut self, invite: &InviteChange) {
        self.drop_display();
        self.unused.clear();
        self.invite = invite.hash;
        self.sealed_invite = Some(invite.sealed.clone());
        self.texts_from = self.revision;
    }

    /// From now on this invite opens the door too, once.
    pub(super) fn take_personal(&mut self, invite: SecretHash, shared: &Option<Sealed>) {
        self.unused.push(invite);
        if shared.is_some() {
            self.sealed_invite.clone_from(shared);
            self.texts_from = self.revision;
        }
    }

    /// Somebody came in by this invite for one person.
    pub(super) fn use_up(&mut self, personal: &Option<SecretHash>) {
        self.unused.retain(|invite| Some(*invite) != *personal);
        self.used.extend(personal);
    }

    /// A door that is locked is locked also for who was let in before and has not come.
    pub(super) fn turn_door(&mut self, door: Door) {
        self.door = door;
        if door == Door::Locked {
            self.expect_nobody();
        }
    }

    /// Whoever was let in and has not come knocks again: it may be somebody who was removed, under another token.
    pub(super) fn expect_nobody(&mut self) {
        self.let_in.clear();
    }

    pub(super) fn expect(&mut self, token: SecretHash) {
        if self.let_in.len() == MOST_EXPECTED {
            self.let_in.remove(0);
        }
        self.let_in.push(token);
    }
}
