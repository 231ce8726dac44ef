//! The wire itself: who may open a socket, first frames, junk, and what every answer carries.

use attune_protocol::client::{Command, FirstMessage, PROTOCOL_VERSION};
use attune_protocol::ids::{Millis, SeatNumber, SessionId, Timestamp};
use attune_protocol::server::{CloseCode, Refusal};
use attune_server::config::Config;
use attune_server::limits::Rate;
use attune_tests::client::Client;
use attune_tests::group::{Group, create, hello};
use attune_tests::picture::Ending;
use attune_tests::plans;
use attune_tests::raw::{Raw, Response, frame, get, head, request, upgrade_request};
use attune_tests::secrets::{draw, draw_invite, draw_token};
use attune_tests::server::{Setup, TestServer};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio_tungstenite::tungstenite::Message;

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

/// A first frame as a value, to be spoiled.
fn first_frames() -> Vec<Value> {
    let link = attune_tests::group::Link { session: SessionId::from_bytes(draw()), invite: draw_invite() };
    [
        create(plans::ruch(), &link.invite, draw_token()),
        hello(&link, draw_token()),
        attune_tests::group::erase(link.session, draw_token()),
    ]
    .iter()
    .map(|first| serde_json::to_value(first).expect("can be written"))
    .collect()
}

async fn first_answer(server: SocketAddr, text: impl Into<String>) -> CloseCode {
    let client = Client::open(server).await;
    client.send_text(text);
    client.close_code().await
}

#[tokio::test]
async fn wire_2_any_other_first_frame_is_not_understood() {
    let server = TestServer::start().await;
    let address = server.address();
    let mut wrong: Vec<String> = vec![
        String::new(),
        "null".to_owned(),
        "[]".to_owned(),
        "hello".to_owned(),
        r#"{"type":"ping","sent":1}"#.to_owned(),
        r#"{"type":"history"}"#.to_owned(),
        "[".repeat(4_000),
        "\u{0}".to_owned(),
    ];
    for first in first_frames() {
        let whole = first.to_string();
        let fields = first.as_object().expect("is an object");
        for name in fields.keys().filter(|name| *name != "invite" || first["type"] == "create") {
            let mut without = fields.clone();
            without.remove(name);
            wrong.push(Value::Object(without).to_string());
            wrong.push(whole.replacen('{', &format!("{{{:?}:{},", name, fields[name]), 1));
        }
        for name in ["seat", "role", "facilitator", "now", "extra"] {
            let mut more = fields.clone();
            more.insert(name.to_owned(), json!(1));
            wrong.push(Value::Object(more).to_string());
        }
        let mut short = fields.clone();
        short.insert("seatToken".to_owned(), json!("AAAA"));
        wrong.push(Value::Object(short).to_string());
        wrong.push(format!("{whole}{whole}"));
    }
    for text in wrong {
        assert_eq!(first_answer(address, text.clone()).await, CloseCode::NotUnderstood, "{text}");
    }
    assert_eq!(server.sessions().await, 0);
}

#[tokio::test]
async fn wire_3_another_version_is_told_to_reload() {
    let server = TestServer::start().await;
    for version in [0, PROTOCOL_VERSION + 1, u16::MAX] {
        for mut first in first_frames() {
            first["version"] = json!(version);
            assert_eq!(first_answer(server.address(), first.to_string()).await, CloseCode::Reload);
            first["whatever"] = json!({"is": ["new"]});
            assert_eq!(first_answer(server.address(), first.to_string()).await, CloseCode::Reload);
        }
    }
}

#[tokio::test]
async fn wire_6_a_binary_frame_is_not_understood() {
    let server = TestServer::start().await;
    let first = Client::open(server.address()).await;
    first.send(Message::binary(vec![0, 1, 2, 255]));
    assert_eq!(first.close_code().await, CloseCode::NotUnderstood);
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    group[1].send(Message::binary(b"{\"type\":\"ping\",\"sent\":1}".to_vec()));
    assert_eq!(group[1].close_code().await, CloseCode::NotUnderstood);
    group[0].wait_until("the loss", |picture| picture.is_away(SeatNumber(2))).await;
}

#[tokio::test]
async fn wire_7_junk_ends_its_own_socket_with_a_listed_code() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    let unmasked = b"\x81\x02{}".to_vec();
    let cases: Vec<(&str, Vec<u8>, CloseCode)> = vec![
        ("bad UTF-8", frame(0x81, &[0xff, 0xfe, 0x80]), CloseCode::NotUnderstood),
        ("half a character", frame(0x81, &[0xe2, 0x82]), CloseCode::NotUnderstood),
        ("unmasked", unmasked, CloseCode::NotUnderstood),
        ("a reserved opcode", frame(0x83, b"{}"), CloseCode::NotUnderstood),
        ("a reserved control opcode", frame(0x8b, b""), CloseCode::NotUnderstood),
        ("a continuation of nothing", frame(0x80, b"{}"), CloseCode::NotUnderstood),
        ("a second beginning", [frame(0x01, b"{"), frame(0x81, b"}")].concat(), CloseCode::NotUnderstood),
        ("a ping in pieces", frame(0x09, b""), CloseCode::NotUnderstood),
        ("a ping of 126 bytes", frame(0x89, &[0; 126]), CloseCode::NotUnderstood),
        ("a length of 2^62", head(0x81, 1 << 62), CloseCode::TooBig),
        ("a length of 2^64 - 1", head(0x81, u64::MAX), CloseCode::TooBig),
        ("a megabyte", frame(0x81, &vec![b'x'; 1 << 20]), CloseCode::TooBig),
    ];
    for (what, bytes, code) in cases {
        for joined in [false, true] {
            let mut raw = Raw::connect(server.address()).await;
            if joined {
                raw.enter(server.address(), &hello(&group.link, group[2].token)).await;
            } else {
                raw.upgrade(server.address()).await;
            }
            raw.send(&bytes).await;
            assert_eq!(raw.ending().await.code(), Some(code), "{what}, joined: {joined}");
        }
    }
    // Half a frame, and gone.
    let mut raw = Raw::connect(server.address()).await;
    raw.enter(server.address(), &hello(&group.link, group[2].token)).await;
    group[0].wait_until("who comes", |picture| picture.is_here(SeatNumber(3))).await;
    raw.send(&frame(0x81, b"{\"type\":\"ping\"}")[..9]).await;
    drop(raw);
    group[0].wait_until("who goes", |picture| picture.is_away(SeatNumber(3))).await;
    group[0].steer(|moment| Command::Next { moment }).await;
}

#[tokio::test]
async fn wire_5_a_frame_that_is_no_message_changes_nothing() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 2).await;
    let revision = group[0].picture().revision;
    let request = uuid::Uuid::nil();
    let wrong = [
        String::new(),
        "[]".to_owned(),
        "{}".to_owned(),
        r#"{"type":"ping"}"#.to_owned(),
        r#"{"type":"ping","sent":"now"}"#.to_owned(),
        r#"{"type":"ping","sent":1,"sent":2}"#.to_owned(),
        r#"{"type":"ping","sent":1e999}"#.to_owned(),
        r#"{"type":"history","all":true}"#.to_owned(),
        r#"{"type":"welcome"}"#.to_owned(),
        r#"{"type":"hello","version":3}"#.to_owned(),
        format!(r#"{{"type":"command","request":"{request}"}}"#),
        r#"{"type":"command","command":{"type":"leave"}}"#.to_owned(),
        r#"{"type":"command","request":"1","command":{"type":"leave"}}"#.to_owned(),
        format!(r#"{{"type":"command","request":"{request}","command":{{"type":"leave","seat":1}}}}"#),
        format!(r#"{{"type":"command","request":"{request}","command":{{"type":"Leave"}}}}"#),
        format!(r#"{{"type":"command","request":"{request}","command":"leave"}}"#),
        format!(
            r#"{{"type":"command","request":"{request}","command":{{"type":"next","moment":{{"visit":1}}}}}}"#
        ),
        format!(
            r#"{{"type":"command","request":"{request}","command":{{"type":"next","moment":{{"visit":-1,"turn":0}}}}}}"#
        ),
        format!(
            r#"{{"type":"command","request":"{request}","command":{{"type":"next","moment":{{"visit":1.5,"turn":0}}}}}}"#
        ),
        format!(
            r#"{{"type":"command","request":"{request}","command":{{"type":"next","moment":{{"visit":9007199254740993,"turn":0}}}}}}"#
        ),
        format!(r#"{{"type":"command","request":"{request}","command":{{"type":"agree","seat":65536}}}}"#),
        format!(
            r#"{{"type":"command","request":"{request}","command":{{"type":"setName","seat":1,"name":"Ada"}}}}"#
        ),
        format!(
            r#"{{"type":"command","request":"{request}","command":{{"type":"setName","seat":1,"name":""}}}}"#
        ),
        format!(
            r#"{{"type":"command","request":"{request}","command":{{"type":"extend","moment":{{"visit":1,"turn":0}},"by":"ten"}}}}"#
        ),
        "[".repeat(30_000),
        format!("{{\"a\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000)),
    ];
    for (count, text) in wrong.iter().enumerate() {
        group[0].send_text(text.clone());
        group[0].wait_until("a refusal", |picture| picture.nameless.len() == count + 1).await;
        assert_eq!(group[0].picture().nameless[count], Refusal::NotUnderstood, "{text}");
    }
    group[1].now().await;
    assert_eq!(group[0].picture().revision, revision);
    assert_eq!(server.events(group.link.session).await.len(), usize::try_from(revision.0).unwrap());
}

#[tokio::test]
async fn wire_2_a_meeting_is_planned_at_most_a_year_ahead() {
    let server = TestServer::start().await;
    let plan_for = |planned_for| FirstMessage::Create {
        version: PROTOCOL_VERSION,
        plan: plans::ruch(),
        invite: attune_tests::secrets::hash_invite(&draw_invite()),
        seat_token: draw_token(),
        planned_for: Some(planned_for),
        create_token: None,
    };
    let year = Millis::hours(366 * 24);
    for (day, allowed) in [
        (server.now() + Millis::hours(48), true),
        (server.now() + year, true),
        (server.now() + year + Millis(1), false),
        (Timestamp(-1), false),
    ] {
        let client = Client::open(server.address()).await;
        client.introduce(&plan_for(day));
        if allowed {
            client.welcome().await;
            assert_eq!(client.view().expires_at, day + server.retention());
        } else {
            assert_eq!(client.close_code().await, CloseCode::NotUnderstood);
        }
    }
}

#[tokio::test]
async fn t21_a_mangled_link_is_answered_and_neither_echoed_nor_kept() {
    let server = TestServer::start().await;
    for path in
        ["/s%23canary-7f3a", "/s/x%23canary-7f3a", "/s?canary-7f3a", "/s/canary-7f3a/../x", "/scanary-7f3a"]
    {
        for method in ["GET", "HEAD"] {
            let response = get(server.address(), method, path).await;
            assert_eq!(response.status, 200, "{method} {path}");
            assert!(!response.text().contains("canary-7f3a"), "{method} {path}");
        }
    }
    for path in ["/canary-7f3a", "/assets/canary-7f3a.js", "/ws/canary-7f3a", "/x?canary-7f3a"] {
        let response = get(server.address(), "GET", path).await;
        assert_eq!(response.status, 404, "{path}");
        assert!(!response.text().contains("canary-7f3a"), "{path}");
    }
}

#[tokio::test]
async fn t22_the_page_is_the_same_whatever_its_address_holds() {
    let server = TestServer::start().await;
    let page = get(server.address(), "GET", "/").await;
    for path in ["/s", "/s%23session.invite.key", "/s.session.invite.key", "/s?key", "/s/key"] {
        let response = get(server.address(), "GET", path).await;
        assert_eq!(response.body, page.body, "{path}");
        assert_eq!(
            (response.header("location"), response.header("refresh"), response.header("link")),
            (None, None, None)
        );
        assert_eq!(response.header("referrer-policy"), Some("no-referrer"));
    }
}

#[tokio::test]
async fn t23_asking_for_pages_changes_nothing() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    let before = server.events(group.link.session).await.len();
    let session = String::from(group.link.session);
    let invite = String::from(group.link.invite);
    for path in
        ["/", "/s", "/new", "/ws", &format!("/s%23{session}.{invite}.x"), &format!("/ws?session={session}")]
    {
        for method in ["GET", "HEAD"] {
            let response = get(server.address(), method, path).await;
            assert!(response.status == 200 || response.status >= 400, "no redirect: {}", response.status);
            assert!(response.header("x-robots-tag").is_some_and(|value| value.contains("noindex")));
            assert_eq!(response.header("set-cookie"), None);
        }
    }
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        let response = get(server.address(), method, "/s").await;
        assert_eq!(response.status, 405, "{method}");
    }
    // A browser that opens a socket and says nothing takes no seat.
    let mut raw = Raw::connect(server.address()).await;
    raw.upgrade(server.address()).await;
    group[0].now().await;
    assert_eq!(server.events(group.link.session).await.len(), before);
    assert_eq!((group[0].view().seats.len(), server.sessions().await), (2, 1));
}

#[tokio::test]
async fn run_7_every_answer_carries_the_headers() {
    let server = TestServer::start().await;
    let address = server.address();
    let host = format!("Host: {address}\r\nConnection: close\r\n");
    let long = format!("/{}", "x".repeat(server.limits().uri_bytes));
    let requests = [
        (200, format!("GET / HTTP/1.1\r\n{host}\r\n")),
        (200, format!("HEAD / HTTP/1.1\r\n{host}\r\n")),
        (200, format!("GET /s HTTP/1.1\r\n{host}\r\n")),
        (200, format!("GET /new HTTP/1.1\r\n{host}\r\n")),
        (404, format!("GET /nothing HTTP/1.1\r\n{host}\r\n")),
        (404, format!("GET /../../etc/passwd HTTP/1.1\r\n{host}\r\n")),
        (404, format!("GET /assets/none.js HTTP/1.1\r\n{host}\r\n")),
        (405, format!("POST / HTTP/1.1\r\n{host}Content-Length: 0\r\n\r\n")),
        (413, format!("POST / HTTP/1.1\r\n{host}Content-Length: 99999999\r\n\r\n")),
        (414, format!("GET {long} HTTP/1.1\r\n{host}\r\n")),
        (403, format!("GET /ws HTTP/1.1\r\n{host}\r\n")),
        (426, format!("GET /ws HTTP/1.1\r\n{host}Origin: http://{address}\r\n\r\n")),
    ];
    for (status, text) in requests {
        let line = text.lines().next().unwrap_or_default().chars().take(60).collect::<String>();
        let response = request(address, &text).await.expect("an answer");
        assert_eq!(response.status, status, "{line}");
        let header =
            |name: &str| response.header(name).unwrap_or_else(|| panic!("{line} has no {name}")).to_owned();
        let policy = header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "script-src 'self'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(rule), "{line}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert!(header("permissions-policy").contains("geolocation=()"));
        assert!(header("cache-control").contains("no-store"), "{line}");
        assert_eq!(response.header("server"), None);
        assert_eq!(response.header("strict-transport-security"), None, "not over plain http");
    }
}

#[tokio::test]
async fn t35_wire_28_answers_to_what_cannot_be_read_carry_the_headers_too() {
    let server = TestServer::with(Setup::with_limits(|limits| {
        limits.loopback_exempt = false;
        // As many as there are requests below, but for the last one.
        limits.connections_per_address = Rate { count: 1, per: Millis::hours(1), burst: 9 };
    }))
    .await;
    let address = server.address();
    // What every answer has of its own.
    let own = ["content-type", "content-length", "date", "vary", "connection", "retry-after"];
    let common = |response: &Response| {
        let mut headers = response.headers.clone();
        headers.retain(|(name, _)| !own.contains(&name.as_str()));
        headers.sort();
        headers
    };
    let expected = common(&get(address, "GET", "/nothing").await);
    assert!(expected.len() >= 7, "{expected:?}");
    let many = "X: y\r\n".repeat(server.limits().headers + 1);
    let long = format!("X: {}\r\n", "y".repeat(server.limits().head_bytes));
    let host = format!("Host: {address}\r\n");
    let good = format!("GET /nothing HTTP/1.1\r\n{host}\r\n");
    for (statuses, text) in [
        (&[400][..], "\u{1b}[31mcanary\r\n\r\n".to_owned()),
        (&[400], format!("GET / HTTP/9.9\r\n{host}\r\n")),
        (&[400], format!("GET / HTTP/1.1\r\n{host}X\u{1b}canary: y\r\n\r\n")),
        (&[400], format!("GET /a canary HTTP/1.1\r\n{host}\r\n")),
        (&[431], format!("GET / HTTP/1.1\r\n{host}{many}\r\n")),
        (&[431], format!("GET / HTTP/1.1\r\n{host}{long}\r\n")),
        (&[404, 400], format!("{good}canary\r\n\r\n")),
        (&[404, 404, 431], format!("{good}{good}GET / HTTP/1.1\r\n{host}{many}\r\n")),
    ] {
        let mut raw = Raw::connect(address).await;
        raw.send(text.as_bytes()).await;
        let mut answers = Vec::new();
        while let Some(response) = raw.response().await {
            answers.push(response);
        }
        let got: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
        let line: String = text.chars().take(40).collect();
        assert_eq!(got, statuses, "{line:?}");
        for answer in answers {
            assert_eq!(common(&answer), expected, "{line:?}");
            assert!(!answer.text().contains("canary"), "{line:?}");
        }
    }
    // And one that is turned away before it has said anything.
    let refused = get(address, "GET", "/").await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("5")));
    assert_eq!(common(&refused), expected);
}

#[tokio::test]
async fn wire_8_a_close_frame_of_the_browser_is_answered() {
    let server = TestServer::start().await;
    let mut group = Group::gather(server.address(), plans::ruch(), 2).await;
    let older = group[1].come_back(server.address()).await.expect("was connected");
    assert_eq!(older.close_code().await, CloseCode::Replaced);
    let mut raw = Raw::connect(server.address()).await;
    raw.enter(server.address(), &hello(&group.link, draw_token())).await;
    raw.send(&frame(0x88, &1000_u16.to_be_bytes())).await;
    assert!(matches!(raw.ending().await, Ending::Closed(1000, _)));
    group[0].wait_until("who went", |picture| picture.is_away(SeatNumber(3))).await;
}
