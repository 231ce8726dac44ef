//! Numbers about the server for whoever runs it. None says anything of a person, a session or an address.

use attune_protocol::server::{CloseCode, Refusal, ServerMessage};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::atomic::AtomicU64;

/// One label with a word out of a fixed list.
type Word = [(&'static str, String); 1];

/// Upper bounds for the time of an append, in seconds: from a quiet solid-state disk to one that stands still.
const APPEND_SECONDS: [f64; 11] = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// All numbers of a server.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    waiting: Gauge,
    joined: Gauge,
    accepted: Counter,
    refused: Family<Word, Counter>,
    closed: Family<Word, Counter>,
    turned_away: Family<Word, Counter>,
    appends: Histogram,
    store_failures: Family<Word, Counter>,
    views: Counter,
    rooms: Gauge,
    ready: Gauge,
    free_disk: Gauge<u64, AtomicU64>,
}

/// What is looked up when the numbers are asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Now {
    pub(crate) rooms: usize,
    pub(crate) ready: bool,
    /// In bytes.
    pub(crate) free_disk: Option<u64>,
}

/// A socket that counts for as long as this lives.
#[derive(Debug)]
pub(crate) struct Counted(Gauge);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// All at zero.
    pub(crate) fn new() -> Self {
        let sockets: Family<Word, Gauge> = Family::default();
        let state = |word: &str| sockets.get_or_create_owned(&[("state", word.to_owned())]);
        let mut metrics = Self {
            registry: Registry::with_prefix("attune"),
            waiting: state("waiting"),
            joined: state("joined"),
            accepted: Counter::default(),
            refused: Family::default(),
            closed: Family::default(),
            turned_away: Family::default(),
            appends: Histogram::new(APPEND_SECONDS),
            store_failures: Family::default(),
            views: Counter::default(),
            rooms: Gauge::default(),
            ready: Gauge::default(),
            free_disk: Gauge::default(),
        };
        metrics.register(sockets);
        metrics
    }

    fn register(&mut self, sockets: Family<Word, Gauge>) {
        let registry = &mut self.registry;
        registry.register("sockets", "Open websockets, before and after their first frame", sockets);
        registry.register("rooms", "Sessions in memory", self.rooms.clone());
        registry.register("commands_accepted", "Commands that were stored and hold", self.accepted.clone());
        registry.register(
            "commands_refused",
            "Commands that changed nothing, by reason",
            self.refused.clone(),
        );
        registry.register(
            "sockets_closed",
            "Websockets that the server closed, by code",
            self.closed.clone(),
        );
        let help = "Connections and sockets that were not let in, by reason";
        registry.register("turned_away", help, self.turned_away.clone());
        let help = "Time until an append to a session's log was on disk";
        registry.register_with_unit("append", help, Unit::Seconds, self.appends.clone());
        registry.register("store_failures", "Appends that failed, by reason", self.store_failures.clone());
        registry.register("views_sent", "Views of sessions that were sent", self.views.clone());
        registry.register("ready", "1 while new sockets are served well", self.ready.clone());
        let help = "Free space on the disk of the data folder";
        registry.register_with_unit("free_disk", help, Unit::Bytes, self.free_disk.clone());
    }

    /// Counts a socket before its first frame.
    pub(crate) fn count_waiting(&self) -> Counted {
        self.waiting.inc();
        Counted(self.waiting.clone())
    }

    /// Counts a socket that is in.
    pub(crate) fn count_joined(&self) -> Counted {
        self.joined.inc();
        Counted(self.joined.clone())
    }

    /// Counts what an act came to.
    pub(crate) fn count_answer(&self, answer: &ServerMessage) {
        match answer {
            ServerMessage::Accepted { .. } => drop(self.accepted.inc()),
            ServerMessage::Refused { why, .. } => {
                self.refused.get_or_create(&[("reason", name_of(why))]).inc();
            }
            _ => {}
        }
    }

    /// Counts a socket that the server closed.
    pub(crate) fn count_closed(&self, code: CloseCode) {
        self.closed.get_or_create(&[("code", code.word().to_owned())]).inc();
    }

    /// Counts somebody who was not let in.
    pub(crate) fn count_turned_away(&self, reason: &'static str) {
        self.turned_away.get_or_create(&[("reason", reason.to_owned())]).inc();
    }

    /// Counts an append that is on disk, and what it took in seconds.
    pub(crate) fn count_append(&self, seconds: f64) {
        self.appends.observe(seconds);
    }

    /// Counts an append that was not acknowledged.
    pub(crate) fn count_store_failure(&self, reason: &'static str) {
        self.store_failures.get_or_create(&[("reason", reason.to_owned())]).inc();
    }

    /// Counts a view that went out.
    pub(crate) fn count_view(&self) {
        self.views.inc();
    }

    /// All numbers as text, in the format of OpenMetrics.
    pub(crate) fn write(&self, now: Now) -> String {
        self.rooms.set(i64::try_from(now.rooms).unwrap_or(i64::MAX));
        self.ready.set(i64::from(now.ready));
        self.free_disk.set(now.free_disk.unwrap_or(0));
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            tracing::error!("the metrics could not be written");
        }
        text
    }
}

/// The word of a refusal as on the wire, without what it is about.
fn name_of(why: &Refusal) -> String {
    let written = serde_json::to_value(why).unwrap_or_default();
    written.get("name").and_then(|name| name.as_str()).unwrap_or("other").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use attune_protocol::ids::SeatNumber;

    #[test]
    fn t37_a_refusal_is_counted_by_its_word_alone() {
        let metrics = Metrics::new();
        let why = Refusal::MovedOn { by: Some(SeatNumber(7)) };
        metrics.count_answer(&ServerMessage::Refused { request: None, why });
        let waiting = metrics.count_waiting();
        let now = Now { rooms: 3, ready: true, free_disk: Some(5) };
        let text = metrics.write(now);
        assert!(text.contains("attune_commands_refused_total{reason=\"moved_on\"} 1\n"), "{text}");
        assert!(text.contains("attune_sockets{state=\"waiting\"} 1\n"), "{text}");
        assert!(text.contains("attune_rooms 3\n") && text.contains("attune_free_disk_bytes 5\n"), "{text}");
        drop(waiting);
        assert!(metrics.write(now).contains("attune_sockets{state=\"waiting\"} 0\n"));
    }
}
