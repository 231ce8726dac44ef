//! A person goes on with their seat on another device: asked for by a code, given by their own page.

use attune_protocol::client::Command;
use attune_protocol::door::{KnockKey, KnockerMessage};
use attune_protocol::ids::{Millis, SeatNumber, SeatToken, SecretHash};
use attune_protocol::moving::{MovingDevice, MovingView, SeatCodeView};
use attune_protocol::server::{CloseCode, Refusal};
use attune_protocol::version::OLDEST_SPOKEN_VERSION;
use attune_tests::client::Client;
use attune_tests::group::{Group, Person, ask_for_seat, erase, hello, hello_again};
use attune_tests::plans;
use attune_tests::secrets::{draw, draw_invite_change, draw_token, hash_token, seal, seal_line};
use attune_tests::server::{Setup, TestServer};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::net::{IpAddr, Ipv4Addr};

const MIRIAM: SeatNumber = SeatNumber(3);
const STRANGER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 68));

fn key() -> KnockKey {
    KnockKey::try_from(URL_SAFE_NO_PAD.encode(draw::<32>())).expect("is a key")
}

/// The code that a person's page shows now.
async fn show_code(person: &Person) -> SeatCodeView {
    let former = person.look(|picture| picture.moving.clone()).and_then(|moving| moving.code);
    person.accept(Command::ShowSeatCode {}).await;
    let shown = person.wait_for("a code", |picture| {
        picture.moving.as_ref()?.code.clone().filter(|code| Some(code) != former.as_ref())
    });
    shown.await
}

/// Another device that types the code.
async fn type_code(server: &TestServer, code: &SeatCodeView, token: SeatToken) -> Client {
    let device = Client::open(server.address()).await;
    device.introduce(&ask_for_seat(&code.code, token, SecretHash::from_bytes(draw())));
    device
}

/// What the person's own page is told of it.
async fn asked_by(person: &Person, token: SeatToken) -> MovingDevice {
    let device = person.wait_for("the other device", |picture| {
        picture.moving.as_ref()?.device.clone().filter(|device| device.knock == hash_token(&token))
    });
    device.await
}

/// Both keys are there: the words can be compared.
async fn meet(person: &Person, device: &Client, token: SeatToken) {
    let knock = asked_by(person, token).await.knock;
    person.accept(Command::AnswerMove { knock, key: key() }).await;
    device
        .wait_until("the answer", |picture| {
            picture.waiting.as_ref().is_some_and(|waiting| waiting.answered.is_some())
        })
        .await;
    device.say_at_door(&KnockerMessage::Reveal { key: key(), nonce: key(), name: seal("") });
    person
        .wait_until("what was committed to", |picture| {
            let device = picture.moving.as_ref().and_then(|moving| moving.device.as_ref());
            device.is_some_and(|device| device.revealed.is_some())
        })
        .await;
}

#[tokio::test]
async fn t5_door_25_a_person_goes_on_elsewhere_and_the_device_before_gets_nothing_more() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 4).await;
    let before = group[0].view();
    let (token, old) = (draw_token(), group[2].token);
    let code = show_code(&group[2]).await;
    let device = type_code(&server, &code, token).await;
    let knock = asked_by(&group[2], token).await.knock;
    let early = Command::MoveSeat { knock, handed: seal_line("the link") };
    assert_eq!(group[2].refused(early.clone()).await, Refusal::NotNow, "the words come first");
    meet(&group[2], &device, token).await;
    group[2].accept(early).await;
    assert_eq!(group[2].close_code().await, CloseCode::Moved);
    device
        .wait_until("the link", |picture| {
            picture.waiting.as_ref().is_some_and(|waiting| waiting.handed.is_some())
        })
        .await;
    let phone = Client::open(server.address()).await;
    phone.introduce(&hello_again(group.link.session, token));
    assert_eq!(phone.welcome().await.1, MIRIAM);
    phone.accept(Command::SetName { seat: MIRIAM, name: seal("M.") }).await;
    for first in
        [hello_again(group.link.session, old), hello(&group.link, old), erase(group.link.session, old)]
    {
        let client = Client::open(server.address()).await;
        client.introduce(&first);
        assert_eq!(client.close_code().await, CloseCode::Moved);
        // A page of the former version does not know that code, and would come back for ever.
        let mut former = serde_json::to_value(&first).expect("can be written");
        former["version"] = OLDEST_SPOKEN_VERSION.into();
        let client = Client::open(server.address()).await;
        client.send_text(former.to_string());
        assert_eq!(client.close_code().await, CloseCode::Removed, "WIRE-38");
    }
    // Nobody was told of anybody's going or coming.
    assert_eq!(group[0].view().seats, before.seats);
    assert_eq!(group[0].history().await.iter().filter(|act| act.by == Some(MIRIAM)).count(), 0);
}

#[tokio::test]
async fn door_23_a_code_is_for_one_device_and_ends_by_another_by_time_and_by_leaving() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 4).await;
    let unknown = async |code: &SeatCodeView| {
        assert_eq!(type_code(&server, code, draw_token()).await.close_code().await, CloseCode::Unknown);
    };
    // Whoever saw it typed it first: the person's own device is told so, and their page shows who asks.
    let code = show_code(&group[2]).await;
    let thief = type_code(&server, &code, draw_token()).await;
    group[2]
        .wait_until("the stranger", |picture| {
            picture.moving.as_ref().is_some_and(|moving| moving.device.is_some() && moving.code.is_none())
        })
        .await;
    unknown(&code).await;
    group[2].accept(Command::EndMove {}).await;
    assert_eq!(thief.close_code().await, CloseCode::Declined);
    group[2].wait_until("nothing", |picture| picture.moving == Some(MovingView::default())).await;
    // Another takes its place.
    let first = show_code(&group[2]).await;
    let device = type_code(&server, &first, draw_token()).await;
    device.wait_until("to wait", |picture| picture.waiting.is_some()).await;
    let second = show_code(&group[2]).await;
    assert_eq!(device.close_code().await, CloseCode::Declined);
    unknown(&first).await;
    server.advance(Millis::minutes(5));
    unknown(&second).await;
    let third = show_code(&group[2]).await;
    group[2].accept(Command::EndMove {}).await;
    unknown(&third).await;
    let fourth = show_code(&group[2]).await;
    group[2].accept(Command::Leave {}).await;
    unknown(&fourth).await;
    group.people.remove(2);
    let fifth = show_code(&group[2]).await;
    let device = type_code(&server, &fifth, draw_token()).await;
    device.wait_until("to wait", |picture| picture.waiting.is_some()).await;
    group[0].steer(|moment| Command::End { moment }).await;
    assert_eq!(device.close_code().await, CloseCode::Declined);
}

#[tokio::test]
async fn t6_door_24_nobody_else_is_told_or_can_answer() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 4).await;
    let others = [&group[0], &group[1], &group[3]];
    others.iter().for_each(|person| person.keep_frames());
    let token = draw_token();
    let code = show_code(&group[2]).await;
    let device = type_code(&server, &code, token).await;
    let knock = asked_by(&group[2], token).await.knock;
    let handed = seal_line("a link");
    for command in
        [Command::AnswerMove { knock, key: key() }, Command::MoveSeat { knock, handed: handed.clone() }]
    {
        for person in others {
            assert_eq!(person.refused(command.clone()).await, Refusal::NoSuchKnock);
        }
    }
    // Nor is it a knock at the door.
    for command in [
        Command::AnswerKnock { knock, key: key() },
        Command::LetIn { knock, handed: Some(handed) },
        Command::Decline { knock },
        Command::AskAgain { knock },
    ] {
        assert_eq!(group[0].refused(command).await, Refusal::NoSuchKnock);
    }
    for person in others {
        person.now().await;
        let frames = person.look(|picture| picture.frames.clone()).expect("are kept").join("\n");
        let secret = String::from(knock);
        assert!(!frames.contains(&secret) && !frames.contains(&String::from(code.code.clone())));
        assert!(!frames.contains("\"moving\""));
    }
    device.now().await;
    assert_eq!(device.picture().waiting, Some(attune_protocol::door::WaitingView::default()));
}

#[tokio::test]
async fn door_24_door_27_a_token_that_has_a_seat_asks_for_none_and_is_not_told_to_come_again() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 4).await;
    // Somebody else's, and the person's own.
    for token in [group[1].token, group[2].token] {
        let code = show_code(&group[2]).await;
        let told = type_code(&server, &code, token).await.close_code().await;
        assert!(told == CloseCode::NotAllowed && !told.retry(), "{told:?}");
        // It has spent the code, as any would.
        assert_eq!(type_code(&server, &code, draw_token()).await.close_code().await, CloseCode::Unknown);
        assert_eq!(group[2].picture().moving.and_then(|moving| moving.device), None);
    }
    // One that had a seat is told what became of it.
    let (_, change) = draw_invite_change();
    group[0].accept(Command::Remove { seat: SeatNumber(4), invite: change }).await;
    let code = show_code(&group[2]).await;
    assert_eq!(type_code(&server, &code, group[3].token).await.close_code().await, CloseCode::Removed);
}

#[tokio::test]
async fn wire_30_door_23_codes_of_seats_are_few_for_an_address_like_those_of_doors() {
    let setup = Setup::by_hand(|limits| {
        limits.loopback_exempt = false;
        (limits.away_after, limits.silent_after) = (Millis::hours(24), Millis::hours(24));
    });
    let server = TestServer::with(setup).await;
    let group = Group::begin(server.address(), plans::ruch(), 2).await;
    let code = show_code(&group[1]).await;
    let ask = async || {
        let client = Client::open_from(STRANGER, server.address()).await;
        client.introduce(&ask_for_seat(&code.code, draw_token(), SecretHash::from_bytes(draw())));
        client
    };
    let mut devices = Vec::new();
    for _ in 0..server.limits().codes_per_address.burst {
        devices.push(ask().await);
    }
    devices[0].wait_until("to wait", |picture| picture.waiting.is_some()).await;
    let more = ask().await;
    assert_eq!(more.close_code().await, CloseCode::TooFast);
    // What is seldom is enough for a person.
    assert!(
        type_code(&server, &show_code(&group[1]).await, draw_token())
            .await
            .wait_or_end("to wait", |picture| picture.waiting.clone())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn door_26_whose_other_device_does_not_come_is_away_after_a_while() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    let token = draw_token();
    let code = show_code(&group[2]).await;
    let device = type_code(&server, &code, token).await;
    meet(&group[2], &device, token).await;
    let knock = hash_token(&token);
    group[2].accept(Command::MoveSeat { knock, handed: seal_line("the link") }).await;
    assert_eq!(group[2].close_code().await, CloseCode::Moved);
    group[0].now().await;
    assert!(group[0].picture().is_here(MIRIAM));
    for _ in 0..15 {
        server.advance_transport(Millis::seconds(1));
        group[0].now().await;
    }
    group[0].wait_until("the loss", |picture| picture.is_away(MIRIAM)).await;
    let phone = Client::open(server.address()).await;
    phone.introduce(&hello_again(group.link.session, token));
    assert_eq!(phone.welcome().await.1, MIRIAM);
    group[0].wait_until("the return", |picture| picture.is_here(MIRIAM)).await;
}

#[tokio::test]
async fn door_24_nothing_of_a_device_that_only_asked_is_kept() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    let before = server.events(group.link.session).await.len();
    let token = draw_token();
    let code = show_code(&group[2]).await;
    let device = type_code(&server, &code, token).await;
    meet(&group[2], &device, token).await;
    group[2].accept(Command::EndMove {}).await;
    assert_eq!(device.close_code().await, CloseCode::Declined);
    assert_eq!(server.events(group.link.session).await.len(), before);
}
