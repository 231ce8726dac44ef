//! The Attune server: one value that is made with its clocks, store and chance, serves a listener, and stops.

mod alarm;
mod ballots;
mod budget;
pub mod clock;
mod codes;
pub mod config;
mod disk;
mod door;
#[cfg(test)]
mod fuzzing;
mod http;
pub mod limits;
mod listener;
mod metrics;
mod monitor;
pub mod operation;
mod outlet;
mod outlook;
pub mod program;
mod refusals;
mod room;
mod rooms;
mod screens;
pub mod secret;
pub mod session;
mod session_clock;
mod shown;
#[cfg(test)]
mod simulation;
mod slot;
pub mod store;
pub mod stored;
pub mod tls;

pub use http::{Network, NotANetwork, NotASite, Site};
pub use listener::listen;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::net::TcpListener;
use tokio::sync::watch;

use clock::Clock;
use config::Config;
use metrics::Metrics;
use rooms::{Common, Rooms};
use secret::Chance;
use session::Settings;
use store::Store;
use store::measured::MeasuredStore;

/// A server. Clones are handles to the same one.
#[derive(Clone)]
pub struct Server {
    rooms: Arc<Rooms>,
    doors: Arc<http::Doors>,
    stopping: Arc<watch::Sender<bool>>,
    stopped: Arc<watch::Sender<bool>>,
}

/// The store can never work again before a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreBroken;

impl std::fmt::Display for StoreBroken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the store cannot work any more")
    }
}

impl std::error::Error for StoreBroken {}

impl Server {
    /// A server that does nothing yet.
    ///
    /// `clock` is session time: phases, presence graces, retention. `transport` is the time of sockets: heartbeats,
    /// rates, coalescing. They may be the same clock; tests move the first by hand and leave the second real.
    pub fn new(
        config: Config,
        clock: Arc<dyn Clock>,
        transport: Arc<dyn Clock>,
        store: Arc<dyn Store>,
        chance: Arc<dyn Chance>,
    ) -> Self {
        let Config { public_url, trusted_proxies, retention, limits, create_token, encryption } = config;
        let settings = Settings { seat_limit: limits.seats, retention };
        let metrics = Arc::new(Metrics::new());
        let store: Arc<dyn Store> = Arc::new(MeasuredStore::new(store, Arc::clone(&metrics)));
        let common = Common { create_token, metrics };
        let rooms = Rooms::new(settings, Arc::new(limits), [clock, transport], store, chance, common);
        let (stopping, stop) = watch::channel(false);
        let doors = http::Doors::new(Arc::clone(&rooms), public_url, encryption, trusted_proxies, stop);
        Self { rooms, doors, stopping: Arc::new(stopping), stopped: Arc::new(watch::Sender::new(false)) }
    }

    /// Serves until [`Server::shutdown`]. To be called once. The store stays open, and is the caller's to close.
    ///
    /// # Errors
    /// The store broke for good; the server has stopped.
    pub async fn serve(&self, listener: TcpListener) -> Result<(), StoreBroken> {
        let sweeper = tokio::spawn(Arc::clone(&self.rooms).sweep());
        let mut doors = std::pin::pin!(Arc::clone(&self.doors).serve(listener));
        let ended = tokio::select! {
            () = doors.as_mut() => Ok(()),
            () = self.rooms.store.broken() => {
                self.begin_to_stop();
                doors.await;
                Err(StoreBroken)
            }
        };
        sweeper.abort();
        self.stopped.send_replace(true);
        ended
    }

    /// Closes every socket with `restarting`, finishes what is being stored, and returns once [`Server::serve`] has.
    pub async fn shutdown(&self) {
        self.begin_to_stop();
        let mut stopped = self.stopped.subscribe();
        // The sender is part of this handle, so the wait ends by the value alone.
        let _stopped = stopped.wait_for(|stopped| *stopped).await;
    }

    /// Answers whoever watches the server, at an address of its own: metrics, `/health`, `/ready`. Goes on until it is
    /// dropped, also while the server stops. `data` is the folder whose free disk is told.
    pub async fn serve_metrics(&self, listener: TcpListener, data: PathBuf) {
        monitor::serve(Arc::clone(&self.rooms), data, listener).await;
    }

    fn begin_to_stop(&self) {
        self.rooms.stopping.store(true, Ordering::Relaxed);
        self.stopping.send_replace(true);
    }
}
