//! What whoever runs a server does with it: look whether all is well, back up, restore, erase.

mod ask;
mod check;

pub use crate::disk::free_space;
pub(crate) use ask::READY;
pub use ask::{NotReady, ask_whether_ready};
pub use check::{Finding, Verdict, check};

use attune_protocol::ids::SessionId;
use std::path::Path;
use std::{fmt, io};

use crate::clock::{Clock, SystemClock};
use crate::store::sqlite::{OpenError, SqliteOptions, SqliteStore, look};
use crate::store::{Loaded, Store, StoreError};

/// Why a session was not erased.
#[derive(Debug)]
pub enum EraseError {
    /// There is no data folder here.
    NothingThere,
    /// The folder cannot be used; a server that runs on it is the usual reason.
    Unusable(OpenError),
    /// There never was such a session, or the folder is another one.
    Unknown,
    /// The disk or the database failed.
    Failed(StoreError),
    /// The clock could not be read.
    Clock(io::Error),
}

impl fmt::Display for EraseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingThere => f.write_str("the data folder holds no Attune database"),
            Self::Unusable(OpenError::InUse) => f.write_str(
                "a server runs on this folder: stop it, erase, and start it again; open pages come back by themselves",
            ),
            Self::Unusable(error) => error.fmt(f),
            Self::Unknown => f.write_str("this folder has never held a session with this id"),
            Self::Failed(error) => error.fmt(f),
            Self::Clock(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for EraseError {}

/// What became of an erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// It is gone now.
    Now,
    /// It was gone already.
    Before,
}

/// Erases a session from a data folder on which no server runs. When this returns, nothing of it is left in any file
/// but a hash of its id and the time.
///
/// # Errors
/// See [`EraseError`].
pub async fn erase(folder: &Path, session: SessionId) -> Result<Erased, EraseError> {
    // Opening would make a folder that is not there.
    let has_database = folder.is_dir() && look(folder).map_err(EraseError::Unusable)?.sessions.is_some();
    if !has_database {
        return Err(EraseError::NothingThere);
    }
    let now = SystemClock::new().map_err(EraseError::Clock)?.now();
    let store = SqliteStore::open(folder, SqliteOptions::default()).map_err(EraseError::Unusable)?;
    let erased = match store.load(session).await.map_err(EraseError::Failed)? {
        Loaded::Absent => Err(EraseError::Unknown),
        Loaded::Gone => Ok(Erased::Before),
        Loaded::Events(_) => {
            store.forget(session, now).await.map_err(EraseError::Failed)?;
            Ok(Erased::Now)
        }
    };
    store.flush().await.map_err(EraseError::Failed)?;
    store.close().await;
    erased
}
