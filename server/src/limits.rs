//! What one connection, seat, session, address or the whole server may use. All of it is configuration.
//!
//! What belongs to the rules of a session has its numbers in the core: renames, lost connections, joins and events.

use attune_protocol::ids::{Millis, Timestamp};

/// A steady rate that also allows a burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many are allowed in each `per`, once the burst is used up.
    pub count: u32,
    /// The length that `count` belongs to.
    pub per: Millis,
    /// How many are allowed at once after a quiet time.
    pub burst: u32,
}

impl Rate {
    /// So many a second, with so many at once.
    pub const fn per_second(count: u32, burst: u32) -> Self {
        Self { count, per: Millis::seconds(1), burst }
    }

    /// So many a minute, and as many at once.
    pub const fn per_minute(count: u32) -> Self {
        Self { count, per: Millis::minutes(1), burst: count }
    }

    /// Practically none, for benches and tests that measure something else.
    pub const UNLIMITED: Self = Self { count: u32::MAX, per: Millis(1), burst: u32::MAX };

    /// Nanoseconds that pay for one.
    fn price(self) -> i64 {
        self.per.0.saturating_mul(1_000_000) / i64::from(self.count.max(1))
    }
}

/// What is used of a [`Rate`]. Eight bytes: the moment at which all of it is free again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bucket {
    free_at_nanos: i64,
}

impl Bucket {
    /// Takes `count` if the rate allows them now, and says whether it did.
    pub fn take(&mut self, rate: Rate, count: u32, now: Timestamp) -> bool {
        let (after, allowed) = self.after(rate, count, now);
        if allowed {
            self.free_at_nanos = after;
        }
        allowed
    }

    /// Whether one would be allowed now, without taking it.
    pub fn allows(&self, rate: Rate, now: Timestamp) -> bool {
        self.after(rate, 1, now).1
    }

    /// Whether nothing of it is used any more.
    pub fn is_idle(&self, now: Timestamp) -> bool {
        self.free_at_nanos <= nanos(now)
    }

    fn after(&self, rate: Rate, count: u32, now: Timestamp) -> (i64, bool) {
        let now = nanos(now);
        let price = rate.price();
        let after = self.free_at_nanos.max(now).saturating_add(price.saturating_mul(i64::from(count)));
        (after, after.saturating_sub(now) <= price.saturating_mul(i64::from(rate.burst)))
    }
}

fn nanos(at: Timestamp) -> i64 {
    at.0.saturating_mul(1_000_000)
}

/// All limits with their defaults. Lengths are transport time unless said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Longest request target in bytes; the longest real one is under 2 KiB.
    pub uri_bytes: usize,
    /// Most bytes of a request head.
    pub head_bytes: usize,
    /// Most headers of a request.
    pub headers: usize,
    /// Longest body in bytes. Nothing reads one, so it needs no time of its own; a longer one is refused by name.
    pub body_bytes: u64,
    /// Longest wait for a whole request head, from the connection's first moment on, and after each answer: the HTTP
    /// library has one timer for both, and a page is loaded well within it.
    pub head_time: Millis,

    /// Requests that one connection carries; it is closed with the answer to the last. A page needs some twenty.
    pub requests_per_connection: u32,

    /// Longest time for the handshake of TLS.
    pub handshake_time: Millis,

    /// Largest first frame in bytes.
    pub first_bytes: u64,
    /// Longest wait for a whole first frame.
    pub first_time: Millis,
    /// Largest later message in bytes.
    pub message_bytes: u64,
    /// Longest time from a message's first byte to its last.
    pub message_time: Millis,
    /// Deepest nesting of JSON.
    pub json_depth: usize,
    /// Most items of a JSON array.
    pub json_items: usize,
    /// Messages in, per socket. A person acts at most five times a second; a return is a burst of about 20.
    pub messages: Rate,
    /// Refusals as too fast before the socket is closed.
    pub too_fast: Rate,
    /// Bytes in, per socket.
    pub bytes: Rate,
    /// Frames in that finish no message, per socket: control frames, which browsers only answer, and fragments.
    pub control_frames: Rate,
    /// Most bytes that wait to be written to one socket: the longest texts of a session are some 90 KiB.
    pub write_buffer_bytes: usize,
    /// Longest time that a peer takes over a frame.
    pub write_time: Millis,
    /// A page is sent a ping after this time without a whole frame: a page that is awake says something every 10 s.
    pub ask_after: Millis,
    /// A seat is away after this time without a whole frame.
    pub away_after: Millis,
    /// A socket is closed after this time without a whole frame.
    pub silent_after: Millis,
    /// How long a closed socket is still read, so that the peer gets the close code.
    pub linger: Millis,
    /// An answer `unknown` comes this long after the question, so that its time tells nothing of its cause.
    pub unknown_after: Millis,

    /// State changes per seat: human hands.
    pub seat_changes: Rate,
    /// State changes per session.
    pub session_changes: Rate,
    /// State changes of whoever steers, while the others use up all of the session's: as fast as they can remove them.
    pub steering_reserve: Rate,
    /// A seat's socket replaced by a newer one.
    pub takeovers: Rate,
    /// Sockets per display link: three screens, each of which comes back when its network does.
    pub screens: Rate,
    /// Everyone is told that a screen is gone when it has been for so long: one that comes back meanwhile is no news.
    pub screen_gone_after: Millis,
    /// Shortest time between two views of a session.
    pub view_gap: Millis,
    /// Most seats of a session.
    pub seats: u16,

    /// Connections per address that carry no socket: about 40 people arriving, six each. Past it the oldest makes room.
    pub plain_per_address: usize,
    /// Sockets per address that have not joined. Past it the oldest makes room, so that whoever says nothing keeps nobody
    /// of the same network out: a page says at once what it wants.
    pub waiting_per_address: usize,
    /// Sockets per address that have joined.
    pub joined_per_address: usize,
    /// New connections per address; past it they are told to come later.
    pub connections_per_address: Rate,
    /// New sessions per address. How many of them are in memory follows from the sockets that have joined.
    pub sessions_per_address: Rate,
    /// Codes per address, right or wrong: a hand types one, and corrects it.
    pub codes_per_address: Rate,
    /// Codes per address in the long run: at 2,000 live codes a guesser finds a door to knock at once in a month.
    pub codes_per_address_and_hour: Rate,
    /// Wrong secrets per address, unknown sessions among them. Past it the answer comes later; right ones always pass.
    pub wrong_per_address: Rate,
    /// How much later the first answer past that rate comes. Each further one takes twice as long.
    pub wrong_delay: Millis,
    /// The longest that such an answer takes.
    pub longest_wrong_delay: Millis,
    /// Sockets per address that wait for such an answer, or for their peer to hear it; more are told `busy`.
    pub refused_per_address: usize,
    /// Addresses that are remembered: those that were quiet for longest are forgotten first. About 45 MB when all are.
    pub addresses: usize,
    /// How long an address without a connection is remembered, from its last one on.
    pub address_memory: Millis,
    /// Whether loopback addresses are free of the limits per address: a proxy on this machine is everybody.
    pub loopback_exempt: bool,
    /// Connections of the whole server.
    pub connections: usize,
    /// Rooms in memory.
    pub rooms: usize,
    /// Lines in the log about refusals: a flood of them must not fill the disk.
    pub refusals_logged: Rate,
    /// Longest time that a stop takes.
    pub stop_time: Millis,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            uri_bytes: 2 * 1024,
            head_bytes: 16 * 1024,
            headers: 64,
            body_bytes: 16 * 1024,
            head_time: Millis::seconds(10),
            requests_per_connection: 100,

            handshake_time: Millis::seconds(10),

            first_bytes: 8 * 1024,
            first_time: Millis::seconds(10),
            message_bytes: 32 * 1024,
            message_time: Millis::seconds(10),
            json_depth: 16,
            json_items: 64,
            messages: Rate::per_second(10, 40),
            too_fast: Rate::per_second(1, 10),
            bytes: Rate::per_second(64 * 1024, 256 * 1024),
            control_frames: Rate::per_second(4, 20),
            write_buffer_bytes: 128 * 1024,
            write_time: Millis::seconds(10),
            ask_after: Millis::seconds(11),
            away_after: Millis::seconds(15),
            silent_after: Millis::seconds(25),
            linger: Millis::seconds(2),
            unknown_after: Millis(50),

            seat_changes: Rate::per_second(1, 10),
            session_changes: Rate::per_second(20, 60),
            steering_reserve: Rate::per_second(5, 20),
            takeovers: Rate::per_minute(6),
            screens: Rate { count: 6, per: Millis::minutes(1), burst: 12 },
            screen_gone_after: Millis::seconds(60),
            view_gap: Millis(50),
            seats: 12,

            plain_per_address: 300,
            waiting_per_address: 64,
            joined_per_address: 512,
            connections_per_address: Rate::per_second(50, 300),
            sessions_per_address: Rate { count: 60, per: Millis::hours(1), burst: 40 },
            codes_per_address: Rate::per_minute(10),
            codes_per_address_and_hour: Rate { count: 100, per: Millis::hours(1), burst: 100 },
            wrong_per_address: Rate::per_minute(20),
            wrong_delay: Millis::seconds(1),
            longest_wrong_delay: Millis::minutes(5),
            refused_per_address: 64,
            addresses: 100_000,
            address_memory: Millis::minutes(15),
            loopback_exempt: true,
            connections: 25_000,
            rooms: 10_000,
            refusals_logged: Rate::per_second(10, 200),
            stop_time: Millis::seconds(8),
        }
    }
}

impl Limits {
    /// No rate stands in the way: for benches, which say so, and for tests of something else.
    pub fn without_rates(self) -> Self {
        Self {
            messages: Rate::UNLIMITED,
            bytes: Rate::UNLIMITED,
            seat_changes: Rate::UNLIMITED,
            session_changes: Rate::UNLIMITED,
            takeovers: Rate::UNLIMITED,
            screens: Rate::UNLIMITED,
            connections_per_address: Rate::UNLIMITED,
            sessions_per_address: Rate::UNLIMITED,
            codes_per_address: Rate::UNLIMITED,
            codes_per_address_and_hour: Rate::UNLIMITED,
            wrong_per_address: Rate::UNLIMITED,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_and_then_the_rate() {
        let rate = Rate::per_second(4, 20);
        let mut bucket = Bucket::default();
        let start = Timestamp(1_000_000);
        let taken = (0..30).filter(|_| bucket.take(rate, 1, start)).count();
        assert_eq!(taken, 20);
        assert!(!bucket.take(rate, 1, start + Millis(249)));
        assert!(bucket.take(rate, 1, start + Millis(250)));
        assert!(!bucket.take(rate, 1, start + Millis(250)));
    }

    #[test]
    fn a_quiet_time_gives_no_more_than_the_burst() {
        let rate = Rate::per_second(10, 40);
        let mut bucket = Bucket::default();
        assert!(bucket.take(rate, 40, Timestamp(0)));
        let taken = (0..100).filter(|_| bucket.take(rate, 1, Timestamp(3_600_000))).count();
        assert_eq!(taken, 40);
    }

    #[test]
    fn bytes_are_counted_finer_than_a_millisecond() {
        let rate = Rate::per_second(64 * 1024, 256 * 1024);
        let mut bucket = Bucket::default();
        assert!(bucket.take(rate, 256 * 1024, Timestamp(0)));
        assert!(!bucket.take(rate, 1024, Timestamp(15)));
        assert!(bucket.take(rate, 1024, Timestamp(16)));
    }

    #[test]
    fn more_at_once_than_the_burst_is_never_allowed() {
        assert!(!Bucket::default().take(Rate::per_second(10, 40), 41, Timestamp(0)));
    }

    #[test]
    fn unlimited_is() {
        let mut bucket = Bucket::default();
        assert!((0..100_000).all(|_| bucket.take(Rate::UNLIMITED, 10_000, Timestamp(0))));
    }

    #[test]
    fn asking_takes_nothing() {
        let rate = Rate::per_second(1, 1);
        let mut bucket = Bucket::default();
        assert!(bucket.allows(rate, Timestamp(0)) && bucket.allows(rate, Timestamp(0)));
        assert!(bucket.take(rate, 1, Timestamp(0)));
        assert!(!bucket.allows(rate, Timestamp(0)));
        assert!(!bucket.is_idle(Timestamp(999)) && bucket.is_idle(Timestamp(1_000)));
    }
}
