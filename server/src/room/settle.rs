//! Decides inputs and stores what follows, also when the log has moved on or the store is busy.

use attune_protocol::ids::{Millis, SeatNumber};
use std::borrow::Cow;

use super::Room;
use crate::session::{Event, EventKind, Input, Outcome, Session};
use crate::store::AppendError;
use crate::stored;

/// How often a decision is made anew because the log had moved on.
const ATTEMPTS: u32 = 4;
/// How long a store that did not take an event is left alone.
const STORE_PAUSE: Millis = Millis::seconds(1);

/// Why an input came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsettled {
    /// The store could not take it now.
    Busy,
    /// The session is forgotten.
    Forgotten,
}

/// Whether it says who is here and nothing else. What was due comes with whatever input is decided then.
fn is_of_roster(event: &Event) -> bool {
    matches!(event.what, EventKind::Joined { .. } | EventKind::CameBack { .. } | EventKind::WentAway { .. })
}

impl Room {
    pub(super) async fn try_again(&mut self) {
        self.retrying = false;
        self.settle_or_retry(Input::Elapse).await;
        self.clear_ghosts().await;
    }

    /// Who was turned away because the store was not sure of their coming may stand in the log as here, without a socket
    /// whose end would ever say that they have gone.
    async fn clear_ghosts(&mut self) {
        for seat in self.ghosts() {
            self.leave_quietly(seat).await;
        }
    }

    /// Who stands in the log as here, without a socket and without one on its way.
    fn ghosts(&self) -> Vec<SeatNumber> {
        if self.stale {
            return Vec::new();
        }
        let is_expected = |seat: &SeatNumber| self.seated.contains_key(seat) || self.on_the_way.has(*seat);
        self.session.connected().filter(|seat| !is_expected(seat)).collect()
    }

    pub(super) fn pause_store(&mut self) {
        self.retrying = true;
        self.retry.set(Some(self.rooms.transport.now() + STORE_PAUSE));
    }

    pub(super) async fn settle_or_retry(&mut self, input: Input) {
        let before = self.session.revision();
        let settled = self.settle(input).await;
        let is_stuck = self.session.revision() == before
            && self.session.deadline().is_some_and(|deadline| deadline <= self.now());
        if settled == Err(Unsettled::Busy) || is_stuck {
            self.pause_store();
        }
    }

    /// Decides an input, stores what follows, applies it and marks it to be shown.
    pub(super) async fn settle(&mut self, input: Input) -> Result<Outcome, Unsettled> {
        let outcomes = self.settle_all(&[input]).await?;
        // One input has one outcome.
        outcomes.into_iter().next().ok_or(Unsettled::Busy)
    }

    /// Decides inputs one after another, each in the state that those before it lead to, stores what follows from all of
    /// them at once, applies it and marks it to be shown. The outcomes are in the order of the inputs. What is not stored
    /// yet of who is here comes before them, and never in the way of what needs no store.
    pub(super) async fn settle_all(&mut self, inputs: &[Input]) -> Result<Vec<Outcome>, Unsettled> {
        for _ in 0..ATTEMPTS {
            self.catch_up().await?;
            let presence = self.presence_to_store();
            let waits = !presence.is_empty();
            // While the store is left alone, it is asked for the sake of a change only.
            if waits
                && self.retrying
                && let Some(outcomes) = self.decide_unstored(inputs)
            {
                return Ok(outcomes);
            }
            let (next, events, outcomes) = self.decide_all(presence.iter().chain(inputs));
            if events.is_empty() {
                return Ok(self.presence_is_stored(presence.len(), outcomes));
            }
            let next = next.into_owned();
            match stored::append(&*self.rooms.store, self.id, &self.session, &events, &next).await {
                Ok(()) => {
                    self.session = next;
                    let outcomes = self.presence_is_stored(presence.len(), outcomes);
                    self.changed(events.iter().all(is_of_roster));
                    return Ok(outcomes);
                }
                Err(AppendError::Conflict | AppendError::Unknown) => self.stale = true,
                Err(AppendError::Gone) => {
                    self.forget();
                    return Err(Unsettled::Forgotten);
                }
                Err(error @ (AppendError::Busy | AppendError::Down)) => {
                    tracing::warn!(kind = "store_fault", %error, "a change was not stored");
                    let unstored = self.decide_unstored(inputs).filter(|_| waits);
                    if unstored.is_some() {
                        self.pause_store();
                    }
                    return unstored.ok_or(Unsettled::Busy);
                }
            }
        }
        tracing::warn!("a log moved on too often");
        self.pause_store();
        Err(Unsettled::Busy)
    }

    /// The state that inputs lead to one after another, by which events, and the outcomes.
    fn decide_all<'i>(
        &self,
        inputs: impl Iterator<Item = &'i Input>,
    ) -> (Cow<'_, Box<Session>>, Vec<Event>, Vec<Outcome>) {
        let (now, mut next) = (self.now(), Cow::Borrowed(&self.session));
        let (mut events, mut outcomes) = (Vec::new(), Vec::new());
        for input in inputs {
            let decision = next.decide(input.clone(), now);
            // What cannot be applied must not be stored: a fault here leaves the log as it was.
            for event in decision.events {
                next.to_mut().apply(&event);
                events.push(event);
            }
            outcomes.push(decision.outcome);
        }
        (next, events, outcomes)
    }

    /// The outcomes of inputs that lead to nothing to be stored; otherwise none.
    fn decide_unstored(&self, inputs: &[Input]) -> Option<Vec<Outcome>> {
        let (_, events, outcomes) = self.decide_all(inputs.iter());
        events.is_empty().then_some(outcomes)
    }

    /// Reads the log anew if somebody else may have written to it.
    async fn catch_up(&mut self) -> Result<(), Unsettled> {
        if !self.stale {
            return Ok(());
        }
        match stored::load(&*self.rooms.store, self.id).await {
            Ok(Some(session)) => {
                *self.session = session;
                self.stale = false;
                self.clock.raise_to(self.session.newest_at());
                // What slept by the time before is set anew.
                self.due.set(None);
                self.changed(false);
                Ok(())
            }
            Ok(None) => {
                self.forget();
                Err(Unsettled::Forgotten)
            }
            Err(error) => {
                tracing::warn!(kind = "store_fault", %error, "a log could not be read");
                // What it holds by now is shown soon, even when nobody does anything.
                self.pause_store();
                Err(Unsettled::Busy)
            }
        }
    }
}
