//! Sleeps: one that is set anew whenever what it waits for has moved, and one that bounds a part.

use attune_protocol::ids::{Millis, Timestamp};
use std::sync::Arc;
use std::task::Poll;

use crate::clock::{Clock, Sleep};

/// A clock and at most one sleep on it.
pub(crate) struct Alarm {
    clock: Arc<dyn Clock>,
    sleep: Option<(Timestamp, Sleep)>,
}

impl Alarm {
    /// Rings never, until it is set.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, sleep: None }
    }

    /// Rings at this moment, or never.
    pub(crate) fn set(&mut self, at: Option<Timestamp>) {
        if self.sleep.as_ref().map(|(set, _)| *set) != at {
            self.sleep = at.map(|at| (at, self.clock.sleep_until(at)));
        }
    }

    /// Rings at this moment or before: for what moves later all the time, and looks anew when it rings.
    pub(crate) fn set_by(&mut self, at: Timestamp) {
        if self.sleep.as_ref().is_none_or(|(set, _)| *set > at) {
            self.set(Some(at));
        }
    }

    /// Resolves when it rings; it is not set any more then. Dropping this before changes nothing.
    pub(crate) async fn ring(&mut self) {
        match &mut self.sleep {
            Some((_, sleep)) => sleep.await,
            None => std::future::pending().await,
        }
        self.sleep = None;
    }
}

/// What comes of `part`, or nothing when it takes longer than `length`. Most parts are over at once and need no sleep.
pub(crate) async fn within<T>(clock: &dyn Clock, length: Millis, part: impl Future<Output = T>) -> Option<T> {
    let mut part = std::pin::pin!(part);
    if let Poll::Ready(done) = futures_util::poll!(part.as_mut()) {
        return Some(done);
    }
    tokio::select! {
        biased;
        done = part => Some(done),
        () = clock.sleep_until(clock.now() + length) => None,
    }
}
