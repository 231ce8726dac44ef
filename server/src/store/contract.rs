//! What every store keeps to: one suite, run on each of them.

use super::{Append, AppendError, Loaded, Store, StoreError};
use attune_protocol::ids::{Revision, SessionId, Timestamp};
use bytes::Bytes;
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::any::Any;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// A store under test.
pub(super) struct Subject {
    pub(super) store: Arc<dyn Store>,
    /// Makes every change wait until what it gives is dropped.
    pub(super) stall: Box<dyn Fn() -> Box<dyn Any + Send> + Send + Sync>,
    /// What has to live as long as the store.
    #[expect(dead_code, reason = "held, never read")]
    pub(super) kept: Option<Box<dyn Any + Send>>,
}

/// Turns each function of the suite into a test of the store that `$subject(queue)` makes.
macro_rules! suite {
    ($subject:ident) => {
        crate::store::contract::suite! { $subject:
            keep_1_what_was_acknowledged_is_loaded_whole_and_in_order,
            keep_2_an_append_at_another_revision_conflicts_and_changes_nothing,
            keep_3_of_many_appends_at_one_revision_exactly_one_wins,
            keep_4_no_append_can_leave_a_gap,
            keep_5_an_append_is_stored_whole_or_not_at_all,
            keep_6_no_events_change_only_the_expiry,
            keep_7_a_forgotten_session_is_gone_for_ever,
            keep_7_forgetting_what_never_was_changes_nothing,
            keep_8_what_expired_is_forgotten_earliest_first_up_to_the_limit,
            keep_8_a_later_append_moves_the_expiry,
            keep_9_past_the_queue_changes_are_busy_and_nothing_of_them_is_stored,
            keep_10_only_sessions_that_are_kept_count,
            keep_11_a_closed_store_is_down,
            keep_25_a_load_sees_what_was_acknowledged_before_it_was_asked,
        }
    };
    ($subject:ident: $($test:ident,)+) => {
        $(
            #[tokio::test]
            async fn $test() {
                let subject = $subject(crate::store::contract::QUEUE).await;
                crate::store::contract::within(crate::store::contract::$test(subject)).await;
            }
        )+
    };
}
pub(super) use suite;

/// How many changes may wait in a store under test.
pub(super) const QUEUE: usize = 16;

const EXPIRY: Timestamp = Timestamp(1_000_000);

/// The one limit for every condition that a test waits for.
pub(super) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("should have come long ago")
}

/// The session of this number.
pub(super) fn session(number: u32) -> SessionId {
    // Spread like random ones, so that they do not enter the store in order.
    let spread = u128::from(number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    SessionId::from_bytes(spread.to_be_bytes())
}

/// An append of these events.
pub(super) fn append(session: SessionId, after: u64, events: &[&str]) -> Append {
    let events = events.iter().map(|event| Bytes::copy_from_slice(event.as_bytes())).collect();
    Append { session, after: Revision(after), events, expires_at: EXPIRY }
}

/// What loading gives when these are the events.
pub(super) fn events(events: &[&str]) -> Result<Loaded, StoreError> {
    Ok(Loaded::Events(events.iter().map(|event| Bytes::copy_from_slice(event.as_bytes())).collect()))
}

pub(super) async fn keep_1_what_was_acknowledged_is_loaded_whole_and_in_order(subject: Subject) {
    let store = &subject.store;
    let (one, two) = (session(1), session(2));
    assert_eq!(store.load(one).await, Ok(Loaded::Absent));
    assert_eq!(store.append(append(one, 0, &["created"])).await, Ok(Revision(1)));
    assert_eq!(store.append(append(two, 0, &["x", "y", ""])).await, Ok(Revision(3)));
    assert_eq!(store.append(append(one, 1, &["b", "a"])).await, Ok(Revision(3)));
    assert_eq!(store.load(one).await, events(&["created", "b", "a"]));
    assert_eq!(store.load(two).await, events(&["x", "y", ""]));

    let long = "long ".repeat(20_000);
    assert_eq!(store.append(append(one, 3, &[&long])).await, Ok(Revision(4)));
    assert_eq!(store.load(one).await, events(&["created", "b", "a", &long]));
}

pub(super) async fn keep_2_an_append_at_another_revision_conflicts_and_changes_nothing(subject: Subject) {
    let store = &subject.store;
    let one = session(1);
    store.append(append(one, 0, &["a", "b"])).await.expect("stored");
    for after in [0, 1, 3, u64::MAX] {
        let late = Append { expires_at: Timestamp(5), ..append(one, after, &["late"]) };
        assert_eq!(store.append(late).await, Err(AppendError::Conflict), "after {after}");
    }
    assert_eq!(store.load(one).await, events(&["a", "b"]));
    assert_eq!(store.forget_expired(Timestamp(5), 10).await, Ok(vec![]), "the expiry stands as well");
}

pub(super) async fn keep_3_of_many_appends_at_one_revision_exactly_one_wins(subject: Subject) {
    let store = &subject.store;
    let one = session(1);
    for round in 0..50 {
        let names: Vec<_> = (0..QUEUE).map(|racer| format!("{round}: {racer}")).collect();
        let results: Vec<_> = names
            .iter()
            .map(|name| store.append(append(one, round, &[name])))
            .collect::<FuturesUnordered<_>>()
            .collect()
            .await;
        let won = results.iter().filter(|result| **result == Ok(Revision(round + 1))).count();
        let lost = results.iter().filter(|result| **result == Err(AppendError::Conflict)).count();
        assert_eq!((won, lost), (1, QUEUE - 1));
    }
    let Ok(Loaded::Events(stored)) = store.load(one).await else { panic!("not loaded") };
    assert_eq!(stored.len(), 50);
    assert!(stored.iter().enumerate().all(|(round, name)| name.starts_with(format!("{round}: ").as_bytes())));
}

pub(super) async fn keep_4_no_append_can_leave_a_gap(subject: Subject) {
    let store = &subject.store;
    let (known, unknown) = (session(1), session(2));
    store.append(append(known, 0, &["a"])).await.expect("stored");
    assert_eq!(store.append(append(known, 2, &["c"])).await, Err(AppendError::Conflict));
    assert_eq!(store.append(append(unknown, 1, &["b"])).await, Err(AppendError::Conflict));
    assert_eq!(store.load(known).await, events(&["a"]));
    assert_eq!(store.load(unknown).await, Ok(Loaded::Absent));
}

pub(super) async fn keep_5_an_append_is_stored_whole_or_not_at_all(subject: Subject) {
    let store = &subject.store;
    let write = |number| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            for group in 0..40 {
                let appended = store.append(append(session(number), group * 3, &["x", "y", "z"])).await;
                assert_eq!(appended, Ok(Revision(group * 3 + 3)));
            }
        })
    };
    let writers = [1, 2, 3, 4].map(write);
    while !writers.iter().all(|writer| writer.is_finished()) {
        for number in 1..=4 {
            if let Loaded::Events(seen) = store.load(session(number)).await.expect("loaded") {
                assert_eq!(seen.len() % 3, 0, "part of an append was seen");
            }
        }
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.expect("no writer failed");
    }
}

pub(super) async fn keep_6_no_events_change_only_the_expiry(subject: Subject) {
    let store = &subject.store;
    let (known, unknown) = (session(1), session(2));
    store.append(append(known, 0, &["a"])).await.expect("stored");
    let sooner = |session, after| Append { expires_at: Timestamp(7), ..append(session, after, &[]) };
    assert_eq!(store.append(sooner(known, 0)).await, Err(AppendError::Conflict));
    assert_eq!(store.append(sooner(known, 1)).await, Ok(Revision(1)));
    assert_eq!(store.load(known).await, events(&["a"]));
    assert_eq!(store.append(sooner(unknown, 0)).await, Ok(Revision(0)));
    assert_eq!(store.load(unknown).await, Ok(Loaded::Absent));
    assert_eq!(store.forget_expired(Timestamp(7), 10).await, Ok(vec![known]));
}

pub(super) async fn keep_7_a_forgotten_session_is_gone_for_ever(subject: Subject) {
    let store = &subject.store;
    let (kept, forgotten) = (session(1), session(2));
    store.append(append(kept, 0, &["a"])).await.expect("stored");
    store.append(append(forgotten, 0, &["b", "c"])).await.expect("stored");
    for _ in 0..2 {
        assert_eq!(store.forget(forgotten, Timestamp(99)).await, Ok(()));
        assert_eq!(store.load(forgotten).await, Ok(Loaded::Gone));
        for after in 0..4 {
            assert_eq!(store.append(append(forgotten, after, &["late"])).await, Err(AppendError::Gone));
            assert_eq!(store.append(append(forgotten, after, &[])).await, Err(AppendError::Gone));
        }
    }
    assert_eq!(
        store.forget_expired(EXPIRY, 10).await,
        Ok(vec![kept]),
        "a forgotten one does not expire again"
    );
    assert_eq!(store.load(kept).await, Ok(Loaded::Gone));
}

pub(super) async fn keep_7_forgetting_what_never_was_changes_nothing(subject: Subject) {
    let store = &subject.store;
    assert_eq!(store.forget(session(1), Timestamp(99)).await, Ok(()));
    assert_eq!(store.load(session(1)).await, Ok(Loaded::Absent));
    assert_eq!(store.append(append(session(1), 0, &["a"])).await, Ok(Revision(1)));
}

pub(super) async fn keep_8_what_expired_is_forgotten_earliest_first_up_to_the_limit(subject: Subject) {
    let store = &subject.store;
    for (number, expires_at) in [(1, 300), (2, 100), (3, 200), (4, 400)] {
        let expires_at = Timestamp(expires_at);
        store.append(Append { expires_at, ..append(session(number), 0, &["a"]) }).await.expect("stored");
    }
    assert_eq!(store.forget_expired(Timestamp(99), 10).await, Ok(vec![]));
    assert_eq!(store.forget_expired(Timestamp(300), 2).await, Ok(vec![session(2), session(3)]));
    assert_eq!(store.load(session(3)).await, Ok(Loaded::Gone));
    assert_eq!(store.load(session(1)).await, events(&["a"]));
    assert_eq!(store.forget_expired(Timestamp(300), 2).await, Ok(vec![session(1)]));
    assert_eq!(store.forget_expired(Timestamp(300), 2).await, Ok(vec![]));
    assert_eq!(store.load(session(4)).await, events(&["a"]));
}

pub(super) async fn keep_8_a_later_append_moves_the_expiry(subject: Subject) {
    let store = &subject.store;
    let expiring =
        |expires_at, after| Append { expires_at: Timestamp(expires_at), ..append(session(1), after, &["a"]) };
    store.append(expiring(100, 0)).await.expect("stored");
    store.append(expiring(500, 1)).await.expect("stored");
    assert_eq!(store.forget_expired(Timestamp(499), 10).await, Ok(vec![]));
    store.append(expiring(200, 2)).await.expect("stored");
    assert_eq!(store.forget_expired(Timestamp(200), 10).await, Ok(vec![session(1)]));
}

pub(super) async fn keep_9_past_the_queue_changes_are_busy_and_nothing_of_them_is_stored(subject: Subject) {
    let store = &subject.store;
    store.append(append(session(1_000), 0, &["before"])).await.expect("stored");
    let stall = (subject.stall)();
    // One queue's worth may be in hand when the stall begins, another waits: the rest must be refused.
    let mut appends: FuturesUnordered<_> = (0..4 * QUEUE as u32)
        .map(|number| async move { (number, store.append(append(session(number), 0, &["a"])).await) })
        .collect();
    let mut busy = Vec::new();
    while busy.len() < 2 * QUEUE - 1 {
        let (number, answer) = appends.next().await.expect("more to come");
        assert_eq!(answer, Err(AppendError::Busy), "nothing else can be answered during the stall");
        busy.push(number);
    }
    assert_eq!(store.load(session(1_000)).await, events(&["before"]), "reading goes on");
    drop(stall);
    let mut stored = 0;
    while let Some((number, answer)) = appends.next().await {
        match answer {
            Ok(Revision(1)) => stored += 1,
            Err(AppendError::Busy) => busy.push(number),
            other => panic!("unexpected {other:?}"),
        }
    }
    assert!(stored >= QUEUE, "what was queued is stored");
    for number in busy {
        assert_eq!(store.load(session(number)).await, Ok(Loaded::Absent));
        assert_eq!(store.append(append(session(number), 0, &["again"])).await, Ok(Revision(1)));
    }
}

pub(super) async fn keep_10_only_sessions_that_are_kept_count(subject: Subject) {
    let store = &subject.store;
    assert_eq!(store.count().await, Ok(0));
    for number in 0..5 {
        store.append(append(session(number), 0, &["a", "b"])).await.expect("stored");
    }
    assert_eq!(store.count().await, Ok(5));
    store.forget(session(3), Timestamp(1)).await.expect("forgotten");
    assert_eq!(store.count().await, Ok(4));
}

pub(super) async fn keep_11_a_closed_store_is_down(subject: Subject) {
    let store = &subject.store;
    store.append(append(session(1), 0, &["a"])).await.expect("stored");
    store.close().await;
    store.close().await;
    assert_eq!(store.append(append(session(1), 1, &["b"])).await, Err(AppendError::Down));
    assert_eq!(store.load(session(1)).await, Err(StoreError::Down));
    assert_eq!(store.forget(session(1), Timestamp(1)).await, Err(StoreError::Down));
    assert_eq!(store.forget_expired(Timestamp(1), 1).await, Err(StoreError::Down));
    assert_eq!(store.count().await, Err(StoreError::Down));
    assert_eq!(store.flush().await, Err(StoreError::Down));
}

pub(super) async fn keep_25_a_load_sees_what_was_acknowledged_before_it_was_asked(subject: Subject) {
    let store = &subject.store;
    let act = |number| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            for after in 0..100 {
                store.append(append(session(number), after, &["x"])).await.expect("stored");
                let Ok(Loaded::Events(seen)) = store.load(session(number)).await else {
                    panic!("not loaded")
                };
                assert_eq!(seen.len() as u64, after + 1);
            }
        })
    };
    let all = u32::try_from(QUEUE).expect("is small");
    for acting in (0..all).map(act).collect::<Vec<_>>() {
        acting.await.expect("nobody saw less");
    }
}
