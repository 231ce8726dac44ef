//! What each address may use, with a clock that is moved by hand.

use super::*;
use crate::limits::Rate;
use futures_util::FutureExt;

const NOW: Timestamp = Timestamp(1_000_000);

fn address(text: &str) -> IpAddr {
    text.parse().expect("is an address")
}

fn addresses(limits: Limits) -> Arc<Addresses> {
    Addresses::new(Arc::new(limits))
}

fn gives_way(place: &Place) -> bool {
    place.gives_way().notified().now_or_never().is_some()
}

#[test]
fn one_address_is_full_while_others_go_on() {
    let limits =
        Limits { plain_per_address: 2, connections_per_address: Rate::UNLIMITED, ..Limits::default() };
    let all = addresses(limits);
    let place = |text: &str| all.connect(address(text), NOW).expect("there is room");
    let (first, second) = (place("192.0.2.1"), place("192.0.2.1"));
    let other = place("192.0.2.2");
    let third = place("192.0.2.1");
    assert!(gives_way(&first) && !gives_way(&second) && !gives_way(&other), "the oldest of this address");
    drop(third);
    drop(first);
    let fourth = place("192.0.2.1");
    assert!(!gives_way(&second) && !gives_way(&fourth), "what gave way has given its place back once");
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
    assert!(!gives_way(&third));
    assert!(fourth.advance(Tier::Waiting) && gives_way(&third));
    drop(third);
    joined.pop();
    assert!(fourth.advance(Tier::Joined));
    assert!(!joined.iter().any(gives_way), "who is in stays in");
}

#[test]
fn t47_an_ipv6_network_is_one_address() {
    let limits = Limits { connections_per_address: Rate::per_minute(1), ..Limits::default() };
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
fn wire_26_an_address_is_remembered_for_a_quarter_of_an_hour() {
    // Its limits hold on until it is forgotten, also those that time alone would not have given back.
    let slow = Rate { count: 1, per: Millis::hours(1), burst: 1 };
    let all = addresses(Limits { sessions_per_address: slow, ..Limits::default() });
    let take = |now: Timestamp| {
        let place = all.connect(address("192.0.2.1"), now).expect("there is room");
        place.take_session(now)
    };
    assert!(take(NOW) && !take(NOW));
    let nearly = NOW + Millis::minutes(15) - Millis(1);
    drop(all.connect(address("192.0.2.2"), nearly));
    assert_eq!(all.table().used.len(), 2);
    drop(all.connect(address("192.0.2.3"), nearly + Millis(1)));
    assert_eq!(all.table().used.len(), 2, "one was forgotten");
    assert!(take(nearly + Millis(2)));
}

#[test]
fn t47_wire_26_the_table_is_bounded_and_forgets_the_oldest_that_holds_nothing() {
    let all = addresses(Limits { addresses: 100, ..Limits::default() });
    let held = all.connect(address("192.0.2.1"), NOW).expect("there is room");
    for number in 0..1_000_u32 {
        drop(all.connect(IpAddr::V4(number.into()), NOW + Millis(number.into())));
    }
    assert_eq!(all.table().used.len(), 100);
    assert_eq!(all.table().idle.len(), 99);
    let keys: Vec<Key> = all.table().used.keys().copied().collect();
    assert!(keys.contains(&held.key()) && keys.contains(&Key(999)) && !keys.contains(&Key(900)));
}

#[test]
fn t47_wire_25_wrong_secrets_are_answered_later_and_later_until_a_quiet_time() {
    let all = addresses(Limits::default());
    let place = all.connect(address("192.0.2.1"), NOW).expect("there is room");
    let delays =
        |count: usize, now: Timestamp| -> Vec<i64> { (0..count).map(|_| place.delay_wrong(now).0).collect() };
    assert_eq!(delays(20, NOW), [0; 20]);
    let doubled: Vec<i64> = (0..9).map(|exponent| 1_000 << exponent).collect();
    assert_eq!(delays(9, NOW), doubled);
    assert_eq!(delays(100, NOW), [300_000; 100]);
    // One more each three seconds, and the next is as late as before.
    assert_eq!(delays(2, NOW + Millis::seconds(3)), [0, 300_000]);
    assert_eq!(delays(21, NOW + Millis::seconds(63))[19..], [0, 1_000]);
    let other = all.connect(address("192.0.2.2"), NOW).expect("there is room");
    assert_eq!(other.delay_wrong(NOW), Millis(0));
}

#[test]
fn t47_who_is_refused_takes_no_place_of_those_who_come_or_are_in() {
    let one =
        Limits { waiting_per_address: 1, joined_per_address: 1, refused_per_address: 1, ..Limits::default() };
    let all = addresses(one);
    let mut guesser = all.connect(address("192.0.2.1"), NOW).expect("there is room");
    assert!(guesser.advance(Tier::Waiting) && guesser.advance(Tier::Joined));
    assert!(guesser.advance(Tier::Refused));
    let mut guest = all.connect(address("192.0.2.1"), NOW).expect("there is room");
    assert!(guest.advance(Tier::Waiting) && guest.advance(Tier::Joined));
    assert!(!guest.advance(Tier::Refused));
}

#[test]
fn t10_a_connection_of_a_proxy_counts_for_whom_it_carries() {
    let limits = Limits { connections_per_address: Rate::per_minute(2), ..Limits::default() };
    let all = addresses(limits);
    let mut first = all.connect_proxy(address("192.0.2.1"));
    let mut second = all.connect_proxy(address("192.0.2.1"));
    assert!(first.count_for(address("198.51.100.1"), NOW));
    assert!(first.count_for(address("198.51.100.1"), NOW), "the same again costs nothing");
    assert!(second.count_for(address("198.51.100.1"), NOW));
    assert!(second.count_for(address("198.51.100.2"), NOW));
    assert!(first.count_for(address("198.51.100.3"), NOW));
    assert!(!second.count_for(address("198.51.100.1"), NOW), "two a minute were taken");
    drop((first, second));
    assert_eq!(all.table().idle.len(), 3);
}
