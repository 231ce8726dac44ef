//! A fault in one room: that room opens again from its log, and nobody else notices.
//!
//! The fault comes in where the store does. The program itself has no switch for it.

use attune_protocol::ids::{Revision, SessionId, Timestamp};
use attune_protocol::server::CloseCode;
use attune_server::store::memory::MemoryStore;
use attune_server::store::{Append, AppendError, Loaded, Store, StoreError};
use attune_tests::group::{Group, offer_or_withdraw};
use attune_tests::plans;
use attune_tests::server::{Setup, TestServer};
use attune_tests::witness::Witness;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

/// A store that panics at the next append to one session.
struct Faulty {
    store: MemoryStore,
    fails: Mutex<Option<SessionId>>,
}

#[async_trait::async_trait]
impl Store for Faulty {
    async fn append(&self, append: Append) -> Result<Revision, AppendError> {
        let fails = self.fails.lock().unwrap().take_if(|session| *session == append.session);
        assert!(fails.is_none(), "a fault on purpose");
        self.store.append(append).await
    }

    async fn load(&self, session: SessionId) -> Result<Loaded, StoreError> {
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
async fn t53_a_room_that_fails_opens_again_and_others_notice_nothing() {
    let store = Arc::new(Faulty { store: MemoryStore::default(), fails: Mutex::default() });
    let server = TestServer::on_store(Setup::default(), Arc::clone(&store) as Arc<dyn Store>).await;
    let mut witness = Witness::gather(Ipv4Addr::LOCALHOST.into(), server.address()).await;
    let mut group = Group::gather(server.address(), plans::ruch(), 4).await;
    for round in 0..5 {
        let before = server.events(group.link.session).await;
        *store.fails.lock().unwrap() = Some(group.link.session);
        let failing = async {
            // What is not acknowledged is not kept.
            group[1].act(offer_or_withdraw(round));
            for person in &group.people {
                assert_eq!(person.close_code().await, CloseCode::Restarting, "round {round}");
            }
        };
        witness.live_through(failing).await;
        assert_eq!(server.events(group.link.session).await[..before.len()], before, "round {round}");
        for person in &mut group.people {
            person.come_back(server.address()).await;
        }
        let everyone = |picture: &attune_tests::picture::Picture| {
            picture.view.iter().flat_map(|view| &view.seats).all(|seat| seat.away_since.is_none())
        };
        group.all_see("everyone", everyone).await;
        let revision = group[1].accept(offer_or_withdraw(round)).await;
        group.all_catch_up(revision).await;
    }
    witness.assert_undisturbed();
}
