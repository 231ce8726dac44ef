//! One connection's bytes between server and page, and the page's side of the websocket's frames.

use attune_protocol::server::CloseCode;
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes that the network and the page's system take from the server before it has to wait.
const CAPACITY: usize = 64 * 1024;

/// What both sides share.
#[derive(Debug, Default)]
struct Pipe {
    to_server: VecDeque<u8>,
    from_server: Vec<u8>,
    /// The page has closed its side.
    ended: bool,
    /// Nothing goes either way any more, and the server is told.
    reset: bool,
    closed_by_server: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// The world's handle to a connection.
#[derive(Debug, Clone, Default)]
pub(super) struct Link(Arc<Mutex<Pipe>>);

impl Link {
    fn pipe(&self) -> MutexGuard<'_, Pipe> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the server reads and writes. Dropping it closes the connection.
    pub(super) fn server_end(&self) -> ServerEnd {
        ServerEnd(self.clone())
    }

    /// Bytes of the page reach the server.
    pub(super) fn arrive(&self, bytes: &[u8]) {
        self.change(|pipe| pipe.to_server.extend(bytes));
    }

    /// The page's end reaches the server.
    pub(super) fn end(&self) {
        self.change(|pipe| pipe.ended = true);
    }

    /// The connection breaks, and the server is told.
    pub(super) fn reset(&self) {
        self.change(|pipe| pipe.reset = true);
    }

    /// What the server has written since, and whether it has closed.
    pub(super) fn take_written(&self) -> (Vec<u8>, bool) {
        let mut pipe = self.pipe();
        let written = (std::mem::take(&mut pipe.from_server), pipe.closed_by_server);
        let writer = if written.0.is_empty() { None } else { pipe.writer.take() };
        drop(pipe);
        writer.into_iter().for_each(Waker::wake);
        written
    }

    pub(super) fn is_closed_by_server(&self) -> bool {
        self.pipe().closed_by_server
    }

    fn change(&self, change: impl FnOnce(&mut Pipe)) {
        let mut pipe = self.pipe();
        change(&mut pipe);
        let (reader, writer) = (pipe.reader.take(), if pipe.reset { pipe.writer.take() } else { None });
        drop(pipe);
        reader.into_iter().chain(writer).for_each(Waker::wake);
    }
}

/// The server's end, in a socket's place.
#[derive(Debug)]
pub(super) struct ServerEnd(Link);

impl AsyncRead for ServerEnd {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut pipe = self.0.pipe();
        if pipe.reset {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        if pipe.to_server.is_empty() && !pipe.ended {
            pipe.reader = Some(context.waker().clone());
            return Poll::Pending;
        }
        let length = pipe.to_server.len().min(buffer.remaining());
        let bytes: Vec<u8> = pipe.to_server.drain(..length).collect();
        buffer.put_slice(&bytes);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for ServerEnd {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let mut pipe = self.0.pipe();
        if pipe.reset {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let length = bytes.len().min(CAPACITY - pipe.from_server.len());
        if length == 0 {
            pipe.writer = Some(context.waker().clone());
            return Poll::Pending;
        }
        pipe.from_server.extend(&bytes[..length]);
        Poll::Ready(Ok(length))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.pipe().closed_by_server = true;
        Poll::Ready(Ok(()))
    }
}

impl Drop for ServerEnd {
    fn drop(&mut self) {
        self.0.pipe().closed_by_server = true;
    }
}

/// A frame of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Frame {
    Text(Vec<u8>),
    Ping,
    Close(Option<CloseCode>),
}

/// Takes frames out of the bytes that the server wrote.
#[derive(Debug, Default)]
pub(super) struct Decoder(Vec<u8>);

impl Decoder {
    pub(super) fn take(&mut self, bytes: &[u8]) -> Vec<Frame> {
        self.0.extend(bytes);
        let mut frames = Vec::new();
        while let Some((frame, length)) = read_frame(&self.0) {
            self.0.drain(..length);
            frames.push(frame);
        }
        frames
    }
}

fn read_frame(bytes: &[u8]) -> Option<(Frame, usize)> {
    let (&first, &short) = (bytes.first()?, bytes.get(1)?);
    let (head, length) = match short {
        126 => (4, u64::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)),
        short => (2, u64::from(short)),
    };
    let end = head + usize::try_from(length).ok()?;
    let payload = bytes.get(head..end)?;
    let frame = match first {
        0x81 => Frame::Text(payload.to_vec()),
        0x89 => Frame::Ping,
        0x88 => {
            let code = payload.first_chunk().map(|code| u16::from_be_bytes(*code));
            Frame::Close(CloseCode::ALL.iter().copied().find(|known| Some(known.code()) == code))
        }
        other => panic!("the server never sends a frame that begins with {other:#x}"),
    };
    Some((frame, end))
}

/// A frame of the page, with an empty mask.
pub(super) fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x80 | opcode];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(length), _) if length <= 125 => bytes.push(0x80 | length),
        (_, Ok(length)) => {
            bytes.push(0x80 | 126);
            bytes.extend(length.to_be_bytes());
        }
        (_, Err(_)) => {
            bytes.push(0x80 | 127);
            bytes.extend((payload.len() as u64).to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(payload);
    bytes
}
