//! The wire itself: first frames, later ones, and junk.

use attune_protocol::client::{Command, FirstMessage};
use attune_protocol::ids::{Millis, SeatNumber, SessionId, Timestamp};
use attune_protocol::server::{CloseCode, Refusal};
use attune_protocol::version::PROTOCOL_VERSION;
use attune_tests::client::Client;
use attune_tests::group::{Group, create, hello};
use attune_tests::picture::Ending;
use attune_tests::plans;
use attune_tests::raw::{Raw, frame, head};
use attune_tests::secrets::{draw, draw_invite, draw_token};
use attune_tests::server::TestServer;
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio_tungstenite::tungstenite::Message;

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
async fn wire_42_a_close_code_that_nobody_may_send_is_a_protocol_error() {
    let server = TestServer::start().await;
    for (code, answered) in [(1000, 1000), (4999, 4999), (0, 1002), (99, 1002), (1005, 1002), (1006, 1002)] {
        let mut raw = Raw::connect(server.address()).await;
        raw.upgrade(server.address()).await;
        raw.send(&frame(0x88, &u16::to_be_bytes(code))).await;
        let Ending::Closed(told, _) = raw.ending().await else {
            panic!("closed without a word after {code}")
        };
        assert_eq!(told, answered, "{code}");
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
        r#"["ping",1]"#.to_owned(),
        r#"["history"]"#.to_owned(),
        format!(r#"["command","{request}",{{"type":"leave"}}]"#),
        format!(r#"{{"type":"command","request":"{request}","command":["leave"]}}"#),
        format!(r#"{{"type":"command","request":"{request}","command":["next",{{"visit":1,"turn":0}}]}}"#),
        format!(r#"{{"type":"command","request":"{request}","command":{{"type":"next","moment":[1,0]}}}}"#),
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
