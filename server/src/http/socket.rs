//! One websocket: its first frame, then acts in and views out, until one of the two sides ends it.

mod knock;
mod screen;

#[cfg(test)]
pub(crate) use knock::read as read_knocker;
#[cfg(test)]
pub(crate) use screen::read as read_display;

use attune_protocol::client::{ClientMessage, Command};
use attune_protocol::ids::{CommandId, Revision, Timestamp};
use attune_protocol::server::{CloseCode, Refusal, ServerMessage};
use attune_protocol::version::Version;
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{oneshot, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode as WireCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message as Frame, Utf8Bytes};

use super::addresses::Place;
use super::first::{self, Arrival, TurnedAway};
use super::json::is_bounded;
use super::meter::Meter;
use crate::alarm::{Alarm, within};
use crate::clock::Clock;
use crate::limits::{Bucket, Limits};
use crate::outlook::{News, Sight, write};
use crate::rooms::{Entered, Membership, Message, Rooms};
use crate::screens::Watching;
use crate::session_clock::SessionClock;
use crate::slot::Taker;

/// Read at once from a socket. The library's default of 128 KiB costs every socket that much.
const READ_BUFFER: usize = 512;
/// Most bytes that are still read from a closed socket, so that a flood does not keep it.
const LINGER_BYTES: u64 = 4 * 1024 * 1024;

/// What is heard from a socket.
enum Heard {
    /// A message.
    Text(Utf8Bytes),
    /// The answer to a ping: browsers give it also where they slow a hidden page's timers down.
    Pong,
}

/// How a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The other side has gone.
    Gone,
    /// It is closed from here.
    Close(CloseCode),
}

/// What a socket has come to be.
enum Inside {
    /// A person's.
    Seat(Entered),
    /// That of a screen on the wall.
    Screen(Watching),
}

/// Serves a websocket to its end. `early` is what came together with the request.
pub(crate) async fn serve<S>(
    rooms: &Arc<Rooms>,
    mut place: Place,
    mut stopping: watch::Receiver<bool>,
    stream: S,
    early: Bytes,
) -> Option<CloseCode>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (limits, clock) = (Arc::clone(&rooms.limits), Arc::clone(&rooms.transport));
    let meter = Meter::new(stream, early, Arc::clone(&clock), Arc::clone(&limits));
    let largest = usize::try_from(limits.message_bytes).unwrap_or(usize::MAX);
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(limits.write_buffer_bytes)
        .max_message_size(Some(largest))
        .max_frame_size(Some(largest));
    // On the heap, so that a socket that is in does not carry what beginning and ending need.
    let socket = Box::pin(WebSocketStream::from_raw_socket(meter, Role::Server, Some(config))).await;
    let mut wire = Wire { socket, owes: false, version: Version::default(), clock, limits };
    let waiting = rooms.metrics.count_waiting();
    let joined = Box::pin(join(rooms, &mut place, &mut stopping, &mut wire)).await;
    drop(waiting);
    let end = match joined {
        Ok(Inside::Seat(entered)) => {
            let _joined = rooms.metrics.count_joined();
            Visit::begin(rooms, &mut wire, entered).run(&mut stopping).await
        }
        Ok(Inside::Screen(watching)) => {
            let _joined = rooms.metrics.count_joined();
            Box::pin(screen::run(&mut stopping, &mut wire, watching)).await
        }
        Err(end) => end,
    };
    match end {
        End::Gone => None,
        End::Close(code) => {
            Box::pin(wire.close(code)).await;
            Some(code)
        }
    }
}

/// Waits for the first frame and carries it out.
async fn join<S: AsyncRead + AsyncWrite + Unpin>(
    rooms: &Arc<Rooms>,
    place: &mut Place,
    stopping: &mut watch::Receiver<bool>,
    wire: &mut Wire<S>,
) -> Result<Inside, End> {
    let gives_way = place.gives_way();
    let mut too_late = wire.clock.sleep_until(wire.clock.now() + wire.limits.first_time);
    let text = loop {
        let heard = tokio::select! {
            biased;
            heard = wire.next() => heard?,
            () = &mut too_late => return Err(End::Close(CloseCode::Silent)),
            () = gives_way.notified() => return Err(End::Close(CloseCode::Busy)),
            () = stopped(stopping) => return Err(End::Close(CloseCode::Restarting)),
        };
        if let Heard::Text(text) = heard {
            break text;
        }
    };
    wire.socket.get_mut().first_is_over();
    let first = first::read(&text, &wire.limits).map_err(End::Close)?;
    wire.version = first.version;
    let TurnedAway { code, told_at } = match first::answer(rooms, place, first).await {
        Ok(Arrival::In(entered)) => return Ok(Inside::Seat(entered)),
        Ok(Arrival::Watching(watching)) => return Ok(Inside::Screen(watching)),
        Ok(Arrival::AtDoor(at_door)) => {
            return Box::pin(knock::wait(rooms, stopping, wire, at_door)).await.map(Inside::Seat);
        }
        Err(turned_away) => turned_away,
    };
    let Some(told_at) = told_at else { return Err(End::Close(code)) };
    tokio::select! {
        () = wire.clock.sleep_until(told_at) => Err(End::Close(code)),
        () = stopped(stopping) => Err(End::Close(CloseCode::Restarting)),
        end = wire.ignore() => Err(end),
    }
}

/// Frames in and out, within the limits.
struct Wire<S> {
    socket: WebSocketStream<Meter<S>>,
    /// The library may hold an answer to a ping or a close that has not gone out.
    owes: bool,
    /// What the page speaks, as far as it has said.
    version: Version,
    clock: Arc<dyn Clock>,
    limits: Arc<Limits>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// The next text or answer to a ping. Dropping this before changes nothing.
    async fn next(&mut self) -> Result<Heard, End> {
        loop {
            match self.socket.next().await {
                Some(Ok(Frame::Text(text))) => return Ok(Heard::Text(text)),
                Some(Ok(Frame::Pong(_))) => return Ok(Heard::Pong),
                Some(Ok(Frame::Binary(_))) => return Err(End::Close(CloseCode::NotUnderstood)),
                // The library answers pings and closes; the meter has counted them.
                Some(Ok(Frame::Ping(_) | Frame::Close(_) | Frame::Frame(_))) => self.owes = true,
                Some(Err(error)) => return Err(self.judge(&error)),
                None => return Err(End::Gone),
            }
        }
    }

    /// Takes no notice of what comes, until the other side goes or passes a limit.
    async fn ignore(&mut self) -> End {
        loop {
            if let Err(end) = self.next().await {
                return end;
            }
        }
    }

    fn judge(&self, error: &Error) -> End {
        if let Some(code) = self.socket.get_ref().broken() {
            return End::Close(code);
        }
        match error {
            Error::Capacity(_) => End::Close(CloseCode::TooBig),
            Error::WriteBufferFull(_) => End::Close(CloseCode::Silent),
            Error::Utf8(_) => End::Close(CloseCode::NotUnderstood),
            Error::Protocol(error) if !is_lost(error) => End::Close(CloseCode::NotUnderstood),
            _ => End::Gone,
        }
    }

    /// Sends frames that were written before, past the library, which would keep a copy for every socket.
    async fn send(&mut self, frames: &[u8]) -> Result<(), End> {
        let Self { socket, owes, clock, limits, .. } = self;
        let sent = within(&**clock, limits.write_time, async {
            if *owes {
                socket.flush().await?;
                *owes = false;
            }
            let stream = socket.get_mut();
            stream.write_all(frames).await.map_err(Error::Io)?;
            // Encryption holds on to what the system does not take at once.
            stream.flush().await.map_err(Error::Io)
        });
        sent.await.map_or(Err(End::Close(CloseCode::Silent)), |sent| sent.map_err(|error| self.judge(&error)))
    }

    /// Asks the other side whether it is there.
    async fn ask(&mut self) -> Result<(), End> {
        let Self { socket, clock, limits, .. } = self;
        let sent = within(&**clock, limits.write_time, socket.send(Frame::Ping(Bytes::new())));
        sent.await.map_or(Err(End::Close(CloseCode::Silent)), |sent| sent.map_err(|error| self.judge(&error)))
    }

    /// Says why, and reads on for a moment: closing with unread bytes would reset the connection, and the code with it.
    async fn close(&mut self, code: CloseCode) {
        let code = self.version.close_code(code);
        let over = self.clock.sleep_until(self.clock.now() + self.limits.linger);
        let farewell = CloseFrame { code: WireCode::from(code.code()), reason: code.word().into() };
        let part = async {
            let said = self.socket.close(Some(farewell)).await;
            let stream = self.socket.get_mut().stream_mut();
            if said.is_ok() && stream.shutdown().await.is_ok() {
                // Whatever still comes is of no interest, nor how it ends.
                let _read = tokio::io::copy(&mut stream.take(LINGER_BYTES), &mut tokio::io::sink()).await;
            }
        };
        tokio::select! {
            biased;
            () = part => {}
            () = over => {}
        }
    }
}

/// Whether a fault is only that the other side went without a word.
fn is_lost(error: &tokio_tungstenite::tungstenite::error::ProtocolError) -> bool {
    use tokio_tungstenite::tungstenite::error::ProtocolError;
    matches!(error, ProtocolError::ResetWithoutClosingHandshake | ProtocolError::SendAfterClosing)
}

/// A socket that is in.
struct Visit<'a, S> {
    wire: &'a mut Wire<S>,
    rooms: &'a Rooms,
    membership: Membership,
    news: Taker<News>,
    /// The session's time.
    clock: Arc<SessionClock>,
    welcome: Bytes,
    /// The newest event that was shown.
    shown: Revision,
    /// Its time, below which server time does not go.
    shown_at: Timestamp,
    /// The event that the texts are from that were shown.
    shown_texts: Option<Revision>,
    /// The number of what was shown of the door.
    shown_door: Option<u64>,
    /// The number of what was shown of screens.
    shown_screens: Option<u64>,
    /// The number of what was shown of going on elsewhere.
    shown_moving: Option<u64>,
    /// The event that last changed what was shown to this seat alone.
    shown_private: Option<Revision>,
    messages: Bucket,
    refusals: Bucket,
    heard_at: Timestamp,
    /// A ping has gone out since.
    asked: bool,
    quiet: bool,
    silence: Alarm,
    /// The answer to the last act. Until it is there nothing more is read.
    answer: Option<oneshot::Receiver<Bytes>>,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Visit<'a, S> {
    fn begin(rooms: &'a Rooms, wire: &'a mut Wire<S>, entered: Entered) -> Self {
        let Entered { membership, welcome, sight, news, clock } = entered;
        let Sight { outlook, private, moving } = sight;
        // The welcome holds view and texts; what is no fact of the session comes right after it.
        let more = [&outlook.door, &outlook.screens, &moving].into_iter().flatten();
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
            shown: outlook.revision,
            shown_at: outlook.newest_at,
            shown_texts: outlook.texts.as_ref().map(|(from, _)| *from),
            shown_door: outlook.door.as_ref().map(|(number, _)| *number),
            shown_screens: outlook.screens.as_ref().map(|(number, _)| *number),
            shown_moving: moving.as_ref().map(|(number, _)| *number),
            shown_private: private.map(|(from, _)| from),
            messages: Bucket::default(),
            refusals: Bucket::default(),
            asked: false,
            quiet: false,
            answer: None,
        }
    }

    async fn run(&mut self, stopping: &mut watch::Receiver<bool>) -> End {
        // One wait for the whole visit: to begin it anew for every turn costs a place in a list that all sockets share.
        let mut stopped = std::pin::pin!(stopped(stopping));
        let mut ended = self.wire.send(&std::mem::take(&mut self.welcome)).await;
        loop {
            match ended {
                Ok(()) => ended = self.turn(stopped.as_mut()).await,
                Err(end) => return end,
            }
        }
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
        tokio::select! {
            biased;
            answer = arrived(&mut self.answer) => {
                self.answer = None;
                let answer = answer.ok_or_else(|| self.room_ended())?;
                let news = self.news.take();
                self.show(Some(answer), news).await
            }
            news = self.news.next() => match news {
                Some(news) => self.show(None, Some(news)).await,
                None => Err(self.room_ended()),
            },
            () = stopped => Err(Box::pin(self.finish(CloseCode::Restarting)).await),
            heard = self.wire.next(), if self.answer.is_none() => Box::pin(self.hear(heard?)).await,
            () = self.silence.ring() => Box::pin(self.wait_longer()).await,
        }
    }

    /// Sends an answer, and what is new to this socket: in one piece where both are there.
    async fn show(&mut self, answer: Option<Bytes>, news: Option<News>) -> Result<(), End> {
        let (sight, closing) = match news {
            Some(News::Outlook(sight)) => (Some(sight), None),
            // Whoever was there to the end gets the record; whoever is put out gets nothing more.
            Some(News::Last(sight)) => (Some(sight), Some(CloseCode::Ended)),
            Some(News::Close(code)) => (None, Some(code)),
            None => (None, None),
        };
        let new = sight.as_ref().map_or([None; 6], |sight| self.pick_new(sight));
        let mut frames = answer.iter().chain(new.into_iter().flatten());
        match (frames.next(), frames.next()) {
            (None, _) => {}
            (Some(frame), None) => self.wire.send(frame).await?,
            (Some(first), Some(second)) => {
                let frames: Vec<&[u8]> =
                    [first, second].into_iter().chain(frames).map(|frame| &frame[..]).collect();
                self.wire.send(&frames.concat()).await?;
            }
        }
        match closing {
            Some(code) => Err(Box::pin(self.finish(code)).await),
            None => Ok(()),
        }
    }

    /// The frames of a sight that are new to this socket: what is for it alone, texts, view, door, screens,
    /// and going on elsewhere.
    fn pick_new<'f>(&mut self, sight: &'f Sight) -> [Option<&'f Bytes>; 6] {
        let Sight { outlook, private, moving } = sight;
        let private = private.as_ref().filter(|(from, _)| self.shown_private != Some(*from));
        if let Some((from, _)) = private {
            self.shown_private = Some(*from);
        }
        self.shown_at = self.shown_at.max(outlook.newest_at);
        let texts = outlook.texts.as_ref().filter(|(from, _)| self.shown_texts != Some(*from));
        if let Some((from, _)) = texts {
            self.shown_texts = Some(*from);
        }
        let view = (outlook.revision > self.shown).then_some(&outlook.view);
        if view.is_some() {
            self.shown = outlook.revision;
            self.rooms.metrics.count_view();
        }
        let door = outlook.door.as_ref().filter(|(number, _)| self.shown_door != Some(*number));
        if let Some((number, _)) = door {
            self.shown_door = Some(*number);
        }
        let screens = outlook.screens.as_ref().filter(|(number, _)| self.shown_screens != Some(*number));
        if let Some((number, _)) = screens {
            self.shown_screens = Some(*number);
        }
        let moving = moving.as_ref().filter(|(number, _)| self.shown_moving != Some(*number));
        if let Some((number, _)) = moving {
            self.shown_moving = Some(*number);
        }
        let frame = |(_, frame): &'f (u64, Bytes)| frame;
        let (private, texts) = (private.map(|(_, frame)| frame), texts.map(|(_, frame)| frame));
        [private, texts, view, door.map(frame), screens.map(frame), moving.map(frame)]
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
                let now = self.clock.now().max(self.shown_at);
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
        let (now, limits) = (self.wire.clock.now(), &self.wire.limits);
        if now >= self.heard_at + limits.silent_after {
            return Err(End::Close(CloseCode::Silent));
        }
        if !self.quiet && now >= self.heard_at + limits.away_after {
            self.quiet = true;
            self.tell(Message::Quiet { member: self.membership.member }).await?;
        }
        if !std::mem::replace(&mut self.asked, true) {
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

/// Resolves when the server stops, also by going away.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // The guard that comes back must not be kept while others wait.
    let _stopping = stopping.wait_for(|stopping| *stopping).await;
}

/// Reads a later frame.
pub(crate) fn read(text: &str, limits: &Limits) -> Option<ClientMessage> {
    is_bounded(text, limits.json_depth, limits.json_items).then(|| serde_json::from_str(text).ok()).flatten()
}
