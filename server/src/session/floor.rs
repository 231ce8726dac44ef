//! Who may speak now, and who may steer.

use attune_protocol::ids::SeatNumber;
use attune_protocol::method::{FloorMode, PlanPhase, Position, Role};
use attune_protocol::view::FloorView;
use std::collections::BTreeSet;

use super::round::Round;
use super::seat::Seat;
use super::{Session, Stage};

impl Session {
    /// Who may speak now: the single source for the screens and for a voice gate.
    pub fn floor(&self) -> FloorView {
        match &self.stage {
            Stage::Lobby { .. } | Stage::Closed(_) => {
                let everyone = self.seats.values().filter(|seat| seat.is_taken() && seat.agreed);
                FloorView { mode: FloorMode::Open, speakers: everyone.map(|seat| seat.number).collect() }
            }
            Stage::Running(course) => {
                let phase = &self.plan.phases()[course.phase];
                self.quiet_floor().unwrap_or_else(|| self.running_floor(phase, course.round.as_ref()))
            }
        }
    }

    /// The floor of a silence that is held because the talk of the phase ended early: nobody's, or that of the presenter
    /// alone, who may add to what they told.
    fn quiet_floor(&self) -> Option<FloorView> {
        let course = self.course()?;
        let phase = &self.plan.phases()[course.phase];
        let is_over = course.round.as_ref().is_some_and(Round::is_over);
        match (phase.floor.mode, self.presenter) {
            _ if !phase.hold_silence => None,
            (FloorMode::Round, _) if is_over => {
                Some(FloorView { mode: FloorMode::None, speakers: BTreeSet::new() })
            }
            (FloorMode::Single, Some(presenter)) if course.presenter_finished => {
                Some(FloorView { mode: FloorMode::Single, speakers: BTreeSet::from([presenter]) })
            }
            _ => None,
        }
    }

    /// Whether a silence is held because the talk of the phase ended early.
    pub(super) fn holds_silence(&self) -> bool {
        self.quiet_floor().is_some()
    }

    fn running_floor(&self, phase: &PlanPhase, round: Option<&Round>) -> FloorView {
        let speaker = round.and_then(Round::speaker);
        let mode = match phase.floor.mode {
            FloorMode::Round if speaker.is_none() => FloorMode::Open,
            mode => mode,
        };
        if mode == FloorMode::None {
            return FloorView { mode, speakers: BTreeSet::new() };
        }
        let speaks = |seat: &&Seat| {
            let by_turn = match speaker {
                Some(speaker) => seat.number == speaker || self.answers_throughout(seat, phase),
                None => self.has_floor_role(seat, phase),
            };
            seat.is_taken() && seat.agreed && !self.is_silent(seat.number) && (by_turn || self.leads(seat))
        };
        FloorView { mode, speakers: self.seats.values().filter(speaks).map(|seat| seat.number).collect() }
    }

    /// The order of a round that begins now.
    pub(super) fn round_order(&self, phase: &PlanPhase) -> Vec<SeatNumber> {
        let first = self.presenter.filter(|_| phase.presenter == Position::Responding);
        let takes_turn = |seat: &&Seat| Some(seat.number) == first || self.takes_turn(seat, phase);
        let mut order: Vec<&Seat> = self.seats.values().filter(takes_turn).collect();
        // Facilitators last: the group's thoughts come before those of whoever holds the time.
        order.sort_by_key(|seat| (Some(seat.number) != first, seat.facilitator, seat.number));
        order.into_iter().filter(|seat| seat.agreed).map(|seat| seat.number).collect()
    }

    /// Whether this person gets a turn in a round of this phase.
    pub(super) fn takes_turn(&self, seat: &Seat, phase: &PlanPhase) -> bool {
        seat.is_taken()
            && seat.agreed
            && !(phase.presenter.is_silent() && self.presenter == Some(seat.number))
            && !self.answers_throughout(seat, phase)
            && self.has_floor_role(seat, phase)
    }

    fn answers_throughout(&self, seat: &Seat, phase: &PlanPhase) -> bool {
        phase.presenter == Position::Answering
            && self.presenter == Some(seat.number)
            && phase.floor.speakers.contains(&Role::Presenter)
    }

    /// Whether the phase's floor names one of this person's roles.
    pub(super) fn has_floor_role(&self, seat: &Seat, phase: &PlanPhase) -> bool {
        let presents = self.presenter == Some(seat.number);
        phase.floor.speakers.iter().any(|role| match role {
            Role::Presenter => presents,
            Role::Facilitator => seat.facilitator && !presents,
            Role::Member => !seat.facilitator && !presents && !self.has_named_role(seat),
            Role::Named(name) => seat.role.as_ref() == Some(name) && !presents,
        })
    }

    /// Whether this person has a role that the plan names. One from a former plan counts for nothing.
    fn has_named_role(&self, seat: &Seat) -> bool {
        seat.role.as_ref().is_some_and(|role| self.plan_names(role))
    }

    /// Whether this person holds the time: a facilitator, or the stand-in.
    fn leads(&self, seat: &Seat) -> bool {
        seat.facilitator || self.stand_in == Some(seat.number)
    }

    /// Whether this person is the presenter in a silent position.
    pub(super) fn is_silent(&self, seat: SeatNumber) -> bool {
        self.presenter == Some(seat) && self.position().is_some_and(Position::is_silent)
    }

    /// What the presenter does now.
    pub(super) fn position(&self) -> Option<Position> {
        self.course().map(|course| self.plan.phases()[course.phase].presenter)
    }

    /// Whether the phase needs a presenter and has none.
    pub(super) fn presenter_missing(&self) -> bool {
        self.presenter.is_none() && self.position().is_some_and(Position::needs_presenter)
    }

    /// Whether this person may steer now. While a stand-in holds the chair, nobody else does.
    pub(super) fn may_steer(&self, number: SeatNumber) -> bool {
        let Some(seat) = self.seat(number) else { return false };
        match (&self.stage, self.stand_in) {
            (Stage::Running(_), Some(stand_in)) => number == stand_in && !self.is_silent(number),
            _ => seat.facilitator && !self.is_silent(number),
        }
    }

    /// Whether somebody connected steers, or could by one tap. A case that the time leads by choice counts as led
    /// while its presenting facilitator is connected.
    pub(super) fn is_led(&self) -> bool {
        let by_choice = self.course().is_some_and(|course| course.led_by_time);
        self.seats.values().filter(|seat| seat.is_here()).any(|seat| {
            self.may_steer(seat.number) || (seat.facilitator && (by_choice || !self.is_silent(seat.number)))
        })
    }
}
