//! The thread that folds the write-ahead log into the database, so that no commit has to wait for that.

use super::Health;
use super::failure;
use crate::store::StoreError;
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::time::Duration;
use tokio::sync::oneshot;

/// Past this many bytes the log is emptied even though writers have to wait for it.
const LONGEST_LOG: u64 = 64 * 1024 * 1024;

/// How long emptying the log waits for readers. Writers wait with it, so it is short: the next signal tries again.
pub(super) const PATIENCE: Duration = Duration::from_millis(250);

/// What the writer tells this thread.
pub(super) enum Signal {
    /// The log has grown.
    Fold,
    /// The log holds what was forgotten: empty it.
    Scrub,
    /// A good moment to try again what was hindered.
    Retry,
    /// Empty the log and say when it is.
    Flush(oneshot::Sender<Result<(), StoreError>>),
}

pub(super) struct Checkpointer {
    pub(super) connection: Connection,
    pub(super) signals: Receiver<Signal>,
    pub(super) log: PathBuf,
    pub(super) health: Health,
}

impl Checkpointer {
    /// Works until the writer has ended, and leaves the log empty.
    pub(super) fn run(self) {
        // What an earlier process forgot may still be in the log.
        let mut scrub = self.log_length() > 0;
        while let Ok(first) = self.signals.recv() {
            let mut fold = false;
            let mut waiting = Vec::new();
            for signal in std::iter::once(first).chain(self.signals.try_iter()) {
                match signal {
                    Signal::Fold => fold = true,
                    Signal::Scrub => scrub = true,
                    Signal::Retry => {}
                    Signal::Flush(reply) => waiting.push(reply),
                }
            }
            scrub |= !waiting.is_empty();
            let result = if scrub || self.log_length() > LONGEST_LOG {
                self.checkpoint("TRUNCATE")
            } else if fold {
                self.checkpoint("PASSIVE")
            } else {
                continue;
            };
            scrub &= result.is_err();
            for reply in waiting {
                let _ = reply.send(result);
            }
            if result == Err(StoreError::Down) {
                self.health.declare_broken();
                return;
            }
        }
        let _ = self.checkpoint("TRUNCATE");
    }

    /// A `TRUNCATE` succeeds when the log is empty, a `PASSIVE` always, as far as it comes.
    fn checkpoint(&self, mode: &str) -> Result<(), StoreError> {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        match self.connection.query_row(&sql, [], |row| row.get::<_, bool>(0)) {
            Ok(hindered) if hindered && mode == "TRUNCATE" => Err(StoreError::Busy),
            Ok(_) => Ok(()),
            Err(error) => {
                tracing::error!(
                    kind = "store_fault",
                    code = failure::code(&error),
                    "the store's log could not be folded"
                );
                if failure::is_fatal(&error) { Err(StoreError::Down) } else { Err(StoreError::Busy) }
            }
        }
    }

    fn log_length(&self) -> u64 {
        std::fs::metadata(&self.log).map_or(0, |log| log.len())
    }
}
