//! Drivers: ways in which a server may wake while a script is played to a session, and the laws that hold on the way.

use attune_protocol::ids::{Millis, Timestamp};
use attune_protocol::method::Firmness;
use attune_protocol::view::TimingView;

use super::super::super::{Audience, Decision, Event, Input, Outcome};
use super::super::support::START;
use super::rights::running;
use super::script::Script;
use super::watch::{Broken, Watch};

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
        let (mine, theirs): (&[Event], &[Event]) = (&watched.watch.log, &other.watch.log);
        if (theirs, &other.outcomes) != (mine, &watched.outcomes) {
            let at = mine.iter().zip(theirs).take_while(|(a, b)| a == b).count();
            let (mine, theirs) = (mine.get(at), theirs.get(at));
            let why = format!("woken {waking:?}: event {at} is {theirs:?} instead of {mine:?}");
            watched.watch.broken.entry("TIME-20").or_insert(why);
        }
        watched.watch.broken.extend(other.watch.broken);
    }
    watched.watch.check_replay();
    watched.check_left_alone();
    watched.watch.broken
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
    watch: Watch,
    outcomes: Vec<Outcome>,
    now: Timestamp,
    /// Whether the laws are checked on the way.
    watches: bool,
}

impl Play {
    fn new(script: &Script, watches: bool) -> Self {
        let (session, first) = script.create();
        let watch = Watch::new(&script.plan, session, first);
        Self { watch, outcomes: Vec::new(), now: START, watches }
    }

    fn breaks(&mut self, law: &'static str, why: impl Into<String>) {
        self.watch.breaks(law, why);
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
        while let Some(due) = self.watch.session.deadline() {
            let wake = self.now.max(due + late(due));
            if wake > until {
                return;
            }
            self.now = wake;
            let before = self.watch.log.len();
            self.input(Input::Elapse);
            if self.watch.log.len() == before {
                return self.breaks("TIME-20", "a deadline brings nothing");
            }
        }
    }

    fn wake_too_often(&mut self, until: Timestamp) {
        let pace = Millis(((until - self.now).0 / 8).max(1));
        loop {
            let due = self.watch.session.deadline();
            let edges = due.into_iter().flat_map(|due| [due - Millis(1), due, due + Millis(1)]);
            let next = edges.filter(|&edge| edge > self.now).fold(self.now + pace, Timestamp::min);
            if next >= until {
                return;
            }
            self.now = next;
            let before = self.watch.log.len();
            // A clock that runs behind the newest event counts as that event's time.
            let counted = next.max(self.watch.session.newest_at());
            self.input(Input::Elapse);
            if self.watch.log.len() > before && due.is_none_or(|due| due > counted) {
                self.breaks("TIME-20", "something came before its deadline");
            }
        }
    }

    fn input(&mut self, input: Input) -> Outcome {
        let Decision { events, outcome } = self.watch.session.decide(input.clone(), self.now);
        if !self.watches {
            self.watch.apply(events);
            return outcome;
        }
        let (due, own) = self.watch.part(events, self.now);
        self.check_answer(&own, &outcome);
        self.watch.take(due, own, &input, self.now);
        if let (Outcome::Done, Input::Command { .. }) = (&outcome, &input) {
            self.watch.check_repeat(input);
        }
        outcome
    }

    fn check_answer(&mut self, own: &[Event], outcome: &Outcome) {
        if matches!(outcome, Outcome::Refused(_) | Outcome::TurnedAway(_)) && !own.is_empty() {
            self.breaks("STEER-13", format!("{outcome:?} has {own:?}"));
        }
    }

    /// A firm session that nobody touches ends, as soon as its time and graces are over.
    fn check_left_alone(&mut self) {
        let steps = self.watch.session.view(Audience::Steering).plan.phases().len() + 1;
        for _ in 0..=steps {
            match self.watch.session.deadline() {
                Some(due) => self.now = self.now.max(due),
                None => break,
            }
            self.input(Input::Elapse);
        }
        let view = self.watch.session.view(Audience::Steering);
        let Some(now) = running(&view) else { return };
        let waits = matches!(now.timing, TimingView::Paused { .. });
        let next = view.plan.phases().get(now.phase + 1);
        let lacks = view.presenter.is_none() && next.is_some_and(|phase| phase.presenter.needs_presenter());
        if (now.firm || view.plan.firmness() == Firmness::Firm) && !waits && !lacks {
            self.breaks("TIME-22", format!("left alone, it stays in phase {}", now.phase));
        }
        if self.watch.session.deadline().is_some() {
            self.breaks("TIME-22", format!("still wakes after {steps} steps"));
        }
    }
}
