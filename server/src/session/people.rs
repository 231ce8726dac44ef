//! What people do with seats, roles and the chair.

use attune_protocol::client::Moment;
use attune_protocol::ids::{SeatNumber, Timestamp};
use attune_protocol::method::{Facilitates, FloorMode, Role, Slug};
use attune_protocol::sealed::{InviteChange, Sealed};
use attune_protocol::server::Refusal;

use super::commands::Answer;
use super::course::Timing;
use super::event::{EventKind, PauseCause};
use super::seat::Seat;
use super::{CHAIR_GRACE, MOST_RENAMES, PAUSE_REST, RENAMES_WITHIN, Session, Stage};

impl Session {
    /// The seat that `by` acts for: their own, or one without a device for whoever steers.
    pub(super) fn acts_for(&self, by: SeatNumber, number: SeatNumber) -> Result<&Seat, Refusal> {
        let seat = self.seat(number).ok_or(Refusal::NoSuchSeat)?;
        let own = number == by;
        if own || (!seat.has_device() && self.may_steer(by)) { Ok(seat) } else { Err(Refusal::NotYours) }
    }

    pub(super) fn set_name(
        &self,
        by: SeatNumber,
        number: SeatNumber,
        name: Sealed,
        now: Timestamp,
    ) -> Answer {
        let seat = self.acts_for(by, number)?;
        if seat.name.as_ref() == Some(&name) {
            return Ok(Vec::new());
        }
        let recent = seat.renamed_at.iter().filter(|&&at| now - at < RENAMES_WITHIN);
        if recent.count() >= MOST_RENAMES {
            return Err(Refusal::TooFast);
        }
        Ok(vec![EventKind::Named { seat: number, name }])
    }

    /// Whether nobody facilitates in the lobby, once `gone` has left: then nobody could begin.
    pub(super) fn lobby_lacks_facilitator(&self, gone: Option<SeatNumber>) -> bool {
        let leads = |seat: &Seat| seat.is_taken() && seat.facilitator && Some(seat.number) != gone;
        matches!(self.stage, Stage::Lobby { .. }) && !self.seats.values().any(leads)
    }

    /// Who facilitates after the last facilitator has left the lobby: whoever is here, else whoever came first.
    fn successor(&self, gone: SeatNumber) -> Option<SeatNumber> {
        let candidates =
            self.seats.values().filter(|seat| seat.number != gone && seat.has_device() && seat.agreed);
        candidates.min_by_key(|seat| (!seat.is_here(), seat.number)).map(|seat| seat.number)
    }

    /// The facts of a freed seat; when it was the presenter's and one is needed, the time stands.
    pub(super) fn freed(&self, seat: SeatNumber, farewell: EventKind) -> Vec<EventKind> {
        let needed = self.position().is_some_and(|position| position.needs_presenter());
        let runs = self.course().is_some_and(|course| matches!(course.timing, Timing::Running { .. }));
        let mut events = vec![farewell];
        if self.presenter == Some(seat) && needed && runs {
            events.push(EventKind::Paused { cause: PauseCause::PresenterGone });
        }
        if self.lobby_lacks_facilitator(Some(seat))
            && let Some(successor) = self.successor(seat)
        {
            events.push(EventKind::FacilitatorSet { seat: successor, facilitator: true });
        }
        events
    }

    pub(super) fn need_pause(&self, by: SeatNumber, now: Timestamp) -> Answer {
        let course = self.course().ok_or(Refusal::NotNow)?;
        if matches!(course.timing, Timing::Paused { .. }) || self.pause_request.is_some() {
            return Ok(Vec::new());
        }
        let rests = |seat: &Seat| !seat.agreed && seat.pause_asked_at.is_some_and(|at| now < at + PAUSE_REST);
        if self.seat(by).is_some_and(rests) {
            return Err(Refusal::TooFast);
        }
        if self.may_steer(by) {
            return Ok(vec![EventKind::Paused { cause: PauseCause::Steered }]);
        }
        let heard = self.seats.values().any(|seat| seat.is_here() && self.may_steer(seat.number));
        Ok(vec![if heard {
            EventKind::PauseRequested { seat: by }
        } else {
            EventKind::Paused { cause: PauseCause::Needed }
        }])
    }

    pub(super) fn offer(&self, by: SeatNumber, offers: bool) -> Answer {
        let seat = self.seat(by).ok_or(Refusal::NoSuchSeat)?;
        if !seat.agreed {
            return Err(Refusal::NotAgreed);
        }
        if offers && !matches!(self.stage, Stage::Lobby { .. }) && self.presenter.is_some() {
            return Err(Refusal::Presenting);
        }
        Ok(if seat.offers == offers { Vec::new() } else { vec![EventKind::Offered { seat: by, offers }] })
    }

    pub(super) fn say_finished(&self, by: SeatNumber, moment: Moment) -> Answer {
        let presenter = self.presenter.ok_or(Refusal::NoPresenter)?;
        self.acts_for(by, presenter)?;
        let course = self.check_visit(moment)?;
        let alone = self.plan.phases()[course.phase].floor.mode == FloorMode::Single;
        if !alone || !self.floor().speakers.contains(&presenter) {
            return Err(Refusal::NotNow);
        }
        Ok(if course.presenter_finished { Vec::new() } else { vec![EventKind::PresenterFinished {}] })
    }

    pub(super) fn take_chair(&self, by: SeatNumber, now: Timestamp) -> Answer {
        if !self.has_begun() && self.plan.facilitates() != Facilitates::Group {
            return Err(Refusal::NotNow);
        }
        let seat = self.seat(by).ok_or(Refusal::NoSuchSeat)?;
        if !seat.agreed {
            return Err(Refusal::NotAgreed);
        }
        if self.is_silent(by) {
            return Err(Refusal::Silent);
        }
        if !seat.is_here() {
            return Err(Refusal::Away);
        }
        if !self.has_begun() {
            return self.take_open_chair(seat);
        }
        if self.unled_since.is_none_or(|since| now < since + CHAIR_GRACE) {
            return Err(Refusal::ChairNotFree);
        }
        // Between two cases nobody stands in: there is no case to stand in for.
        Ok(vec![match self.stage {
            Stage::Running(_) => EventKind::ChairTaken { seat: by },
            Stage::Lobby { .. } | Stage::Closed(_) => {
                EventKind::FacilitatorSet { seat: by, facilitator: true }
            }
        }])
    }

    /// Whether the plan leaves it to the group who facilitates, nothing has begun, and nobody but the host does so far.
    pub(super) fn is_open_to_group(&self) -> bool {
        let mut leading = self.seats.values().filter(|seat| seat.is_taken() && seat.facilitator);
        !self.has_begun()
            && self.plan.facilitates() == Facilitates::Group
            && leading.all(|seat| seat.number == self.host)
    }

    /// Whoever offers facilitates from now on, and the host is a member. Not whoever presents: they would be silent then.
    fn take_open_chair(&self, seat: &Seat) -> Answer {
        if !self.is_open_to_group() || self.host == seat.number {
            Err(Refusal::ChairNotFree)
        } else if self.presenter == Some(seat.number) {
            Err(Refusal::Presenting)
        } else {
            self.check_reachable(seat)?;
            Ok(vec![EventKind::HandedOver { from: self.host, to: seat.number }])
        }
    }

    pub(super) fn offer_chair(&self, by: SeatNumber, to: Option<SeatNumber>) -> Answer {
        self.check_facilitates(by)?;
        if let Some(to) = to {
            let seat = self.seat(to).ok_or(Refusal::NoSuchSeat)?;
            self.check_reachable(seat)?;
            if self.presenter == Some(to) {
                return Err(Refusal::Presenting);
            }
            if seat.facilitator {
                return Err(Refusal::NotNow);
            }
            if self
                .presenter
                .is_none_or(|presenter| !self.seat(presenter).is_some_and(|seat| seat.facilitator))
            {
                return Err(Refusal::NotNow);
            }
        }
        Ok(if self.chair_asked == to { Vec::new() } else { vec![EventKind::ChairAsked { seat: to }] })
    }

    pub(super) fn answer_chair(&self, by: SeatNumber, accept: bool) -> Answer {
        if self.chair_asked != Some(by) {
            return Err(Refusal::NotYours);
        }
        Ok(vec![if accept {
            EventKind::ChairTaken { seat: by }
        } else {
            EventKind::ChairAsked { seat: None }
        }])
    }

    pub(super) fn ask_for_chair(&self, by: SeatNumber) -> Answer {
        if !self.seat(by).is_some_and(|seat| seat.facilitator) {
            return Err(Refusal::NotFacilitator);
        }
        if self.is_silent(by) {
            return Err(Refusal::Silent);
        }
        Ok(if self.stand_in.is_some() { vec![EventKind::ChairReturned {}] } else { Vec::new() })
    }

    pub(super) fn set_facilitator(&self, by: SeatNumber, number: SeatNumber, facilitator: bool) -> Answer {
        self.check_facilitates(by)?;
        let seat = self.seat(number).ok_or(Refusal::NoSuchSeat)?;
        if seat.facilitator == facilitator {
            return Ok(Vec::new());
        }
        if facilitator && !seat.has_device() {
            return Err(Refusal::NoDevice);
        }
        if facilitator && !seat.agreed {
            return Err(Refusal::NotAgreed);
        }
        let others = self
            .seats
            .values()
            .filter(|other| other.is_taken() && other.facilitator && other.number != number);
        if !facilitator && others.count() == 0 {
            return Err(Refusal::LastFacilitator);
        }
        Ok(vec![EventKind::FacilitatorSet { seat: number, facilitator }])
    }

    pub(super) fn set_role(&self, by: SeatNumber, number: SeatNumber, role: Option<Slug>) -> Answer {
        self.check_facilitates(by)?;
        let seat = self.seat(number).ok_or(Refusal::NoSuchSeat)?;
        if role.as_ref().is_some_and(|role| !self.plan_names(role)) {
            return Err(Refusal::NotNow);
        }
        Ok(if seat.role == role { Vec::new() } else { vec![EventKind::RoleSet { seat: number, role }] })
    }

    /// Whether a floor of the plan names this role.
    pub(super) fn plan_names(&self, role: &Slug) -> bool {
        let named = Role::Named(role.clone());
        self.plan.phases().iter().any(|phase| phase.floor.speakers.contains(&named))
    }

    pub(super) fn hand_over(&self, by: SeatNumber, to: SeatNumber) -> Answer {
        self.check_facilitates(by)?;
        let seat = self.seat(to).ok_or(Refusal::NoSuchSeat)?;
        if to == by {
            return Err(Refusal::NotNow);
        }
        self.check_reachable(seat)?;
        if self.is_silent(to) {
            return Err(Refusal::Presenting);
        }
        Ok(vec![EventKind::HandedOver { from: by, to }])
    }

    /// Who is here by a device of their own.
    pub fn connected(&self) -> impl Iterator<Item = SeatNumber> {
        self.seats.values().filter(|seat| seat.is_here() && seat.has_device()).map(|seat| seat.number)
    }

    /// That a person can be given the chair: here, by a device, and part of the group.
    fn check_reachable(&self, seat: &Seat) -> Result<(), Refusal> {
        if !seat.has_device() {
            Err(Refusal::NoDevice)
        } else if !seat.is_here() {
            Err(Refusal::Away)
        } else if !seat.agreed {
            Err(Refusal::NotAgreed)
        } else {
            Ok(())
        }
    }

    /// That `by` may free that seat. A stand-in may not put a facilitator out.
    fn check_frees(&self, by: SeatNumber, number: SeatNumber) -> Result<&Seat, Refusal> {
        self.check_steers(by)?;
        let seat = self.seat(number).ok_or(Refusal::NoSuchSeat)?;
        if number == by {
            return Err(Refusal::NotNow);
        }
        if seat.facilitator {
            self.check_facilitates(by)?;
        }
        Ok(seat)
    }

    pub(super) fn remove(&self, by: SeatNumber, seat: SeatNumber, invite: InviteChange) -> Answer {
        self.check_frees(by, seat)?;
        Ok(self.freed(seat, EventKind::Removed { seat, invite }))
    }

    pub(super) fn clear_seat(&self, by: SeatNumber, number: SeatNumber) -> Answer {
        let seat = self.check_frees(by, number)?;
        if seat.is_here() && seat.has_device() {
            return Err(Refusal::NotAway);
        }
        Ok(self.freed(number, EventKind::Cleared { seat: number }))
    }

    pub(super) fn add_person(&self, by: SeatNumber, now: Timestamp) -> Answer {
        self.check_steers(by)?;
        let seat = self.free_seat(now).ok_or(Refusal::Full)?;
        Ok(vec![EventKind::Added { seat }])
    }
}
