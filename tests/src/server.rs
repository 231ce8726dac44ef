//! The server under test, in this process: real, on port 0, with session time that a test moves.

use attune_protocol::ids::{Millis, SessionId, Timestamp};
use attune_server::Server;
use attune_server::clock::{Clock, ManualClock, SystemClock};
use attune_server::config::Config;
use attune_server::limits::Limits;
use attune_server::secret::SystemChance;
use attune_server::session::{Audience, Event, Session};
use attune_server::store::memory::MemoryStore;
use attune_server::store::sqlite::{SqliteOptions, SqliteStore};
use attune_server::store::{Loaded, Store};
use attune_server::stored;
use attune_server::tls::Encryption;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::waiting::within_limit;

/// When session time begins: a Monday in March 2026, nine o'clock.
pub const START: Timestamp = Timestamp(1_772_442_000_000);

/// How a server is set up.
pub struct Setup {
    /// Its configuration.
    pub config: Config,
    /// Whether sessions are kept in a folder, by SQLite.
    pub on_disk: bool,
    /// Whether the time of sockets is moved by hand too.
    pub manual_transport: bool,
}

impl Default for Setup {
    /// Nothing stands in the way of a test's haste: no rates, and patience with silent sockets.
    fn default() -> Self {
        let limits = Limits {
            away_after: Millis::minutes(10),
            silent_after: Millis::minutes(20),
            ..Limits::default().without_rates()
        };
        Self { config: Config { limits, ..Config::default() }, on_disk: false, manual_transport: false }
    }
}

impl Setup {
    /// With the limits of a server as it is hosted, and what a test changes in them.
    pub fn with_limits(change: impl FnOnce(&mut Limits)) -> Self {
        let mut limits = Limits::default();
        change(&mut limits);
        Self { config: Config { limits, ..Config::default() }, ..Self::default() }
    }

    /// With the limits of a server as it is hosted, what a test changes in them, and the time of sockets by hand.
    /// Views are not held together, unless the test says so: each would wait for the test to move the time.
    pub fn by_hand(change: impl FnOnce(&mut Limits)) -> Self {
        let at_once = |limits: &mut Limits| {
            limits.view_gap = Millis(0);
            change(limits);
        };
        Self { manual_transport: true, ..Self::with_limits(at_once) }
    }

    /// With sessions in a folder.
    pub fn on_disk() -> Self {
        Self { on_disk: true, ..Self::default() }
    }
}

/// A real server on a port of its own.
pub struct TestServer {
    config: Config,
    clock: ManualClock,
    transport: Option<ManualClock>,
    folder: Option<TempDir>,
    store: Arc<dyn Store>,
    address: SocketAddr,
    server: Server,
    serving: JoinHandle<()>,
}

impl TestServer {
    /// A server in memory, without rates.
    pub async fn start() -> Self {
        Self::with(Setup::default()).await
    }

    /// A server as set up.
    ///
    /// # Panics
    /// When the system has no folder or no port to give.
    pub async fn with(setup: Setup) -> Self {
        let Setup { config, on_disk, manual_transport } = setup;
        let folder = on_disk.then(|| TempDir::new().expect("the system has a folder for temporary files"));
        let store = open_store(folder.as_ref().map(TempDir::path));
        Self::run(config, manual_transport, folder, store).await
    }

    /// A server as set up, on a store of the test's own.
    ///
    /// # Panics
    /// When the system has no port to give.
    pub async fn on_store(setup: Setup, store: Arc<dyn Store>) -> Self {
        Self::run(setup.config, setup.manual_transport, None, store).await
    }

    async fn run(
        config: Config,
        manual_transport: bool,
        folder: Option<TempDir>,
        store: Arc<dyn Store>,
    ) -> Self {
        let clock = ManualClock::new(START);
        let transport = manual_transport.then(|| ManualClock::new(START));
        let (address, server, serving) = serve(&config, &clock, transport.as_ref(), &store).await;
        Self { config, clock, transport, folder, store, address, server, serving }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What session time it is.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Moves session time on.
    pub fn advance(&self, length: Millis) {
        self.clock.advance(length);
    }

    /// Puts session time where a test wants it, also back.
    pub fn set(&self, now: Timestamp) {
        self.clock.set(now);
    }

    /// Moves the time of sockets on.
    ///
    /// # Panics
    /// When that time is real.
    pub fn advance_transport(&self, length: Millis) {
        self.transport.as_ref().expect("the time of sockets is moved by hand").advance(length);
    }

    /// Its limits.
    pub fn limits(&self) -> &Limits {
        &self.config.limits
    }

    /// How it encrypts, if it does.
    pub fn encryption(&self) -> Option<&Encryption> {
        self.config.encryption.as_ref()
    }

    /// How long it keeps a session.
    pub fn retention(&self) -> Millis {
        self.config.retention
    }

    /// The folder with its data, if it has one.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_ref().map(TempDir::path)
    }

    /// Its store.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// How many sessions are stored.
    ///
    /// # Panics
    /// When the store does not answer.
    pub async fn sessions(&self) -> u64 {
        self.store.count().await.expect("the store answers")
    }

    /// Waits until so many sessions are stored.
    pub async fn wait_for_sessions(&self, count: u64) {
        within_limit("the store", async {
            while self.sessions().await != count {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    /// The stored events of a session.
    ///
    /// # Panics
    /// When there are none.
    pub async fn events(&self, session: SessionId) -> Vec<Event> {
        events_in(&*self.store, session).await
    }

    /// Waits until nobody is connected to a session, and that is stored.
    ///
    /// # Panics
    /// When the session is not there.
    pub async fn wait_until_nobody_is_here(&self, session: SessionId) {
        within_limit("everybody to be away", async {
            loop {
                let stored = Session::rebuild(self.events(session).await).expect("begins with its creation");
                let seats = stored.view(Audience::Members).seats;
                if seats.iter().all(|seat| seat.away_since.is_some() || !seat.device) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    /// Stops it in good order and starts it again on the same data, at the same session time and a new port.
    ///
    /// # Panics
    /// When it does not stop.
    pub async fn restart(&mut self) {
        self.restart_at(self.now()).await;
    }

    /// As [`TestServer::restart`], with session time as given.
    ///
    /// # Panics
    /// When it does not stop.
    pub async fn restart_at(&mut self, now: Timestamp) {
        self.stop().await;
        self.clock = ManualClock::new(now);
        if let Some(folder) = &self.folder {
            self.store.close().await;
            self.store = open_store(Some(folder.path()));
        }
        let (address, server, serving) =
            serve(&self.config, &self.clock, self.transport.as_ref(), &self.store).await;
        (self.address, self.server, self.serving) = (address, server, serving);
    }

    /// Stops it in good order. Its store stays open.
    ///
    /// # Panics
    /// When it does not stop.
    pub async fn stop(&mut self) {
        within_limit("the server to stop", self.server.shutdown()).await;
        within_limit("the server's task", &mut self.serving).await.expect("the server does not fail");
    }
}

/// The events that a store has of a session.
///
/// # Panics
/// When there are none, or they cannot be read.
pub async fn events_in(store: &dyn Store, session: SessionId) -> Vec<Event> {
    match store.load(session).await.expect("the store answers") {
        Loaded::Events(bodies) => {
            bodies.iter().map(|body| stored::read(body).expect("can be read")).collect()
        }
        other @ (Loaded::Gone | Loaded::Absent) => panic!("the session is {other:?}"),
    }
}

/// Opens the store in a folder, or one in memory.
///
/// # Panics
/// When the folder cannot be used.
pub fn open_store(folder: Option<&Path>) -> Arc<dyn Store> {
    match folder {
        Some(folder) => {
            Arc::new(SqliteStore::open(folder, SqliteOptions::default()).expect("the folder can be used"))
        }
        None => Arc::new(MemoryStore::new(attune_server::store::DEFAULT_QUEUE)),
    }
}

async fn serve(
    config: &Config,
    clock: &ManualClock,
    transport: Option<&ManualClock>,
    store: &Arc<dyn Store>,
) -> (SocketAddr, Server, JoinHandle<()>) {
    let transport: Arc<dyn Clock> = match transport {
        Some(manual) => Arc::new(manual.clone()),
        None => Arc::new(real_time()),
    };
    let server = Server::new(
        config.clone(),
        Arc::new(clock.clone()),
        transport,
        Arc::clone(store),
        Arc::new(SystemChance),
    );
    let listener =
        attune_server::listen((Ipv4Addr::LOCALHOST, 0).into()).expect("the system has a free port");
    let address = listener.local_addr().expect("a listener has an address");
    let serving = tokio::spawn({
        let server = server.clone();
        async move { server.serve(listener).await.expect("the store works") }
    });
    (address, server, serving)
}

/// One real clock for all servers of this program: each has a thread.
fn real_time() -> SystemClock {
    static CLOCK: OnceLock<SystemClock> = OnceLock::new();
    CLOCK.get_or_init(|| SystemClock::new().expect("the system has a timer")).clone()
}
