//! The wire to a page, which the task of its socket reads and writes, and its room writes to while that task rests.

use bytes::{Buf, Bytes};
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::outlet::{self, Sent};

/// The task's end of the wire.
pub(super) struct Line<S>(Arc<Mutex<Wire<S>>>);

struct Wire<S> {
    stream: S,
    /// The task is in the middle of sending.
    torn: bool,
    /// What is left of frames that room or task have begun to send. Nothing goes before it.
    rest: Bytes,
    /// What was to be sent so may not all have left.
    owes: bool,
    /// The page has said farewell.
    is_over: bool,
}

impl<S: AsyncWrite + Unpin + Send + 'static> Line<S> {
    pub(super) fn new(stream: S) -> Self {
        Self(Arc::new(Mutex::new(Wire {
            stream,
            torn: false,
            rest: Bytes::new(),
            owes: false,
            is_over: false,
        })))
    }

    /// The room's end.
    pub(super) fn share(&self) -> Arc<dyn outlet::Line> {
        Arc::clone(&self.0) as _
    }

    /// The page has said farewell: no room sends it anything more.
    pub(super) fn end(&self) {
        lock(&self.0).is_over = true;
    }

    /// Has these frames, or what is left of them, go out after what there is, with the next that is written or flushed.
    /// Answers whether they may: after a farewell of the page nothing goes.
    pub(super) fn hold(&self, frames: Bytes) -> bool {
        let mut wire = lock(&self.0);
        if wire.is_over {
            return false;
        }
        wire.rest = if wire.rest.is_empty() { frames } else { [&wire.rest[..], &frames].concat().into() };
        wire.owes = true;
        true
    }

    /// Whether the room has begun to send what only the task can bring to its end.
    pub(super) fn owes(&self) -> bool {
        lock(&self.0).owes
    }
}

impl<S: AsyncWrite + Unpin + Send> outlet::Line for Mutex<Wire<S>> {
    fn send_at_once(&self, frames: &Bytes) -> Sent {
        let mut wire = lock(self);
        if wire.torn || wire.owes || wire.is_over {
            return Sent::Nothing;
        }
        // Nobody is to be woken by it: where it does not go at once the task takes over.
        let mut context = Context::from_waker(Waker::noop());
        match Pin::new(&mut wire.stream).poll_write(&mut context, frames) {
            Poll::Ready(Ok(taken)) => wire.rest = frames.slice(taken..),
            Poll::Ready(Err(_)) | Poll::Pending => return Sent::Nothing,
        }
        // Encryption holds on to what the system does not take at once.
        let is_out = wire.rest.is_empty()
            && matches!(Pin::new(&mut wire.stream).poll_flush(&mut context), Poll::Ready(Ok(())));
        wire.owes = !is_out;
        if is_out { Sent::Whole } else { Sent::Partly }
    }
}

impl<S: AsyncWrite + Unpin> Wire<S> {
    /// Brings to its end what the room has begun.
    fn poll_rest(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.rest.is_empty() {
            let taken = ready!(Pin::new(&mut self.stream).poll_write(context, &self.rest))?;
            if taken == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.rest.advance(taken);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Line<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut lock(&self.0).stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Line<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut wire = lock(&self.0);
        ready!(wire.poll_rest(context))?;
        let written = Pin::new(&mut wire.stream).poll_write(context, bytes);
        // Whoever writes goes on with what was not taken, so that the last of it is the end of a frame.
        wire.torn = !matches!(written, Poll::Ready(Ok(taken)) if taken == bytes.len());
        written
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut wire = lock(&self.0);
        ready!(wire.poll_rest(context))?;
        let flushed = Pin::new(&mut wire.stream).poll_flush(context);
        // Encryption may hold a frame that it has taken whole: whoever waits for that to go is woken by nobody else.
        wire.torn = flushed.is_pending();
        ready!(flushed)?;
        wire.owes = false;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut wire = lock(&self.0);
        ready!(wire.poll_rest(context))?;
        Pin::new(&mut wire.stream).poll_shutdown(context)
    }
}

fn lock<S>(wire: &Mutex<Wire<S>>) -> MutexGuard<'_, Wire<S>> {
    wire.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::poll;
    use std::pin::pin;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, BufWriter, duplex};

    async fn read(far: &mut (impl AsyncRead + Unpin), length: usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        far.read_exact(&mut bytes).await.expect("as much was sent");
        bytes
    }

    #[tokio::test]
    async fn a_room_sends_past_the_task() {
        let (near, mut far) = duplex(16);
        let line = Line::new(near);
        assert_eq!(line.share().send_at_once(&Bytes::from_static(b"frame")), Sent::Whole);
        assert!(!line.owes());
        assert_eq!(read(&mut far, 5).await, b"frame");
    }

    #[tokio::test]
    async fn what_is_left_of_a_frame_goes_before_all_else() {
        let (near, mut far) = duplex(4);
        let mut line = Line::new(near);
        let room = line.share();
        assert_eq!(room.send_at_once(&Bytes::from_static(b"room's")), Sent::Partly);
        assert!(line.owes());
        assert_eq!(room.send_at_once(&Bytes::from_static(b"more")), Sent::Nothing);
        let (sent, heard) = tokio::join!(
            async {
                line.write_all(b"task's").await?;
                line.flush().await
            },
            read(&mut far, 12)
        );
        sent.expect("the other side reads");
        assert_eq!(heard, b"room'stask's");
        assert!(!line.owes());
    }

    #[tokio::test]
    async fn a_flush_alone_brings_it_to_its_end() {
        let (near, mut far) = duplex(4);
        let mut line = Line::new(near);
        line.share().send_at_once(&Bytes::from_static(b"room's"));
        let (sent, heard) = tokio::join!(line.flush(), read(&mut far, 6));
        sent.expect("the other side reads");
        assert_eq!((heard.as_slice(), line.owes()), (b"room's".as_slice(), false));
    }

    #[tokio::test]
    async fn no_room_sends_into_a_frame_of_the_task() {
        let (near, mut far) = duplex(4);
        let mut line = Line::new(near);
        let room = line.share();
        {
            let mut sends = pin!(line.write_all(b"task's"));
            assert!(poll!(sends.as_mut()).is_pending());
            assert_eq!(read(&mut far, 4).await, b"task");
            assert_eq!(room.send_at_once(&Bytes::from_static(b"room's")), Sent::Nothing);
            sends.await.expect("the other side reads");
        }
        assert_eq!(read(&mut far, 2).await, b"'s");
        assert_eq!(room.send_at_once(&Bytes::from_static(b"room")), Sent::Whole);
    }

    #[tokio::test]
    async fn what_encryption_has_taken_and_holds_is_the_tasks_to_flush() {
        let (near, mut far) = duplex(4);
        // It takes a frame whole and holds it, as encryption does.
        let mut line = Line::new(BufWriter::new(near));
        let room = line.share();
        assert_eq!(room.send_at_once(&Bytes::from_static(b"room's")), Sent::Partly);
        assert!(line.owes());
        {
            let mut flushes = pin!(line.flush());
            assert!(poll!(flushes.as_mut()).is_pending());
            assert_eq!(room.send_at_once(&Bytes::from_static(b"more")), Sent::Nothing);
            assert_eq!(read(&mut far, 4).await, b"room");
            flushes.await.expect("the other side reads");
            assert_eq!(read(&mut far, 2).await, b"'s");
        }
        line.write_all(b"task's").await.expect("is held");
        let mut flushes = pin!(line.flush());
        assert!(poll!(flushes.as_mut()).is_pending());
        assert_eq!(room.send_at_once(&Bytes::from_static(b"more")), Sent::Nothing);
        assert_eq!(read(&mut far, 4).await, b"task");
        flushes.await.expect("the other side reads");
        assert_eq!(read(&mut far, 2).await, b"'s");
        assert_eq!(room.send_at_once(&Bytes::from_static(b"more")), Sent::Whole);
    }

    #[tokio::test]
    async fn nothing_is_sent_after_a_farewell() {
        let (near, _far) = duplex(16);
        let line = Line::new(near);
        line.end();
        assert_eq!(line.share().send_at_once(&Bytes::from_static(b"room")), Sent::Nothing);
    }

    #[tokio::test]
    async fn a_page_that_has_gone_is_left_to_the_task() {
        let (near, far) = duplex(4);
        let line = Line::new(near);
        drop(far);
        assert_eq!(line.share().send_at_once(&Bytes::from_static(b"room")), Sent::Nothing);
    }
}
