//! Many commands at one moment, or for another one, and clocks that are wrong: one order, and nothing twice.

use attune_protocol::client::{Command, Extension};
use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::server::Refusal;
use attune_tests::group::{Group, offer_or_withdraw};
use attune_tests::picture::{Answer, Picture};
use attune_tests::plans;
use attune_tests::secrets::{draw_request, seal};
use attune_tests::server::{Setup, TestServer};
use serde_json::json;
use std::collections::BTreeSet;

const MEMBER: SeatNumber = SeatNumber(3);

#[tokio::test]
async fn t13_of_200_doubled_commands_each_is_applied_once() {
    let mut server = TestServer::with(Setup::on_disk()).await;
    let mut group = Group::gather(server.address(), plans::ruch(), 2).await;
    let before = server.events(group.link.session).await.len();
    let mut sent = Vec::new();
    for number in 0..200 {
        let command = offer_or_withdraw(number);
        let request = draw_request();
        group[1].repeat(request, command.clone());
        group[1].repeat(request, command.clone());
        sent.push((request, command));
    }
    group[1].wait_until("all answers", |picture| picture.pending.is_empty()).await;
    assert!(group[1].picture().answers.values().all(|answer| matches!(answer, Answer::Accepted(_))));
    let applied = server.events(group.link.session).await;
    assert_eq!(applied.len(), before + 200);
    let requests: BTreeSet<_> = applied.iter().filter_map(|event| event.request).collect();
    assert!(sent.iter().all(|(request, _)| requests.contains(request)));
    // STEER-8: also by another socket and after a restart.
    server.restart().await;
    group[1].come_back(server.address()).await;
    let before = server.events(group.link.session).await.len();
    for (request, command) in sent {
        group[1].repeat(request, command);
        assert!(matches!(group[1].answer(request).await, Answer::Accepted(_)));
    }
    assert_eq!(server.events(group.link.session).await.len(), before);
}

#[tokio::test]
async fn t13_thirty_edits_at_one_moment_have_one_order_and_none_is_lost() {
    let mut setup = Setup::default();
    setup.config.limits.seats = 30;
    let server = TestServer::with(setup).await;
    let group = Group::gather(server.address(), plans::ruch(), 30).await;
    let before = server.events(group.link.session).await.len();
    let names: Vec<String> = (1..=30).map(|number| format!("Name {number}")).collect();
    let requests: Vec<_> = group
        .people
        .iter()
        .zip(&names)
        .map(|(person, name)| person.act(Command::SetName { seat: person.number, name: seal(name) }))
        .collect();
    let mut revisions = BTreeSet::new();
    for (person, request) in group.people.iter().zip(requests) {
        match person.answer(request).await {
            Answer::Accepted(revision) => assert!(revisions.insert(revision), "each has a place of its own"),
            Answer::Refused(why) => panic!("{why:?}"),
        }
    }
    assert_eq!(server.events(group.link.session).await.len(), before + 30);
    group.all_see("every name", |picture| picture.names().into_values().collect::<Vec<_>>() == names).await;
}

#[tokio::test]
async fn steer_6_two_presses_of_next_at_one_moment_move_one_phase() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    group[0].accept(Command::SetFacilitator { seat: MEMBER, facilitator: true }).await;
    for phase in 1..4 {
        let moment = group[0].moment();
        let requests = [0, 2].map(|index| (index, group[index].act(Command::Next { moment })));
        let mut refusals = Vec::new();
        for (index, request) in requests {
            match group[index].answer(request).await {
                Answer::Accepted(revision) => group.all_catch_up(revision).await,
                Answer::Refused(why) => refusals.push((index, why)),
            }
        }
        let other = if refusals[0].0 == 0 { MEMBER } else { SeatNumber(1) };
        assert_eq!(refusals.len(), 1);
        assert_eq!(refusals[0].1, Refusal::MovedOn { by: Some(other) });
        assert_eq!(group.common_view().stage, group[1].view().stage);
        assert_eq!(group[1].picture().phase(), Some(phase));
    }
}

#[tokio::test]
async fn t15_clients_with_wrong_clocks_and_forged_times_change_nothing() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    let before = server.events(group.link.session).await;
    let five_minutes = 300_000.0;
    #[expect(clippy::cast_precision_loss, reason = "milliseconds fit a double for 285,000 years")]
    let now = server.now().0 as f64;
    for sent in [now - five_minutes, now + five_minutes, 0.0, -1.5, 4_102_444_800_000.0, 1_234.75] {
        group[1].send_text(json!({"type": "ping", "sent": sent}).to_string());
        let pong = |picture: &Picture| picture.pongs.iter().find(|pong| pong.0 == sent).copied();
        let (_, told) = group[1].wait_for("a pong", pong).await;
        assert_eq!(told, server.now(), "what it sent comes back, and the time is the server's");
    }
    for field in ["at", "now", "sent", "clientTime", "endsAt"] {
        let request = draw_request();
        let mut command = json!({"type": "extend", "moment": group[0].moment(), "by": "five"});
        command[field] = json!(now + five_minutes);
        let text = json!({"type": "command", "request": request, "command": command}).to_string();
        assert_eq!(group[0].send_as(request, text).await, Answer::Refused(Refusal::NotUnderstood));
    }
    assert_eq!(server.events(group.link.session).await, before);
    server.advance(Millis::minutes(3));
    let revision =
        group[0].steer(|moment| Command::Extend { moment, by: Extension::Five, source: None }).await;
    group.all_catch_up(revision).await;
    let last = server.events(group.link.session).await.pop().expect("was added");
    assert_eq!(last.at, server.now());
    assert_eq!(group[2].picture().ends_at(), Some(server.now() + Millis::minutes(12)));
}

#[tokio::test]
async fn steer_5_a_command_for_another_moment_meets_no_other_phase() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::firm_ruch(), 2).await;
    let stale = group[0].moment();
    group.next().await;
    for command in [
        Command::Next { moment: stale },
        Command::Back { moment: stale },
        Command::Extend { moment: stale, by: Extension::One, source: None },
        Command::End { moment: stale },
    ] {
        let why = group[0].refused(command).await;
        assert_eq!(why, Refusal::MovedOn { by: Some(SeatNumber(1)) });
    }
    // TIME-21: what was due is decided before the command that comes after it.
    let stale = group[0].moment();
    server.advance(Millis::minutes(26));
    assert_eq!(group[0].refused(Command::Next { moment: stale }).await, Refusal::MovedOn { by: None });
    group.all_see("the round", |picture| picture.phase() == Some(2)).await;
}
