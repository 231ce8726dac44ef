//! A listener of its own for whoever watches the server: metrics, health, readiness.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use crate::alarm::within;
use crate::disk::free_space;
use crate::metrics::Now;
use crate::operation::READY;
use crate::rooms::Rooms;
use attune_protocol::ids::Millis;

/// Connections at once: a monitoring service and a person who looks. Past it the oldest makes room: who asks at once has
/// had the answer long before, and whoever says nothing keeps nobody out.
const CONNECTIONS: usize = 16;
/// The longest that one connection lasts, waiting for its head included; each carries one request.
const LONGEST: Millis = Millis::seconds(10);
/// How long the loop waits after an error of the system.
const ACCEPT_PAUSE: Millis = Millis(100);
/// The path that tells whether the process answers.
const HEALTH: &str = "/health";

/// Answers until it is dropped: also while the server stops, when it says that it is not ready.
pub(crate) async fn serve(rooms: Arc<Rooms>, data: PathBuf, listener: TcpListener) {
    let data: Arc<Path> = data.into();
    let mut connections = JoinSet::new();
    let mut oldest_first: VecDeque<AbortHandle> = VecDeque::with_capacity(CONNECTIONS);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    oldest_first.retain(|connection| !connection.is_finished());
                    if oldest_first.len() == CONNECTIONS {
                        oldest_first.pop_front().iter().for_each(AbortHandle::abort);
                    }
                    let visit = visit(Arc::clone(&rooms), Arc::clone(&data), stream);
                    oldest_first.push_back(connections.spawn(visit));
                }
                Err(_) => rooms.transport.sleep_until(rooms.transport.now() + ACCEPT_PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn visit(rooms: Arc<Rooms>, data: Arc<Path>, stream: TcpStream) {
    let service = service_fn(|request: axum::http::Request<Incoming>| {
        let mut response = match (request.method(), request.uri().path()) {
            (&Method::GET | &Method::HEAD, "/metrics") => metrics(&rooms, &data),
            (&Method::GET | &Method::HEAD, path) => {
                answer(&rooms, path).unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
            }
            _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        };
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        async move { Ok::<_, Infallible>(response) }
    });
    let connection = http1::Builder::new().keep_alive(false).serve_connection(TokioIo::new(stream), service);
    // How it ends is of no interest.
    let _ended = within(&*rooms.transport, LONGEST, connection).await;
}

fn metrics(rooms: &Rooms, data: &Path) -> Response {
    let free_disk = free_space(data).ok();
    let now = Now { rooms: rooms.count_open(), ready: rooms.is_ready(), free_disk };
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    ([(CONTENT_TYPE, kind)], Body::from(rooms.metrics.write(now))).into_response()
}

/// What is said about health and readiness, here and where pages are served; `None` for every other path.
pub(crate) fn answer(rooms: &Rooms, path: &str) -> Option<Response> {
    let (status, words) = match path {
        HEALTH => (StatusCode::OK, "The server answers.\n"),
        READY if rooms.is_ready() => (StatusCode::OK, "The server is ready.\n"),
        READY => (StatusCode::SERVICE_UNAVAILABLE, "The server is not ready.\n"),
        _ => return None,
    };
    Some(crate::http::text(status, words))
}
