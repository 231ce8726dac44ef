//! How much of a door one address or one person may take up.

use super::{ELSEWHERE, STRANGER, code_of, commitment, knock_from, show_code, wait_at, waits};
use attune_protocol::client::Command;
use attune_protocol::door::{Door, HoldMessage, KnockerMessage, KnockerView};
use attune_protocol::ids::Millis;
use attune_protocol::server::{CloseCode, Refusal};
use attune_tests::client::Client;
use attune_tests::group::{Group, Person, knock};
use attune_tests::picture::Answer;
use attune_tests::plans;
use attune_tests::secrets::{draw_token, hash_token, seal};
use attune_tests::server::{Setup, TestServer};

#[tokio::test]
async fn wire_30_codes_of_one_address_are_few() {
    let setup = Setup::by_hand(|limits| {
        limits.loopback_exempt = false;
        (limits.away_after, limits.silent_after) = (Millis::hours(24), Millis::hours(24));
    });
    let server = TestServer::with(setup).await;
    let (ada, _) = Person::set_up_from(ELSEWHERE, server.address(), "Ada", plans::ruch()).await;
    let code = show_code(&ada).await.code;
    let most = server.limits().codes_per_address.burst;
    let mut knockers = Vec::new();
    for _ in 0..most {
        let client = Client::open_from(STRANGER, server.address()).await;
        client.introduce(&knock(&code, draw_token(), commitment()));
        client.wait_or_end("an answer", |picture| picture.waiting.clone()).await.ok();
        knockers.push(client);
    }
    let by = knock(&code, draw_token(), commitment());
    assert_eq!(code_of(STRANGER, server.address(), &by).await, CloseCode::TooFast);
    // T11: of those who knock eight wait, and a flood hides nobody.
    ada.wait_until("eight at the door", |picture| {
        picture.door.as_ref().is_some_and(|door| door.knocks.len() == 8)
    })
    .await;
    let turned_away = knockers.iter().filter(|knocker| knocker.picture().waiting.is_none()).count();
    assert_eq!(turned_away, knockers.len() - 8);
    drop(knockers);
    ada.wait_until("nobody at the door", |picture| {
        picture.door.as_ref().is_some_and(|door| door.knocks.is_empty())
    })
    .await;
    drop(knock_from(ELSEWHERE, server.address(), &code, draw_token()).await);
    server.advance_transport(Millis::seconds(6));
    drop(knock_from(STRANGER, server.address(), &code, draw_token()).await);
}

#[tokio::test]
async fn door_15_one_address_does_not_hold_all_places() {
    let setup = Setup::by_hand(|limits| {
        limits.loopback_exempt = false;
        (limits.away_after, limits.silent_after) = (Millis::hours(24), Millis::hours(24));
    });
    let server = TestServer::with(setup).await;
    let (ada, _) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let code = show_code(&ada).await.code;
    let mut crowd = Vec::new();
    for _ in 0..8 {
        crowd.push(knock_from(STRANGER, server.address(), &code, draw_token()).await);
    }
    let token = draw_token();
    let honest = knock_from(ELSEWHERE, server.address(), &code, token).await;
    assert_eq!(crowd[7].close_code().await, CloseCode::Busy, "the newest of the crowd");
    ada.wait_until("the other", |picture| waits(&picture.door, token)).await;
    // The crowd does not get the place back, and those who were first keep theirs.
    let again = knock(&code, draw_token(), commitment());
    assert_eq!(code_of(STRANGER, server.address(), &again).await, CloseCode::Busy);
    assert!(crowd[..7].iter().all(|client| client.picture().ending.is_none()));
    assert!(honest.picture().ending.is_none());
}

#[tokio::test]
async fn door_16_codes_and_answers_have_the_budget_of_changes() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let (ada, _) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let most = server.limits().seat_changes.burst;
    let mut shown = 0;
    for _ in 0..2 * most {
        match ada.command(Command::ShowCode {}).await {
            Answer::Accepted(_) => shown += 1,
            Answer::Refused(why) => assert_eq!(why, Refusal::TooFast),
        }
    }
    assert!((most - 2..=most).contains(&shown), "{shown}");
    server.advance_transport(Millis::seconds(1));
    ada.accept(Command::ShowCode {}).await;
}

#[tokio::test]
async fn door_16_the_first_name_at_the_door_holds() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    group[0].accept(Command::SetDoor { door: Door::Knock }).await;
    let token = draw_token();
    let knocker = wait_at(server.address(), &group.link, token).await;
    let (first, second) = (seal("Dev"), seal("Ada"));
    knocker.say_at_door(&KnockerMessage::Introduce { name: first.clone() });
    knocker.say_at_door(&KnockerMessage::Introduce { name: second });
    knocker.now().await;
    group[0].accept(Command::HoldKnock { knock: hash_token(&token), message: HoldMessage::AMoment }).await;
    let by = group[0].wait_for("the hold", |picture| {
        let knock = picture.door.as_ref()?.knocks.first()?;
        knock.held.is_some().then(|| knock.by.clone())
    });
    assert_eq!(by.await, KnockerView::Link { name: Some(first) });
}
