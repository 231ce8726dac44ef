//! Answers that the HTTP library gives by itself, to heads that it cannot read: they get the headers of all others.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Longest answer that the library gives by itself, in bytes.
const LONGEST_BARE: usize = 512;

/// A stream on which no answer goes out bare.
#[derive(Debug)]
pub(crate) struct Dressed<S> {
    stream: S,
    /// The headers of every answer, as lines.
    headers: Arc<str>,
    /// What is still to be written, and how much of it is.
    pending: Vec<u8>,
    written: usize,
}

impl<S> Dressed<S> {
    /// Adds `headers` where they are missing.
    pub(crate) fn new(stream: S, headers: Arc<str>) -> Self {
        Self { stream, headers, pending: Vec::new(), written: 0 }
    }

    /// The stream below.
    pub(crate) fn into_inner(self) -> S {
        self.stream
    }
}

/// Whether these bytes end with an answer of the library's own. It is the last thing on its connection, without body,
/// and is told from ours by the policy that all of ours carry.
fn ends_bare(bytes: &[u8]) -> bool {
    let end = &bytes[bytes.len().saturating_sub(LONGEST_BARE)..];
    let Some(start) = end.windows(10).rposition(|window| window == b"HTTP/1.1 4") else { return false };
    let head = &end[start..];
    let holds = |text: &[u8]| head.windows(text.len()).any(|window| window == text);
    holds(b"content-length: 0\r\n") && !holds(b"content-security-policy")
}

impl<S: AsyncWrite + Unpin> Dressed<S> {
    fn poll_pending(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.written < self.pending.len() {
            let rest = &self.pending[self.written..];
            let length = ready!(Pin::new(&mut self.stream).poll_write(cx, rest))?;
            if length == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += length;
        }
        self.pending.clear();
        self.written = 0;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Dressed<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        ready!(this.poll_pending(cx))?;
        if !bytes.ends_with(b"\r\n\r\n") || !ends_bare(bytes) {
            return Pin::new(&mut this.stream).poll_write(cx, bytes);
        }
        this.pending.extend_from_slice(&bytes[..bytes.len() - 2]);
        this.pending.extend_from_slice(this.headers.as_bytes());
        this.pending.extend_from_slice(b"\r\n");
        // Taken; what does not go out now goes with the next write, flush or shutdown.
        if let Poll::Ready(Err(error)) = this.poll_pending(cx) {
            return Poll::Ready(Err(error));
        }
        Poll::Ready(Ok(bytes.len()))
    }

    /// Without this the library would copy every file into a buffer of the connection that it goes out on, and whoever
    /// reads slowly would keep that copy.
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let end = pieces.iter().rposition(|piece| !piece.is_empty());
        match end.map(|end| &*pieces[end]) {
            // What the library says by itself is one piece, after whatever is left of earlier answers.
            Some(last) if last.ends_with(b"\r\n\r\n") && ends_bare(last) => {
                let all: Vec<u8> = pieces.iter().flat_map(|piece| piece.iter().copied()).collect();
                self.poll_write(cx, &all)
            }
            _ => {
                ready!(self.poll_pending(cx))?;
                Pin::new(&mut self.stream).poll_write_vectored(cx, pieces)
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_pending(cx))?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_pending(cx))?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Dressed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    const BARE: &str =
        "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\ndate: x\r\n\r\n";
    const OURS: &str = "HTTP/1.1 404 Not Found\r\ncontent-security-policy: y\r\ncontent-length: 0\r\n\r\n";

    /// Takes at most so many bytes at once, in several pieces, and keeps them.
    struct Pieces(Vec<u8>, usize);

    impl AsyncWrite for Pieces {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            let length = bytes.len().min(self.1);
            self.0.extend(&bytes[..length]);
            Poll::Ready(Ok(length))
        }

        fn poll_write_vectored(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            pieces: &[IoSlice<'_>],
        ) -> Poll<io::Result<usize>> {
            let all: Vec<u8> = pieces.iter().flat_map(|piece| piece.iter().copied()).take(self.1).collect();
            self.0.extend(&all);
            Poll::Ready(Ok(all.len()))
        }

        fn is_write_vectored(&self) -> bool {
            true
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[tokio::test]
    async fn wire_34_an_answer_goes_out_in_pieces_and_a_bare_one_is_still_dressed() {
        for most in [7, 1_000] {
            let mut near = Dressed::new(Pieces(Vec::new(), most), "a: b\r\n".into());
            assert!(near.is_write_vectored(), "otherwise the library copies every file");
            let mut sent: Vec<Vec<u8>> =
                vec![OURS.into(), b"a file".into(), Vec::new(), BARE.into(), Vec::new()];
            while sent.iter().any(|piece| !piece.is_empty()) {
                let pieces: Vec<IoSlice<'_>> = sent.iter().map(|piece| IoSlice::new(piece)).collect();
                let mut taken = near.write_vectored(&pieces).await.expect("is taken");
                for piece in &mut sent {
                    let here = taken.min(piece.len());
                    piece.drain(..here);
                    taken -= here;
                }
            }
            near.flush().await.expect("is taken");
            let expected = format!("{OURS}a file{}", BARE.replace("\r\n\r\n", "\r\na: b\r\n\r\n"));
            assert_eq!(String::from_utf8_lossy(&near.into_inner().0), expected);
        }
    }

    #[tokio::test]
    async fn t35_only_what_is_bare_is_dressed_however_little_is_taken_at_once() {
        for (sent, room, received) in [
            (BARE.to_owned(), 1_000, BARE.replace("\r\n\r\n", "\r\na: b\r\n\r\n")),
            (BARE.to_owned(), 7, BARE.replace("\r\n\r\n", "\r\na: b\r\n\r\n")),
            (OURS.to_owned(), 7, OURS.to_owned()),
            (
                format!("{OURS}{BARE}"),
                1_000,
                format!("{OURS}{}", BARE.replace("\r\n\r\n", "\r\na: b\r\n\r\n")),
            ),
        ] {
            let (near, mut far) = duplex(room);
            let mut near = Dressed::new(near, "a: b\r\n".into());
            let write = async {
                near.write_all(sent.as_bytes()).await.expect("is taken");
                near.shutdown().await.expect("is taken");
            };
            let mut all = String::new();
            let (_, read) = tokio::join!(write, far.read_to_string(&mut all));
            read.expect("is text");
            assert_eq!(all, received);
        }
    }
}
