//! What whoever steers does with the phases and their time.

use attune_protocol::client::{Extension, MinutesFrom, Moment};
use attune_protocol::ids::{Millis, Revision, SeatNumber, Timestamp};
use attune_protocol::method::{FloorMode, LONGEST_PHASE_MINUTES, Plan};
use attune_protocol::server::Refusal;

use super::commands::Answer;
use super::course::{Course, Timing};
use super::event::{Entry, Event, EventKind, PauseCause};
use super::seat::Seat;
use super::undo::{Before, Thing, UndoStep};
use super::{Session, Stage};

impl Session {
    pub(super) fn begin(&self, by: SeatNumber, moment: Moment) -> Answer {
        self.check_steers(by)?;
        self.check_lobby(moment)?;
        if self.presenter.is_none() && self.plan.phases()[0].presenter.needs_presenter() {
            return Err(Refusal::NoPresenter);
        }
        let how = Entry::Begin { led_by_time: !self.has_chair_holder() };
        Ok(vec![EventKind::PhaseEntered { phase: 0, how, length: self.plan.phases()[0].length() }])
    }

    /// Whether somebody holds the time while the presenter is silent.
    pub(super) fn has_chair_holder(&self) -> bool {
        let leads = |seat: SeatNumber| {
            self.seat(seat)
                .is_some_and(|held| (held.facilitator && held.is_here()) || self.stand_in == Some(seat))
        };
        let presenting_facilitator =
            self.presenter.is_some_and(|seat| self.seat(seat).is_some_and(|s| s.facilitator));
        !presenting_facilitator || self.seats.keys().any(|&seat| Some(seat) != self.presenter && leads(seat))
    }

    pub(super) fn pause(&self, by: SeatNumber, moment: Moment) -> Answer {
        self.check_steers(by)?;
        let course = self.check_visit(moment)?;
        Ok(match course.timing {
            Timing::Running { .. } => vec![EventKind::Paused { cause: PauseCause::Steered }],
            Timing::Paused { .. } => Vec::new(),
        })
    }

    pub(super) fn resume(&self, by: SeatNumber, moment: Moment) -> Answer {
        let anyone = self.course().is_some_and(|course| match course.timing {
            Timing::Paused { cause, .. } => cause == PauseCause::Needed,
            Timing::Running { .. } => course.anyone_resumed,
        });
        if self.is_silent(by) && !(anyone && self.is_alone(by)) {
            return Err(Refusal::Silent);
        }
        if !anyone {
            self.check_steers(by)?;
        } else if !self.seat(by).is_some_and(|seat| seat.agreed) {
            return Err(Refusal::NotAgreed);
        }
        let course = self.check_visit(moment)?;
        if self.presenter_missing() {
            return Err(Refusal::NoPresenter);
        }
        Ok(match course.timing {
            Timing::Paused { .. } => vec![EventKind::Resumed {}],
            Timing::Running { .. } => Vec::new(),
        })
    }

    /// Whether nobody else is connected who has agreed.
    fn is_alone(&self, by: SeatNumber) -> bool {
        let is_other = |seat: &Seat| seat.number != by && seat.has_device() && seat.is_here() && seat.agreed;
        !self.seats.values().any(is_other)
    }

    pub(super) fn hear_pause(&self, by: SeatNumber) -> Answer {
        self.check_steers(by)?;
        Ok(if self.pause_request.is_some() { vec![EventKind::PauseHeard {}] } else { Vec::new() })
    }

    pub(super) fn extend(
        &self,
        by: SeatNumber,
        moment: Moment,
        length: Extension,
        source: Option<MinutesFrom>,
        now: Timestamp,
    ) -> Answer {
        self.check_steers(by)?;
        let course = self.check_visit(moment)?;
        if course.extended(now, length.length()) > Millis::minutes(i64::from(LONGEST_PHASE_MINUTES)) {
            return Err(Refusal::TooLong);
        }
        let taken = self.taken_for(course, length, source)?;
        Ok(vec![EventKind::Extended { by: length, taken }])
    }

    pub(super) fn move_on(&self, by: SeatNumber, moment: Moment) -> Answer {
        self.check_steers(by)?;
        self.check_visit(moment)?;
        if self.next_lacks_presenter() {
            return Err(Refusal::NoPresenter);
        }
        Ok(vec![self.entry_after_current(Entry::Next).unwrap_or(self.end_of_case())])
    }

    pub(super) fn go_back(&self, by: SeatNumber, moment: Moment) -> Answer {
        self.check_steers(by)?;
        let phase = self.check_visit(moment)?.phase.checked_sub(1).ok_or(Refusal::FirstPhase)?;
        if self.presenter.is_none() && self.plan.phases()[phase].presenter.needs_presenter() {
            return Err(Refusal::NoPresenter);
        }
        Ok(vec![EventKind::PhaseEntered { phase, how: Entry::Back, length: self.length_on_entry(phase) }])
    }

    pub(super) fn end(&self, by: SeatNumber, moment: Moment) -> Answer {
        self.check_steers(by)?;
        if self.course().is_some() {
            self.check_visit(moment)?;
        } else {
            self.check_lobby(moment)?;
        }
        Ok(vec![EventKind::Closed {}])
    }

    pub(super) fn take_back(&self, by: SeatNumber, step: Revision, now: Timestamp) -> Answer {
        let found = self.undo.iter().find(|undo| undo.step == step).ok_or(Refusal::CannotUndo)?;
        if found.by != by {
            return Err(Refusal::NotYours);
        }
        if now >= found.until {
            return Err(Refusal::CannotUndo);
        }
        if !self.still_steers(found) {
            return Err(Refusal::NotFacilitator);
        }
        if !self.can_restore(found) {
            return Err(Refusal::Presenting);
        }
        if !self.keeps_facilitator(found) {
            return Err(Refusal::LastFacilitator);
        }
        let mut events = vec![EventKind::Undone { step }];
        if self.needs_pause_without(step, by, now) {
            events.push(EventKind::Paused { cause: PauseCause::PresenterGone });
        }
        Ok(events)
    }

    /// Whether time would run in a phase that needs a presenter who has gone since the step.
    fn needs_pause_without(&self, step: Revision, by: SeatNumber, now: Timestamp) -> bool {
        let mut after = self.clone();
        after.apply(&Event { at: now, by: Some(by), request: None, what: EventKind::Undone { step } });
        let runs = after.course().is_some_and(|course| matches!(course.timing, Timing::Running { .. }));
        runs && after.presenter_missing()
    }

    /// Whether who did a step still has the right that they did it with. Whoever has handed over, or is a facilitator or
    /// stand-in no longer, moves nothing any more. A change of roles loses its slot with the right, but for one's own.
    pub(super) fn still_steers(&self, step: &UndoStep) -> bool {
        let facilitates = self.seat(step.by).is_some_and(|seat| seat.facilitator);
        facilitates
            || match &step.before {
                Before::Course { chair, .. }
                | Before::Case { chair, .. }
                | Before::Presenter { chair, .. } => chair.stand_in == Some(step.by),
                Before::Roles(_) => true,
            }
    }

    /// Whether what a step changed may change now: a presenter is not exchanged in the middle of a case.
    pub(super) fn can_restore(&self, step: &UndoStep) -> bool {
        step.before.thing() != Thing::Presenter
            || !self.course().is_some_and(|course| self.case_has_begun(course))
    }

    /// Whether somebody facilitates once a step is taken back: those from before it may have left meanwhile.
    pub(super) fn keeps_facilitator(&self, step: &UndoStep) -> bool {
        match &step.before {
            Before::Roles(roles) => {
                roles.iter().any(|(seat, (facilitator, _))| *facilitator && self.seat(*seat).is_some())
            }
            Before::Course { .. } | Before::Case { .. } | Before::Presenter { .. } => true,
        }
    }

    pub(super) fn choose_presenter(
        &self,
        by: SeatNumber,
        moment: Moment,
        seat: Option<SeatNumber>,
    ) -> Answer {
        self.check_steers(by)?;
        if let Some(chosen) = seat {
            let chosen = self.seat(chosen).ok_or(Refusal::NoSuchSeat)?;
            if !chosen.agreed {
                return Err(Refusal::NotAgreed);
            }
        }
        let Some(course) = self.course() else {
            self.check_lobby(moment)?;
            let unchanged = seat == self.presenter;
            return Ok(if unchanged { Vec::new() } else { vec![EventKind::PresenterChosen { seat }] });
        };
        self.check_visit(moment)?;
        if self.case_has_begun(course) && self.presenter.is_none() {
            let seat = seat.ok_or(Refusal::NoPresenter)?;
            let phase = self.first_phase_of_case();
            let length = self.plan.phases()[phase].length();
            let entered = EventKind::PhaseEntered { phase, how: Entry::NewPresenter, length };
            return Ok(vec![EventKind::PresenterChosen { seat: Some(seat) }, entered]);
        }
        if self.case_has_begun(course) {
            return Err(Refusal::Presenting);
        }
        Ok(if seat == self.presenter { Vec::new() } else { vec![EventKind::PresenterChosen { seat }] })
    }

    /// Whether a phase that needs the presenter runs or has run.
    pub(super) fn case_has_begun(&self, course: &Course) -> bool {
        let needs = |index: usize| self.plan.phases()[index].presenter.needs_presenter();
        needs(course.phase) || course.visited.keys().any(|&index| needs(index))
    }

    /// Where a new presenter starts: the first phase that needs one.
    fn first_phase_of_case(&self) -> usize {
        self.plan.phases().iter().position(|phase| phase.presenter.needs_presenter()).unwrap_or(0)
    }

    pub(super) fn go_to_review(&self, by: SeatNumber, moment: Moment) -> Answer {
        self.check_steers(by)?;
        let course = self.check_visit(moment)?;
        if !self.presenter_missing() {
            return Err(Refusal::NotNow);
        }
        let phase = self.review_after(course.phase).ok_or(Refusal::NotNow)?;
        Ok(vec![EventKind::PhaseEntered { phase, how: Entry::Review, length: self.length_on_entry(phase) }])
    }

    /// Where the group looks back once nobody presents: the last phase to come that needs no presenter and in which all
    /// may talk; only without one a round, such as the closing one.
    fn review_after(&self, now: usize) -> Option<usize> {
        let phases = self.plan.phases();
        let last = |mode: Option<FloorMode>| {
            phases.iter().rposition(|phase| {
                !phase.presenter.needs_presenter() && mode.is_none_or(|mode| phase.floor.mode == mode)
            })
        };
        [last(Some(FloorMode::Open)), last(None)].into_iter().flatten().find(|&phase| phase > now)
    }

    pub(super) fn change_plan(&self, by: SeatNumber, plan: Plan) -> Answer {
        self.check_steers(by)?;
        if !matches!(self.stage, Stage::Lobby { .. }) {
            return Err(Refusal::NotNow);
        }
        Ok(if plan == *self.plan { Vec::new() } else { vec![EventKind::PlanChanged { plan }] })
    }
}
