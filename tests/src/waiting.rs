//! The one limit that all waiting shares.

use std::future::Future;
use std::time::Duration;

/// How long a test waits for anything. Only a failure reaches it, so it is generous: a slow machine is no failure.
pub const LIMIT: Duration = Duration::from_secs(60);

/// What `future` gives.
///
/// # Panics
/// When the limit is reached; `what` says what was waited for.
pub async fn within_limit<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(LIMIT, future).await {
        Ok(value) => value,
        Err(_) => panic!("waited {} s in vain for {what}", LIMIT.as_secs()),
    }
}

/// Looks again and again until `look` gives something. For what sends no news: files, memory, other programs.
///
/// # Panics
/// When the limit is reached; `what` says what was waited for.
pub async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let mut rounds = tokio::time::interval(Duration::from_millis(5));
    within_limit(what, async {
        loop {
            if let Some(value) = look() {
                return value;
            }
            rounds.tick().await;
        }
    })
    .await
}
