//! The shell of one session: the only task that changes it. Decide, store, apply, tell.

mod counting;
mod door;
mod entering;
mod on_the_way;
mod opening;
mod presence;
mod screens;
mod settle;

use attune_protocol::client::Command;
use attune_protocol::ids::{CommandId, SeatNumber, SecretHash, SessionId, Timestamp};
use attune_protocol::server::{CloseCode, Refusal, ServerMessage};
use attune_protocol::version::Version;
use bytes::Bytes;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::mpsc;

use crate::alarm::Alarm;
use crate::ballots::Ballots;
use crate::budget::Budget;
use crate::clock::Clock;
use crate::door::Waiting;
use crate::outlet::Outlet;
use crate::outlook::{Frames, News, write};
use crate::rooms::{Member, Message, Rooms};
use crate::screens::Screens;
use crate::secret::NoChance;
use crate::session::{Audience, Input, Outcome, Session};
use crate::session_clock::SessionClock;
use entering::{Comer, Mail};
use on_the_way::OnTheWay;
pub(crate) use opening::Source;

/// The newest acts that a history holds: some 40 KiB.
const MOST_ACTS: usize = 400;

/// One session with the sockets of its seats.
pub(crate) struct Room {
    rooms: Arc<Rooms>,
    id: SessionId,
    mailbox: mpsc::Sender<Message>,
    session: Box<Session>,
    clock: Arc<SessionClock>,
    /// The log may have moved on: it is read before the next decision.
    stale: bool,
    seated: BTreeMap<SeatNumber, Seated>,
    waiting: Waiting,
    screens: Screens,
    budget: Budget,
    ballots: Ballots,
    frames: Frames,
    /// Rings at the session's deadline, in session time.
    due: Alarm,
    /// Rings when changes are shown that were held together.
    show: Alarm,
    last_shown: Timestamp,
    /// Until when many who were here before a restart come back.
    reunion_until: Timestamp,
    /// Rings when the store is tried again, or is told of those who are back.
    retry: Alarm,
    retrying: bool,
    on_the_way: OnTheWay,
    /// Seats that went or came back and whether they are here, which is stored with whatever is decided next.
    unstored_presence: BTreeMap<SeatNumber, bool>,
    forgotten: bool,
}

/// The socket of a seat: the newest, and the only one.
struct Seated {
    member: Member,
    token: SecretHash,
    /// The version that its page speaks.
    version: Version,
    news: Outlet,
}

impl Seated {
    fn close(&self, code: CloseCode) {
        self.news.put(News::Close(code));
    }
}

impl Room {
    fn new(rooms: Arc<Rooms>, id: SessionId, mailbox: mpsc::Sender<Message>, session: Box<Session>) -> Self {
        let clock = Arc::new(SessionClock::new(Arc::clone(&rooms.clock), session.newest_at()));
        let transport = Arc::clone(&rooms.transport);
        Self {
            frames: Frames::new(&session),
            due: Alarm::new(Arc::clone(&clock) as _),
            show: Alarm::new(Arc::clone(&transport)),
            on_the_way: OnTheWay::new(Arc::clone(&transport)),
            retry: Alarm::new(transport),
            rooms,
            id,
            mailbox,
            session,
            clock,
            stale: false,
            seated: BTreeMap::new(),
            waiting: Waiting::default(),
            screens: Screens::default(),
            budget: Budget::default(),
            ballots: Ballots::default(),
            last_shown: Timestamp(0),
            reunion_until: Timestamp(0),
            retrying: false,
            unstored_presence: BTreeMap::new(),
            forgotten: false,
        }
    }

    async fn serve(&mut self, mail: &mut Mail) {
        // Whoever has opened it may have been turned away.
        while !self.forgotten && !self.is_left(mail) {
            match self.next(mail).await {
                Some(Some(message)) => {
                    self.take(message, mail).await;
                    self.count_answers().await;
                }
                Some(None) => {}
                None => return,
            }
        }
    }

    /// Whether nobody is here, and nobody waits to be.
    fn is_left(&self, mail: &Mail) -> bool {
        self.seated.is_empty() && self.waiting.is_empty() && self.screens.is_empty() && mail.is_empty()
    }

    /// The next message, or nothing but the passing of time.
    async fn next(&mut self, mail: &mut Mail) -> Option<Option<Message>> {
        let deadline = self.session.deadline().filter(|_| !self.retrying);
        let farewell =
            self.session.tokens_die_at().filter(|_| !(self.seated.is_empty() && self.screens.is_empty()));
        let is_over = self.session.ending_until().is_some();
        let count = self.ballots.due().filter(|_| is_over && !self.retrying);
        self.due.set([deadline.or(farewell), count].into_iter().flatten().min());
        tokio::select! {
            // Time first: many messages hold nothing up that is due. And always in one order, so that a simulation repeats.
            biased;
            () = self.due.ring() => {
                self.settle_or_retry(Input::Elapse).await;
                self.count_answers().await;
                self.close_ended_seats();
            }
            () = self.show.ring() => self.show_all(),
            () = self.retry.ring() => self.try_again().await,
            () = self.on_the_way.ring() => self.wait_no_longer().await,
            message = mail.next() => return message.map(Some),
        }
        Some(None)
    }

    async fn take(&mut self, message: Message, mail: &mut Mail) {
        match message {
            Message::Enter { credentials, answer } => {
                let comers = mail.take_comers(vec![Comer { credentials, answer }]);
                // Everybody has an answer by then, whether it could be stored or not.
                let _is_stored = self.enter(None, comers).await;
            }
            Message::Act { member, request, command, answer } => {
                let told = self.act(member, request, *command).await;
                self.rooms.metrics.count_answer(&told);
                let _sent = answer.send(self.write_for(member, told));
            }
            Message::Answer { member, answers, answer } => {
                let _sent = answer.send(write(&self.hold_answers(member, answers)));
            }
            Message::History { member, answer } => {
                let _sent = answer.send(self.write_for(member, self.history(member.seat)));
            }
            Message::Quiet { member } if self.is_seated(member) => self.leave_quietly(member.seat).await,
            Message::Heard { member } => self.come_back(member).await,
            Message::Gone { member } if self.is_seated(member) => {
                self.seated.remove(&member.seat);
                self.leave_quietly(member.seat).await;
            }
            Message::Quiet { .. } | Message::Gone { .. } => {}
            Message::Knock { knocker, answer } => {
                let _sent = answer.send(self.knock(*knocker).await);
            }
            Message::Said { token, connection, message } => {
                if self.waiting.hear(token, connection, *message) {
                    self.door_changed();
                }
            }
            Message::StoppedKnocking { token, connection } => {
                if self.waiting.stop(token, connection) {
                    self.door_changed();
                }
            }
            Message::Watch { secret, answer } => {
                let _sent = answer.send(self.watch(secret).await);
            }
            Message::StoppedWatching { connection } => self.stop_watching(connection),
            Message::Erase { token, answer } => {
                let _sent = answer.send(self.erase(token).await);
            }
            Message::Forgotten => self.forget(),
        }
    }

    /// What chance gives to an act that draws; zero to every other.
    fn draw_for(&self, command: &Command) -> Result<u64, NoChance> {
        let mut bytes = [0; 8];
        if matches!(command, Command::DrawPresenter { .. }) {
            self.rooms.chance.fill(&mut bytes)?;
        }
        Ok(u64::from_le_bytes(bytes))
    }

    async fn act(&mut self, member: Member, request: CommandId, command: Command) -> ServerMessage {
        let refused = |why| ServerMessage::Refused { request: Some(request), why };
        let seat = member.seat;
        // A seat that was taken over acts through its newest socket.
        if !self.is_seated(member) {
            return refused(Refusal::Busy);
        }
        let now = self.rooms.transport.now();
        let spender = (seat, self.session.audience(seat) == Audience::Steering);
        let allowed = self.budget.allows(spender, &command, &self.rooms.limits, now);
        // A repeat of what holds already costs nothing: its answer was lost.
        if !allowed && !self.session.has_applied(seat, request) {
            return refused(Refusal::TooFast);
        }
        let before = self.session.revision();
        let has_applied = self.session.has_applied(seat, request);
        // Who does not steer is told that, and nothing of who knocks.
        if !has_applied
            && spender.1
            && let Some(why) = self.refuses_at_door(&command)
        {
            return refused(why);
        }
        if !has_applied && let Some(why) = self.refuses_to_move(seat, &command) {
            return refused(why);
        }
        let Ok(chance) = self.draw_for(&command) else { return refused(Refusal::Busy) };
        let outcome = self.settle(Input::Command { seat, request, command: command.clone(), chance }).await;
        match outcome {
            Ok(Outcome::Done | Outcome::Entered(_)) => {
                let has_tended = !has_applied && Self::is_for_door(&command);
                if !has_applied && let Err(why) = self.tend_door(seat, command) {
                    return refused(why);
                }
                if !has_applied && (self.session.revision() != before || has_tended) {
                    self.budget.take(spender, &self.rooms.limits, now);
                }
                ServerMessage::Accepted { request, revision: self.session.revision() }
            }
            Ok(Outcome::Refused(why)) => refused(why),
            Ok(Outcome::TurnedAway(_)) | Err(_) => refused(Refusal::Busy),
        }
    }

    /// An answer as the page of this socket reads it.
    fn write_for(&self, member: Member, answer: ServerMessage) -> Bytes {
        let version = self.seated.get(&member.seat).map(|seated| seated.version).unwrap_or_default();
        version.message(answer).map(|answer| write(&answer)).unwrap_or_default()
    }

    fn history(&self, seat: SeatNumber) -> ServerMessage {
        if !self.session.has_agreed(seat) {
            return ServerMessage::Refused { request: None, why: Refusal::NotAgreed };
        }
        let mut acts = self.session.history();
        let older = acts.len().saturating_sub(MOST_ACTS);
        ServerMessage::History { acts: acts.split_off(older) }
    }

    async fn erase(&mut self, token: SecretHash) -> CloseCode {
        if !self.session.may_erase(&token) {
            // Who may not enter either learns no more than at the door.
            return match self.session.decide(Input::Enter { token, invite: None }, self.now()).outcome {
                Outcome::TurnedAway(code) => code,
                Outcome::Done | Outcome::Entered(_) | Outcome::Refused(_) => CloseCode::NotAllowed,
            };
        }
        match self.rooms.store.forget(self.id, self.now()).await {
            Ok(()) => {
                self.forget();
                CloseCode::Erased
            }
            Err(error) => {
                tracing::warn!(kind = "store_fault", %error, "a session could not be erased");
                CloseCode::Busy
            }
        }
    }

    /// The session is gone: nothing of it is shown or kept any more.
    fn forget(&mut self) {
        self.forgotten = true;
        for (_, seated) in std::mem::take(&mut self.seated) {
            seated.close(CloseCode::Erased);
        }
        self.waiting.close(CloseCode::Erased);
        self.screens.end(CloseCode::Erased, |_| false);
    }

    /// The session has changed: the first change after a quiet time is shown at once, others together.
    fn changed(&mut self, only_roster: bool) {
        self.frames.refresh(&self.session);
        self.close_ended_seats();
        self.turn_waiting();
        self.end_screens();
        let now = self.rooms.transport.now();
        let at = match only_roster {
            true => now + self.rooms.limits.view_gap,
            false => (self.last_shown + self.rooms.limits.view_gap).max(now),
        };
        if at <= now { self.show_all() } else { self.show.set_by(at) }
    }

    fn show_all(&mut self) {
        self.show.set(None);
        self.recount_screens();
        self.last_shown = self.rooms.transport.now();
        for (seat, seated) in &self.seated {
            let has_shown = seated.news.put(match self.frames.sight(&self.session, *seat, seated.version) {
                Some(sight) => News::Outlook(sight),
                None => News::Close(CloseCode::Reload),
            });
            if has_shown {
                self.rooms.metrics.count_view();
            }
        }
        self.screens.show(&self.session, self.waiting.code());
    }

    /// Seats that were freed lose their socket, and some time after the end all do.
    fn close_ended_seats(&mut self) {
        if self.session.tokens_die_at().is_some_and(|at| at <= self.now()) {
            for (seat, seated) in std::mem::take(&mut self.seated) {
                // With the record, which may be news when what was due was decided late.
                seated.news.put(match self.frames.sight(&self.session, seat, seated.version) {
                    Some(sight) => News::Last(sight),
                    None => News::Close(CloseCode::Reload),
                });
            }
            self.screens.end(CloseCode::Ended, |_| false);
        }
        let session = &self.session;
        self.seated.retain(|seat, seated| match session.seat_ended(*seat, &seated.token) {
            Some(code) => {
                seated.close(code);
                false
            }
            None => true,
        });
    }

    fn is_seated(&self, member: Member) -> bool {
        self.seated.get(&member.seat).is_some_and(|seated| seated.member == member)
    }

    /// Session time, which never goes below the newest event.
    fn now(&self) -> Timestamp {
        self.clock.now().max(self.session.newest_at())
    }
}
