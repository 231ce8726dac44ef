//! Connections: accepted by a loop of our own, served pages, or turned into a websocket.

mod addresses;
mod first;
mod frames;
mod headers;
mod json;
mod meter;
mod origin;
mod pages;
mod socket;
mod upgrade;

pub use origin::{NotASite, Site};

use attune_protocol::ids::Millis;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CONTENT_LENGTH, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use axum::routing::any;
use axum::{Extension, http};
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::alarm::within;
use crate::monitor;
use crate::rooms::Rooms;
use crate::tls::{Encryption, Stream};
use addresses::{Addresses, Place, Tier};
pub(crate) use pages::text;

/// How long the loop waits after an error of the system, such as no more descriptors.
const ACCEPT_PAUSE: Millis = Millis(100);
/// The system gives up a peer that takes nothing for this long, in milliseconds.
const USER_TIMEOUT: u32 = 30_000;
/// What an address that has too much is told.
const RETRY_SECONDS: &str = "5";

/// The doors of the server.
pub(crate) struct Doors {
    rooms: Arc<Rooms>,
    addresses: Arc<Addresses>,
    public: Option<Site>,
    encryption: Option<Encryption>,
    stopping: watch::Receiver<bool>,
}

/// One connection: its place among those of its address, and the websocket that it asked for.
struct Visitor {
    number: u32,
    place: Mutex<Option<Place>>,
    upgrade: Mutex<Option<OnUpgrade>>,
}

impl Doors {
    pub(crate) fn new(
        rooms: Arc<Rooms>,
        public: Option<Site>,
        encryption: Option<Encryption>,
        stopping: watch::Receiver<bool>,
    ) -> Arc<Self> {
        let addresses = Addresses::new(Arc::clone(&rooms.limits));
        Arc::new(Self { rooms, addresses, public, encryption, stopping })
    }

    /// Accepts and serves connections until the server stops, then waits for those that are left.
    pub(crate) async fn serve(self: Arc<Self>, listener: TcpListener) {
        let router = Router::new()
            .route("/ws", any(ask_for_socket))
            .fallback(any(ask_for_page))
            .with_state(Arc::clone(&self));
        let mut stopping = self.stopping.clone();
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, peer)) if connections.len() < self.rooms.limits.connections => {
                        connections.spawn(Arc::clone(&self).visit(router.clone(), stream, peer.ip()));
                    }
                    Ok((stream, _)) => {
                        self.rooms.metrics.count_turned_away("server_full");
                        self.refuse_at_once(&stream);
                    }
                    Err(error) => {
                        tracing::warn!(kind = ?error.kind(), "a connection could not be accepted");
                        self.rooms.transport.sleep_until(self.rooms.transport.now() + ACCEPT_PAUSE).await;
                    }
                },
                // A fault in one connection is logged by the panic hook and ends that connection only.
                Some(_) = connections.join_next() => {}
                () = socket::stopped(&mut stopping) => break,
            }
        }
        drop(listener);
        let deadline = self.rooms.transport.now() + self.rooms.limits.stop_time;
        let over = self.rooms.transport.sleep_until(deadline);
        tokio::select! {
            () = async { while connections.join_next().await.is_some() {} } => {}
            () = over => connections.shutdown().await,
        }
    }

    async fn visit(self: Arc<Self>, router: Router, stream: TcpStream, address: IpAddr) {
        // Neither changes what is said, only how soon.
        let _no_delay = stream.set_nodelay(true);
        let _timeout = rustix::net::sockopt::set_tcp_user_timeout(&stream, USER_TIMEOUT);
        let Some(place) = self.addresses.connect(address, self.rooms.transport.now()) else {
            return self.refuse(stream).await;
        };
        let Some(stream) = self.encrypt(stream).await else { return };
        let number = self.number();
        let visitor = Arc::new(Visitor { number, place: Mutex::new(Some(place)), upgrade: Mutex::default() });
        // On the heap, so that what pages need is free again while a socket lives for hours.
        Box::pin(self.serve_requests(router, stream, &visitor)).await;
        let (upgrade, place) = (lock(&visitor.upgrade).take(), lock(&visitor.place).take());
        if let (Some(upgrade), Some(place)) = (upgrade, place) {
            self.serve_socket(upgrade, place, number).await;
        }
    }

    /// Does the handshake, if there is one. Whoever fails at it, or was an authority that looked, gets nothing more.
    async fn encrypt(&self, stream: TcpStream) -> Option<Stream> {
        let Some(encryption) = &self.encryption else { return Some(Stream::Plain(stream)) };
        let handshake = Box::pin(encryption.accept(stream));
        let mut stopping = self.stopping.clone();
        tokio::select! {
            done = within(&*self.rooms.transport, self.rooms.limits.handshake_time, handshake) => done?.ok()?,
            () = socket::stopped(&mut stopping) => None,
        }
    }

    async fn serve_requests(&self, router: Router, stream: Stream, visitor: &Arc<Visitor>) {
        let limits = &self.rooms.limits;
        let secure = self.encryption.is_some() || self.public.as_ref().is_some_and(Site::is_secure);
        let service = service_fn(|request: http::Request<Incoming>| {
            let (router, visitor) = (router.clone(), Arc::clone(visitor));
            let refused = refuse_request(&request, limits);
            async move {
                let mut answer = match refused {
                    Some(answer) => answer,
                    None => {
                        let mut request = request.map(Body::new);
                        request.extensions_mut().insert(visitor);
                        router.oneshot(request).await?
                    }
                };
                headers::add(answer.headers_mut(), secure);
                Ok::<_, Infallible>(answer)
            }
        });
        let head_time = Duration::from_millis(limits.head_time.0.unsigned_abs());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head_time)
            .max_headers(limits.headers)
            .max_buf_size(limits.head_bytes)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        let mut stopping = self.stopping.clone();
        // How a connection ends is its own affair: a browser that goes away is no failure.
        tokio::select! {
            _ended = connection.as_mut() => return,
            () = socket::stopped(&mut stopping) => connection.as_mut().graceful_shutdown(),
        }
        let _ended = connection.await;
    }

    async fn serve_socket(&self, upgrade: OnUpgrade, place: Place, number: u32) {
        let Ok(upgraded) = upgrade.await else { return };
        // It can be nothing else: this is what was given to the connection.
        let Ok(parts) = upgraded.downcast::<TokioIo<Stream>>() else { return };
        let stream = parts.io.into_inner();
        // A copy, because even an empty piece of it would keep the whole buffer of the request.
        let early = Bytes::copy_from_slice(&parts.read_buf);
        drop(parts.read_buf);
        let closed = socket::serve(&self.rooms, place, self.stopping.clone(), stream, early).await;
        if let Some(code) = closed {
            self.rooms.metrics.count_closed(code);
            tracing::info!(connection = number, code = code.word(), "socket closed");
        }
    }

    /// Tells an address that it has too much, and reads on for a moment so that it hears it.
    async fn refuse(&self, mut stream: TcpStream) {
        self.rooms.metrics.count_turned_away("address_limit");
        tracing::info!(reason = "address_limit", "connection refused");
        let over = self.rooms.transport.sleep_until(self.rooms.transport.now() + Millis::seconds(1));
        self.refuse_at_once(&stream);
        let rest = async {
            if stream.shutdown().await.is_ok() {
                let _read = tokio::io::copy(&mut stream.take(64 * 1024), &mut tokio::io::sink()).await;
            }
        };
        tokio::select! {
            () = rest => {}
            () = over => {}
        }
    }

    /// Without waiting: what does not fit into the system's buffer is not said. Where TLS is spoken, nothing is.
    fn refuse_at_once(&self, stream: &TcpStream) {
        if self.encryption.is_some() {
            return;
        }
        let answer = format!(
            "HTTP/1.1 503 Service Unavailable\r\nretry-after: {RETRY_SECONDS}\r\ncache-control: no-store\r\n\
             x-content-type-options: nosniff\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        );
        let _written = stream.try_write(answer.as_bytes());
    }

    /// A random number that stands for one connection in the log and nowhere else.
    fn number(&self) -> u32 {
        let mut bytes = [0; 4];
        // Without chance all connections are number 0 in the log; that is no reason to refuse them.
        let _filled = self.rooms.chance.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }
}

/// What no address takes: too long, with too much in it, or meant to change something.
fn refuse_request(request: &http::Request<Incoming>, limits: &crate::limits::Limits) -> Option<Response> {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if target > limits.uri_bytes {
        return Some(text(StatusCode::URI_TOO_LONG, "This address is too long.\n"));
    }
    if body_length(request.headers()) > limits.body_bytes {
        return Some(text(StatusCode::PAYLOAD_TOO_LARGE, "This is more than the server takes.\n"));
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut answer = text(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD are answered.\n");
        answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return Some(answer);
    }
    None
}

fn body_length(headers: &HeaderMap) -> u64 {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

async fn ask_for_page(State(doors): State<Arc<Doors>>, request: Request) -> Response {
    let path = request.uri().path();
    monitor::answer(&doors.rooms, path).unwrap_or_else(|| pages::answer(path, request.headers()))
}

async fn ask_for_socket(
    State(doors): State<Arc<Doors>>,
    Extension(visitor): Extension<Arc<Visitor>>,
    mut request: Request,
) -> Response {
    // Before anything is counted: what a foreign page does must not use up anybody's place.
    if !origin::is_own_page(request.headers(), doors.public.as_ref()) {
        doors.rooms.metrics.count_turned_away("foreign_origin");
        tracing::info!(connection = visitor.number, reason = "foreign_origin", "socket refused");
        return text(StatusCode::FORBIDDEN, "Sockets are opened by the pages of this site only.\n");
    }
    let upgrade = hyper::upgrade::on(&mut request);
    let (parts, _body) = request.into_parts();
    let answer = match upgrade::agree(&parts) {
        Ok(answer) => answer,
        Err(answer) => return *answer,
    };
    let has_place = lock(&visitor.place).as_mut().is_some_and(|place| place.advance(Tier::Waiting));
    if !has_place {
        doors.rooms.metrics.count_turned_away("waiting_limit");
        tracing::info!(connection = visitor.number, reason = "address_limit", "socket refused");
        let mut answer =
            text(StatusCode::SERVICE_UNAVAILABLE, "Too many sockets wait here. Try again soon.\n");
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
        return answer;
    }
    *lock(&visitor.upgrade) = Some(upgrade);
    answer
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
