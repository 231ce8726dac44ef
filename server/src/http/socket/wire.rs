//! Frames in and out of one socket, within the limits.

use attune_protocol::server::CloseCode;
use attune_protocol::version::Version;
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode as WireCode;
use tokio_tungstenite::tungstenite::{Error, Message as Frame, Utf8Bytes};

use super::super::meter::Meter;
use super::line::Line;
use super::{End, Stream};
use crate::alarm::within;
use crate::clock::Clock;
use crate::limits::Limits;
use crate::outlet;

/// Most bytes that are still read from a closed socket, so that a flood does not keep it.
const LINGER_BYTES: u64 = 4 * 1024 * 1024;

/// What is heard from a socket.
pub(super) enum Heard {
    /// A message.
    Text(Utf8Bytes),
    /// The answer to a ping: browsers give it also where they slow a hidden page's timers down.
    Pong,
}

/// Frames in and out, within the limits.
pub(super) struct Wire<S> {
    pub(super) socket: WebSocketStream<Meter<Line<S>>>,
    /// The library may hold an answer to a ping or a close that has not gone out.
    pub(super) owes: bool,
    /// What the page speaks, as far as it has said.
    pub(super) version: Version,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) limits: Arc<Limits>,
}

impl<S: Stream> Wire<S> {
    /// The next text or answer to a ping. Dropping this before changes nothing.
    pub(super) async fn next(&mut self) -> Result<Heard, End> {
        loop {
            match self.socket.next().await {
                Some(Ok(Frame::Text(text))) => return Ok(Heard::Text(text)),
                Some(Ok(Frame::Pong(_))) => return Ok(Heard::Pong),
                Some(Ok(Frame::Binary(_))) => return Err(End::Close(CloseCode::NotUnderstood)),
                // The library answers pings and closes; the meter has counted them.
                Some(Ok(frame)) => {
                    self.owes = true;
                    if frame.is_close() {
                        self.line().end();
                    }
                }
                Some(Err(error)) => return Err(self.judge(&error)),
                None => return Err(End::Gone),
            }
        }
    }

    /// Takes no notice of what comes, until the other side goes or passes a limit.
    pub(super) async fn ignore(&mut self) -> End {
        loop {
            if let Err(end) = self.next().await {
                return end;
            }
        }
    }

    pub(super) fn judge(&self, error: &Error) -> End {
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

    /// The end of the line by which a room sends past this task.
    pub(super) fn share(&self) -> Arc<dyn outlet::Line> {
        self.line().share()
    }

    /// Whether a room has begun to send what only this task can bring to its end: by sending, be it nothing.
    pub(super) fn owes(&self) -> bool {
        self.owes || self.line().owes()
    }

    fn line(&self) -> &Line<S> {
        self.socket.get_ref().stream()
    }

    /// Sends frames that were written before, past the library, which would keep a copy for every socket.
    pub(super) async fn send(&mut self, frames: &[u8]) -> Result<(), End> {
        if self.owes() {
            return Box::pin(self.send_slowly(frames)).await;
        }
        // The system nearly always takes all of it at once: only what it does not needs a wait, and room for one.
        let at_once =
            poll_fn(|context| Poll::Ready(send_at_once(self.socket.get_mut(), frames, context))).await;
        match at_once.map_err(|error| self.judge(&Error::Io(error)))? {
            None => Ok(()),
            Some(rest) => Box::pin(self.send_slowly(rest)).await,
        }
    }

    /// Sends what the library may owe and then this, for as long as a write may take.
    async fn send_slowly(&mut self, frames: &[u8]) -> Result<(), End> {
        let Self { socket, owes, clock, limits, .. } = self;
        let sent = within(&**clock, limits.write_time, async {
            if *owes {
                socket.flush().await?;
                *owes = false;
            }
            let stream = socket.get_mut();
            stream.write_all(frames).await.map_err(Error::Io)?;
            stream.flush().await.map_err(Error::Io)
        });
        sent.await.map_or(Err(End::Close(CloseCode::Silent)), |sent| sent.map_err(|error| self.judge(&error)))
    }

    /// Asks the other side whether it is there.
    pub(super) async fn ask(&mut self) -> Result<(), End> {
        let Self { socket, clock, limits, .. } = self;
        let sent = within(&**clock, limits.write_time, socket.send(Frame::Ping(Bytes::new())));
        sent.await.map_or(Err(End::Close(CloseCode::Silent)), |sent| sent.map_err(|error| self.judge(&error)))
    }

    /// Says why, and reads on for a moment: closing with unread bytes would reset the connection, and the code with it.
    pub(super) async fn close(&mut self, code: CloseCode) {
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

/// Sends what the system takes without a wait, and answers what is still to be sent or flushed, if there is any.
fn send_at_once<'f, S: AsyncWrite + Unpin>(
    stream: &mut S,
    frames: &'f [u8],
    context: &mut Context<'_>,
) -> io::Result<Option<&'f [u8]>> {
    let rest = match Pin::new(&mut *stream).poll_write(context, frames) {
        Poll::Ready(taken) => &frames[taken?..],
        Poll::Pending => frames,
    };
    // Encryption holds on to what the system does not take at once.
    match rest.is_empty().then(|| Pin::new(stream).poll_flush(context)) {
        Some(Poll::Ready(flushed)) => flushed.map(|()| None),
        Some(Poll::Pending) | None => Ok(Some(rest)),
    }
}

/// Whether a fault is only that the other side went without a word.
fn is_lost(error: &tokio_tungstenite::tungstenite::error::ProtocolError) -> bool {
    use tokio_tungstenite::tungstenite::error::ProtocolError;
    matches!(error, ProtocolError::ResetWithoutClosingHandshake | ProtocolError::SendAfterClosing)
}
