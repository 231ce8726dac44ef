//! The one thread that changes the database.
//!
//! It waits for a change, takes what else is queued by then, and commits all of it at once: under load the
//! batches grow by themselves, and without load nobody waits for a timer.

use super::checkpoint::Signal;
use super::failure::{self, Failure};
use super::{Health, SqliteOptions, compaction, queue, rows};
use crate::disk::free_space;
use crate::store::{self, Append, AppendError, StoreError};
use attune_protocol::ids::{Revision, SessionId, Timestamp};
use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender};
use tokio::sync::oneshot;

/// How many changes one commit takes at most, so that the first of them does not wait too long for the last.
const BATCH: usize = 1_024;

/// After about how many changed pages the log is folded into the database: some megabytes.
const PAGES_BETWEEN_FOLDS: usize = 1_000;

/// What the writer can be asked for.
pub(super) enum Change {
    Append(Append, Pending<Result<Revision, AppendError>>),
    Forget(SessionId, Timestamp, Pending<()>),
    ForgetExpired { now: Timestamp, limit: u32, pending: Pending<Vec<SessionId>> },
    Flush(oneshot::Sender<Result<(), StoreError>>),
}

/// An answer that is held back until the commit.
pub(super) struct Pending<T> {
    reply: oneshot::Sender<Result<T, Failure>>,
    outcome: Option<T>,
}

impl<T> Pending<T> {
    pub(super) fn new(reply: oneshot::Sender<Result<T, Failure>>) -> Self {
        Self { reply, outcome: None }
    }

    /// Answers. A caller that stopped waiting is no matter.
    fn finish(self, committed: Result<(), Failure>) {
        let _ = self.reply.send(committed.and_then(|()| self.outcome.ok_or(Failure::Unknown)));
    }
}

pub(super) struct Writer {
    pub(super) connection: Connection,
    /// Where the database is.
    pub(super) folder: PathBuf,
    pub(super) changes: Receiver<Change>,
    pub(super) checkpoint: Sender<Signal>,
    pub(super) options: SqliteOptions,
    pub(super) health: Health,
    /// About how many pages were changed since the last fold.
    pub(super) pages: usize,
    /// Whether the last commit failed.
    pub(super) failing: bool,
}

/// The store must not go on.
struct Fatal;

/// What the disk still has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Room {
    /// Nothing more.
    None,
    /// What happens in the sessions that there are.
    ForChanges,
    /// New sessions too.
    ForSessions,
}

impl Writer {
    /// Works until nobody can ask any more, or the disk fails.
    pub(super) fn run(mut self) {
        while let Ok(first) = self.changes.recv() {
            let batch = queue::gather(&self.changes, first, BATCH.min(self.options.queue));
            if self.health.is_broken() || self.take(batch).is_err() {
                self.health.declare_broken();
                return;
            }
        }
    }

    fn take(&mut self, mut batch: Vec<Change>) -> Result<(), Fatal> {
        let committed = self.commit(&mut batch);
        let outcome = committed.as_ref().copied().map_err(|(failure, _)| *failure);
        let mut tidy = false;
        // The ends of the tables and of their indexes, which all changes of a batch share.
        self.pages += 3;
        for change in batch {
            match change {
                Change::Append(append, pending) => {
                    self.pages += 1 + append.events.iter().map(Bytes::len).sum::<usize>() / 4_096;
                    pending.finish(outcome);
                }
                Change::Forget(_, _, pending) => {
                    tidy = true;
                    pending.finish(outcome);
                }
                Change::ForgetExpired { pending, .. } => {
                    tidy = true;
                    pending.finish(outcome);
                }
                Change::Flush(reply) => self.signal(Signal::Flush(reply)),
            }
        }
        if matches!(committed, Err((_, true))) {
            return Err(Fatal);
        }
        if self.pages >= PAGES_BETWEEN_FOLDS {
            self.pages = 0;
            self.signal(Signal::Fold);
        }
        if tidy { self.compact() } else { Ok(()) }
    }

    /// Commits the batch; an error also says whether it is fatal.
    fn commit(&mut self, batch: &mut [Change]) -> Result<(), (Failure, bool)> {
        let mut forgot = false;
        let room = self.look_for_room();
        let applied = || -> Result<(), (Failure, rusqlite::Error)> {
            let early = |error| (failure::before_commit(&error), error);
            let transaction =
                self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(early)?;
            for change in batch {
                forgot |= apply(&transaction, change, room).map_err(early)?;
            }
            transaction.commit().map_err(|error| (failure::at_commit(&error), error))
        }();
        // After the commit, or the log would be emptied too early to hold what was forgotten.
        if forgot {
            self.signal(Signal::Scrub);
        }
        let failed_before = std::mem::replace(&mut self.failing, applied.is_err());
        // A full disk fails every commit: one line when that begins and one when it ends.
        match &applied {
            Err((failure, error)) if !failed_before => {
                tracing::error!(
                    kind = "store_fault",
                    code = failure::code(error),
                    ?failure,
                    "the store cannot commit"
                );
            }
            Ok(()) if failed_before => tracing::info!(kind = "store_fault", "the store commits again"),
            _ => {}
        }
        applied.map_err(|(failure, error)| (failure, failure::is_fatal(&error)))
    }

    fn look_for_room(&self) -> Room {
        // Where the system does not say, a full disk says it itself.
        let free = free_space(&self.folder).unwrap_or(u64::MAX);
        if free < self.options.free_for_changes {
            Room::None
        } else if free < self.options.free_for_sessions {
            Room::ForChanges
        } else {
            Room::ForSessions
        }
    }

    fn compact(&mut self) -> Result<(), Fatal> {
        match compaction::run_if_worth_it(&mut self.connection, self.options.compact_after) {
            Ok(true) => self.signal(Signal::Scrub),
            Ok(false) => self.signal(Signal::Retry),
            Err(error) if failure::is_fatal(&error) => return Err(Fatal),
            Err(error) => tracing::warn!(
                kind = "store_fault",
                code = failure::code(&error),
                "the store could not be compacted"
            ),
        }
        Ok(())
    }

    fn signal(&self, signal: Signal) {
        // The other side is gone only when the store is broken, and its callers know by then.
        let _ = self.checkpoint.send(signal);
    }
}

/// Makes one change within the transaction, and says whether anything was forgotten.
fn apply(transaction: &Transaction<'_>, change: &mut Change, room: Room) -> rusqlite::Result<bool> {
    match change {
        Change::Append(append, pending) => {
            pending.outcome = Some(add(transaction, append, room)?);
            Ok(false)
        }
        Change::Forget(session, erased_at, pending) => {
            let forgot = forget(transaction, *session, *erased_at)?;
            pending.outcome = Some(());
            Ok(forgot)
        }
        Change::ForgetExpired { now, limit, pending } => {
            let expired = expired(transaction, *now, *limit)?;
            for session in &expired {
                forget(transaction, *session, *now)?;
            }
            let forgot = !expired.is_empty();
            pending.outcome = Some(expired);
            Ok(forgot)
        }
        Change::Flush(_) => Ok(false),
    }
}

fn add(
    transaction: &Transaction<'_>,
    append: &Append,
    room: Room,
) -> rusqlite::Result<Result<Revision, AppendError>> {
    let Append { session, after, events, expires_at } = append;
    let hash = store::hash(*session);
    let known = find(transaction, hash)?;
    if known.as_ref().is_some_and(|known| known.gone) {
        return Ok(Err(AppendError::Gone));
    }
    let head = known.as_ref().map_or(0, |known| known.head);
    if after.0 != head {
        return Ok(Err(AppendError::Conflict));
    }
    let needed = if known.is_none() { Room::ForSessions } else { Room::ForChanges };
    if !events.is_empty() && room < needed {
        return Ok(Err(AppendError::Busy));
    }
    let number = match known {
        Some(Known { number, expires_at: stored, .. }) => {
            if stored != expires_at.0 {
                transaction
                    .prepare_cached("UPDATE session SET expires_at = ?2 WHERE number = ?1")?
                    .execute(params![number, expires_at.0])?;
            }
            number
        }
        None if events.is_empty() => return Ok(Ok(*after)),
        None => transaction
            .prepare_cached("INSERT INTO session (id_hash, id, gone, expires_at) VALUES (?1, ?2, 0, ?3)")?
            .insert(params![hash, session.as_bytes(), expires_at.0])?,
    };
    let revision = head + events.len() as u64;
    if !events.is_empty() {
        transaction
            .prepare_cached("INSERT INTO event (session, revision, body) VALUES (?1, ?2, ?3)")?
            .execute(params![number, revision, rows::join(events)])?;
    }
    Ok(Ok(Revision(revision)))
}

/// What the database has of a session.
struct Known {
    number: i64,
    gone: bool,
    expires_at: i64,
    /// The revision of its newest event.
    head: u64,
}

fn find(transaction: &Transaction<'_>, hash: [u8; 32]) -> rusqlite::Result<Option<Known>> {
    transaction
        .prepare_cached(
            "SELECT number, gone, expires_at, (SELECT max(revision) FROM event WHERE session = session.number)
             FROM session WHERE id_hash = ?1",
        )?
        .query_row([hash], |row| {
            let head = row.get::<_, Option<u64>>(3)?.unwrap_or(0);
            Ok(Known { number: row.get(0)?, gone: row.get(1)?, expires_at: row.get(2)?, head })
        })
        .optional()
}

/// Overwrites everything of a session in place (see [`super::schema`]), and says whether there was one.
fn forget(transaction: &Transaction<'_>, session: SessionId, erased_at: Timestamp) -> rusqlite::Result<bool> {
    let number: Option<i64> = transaction
        .prepare_cached("SELECT number FROM session WHERE id_hash = ?1 AND gone = 0")?
        .query_row([store::hash(session)], |row| row.get(0))
        .optional()?;
    let Some(number) = number else {
        return Ok(false);
    };
    transaction
        .prepare_cached(
            "UPDATE space SET erased = erased + (SELECT total(length(body)) FROM event WHERE session = ?1)",
        )?
        .execute([number])?;
    transaction
        .prepare_cached("UPDATE event SET body = zeroblob(length(body)) WHERE session = ?1")?
        .execute([number])?;
    transaction
        .prepare_cached(
            "UPDATE session SET id = zeroblob(length(id)), gone = 1, expires_at = ?2 WHERE number = ?1",
        )?
        .execute(params![number, erased_at.0])?;
    Ok(true)
}

fn expired(transaction: &Transaction<'_>, now: Timestamp, limit: u32) -> rusqlite::Result<Vec<SessionId>> {
    transaction
        .prepare_cached(
            "SELECT id FROM session WHERE gone = 0 AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2",
        )?
        .query_map(params![now.0, limit], |row| row.get(0).map(SessionId::from_bytes))?
        .collect()
}
