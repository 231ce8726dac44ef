//! Rooms whose store fails beneath them.

use super::*;
use crate::store::StoreError;
use async_trait::async_trait;

/// A store whose appends panic when it is told to, the nearest thing to a fault in a room, or that cannot be read.
#[derive(Default)]
struct Faulty {
    store: MemoryStore,
    fails: AtomicBool,
    is_unreadable: AtomicBool,
}

#[async_trait]
impl Store for Faulty {
    async fn append(&self, append: Append) -> Result<Revision, AppendError> {
        assert!(!self.fails.swap(false, Ordering::SeqCst), "a fault on purpose");
        self.store.append(append).await
    }

    async fn load(&self, session: SessionId) -> Result<Loaded, StoreError> {
        if self.is_unreadable.load(Ordering::SeqCst) {
            return Err(StoreError::Busy);
        }
        self.store.load(session).await
    }

    async fn forget(&self, session: SessionId, erased_at: Timestamp) -> Result<(), StoreError> {
        self.store.forget(session, erased_at).await
    }

    async fn forget_expired(&self, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.store.forget_expired(now, limit).await
    }

    async fn count(&self) -> Result<u64, StoreError> {
        self.store.count().await
    }

    async fn flush(&self) -> Result<(), StoreError> {
        self.store.flush().await
    }

    async fn close(&self) {
        self.store.close().await;
    }

    async fn broken(&self) {
        self.store.broken().await;
    }
}

#[tokio::test]
async fn t53_a_room_that_fails_opens_again_from_its_log() {
    let setting = setting_on(Faulty::default(), Limits::default());
    let (id, mut place) = setting.create().await;
    assert_eq!(offer(&place, 1).await, accepted(1, 2));
    setting.store.fails.store(true, Ordering::SeqCst);
    assert_eq!(act(&place, 2, Command::WithdrawOffer {}).await, None);
    // The socket sees that its room is gone, and closes to be opened again.
    while within(place.news.next(true)).await.is_some() {}
    let again = placed(setting.enter(id, 1).await);
    let revision = again.sight.outlook.revision.0;
    assert_eq!(act(&again, 2, Command::WithdrawOffer {}).await, accepted(2, revision + 1));
}

#[tokio::test]
async fn t50_what_the_log_holds_unread_is_shown_once_it_can_be_read() {
    let setting = setting_on(Faulty::default(), Limits::default());
    let (_, mut place) = setting.create().await;
    setting.store.store.inject(Fault::UnknownStored);
    setting.store.is_unreadable.store(true, Ordering::SeqCst);
    assert_eq!(offer(&place, 1).await, refused(1, Refusal::Busy));
    setting.store.is_unreadable.store(false, Ordering::SeqCst);
    // Nobody does anything more.
    let time = async {
        loop {
            setting.transport.advance(Millis::seconds(1));
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        shown = shown(&mut place, 2) => drop(shown),
        () = time => {}
    }
}

#[tokio::test]
async fn pres_2_who_is_turned_away_while_the_store_is_unsure_does_not_count_as_here() {
    let setting = setting_on(Faulty::default(), Limits::default());
    let (id, place) = setting.create().await;
    drop(placed(setting.enter(id, 2).await));
    let newest = async || setting.events(id).await.pop().expect("there are events").what;
    within(async {
        while !matches!(newest().await, EventKind::WentAway { .. }) {
            tokio::task::yield_now().await;
        }
    })
    .await;
    setting.store.store.inject(Fault::UnknownStored);
    setting.store.is_unreadable.store(true, Ordering::SeqCst);
    assert_eq!(setting.enter(id, 2).await.err(), Some(CloseCode::Busy));
    setting.store.is_unreadable.store(false, Ordering::SeqCst);
    assert!(matches!(newest().await, EventKind::CameBack { .. }));
    within(async {
        while !matches!(newest().await, EventKind::WentAway { .. }) {
            setting.transport.advance(Millis::seconds(1));
            tokio::task::yield_now().await;
        }
    })
    .await;
    drop(place);
}
