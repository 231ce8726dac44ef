//! A slot for the newest of something: one side puts it in, the other takes it out, and what was not taken is replaced.
//!
//! A tokio `watch` does the same for many readers, and pays for them with eight lists of waiters for every socket.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// An empty slot, as its two sides.
pub(crate) fn slot<T>() -> (Putter<T>, Taker<T>) {
    let newest = Arc::new(Mutex::new(Newest::default()));
    (Putter(Arc::clone(&newest)), Taker(newest))
}

/// The newest of something, and who waits for it.
///
/// What its functions give back is to be dropped or woken without the lock that it stands under: a waker may be the last
/// to hold a task.
#[derive(Debug)]
pub(crate) struct Newest<T> {
    newest: Option<T>,
    is_over: bool,
    taker: Option<Waker>,
}

impl<T> Default for Newest<T> {
    fn default() -> Self {
        Self { newest: None, is_over: false, taker: None }
    }
}

impl<T> Newest<T> {
    /// Puts the newest in. Gives back what it replaced, and who is to be woken.
    pub(crate) fn put(&mut self, newest: T) -> (Option<T>, Option<Waker>) {
        (self.newest.replace(newest), self.taker.take())
    }

    /// Nothing more comes. Gives back who is to be woken.
    pub(crate) fn end(&mut self) -> Option<Waker> {
        self.is_over = true;
        self.taker.take()
    }

    /// What is in it now.
    pub(crate) fn take(&mut self) -> Option<T> {
        self.newest.take()
    }

    /// Takes what is in it, or nothing once it is over, or waits. Gives back who waited before.
    pub(crate) fn poll(&mut self, context: &Context<'_>) -> (Poll<Option<T>>, Option<Waker>) {
        if let Some(newest) = self.newest.take() {
            return (Poll::Ready(Some(newest)), None);
        }
        if self.is_over {
            return (Poll::Ready(None), None);
        }
        let replaced = match &mut self.taker {
            Some(taker) if taker.will_wake(context.waker()) => None,
            taker => taker.replace(context.waker().clone()),
        };
        (Poll::Pending, replaced)
    }
}

/// The side that puts in. Dropping it ends the slot, after what is still in it.
#[derive(Debug)]
pub(crate) struct Putter<T>(Arc<Mutex<Newest<T>>>);

/// The side that takes out.
#[derive(Debug)]
pub(crate) struct Taker<T>(Arc<Mutex<Newest<T>>>);

impl<T> Putter<T> {
    /// Puts the newest in, in place of what was not taken yet.
    pub(crate) fn put(&self, newest: T) {
        let (replaced, taker) = lock(&self.0).put(newest);
        drop(replaced);
        taker.into_iter().for_each(Waker::wake);
    }
}

impl<T> Drop for Putter<T> {
    fn drop(&mut self) {
        let taker = lock(&self.0).end();
        taker.into_iter().for_each(Waker::wake);
    }
}

impl<T> Taker<T> {
    /// Waits until something is in the slot, and takes it; nothing once the slot is over. Dropping this before changes
    /// nothing.
    pub(crate) async fn next(&mut self) -> Option<T> {
        std::future::poll_fn(|context| {
            let (polled, replaced) = lock(&self.0).poll(context);
            drop(replaced);
            polled
        })
        .await
    }
}

fn lock<T>(newest: &Mutex<Newest<T>>) -> MutexGuard<'_, Newest<T>> {
    newest.lock().unwrap_or_else(PoisonError::into_inner)
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
        assert!(poll!(std::pin::pin!(taker.next())).is_pending());
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
