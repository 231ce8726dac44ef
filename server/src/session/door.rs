//! The door: who may come in, and by which link.

use attune_protocol::door::Door;
use attune_protocol::ids::SeatNumber;
use attune_protocol::sealed::InviteChange;

use super::Session;
use super::commands::Answer;
use super::event::EventKind;

impl Session {
    pub(super) fn set_door(&self, by: SeatNumber, door: Door) -> Answer {
        self.check_steers(by)?;
        Ok(if self.door == door { Vec::new() } else { vec![EventKind::DoorSet { door }] })
    }

    pub(super) fn change_link(&self, by: SeatNumber, invite: InviteChange) -> Answer {
        self.check_steers(by)?;
        Ok(vec![EventKind::LinkChanged { invite }])
    }

    /// From now on this invite opens the door, and no other.
    pub(super) fn take_invite(&mut self, invite: &InviteChange) {
        self.invite = invite.hash;
        self.sealed_invite = Some(invite.sealed.clone());
        self.texts_from = self.revision;
    }
}
