//! The data folder: whose it is, who else uses it, who may read it.

use super::OpenError;
use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

const DATABASE: &str = "attune.db";
const LOCK: &str = "attune.lock";
/// Where a database is made before it gets its name: one that has its name is complete.
const UNFINISHED: &str = "attune.db.new";
/// What SQLite puts beside a database.
const SUFFIXES: [&str; 3] = ["-wal", "-shm", "-journal"];

const FOLDER_MODE: u32 = 0o700;
pub(super) const FILE_MODE: u32 = 0o600;

/// A data folder that only this process uses, for as long as this lives.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    lock: File,
    found: Found,
}

/// How a folder was found.
#[derive(Debug)]
struct Found {
    /// Which folders were not there, the innermost first.
    missing: Vec<PathBuf>,
    /// Its rights, if it was there.
    mode: Option<u32>,
    has_lock: bool,
}

impl Found {
    fn look(path: &Path) -> io::Result<Self> {
        let is_missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let missing = path.ancestors().take_while(is_missing).map(Path::to_owned).collect();
        let mode = std::fs::metadata(path).ok().map(|folder| folder.permissions().mode() & 0o777);
        Ok(Self { missing, mode, has_lock: path.join(LOCK).try_exists()? })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Closing alone would leave the lock with a child that is just being started and has the file until it runs.
        let _unlocked = self.lock.unlock();
    }
}

impl Folder {
    /// Takes the folder, making it if need be, and closes it to other people. A folder with somebody else's
    /// files is refused untouched.
    pub(super) fn claim(path: &Path) -> Result<Self, OpenError> {
        let found = Found::look(path)?;
        DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path)?;
        refuse_foreign(path)?;
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(FILE_MODE)
            .open(path.join(LOCK))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => OpenError::InUse,
            TryLockError::Error(error) => OpenError::Io(error),
        })?;
        let folder = Self { path: path.to_owned(), lock, found };
        // Whoever gave the folder up a moment ago took the lock's file along, and somebody else may have made another.
        let lies_there = std::fs::metadata(path.join(LOCK)).is_ok_and(|there| {
            folder.lock.metadata().is_ok_and(|ours| (ours.dev(), ours.ino()) == (there.dev(), there.ino()))
        });
        if !lies_there {
            return Err(OpenError::InUse);
        }
        if let Err(error) = folder.restrict() {
            folder.give_up();
            return Err(error.into());
        }
        Ok(folder)
    }

    /// Leaves the folder as it was found, where nothing was put into it after all. What cannot be undone stays: why
    /// nothing was put there matters more.
    pub(super) fn give_up(self) {
        // The lock goes after the rights: from then on the folder may be somebody else's.
        if let Some(mode) = self.found.mode {
            let _closed = set_mode(&self.path, mode);
        }
        if !self.found.has_lock {
            let _removed = remove(&self.path.join(LOCK));
        }
        for folder in &self.found.missing {
            let _removed = std::fs::remove_dir(folder);
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn database(&self) -> PathBuf {
        database_in(&self.path)
    }

    /// The write-ahead log of the database.
    pub(super) fn log(&self) -> PathBuf {
        self.path.join(DATABASE.to_owned() + "-wal")
    }

    /// Makes the database with `make`, which is given an empty file. It gets its name once it is complete and
    /// on disk, so that an empty or half database is always a damaged one. Nothing is left of one that could not be made.
    pub(super) fn create_database(
        &self,
        make: impl FnOnce(&Path) -> Result<(), OpenError>,
    ) -> Result<(), OpenError> {
        let unfinished = self.path.join(UNFINISHED);
        self.remove_unfinished()?;
        OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(&unfinished)?;
        let made = make(&unfinished).and_then(|()| Ok(self.name_database(&unfinished)?));
        if made.is_err() {
            // Why it was not made is told, not whether something of it is left.
            let _removed = self.remove_unfinished();
        }
        made
    }

    fn name_database(&self, unfinished: &Path) -> io::Result<()> {
        File::open(unfinished)?.sync_all()?;
        std::fs::rename(unfinished, self.database())?;
        File::open(&self.path)?.sync_all()
    }

    fn remove_unfinished(&self) -> io::Result<()> {
        let mut suffixes = SUFFIXES.iter().chain([&""]);
        suffixes.try_for_each(|suffix| remove(&self.path.join(UNFINISHED.to_owned() + suffix)))
    }

    fn restrict(&self) -> io::Result<()> {
        set_mode(&self.path, FOLDER_MODE)?;
        set_mode(&self.path.join(LOCK), FILE_MODE)?;
        set_mode(&self.database(), FILE_MODE)?;
        SUFFIXES
            .iter()
            .try_for_each(|suffix| set_mode(&self.path.join(DATABASE.to_owned() + suffix), FILE_MODE))
    }
}

/// Where the database of a folder lies.
pub(super) fn database_in(folder: &Path) -> PathBuf {
    folder.join(DATABASE)
}

/// Whether a process has the folder. It is asked for a shared lock, which is given back at once.
pub(super) fn is_in_use(folder: &Path) -> io::Result<bool> {
    let lock = match File::open(folder.join(LOCK)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        lock => lock?,
    };
    match lock.try_lock_shared() {
        Ok(()) => lock.unlock().map(|()| false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// A folder is ours when it has a database, or nothing yet. A log without its database is a loss, not a start.
pub(super) fn refuse_foreign(path: &Path) -> Result<(), OpenError> {
    if path.join(DATABASE).try_exists()? {
        return Ok(());
    }
    for entry in std::fs::read_dir(path)? {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if name != LOCK && name != "lost+found" && !name.starts_with(UNFINISHED) {
            return Err(OpenError::NotOurs);
        }
    }
    Ok(())
}

fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.permissions().mode() & 0o777 != mode => {
            std::fs::set_permissions(path, Permissions::from_mode(mode))
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

pub(super) fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t36_keep_17_a_folder_is_free_at_once_though_a_child_still_has_its_lock_open() {
        let home = tempfile::tempdir().expect("the system has a folder for temporary files");
        let folder = Folder::claim(home.path()).expect("is free");
        let of_a_child = folder.lock.try_clone().expect("can be had twice");
        assert!(matches!(Folder::claim(home.path()), Err(OpenError::InUse)));
        drop(folder);
        assert!(matches!(is_in_use(home.path()), Ok(false)));
        Folder::claim(home.path()).expect("is free again");
        drop(of_a_child);
    }

    #[test]
    fn keep_17_a_folder_that_is_given_up_is_nobodys_by_an_old_lock() {
        let home = tempfile::tempdir().expect("the system has a folder for temporary files");
        let data = home.path().join("data");
        let folder = Folder::claim(&data).expect("is free");
        // Somebody has opened the lock's file, and gets to locking it only now.
        let slow = File::open(data.join(LOCK)).expect("is there");
        folder.give_up();
        assert!(!data.exists());
        slow.try_lock().expect("nobody has it any more");
        Folder::claim(&data).expect("is another folder, with another lock");
    }
}
