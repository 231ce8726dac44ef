//! Coming in: whoever waits for that is decided in order and stored together, and everybody has an answer of their own.

use attune_protocol::ids::SeatNumber;
use attune_protocol::server::CloseCode;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

use super::settle::Unsettled;
use super::{Room, Seated};
use crate::outlet::outlet;
use crate::rooms::{Credentials, Entered, Member, Membership, Message};
use crate::session::{Input, Outcome};

/// How many come in together at most.
const MOST_TOGETHER: usize = 32;

/// A socket that wants in.
pub(super) struct Comer {
    pub(super) credentials: Box<Credentials>,
    pub(super) answer: oneshot::Sender<Result<Entered, CloseCode>>,
}

/// What a room is told, in the order in which it is told.
pub(super) struct Mail {
    messages: mpsc::Receiver<Message>,
    /// What comes next, when it was looked at before its turn.
    next: Option<Message>,
}

impl Mail {
    /// Nothing was looked at yet.
    pub(super) fn new(messages: mpsc::Receiver<Message>) -> Self {
        Self { messages, next: None }
    }

    /// What comes next; nothing after the last, once it is closed. Dropping this before changes nothing.
    pub(super) async fn next(&mut self) -> Option<Message> {
        match self.next.take() {
            Some(message) => Some(message),
            None => self.messages.recv().await,
        }
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.next.is_none() && self.messages.is_empty()
    }

    /// Nothing more can be told.
    pub(super) fn close(&mut self) {
        self.messages.close();
    }

    /// Everybody who waits to come in behind these, up to whatever else the room is told.
    pub(super) fn take_comers(&mut self, mut comers: Vec<Comer>) -> Vec<Comer> {
        while comers.len() < MOST_TOGETHER {
            match self.next.take().or_else(|| self.messages.try_recv().ok()) {
                Some(Message::Enter { credentials, answer }) => comers.push(Comer { credentials, answer }),
                other => {
                    self.next = other;
                    break;
                }
            }
        }
        comers
    }
}

impl Room {
    /// Lets in whoever may come in, once what comes before that is decided, and says whether that could be stored.
    pub(super) async fn enter(&mut self, before: Option<Input>, comers: Vec<Comer>) -> bool {
        let comers = match before {
            Some(_) => comers,
            None => self.let_back_in(comers),
        };
        let first = usize::from(before.is_some());
        let input = |comer: &Comer| {
            let Credentials { token, invite, .. } = *comer.credentials;
            Input::Enter { token, invite }
        };
        let inputs: Vec<Input> = before.into_iter().chain(comers.iter().map(input)).collect();
        if inputs.is_empty() {
            return true;
        }
        let settled = self.settle_all(&inputs).await;
        let is_stored = settled.is_ok();
        let outcomes: Vec<Result<Outcome, Unsettled>> = match settled {
            Ok(outcomes) => outcomes.into_iter().skip(first).map(Ok).collect(),
            Err(why) => vec![Err(why); comers.len()],
        };
        // Nothing is waited for between two of them: they are all seated in the state in which they were let in.
        let mut unseated = Vec::new();
        for (Comer { credentials, answer }, outcome) in comers.into_iter().zip(outcomes) {
            let entered = match outcome {
                Ok(Outcome::Entered(seat)) => {
                    let entered = self.seat(seat, *credentials);
                    unseated.extend(entered.is_err().then_some(seat));
                    entered
                }
                Ok(Outcome::TurnedAway(code)) => Err(code),
                Ok(Outcome::Done | Outcome::Refused(_)) | Err(Unsettled::Busy) => Err(CloseCode::Busy),
                Err(Unsettled::Forgotten) => Err(CloseCode::Unknown),
            };
            // A socket that is gone meanwhile gives its place back by dropping the answer.
            let _sent = answer.send(entered);
        }
        for seat in unseated {
            if !self.seated.contains_key(&seat) {
                self.leave_quietly(seat).await;
            }
        }
        is_stored
    }

    /// Lets those in who only come back while many do, and hands back everybody else.
    fn let_back_in(&mut self, comers: Vec<Comer>) -> Vec<Comer> {
        let mut others = Vec::new();
        for comer in comers {
            let Some(seat) = self.returns(&comer.credentials) else {
                others.push(comer);
                continue;
            };
            let entered = self.seat(seat, *comer.credentials);
            if entered.is_ok() {
                self.store_return_later(seat);
            }
            let _sent = comer.answer.send(entered);
        }
        others
    }

    /// Gives a seat that is in to its newest socket.
    fn seat(&mut self, seat: SeatNumber, credentials: Credentials) -> Result<Entered, CloseCode> {
        let Credentials { version, token, .. } = credentials;
        let greeting = self.frames.welcome(&self.session, self.id, seat, version);
        let sight = self.frames.sight(&self.session, seat, version);
        let (welcome, sight) = greeting.zip(sight).ok_or(CloseCode::Reload)?;
        if let Some(older) = self.seated.get(&seat) {
            let now = self.rooms.transport.now();
            if !self.budget.take_over(seat, &self.rooms.limits, now) {
                return Err(CloseCode::Replaced);
            }
            older.close(CloseCode::Replaced);
        }
        // Who comes in before it was stored that they had gone was never away.
        self.unstored_presence.remove(&seat);
        self.on_the_way.arrive(seat);
        let member = Member { seat, connection: self.rooms.number_connection() };
        let (outlet, news) = outlet();
        self.seated.insert(seat, Seated { member, token, version, news: outlet });
        let membership = Membership { member, mailbox: self.mailbox.clone() };
        let clock = Arc::clone(&self.clock);
        Ok(Entered { membership, welcome, sight, news, clock })
    }
}
