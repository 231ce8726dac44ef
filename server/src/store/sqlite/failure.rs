//! What an error of SQLite means for what was asked.

use crate::store::{AppendError, StoreError};
use rusqlite::ffi;

/// Why a change was not acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// Not stored; may work later.
    Busy,
    /// Not stored.
    Down,
    /// Stored or not.
    Unknown,
}

impl From<Failure> for AppendError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Busy => Self::Busy,
            Failure::Down => Self::Down,
            Failure::Unknown => Self::Unknown,
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Busy => Self::Busy,
            // Forgetting may be repeated at will, so "not known" needs no name of its own.
            Failure::Down | Failure::Unknown => Self::Down,
        }
    }
}

/// SQLite's extended result code; 0 when the error is not SQLite's.
pub(super) fn code(error: &rusqlite::Error) -> i32 {
    error.sqlite_error().map_or(0, |error| error.extended_code)
}

fn primary(error: &rusqlite::Error) -> i32 {
    code(error) & 0xff
}

/// An error before the commit began: nothing is stored.
pub(super) fn before_commit(error: &rusqlite::Error) -> Failure {
    match primary(error) {
        ffi::SQLITE_BUSY | ffi::SQLITE_FULL => Failure::Busy,
        _ => Failure::Down,
    }
}

/// An error of the commit itself. A full disk or another writer stop it before its last page is written;
/// anything else may have struck afterwards.
pub(super) fn at_commit(error: &rusqlite::Error) -> Failure {
    match primary(error) {
        ffi::SQLITE_BUSY | ffi::SQLITE_FULL => Failure::Busy,
        _ => Failure::Unknown,
    }
}

/// Whether another program is in the way.
pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(primary(error), ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED)
}

/// Whether going on could lose or damage more: after a failed sync the system may hold pages for written that
/// are not.
pub(super) fn is_fatal(error: &rusqlite::Error) -> bool {
    matches!(code(error), ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC) || is_damage(error)
}

/// Whether the database is damaged.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(primary(error), ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB)
}
