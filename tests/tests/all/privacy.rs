//! What must not be found anywhere, and what must not be shown to anybody but its audience.

use attune_protocol::agreement::AgreementLines;
use attune_protocol::client::{Command, Extension};
use attune_protocol::ids::{Millis, Revision, SeatNumber};
use attune_protocol::server::{Refusal, ServerMessage};
use attune_protocol::view::Reminder;
use attune_server::session::{Audience, EventKind, Session};
use attune_tests::client::Client;
use attune_tests::group::{Group, Person, create, hello};
use attune_tests::plans;
use attune_tests::process::Process;
use attune_tests::raw::{Raw, get, request};
use attune_tests::secrets::{draw, draw_invite, draw_invite_change, draw_token, seal, seal_line};
use attune_tests::server::{Setup, TestServer};
use attune_tests::waiting::until;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use std::collections::BTreeMap;

/// Appears wherever a person, a page or a bot might put text.
const CANARY: &str = "kanarienvogel";

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[tokio::test]
async fn t24_a_canary_is_in_no_frame_answer_log_or_file() {
    let mut process = Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &["--log", "debug"]).await;
    let server = process.address();
    let (invite, token) = (draw_invite(), draw_token());
    let first = Client::open(server).await;
    first.keep_frames();
    first.introduce(&create(plans::ruch(), &invite, token));
    let (session, seat) = first.welcome().await;
    let link = attune_tests::group::Link { session, invite };
    let noah_token = draw_token();
    let second = Client::open(server).await;
    second.keep_frames();
    second.introduce(&hello(&link, noah_token));
    second.welcome().await;

    // Every text that a person types is sealed: names, invites, and the lines of the agreement.
    let line = seal_line(&format!("{CANARY} in a line"));
    let lines = AgreementLines::try_from(vec![line.clone()]).expect("is one line");
    first.accept(Command::ChangeAgreement { lines }).await;
    second.wait_until("the agreement", |picture| picture.texts.agreement.is_some()).await;
    let name = seal(&format!("{CANARY} in a name"));
    first.accept(Command::SetName { seat, name: name.clone() }).await;
    second.wait_until("the name", |picture| picture.names().values().any(|name| name.contains(CANARY))).await;
    // What a broken page or a bot may send besides.
    for text in [
        CANARY.to_owned(),
        json!({"type": "command", "request": CANARY, "command": {"type": "leave"}}).to_string(),
        json!({"type": "command", "request": uuid::Uuid::nil(), "command": {"type": CANARY}}).to_string(),
        json!({"type": "command", "request": uuid::Uuid::nil(), "command": {"type": "setName", "seat": 1, "name": CANARY.repeat(3)}}).to_string(),
        json!({"type": CANARY, CANARY: CANARY}).to_string(),
    ] {
        let refusals = second.picture().nameless.len();
        second.send_text(text);
        second.wait_until("a refusal", |picture| picture.nameless.len() == refusals + 1).await;
    }
    let stranger = Client::open(server).await;
    stranger.send_text(
        json!({"type": "hello", "version": 3, "session": CANARY, "seatToken": CANARY}).to_string(),
    );
    stranger.close_code().await;
    let mut answers = Vec::new();
    for path in [
        format!("/{CANARY}"),
        format!("/s%23{CANARY}"),
        format!("/s?{CANARY}={CANARY}"),
        format!("/ws?{CANARY}"),
    ] {
        answers.push(get(server, "GET", &path).await.text());
    }
    let headers =
        ["Cookie", "Referer", "User-Agent", "Sec-WebSocket-Protocol", "X-Forwarded-For", "Origin", CANARY]
            .map(|name| format!("{name}: {CANARY}\r\n"))
            .concat();
    answers.extend(
        request(server, &format!("GET /ws HTTP/1.1\r\nHost: {server}\r\n{headers}\r\n"))
            .await
            .map(|a| a.text()),
    );
    answers.extend(
        request(server, &format!("{CANARY} / HTTP/1.1\r\nHost: {CANARY}\r\n\r\n")).await.map(|a| a.text()),
    );
    let mut junk = Raw::connect(server).await;
    junk.upgrade(server).await;
    junk.send(format!("{CANARY}\0\r\n\x1b[31m{CANARY}").as_bytes()).await;
    junk.ending().await;

    let frames =
        [&first, &second].map(|client| client.picture().frames.expect("are kept").join("\n")).concat();
    let (blob, line_blob) = (String::from(name), String::from(line));
    assert!(frames.contains(&blob), "the sealed name went out");
    assert!(!frames.contains(CANARY));
    assert!(answers.iter().all(|answer| !answer.contains(CANARY)));
    let secrets = [invite.encode(), token.encode(), noah_token.encode()];
    let bytes = [invite.as_bytes(), token.as_bytes(), noah_token.as_bytes()];
    assert!(secrets.iter().all(|secret| !frames.contains(secret.as_str())), "no secret is ever sent back");
    let look = |when: &str, process: &Process| {
        let files = process.files();
        let found = |wanted: &[u8]| files.iter().any(|(_, file)| holds(file, wanted));
        assert!(found(blob.as_bytes()), "{when}: the sealed name is stored, so this would find it");
        assert!(found(line_blob.as_bytes()), "{when}: the sealed line too");
        assert!(!found(CANARY.as_bytes()), "{when}: the canary is in a file");
        // T2: hashes only.
        assert!(!secrets.iter().any(|secret| found(secret.as_bytes())), "{when}: a secret is in a file");
        assert!(!bytes.iter().any(|secret| found(*secret)), "{when}: the bytes of a secret are in a file");
    };
    look("while it runs", &process);
    assert!(process.files().keys().any(|name| name.contains("wal")), "the write-ahead log too");
    process.kill();
    look("after a kill", &process);
    process.start_again().await;
    assert!(process.terminate().await.success());
    look("after a stop", &process);

    // WIRE-11: nothing of anybody in the log.
    let log = process.log();
    assert!(log.contains("started"), "there is a log");
    let session = session.encode();
    let parts = [
        CANARY,
        &session,
        &secrets[0],
        &secrets[1],
        &secrets[2],
        &blob,
        &line_blob,
        "127.0.0.1",
        "/s",
        "/ws",
    ];
    for part in parts {
        assert!(!log.contains(part), "{part} is in the log:\n{log}");
    }
}

#[tokio::test]
async fn life_5_an_erased_session_is_in_no_file() {
    let process = Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &[]).await;
    let (ada, link) = Person::set_up(process.address(), "Ada", plans::ruch()).await;
    ada.wait_until("the name", |picture| !picture.names().is_empty()).await;
    let blob = String::from(ada.picture().texts.names[0].name.clone());
    let is_stored = || process.files().iter().any(|(_, file)| holds(file, blob.as_bytes()));
    assert!(is_stored(), "the sealed name is stored, so this would find it");
    let eraser = Client::open(process.address()).await;
    eraser.introduce(&attune_tests::group::erase(link.session, ada.token));
    eraser.close_code().await;
    until("the bytes to be gone", || (!is_stored()).then_some(())).await;
}

#[tokio::test]
async fn t14_a_sealed_name_comes_back_at_its_own_seat_only() {
    let mut server = TestServer::with(Setup::on_disk()).await;
    let mut group = Group::gather(server.address(), plans::ruch(), 3).await;
    let blobs = |client: &Client| -> BTreeMap<SeatNumber, String> {
        client.picture().texts.names.into_iter().map(|name| (name.seat, name.name.into())).collect()
    };
    let names = blobs(&group[0]);
    assert_eq!(names.len(), 3);
    // Nobody puts a blob at another's seat.
    for seat in [SeatNumber(1), SeatNumber(3), SeatNumber(9)] {
        let why = group[1].refused(Command::SetName { seat, name: seal("Eve") }).await;
        assert!(matches!(why, Refusal::NotYours | Refusal::NoSuchSeat));
    }
    // A freed seat's blob is not its successor's.
    let (invite, change) = draw_invite_change();
    group[0].accept(Command::Remove { seat: SeatNumber(3), invite: change }).await;
    let newcomer = Client::open(server.address()).await;
    newcomer.introduce(&hello(&attune_tests::group::Link { invite, ..group.link }, draw_token()));
    assert_eq!(newcomer.welcome().await.1, SeatNumber(4));
    assert_eq!(
        blobs(&newcomer),
        names,
        "the one who left keeps a name for the record, the one who came has none yet"
    );
    server.restart().await;
    for person in &mut group.people[..2] {
        person.come_back(server.address()).await;
    }
    assert_eq!(blobs(&group[0]), names);
    assert_eq!(blobs(&group[1]), names);
}

/// Everything that was sent, by seat and socket, in order.
type Heard = Vec<(SeatNumber, Vec<String>)>;

/// What a random person does next.
fn random_command(person: &Client, group: &Group, choice: u8) -> Command {
    let moment = group.connected().map(|person| person.moment()).max().unwrap_or_default();
    let seat = SeatNumber(u16::from(choice % 5) + 1);
    match choice % 29 {
        0 | 1 => Command::Begin { moment },
        2 => Command::Next { moment },
        3 => Command::Back { moment },
        4 | 5 => Command::NeedPause {},
        6 => Command::Pause { moment },
        7 | 8 => Command::Resume { moment },
        9 => Command::Extend { moment, by: Extension::Five, source: None },
        10 => Command::SetFacilitator { seat, facilitator: choice.is_multiple_of(2) },
        11 => Command::TakeChair {},
        12 => Command::AskForChair {},
        13 => Command::HearPause {},
        14 => Command::FinishTurn { moment },
        15 => Command::PutOffTurn { moment },
        16 => Command::SetName { seat: person.seat(), name: seal("N.") },
        17 => Command::Agree { seat: person.seat(), agreement: None },
        18 => Command::ChoosePresenter { moment, seat: Some(seat) },
        19 => Command::HandOver { to: seat },
        20 => Command::OfferToPresent {},
        21 => Command::Undo { step: person.view().undo.first().map_or(Revision(0), |undo| undo.step) },
        22 => Command::OpenFloor { moment },
        23 => Command::RaiseHand { moment, seat: person.seat() },
        24 => Command::LowerHand { moment, seat },
        25 => Command::Remind { what: Reminder::EachOther },
        26 => Command::SetReminders { anyone: choice.is_multiple_of(4) },
        27 => Command::AskForTalk { to: seat, line: seal_line("T.") },
        _ => Command::SayFinished { moment },
    }
}

/// Sessions that random people have.
const SESSIONS: usize = 5;
/// What they do in each, unless it ends before.
const STEPS: usize = 150;

#[tokio::test]
async fn t25_every_frame_is_what_its_audience_may_know_and_no_more() {
    // Each view goes out at once, so that as many as possible are looked at.
    let mut setup = Setup::default();
    setup.config.limits.view_gap = Millis(0);
    let server = TestServer::with(setup).await;
    let seed = u64::from_le_bytes(draw()) | 1;
    println!("seed {seed}");
    let mut state = seed;
    let mut seen = Seen::default();
    for _ in 0..SESSIONS {
        let (group, heard) = live(&server, &mut state).await;
        check(&server, &group, &heard, &mut seen).await;
    }
    println!("{seen:?}");
    assert!(seen.views.values().sum::<u32>() > 100, "much was seen");
}

/// A session of random people; gives what everyone heard.
async fn live(server: &TestServer, state: &mut u64) -> (Group, Heard) {
    let mut group = Group::gather(server.address(), plans::ruch(), 4).await;
    group[0].steer(|moment| Command::ChoosePresenter { moment, seat: Some(SeatNumber(2)) }).await;
    let mut heard: Heard = Vec::new();
    for person in &group.people {
        person.keep_frames();
    }
    // Comes in while the case runs, and agrees only when chance says so.
    group[0].steer(|moment| Command::Begin { moment }).await;
    group.people.push(Person::join(server.address(), &group.link, "Noah").await);
    group[4].keep_frames();
    for _ in 0..STEPS {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let bytes = state.to_be_bytes();
        let index = usize::from(bytes[0] % 5);
        if !group[index].is_connected() {
            group[index].come_back(server.address()).await;
            group[index].keep_frames();
        }
        match bytes[1] % 10 {
            0 => {
                heard.push((group[index].number, group[index].picture().frames.unwrap_or_default()));
                group[index].lose_network().await;
            }
            1 => server.advance(Millis::seconds(i64::from(bytes[2] % 90))),
            _ => {
                // Whatever becomes of it, everyone is to see the same of it.
                let _answer = group[index].command(random_command(&group[index], &group, bytes[3])).await;
            }
        }
        let last = server.events(group.link.session).await.pop();
        if last.is_some_and(|event| matches!(event.what, EventKind::Closed {})) {
            break;
        }
    }
    for person in group.connected() {
        // What was on its way before this has come then.
        person.now().await;
        heard.push((person.number, person.picture().frames.unwrap_or_default()));
    }
    (group, heard)
}

/// What was looked at, for whoever wonders whether it was much.
#[derive(Debug, Default)]
struct Seen {
    views: BTreeMap<Audience, u32>,
    with_request_for_a_pause: u32,
}

/// Compares each frame with the state that it tells of, rebuilt from the log.
async fn check(server: &TestServer, group: &Group, heard: &Heard, seen: &mut Seen) {
    let mut states = BTreeMap::new();
    let events = server.events(group.link.session).await;
    let mut session = Session::rebuild(events[..1].to_vec()).expect("begins with its creation");
    states.insert(session.revision(), session.clone());
    for event in &events[1..] {
        session.apply(event);
        states.insert(session.revision(), session.clone());
    }
    for (seat, frames) in heard {
        for frame in frames {
            check_frame(&states, *seat, serde_json::from_str(frame).expect("is a message"), seen);
        }
    }
}

fn check_frame(
    states: &BTreeMap<Revision, Session>,
    seat: SeatNumber,
    message: ServerMessage,
    seen: &mut Seen,
) {
    match message {
        ServerMessage::View { revision, view } => {
            let audience = states[&revision].audience(seat);
            assert_eq!(view, states[&revision].view(audience), "{seat:?} at {revision:?}");
            seen.with_request_for_a_pause += u32::from(view.pause_request.is_some());
            *seen.views.entry(audience).or_insert(0) += 1;
        }
        ServerMessage::Texts { revision, texts } => {
            assert_ne!(states[&revision].audience(seat), Audience::Newcomers, "{seat:?} at {revision:?}");
            assert_eq!(texts, states[&revision].texts());
        }
        ServerMessage::Private { revision, private } => {
            assert_eq!(private, states[&revision].private(seat), "{seat:?} at {revision:?}");
        }
        ServerMessage::Welcome { revision, view, texts, private, .. } => {
            assert_eq!(private, states[&revision].private(seat));
            let state = &states[&revision];
            let audience = state.audience(seat);
            assert_eq!(view, state.view(audience));
            assert_eq!(texts, state.texts_for(audience));
        }
        ServerMessage::Accepted { .. }
        | ServerMessage::Refused { .. }
        | ServerMessage::Pong { .. }
        | ServerMessage::Held {}
        | ServerMessage::History { .. } => {}
        ServerMessage::Door { .. } | ServerMessage::Waiting { .. } => panic!("nobody knocks here"),
        ServerMessage::Moving { .. } => panic!("nobody goes on elsewhere here"),
        ServerMessage::Screens { .. } | ServerMessage::Display { .. } => panic!("there is no screen here"),
    }
}

#[tokio::test]
async fn steer_10_the_history_is_open_to_everyone_who_has_agreed() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 2).await;
    group[1].accept(Command::NeedPause {}).await;
    assert_eq!(group[1].history().await, group[0].history().await);
    assert!(
        !serde_json::to_string(&group[0].history().await).unwrap().contains("ause"),
        "not who asked for a pause"
    );
    let newcomer = Person::join(server.address(), &group.link, "Noah").await;
    newcomer.send_text(r#"{"type":"history"}"#);
    newcomer.wait_until("a refusal", |picture| picture.nameless == [Refusal::NotAgreed]).await;
}

#[tokio::test]
async fn seal_3_what_is_stored_of_a_secret_is_its_hash() {
    let server = TestServer::start().await;
    let (ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let events = serde_json::to_string(&server.events(link.session).await).unwrap();
    for secret in [link.invite.encode(), ada.token.encode()] {
        assert!(!events.contains(&secret));
    }
    let hash = String::from(attune_tests::secrets::hash_token(&ada.token));
    assert!(events.contains(&hash) && URL_SAFE_NO_PAD.decode(hash).is_ok_and(|bytes| bytes.len() == 32));
}
