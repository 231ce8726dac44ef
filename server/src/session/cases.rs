//! Several cases in one session: another follows by arrangement, and who presents next is agreed between them.
//!
//! Between two cases the session is in its lobby again, as a visit of its own, so that nothing made for a case meets it.

use attune_protocol::client::Moment;
use attune_protocol::ids::{Millis, SeatNumber, Timestamp};
use attune_protocol::method::Plan;
use attune_protocol::server::Refusal;
use attune_protocol::view::{BetweenView, CaseRecord, MOST_CASES, PhaseRecord};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::commands::Answer;
use super::course::Visited;
use super::event::EventKind;
use super::{Session, Stage};

/// A case that another one followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PastCase {
    plan: Arc<Plan>,
    presenter: Option<SeatNumber>,
    pub(super) began_at: Timestamp,
    visited: BTreeMap<usize, Visited>,
}

impl PastCase {
    /// What the record keeps of it: times alone.
    pub(super) fn record(&self) -> CaseRecord {
        CaseRecord { plan: Arc::clone(&self.plan), phases: phase_records(&self.plan, &self.visited) }
    }
}

/// The phases that ran, with their times.
pub(super) fn phase_records(plan: &Plan, visited: &BTreeMap<usize, Visited>) -> Vec<PhaseRecord> {
    let record = |(&phase, visited): (&usize, &Visited)| PhaseRecord {
        phase,
        planned: plan.phases().get(phase).map_or(Millis(0), |planned| planned.length()),
        moved: visited.moved,
        actual: visited.actual,
    };
    visited.iter().map(record).collect()
}

impl Session {
    /// Whether a case runs or has run. Before, nothing has to be kept from anybody.
    pub(super) fn has_begun(&self) -> bool {
        !matches!(self.stage, Stage::Lobby { visit: 0 })
    }

    pub(super) fn is_between(&self) -> bool {
        matches!(self.stage, Stage::Lobby { visit } if visit > 0)
    }

    /// Whether what is under way belongs to those who have agreed.
    pub(super) fn is_private(&self) -> bool {
        matches!(self.stage, Stage::Running(_)) || self.is_between()
    }

    /// That no case runs, and that the act was made for this time between or before.
    pub(super) fn check_lobby(&self, moment: Moment) -> Result<(), Refusal> {
        match self.stage {
            Stage::Lobby { visit } if visit == moment.visit => Ok(()),
            Stage::Lobby { .. } | Stage::Running(_) | Stage::Closed(_) => {
                Err(Refusal::MovedOn { by: self.moved_by })
            }
        }
    }

    /// What comes after the last phase.
    pub(super) fn end_of_case(&self) -> EventKind {
        if self.another { EventKind::CaseEnded {} } else { EventKind::Closed {} }
    }

    pub(super) fn between_view(&self, visit: u32) -> Option<BetweenView> {
        (visit > 0).then(|| BetweenView {
            moment: Moment { visit, turn: 0 },
            cases: self.past.len(),
            presented: self.presented(),
        })
    }

    fn presented(&self) -> BTreeSet<SeatNumber> {
        self.past.iter().filter_map(|case| case.presenter).collect()
    }

    pub(super) fn arrange_case(&self, by: SeatNumber, moment: Moment, another: bool) -> Answer {
        self.check_steers(by)?;
        self.check_visit(moment)?;
        if another && self.past.len() + 1 >= MOST_CASES {
            return Err(Refusal::Enough);
        }
        Ok(if self.another == another { Vec::new() } else { vec![EventKind::CaseArranged { another }] })
    }

    pub(super) fn draw_presenter(&self, by: SeatNumber, moment: Moment, chance: u64) -> Answer {
        self.check_steers(by)?;
        self.check_lobby(moment)?;
        let presented = self.presented();
        let here: Vec<SeatNumber> = self
            .seats
            .values()
            .filter(|seat| seat.is_here() && seat.agreed)
            .map(|seat| seat.number)
            .collect();
        let new: Vec<SeatNumber> = here.iter().copied().filter(|seat| !presented.contains(seat)).collect();
        let among = if new.is_empty() { here } else { new };
        // Of so few, one comes up more often than another by less than one in 10^17.
        let index = chance.checked_rem(among.len() as u64).ok_or(Refusal::NotNow)?;
        let seat = usize::try_from(index).ok().and_then(|index| among.get(index)).ok_or(Refusal::NotNow)?;
        Ok(vec![EventKind::PresenterDrawn { seat: *seat }])
    }

    pub(super) fn choose_reserve(&self, by: SeatNumber, moment: Moment, seat: Option<SeatNumber>) -> Answer {
        self.check_steers(by)?;
        if let Some(chosen) = seat {
            if !self.seat(chosen).ok_or(Refusal::NoSuchSeat)?.agreed {
                return Err(Refusal::NotAgreed);
            }
            if self.presenter == seat {
                return Err(Refusal::Presenting);
            }
        }
        if self.course().is_some() {
            self.check_visit(moment)?;
        } else {
            self.check_lobby(moment)?;
        }
        Ok(if self.reserve == seat { Vec::new() } else { vec![EventKind::ReserveChosen { seat }] })
    }

    /// The case is over and the next is agreed on: what belonged to it ends, people and their agreement stay.
    pub(super) fn end_case(&mut self, at: Timestamp) {
        let Stage::Running(course) = &self.stage else { return };
        let case = PastCase {
            plan: Arc::clone(&self.plan),
            presenter: self.presenter,
            began_at: course.case_began_at,
            visited: course.visited_until(at),
        };
        Arc::make_mut(&mut self.past).push(case);
        self.visits += 1;
        self.stage = Stage::Lobby { visit: self.visits };
        (self.stand_in, self.chair_asked) = (None, None);
        self.pause_request = None;
        (self.presenter, self.drawn, self.reserve, self.another) = (None, false, None, false);
    }
}
