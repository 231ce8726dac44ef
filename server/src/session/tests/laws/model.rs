//! A second, simpler account of a phase's time: sums over the log, without the core's arithmetic.

use attune_protocol::client::Extension;
use attune_protocol::method::Plan;
use attune_protocol::view::{ClosedView, PhaseRecord, RunningView, TimingView};
use std::collections::BTreeMap;

use super::super::super::{Entry, Event, EventKind};

const MINUTE: i64 = 60_000;

/// One entering of a phase. Times in milliseconds.
#[derive(Clone, Default)]
struct Visit {
    phase: usize,
    number: u32,
    began: i64,
    planned: i64,
    extended: i64,
    /// What extensions added besides, because they came after the end.
    shifted: i64,
    /// Over.
    pauses: i64,
    paused_since: Option<i64>,
}

impl Visit {
    fn ran(&self, now: i64) -> i64 {
        let pause = self.paused_since.map_or(0, |since| now - since);
        now - self.began - self.pauses - pause
    }

    fn whole(&self) -> i64 {
        self.planned + self.extended + self.shifted
    }
}

/// What can be taken back.
#[derive(Clone, Default)]
struct Course {
    visit: Option<Visit>,
    left: BTreeMap<usize, i64>,
    actual: BTreeMap<usize, i64>,
    /// When the session began.
    began: i64,
    /// Whole minutes that later phases have given.
    given: BTreeMap<usize, i64>,
    /// What each phase was given beside its plan when it ran, less what it gave.
    moved: BTreeMap<usize, i64>,
    /// What cases took that another one followed.
    earlier: Vec<BTreeMap<usize, i64>>,
}

/// The account of one session's log.
pub(super) struct Model {
    minutes: Vec<i64>,
    course: Course,
    /// The course before each event that changed it, by the revision that the event made.
    before: BTreeMap<u64, Course>,
    revision: u64,
    visits: u32,
    /// When somebody last undid a step, chose a presenter or resumed: what was held up may come at that very moment.
    held_until: i64,
}

impl Model {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            minutes: minutes_of(plan),
            course: Course::default(),
            before: BTreeMap::new(),
            revision: 1,
            visits: 0,
            held_until: i64::MIN,
        }
    }

    /// Takes an event in; tells what about it is wrong.
    pub(super) fn take(&mut self, event: &Event) -> Result<(), String> {
        self.revision += 1;
        let (at, before) = (event.at.0, self.course.clone());
        match &event.what {
            EventKind::PlanChanged { plan } => self.minutes = minutes_of(plan),
            EventKind::PhaseEntered { phase, how, length } => {
                self.check_own_end(event, *how == Entry::Time)?;
                self.enter(*phase, *how, at);
                let planned = self.course.visit.as_ref().map_or(0, |visit| visit.planned);
                if planned != length.0 {
                    return Err(format!("phase {phase} has {} instead of {planned}", length.0));
                }
            }
            EventKind::Closed {} => {
                self.check_own_end(event, event.by.is_none())?;
                self.leave(at);
            }
            EventKind::CaseEnded {} => {
                self.check_own_end(event, event.by.is_none())?;
                self.leave(at);
                let actual = std::mem::take(&mut self.course.actual);
                self.course.earlier.push(actual);
                self.course.left.clear();
                self.course.moved.clear();
                self.visits += 1;
            }
            EventKind::Undone { step } => {
                self.held_until = at;
                if let Some(before) = self.before.remove(&step.0) {
                    self.course = before;
                }
            }
            EventKind::PresenterChosen { .. } => self.held_until = at,
            what => {
                if matches!(what, EventKind::Resumed {}) {
                    self.held_until = at;
                }
                self.move_minutes(what, at)?;
                if let Some(visit) = &mut self.course.visit {
                    change(visit, what, at);
                }
            }
        }
        let changes = matches!(
            event.what,
            EventKind::PhaseEntered { .. }
                | EventKind::Closed {}
                | EventKind::CaseEnded {}
                | EventKind::Paused { .. }
                | EventKind::Extended { .. }
                | EventKind::Shortened { .. }
        );
        if changes {
            self.before.insert(self.revision, before);
        }
        Ok(())
    }

    fn enter(&mut self, phase: usize, how: Entry, at: i64) {
        self.leave(at);
        if matches!(how, Entry::Begin { .. } | Entry::NewPresenter) {
            self.course.left.clear();
            self.course.given.clear();
        }
        if matches!(how, Entry::Begin { .. }) {
            self.course.began = at;
        }
        let planned = self.coming(phase);
        let gave = self.course.given.get(&phase).copied().filter(|_| !self.course.left.contains_key(&phase));
        *self.course.moved.entry(phase).or_default() -= gave.unwrap_or(0) * MINUTE;
        self.visits += 1;
        let visit = Visit { phase, number: self.visits, began: at, planned, ..Visit::default() };
        self.course.visit = Some(visit);
    }

    /// How long a phase lasts when it is entered.
    fn coming(&self, phase: usize) -> i64 {
        let given = self.course.given.get(&phase).copied().unwrap_or(0);
        match self.course.left.get(&phase) {
            Some(&left) => left.max(5 * MINUTE),
            None => (self.minutes[phase] - given) * MINUTE,
        }
    }

    fn rest(&self, phase: usize) -> i64 {
        (phase + 1..self.minutes.len()).map(|later| self.coming(later)).sum()
    }

    /// Minutes that move are those of the act, none is lost, and they come evenly from phases that have them.
    fn move_minutes(&mut self, what: &EventKind, at: i64) -> Result<(), String> {
        let (taken, asked) = match what {
            EventKind::Extended { by, taken } => (taken, MINUTE * minutes_by(*by)),
            EventKind::Shortened { taken } => (taken, self.behind(at)),
            _ => return Ok(()),
        };
        let Some(visit) = &self.course.visit else { return Ok(()) };
        let (phase, extends) = (visit.phase, matches!(what, EventKind::Extended { .. }));
        if extends {
            *self.course.moved.entry(phase).or_default() += asked;
        }
        if taken.is_empty() {
            return if extends { Ok(()) } else { Err("shortened nothing".to_owned()) };
        }
        let spare = |later: usize| self.coming(later) / MINUTE - 1;
        let gives = |later: &usize| !self.course.left.contains_key(later);
        let from: Vec<usize> = match taken.as_slice() {
            [only] if extends => vec![only.phase],
            _ => (phase + 1..self.minutes.len()).filter(gives).collect(),
        };
        let gave = |later: usize| {
            taken.iter().filter(|t| t.phase == later).map(|t| i64::from(t.minutes)).sum::<i64>()
        };
        let whole: i64 = from.iter().map(|&later| spare(later)).sum();
        let sum: i64 = from.iter().map(|&later| gave(later)).sum();
        // To the nearest minute, as far as they have them.
        let far = (asked - sum * MINUTE).abs() * 2 <= MINUTE;
        let all = taken.iter().all(|t| from.contains(&t.phase) && t.minutes > 0);
        let even = from.iter().all(|&later| (gave(later) * whole - sum * spare(later)).abs() < whole.max(1));
        let some = !extends && sum == whole && sum * MINUTE < asked;
        if !all || !even || !(far || some) || from.iter().any(|&later| gave(later) > spare(later)) {
            return Err(format!("{taken:?} of {asked} ms is not evenly from {from:?}"));
        }
        for taken in taken {
            *self.course.given.entry(taken.phase).or_default() += i64::from(taken.minutes);
        }
        Ok(())
    }

    /// How much later than planned the session would end.
    fn behind(&self, at: i64) -> i64 {
        let Some(visit) = &self.course.visit else { return 0 };
        let left = (visit.whole() - visit.ran(at)).max(0);
        let planned: i64 = self.minutes.iter().map(|minutes| minutes * MINUTE).sum();
        at + left + self.rest(visit.phase) - self.course.began - planned
    }

    fn leave(&mut self, at: i64) {
        if let Some(visit) = self.course.visit.take() {
            self.course.left.insert(visit.phase, visit.whole() - visit.ran(at));
            *self.course.actual.entry(visit.phase).or_default() += visit.ran(at);
        }
    }

    /// A phase that ended by itself took its time and the grace, unless something held it up.
    fn check_own_end(&self, event: &Event, by_itself: bool) -> Result<(), String> {
        let Some(visit) = self.course.visit.as_ref().filter(|_| by_itself) else { return Ok(()) };
        let (ran, due) = (visit.ran(event.at.0), visit.whole() + 15_000);
        if ran == due || (ran > due && self.held_until == event.at.0) {
            return Ok(());
        }
        Err(format!("phase {} ended by itself after {ran} instead of {due}", visit.phase))
    }

    /// Compares the time of the phase under way.
    pub(super) fn check_running(&self, view: &RunningView) -> Result<(), String> {
        let Some(visit) = &self.course.visit else { return Err("runs, and should not".to_owned()) };
        let shown = (view.phase, view.moment.visit, view.began_at.0, view.length.0);
        let counted = (visit.phase, visit.number, visit.began, visit.whole());
        if shown != counted {
            return Err(format!("(phase, visit, began, length) is {shown:?} instead of {counted:?}"));
        }
        if view.rest.0 != self.rest(visit.phase) {
            return Err(format!("{} ms are to come instead of {}", view.rest.0, self.rest(visit.phase)));
        }
        let conserved = match (&view.timing, visit.paused_since) {
            (TimingView::Running { ends_at }, None) => {
                ends_at.0 - visit.began - visit.pauses == visit.whole()
            }
            (TimingView::Paused { remaining, since, .. }, Some(paused)) => {
                since.0 == paused && remaining.0 == visit.whole() - visit.ran(paused)
            }
            _ => false,
        };
        if conserved {
            return Ok(());
        }
        let (began, pauses, whole) = (visit.began, visit.pauses, visit.whole());
        Err(format!("{:?}, but it began {began}, stood {pauses} and has {whole}", view.timing))
    }

    /// Compares the record.
    pub(super) fn check_closed(&self, view: &ClosedView) -> Result<(), String> {
        let actual =
            |phases: &[PhaseRecord]| phases.iter().map(|phase| (phase.phase, phase.actual.0)).collect();
        let recorded: BTreeMap<usize, i64> = actual(&view.phases);
        let earlier: Vec<BTreeMap<usize, i64>> =
            view.earlier.iter().map(|case| actual(&case.phases)).collect();
        if recorded != self.course.actual || earlier != self.course.earlier {
            return Err(format!("the record has {recorded:?} instead of {:?}", self.course.actual));
        }
        let is_true = |record: &PhaseRecord| {
            let moved = self.course.moved.get(&record.phase).copied().unwrap_or(0);
            (record.planned.0, record.moved.0) == (self.minutes[record.phase] * MINUTE, moved)
        };
        if view.phases.iter().all(is_true) {
            return Ok(());
        }
        Err(format!("the record has {:?}, but {:?} was moved", view.phases, self.course.moved))
    }
}

fn change(visit: &mut Visit, what: &EventKind, at: i64) {
    match what {
        EventKind::Paused { .. } => visit.paused_since = visit.paused_since.or(Some(at)),
        EventKind::Resumed {} => visit.pauses += visit.paused_since.take().map_or(0, |since| at - since),
        EventKind::Extended { by, .. } => {
            visit.shifted += (visit.ran(at) - visit.whole()).max(0);
            visit.extended += MINUTE * minutes_by(*by);
        }
        _ => {}
    }
}

fn minutes_by(extension: Extension) -> i64 {
    if extension == Extension::One { 1 } else { 5 }
}

fn minutes_of(plan: &Plan) -> Vec<i64> {
    plan.phases().iter().map(|phase| i64::from(phase.minutes)).collect()
}
