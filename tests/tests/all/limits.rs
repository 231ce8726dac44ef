//! Every limit holds at its number and not one past it (T40), read from the server's configuration.

use attune_protocol::client::{Command, Extension};
use attune_protocol::ids::{Millis, Revision, SeatNumber};
use attune_protocol::server::{CloseCode, Refusal};
use attune_server::limits::Rate;
use attune_server::session::{self, Event, EventKind};
use attune_server::store::Append;
use attune_server::stored;
use attune_tests::client::Client;
use attune_tests::group::{Group, Person, create, hello, offer_or_withdraw};
use attune_tests::picture::{Answer, Picture};
use attune_tests::plans;
use attune_tests::raw::{Raw, frame, request};
use attune_tests::secrets::{draw_invite, draw_request, draw_token, seal};
use attune_tests::server::{Setup, TestServer};
use attune_tests::waiting::within_limit;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};

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

#[tokio::test]
async fn wire_17_messages_past_the_burst_are_refused_and_ten_times_over_close() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let limits = server.limits();
    let (ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let noah = Client::open(server.address()).await;
    noah.introduce(&hello(&link, draw_token()));
    noah.welcome().await;
    for number in 0..limits.messages.burst {
        noah.send_text(json!({"type": "ping", "sent": number}).to_string());
    }
    noah.wait_until("pongs", |picture| picture.pongs.len() == limits.messages.burst as usize).await;
    for count in 1..=limits.too_fast.burst as usize {
        noah.send_text(r#"{"type":"ping","sent":1}"#);
        noah.wait_until("a refusal", |picture| picture.nameless.len() == count).await;
    }
    assert!(noah.picture().nameless.iter().all(|why| *why == Refusal::TooFast));
    noah.send_text(r#"{"type":"ping","sent":1}"#);
    assert_eq!(noah.close_code().await, CloseCode::TooFast);
    ada.now().await;
}

#[tokio::test]
async fn t43_control_frames_past_the_burst_close() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let burst = server.limits().control_frames.burst as usize;
    let (ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let mut raw = Raw::connect(server.address()).await;
    raw.enter(server.address(), &hello(&link, draw_token())).await;
    raw.send(&frame(0x89, b"").repeat(burst)).await;
    let pongs = async {
        let mut pongs = 0;
        while pongs < burst {
            pongs += usize::from(raw.frame().await.expect("is open").0 == 10);
        }
    };
    within_limit("pongs", pongs).await;
    raw.send(&frame(0x89, b"")).await;
    assert_eq!(raw.ending().await.code(), Some(CloseCode::TooFast));
    ada.now().await;
}

#[tokio::test]
async fn wire_18_bytes_past_the_burst_close() {
    let server = TestServer::with(Setup::by_hand(|limits| limits.messages = Rate::UNLIMITED)).await;
    let limits = server.limits();
    let (_ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let mut raw = Raw::connect(server.address()).await;
    raw.enter(server.address(), &hello(&link, draw_token())).await;
    let ping = |length: usize| {
        let text = r#"{"type":"ping","sent":1}"#;
        frame(0x81, format!("{text}{}", " ".repeat(length - text.len())).as_bytes())
    };
    // Whole messages of a tenth of the burst: nine of them leave room for what was said before.
    let tenth = limits.bytes.burst as usize / 10;
    for _ in 0..9 {
        raw.send(&ping(tenth)).await;
        let pong = within_limit("a pong", raw.frame()).await.expect("is open");
        assert!(pong.1.starts_with(br#"{"type":"pong""#) || pong.1.starts_with(br#"{"type":"view""#));
    }
    raw.send(&ping(tenth).repeat(2)).await;
    assert_eq!(raw.ending().await.code(), Some(CloseCode::TooFast));
}

#[tokio::test]
async fn wire_19_changes_past_the_burst_are_refused() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let limits = server.limits();
    let group = Group::gather(server.address(), plans::ruch(), 8).await;
    // Until what they did so far is forgotten; meanwhile everyone is heard.
    for _ in 0..6 {
        server.advance_transport(Millis::seconds(10));
        for person in &group.people {
            person.now().await;
        }
    }
    // One seat.
    for number in 0..limits.seat_changes.burst {
        group[1].accept(offer_or_withdraw(number)).await;
    }
    assert_eq!(group[1].refused(offer_or_withdraw(limits.seat_changes.burst)).await, Refusal::TooFast);
    // What changes nothing is no change.
    group[2].accept(Command::WithdrawOffer {}).await;
    // The session: every seat within its own.
    let mut left = limits.session_changes.burst - limits.seat_changes.burst;
    for person in &group.people[2..] {
        for number in 0..limits.seat_changes.burst.min(left) {
            person.accept(offer_or_withdraw(number)).await;
            left -= 1;
        }
    }
    assert_eq!(left, 0);
    assert_eq!(group[7].refused(Command::OfferToPresent {}).await, Refusal::TooFast);
    // Whoever steers has a reserve that nobody else uses up.
    group[0].accept(Command::OfferToPresent {}).await;
    // Nobody keeps anybody from leaving, or the facilitator from ending.
    group[1].act(Command::Leave {});
    assert_eq!(group[1].close_code().await, CloseCode::Left);
    group[0].steer(|moment| Command::End { moment }).await;
}

#[tokio::test]
async fn wire_20_a_full_log_takes_pauses_leaving_and_the_end() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    let mut group = group;
    for person in &mut group.people {
        person.lose_network().await;
    }
    let session = group.link.session;
    server.wait_until_nobody_is_here(session).await;
    // As if a session had been busy for days. Three more will come back.
    let stored = server.events(session).await;
    let missing = usize::try_from(session::MOST_EVENTS).unwrap() - 4 - stored.len();
    let offered = |number: usize| Event {
        at: server.now(),
        by: Some(SeatNumber(3)),
        request: None,
        what: EventKind::Offered { seat: SeatNumber(3), offers: number.is_multiple_of(2) },
    };
    let append = Append {
        session,
        after: Revision(stored.len() as u64),
        events: (0..missing).map(|number| stored::write(&offered(number))).collect(),
        expires_at: server.now() + server.retention(),
    };
    server.store().append(append).await.expect("is taken");
    for person in &mut group.people {
        person.come_back(server.address()).await;
    }
    group[0].steer(|moment| Command::Extend { moment, by: Extension::One, source: None }).await;
    let moment = group[0].moment();
    assert_eq!(
        group[0].refused(Command::Extend { moment, by: Extension::One, source: None }).await,
        Refusal::LogFull
    );
    assert_eq!(
        group[1].refused(Command::SetName { seat: SeatNumber(2), name: seal("R.") }).await,
        Refusal::LogFull
    );
    group[0].steer(|moment| Command::Pause { moment }).await;
    group[0].steer(|moment| Command::Resume { moment }).await;
    group[1].accept(Command::NeedPause {}).await;
    group[2].act(Command::Leave {});
    assert_eq!(group[2].close_code().await, CloseCode::Left);
    group[0].steer(|moment| Command::End { moment }).await;
}

#[tokio::test]
async fn wire_21_a_view_that_is_not_taken_closes_the_socket() {
    // Nobody is too silent here, only too slow.
    let server = TestServer::with(Setup::by_hand(|limits| {
        *limits = limits.clone().without_rates();
        (limits.away_after, limits.silent_after) = (Millis::hours(24), Millis::hours(24));
    }))
    .await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    let mut slow = Raw::try_connect(Ipv4Addr::LOCALHOST.into(), server.address(), Some(2_048)).await.unwrap();
    slow.enter(server.address(), &hello(&group.link, draw_token())).await;
    group[0].wait_until("the slow one", |picture| picture.is_here(SeatNumber(3))).await;
    // Views that it does not read, until the system's buffers are full: then time does count.
    let away = |picture: &Picture| picture.is_away(SeatNumber(3));
    for number in 0..5_000 {
        group[1].accept(offer_or_withdraw(number)).await;
        server.advance_transport(Millis(100));
        if group[0].look(away) {
            break;
        }
    }
    server.advance_transport(server.limits().write_time);
    group[0].wait_until("the slow one to be given up", away).await;
}
