//! One run of the server, from its start to its stop or its sudden end: the real rooms and sockets on a clock moved by hand.

use attune_protocol::ids::{Millis, Timestamp};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::{JoinHandle, yield_now};

use super::disk::{Disk, SlowStore};
use super::link::Link;
use crate::clock::{Clock, ManualClock};
use crate::http::{Addresses, serve_socket};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::rooms::{Common, Rooms};
use crate::secret::SeededChance;
use crate::session::Settings;

/// A server that runs. Dropping it is its sudden end.
pub(super) struct Running {
    runtime: Runtime,
    rooms: Arc<Rooms>,
    addresses: Arc<Addresses>,
    clock: ManualClock,
    /// By how much its wall clock is wrong.
    error: Millis,
    stopping: watch::Sender<bool>,
    sockets: Vec<JoinHandle<()>>,
    pub(super) started_at: Timestamp,
}

impl Running {
    /// Starts a server on what the disk holds.
    pub(super) fn start(
        disk: &Arc<Disk>,
        seed: u64,
        retention: Millis,
        now: Timestamp,
        error: Millis,
    ) -> Self {
        // The queue is never left for timers or the system, of which there are none: a task runs when it was woken, in
        // the order of waking, and nothing else decides.
        let runtime = Builder::new_current_thread().event_interval(u32::MAX).build().expect("needs nothing");
        let clock = ManualClock::new(now + error);
        let limits = Arc::new(Limits::default());
        let store = SlowStore { disk: Arc::clone(disk), clock: Arc::new(clock.clone()) };
        let rooms = Rooms::new(
            Settings { seat_limit: limits.seats, retention },
            Arc::clone(&limits),
            [Arc::new(clock.clone()), Arc::new(clock.clone())],
            Arc::new(store),
            Arc::new(SeededChance::new(seed)),
            Common { create_token: None, metrics: Arc::new(Metrics::new()) },
        );
        runtime.spawn(Arc::clone(&rooms).sweep());
        let addresses = Addresses::new(limits);
        let (stopping, sockets) = (watch::Sender::new(false), Vec::new());
        Self { runtime, rooms, addresses, clock, error, stopping, sockets, started_at: now }
    }

    /// Lets everything run that can run now.
    pub(super) fn settle(&self) {
        self.runtime.block_on(async {
            // Whoever yields runs again once nobody else has anything to do; a task that did much at once has yielded
            // too, and goes on after that.
            for _ in 0..3 {
                yield_now().await;
            }
        });
    }

    /// A page's connection arrives.
    pub(super) fn accept(&mut self, page: usize) -> Link {
        let link = Link::default();
        let address = Ipv4Addr::new(192, 0, 2, u8::try_from(page).unwrap_or(u8::MAX));
        let Some(mut place) = self.addresses.connect(IpAddr::V4(address), self.clock.now()) else {
            link.reset();
            return link;
        };
        let (rooms, stopping, stream) =
            (Arc::clone(&self.rooms), self.stopping.subscribe(), link.server_end());
        self.sockets.push(self.runtime.spawn(async move {
            let _code = serve_socket(&rooms, &mut place, stopping, stream, bytes::Bytes::new()).await;
        }));
        link
    }

    /// Whether a socket's task has failed.
    pub(super) fn has_failed(&mut self) -> bool {
        let ended: Vec<_> = self.sockets.extract_if(.., |socket| socket.is_finished()).collect();
        ended.into_iter().any(|socket| self.runtime.block_on(socket).is_err())
    }

    /// When anything in it wakes next.
    pub(super) fn next_waking(&self) -> Option<Timestamp> {
        self.clock.earliest_sleeper().map(|at| at - self.error)
    }

    /// Moves its clock to the world's.
    pub(super) fn pass_to(&self, now: Timestamp) {
        self.clock.set(now + self.error);
    }

    /// Its own time.
    pub(super) fn time(&self) -> Timestamp {
        self.clock.now()
    }

    /// Closes every socket and takes no more.
    pub(super) fn begin_to_stop(&self) {
        self.rooms.stopping.store(true, Ordering::Relaxed);
        self.stopping.send_replace(true);
    }

    pub(super) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }
}
