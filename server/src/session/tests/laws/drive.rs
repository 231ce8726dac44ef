//! Drivers: ways in which a server may wake while a script is played to a session, and the laws that hold on the way.

use attune_protocol::ids::{Millis, Timestamp};
use attune_protocol::method::{Firmness, FloorMode};
use attune_protocol::view::{ChairView, FloorView, SessionView, StageView, TimingView};
use std::collections::{BTreeMap, BTreeSet};

use super::super::super::{Audience, Decision, Event, EventKind, Input, Outcome, Session};
use super::super::support::START;
use super::model::Model;
use super::rights::{overstep, running, steers, wrong_floor};
use super::script::{CANARY, Script};

/// Laws by SPEC id, with what broke them first.
pub(super) type Broken = BTreeMap<&'static str, String>;

/// Plays the script to every driver; answers the laws that do not hold.
pub(super) fn judge(script: &Script) -> Broken {
    let mut wakings = [Waking::AtDeadlines, Waking::ForCommandsOnly, Waking::TooOften, Waking::TooLate];
    // Each way of waking is watched in some scripts.
    wakings.rotate_left(script.steps.len() % 4);
    let mut watched = Play::new(script, true);
    watched.run(script, wakings[0]);
    for &waking in &wakings[1..] {
        let mut other = Play::new(script, false);
        other.run(script, waking);
        watched.broken.extend(other.broken);
        if (&other.log, &other.outcomes) != (&watched.log, &watched.outcomes) {
            let at = watched.log.iter().zip(&other.log).take_while(|(a, b)| a == b).count();
            let (mine, theirs) = (watched.log.get(at), other.log.get(at));
            let why = format!("woken {waking:?}: event {at} is {theirs:?} instead of {mine:?}");
            watched.broken.entry("TIME-20").or_insert(why);
        }
    }
    watched.check_replay();
    watched.check_left_alone();
    watched.broken
}

/// When a server wakes besides for what comes to it.
#[derive(Debug, Clone, Copy)]
enum Waking {
    AtDeadlines,
    ForCommandsOnly,
    /// Around deadlines by the millisecond, and in between.
    TooOften,
    TooLate,
}

/// A script being played.
struct Play {
    session: Session,
    log: Vec<Event>,
    outcomes: Vec<Outcome>,
    now: Timestamp,
    /// Whether the laws are checked on the way.
    watches: bool,
    model: Model,
    broken: Broken,
}

impl Play {
    fn new(script: &Script, watches: bool) -> Self {
        let (session, first) = script.create();
        Self {
            session,
            log: vec![first],
            outcomes: Vec::new(),
            now: START,
            watches,
            model: Model::new(&script.plan),
            broken: Broken::new(),
        }
    }

    fn breaks(&mut self, law: &'static str, why: impl Into<String>) {
        let (now, done) = (self.now.0 - START.0, self.outcomes.len());
        self.broken.entry(law).or_insert_with(|| format!("at {now} ms, step {done}: {}", why.into()));
    }

    fn run(&mut self, script: &Script, waking: Waking) {
        for (at, input) in &script.steps {
            match waking {
                Waking::AtDeadlines => self.wake_at_deadlines(*at, |_| Millis(0)),
                Waking::ForCommandsOnly => {}
                Waking::TooOften => self.wake_too_often(*at),
                Waking::TooLate => self.wake_at_deadlines(*at, |due| Millis(due.0 % 97 * 1_013)),
            }
            self.now = *at;
            let outcome = self.input(input.clone());
            self.outcomes.push(outcome);
        }
    }

    fn wake_at_deadlines(&mut self, until: Timestamp, late: impl Fn(Timestamp) -> Millis) {
        while let Some(due) = self.session.deadline() {
            let wake = self.now.max(due + late(due));
            if wake > until {
                return;
            }
            self.now = wake;
            let before = self.log.len();
            self.input(Input::Elapse);
            if self.log.len() == before {
                return self.breaks("TIME-20", "a deadline brings nothing");
            }
        }
    }

    fn wake_too_often(&mut self, until: Timestamp) {
        let pace = Millis(((until - self.now).0 / 8).max(1));
        loop {
            let due = self.session.deadline();
            let edges = due.into_iter().flat_map(|due| [due - Millis(1), due, due + Millis(1)]);
            let next = edges.filter(|&edge| edge > self.now).fold(self.now + pace, Timestamp::min);
            if next >= until {
                return;
            }
            self.now = next;
            let before = self.log.len();
            self.input(Input::Elapse);
            if self.log.len() > before && due.is_none_or(|due| due > next) {
                self.breaks("TIME-20", "something came before its deadline");
            }
        }
    }

    fn input(&mut self, input: Input) -> Outcome {
        if !self.watches {
            let Decision { events, outcome } = self.session.decide(input, self.now);
            self.apply(events);
            return outcome;
        }
        let due = self.session.decide(Input::Elapse, self.now).events;
        let Decision { events, outcome } = self.session.decide(input.clone(), self.now);
        if !events.starts_with(&due) {
            self.breaks("TIME-21", format!("{events:?} does not begin with what was due: {due:?}"));
        }
        let own = events.get(due.len()..).unwrap_or_default().to_vec();
        self.check_answer(&own, &outcome);
        self.apply_due(due);
        let before = self.session.clone();
        self.apply_watched(own.clone());
        self.check_change(&before, &own, &input);
        self.check_state();
        if let (Outcome::Done, Input::Command { .. }) = (&outcome, &input) {
            self.check_repeat(input);
        }
        outcome
    }

    fn apply(&mut self, events: Vec<Event>) {
        for event in events {
            self.session.apply(&event);
            self.log.push(event);
        }
    }

    fn apply_watched(&mut self, events: Vec<Event>) {
        for event in &events {
            if event.at < self.session.newest_at() || event.at > self.now.max(self.session.newest_at()) {
                self.breaks("TIME-19", format!("{event:?} is out of order"));
            }
            if let Err(why) = self.model.take(event) {
                self.breaks("TIME-18", why);
            }
        }
        self.apply(events);
    }

    /// What comes by itself belongs to the case, of which newcomers see nothing.
    fn apply_due(&mut self, due: Vec<Event>) {
        if due.is_empty() {
            return;
        }
        let before = self.session.view(Audience::Newcomers);
        self.apply_watched(due);
        let after = self.session.view(Audience::Newcomers);
        if matches!(after.stage, StageView::Newcomer {}) && before != after {
            self.breaks("VIEW-5", "newcomers see that the case goes on");
        }
    }

    fn check_answer(&mut self, own: &[Event], outcome: &Outcome) {
        if matches!(outcome, Outcome::Refused(_) | Outcome::TurnedAway(_)) && !own.is_empty() {
            self.breaks("STEER-13", format!("{outcome:?} has {own:?}"));
        }
    }

    /// The same act again.
    fn check_repeat(&mut self, input: Input) {
        let due = self.session.decide(Input::Elapse, self.now).events;
        let again = self.session.decide(input, self.now);
        if (&again.events, &again.outcome) != (&due, &Outcome::Done) {
            self.breaks("STEER-8", format!("again: {again:?}"));
        }
    }

    /// What one input changed, by who gave it and who sees it.
    fn check_change(&mut self, before: &Session, own: &[Event], input: &Input) {
        let (was, is) = (before.view(Audience::Steering), self.session.view(Audience::Steering));
        match input {
            Input::Command { seat, command, .. } => {
                if let Some(what) = overstep(&was, &is, *seat, command) {
                    self.breaks("STEER-3", format!("{seat:?} changed {what} by {command:?}"));
                }
            }
            _ if running(&was) != running(&is) => self.breaks("PRES-6", format!("{input:?} moved something")),
            _ => {}
        }
        let secret =
            |event: &Event| matches!(event.what, EventKind::PauseRequested { .. } | EventKind::PauseHeard {});
        if !own.is_empty() && own.iter().all(secret) {
            // The day of deletion moves with every act, and with time steps get too old to be taken back.
            let mut hidden = before.view(Audience::Members);
            hidden.expires_at = is.expires_at;
            hidden.undo.clone_from(&is.undo);
            if hidden != self.session.view(Audience::Members) {
                self.breaks("VIEW-5", "members see that a pause was asked for");
            }
        }
    }

    fn check_state(&mut self) {
        let view = self.session.view(Audience::Steering);
        let account = match &view.stage {
            StageView::Running(running) => self.model.check_running(running),
            StageView::Closed(closed) => self.model.check_closed(closed),
            StageView::Lobby {} | StageView::Newcomer {} => Ok(()),
        };
        if let Err(why) = account {
            self.breaks("TIME-17", why);
        }
        if let Some(why) = wrong_floor(&view) {
            self.breaks("FLOOR-3", why);
        }
        if let Some(due) = self.session.deadline().filter(|&due| due < self.now) {
            self.breaks("TIME-21", format!("{} ms late", (self.now - due).0));
        }
        self.check_audiences(&view);
    }

    fn check_audiences(&mut self, view: &SessionView) {
        let members = self.session.view(Audience::Members);
        let newcomers = self.session.view(Audience::Newcomers);
        if members != (SessionView { pause_request: None, ..view.clone() }) {
            self.breaks("VIEW-5", "members see something else than whoever steers, or a request for a pause");
        }
        if running(view).is_some() && newcomers != newcomers_view(view, &newcomers) {
            self.breaks("VIEW-5", format!("newcomers see {newcomers:?}"));
        }
        for seat in &view.seats {
            let expected = match () {
                () if !seat.agreed && running(view).is_some() => Audience::Newcomers,
                () if steers(view, seat.seat) => Audience::Steering,
                () => Audience::Members,
            };
            if self.session.audience(seat.seat) != expected {
                self.breaks("VIEW-1", format!("{:?} is not in {expected:?}", seat.seat));
            }
        }
        let written = serde_json::to_string(&(view, newcomers, self.session.history())).expect("writes");
        if written.contains(CANARY) {
            self.breaks("VIEW-5", "a secret or a sealed text stands in a view");
        }
    }

    /// The log alone, as a store keeps it, makes the same session.
    fn check_replay(&mut self) {
        let stored = serde_json::to_string(&self.log).expect("writes");
        let log: Vec<Event> = serde_json::from_str(&stored).expect("reads");
        if log != self.log {
            self.breaks("TIME-23", "an event does not survive the store");
        }
        if Session::rebuild(log).as_ref() != Some(&self.session) {
            self.breaks("TIME-23", "the log makes another session");
        }
    }

    /// A firm session that nobody touches ends, as soon as its time and graces are over.
    fn check_left_alone(&mut self) {
        let steps = self.session.view(Audience::Steering).plan.phases().len() + 1;
        for _ in 0..=steps {
            match self.session.deadline() {
                Some(due) => self.now = self.now.max(due),
                None => break,
            }
            self.input(Input::Elapse);
        }
        let view = self.session.view(Audience::Steering);
        let Some(now) = running(&view) else { return };
        let waits = matches!(now.timing, TimingView::Paused { .. });
        let next = view.plan.phases().get(now.phase + 1);
        let lacks = view.presenter.is_none() && next.is_some_and(|phase| phase.presenter.needs_presenter());
        if (now.firm || view.plan.firmness() == Firmness::Firm) && !waits && !lacks {
            self.breaks("TIME-22", format!("left alone, it stays in phase {}", now.phase));
        }
        if self.session.deadline().is_some() {
            self.breaks("TIME-22", format!("still wakes after {steps} steps"));
        }
    }
}

/// All that a newcomer may see while a case runs: the roster and the method.
fn newcomers_view(view: &SessionView, newcomers: &SessionView) -> SessionView {
    SessionView {
        stage: StageView::Newcomer {},
        presenter: None,
        chair: ChairView::default(),
        floor: FloorView { mode: FloorMode::None, speakers: BTreeSet::new() },
        expires_at: newcomers.expires_at,
        undo: Vec::new(),
        pause_request: None,
        ..view.clone()
    }
}
