//! A machine on a bad day: what lies beneath the real program, steered by the test. Its other half is
//! `preload/machine.c`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What is loaded beneath the program.
const LIBRARY: &str = env!("ATTUNE_MACHINE_LIBRARY");

/// Files by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The machine that one program runs on.
pub struct Machine {
    control: TempDir,
}

impl Default for Machine {
    fn default() -> Self {
        Self { control: TempDir::new().expect("the system has a folder for temporary files") }
    }
}

impl Machine {
    /// What a program is started with to run on this machine, with `data` as its data folder.
    pub fn environment(&self, data: &Path) -> [(&'static str, PathBuf); 3] {
        [
            ("LD_PRELOAD", LIBRARY.into()),
            ("ATTUNE_MACHINE", self.control.path().into()),
            ("ATTUNE_MACHINE_DATA", data.into()),
        ]
    }

    /// Sets the wall clock ahead by so many seconds, or back by as many as are missing.
    pub fn set_wall(&self, seconds: i64) {
        // Whole or not at all: the program may read it at any moment.
        let new = self.path("wall.new");
        fs::write(&new, seconds.to_string()).expect("the folder can be written");
        fs::rename(new, self.path("wall")).expect("the folder can be written");
    }

    /// Fills the disk, or makes room.
    pub fn fill_disk(&self, full: bool) {
        self.switch("full", full);
    }

    /// Takes the right to write away.
    pub fn protect_disk(&self) {
        self.switch("readonly", true);
    }

    /// Has a disk that says it has written, and has not.
    pub fn lie_about_syncs(&self) {
        self.switch("lies", true);
    }

    /// Begins to note what is written and synced.
    pub fn start_journal(&self) {
        fs::write(self.path("journal"), "").expect("the folder can be written");
    }

    /// The files as a loss of power may leave them: what was synced is there, of everything later each write is there
    /// or not, whole or in part, as `chance` decides, which gives a number below its argument. `before` is what there
    /// was when the journal began.
    ///
    /// # Panics
    /// When there is no journal.
    pub fn lose_power(&self, before: Files, mut chance: impl FnMut(u64) -> u64) -> Files {
        let journal = fs::read(self.path("journal")).expect("a journal was begun");
        let mut disk = Disk { current: before.clone(), synced: before, unsynced: BTreeMap::new() };
        let mut rest = journal.as_slice();
        // The last record may be half: its write never came to the disk.
        while let Some((record, after)) = Record::read(rest) {
            disk.take(record);
            rest = after;
        }
        disk.lose(&mut chance)
    }

    fn switch(&self, what: &str, on: bool) {
        if on {
            fs::write(self.path(what), "").expect("the folder can be written");
        } else {
            fs::remove_file(self.path(what)).expect("it was on");
        }
    }

    fn path(&self, what: &str) -> PathBuf {
        self.control.path().join(what)
    }
}

/// One line of the journal.
#[derive(Debug, Clone)]
struct Record<'a> {
    what: u8,
    name: &'a str,
    /// Where a write begins, or the length after a cut.
    at: usize,
    bytes: &'a [u8],
}

impl<'a> Record<'a> {
    fn read(journal: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (what, rest) = journal.split_first()?;
        let (name_length, rest) = rest.split_first_chunk()?;
        let (at, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (name, rest) = rest.split_at_checked(u32::from_le_bytes(*name_length) as usize)?;
        let (bytes, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let at = usize::try_from(u64::from_le_bytes(*at)).ok()?;
        let name = std::str::from_utf8(name).expect("names of the data folder are words");
        Some((Self { what: *what, name, at, bytes }, rest))
    }

    fn apply(&self, file: &mut Vec<u8>, bytes: &[u8]) {
        match self.what {
            b'W' => {
                let end = self.at + bytes.len();
                file.resize(file.len().max(end), 0);
                file[self.at..end].copy_from_slice(bytes);
            }
            b'T' => file.resize(self.at, 0),
            other => panic!("a journal has no {other}"),
        }
    }
}

/// A disk sector is written whole or not at all.
const SECTOR: u64 = 512;

/// What the files are to the program, and what of it is safe.
struct Disk<'a> {
    current: Files,
    synced: Files,
    unsynced: BTreeMap<&'a str, Vec<Record<'a>>>,
}

impl<'a> Disk<'a> {
    fn take(&mut self, record: Record<'a>) {
        match record.what {
            b'S' => {
                self.unsynced.remove(record.name);
                self.synced.insert(record.name.to_owned(), self.current[record.name].clone());
            }
            b'U' => {
                self.unsynced.remove(record.name);
                self.current.remove(record.name);
                self.synced.remove(record.name);
            }
            _ => {
                record.apply(self.current.entry(record.name.to_owned()).or_default(), record.bytes);
                self.unsynced.entry(record.name).or_default().push(record);
            }
        }
    }

    fn lose(mut self, chance: &mut impl FnMut(u64) -> u64) -> Files {
        let keeps_nothing = chance(2) == 0;
        for (name, records) in self.unsynced {
            for record in records.iter().filter(|_| !keeps_nothing) {
                let sectors = (record.bytes.len() as u64).div_ceil(SECTOR);
                let kept = match chance(3) {
                    0 => continue,
                    1 => record.bytes.len(),
                    _ => usize::try_from(chance(sectors + 1) * SECTOR).expect("is small"),
                };
                let bytes = &record.bytes[..kept.min(record.bytes.len())];
                record.apply(self.synced.entry(name.to_owned()).or_default(), bytes);
            }
        }
        self.synced
    }
}
