//! The server stops and starts again: in every phase everything is as it was, and what fell due is stamped when due.

use attune_protocol::client::{Command, Extension};
use attune_protocol::door::DoorCode;
use attune_protocol::ids::{Millis, SeatNumber, SecretHash, Timestamp};
use attune_protocol::method::Plan;
use attune_protocol::server::{CloseCode, Refusal};
use attune_protocol::view::{ChairView, SeatView, SessionView, TimingView};
use attune_server::clock::{Clock, SystemClock};
use attune_server::session::EventKind;
use attune_tests::client::Client;
use attune_tests::group::{Group, hello, knock};
use attune_tests::plans;
use attune_tests::process::Process;
use attune_tests::secrets::{draw, draw_token};
use attune_tests::server::{Setup, TestServer};
use std::net::SocketAddr;

/// Where a group stands when the server stops.
const STAGES: [&str; 8] = ["lobby", "present", "discuss", "reflect", "review", "paused", "overtime", "turns"];

/// A group that has come to a stage by its own acts; the last of them is an extension where there can be one.
async fn group_at(server: SocketAddr, stage: &str, advance: impl Fn(Millis)) -> Group {
    let group = Group::gather(server, plans::ruch(), 3).await;
    group[1].accept(Command::OfferToPresent {}).await;
    if stage == "lobby" {
        group
            .all_see("the offer", |picture| picture.seat(SeatNumber(2)).is_some_and(|seat| seat.offers))
            .await;
        return group;
    }
    group.present_and_begin(SeatNumber(2)).await;
    let phase = match stage {
        "discuss" | "paused" => 1,
        "reflect" | "turns" => 2,
        "review" => 3,
        _ => 0,
    };
    for _ in 0..phase {
        group.next().await;
    }
    match stage {
        "paused" => drop(group[0].steer(|moment| Command::Pause { moment }).await),
        "overtime" => advance(Millis::minutes(12)),
        "turns" => drop(group[1].steer(|moment| Command::FinishTurn { moment }).await),
        _ => {}
    }
    let revision = match stage {
        "overtime" => group[1].steer(|moment| Command::SayFinished { moment }).await,
        _ => group[0].steer(|moment| Command::Extend { moment, by: Extension::One, source: None }).await,
    };
    group.all_catch_up(revision).await;
    group
}

/// What of a view a restart does not change: everything but who is away, and what follows from that.
fn lasting(view: SessionView) -> SessionView {
    let seats = view.seats.into_iter().map(|seat| SeatView { away_since: None, ..seat }).collect();
    // Of a phase that runs over, the planned end, and with it the day of deletion, moves with every event.
    let expires_at = Timestamp(0);
    SessionView {
        seats,
        chair: ChairView { free_at: None, ..view.chair },
        undo: Vec::new(),
        expires_at,
        ..view
    }
}

#[tokio::test]
async fn back_12_in_every_phase_a_restart_changes_nothing() {
    let mut server = TestServer::with(Setup::on_disk()).await;
    let mut groups = Vec::new();
    for stage in STAGES {
        groups.push((stage, group_at(server.address(), stage, |length| server.advance(length)).await));
    }
    let before: Vec<SessionView> = groups.iter().map(|(_, group)| lasting(group.common_view())).collect();
    let names = groups[0].1[2].picture().names();

    let stopped_at = server.now();
    server.restart_at(stopped_at + Millis::minutes(1)).await;
    for ((stage, group), before) in groups.iter_mut().zip(before) {
        for person in &group.people {
            assert_eq!(person.close_code().await, CloseCode::Restarting, "{stage}");
        }
        group.server = server.address();
        // The first to come back sees the others away since the restart.
        group[2].come_back(server.address()).await;
        let away: Vec<_> = group[2].view().seats.iter().map(|seat| seat.away_since).collect();
        assert_eq!(away, [Some(server.now()), Some(server.now()), None], "{stage}");
        if stage != &"lobby" {
            assert_eq!(group[2].refused(Command::TakeChair {}).await, Refusal::ChairNotFree, "{stage}");
        }
        for index in [0, 1] {
            group[index].come_back(server.address()).await;
        }
        group.all_see("everyone", |picture| (1..=3).all(|seat| picture.is_here(SeatNumber(seat)))).await;
        assert_eq!(lasting(group.common_view()), before, "{stage}");
        assert_eq!(group[2].picture().names(), names);
        // And it goes on.
        if stage != &"lobby" {
            let revision =
                group[0].steer(|moment| Command::Extend { moment, by: Extension::Five, source: None }).await;
            group.all_catch_up(revision).await;
        }
    }
}

#[tokio::test]
async fn time_19_what_fell_due_while_the_server_was_down_is_stamped_when_due() {
    let mut server = TestServer::with(Setup::on_disk()).await;
    let began_at = server.now();
    let mut group = Group::begin(server.address(), plans::firm_ruch(), 3).await;
    let ends: Vec<Timestamp> = [10, 35, 50, 60]
        .into_iter()
        .zip(1..)
        .map(|(minutes, graces)| began_at + Millis::minutes(minutes) + Millis::seconds(15 * graces))
        .collect();
    for (down, phase) in [(12, 1), (25, 2), (15, 3)] {
        server.restart_at(server.now() + Millis::minutes(down)).await;
        group[2].come_back(server.address()).await;
        let running = group[2].picture().running().cloned().expect("runs");
        assert_eq!((running.phase, running.began_at), (phase, ends[phase - 1]));
        let length = group[2].view().plan.phases()[phase].length();
        assert_eq!(running.timing, TimingView::Running { ends_at: ends[phase - 1] + length });
        group[2].lose_network().await;
    }
    server.restart_at(server.now() + Millis::hours(2)).await;
    let late = Client::open(server.address()).await;
    late.introduce(&hello(&group.link, group[1].token));
    assert_eq!(late.close_code().await, CloseCode::Ended);
    let events = server.events(group.link.session).await;
    let stamps: Vec<Timestamp> = events
        .iter()
        .filter(|event| event.by.is_none())
        .filter(|event| matches!(event.what, EventKind::PhaseEntered { .. } | EventKind::Closed {}))
        .map(|event| event.at)
        .collect();
    assert_eq!(stamps[..3], ends[..3]);
    // Nobody was let in after the end, so it is decided when the session is next opened by somebody who may.
    assert!(stamps.get(3).is_none_or(|at| *at == ends[3]));
}

#[tokio::test]
async fn t16_after_a_restart_an_hour_earlier_no_time_runs_back() {
    let mut server = TestServer::with(Setup::on_disk()).await;
    let mut group = Group::begin(server.address(), plans::ruch(), 2).await;
    server.advance(Millis::minutes(4));
    let revision =
        group[0].steer(|moment| Command::Extend { moment, by: Extension::One, source: None }).await;
    group.all_catch_up(revision).await;
    let newest = server.now();
    let ends_at = group[1].picture().ends_at();
    server.restart_at(newest - Millis::hours(1)).await;
    for person in &mut group.people {
        person.come_back(server.address()).await;
    }
    assert_eq!(group[1].picture().ends_at(), ends_at);
    assert_eq!(group[1].now().await, newest, "time stands rather than running back");
    let revision = group[0].steer(|moment| Command::Pause { moment }).await;
    group.all_catch_up(revision).await;
    let timing = group[1].picture().running().map(|running| running.timing.clone());
    let remaining = ends_at.expect("ran") - newest;
    assert_eq!(timing, Some(TimingView::Paused { remaining, since: newest, anyone_resumes: false }));
    // LIFE-10: another session's events do not move this one's time, nor the other way round.
    let other = Group::gather(server.address(), plans::ruch(), 1).await;
    assert_eq!(other[0].now().await, server.now());
}

#[tokio::test]
async fn life_12_after_a_restart_with_the_clock_behind_time_goes_on() {
    let mut server = TestServer::with(Setup::on_disk()).await;
    let mut group = Group::begin(server.address(), plans::firm_ruch(), 2).await;
    let (newest, ends_at) = (server.now(), group[1].picture().ends_at().expect("runs"));
    server.restart_at(newest - Millis::hours(1)).await;
    let other = Group::gather(server.address(), plans::ruch(), 1).await;
    other[0].accept(Command::ShowCode {}).await;
    let code = other[0].wait_for("a code", |picture| picture.door.as_ref()?.code.clone()).await;
    for person in &mut group.people {
        person.come_back(server.address()).await;
    }
    server.advance(Millis::minutes(4));
    let now = newest + Millis::minutes(4);
    assert_eq!(group[1].now().await, now);
    assert_eq!(group[1].picture().ends_at(), Some(ends_at));
    // What is done is stamped with that time, and can be taken back for ten seconds of it.
    let revision =
        group[0].steer(|moment| Command::Extend { moment, by: Extension::One, source: None }).await;
    let undo = group[0].wait_for("a step", |picture| picture.view.as_ref()?.undo.first().cloned()).await;
    assert_eq!((undo.step, undo.until), (revision, now + Millis::seconds(10)));
    server.advance(Millis::seconds(10));
    assert_eq!(group[0].refused(Command::Undo { step: undo.step }).await, Refusal::CannotUndo);
    // A request that nobody answers pauses, as ever, after thirty seconds.
    group[1].accept(Command::NeedPause {}).await;
    server.advance(Millis::seconds(30));
    group.all_see("the pause", |picture| picture.is_paused()).await;
    let since = now + Millis::seconds(40);
    assert_eq!(group[1].now().await, since);
    // Codes: this session's lives ten minutes of it, and ends nobody else's.
    group[0].accept(Command::ShowCode {}).await;
    let own = group[0].wait_for("a code", |picture| picture.door.as_ref()?.code.clone()).await;
    assert_eq!(own.until, since + Millis::minutes(10));
    let at = server.address();
    let leads_in = |code: DoorCode| async move {
        let token = draw_token();
        let client = Client::open(at).await;
        client.introduce(&knock(&code, token, SecretHash::from_bytes(draw())));
        client.wait_or_end("an answer", |picture| picture.waiting.clone()).await.is_ok()
    };
    assert!(leads_in(code.code).await);
    assert!(leads_in(own.code.clone()).await);
    server.advance(Millis::minutes(10));
    assert!(!leads_in(own.code).await, "T8");
}

#[tokio::test]
async fn t16_a_step_back_while_running_changes_no_remaining_time() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 2).await;
    let (newest, ends_at) = (server.now(), group[1].picture().ends_at());
    server.set(newest - Millis::hours(1));
    assert_eq!(group[1].now().await, newest);
    let revision =
        group[0].steer(|moment| Command::Extend { moment, by: Extension::One, source: None }).await;
    group.all_catch_up(revision).await;
    assert_eq!(group[1].picture().ends_at(), ends_at.map(|at| at + Millis::minutes(1)));
    let stamps: Vec<Timestamp> =
        server.events(group.link.session).await.iter().map(|event| event.at).collect();
    assert!(stamps.is_sorted());
}

#[tokio::test]
async fn back_12_kill_9_in_every_phase_loses_nothing_that_was_acknowledged() {
    let mut process = Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &[]).await;
    let mut groups = Vec::new();
    for stage in STAGES.into_iter().filter(|stage| *stage != "overtime") {
        groups.push((stage, group_at(process.address(), stage, |_| {}).await));
    }
    let clock = SystemClock::new().expect("the system has a timer");
    let before: Vec<SessionView> = groups.iter().map(|(_, group)| lasting(group.common_view())).collect();
    let told = groups[0].1[0].now().await;
    process.kill();
    process.start_again().await;
    for ((stage, group), before) in groups.iter_mut().zip(before) {
        for person in &mut group.people {
            person.come_back(process.address()).await;
        }
        group.all_see("everyone", |picture| (1..=3).all(|seat| picture.is_here(SeatNumber(seat)))).await;
        assert_eq!(lasting(group.common_view()), before, "{stage}");
        // Right phase, right end, and a clock that agrees with everybody's: the right time left.
        let now = group[1].now().await;
        assert!(now >= told && (now - clock.now()).0.abs() < 60_000, "{stage}");
        if stage != &"lobby" {
            let revision =
                group[0].steer(|moment| Command::Extend { moment, by: Extension::Five, source: None }).await;
            group.all_catch_up(revision).await;
        }
    }
}

#[tokio::test]
async fn run_14_a_stop_tells_every_socket_and_ends_well() {
    let mut process = Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &["--log", "info"]).await;
    let group = Group::begin(process.address(), plans::ruch(), 3).await;
    let waiting = Client::open(process.address()).await;
    assert!(process.terminate().await.success());
    for client in group.people.iter().map(|person| &**person).chain([&waiting]) {
        assert_eq!(client.close_code().await, CloseCode::Restarting);
    }
    let log = process.log();
    assert!(log.contains("started") && log.contains("stopped"), "{log}");
}

#[tokio::test]
async fn join_7_a_set_up_that_a_kill_cut_off_can_be_repeated() {
    let mut process = Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &[]).await;
    let plan: Plan = plans::ruch();
    let (invite, token) = (attune_tests::secrets::draw_invite(), attune_tests::secrets::draw_token());
    let first = Client::open(process.address()).await;
    first.introduce(&attune_tests::group::create(plan.clone(), &invite, token));
    process.kill();
    process.start_again().await;
    let again = Client::open(process.address()).await;
    again.introduce(&attune_tests::group::create(plan, &invite, token));
    assert_eq!(again.welcome().await.1, SeatNumber(1));
}
