//! What waits in a queue of the store, taken together.

use std::sync::mpsc::Receiver;

/// Takes what waits behind `first`, at most `most` in all: a commit or a look at the database costs nearly the same for
/// one or many, so whoever else is ready to run on this core comes first, for as long as that brings more. Where nobody
/// is, this takes no time.
pub(super) fn gather<T>(queue: &Receiver<T>, first: T, most: usize) -> Vec<T> {
    let mut batch = vec![first];
    loop {
        let before = batch.len();
        std::thread::yield_now();
        batch.extend(queue.try_iter().take(most.saturating_sub(before)));
        if batch.len() == before {
            return batch;
        }
    }
}
