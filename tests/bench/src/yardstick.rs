//! The yardstick: a minimal raw websocket fan-out server. No rules, no store, no views of its own.
//!
//! A first text frame names a group; every later text frame is answered by one frame of fixed bytes to each member of
//! that group. It is what any websocket server must at least do to deliver a change to eight people.

use futures_util::{SinkExt, StreamExt};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

/// Frames that a slow member may lag behind; the load never lets one lag by more than one.
const BACKLOG: usize = 16;

type Groups = Arc<Mutex<BTreeMap<String, broadcast::Sender<Utf8Bytes>>>>;

/// Serves until the process is ended. Each delivered frame has `frame_bytes` bytes.
pub async fn serve(listener: TcpListener, frame_bytes: usize) {
    let groups = Groups::default();
    let frame = Utf8Bytes::from("x".repeat(frame_bytes));
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, groups.clone(), frame.clone()));
    }
}

async fn connection(stream: TcpStream, groups: Groups, frame: Utf8Bytes) -> Option<()> {
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
    sink.send(Message::Text(Utf8Bytes::from_static("in"))).await.ok()?;
    loop {
        tokio::select! {
            said = source.next() => match said?.ok()? {
                Message::Text(_) => { sender.send(frame.clone()).ok()?; }
                Message::Close(_) => return None,
                _ => {}
            },
            delivery = deliveries.recv() => sink.send(Message::Text(delivery.ok()?)).await.ok()?,
        }
    }
}
