//! A store that keeps everything in memory and nothing after that. For tests, and for trying Attune out.

use super::{Append, AppendError, Loaded, Store, StoreError};
use async_trait::async_trait;
use attune_protocol::ids::{Revision, SessionId, Timestamp};
use bytes::Bytes;
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// A trouble that a test puts in the way of the next append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The append is stored, and yet answers [`AppendError::Unknown`].
    UnknownStored,
    /// The append is lost and answers [`AppendError::Unknown`].
    UnknownLost,
    /// The append is refused with this, and nothing of it is stored.
    Refused(AppendError),
}

/// The store in memory.
#[derive(Debug)]
pub struct MemoryStore {
    logs: Mutex<Logs>,
    /// Held while a change is made, so that changes queue as they do before a disk.
    turn: Arc<tokio::sync::Mutex<()>>,
    waiting: AtomicUsize,
    queue: usize,
}

#[derive(Debug, Default)]
struct Logs {
    sessions: BTreeMap<SessionId, Log>,
    tombstones: BTreeMap<[u8; 32], Timestamp>,
    faults: VecDeque<Fault>,
    closed: bool,
}

#[derive(Debug)]
struct Log {
    events: Vec<Bytes>,
    expires_at: Timestamp,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new(super::DEFAULT_QUEUE)
    }
}

impl MemoryStore {
    /// An empty store in which up to `queue` changes wait; any more are refused as busy.
    pub fn new(queue: usize) -> Self {
        Self { logs: Mutex::default(), turn: Arc::default(), waiting: AtomicUsize::new(0), queue }
    }

    /// Lets one of the next appends fail. Faults strike in the order in which they were given.
    pub fn inject(&self, fault: Fault) {
        self.logs().faults.push_back(fault);
    }

    /// Whether there is one that has not struck yet.
    pub fn has_fault(&self) -> bool {
        !self.logs().faults.is_empty()
    }

    /// Holds every change up until the guard is dropped, like a disk that hangs.
    pub async fn stall(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.turn).lock_owned().await
    }

    fn logs(&self) -> MutexGuard<'_, Logs> {
        self.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes one change when its turn comes.
    async fn change<T>(&self, change: impl FnOnce(&mut Logs) -> T + Send) -> Result<T, StoreError> {
        let _place = Place::take(&self.waiting, self.queue)?;
        let _turn = self.turn.lock().await;
        let mut logs = self.logs();
        if logs.closed { Err(StoreError::Down) } else { Ok(change(&mut logs)) }
    }

    fn read<T>(&self, read: impl FnOnce(&Logs) -> T) -> Result<T, StoreError> {
        let logs = self.logs();
        if logs.closed { Err(StoreError::Down) } else { Ok(read(&logs)) }
    }
}

/// A place in the queue, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, queue: usize) -> Result<Self, StoreError> {
        let before = waiting.fetch_add(1, Ordering::SeqCst);
        let place = Self(waiting);
        if before < queue { Ok(place) } else { Err(StoreError::Busy) }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Logs {
    fn append(&mut self, append: Append) -> Result<Revision, AppendError> {
        match self.faults.pop_front() {
            None => self.store(append),
            Some(Fault::UnknownStored) => self.store(append).and(Err(AppendError::Unknown)),
            Some(Fault::UnknownLost) => Err(AppendError::Unknown),
            Some(Fault::Refused(error)) => Err(error),
        }
    }

    fn store(&mut self, append: Append) -> Result<Revision, AppendError> {
        let Append { session, after, events, expires_at } = append;
        if self.tombstones.contains_key(&super::hash(session)) {
            return Err(AppendError::Gone);
        }
        let head = self.sessions.get(&session).map_or(0, |log| log.events.len() as u64);
        if head != after.0 {
            return Err(AppendError::Conflict);
        }
        if head == 0 && events.is_empty() {
            return Ok(after);
        }
        let log = self.sessions.entry(session).or_insert_with(|| Log { events: Vec::new(), expires_at });
        log.events.extend(events);
        log.expires_at = expires_at;
        Ok(Revision(log.events.len() as u64))
    }

    fn forget(&mut self, session: SessionId, erased_at: Timestamp) {
        if self.sessions.remove(&session).is_some() {
            self.tombstones.insert(super::hash(session), erased_at);
        }
    }

    fn expired(&self, now: Timestamp, limit: u32) -> Vec<SessionId> {
        let mut expired: Vec<_> = self
            .sessions
            .iter()
            .filter(|(_, log)| log.expires_at <= now)
            .map(|(session, log)| (log.expires_at, *session))
            .collect();
        expired.sort();
        expired.into_iter().map(|(_, session)| session).take(limit as usize).collect()
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn append(&self, append: Append) -> Result<Revision, AppendError> {
        self.change(|logs| logs.append(append)).await?
    }

    async fn load(&self, session: SessionId) -> Result<Loaded, StoreError> {
        self.read(|logs| match logs.sessions.get(&session) {
            Some(log) => Loaded::Events(log.events.clone()),
            None if logs.tombstones.contains_key(&super::hash(session)) => Loaded::Gone,
            None => Loaded::Absent,
        })
    }

    async fn forget(&self, session: SessionId, erased_at: Timestamp) -> Result<(), StoreError> {
        self.change(|logs| logs.forget(session, erased_at)).await
    }

    async fn forget_expired(&self, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.change(|logs| {
            let expired = logs.expired(now, limit);
            expired.iter().for_each(|session| logs.forget(*session, now));
            expired
        })
        .await
    }

    async fn count(&self) -> Result<u64, StoreError> {
        self.read(|logs| logs.sessions.len() as u64)
    }

    async fn flush(&self) -> Result<(), StoreError> {
        self.change(|_| ()).await
    }

    async fn close(&self) {
        let _turn = self.turn.lock().await;
        self.logs().closed = true;
    }

    async fn broken(&self) {
        std::future::pending().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::{self, Subject, append, events, session};

    async fn subject(queue: usize) -> Subject {
        let store = Arc::new(MemoryStore::new(queue));
        let turn = Arc::clone(&store.turn);
        Subject {
            store,
            stall: Box::new(move || Box::new(Arc::clone(&turn).try_lock_owned().expect("nobody's turn"))),
            kept: None,
        }
    }

    contract::suite!(subject);

    #[tokio::test]
    async fn faults_strike_once_in_the_order_given() {
        let store = MemoryStore::default();
        store.inject(Fault::UnknownLost);
        store.inject(Fault::UnknownStored);
        store.inject(Fault::Refused(AppendError::Busy));
        let one = session(1);
        assert_eq!(store.append(append(one, 0, &["a"])).await, Err(AppendError::Unknown));
        assert_eq!(store.load(one).await, Ok(Loaded::Absent));
        assert_eq!(store.append(append(one, 0, &["a"])).await, Err(AppendError::Unknown));
        assert_eq!(store.load(one).await, events(&["a"]));
        assert_eq!(store.append(append(one, 1, &["b"])).await, Err(AppendError::Busy));
        assert_eq!(store.append(append(one, 1, &["b"])).await, Ok(Revision(2)));
    }
}
