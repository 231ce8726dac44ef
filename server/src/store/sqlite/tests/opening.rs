//! Opening a data folder: again, twice at once, damaged, older, newer, foreign, too open.

use super::*;
use crate::store::contract::within;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::os::unix::fs::PermissionsExt;

fn database(folder: &TempDir) -> PathBuf {
    folder.path().join("attune.db")
}

#[tokio::test]
async fn keep_12_reopening_keeps_everything_acknowledged() {
    let folder = TempDir::new().expect("folder");
    let store = open(&folder).expect("opened");
    store.append(append(session(1), 0, &["a"])).await.expect("stored");
    store.append(append(session(2), 0, &["x", "y"])).await.expect("stored");
    store.append(append(session(1), 1, &["b"])).await.expect("stored");
    store.forget(session(2), Timestamp(5)).await.expect("forgotten");
    // Dropped, not closed: the threads end when they are done, and only then the folder is free.
    drop(store);
    let store = within(async {
        loop {
            match open(&folder) {
                Err(OpenError::InUse) => tokio::task::yield_now().await,
                opened => break opened.expect("opened"),
            }
        }
    })
    .await;
    assert_eq!(store.load(session(1)).await, events(&["a", "b"]));
    assert_eq!(store.load(session(2)).await, Ok(Loaded::Gone));
    assert_eq!(store.append(append(session(2), 0, &["late"])).await, Err(AppendError::Gone));
    assert_eq!(store.append(append(session(1), 1, &["late"])).await, Err(AppendError::Conflict));
    assert_eq!(store.append(append(session(1), 2, &["c"])).await, Ok(Revision(3)));
    assert_eq!(store.forget_expired(Timestamp(999_999), 10).await, Ok(vec![]));
    assert_eq!(store.forget_expired(Timestamp(1_000_000), 10).await, Ok(vec![session(1)]));
}

#[tokio::test]
async fn t36_keep_17_a_folder_in_use_is_refused() {
    let folder = TempDir::new().expect("folder");
    let store = open(&folder).expect("opened");
    assert!(matches!(open(&folder), Err(OpenError::InUse)));
    store.append(append(session(1), 0, &["a"])).await.expect("the first is not disturbed");
    store.close().await;
    let again = open(&folder).expect("free again");
    assert_eq!(again.load(session(1)).await, events(&["a"]));
}

#[tokio::test]
async fn t36_keep_18_a_newer_database_is_refused_unwritten() {
    let folder = closed_store(1).await;
    let other = Connection::open(database(&folder)).expect("opened");
    // The new version stands only in the log, as after a crash.
    other.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).expect("set");
    other.pragma_update(None, "user_version", 99).expect("set");
    other.close().expect("closed");
    let contents = || -> Vec<_> {
        let mut files = files(folder.path());
        // The index of the log is made anew by whoever opens it.
        files.retain(|path, _| path.extension().is_none_or(|extension| extension != "db-shm"));
        files.into_iter().collect()
    };
    let before = contents();
    assert!(before.iter().any(|(path, log)| path.ends_with("attune.db-wal") && !log.is_empty()));
    assert!(matches!(open(&folder), Err(OpenError::Newer { found: 99, known: 2 })));
    assert!(contents() == before, "something was written");
}

#[tokio::test]
async fn keep_19_an_older_database_is_brought_up_to_date_step_by_step() {
    let folder = closed_store(3).await;
    let mut connection = Connection::open(database(&folder)).expect("opened");
    let number =
        |connection: &Connection, sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0));

    let broken = [schema::STEPS, &["CREATE TABLE half (a); CREATE TABLE nonsense"]].concat();
    schema::migrate(&mut connection, &broken).expect_err("the last step fails");
    assert_eq!(number(&connection, "PRAGMA user_version"), Ok(schema::STEPS.len() as i64));
    number(&connection, "SELECT count(*) FROM half").expect_err("nothing of the step is there");

    let sound = [schema::STEPS, &["CREATE TABLE one (a)", "CREATE TABLE two AS SELECT * FROM one"]].concat();
    schema::migrate(&mut connection, &sound).expect("migrated");
    schema::migrate(&mut connection, &sound).expect("nothing to do");
    assert_eq!(number(&connection, "PRAGMA user_version"), Ok(schema::STEPS.len() as i64 + 2));
    assert_eq!(number(&connection, "SELECT count(*) FROM event"), Ok(3));
}

#[tokio::test]
async fn keep_26_rows_of_one_event_and_of_many_are_one_log_and_a_gap_is_no_shorter_one() {
    let folder = TempDir::new().expect("folder");
    let store = open(&folder).expect("opened");
    for (after, bodies) in [(0, &["a"] as &[_]), (1, &["b"]), (2, &["c", "", "e"]), (5, &["f"])] {
        store.append(append(session(1), after, bodies)).await.expect("stored");
    }
    store.close().await;
    let connection = Connection::open(database(&folder)).expect("opened");
    let rows: i64 =
        connection.query_row("SELECT count(*) FROM event", [], |row| row.get(0)).expect("counted");
    assert_eq!(rows, 4, "what was appended together is one row");
    connection.execute_batch("PRAGMA user_version = 1").expect("an older program wrote the others");

    let store = open(&folder).expect("opened");
    assert_eq!(store.load(session(1)).await, events(&["a", "b", "c", "", "e", "f"]));
    assert_eq!(store.append(append(session(1), 5, &["g"])).await, Err(AppendError::Conflict));
    assert_eq!(store.append(append(session(1), 6, &["g", "h"])).await, Ok(Revision(8)));
    store.close().await;

    for revision in [1, 2, 5, 6] {
        connection
            .execute("UPDATE event SET session = -session WHERE revision = ?1", [revision])
            .expect("it is taken out");
        let store = open(&folder).expect("opened");
        assert_eq!(store.load(session(1)).await, Err(StoreError::Down), "without {revision}");
        store.close().await;
        connection.execute_batch("UPDATE event SET session = abs(session)").expect("it is back");
    }
}

#[tokio::test]
async fn t36_keep_20_a_damaged_database_is_refused_and_never_replaced() {
    type Damage = fn(&Path, Vec<u8>);
    let damages: [(&str, Damage); 5] = [
        ("empty", |path, _| std::fs::write(path, []).expect("written")),
        ("cut short", |path, bytes| std::fs::write(path, &bytes[..bytes.len() / 2]).expect("written")),
        ("no database", |path, bytes| std::fs::write(path, vec![b'x'; bytes.len()]).expect("written")),
        ("overwritten page", |path, mut bytes| {
            let middle = bytes.len() / 8_192 * 4_096;
            bytes[middle..middle + 4_096].fill(0xA5);
            std::fs::write(path, bytes).expect("written");
        }),
        ("without tables", |path, _| {
            std::fs::remove_file(path).expect("removed");
            let other = Connection::open(path).expect("made");
            other.pragma_update(None, "application_id", 0x4174_7475).expect("set");
            other.execute_batch("CREATE TABLE other (a)").expect("made");
        }),
    ];
    for (name, damage) in damages {
        let folder = closed_store(100).await;
        damage(&database(&folder), std::fs::read(database(&folder)).expect("read"));
        let before = std::fs::read(database(&folder)).expect("read");
        let refused = open(&folder).expect_err(name);
        assert!(matches!(refused, OpenError::Damaged), "{name}: {refused:?}");
        assert!(std::fs::read(database(&folder)).expect("read") == before, "{name}: it was written");
    }
}

#[tokio::test]
async fn t36_keep_21_a_folder_of_others_is_refused_untouched() {
    let folder = TempDir::new().expect("folder");
    std::fs::write(folder.path().join("letter.txt"), "dear").expect("written");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("set");
    assert!(matches!(open(&folder), Err(OpenError::NotOurs)));
    assert_eq!(files(folder.path()).len(), 1);
    assert_eq!(mode(folder.path()), 0o755);

    let lost = closed_store(1).await;
    std::fs::rename(database(&lost), lost.path().join("attune.db-wal")).expect("moved");
    assert!(matches!(open(&lost), Err(OpenError::NotOurs)), "a log without its database is no new start");

    let foreign = TempDir::new().expect("folder");
    let other = Connection::open(database(&foreign)).expect("made");
    other.execute_batch("CREATE TABLE recipe (name); INSERT INTO recipe VALUES ('soup')").expect("made");
    other.close().expect("closed");
    std::fs::set_permissions(foreign.path(), std::fs::Permissions::from_mode(0o755)).expect("set");
    let before = files(foreign.path());
    assert!(matches!(open(&foreign), Err(OpenError::NotOurs)));
    assert!(files(foreign.path()) == before, "RUN-29: no lock is left");
    assert_eq!(mode(foreign.path()), 0o755, "RUN-29");
}

#[tokio::test]
async fn run_29_a_refused_start_leaves_no_lock_where_there_was_none() {
    let folder = closed_store(1).await;
    let lock = folder.path().join("attune.lock");
    std::fs::write(database(&folder), "no database").expect("written");
    assert!(matches!(open(&folder), Err(OpenError::Damaged)));
    assert!(lock.exists(), "one that lay there still does");
    std::fs::remove_file(&lock).expect("removed");
    assert!(matches!(open(&folder), Err(OpenError::Damaged)));
    assert!(!lock.exists());
}

#[tokio::test]
async fn keep_22_a_start_that_was_cut_off_is_begun_anew() {
    let folder = TempDir::new().expect("folder");
    for name in ["attune.lock", "attune.db.new", "attune.db.new-journal"] {
        std::fs::write(folder.path().join(name), "half").expect("written");
    }
    let store = open(&folder).expect("opened");
    store.append(append(session(1), 0, &["a"])).await.expect("stored");
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).expect("there").permissions().mode() & 0o777
}

#[tokio::test]
async fn t60_keep_23_nobody_else_can_read_the_folder_or_its_files() {
    let outer = TempDir::new().expect("folder");
    let path = outer.path().join("new").join("data");
    for _ in 0..2 {
        let store = SqliteStore::open(&path, SqliteOptions::default()).expect("opened");
        store.append(append(session(1), 0, &["a"])).await.ok();
        assert_eq!(mode(&path), 0o700);
        let modes: Vec<_> = files(&path).into_keys().map(|file| (mode(&file), file)).collect();
        assert!(modes.len() >= 4, "the database, its log, its index and the lock: {modes:?}");
        assert!(modes.iter().all(|(mode, _)| *mode == 0o600), "{modes:?}");
        store.close().await;
        // The second time, all of it was opened to everybody in between.
        for file in files(&path).into_keys() {
            std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o666)).expect("set");
        }
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o777)).expect("set");
    }
}

#[test]
fn every_refusal_is_one_line_without_a_path() {
    let refusals = [
        OpenError::Io(std::fs::read("/nowhere/secret").expect_err("not there")),
        OpenError::InUse,
        OpenError::NotOurs,
        OpenError::Newer { found: 9, known: 1 },
        OpenError::Damaged,
        OpenError::OldSqlite,
        OpenError::from(
            Connection::open_with_flags("/nowhere/secret", OpenFlags::SQLITE_OPEN_READ_ONLY)
                .expect_err("not there"),
        ),
    ];
    for refusal in refusals {
        let line = refusal.to_string();
        assert!(!line.contains('\n') && !line.contains("secret"), "{line}");
    }
}
