//! Who is heard and who is not: facts of the session, which the store may not take at once.

use attune_protocol::ids::SeatNumber;
use attune_protocol::server::CloseCode;
use std::sync::atomic::Ordering;

use super::Room;
use super::settle::Unsettled;
use crate::rooms::Member;
use crate::session::{Input, Outcome};

impl Room {
    /// Nobody is heard from a seat any more.
    pub(super) async fn leave_quietly(&mut self, seat: SeatNumber) {
        self.unstored_presence.remove(&seat);
        // When the server stops nobody has gone: the next start says since when they are away.
        if self.rooms.stopping.load(Ordering::Relaxed) {
            return;
        }
        if self.settle(Input::Away { seat }).await == Err(Unsettled::Busy) {
            self.unstored_presence.insert(seat, false);
            self.pause_store();
        }
    }

    pub(super) async fn come_back(&mut self, member: Member) {
        if self.is_seated(member) {
            self.return_to(member.seat).await;
        }
    }

    /// A seat that has a socket is heard again.
    pub(super) async fn return_to(&mut self, seat: SeatNumber) {
        self.unstored_presence.remove(&seat);
        let Some(token) = self.seated.get(&seat).map(|seated| seated.token) else { return };
        match self.settle(Input::Enter { token, invite: None }).await {
            Err(Unsettled::Busy) => {
                self.unstored_presence.insert(seat, true);
                self.pause_store();
            }
            // Whoever is not to come back yet is told so, and is not connected and away at once.
            Ok(Outcome::TurnedAway(CloseCode::TooFast)) => {
                self.seated.remove(&seat).iter().for_each(|seated| seated.close(CloseCode::TooFast));
            }
            // After the end a token opens nothing any more; the socket stays open all the same.
            Ok(_) | Err(Unsettled::Forgotten) => {}
        }
    }
}
