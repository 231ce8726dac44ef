//! Counts what a socket sends, below the websocket library, and stops reading where a limit is passed.

use attune_protocol::ids::Timestamp;
use attune_protocol::server::CloseCode;
use bytes::{Buf, Bytes};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::frames::Frames;
use crate::clock::{Clock, Sleep};
use crate::limits::{Bucket, Limits};

/// A stream of websocket frames that is counted while it is read.
pub(crate) struct Meter<S> {
    stream: S,
    /// What was read together with the request that asked for the socket.
    early: Bytes,
    clock: Arc<dyn Clock>,
    limits: Arc<Limits>,
    frames: Frames,
    bytes: Bucket,
    idle_frames: Bucket,
    message_limit: u64,
    /// When the first byte of an unfinished message came, and the sleep until it is too late for its last.
    unfinished: Option<(Timestamp, Sleep)>,
    broken: Option<CloseCode>,
}

impl<S> Meter<S> {
    /// Counts `early` and then `stream`. The first message has a limit of its own.
    pub(crate) fn new(stream: S, early: Bytes, clock: Arc<dyn Clock>, limits: Arc<Limits>) -> Self {
        Self {
            stream,
            early,
            clock,
            message_limit: limits.first_bytes,
            limits,
            frames: Frames::default(),
            bytes: Bucket::default(),
            idle_frames: Bucket::default(),
            unfinished: None,
            broken: None,
        }
    }

    /// The first message is over: later ones may be larger.
    pub(crate) fn first_is_over(&mut self) {
        self.message_limit = self.limits.message_bytes;
    }

    /// The limit that was passed, after which nothing more can be read.
    pub(crate) fn broken(&self) -> Option<CloseCode> {
        self.broken
    }

    /// The stream below.
    pub(crate) fn stream(&self) -> &S {
        &self.stream
    }

    /// The stream below, for reading what nobody looks at any more.
    pub(crate) fn stream_mut(&mut self) -> &mut S {
        &mut self.stream
    }

    fn count(&mut self, bytes: &[u8]) -> Result<(), CloseCode> {
        let now = self.clock.now();
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        if !self.bytes.take(self.limits.bytes, length, now) {
            return Err(CloseCode::TooFast);
        }
        let seen = self.frames.follow(bytes, self.message_limit).map_err(|_| CloseCode::TooBig)?;
        if !self.idle_frames.take(self.limits.control_frames, seen.idle_frames, now) {
            return Err(CloseCode::TooFast);
        }
        if !self.frames.is_unfinished() {
            self.unfinished = None;
        } else if seen.pause || self.unfinished.is_none() {
            self.unfinished = Some((now, self.clock.sleep_until(now + self.limits.message_time)));
        }
        Ok(())
    }

    /// Whether the rest of a message has taken too long. Otherwise it will wake the reader when it has.
    fn poll_late(&mut self, cx: &mut Context<'_>) -> bool {
        self.unfinished.as_mut().is_some_and(|(_, too_late)| too_late.as_mut().poll(cx).is_ready())
    }

    fn stop(&mut self, code: CloseCode) -> Poll<io::Result<()>> {
        self.broken = Some(code);
        self.unfinished = None;
        Poll::Ready(Err(passed()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Meter<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.broken.is_some() {
            return Poll::Ready(Err(passed()));
        }
        if this.poll_late(cx) {
            return this.stop(CloseCode::TooFast);
        }
        let before = buffer.filled().len();
        if this.early.is_empty() {
            ready!(Pin::new(&mut this.stream).poll_read(cx, buffer))?;
        } else {
            let length = this.early.len().min(buffer.remaining());
            buffer.put_slice(&this.early[..length]);
            this.early.advance(length);
        }
        if let Err(code) = this.count(&buffer.filled()[before..]) {
            buffer.set_filled(before);
            return this.stop(code);
        }
        Poll::Ready(Ok(()))
    }
}

fn passed() -> io::Error {
    io::Error::other("a limit of the socket was passed")
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Meter<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use attune_protocol::ids::Millis;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    /// A final text frame with an empty mask.
    fn message(length: u8) -> Vec<u8> {
        let mut bytes = vec![0x81, 0x80 | length, 0, 0, 0, 0];
        bytes.resize(6 + usize::from(length), b'x');
        bytes
    }

    fn meter(limits: Limits) -> (Meter<DuplexStream>, DuplexStream, ManualClock) {
        let (near, far) = duplex(1024 * 1024);
        let clock = ManualClock::new(Timestamp(1_000_000));
        (Meter::new(near, Bytes::new(), Arc::new(clock.clone()), Arc::new(limits)), far, clock)
    }

    fn unfinished_since(meter: &Meter<DuplexStream>) -> Option<Timestamp> {
        meter.unfinished.as_ref().map(|(since, _)| *since)
    }

    async fn read(meter: &mut Meter<DuplexStream>, length: usize) -> io::Result<usize> {
        meter.read_exact(&mut vec![0; length]).await
    }

    #[tokio::test]
    async fn the_time_of_a_message_begins_with_its_first_byte() {
        let (mut meter, mut far, clock) = meter(Limits::default());
        far.write_all(&message(3)[..1]).await.expect("fits");
        read(&mut meter, 1).await.expect("is within limits");
        assert_eq!(unfinished_since(&meter), Some(Timestamp(1_000_000)));
        clock.advance(Millis(700));
        far.write_all(&message(3)[1..]).await.expect("fits");
        read(&mut meter, 8).await.expect("is within limits");
        assert_eq!(unfinished_since(&meter), None);
        // A next message whose beginning comes together with the end of one before has its own time.
        far.write_all(&[message(3), message(3)].concat()[..10]).await.expect("fits");
        read(&mut meter, 10).await.expect("is within limits");
        assert_eq!(unfinished_since(&meter), Some(Timestamp(1_000_700)));
    }

    #[tokio::test]
    async fn t41_a_message_that_takes_too_long_breaks_the_socket() {
        let (mut meter, mut far, clock) = meter(Limits::default());
        far.write_all(&message(3)[..8]).await.expect("fits");
        read(&mut meter, 8).await.expect("is within limits");
        clock.advance(Millis::seconds(10) - Millis(1));
        far.write_all(&message(3)[8..]).await.expect("fits");
        read(&mut meter, 1).await.expect("comes in the last moment");
        far.write_all(&message(3)[..8]).await.expect("fits");
        read(&mut meter, 8).await.expect("is within limits");
        let (late, ()) = tokio::join!(read(&mut meter, 1), async { clock.advance(Millis::seconds(10)) });
        assert!(late.is_err());
        assert_eq!(meter.broken(), Some(CloseCode::TooFast));
    }

    #[tokio::test]
    async fn t43_control_frames_past_the_burst_break_the_socket() {
        let (mut meter, mut far, clock) = meter(Limits::default());
        let ping = [0x89, 0x80, 0, 0, 0, 0];
        far.write_all(&ping.repeat(20)).await.expect("fits");
        read(&mut meter, 120).await.expect("is the burst");
        clock.advance(Millis(250));
        far.write_all(&ping.repeat(2)).await.expect("fits");
        read(&mut meter, 6).await.expect("one more after a quarter of a second");
        assert!(read(&mut meter, 6).await.is_err());
        assert_eq!(meter.broken(), Some(CloseCode::TooFast));
        assert!(read(&mut meter, 1).await.is_err());
    }

    #[tokio::test]
    async fn t41_empty_fragments_count_as_control_frames() {
        let (mut meter, mut far, _) = meter(Limits::default());
        far.write_all(&[0x01, 0x80, 0, 0, 0, 0]).await.expect("fits");
        far.write_all(&[0x00, 0x80, 0, 0, 0, 0].repeat(100)).await.expect("fits");
        assert!(read(&mut meter, 606).await.is_err());
        assert_eq!(meter.broken(), Some(CloseCode::TooFast));
    }

    #[tokio::test]
    async fn bytes_past_the_burst_break_the_socket() {
        let burst = crate::limits::Rate::per_second(10, 30);
        let (mut meter, mut far, clock) = meter(Limits { bytes: burst, ..Limits::default() });
        far.write_all(&message(24)).await.expect("fits");
        read(&mut meter, 30).await.expect("is the burst");
        clock.advance(Millis(900));
        far.write_all(&message(4)).await.expect("fits");
        assert!(read(&mut meter, 10).await.is_err());
        assert_eq!(meter.broken(), Some(CloseCode::TooFast));
    }

    #[tokio::test]
    async fn only_later_messages_may_be_larger() {
        let limits = Limits { first_bytes: 10, message_bytes: 20, ..Limits::default() };
        let (mut meter, mut far, _) = meter(limits);
        far.write_all(&message(10)).await.expect("fits");
        read(&mut meter, 16).await.expect("is within the first limit");
        meter.first_is_over();
        far.write_all(&message(20)).await.expect("fits");
        read(&mut meter, 26).await.expect("is within the later limit");
        far.write_all(&message(21)).await.expect("fits");
        assert!(read(&mut meter, 27).await.is_err());
        assert_eq!(meter.broken(), Some(CloseCode::TooBig));
    }

    #[tokio::test]
    async fn what_came_with_the_request_is_counted_too() {
        let (near, _far) = duplex(64);
        let clock = Arc::new(ManualClock::new(Timestamp(0)));
        let limits = Arc::new(Limits { first_bytes: 3, ..Limits::default() });
        let mut meter = Meter::new(near, Bytes::from(message(4)), clock, limits);
        assert!(read(&mut meter, 10).await.is_err());
        assert_eq!(meter.broken(), Some(CloseCode::TooBig));
    }
}
