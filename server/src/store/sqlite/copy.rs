//! Copies: the database into one file while a server runs, a file back into an empty folder, and a look from outside.

use super::folder::{self, Folder};
use super::{OpenError, schema};
use rusqlite::{Connection, OpenFlags};
use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::{fmt, io};

/// Why nothing was copied.
#[derive(Debug)]
pub enum CopyError {
    /// The folder holds no database.
    NothingThere,
    /// The file to be written exists.
    Exists,
    /// The folder to be filled holds something.
    NotEmpty,
    /// The file to be restored is a database in use, or was when its server died: its newest changes lie beside it.
    NotWhole,
    /// The name of the file is no text.
    BadName,
    /// The backup is damaged, foreign or of a later version.
    BadBackup(OpenError),
    /// The folder or the file cannot be used.
    Unusable(OpenError),
}

impl fmt::Display for CopyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NothingThere => f.write_str("the data folder holds no Attune database"),
            Self::Exists => f.write_str("the file exists already: name one that does not"),
            Self::NotEmpty => f.write_str("the data folder is not empty: name an empty one, or a new one"),
            Self::NotWhole => f.write_str(
                "the file is the database of a data folder, and its newest changes lie in the -wal file beside it: name a \
                 file that attune backup has written",
            ),
            Self::BadName => f.write_str("the name of the file holds characters that are no text"),
            Self::BadBackup(OpenError::NotOurs) => {
                f.write_str("the file is a database, but none of Attune's")
            }
            Self::BadBackup(OpenError::Damaged) => {
                f.write_str("the file is damaged, or no backup of Attune's")
            }
            Self::BadBackup(error) | Self::Unusable(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CopyError {}

impl From<OpenError> for CopyError {
    fn from(error: OpenError) -> Self {
        Self::Unusable(error)
    }
}

impl From<io::Error> for CopyError {
    fn from(error: io::Error) -> Self {
        Self::Unusable(error.into())
    }
}

impl From<rusqlite::Error> for CopyError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Unusable(error.into())
    }
}

/// What can be seen of a data folder without taking it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether a process uses it now.
    pub in_use: bool,
    /// How many sessions its database holds; `None` when there is no database yet.
    pub sessions: Option<u64>,
}

/// Looks at a data folder that exists and checks the pages of its database, whether or not a server runs on it.
///
/// # Errors
/// What a server would be refused with, except that it is in use.
pub fn look(path: &Path) -> Result<Look, OpenError> {
    schema::refuse_old_sqlite()?;
    folder::refuse_foreign(path)?;
    let in_use = folder::is_in_use(path)?;
    let database = folder::database_in(path);
    if !database.try_exists()? {
        return Ok(Look { in_use, sessions: None });
    }
    let connection = schema::connect(&database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    schema::verify(&connection, true)?;
    Ok(Look { in_use, sessions: Some(count(&connection)?) })
}

/// Writes the whole database of a data folder, as it is at one moment, into a file that did not exist, and says how
/// many sessions that holds. A server may run on the folder: it goes on.
///
/// # Errors
/// See [`CopyError`]; then there is no file.
pub fn back_up(folder: &Path, to: &Path) -> Result<u64, CopyError> {
    schema::refuse_old_sqlite()?;
    let database = folder::database_in(folder);
    if !database.try_exists()? {
        return Err(CopyError::NothingThere);
    }
    if to.try_exists()? {
        return Err(CopyError::Exists);
    }
    let source = schema::connect(&database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    schema::verify(&source, false)?;
    let mut unfinished = std::path::absolute(to)?.into_os_string();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    // One that an earlier attempt left is of no use.
    folder::remove(&unfinished)?;
    OpenOptions::new().write(true).create_new(true).mode(folder::FILE_MODE).open(&unfinished)?;
    let copied = write_copy(&source, &unfinished).and_then(|sessions| {
        std::fs::rename(&unfinished, to)?;
        sync_folder_of(to)?;
        Ok(sessions)
    });
    if copied.is_err() {
        let _kept = folder::remove(&unfinished);
    }
    copied
}

fn write_copy(source: &Connection, file: &Path) -> Result<u64, CopyError> {
    let name = file.to_str().ok_or(CopyError::BadName)?;
    // Every page is written anew, so that nothing of what was forgotten goes along.
    source.execute("VACUUM INTO ?1", [name])?;
    let copy = schema::connect(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    schema::verify(&copy, true)?;
    let sessions = count(&copy)?;
    copy.close().map_err(|(_, error)| error)?;
    File::open(file)?.sync_all()?;
    Ok(sessions)
}

/// Puts a backup into a data folder that is empty or not there yet, and says how many sessions it holds.
///
/// # Errors
/// See [`CopyError`]; then the folder is as it was, or not there as before.
pub fn restore(from: &Path, path: &Path) -> Result<u64, CopyError> {
    schema::refuse_old_sqlite()?;
    // Something else, such as a pipe, has no end of its own, and would fill the disk.
    if !std::fs::metadata(from)?.is_file() {
        return Err(CopyError::BadBackup(OpenError::Damaged));
    }
    let mut backup = File::open(from)?;
    let mut log = from.as_os_str().to_owned();
    log.push("-wal");
    if std::fs::metadata(log).is_ok_and(|log| log.len() > 0) {
        return Err(CopyError::NotWhole);
    }
    // Before anything is made or closed to others.
    if folder::database_in(path).try_exists()? {
        let in_use = folder::is_in_use(path)?;
        return Err(if in_use { OpenError::InUse.into() } else { CopyError::NotEmpty });
    }
    let folder = Folder::claim(path).map_err(|error| match error {
        OpenError::NotOurs => CopyError::NotEmpty,
        error => CopyError::Unusable(error),
    })?;
    let filled = fill(&folder, &mut backup);
    if filled.is_err() {
        folder.give_up();
    }
    filled
}

fn fill(folder: &Folder, backup: &mut File) -> Result<u64, CopyError> {
    if folder.database().try_exists()? {
        return Err(CopyError::NotEmpty);
    }
    let mut sessions = 0;
    let made = folder.create_database(|path| {
        io::copy(backup, &mut OpenOptions::new().write(true).open(path)?)?;
        let connection = schema::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        schema::verify(&connection, true)?;
        sessions = count(&connection)?;
        connection.close().map_err(|(_, error)| error.into())
    });
    made.map_err(|error| match error {
        OpenError::Io(error) => CopyError::from(error),
        error => CopyError::BadBackup(error),
    })?;
    Ok(sessions)
}

fn count(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row("SELECT count(*) FROM session WHERE gone = 0", [], |row| row.get(0))
}

fn sync_folder_of(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
