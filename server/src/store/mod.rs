//! Where the events of sessions are kept: one log per session, appended at an expected revision.
//!
//! The numbered behaviours (KEEP-1 and on) are the contract of every store; one suite runs them on each.

use async_trait::async_trait;
use attune_protocol::ids::{Revision, SessionId, Timestamp};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::fmt;

pub(crate) mod measured;
pub mod memory;
pub mod sqlite;

#[cfg(test)]
mod contract;

/// How many changes may wait unless configured otherwise.
pub const DEFAULT_QUEUE: usize = 4_096;

/// Events to be added to one session's log, all or none.
#[derive(Debug, Clone)]
pub struct Append {
    /// Whose log.
    pub session: SessionId,
    /// How many events the caller knows of. [`Revision`] 0 creates the session.
    pub after: Revision,
    /// The new events in their order. None at all changes only `expires_at`, and creates nothing.
    pub events: Vec<Bytes>,
    /// From when on [`Store::forget_expired`] may forget the session. Replaces what an earlier append said.
    pub expires_at: Timestamp,
}

/// Why an append was not acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppendError {
    /// The log does not end at `after`. Nothing was stored: load, and decide again.
    Conflict,
    /// It may be stored or not. Load, and look whether it is.
    Unknown,
    /// The session was forgotten. Nothing was stored, and nothing ever will be.
    Gone,
    /// Too much waits already, or the disk is full. Nothing was stored: try again later.
    Busy,
    /// The store does not work or is closed. Nothing was stored.
    Down,
}

/// Why the store did not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreError {
    /// Too much waits already, or the disk is full. Nothing was changed: try again later.
    Busy,
    /// The store does not work or is closed.
    Down,
}

impl fmt::Display for AppendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Conflict => "the session's log has moved on",
            Self::Unknown => "it is not known whether the events were stored",
            Self::Gone => "the session was forgotten",
            Self::Busy => "the store is busy",
            Self::Down => "the store does not work",
        })
    }
}

impl std::error::Error for AppendError {}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        AppendError::from(*self).fmt(f)
    }
}

impl std::error::Error for StoreError {}

impl From<StoreError> for AppendError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy,
            StoreError::Down => Self::Down,
        }
    }
}

/// What a store knows of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded {
    /// All its events, in order; at least one. The revision of each is its place, counted from 1.
    Events(Vec<Bytes>),
    /// It was forgotten.
    Gone,
    /// There never was one.
    Absent,
}

/// Keeps the logs of sessions.
///
/// A caller that stops waiting for the answer to an append must take it as [`AppendError::Unknown`].
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Adds events to a session's log and gives its new end. The answer comes once they are on disk.
    ///
    /// # Errors
    /// See [`AppendError`]; all but `Unknown` promise that nothing was stored.
    async fn append(&self, append: Append) -> Result<Revision, AppendError>;

    /// All events of a session, with everything acknowledged before the call.
    ///
    /// # Errors
    /// See [`StoreError`]. A log that is damaged is `Down`, never a shorter log.
    async fn load(&self, session: SessionId) -> Result<Loaded, StoreError>;

    /// Forgets a session for good: its events are gone, and it answers `Gone` from now on. What stays is a
    /// hash of its id and `erased_at`. Of a session that is unknown or forgotten already nothing changes.
    ///
    /// # Errors
    /// See [`StoreError`]; `Down` also when it is not known whether it was done: repeat it.
    async fn forget(&self, session: SessionId, erased_at: Timestamp) -> Result<(), StoreError>;

    /// Forgets up to `limit` of the sessions whose `expires_at` is not after `now`, the earliest first, and says
    /// which. To be called at least once a minute: it is also when a cleaning that was hindered is tried again.
    ///
    /// # Errors
    /// As [`Store::forget`].
    async fn forget_expired(&self, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError>;

    /// How many sessions there are, without the forgotten ones.
    ///
    /// # Errors
    /// See [`StoreError`].
    async fn count(&self) -> Result<u64, StoreError>;

    /// Resolves when nothing of what was forgotten before the call is left in any file.
    ///
    /// # Errors
    /// `Busy` when another program that reads the files hinders it: it is tried again later.
    async fn flush(&self) -> Result<(), StoreError>;

    /// Finishes what was accepted and stops. From then on every call answers `Down`.
    async fn close(&self);

    /// Resolves when the store can never work again before a restart; otherwise never. The process should end
    /// then: what the disk failed to write must be read anew, not written again.
    async fn broken(&self);
}

/// What is kept of a forgotten session, so that it is known as forgotten and by nobody else.
fn hash(session: SessionId) -> [u8; 32] {
    Sha256::digest(session.as_bytes()).into()
}
