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
    pub(super) async fn send(&mut self, frames: &Bytes) -> Result<(), End> {
        if self.owes() {
            return Box::pin(self.send_slowly(frames.clone())).await;
        }
        // The system nearly always takes all of it at once: only what it does not needs a wait, and room for one.
        let at_once =
            poll_fn(|context| Poll::Ready(send_at_once(self.socket.get_mut(), frames, context))).await;
        match at_once.map_err(|error| self.judge(&Error::Io(error)))? {
            None => Ok(()),
            Some(taken) => Box::pin(self.send_slowly(frames.slice(taken..))).await,
        }
    }

    /// Sends what the library may owe and then this, for as long as a write may take.
    async fn send_slowly(&mut self, frames: Bytes) -> Result<(), End> {
        let Self { socket, owes, clock, limits, .. } = self;
        let sent = within(&**clock, limits.write_time, async {
            if *owes {
                socket.flush().await?;
                *owes = false;
            }
            let stream = socket.get_mut();
            // Held by the line, so that what comes after it, be it a farewell, is never in the middle of it.
            if !stream.stream().hold(frames) {
                return Err(Error::ConnectionClosed);
            }
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

/// Sends what the system takes without a wait. Answers how much that was, unless all of it has gone out.
fn send_at_once<S: AsyncWrite + Unpin>(
    stream: &mut S,
    frames: &[u8],
    context: &mut Context<'_>,
) -> io::Result<Option<usize>> {
    let taken = match Pin::new(&mut *stream).poll_write(context, frames) {
        Poll::Ready(taken) => taken?,
        Poll::Pending => 0,
    };
    // Encryption holds on to what the system does not take at once.
    match (taken == frames.len()).then(|| Pin::new(stream).poll_flush(context)) {
        Some(Poll::Ready(flushed)) => flushed.map(|()| None),
        Some(Poll::Pending) | None => Ok(Some(taken)),
    }
}

/// Whether a fault is only that the other side went without a word.
fn is_lost(error: &tokio_tungstenite::tungstenite::error::ProtocolError) -> bool {
    use tokio_tungstenite::tungstenite::error::ProtocolError;
    matches!(error, ProtocolError::ResetWithoutClosingHandshake | ProtocolError::SendAfterClosing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use attune_protocol::ids::Timestamp;
    use tokio::io::{DuplexStream, duplex};
    use tokio_tungstenite::tungstenite::protocol::Role;

    /// A text frame of the server.
    static FRAME: Bytes = Bytes::from_static(b"\x81\x14twenty bytes of text");

    /// A wire that takes so many bytes before the other side reads.
    async fn wire(room: usize) -> (Wire<DuplexStream>, DuplexStream, ManualClock) {
        let (near, far) = duplex(room);
        let (manual, limits) = (ManualClock::new(Timestamp(1_000_000)), Arc::new(Limits::default()));
        let clock: Arc<dyn Clock> = Arc::new(manual.clone());
        let meter = Meter::new(Line::new(near), Bytes::new(), Arc::clone(&clock), Arc::clone(&limits));
        let socket = WebSocketStream::from_raw_socket(meter, Role::Server, None).await;
        (Wire { socket, owes: false, version: Version::default(), clock, limits }, far, manual)
    }

    /// All that comes, and then it goes.
    async fn all(mut far: DuplexStream) -> Vec<u8> {
        let mut bytes = Vec::new();
        far.read_to_end(&mut bytes).await.expect("ends");
        bytes
    }

    #[tokio::test]
    async fn wire_43_a_farewell_comes_after_the_frame_that_was_not_taken_in_time() {
        for room in [1, 2, 7, FRAME.len() - 1] {
            let (mut wire, far, clock) = wire(room).await;
            let (sent, ()) =
                tokio::join!(wire.send(&FRAME), async { clock.advance(Limits::default().write_time) });
            assert_eq!(sent, Err(End::Close(CloseCode::Silent)));
            let (bytes, ()) = tokio::join!(all(far), async move {
                wire.close(CloseCode::Silent).await;
            });
            let farewell = [b"\x88\x08\x0f\xaa".as_slice(), b"silent"].concat();
            assert_eq!(bytes, [&FRAME[..], &farewell].concat(), "{room}");
        }
    }

    #[tokio::test]
    async fn wire_43_what_a_room_has_begun_a_frame_of_the_task_and_a_farewell_keep_their_order() {
        let (mut wire, far, _clock) = wire(5).await;
        wire.share().send_at_once(&FRAME);
        let (bytes, ()) = tokio::join!(all(far), async move {
            wire.send(&FRAME).await.expect("the other side reads");
            wire.close(CloseCode::Ended).await;
        });
        let farewell = [b"\x88\x07\x0f\xa4".as_slice(), b"ended"].concat();
        assert_eq!(bytes, [&FRAME[..], &FRAME, &farewell].concat());
    }

    #[tokio::test]
    async fn wire_44_nothing_follows_the_answer_to_the_close_of_a_page() {
        let (mut wire, mut far, _clock) = wire(FRAME.len()).await;
        wire.send(&FRAME).await.expect("there is room");
        // Its answer has no room, and news come meanwhile.
        far.write_all(b"\x88\x82\0\0\0\0\x03\xe8").await.expect("there is room");
        assert!(futures_util::poll!(std::pin::pin!(wire.next())).is_pending());
        let (bytes, ()) = tokio::join!(all(far), async move {
            assert_eq!(wire.send(&FRAME).await, Err(End::Gone));
        });
        assert_eq!(bytes, [&FRAME[..], b"\x88\x02\x03\xe8"].concat());
    }
}
