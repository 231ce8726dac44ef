//! The store in a data folder, with SQLite: what one server needs and no other program.
//!
//! One thread writes, one reads, one folds the log; this file opens them and passes on what is asked.

use super::{Append, AppendError, Loaded, Store, StoreError};
use async_trait::async_trait;
use attune_protocol::ids::{Revision, SessionId, Timestamp};
use checkpoint::Checkpointer;
use failure::Failure;
use folder::Folder;
use reader::Question;
use rusqlite::OpenFlags;
use std::path::Path;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, PoisonError, RwLock, mpsc};
use std::thread::JoinHandle;
use std::{fmt, io};
use tokio::sync::{oneshot, watch};
use writer::{Change, Pending, Writer};

pub use copy::{CopyError, Look, back_up, look, restore};

mod checkpoint;
mod compaction;
mod copy;
mod failure;
mod folder;
mod queue;
mod reader;
mod rows;
mod schema;
mod writer;

#[cfg(test)]
mod tests;

/// The version of SQLite that is built in.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// What may differ between installations.
#[derive(Debug, Clone, Copy)]
pub struct SqliteOptions {
    /// How many changes may wait, and how many readings, before more are refused as busy.
    pub queue: usize,
    /// From how many forgotten bytes on their space is given back.
    pub compact_after: u64,
    /// With fewer bytes free on the disk no new session is kept: a meeting of two hours is under a megabyte.
    pub free_for_sessions: u64,
    /// With fewer bytes free on the disk nothing is kept, so that the log can still be folded into the database.
    pub free_for_changes: u64,
}

const MEGABYTE: u64 = 1_000_000;

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            queue: super::DEFAULT_QUEUE,
            compact_after: 8 * 1024 * 1024,
            free_for_sessions: 200 * MEGABYTE,
            free_for_changes: 50 * MEGABYTE,
        }
    }
}

/// Why a data folder cannot be used. Nothing in it was changed, except that a database is closed to other people.
#[derive(Debug)]
pub enum OpenError {
    /// The system refused the folder or a file in it.
    Io(io::Error),
    /// Another process uses the folder.
    InUse,
    /// The folder holds something, but no database of Attune.
    NotOurs,
    /// A later Attune wrote the database.
    Newer {
        /// The version of its tables.
        found: usize,
        /// The latest version that this Attune knows.
        known: usize,
    },
    /// The database is damaged. It is never replaced by an empty one.
    Damaged,
    /// This SQLite has a known fault that can damage databases.
    OldSqlite,
    /// SQLite refused, with this extended result code.
    Sqlite(i32),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the data folder cannot be used: {error}"),
            Self::InUse => f.write_str("another process uses the data folder: stop it, or choose another folder"),
            Self::NotOurs => f.write_str(
                "the data folder holds files but no Attune database: choose an empty folder, or restore attune.db",
            ),
            Self::Newer { found, known } => write!(
                f,
                "a later Attune wrote the data folder (version {found}, known are up to {known}): use that Attune"
            ),
            Self::Damaged => f.write_str("attune.db is damaged: restore it from a backup, or choose another folder"),
            Self::OldSqlite => f.write_str("this SQLite is older than 3.51.3 and could damage the database"),
            Self::Sqlite(code) => write!(f, "the database cannot be opened (SQLite error {code})"),
        }
    }
}

impl std::error::Error for OpenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Io(error) = self { Some(error) } else { None }
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        if failure::is_damage(&error) { Self::Damaged } else { Self::Sqlite(failure::code(&error)) }
    }
}

/// The store in a data folder. Dropping it ends its threads after what was accepted; [`Store::close`] waits for them.
#[derive(Debug)]
pub struct SqliteStore {
    /// `None` once closed.
    queues: RwLock<Option<Queues>>,
    threads: tokio::sync::Mutex<Vec<JoinHandle<()>>>,
    health: Health,
}

#[derive(Debug)]
struct Queues {
    changes: SyncSender<Change>,
    questions: SyncSender<Question>,
}

impl SqliteStore {
    /// Opens the store in `folder`, making both when there is nothing yet. Checks the database's pages, but reads
    /// no session.
    ///
    /// # Errors
    /// See [`OpenError`]; each is one clear line for the person who starts the server.
    pub fn open(folder: &Path, options: SqliteOptions) -> Result<Self, OpenError> {
        let folder = Folder::claim(folder)?;
        let connection = match open_database(&folder) {
            Ok(connection) => connection,
            Err(error) => {
                folder.give_up();
                return Err(error);
            }
        };
        let folder = Arc::new(folder);
        let health = Health(Arc::new(watch::Sender::new(false)));
        let (changes, changes_in) = mpsc::sync_channel(options.queue);
        let (questions, questions_in) = mpsc::sync_channel(options.queue);
        let (checkpoint, signals) = mpsc::channel();

        let checkpointer = Checkpointer {
            connection: schema::connect(&folder.database(), OpenFlags::SQLITE_OPEN_READ_WRITE)?,
            signals,
            log: folder.log(),
            health: health.clone(),
        };
        checkpointer.connection.busy_timeout(checkpoint::PATIENCE)?;
        let reader = schema::connect(&folder.database(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        reader.pragma_update(None, "cache_size", -reader::CACHE_KIB)?;
        let writer = Writer {
            connection,
            folder: folder.path().to_owned(),
            changes: changes_in,
            checkpoint,
            options,
            health: health.clone(),
            pages: 0,
            failing: false,
        };

        let threads = vec![
            spawn("store-writer", &folder, move || writer.run())?,
            spawn("store-checkpoint", &folder, move || checkpointer.run())?,
            spawn("store-reader", &folder, move || reader::run(reader, &questions_in))?,
        ];
        let queues = RwLock::new(Some(Queues { changes, questions }));
        Ok(Self { queues, threads: tokio::sync::Mutex::new(threads), health })
    }

    fn ask<T>(&self, queue: impl FnOnce(&Queues) -> Result<(), TrySendError<T>>) -> Result<(), StoreError> {
        let queues = self.queues.read().unwrap_or_else(PoisonError::into_inner);
        queue(queues.as_ref().ok_or(StoreError::Down)?).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Down,
        })
    }

    async fn change<T>(&self, change: impl FnOnce(Pending<T>) -> Change) -> Result<T, Failure> {
        let (reply, answer) = oneshot::channel();
        let change = change(Pending::new(reply));
        self.ask(|queues| queues.changes.try_send(change)).map_err(|error| match error {
            StoreError::Busy => Failure::Busy,
            StoreError::Down => Failure::Down,
        })?;
        answer.await.unwrap_or(Err(Failure::Unknown))
    }

    async fn question<T>(
        &self,
        question: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Question,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let question = question(reply);
        self.ask(|queues| queues.questions.try_send(question))?;
        answer.await.unwrap_or(Err(StoreError::Down))
    }
}

/// The database of a folder, made when there is none.
fn open_database(folder: &Folder) -> Result<rusqlite::Connection, OpenError> {
    if !folder.database().try_exists()? {
        schema::create(folder)?;
    }
    schema::open(folder)
}

/// Starts a thread that keeps the folder locked until it ends.
fn spawn(
    name: &str,
    folder: &Arc<Folder>,
    work: impl FnOnce() + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    let folder = Arc::clone(folder);
    std::thread::Builder::new().name(name.into()).spawn(move || {
        work();
        drop(folder);
    })
}

/// Whether the store can still work, known to all its threads.
#[derive(Debug, Clone)]
struct Health(Arc<watch::Sender<bool>>);

impl Health {
    fn declare_broken(&self) {
        tracing::error!(kind = "store_fault", "the store is broken: end this process, and check the disk");
        self.0.send_replace(true);
    }

    fn is_broken(&self) -> bool {
        *self.0.borrow()
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn append(&self, append: Append) -> Result<Revision, AppendError> {
        self.change(|pending| Change::Append(append, pending)).await?
    }

    async fn load(&self, session: SessionId) -> Result<Loaded, StoreError> {
        self.question(|reply| Question::Load(session, reply)).await
    }

    async fn forget(&self, session: SessionId, erased_at: Timestamp) -> Result<(), StoreError> {
        Ok(self.change(|pending| Change::Forget(session, erased_at, pending)).await?)
    }

    async fn forget_expired(&self, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        Ok(self.change(|pending| Change::ForgetExpired { now, limit, pending }).await?)
    }

    async fn count(&self) -> Result<u64, StoreError> {
        self.question(Question::Count).await
    }

    async fn flush(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.ask(|queues| queues.changes.try_send(Change::Flush(reply)))?;
        answer.await.unwrap_or(Err(StoreError::Down))
    }

    async fn close(&self) {
        drop(self.queues.write().unwrap_or_else(PoisonError::into_inner).take());
        // Whoever closes at the same time waits here as well.
        let mut threads = self.threads.lock().await;
        let ending = std::mem::take(&mut *threads);
        let ended = tokio::task::spawn_blocking(move || {
            ending.into_iter().filter_map(|thread| thread.join().err()).count()
        });
        if !matches!(ended.await, Ok(0)) {
            tracing::error!(kind = "store_fault", "a thread of the store panicked");
        }
    }

    async fn broken(&self) {
        // An error would mean that the sender is gone, but it lives in `self`.
        let _ = self.health.0.subscribe().wait_for(|broken| *broken).await;
    }
}
