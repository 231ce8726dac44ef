//! A slot for the newest of something: one side puts it in, the other takes it out, and what was not taken is replaced.
//!
//! A tokio `watch` does the same for many readers, and pays for them with eight lists of waiters for every socket.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

/// An empty slot, as its two sides.
pub(crate) fn slot<T>() -> (Putter<T>, Taker<T>) {
    let shared = Arc::new(Mutex::new(Shared { newest: None, is_over: false, taker: None }));
    (Putter(Arc::clone(&shared)), Taker(shared))
}

#[derive(Debug)]
struct Shared<T> {
    newest: Option<T>,
    is_over: bool,
    taker: Option<Waker>,
}

/// The side that puts in. Dropping it ends the slot, after what is still in it.
#[derive(Debug)]
pub(crate) struct Putter<T>(Arc<Mutex<Shared<T>>>);

/// The side that takes out.
#[derive(Debug)]
pub(crate) struct Taker<T>(Arc<Mutex<Shared<T>>>);

impl<T> Putter<T> {
    /// Puts the newest in, in place of what was not taken yet.
    pub(crate) fn put(&self, newest: T) {
        let (replaced, taker) = {
            let mut shared = lock(&self.0);
            (shared.newest.replace(newest), shared.taker.take())
        };
        drop(replaced);
        taker.into_iter().for_each(Waker::wake);
    }
}

impl<T> Drop for Putter<T> {
    fn drop(&mut self) {
        let taker = {
            let mut shared = lock(&self.0);
            shared.is_over = true;
            shared.taker.take()
        };
        taker.into_iter().for_each(Waker::wake);
    }
}

impl<T> Taker<T> {
    /// What is in the slot now.
    pub(crate) fn take(&mut self) -> Option<T> {
        lock(&self.0).newest.take()
    }

    /// Waits until something is in the slot, and takes it; nothing once the slot is over. Dropping this before changes
    /// nothing.
    pub(crate) async fn next(&mut self) -> Option<T> {
        std::future::poll_fn(|context| {
            let mut shared = lock(&self.0);
            if let Some(newest) = shared.newest.take() {
                return Poll::Ready(Some(newest));
            }
            if shared.is_over {
                return Poll::Ready(None);
            }
            let replaced = match &mut shared.taker {
                Some(taker) if taker.will_wake(context.waker()) => None,
                taker => taker.replace(context.waker().clone()),
            };
            // A waker may be the last to hold a task: never drop one under the lock.
            drop(shared);
            drop(replaced);
            Poll::Pending
        })
        .await
    }
}

fn lock<T>(shared: &Mutex<Shared<T>>) -> MutexGuard<'_, Shared<T>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::poll;

    #[tokio::test]
    async fn a_slow_taker_finds_the_newest_only() {
        let (putter, mut taker) = slot();
        putter.put(1);
        putter.put(2);
        assert_eq!(taker.next().await, Some(2));
        assert_eq!(taker.take(), None);
    }

    #[tokio::test]
    async fn a_taker_that_waits_is_woken() {
        let (putter, mut taker) = slot();
        let waiting = tokio::spawn(async move { taker.next().await });
        tokio::task::yield_now().await;
        putter.put(1);
        assert_eq!(waiting.await.expect("does not fail"), Some(1));
    }

    #[tokio::test]
    async fn the_end_comes_after_what_is_in_the_slot() {
        let (putter, mut taker) = slot();
        putter.put(1);
        drop(putter);
        assert_eq!(taker.next().await, Some(1));
        assert_eq!(taker.next().await, None);
    }

    #[tokio::test]
    async fn a_taker_that_waits_is_woken_by_the_end() {
        let (putter, mut taker) = slot::<()>();
        {
            let mut next = std::pin::pin!(taker.next());
            assert!(poll!(next.as_mut()).is_pending());
        }
        let waiting = tokio::spawn(async move { taker.next().await });
        tokio::task::yield_now().await;
        drop(putter);
        assert_eq!(waiting.await.expect("does not fail"), None);
    }
}
