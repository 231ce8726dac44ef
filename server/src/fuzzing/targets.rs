//! What is read from outside, each as a plain function of bytes that panics when a rule does not hold.

use attune_protocol::client::{ClientMessage, Command, Extension, MinutesFrom};
use attune_protocol::display::DisplayMessage;
use attune_protocol::door::{KnockKey, KnockerMessage};
use attune_protocol::ids::{CommandId, Millis, SeatNumber, SecretHash, Timestamp};
use attune_protocol::method::{Firmness, FloorMode, Meeting, Method, Plan, RawPlan, Role};
use attune_protocol::sealed::{LONGEST_SEALED, Sealed, SealedLine};
use attune_protocol::server::CloseCode;
use attune_protocol::view::Reminder;
use axum::http::header::{ORIGIN, SEC_WEBSOCKET_ACCEPT};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Uri};
use futures_util::FutureExt;
use http_body_util::BodyExt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

use crate::http::{Network, Site, readers};
use crate::limits::Limits;
use crate::session::{Audience, Event, Input, Session};
use crate::stored;

/// Reads bytes, and panics when a rule does not hold.
pub(super) type Target = fn(&[u8]);

/// Every target with its name.
pub(super) const TARGETS: [(&str, Target); 12] = [
    ("first", fuzz_first),
    ("later", fuzz_message::<ClientMessage>),
    ("knocker", fuzz_message::<KnockerMessage>),
    ("display", fuzz_message::<DisplayMessage>),
    ("sealed", fuzz_sealed),
    ("stored", fuzz_stored),
    ("log", fuzz_log),
    ("plan", fuzz_plan),
    ("path", fuzz_path),
    ("head", fuzz_head),
    ("frames", fuzz_frames),
    ("forwarded", fuzz_forwarded),
];

fn reads_again<T: Serialize + DeserializeOwned + PartialEq>(value: &T) {
    let written = serde_json::to_string(value).expect("what was read can be written");
    let again: T = serde_json::from_str(&written).unwrap_or_else(|error| panic!("{error}: {written}"));
    assert!(again == *value, "reads as something else: {written}");
    assert_eq!(serde_json::to_string(&again).expect("is written"), written);
}

/// That lists and objects stand where the message has them: serde takes a list for an object.
fn has_its_shape<T: Serialize>(text: &str, message: &T) {
    fn is_like(said: &Value, meant: &Value) -> bool {
        match (said, meant) {
            (Value::Array(said), Value::Array(meant)) => said.iter().zip(meant).all(|(a, b)| is_like(a, b)),
            (Value::Object(said), Value::Object(meant)) => {
                said.iter().all(|(field, value)| meant.get(field).is_none_or(|meant| is_like(value, meant)))
            }
            (said, meant) => !said.is_array() && !said.is_object() && !meant.is_array() && !meant.is_object(),
        }
    }
    let said: Value = serde_json::from_str(text).expect("is JSON");
    let meant = serde_json::to_value(message).expect("can be written");
    assert!(is_like(&said, &meant), "{said} is read as {meant}");
}

/// The first message of a socket.
fn fuzz_first(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let limits = Limits::default();
    match readers::read_first(text, &limits) {
        Ok(first) => {
            assert!(readers::is_bounded(text, limits.json_depth, limits.json_items));
            reads_again(&first.message);
            has_its_shape(text, &first.message);
        }
        Err(code) => assert!(matches!(code, CloseCode::NotUnderstood | CloseCode::Reload), "{code:?}"),
    }
}

/// What a page, somebody at the door or a screen says after its first message.
fn fuzz_message<T: Serialize + DeserializeOwned + PartialEq>(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(message) = readers::read::<T>(text, &Limits::default()) {
        reads_again(&message);
        has_its_shape(text, &message);
    }
}

/// A sealed text: base64 in one spelling and of some length is taken, and nothing else.
fn fuzz_sealed(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let values: Option<Vec<u32>> = text.bytes().map(value_of_base64).collect();
    let rest = text.len() % 4;
    let is_spelled = values.is_some_and(|values| {
        let loose_bits = match rest {
            2 => values.last().is_some_and(|last| last & 0b1111 != 0),
            3 => values.last().is_some_and(|last| last & 0b11 != 0),
            rest => rest == 1,
        };
        !loose_bits
    });
    let fits = (1..=LONGEST_SEALED).contains(&(text.len() * 3 / 4));
    match Sealed::try_from(text.to_owned()) {
        Ok(sealed) => {
            assert!(is_spelled && fits, "taken: {text}");
            reads_again(&sealed);
            assert_eq!(String::from(sealed), text);
        }
        Err(_) => assert!(!(is_spelled && fits), "refused: {text}"),
    }
}

fn value_of_base64(byte: u8) -> Option<u32> {
    let place = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    };
    Some(u32::from(place))
}

/// A stored event.
fn fuzz_stored(bytes: &[u8]) {
    if let Ok(event) = stored::read(bytes) {
        let written = stored::write(&event);
        assert_eq!(stored::read(&written).as_ref(), Ok(&event));
        assert_eq!(stored::write(&event), written);
    }
}

/// A log, one event a line, with the lines that can be read: whatever a damaged disk may hold.
fn fuzz_log(bytes: &[u8]) {
    let lines = bytes.split(|&byte| byte == b'\n');
    let events: Vec<Event> = lines.filter_map(|line| stored::read(line).ok()).collect();
    let newest = events.iter().map(|event| event.at).max().unwrap_or_default();
    let Some(session) = Session::rebuild(events) else { return };
    ask_everything(&session, newest);
    for now in
        [Timestamp(i64::MIN), Timestamp(0), newest, newest + Millis::hours(24 * 400), Timestamp(i64::MAX)]
    {
        for input in inputs(&session) {
            let mut next = session.clone();
            let decision = next.decide(input, now);
            decision.events.iter().for_each(|event| next.apply(event));
            ask_everything(&next, now);
        }
    }
}

fn inputs(session: &Session) -> Vec<Input> {
    let view = session.view(Audience::Steering);
    let seat = view.seats.first().map_or(SeatNumber(1), |row| row.seat);
    let moment = match &view.stage {
        attune_protocol::view::StageView::Running(running) => running.moment,
        attune_protocol::view::StageView::Lobby { between: Some(between) } => between.moment,
        _ => attune_protocol::client::Moment::default(),
    };
    let command =
        |command| Input::Command { seat, request: CommandId(uuid::Uuid::nil()), command, chance: 0 };
    let token = SecretHash::from_bytes([1; 32]);
    let sealed = Sealed::try_from("AQAB".to_owned()).expect("base64");
    let line = SealedLine::try_from("AQAB".to_owned()).expect("base64");
    let key = KnockKey::try_from("A".repeat(43)).expect("32 bytes in base64");
    let mut inputs =
        vec![Input::Elapse, Input::Reopen, Input::Away { seat }, Input::Enter { token, invite: Some(token) }];
    inputs.extend([
        command(Command::Begin { moment }),
        command(Command::Next { moment }),
        command(Command::Back { moment }),
        command(Command::Pause { moment }),
        command(Command::Resume { moment }),
        command(Command::GoToReview { moment }),
        command(Command::ChoosePresenter { moment, seat: Some(seat) }),
        command(Command::ArrangeCase { moment, another: true }),
        command(Command::DrawPresenter { moment }),
        command(Command::ChooseReserve { moment, seat: Some(seat) }),
        command(Command::FinishTurn { moment }),
        command(Command::PutOffTurn { moment }),
        command(Command::StartRound { moment }),
        command(Command::RaiseHand { moment, seat }),
        command(Command::LowerHand { moment, seat }),
        command(Command::Remind { what: Reminder::MissingView }),
        command(Command::AddPerson {}),
        command(Command::Recognise { newcomer: SeatNumber(3), seat: SeatNumber(2) }),
        command(Command::MoveSeat { knock: token, handed: line }),
        command(Command::AnswerMove { knock: token, key }),
        command(Command::EndMove {}),
        command(Command::Shorten { moment }),
        command(Command::ShowSeatCode {}),
        command(Command::MakeDisplay { secret: token, sealed: sealed.clone() }),
        command(Command::SetDisplay { made: session.revision(), names: Some(sealed.clone()), joining: None }),
        command(Command::EndDisplay {}),
        command(Command::MakePersonalLink { invite: token, shared: sealed.clone() }),
        command(Command::Leave {}),
    ]);
    let sources = [None, Some(MinutesFrom::Spread {}), Some(MinutesFrom::Phase { phase: usize::MAX })];
    inputs.extend(sources.map(|source| command(Command::Extend { moment, by: Extension::Five, source })));
    inputs.extend(view.undo.iter().map(|undo| command(Command::Undo { step: undo.step })));
    inputs
}

fn ask_everything(session: &Session, now: Timestamp) {
    for audience in [Audience::Steering, Audience::Members, Audience::Newcomers] {
        serde_json::to_string(&session.view(audience)).expect("a view is written");
    }
    serde_json::to_string(&session.display_view()).expect("a view is written");
    let _all = (
        session.texts(),
        session.texts_for(Audience::Newcomers),
        session.history(),
        session.deadline(),
        session.expires_at(),
        session.tokens_die_at(),
    );
    let _floor = session.floor();
    assert!(session.deadline().is_none_or(|due| due >= session.newest_at()));
    let due = session.decide(Input::Elapse, now).events;
    assert!(due.len() <= 64, "{} events fall due at once", due.len());
}

/// A plan, or a method that plans are made from.
fn fuzz_plan(bytes: &[u8]) {
    if let Ok(raw) = serde_json::from_slice::<RawPlan>(bytes) {
        match Plan::try_from(raw.clone()) {
            Ok(plan) => {
                check_plan(&raw);
                reads_again(&plan);
                assert_eq!(RawPlan::from(plan), raw);
            }
            Err(why) => {
                assert!(!why.to_string().is_empty());
                assert!(serde_json::from_slice::<Plan>(bytes).is_err());
            }
        }
    }
    if let Ok(method) = serde_json::from_slice::<Method>(bytes) {
        reads_again(&method);
        if let Ok(plan) = method.plan(Firmness::Guide, Meeting::Room) {
            check_plan(&RawPlan::from(plan));
        }
    }
}

/// What PLAN-5 and PLAN-6 say, said once more.
fn check_plan(plan: &RawPlan) {
    let ids: BTreeSet<&str> = plan.phases.iter().map(|phase| phase.id.as_str()).collect();
    assert!((1..=16).contains(&plan.phases.len()) && ids.len() == plan.phases.len());
    assert!(plan.phases.iter().all(|phase| (1..=180).contains(&phase.minutes)));
    assert!(plan.phases.iter().map(|phase| u32::from(phase.minutes)).sum::<u32>() <= 480);
    for phase in &plan.phases {
        assert_eq!(phase.floor.mode == FloorMode::None, phase.floor.speakers.is_empty());
        assert!(!(phase.presenter.is_silent() && phase.floor.speakers.contains(&Role::Presenter)));
        assert!(!phase.id.as_str().is_empty() && phase.id.as_str().len() <= 32);
    }
}

/// The folder that pages are built into; absent where nobody built them.
fn built() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../web/dist"))
}

/// A request's path.
fn fuzz_path(bytes: &[u8]) {
    let Ok(uri) = Uri::try_from(bytes) else { return };
    let path = uri.path();
    let answer = readers::answer_page(path, &HeaderMap::new());
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = answer.into_body().collect().now_or_never().expect("it is there").expect("nothing can fail");
    let body = body.to_bytes();
    let name = path.trim_start_matches('/');
    if status == StatusCode::NOT_FOUND {
        assert_eq!(&body[..], b"There is nothing at this address.\n");
    } else if std::fs::read(built().join("index.html")).is_ok_and(|page| page == body) || !built().exists() {
        assert!(matches!(name, "" | "new") || path.starts_with("/s"), "{path} is the page");
    } else {
        let file =
            std::fs::canonicalize(built().join(name)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let root = std::fs::canonicalize(built()).expect("it is there");
        assert!(file.starts_with(&root) && !name.split('/').any(|part| part.starts_with('.')), "{path}");
        assert_eq!(std::fs::read(&file).expect("it is there"), body);
    }
    assert!(matches!(status, StatusCode::OK | StatusCode::NOT_FOUND), "{status}");
    assert!(headers.values().all(|value| path.len() < 24
        || !value.as_bytes().windows(24).any(|part| path.as_bytes().windows(24).any(|own| own == part))));
}

/// A request's head: a line of its own for each header, the first for a site.
fn fuzz_head(bytes: &[u8]) {
    let mut lines = bytes.split(|&byte| byte == b'\n');
    let site: Option<Site> =
        lines.next().and_then(|line| std::str::from_utf8(line).ok()?.trim().parse().ok());
    if let Some(site) = &site {
        let written = site.to_string();
        assert_eq!(written.parse().as_ref(), Ok(site), "{written}");
    }
    let mut headers = HeaderMap::new();
    for line in lines.take(64) {
        let Some(colon) = line.iter().position(|&byte| byte == b':') else { continue };
        let name = HeaderName::from_bytes(line[..colon].trim_ascii());
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    for encrypts in [false, true] {
        if readers::is_own_page(&headers, site.as_ref(), encrypts) {
            let origins: Vec<_> = headers.get_all(ORIGIN).iter().collect();
            assert_eq!(origins.len(), 1);
            let origin: Site = origins[0].to_str().expect("is text").parse().expect("is a site");
            assert!(origin.is_secure() || !encrypts);
            assert!(site.as_ref().is_none_or(|site| *site == origin));
        }
    }
    let mut request = Request::get("/ws").body(()).expect("is a request");
    *request.headers_mut() = headers;
    match readers::agree(&request.into_parts().0) {
        Ok(answer) => {
            assert_eq!(answer.status(), StatusCode::SWITCHING_PROTOCOLS);
            assert!(answer.headers().contains_key(SEC_WEBSOCKET_ACCEPT) && answer.headers().len() == 3);
        }
        Err(answer) => {
            let status = answer.status();
            assert!(matches!(status, StatusCode::BAD_REQUEST | StatusCode::UPGRADE_REQUIRED), "{status}");
        }
    }
}

/// Frames of a websocket: in whatever pieces they come, the same is seen.
fn fuzz_frames(bytes: &[u8]) {
    let limit = Limits::default().message_bytes;
    let mut whole = readers::Frames::default();
    let at_once = whole.follow(bytes, limit);
    let mut parts = readers::Frames::default();
    let mut idle_frames = 0;
    let mut result = Ok(());
    for byte in bytes {
        match parts.follow(std::slice::from_ref(byte), limit) {
            Ok(seen) => idle_frames += seen.idle_frames,
            Err(why) => {
                result = Err(why);
                break;
            }
        }
    }
    match (at_once, result) {
        (Ok(seen), Ok(())) => {
            assert_eq!((seen.idle_frames, whole.is_unfinished()), (idle_frames, parts.is_unfinished()));
        }
        (at_once, result) => assert_eq!(at_once.err(), result.err()),
    }
}

/// What proxies say of addresses: the proxies that are believed on the first line, then one header a line. Whoever asks
/// can write whatever they like to the left of what the nearest proxy adds, and changes nothing by it.
fn fuzz_forwarded(bytes: &[u8]) {
    let mut lines = bytes.split(|&byte| byte == b'\n');
    let believed = String::from_utf8_lossy(lines.next().unwrap_or_default());
    let networks: Vec<Network> = believed.split(',').filter_map(|text| text.trim().parse().ok()).collect();
    let proxies = readers::Proxies::new(networks);
    let name = HeaderName::from_static("x-forwarded-for");
    let said: Vec<HeaderValue> =
        lines.filter_map(|line| HeaderValue::from_bytes(line).ok()).take(64).collect();
    let headers = |values: &[HeaderValue]| -> HeaderMap {
        values.iter().map(|value| (name.clone(), value.clone())).collect()
    };
    let client = proxies.client(&headers(&said));
    if said.is_empty() {
        assert_eq!(client, None);
        return;
    }
    if client.is_some_and(|client| proxies.trust(client)) {
        // Nobody but proxies has spoken yet: what is further left would be the nearest.
        return;
    }
    for forged in ["198.51.100.99", "junk", "", "127.0.0.1, ::1", "[::1]:1,,"] {
        let more = [&[HeaderValue::from_static(forged)], &said[..]].concat();
        assert_eq!(proxies.client(&headers(&more)), client, "{forged} in front");
    }
}
