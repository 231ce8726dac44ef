//! A lean websocket client on a bare stream: as little work as possible for each of many thousand sockets, because a
//! client that is busier than the server would hide what the server needs.

use attune_protocol::server::ServerMessage;
use std::io::{Error, ErrorKind, Result};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};

use crate::load::Target;

/// Source addresses that the sockets are spread over, 127.0.0.2 and on: each has 28,000 ports, and ports of ended
/// connections are not free again at once.
const SOURCES: usize = 16;
/// The first bytes of a text frame.
const TEXT: u8 = 0x81;
/// Read at once.
const PIECE: usize = 8 * 1024;

/// One socket.
pub struct Wire {
    stream: TcpStream,
    /// What came and was not taken yet.
    early: Vec<u8>,
}

impl Wire {
    /// Connects as the socket of this number, and does the handshake.
    pub async fn connect(target: Target, number: usize) -> Result<Self> {
        let last = u8::try_from(2 + number % SOURCES).unwrap_or(2);
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)), 0))?;
        let mut stream = socket.connect(target.address).await?;
        stream.set_nodelay(true)?;
        let (address, path) = (target.address, if target.attune { "/ws" } else { "/" });
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut wire = Self { stream, early: Vec::new() };
        let end = loop {
            if let Some(end) = wire.early.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end + 4;
            }
            wire.read().await?;
        };
        if !wire.early.starts_with(b"HTTP/1.1 101") {
            return Err(ErrorKind::ConnectionRefused.into());
        }
        wire.early.drain(..end);
        Ok(wire)
    }

    /// Sends a text. Its mask is zero, which changes nothing in what the server does.
    pub async fn send(&mut self, text: &str) -> Result<()> {
        let mut frame = vec![TEXT];
        match u8::try_from(text.len()) {
            Ok(length) if length < 126 => frame.push(0x80 | length),
            _ => {
                frame.push(0x80 | 126);
                let length = u16::try_from(text.len()).map_err(|_| Error::from(ErrorKind::InvalidInput))?;
                frame.extend(length.to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(text.as_bytes());
        self.stream.write_all(&frame).await
    }

    /// The next text. Dropping this before changes nothing.
    pub async fn next(&mut self) -> Result<String> {
        loop {
            if let Some((first, text)) = self.take() {
                match first {
                    TEXT => return String::from_utf8(text).map_err(|_| ErrorKind::InvalidData.into()),
                    // A close: what follows is the end.
                    0x88 => return Err(ErrorKind::ConnectionAborted.into()),
                    _ => continue,
                }
            }
            self.read().await?;
        }
    }

    /// The next message of Attune.
    pub async fn next_message(&mut self) -> Result<ServerMessage> {
        serde_json::from_str(&self.next().await?).map_err(|_| ErrorKind::InvalidData.into())
    }

    /// The first whole frame of what came.
    fn take(&mut self) -> Option<(u8, Vec<u8>)> {
        let [first, second, ..] = self.early[..] else { return None };
        let (begin, length) = match second {
            127 => {
                let length = self.early.get(2..10)?.try_into().ok()?;
                (10, usize::try_from(u64::from_be_bytes(length)).ok()?)
            }
            126 => (4, usize::from(u16::from_be_bytes(self.early.get(2..4)?.try_into().ok()?))),
            short => (2, usize::from(short)),
        };
        if self.early.len() < begin + length {
            return None;
        }
        let rest = self.early.split_off(begin + length);
        let frame = std::mem::replace(&mut self.early, rest);
        Some((first, frame[begin..].to_vec()))
    }

    async fn read(&mut self) -> Result<()> {
        // Waits without a buffer: 19,000 of them would be most of what the client needs.
        self.stream.readable().await?;
        let mut piece = [0; PIECE];
        match self.stream.try_read(&mut piece) {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(length) => {
                self.early.extend_from_slice(&piece[..length]);
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error),
        }
    }
}
