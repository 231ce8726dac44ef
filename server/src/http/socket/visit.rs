//! A socket that is in: acts in and views out.

use attune_protocol::client::{ClientMessage, Command};
use attune_protocol::ids::{CommandId, Timestamp};
use attune_protocol::server::{CloseCode, Refusal, ServerMessage};
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{oneshot, watch};

use super::super::json::read;
use super::bell::Bell;
use super::wire::{Heard, Wire};
use super::{End, Stream, stopped};
use crate::alarm::Alarm;
use crate::clock::Clock;
use crate::limits::Bucket;
use crate::outlet::Inlet;
use crate::outlook::{News, Sight, write};
use crate::rooms::{Entered, Membership, Message, Rooms};
use crate::session_clock::SessionClock;

/// A socket that is in.
pub(super) struct Visit<'a, S> {
    wire: &'a mut Wire<S>,
    rooms: &'a Rooms,
    membership: Membership,
    news: Inlet,
    /// The session's time.
    clock: Arc<SessionClock>,
    welcome: Bytes,
    messages: Bucket,
    refusals: Bucket,
    heard_at: Timestamp,
    /// A ping has gone out since.
    asked: bool,
    quiet: bool,
    silence: Alarm,
    /// The answer to the last act. Until it is there nothing more is read.
    answer: Option<oneshot::Receiver<Bytes>>,
    bell: Bell,
}

/// What happens to a socket between its news.
enum Seldom {
    /// The server stops.
    Stopped,
    /// The page says something, or has gone.
    Heard(Result<Heard, End>),
    /// It has said nothing for a while.
    Silence,
}

impl<'a, S: Stream> Visit<'a, S> {
    pub(super) fn begin(rooms: &'a Rooms, wire: &'a mut Wire<S>, entered: Entered) -> Self {
        let Entered { membership, welcome, sight, mut news, clock } = entered;
        news.begin(&sight, wire.share());
        let Sight { outlook, moving, .. } = &sight;
        // The welcome holds view and texts; what is no fact of the session comes right after it.
        let more = [&outlook.door, &outlook.screens, moving].into_iter().flatten();
        let welcome = match more.clone().next() {
            Some(_) => more.fold(welcome.to_vec(), |all, (_, frame)| [&all[..], &frame[..]].concat()).into(),
            None => welcome,
        };
        Self {
            heard_at: wire.clock.now(),
            silence: Alarm::new(Arc::clone(&wire.clock)),
            wire,
            rooms,
            membership,
            news,
            clock,
            welcome,
            messages: Bucket::default(),
            refusals: Bucket::default(),
            asked: false,
            quiet: false,
            answer: None,
            bell: Bell::default(),
        }
    }

    pub(super) async fn run(&mut self, stopping: &mut watch::Receiver<bool>) -> End {
        // One wait for the whole visit: to begin it anew for every turn costs a place in a list that all sockets share.
        let mut stopped = Box::pin(stopped(stopping));
        let mut ended = Box::pin(self.greet()).await;
        loop {
            match ended {
                Ok(()) => ended = self.turn(stopped.as_mut()).await,
                Err(end) => return end,
            }
        }
    }

    async fn greet(&mut self) -> Result<(), End> {
        let welcome = std::mem::take(&mut self.welcome);
        self.wire.send(&welcome).await
    }

    /// Waits for one thing and does what follows: on the heap where it is more than showing, so that a socket that
    /// waits does not carry what that needs.
    async fn turn(&mut self, stopped: impl Future<Output = ()>) -> Result<(), End> {
        let limits = &self.wire.limits;
        let patience = match (self.asked, self.quiet) {
            (false, _) => limits.ask_after,
            (true, false) => limits.away_after,
            (true, true) => limits.silent_after,
        };
        self.silence.set_by(self.heard_at + patience);
        let (wire, silence, may_hear) = (&mut *self.wire, &mut self.silence, self.answer.is_none());
        let seldom = async {
            tokio::select! {
                biased;
                () = stopped => Seldom::Stopped,
                heard = wire.next(), if may_hear => Seldom::Heard(heard),
                () = silence.ring() => Seldom::Silence,
            }
        };
        tokio::select! {
            biased;
            answer = arrived(&mut self.answer) => {
                self.answer = None;
                // Nothing was read meanwhile.
                self.bell.ring();
                let answer = answer.ok_or_else(|| self.room_ended())?;
                let news = self.news.take();
                let prepared = self.prepare(Some(answer), news);
                self.show(prepared).await
            }
            // An answer that is awaited goes out together with what it brought about.
            news = self.news.next(may_hear) => match news {
                Some(news) => {
                    let prepared = self.prepare(None, Some(news));
                    self.show(prepared).await
                }
                None => Err(self.room_ended()),
            },
            seldom = self.bell.answer(seldom) => {
                self.news.stir();
                match seldom {
                    Seldom::Stopped => Err(Box::pin(self.finish(CloseCode::Restarting)).await),
                    Seldom::Heard(heard) => Box::pin(self.hear(heard?)).await,
                    Seldom::Silence => Box::pin(self.wait_longer()).await,
                }
            }
        }
    }

    /// Sends an answer and what is new to this page, in one piece, and ends the visit if this was the last.
    async fn show(&mut self, (frames, closing): (Option<Bytes>, Option<CloseCode>)) -> Result<(), End> {
        if let Some(frames) = frames {
            self.wire.send(&frames).await?;
        } else if self.wire.owes() {
            self.wire.send(&Bytes::new()).await?;
        }
        match closing {
            Some(code) => Err(Box::pin(self.finish(code)).await),
            None => Ok(()),
        }
    }

    /// What there is to send. Apart from sending it, so that a socket carries no room for all this while it waits.
    fn prepare(&mut self, answer: Option<Bytes>, news: Option<News>) -> (Option<Bytes>, Option<CloseCode>) {
        let (sight, closing) = match news {
            Some(News::Outlook(sight)) => (Some(sight), None),
            // Whoever was there to the end gets the record; whoever is put out gets nothing more.
            Some(News::Last(sight)) => (Some(sight), Some(CloseCode::Ended)),
            Some(News::Close(code)) => (None, Some(code)),
            None => (None, None),
        };
        let new = sight.as_ref().map(|sight| self.news.pick(sight)).unwrap_or_default();
        if new.has_view() {
            self.rooms.metrics.count_view();
        }
        (new.join(answer.as_ref()), closing)
    }

    /// An act that was stored is answered before the socket closes.
    async fn finish(&mut self, code: CloseCode) -> End {
        if let Some(answer) = self.answer.take()
            && let Ok(answer) = answer.await
            && let Err(end) = self.wire.send(&answer).await
        {
            return end;
        }
        End::Close(code)
    }

    async fn hear(&mut self, heard: Heard) -> Result<(), End> {
        let now = self.wire.clock.now();
        self.heard_at = now;
        self.asked = false;
        if std::mem::take(&mut self.quiet) {
            self.tell(Message::Heard { member: self.membership.member }).await?;
        }
        let Heard::Text(text) = heard else { return Ok(()) };
        let allowed = self.messages.take(self.wire.limits.messages, 1, now);
        let Some(message) = read(&text, &self.wire.limits) else {
            return self
                .refuse(None, if allowed { Refusal::NotUnderstood } else { Refusal::TooFast }, now)
                .await;
        };
        if !allowed {
            let request = match &message {
                ClientMessage::Command { request, .. } => Some(*request),
                ClientMessage::Ping { .. } | ClientMessage::History {} | ClientMessage::Answer { .. } => None,
            };
            return self.refuse(request, Refusal::TooFast, now).await;
        }
        self.carry_out(message).await
    }

    async fn carry_out(&mut self, message: ClientMessage) -> Result<(), End> {
        let member = self.membership.member;
        let (answer, arrives) = oneshot::channel();
        let told = match message {
            ClientMessage::Ping { sent } => {
                let now = self.clock.now().max(self.news.newest_at());
                let pong = write(&ServerMessage::Pong { sent, now });
                return self.wire.send(&pong).await;
            }
            // What a page could not make, and what could hold somebody's own words.
            ClientMessage::Command { request, command: Command::ChangePlan { plan } } if !plan.is_known() => {
                let now = self.wire.clock.now();
                return self.refuse(Some(request), Refusal::NotUnderstood, now).await;
            }
            ClientMessage::Command { request, command } => {
                Message::Act { member, request, command: Box::new(command), answer }
            }
            ClientMessage::History {} => Message::History { member, answer },
            ClientMessage::Answer { answers } => Message::Answer { member, answers, answer },
        };
        self.tell(told).await?;
        self.answer = Some(arrives);
        Ok(())
    }

    async fn refuse(&mut self, request: Option<CommandId>, why: Refusal, now: Timestamp) -> Result<(), End> {
        if why == Refusal::TooFast && !self.refusals.take(self.wire.limits.too_fast, 1, now) {
            return Err(End::Close(CloseCode::TooFast));
        }
        let refusal = ServerMessage::Refused { request, why };
        self.rooms.metrics.count_answer(&refusal);
        self.wire.send(&write(&refusal)).await
    }

    async fn tell(&mut self, message: Message) -> Result<(), End> {
        match self.membership.mailbox.try_send(message) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(message)) => {
                let sent = Box::pin(self.membership.mailbox.send(message)).await;
                sent.map_err(|_| self.room_ended())
            }
            Err(TrySendError::Closed(_)) => Err(self.room_ended()),
        }
    }

    /// The room is there no more: for the reason that it left, or to be opened anew.
    fn room_ended(&mut self) -> End {
        End::Close(match self.news.take() {
            Some(News::Close(code)) => code,
            Some(News::Last(_)) => CloseCode::Ended,
            Some(News::Outlook(_)) | None => CloseCode::Restarting,
        })
    }

    /// Nothing was heard for a while: the page is asked, then the seat is away, then the socket is given up.
    async fn wait_longer(&mut self) -> Result<(), End> {
        let (now, limits) = (self.wire.clock.now(), Arc::clone(&self.wire.limits));
        if now >= self.heard_at + limits.silent_after {
            return Err(End::Close(CloseCode::Silent));
        }
        if !self.quiet && now >= self.heard_at + limits.away_after {
            self.quiet = true;
            self.tell(Message::Quiet { member: self.membership.member }).await?;
        }
        // The alarm may be of a silence that is over.
        if now >= self.heard_at + limits.ask_after && !std::mem::replace(&mut self.asked, true) {
            self.wire.ask().await?;
        }
        Ok(())
    }
}

/// Resolves with the answer that is waited for; never without one.
async fn arrived(answer: &mut Option<oneshot::Receiver<Bytes>>) -> Option<Bytes> {
    match answer {
        Some(answer) => answer.await.ok(),
        None => std::future::pending().await,
    }
}
