//! One websocket: its first frame, then acts in and views out, until one of the two sides ends it.

mod bell;
mod knock;
mod line;
mod screen;
mod visit;
mod wire;

use attune_protocol::server::CloseCode;
use attune_protocol::version::Version;
use bytes::Bytes;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::addresses::Place;
use super::first::{self, Arrival, TurnedAway};
use super::meter::Meter;
use crate::rooms::{Entered, Rooms};
use crate::screens::Watching;
use line::Line;
use visit::Visit;
use wire::{Heard, Wire};

/// Read at once from a socket. The library's default of 128 KiB costs every socket that much.
const READ_BUFFER: usize = 512;

/// What a socket is on.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for S {}

/// How a socket ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The other side has gone.
    Gone,
    /// It is closed from here.
    Close(CloseCode),
}

/// What a socket has come to be.
enum Inside {
    /// A person's.
    Seat(Entered),
    /// That of a screen on the wall.
    Screen(Watching),
}

/// Serves a websocket to its end. `early` is what came together with the request.
pub(crate) async fn serve<S>(
    rooms: &Arc<Rooms>,
    place: &mut Place,
    mut stopping: watch::Receiver<bool>,
    stream: S,
    early: Bytes,
) -> Option<CloseCode>
where
    S: Stream,
{
    let (limits, clock) = (Arc::clone(&rooms.limits), Arc::clone(&rooms.transport));
    let meter = Meter::new(Line::new(stream), early, Arc::clone(&clock), Arc::clone(&limits));
    let largest = usize::try_from(limits.message_bytes).unwrap_or(usize::MAX);
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(limits.write_buffer_bytes)
        .max_message_size(Some(largest))
        .max_frame_size(Some(largest));
    // On the heap, so that a socket that is in does not carry what beginning and ending need.
    let socket = Box::pin(WebSocketStream::from_raw_socket(meter, Role::Server, Some(config))).await;
    let mut wire = Wire { socket, owes: false, version: Version::default(), clock, limits };
    let mut begun = Box::pin(begin(rooms, place, &mut stopping, &mut wire)).await;
    let end = match &mut begun {
        Ok(visit) => {
            let _joined = rooms.metrics.count_joined();
            visit.run(&mut stopping).await
        }
        Err(end) => *end,
    };
    // Who is put out has left the seat before the farewell, which may take a while.
    drop(begun);
    match end {
        End::Gone => None,
        End::Close(code) => {
            Box::pin(wire.close(code)).await;
            Some(code)
        }
    }
}

/// Begins what the first frame asks for: a person's visit, or a screen's, which is served here to its end.
async fn begin<'a, S: Stream>(
    rooms: &'a Arc<Rooms>,
    place: &mut Place,
    stopping: &mut watch::Receiver<bool>,
    wire: &'a mut Wire<S>,
) -> Result<Visit<'a, S>, End> {
    let waiting = rooms.metrics.count_waiting();
    let inside = join(rooms, place, stopping, wire).await?;
    drop(waiting);
    match inside {
        Inside::Seat(entered) => Ok(Visit::begin(rooms, wire, entered)),
        Inside::Screen(watching) => {
            let _joined = rooms.metrics.count_joined();
            Err(screen::run(stopping, wire, watching).await)
        }
    }
}

/// Waits for the first frame and carries it out.
async fn join<S: Stream>(
    rooms: &Arc<Rooms>,
    place: &mut Place,
    stopping: &mut watch::Receiver<bool>,
    wire: &mut Wire<S>,
) -> Result<Inside, End> {
    let gives_way = place.gives_way();
    let mut too_late = wire.clock.sleep_until(wire.clock.now() + wire.limits.first_time);
    let text = loop {
        let heard = tokio::select! {
            biased;
            heard = wire.next() => heard?,
            () = &mut too_late => return Err(End::Close(CloseCode::Silent)),
            () = gives_way.notified() => return Err(End::Close(CloseCode::Busy)),
            () = stopped(stopping) => return Err(End::Close(CloseCode::Restarting)),
        };
        if let Heard::Text(text) = heard {
            break text;
        }
    };
    wire.socket.get_mut().first_is_over();
    let first = first::read(&text, &wire.limits).map_err(End::Close)?;
    wire.version = first.version;
    let TurnedAway { code, told_at } = match first::answer(rooms, place, first).await {
        Ok(Arrival::In(entered)) => return Ok(Inside::Seat(entered)),
        Ok(Arrival::Watching(watching)) => return Ok(Inside::Screen(watching)),
        Ok(Arrival::AtDoor(at_door)) => {
            return Box::pin(knock::wait(rooms, stopping, wire, at_door)).await.map(Inside::Seat);
        }
        Err(turned_away) => turned_away,
    };
    let Some(told_at) = told_at else { return Err(End::Close(code)) };
    tokio::select! {
        () = wire.clock.sleep_until(told_at) => Err(End::Close(code)),
        () = stopped(stopping) => Err(End::Close(CloseCode::Restarting)),
        end = wire.ignore() => Err(end),
    }
}

/// Resolves when the server stops, also by going away.
pub(crate) async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // The guard that comes back must not be kept while others wait.
    let _stopping = stopping.wait_for(|stopping| *stopping).await;
}
