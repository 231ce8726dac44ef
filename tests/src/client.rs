//! A websocket client that keeps its own picture of the world.

use attune_protocol::client::{ClientMessage, Command, FirstMessage, Moment};
use attune_protocol::door::KnockerMessage;
use attune_protocol::ending::{Answers, QUESTIONS, Score};
use attune_protocol::ids::{CommandId, Revision, SeatNumber, SessionId, Timestamp};
use attune_protocol::server::{CloseCode, Refusal};
use attune_protocol::view::{Act, SessionView};
use futures_util::{SinkExt, StreamExt};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::picture::{Answer, Ending, Picture};
use crate::secrets;
use crate::waiting::{LIMIT, within_limit};

/// How often a client says that it is alive, like the page does.
const HEARTBEAT: std::time::Duration = std::time::Duration::from_secs(8);

/// One open socket of a browser. Dropped, its connection is gone without a word, as when a phone loses its network.
pub struct Client {
    outgoing: mpsc::UnboundedSender<Message>,
    picture: watch::Receiver<Picture>,
    change: watch::Sender<Picture>,
    tasks: JoinSet<()>,
}

/// Opens a websocket like a browser whose page came from the server itself.
///
/// # Errors
/// Why there is no socket.
pub async fn open_socket(from: IpAddr, server: SocketAddr) -> Result<WebSocketStream<TcpStream>, Error> {
    let socket = if from.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.bind(SocketAddr::new(from, 0))?;
    let stream = socket.connect(server).await?;
    stream.set_nodelay(true)?;
    let mut request = format!("ws://{server}/ws").into_client_request()?;
    request.headers_mut().insert("Origin", HeaderValue::from_str(&format!("http://{server}"))?);
    Ok(client_async(request, stream).await?.0)
}

impl Client {
    /// Opens a socket and says nothing yet.
    ///
    /// # Panics
    /// When the server takes no socket.
    pub async fn open(server: SocketAddr) -> Self {
        Self::open_from(Ipv4Addr::LOCALHOST.into(), server).await
    }

    /// As [`Client::open`], from an address of one's own.
    ///
    /// # Panics
    /// When the server takes no socket.
    pub async fn open_from(from: IpAddr, server: SocketAddr) -> Self {
        let socket =
            within_limit("a socket", open_socket(from, server)).await.expect("the server takes a socket");
        Self::over(socket)
    }

    /// Over a socket that is open already.
    pub fn over(socket: WebSocketStream<TcpStream>) -> Self {
        let (outgoing, mut queue) = mpsc::unbounded_channel();
        let (change, picture) = watch::channel(Picture::default());
        let mut tasks = JoinSet::new();
        let (mut sink, mut stream) = socket.split();
        let heard = change.clone();
        tasks.spawn(async move {
            let ending = loop {
                match stream.next().await {
                    Some(Ok(Message::Text(text))) => heard.send_modify(|picture| picture.hear(&text)),
                    Some(Ok(Message::Close(Some(frame)))) => {
                        break Ending::Closed(frame.code.into(), frame.reason.to_string());
                    }
                    Some(Ok(Message::Close(None)) | Err(_)) | None => break Ending::Dropped,
                    Some(Ok(Message::Binary(_))) => {
                        heard.send_modify(|picture| picture.faults.push("a binary frame".to_owned()));
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                }
            };
            heard.send_modify(|picture| picture.ending = Some(ending));
            // Answers the close frame.
            while let Some(Ok(_)) = stream.next().await {}
        });
        tasks.spawn(async move {
            let mut heartbeat = tokio::time::interval(HEARTBEAT);
            heartbeat.reset();
            loop {
                let message = tokio::select! {
                    message = queue.recv() => message,
                    _ = heartbeat.tick() => Some(text(&ClientMessage::Ping { sent: -1.0 })),
                };
                let Some(message) = message else { return };
                if sink.send(message).await.is_err() {
                    return;
                }
            }
        });
        Self { outgoing, picture, change, tasks }
    }

    /// Keeps every frame from now on.
    pub fn keep_frames(&self) {
        self.change.send_modify(|picture| picture.frames = Some(Vec::new()));
    }

    /// Sends a frame of any kind.
    pub fn send(&self, message: Message) {
        // A socket that is gone says so by its ending.
        let _ = self.outgoing.send(message);
    }

    /// Sends a text, whatever it holds.
    pub fn send_text(&self, text: impl Into<String>) {
        self.send(Message::text(text.into()));
    }

    /// Says who one is.
    pub fn introduce(&self, first: &FirstMessage) {
        self.send(text(first));
    }

    /// Says something at the door.
    pub fn say_at_door(&self, message: &KnockerMessage) {
        self.send(text(message));
    }

    /// Sends a command without waiting for its answer.
    pub fn act(&self, command: Command) -> CommandId {
        let request = secrets::draw_request();
        self.repeat(request, command);
        request
    }

    /// Sends a command under a name that may have been used before.
    pub fn repeat(&self, request: CommandId, command: Command) {
        self.change.send_modify(|picture| picture.expect(request));
        self.send(text(&ClientMessage::Command { request, command }));
    }

    /// Sends a text that may be a command of this name, and waits for what becomes of it.
    pub async fn send_as(&self, request: CommandId, text: String) -> Answer {
        self.change.send_modify(|picture| picture.expect(request));
        let nameless = self.look(|picture| picture.nameless.len());
        self.send_text(text);
        let answer = self.wait_for("an answer", |picture| {
            let refused = picture.nameless.get(nameless).cloned().map(Answer::Refused);
            picture.answers.get(&request).cloned().or(refused)
        });
        answer.await
    }

    /// Sends a command and waits for its answer.
    pub async fn command(&self, command: Command) -> Answer {
        let request = self.act(command);
        self.answer(request).await
    }

    /// Waits for the answer to a command.
    pub async fn answer(&self, request: CommandId) -> Answer {
        self.wait_for("an answer", |picture| picture.answers.get(&request).cloned()).await
    }

    /// Sends a command that holds, and waits until its view is here.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn accept(&self, command: Command) -> impl Future<Output = Revision> + '_ {
        let place = std::panic::Location::caller();
        async move {
            let shown = format!("{command:?}");
            match self.command(command).await {
                Answer::Accepted(revision) => revision,
                Answer::Refused(why) => panic!("{shown} was refused as {why:?} at {place}"),
            }
        }
    }

    /// Sends a command for the moment that this client sees, which holds, and waits until its view is here.
    ///
    /// # Panics
    /// When it is refused.
    #[track_caller]
    pub fn steer(&self, command: impl FnOnce(Moment) -> Command) -> impl Future<Output = Revision> + '_ {
        let command = command(self.moment());
        let accepted = self.accept(command);
        async move {
            let revision = accepted.await;
            self.catch_up(revision).await;
            revision
        }
    }

    /// Sends a command that changes nothing, and says why.
    ///
    /// # Panics
    /// When it is accepted.
    #[track_caller]
    pub fn refused(&self, command: Command) -> impl Future<Output = Refusal> + '_ {
        let place = std::panic::Location::caller();
        async move {
            let shown = format!("{command:?}");
            match self.command(command).await {
                Answer::Refused(why) => why,
                Answer::Accepted(_) => panic!("{shown} was accepted at {place}"),
            }
        }
    }

    /// Waits until the newest view is at least that new.
    pub async fn catch_up(&self, revision: Revision) {
        self.wait_until(&format!("the view of {revision:?}"), |picture| picture.revision >= revision).await;
    }

    /// Waits until the picture is as `condition` says.
    ///
    /// # Panics
    /// When the limit is reached, the socket ends before, or the server did what it must never do.
    pub async fn wait_until(&self, what: &str, condition: impl Fn(&Picture) -> bool) {
        self.wait_for(what, |picture| condition(picture).then_some(())).await;
    }

    /// Waits until the picture gives something.
    ///
    /// # Panics
    /// When the limit is reached, the socket ends before, or the server did what it must never do.
    pub async fn wait_for<T>(&self, what: &str, look: impl Fn(&Picture) -> Option<T>) -> T {
        match self.wait_or_end(what, look).await {
            Ok(found) => found,
            Err(ending) => panic!("the socket ended with {ending:?} while waiting for {what}"),
        }
    }

    /// Waits until the picture gives something or the socket ends.
    ///
    /// # Errors
    /// How it ended.
    ///
    /// # Panics
    /// When the limit is reached, or the server did what it must never do.
    pub async fn wait_or_end<T>(
        &self,
        what: &str,
        look: impl Fn(&Picture) -> Option<T>,
    ) -> Result<T, Ending> {
        let mut changes = self.picture.clone();
        let waiting = async {
            loop {
                {
                    let picture = changes.borrow_and_update();
                    assert!(picture.faults.is_empty(), "the server did {:?}", picture.faults);
                    if let Some(found) = look(&picture) {
                        return Ok(found);
                    }
                    if let Some(ending) = &picture.ending {
                        return Err(ending.clone());
                    }
                }
                changes.changed().await.expect("this client holds the other end");
            }
        };
        match tokio::time::timeout(LIMIT, waiting).await {
            Ok(found) => found,
            Err(_) => {
                panic!("waited {} s in vain for {what} with {}", LIMIT.as_secs(), self.look(Picture::summary))
            }
        }
    }

    /// Waits for the server to let this client in.
    pub async fn welcome(&self) -> (SessionId, SeatNumber) {
        self.wait_for("a welcome", |picture| picture.session.zip(picture.seat)).await
    }

    /// Waits for the end of the socket.
    pub async fn ending(&self) -> Ending {
        self.wait_for("the end of the socket", |picture| picture.ending.clone()).await
    }

    /// Waits for the end of the socket, and which listed code it has.
    ///
    /// # Panics
    /// When it ends without one.
    #[track_caller]
    pub fn close_code(&self) -> impl Future<Output = CloseCode> + '_ {
        let place = std::panic::Location::caller();
        async move {
            let ending = self.ending().await;
            ending.code().unwrap_or_else(|| panic!("{ending:?} is no listed close at {place}"))
        }
    }

    /// What the server's session clock says. Everything sent before has been looked at then.
    pub async fn now(&self) -> Timestamp {
        let sent = f64::from(u32::from_le_bytes(secrets::draw()));
        self.send(text(&ClientMessage::Ping { sent }));
        let pong = |picture: &Picture| picture.pongs.iter().find(|pong| pong.0 == sent).map(|pong| pong.1);
        self.wait_for("a pong", pong).await
    }

    /// Says what one found, and waits until it is held.
    ///
    /// # Panics
    /// When a score is not from 1 to 5.
    pub async fn send_answers(&self, scores: [u8; QUESTIONS]) {
        let held = self.look(|picture| picture.held);
        self.say_answers(scores);
        self.wait_until("answers to be held", |picture| picture.held > held).await;
    }

    /// Says what one found, which is refused, and says why.
    ///
    /// # Panics
    /// When a score is not from 1 to 5.
    pub async fn refuses_answers(&self, scores: [u8; QUESTIONS]) -> Refusal {
        let refused = self.look(|picture| picture.nameless.len());
        self.say_answers(scores);
        self.wait_for("a refusal", |picture| picture.nameless.get(refused).cloned()).await
    }

    fn say_answers(&self, scores: [u8; QUESTIONS]) {
        let answers = Answers(scores.map(|score| Score::try_from(score).expect("from 1 to 5")));
        self.send(text(&ClientMessage::Answer { answers }));
    }

    /// Who steered.
    pub async fn history(&self) -> Vec<Act> {
        self.change.send_modify(|picture| picture.acts = None);
        self.send(text(&ClientMessage::History {}));
        self.wait_for("the history", |picture| picture.acts.clone()).await
    }

    /// All that this client knows.
    pub fn picture(&self) -> Picture {
        self.picture.borrow().clone()
    }

    /// What `look` finds in the picture now.
    pub fn look<T>(&self, look: impl FnOnce(&Picture) -> T) -> T {
        look(&self.picture.borrow())
    }

    /// The newest view.
    ///
    /// # Panics
    /// When there is none yet.
    pub fn view(&self) -> SessionView {
        self.look(|picture| picture.view.clone()).expect("has been welcomed")
    }

    /// The moment that steering commands name.
    pub fn moment(&self) -> Moment {
        self.look(Picture::moment)
    }

    /// This client's own seat.
    ///
    /// # Panics
    /// When it has none yet.
    pub fn seat(&self) -> SeatNumber {
        self.look(|picture| picture.seat).expect("has been welcomed")
    }

    /// Says goodbye with a close frame, and waits until the server has heard it.
    pub async fn close(mut self) {
        self.send(Message::Close(None));
        self.ending().await;
        self.tasks.shutdown().await;
    }

    /// Drops the connection without a word, and waits until this side of it is gone.
    pub async fn vanish(mut self) {
        self.tasks.shutdown().await;
    }
}

fn text(message: &impl serde::Serialize) -> Message {
    Message::text(serde_json::to_string(message).expect("messages have string keys only"))
}
