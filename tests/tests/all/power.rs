//! Power that is lost under load: of what was not synced anything may be missing, of what was acknowledged nothing.

use attune_tests::machine::Machine;
use attune_tests::process::Process;
use attune_tests::waiting::within_limit;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::task::JoinSet;

use crate::load::{Dice, Doer, Load, compare_with_store, gather, number};

/// Rounds unless `ATTUNE_POWER_LOSSES` says otherwise.
const ROUNDS: u64 = 12;
/// Acknowledgements in a round before the power is lost: fewer than this.
const MOST_WANTED: u64 = 40;
/// How many ways one journal is lost in: each is another disk that the loss may have left.
const DISKS: u64 = 4;

const PROGRAM: &str = env!("CARGO_BIN_EXE_attune-under-test");

/// Lets everybody act until the power is lost, and gives what each was told.
async fn act_until_loss(process: &mut Process, doers: Vec<Doer>, wanted: u64) -> (Vec<Doer>, u64) {
    let load = Load::of(wanted);
    let mut acting = JoinSet::new();
    for doer in doers {
        acting.spawn(doer.act(Arc::clone(&load), process.address()));
    }
    within_limit("acknowledgements", load.enough.notified()).await;
    process.kill();
    let doers = within_limit("everyone to notice", acting.join_all()).await;
    (doers, load.acknowledged.load(Ordering::SeqCst))
}

#[tokio::test]
async fn t17_a_loss_of_power_loses_nothing_acknowledged() {
    let rounds = number("ATTUNE_POWER_LOSSES").unwrap_or(ROUNDS);
    println!("ATTUNE_POWER_LOSSES={rounds}");
    let mut dice = Dice::from_environment();
    let mut process = Process::start_on(Machine::default(), PROGRAM, &[]).await;
    let (mut doers, mut total) = (gather(process.address()).await, 0);
    assert!(process.terminate().await.success());
    for _ in 0..rounds {
        let before = process.files();
        process.machine().start_journal();
        process.start_again().await;
        let acknowledged;
        (doers, acknowledged) = act_until_loss(&mut process, doers, 1 + dice.throw(MOST_WANTED)).await;
        total += acknowledged;
        let mut left = before.clone();
        for _ in 0..DISKS {
            left = process.machine().lose_power(before.clone(), |sides| dice.throw(sides));
            process.replace_files(&left);
            compare_with_store(&process.data(), &doers, &[]).await;
        }
        // The program itself goes on with the last of them, as the loss left it.
        process.replace_files(&left);
    }
    println!("{total} acknowledgements in {rounds} losses of power");
}

#[tokio::test]
async fn t17_the_loss_of_power_is_seen_on_a_disk_that_lies() {
    let mut dice = Dice::from_environment();
    let mut process = Process::start_on(Machine::default(), PROGRAM, &[]).await;
    let doers = gather(process.address()).await;
    assert!(process.terminate().await.success());
    let before = process.files();
    process.machine().lie_about_syncs();
    process.machine().start_journal();
    process.start_again().await;
    let (doers, _) = act_until_loss(&mut process, doers, MOST_WANTED).await;
    let mut seen = 0;
    let doers = Arc::new(doers);
    for _ in 0..DISKS {
        process.replace_files(&process.machine().lose_power(before.clone(), |sides| dice.throw(sides)));
        let (data, doers) = (process.data(), Arc::clone(&doers));
        let comparing = tokio::spawn(async move { compare_with_store(&data, &doers, &[]).await });
        seen += u64::from(comparing.await.is_err_and(|error| error.is_panic()));
    }
    assert_eq!(seen, DISKS, "each of these disks has lost what was acknowledged");
}
