//! Whose address counts: the peer's, or where that is a configured proxy, the one that the proxy names.

use axum::http::{HeaderMap, HeaderName};
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

/// Where proxies write for whom they ask; each adds the address that it saw at the right.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// The same by the standard, which is not read: proxies that write it can write the other one.
const FORWARDED: HeaderName = HeaderName::from_static("forwarded");

/// An address, or all that begin with the same bits: `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    /// Its first address, never one of IPv4 written as IPv6.
    address: IpAddr,
    /// How many bits are the same, at least one.
    bits: u8,
}

/// A text that is no [`Network`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotANetwork;

impl fmt::Display for NotANetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "expected an address such as 192.0.2.7, or the first address of a network such as 10.0.0.0/8",
        )
    }
}

impl std::error::Error for NotANetwork {}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().map_err(|_| NotANetwork)?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        if address != address.to_canonical() || !(1..=most).contains(&bits) {
            return Err(NotANetwork);
        }
        let network = Self { address, bits };
        if network.first_bits(address) << (most - bits) == whole(address) {
            Ok(network)
        } else {
            Err(NotANetwork)
        }
    }
}

impl Network {
    /// Whether an address is part of it.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.address.is_ipv4()
            && self.first_bits(address) == self.first_bits(self.address)
    }

    fn first_bits(&self, address: IpAddr) -> u128 {
        let most = if address.is_ipv4() { 32 } else { 128 };
        whole(address) >> (most - self.bits)
    }
}

fn whole(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// The proxies that are believed.
#[derive(Debug, Default)]
pub(crate) struct Proxies(Vec<Network>);

impl Proxies {
    /// These, and no others.
    pub(crate) fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// Whether there are any.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an address is one of them.
    pub(crate) fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    /// For whom a trusted proxy asks. From the right, because whoever asks can have written what stands at the left:
    /// the first address that is no proxy of ours, or the leftmost if all are. Nothing when it names none.
    pub(crate) fn client(&self, headers: &HeaderMap) -> Option<IpAddr> {
        let values: Option<Vec<&str>> =
            headers.get_all(FORWARDED_FOR).iter().map(|value| value.to_str().ok()).collect();
        let mut nearest = None;
        for entry in values?.iter().rev().flat_map(|value| value.rsplit(',')) {
            let Some(address) = address(entry.trim()) else { break };
            nearest = Some(address);
            if !self.trust(address) {
                break;
            }
        }
        nearest
    }
}

/// Whether a request says that it was passed on.
pub(crate) fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.contains_key(FORWARDED_FOR) || headers.contains_key(FORWARDED)
}

/// An address as proxies write it: alone, in brackets, or with a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse::<IpAddr>().or_else(|_| text.parse::<SocketAddr>().map(|peer| peer.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn network(text: &str) -> Network {
        text.parse().expect("is a network")
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("is an address")
    }

    #[test]
    fn t10_a_network_is_an_address_or_the_first_of_many() {
        assert!(network("192.0.2.7").contains(ip("192.0.2.7")));
        assert!(network("192.0.2.7").contains(ip("::ffff:192.0.2.7")));
        assert!(!network("192.0.2.7").contains(ip("192.0.2.6")));
        assert!(network("10.0.0.0/8").contains(ip("10.255.1.2")));
        assert!(!network("10.0.0.0/8").contains(ip("11.0.0.0")));
        assert!(network("2001:db8::/32").contains(ip("2001:db8:ffff::1")));
        assert!(!network("2001:db8::/32").contains(ip("2001:db9::1")));
        assert!(!network("::/1").contains(ip("10.0.0.1")), "an address of IPv4 is none of IPv6");
        for text in [
            "",
            "10.0.0.0/",
            "10.0.0.0/0",
            "::/0",
            "10.0.0.0/33",
            "10.0.0.1/8",
            "2001:db8::/129",
            "proxy",
            "::ffff:10.0.0.1",
            "10.0.0.0/8/8",
            "10.0.0/8",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
    }

    #[test]
    fn t10_the_client_is_the_first_from_the_right_that_is_no_proxy() {
        let proxies = Proxies::new(vec![network("10.0.0.0/8"), network("2001:db8::/32")]);
        let client = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FORWARDED_FOR, HeaderValue::from_str(line).expect("is a header value"));
            }
            proxies.client(&headers)
        };
        for (lines, expected) in [
            (&["198.51.100.7"][..], Some("198.51.100.7")),
            (&["203.0.113.1, 198.51.100.7"], Some("198.51.100.7")),
            (&["127.0.0.1,198.51.100.7, 10.1.2.3"], Some("198.51.100.7")),
            (&["203.0.113.1", "198.51.100.7,10.0.0.9"], Some("198.51.100.7")),
            (&["203.0.113.1, 198.51.100.7", "10.0.0.9"], Some("198.51.100.7")),
            (&["10.0.0.5, 10.0.0.6"], Some("10.0.0.5")),
            (&["198.51.100.7:4711"], Some("198.51.100.7")),
            (&["[2001:db9::7]:4711, [2001:db8::1]"], Some("2001:db9::7")),
            (&["::ffff:198.51.100.7"], Some("198.51.100.7")),
            (&["junk, 10.0.0.6"], Some("10.0.0.6")),
            (&["198.51.100.7, junk"], None),
            (&["198.51.100.7,"], None),
            (&["unknown"], None),
            (&[], None),
        ] {
            assert_eq!(client(lines), expected.map(ip), "{lines:?}");
        }
    }
}
