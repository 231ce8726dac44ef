//! The handshake of a websocket: who may open one, and with what.

use attune_protocol::server::CloseCode;
use attune_server::config::Config;
use attune_tests::client::Client;
use attune_tests::group::create;
use attune_tests::plans;
use attune_tests::raw::{Raw, Response, frame, get, upgrade_request};
use attune_tests::secrets::{draw_invite, draw_token};
use attune_tests::server::{Setup, TestServer};
use std::net::SocketAddr;

async fn asked(server: SocketAddr, headers: &str) -> Response {
    let mut raw = Raw::connect(server).await;
    raw.send(&upgrade_request(server, headers)).await;
    raw.response().await.expect("an answer")
}

#[tokio::test]
async fn t1_only_pages_of_the_own_site_open_sockets() {
    let server = TestServer::start().await;
    let address = server.address();
    let port = address.port();
    let own = format!("Origin: http://{address}\r\n");
    assert_eq!(asked(address, &own).await.status, 101);
    for foreign in [
        String::new(),
        "Origin: null\r\n".to_owned(),
        "Origin: \r\n".to_owned(),
        "Origin: http://evil.example\r\n".to_owned(),
        format!("Origin: http://localhost:{port}\r\n"),
        format!("Origin: http://127.0.0.1:{port}.evil.example\r\n"),
        "Origin: http://127.0.0.1\r\n".to_owned(),
        format!("{own}Origin: http://evil.example\r\n"),
        format!("Origin: http://{address}/\r\n"),
    ] {
        let response = asked(address, &foreign).await;
        assert_eq!(response.status, 403, "{foreign:?}");
        assert!(!response.text().contains("evil"), "nothing is echoed");
    }
}

#[tokio::test]
async fn t1_with_a_public_url_the_origin_is_that() {
    let public_url = Some("https://attune.example".parse().expect("is a site"));
    let setup = Setup::default();
    let server =
        TestServer::with(Setup { config: Config { public_url, ..setup.config }, ..Setup::default() }).await;
    let address = server.address();
    assert_eq!(asked(address, "Origin: https://attune.example\r\n").await.status, 101);
    assert_eq!(asked(address, &format!("Origin: http://{address}\r\n")).await.status, 403);
    let page = get(address, "GET", "/").await;
    assert_eq!(page.header("strict-transport-security"), Some("max-age=31536000; includeSubDomains"));
}

#[tokio::test]
async fn t1_a_foreign_page_uses_up_nobodys_place() {
    let server = TestServer::with(Setup::with_limits(|limits| {
        (limits.loopback_exempt, limits.waiting_per_address) = (false, 1);
    }))
    .await;
    // The only one that may wait; a second one would take its place.
    let own = Client::open(server.address()).await;
    for _ in 0..20 {
        assert_eq!(asked(server.address(), "Origin: http://evil.example\r\n").await.status, 403);
    }
    own.introduce(&create(plans::ruch(), &draw_invite(), draw_token()));
    own.welcome().await;
}

#[tokio::test]
async fn t44_no_extension_is_agreed_and_a_reserved_bit_closes() {
    let server = TestServer::start().await;
    let offers = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-webkit-deflate-frame\r\n\
                  Sec-WebSocket-Protocol: attune, chat\r\n";
    let response = asked(server.address(), &format!("Origin: http://{}\r\n{offers}", server.address())).await;
    assert_eq!(response.status, 101);
    assert_eq!(
        (response.header("sec-websocket-extensions"), response.header("sec-websocket-protocol")),
        (None, None)
    );
    for bits in [0x40, 0x20, 0x10] {
        let mut raw = Raw::connect(server.address()).await;
        raw.upgrade(server.address()).await;
        raw.send(&frame(0x81 | bits, b"{}")).await;
        assert_eq!(raw.ending().await.code(), Some(CloseCode::NotUnderstood));
    }
}

#[tokio::test]
async fn wire_41_a_handshake_with_a_body_is_refused_by_name() {
    let server = TestServer::start().await;
    let origin = format!("Origin: http://{}\r\n", server.address());
    for (body, sent) in [("Content-Length: 2\r\n", "{}"), ("Transfer-Encoding: chunked\r\n", "0\r\n\r\n")] {
        let mut raw = Raw::connect(server.address()).await;
        let request = upgrade_request(server.address(), &format!("{origin}{body}"));
        raw.send(&[&request[..], sent.as_bytes()].concat()).await;
        let answer = raw.response().await.expect("an answer");
        let (status, words) = (answer.status, String::from_utf8_lossy(&answer.body));
        assert_eq!((status, &*words), (400, "A websocket begins without a body.\n"));
    }
    let none = format!("{origin}Content-Length: 0\r\n");
    assert_eq!(asked(server.address(), &none).await.status, 101);
}
