//! What strangers are told, and what the log says of them.

use attune_protocol::client::{Command, FirstMessage};
use attune_protocol::ids::{Millis, SessionId};
use attune_protocol::server::CloseCode;
use attune_tests::group::{Group, Link, Person, create, erase, hello, hello_again};
use attune_tests::plans;
use attune_tests::process::Process;
use attune_tests::raw::{Raw, frame, upgrade_request};
use attune_tests::secrets::{draw, draw_invite, draw_token, hash_invite};
use attune_tests::server::{Setup, TestServer};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;

/// Asks with a first frame; the answer is still to come.
async fn ask(server: SocketAddr, first: &FirstMessage) -> Raw {
    let mut raw = Raw::connect(server).await;
    raw.upgrade(server).await;
    raw.say(&serde_json::to_string(first).expect("can be written")).await;
    raw
}

#[tokio::test]
async fn t26_unknown_wrong_ended_and_erased_get_the_same_bytes_at_the_same_time() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let address = server.address();
    let (ada, link) = Person::set_up(address, "Ada", plans::ruch()).await;
    let (erased_token, erased) = {
        let (noah, link) = Person::set_up(address, "Noah", plans::ruch()).await;
        let mut raw = ask(address, &erase(link.session, noah.token)).await;
        assert_eq!(raw.ending().await.code(), Some(CloseCode::Erased));
        (noah.token, link)
    };
    let ended = {
        let group = Group::begin(address, plans::ruch(), 2).await;
        group[0].steer(|moment| Command::End { moment }).await;
        group.link
    };
    // Undo is over, and the tokens are dead.
    server.advance(Millis::minutes(30));
    let nowhere = Link { session: SessionId::from_bytes(draw()), invite: link.invite };
    let wrong = |link: &Link| Link { invite: draw_invite(), ..*link };
    let token = draw_token;
    let asked = [
        ("an unknown session", hello(&nowhere, token())),
        ("an unknown session without invite", hello_again(nowhere.session, token())),
        ("an unknown session with a token of another", hello_again(nowhere.session, ada.token)),
        ("a wrong invite", hello(&wrong(&link), token())),
        ("a wrong token", hello_again(link.session, token())),
        ("a token of another session", hello_again(link.session, erased_token)),
        ("a wrong invite of one that has ended", hello(&wrong(&ended), token())),
        ("a wrong token of one that has ended", hello_again(ended.session, token())),
        ("an erased one with its invite", hello(&erased, token())),
        ("an erased one with its token", hello_again(erased.session, erased_token)),
        ("erasing an unknown one", erase(nowhere.session, token())),
        ("erasing with a wrong token", erase(link.session, token())),
        ("erasing an erased one", erase(erased.session, erased_token)),
    ];
    let mut raws = Vec::new();
    for (what, first) in &asked {
        raws.push((what, ask(address, first).await));
    }
    // None is answered before its time, which stands still; whoever may come in does.
    let (_ruth, _) = Person::set_up(address, "Ruth", plans::ruch()).await;
    ada.now().await;
    let word = CloseCode::Unknown.word().as_bytes();
    let expected =
        [&[0x88, u8::try_from(2 + word.len()).unwrap()], &CloseCode::Unknown.code().to_be_bytes()[..], word]
            .concat();
    let moves = async {
        let mut rounds = tokio::time::interval(std::time::Duration::from_millis(5));
        loop {
            server.advance_transport(server.limits().unknown_after);
            rounds.tick().await;
        }
    };
    let reading = async {
        for (what, mut raw) in raws {
            // Answering the close ends the wait for it.
            let mut bytes = Vec::new();
            if let Some((opcode, payload)) = raw.frame().await {
                bytes.extend([0x80 | opcode, u8::try_from(payload.len()).unwrap()]);
                bytes.extend(payload);
            }
            raw.send(&frame(0x88, b"")).await;
            bytes.extend(raw.rest().await);
            assert_eq!(bytes, expected, "{what}");
        }
    };
    tokio::select! {
        () = reading => {}
        () = moves => {}
    }
}

/// The log as it is read by machines: every line an object without control characters.
fn lines(log: &str) -> Vec<BTreeMap<String, Value>> {
    assert!(!log.chars().any(|c| c.is_control() && c != '\n'), "{log:?}");
    log.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line:?} is no line")))
        .collect()
}

const CANARY: &str = "\u{1b}[31mcanary-7f3a\ncanary-7f3a";

/// Sends what a stranger may think of, with a canary wherever something can be written.
async fn provoke(process: &Process, link: &Link, from: &str) {
    let address = process.address();
    let forwarded = format!("X-Forwarded-For: canary-7f3a, {from}\r\n");
    let own = format!("Origin: https://attune.example\r\n{forwarded}");
    for text in [
        format!("GET /canary-7f3a%0a%1b?canary-7f3a HTTP/1.1\r\nHost: canary-7f3a\r\n{forwarded}\r\n"),
        format!("GET /{CANARY} HTTP/1.1\r\nHost: x\r\n{forwarded}\r\n"),
        format!("GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: {CANARY}\r\n{forwarded}\r\n"),
        format!("canary-7f3a / HTTP/1.1\r\nHost: x\r\n{forwarded}\r\n"),
    ] {
        let mut raw = Raw::connect(address).await;
        raw.send(text.as_bytes()).await;
        raw.response().await.expect("an answer");
    }
    let mut foreign = Raw::connect(address).await;
    let headers = format!("Origin: https://canary-7f3a.example\r\n{forwarded}");
    foreign.send(&upgrade_request(address, &headers)).await;
    assert_eq!(foreign.response().await.map(|response| response.status), Some(403));
    let wrong =
        serde_json::to_string(&hello(&Link { invite: draw_invite(), ..*link }, draw_token())).unwrap();
    let junk = format!(r#"{{"type":"hello","version":3,"canary-7f3a":{CANARY:?}}}"#);
    for (first, code) in [(wrong, CloseCode::Unknown), (junk, CloseCode::NotUnderstood)] {
        let mut raw = Raw::connect(address).await;
        raw.send(&upgrade_request(address, &own)).await;
        assert_eq!(raw.response().await.map(|response| response.status), Some(101));
        raw.say(&first).await;
        assert_eq!(raw.ending().await.code(), Some(code));
    }
    let flood = create(plans::ruch(), &draw_invite(), draw_token());
    let mut raw = Raw::connect(address).await;
    raw.send(&upgrade_request(address, &own)).await;
    assert_eq!(raw.response().await.map(|response| response.status), Some(101));
    raw.say(&serde_json::to_string(&flood).unwrap()).await;
    raw.send(&frame(0x89, b"canary-7f3a").repeat(1_000)).await;
    assert_eq!(raw.ending().await.code(), Some(CloseCode::TooFast));
    // More connections than may come at once.
    let mut last = 101;
    while last == 101 {
        let mut raw = Raw::connect(address).await;
        raw.send(&upgrade_request(address, &own)).await;
        last = raw.response().await.expect("an answer").status;
    }
    assert_eq!(last, 503);
}

#[tokio::test]
async fn t28_wire_29_the_log_holds_a_line_for_each_refusal_and_nothing_that_anybody_wrote() {
    let flags = ["--log", "debug", "--public-url", "https://attune.example", "--trusted-proxy", "127.0.0.1"];
    let mut process = Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &flags).await;
    // A session of somebody's, so that an invite can be wrong.
    let (invite, token) = (draw_invite(), draw_token());
    let mut owner = Raw::connect(process.address()).await;
    let own = "Origin: https://attune.example\r\nX-Forwarded-For: 198.51.100.1\r\n";
    owner.send(&upgrade_request(process.address(), own)).await;
    assert_eq!(owner.response().await.map(|response| response.status), Some(101));
    owner.say(&serde_json::to_string(&create(plans::ruch(), &invite, token)).unwrap()).await;
    let (_, welcome) = owner.frame().await.expect("is open");
    let welcome: Value = serde_json::from_slice(&welcome).expect("is a message");
    let session: SessionId = serde_json::from_value(welcome["session"].clone()).expect("is an id");
    let link = Link { session, invite };
    provoke(&process, &link, "198.51.100.77").await;
    provoke(&process, &link, "198.51.100.88").await;
    assert!(process.terminate().await.success());

    let log = process.log();
    let secrets = [
        String::from(link.session),
        String::from(link.invite),
        String::from(hash_invite(&invite)),
        String::from(token),
    ];
    for secret in
        secrets.iter().map(String::as_str).chain(["canary", "198.51", "127.0.0.1", "[31m", "User-Agent"])
    {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
    let allowed: BTreeSet<&str> = [
        "timestamp",
        "level",
        "target",
        "message",
        "kind",
        "connection",
        "from",
        "unlogged",
        "code",
        "version",
    ]
    .into();
    let kinds: BTreeSet<&str> = [
        "start",
        "stop",
        "foreign_origin",
        "address_limit",
        "server_limit",
        "busy",
        "socket_limit",
        "wrong_secret",
        "socket_closed",
        "store_fault",
    ]
    .into();
    let mut hashes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in lines(&log) {
        assert!(line.keys().all(|key| allowed.contains(key.as_str())), "{line:?}");
        assert!(line.contains_key("timestamp"), "{line:?}");
        let kind = line["kind"].as_str().unwrap_or_else(|| panic!("{line:?} has no kind"));
        assert!(kinds.contains(kind), "{line:?}");
        let hash = line.get("from").map(|from| from.as_str().expect("is text").to_owned());
        assert!(hash.as_ref().is_none_or(|hash| hash.len() == 12 && line["connection"].is_u64()), "{line:?}");
        hashes.entry(kind.to_owned()).or_default().extend(hash);
    }
    for kind in ["start", "stop", "socket_closed"] {
        assert!(hashes.contains_key(kind), "no {kind} in {log}");
    }
    // The two strangers are told apart, in every kind of line the same way.
    for kind in ["foreign_origin", "address_limit", "socket_limit", "wrong_secret"] {
        assert_eq!(hashes.get(kind), hashes.get("foreign_origin"), "{kind} in {log}");
        assert_eq!(hashes[kind].len(), 2, "{kind} in {log}");
    }
}
