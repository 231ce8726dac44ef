//! A group that tests drive: seats by name, a clock that moves by arithmetic, commands with their answers.
//!
//! Every input is checked on the way: the log rebuilds the session, a refusal leaves no trace of its own, no time
//! runs backwards, and the silent presenter is never on the floor.

mod commands;
mod things;

use attune_protocol::client::{Command, Moment};
use attune_protocol::ids::{CommandId, Millis, Revision, SeatNumber, SecretHash, Timestamp};
use attune_protocol::method::Plan;
use attune_protocol::server::{CloseCode, Refusal};
use attune_protocol::view::{ClosedView, RoundView, RunningView, SessionView, StageView, TimingView};

use super::super::{Audience, Decision, Event, EventKind, Input, Outcome, Session, Settings};
pub(crate) use commands::*;
pub(crate) use things::*;

/// One session, its log and its time.
#[derive(Clone)]
pub(crate) struct Group {
    pub(crate) session: Session,
    pub(crate) log: Vec<Event>,
    pub(crate) now: Timestamp,
    commands: u128,
    browsers: u16,
}

impl Group {
    /// Ada alone in the lobby.
    pub(crate) fn alone(plan: Plan) -> Self {
        Self::with_settings(plan, settings())
    }

    pub(crate) fn with_settings(plan: Plan, settings: Settings) -> Self {
        Self::planned_for(plan, settings, None)
    }

    pub(crate) fn planned_for(plan: Plan, settings: Settings, day: Option<Timestamp>) -> Self {
        let (session, event) = Session::create(plan, invite(0), token(1), settings, day, START);
        Self { session, log: vec![event], now: START, commands: 0, browsers: 1 }
    }

    /// Ada and others, `size` in all, who have all agreed, in the lobby.
    pub(crate) fn of(size: u16, plan: Plan) -> Self {
        let mut group = Self::alone(plan);
        for _ in 1..size {
            group.join();
        }
        group
    }

    /// The default plan under way: of `size` people, Ben presents.
    pub(crate) fn running(size: u16, plan: Plan) -> Self {
        let mut group = Self::of(size, plan);
        group.done(ADA, choose(BEN));
        group.done(ADA, begin);
        group
    }

    /// The same, moved on to the phase with this id.
    pub(crate) fn running_in(phase: &str, size: u16, plan: Plan) -> Self {
        let mut group = Self::running(size, plan);
        while group.phase() != phase {
            group.done(ADA, next);
        }
        group
    }

    /// Decides and applies; answers what was decided.
    pub(crate) fn input(&mut self, input: Input) -> Decision {
        let decision = self.session.decide(input, self.now);
        if matches!(decision.outcome, Outcome::Refused(_) | Outcome::TurnedAway(_)) {
            let due = |event: &Event| event.by.is_none() && event.request.is_none();
            assert!(decision.events.iter().all(due), "a refusal writes nothing of its own");
        }
        for event in &decision.events {
            self.take(event);
        }
        let rebuilt = Session::rebuild(self.log.iter().cloned()).expect("a log with a beginning");
        assert_eq!(rebuilt, self.session, "the log rebuilds the session");
        decision
    }

    fn take(&mut self, event: &Event) {
        let newest = self.session.newest_at();
        assert!(event.at >= newest && event.at <= self.now.max(newest), "events stand in order");
        let text = serde_json::to_string(event).expect("writes");
        assert_eq!(
            &serde_json::from_str::<Event>(&text).expect("reads"),
            event,
            "an event survives the store"
        );
        self.session.apply(event);
        self.log.push(event.clone());
        assert_eq!(self.session.revision(), Revision(self.log.len() as u64));
        let floor = self.session.floor();
        if let (Some(presenter), true) = (self.session.presenter, self.presenter_is_silent()) {
            assert!(!floor.speakers.contains(&presenter), "the silent presenter is never on the floor");
        }
    }

    fn presenter_is_silent(&self) -> bool {
        self.session.position().is_some_and(|position| position.is_silent())
    }

    /// Gives a command for the moment under way.
    pub(crate) fn act(&mut self, seat: SeatNumber, command: impl FnOnce(Moment) -> Command) -> Decision {
        let command = command(self.moment());
        self.command(seat, command)
    }

    pub(crate) fn command(&mut self, seat: SeatNumber, command: Command) -> Decision {
        self.commands += 1;
        let request = self.request(self.commands);
        self.input(Input::Command { seat, request, command, chance: 0 })
    }

    /// The id of the command with this number, counted from 1.
    pub(crate) fn request(&self, number: u128) -> CommandId {
        CommandId(uuid::Uuid::from_u128(number))
    }

    /// The number of the last command.
    pub(crate) fn last_command(&self) -> u128 {
        self.commands
    }

    /// A command that is accepted; answers its facts, without what was due before it.
    pub(crate) fn done(
        &mut self,
        seat: SeatNumber,
        command: impl FnOnce(Moment) -> Command,
    ) -> Vec<EventKind> {
        let decision = self.act(seat, command);
        assert_eq!(decision.outcome, Outcome::Done);
        let own = |event: Event| event.request.is_some().then_some(event.what);
        decision.events.into_iter().filter_map(own).collect()
    }

    /// A command that is refused; answers why.
    pub(crate) fn refusal(&mut self, seat: SeatNumber, command: impl FnOnce(Moment) -> Command) -> Refusal {
        match self.act(seat, command).outcome {
            Outcome::Refused(why) => why,
            other => panic!("expected a refusal, got {other:?}"),
        }
    }

    /// A command that is accepted and changes nothing.
    pub(crate) fn nothing(&mut self, seat: SeatNumber, command: impl FnOnce(Moment) -> Command) {
        let before = self.log.len();
        let decision = self.act(seat, command);
        assert_eq!((decision.outcome, self.log.len()), (Outcome::Done, before));
    }

    /// Takes back the newest step of this person.
    pub(crate) fn undo(&mut self, seat: SeatNumber) {
        let step = self.step_of(seat);
        self.done(seat, undo(step));
    }

    /// The newest step that this person can take back.
    pub(crate) fn step_of(&self, seat: SeatNumber) -> Revision {
        let steps = self.view().undo;
        steps.iter().filter(|step| step.by == seat).map(|step| step.step).max().expect("a step to take back")
    }

    /// A new browser comes in by the link.
    pub(crate) fn enter(&mut self) -> SeatNumber {
        self.browsers += 1;
        match self.hello(self.browsers, Some(invite(0))) {
            Outcome::Entered(seat) => seat,
            other => panic!("expected a seat, got {other:?}"),
        }
    }

    /// A new browser comes in by the link and agrees.
    pub(crate) fn join(&mut self) -> SeatNumber {
        let seat = self.enter();
        self.done(seat, agree(seat));
        seat
    }

    /// The browser with this number says hello.
    pub(crate) fn hello(&mut self, browser: u16, invite: Option<SecretHash>) -> Outcome {
        self.input(Input::Enter { token: token(browser), invite }).outcome
    }

    /// The browser with this number is turned away.
    pub(crate) fn turned_away(&mut self, browser: u16, invite: Option<SecretHash>) -> CloseCode {
        match self.hello(browser, invite) {
            Outcome::TurnedAway(code) => code,
            other => panic!("expected to be turned away, got {other:?}"),
        }
    }

    /// A person drops.
    pub(crate) fn drop_out(&mut self, seat: SeatNumber) {
        self.input(Input::Away { seat });
    }

    /// A person who came in by the link is back; seats and browsers have the same numbers until one joins twice.
    pub(crate) fn come_back(&mut self, seat: SeatNumber) {
        assert_eq!(self.hello(seat.0, None), Outcome::Entered(seat));
    }

    /// The browser that once had the one seat is in the other one.
    pub(crate) fn come_back_by(&mut self, browser: SeatNumber, seat: SeatNumber) {
        assert_eq!(self.hello(browser.0, None), Outcome::Entered(seat));
    }

    /// The server stops, and starts again with the same log.
    pub(crate) fn restart(&mut self) {
        self.session = Session::rebuild(self.log.iter().cloned()).expect("a log with a beginning");
        self.input(Input::Reopen);
    }

    /// Time passes, and nobody looks.
    pub(crate) fn sleep(&mut self, length: Millis) {
        self.now = self.now + length;
    }

    /// Time passes, and the session wakes at each of its deadlines, as a server with an open room does.
    pub(crate) fn wait(&mut self, length: Millis) {
        let until = self.now + length;
        while self.session.deadline().is_some_and(|due| due <= until) {
            self.jump();
        }
        self.now = until;
    }

    /// To the next deadline; answers what came by itself.
    pub(crate) fn jump(&mut self) -> Vec<EventKind> {
        let due = self.session.deadline().expect("a deadline");
        self.now = self.now.max(due);
        let woken = self.input(Input::Elapse).events;
        assert!(!woken.is_empty(), "a deadline brings something");
        woken.into_iter().map(|event| event.what).collect()
    }

    /// As whoever steers sees it.
    pub(crate) fn view(&self) -> SessionView {
        self.session.view(Audience::Steering)
    }

    /// As this person sees it.
    pub(crate) fn view_of(&self, seat: SeatNumber) -> SessionView {
        self.session.view(self.session.audience(seat))
    }

    pub(crate) fn running_view(&self) -> RunningView {
        match self.view().stage {
            StageView::Running(running) => running,
            other => panic!("expected a running phase, got {other:?}"),
        }
    }

    pub(crate) fn closed_view(&self) -> ClosedView {
        match self.view().stage {
            StageView::Closed(closed) => closed,
            other => panic!("expected the end, got {other:?}"),
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        matches!(self.view().stage, StageView::Closed(_))
    }

    pub(crate) fn is_lobby(&self) -> bool {
        matches!(self.view().stage, StageView::Lobby { .. })
    }

    pub(crate) fn is_paused(&self) -> bool {
        matches!(self.running_view().timing, TimingView::Paused { .. })
    }

    /// The moment under way: zero in the first lobby and after the end.
    pub(crate) fn moment(&self) -> Moment {
        match self.view().stage {
            StageView::Running(running) => running.moment,
            StageView::Lobby { between: Some(between) } => between.moment,
            _ => Moment::default(),
        }
    }

    /// The id of the phase under way.
    pub(crate) fn phase(&self) -> String {
        let view = self.view();
        view.plan.phases()[self.running_view().phase].id.as_str().to_owned()
    }

    /// What is left now; negative once the phase runs over.
    pub(crate) fn left(&self) -> Millis {
        match self.running_view().timing {
            TimingView::Running { ends_at } => ends_at - self.now,
            TimingView::Paused { remaining, .. } => remaining,
        }
    }

    /// Who may speak now, in seat order.
    pub(crate) fn speakers(&self) -> Vec<SeatNumber> {
        self.session.floor().speakers.into_iter().collect()
    }

    pub(crate) fn round(&self) -> RoundView {
        self.running_view().round.expect("a phase with a round")
    }

    /// Whose turn it is, then who comes after.
    pub(crate) fn turns(&self) -> Vec<SeatNumber> {
        let round = self.round();
        round.speaker.into_iter().chain(round.next).collect()
    }
}
