//! The tables: making them, bringing older ones up to date, refusing what is damaged, newer or foreign.
//!
//! # Erasure
//! `secure_delete` zeroes a deleted row where it lies. But SQLite also *moves* rows, whenever it splits or
//! merges pages of a table, and leaves stale copies behind where no statement can reach them. So rows with
//! anything in them never move here: `event` and `session` only grow at their end, their rows keep their
//! length, and forgetting overwrites them in place with zeroes. What that leaves is given back by a compaction,
//! which writes every page anew. (`auto_vacuum` would move rows, and is off.)

use super::OpenError;
use super::folder::Folder;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, ffi};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// Marks a database as Attune's: "Attu".
const APPLICATION_ID: i32 = 0x4174_7475;

/// Older ones can damage the database when one connection writes and another one checkpoints.
const OLDEST_SQLITE: i32 = 3_051_003;

/// Up to this length a database is checked at every start, which takes about a millisecond for each megabyte.
/// A longer one is checked after a crash only.
const ALWAYS_CHECKED: u64 = 64 * 1024 * 1024;

/// How long a statement waits for another connection's: a checkpoint, or a person with a database tool.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Step `n` leads from version `n` to `n + 1`. Steps that were released are never changed. One that
/// rewrites or deletes rows moves others, and so has to be followed by a `VACUUM`.
pub(super) const STEPS: &[&str] = &["
    CREATE TABLE session (
        number     INTEGER PRIMARY KEY,
        id_hash    BLOB NOT NULL UNIQUE,  -- SHA-256 of the id; stays when the session is forgotten
        id         BLOB NOT NULL,         -- zeroes once forgotten
        gone       INTEGER NOT NULL,      -- 1 once forgotten
        expires_at INTEGER NOT NULL       -- once forgotten: when that was
    ) STRICT;
    CREATE INDEX session_expiry ON session (expires_at) WHERE gone = 0;
    CREATE TABLE event (
        number     INTEGER PRIMARY KEY,
        session    INTEGER NOT NULL,
        revision   INTEGER NOT NULL,      -- from 1, without gaps
        body       BLOB NOT NULL,         -- zeroes once forgotten
        UNIQUE (session, revision)
    ) STRICT;
    CREATE TABLE space (
        erased     INTEGER NOT NULL       -- bytes of forgotten bodies since the last compaction
    ) STRICT;
    INSERT INTO space VALUES (0);
", "
    -- A row of `event` holds all that was appended together, and the revision of the last of it, so that there are gaps
    -- before rows with more (see `rows`). Those with one event are as before; the others an older program cannot read.
"];

/// Makes a database with all its tables.
pub(super) fn create(folder: &Folder) -> Result<(), OpenError> {
    folder.create_database(|path| {
        let mut connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        migrate(&mut connection, STEPS)?;
        connection.close().map_err(|(_, error)| error.into())
    })
}

/// Opens the folder's database for writing, if it is one of ours and sound. A refused one is left untouched.
pub(super) fn open(folder: &Folder) -> Result<Connection, OpenError> {
    refuse_old_sqlite()?;
    let check_pages = examine(folder)?;
    let mut connection = connect(&folder.database(), OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    // Closing the last connection would fold the log into the file, so not before all is known to be well.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    verify(&connection, check_pages)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    migrate(&mut connection, STEPS)?;
    set_up_for_writing(&connection)?;
    Ok(connection)
}

/// Refuses to work with a SQLite that can damage databases.
pub(super) fn refuse_old_sqlite() -> Result<(), OpenError> {
    if rusqlite::version_number() < OLDEST_SQLITE { Err(OpenError::OldSqlite) } else { Ok(()) }
}

/// A connection that does nothing by itself.
pub(super) fn connect(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    // Otherwise some statements are planned anew whenever they are given other values, which costs more than they do.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(
        "PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;
         PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;",
    )?;
    Ok(connection)
}

fn set_up_for_writing(connection: &Connection) -> Result<(), OpenError> {
    connection.execute_batch("PRAGMA secure_delete = ON;")?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode == "wal" { Ok(()) } else { Err(OpenError::Sqlite(ffi::SQLITE_CANTOPEN)) }
}

/// Refuses a database that is not Attune's, of a later version or, if its pages are checked, damaged.
pub(super) fn verify(connection: &Connection, check_pages: bool) -> Result<(), OpenError> {
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if application != APPLICATION_ID {
        return Err(OpenError::NotOurs);
    }
    let found = version(connection)?;
    if found > STEPS.len() {
        return Err(OpenError::Newer { found, known: STEPS.len() });
    }
    // A database gets its name only when it has tables, so one without a version has lost them.
    if found == 0 || check_pages && !is_sound(connection)? { Err(OpenError::Damaged) } else { Ok(()) }
}

fn is_sound(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("PRAGMA quick_check(1)", [], |row| Ok(row.get::<_, String>(0)? == "ok"))
}

/// Refuses a file that is no database, or shorter than it says: SQLite would notice only on reading that far.
/// Otherwise says whether its pages have to be checked.
fn examine(folder: &Folder) -> Result<bool, OpenError> {
    let mut header = [0; 100];
    let mut file = File::open(folder.database())?;
    let length = file.metadata()?.len();
    if file.read_exact(&mut header).is_err() || !header.starts_with(b"SQLite format 3\0") {
        return Err(OpenError::Damaged);
    }
    // With events still in the log the process was killed, and the file may be behind; checking the pages sees both.
    let log_is_empty = std::fs::metadata(folder.log()).map_or(true, |log| log.len() == 0);
    let page_size = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let pages = u64::from(u32::from_be_bytes([header[28], header[29], header[30], header[31]]));
    if log_is_empty && pages * page_size > length {
        return Err(OpenError::Damaged);
    }
    Ok(!log_is_empty || length <= ALWAYS_CHECKED)
}

fn version(connection: &Connection) -> rusqlite::Result<usize> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Takes the steps that a database has not taken yet, each whole or not at all.
pub(super) fn migrate(connection: &mut Connection, steps: &[&str]) -> rusqlite::Result<()> {
    for (taken, step) in steps.iter().enumerate().skip(version(connection)?) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", taken + 1)?;
        transaction.commit()?;
    }
    Ok(())
}
