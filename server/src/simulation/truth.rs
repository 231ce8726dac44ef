//! What is true of each session: its log as the disk has it, what was told of it, and what of that is wrong.

use attune_protocol::client::Command;
use attune_protocol::display::{DisplayStage, DisplayView};
use attune_protocol::ids::{CommandId, Millis, Revision, SeatNumber, SessionId, Timestamp};
use attune_protocol::server::{Refusal, ServerMessage};
use attune_protocol::view::{SessionView, StageView};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use super::disk::{Asked, Note};
use crate::session::tests::laws::watch::Watch;
use crate::session::{Audience, Decision, Event, EventKind, Input, Outcome, Session};

/// States that are remembered of each session: a slow reader may be shown one of some seconds ago.
const REMEMBERED: usize = 64;

/// A call to the store that takes longer is a disturbance.
const LONG_CALL: Millis = Millis::seconds(1);

/// Past so many failed calls about one session within [`FAILURES_WITHIN`], the store is asked by no person's hand.
const MOST_FAILURES: usize = 150;
const FAILURES_WITHIN: Millis = Millis::seconds(10);

/// A rule of the SPEC that did not hold, and how.
pub(super) type Fault = (&'static str, String);

/// One session as it truly is.
pub(super) struct Truth {
    watch: Watch,
    /// The newest states, oldest first.
    states: VecDeque<Rc<Session>>,
    /// Messages that were compared already, and with which state.
    compared: VecDeque<(Revision, Audience, Rc<ServerMessage>)>,
    /// Acts that the server has said to hold, and that stand in the log.
    accepted: BTreeSet<(SeatNumber, CommandId)>,
    pub(super) is_forgotten: bool,
    /// Calls to the store that have begun and not ended, and since when.
    pending: i32,
    pending_since: Timestamp,
    /// When the store last failed in something about it, or ended a long call.
    disturbed_at: Timestamp,
    pub(super) changed_at: Timestamp,
    /// When calls about it have failed lately.
    failures: VecDeque<Timestamp>,
}

impl Truth {
    /// The newest state.
    pub(super) fn session(&self) -> &Session {
        &self.watch.session
    }

    /// Whether the store is at rest about it since `length`.
    pub(super) fn is_calm(&self, now: Timestamp, length: Millis) -> bool {
        self.pending == 0 && self.disturbed_at + length <= now
    }

    fn count_failure(&mut self, now: Timestamp) {
        self.disturbed_at = now;
        self.failures.push_back(now);
        self.failures.retain(|&at| now < at + FAILURES_WITHIN);
    }

    fn count_call(&mut self, change: i32, now: Timestamp) {
        if self.pending == 0 {
            self.pending_since = now;
        }
        self.pending += change;
        if self.pending == 0 && self.pending_since + LONG_CALL < now {
            self.disturbed_at = now;
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_forgotten || self.session().tokens_die_at().is_some()
    }

    fn at(&self, revision: Revision) -> Option<&Rc<Session>> {
        self.states.iter().rev().find(|state| state.revision() == revision)
    }

    fn remember(&mut self) {
        if self.states.len() == REMEMBERED {
            self.states.pop_front();
        }
        self.states.push_back(Rc::new(self.watch.session.clone()));
    }

    /// Takes in what the disk has stored, and checks the laws of the core on it.
    fn store(&mut self, after: Revision, events: Vec<Event>, asked: Option<&Asked>) -> Result<(), Fault> {
        if after != self.session().revision() {
            return Err(("KEEP-4", format!("stored after {after:?} of {:?}", self.session().revision())));
        }
        let Some(last) = events.last() else { return Ok(()) };
        let (now, named) = (last.at, last.by.zip(last.request));
        let input = match (named, asked) {
            (Some((seat, request)), Some((by, _, command))) if *by == seat => {
                if self.session().has_applied(seat, request) {
                    return Err(("STEER-8", format!("{command:?} is stored twice")));
                }
                Input::Command { seat, request, command: command.clone(), chance: 0 }
            }
            (Some(_), _) => return Err(("STEER-3", format!("nobody asked for {events:?}"))),
            (None, _) => Input::Elapse,
        };
        let (due, mut own) = self.watch.part(events, now);
        // Who is here is stored with the next decision, and before it.
        if named.is_some() {
            let of_presence = own.iter().take_while(|event| is_of_presence(event)).count();
            let decided = own.split_off(of_presence);
            self.watch.take(due, own, &Input::Elapse, now);
            let (due, decided) = self.watch.part(decided, now);
            self.watch.take(due, decided, &input, now);
        } else {
            self.watch.take(due, own, &input, now);
        }
        if named.is_some() {
            self.watch.check_repeat(input);
        }
        self.remember();
        self.broken()
    }

    fn broken(&mut self) -> Result<(), Fault> {
        self.watch.broken.pop_first().map_or(Ok(()), Err)
    }

    /// What a seat is shown at a revision.
    fn compare_view(
        &mut self,
        seat: SeatNumber,
        revision: Revision,
        view: &SessionView,
        message: &Rc<ServerMessage>,
    ) -> Result<(), Fault> {
        let Some(state) = self.at(revision) else {
            let newest = self.session().revision();
            let is_old = self.states.front().is_some_and(|oldest| revision < oldest.revision());
            let why = format!("{revision:?} was told while {newest:?} is stored");
            return if is_old { Ok(()) } else { Err(("VIEW-11", why)) };
        };
        let audience = state.audience(seat);
        let is_known = |(at, to, what): &(Revision, Audience, Rc<ServerMessage>)| {
            (*at, *to) == (revision, audience) && Rc::ptr_eq(what, message)
        };
        if self.compared.iter().any(is_known) {
            return Ok(());
        }
        let is_true = state.view(audience) == *view;
        if self.compared.len() == 16 {
            self.compared.pop_front();
        }
        self.compared.push_back((revision, audience, Rc::clone(message)));
        let why = || format!("{seat:?} of {audience:?} was told {view:?} at {revision:?}");
        if is_true { Ok(()) } else { Err(("SIM-4", why())) }
    }

    /// Texts are sent: not to newcomers, and none that are not stored.
    fn compare_texts(&self, seat: SeatNumber, revision: Revision) -> Result<(), Fault> {
        if self.at(revision).is_some() && self.session().audience(seat) == Audience::Newcomers {
            return Err(("JOIN-3", "a newcomer was sent texts".to_owned()));
        }
        let is_stored = revision <= self.session().revision();
        if is_stored {
            Ok(())
        } else {
            Err(("VIEW-11", format!("texts of {revision:?}, which is not stored")))
        }
    }

    /// An act is said to hold: it does, in what is stored.
    fn compare_answer(&mut self, asked: &Asked, revision: Revision, now: Timestamp) -> Result<(), Fault> {
        let (seat, request, command) = asked;
        if self.session().has_applied(*seat, *request) {
            self.accepted.insert((*seat, *request));
            return Ok(());
        }
        let Some(state) = self.at(revision) else {
            return Err(("SIM-5", format!("{command:?} was accepted at {revision:?}, which is not stored")));
        };
        let input = Input::Command { seat: *seat, request: *request, command: command.clone(), chance: 0 };
        let decision = state.decide(input, now);
        let holds = decision.events.iter().all(|event| event.request.is_none());
        if (holds, &decision.outcome) == (true, &Outcome::Done) {
            return Ok(());
        }
        let Decision { outcome, events } = decision;
        let why = format!(
            "{command:?} of {seat:?} was accepted at {revision:?} and is not stored, where {outcome:?}"
        );
        Err(("SIM-5", format!("{why} would be right, with {events:?}")))
    }
}

/// All sessions.
#[derive(Default)]
pub(super) struct Truths {
    sessions: BTreeMap<SessionId, Truth>,
    /// Every act that anybody asked for, in any session.
    asked: BTreeMap<CommandId, Asked>,
}

impl Truths {
    pub(super) fn get(&self, session: SessionId) -> Option<&Truth> {
        self.sessions.get(&session)
    }

    /// Somebody asks for something, or once more: as another seat, if they were recognised since.
    pub(super) fn ask(&mut self, seat: SeatNumber, request: CommandId, command: Command) {
        self.asked.insert(request, (seat, request, command));
    }

    /// Takes in what came to the disk. Answers which session changed.
    pub(super) fn take(&mut self, note: Note, now: Timestamp) -> Result<Option<SessionId>, Fault> {
        match note {
            Note::Stored { session, after, events, rival } => {
                if let Some(asked) = rival {
                    self.asked.insert(asked.1, asked);
                }
                self.store(session, after, events, now)?;
                return Ok(Some(session));
            }
            Note::Failed(session) => {
                self.change(session, |truth| truth.count_failure(now));
                if self.sessions.get(&session).is_some_and(|truth| truth.failures.len() > MOST_FAILURES) {
                    return Err(("SIM-9", "a store that takes nothing is not left alone".to_owned()));
                }
            }
            Note::Pending(session, change) => self.change(session, |truth| truth.count_call(change, now)),
            Note::Forgotten(session) => {
                self.change(session, |truth| truth.is_forgotten = true);
            }
        }
        Ok(None)
    }

    /// Every server and its calls are gone.
    pub(super) fn forget_calls(&mut self, now: Timestamp) {
        for truth in self.sessions.values_mut() {
            (truth.pending, truth.disturbed_at) = (0, now);
        }
    }

    fn change(&mut self, session: SessionId, change: impl FnOnce(&mut Truth)) {
        if let Some(truth) = self.sessions.get_mut(&session) {
            change(truth);
        }
    }

    fn store(
        &mut self,
        id: SessionId,
        after: Revision,
        events: Vec<Event>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        if let Some(truth) = self.sessions.get_mut(&id) {
            let request = events.last().and_then(|event| event.request);
            truth.changed_at = now;
            return truth.store(after, events, request.and_then(|request| self.asked.get(&request)));
        }
        let (plan, first) = match events.as_slice() {
            [first @ Event { what: EventKind::Created { plan, .. }, .. }] => (plan.clone(), first.clone()),
            other => return Err(("KEEP-4", format!("a log begins with {other:?}"))),
        };
        let session = Session::rebuild(events).ok_or(("TIME-23", "a log cannot be read".to_owned()))?;
        let mut truth = Truth {
            watch: Watch::new(&plan, session, first),
            states: VecDeque::new(),
            compared: VecDeque::new(),
            accepted: BTreeSet::new(),
            is_forgotten: false,
            // The call that stores it began before it was there.
            pending: 1,
            pending_since: now,
            disturbed_at: now,
            changed_at: now,
            failures: VecDeque::new(),
        };
        truth.remember();
        self.sessions.insert(id, truth);
        Ok(())
    }

    /// The server told a seat something: all of it is true, stored, and meant for that seat.
    pub(super) fn told(
        &mut self,
        session: SessionId,
        seat: SeatNumber,
        message: &Rc<ServerMessage>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let asked = match &**message {
            ServerMessage::Accepted { request, .. }
            | ServerMessage::Refused { request: Some(request), .. } => self.asked.get(request),
            _ => None,
        };
        let Some(truth) = self.sessions.get_mut(&session) else {
            return Err(("VIEW-11", "a session was told of that is not stored".to_owned()));
        };
        match &**message {
            ServerMessage::Private { revision, private } => {
                let is_true = truth.at(*revision).is_none_or(|state| *private == state.private(seat));
                if is_true { Ok(()) } else { Err(("ENDING-12", format!("{seat:?} is shown {private:?}"))) }
            }
            ServerMessage::Welcome { revision, view, texts, .. } => {
                truth.compare_view(seat, *revision, view, message)?;
                let is_true =
                    truth.at(*revision).is_none_or(|state| *texts == state.texts_for(state.audience(seat)));
                if is_true { Ok(()) } else { Err(("VIEW-12", "a welcome has other texts".to_owned())) }
            }
            ServerMessage::View { revision, view } => truth.compare_view(seat, *revision, view, message),
            ServerMessage::Texts { revision, .. } => truth.compare_texts(seat, *revision),
            ServerMessage::Accepted { revision, .. } => match asked {
                Some(asked) => truth.compare_answer(asked, *revision, now),
                None => Err(("SIM-5", "something was accepted that nobody asked for".to_owned())),
            },
            ServerMessage::Refused { request: Some(request), why } => {
                let may_come_again = matches!(why, Refusal::Busy | Refusal::TooFast);
                let held = asked.is_some_and(|(seat, ..)| truth.accepted.contains(&(*seat, *request)));
                if held && !may_come_again {
                    return Err((
                        "STEER-8",
                        format!("{asked:?} had been accepted and is refused as {why:?}"),
                    ));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The server told a screen something: what every screen is shown at a stored revision, and nothing else.
    pub(super) fn told_screen(
        &mut self,
        session: SessionId,
        message: &Rc<ServerMessage>,
    ) -> Result<(), Fault> {
        let Some(truth) = self.sessions.get_mut(&session) else {
            return Err(("VIEW-11", "a screen was told of a session that is not stored".to_owned()));
        };
        match &**message {
            ServerMessage::Pong { .. } => Ok(()),
            ServerMessage::Display { revision, display } => match truth.at(*revision) {
                Some(state) if is_shown(display, state) => Ok(()),
                None if truth.states.front().is_some_and(|oldest| *revision < oldest.revision()) => Ok(()),
                _ => Err(("SIM-4", format!("a screen was told {display:?} at {revision:?}"))),
            },
            other => Err(("T25", format!("a screen was told {other:?}"))),
        }
    }

    /// Every log makes its session again.
    pub(super) fn check_replay(&mut self) -> Result<(), Fault> {
        for truth in self.sessions.values_mut() {
            truth.watch.check_replay();
            truth.broken()?;
        }
        Ok(())
    }

    /// How many sessions there ever were, and their events.
    pub(super) fn count(&self) -> (usize, usize) {
        (self.sessions.len(), self.sessions.values().map(|truth| truth.watch.log.len()).sum())
    }
}

/// Whether this is what screens show of a session, a code for typing aside, which is no fact of it.
pub(super) fn is_shown(display: &DisplayView, session: &Session) -> bool {
    let mut display = display.clone();
    if let DisplayStage::Lobby { joining: Some(joining), .. } = &mut display.stage {
        joining.code = None;
    }
    display == session.display_view()
}

/// Whether the presence that a view shows is kept: after the end nobody comes or goes.
pub(super) fn keeps_presence(view: &SessionView) -> bool {
    !matches!(view.stage, StageView::Closed(_))
}

fn is_of_presence(event: &Event) -> bool {
    matches!(event.what, EventKind::CameBack { .. } | EventKind::WentAway { .. })
}
