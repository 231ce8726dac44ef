//! What one address may use, so that it cannot take everybody's place.

use attune_protocol::ids::Millis;
use attune_protocol::server::CloseCode;
use attune_server::limits::Rate;
use attune_tests::client::{Client, open_socket};
use attune_tests::group::{Person, create, hello};
use attune_tests::plans;
use attune_tests::raw::Raw;
use attune_tests::secrets::{draw_invite, draw_token};
use attune_tests::server::{Setup, TestServer};
use std::net::{IpAddr, Ipv4Addr};

/// Addresses of this machine: each counts as somebody else's.
const ATTACKER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 66));
const OFFICE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 10));

#[tokio::test]
async fn wire_22_sockets_that_have_not_joined() {
    let server = TestServer::with(Setup::with_limits(|limits| limits.loopback_exempt = false)).await;
    let (address, limit) = (server.address(), server.limits().waiting_per_address);
    let mut waiting = Vec::new();
    for _ in 0..limit + 5 {
        waiting.push(Client::over(open_socket(ATTACKER, address).await.expect("the oldest makes room")));
    }
    for oldest in &waiting[..5] {
        assert_eq!(oldest.close_code().await, CloseCode::Busy);
    }
    // Others come in, and so does whoever says at once what they want: from elsewhere, and from there.
    let (_ada, link) = Person::set_up_from(OFFICE, address, "Ada", plans::ruch()).await;
    let noah = Person::join_from(ATTACKER, address, &link, "Noah").await;
    noah.now().await;
    let open = waiting.iter().filter(|client| client.picture().ending.is_none()).count();
    assert!((limit - 1..=limit).contains(&open), "{open} are left");
}

#[tokio::test]
async fn wire_22_sockets_that_have_joined() {
    let few = 5;
    let setup = Setup::with_limits(|limits| {
        (limits.loopback_exempt, limits.joined_per_address) = (false, few);
    });
    let server = TestServer::with(setup).await;
    let (ada, link) = Person::set_up_from(ATTACKER, server.address(), "Ada", plans::ruch()).await;
    let mut people = Vec::new();
    for _ in 1..few {
        people.push(Person::join_from(ATTACKER, server.address(), &link, "Noah").await);
    }
    let late = Client::open_from(ATTACKER, server.address()).await;
    late.introduce(&hello(&link, draw_token()));
    assert_eq!(late.close_code().await, CloseCode::Busy);
    ada.wait_until("the others", |picture| picture.people() == few).await;
    let elsewhere = Person::join_from(OFFICE, server.address(), &link, "Ruth").await;
    assert_eq!(usize::from(elsewhere.number.0), few + 1, "no seat was spent");
}

#[tokio::test]
async fn wire_22_new_connections() {
    let setup = Setup::by_hand(|limits| {
        limits.loopback_exempt = false;
        limits.connections_per_address = Rate::per_second(50, 10);
    });
    let server = TestServer::with(setup).await;
    let text = format!("GET /s HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address());
    let mut statuses = Vec::new();
    for _ in 0..12 {
        let mut raw = Raw::connect_from(ATTACKER, server.address()).await;
        raw.send(text.as_bytes()).await;
        statuses.push(raw.response().await.map(|response| response.status));
    }
    assert_eq!(statuses[..10], [Some(200); 10]);
    assert_eq!(statuses[10..], [Some(503); 2]);
    let mut other = Raw::connect_from(OFFICE, server.address()).await;
    other.send(text.as_bytes()).await;
    assert_eq!(other.response().await.map(|response| response.status), Some(200));
    server.advance_transport(Millis::seconds(1));
    let mut later = Raw::connect_from(ATTACKER, server.address()).await;
    later.send(text.as_bytes()).await;
    assert_eq!(later.response().await.map(|response| response.status), Some(200));
}

#[tokio::test]
async fn wire_23_new_sessions() {
    let server = TestServer::with(Setup::by_hand(|limits| limits.loopback_exempt = false)).await;
    let burst = server.limits().sessions_per_address.burst;
    let found = async |from: IpAddr| {
        let client = Client::open_from(from, server.address()).await;
        client.introduce(&create(plans::ruch(), &draw_invite(), draw_token()));
        let answer = client.wait_or_end("an answer", |picture| picture.session).await;
        answer.map_err(|ending| ending.code().expect("is listed"))
    };
    for _ in 0..burst {
        found(ATTACKER).await.expect("is allowed");
    }
    assert_eq!(found(ATTACKER).await.err(), Some(CloseCode::Busy));
    found(OFFICE).await.expect("is allowed to others");
    assert_eq!(server.sessions().await, u64::from(burst) + 1);
}
