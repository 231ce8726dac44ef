//! Deciding: what follows from an input, without changing anything.

use attune_protocol::door::Door;
use attune_protocol::ids::{CommandId, SeatNumber, SecretHash, Timestamp};
use attune_protocol::server::CloseCode;
use std::borrow::Cow;

use super::door::Invited;
use super::event::{Event, EventKind};
use super::seat::{Farewell, Presence, Seat};
use super::{
    AWAY_COUNTS_FOR, Decision, Input, JOINS_WITHIN, MOST_EVENTS, MOST_JOINS, MOST_SEATS_EVER, Outcome,
    SPARE_EVENTS, Session, Stage,
};

impl Session {
    /// What follows from `input` at `now`: first all that was due, then the input. Changes nothing.
    ///
    /// A `now` before the newest event counts as that event's time.
    pub fn decide(&self, input: Input, now: Timestamp) -> Decision {
        let now = now.max(self.newest_at);
        let (state, mut events) = self.elapse(now);
        let (kinds, by, request, outcome) = state.answer(input, now);
        events.extend(kinds.into_iter().map(|what| Event { at: now, by, request, what }));
        Decision { events, outcome }
    }

    /// Whether this command holds already.
    pub fn has_applied(&self, seat: SeatNumber, request: CommandId) -> bool {
        // The newest first: a repeat comes soon.
        self.requests.iter().rev().any(|applied| *applied == (seat, request))
    }

    /// The state at `now` and the events that led to it.
    fn elapse(&self, now: Timestamp) -> (Cow<'_, Self>, Vec<Event>) {
        let mut state = Cow::Borrowed(self);
        let mut events = Vec::new();
        while let Some(due) = state.next_due().filter(|due| due.at <= now) {
            let event = state.due_event(due);
            state.to_mut().apply(&event);
            events.push(event);
        }
        (state, events)
    }

    fn answer(
        &self,
        input: Input,
        now: Timestamp,
    ) -> (Vec<EventKind>, Option<SeatNumber>, Option<CommandId>, Outcome) {
        match input {
            Input::Elapse => (Vec::new(), None, None, Outcome::Done),
            Input::Reopen => {
                let anyone = self.seats.values().any(|seat| seat.is_here() && seat.has_device());
                let events = if anyone { vec![EventKind::Reopened {}] } else { Vec::new() };
                (events, None, None, Outcome::Done)
            }
            Input::Away { seat } => {
                let here = self.seat(seat).is_some_and(|seat| seat.is_here() && seat.has_device());
                let events = if here { vec![EventKind::WentAway { seat }] } else { Vec::new() };
                (events, None, None, Outcome::Done)
            }
            Input::Enter { token, invite } => {
                let (events, outcome) = self.enter(token, invite, now);
                (events, None, None, outcome)
            }
            Input::Count { answers } => (self.count(&answers), None, None, Outcome::Done),
            Input::Command { seat, request, command, chance } => {
                if self.has_applied(seat, request) {
                    return (Vec::new(), None, None, Outcome::Done);
                }
                match self.command(seat, command, chance, now) {
                    Ok(events) => (events, Some(seat), Some(request), Outcome::Done),
                    Err(refusal) => (Vec::new(), None, None, Outcome::Refused(refusal)),
                }
            }
        }
    }

    /// A browser wants in: by its own seat's token, or by the invite.
    fn enter(
        &self,
        token: SecretHash,
        invite: Option<SecretHash>,
        now: Timestamp,
    ) -> (Vec<EventKind>, Outcome) {
        let turned_away = |code| (Vec::new(), Outcome::TurnedAway(code));
        let known = self.seats.values().find(|seat| seat.token == Some(token));
        let invited = self.invited_by(invite);
        let is_let_in = self.let_in.contains(&token);
        if known.is_none() && self.moved.contains(&token) {
            return turned_away(CloseCode::Moved);
        }
        if let Stage::Closed(closing) = &self.stage {
            let alive = closing.opens_at(now);
            match known {
                Some(seat) if seat.is_taken() && alive => {}
                None if invited == Invited::No => return turned_away(CloseCode::Unknown),
                Some(_) | None => return turned_away(CloseCode::Ended),
            }
        }
        match known {
            Some(seat) => match seat.presence {
                Presence::Here => (Vec::new(), Outcome::Entered(seat.number)),
                Presence::Away(_) if seat.flickers(now) => turned_away(CloseCode::TooFast),
                Presence::Away(_) => {
                    (vec![EventKind::CameBack { seat: seat.number }], Outcome::Entered(seat.number))
                }
                Presence::Gone(_, Farewell::Left) => turned_away(CloseCode::Left),
                Presence::Gone(_, Farewell::Removed) => turned_away(CloseCode::Removed),
            },
            None if !is_let_in && invited == Invited::No => turned_away(CloseCode::Unknown),
            None if !is_let_in && invited == Invited::Before => turned_away(CloseCode::Used),
            None if self.door == Door::Locked => turned_away(CloseCode::Locked),
            None if self.door == Door::Knock && !is_let_in => turned_away(CloseCode::Knock),
            None if self.is_overrun(now) => turned_away(CloseCode::Busy),
            None => match self.free_seat(now) {
                Some(seat) => {
                    let personal = invite.filter(|_| invited == Invited::Once);
                    (vec![EventKind::Joined { seat, token, personal }], Outcome::Entered(seat))
                }
                None => turned_away(CloseCode::Full),
            },
        }
    }

    /// Whether so many came lately that somebody is using the seats up.
    pub(super) fn is_overrun(&self, now: Timestamp) -> bool {
        let lately = |seat: &&Seat| seat.has_device() && now - seat.joined_at < JOINS_WITHIN;
        self.seats.values().rev().filter(lately).count() >= MOST_JOINS
    }

    /// The number of the next seat, unless the session is full.
    pub(super) fn free_seat(&self, now: Timestamp) -> Option<SeatNumber> {
        let counts = |seat: &&Seat| {
            let long_away = seat.away_since().is_some_and(|since| now - since >= AWAY_COUNTS_FOR);
            let needed = seat.facilitator || self.presenter == Some(seat.number);
            seat.is_taken() && (needed || !long_away)
        };
        let taken = self.seats.values().filter(counts).count();
        let last = self.seats.keys().next_back().map_or(0, |seat| seat.0);
        let room = taken < usize::from(self.settings.seat_limit)
            && last < MOST_SEATS_EVER
            && self.revision.0 < MOST_EVENTS + SPARE_EVENTS;
        room.then(|| SeatNumber(last + 1))
    }
}
