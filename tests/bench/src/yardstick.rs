//! The yardstick: a minimal raw websocket fan-out server. No rules, no store, no views of its own.
//!
//! A first text frame names a group and is answered by a welcome of fixed bytes; every later text frame is answered by one
//! frame of fixed bytes to each member of that group, and a ping by a pong. It is what any websocket server must at least
//! do to welcome people, to deliver a change to eight, and to say that it is there.

use futures_util::{SinkExt, StreamExt};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

/// Frames that a slow member may lag behind; the load never lets one lag by more than one.
const BACKLOG: usize = 16;

/// What a ping begins with, and its answer: as long as Attune's.
const PING: &str = r#"{"type":"ping""#;
const PONG: &str = r#"{"type":"pong","sent":1790000000000.5,"now":1790000000000}"#;

type Groups = Arc<Mutex<BTreeMap<String, broadcast::Sender<Utf8Bytes>>>>;

/// What it says.
#[derive(Clone)]
struct Words {
    frame: Utf8Bytes,
    welcome: Utf8Bytes,
}

/// Serves until the process is ended. Each delivered frame has `frame_bytes` bytes, and each welcome `welcome_bytes`.
pub async fn serve(listener: TcpListener, frame_bytes: usize, welcome_bytes: usize) {
    let groups = Groups::default();
    let [frame, welcome] = [frame_bytes, welcome_bytes].map(|bytes| Utf8Bytes::from("x".repeat(bytes)));
    let words = Words { frame, welcome };
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, groups.clone(), words.clone()));
    }
}

async fn connection(stream: TcpStream, groups: Groups, words: Words) -> Option<()> {
    let Words { frame, welcome } = words;
    stream.set_nodelay(true).ok()?;
    let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
    let socket = tokio_tungstenite::accept_async_with_config(stream, Some(config)).await.ok()?;
    let (mut sink, mut source) = socket.split();
    let group = source.next().await?.ok()?.into_text().ok()?.to_string();
    let sender = {
        let mut groups = groups.lock().ok()?;
        groups.entry(group).or_insert_with(|| broadcast::channel(BACKLOG).0).clone()
    };
    let mut deliveries = sender.subscribe();
    sink.send(Message::Text(welcome)).await.ok()?;
    loop {
        tokio::select! {
            said = source.next() => match said?.ok()? {
                Message::Text(text) if text.starts_with(PING) => {
                    sink.send(Message::Text(Utf8Bytes::from_static(PONG))).await.ok()?;
                }
                Message::Text(_) => { sender.send(frame.clone()).ok()?; }
                Message::Close(_) => return None,
                _ => {}
            },
            delivery = deliveries.recv() => sink.send(Message::Text(delivery.ok()?)).await.ok()?,
        }
    }
}
