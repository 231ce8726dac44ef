//! A whole discussion by six people, and one by a single device.

use attune_protocol::client::{Command, Extension};
use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::method::FloorMode;
use attune_protocol::server::{CloseCode, Refusal};
use attune_protocol::view::{ActKind, PhaseRecord, SessionView, TimingView};
use attune_tests::client::Client;
use attune_tests::group::{Group, NAMES, Person, hello};
use attune_tests::plans;
use attune_tests::secrets::{draw_token, seal};
use attune_tests::server::TestServer;
use std::collections::BTreeSet;

const RUTH: SeatNumber = SeatNumber(2);

fn seats(numbers: impl IntoIterator<Item = u16>) -> BTreeSet<SeatNumber> {
    numbers.into_iter().map(SeatNumber).collect()
}

#[tokio::test]
async fn t27_plan_1_six_people_go_through_a_whole_discussion() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 6).await;
    run(&server, &group).await;
}

/// The default plan from the lobby to the record, with Ada in the chair and Ruth's case.
pub(crate) async fn run(server: &TestServer, group: &Group) {
    lobby(server, group).await;
    presentation(server, group).await;
    silent_discussion(server, group).await;
    round(server, group).await;
    review_and_end(server, group).await;
}

async fn lobby(server: &TestServer, group: &Group) {
    let view = group.common_view();
    assert_eq!(view.seats.len(), 6);
    assert_eq!(
        view.seats.iter().filter(|seat| seat.facilitator).map(|seat| seat.seat).collect::<Vec<_>>(),
        [SeatNumber(1)]
    );
    assert!(view.seats.iter().all(|seat| seat.agreed && seat.device && seat.away_since.is_none()));
    assert_eq!(view.floor.speakers, seats(1..=6));
    for person in &group.people {
        let names: Vec<String> = person.picture().names().into_values().collect();
        assert_eq!(names, NAMES, "{} reads everybody's name at its seat", person.name);
    }

    group[1].accept(Command::OfferToPresent {}).await;
    group.all_see("the offer", |picture| picture.seat(RUTH).is_some_and(|seat| seat.offers)).await;
    assert_eq!(group[1].refused(Command::Begin { moment: group[1].moment() }).await, Refusal::NotFacilitator);
    assert_eq!(group[0].refused(Command::Begin { moment: group[0].moment() }).await, Refusal::NoPresenter);
    group.present_and_begin(RUTH).await;
    let running = group[5].picture().running().cloned().expect("a phase runs");
    assert_eq!(running.timing, TimingView::Running { ends_at: server.now() + Millis::minutes(10) });
    assert_eq!((running.phase, running.began_at, running.rest), (0, server.now(), Millis::minutes(50)));
}

async fn presentation(server: &TestServer, group: &Group) {
    let view = group.common_view();
    assert_eq!((view.presenter, view.floor.mode), (Some(RUTH), FloorMode::Single));
    assert_eq!(view.floor.speakers, seats([1, 2]), "the presenter, and whoever holds the time");
    server.advance(Millis::minutes(7));
    let moment = group[1].moment();
    group[1].accept(Command::SayFinished { moment }).await;
    group
        .all_see("the end of the story", |picture| {
            picture.running().is_some_and(|running| running.presenter_finished)
        })
        .await;
    server.advance(Millis::minutes(1));
    group.next().await;
}

async fn silent_discussion(server: &TestServer, group: &Group) {
    let view = group.common_view();
    assert_eq!(view.floor.speakers, seats([1, 3, 4, 5, 6]), "all but the silent presenter");
    assert_eq!(group[5].picture().ends_at(), Some(server.now() + Millis::minutes(25)));
    let moment = group[1].moment();
    assert_eq!(group[1].refused(Command::Next { moment }).await, Refusal::NotFacilitator);
    assert_eq!(group[1].refused(Command::TakeChair {}).await, Refusal::Silent);
    server.advance(Millis::minutes(20));
    let revision =
        group[0].steer(|moment| Command::Extend { moment, by: Extension::Five, source: None }).await;
    group.all_catch_up(revision).await;
    group.common_view();
    assert_eq!(group[1].picture().ends_at(), Some(server.now() + Millis::minutes(10)));
    let revision = group[0].steer(|moment| Command::Pause { moment }).await;
    group.all_catch_up(revision).await;
    group.all_see("the pause", |picture| picture.is_paused()).await;
    server.advance(Millis::minutes(3));
    let revision = group[0].steer(|moment| Command::Resume { moment }).await;
    group.all_catch_up(revision).await;
    assert_eq!(group[4].picture().ends_at(), Some(server.now() + Millis::minutes(10)));
    server.advance(Millis::minutes(12));
    group.next().await;
}

async fn round(server: &TestServer, group: &Group) {
    let round = group[3].picture().running().and_then(|running| running.round.clone()).expect("a round");
    assert_eq!(round.speaker, Some(RUTH), "the presenter is first");
    assert_eq!(
        round.next,
        [3, 4, 5, 6, 1].map(SeatNumber),
        "then members as they came, then the facilitator"
    );
    assert_eq!(group.common_view().floor.speakers, seats([1, 2]));
    let moment = group[2].moment();
    assert_eq!(group[2].refused(Command::FinishTurn { moment }).await, Refusal::NotYourTurn);
    for (index, passes) in [(1, false), (2, false), (3, true), (4, false), (5, true), (0, false)] {
        let person = &group[index];
        person.wait_until("their turn", |picture| picture.speaker() == Some(person.number)).await;
        let revision = person
            .steer(
                |moment| if passes { Command::PassTurn { moment } } else { Command::FinishTurn { moment } },
            )
            .await;
        group.all_catch_up(revision).await;
        group.common_view();
    }
    let view = group.common_view();
    assert_eq!((view.floor.mode, view.floor.speakers), (FloorMode::Open, seats(1..=6)));
    server.advance(Millis::minutes(15));
    group.next().await;
}

async fn review_and_end(server: &TestServer, group: &Group) {
    assert_eq!(group.common_view().floor.speakers, seats(1..=6));
    server.advance(Millis::minutes(4));
    let revision = group[0].steer(|moment| Command::Next { moment }).await;
    group.all_catch_up(revision).await;
    group.common_view();
    let closed = group[2].picture().closed().cloned().expect("is over");
    let record = |(phase, planned, moved, actual)| PhaseRecord {
        phase,
        planned: Millis::minutes(planned),
        moved: Millis::minutes(moved),
        actual: Millis::minutes(actual),
    };
    assert_eq!(closed.phases, [(0, 10, 0, 8), (1, 25, 5, 32), (2, 15, 0, 15), (3, 10, 0, 4)].map(record));
    assert_eq!((closed.closed_at, closed.attendance.len()), (server.now(), 6));
    let acts: Vec<_> = group[4].history().await.into_iter().map(|act| (act.by, act.what)).collect();
    let steps = [
        ActKind::ChosePresenter { seat: Some(RUTH) },
        ActKind::Began {},
        ActKind::MovedOn { phase: 1 },
        ActKind::Extended { by: Extension::Five, from: vec![] },
        ActKind::Paused {},
        ActKind::Resumed {},
        ActKind::MovedOn { phase: 2 },
        ActKind::MovedOn { phase: 3 },
        ActKind::Ended {},
    ];
    assert_eq!(acts, steps.map(|what| (Some(SeatNumber(1)), what)));
}

/// Goes round in this order; one of them says "Not this time".
async fn go_round(group: &Group, order: [u16; 3], passes: u16) {
    for number in order {
        let seat = SeatNumber(number);
        let person = &group[usize::from(number) - 1];
        person.wait_until("their turn", |picture| picture.speaker() == Some(seat)).await;
        assert!(group.common_view().floor.speakers.contains(&seat));
        let revision = person
            .steer(|moment| {
                if number == passes { Command::PassTurn { moment } } else { Command::FinishTurn { moment } }
            })
            .await;
        group.all_catch_up(revision).await;
    }
    assert_eq!(group.common_view().floor.mode, FloorMode::Open, "everyone has had a turn");
}

#[tokio::test]
async fn plan_21_a_group_that_arrives_in_turn_closes_with_one_sentence_each() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::whole_ruch(), 3).await;
    group.present_and_begin(RUTH).await;
    go_round(&group, [2, 3, 1], 3).await;
    server.advance(Millis::minutes(5));
    for minutes in [10, 25, 15, 10] {
        group.next().await;
        server.advance(Millis::minutes(minutes));
    }
    group.next().await;
    go_round(&group, [2, 3, 1], 2).await;
    server.advance(Millis::minutes(4));
    let revision = group[0].steer(|moment| Command::Next { moment }).await;
    group.all_catch_up(revision).await;
    let closed = group[2].picture().closed().cloned().expect("is over");
    let actual: Vec<_> = closed.phases.iter().map(|phase| phase.actual).collect();
    assert_eq!(actual, [5, 10, 25, 15, 10, 4].map(Millis::minutes));
}

#[tokio::test]
async fn join_12_one_device_runs_a_session_with_people_without_one() {
    let server = TestServer::start().await;
    let (ada, _) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    for number in 2..=4 {
        ada.accept(Command::AddPerson {}).await;
        let seat = SeatNumber(number);
        ada.wait_until("the new seat", |picture| picture.seat(seat).is_some()).await;
        ada.accept(Command::SetName { seat, name: seal(NAMES[usize::from(number) - 1]) }).await;
        ada.accept(Command::Agree { seat, agreement: None }).await;
    }
    ada.wait_until("all names", |picture| picture.names().len() == 4).await;
    let people = ada.view().seats;
    assert!(people[1..].iter().all(|seat| !seat.device && seat.agreed && seat.away_since.is_none()));
    let presenter = SeatNumber(3);
    ada.steer(|moment| Command::ChoosePresenter { moment, seat: Some(presenter) }).await;
    ada.steer(|moment| Command::Begin { moment }).await;
    ada.steer(|moment| Command::SayFinished { moment }).await;
    ada.steer(|moment| Command::Next { moment }).await;
    assert_eq!(ada.view().floor.speakers, seats([1, 2, 4]));
    ada.steer(|moment| Command::Next { moment }).await;
    for speaker in [3, 2, 4, 1] {
        assert_eq!(ada.picture().speaker(), Some(SeatNumber(speaker)));
        ada.steer(
            |moment| if speaker == 2 { Command::PassTurn { moment } } else { Command::FinishTurn { moment } },
        )
        .await;
    }
    ada.steer(|moment| Command::Next { moment }).await;
    ada.steer(|moment| Command::Next { moment }).await;
    assert_eq!(ada.picture().closed().expect("is over").attendance.len(), 4);
}

#[tokio::test]
async fn join_11_a_seat_with_a_device_is_its_owners() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 3).await;
    let seat = SeatNumber(3);
    assert_eq!(group[0].refused(Command::SetName { seat, name: seal("Eve") }).await, Refusal::NotYours);
    assert_eq!(group[1].refused(Command::Agree { seat, agreement: None }).await, Refusal::NotYours);
    assert_eq!(group[1].picture().names()[&seat], "Miriam");
}

#[tokio::test]
async fn join_3_a_newcomer_sees_roster_and_method_until_agreeing() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    let token = draw_token();
    let newcomer = Client::open(server.address()).await;
    newcomer.keep_frames();
    newcomer.introduce(&hello(&group.link, token));
    let (_, seat) = newcomer.welcome().await;
    group.all_see("the newcomer", |picture| picture.seat(seat).is_some_and(|seat| !seat.agreed)).await;
    let revision =
        group[0].steer(|moment| Command::Extend { moment, by: Extension::One, source: None }).await;
    newcomer.catch_up(revision).await;
    let view = newcomer.view();
    assert!(newcomer.look(|picture| picture.is_newcomer() && picture.texts.names.is_empty()));
    let running = group[0].view();
    let bare = SessionView {
        stage: attune_protocol::view::StageView::Newcomer {},
        presenter: None,
        chair: Default::default(),
        floor: attune_protocol::view::FloorView { mode: FloorMode::None, speakers: BTreeSet::new() },
        undo: Vec::new(),
        // The true day of deletion would tell how long the case still runs.
        expires_at: server.now() + server.retention(),
        ..running.clone()
    };
    assert_eq!(view, bare);
    let ends_at = group[0].picture().ends_at().expect("runs").0.to_string();
    let blob = String::from(group[0].picture().texts.names[0].name.clone());
    for frame in newcomer.picture().frames.expect("are kept") {
        assert!(!frame.contains(&ends_at) && !frame.contains(&blob), "no time and no text for a newcomer");
    }
    for command in [Command::NeedPause {}, Command::TakeChair {}, Command::OfferToPresent {}] {
        let shown = format!("{command:?}");
        let answer = newcomer.command(command).await;
        assert!(
            shown.starts_with("NeedPause")
                || answer == attune_tests::picture::Answer::Refused(Refusal::NotAgreed),
            "{shown}: {answer:?}"
        );
    }

    let revision = newcomer.accept(Command::Agree { seat, agreement: None }).await;
    newcomer
        .wait_until("everyone's names", |picture| picture.running().is_some() && picture.names().len() == 3)
        .await;
    group.all_catch_up(revision).await;
    newcomer.catch_up(revision).await;
    assert_eq!(newcomer.view(), SessionView { pause_request: None, ..group[2].view() });
    group.next().await;
    newcomer.wait_until("the floor of the group", |picture| picture.speakers().contains(&seat)).await;
}

#[tokio::test]
async fn join_8_an_hour_after_the_end_tokens_are_dead() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 3).await;
    let revision = group[0].steer(|moment| Command::End { moment }).await;
    group.all_catch_up(revision).await;
    server.advance(Millis::minutes(59));
    let older = group[2].come_back(server.address()).await.expect("was connected");
    assert_eq!(older.close_code().await, CloseCode::Replaced);
    assert!(group[2].picture().closed().is_some());
    server.advance(Millis::minutes(1));
    for person in &group.people {
        assert_eq!(person.close_code().await, CloseCode::Ended, "{}", person.name);
        assert!(person.picture().closed().is_some(), "the record stays");
    }
    for token in [group[1].token, draw_token()] {
        let late = Client::open(server.address()).await;
        late.introduce(&hello(&group.link, token));
        assert_eq!(late.close_code().await, CloseCode::Ended);
    }
}
