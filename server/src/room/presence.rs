//! Who is heard and who is not: facts of the session, which are stored with the next decision, or later when the store
//! does not take them.

use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::server::CloseCode;
use std::sync::atomic::Ordering;

use super::Room;
use super::settle::Unsettled;
use crate::rooms::{Credentials, Member};
use crate::session::{Event, EventKind, Input, Outcome};

/// How long it waits to be stored that somebody is back after a restart, so that it is stored and shown with others: one
/// by one it would cost a server that everybody comes back to a third of its time. Pages come back within some seconds.
const REUNION_GAP: Millis = Millis::seconds(2);

impl Room {
    /// Nobody is heard from a seat any more.
    pub(super) async fn leave_quietly(&mut self, seat: SeatNumber) {
        self.unstored_presence.remove(&seat);
        // When the server stops nobody has gone: the next start says since when they are away.
        if self.rooms.stopping.load(Ordering::Relaxed) {
            return;
        }
        self.unstored_presence.insert(seat, false);
        self.store_presence().await;
    }

    /// A seat that has a socket is heard again.
    pub(super) async fn come_back(&mut self, member: Member) {
        if self.is_seated(member) {
            self.unstored_presence.insert(member.seat, true);
            self.store_presence().await;
        }
    }

    async fn store_presence(&mut self) {
        if self.settle_all(&[]).await == Err(Unsettled::Busy) {
            self.pause_store();
        }
    }

    /// The seat of somebody who only comes back, while many do: that may wait to be stored. Not after the end, where
    /// answers are counted once everybody who is here has answered.
    pub(super) fn returns(&self, &Credentials { token, invite, .. }: &Credentials) -> Option<SeatNumber> {
        let is_reunion = self.rooms.transport.now() < self.reunion_until;
        if self.stale || !is_reunion || self.session.ending_until().is_some() {
            return None;
        }
        let decision = self.session.decide(Input::Enter { token, invite }, self.now());
        match (&decision.events[..], decision.outcome) {
            ([Event { what: EventKind::CameBack { .. }, .. }], Outcome::Entered(seat)) => Some(seat),
            _ => None,
        }
    }

    /// A seat that has its socket again is stored as back with others that are.
    pub(super) fn store_return_later(&mut self, seat: SeatNumber) {
        self.unstored_presence.insert(seat, true);
        self.retry.set_by(self.rooms.transport.now() + REUNION_GAP);
    }

    /// What the log does not say yet of who is here.
    pub(super) fn presence_to_store(&mut self) -> Vec<Input> {
        let seated = &self.seated;
        // Who has lost the seat itself, or is on the way to another device, is not back.
        self.unstored_presence.retain(|seat, is_here| !*is_here || seated.contains_key(seat));
        let input = |(&seat, &is_here): (&SeatNumber, &bool)| match seated.get(&seat) {
            Some(seated) if is_here => Input::Enter { token: seated.token, invite: None },
            _ => Input::Away { seat },
        };
        self.unstored_presence.iter().map(input).collect()
    }

    /// The log says who is here. Takes the outcomes of that, the first ones, off all.
    pub(super) fn presence_is_stored(&mut self, count: usize, mut outcomes: Vec<Outcome>) -> Vec<Outcome> {
        let others = outcomes.split_off(count.min(outcomes.len()));
        for ((seat, _), outcome) in std::mem::take(&mut self.unstored_presence).into_iter().zip(outcomes) {
            // Whoever is not to come back yet is told so, and is not connected and away at once. After the end a token
            // opens nothing any more; the socket stays open all the same.
            if outcome == Outcome::TurnedAway(CloseCode::TooFast) {
                self.seated.remove(&seat).iter().for_each(|seated| seated.close(CloseCode::TooFast));
            }
        }
        others
    }
}
