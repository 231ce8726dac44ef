//! Connections: accepted by a loop of our own, served pages, or turned into a websocket.

mod addresses;
mod bare;
mod first;
mod frames;
mod headers;
mod json;
mod meter;
mod origin;
mod pages;
mod proxies;
mod requests;
mod socket;
mod upgrade;

pub use origin::{NotASite, Site};
pub use proxies::{Network, NotANetwork};
/// What the simulation drives, where a connection would be accepted.
#[cfg(test)]
pub(crate) use socket::serve as serve_socket;
/// What reads bytes from outside, for the fuzzing.
#[cfg(test)]
pub(crate) mod readers {
    pub(crate) use super::first::read as read_first;
    pub(crate) use super::frames::Frames;
    pub(crate) use super::json::{is_bounded, read};
    pub(crate) use super::origin::is_own_page;
    pub(crate) use super::pages::answer as answer_page;
    pub(crate) use super::proxies::Proxies;
    pub(crate) use super::upgrade::agree;
}

use attune_protocol::ids::Millis;
use axum::Router;
use axum::body::Body;
use axum::http;
use axum::http::header::{CONNECTION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::any;
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::cell::Cell;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::alarm::within;
use crate::refusals::{Kind, Refusals};
use crate::rooms::Rooms;
use crate::tls::{Encryption, Stream};
pub(crate) use addresses::Addresses;
use addresses::{Key, Place};
use bare::Dressed;
pub(crate) use pages::text;
use proxies::Proxies;

/// How long the loop waits after an error of the system, such as no more descriptors.
const ACCEPT_PAUSE: Millis = Millis(100);
/// What an address that has too much is told.
const RETRY_SECONDS: &str = "5";

/// The doors of the server.
pub(crate) struct Doors {
    rooms: Arc<Rooms>,
    addresses: Arc<Addresses>,
    refusals: Refusals,
    public: Option<Site>,
    encryption: Option<Encryption>,
    proxies: Proxies,
    /// Whether it was said that requests are passed on by a proxy that is not configured.
    forwarding_seen: AtomicBool,
    /// The headers of every answer, as lines.
    headers: Arc<str>,
    stopping: watch::Receiver<bool>,
}

/// One connection: its place among those of its address, and the websocket that it asked for.
struct Visitor {
    number: u32,
    peer: IpAddr,
    /// Notified when the connection has to make room for a newer one.
    gives_way: Arc<Notify>,
    place: Mutex<Option<Place>>,
    upgrade: Mutex<Option<OnUpgrade>>,
}

impl Visitor {
    /// Whom it counts for.
    fn key(&self) -> Key {
        lock(&self.place).as_ref().map_or(Key::of(self.peer), Place::key)
    }
}

impl Doors {
    pub(crate) fn new(
        rooms: Arc<Rooms>,
        public: Option<Site>,
        encryption: Option<Encryption>,
        proxies: Vec<Network>,
        stopping: watch::Receiver<bool>,
    ) -> Arc<Self> {
        let addresses = Addresses::new(Arc::clone(&rooms.limits));
        let refusals = Refusals::new(Arc::clone(&rooms.limits), Arc::clone(&rooms.chance));
        let secure = encryption.is_some() || public.as_ref().is_some_and(Site::is_secure);
        let headers = headers::lines(secure).into();
        let (proxies, forwarding_seen) = (Proxies::new(proxies), AtomicBool::new(false));
        Arc::new(Self {
            rooms,
            addresses,
            refusals,
            public,
            encryption,
            proxies,
            forwarding_seen,
            headers,
            stopping,
        })
    }

    /// Accepts and serves connections until the server stops, then waits for those that are left.
    pub(crate) async fn serve(self: Arc<Self>, listener: TcpListener) {
        let router = Router::new()
            .route("/ws", any(requests::ask_for_socket))
            .fallback(any(requests::ask_for_page))
            .with_state(Arc::clone(&self));
        let mut stopping = self.stopping.clone();
        let mut connections = JoinSet::new();
        let mut failing = false;
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, peer)) => {
                        failing = false;
                        if connections.len() < self.rooms.limits.connections {
                            connections.spawn(Arc::clone(&self).visit(router.clone(), stream, peer.ip()));
                        } else {
                            self.log(Kind::ServerLimit, self.number(), Key::of(peer.ip()));
                            self.refuse_at_once(&stream);
                        }
                    }
                    Err(error) => {
                        // It may fail for long: one line when that begins.
                        if !std::mem::replace(&mut failing, true) {
                            tracing::warn!(
                                kind = "server_limit",
                                code = error.raw_os_error(),
                                "connections cannot be accepted"
                            );
                        }
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

    async fn visit(self: Arc<Self>, router: Router, stream: TcpStream, peer: IpAddr) {
        // On the heap, so that what pages need is free again while a socket lives for hours.
        if let Some((upgrade, place, number)) = Box::pin(self.serve_pages(router, stream, peer)).await {
            self.serve_socket(upgrade, place, number).await;
        }
    }

    /// Answers requests, until one of them asks for a socket.
    async fn serve_pages(
        &self,
        router: Router,
        stream: TcpStream,
        peer: IpAddr,
    ) -> Option<(OnUpgrade, Place, u32)> {
        let number = self.number();
        let place = if self.proxies.trust(peer) {
            Some(self.addresses.connect_proxy(peer))
        } else {
            self.addresses.connect(peer, self.rooms.transport.now())
        };
        let Some(place) = place else {
            self.log(Kind::AddressLimit, number, Key::of(peer));
            self.refuse(stream).await;
            return None;
        };
        let gives_way = place.gives_way();
        let stream = self.encrypt(stream, &gives_way).await?;
        let place = Mutex::new(Some(place));
        let visitor = Arc::new(Visitor { number, peer, gives_way, place, upgrade: Mutex::default() });
        self.serve_requests(router, stream, &visitor).await;
        let (upgrade, place) = (lock(&visitor.upgrade).take(), lock(&visitor.place).take());
        upgrade.zip(place).map(|(upgrade, place)| (upgrade, place, number))
    }

    /// Does the handshake, if there is one. Whoever fails at it, or was an authority that looked, gets nothing more.
    async fn encrypt(&self, stream: TcpStream, gives_way: &Notify) -> Option<Stream> {
        let Some(encryption) = &self.encryption else { return Some(Stream::Plain(stream)) };
        let handshake = Box::pin(encryption.accept(stream));
        let mut stopping = self.stopping.clone();
        tokio::select! {
            done = within(&*self.rooms.transport, self.rooms.limits.handshake_time, handshake) => done?.ok()?,
            () = gives_way.notified() => None,
            () = socket::stopped(&mut stopping) => None,
        }
    }

    /// Counts a request for whom it comes from.
    ///
    /// # Errors
    /// Who that is, when they have too much.
    fn locate(&self, visitor: &Visitor, headers: &HeaderMap) -> Result<(), Key> {
        let is_forwarded = proxies::is_forwarded(headers);
        if !self.proxies.trust(visitor.peer) {
            if is_forwarded && self.proxies.is_empty() && !self.forwarding_seen.swap(true, Ordering::Relaxed)
            {
                tracing::warn!(
                    kind = "configuration",
                    "a request came with the headers of a proxy, which are not read: if there is one, configure it as \
                     trusted; this is said once"
                );
            }
            return Ok(());
        }
        let client = self.proxies.client(headers);
        if client.is_none() && !self.forwarding_seen.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                kind = "configuration",
                "a trusted proxy does not say for whom it asks: set X-Forwarded-For there; this is said once"
            );
        }
        let client = client.unwrap_or(visitor.peer);
        let now = self.rooms.transport.now();
        let has_room = lock(&visitor.place).as_mut().is_none_or(|place| place.count_for(client, now));
        if has_room { Ok(()) } else { Err(Key::of(client)) }
    }

    async fn serve_requests(&self, router: Router, stream: Stream, visitor: &Arc<Visitor>) {
        let limits = &self.rooms.limits;
        let secure = self.encryption.is_some() || self.public.as_ref().is_some_and(Site::is_secure);
        // Whoever asks on one connection without a pause is counted again among the new ones of the address.
        let left = Cell::new(limits.requests_per_connection);
        let service = service_fn(move |request: http::Request<Incoming>| {
            left.set(left.get().saturating_sub(1));
            let is_last = left.get() == 0;
            let (router, visitor) = (router.clone(), Arc::clone(visitor));
            let refused = requests::refuse(&request, limits).or_else(|| {
                let key = self.locate(&visitor, request.headers()).err()?;
                Some(self.refuse_politely(visitor.number, key))
            });
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
                if is_last && answer.status() != StatusCode::SWITCHING_PROTOCOLS {
                    answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(answer)
            }
        });
        let head_time = Duration::from_millis(limits.head_time.0.unsigned_abs());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head_time)
            .max_headers(limits.headers)
            .max_buf_size(limits.head_bytes)
            .serve_connection(TokioIo::new(Dressed::new(stream, Arc::clone(&self.headers))), service)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        let mut stopping = self.stopping.clone();
        // How a connection ends is its own affair: a browser that goes away is no failure.
        tokio::select! {
            _ended = connection.as_mut() => return,
            () = visitor.gives_way.notified() => return self.log(Kind::AddressLimit, visitor.number, visitor.key()),
            () = socket::stopped(&mut stopping) => connection.as_mut().graceful_shutdown(),
        }
        let _ended = connection.await;
    }

    async fn serve_socket(&self, upgrade: OnUpgrade, mut place: Place, number: u32) {
        let (stream, early) = {
            let Ok(upgraded) = upgrade.await else { return };
            // It can be nothing else: this is what was given to the connection.
            let Ok(parts) = upgraded.downcast::<TokioIo<Dressed<Stream>>>() else { return };
            // A copy, because even an empty piece of it would keep the whole buffer of the request.
            (parts.io.into_inner().into_inner(), Bytes::copy_from_slice(&parts.read_buf))
        };
        let key = place.key();
        let closed = socket::serve(&self.rooms, &mut place, self.stopping.clone(), stream, early).await;
        if let Some(code) = closed {
            self.rooms.metrics.count_closed(code);
            tracing::debug!(kind = "socket_closed", connection = number, code = code.word(), "socket closed");
            if let Some(kind) = Kind::of(code) {
                self.log(kind, number, key);
            }
        }
    }

    /// Tells an address that it has too much, and reads on for a moment so that it hears it.
    async fn refuse(&self, mut stream: TcpStream) {
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
            "HTTP/1.1 503 Service Unavailable\r\nretry-after: {RETRY_SECONDS}\r\n{}content-length: 0\r\n\
             connection: close\r\n\r\n",
            self.headers
        );
        let _written = stream.try_write(answer.as_bytes());
    }

    /// Tells an address on a connection that goes on that it has too much.
    fn refuse_politely(&self, number: u32, key: Key) -> Response {
        self.log(Kind::AddressLimit, number, key);
        let words = "Too much at once comes from your network. Try again soon.\n";
        let mut answer = text(StatusCode::SERVICE_UNAVAILABLE, words);
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
        answer
    }

    fn log(&self, kind: Kind, connection: u32, key: Key) {
        self.rooms.metrics.count_turned_away(kind.word());
        self.refusals.log(kind, connection, key.bytes(), self.rooms.transport.now());
    }

    /// A random number that stands for one connection in the log and nowhere else.
    fn number(&self) -> u32 {
        let mut bytes = [0; 4];
        // Without chance all connections are number 0 in the log; that is no reason to refuse them.
        let _filled = self.rooms.chance.fill(&mut bytes);
        u32::from_le_bytes(bytes)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
