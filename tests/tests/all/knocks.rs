//! Knocking at a door: by a code without a key, and by the link where a person opens.

use attune_protocol::client::{Command, FirstMessage};
use attune_protocol::door::{
    CodeView, Door, DoorCode, DoorView, HoldMessage, KnockKey, KnockerMessage, KnockerView,
};
use attune_protocol::ids::{Millis, SeatNumber, SeatToken, SecretHash};
use attune_protocol::sealed::SealedLine;
use attune_protocol::server::{CloseCode, Refusal};
use attune_protocol::version::PROTOCOL_VERSION;
use attune_protocol::view::ActKind;
use attune_tests::client::Client;
use attune_tests::group::{Group, Link, Person, erase, hello, knock};
use attune_tests::plans;
use attune_tests::process::Process;
use attune_tests::secrets::{draw, draw_invite_change, draw_token, hash_token, seal};
use attune_tests::server::{Setup, TestServer};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

mod budgets;

const STRANGER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 66));
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 67));

fn key() -> KnockKey {
    KnockKey::try_from(URL_SAFE_NO_PAD.encode(draw::<32>())).expect("is a key")
}

fn commitment() -> SecretHash {
    SecretHash::from_bytes(draw())
}

fn line(text: &str) -> SealedLine {
    SealedLine::try_from(URL_SAFE_NO_PAD.encode(text)).expect("is short enough")
}

/// The code that this facilitator asks for.
async fn show_code(facilitator: &Client) -> CodeView {
    let former = facilitator.look(|picture| picture.door.clone()).and_then(|door| door.code);
    facilitator.accept(Command::ShowCode {}).await;
    let code = facilitator.wait_for("a code", |picture| {
        picture.door.as_ref()?.code.clone().filter(|code| Some(code) != former.as_ref())
    });
    code.await
}

/// Somebody at the door, once the server says so.
async fn knock_from(from: IpAddr, server: SocketAddr, code: &DoorCode, token: SeatToken) -> Client {
    let client = Client::open_from(from, server).await;
    client.introduce(&knock(code, token, commitment()));
    client.wait_until("to be at the door", |picture| picture.waiting.is_some()).await;
    client
}

async fn wait_at(server: SocketAddr, link: &Link, token: SeatToken) -> Client {
    let client = Client::open(server).await;
    client.introduce(&hello(link, token));
    client.wait_until("to be at the door", |picture| picture.waiting.is_some()).await;
    client
}

async fn code_of(from: IpAddr, server: SocketAddr, first: &FirstMessage) -> CloseCode {
    let client = Client::open_from(from, server).await;
    client.introduce(first);
    client.close_code().await
}

fn waits(door: &Option<DoorView>, token: SeatToken) -> bool {
    let hash = hash_token(&token);
    door.iter().flat_map(|door| &door.knocks).any(|knock| knock.knock == hash)
}

#[tokio::test]
async fn door_6_who_waits_while_the_session_is_erased_is_told_so() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    group[0].accept(Command::SetDoor { door: Door::Knock }).await;
    let code = show_code(&group[0]).await;
    let by_code = knock_from(STRANGER, server.address(), &code.code, draw_token()).await;
    let by_link = wait_at(server.address(), &group.link, draw_token()).await;
    let eraser = Client::open(server.address()).await;
    eraser.introduce(&erase(group.link.session, group[0].token));
    assert_eq!(eraser.close_code().await, CloseCode::Erased);
    assert_eq!(by_code.close_code().await, CloseCode::Erased);
    assert_eq!(by_link.close_code().await, CloseCode::Erased);
}

#[tokio::test]
async fn door_8_who_comes_by_a_code_is_let_in_and_handed_the_link() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    let code = show_code(&group[0]).await;
    assert_eq!(code.until, server.now() + Millis::minutes(10));
    let (token, mine, theirs, nonce) = (draw_token(), key(), key(), key());
    let hash = hash_token(&token);
    let knocker = knock_from(STRANGER, server.address(), &code.code, token).await;
    group[0].wait_until("the knock", |picture| waits(&picture.door, token)).await;
    // Nothing to reveal before a key has answered: what is said too early is not heard.
    let reveal = KnockerMessage::Reveal { key: theirs, nonce, name: seal("Dev") };
    knocker.say_at_door(&reveal);
    knocker.now().await;
    group[0].accept(Command::HoldKnock { knock: hash, message: HoldMessage::AMoment }).await;
    let shown = |door: &Option<DoorView>| door.clone().and_then(|door| Some(door.knocks.first()?.by.clone()));
    let unanswered = group[0].look(|picture| shown(&picture.door)).expect("waits");
    assert!(matches!(unanswered, KnockerView::Code { answered_by: None, revealed: None, .. }));
    group[0].accept(Command::AnswerKnock { knock: hash, key: mine }).await;
    knocker
        .wait_until("the answer", |picture| {
            picture.waiting.as_ref().is_some_and(|waiting| waiting.answered == Some(mine))
        })
        .await;
    // Let in only once both keys are there, and with something to hand over.
    let handed = line("the link, sealed");
    let let_in = Command::LetIn { knock: hash, handed: Some(handed.clone()) };
    assert_eq!(group[0].refused(let_in.clone()).await, Refusal::NotNow);
    knocker.say_at_door(&reveal);
    let revealed = group[0].wait_for("what was committed to", |picture| match shown(&picture.door)? {
        KnockerView::Code { revealed, answered_by, .. } => revealed.map(|revealed| (revealed, answered_by)),
        KnockerView::Link { .. } => None,
    });
    let (revealed, answered_by) = revealed.await;
    assert_eq!((revealed.key, revealed.nonce, answered_by), (theirs, nonce, Some(SeatNumber(1))));
    assert_eq!(group[0].refused(Command::LetIn { knock: hash, handed: None }).await, Refusal::NotNow);
    group[0].accept(let_in).await;
    let in_hand = knocker.wait_or_end("the link", |picture| picture.waiting.clone()?.handed);
    assert_eq!(in_hand.await, Ok(handed));
    assert_eq!(knocker.close_code().await, CloseCode::Replaced);
    // And comes in by the link like everybody else.
    let client = Client::open(server.address()).await;
    client.introduce(&hello(&group.link, token));
    assert_eq!(client.welcome().await.1, SeatNumber(3));
    assert_eq!(group[0].history().await.last().map(|act| act.what.clone()), Some(ActKind::LetIn {}));
    assert!(group[1].picture().door.is_none(), "T25: members are told nothing of the door");
}

#[tokio::test]
async fn t8_door_11_only_the_first_answer_and_the_first_reveal_hold() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    group[0].accept(Command::SetFacilitator { seat: SeatNumber(2), facilitator: true }).await;
    let code = show_code(&group[0]).await;
    let (token, first) = (draw_token(), key());
    let hash = hash_token(&token);
    let knocker = knock_from(STRANGER, server.address(), &code.code, token).await;
    group[1].wait_until("the knock", |picture| waits(&picture.door, token)).await;
    group[0].accept(Command::AnswerKnock { knock: hash, key: first }).await;
    assert_eq!(group[1].refused(Command::AnswerKnock { knock: hash, key: key() }).await, Refusal::NotYours);
    assert_eq!(group[0].refused(Command::AnswerKnock { knock: hash, key: key() }).await, Refusal::NotYours);
    group[0].accept(Command::AnswerKnock { knock: hash, key: first }).await;
    let (shown, other) = (key(), key());
    knocker.say_at_door(&KnockerMessage::Reveal { key: shown, nonce: key(), name: seal("Dev") });
    knocker.say_at_door(&KnockerMessage::Reveal { key: other, nonce: key(), name: seal("Dev") });
    knocker.now().await;
    group[0].accept(Command::HoldKnock { knock: hash, message: HoldMessage::NextPart }).await;
    group[1]
        .wait_until("the first", |picture| {
            let knock = picture.door.as_ref().and_then(|door| door.knocks.first());
            knock.is_some_and(|knock| match &knock.by {
                KnockerView::Code { revealed, .. } => revealed.as_ref().is_some_and(|it| it.key == shown),
                KnockerView::Link { .. } => false,
            } && knock.held.is_some())
        })
        .await;
    // A page that has lost its key has the knock begin anew.
    group[1].accept(Command::AskAgain { knock: hash }).await;
    assert_eq!(knocker.close_code().await, CloseCode::Restarting);
    assert_eq!(group[0].refused(Command::Decline { knock: hash }).await, Refusal::NoSuchKnock);
}

#[tokio::test]
async fn t8_a_code_gives_a_knock_for_ten_minutes_and_nothing_else() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    assert_eq!(group[1].refused(Command::ShowCode {}).await, Refusal::NotFacilitator);
    let first = show_code(&group[0]).await.code;
    let by = |code: &DoorCode| knock(code, draw_token(), commitment());
    server.advance(Millis::minutes(10) - Millis(1));
    drop(knock_from(STRANGER, server.address(), &first, draw_token()).await);
    server.advance(Millis(1));
    assert_eq!(code_of(STRANGER, server.address(), &by(&first)).await, CloseCode::Unknown);
    // A new code in the place of one that lives.
    let second = show_code(&group[0]).await.code;
    let third = show_code(&group[0]).await.code;
    assert_eq!(code_of(STRANGER, server.address(), &by(&second)).await, CloseCode::Unknown);
    drop(knock_from(STRANGER, server.address(), &third, draw_token()).await);
    group[0].accept(Command::SetDoor { door: Door::Locked }).await;
    assert_eq!(code_of(STRANGER, server.address(), &by(&third)).await, CloseCode::Locked);
}

#[tokio::test]
async fn door_10_who_is_declined_is_silent_for_ten_minutes() {
    let server = TestServer::with(Setup::with_limits(|limits| limits.loopback_exempt = false)).await;
    let (ada, _) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let code = show_code(&ada).await.code;
    let token = draw_token();
    let knocker = knock_from(STRANGER, server.address(), &code, token).await;
    ada.wait_until("the knock", |picture| waits(&picture.door, token)).await;
    ada.accept(Command::Decline { knock: hash_token(&token) }).await;
    assert_eq!(knocker.close_code().await, CloseCode::Declined);
    // Others behind the same address are heard, until three of it were declined.
    for _ in 0..2 {
        let token = draw_token();
        let knocker = knock_from(STRANGER, server.address(), &code, token).await;
        ada.wait_until("the knock", |picture| waits(&picture.door, token)).await;
        ada.accept(Command::Decline { knock: hash_token(&token) }).await;
        assert_eq!(knocker.close_code().await, CloseCode::Declined);
    }
    let another = knock(&code, draw_token(), commitment());
    assert_eq!(code_of(STRANGER, server.address(), &another).await, CloseCode::Declined, "the address");
    let again = knock(&code, token, commitment());
    assert_eq!(code_of(ELSEWHERE, server.address(), &again).await, CloseCode::Declined, "the token");
    drop(knock_from(ELSEWHERE, server.address(), &code, draw_token()).await);
    server.advance(Millis::minutes(10));
    let code = show_code(&ada).await.code;
    drop(knock_from(STRANGER, server.address(), &code, token).await);
    assert_eq!(ada.history().await.last().map(|act| act.what.clone()), Some(ActKind::Declined {}));
}

#[tokio::test]
async fn t7_where_people_knock_a_person_lets_each_of_them_in() {
    let server = TestServer::start().await;
    let mut group = Group::gather(server.address(), plans::ruch(), 2).await;
    group[0].accept(Command::SetDoor { door: Door::Knock }).await;
    let (early, other) = (draw_token(), draw_token());
    let first = wait_at(server.address(), &group.link, early).await;
    let second = wait_at(server.address(), &group.link, other).await;
    first.say_at_door(&KnockerMessage::Introduce { name: seal("Dev") });
    group[0]
        .wait_until("a name at the door", |picture| {
            let knock = picture.door.as_ref().and_then(|door| door.knocks.first());
            knock.is_some_and(|knock| matches!(&knock.by, KnockerView::Link { name: Some(_) }))
        })
        .await;
    assert_eq!(group[0].view().seats.len(), 2, "nobody is in yet");
    assert!(group[1].picture().door.is_none());
    assert_eq!(
        group[1].refused(Command::LetIn { knock: hash_token(&early), handed: None }).await,
        Refusal::NotFacilitator
    );
    // Whoever facilitates comes back and is told again; nobody's arrival lets anybody in.
    group[0].come_back(server.address()).await;
    group[0].wait_until("both", |picture| waits(&picture.door, early) && waits(&picture.door, other)).await;
    group.present_and_begin(SeatNumber(2)).await;
    assert_eq!(group[0].view().seats.len(), 2);
    group[0].accept(Command::LetIn { knock: hash_token(&early), handed: None }).await;
    assert_eq!(first.welcome().await.1, SeatNumber(3), "on the same socket");
    // Locking covers who waits.
    group[0].accept(Command::SetDoor { door: Door::Locked }).await;
    assert_eq!(second.close_code().await, CloseCode::Locked);
    first.now().await;
}

#[tokio::test]
async fn door_12_the_door_as_it_turns_holds_for_who_waits() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    group[0].accept(Command::SetDoor { door: Door::Knock }).await;
    let first = wait_at(server.address(), &group.link, draw_token()).await;
    group[0].accept(Command::SetDoor { door: Door::Open }).await;
    assert_eq!(first.welcome().await.1, SeatNumber(3));
    group[0].accept(Command::SetDoor { door: Door::Knock }).await;
    let second = wait_at(server.address(), &group.link, draw_token()).await;
    group[0].accept(Command::ChangeLink { invite: draw_invite_change().1 }).await;
    assert_eq!(second.close_code().await, CloseCode::Unknown, "the old link opens nothing, at once");
    // A reload knocks anew, in the place of the knock before.
    let code = show_code(&group[0]).await.code;
    let token = draw_token();
    let before = knock_from(STRANGER, server.address(), &code, token).await;
    let after = knock_from(STRANGER, server.address(), &code, token).await;
    assert_eq!(before.close_code().await, CloseCode::Replaced);
    group[0]
        .wait_until("one knock", |picture| picture.door.as_ref().is_some_and(|door| door.knocks.len() == 1))
        .await;
    group[0].steer(|moment| Command::End { moment }).await;
    assert_eq!(after.close_code().await, CloseCode::Ended);
}

#[tokio::test]
async fn door_13_who_was_removed_comes_in_by_no_right_kept_from_before() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    let code = show_code(&group[0]).await;
    let (kept, mine) = (draw_token(), key());
    let hash = hash_token(&kept);
    let knocker = knock_from(STRANGER, server.address(), &code.code, kept).await;
    group[0].wait_until("the knock", |picture| waits(&picture.door, kept)).await;
    group[0].accept(Command::AnswerKnock { knock: hash, key: mine }).await;
    knocker.say_at_door(&KnockerMessage::Reveal { key: key(), nonce: key(), name: seal("Dev") });
    let is_shown = |picture: &attune_tests::picture::Picture| {
        let by = picture.door.as_ref().and_then(|door| Some(&door.knocks.first()?.by));
        matches!(by, Some(KnockerView::Code { revealed: Some(_), .. }))
    };
    group[0].wait_until("what was committed to", is_shown).await;
    group[0].accept(Command::LetIn { knock: hash, handed: Some(line("the link")) }).await;
    knocker.close_code().await;
    // In by the link that was handed over, with another token; then removed.
    let other = Person::join(server.address(), &group.link, "Dev").await;
    let (_, change) = draw_invite_change();
    group[0].accept(Command::Remove { seat: other.number, invite: change }).await;
    assert_eq!(other.close_code().await, CloseCode::Removed);
    let back = code_of(STRANGER, server.address(), &hello(&group.link, kept)).await;
    assert_eq!(back, CloseCode::Unknown);
}

#[tokio::test]
async fn door_14_door_27_a_token_that_has_or_had_a_seat_knocks_nowhere() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 3).await;
    let code = show_code(&group[0]).await.code;
    let seated = knock(&code, group[1].token, commitment());
    assert_eq!(code_of(STRANGER, server.address(), &seated).await, CloseCode::NotAllowed);
    let (_, change) = draw_invite_change();
    group[0].accept(Command::Remove { seat: SeatNumber(3), invite: change }).await;
    let removed = knock(&code, group[2].token, commitment());
    assert_eq!(code_of(STRANGER, server.address(), &removed).await, CloseCode::Removed);
    let shown = group[0].look(|picture| picture.door.clone()).expect("has a code");
    assert!(shown.knocks.is_empty(), "whoever steers was asked nothing");
    drop(knock_from(STRANGER, server.address(), &code, draw_token()).await);
}

#[tokio::test]
async fn t24_nothing_of_a_knock_is_kept() {
    let process = Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &["--log", "debug"]).await;
    let server = process.address();
    let (ada, _) = Person::set_up(server, "Ada", plans::ruch()).await;
    let code = show_code(&ada).await.code;
    let (token, mine, theirs) = (draw_token(), key(), key());
    let hash = hash_token(&token);
    let knocker = knock_from(STRANGER, server, &code, token).await;
    let name = seal("kanarienvogel at the door");
    ada.wait_until("the knock", |picture| waits(&picture.door, token)).await;
    ada.accept(Command::AnswerKnock { knock: hash, key: mine }).await;
    knocker
        .wait_until("the answer", |picture| {
            picture.waiting.as_ref().is_some_and(|waiting| waiting.answered.is_some())
        })
        .await;
    knocker.say_at_door(&KnockerMessage::Reveal { key: theirs, nonce: key(), name: name.clone() });
    knocker.now().await;
    let handed = line("kanarienvogel in the hand-over");
    ada.accept(Command::LetIn { knock: hash, handed: Some(handed.clone()) }).await;
    knocker.close_code().await;
    let parts = [
        String::from(code),
        String::from(name),
        String::from(handed),
        String::from(mine),
        String::from(theirs),
        "kanarienvogel".to_owned(),
        token.encode(),
    ];
    let log = process.log();
    for part in parts {
        assert!(!log.contains(&part), "{part} is in the log");
        for (file, bytes) in process.files() {
            let found = bytes.windows(part.len()).any(|window| window == part.as_bytes());
            assert!(!found, "{part} is in {file}");
        }
    }
    assert!(log.contains("started"), "there is a log");
}

#[tokio::test]
async fn wire_3_a_knock_of_another_version_is_told_to_reload() {
    let server = TestServer::start().await;
    let code = DoorCode::try_from("ABCDEF".to_owned()).expect("is a code");
    let first = FirstMessage::Knock {
        version: PROTOCOL_VERSION + 1,
        code: code.clone(),
        seat_token: draw_token(),
        commitment: commitment(),
    };
    assert_eq!(code_of(STRANGER, server.address(), &first).await, CloseCode::Reload);
    let right = knock(&code, draw_token(), commitment());
    assert_eq!(code_of(STRANGER, server.address(), &right).await, CloseCode::Unknown);
    // A seat's messages are not understood at the door, and the other way round.
    let (ada, _) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let code = show_code(&ada).await.code;
    let knocker = knock_from(STRANGER, server.address(), &code, draw_token()).await;
    knocker.act(Command::Leave {});
    assert_eq!(knocker.close_code().await, CloseCode::NotUnderstood);
}
