//! The time of one session: the server's own, or ahead of it.
//!
//! A machine without a battery for its clock, or one whose clock was wrong and has been set right, may start earlier than
//! what a session stored last. Its time then goes on from there: were it to stand until the server's has caught up, a
//! part would not end meanwhile, and a request for a pause would wait for an hour.

use attune_protocol::ids::{Millis, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::clock::{Clock, Sleep};

/// The server's clock, ahead by as much as a session's newest event was when the session was read.
pub(crate) struct SessionClock {
    server: Arc<dyn Clock>,
    /// In milliseconds, and never less than it was: no time runs back.
    ahead: AtomicI64,
}

impl SessionClock {
    /// A clock that shows `newest_at` now, or the server's time if that is later.
    pub(crate) fn new(server: Arc<dyn Clock>, newest_at: Timestamp) -> Self {
        let clock = Self { server, ahead: AtomicI64::new(0) };
        clock.raise_to(newest_at);
        clock
    }

    /// Shows at least this from now on. Who sleeps already is woken by the time before.
    pub(crate) fn raise_to(&self, newest_at: Timestamp) {
        self.ahead.fetch_max((newest_at - self.server.now()).0, Ordering::SeqCst);
    }

    /// What it shows at this moment of the server's clock.
    pub(crate) fn at(&self, server: Timestamp) -> Timestamp {
        server + self.ahead()
    }

    fn ahead(&self) -> Millis {
        Millis(self.ahead.load(Ordering::SeqCst))
    }
}

impl Clock for SessionClock {
    fn now(&self) -> Timestamp {
        self.at(self.server.now())
    }

    fn sleep_until(&self, deadline: Timestamp) -> Sleep {
        self.server.sleep_until(deadline - self.ahead())
    }
}
