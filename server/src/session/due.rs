//! What comes by itself, and when: pauses and moves, and the ends of tokens and of the session.

use attune_protocol::ids::{Millis, Timestamp};

use super::course::Timing;
use super::event::{Entry, Event, EventKind, PauseCause};
use super::{LOBBY_LIFE, PAUSE_GRACE, Session, Stage, TOKENS_LIVE_AFTER_END};

/// Something that falls due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    pub(super) at: Timestamp,
    what: DueKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DueKind {
    /// Nobody answered a request for a pause.
    PauseUnanswered,
    /// A firm phase and its grace are over.
    PhaseOver,
}

impl Session {
    /// From when on no token opens it, once it is over.
    pub fn tokens_die_at(&self) -> Option<Timestamp> {
        match &self.stage {
            Stage::Closed(closing) => Some(closing.at + TOKENS_LIVE_AFTER_END),
            Stage::Lobby { .. } | Stage::Running(_) => None,
        }
    }

    /// When the server deletes it, unless somebody acts before.
    pub fn expires_at(&self) -> Timestamp {
        let retention = self.settings.retention;
        match &self.stage {
            Stage::Lobby { .. } if self.has_begun() => self.last_human_at + retention,
            Stage::Lobby { .. } => match self.planned_for {
                Some(day) => day.max(self.last_human_at) + retention,
                None => self.last_human_at + LOBBY_LIFE,
            },
            Stage::Running(course) => {
                // Nothing here moves with presence: a phone that comes and goes keeps no session.
                let phase_ends_at = match course.timing {
                    Timing::Running { ends_at } => ends_at,
                    Timing::Paused { remaining, since, .. } => since + remaining.max(Millis(0)),
                };
                let rest = self.plan.length_from(course.phase + 1);
                self.last_human_at.max(phase_ends_at + rest) + retention
            }
            Stage::Closed(closing) => self.last_human_at.max(closing.at) + retention,
        }
    }

    /// What falls due next. A pause comes before a move at the same moment. What was held up past its moment, by a
    /// pause or a missing presenter, comes as soon as nothing holds it: nothing is due before the newest event.
    pub(super) fn next_due(&self) -> Option<Due> {
        let course = self.course()?;
        let unanswered = self.pause_request.filter(|_| matches!(course.timing, Timing::Running { .. }));
        let pause = unanswered.map(|request| Due {
            at: (request.at + PAUSE_GRACE).max(self.newest_at),
            what: DueKind::PauseUnanswered,
        });
        let over = course
            .ends_by_itself_at()
            .filter(|_| !self.presenter_missing() && !self.next_lacks_presenter())
            .map(|at| Due { at: at.max(self.newest_at), what: DueKind::PhaseOver });
        match (pause, over) {
            (Some(pause), Some(over)) if over.at < pause.at => Some(over),
            (Some(pause), _) => Some(pause),
            (None, over) => over,
        }
    }

    /// The event of a due thing, stamped with the moment it was due.
    pub(super) fn due_event(&self, due: Due) -> Event {
        let what = match due.what {
            DueKind::PauseUnanswered => EventKind::Paused { cause: PauseCause::Needed },
            DueKind::PhaseOver => self.entry_after_current(Entry::Time).unwrap_or(self.end_of_case()),
        };
        Event { at: due.at, by: None, request: None, what }
    }

    /// Whether the phase after the current one needs a presenter and there is none.
    pub(super) fn next_lacks_presenter(&self) -> bool {
        let next = self.course().and_then(|course| self.plan.phases().get(course.phase + 1));
        self.presenter.is_none() && next.is_some_and(|phase| phase.presenter.needs_presenter())
    }

    /// The entry into the phase after the current one; `None` after the last.
    pub(super) fn entry_after_current(&self, how: Entry) -> Option<EventKind> {
        let phase = self.course()?.phase + 1;
        (phase < self.plan.phases().len()).then(|| EventKind::PhaseEntered {
            phase,
            how,
            length: self.length_on_entry(phase),
        })
    }
}
