//! Bad days of the machine, with the real program: clocks that are set, a machine that sleeps, disks that fail.

use attune_protocol::client::{Command, Extension};
use attune_protocol::ids::{Millis, Timestamp};
use attune_protocol::server::{CloseCode, Refusal};
use attune_server::clock::{Clock, SystemClock};
use attune_tests::client::Client;
use attune_tests::group::{Group, hello};
use attune_tests::machine::Machine;
use attune_tests::picture::Answer;
use attune_tests::plans;
use attune_tests::process::Process;
use attune_tests::secrets::draw_token;
use attune_tests::waiting::{LIMIT, until};

use crate::load::number;

const PROGRAM: &str = env!("CARGO_BIN_EXE_attune-under-test");

/// An hour, in seconds of the wall clock.
const HOUR: i64 = 3_600;

/// How long the program is frozen after something fell due, in seconds, unless `ATTUNE_FROZEN_SECONDS` says otherwise.
const FROZEN: u64 = 2;

/// After a phase of a firm plan this passes before the next one.
const GRACE: Millis = Millis::seconds(15);

fn limit() -> Millis {
    Millis(i64::try_from(LIMIT.as_millis()).expect("is small"))
}

#[tokio::test]
async fn t16_a_wall_clock_set_by_an_hour_either_way_moves_no_time() {
    let process = Process::start_on(Machine::default(), PROGRAM, &[]).await;
    let group = Group::begin(process.address(), plans::ruch(), 3).await;
    let steps = || process.log().matches("the wall clock was set while running").count();
    for seconds in [HOUR, -HOUR, 0] {
        let (before, ends_at) = (group[1].now().await, group[0].picture().ends_at().expect("a phase runs"));
        process.machine().set_wall(seconds);
        let revision =
            group[0].steer(|moment| Command::Extend { moment, by: Extension::One, source: None }).await;
        group.all_catch_up(revision).await;
        let after = group[1].now().await;
        assert!(after >= before && after - before < limit(), "{before:?} became {after:?}");
        assert_eq!(group[2].picture().ends_at(), Some(ends_at + Millis::minutes(1)));
        until("the step to be logged", || (steps() > 0).then_some(())).await;
    }
    assert_eq!(steps(), 1, "it is said once");
}

#[tokio::test]
async fn t16_after_a_restart_with_the_wall_an_hour_back_no_time_runs_back() {
    let mut process = Process::start_on(Machine::default(), PROGRAM, &[]).await;
    let mut group = Group::begin(process.address(), plans::ruch(), 2).await;
    let (before, ends_at) = (group[0].now().await, group[0].picture().ends_at());
    process.kill();
    process.machine().set_wall(-HOUR);
    process.start_again().await;
    group[0].come_back(process.address()).await;
    let after = group[0].now().await;
    assert!(after + limit() > before, "not an hour back, but the newest event or later");
    assert_eq!(group[0].picture().ends_at(), ends_at);
}

#[tokio::test]
async fn t16_what_fell_due_while_the_program_was_frozen_is_stamped_when_due() {
    let mut process = Process::start_on(Machine::default(), PROGRAM, &[]).await;
    let mut group = Group::begin(process.address(), plans::firm_ruch(), 2).await;
    let due = group[0].picture().ends_at().expect("a phase runs") + GRACE;
    process.kill();
    // The wall clock at the start is a little before that.
    let real = SystemClock::new().expect("the system has a clock");
    let ahead = due - Millis::seconds(3) - real.now();
    let shift = Millis::seconds(ahead.0 / 1_000);
    process.machine().set_wall(shift.0 / 1_000);
    process.start_again().await;
    for seat in 0..2 {
        group[seat].come_back(process.address()).await;
        assert_eq!(group[seat].picture().phase(), Some(0));
    }
    process.freeze(true);
    let frozen =
        Millis::seconds(i64::try_from(number("ATTUNE_FROZEN_SECONDS").unwrap_or(FROZEN)).expect("is small"));
    real.sleep_until(due - shift + frozen).await;
    process.freeze(false);
    group.all_see("the next phase", |picture| picture.phase() == Some(1)).await;
    let length = Millis::minutes(i64::from(plans::firm_ruch().phases()[1].minutes));
    assert_eq!(group[1].picture().ends_at(), Some(due + length), "as if it had come in time");
}

#[tokio::test]
async fn t50_a_full_disk_refuses_and_recovers_without_a_restart() {
    let mut process = Process::start_on(Machine::default(), PROGRAM, &[]).await;
    let mut group = Group::begin(process.address(), plans::ruch(), 3).await;
    process.machine().fill_disk(true);
    let before = group[0].picture().revision;
    let moment = group[0].moment();
    assert_eq!(group[0].refused(Command::Pause { moment }).await, Refusal::Busy);
    assert_eq!(group[1].refused(Command::NeedPause {}).await, Refusal::Busy);
    let stranger = Client::open(process.address()).await;
    stranger.introduce(&hello(&group.link, draw_token()));
    assert_eq!(stranger.close_code().await, CloseCode::Busy);
    for person in group.connected() {
        assert!(person.now().await > Timestamp(0), "the clock is answered");
        assert_eq!(person.picture().revision, before);
    }
    process.machine().fill_disk(false);
    let revision = loop {
        match group[0].command(Command::Pause { moment }).await {
            Answer::Accepted(revision) => break revision,
            Answer::Refused(why) => assert_eq!(why, Refusal::Busy),
        }
    };
    group.all_catch_up(revision).await;
    process.kill();
    process.start_again().await;
    group[2].come_back(process.address()).await;
    assert!(group[2].picture().is_paused(), "what was acknowledged is there");
    let log = process.log();
    assert_eq!(log.matches("the store cannot commit").count(), 1, "{log}");
    assert_eq!(log.matches("the store commits again").count(), 1, "{log}");
}

/// A program that has stopped in order, with a session on its disk.
async fn stopped() -> Process {
    let mut process = Process::start_on(Machine::default(), PROGRAM, &[]).await;
    let _group = Group::begin(process.address(), plans::ruch(), 2).await;
    assert!(process.terminate().await.success());
    process
}

/// That a program ends with an error, one clear line, and its files as they were.
async fn expect_refusal(process: &Process, line: &str) {
    let (files, log) = (process.files(), process.log());
    let status = process.fail_to_start().await;
    assert_eq!(status.code(), Some(1));
    let said = process.log().split_off(log.len());
    assert!(said.contains(line), "{said}");
    assert!(!said.contains("a task failed"), "no panic: {said}");
    let mut after = process.files();
    // To look into a database SQLite puts an empty log beside it, and that log's index.
    after.retain(|name, bytes| files.contains_key(name) || !(bytes.is_empty() || name.ends_with("-shm")));
    assert!(after == files, "nothing was written");
}

#[tokio::test]
async fn t50_a_folder_that_cannot_be_written_is_refused() {
    let process = stopped().await;
    process.machine().protect_disk();
    expect_refusal(&process, "the data folder could not be opened").await;
}

#[tokio::test]
async fn t36_a_second_program_on_the_folder_is_refused() {
    let process = Process::start_on(Machine::default(), PROGRAM, &[]).await;
    let group = Group::begin(process.address(), plans::ruch(), 2).await;
    let status = process.fail_to_start().await;
    assert_eq!(status.code(), Some(1));
    assert!(process.log().contains("the data folder could not be opened"));
    let revision = group[0].steer(|moment| Command::Pause { moment }).await;
    group.all_catch_up(revision).await;
}

#[tokio::test]
async fn t36_damaged_newer_and_foreign_data_is_refused_untouched() {
    let mut process = stopped().await;
    let whole = process.files();
    let database = &whole["attune.db"];
    let mut newer = database.clone();
    // The schema's version is the number at byte 60 of the file's head.
    newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
    let damages = [
        ("emptied", Vec::new()),
        ("cut short", database[..database.len() / 2].to_vec()),
        ("overwritten", vec![7; database.len()]),
        ("newer", newer),
    ];
    for (what, damaged) in damages {
        println!("{what}");
        let mut files = whole.clone();
        files.insert("attune.db".to_owned(), damaged);
        process.replace_files(&files);
        expect_refusal(&process, "the data folder could not be opened").await;
    }
    process.replace_files(&[("diary.txt".to_owned(), b"mine".to_vec())].into());
    expect_refusal(&process, "the data folder could not be opened").await;
    process.replace_files(&whole);
    process.start_again().await;
}
