//! A session in each method of the catalogue, by people with sockets.

use attune_protocol::client::Command;
use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::method::{Firmness, FloorMode, Meeting, Method, Plan, PlanPhase, Role, Slug};
use attune_protocol::server::Refusal;
use attune_protocol::view::SessionView;
use attune_tests::group::Group;
use attune_tests::server::TestServer;

const FACILITATOR: SeatNumber = SeatNumber(1);
const RUTH: SeatNumber = SeatNumber(2);

/// The plan of all phases, the optional ones too.
fn whole_plan(mut method: Method) -> Plan {
    method.phases.iter_mut().for_each(|phase| phase.chosen = true);
    method.plan(Firmness::Guide, Meeting::Call).expect("the catalogue's plans are valid")
}

/// Gives each role that the plan names to somebody who neither facilitates nor presents.
async fn give_roles(group: &Group, plan: &Plan) {
    let mut given: Vec<&Slug> = Vec::new();
    for role in plan.phases().iter().flat_map(|phase| &phase.floor.speakers) {
        if let Role::Named(name) = role
            && !given.contains(&name)
        {
            let seat = SeatNumber(u16::try_from(given.len() + 3).expect("is small"));
            let revision = group[0].accept(Command::SetRole { seat, role: Some(name.clone()) }).await;
            group.all_catch_up(revision).await;
            given.push(name);
        }
    }
}

/// In methods that begin without a case somebody offers one, and presents from then on.
async fn choose_when_needed(group: &Group, next: &PlanPhase) {
    let needed = next.presenter.needs_presenter() && group[0].view().presenter.is_none();
    if needed {
        let moment = group[0].moment();
        assert_eq!(group[0].refused(Command::Next { moment }).await, Refusal::NoPresenter);
        choose(group).await;
    }
}

async fn choose(group: &Group) {
    group[1].accept(Command::OfferToPresent {}).await;
    let revision = group[0].steer(|moment| Command::ChoosePresenter { moment, seat: Some(RUTH) }).await;
    group.all_catch_up(revision).await;
}

/// Who may speak, as everyone is told: whoever keeps the time, never the silent presenter, and somebody of each role.
fn check_floor(view: &SessionView, phase: &PlanPhase, what: &str) {
    let speakers = &view.floor.speakers;
    assert_eq!(view.floor.mode, phase.floor.mode, "{what}");
    assert_eq!(speakers.is_empty(), phase.floor.mode == FloorMode::None, "{what}");
    assert!(speakers.is_empty() || speakers.contains(&FACILITATOR), "{what}");
    assert!(!phase.presenter.is_silent() || !speakers.contains(&RUTH), "{what}: {speakers:?}");
    if phase.floor.mode == FloorMode::Single || phase.floor.mode == FloorMode::Open {
        let named = |seat: &&attune_protocol::view::SeatView| {
            seat.role.as_ref().is_some_and(|name| phase.floor.speakers.contains(&Role::Named(name.clone())))
        };
        assert!(view.seats.iter().filter(named).all(|seat| speakers.contains(&seat.seat)), "{what}");
        let presents = phase.floor.speakers.contains(&Role::Presenter) && view.presenter.is_some();
        assert_eq!(speakers.contains(&RUTH), presents || is_member(view, phase), "{what}: {speakers:?}");
    }
}

/// Whether Ruth is one of the group because nobody presents yet.
fn is_member(view: &SessionView, phase: &PlanPhase) -> bool {
    view.presenter.is_none() && phase.floor.speakers.contains(&Role::Member)
}

/// Each in turn, by their own hand; then the floor is open.
async fn go_round(group: &Group, what: &str) {
    while let Some(speaker) = group[0].picture().speaker() {
        let person = group.people.iter().find(|person| person.number == speaker).expect("has a seat");
        let revision = person.steer(|moment| Command::FinishTurn { moment }).await;
        group.all_catch_up(revision).await;
    }
    assert_eq!(group.common_view().floor.mode, FloorMode::Open, "{what}");
}

async fn run_phase(server: &TestServer, group: &Group, phase: &PlanPhase, what: &str) {
    let view = group.common_view();
    check_floor(&view, phase, what);
    assert_eq!(group[2].picture().ends_at(), Some(server.now() + phase.length()), "{what}");
    if phase.presenter.is_silent() {
        assert_eq!(group[1].refused(Command::TakeChair {}).await, Refusal::Silent, "{what}");
    }
    if phase.floor.mode == FloorMode::Round {
        go_round(group, what).await;
    }
    server.advance(phase.length());
}

async fn run_whole(server: &TestServer, method: Method) {
    let (id, size) = (method.id.as_str().to_owned(), usize::from(method.size.least));
    let plan = whole_plan(method);
    let group = Group::gather(server.address(), plan.clone(), size).await;
    give_roles(&group, &plan).await;
    choose_when_first(&group, &plan).await;
    let revision = group[0].steer(|moment| Command::Begin { moment }).await;
    group.all_catch_up(revision).await;
    for (index, phase) in plan.phases().iter().enumerate() {
        let what = format!("{id} {}", phase.id.as_str());
        run_phase(server, &group, phase, &what).await;
        if let Some(next) = plan.phases().get(index + 1) {
            choose_when_needed(&group, next).await;
        }
        group.next().await;
    }
    let record = group[2].picture().closed().cloned().expect("is over");
    let ran: Vec<Millis> = record.phases.iter().map(|part| part.actual).collect();
    let planned: Vec<Millis> = plan.phases().iter().map(PlanPhase::length).collect();
    assert_eq!((ran, record.attendance.len()), (planned, size), "{id}");
}

/// A case that is told at once needs its presenter before the start.
async fn choose_when_first(group: &Group, plan: &Plan) {
    if plan.phases()[0].presenter.needs_presenter() {
        let moment = group[0].moment();
        assert_eq!(group[0].refused(Command::Begin { moment }).await, Refusal::NoPresenter);
        choose(group).await;
    }
}

#[tokio::test]
async fn method_8_a_group_goes_through_each_method_of_the_catalogue() {
    let methods = Method::catalogue().expect("the catalogue can be read");
    assert!(methods.len() >= 14);
    let server = TestServer::start().await;
    for method in methods {
        run_whole(&server, method).await;
    }
}
