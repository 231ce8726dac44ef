//! The session as an audience may see it.

use attune_protocol::client::Moment;
use attune_protocol::ids::{Revision, SeatNumber};
use attune_protocol::method::FloorMode;
use attune_protocol::server::{SealedName, Texts};
use attune_protocol::view::{
    Act, ChairView, ClosedView, FloorView, KeptPhase, PauseRequestView, RoundView, RunningView, SeatView,
    SessionView, StageView, TimingView, UndoView,
};
use std::collections::BTreeSet;
use std::sync::Arc;

use super::cases::{PastCase, phase_records};
use super::course::{Course, LEAST_FOR_MARK, Timing};
use super::event::PauseCause;
use super::round::Round;
use super::seat::{Presence, Seat};
use super::undo::UndoStep;
use super::{Audience, CHAIR_GRACE, Closing, Session, Stage};

impl Session {
    /// Which audience a seat belongs to now.
    pub fn audience(&self, number: SeatNumber) -> Audience {
        if !self.has_agreed(number) && (self.is_private() || matches!(self.stage, Stage::Closed(_))) {
            Audience::Newcomers
        } else if self.may_steer(number) {
            Audience::Steering
        } else {
            Audience::Members
        }
    }

    /// Whether whoever steers is shown more than the other members now.
    pub fn steering_sees_more(&self) -> bool {
        self.pause_request.is_some()
    }

    /// What this audience may see now.
    pub fn view(&self, audience: Audience) -> SessionView {
        let running = matches!(self.stage, Stage::Running(_));
        let newcomer = audience == Audience::Newcomers && self.is_private();
        let nobody = FloorView { mode: FloorMode::None, speakers: BTreeSet::new() };
        let request = self.pause_request.filter(|_| audience == Audience::Steering && running);
        SessionView {
            plan: Arc::clone(&self.plan),
            stage: if newcomer { StageView::Newcomer {} } else { self.stage_view() },
            seats: self
                .seats
                .values()
                .filter(|seat| seat.is_taken())
                .map(|seat| self.seat_view(seat))
                .collect(),
            seat_limit: self.settings.seat_limit,
            door: self.door,
            unused_links: Some(self.unused.len()).filter(|&unused| unused > 0 && !newcomer),
            display: self.display_link_view().filter(|_| !newcomer),
            planned_for: self.planned_for.filter(|_| !self.has_begun()),
            presenter: self.presenter.filter(|_| !newcomer),
            drawn: self.drawn && !newcomer,
            reserve: self.reserve.filter(|_| !newcomer),
            chair: if newcomer { ChairView::default() } else { self.chair_view() },
            floor: if newcomer { nobody } else { self.floor() },
            // Newcomers get the least it can be: the true one tells how long the case still runs.
            expires_at: if newcomer {
                self.last_human_at + self.settings.retention
            } else {
                self.expires_at()
            },
            undo: if newcomer { Vec::new() } else { self.undo_view() },
            reminder: self.course().filter(|_| !newcomer).and_then(|course| course.reminder),
            anyone_reminds: self.anyone_reminds && !newcomer,
            pause_request: request.map(|request| PauseRequestView { by: request.by, at: request.at }),
        }
    }

    /// All sealed texts, as members open them.
    pub fn texts(&self) -> Texts {
        let name = |seat: &Seat| Some(SealedName { seat: seat.number, name: seat.name.clone()? });
        Texts {
            names: self.seats.values().filter_map(name).collect(),
            invite: self.sealed_invite.clone(),
            agreement: self.agreement.clone(),
            display: self.display.as_ref().map(|link| link.sealed.clone()),
            thanks: self.ending.group_thanks(),
        }
    }

    /// The event that last changed a sealed text.
    pub fn texts_from(&self) -> Revision {
        self.texts_from
    }

    /// Who steered, oldest first.
    pub fn history(&self) -> Vec<Act> {
        self.acts.iter().cloned().collect()
    }

    fn seat_view(&self, seat: &Seat) -> SeatView {
        SeatView {
            seat: seat.number,
            facilitator: seat.facilitator,
            role: seat.role.clone(),
            away_since: seat.away_since(),
            agreed: seat.agreed,
            asked_again: self.asks_again(seat),
            device: seat.has_device(),
            joined_at: seat.joined_at,
            offers: seat.offers,
        }
    }

    fn stage_view(&self) -> StageView {
        match &self.stage {
            Stage::Lobby { visit } => StageView::Lobby { between: self.between_view(*visit) },
            Stage::Running(course) => StageView::Running(self.running_view(course)),
            Stage::Closed(closing) => StageView::Closed(self.closed_view(closing)),
        }
    }

    fn running_view(&self, course: &Course) -> RunningView {
        RunningView {
            moment: Moment { visit: course.visit, turn: course.turn },
            phase: course.phase,
            timing: match course.timing {
                Timing::Running { ends_at } => TimingView::Running { ends_at },
                Timing::Paused { remaining, since, cause } => {
                    let anyone_resumes = cause == PauseCause::Needed;
                    TimingView::Paused { remaining, since, anyone_resumes }
                }
            },
            began_at: course.began_at,
            length: course.length,
            marks_two_minutes: self.length_now(course.phase) >= LEAST_FOR_MARK,
            rest: self.rest(course),
            minutes: self.minutes_view(course),
            kept: self.kept_view(course),
            firm: course.firm,
            round: course.round.as_ref().map(|round| round_view(round, course.timing)),
            hands: self.hands(),
            presenter_finished: course.presenter_finished,
            presenter_missing: self.presenter_missing(),
            case: Some(self.past.len() + 1).filter(|&case| case > 1),
            another: self.another,
        }
    }

    pub(super) fn minutes_view(&self, course: &Course) -> Vec<u16> {
        if course.given.is_empty() {
            return Vec::new();
        }
        (0..self.plan.phases().len()).map(|phase| self.minutes_now(phase)).collect()
    }

    fn kept_view(&self, course: &Course) -> Vec<KeptPhase> {
        let kept = |phase| self.kept(phase).map(|length| KeptPhase { phase, length });
        self.later(course).filter_map(kept).collect()
    }

    fn closed_view(&self, closing: &Closing) -> ClosedView {
        let last = closing.case.as_ref().map(|course| (course.case_began_at, &course.visited));
        let first = self.past.first().map(|case| case.began_at);
        let Some(began_at) = first.or(last.map(|(began_at, _)| began_at)) else {
            return ClosedView {
                began_at: closing.at,
                closed_at: closing.at,
                earlier: Vec::new(),
                phases: Vec::new(),
                attendance: Vec::new(),
                open_until: None,
                found: None,
            };
        };
        let attended = |seat: &&Seat| {
            let until = match seat.presence {
                Presence::Here => closing.at,
                Presence::Away(since) | Presence::Gone(since, _) => since,
            };
            seat.agreed && until >= began_at
        };
        ClosedView {
            began_at,
            closed_at: closing.at,
            earlier: self.past.iter().map(PastCase::record).collect(),
            phases: last.map(|(_, visited)| phase_records(&self.plan, visited)).unwrap_or_default(),
            attendance: self.seats.values().filter(attended).map(|seat| seat.number).collect(),
            open_until: self.ending_until(),
            found: self.ending.found(),
        }
    }

    fn chair_view(&self) -> ChairView {
        let open = matches!(self.stage, Stage::Running(_)) || self.is_between();
        let free_at = self.unled_since.filter(|_| open).map(|since| since + CHAIR_GRACE);
        let open_to_group = self.is_open_to_group();
        ChairView { stand_in: self.stand_in, asked: self.chair_asked, free_at, open_to_group }
    }

    fn undo_view(&self) -> Vec<UndoView> {
        let view = |step: &UndoStep| UndoView {
            step: step.step,
            by: step.by,
            until: step.until,
            what: step.what.clone(),
        };
        let possible = |step: &&UndoStep| {
            self.still_steers(step) && self.can_restore(step) && self.keeps_facilitator(step)
        };
        self.undo.iter().filter(possible).map(view).collect()
    }
}

fn round_view(round: &Round, timing: Timing) -> RoundView {
    let runs = matches!(timing, Timing::Running { .. });
    RoundView {
        speaker: round.speaker(),
        next: round.next().collect(),
        done: round.done().to_vec(),
        later: round.later().clone(),
        around: Some(round.around()).filter(|&around| around > 1),
        turn_ends_at: round.turn_ends_at().filter(|_| runs),
    }
}
