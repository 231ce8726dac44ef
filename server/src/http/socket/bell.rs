//! Looks at what seldom happens only when it has happened: a socket wakes for news far more often than for anything else,
//! and to ask network, clock and server each time would cost as much as the news.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// The bell at a part of a task.
#[derive(Default)]
pub(super) struct Bell(Option<Arc<Rope>>);

/// What a part pulls when it is to be looked at: the task wakes, and knows for whom.
struct Rope {
    pulled: AtomicBool,
    task: Waker,
}

impl Bell {
    /// Resolves with `part`, which is looked at only when what it waits for has woken it. A part may be made anew each
    /// time, as long as what it waits for stays the same and outlives it; after anything else it has to be rung for.
    pub(super) async fn answer<T>(&mut self, part: impl Future<Output = T>) -> T {
        let mut part = pin!(part);
        poll_fn(|context| {
            let rope = self.rope(context.waker());
            if !rope.pulled.swap(false, Ordering::AcqRel) {
                return Poll::Pending;
            }
            let waker = Waker::from(Arc::clone(rope));
            let answered = part.as_mut().poll(&mut Context::from_waker(&waker));
            // There may be more where that came from.
            rope.pulled.fetch_or(answered.is_ready(), Ordering::AcqRel);
            answered
        })
        .await
    }

    /// Has the part looked at the next time, though nothing has woken it.
    pub(super) fn ring(&self) {
        if let Some(rope) = &self.0 {
            rope.pulled.store(true, Ordering::Release);
        }
    }

    /// The rope to this task. A new one counts as pulled: nobody holds it yet.
    fn rope(&mut self, task: &Waker) -> &Arc<Rope> {
        if self.0.as_ref().is_none_or(|rope| !rope.task.will_wake(task)) {
            self.0 = None;
        }
        self.0.get_or_insert_with(|| Arc::new(Rope { pulled: AtomicBool::new(true), task: task.clone() }))
    }
}

impl Wake for Rope {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.pulled.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slot::slot;
    use futures_util::poll;
    use std::cell::Cell;

    #[tokio::test]
    async fn a_part_is_looked_at_when_it_has_woken_and_not_before() {
        let ((putter, mut taker), looks, mut bell) = (slot(), Cell::new(0), Bell::default());
        let mut part = pin!(poll_fn(|context| {
            looks.set(looks.get() + 1);
            pin!(taker.next()).poll(context)
        }));
        assert!(poll!(pin!(bell.answer(part.as_mut()))).is_pending());
        assert!(poll!(pin!(bell.answer(part.as_mut()))).is_pending());
        assert_eq!(looks.get(), 1);
        putter.put(7);
        assert_eq!(poll!(pin!(bell.answer(part.as_mut()))), Poll::Ready(Some(7)));
        // What was ready once is looked at again, until it has nothing more.
        assert!(poll!(pin!(bell.answer(part.as_mut()))).is_pending());
        assert!(poll!(pin!(bell.answer(part.as_mut()))).is_pending());
        assert_eq!(looks.get(), 3);
    }

    #[tokio::test]
    async fn a_part_that_is_rung_for_is_looked_at() {
        let mut bell = Bell::default();
        assert!(poll!(pin!(bell.answer(std::future::pending::<u8>()))).is_pending());
        assert!(poll!(pin!(bell.answer(std::future::ready(1)))).is_pending());
        bell.ring();
        assert_eq!(poll!(pin!(bell.answer(std::future::ready(1)))), Poll::Ready(1));
    }

    #[tokio::test]
    async fn whoever_waits_at_the_bell_is_woken() {
        let (putter, mut taker) = slot();
        let waiting = tokio::spawn(async move { Bell::default().answer(taker.next()).await });
        tokio::task::yield_now().await;
        putter.put(1);
        assert_eq!(waiting.await.expect("does not fail"), Some(1));
    }

    #[tokio::test]
    async fn another_task_has_everything_looked_at() {
        let mut bell = Bell::default();
        assert!(poll!(pin!(bell.answer(std::future::pending::<u8>()))).is_pending());
        let moved = tokio::spawn(async move { bell.answer(std::future::ready(1)).await });
        assert_eq!(moved.await.expect("does not fail"), 1);
    }
}
