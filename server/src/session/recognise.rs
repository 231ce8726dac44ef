//! An away person who came in anew on another device is given the seat back.

use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::server::Refusal;

use super::commands::Answer;
use super::event::{Event, EventKind};
use super::seat::{Farewell, Seat};
use super::{PauseRequest, Session};

/// How long before somebody was lost they may have come in on another device: both were in use for a while.
const OVERLAP: Millis = Millis::minutes(10);

impl Session {
    pub(super) fn recognise(&self, by: SeatNumber, newcomer: SeatNumber, number: SeatNumber) -> Answer {
        self.check_facilitates(by)?;
        let seat = self.seat(number).ok_or(Refusal::NoSuchSeat)?;
        let newcomer = self.seat(newcomer).ok_or(Refusal::NoSuchSeat)?;
        if !seat.has_device() || !newcomer.has_device() {
            return Err(Refusal::NoDevice);
        }
        let away_since = seat.away_since().filter(|_| number != by).ok_or(Refusal::NotAway)?;
        if !newcomer.is_here() {
            return Err(Refusal::Away);
        }
        let late = newcomer.number > number && newcomer.joined_at + OVERLAP >= away_since;
        if !late || self.has_part(newcomer) {
            return Err(Refusal::NotNew);
        }
        Ok(vec![EventKind::Recognised { newcomer: newcomer.number, seat: number }])
    }

    /// Whether somebody has a part in the session that would be lost with the seat.
    fn has_part(&self, seat: &Seat) -> bool {
        let number = Some(seat.number);
        seat.facilitator || seat.role.is_some() || self.presenter == number || self.stand_in == number
    }

    /// The newcomer's token opens the seat from now on, and the seat's own is dead with the newcomer's. Who has the seat
    /// is here as soon as the page comes back.
    pub(super) fn take_for(&mut self, newcomer: SeatNumber, number: SeatNumber, event: &Event) {
        if newcomer == number || !self.seats.contains_key(&number) {
            return;
        }
        let Some(came) = self.seats.get(&newcomer) else { return };
        let (token, lost_at) = (came.token, came.lost_at.clone());
        let former = self.seats.get(&number).and_then(|seat| seat.token);
        // One person was there, once.
        self.change_seat(newcomer, |seat| (seat.agreed, seat.token) = (false, former));
        self.change_seat(number, |seat| (seat.token, seat.lost_at) = (token, lost_at));
        let asked = self.pause_request.filter(|request| request.by == newcomer);
        self.free(newcomer, event, Farewell::Removed);
        if let Some(asked) = asked {
            self.pause_request = Some(PauseRequest { by: number, ..asked });
        }
    }
}
