//! The disk that outlives servers, and the store that each of them has on it: slow, busy, or not alone, by the seed.

use async_trait::async_trait;
use attune_protocol::client::Command;
use attune_protocol::ids::{CommandId, Millis, Revision, SeatNumber, SessionId, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Clock;
use crate::session::tests::laws::chance::Chance;
use crate::session::{Audience, Event, Input};
use crate::store::memory::MemoryStore;
use crate::store::{Append, AppendError, Loaded, Store, StoreError};
use crate::stored;

/// How well a disk works.
#[derive(Debug, Clone, Copy)]
pub(super) struct Health {
    /// Of a hundred calls so many fail, each in one of the ways in which a store may.
    pub(super) fails: usize,
    /// Of a hundred calls so many take up to four seconds.
    pub(super) slow: usize,
    /// Of a hundred appends before so many somebody else writes to the log.
    pub(super) rivals: usize,
    /// Of ten thousand calls so many begin a time of up to a minute in which nothing is taken.
    pub(super) outages: usize,
}

impl Health {
    /// It takes a few milliseconds, and that is all.
    pub(super) const GOOD: Self = Self { fails: 0, slow: 0, rivals: 0, outages: 0 };
}

/// What came to the disk, in its order.
#[derive(Debug)]
pub(super) enum Note {
    /// These events stand in the log after `after`. A rival's command is told with them.
    Stored { session: SessionId, after: Revision, events: Vec<Event>, rival: Option<Asked> },
    /// A call about a session failed, or the disk is not sure.
    Failed(SessionId),
    /// A call about a session has begun (1) or ended (-1).
    Pending(SessionId, i32),
    /// It was forgotten.
    Forgotten(SessionId),
}

/// Who asked for what.
pub(super) type Asked = (SeatNumber, CommandId, Command);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Good,
    Busy,
    Unknown { stored: bool },
    Rival,
}

/// Keeps what was stored from one server to the next.
#[derive(Debug)]
pub(super) struct Disk {
    kept: MemoryStore,
    health: Health,
    state: Mutex<State>,
}

struct State {
    chance: Chance,
    down_until: Timestamp,
    notes: Vec<Note>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

impl Disk {
    pub(super) fn new(health: Health, chance: Chance) -> Arc<Self> {
        let state = Mutex::new(State { chance, down_until: Timestamp(0), notes: Vec::new() });
        Arc::new(Self { kept: MemoryStore::default(), health, state })
    }

    /// What happened since the last call.
    pub(super) fn take_notes(&self) -> Vec<Note> {
        std::mem::take(&mut self.state().notes)
    }

    fn note(&self, note: Note) {
        self.state().notes.push(note);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What becomes of the next call, and how long it takes before and after the disk has taken it.
    fn draw(&self, now: Timestamp, is_append: bool) -> (Fate, Millis, Millis) {
        let health = self.health;
        let mut state = self.state();
        if state.chance.below(10_000) < health.outages {
            state.down_until = now + Millis(state.chance.between(1_000, 60_000));
        }
        let longest = if state.chance.percent(health.slow) { 2_000 } else { 8 };
        let (before, after) = (state.chance.between(1, longest), state.chance.between(0, longest));
        let fate = if state.down_until > now {
            Fate::Busy
        } else if state.chance.percent(health.fails) {
            match state.chance.below(4) {
                0 if is_append => Fate::Unknown { stored: true },
                1 if is_append => Fate::Unknown { stored: false },
                _ => Fate::Busy,
            }
        } else if is_append && state.chance.percent(health.rivals) {
            Fate::Rival
        } else {
            Fate::Good
        };
        (fate, Millis(before), Millis(after))
    }

    async fn keep(&self, append: Append, rival: Option<Asked>) -> Result<Revision, AppendError> {
        let (session, after) = (append.session, append.after);
        let events = append.events.iter().map(|body| stored::read(body).expect("was written here")).collect();
        let kept = self.kept.append(append).await;
        if kept.is_ok() {
            self.note(Note::Stored { session, after, events, rival });
        }
        kept
    }

    /// Another server writes to the log, as two may for a moment.
    async fn write_as_rival(&self, id: SessionId, now: Timestamp) {
        let Ok(Some(session)) = stored::load(&self.kept, id).await else { return };
        let view = session.view(Audience::Steering);
        let Some(row) = view.seats.iter().find(|row| row.agreed && row.device) else { return };
        let command = if row.offers { Command::WithdrawOffer {} } else { Command::OfferToPresent {} };
        let request = {
            let mut state = self.state();
            CommandId(uuid::Uuid::from_u64_pair(state.chance.draw(), state.chance.draw()))
        };
        let input = Input::Command { seat: row.seat, request, command: command.clone(), chance: 0 };
        let events = session.decide(input, now).events;
        let mut next = session.clone();
        events.iter().for_each(|event| next.apply(event));
        let append = Append {
            session: id,
            after: session.revision(),
            events: events.iter().map(stored::write).collect(),
            expires_at: next.expires_at(),
        };
        if !events.is_empty() {
            let _refused = self.keep(append, Some((row.seat, request, command))).await;
        }
    }
}

/// A call is under way; dropped with the server that made it or at its end.
struct Pending<'a>(&'a Disk, SessionId);

impl<'a> Pending<'a> {
    fn new(disk: &'a Disk, session: SessionId) -> Self {
        disk.note(Note::Pending(session, 1));
        Self(disk, session)
    }
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        self.0.note(Note::Pending(self.1, -1));
    }
}

/// One server's store on the disk. What a server did not wait for may or may not be kept, as it is with a killed process.
pub(super) struct SlowStore {
    pub(super) disk: Arc<Disk>,
    pub(super) clock: Arc<dyn Clock>,
}

impl SlowStore {
    async fn pass(&self, length: Millis) {
        self.clock.sleep_until(self.clock.now() + length).await;
    }

    /// A call that changes nothing, or what an answer alone tells.
    async fn call<T>(
        &self,
        session: Option<SessionId>,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        let _pending = session.map(|session| Pending::new(&self.disk, session));
        let (fate, before, after) = self.disk.draw(self.clock.now(), false);
        self.pass(before).await;
        let answer = if fate == Fate::Busy { Err(StoreError::Busy) } else { call.await };
        self.pass(after).await;
        if let (true, Some(session)) = (answer.is_err(), session) {
            self.disk.note(Note::Failed(session));
        }
        answer
    }
}

#[async_trait]
impl Store for SlowStore {
    async fn append(&self, append: Append) -> Result<Revision, AppendError> {
        let session = append.session;
        let _pending = Pending::new(&self.disk, session);
        let (fate, before, after) = self.disk.draw(self.clock.now(), true);
        self.pass(before).await;
        let answer = match fate {
            Fate::Good => self.disk.keep(append, None).await,
            Fate::Busy => Err(AppendError::Busy),
            Fate::Unknown { stored } => {
                if stored {
                    let _kept = self.disk.keep(append, None).await;
                }
                Err(AppendError::Unknown)
            }
            Fate::Rival => {
                self.disk.write_as_rival(session, self.clock.now()).await;
                self.disk.keep(append, None).await
            }
        };
        self.pass(after).await;
        if answer.is_err() {
            self.disk.note(Note::Failed(session));
        }
        answer
    }

    async fn load(&self, session: SessionId) -> Result<Loaded, StoreError> {
        self.call(Some(session), self.disk.kept.load(session)).await
    }

    async fn forget(&self, session: SessionId, erased_at: Timestamp) -> Result<(), StoreError> {
        let forget = async {
            self.disk.kept.forget(session, erased_at).await?;
            self.disk.note(Note::Forgotten(session));
            Ok(())
        };
        self.call(Some(session), forget).await
    }

    async fn forget_expired(&self, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        let forget = async {
            let forgotten = self.disk.kept.forget_expired(now, limit).await?;
            forgotten.iter().for_each(|session| self.disk.note(Note::Forgotten(*session)));
            Ok(forgotten)
        };
        self.call(None, forget).await
    }

    async fn count(&self) -> Result<u64, StoreError> {
        self.disk.kept.count().await
    }

    async fn flush(&self) -> Result<(), StoreError> {
        self.disk.kept.flush().await
    }

    async fn close(&self) {}

    async fn broken(&self) {
        std::future::pending().await
    }
}
