//! The thread that reads, on a connection that cannot write.

use super::{failure, queue, rows};
use crate::store::{self, Loaded, StoreError};
use attune_protocol::ids::SessionId;
use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Transaction};
use std::sync::mpsc::Receiver;
use tokio::sync::oneshot;

/// How many questions are answered from one moment at most: while that lasts the log cannot be emptied, and to read the
/// session of a busy meeting takes some milliseconds.
const TOGETHER: usize = 32;

/// Pages that are kept while questions are answered together, in KiB: those of some thousand sessions.
pub(super) const CACHE_KIB: i64 = 8 * 1024;

/// What the reader can be asked for.
pub(super) enum Question {
    Load(SessionId, oneshot::Sender<Result<Loaded, StoreError>>),
    Count(oneshot::Sender<Result<u64, StoreError>>),
}

/// Answers until nobody can ask any more.
pub(super) fn run(mut connection: Connection, questions: &Receiver<Question>) {
    while let Ok(first) = questions.recv() {
        answer(&mut connection, queue::gather(questions, first, TOGETHER));
    }
}

/// Answers what was asked before this began, from one moment: while somebody writes, pages that were read for one question
/// are kept for the next within a transaction only, and sessions that met at one time lie on the same pages. A question
/// that is dropped is answered as by a store that does not work.
fn answer(connection: &mut Connection, questions: Vec<Question>) {
    let transaction = match connection.transaction() {
        Ok(transaction) => transaction,
        Err(error) => {
            Trouble::Sqlite(error).report();
            return;
        }
    };
    for question in questions {
        // A fault of the disk ends the transaction, and with it the moment.
        if transaction.is_autocommit() {
            return;
        }
        match question {
            Question::Load(session, reply) => {
                let _ = reply.send(load(&transaction, session).map_err(Trouble::report));
            }
            Question::Count(reply) => {
                let _ = reply.send(count(&transaction).map_err(|error| Trouble::Sqlite(error).report()));
            }
        }
    }
}

enum Trouble {
    Sqlite(rusqlite::Error),
    Hole,
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl Trouble {
    fn report(self) -> StoreError {
        match self {
            Self::Sqlite(error) if failure::is_busy(&error) => StoreError::Busy,
            Self::Sqlite(error) => {
                tracing::error!(
                    kind = "store_fault",
                    code = failure::code(&error),
                    "the store could not be read"
                );
                StoreError::Down
            }
            Self::Hole => {
                tracing::error!(kind = "store_fault", "a stored session has lost events");
                StoreError::Down
            }
        }
    }
}

/// Reads a session's log. Both statements have to see the same moment.
fn load(transaction: &Transaction<'_>, session: SessionId) -> Result<Loaded, Trouble> {
    let known = transaction
        .prepare_cached("SELECT number, gone FROM session WHERE id_hash = ?1")?
        .query_row([store::hash(session)], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)))
        .optional()?;
    let number = match known {
        None => return Ok(Loaded::Absent),
        Some((_, true)) => return Ok(Loaded::Gone),
        Some((number, false)) => number,
    };
    let mut select = transaction
        .prepare_cached("SELECT revision, body FROM event WHERE session = ?1 ORDER BY revision")?;
    let mut found = select.query([number])?;
    let mut events = Vec::new();
    while let Some(row) = found.next()? {
        let (revision, body) = (row.get(0)?, Bytes::from(row.get::<_, Vec<u8>>(1)?));
        rows::split(body, revision, &mut events).ok_or(Trouble::Hole)?;
    }
    if events.is_empty() { Err(Trouble::Hole) } else { Ok(Loaded::Events(events)) }
}

fn count(connection: &Connection) -> rusqlite::Result<u64> {
    connection.prepare_cached("SELECT count(*) FROM session WHERE gone = 0")?.query_row([], |row| row.get(0))
}
