//! A store that counts what another one does.

use async_trait::async_trait;
use attune_protocol::ids::{Revision, SessionId, Timestamp};
use std::sync::Arc;

use super::{Append, AppendError, Loaded, Store, StoreError};
use crate::clock::Stopwatch;
use crate::metrics::Metrics;

/// Passes everything on, and counts appends, their time and their failures.
pub(crate) struct MeasuredStore {
    inner: Arc<dyn Store>,
    metrics: Arc<Metrics>,
}

impl MeasuredStore {
    /// Counts what `inner` does.
    pub(crate) fn new(inner: Arc<dyn Store>, metrics: Arc<Metrics>) -> Self {
        Self { inner, metrics }
    }
}

#[async_trait]
impl Store for MeasuredStore {
    async fn append(&self, append: Append) -> Result<Revision, AppendError> {
        let watch = Stopwatch::start();
        let appended = self.inner.append(append).await;
        match appended {
            Ok(_) => self.metrics.count_append(watch.seconds()),
            Err(AppendError::Unknown) => self.metrics.count_store_failure("unknown"),
            Err(AppendError::Busy) => self.metrics.count_store_failure("busy"),
            Err(AppendError::Down) => self.metrics.count_store_failure("down"),
            // A race that was lost, or a session that is over: the store is well.
            Err(AppendError::Conflict | AppendError::Gone) => {}
        }
        appended
    }

    async fn load(&self, session: SessionId) -> Result<Loaded, StoreError> {
        self.inner.load(session).await
    }

    async fn forget(&self, session: SessionId, erased_at: Timestamp) -> Result<(), StoreError> {
        self.inner.forget(session, erased_at).await
    }

    async fn forget_expired(&self, now: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.inner.forget_expired(now, limit).await
    }

    async fn count(&self) -> Result<u64, StoreError> {
        self.inner.count().await
    }

    async fn flush(&self) -> Result<(), StoreError> {
        self.inner.flush().await
    }

    async fn close(&self) {
        self.inner.close().await;
    }

    async fn broken(&self) {
        self.inner.broken().await;
    }
}
