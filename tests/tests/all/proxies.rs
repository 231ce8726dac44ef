//! Whose address counts: never one that a client made up.

use attune_protocol::ids::Millis;
use attune_server::config::Config;
use attune_server::limits::Rate;
use attune_tests::group::Person;
use attune_tests::plans;
use attune_tests::process::Process;
use attune_tests::raw::{Raw, upgrade_request};
use attune_tests::server::{Setup, TestServer};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

const PROXY: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 1));
const STRANGER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 66));

/// A server that believes a proxy at [`PROXY`], where an address may have three new connections a minute.
async fn behind_a_proxy(trusted: &[&str]) -> TestServer {
    let mut setup = Setup::by_hand(|limits| {
        limits.loopback_exempt = false;
        limits.connections_per_address = Rate::per_minute(3);
    });
    let trusted_proxies = trusted.iter().map(|text| text.parse().expect("is a network")).collect();
    setup.config = Config { trusted_proxies, ..setup.config };
    TestServer::with(setup).await
}

/// What a request from `from` is answered, on a connection of its own.
async fn status(server: SocketAddr, from: IpAddr, headers: &str) -> u16 {
    let mut raw = Raw::connect_from(from, server).await;
    let text = format!("GET /s HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n{headers}\r\n");
    raw.send(text.as_bytes()).await;
    raw.response().await.expect("an answer").status
}

fn forwarded(value: &str) -> String {
    format!("X-Forwarded-For: {value}\r\n")
}

#[tokio::test]
async fn t10_a_rotated_header_refreshes_no_bucket() {
    let server = behind_a_proxy(&["127.0.0.1", "10.0.0.0/8"]).await;
    let address = server.address();
    // A stranger who writes such headers without being a proxy.
    for number in 0..6 {
        let expected = if number < 3 { 200 } else { 503 };
        let made_up = forwarded(&format!("198.51.100.{number}"));
        assert_eq!(status(address, STRANGER, &made_up).await, expected, "{number}");
    }
    // A client behind the proxy, which adds the address that it sees to what the client made up.
    for number in 0..6 {
        let expected = if number < 3 { 200 } else { 503 };
        let made_up = forwarded(&format!("203.0.113.{number}, 198.51.100.7, 10.0.0.{number}"));
        assert_eq!(status(address, PROXY, &made_up).await, expected, "{number}");
    }
    let in_lines = format!("{}{}", forwarded("203.0.113.99"), forwarded("198.51.100.7"));
    assert_eq!(status(address, PROXY, &in_lines).await, 503, "several lines are one list");
    // Others behind the same proxy have their own, and time gives back.
    assert_eq!(status(address, PROXY, &forwarded("198.51.100.8")).await, 200);
    server.advance_transport(Millis::seconds(20));
    assert_eq!(status(address, PROXY, &forwarded("198.51.100.7")).await, 200);
}

#[tokio::test]
async fn t10_one_connection_of_a_proxy_carries_many_people() {
    let server = behind_a_proxy(&["127.0.0.1"]).await;
    let address = server.address();
    let mut raw = Raw::connect_from(PROXY, address).await;
    // Each of ten people comes once on the same connection, and one of them too often.
    for number in 0..10 {
        let text = format!(
            "GET /s HTTP/1.1\r\nHost: {address}\r\n{}\r\n",
            forwarded(&format!("198.51.100.{number}"))
        );
        raw.send(text.as_bytes()).await;
        assert_eq!(raw.response().await.expect("an answer").status, 200);
    }
    for (number, expected) in [(0, 200), (1, 200), (0, 200), (1, 200), (0, 503), (2, 200)] {
        let text = format!(
            "GET /s HTTP/1.1\r\nHost: {address}\r\n{}\r\n",
            forwarded(&format!("198.51.100.{number}"))
        );
        raw.send(text.as_bytes()).await;
        assert_eq!(raw.response().await.expect("an answer").status, expected, "{number}");
    }
    // A socket counts for whom the proxy asks.
    let headers = format!("Origin: http://{address}\r\n{}", forwarded("198.51.100.20"));
    let mut sockets = Vec::new();
    for expected in [101, 101, 101, 503] {
        let mut raw = Raw::connect_from(PROXY, address).await;
        raw.send(&upgrade_request(address, &headers)).await;
        assert_eq!(raw.response().await.expect("an answer").status, expected);
        sockets.push(raw);
    }
}

#[tokio::test]
async fn t10_wire_27_a_header_without_configuration_is_not_read_and_said_once() {
    let process = Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &["--log", "debug"]).await;
    for number in 0..20 {
        let made_up = forwarded(&format!("198.51.100.{number}, canary-7f3a"));
        assert_eq!(status(process.address(), PROXY, &made_up).await, 200);
    }
    let (_ada, _) = Person::set_up(process.address(), "Ada", plans::ruch()).await;
    let log = process.log();
    assert_eq!(log.matches("headers of a proxy").count(), 1, "{log}");
    assert!(!log.contains("canary") && !log.contains("198.51"), "{log}");
}
