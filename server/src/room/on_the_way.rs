//! Seats whose people are on their way to another device: here all the while, unless it does not come.

use attune_protocol::ids::{SeatNumber, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Room;
use crate::alarm::Alarm;
use crate::clock::Clock;

/// Until when each of them is waited for.
pub(super) struct OnTheWay {
    until: BTreeMap<SeatNumber, Timestamp>,
    alarm: Alarm,
}

impl OnTheWay {
    /// Nobody is.
    pub(super) fn new(transport: Arc<dyn Clock>) -> Self {
        Self { until: BTreeMap::new(), alarm: Alarm::new(transport) }
    }

    /// Somebody sets out; setting out again begins anew.
    pub(super) fn set_out(&mut self, seat: SeatNumber, until: Timestamp) {
        self.until.insert(seat, until);
    }

    /// The other device is there.
    pub(super) fn arrive(&mut self, seat: SeatNumber) {
        self.until.remove(&seat);
    }

    /// Whether the seat's other device is waited for.
    pub(super) fn has(&self, seat: SeatNumber) -> bool {
        self.until.contains_key(&seat)
    }

    /// Resolves when the first of them is waited for no longer. Dropping this before changes nothing.
    pub(super) async fn ring(&mut self) {
        self.alarm.set(self.until.values().min().copied());
        self.alarm.ring().await;
    }

    /// Those who are waited for no longer.
    fn take_late(&mut self, now: Timestamp) -> Vec<SeatNumber> {
        let late = self.until.iter().filter(|(_, until)| **until <= now).map(|(seat, _)| *seat).collect();
        self.until.retain(|_, until| *until > now);
        late
    }
}

impl Room {
    /// Where the other device has not come, nobody is heard from the seat any more.
    pub(super) async fn wait_no_longer(&mut self) {
        for seat in self.on_the_way.take_late(self.rooms.transport.now()) {
            self.leave_quietly(seat).await;
        }
    }
}
