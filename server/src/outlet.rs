//! What is new for one seat, on its way to its page: onto the wire at once while the task of its socket rests, and
//! otherwise into a slot for that task. A change that wakes nobody costs little more than the sending itself.

use attune_protocol::ids::Timestamp;
use bytes::Bytes;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use crate::outlook::{News, Sight};
use crate::shown::{Picked, Shown};
use crate::slot::Newest;

/// The wire to a page, as far as a room needs it.
pub(crate) trait Line: Send + Sync {
    /// Sends what the system takes without a wait.
    fn send_at_once(&self, frames: &Bytes) -> Sent;
}

/// What became of frames that were to go out without a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    /// They have gone out.
    Whole,
    /// The line holds what is left, and its task has to see that it goes out.
    Partly,
    /// None of it has: somebody else is in the middle of a frame, the page takes nothing, or it has gone.
    Nothing,
}

/// The ways to one seat's page, as the side of the room and the side of the socket's task.
pub(crate) fn outlet() -> (Outlet, Inlet) {
    let shared = Arc::default();
    (Outlet(Arc::clone(&shared)), Inlet(shared))
}

#[derive(Default)]
struct Shared {
    news: Newest<News>,
    /// The task has nothing to send and waits for news: what is sent past it comes after all that it has sent.
    rests: bool,
    /// From when the task has begun until it ends.
    line: Option<Arc<dyn Line>>,
    shown: Shown,
}

/// The room's side. Dropping it ends the news, after what is still to be taken.
pub(crate) struct Outlet(Arc<Mutex<Shared>>);

/// The side of the socket's task. Dropping it lets the line go.
pub(crate) struct Inlet(Arc<Mutex<Shared>>);

impl Outlet {
    /// Shows this, in place of what was not shown yet. Answers whether a view has gone out at once.
    pub(crate) fn put(&self, news: News) -> bool {
        let (replaced, taker, has_shown) = {
            let mut shared = lock(&self.0);
            let (is_over, has_shown) = shared.send_at_once(&news);
            if is_over {
                return has_shown;
            }
            shared.rests = false;
            let (replaced, taker) = shared.news.put(news);
            (replaced, taker, has_shown)
        };
        drop(replaced);
        taker.into_iter().for_each(Waker::wake);
        has_shown
    }
}

impl Drop for Outlet {
    fn drop(&mut self) {
        let taker = lock(&self.0).news.end();
        taker.into_iter().for_each(Waker::wake);
    }
}

impl Shared {
    /// Sends past the task what may go past it. Answers whether there is nothing left to do, and whether a view went out.
    fn send_at_once(&mut self, news: &News) -> (bool, bool) {
        let (News::Outlook(sight), true, Some(line)) = (news, self.rests, &self.line) else {
            return (false, false);
        };
        let mut shown = self.shown;
        let new = shown.pick(sight);
        let has_view = new.has_view();
        let sent = new.join(None).map_or(Sent::Whole, |frames| line.send_at_once(&frames));
        if sent == Sent::Nothing {
            return (false, false);
        }
        self.shown = shown;
        (sent == Sent::Whole, has_view)
    }
}

impl Inlet {
    /// The task has begun: it sends what `sight` shows by itself, and from then on others may send while it rests.
    pub(crate) fn begin(&mut self, sight: &Sight, line: Arc<dyn Line>) {
        let mut shared = lock(&self.0);
        shared.shown.pick(sight);
        shared.line = Some(line);
    }

    /// The frames of a sight that are new to the page, which the task shows from here on.
    pub(crate) fn pick<'s>(&mut self, sight: &'s Sight) -> Picked<'s> {
        lock(&self.0).shown.pick(sight)
    }

    /// The time of the newest that was shown, below which server time does not go.
    pub(crate) fn newest_at(&self) -> Timestamp {
        lock(&self.0).shown.newest_at
    }

    /// What was not taken yet.
    pub(crate) fn take(&mut self) -> Option<News> {
        lock(&self.0).news.take()
    }

    /// The task has something else to do: until it rests again, news wait for it.
    pub(crate) fn stir(&mut self) {
        lock(&self.0).rests = false;
    }

    /// Waits until there is something, and takes it; nothing once the news are over. Meanwhile it rests, if it may.
    /// Dropping this before changes nothing.
    pub(crate) async fn next(&mut self, may_rest: bool) -> Option<News> {
        std::future::poll_fn(|context| {
            let mut shared = lock(&self.0);
            let (polled, replaced) = shared.news.poll(context);
            shared.rests = polled.is_pending() && may_rest;
            drop(shared);
            drop(replaced);
            polled
        })
        .await
    }
}

impl Drop for Inlet {
    fn drop(&mut self) {
        let line = lock(&self.0).line.take();
        drop(line);
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlook::Outlook;
    use attune_protocol::ids::Revision;
    use futures_util::poll;
    use std::pin::pin;

    /// A line that takes what it is told to take, and keeps what it was given.
    struct Probe {
        answer: Sent,
        given: Mutex<Vec<Bytes>>,
    }

    impl Line for Probe {
        fn send_at_once(&self, frames: &Bytes) -> Sent {
            self.given.lock().expect("is whole").push(frames.clone());
            self.answer
        }
    }

    fn sight(revision: u64) -> Sight {
        let outlook = Outlook {
            revision: Revision(revision),
            newest_at: Timestamp(0),
            view: Bytes::from(format!("view {revision}")),
            texts: None,
            door: None,
            screens: None,
        };
        Sight { outlook: Arc::new(outlook), private: None, moving: None }
    }

    fn begun(answer: Sent) -> (Outlet, Inlet, Arc<Probe>) {
        let (outlet, mut inlet) = outlet();
        let probe = Arc::new(Probe { answer, given: Mutex::default() });
        inlet.begin(&sight(1), Arc::clone(&probe) as _);
        (outlet, inlet, probe)
    }

    fn given(probe: &Probe) -> Vec<Bytes> {
        std::mem::take(&mut probe.given.lock().expect("is whole"))
    }

    fn revision(news: Option<News>) -> Option<u64> {
        match news {
            Some(News::Outlook(sight)) => Some(sight.outlook.revision.0),
            _ => None,
        }
    }

    #[tokio::test]
    async fn news_go_past_a_task_that_rests_and_only_then() {
        let (outlet, mut inlet, probe) = begun(Sent::Whole);
        assert!(!outlet.put(News::Outlook(sight(2))));
        assert_eq!(revision(inlet.next(true).await), Some(2));
        // It may be sending that.
        assert!(!outlet.put(News::Outlook(sight(3))));
        assert!(given(&probe).is_empty());
        assert_eq!(revision(inlet.next(true).await), Some(3));
        inlet.pick(&sight(3));
        assert!(poll!(pin!(inlet.next(true))).is_pending());
        assert!(outlet.put(News::Outlook(sight(4))));
        // What was shown is not shown again.
        assert!(!outlet.put(News::Outlook(sight(4))));
        assert_eq!(given(&probe), ["view 4"]);
        assert!(poll!(pin!(inlet.next(true))).is_pending());
    }

    #[tokio::test]
    async fn nothing_goes_past_a_task_that_waits_for_an_answer_or_does_something() {
        let (outlet, mut inlet, probe) = begun(Sent::Whole);
        assert!(poll!(pin!(inlet.next(false))).is_pending());
        assert!(!outlet.put(News::Outlook(sight(2))));
        assert_eq!(revision(inlet.take()), Some(2));
        assert!(poll!(pin!(inlet.next(true))).is_pending());
        inlet.stir();
        assert!(!outlet.put(News::Outlook(sight(3))));
        assert!(given(&probe).is_empty());
        assert_eq!(revision(inlet.next(true).await), Some(3));
        assert!(poll!(pin!(inlet.next(true))).is_pending());
        assert!(outlet.put(News::Outlook(sight(4))));
    }

    #[tokio::test]
    async fn what_the_line_does_not_take_is_for_the_task() {
        for (answer, shown, new) in [(Sent::Nothing, false, true), (Sent::Partly, true, false)] {
            let (outlet, mut inlet, _probe) = begun(answer);
            assert!(poll!(pin!(inlet.next(true))).is_pending());
            assert_eq!(outlet.put(News::Outlook(sight(2))), shown);
            let Some(News::Outlook(sight)) = inlet.take() else { panic!("the task has something to do") };
            assert_eq!(inlet.pick(&sight).has_view(), new);
        }
    }

    #[tokio::test]
    async fn a_farewell_waits_for_the_task_and_wakes_it() {
        let (outlet, mut inlet, probe) = begun(Sent::Whole);
        assert!(poll!(pin!(inlet.next(true))).is_pending());
        let waiting = tokio::spawn(async move { inlet.next(true).await });
        tokio::task::yield_now().await;
        outlet.put(News::Last(sight(2)));
        assert!(matches!(waiting.await.expect("does not fail"), Some(News::Last(_))));
        assert!(given(&probe).is_empty());
    }

    #[tokio::test]
    async fn the_line_goes_with_the_task() {
        let (outlet, mut inlet, probe) = begun(Sent::Whole);
        assert!(poll!(pin!(inlet.next(true))).is_pending());
        drop(inlet);
        assert_eq!(Arc::strong_count(&probe), 1);
        assert!(!outlet.put(News::Outlook(sight(2))));
        assert!(given(&probe).is_empty());
    }

    #[tokio::test]
    async fn the_end_comes_after_what_is_still_to_be_taken() {
        let (outlet, mut inlet, _probe) = begun(Sent::Whole);
        outlet.put(News::Outlook(sight(2)));
        drop(outlet);
        assert_eq!(revision(inlet.next(true).await), Some(2));
        assert!(inlet.next(true).await.is_none());
    }
}
