//! Taking a step back within ten seconds.

use attune_protocol::ids::{Millis, Revision, SeatNumber, Timestamp};
use attune_protocol::method::Slug;
use attune_protocol::view::ActKind;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::course::Timing;
use super::event::{Entry, Event, EventKind, PauseCause};
use super::{Session, Stage};

/// How long a step can be taken back: a mis-click is noticed within seconds.
pub(super) const UNDO_WINDOW: Millis = Millis::seconds(10);

/// A step that can be taken back, and what was before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UndoStep {
    pub(super) step: Revision,
    pub(super) by: SeatNumber,
    pub(super) until: Timestamp,
    pub(super) what: ActKind,
    pub(super) before: Before,
}

/// What a step changed, as it was before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Before {
    /// The phase and its time, with whoever held the chair; `presenter_missing` when the step chose a new presenter.
    Course { stage: Box<Stage>, chair: Chair, presenter_missing: bool },
    /// A case that another one follows.
    Case { stage: Box<Stage>, chair: Chair, who: Who, another: bool },
    /// Who presents, with whoever was to hold the chair.
    Presenter { who: Who, chair: Chair },
    /// Who facilitates and who has which role.
    Roles(BTreeMap<SeatNumber, (bool, Option<Slug>)>),
}

/// Who presents, whether by chance, and who is named in case they cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Who {
    pub(super) presenter: Option<SeatNumber>,
    pub(super) drawn: bool,
    pub(super) reserve: Option<SeatNumber>,
}

/// Who holds the chair, and who is asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chair {
    pub(super) stand_in: Option<SeatNumber>,
    pub(super) asked: Option<SeatNumber>,
}

/// Something that steps change. A step can be taken back while nothing later changed the same thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thing {
    Course,
    Presenter,
    Roles,
}

impl Before {
    pub(super) fn thing(&self) -> Thing {
        match self {
            Self::Course { .. } | Self::Case { .. } => Thing::Course,
            Self::Presenter { .. } => Thing::Presenter,
            Self::Roles(_) => Thing::Roles,
        }
    }
}

impl Session {
    /// Keeps what a step is about to change, and forgets older steps that changed the same thing.
    pub(super) fn remember_before(&mut self, event: &Event) {
        if matches!(event.what, EventKind::PlanChanged { .. } | EventKind::ReserveChosen { .. })
            && matches!(self.stage, Stage::Lobby { .. })
        {
            self.forget_steps(Thing::Course);
        }
        let Some(before) = self.before(&event.what) else { return };
        self.forget_steps(before.thing());
        if matches!(event.what, EventKind::PhaseEntered { how: Entry::NewPresenter, .. }) {
            self.forget_steps(Thing::Presenter);
        }
        // The end of a case changes who presents, and whoever then says who presents or what comes goes on from it.
        let in_lobby = matches!(self.stage, Stage::Lobby { .. });
        match event.what {
            EventKind::CaseEnded {} => self.forget_steps(Thing::Presenter),
            EventKind::PresenterChosen { .. } | EventKind::PresenterDrawn { .. } if in_lobby => {
                self.forget_steps(Thing::Course);
            }
            _ => {}
        }
        let act = self.act(&event.what, event.by);
        if let (Some(by), Some(what)) = (event.by.filter(|by| is_undoable(&event.what, *by)), &act) {
            let until = event.at + UNDO_WINDOW;
            self.undo.push(UndoStep { step: self.revision, by, until, what: what.clone(), before });
        }
    }

    /// Empties a thing's slot: something later changed it.
    pub(super) fn forget_steps(&mut self, thing: Thing) {
        self.undo.retain(|step| step.before.thing() != thing);
    }

    /// What this fact changes, as it is before it.
    fn before(&self, what: &EventKind) -> Option<Before> {
        let course = |presenter_missing| Before::Course {
            stage: Box::new(self.stage.clone()),
            chair: self.chair(),
            presenter_missing,
        };
        match what {
            EventKind::PhaseEntered { how, .. } => Some(course(*how == Entry::NewPresenter)),
            EventKind::Paused { .. }
            | EventKind::Resumed {}
            | EventKind::Extended { .. }
            | EventKind::Shortened { .. }
            | EventKind::TurnEnded { .. }
            | EventKind::TurnPutOff { .. }
            | EventKind::RoundOrdered { .. }
            | EventKind::RoundStarted {}
            | EventKind::FloorOpened {}
            | EventKind::Closed {} => Some(course(false)),
            EventKind::CaseEnded {} => Some(Before::Case {
                stage: Box::new(self.stage.clone()),
                chair: self.chair(),
                who: self.who(),
                another: self.another,
            }),
            EventKind::PresenterChosen { .. } | EventKind::PresenterDrawn { .. } => {
                Some(Before::Presenter { who: self.who(), chair: self.chair() })
            }
            EventKind::FacilitatorSet { .. } | EventKind::RoleSet { .. } | EventKind::HandedOver { .. } => {
                let roles =
                    self.seats.values().map(|seat| (seat.number, (seat.facilitator, seat.role.clone())));
                Some(Before::Roles(roles.collect::<BTreeMap<_, _>>()))
            }
            _ => None,
        }
    }

    pub(super) fn restore(&mut self, step: Revision, event: &Event) {
        let Some(index) = self.undo.iter().position(|undo| undo.step == step) else { return };
        let taken_back = self.undo.remove(index);
        match taken_back.before {
            Before::Course { stage, chair, presenter_missing } => {
                let left = std::mem::replace(&mut self.stage, *stage);
                self.keep_said(left);
                self.restore_chair(chair);
                self.moved_by = event.by;
                if presenter_missing {
                    (self.presenter, self.drawn) = (None, false);
                }
                self.mend_round(event.at);
            }
            Before::Case { stage, chair, who, another } => {
                self.stage = *stage;
                Arc::make_mut(&mut self.past).pop();
                self.another = another;
                self.restore_who(who);
                self.restore_chair(chair);
                self.moved_by = event.by;
                self.mend_round(event.at);
            }
            Before::Presenter { who, chair } => {
                self.restore_who(who);
                self.restore_chair(chair);
            }
            Before::Roles(roles) => {
                for (seat, (facilitator, role)) in roles {
                    self.change_seat(seat, |seat| {
                        seat.facilitator = facilitator;
                        seat.role = role;
                    });
                }
            }
        }
        self.presenter = self.presenter.filter(|&seat| self.seat(seat).is_some());
        // Time that stands answers a request for a pause, and the lobby has none.
        let runs = self.course().is_some_and(|course| matches!(course.timing, Timing::Running { .. }));
        self.pause_request = self.pause_request.filter(|_| runs);
    }

    /// What people said of themselves in the visit that is restored stands: it is no step.
    fn keep_said(&mut self, left: Stage) {
        let Stage::Running(left) = left else { return };
        self.change_course(|course| {
            if course.visit == left.visit {
                course.presenter_finished |= left.presenter_finished;
                (course.hands, course.reminder) = (left.hands, left.reminder);
            }
        });
    }

    fn who(&self) -> Who {
        Who { presenter: self.presenter, drawn: self.drawn, reserve: self.reserve }
    }

    fn restore_who(&mut self, who: Who) {
        let taken = |seat: &SeatNumber| self.seat(*seat).is_some();
        let (presenter, reserve) = (who.presenter.filter(taken), who.reserve.filter(taken));
        (self.presenter, self.reserve) = (presenter, reserve);
        self.drawn = who.drawn && presenter.is_some();
    }

    fn chair(&self) -> Chair {
        Chair { stand_in: self.stand_in, asked: self.chair_asked }
    }

    fn restore_chair(&mut self, chair: Chair) {
        let taken = |seat: &SeatNumber| self.seat(*seat).is_some();
        (self.stand_in, self.chair_asked) = (chair.stand_in.filter(taken), chair.asked.filter(taken));
    }

    /// Keeps who holds the chair now, whatever is taken back later. Before the start the question of the chair
    /// belongs to the choice of the presenter and goes with it.
    pub(super) fn settle_chair(&mut self) {
        if matches!(self.stage, Stage::Running(_)) {
            let now = self.chair();
            for step in &mut self.undo {
                match &mut step.before {
                    Before::Course { chair, .. }
                    | Before::Case { chair, .. }
                    | Before::Presenter { chair, .. } => *chair = now,
                    Before::Roles(_) => {}
                }
            }
        }
    }
}

/// Whether a fact is a step that its doer can take back. Handing over is for good, but not what one took oneself.
fn is_undoable(what: &EventKind, by: SeatNumber) -> bool {
    let takes = matches!(what, EventKind::HandedOver { to, .. } if *to == by);
    takes
        || matches!(
            what,
            EventKind::PhaseEntered { .. }
                | EventKind::Paused { cause: PauseCause::Steered }
                | EventKind::Extended { .. }
                | EventKind::Shortened { .. }
                | EventKind::Closed {}
                | EventKind::CaseEnded {}
                | EventKind::PresenterChosen { .. }
                | EventKind::PresenterDrawn { .. }
                | EventKind::FacilitatorSet { .. }
                | EventKind::RoleSet { .. }
        )
}
