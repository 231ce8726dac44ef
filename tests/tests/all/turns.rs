//! Turns of a round over real sockets: put off, reordered, with minutes of their own, once more around.

use attune_protocol::client::Command;
use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::method::FloorMode;
use attune_protocol::server::Refusal;
use attune_protocol::view::{ActKind, Reminder, RoundView};
use attune_tests::group::Group;
use attune_tests::picture::{Answer, Picture};
use attune_tests::plans;
use attune_tests::server::{Setup, TestServer};
use std::collections::BTreeSet;

const ADA: SeatNumber = SeatNumber(1);
const MIRIAM: SeatNumber = SeatNumber(3);
const NOAH: SeatNumber = SeatNumber(4);
const JOEL: SeatNumber = SeatNumber(5);

fn round(picture: &Picture) -> Option<&RoundView> {
    picture.running()?.round.as_ref()
}

/// Five people in the reflection round; Ruth, who presented, has finished, and it is Miriam's turn.
async fn in_round(server: &TestServer) -> Group {
    let plan = plans::ruch_but(|raw| raw.phases[2].turn_minutes = Some(3));
    let group = Group::begin(server.address(), plan, 5).await;
    group.next().await;
    group.next().await;
    let revision = group[1].steer(|moment| Command::FinishTurn { moment }).await;
    group.all_catch_up(revision).await;
    group
}

#[tokio::test]
async fn round_14_a_dropped_person_keeps_a_turn_through_a_restart() {
    let mut server = TestServer::with(Setup::on_disk()).await;
    let mut group = in_round(&server).await;
    group[2].lose_network().await;
    group.all_see("the loss", |picture| picture.is_away(MIRIAM)).await;
    let moment = group[4].moment();
    assert_eq!(group[4].refused(Command::PutOffTurn { moment }).await, Refusal::NotYourTurn);
    let revision = group[3].steer(|moment| Command::PutOffTurn { moment }).await;
    group.all_catch_up(revision).await;
    server.restart().await;
    for index in 0..5 {
        group[index].come_back(server.address()).await;
    }
    group.all_see("everyone", |picture| (1..=5).all(|seat| picture.is_here(SeatNumber(seat)))).await;
    let now = group[0].picture().running().and_then(|running| running.round.clone()).expect("a round");
    assert_eq!((now.speaker, now.next), (Some(NOAH), vec![JOEL, ADA, MIRIAM]));
    let acts = group[0].history().await;
    assert_eq!(
        acts.last().map(|act| (act.by, act.what.clone())),
        Some((Some(NOAH), ActKind::PutOffTurn { seat: MIRIAM }))
    );
    for (index, seat) in [(3, NOAH), (4, JOEL), (0, ADA), (2, MIRIAM)] {
        group[index].wait_until("their turn", |picture| picture.speaker() == Some(seat)).await;
        if seat == ADA {
            let moment = group[0].moment();
            assert_eq!(group[2].refused(Command::FinishTurn { moment }).await, Refusal::NotYourTurn);
        }
        let revision = group[index].steer(|moment| Command::FinishTurn { moment }).await;
        group.all_catch_up(revision).await;
    }
    assert_eq!(group.common_view().floor.mode, FloorMode::Open);
}

#[tokio::test]
async fn round_16_of_two_orders_at_one_moment_all_see_one_and_the_other_is_told_who() {
    let server = TestServer::start().await;
    let group = in_round(&server).await;
    group[0].accept(Command::SetFacilitator { seat: NOAH, facilitator: true }).await;
    group
        .all_see("the co-facilitator", |picture| picture.seat(NOAH).is_some_and(|seat| seat.facilitator))
        .await;
    let moment = group[0].moment();
    let from = vec![NOAH, JOEL, ADA];
    let orders = [vec![JOEL, ADA, NOAH], vec![ADA, NOAH, JOEL]];
    let requests = [(0, 0), (3, 1)].map(|(index, order)| {
        let command = Command::OrderRound { moment, from: from.clone(), to: orders[order].clone() };
        (index, order, group[index].act(command))
    });
    let mut held = None;
    for (index, order, request) in requests {
        let other = if index == 0 { NOAH } else { ADA };
        match group[index].answer(request).await {
            Answer::Accepted(_) => assert!(held.replace(order).is_none(), "one holds"),
            Answer::Refused(why) => assert_eq!(why, Refusal::MovedOn { by: Some(other) }),
        }
    }
    let held = &orders[held.expect("one holds")];
    group.all_see("one order", |picture| round(picture).is_some_and(|round| round.next == *held)).await;
    group.common_view();
}

#[tokio::test]
async fn round_17_and_19_once_more_around_with_minutes_for_each_turn() {
    let server = TestServer::start().await;
    let group = in_round(&server).await;
    let ends_at = server.now() + Millis::minutes(3);
    assert!(
        group
            .people
            .iter()
            .all(|person| round(&person.picture()).is_some_and(|round| round.turn_ends_at == Some(ends_at)))
    );
    server.advance(Millis::minutes(4));
    assert_eq!(group[2].picture().speaker(), Some(MIRIAM), "ROUND-6");
    let revision = group[0].steer(|moment| Command::OpenFloor { moment }).await;
    group.all_catch_up(revision).await;
    let moment = group[2].moment();
    assert_eq!(group[2].refused(Command::StartRound { moment }).await, Refusal::NotFacilitator);
    let revision = group[0].steer(|moment| Command::StartRound { moment }).await;
    group.all_catch_up(revision).await;
    group.common_view();
    let now = group[4].picture().running().and_then(|running| running.round.clone()).expect("a round");
    assert_eq!((now.speaker, now.around), (Some(SeatNumber(2)), Some(2)));
    assert_eq!(now.turn_ends_at, Some(server.now() + Millis::minutes(3)));
}

#[tokio::test]
async fn floor_6_a_held_silence_is_kept_by_the_server_for_everyone_and_through_a_restart() {
    let mut server = TestServer::with(Setup::on_disk()).await;
    let plan = plans::ruch_but(|raw| {
        raw.phases[0].hold_silence = true;
        raw.phases[2].hold_silence = true;
    });
    let mut group = Group::begin(server.address(), plan, 3).await;
    let ruth = SeatNumber(2);
    let floor_of = |group: &Group| {
        let floor = group.common_view().floor;
        (floor.mode, floor.speakers)
    };
    let remind = Command::Remind { what: Reminder::Advice };
    // Ruth has told her case: she alone may add to it, and no reminder is sent into the quiet.
    let revision = group[1].steer(|moment| Command::SayFinished { moment }).await;
    group.all_catch_up(revision).await;
    assert_eq!(floor_of(&group), (FloorMode::Single, BTreeSet::from([ruth])));
    assert_eq!(group[0].refused(remind).await, Refusal::NotNow);
    server.restart().await;
    for index in 0..3 {
        group[index].come_back(server.address()).await;
    }
    group.all_see("everyone", |picture| (1..=3).all(|seat| picture.is_here(SeatNumber(seat)))).await;
    assert_eq!(floor_of(&group), (FloorMode::Single, BTreeSet::from([ruth])));
    group.next().await;
    assert_ne!(floor_of(&group).1, BTreeSet::from([ruth]));
    group.next().await;
    // After the last turn nobody speaks, also once the time is over.
    for index in [1, 2, 0] {
        let revision = group[index].steer(|moment| Command::FinishTurn { moment }).await;
        group.all_catch_up(revision).await;
    }
    assert_eq!(floor_of(&group), (FloorMode::None, BTreeSet::new()));
    server.advance(Millis::minutes(16));
    let moment = group[2].moment();
    assert_eq!(group[2].refused(Command::RaiseHand { moment, seat: MIRIAM }).await, Refusal::NotNow);
    assert_eq!(floor_of(&group), (FloorMode::None, BTreeSet::new()));
    let revision = group[0].steer(|moment| Command::OpenFloor { moment }).await;
    group.all_catch_up(revision).await;
    assert_eq!(floor_of(&group).0, FloorMode::Open);
}
