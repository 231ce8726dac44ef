//! Requests over real connections: what every answer carries, and what one address may use.

use crate::Server;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::limits::{Limits, Rate};
use crate::secret::SystemChance;
use crate::store::memory::MemoryStore;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn start(config: Config) -> (Server, SocketAddr) {
    let clock = Arc::new(SystemClock::new().expect("the system has a clock"));
    let store = Arc::new(MemoryStore::default());
    let server = Server::new(config, clock.clone(), clock, store, Arc::new(SystemChance));
    let listener = crate::listen(([127, 0, 0, 1], 0).into()).expect("a port is free");
    let address = listener.local_addr().expect("it listens");
    let serving = server.clone();
    tokio::spawn(async move { serving.serve(listener).await });
    (server, address)
}

/// The limit for conditions that hold at once on any working machine.
async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future).await.expect("should have come long ago")
}

/// Sends a request on a connection of its own and gives all that comes back until the server closes it.
async fn ask(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("the server listens");
    // A server that refuses at once may have closed before all is written.
    let _written = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _read = within(stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(path: &str, more: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: attune.example\r\nconnection: close\r\n{more}\r\n")
}

#[tokio::test]
async fn t35_every_answer_carries_the_same_headers() {
    let public_url = Some("https://attune.example".parse().expect("is a site"));
    let (_server, address) = start(Config { public_url, ..Config::default() }).await;
    let long = format!("/{}", "a".repeat(2 * 1024));
    for (request, status) in [
        (get("/", ""), "200"),
        (get("/s%23canary", ""), "200"),
        (get("/canary", ""), "404"),
        (get(&long, ""), "414"),
        (get("/", "content-length: 16385\r\n"), "413"),
        (get("/ws", ""), "403"),
        (get("/ws", "origin: https://attune.example\r\n"), "426"),
        (get("/", "").replace("GET", "POST"), "405"),
        ("canary\r\n\r\n".to_owned(), "400"),
        (get("/", "host: canary\r\n"), "400"),
        (get("/", &"canary: y\r\n".repeat(64)), "431"),
    ] {
        let answer = ask(address, &request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {answer}");
        for header in [
            "content-security-policy: default-src 'none';",
            "require-trusted-types-for 'script'; trusted-types 'none'",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff",
            "permissions-policy: camera=()",
            "cross-origin-opener-policy: same-origin",
            "x-robots-tag: noindex",
            "cache-control: no-cache, no-store",
            "strict-transport-security: max-age=31536000; includeSubDomains",
        ] {
            assert!(answer.contains(header), "{status} without {header}: {answer}");
        }
        assert!(!answer.contains("canary"), "{answer}");
    }
}

#[tokio::test]
async fn wire_13_heads_hold_at_their_limit_and_not_one_past_it() {
    let (_server, address) = start(Config::default()).await;
    // Two are in every request here.
    let headers = |count: usize| get("/", &"x: y\r\n".repeat(count - 2));
    assert!(ask(address, &headers(64)).await.starts_with("HTTP/1.1 200 "));
    assert!(ask(address, &headers(65)).await.starts_with("HTTP/1.1 431 "));
    let large = get("/", &format!("x: {}\r\n", "y".repeat(17 * 1024)));
    assert!(ask(address, &large).await.starts_with("HTTP/1.1 431 "));
    let target = |length: usize| get(&format!("/s{}", "a".repeat(length - 2)), "");
    assert!(ask(address, &target(2 * 1024)).await.starts_with("HTTP/1.1 200 "));
    assert!(ask(address, &target(2 * 1024 + 1)).await.starts_with("HTTP/1.1 414 "));
}

#[tokio::test]
async fn wire_46_a_request_names_one_host() {
    let (_server, address) = start(Config::default()).await;
    for (head, status) in [
        ("GET / HTTP/1.1\r\n", "400"),
        ("GET / HTTP/1.1\r\nhost: a\r\nhost: a\r\n", "400"),
        ("GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n", "400"),
        ("GET /ws HTTP/1.1\r\nhost: a\r\nhost: b\r\n", "400"),
        ("GET / HTTP/1.0\r\nhost: a\r\nhost: b\r\n", "400"),
        ("GET / HTTP/1.1\r\nhost: a\r\n", "200"),
        ("GET / HTTP/1.0\r\n", "200"),
    ] {
        let answer = ask(address, &format!("{head}connection: close\r\n\r\n")).await;
        assert_eq!(answer.split(' ').nth(1), Some(status), "{head:?}: {answer}");
    }
}

#[tokio::test]
async fn wire_22_the_oldest_connection_of_an_address_makes_room() {
    let limits = Limits {
        plain_per_address: 3,
        connections_per_address: Rate::UNLIMITED,
        loopback_exempt: false,
        ..Limits::default()
    };
    let (_server, address) = start(Config { limits, ..Config::default() }).await;
    let mut open = Vec::new();
    for _ in 0..10 {
        let mut stream = TcpStream::connect(address).await.expect("the server listens");
        stream.write_all(b"GET /x HTTP/1.1\r\nhost: a\r\n\r\n").await.expect("is taken");
        let mut first = [0; 12];
        within(stream.read_exact(&mut first)).await.expect("is answered");
        assert_eq!(&first, b"HTTP/1.1 404");
        open.push(stream);
    }
    for stream in &mut open[..7] {
        within(stream.read_to_end(&mut Vec::new())).await.expect("is closed");
    }
    // The last ones are still served.
    for stream in &mut open[8..] {
        stream.write_all(b"GET /x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.expect("is taken");
        let mut rest = String::new();
        within(stream.read_to_string(&mut rest)).await.expect("is answered");
        assert_eq!(rest.matches("HTTP/1.1 404").count(), 1, "{rest}");
    }
}

#[tokio::test]
async fn t46_the_system_gives_up_a_peer_that_takes_nothing_for_thirty_seconds() {
    let listener = crate::listen(([127, 0, 0, 1], 0).into()).expect("a port is free");
    let address = listener.local_addr().expect("it listens");
    let (far, near) = tokio::join!(TcpStream::connect(address), listener.accept());
    let (_far, (near, _)) = (far.expect("it listens"), near.expect("it comes"));
    assert_eq!(near.nodelay().ok(), Some(true));
    assert_eq!(rustix::net::sockopt::tcp_user_timeout(&near), Ok(30_000));
}

#[tokio::test]
async fn run_14_a_stop_ends_connections_and_serving() {
    let (server, address) = start(Config::default()).await;
    let mut idle = TcpStream::connect(address).await.expect("the server listens");
    idle.write_all(b"GET /x HTTP/1.1\r\nhost: a\r\n\r\n").await.expect("is taken");
    within(idle.read_exact(&mut [0; 12])).await.expect("is answered");
    within(server.shutdown()).await;
    within(idle.read_to_end(&mut Vec::new())).await.expect("is closed");
    assert!(TcpStream::connect(address).await.is_err());
}
