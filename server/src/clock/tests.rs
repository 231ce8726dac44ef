//! What sleepers can rely on.

use super::*;
use futures_util::FutureExt;
use std::time::Duration;

/// The limit for conditions that hold at once on any working machine.
async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future).await.expect("should have come long ago")
}

#[test]
fn a_manual_clock_stands_still_until_moved() {
    let clock = ManualClock::new(Timestamp(1_000));
    assert_eq!(clock.now(), Timestamp(1_000));
    clock.clone().advance(Millis(250));
    assert_eq!(clock.now(), Timestamp(1_250));
    clock.set(Timestamp(900));
    assert_eq!(clock.now(), Timestamp(900));
}

#[test]
fn a_manual_sleep_ends_exactly_at_its_deadline() {
    let clock = ManualClock::new(Timestamp(0));
    let mut sleep = clock.sleep_until(Timestamp(100));
    assert!((&mut sleep).now_or_never().is_none());
    assert_eq!(clock.earliest_sleeper(), Some(Timestamp(100)));
    clock.advance(Millis(99));
    assert!((&mut sleep).now_or_never().is_none());
    clock.advance(Millis(1));
    assert!((&mut sleep).now_or_never().is_some());
    assert!(clock.sleep_until(Timestamp(100)).now_or_never().is_some(), "a past deadline is due at once");
    assert_eq!(clock.earliest_sleeper(), None);
}

#[tokio::test]
async fn moving_a_manual_clock_wakes_every_task_that_is_due() {
    let clock = ManualClock::new(Timestamp(0));
    let tasks: Vec<_> = (1..=50).map(|n| tokio::spawn(clock.sleep_until(Timestamp(n)))).collect();
    let late = tokio::spawn(clock.sleep_until(Timestamp(51)));
    within(async {
        while clock.shared.sleepers().wakers.len() < 51 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    clock.set(Timestamp(50));
    for task in tasks {
        within(task).await.expect("ended");
    }
    assert!(!late.is_finished());
    assert_eq!(clock.earliest_sleeper(), Some(Timestamp(51)));
}

#[test]
fn a_dropped_sleep_leaves_nothing_behind() {
    let clock = ManualClock::new(Timestamp(0));
    let mut sleep = clock.sleep_until(Timestamp(5));
    assert!((&mut sleep).now_or_never().is_none());
    drop(sleep);
    assert_eq!(clock.earliest_sleeper(), None);
}

#[tokio::test]
async fn t16_the_system_clock_never_wakes_anybody_early() {
    let clock = SystemClock::new().expect("clock");
    let start = clock.now();
    // The later deadlines are set first, so that the timer has to be set anew for the earlier ones.
    let sleeps = [30, 20, 10, 0, -10].map(|ahead| {
        let (clock, deadline) = (clock.clone(), start + Millis(ahead));
        tokio::spawn(async move {
            clock.sleep_until(deadline).await;
            assert!(clock.now() >= deadline);
        })
    });
    for sleep in sleeps {
        within(sleep).await.expect("not early");
    }
    assert!(clock.timer.0.sleepers().wakers.is_empty());
}

#[tokio::test]
async fn t16_a_sleep_outlives_the_last_handle_of_its_clock() {
    let clock = SystemClock::new().expect("clock");
    let shared = Arc::downgrade(&clock.timer.0);
    let sleep = clock.sleep_until(clock.now() + Millis(10));
    drop(clock);
    within(sleep).await;
    // With the sleep gone, the thread ends and frees what it held.
    within(async {
        while shared.strong_count() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[test]
fn t16_session_time_begins_at_wall_time() {
    let before = wall_time();
    let clock = SystemClock::new().expect("clock");
    let now = clock.now();
    assert!(before <= now && now <= before + Millis::minutes(1));
    assert!(clock.now() >= now);
}

#[test]
fn t16_only_a_jump_of_the_wall_clock_is_a_step() {
    assert!(!is_step(Millis(0)) && !is_step(Millis(5_000)) && !is_step(Millis(-5_000)));
    assert!(is_step(Millis::hours(1)) && is_step(Millis::hours(-1)));
}
