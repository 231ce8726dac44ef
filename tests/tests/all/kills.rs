//! Random kills under load: what was acknowledged is stored, and nothing is applied twice.

use attune_protocol::ids::SeatNumber;
use attune_tests::client::Client;
use attune_tests::group::hello_again;
use attune_tests::machine::Machine;
use attune_tests::process::Process;
use attune_tests::waiting::within_limit;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::task::JoinSet;

use crate::load::{Dice, Founded, Load, compare_with_store, found_sessions, gather, number};

/// Rounds unless `ATTUNE_KILLS` says otherwise.
const ROUNDS: u64 = 100;
/// In each of so many rounds the disk is full before the kill.
const FULL_EVERY: u64 = 5;
/// Acknowledgements that a round waits for are fewer than this. All can give twice as many before they are too fast.
const MOST_WANTED: u64 = 60;
/// In this many of [`MOST_WANTED`] rounds the kill comes without any: while everyone is coming back.
const EARLY: u64 = 10;

#[tokio::test]
async fn t17_run_10_random_kills_under_load_lose_and_double_nothing() {
    let rounds = number("ATTUNE_KILLS").unwrap_or(ROUNDS);
    println!("ATTUNE_KILLS={rounds}");
    let mut dice = Dice::from_environment();
    let program = env!("CARGO_BIN_EXE_attune-under-test");
    let mut process = Process::start_on(Machine::default(), program, &[]).await;
    let (mut doers, mut founded, mut total) = (gather(process.address()).await, Vec::new(), 0);
    for round in 0..rounds {
        let load = Load::of(dice.throw(MOST_WANTED).saturating_sub(EARLY));
        let mut acting = JoinSet::new();
        for doer in doers.drain(..) {
            acting.spawn(doer.act(Arc::clone(&load), process.address()));
        }
        let founding = tokio::spawn(found_sessions(process.address()));
        // Without any wanted, the kill comes while everyone is coming back.
        if load.wanted > 0 {
            within_limit("acknowledgements", load.enough.notified()).await;
        } else {
            for _ in 0..dice.throw(200) {
                tokio::task::yield_now().await;
            }
        }
        let fills_up = round % FULL_EVERY == FULL_EVERY - 1;
        if fills_up {
            process.machine().fill_disk(true);
            for _ in 0..dice.throw(200) {
                tokio::task::yield_now().await;
            }
        }
        process.kill();
        if fills_up {
            process.machine().fill_disk(false);
        }
        doers = within_limit("everyone to notice", acting.join_all()).await;
        founded.extend(founding.await.expect("nothing fails in it"));
        total += load.acknowledged.load(Ordering::SeqCst);
        // Every other round the store is read before the program itself has repaired what the kill left.
        if round % 2 == 0 || round + 1 == rounds {
            compare_with_store(&process.data(), &doers, &founded).await;
        }
        process.start_again().await;
    }
    for Founded { session, token } in &founded {
        let client = Client::open(process.address()).await;
        client.introduce(&hello_again(*session, *token));
        assert_eq!(client.welcome().await.1, SeatNumber(1));
    }
    println!("{total} acknowledgements in {rounds} rounds, {} sessions set up", founded.len());
    assert!(total > rounds, "there was load");
}
