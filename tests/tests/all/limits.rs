//! Every limit holds at its number and not one past it (T40), read from the server's configuration.

use attune_protocol::ids::Millis;
use attune_protocol::server::{CloseCode, Refusal};
use attune_tests::client::Client;
use attune_tests::group::{Group, Person, create, hello};
use attune_tests::picture::Answer;
use attune_tests::plans;
use attune_tests::raw::{Raw, frame, request};
use attune_tests::secrets::{draw_invite, draw_request, draw_token};
use attune_tests::server::{Setup, TestServer};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// The status of a request; `None` when the connection ends without an answer.
async fn status(server: SocketAddr, path: &str, headers: &str) -> Option<u16> {
    let text = format!("GET {path} HTTP/1.1\r\nHost: {server}\r\n{headers}\r\n");
    request(server, &text).await.map(|response| response.status)
}

#[tokio::test]
async fn t40_a_request_line_and_its_headers() {
    let server = TestServer::start().await;
    let (address, limits) = (server.address(), server.limits());
    let path = |length: usize| format!("/s{}", "x".repeat(length - 2));
    assert_eq!(status(address, &path(limits.uri_bytes), "").await, Some(200));
    assert_eq!(status(address, &path(limits.uri_bytes + 1), "").await, Some(414));
    let query = |length: usize| format!("/s?{}", "x".repeat(length - 3));
    assert_eq!(status(address, &query(limits.uri_bytes + 1), "").await, Some(414));
    // One of them is the host.
    let many = |count: usize| (1..count).map(|number| format!("X-{number}: y\r\n")).collect::<String>();
    assert_eq!(status(address, "/s", &many(limits.headers)).await, Some(200));
    assert_eq!(status(address, "/s", &many(limits.headers + 1)).await, Some(431));
    let long = |length: usize| format!("X: {}\r\n", "y".repeat(length));
    assert_eq!(status(address, "/s", &long(limits.head_bytes - 200)).await, Some(200));
    assert_eq!(status(address, "/s", &long(limits.head_bytes + 200)).await, Some(431));
}

#[tokio::test]
async fn t40_a_body() {
    let server = TestServer::start().await;
    let body = async |length: u64| {
        let text =
            format!("POST / HTTP/1.1\r\nHost: {}\r\nContent-Length: {length}\r\n\r\n", server.address());
        request(server.address(), &text).await.map(|response| response.status)
    };
    let limit = server.limits().body_bytes;
    assert_eq!((body(limit).await, body(limit + 1).await), (Some(405), Some(413)));
}

#[tokio::test]
async fn wire_35_a_connection_carries_so_many_requests_and_no_more() {
    let server = TestServer::with(Setup::with_limits(|limits| limits.requests_per_connection = 3)).await;
    let mut raw = Raw::connect(server.address()).await;
    let ask = format!("GET /health HTTP/1.1\r\nHost: {}\r\n\r\n", server.address());
    // All at once, as somebody would who waits for nothing.
    raw.send(ask.repeat(50).as_bytes()).await;
    let mut closing = Vec::new();
    while let Some(answer) = raw.response().await {
        assert_eq!(answer.status, 200);
        closing.push(answer.header("connection") == Some("close"));
    }
    assert_eq!(closing, [false, false, true]);
}

#[tokio::test]
async fn wire_14_half_a_head_is_not_waited_for() {
    let server = TestServer::with(Setup::with_limits(|limits| limits.head_time = Millis(200))).await;
    for half in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\n"] {
        let mut raw = Raw::connect(server.address()).await;
        raw.send(half.as_bytes()).await;
        let answer = raw.response().await;
        assert!(answer.is_none_or(|answer| answer.status == 408), "{half:?}");
    }
}

#[tokio::test]
async fn wire_15_a_first_frame_has_its_time_and_its_size() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let (address, limits) = (server.address(), server.limits());
    let first = serde_json::to_string(&create(plans::ruch(), &draw_invite(), draw_token())).unwrap();
    // Space around a message is part of it.
    let padded =
        |length: u64| format!("{first}{}", " ".repeat(usize::try_from(length).unwrap() - first.len()));
    let fits = Client::open(address).await;
    fits.send_text(padded(limits.first_bytes));
    fits.welcome().await;
    let large = Client::open(address).await;
    large.send_text(padded(limits.first_bytes + 1));
    assert_eq!(large.close_code().await, CloseCode::TooBig);
    // In pieces it is as large.
    let mut pieces = Raw::connect(address).await;
    pieces.upgrade(address).await;
    let half = vec![b' '; usize::try_from(limits.first_bytes / 2 + 1).unwrap()];
    pieces.send(&[frame(0x01, &half), frame(0x80, &half)].concat()).await;
    assert_eq!(pieces.ending().await.code(), Some(CloseCode::TooBig));

    let silent = Client::open(address).await;
    // Its server side is there once something younger has been served.
    let other = Client::open(address).await;
    other.introduce(&create(plans::ruch(), &draw_invite(), draw_token()));
    other.welcome().await;
    server.advance_transport(limits.first_time - Millis(1));
    other.now().await;
    assert_eq!(silent.picture().ending, None);
    server.advance_transport(Millis(1));
    assert_eq!(silent.close_code().await, CloseCode::Silent);
}

#[tokio::test]
async fn t40_a_later_message() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let limit = server.limits().message_bytes;
    let (ada, _) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let padded = |length: u64| {
        let ping = r#"{"type":"ping","sent":77}"#;
        format!("{ping}{}", " ".repeat(usize::try_from(length).unwrap() - ping.len()))
    };
    ada.send_text(padded(limit));
    ada.wait_until("a pong", |picture| picture.pongs.iter().any(|pong| pong.0 == 77.0)).await;
    ada.send_text(padded(limit + 1));
    assert_eq!(ada.close_code().await, CloseCode::TooBig);
}

#[tokio::test]
async fn t41_a_message_that_never_ends_is_closed_in_time() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let limits = server.limits();
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    let mut slow = Raw::connect(server.address()).await;
    slow.enter(server.address(), &hello(&group.link, draw_token())).await;
    // A piece a second, each within every rate.
    slow.send(&frame(0x01, b"{")).await;
    let seconds = limits.message_time.0 / 1_000;
    for second in 1..seconds {
        slow.send(&frame(0x00, b" ")).await;
        // The other pings, so that only this one is too slow.
        group[0].now().await;
        group[1].now().await;
        server.advance_transport(Millis::seconds(1));
        assert!(second < seconds);
    }
    server.advance_transport(Millis::seconds(1));
    assert_eq!(slow.ending().await.code(), Some(CloseCode::TooFast));
    group[1].now().await;
}

#[tokio::test]
async fn t40_the_plan_its_arrays_and_numbers() {
    let server = TestServer::start().await;
    let (ada, _) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let plan = serde_json::to_value(plans::ruch()).unwrap();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut plan = plan.clone();
        change(&mut plan);
        plan
    };
    let phases = |count: usize| {
        with(&|plan| {
            let phase = plan["phases"][3].clone();
            let named = |number| {
                let mut phase = phase.clone();
                phase["id"] = json!(format!("review-{number}"));
                phase["texts"] = json!({ "method": "ruch", "phase": "review" });
                phase
            };
            plan["phases"] = (0..count).map(named).collect();
        })
    };
    let minutes = |minutes: u64| with(&|plan| plan["phases"][0]["minutes"] = json!(minutes));
    let speakers =
        |count: usize| with(&|plan| plan["phases"][3]["floor"]["speakers"] = json!(vec!["member"; count]));
    let slug = |length: usize| with(&|plan| plan["phases"][0]["id"] = json!("x".repeat(length)));
    let items = server.limits().json_items;
    let cases = [
        ("16 phases", phases(16), true),
        ("17 phases", phases(17), false),
        ("no phase", phases(0), false),
        ("180 minutes", minutes(180), true),
        ("181 minutes", minutes(181), false),
        ("no minutes", minutes(0), false),
        ("2^16 minutes", minutes(65_536), false),
        ("2^64 minutes", with(&|plan| plan["phases"][0]["minutes"] = json!(1e19)), false),
        ("an array at its limit", speakers(items), true),
        ("an array past it", speakers(items + 1), false),
        ("an id that no phase has", slug(32), false),
        ("an id of 33", slug(33), false),
        (
            "a silent speaker",
            with(&|plan| plan["phases"][1]["floor"]["speakers"] = json!(["presenter"])),
            false,
        ),
        ("a doubled phase", with(&|plan| plan["phases"][1] = plan["phases"][0].clone()), false),
        ("a field of its own", with(&|plan| plan["phases"][1]["title"] = json!("canary")), false),
    ];
    for (what, plan, allowed) in cases {
        let request = draw_request();
        let text =
            json!({"type": "command", "request": request, "command": {"type": "changePlan", "plan": plan}});
        let answer = ada.send_as(request, text.to_string()).await;
        if allowed {
            assert!(matches!(answer, Answer::Accepted(_)), "{what}: {answer:?}");
        } else {
            assert_eq!(answer, Answer::Refused(Refusal::NotUnderstood), "{what}");
        }
    }
}

#[tokio::test]
async fn t40_the_depth_of_a_text() {
    let depth_of = |text: &str| {
        let (mut depth, mut deepest) = (0_usize, 0);
        for byte in text.bytes() {
            match byte {
                b'{' | b'[' => (depth, deepest) = (depth + 1, deepest.max(depth + 1)),
                b'}' | b']' => depth -= 1,
                _ => {}
            }
        }
        deepest
    };
    // No message is as deep as the limit is, so the limit is moved to where the messages are.
    let first = create(plans::ruch(), &draw_invite(), draw_token());
    let change = json!({"type": "changePlan", "plan": plans::firm_ruch()});
    let command = |request| json!({"type": "command", "request": request, "command": change}).to_string();
    let depth = depth_of(&command(draw_request()));
    assert_eq!(depth, depth_of(&serde_json::to_string(&first).unwrap()) + 1);
    assert!(depth < attune_server::limits::Limits::default().json_depth);
    for (limit, sets_up, changes) in
        [(depth, true, true), (depth - 1, true, false), (depth - 2, false, false)]
    {
        let server = TestServer::with(Setup::with_limits(|limits| limits.json_depth = limit)).await;
        let client = Client::open(server.address()).await;
        client.introduce(&first);
        if !sets_up {
            assert_eq!(client.close_code().await, CloseCode::NotUnderstood, "{limit}");
            continue;
        }
        client.welcome().await;
        let request = draw_request();
        let accepted = matches!(client.send_as(request, command(request)).await, Answer::Accepted(_));
        assert_eq!(accepted, changes, "{limit}");
    }
}

#[tokio::test]
async fn t40_a_sealed_text() {
    let server = TestServer::start().await;
    let (ada, _) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    // 256 bytes are 342 characters of base64, 257 are 343.
    for (characters, allowed) in [(342, true), (343, false), (2, true), (1, false)] {
        let request = draw_request();
        let command = json!({"type": "setName", "seat": 1, "name": "A".repeat(characters)});
        let text = json!({"type": "command", "request": request, "command": command}).to_string();
        let accepted = matches!(ada.send_as(request, text).await, Answer::Accepted(_));
        assert_eq!(accepted, allowed, "{characters} characters");
    }
}
