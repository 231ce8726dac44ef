//! After the end: what reaches whom, and what is left of it on disk.

use attune_protocol::client::Command;
use attune_protocol::ending::{Private, TalkState, Totals};
use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::server::Refusal;
use attune_protocol::view::ClosedView;
use attune_server::session::EventKind;
use attune_tests::group::Group;
use attune_tests::plans;
use attune_tests::process::Process;
use attune_tests::secrets::seal_line;
use attune_tests::server::{Setup, TestServer};
use std::collections::BTreeSet;
use std::net::SocketAddr;

/// A group whose session is over.
async fn closed(server: SocketAddr, size: usize) -> Group {
    let group = Group::begin(server, plans::ruch(), size).await;
    let revision = group[0].steer(|moment| Command::End { moment }).await;
    group.all_catch_up(revision).await;
    group
}

fn found(closed: Option<&ClosedView>) -> Option<Totals> {
    closed?.found.clone()
}

async fn all_see(group: &Group, totals: &Totals) {
    group.all_see("the totals", |picture| found(picture.closed()).as_ref() == Some(totals)).await;
}

#[tokio::test]
async fn ending_9_t31_answers_are_in_no_event_and_no_file_until_they_are_counted_together() {
    let mut process = Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &["--log", "debug"]).await;
    let group = closed(process.address(), 4).await;
    let before = process.files();
    group[0].send_answers([5, 4, 3, 2, 1]).await;
    group[1].send_answers([1, 1, 1, 1, 2]).await;
    // Who changes their mind says it again.
    group[1].send_answers([1, 1, 1, 1, 1]).await;
    group[2].send_answers([5, 5, 5, 5, 5]).await;
    assert_eq!(process.files(), before, "nothing was written while somebody is waited for");
    assert!(group.connected().all(|person| found(person.picture().closed()).is_none()));
    group[3].send_answers([2, 2, 2, 2, 2]).await;
    let totals = Totals { people: 4, sums: [13, 12, 11, 10, 9] };
    all_see(&group, &totals).await;
    group.all_see("that they were counted", |picture| picture.private.counted).await;
    assert_eq!(group[1].refuses_answers([1, 1, 1, 1, 1]).await, Refusal::NotNow);
    process.kill();
    // Whatever a thief of the disk looks at: sums, and whose were counted, apart from each other.
    let bytes: Vec<u8> = process.files().into_values().flatten().collect();
    let text = String::from_utf8_lossy(&bytes);
    let count = |wanted: &str| text.matches(wanted).count();
    assert!(count(r#""sums":[13,12,11,10,9]"#) > 0, "the sums are stored, so this would find them");
    assert!(count(r#""type":"answered","seats":[1,2,3,4]"#) > 0);
    assert_eq!(count(r#""sums""#), count(r#""sums":[13,12,11,10,9]"#), "and no others");
    for said in ["[5,4,3,2,1]", "[1,1,1,1,1]", "[5,5,5,5,5]", "[2,2,2,2,2]", "answers"] {
        assert_eq!(count(said), 0, "{said}");
    }
    for said in ["[5,4,3,2,1]", "[1,1,1,1,1]", "answers", "Answers"] {
        assert!(!process.log().contains(said), "{said} in the log");
    }
}

#[tokio::test]
async fn ending_10_t31_the_log_holds_no_pair_of_seat_and_answer() {
    let server = TestServer::start().await;
    let group = closed(server.address(), 4).await;
    let before = server.events(group.link.session).await.len();
    for person in [2, 0, 1] {
        group[person].send_answers([4; 5]).await;
    }
    // One is here and says nothing: the others wait two minutes, and no longer.
    server.advance(Millis::minutes(2));
    all_see(&group, &Totals { people: 3, sums: [12; 5] }).await;
    let events = server.events(group.link.session).await.split_off(before);
    let seats: BTreeSet<SeatNumber> = [1, 2, 3].map(SeatNumber).into();
    let whats: Vec<&EventKind> = events.iter().map(|event| &event.what).collect();
    let totals = Totals { people: 3, sums: [12; 5] };
    assert_eq!(whats, [&EventKind::Answered { seats }, &EventKind::Counted { totals: totals.clone() }]);
    assert!(events.iter().all(|event| event.by.is_none() && event.request.is_none()));
    assert!(events.iter().all(|event| event.at == events[0].at));
    // The fourth comes too late for this count, and is never counted alone.
    group[3].send_answers([1; 5]).await;
    server.advance(Millis::minutes(30));
    assert_eq!(group[3].now().await, server.now());
    assert_eq!(found(group[3].picture().closed()), Some(totals));
    assert_eq!(server.events(group.link.session).await.len(), before + 2);
}

#[tokio::test]
async fn ending_11_after_a_restart_answers_are_said_again_and_counted_once() {
    let mut server = TestServer::with(Setup::on_disk()).await;
    let mut group = closed(server.address(), 3).await;
    group[0].send_answers([1; 5]).await;
    group[1].send_answers([2; 5]).await;
    server.restart().await;
    for person in &mut group.people {
        person.come_back(server.address()).await;
        assert_eq!(person.picture().private, Private::default(), "not counted, says the welcome");
    }
    // Two that were lost, which their pages say again, and a third.
    for (person, score) in [(0, 1), (1, 2), (2, 3)] {
        group[person].send_answers([score; 5]).await;
    }
    all_see(&group, &Totals { people: 3, sums: [6; 5] }).await;
    group[0].lose_network().await;
    group[0].come_back(server.address()).await;
    assert!(group[0].picture().private.counted, "and the next welcome says so");
}

#[tokio::test]
async fn ending_9_whoever_goes_away_is_waited_for_no_more() {
    let server = TestServer::start().await;
    let mut group = closed(server.address(), 4).await;
    for person in 0..3 {
        group[person].send_answers([3; 5]).await;
    }
    group[3].lose_network().await;
    all_see(&group, &Totals { people: 3, sums: [9; 5] }).await;
}

#[tokio::test]
async fn ending_9_answers_are_counted_when_the_last_page_closes() {
    let server = TestServer::start().await;
    let mut group = closed(server.address(), 4).await;
    for person in 0..3 {
        group[person].send_answers([3; 5]).await;
    }
    // Whoever has said nothing goes last: as long as they are here, the others wait.
    for person in &mut group.people {
        person.lose_network().await;
    }
    server.wait_until_nobody_is_here(group.link.session).await;
    group[0].come_back(server.address()).await;
    assert_eq!(found(group[0].picture().closed()), Some(Totals { people: 3, sums: [9; 5] }));
}

#[tokio::test]
async fn ending_12_t25_what_is_between_two_people_reaches_nobody_else() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 4).await;
    group.people.iter().for_each(|person| person.keep_frames());
    let (asks, thanks, to_all) = (seal_line("asks"), seal_line("thanks"), seal_line("to all"));
    group[2].accept(Command::AskForTalk { to: SeatNumber(4), line: asks.clone() }).await;
    group[3]
        .wait_until("to be asked", |picture| {
            picture.private.talks.iter().any(|talk| talk.state == TalkState::Asked && talk.line == asks)
        })
        .await;
    group[3].accept(Command::AnswerTalk { from: SeatNumber(3), accept: true }).await;
    group[2].wait_until("a yes", |picture| picture.private.talks[0].state == TalkState::Yes).await;
    let revision = group[0].steer(|moment| Command::End { moment }).await;
    group.all_catch_up(revision).await;
    group[1].accept(Command::SendThanks { to: Some(SeatNumber(3)), line: thanks.clone() }).await;
    let revision = group[1].accept(Command::SendThanks { to: None, line: to_all.clone() }).await;
    group[2].wait_until("thanks", |picture| picture.private.thanks.len() == 1).await;
    group.all_see("thanks to all", |picture| picture.texts.thanks.len() == 1).await;
    group.all_catch_up(revision).await;
    let frames = |person: usize| group[person].picture().frames.expect("are kept").join("\n");
    let blobs = [String::from(asks), String::from(thanks), String::from(to_all)];
    let told: Vec<[bool; 3]> =
        (0..4).map(|person| [0, 1, 2].map(|blob: usize| frames(person).contains(&blobs[blob]))).collect();
    assert_eq!(told, [[false, false, true], [false, true, true], [true, true, true], [true, false, true],]);
    for person in [0, 1] {
        assert!(!frames(person).contains("talks\":[{"), "nor that there is a talk");
    }
    // It comes with the welcome, to that seat.
    let ada = group[0].history().await;
    assert!(!serde_json::to_string(&ada).expect("writes").to_lowercase().contains("talk"));
}
