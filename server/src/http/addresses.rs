//! How much each address uses, so that one of them cannot take everybody's place.

use attune_protocol::ids::Timestamp;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::limits::{Bucket, Limits, Rate};

/// Entries past which those that hold nothing are forgotten.
const MOST_IDLE: usize = 10_000;

/// Who is at the other end, as far as limits go: an IPv4 address or an IPv6 network of 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key(u64);

impl Key {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            // No network of IPv6 begins with 16 zero bits and is routed.
            IpAddr::V4(address) => Self(u64::from(address.to_bits())),
            IpAddr::V6(address) => Self((address.to_bits() >> 64) as u64),
        }
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
}

#[derive(Debug, Default)]
struct Use {
    plain: usize,
    waiting: usize,
    joined: usize,
    connections: Bucket,
    sessions: Bucket,
}

impl Use {
    fn count(&mut self, tier: Tier) -> &mut usize {
        match tier {
            Tier::Plain => &mut self.plain,
            Tier::Waiting => &mut self.waiting,
            Tier::Joined => &mut self.joined,
        }
    }
}

/// What all addresses use.
#[derive(Debug)]
pub(crate) struct Addresses {
    limits: Arc<Limits>,
    table: Mutex<BTreeMap<Key, Use>>,
}

impl Addresses {
    /// Nothing is used.
    pub(crate) fn new(limits: Arc<Limits>) -> Arc<Self> {
        Arc::new(Self { limits, table: Mutex::default() })
    }

    /// A new connection from `address`, if it may have one more.
    pub(crate) fn connect(self: &Arc<Self>, address: IpAddr, now: Timestamp) -> Option<Place> {
        let exempt = self.limits.loopback_exempt && address.to_canonical().is_loopback();
        let key = Key::of(address);
        if !exempt {
            let mut table = self.table();
            if table.len() >= MOST_IDLE && !table.contains_key(&key) {
                table.retain(|_, used| used.plain + used.waiting + used.joined > 0 || !used.is_idle(now));
            }
            let used = table.entry(key).or_default();
            if used.plain >= self.limits.plain_per_address
                || !used.connections.take(self.limits.connections_per_address, 1, now)
            {
                return None;
            }
            used.plain += 1;
        }
        Some(Place { addresses: Arc::clone(self), key, exempt, tier: Tier::Plain })
    }

    fn table(&self) -> MutexGuard<'_, BTreeMap<Key, Use>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Use {
    fn is_idle(&self, now: Timestamp) -> bool {
        self.connections.is_idle(now) && self.sessions.is_idle(now)
    }
}

/// One connection's place among those of its address, given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    addresses: Arc<Addresses>,
    key: Key,
    exempt: bool,
    tier: Tier,
}

impl Place {
    /// Goes on to `tier`, if the address may have one more there.
    pub(crate) fn advance(&mut self, tier: Tier) -> bool {
        let limits = &self.addresses.limits;
        let most = match tier {
            Tier::Plain => limits.plain_per_address,
            Tier::Waiting => limits.waiting_per_address,
            Tier::Joined => limits.joined_per_address,
        };
        if !self.exempt {
            let mut table = self.addresses.table();
            let used = table.entry(self.key).or_default();
            if *used.count(tier) >= most {
                return false;
            }
            *used.count(tier) += 1;
            let left = used.count(self.tier);
            *left = left.saturating_sub(1);
        }
        self.tier = tier;
        true
    }

    /// Takes one new session of what the address may set up, if it may.
    pub(crate) fn take_session(&self, now: Timestamp) -> bool {
        let rate: Rate = self.addresses.limits.sessions_per_address;
        self.exempt || self.addresses.table().entry(self.key).or_default().sessions.take(rate, 1, now)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.exempt
            && let Some(used) = self.addresses.table().get_mut(&self.key)
        {
            let left = used.count(self.tier);
            *left = left.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn address(text: &str) -> IpAddr {
        text.parse().expect("is an address")
    }

    fn addresses(limits: Limits) -> Arc<Addresses> {
        Addresses::new(Arc::new(limits))
    }

    #[test]
    fn one_address_is_full_while_others_go_on() {
        let limits =
            Limits { plain_per_address: 2, connections_per_address: Rate::UNLIMITED, ..Limits::default() };
        let all = addresses(limits);
        let first = all.connect(address("192.0.2.1"), NOW);
        let second = all.connect(address("192.0.2.1"), NOW);
        assert!(first.is_some() && second.is_some());
        assert!(all.connect(address("192.0.2.1"), NOW).is_none());
        assert!(all.connect(address("192.0.2.2"), NOW).is_some());
        drop(first);
        assert!(all.connect(address("192.0.2.1"), NOW).is_some());
    }

    #[test]
    fn joined_sockets_leave_room_for_strangers() {
        let limits = Limits { waiting_per_address: 1, joined_per_address: 2, ..Limits::default() };
        let all = addresses(limits);
        let mut joined = Vec::new();
        for _ in 0..2 {
            let mut place = all.connect(address("192.0.2.1"), NOW).expect("there is room");
            assert!(place.advance(Tier::Waiting) && place.advance(Tier::Joined));
            joined.push(place);
        }
        let mut third = all.connect(address("192.0.2.1"), NOW).expect("there is room");
        assert!(third.advance(Tier::Waiting));
        assert!(!third.advance(Tier::Joined));
        let mut fourth = all.connect(address("192.0.2.1"), NOW).expect("there is room");
        assert!(!fourth.advance(Tier::Waiting));
        drop(third);
        assert!(fourth.advance(Tier::Waiting));
        joined.pop();
        assert!(fourth.advance(Tier::Joined));
    }

    #[test]
    fn t47_an_ipv6_network_is_one_address() {
        let limits = Limits { plain_per_address: 1, ..Limits::default() };
        let all = addresses(limits);
        let _first = all.connect(address("2001:db8:1:2::1"), NOW).expect("there is room");
        assert!(all.connect(address("2001:db8:1:2:ffff::9"), NOW).is_none());
        assert!(all.connect(address("2001:db8:1:3::1"), NOW).is_some());
        let _mapped = all.connect(address("::ffff:192.0.2.1"), NOW).expect("there is room");
        assert!(all.connect(address("192.0.2.1"), NOW).is_none());
    }

    #[test]
    fn loopback_is_exempt_only_where_chosen() {
        let none = Limits { plain_per_address: 0, ..Limits::default() };
        assert!(addresses(none.clone()).connect(address("127.0.0.1"), NOW).is_some());
        assert!(addresses(none.clone()).connect(address("::1"), NOW).is_some());
        let strict = addresses(Limits { loopback_exempt: false, ..none });
        assert!(strict.connect(address("127.0.0.1"), NOW).is_none());
    }

    #[test]
    fn idle_addresses_are_forgotten() {
        let all = addresses(Limits::default());
        for number in 0..u32::try_from(MOST_IDLE).expect("is small") {
            drop(all.connect(IpAddr::V4(number.into()), NOW));
        }
        let later = Timestamp(NOW.0 + 3_600_000);
        let _place = all.connect(address("192.0.2.1"), later);
        assert_eq!(all.table().len(), 1);
    }
}
