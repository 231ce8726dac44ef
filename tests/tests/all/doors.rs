//! How people come in and go: doors that open, and doors that stay shut.

use attune_protocol::client::Command;
use attune_protocol::door::Door;
use attune_protocol::ids::{Millis, SeatNumber, SeatToken, SessionId};
use attune_protocol::server::{CloseCode, Refusal};
use attune_server::limits::Limits;
use attune_server::session::RENAMES_WITHIN;
use attune_tests::client::Client;
use attune_tests::group::{Group, Link, Person, create, erase, hello, hello_again};
use attune_tests::picture::Ending;
use attune_tests::plans;
use attune_tests::raw::{Raw, frame};
use attune_tests::secrets::{draw, draw_invite, draw_invite_change, draw_token, seal};
use attune_tests::server::{Setup, TestServer};

/// How a first frame of `hello` ends that is turned away.
async fn turned_away(server: &TestServer, link: &Link, token: SeatToken) -> Ending {
    let client = Client::open(server.address()).await;
    client.introduce(&hello(link, token));
    client.ending().await
}

async fn code_for(server: &TestServer, link: &Link, token: SeatToken) -> CloseCode {
    turned_away(server, link, token).await.code().expect("a listed code")
}

/// A browser that sends its first frame and is gone before the answer.
async fn ask_and_vanish(server: &TestServer, link: &Link, token: SeatToken) {
    let mut raw = Raw::connect(server.address()).await;
    raw.upgrade(server.address()).await;
    let hello = serde_json::to_string(&hello(link, token)).unwrap();
    raw.send(&frame(0x81, hello.as_bytes())).await;
}

/// Nobody is given up while a test moves the time of sockets.
fn be_patient(limits: &mut Limits) {
    (limits.away_after, limits.silent_after) = (Millis::hours(24), Millis::hours(24));
}

#[tokio::test]
async fn join_7_a_join_whose_answer_was_lost_leaves_no_ghost() {
    let server = TestServer::start().await;
    let (ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let token = draw_token();
    for _ in 0..3 {
        ask_and_vanish(&server, &link, token).await;
    }
    ada.wait_until("the one who vanished", |picture| picture.people() == 2 && picture.is_away(SeatNumber(2)))
        .await;
    let client = Client::open(server.address()).await;
    client.introduce(&hello(&link, token));
    assert_eq!(client.welcome().await.1, SeatNumber(2));
    ada.wait_until("the one who came", |picture| picture.is_here(SeatNumber(2))).await;
    let other = Person::join(server.address(), &link, "Noah").await;
    assert_eq!(other.number, SeatNumber(3), "no seat was spent");
}

#[tokio::test]
async fn join_7_a_set_up_whose_answer_was_lost_can_be_repeated() {
    let server = TestServer::start().await;
    let (invite, token) = (draw_invite(), draw_token());
    let mut raw = Raw::connect(server.address()).await;
    raw.upgrade(server.address()).await;
    let text = serde_json::to_string(&create(plans::ruch(), &invite, token)).unwrap();
    raw.send(&frame(0x81, text.as_bytes())).await;
    drop(raw);
    let client = Client::open(server.address()).await;
    client.introduce(&create(plans::ruch(), &invite, token));
    assert_eq!(client.welcome().await.1, SeatNumber(1));
}

#[tokio::test]
async fn join_5_a_known_token_is_its_seat_again_with_or_without_an_invite() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 3).await;
    let stranger = Link { session: group.link.session, invite: draw_invite() };
    for link in [group.link, stranger] {
        let client = Client::open(server.address()).await;
        client.introduce(&hello(&link, group[1].token));
        assert_eq!(client.welcome().await.1, SeatNumber(2));
    }
    group[1].lose_network().await;
    group[1].come_back(server.address()).await;
    assert_eq!(group[0].view().seats.len(), 3);
}

#[tokio::test]
async fn join_9_unknown_wrong_and_erased_are_answered_alike() {
    let server = TestServer::start().await;
    let (ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let (noah, erased) = Person::set_up(server.address(), "Noah", plans::ruch()).await;
    let eraser = Client::open(server.address()).await;
    eraser.introduce(&erase(erased.session, noah.token));
    assert_eq!(eraser.close_code().await, CloseCode::Erased);
    assert_eq!(noah.close_code().await, CloseCode::Erased);

    let unknown = Link { session: SessionId::from_bytes(draw()), invite: link.invite };
    let wrong = Link { session: link.session, invite: draw_invite() };
    let mut endings = Vec::new();
    for link in [unknown, wrong, erased] {
        endings.push(turned_away(&server, &link, draw_token()).await);
    }
    endings.push(turned_away(&server, &erased, noah.token).await);
    let without = Client::open(server.address()).await;
    without.introduce(&hello_again(link.session, draw_token()));
    endings.push(without.ending().await);
    let again = Client::open(server.address()).await;
    again.introduce(&erase(erased.session, noah.token));
    endings.push(again.ending().await);
    for ending in endings {
        assert_eq!(ending, Ending::Closed(4000, "unknown".to_owned()));
    }
    // The first session is over: `ended` is said to a right invite or token only.
    ada.steer(|moment| Command::End { moment }).await;
    server.advance(Millis::hours(1));
    assert_eq!(code_for(&server, &wrong, draw_token()).await, CloseCode::Unknown);
    assert_eq!(code_for(&server, &link, draw_token()).await, CloseCode::Ended);
    assert_eq!(code_for(&server, &wrong, ada.token).await, CloseCode::Ended);
}

#[tokio::test]
async fn join_10_a_session_has_as_many_seats_as_configured() {
    let server = TestServer::start().await;
    let limit = usize::from(server.limits().seats);
    let mut group = Group::gather(server.address(), plans::ruch(), limit).await;
    assert_eq!(code_for(&server, &group.link, draw_token()).await, CloseCode::Full);
    assert_eq!(group[0].refused(Command::AddPerson {}).await, Refusal::Full);
    // Who has a seat comes back to it, full or not.
    group[3].lose_network().await;
    group[3].come_back(server.address()).await;
    // PRES-11: somebody who is away for ten minutes leaves room for another.
    group[4].lose_network().await;
    group[0].wait_until("the loss", |picture| picture.is_away(SeatNumber(5))).await;
    server.advance(Millis::minutes(10) - Millis(1));
    assert_eq!(code_for(&server, &group.link, draw_token()).await, CloseCode::Full);
    server.advance(Millis(1));
    let late = Person::join(server.address(), &group.link, "Late").await;
    assert_eq!(usize::from(late.number.0), limit + 1);
    group[4].come_back(server.address()).await;
}

#[tokio::test]
async fn join_8_who_left_was_removed_or_cleared_cannot_return() {
    let server = TestServer::start().await;
    let mut group = Group::gather(server.address(), plans::ruch(), 5).await;
    // Left.
    group[1].act(Command::Leave {});
    assert_eq!(group[1].close_code().await, CloseCode::Left);
    assert_eq!(code_for(&server, &group.link, group[1].token).await, CloseCode::Left);
    // Cleared while away; not while here.
    let seat = SeatNumber(3);
    assert_eq!(group[0].refused(Command::ClearSeat { seat }).await, Refusal::NotAway);
    group[2].lose_network().await;
    group[0].wait_until("the loss", |picture| picture.is_away(seat)).await;
    group[0].accept(Command::ClearSeat { seat }).await;
    assert_eq!(code_for(&server, &group.link, group[2].token).await, CloseCode::Left);
    // Removed: the invite changes with it.
    let (invite, change) = draw_invite_change();
    group[3].keep_frames();
    let revision = group[0].accept(Command::Remove { seat: SeatNumber(4), invite: change.clone() }).await;
    assert_eq!(group[3].close_code().await, CloseCode::Removed);
    assert_eq!(code_for(&server, &group.link, group[3].token).await, CloseCode::Removed);
    // JOIN-13, JOIN-14: the old invite opens nothing, the new one does, and members have it.
    assert_eq!(code_for(&server, &group.link, draw_token()).await, CloseCode::Unknown);
    group[4]
        .wait_until("the new invite", |picture| picture.texts.invite.as_ref() == Some(&change.sealed))
        .await;
    let newcomer = Person::join(server.address(), &Link { invite, ..group.link }, "Tamar").await;
    // JOIN-16: a number is never used twice.
    assert_eq!(newcomer.number, SeatNumber(6));
    // T25: the removed seat got nothing more.
    group[0].catch_up(revision).await;
    let frames = group[3].picture().frames.expect("are kept").join("\n");
    assert!(!frames.contains(&String::from(change.sealed)), "no new invite for who was removed");
    assert!(group[3].picture().revision < revision);
}

#[tokio::test]
async fn door_1_a_locked_door_turns_newcomers_away_and_lets_seats_return() {
    let server = TestServer::start().await;
    let mut group = Group::gather(server.address(), plans::ruch(), 3).await;
    // DOOR-2: somebody was away when it was locked, and T7: somebody had come early and not agreed.
    group[2].lose_network().await;
    let early = Person::join(server.address(), &group.link, "Early").await;
    group[0].accept(Command::SetDoor { door: Door::Locked }).await;
    assert_eq!(code_for(&server, &group.link, draw_token()).await, CloseCode::Locked);
    let wrong = Link { invite: draw_invite(), ..group.link };
    assert_eq!(code_for(&server, &wrong, draw_token()).await, CloseCode::Unknown, "T26");
    group.present_and_begin(SeatNumber(2)).await;
    assert_eq!(code_for(&server, &group.link, draw_token()).await, CloseCode::Locked);
    group[2].come_back(server.address()).await;
    early.agree().await;
    assert_eq!(group[1].view().door, Door::Locked, "DOOR-3");
    group[0].accept(Command::SetDoor { door: Door::Open }).await;
    let late = Person::join(server.address(), &group.link, "Late").await;
    assert_eq!(late.number, SeatNumber(5));
}

#[tokio::test]
async fn door_4_a_new_link_ends_the_old_one_and_nobody_inside_notices() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    let before = group.common_view();
    let (invite, change) = draw_invite_change();
    let revision = group[0].accept(Command::ChangeLink { invite: change.clone() }).await;
    assert_eq!(code_for(&server, &group.link, draw_token()).await, CloseCode::Unknown);
    group.all_catch_up(revision).await;
    assert_eq!(group.common_view(), before);
    // Members' Copy link gives the new one.
    let sealed =
        |picture: &attune_tests::picture::Picture| picture.texts.invite.as_ref() == Some(&change.sealed);
    group.all_see("the new invite", sealed).await;
    Person::join(server.address(), &Link { invite, ..group.link }, "Tamar").await;
    assert_eq!(group[1].refused(Command::ChangeLink { invite: change }).await, Refusal::NotFacilitator);
}

#[tokio::test]
async fn t5_dead_tokens_steer_erase_and_open_nothing() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 4).await;
    let (_, invite) = draw_invite_change();
    group[0].accept(Command::SetFacilitator { seat: SeatNumber(3), facilitator: true }).await;
    group[0].accept(Command::Remove { seat: SeatNumber(3), invite }).await;
    assert_eq!(group[2].close_code().await, CloseCode::Removed);
    let dead = Client::open(server.address()).await;
    dead.introduce(&erase(group.link.session, group[2].token));
    assert_eq!(dead.close_code().await, CloseCode::Removed, "a removed facilitator erases nothing");
    let member = Client::open(server.address()).await;
    member.introduce(&erase(group.link.session, group[3].token));
    assert_eq!(member.close_code().await, CloseCode::NotAllowed);
    let stranger = Client::open(server.address()).await;
    stranger.introduce(&erase(group.link.session, draw_token()));
    assert_eq!(stranger.close_code().await, CloseCode::Unknown);
    assert_eq!(group[3].now().await, server.now(), "the session is there");
    // The end: an hour later the token is dead, and erasing is what is left to a facilitator.
    group[0].steer(|moment| Command::End { moment }).await;
    server.advance(Millis::hours(1));
    for person in [0, 1, 3] {
        assert_eq!(code_for(&server, &group.link, group[person].token).await, CloseCode::Ended);
    }
    let eraser = Client::open(server.address()).await;
    eraser.introduce(&erase(group.link.session, group[0].token));
    assert_eq!(eraser.close_code().await, CloseCode::Erased);
    for person in [0, 1, 2, 3] {
        assert_eq!(code_for(&server, &group.link, group[person].token).await, CloseCode::Unknown);
    }
}

#[tokio::test]
async fn life_5_erasing_closes_every_socket_and_empties_the_store() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    assert_eq!(server.sessions().await, 1);
    let eraser = Client::open(server.address()).await;
    eraser.introduce(&erase(group.link.session, group[0].token));
    assert_eq!(eraser.close_code().await, CloseCode::Erased);
    for person in &group.people {
        assert_eq!(person.close_code().await, CloseCode::Erased);
    }
    assert_eq!(server.sessions().await, 0);
}

#[tokio::test]
async fn life_2_a_session_is_deleted_when_its_time_is_over() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 2).await;
    let revision = group[0].steer(|moment| Command::End { moment }).await;
    group.all_catch_up(revision).await;
    let expires_at = group.common_view().expires_at;
    assert_eq!(expires_at, server.now() + server.retention());
    server.set(expires_at - Millis(1));
    assert_eq!(code_for(&server, &group.link, draw_token()).await, CloseCode::Ended);
    // It is looked for once a minute.
    server.advance(Millis::minutes(2));
    server.wait_for_sessions(0).await;
    assert_eq!(code_for(&server, &group.link, draw_token()).await, CloseCode::Unknown);
}

#[tokio::test]
async fn back_7_of_two_sockets_on_one_seat_the_newer_wins() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 3).await;
    let before = group[0].picture();
    let older = group[0].come_back(server.address()).await.expect("was connected");
    assert_eq!(older.close_code().await, CloseCode::Replaced);
    group[0].steer(|moment| Command::Next { moment }).await;
    group[1].wait_until("the next phase", |picture| picture.phase() == Some(1)).await;
    // PRES-1: that the socket changed wrote nothing.
    assert_eq!(group[0].picture().revision.0, before.revision.0 + 1);
    assert!(group[1].picture().is_here(SeatNumber(1)));
}

#[tokio::test]
async fn t5_the_newest_socket_wins_at_most_as_often_as_configured() {
    let server = TestServer::with(Setup::by_hand(be_patient)).await;
    let (ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let noah = Person::join(server.address(), &link, "Noah").await;
    let (mut won, mut holder) = (0, None);
    for _ in 0..100 {
        let client = Client::open(server.address()).await;
        client.introduce(&hello(&link, noah.token));
        let answer = client.wait_for("an answer", |picture| match (&picture.seat, &picture.ending) {
            (None, None) => None,
            (seat, _) => Some(seat.is_some()),
        });
        if answer.await {
            won += 1;
            holder = Some(client);
        } else {
            assert_eq!(client.close_code().await, CloseCode::Replaced);
        }
    }
    assert_eq!(won, server.limits().takeovers.burst);
    let holder = holder.expect("some won");
    holder.accept(Command::SetName { seat: noah.number, name: seal("N.") }).await;
    server.advance_transport(Millis::minutes(1));
    let client = Client::open(server.address()).await;
    client.introduce(&hello(&link, noah.token));
    client.welcome().await;
    assert_eq!(holder.close_code().await, CloseCode::Replaced);
    assert!(ada.picture().is_here(noah.number));
}

#[tokio::test]
async fn join_17_a_name_is_changed_at_most_three_times_in_ten_minutes() {
    let server = TestServer::with(Setup::by_hand(be_patient)).await;
    let (ada, _) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    for name in ["Al", "Adele", "A."] {
        ada.accept(Command::SetName { seat: ada.number, name: seal(name) }).await;
    }
    assert_eq!(ada.refused(Command::SetName { seat: ada.number, name: seal("B.") }).await, Refusal::TooFast);
    ada.wait_until("the name before", |picture| picture.names()[&SeatNumber(1)] == "A.").await;
    server.advance(RENAMES_WITHIN);
    ada.accept(Command::SetName { seat: ada.number, name: seal("B.") }).await;
}
