//! Bytes by hand: requests and frames that no well-behaved client sends.

use attune_protocol::client::FirstMessage;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpSocket, TcpStream};

use crate::picture::Ending;
use crate::waiting::within_limit;

/// An answer to a request.
#[derive(Debug, Clone)]
pub struct Response {
    /// Its status.
    pub status: u16,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Response {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.0 == name).map(|header| header.1.as_str())
    }

    /// Everything that came, as text.
    pub fn text(&self) -> String {
        format!("{} {:?} {}", self.status, self.headers, String::from_utf8_lossy(&self.body))
    }
}

/// A connection, its bytes unchecked.
#[derive(Debug)]
pub struct Raw {
    /// What comes.
    pub reader: OwnedReadHalf,
    /// What goes.
    pub writer: OwnedWriteHalf,
    early: Vec<u8>,
}

impl Raw {
    /// Connects from this machine's usual address.
    pub async fn connect(server: SocketAddr) -> Self {
        Self::connect_from(Ipv4Addr::LOCALHOST.into(), server).await
    }

    /// Connects.
    ///
    /// # Panics
    /// When the server does not listen.
    pub async fn connect_from(from: IpAddr, server: SocketAddr) -> Self {
        Self::try_connect(from, server, None).await.expect("the server listens")
    }

    /// Connects; `window` is how many bytes this side takes in without reading them.
    ///
    /// # Errors
    /// Why there is no connection.
    pub async fn try_connect(from: IpAddr, server: SocketAddr, window: Option<u32>) -> std::io::Result<Self> {
        let socket = if from.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        if let Some(window) = window {
            socket.set_recv_buffer_size(window)?;
        }
        socket.bind(SocketAddr::new(from, 0))?;
        let stream: TcpStream = socket.connect(server).await?;
        stream.set_nodelay(true)?;
        let (reader, writer) = stream.into_split();
        Ok(Self { reader, writer, early: Vec::new() })
    }

    /// Sends bytes. A peer that has gone says so when its answer is read.
    pub async fn send(&mut self, bytes: &[u8]) {
        let _ = self.writer.write_all(bytes).await;
    }

    /// Reads an answer: its head, and a body of the length that it names.
    /// `None` when the connection ends first.
    pub async fn response(&mut self) -> Option<Response> {
        within_limit("an answer", self.read_response()).await
    }

    async fn read_response(&mut self) -> Option<Response> {
        let end = loop {
            if let Some(end) = self.early.windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
            if !self.read_more().await {
                return None;
            }
        };
        let head = String::from_utf8_lossy(&self.early[..end]).into_owned();
        self.early.drain(..end);
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let mut response = Response { status, headers, body: Vec::new() };
        let length = response.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        while self.early.len() < length && self.read_more().await {}
        let length = length.min(self.early.len());
        response.body = self.early.drain(..length).collect();
        Some(response)
    }

    async fn read_more(&mut self) -> bool {
        let mut bytes = [0; 8192];
        match self.reader.read(&mut bytes).await {
            Ok(0) | Err(_) => false,
            Ok(length) => {
                self.early.extend(&bytes[..length]);
                true
            }
        }
    }

    /// Asks for a websocket and gets one.
    ///
    /// # Panics
    /// When the server gives none.
    pub async fn upgrade(&mut self, server: SocketAddr) {
        self.send(&upgrade_request(server, &format!("Origin: http://{server}\r\n"))).await;
        let response = self.response().await.expect("an answer");
        assert_eq!(response.status, 101, "{response:?}");
    }

    /// Comes in over a websocket and reads the welcome.
    ///
    /// # Panics
    /// When the server does not let it in.
    pub async fn enter(&mut self, server: SocketAddr, first: &FirstMessage) {
        self.upgrade(server).await;
        self.say(&serde_json::to_string(first).expect("messages have string keys only")).await;
        let welcome = within_limit("a welcome", self.frame()).await;
        assert!(
            matches!(&welcome, Some((1, text)) if text.starts_with(b"{\"type\":\"welcome\"")),
            "no welcome"
        );
    }

    /// Sends a text frame.
    pub async fn say(&mut self, text: &str) {
        self.send(&frame(0x81, text.as_bytes())).await;
    }

    /// Reads frames until the server closes, and says how it ended.
    pub async fn ending(&mut self) -> Ending {
        let reading = async {
            loop {
                match self.frame().await {
                    Some((8, payload)) if payload.len() >= 2 => {
                        let code = u16::from_be_bytes([payload[0], payload[1]]);
                        return Ending::Closed(code, String::from_utf8_lossy(&payload[2..]).into_owned());
                    }
                    Some((8, _)) | None => return Ending::Dropped,
                    Some(_) => {}
                }
            }
        };
        within_limit("the end of a raw socket", reading).await
    }

    /// Reads until the connection ends, however it does, and gives all that came.
    pub async fn rest(&mut self) -> Vec<u8> {
        let reading = async { while self.read_more().await {} };
        within_limit("the end of a connection", reading).await;
        std::mem::take(&mut self.early)
    }

    /// Reads one frame: its opcode and payload. `None` when the connection ends first.
    pub async fn frame(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            if let Some((opcode, start, length)) = frame_in(&self.early) {
                let payload = self.early[start..start + length].to_vec();
                self.early.drain(..start + length);
                return Some((opcode, payload));
            }
            if !self.read_more().await {
                return None;
            }
        }
    }
}

/// Opcode, start and length of the payload of a whole frame without mask.
fn frame_in(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let (first, second) = (bytes.first()?, bytes.get(1)?);
    let (start, length) = match second & 0x7f {
        126 => (4, u64::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?]))),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)),
        length => (2, u64::from(length)),
    };
    let length = usize::try_from(length).ok()?;
    (bytes.len() >= start + length).then_some((first & 0x0f, start, length))
}

/// A request for a websocket, with more headers as given.
pub fn upgrade_request(server: SocketAddr, headers: &str) -> Vec<u8> {
    format!(
        "GET /ws HTTP/1.1\r\nHost: {server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n"
    )
    .into_bytes()
}

/// A masked frame: first byte (final bit, reserved bits, opcode) and payload. The mask is zero.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = head(first, payload.len() as u64);
    bytes.extend(payload);
    bytes
}

/// The head of a masked frame that declares a length. The mask is zero.
pub fn head(first: u8, length: u64) -> Vec<u8> {
    let mut bytes = vec![first];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ 0..=125), _) => bytes.push(0x80 | short),
        (_, Ok(middle)) => {
            bytes.push(0x80 | 126);
            bytes.extend(middle.to_be_bytes());
        }
        _ => {
            bytes.push(0x80 | 127);
            bytes.extend(length.to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes
}

/// Lets this process open as many sockets as the system allows: both ends of a test's sockets are in it.
///
/// # Panics
/// When the system does not let it.
pub fn allow_many_sockets() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })
        .expect("may be raised");
}

/// One request over a connection of its own, and its answer.
pub async fn request(server: SocketAddr, request: &str) -> Option<Response> {
    let mut raw = Raw::connect(server).await;
    raw.send(request.as_bytes()).await;
    raw.response().await
}

/// A plain request for a path.
///
/// # Panics
/// When there is no answer.
pub async fn get(server: SocketAddr, method: &str, path: &str) -> Response {
    let text = format!("{method} {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n");
    let mut raw = Raw::connect(server).await;
    raw.send(text.as_bytes()).await;
    raw.response().await.expect("an answer")
}
