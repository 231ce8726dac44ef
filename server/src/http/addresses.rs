//! How much each address uses, so that one of them cannot take everybody's place.

use attune_protocol::ids::{Millis, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

use crate::door::Caller;
use crate::limits::{Bucket, Limits};

/// Who is at the other end, as far as limits go: an IPv4 address or an IPv6 network of 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key(u64);

impl Key {
    /// Whom an address counts for.
    pub(super) fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            // No network of IPv6 begins with 16 zero bits and is routed.
            IpAddr::V4(address) => Self(u64::from(address.to_bits())),
            IpAddr::V6(address) => Self((address.to_bits() >> 64) as u64),
        }
    }

    /// For a keyed hash, never for the log itself.
    pub(super) fn bytes(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }
}

/// How far a connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tier {
    /// It asks for pages.
    Plain,
    /// It is a socket that has not joined.
    Waiting,
    /// It is a socket of a seat.
    Joined,
    /// It is a socket that came with a wrong secret. It keeps nobody's place, only one among its like.
    Refused,
}

/// What one address uses.
#[derive(Debug, Default)]
struct Use {
    /// Connections that ask for pages, and sockets that have not joined, by their numbers: the oldest first.
    plain: BTreeMap<u64, Arc<Notify>>,
    waiting: BTreeMap<u64, Arc<Notify>>,
    joined: usize,
    refused: usize,
    connections: Bucket,
    sessions: Bucket,
    /// Codes of the last minute, and of the last hour.
    codes: [Bucket; 2],
    wrong: Bucket,
    /// How often the delay of wrong secrets has doubled since they were within their rate.
    doublings: u32,
    /// When its newest connection began.
    seen: Timestamp,
}

impl Use {
    fn is_open(&self) -> bool {
        !self.plain.is_empty() || !self.waiting.is_empty() || self.joined + self.refused > 0
    }

    /// Where somebody has yet to say what they want, the oldest gives way: who says it at once is through long before,
    /// and whoever says nothing keeps nobody out. Where they have said it, the newest has to wait.
    fn take(&mut self, tier: Tier, ticket: &Ticket, limits: &Limits) -> bool {
        let (line, most) = match tier {
            Tier::Plain => (&mut self.plain, limits.plain_per_address),
            Tier::Waiting => (&mut self.waiting, limits.waiting_per_address),
            Tier::Joined => return take_one(&mut self.joined, limits.joined_per_address),
            Tier::Refused => return take_one(&mut self.refused, limits.refused_per_address),
        };
        if most == 0 {
            return false;
        }
        if line.len() >= most
            && let Some((_, oldest)) = line.pop_first()
        {
            oldest.notify_one();
        }
        line.insert(ticket.number, Arc::clone(&ticket.gives_way));
        true
    }

    fn give_back(&mut self, tier: Tier, ticket: &Ticket) {
        match tier {
            Tier::Plain => drop(self.plain.remove(&ticket.number)),
            Tier::Waiting => drop(self.waiting.remove(&ticket.number)),
            Tier::Joined => self.joined = self.joined.saturating_sub(1),
            Tier::Refused => self.refused = self.refused.saturating_sub(1),
        }
    }

    /// How much later than others the next wrong secret is answered.
    fn delay_wrong(&mut self, limits: &Limits, now: Timestamp) -> Millis {
        if self.wrong.is_idle(now) {
            self.doublings = 0;
        }
        if self.wrong.take(limits.wrong_per_address, 1, now) {
            return Millis(0);
        }
        let delay = limits.wrong_delay.0.saturating_mul(1 << self.doublings.min(40));
        self.doublings += 1;
        Millis(delay).min(limits.longest_wrong_delay)
    }
}

fn take_one(count: &mut usize, most: usize) -> bool {
    let has_room = *count < most;
    *count += usize::from(has_room);
    has_room
}

/// One connection among those of its address.
#[derive(Debug, Clone, Default)]
struct Ticket {
    /// Greater than those of all before.
    number: u64,
    /// Told when it has to make room.
    gives_way: Arc<Notify>,
}

/// All addresses that are remembered.
#[derive(Debug, Default)]
struct Table {
    used: BTreeMap<Key, Use>,
    /// Those without a connection, in the order in which they are forgotten.
    idle: BTreeSet<(Timestamp, Key)>,
    /// How many tickets there were.
    tickets: u64,
}

impl Table {
    /// Forgets who was here long ago, and makes room for one more address.
    fn forget_old(&mut self, limits: &Limits, now: Timestamp) {
        while let Some(&(seen, key)) = self.idle.first()
            && (seen + limits.address_memory <= now || self.used.len() >= limits.addresses)
        {
            self.idle.remove(&(seen, key));
            self.used.remove(&key);
        }
    }

    /// A new connection, if the address may have one more. It is the newest of all.
    fn connect(&mut self, key: Key, ticket: &mut Ticket, limits: &Limits, now: Timestamp) -> bool {
        self.tickets += 1;
        ticket.number = self.tickets;
        if !self.used.contains_key(&key) {
            self.forget_old(limits, now);
        }
        let used = self.used.entry(key).or_default();
        self.idle.remove(&(used.seen, key));
        used.seen = now;
        let may = used.connections.take(limits.connections_per_address, 1, now)
            && used.take(Tier::Plain, ticket, limits);
        if !used.is_open() {
            self.idle.insert((now, key));
        }
        may
    }

    fn leave(&mut self, key: Key, tier: Tier, ticket: &Ticket) {
        if let Some(used) = self.used.get_mut(&key) {
            used.give_back(tier, ticket);
            if !used.is_open() {
                self.idle.insert((used.seen, key));
            }
        }
    }
}

/// What all addresses use.
#[derive(Debug)]
pub(crate) struct Addresses {
    limits: Arc<Limits>,
    table: Mutex<Table>,
}

impl Addresses {
    /// Nothing is used.
    pub(crate) fn new(limits: Arc<Limits>) -> Arc<Self> {
        Arc::new(Self { limits, table: Mutex::default() })
    }

    /// A new connection from `address`, if it may have one more.
    pub(crate) fn connect(self: &Arc<Self>, address: IpAddr, now: Timestamp) -> Option<Place> {
        let (key, exempt, mut ticket) = (Key::of(address), self.is_exempt(address), Ticket::default());
        let may = exempt || self.table().connect(key, &mut ticket, &self.limits, now);
        may.then(|| Place { addresses: Arc::clone(self), key, exempt, tier: Tier::Plain, ticket })
    }

    /// A new connection from a proxy, which has no limits of its own.
    pub(crate) fn connect_proxy(self: &Arc<Self>, address: IpAddr) -> Place {
        let (key, ticket) = (Key::of(address), Ticket::default());
        Place { addresses: Arc::clone(self), key, exempt: true, tier: Tier::Plain, ticket }
    }

    fn is_exempt(&self, address: IpAddr) -> bool {
        self.limits.loopback_exempt && address.to_canonical().is_loopback()
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection's place among those of its address, given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    addresses: Arc<Addresses>,
    key: Key,
    exempt: bool,
    tier: Tier,
    ticket: Ticket,
}

impl Place {
    /// Whom it counts for.
    pub(super) fn key(&self) -> Key {
        self.key
    }

    /// Is notified when this connection has to make room for a newer one of its address.
    pub(super) fn gives_way(&self) -> Arc<Notify> {
        Arc::clone(&self.ticket.gives_way)
    }

    /// Goes on to `tier`, if the address may have one more there.
    pub(crate) fn advance(&mut self, tier: Tier) -> bool {
        if !self.exempt {
            let mut table = self.addresses.table();
            let Some(used) = table.used.get_mut(&self.key) else { return false };
            if !used.take(tier, &self.ticket, &self.addresses.limits) {
                return false;
            }
            used.give_back(self.tier, &self.ticket);
        }
        self.tier = tier;
        true
    }

    /// Counts for another address from now on: a proxy's connection carries the requests of many. False, and still
    /// counting for the former, when that address may have no more.
    pub(crate) fn count_for(&mut self, address: IpAddr, now: Timestamp) -> bool {
        let (key, exempt) = (Key::of(address), self.addresses.is_exempt(address));
        if key == self.key && exempt == self.exempt {
            return true;
        }
        let mut ticket = self.ticket.clone();
        let mut table = self.addresses.table();
        if !exempt && !table.connect(key, &mut ticket, &self.addresses.limits, now) {
            return false;
        }
        if !self.exempt {
            table.leave(self.key, self.tier, &self.ticket);
        }
        drop(table);
        (self.key, self.exempt, self.tier, self.ticket) = (key, exempt, Tier::Plain, ticket);
        true
    }

    /// Takes one new session of what the address may set up, if it may.
    pub(crate) fn take_session(&self, now: Timestamp) -> bool {
        let limits = &self.addresses.limits;
        let mut table = self.addresses.table();
        let take = |used: &mut Use| used.sessions.take(limits.sessions_per_address, 1, now);
        self.exempt || table.used.get_mut(&self.key).is_some_and(take)
    }

    /// Takes one code of what the address may type, right or wrong, if it may.
    pub(crate) fn take_code(&self, now: Timestamp) -> bool {
        let limits = &self.addresses.limits;
        let rates = [limits.codes_per_address, limits.codes_per_address_and_hour];
        let mut table = self.addresses.table();
        let take = |used: &mut Use| {
            let allowed = used.codes.iter().zip(rates).all(|(codes, rate)| codes.allows(rate, now));
            allowed && used.codes.iter_mut().zip(rates).all(|(codes, rate)| codes.take(rate, 1, now))
        };
        self.exempt || table.used.get_mut(&self.key).is_some_and(take)
    }

    /// For whom a knock counts, where addresses count.
    pub(crate) fn caller(&self) -> Caller {
        (!self.exempt).then_some(self.key.0)
    }

    /// How much later than others a wrong secret of this address is answered.
    pub(crate) fn delay_wrong(&self, now: Timestamp) -> Millis {
        let limits = &self.addresses.limits;
        let mut table = self.addresses.table();
        let used = table.used.get_mut(&self.key).filter(|_| !self.exempt);
        used.map_or(Millis(0), |used| used.delay_wrong(limits, now))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.exempt {
            self.addresses.table().leave(self.key, self.tier, &self.ticket);
        }
    }
}

#[cfg(test)]
mod tests;
