//! Being here and being away: what stays, who sees it, and who may act meanwhile.

use attune_protocol::client::Command;
use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::method::FloorMode;
use attune_protocol::server::{CloseCode, Refusal};
use attune_protocol::view::{ActKind, TimingView};
use attune_tests::client::Client;
use attune_tests::group::{Group, hello, hello_again};
use attune_tests::picture::Picture;
use attune_tests::plans;
use attune_tests::raw::{Raw, frame};
use attune_tests::secrets::draw_token;
use attune_tests::server::{Setup, TestServer};
use attune_tests::waiting::within_limit;

const ADA: SeatNumber = SeatNumber(1);
const RUTH: SeatNumber = SeatNumber(2);
const MIRIAM: SeatNumber = SeatNumber(3);

#[tokio::test]
async fn pres_2_the_others_see_since_when_somebody_is_away() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 4).await;
    let lost_at = server.now();
    group[2].lose_network().await;
    group
        .all_see("the loss", |picture| {
            picture.seat(MIRIAM).is_some_and(|seat| seat.away_since == Some(lost_at))
        })
        .await;
    server.advance(Millis::minutes(2));
    group[2].come_back(server.address()).await;
    group.all_see("the return", |picture| picture.is_here(MIRIAM)).await;
    group.common_view();
}

#[tokio::test]
async fn pres_3_who_comes_back_has_the_same_place() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 4).await;
    group.next().await;
    // Silence.
    let before = group.common_view();
    group[1].lose_network().await;
    group.all_see("the loss", |picture| picture.is_away(RUTH)).await;
    server.advance(Millis::minutes(2));
    group[1].come_back(server.address()).await;
    group.all_see("the return", |picture| picture.is_here(RUTH)).await;
    let after = group.common_view();
    assert_eq!((after.presenter, after.floor.clone()), (before.presenter, before.floor));
    assert_eq!((after.stage, after.seats), (before.stage, before.seats));
    assert_eq!(group[1].refused(Command::TakeChair {}).await, Refusal::Silent);
    // The round.
    group.next().await;
    for index in [1, 2] {
        let revision = group[index].steer(|moment| Command::FinishTurn { moment }).await;
        group.all_catch_up(revision).await;
    }
    let before = group[0].picture().running().cloned();
    assert_eq!(group[0].picture().speaker(), Some(SeatNumber(4)));
    for index in [3, 0] {
        group[index].lose_network().await;
        group[1].wait_until("the loss", |picture| picture.is_away(SeatNumber(index as u16 + 1))).await;
    }
    server.advance(Millis::minutes(1));
    for index in [3, 0] {
        group[index].come_back(server.address()).await;
    }
    group.all_see("everyone", |picture| picture.is_here(ADA) && picture.is_here(SeatNumber(4))).await;
    assert_eq!(group[3].picture().running().cloned(), before, "PRES-6: nothing moved meanwhile");
    group[3].steer(|moment| Command::FinishTurn { moment }).await;
    group[0].wait_until("their own turn", |picture| picture.speaker() == Some(ADA)).await;
}

#[tokio::test]
async fn pres_8_the_turn_of_an_away_person_is_moved_on_by_the_next() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 5).await;
    group.next().await;
    group.next().await;
    let revision = group[1].steer(|moment| Command::FinishTurn { moment }).await;
    group.all_catch_up(revision).await;
    // Miriam speaks, Noah is next, Joel after him.
    let moment = group[3].moment();
    assert_eq!(group[3].refused(Command::FinishTurn { moment }).await, Refusal::NotYourTurn);
    group[2].lose_network().await;
    group.all_see("the loss", |picture| picture.is_away(MIRIAM)).await;
    assert_eq!(group[0].picture().speaker(), Some(MIRIAM), "PRES-7: the turn is kept");
    assert_eq!(group[4].refused(Command::FinishTurn { moment }).await, Refusal::NotYourTurn);
    group[3].steer(|moment| Command::FinishTurn { moment }).await;
    group.all_see("the next turn", |picture| picture.speaker() == Some(SeatNumber(4))).await;
    let acts = group[0].history().await;
    assert_eq!(
        acts.last().map(|act| (act.by, act.what.clone())),
        Some((Some(SeatNumber(4)), ActKind::MovedTurn { seat: MIRIAM }))
    );
}

#[tokio::test]
async fn t46_pres_2_a_socket_that_says_nothing_is_away_and_then_closed() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let limits = server.limits();
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    // The same seat by a socket that has no heartbeat.
    let mut silent = Raw::connect(server.address()).await;
    silent.upgrade(server.address()).await;
    let text = serde_json::to_string(&hello_again(group.link.session, group[1].token)).unwrap();
    silent.send(&frame(0x81, text.as_bytes())).await;
    assert_eq!(group[1].close_code().await, CloseCode::Replaced);
    // The facilitator is heard all the time.
    let pass = async |length: Millis| {
        server.advance_transport(length);
        group[0].now().await;
    };
    pass(limits.away_after - Millis::seconds(1)).await;
    assert!(group[0].picture().is_here(RUTH));
    pass(Millis::seconds(1)).await;
    group[0].wait_until("the silence", |picture| picture.is_away(RUTH)).await;
    // A message brings the person back.
    silent.send(&frame(0x81, br#"{"type":"ping","sent":1}"#)).await;
    group[0].wait_until("the return", |picture| picture.is_here(RUTH)).await;
    pass(limits.away_after).await;
    pass(limits.silent_after - limits.away_after).await;
    assert_eq!(silent.ending().await.code(), Some(CloseCode::Silent));
}

#[tokio::test]
async fn t46_pres_2_a_page_that_only_answers_pings_is_here() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let limits = server.limits();
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    let mut hidden = Raw::connect(server.address()).await;
    hidden.upgrade(server.address()).await;
    let text = serde_json::to_string(&hello_again(group.link.session, group[1].token)).unwrap();
    hidden.send(&frame(0x81, text.as_bytes())).await;
    assert_eq!(group[1].close_code().await, CloseCode::Replaced);
    for _ in 0..4 {
        server.advance_transport(limits.ask_after);
        group[0].now().await;
        while within_limit("a ping", hidden.frame()).await.expect("the socket is open").0 != 9 {}
        hidden.send(&frame(0x8a, b"")).await;
        // A ping does not count as heard; its answer says that the pong before it has come.
        hidden.send(&frame(0x89, b"")).await;
        while within_limit("a pong", hidden.frame()).await.expect("the socket is open").0 != 10 {}
        assert!(group[0].picture().is_here(RUTH));
    }
}

#[tokio::test]
async fn wire_45_a_page_that_is_heard_of_is_not_asked() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let pause = server.limits().ask_after - Millis::seconds(1);
    let group = Group::gather(server.address(), plans::ruch(), 1).await;
    let mut page = Raw::connect(server.address()).await;
    page.enter(server.address(), &hello(&group.link, draw_token())).await;
    for _ in 0..4 {
        server.advance_transport(pause);
        group[0].now().await;
        page.say(r#"{"type":"ping","sent":1}"#).await;
        loop {
            let (opcode, payload) = within_limit("a pong", page.frame()).await.expect("the socket is open");
            assert_ne!(opcode, 9, "a ping of the server");
            if payload.starts_with(br#"{"type":"pong""#) {
                break;
            }
        }
    }
}

#[tokio::test]
async fn pause_3_a_need_that_nobody_hears_pauses_at_once() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 4).await;
    group.next().await;
    group[0].lose_network().await;
    group.all_see("the loss", |picture| picture.is_away(ADA)).await;
    group[1].accept(Command::NeedPause {}).await;
    group.all_see("the pause", Picture::is_paused).await;
    // PAUSE-6: anyone who has agreed may resume, but the silent presenter.
    let moment = group[1].moment();
    assert_eq!(group[1].refused(Command::Resume { moment }).await, Refusal::Silent);
    group[2].steer(|moment| Command::Resume { moment }).await;
    group.all_see("the time running", |picture| picture.ends_at().is_some()).await;
}

#[tokio::test]
async fn pause_4_a_need_that_nobody_answers_pauses_when_thirty_seconds_are_over() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 4).await;
    let asked_at = server.now();
    let ends_at = group[0].picture().ends_at().expect("runs");
    for person in &group.people {
        person.keep_frames();
    }
    group[2].accept(Command::NeedPause {}).await;
    group[0]
        .wait_until("the request", |picture| {
            picture
                .view
                .as_ref()
                .and_then(|view| view.pause_request.as_ref())
                .is_some_and(|request| request.by == MIRIAM)
        })
        .await;
    server.advance(Millis::seconds(30) - Millis(1));
    group[0].now().await;
    assert!(!group[0].picture().is_paused());
    server.advance(Millis(1));
    group.all_see("the pause", Picture::is_paused).await;
    let timing = group[3].picture().running().map(|running| running.timing.clone());
    let since = asked_at + Millis::seconds(30);
    assert_eq!(timing, Some(TimingView::Paused { remaining: ends_at - since, since, anyone_resumes: true }));
    // PAUSE-2, T25: only whoever steers was told who asked.
    for person in &group.people {
        let told =
            person.picture().frames.expect("are kept").iter().any(|frame| frame.contains("pauseRequest"));
        assert_eq!(told, person.number == ADA, "{}", person.name);
    }
    let acts = group[2].history().await;
    assert_eq!(acts.last().map(|act| (act.by, act.what.clone())), Some((None, ActKind::Paused {})));
}

#[tokio::test]
async fn t56_the_chair_is_taken_only_when_it_is_free_and_given_back_on_asking() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 4).await;
    group.next().await;
    // The facilitator is here, and slow: nothing else is known of them.
    server.advance(Millis::minutes(5));
    assert_eq!(group[2].refused(Command::TakeChair {}).await, Refusal::ChairNotFree);
    // A blip.
    group[0].lose_network().await;
    group.all_see("the loss", |picture| picture.is_away(ADA)).await;
    assert_eq!(group[2].refused(Command::TakeChair {}).await, Refusal::ChairNotFree);
    server.advance(Millis::seconds(59));
    group[0].come_back(server.address()).await;
    group.all_see("the return", |picture| picture.is_here(ADA)).await;
    server.advance(Millis::seconds(59));
    assert_eq!(group[2].refused(Command::TakeChair {}).await, Refusal::ChairNotFree);
    // Gone.
    group[0].lose_network().await;
    let free_at = server.now() + Millis::seconds(60);
    group
        .all_see("from when it is free", |picture| {
            picture.view.as_ref().is_some_and(|view| view.chair.free_at == Some(free_at))
        })
        .await;
    server.advance(Millis::seconds(60) - Millis(1));
    assert_eq!(group[2].refused(Command::TakeChair {}).await, Refusal::ChairNotFree);
    server.advance(Millis(1));
    assert_eq!(group[1].refused(Command::TakeChair {}).await, Refusal::Silent, "never the silent presenter");
    group[2].accept(Command::TakeChair {}).await;
    group
        .all_see("who took it", |picture| {
            picture.view.as_ref().is_some_and(|view| view.chair.stand_in == Some(MIRIAM))
        })
        .await;
    assert_eq!(group[3].refused(Command::TakeChair {}).await, Refusal::ChairNotFree);
    let acts = group[3].history().await;
    assert_eq!(
        acts.last().map(|act| (act.by, act.what.clone())),
        Some((Some(MIRIAM), ActKind::TookChair {}))
    );
    // The stand-in steers, within bounds.
    group[2].steer(|moment| Command::Pause { moment }).await;
    group[2].steer(|moment| Command::Resume { moment }).await;
    assert_eq!(
        group[2].refused(Command::SetFacilitator { seat: MIRIAM, facilitator: true }).await,
        Refusal::StandIn
    );
    // Back: not unasked, and at once on asking.
    group[0].come_back(server.address()).await;
    let moment = group[0].moment();
    assert_eq!(group[0].refused(Command::Next { moment }).await, Refusal::ChairHeld);
    group[0].steer(|_| Command::AskForChair {}).await;
    group.next().await;
    let moment = group[2].moment();
    assert_eq!(group[2].refused(Command::Next { moment }).await, Refusal::NotFacilitator);
}

#[tokio::test]
async fn t54_after_two_hours_with_nobody_connected_everyone_returns() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 4).await;
    group.next().await;
    let before = group.common_view();
    for person in &mut group.people {
        person.lose_network().await;
    }
    server.wait_until_nobody_is_here(group.link.session).await;
    server.advance(Millis::hours(2));
    for person in &mut group.people {
        person.come_back(server.address()).await;
    }
    group
        .all_see("everyone", |picture| {
            picture.view.iter().flat_map(|view| &view.seats).all(|seat| seat.away_since.is_none())
        })
        .await;
    let after = group.common_view();
    assert_eq!((after.stage, after.floor, after.presenter), (before.stage, before.floor, before.presenter));
    group.next().await;
    group.all_see("the round", |picture| picture.phase() == Some(2)).await;
}

#[tokio::test]
async fn life_8_firm_closes_a_session_with_nobody_connected_and_stamps_when_due() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::firm_ruch(), 3).await;
    let began_at = server.now();
    for person in &mut group.people {
        person.lose_network().await;
    }
    server.wait_until_nobody_is_here(group.link.session).await;
    // In the middle of the third phase: two ends and two graces have passed.
    server.advance(Millis::minutes(40));
    group[2].come_back(server.address()).await;
    let running = group[2].picture().running().cloned().expect("runs");
    let third = began_at + Millis::minutes(35) + Millis::seconds(30);
    assert_eq!((running.phase, running.began_at), (2, third));
    assert_eq!(running.timing, TimingView::Running { ends_at: third + Millis::minutes(15) });
    server.advance(Millis::minutes(60));
    group[2].wait_until("the end", |picture| picture.closed().is_some()).await;
    let closed = group[2].picture().closed().cloned().expect("is over");
    assert_eq!(closed.closed_at, began_at + Millis::minutes(60) + Millis::seconds(60));
    let last: Vec<_> = group[2].picture().acts.unwrap_or_default();
    assert!(last.is_empty());
}

#[tokio::test]
async fn pres_6_a_dropped_facilitator_stops_nothing() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 3).await;
    let ends_at = group[1].picture().ends_at();
    group[0].lose_network().await;
    group.all_see("the loss", |picture| picture.is_away(ADA)).await;
    server.advance(Millis::minutes(11));
    assert_eq!(group[1].now().await, server.now());
    assert_eq!(group[1].picture().ends_at(), ends_at, "the clock runs on, and over");
    assert_eq!(group[1].picture().phase(), Some(0));
    assert_eq!(group.common_view().floor.mode, FloorMode::Single);
    // A client that was asleep asks for the time, not for the phase.
    let late = Client::open(server.address()).await;
    late.introduce(&hello_again(group.link.session, group[2].token));
    late.welcome().await;
    assert_eq!(late.picture().ends_at(), ends_at);
}

#[tokio::test]
async fn pres_14_whoever_is_put_out_is_away_before_the_farewell_is_over() {
    // Time stands still for sockets, and with it every farewell.
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    let mut raw = Raw::connect(server.address()).await;
    raw.enter(server.address(), &hello(&group.link, draw_token())).await;
    group.all_see("the newcomer", |picture| picture.is_here(MIRIAM)).await;
    raw.send(&frame(0x82, b"binary")).await;
    group.all_see("the loss", |picture| picture.is_away(MIRIAM)).await;
}
