//! A meeting of 90 minutes with two cases, over sockets, with a restart between them.

use attune_protocol::client::Command;
use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::method::{Plan, RawPlan};
use attune_protocol::server::Refusal;
use attune_tests::group::Group;
use attune_tests::plans;
use attune_tests::server::{Setup, TestServer};

const RUTH: SeatNumber = SeatNumber(2);
const MIRIAM: SeatNumber = SeatNumber(3);

/// Two cases of 40 minutes leave ten to come, to agree, and to go.
fn forty_minutes() -> Plan {
    let mut raw = RawPlan::from(plans::ruch());
    for (phase, minutes) in raw.phases.iter_mut().zip([8, 16, 10, 6]) {
        phase.minutes = minutes;
    }
    Plan::try_from(raw).expect("a valid plan")
}

async fn run_through(server: &TestServer, group: &Group) {
    for phase in forty_minutes().phases() {
        server.advance(phase.length());
        if phase.id.as_str() != "review" {
            group.next().await;
        }
    }
}

#[tokio::test]
async fn case_10_two_cases_in_ninety_minutes_with_a_restart_between_them() {
    let mut server = TestServer::with(Setup::on_disk()).await;
    let began = server.now();
    let mut group = Group::gather(server.address(), forty_minutes(), 4).await;
    server.advance(Millis::minutes(3));
    group.present_and_begin(RUTH).await;
    run_through(&server, &group).await;
    let moment = group[1].moment();
    assert_eq!(
        group[1].refused(Command::ArrangeCase { moment, another: true }).await,
        Refusal::NotFacilitator
    );
    group[0].steer(|moment| Command::ArrangeCase { moment, another: true }).await;
    group.all_see("that another follows", |picture| picture.running().is_some_and(|r| r.another)).await;
    let revision = group[0].steer(|moment| Command::Next { moment }).await;
    group.all_catch_up(revision).await;
    group.all_see("the time between", |picture| picture.between().is_some_and(|b| b.cases == 1)).await;

    let at = server.now() + Millis::minutes(1);
    server.restart_at(at).await;
    group.server = server.address();
    for person in &mut group.people {
        drop(person.come_back(server.address()).await);
    }
    group.all_see("everyone", |picture| (1..=4).all(|seat| picture.is_here(SeatNumber(seat)))).await;
    let view = group.common_view();
    assert_eq!((view.presenter, view.seats.iter().filter(|seat| seat.agreed).count()), (None, 4));

    group[0].steer(|moment| Command::DrawPresenter { moment }).await;
    group.all_see("who was drawn", |p| p.view.as_ref().is_some_and(|view| view.drawn)).await;
    assert_ne!(group.common_view().presenter, Some(RUTH), "who has presented is not drawn");
    group[2].accept(Command::OfferToPresent {}).await;
    group[0].steer(|moment| Command::ChoosePresenter { moment, seat: Some(MIRIAM) }).await;
    let reserve = Some(SeatNumber(4));
    group[0].steer(|moment| Command::ChooseReserve { moment, seat: reserve }).await;
    group.all_see("the reserve", |p| p.view.as_ref().is_some_and(|view| view.reserve == reserve)).await;
    let revision = group[0].steer(|moment| Command::Begin { moment }).await;
    group.all_catch_up(revision).await;
    run_through(&server, &group).await;
    let revision = group[0].steer(|moment| Command::Next { moment }).await;
    group.all_catch_up(revision).await;

    let picture = group[3].picture();
    let record = picture.closed().expect("the end");
    let minutes = |phases: &[attune_protocol::view::PhaseRecord]| -> Vec<i64> {
        phases.iter().map(|phase| phase.actual.0 / 60_000).collect()
    };
    assert_eq!(record.earlier.iter().map(|case| minutes(&case.phases)).collect::<Vec<_>>(), [[8, 16, 10, 6]]);
    assert_eq!(minutes(&record.phases), [8, 16, 10, 6]);
    assert_eq!(record.attendance.len(), 4);
    assert!(record.closed_at - began <= Millis::minutes(90));
}
