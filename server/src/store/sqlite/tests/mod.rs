//! What the store in a folder keeps to beyond the contract.

use super::*;
use crate::store::contract::{self, Subject, append, events, session};
use std::collections::BTreeMap;
use std::path::PathBuf;
use tempfile::TempDir;

mod crash;
mod erasure;
mod opening;

async fn subject(queue: usize) -> Subject {
    let folder = TempDir::new().expect("folder");
    let store =
        SqliteStore::open(folder.path(), SqliteOptions { queue, ..Default::default() }).expect("opened");
    let database = folder.path().join("attune.db");
    Subject {
        store: Arc::new(store),
        stall: Box::new(move || {
            let other = rusqlite::Connection::open(&database).expect("a second connection");
            other.busy_timeout(schema::PATIENCE).expect("set");
            other.execute_batch("BEGIN IMMEDIATE").expect("the write lock");
            Box::new(other)
        }),
        kept: Some(Box::new(folder)),
    }
}

contract::suite!(subject);

fn open(folder: &TempDir) -> Result<SqliteStore, OpenError> {
    SqliteStore::open(folder.path(), SqliteOptions::default())
}

/// The folder of a store that was closed with `sessions` sessions of one event each.
async fn closed_store(sessions: u32) -> TempDir {
    let folder = TempDir::new().expect("folder");
    let store = open(&folder).expect("opened");
    let appends = (0..sessions)
        .map(|number| store.append(append(session(number), 0, &["a body ".repeat(50).as_str()])));
    for appended in futures_util::future::join_all(appends).await {
        appended.expect("stored");
    }
    store.close().await;
    folder
}

/// Every file of a folder with its content.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    std::fs::read_dir(folder)
        .expect("listed")
        .map(|entry| entry.expect("listed").path())
        .map(|path| (path.clone(), std::fs::read(path).expect("read")))
        .collect()
}

#[tokio::test]
async fn t50_with_little_room_no_session_is_begun_and_with_less_nothing_is_kept() {
    let folder = closed_store(1).await;
    let little = SqliteOptions { free_for_sessions: u64::MAX, ..Default::default() };
    let store = SqliteStore::open(folder.path(), little).expect("opened");
    assert_eq!(store.append(append(session(7), 0, &["new"])).await, Err(AppendError::Busy));
    store.append(append(session(0), 1, &["more"])).await.expect("what runs goes on");
    store.close().await;
    let less = SqliteOptions { free_for_changes: u64::MAX, ..Default::default() };
    let store = SqliteStore::open(folder.path(), less).expect("opened");
    assert_eq!(store.append(append(session(0), 2, &["more"])).await, Err(AppendError::Busy));
    store.forget(session(0), Timestamp(1)).await.expect("what makes room is done");
    store.close().await;
}
