//! The load: groups of eight on real sockets, against the server or the yardstick.

use attune_protocol::client::{ClientMessage, Command, FirstMessage, Moment};
use attune_protocol::ids::{CommandId, Invite, SeatToken, SessionId};
use attune_protocol::method::{Firmness, Meeting, Method, Plan};
use attune_protocol::version::PROTOCOL_VERSION;
use attune_server::secret;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use uuid::Uuid;

/// People in a group.
pub const PEOPLE: usize = 8;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Somebody in a group received a change.
#[derive(Debug, Clone, Copy)]
pub struct Delivery {
    /// When.
    pub at: Instant,
}

/// One group: the leader's sending half, and what arrives at all eight.
pub struct Group {
    leader: SplitSink<Socket, Message>,
    /// Held, so that nobody's socket closes.
    _others: Vec<SplitSink<Socket, Message>>,
    deliveries: mpsc::UnboundedReceiver<Delivery>,
    paused: bool,
    attune: bool,
}

/// Which server the load is for.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Where it listens.
    pub address: SocketAddr,
    /// Attune, or the yardstick.
    pub attune: bool,
}

async fn connect(target: Target) -> Socket {
    let path = if target.attune { "/ws" } else { "/" };
    let mut request =
        format!("ws://{}{path}", target.address).into_client_request().expect("a fixed address");
    let origin = format!("http://{}", target.address).parse().expect("a fixed address");
    request.headers_mut().insert("Origin", origin);
    let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
    let stream = TcpStream::connect(target.address).await.expect("the server accepts");
    stream.set_nodelay(true).expect("a socket option");
    tokio_tungstenite::client_async_with_config(request, MaybeTlsStream::Plain(stream), Some(config))
        .await
        .expect("the server answers the handshake")
        .0
}

fn text(message: &impl serde::Serialize) -> Message {
    Message::Text(Utf8Bytes::from(serde_json::to_string(message).expect("protocol types are JSON")))
}

/// The default plan.
pub fn plan() -> Plan {
    let methods = Method::catalogue().expect("the catalogue is valid");
    methods[0].plan(Firmness::Guide, Meeting::Call).expect("the catalogue is valid")
}

/// Sixteen drawn bytes.
pub fn sixteen() -> [u8; 16] {
    *Uuid::new_v4().as_bytes()
}

/// Runs the load on every core but the server's, and never lets it sleep: waking a sleeping client on the same machine
/// would be charged to the server that writes to it, the more the slower that server is. Real clients are elsewhere.
pub fn run(figures: impl Future<Output = ()>) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    if cores > 1 {
        let others = format!("1-{}", cores - 1);
        let own = std::process::id().to_string();
        let moved = std::process::Command::new("taskset").args(["-cp", &others, &own]).output();
        moved.expect("taskset is part of util-linux");
    }
    let runtime = tokio::runtime::Runtime::new().expect("threads can be started");
    runtime.block_on(async {
        for _ in 0..runtime.metrics().num_workers() {
            tokio::spawn(async {
                loop {
                    tokio::task::yield_now().await;
                }
            });
        }
        figures.await;
    });
    runtime.shutdown_background();
}

impl Group {
    /// Brings eight people in, agreed and under way.
    pub async fn start(target: Target, name: usize) -> Self {
        if target.attune {
            Self::start_attune(target).await
        } else {
            Self::start_yardstick(target, name).await
        }
    }

    async fn start_yardstick(target: Target, name: usize) -> Self {
        let (arrived, deliveries) = mpsc::unbounded_channel();
        let mut sinks = Vec::new();
        for _ in 0..PEOPLE {
            let mut socket = connect(target).await;
            socket.send(Message::Text(Utf8Bytes::from(format!("g{name}")))).await.expect("open");
            let _ = socket.next().await;
            let (sink, source) = socket.split();
            tokio::spawn(listen(source, arrived.clone(), None));
            sinks.push(sink);
        }
        let leader = sinks.pop().expect("eight people");
        Self { leader, _others: sinks, deliveries, paused: false, attune: false }
    }

    async fn start_attune(target: Target) -> Self {
        let (arrived, deliveries) = mpsc::unbounded_channel();
        let invite = Invite::from_bytes(sixteen());
        let mut socket = connect(target).await;
        let invite_hash = secret::hash_invite(&invite);
        let token = SeatToken::from_bytes(sixteen());
        let create = FirstMessage::Create {
            version: PROTOCOL_VERSION,
            plan: plan(),
            invite: invite_hash,
            seat_token: token,
            planned_for: None,
            create_token: None,
        };
        socket.send(text(&create)).await.expect("open");
        let session = welcome(&mut socket).await;
        let mut others = Vec::new();
        for seat in 2..=PEOPLE as u16 {
            let mut socket = connect(target).await;
            let hello = FirstMessage::Hello {
                version: PROTOCOL_VERSION,
                session,
                invite: Some(invite),
                seat_token: SeatToken::from_bytes(sixteen()),
            };
            socket.send(text(&hello)).await.expect("open");
            welcome(&mut socket).await;
            let agree = Command::Agree { seat: attune_protocol::ids::SeatNumber(seat), agreement: None };
            socket.send(text(&command(agree))).await.expect("open");
            others.push(socket);
        }
        let lobby = Moment::default();
        let presenter = Some(attune_protocol::ids::SeatNumber(2));
        settle(&mut socket, &command(Command::ChoosePresenter { moment: lobby, seat: presenter })).await;
        settle(&mut socket, &command(Command::Begin { moment: lobby })).await;
        let (leader, source) = socket.split();
        tokio::spawn(listen(source, arrived.clone(), Some(())));
        let mut sinks = Vec::new();
        for socket in others {
            let (sink, source) = socket.split();
            tokio::spawn(listen(source, arrived.clone(), Some(())));
            sinks.push(sink);
        }
        Self { leader, _others: sinks, deliveries, paused: false, attune: true }
    }

    /// Lets what is still under way arrive, until nothing has for `quiet`.
    pub async fn drain(&mut self, quiet: Duration) {
        while tokio::time::timeout(quiet, self.deliveries.recv()).await.is_ok() {}
    }

    /// Sends one change and waits until all eight have it. Answers how long the last one took.
    pub async fn change(&mut self) -> Duration {
        let began = Instant::now();
        self.send_change().await;
        let mut last = began;
        for _ in 0..PEOPLE {
            let delivery = self.deliveries.recv().await.expect("nobody is cut off under load");
            last = last.max(delivery.at);
        }
        last - began
    }

    async fn send_change(&mut self) {
        let message = if self.attune {
            let moment = Moment { visit: 1, turn: 0 };
            self.paused = !self.paused;
            text(&command(if self.paused { Command::Pause { moment } } else { Command::Resume { moment } }))
        } else {
            Message::Text(Utf8Bytes::from_static(
                "a change that is about as long as a command of the server would be, in characters of JSON",
            ))
        };
        self.leader.send(message).await.expect("nobody is cut off under load");
    }
}

fn command(command: Command) -> ClientMessage {
    ClientMessage::Command { request: CommandId(Uuid::new_v4()), command }
}

/// Waits for the welcome, and answers which session it is.
async fn welcome(socket: &mut Socket) -> SessionId {
    loop {
        let message = socket.next().await.expect("open").expect("open");
        let Message::Text(text) = message else { continue };
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        if value["type"] == "welcome" {
            return serde_json::from_value(value["session"].clone()).expect("a session id");
        }
    }
}

/// Sends a command and waits until it is accepted.
async fn settle(socket: &mut Socket, message: &ClientMessage) {
    socket.send(text(message)).await.expect("open");
    loop {
        let message = socket.next().await.expect("open").expect("open");
        let Message::Text(text) = message else { continue };
        assert!(!text.starts_with(r#"{"type":"refused""#), "{text}");
        if text.starts_with(r#"{"type":"accepted""#) {
            return;
        }
    }
}

/// Tells of every view that arrives, without reading more of it than its first characters.
async fn listen(
    mut source: SplitStream<Socket>,
    arrived: mpsc::UnboundedSender<Delivery>,
    attune: Option<()>,
) {
    while let Some(Ok(message)) = source.next().await {
        let Message::Text(text) = message else { continue };
        if (attune.is_none() || text.starts_with(r#"{"type":"view""#))
            && arrived.send(Delivery { at: Instant::now() }).is_err()
        {
            return;
        }
    }
}

/// Stores `count` sessions that nobody is in.
pub async fn fill(target: Target, count: usize) {
    for _ in 0..count {
        let mut socket = connect(target).await;
        let create = FirstMessage::Create {
            version: PROTOCOL_VERSION,
            plan: plan(),
            invite: secret::hash_invite(&Invite::from_bytes(sixteen())),
            seat_token: SeatToken::from_bytes(sixteen()),
            planned_for: None,
            create_token: None,
        };
        socket.send(text(&create)).await.expect("open");
        welcome(&mut socket).await;
    }
}
