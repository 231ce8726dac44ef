//! Whether a server with these flags would run well here. Changes nothing.

use rustix::fs::{Access, access};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::clock::{Clock, SystemClock};
use crate::config::Serve;
use crate::disk::free_space;
use crate::store::sqlite::{look, sqlite_version};
use crate::tls::{self, Validity};
use attune_protocol::ids::{Millis, Timestamp};

/// What is found: fine, worth knowing, or a reason not to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Fine,
    /// Works, and is worth knowing.
    Note,
    /// A server would not start, or not run well.
    Wrong,
}

/// One thing that was looked at, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it is.
    pub verdict: Verdict,
    /// What it is.
    pub words: String,
}

/// Below this much free disk no room for a busy month is left, in bytes.
const LITTLE_SPACE: u64 = 200 * 1024 * 1024;
/// Below this much free disk the server would soon stand still, in bytes.
const NO_SPACE: u64 = 50 * 1024 * 1024;
/// A clock that shows less has never been set: the beginning of 2026.
const EARLIEST: Timestamp = Timestamp(1_767_225_600_000);
/// No clock is right that shows more: the beginning of 2100.
const LATEST: Timestamp = Timestamp(4_102_444_800_000);
/// How much later than the clock a file may have been written.
const AHEAD: Millis = Millis::minutes(10);
/// Descriptors below which a group of groups may be turned away.
const FEW_DESCRIPTORS: u64 = 4_096;
/// How long before its end a certificate is worth a word.
const ENDS_SOON: Millis = Millis::hours(14 * 24);

/// Looks at everything, in the order in which a server would need it.
pub fn check(serve: &Serve) -> Vec<Finding> {
    let mut findings = Findings::default();
    findings.settings(serve);
    let in_use = findings.data(&serve.data);
    findings.clock(&serve.data);
    findings.port("The address", serve.listen, in_use);
    if let Some(metrics) = serve.metrics {
        findings.port("The address of the metrics", metrics, in_use);
    }
    findings.certificate(serve);
    findings.process();
    findings.0
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, verdict: Verdict, words: impl Into<String>) {
        self.0.push(Finding { verdict, words: words.into() });
    }

    fn fine(&mut self, words: impl Into<String>) {
        self.add(Verdict::Fine, words);
    }

    fn note(&mut self, words: impl Into<String>) {
        self.add(Verdict::Note, words);
    }

    fn wrong(&mut self, words: impl Into<String>) {
        self.add(Verdict::Wrong, words);
    }

    fn settings(&mut self, serve: &Serve) {
        let faults = serve.faults();
        for fault in &faults {
            self.wrong(format!("Settings: {fault}."));
        }
        if serve.is_plain_for_others() {
            self.note("Nothing is encrypted. Every page says so. Do not use it for real cases.");
        }
        let encrypts_elsewhere = serve.public_url.as_ref().is_some_and(crate::Site::is_secure);
        if faults.is_empty() {
            self.fine(match (serve.tls.is_on(), encrypts_elsewhere) {
                (true, _) => "The settings go together. The server encrypts by itself.",
                (false, true) => "The settings go together. A proxy before the server has to encrypt.",
                (false, false) => "The settings go together.",
            });
        }
        if serve.create_token.is_none() && !serve.listen.ip().is_loopback() {
            self.note(
                "Anybody who finds the address can set up sessions. --create-token asks for a word first.",
            );
        }
    }

    /// Says whether a server runs on the folder now.
    fn data(&mut self, folder: &Path) -> bool {
        let name = folder.display();
        let exists = folder.is_dir();
        let existing = nearest(folder);
        match access(&existing, Access::WRITE_OK | Access::EXEC_OK) {
            Ok(()) if exists => self.fine(format!("The data folder {name} can be written.")),
            Ok(()) => self.fine(format!("The data folder {name} is not there yet and can be made.")),
            Err(error) => self.wrong(format!("The data folder {name} cannot be written: {error}.")),
        }
        match free_space(&existing) {
            Ok(free) if free < NO_SPACE => self.wrong(format!("The disk is full: {} are free.", size(free))),
            Ok(free) if free < LITTLE_SPACE => self.note(format!("Only {} of disk are free.", size(free))),
            Ok(free) => self.fine(format!("{} of disk are free.", size(free))),
            Err(error) => self.wrong(format!("The free disk cannot be read: {error}.")),
        }
        if !exists {
            return false;
        }
        let open_to_others =
            std::fs::metadata(folder).is_ok_and(|data| data.permissions().mode() & 0o077 != 0);
        if open_to_others {
            self.note(
                "Other users of this machine can read the data folder. The server closes it when it starts.",
            );
        }
        match look(folder) {
            Ok(seen) => {
                let version = sqlite_version();
                match seen.sessions {
                    Some(count) => {
                        self.fine(format!("The database is sound: {count} sessions (SQLite {version})."))
                    }
                    None => self.fine(format!("There is no database yet (SQLite {version}).")),
                }
                if seen.in_use {
                    self.note("A server runs on this data folder now.");
                }
                seen.in_use
            }
            Err(error) => {
                self.wrong(format!("The database cannot be used: {error}."));
                false
            }
        }
    }

    fn clock(&mut self, folder: &Path) {
        let now = match SystemClock::new() {
            Ok(clock) => clock.now(),
            Err(error) => return self.wrong(format!("The clock cannot be read: {error}.")),
        };
        if !(EARLIEST..LATEST).contains(&now) {
            return self.wrong("The clock shows a year that cannot be right. Set it before you start.");
        }
        let newest =
            std::fs::metadata(folder.join("attune.db")).ok().map(|data| Timestamp(data.mtime() * 1000));
        match newest {
            Some(written) if written > now + AHEAD => {
                self.wrong(
                    "The clock is behind: the database was written later than now. Set it before you start.",
                );
            }
            _ => self.fine("The clock is plausible."),
        }
    }

    fn port(&mut self, what: &str, address: SocketAddr, in_use: bool) {
        match TcpListener::bind(address) {
            Ok(_) => self.fine(format!("{what} {address} can be listened on.")),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && in_use => {
                self.note(format!("{what} {address} is taken, as it is while the server runs."));
            }
            Err(error) => self.wrong(format!("{what} {address} cannot be listened on: {error}.")),
        }
    }

    fn certificate(&mut self, serve: &Serve) {
        if let Some(Err(error)) = serve.tls.acme_root.as_deref().map(tls::inspect_root) {
            self.wrong(format!("The authority's own certificate cannot be used: {error}."));
        }
        let (Some(certificate), Some(key)) = (&serve.tls.tls_cert, &serve.tls.tls_key) else { return };
        let now = SystemClock::new().map_or(Timestamp(0), |clock| clock.now());
        match tls::inspect(certificate, key) {
            Err(error) => self.wrong(format!("The certificate cannot be used: {error}.")),
            Ok(Validity { ends_at, .. }) if ends_at <= now => {
                self.wrong("The certificate has run out. Renew it.");
            }
            Ok(Validity { begins_at, .. }) if begins_at > now => {
                self.wrong("The certificate does not hold yet. Look at its dates and at the clock.");
            }
            Ok(Validity { ends_at, .. }) => {
                let days = (ends_at - now).0 / Millis::hours(24).0;
                let words = format!("The certificate and its key belong together. It ends in {days} days.");
                if ends_at - now < ENDS_SOON { self.note(words) } else { self.fine(words) }
            }
        }
    }

    fn process(&mut self) {
        if rustix::process::geteuid().is_root() {
            self.note("You are root. The server itself needs no rights: give it a user of its own.");
        }
        let most = rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum;
        match most {
            Some(most) if most < FEW_DESCRIPTORS => {
                self.note(format!(
                    "Only {most} files and sockets may be open. Raise the limit for many groups."
                ));
            }
            _ => self.fine("Enough files and sockets may be open."),
        }
    }
}

/// The folder itself, or the nearest one above it that exists.
fn nearest(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    absolute.ancestors().find(|folder| folder.exists()).map_or(absolute.clone(), Path::to_owned)
}

fn size(bytes: u64) -> String {
    match bytes / (1024 * 1024) {
        mebibytes @ 0..10_240 => format!("{mebibytes} MiB"),
        mebibytes => format!("{} GiB", mebibytes / 1024),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{Program, Task};
    use clap::Parser;

    fn serve(flags: &[&str]) -> Serve {
        let words = ["attune", "serve"].iter().chain(flags);
        match Program::try_parse_from(words).expect("is allowed").into_task() {
            Task::Serve(serve) => *serve,
            other => panic!("{other:?}"),
        }
    }

    fn wrongs(flags: &[&str]) -> Vec<String> {
        let findings = check(&serve(flags)).into_iter();
        findings.filter(|finding| finding.verdict == Verdict::Wrong).map(|finding| finding.words).collect()
    }

    #[test]
    fn run_15_a_new_folder_is_well_and_is_not_made() {
        let home = tempfile::TempDir::new().expect("the system has a folder for temporary files");
        let data = home.path().join("a/b");
        let data = data.to_str().expect("is text");
        assert_eq!(wrongs(&["--data", data, "--listen", "127.0.0.1:0"]), Vec::<String>::new());
        assert!(!home.path().join("a").exists());
    }

    #[test]
    fn run_15_what_is_wrong_is_said() {
        let home = tempfile::TempDir::new().expect("the system has a folder for temporary files");
        let taken = TcpListener::bind("127.0.0.1:0").expect("the system has a free port");
        let address = taken.local_addr().expect("a listener has an address").to_string();
        std::fs::write(home.path().join("attune.db"), "no database").expect("can be written");
        let data = home.path().to_str().expect("is text");
        let found = wrongs(&["--data", data, "--listen", &address]).join("\n");
        assert!(found.contains("damaged") && found.contains("cannot be listened on"), "{found}");
        assert_eq!(std::fs::read_dir(data).expect("can be listed").count(), 1, "nothing was added");
    }

    #[test]
    fn run_15_settings_go_together() {
        let faults = |flags: &[&str]| serve(flags).faults().len();
        assert_eq!(faults(&[]), 0);
        assert_eq!(faults(&["--listen", "0.0.0.0:80"]), 1);
        assert_eq!(faults(&["--listen", "0.0.0.0:80", "--plain-http"]), 0);
        assert_eq!(faults(&["--listen", "0.0.0.0:443", "--tls-cert", "a", "--tls-key", "b"]), 0);
        assert_eq!(faults(&["--listen", "0.0.0.0:443", "--acme-domain", "attune.example"]), 0);
        assert_eq!(faults(&["--acme-domain", "a.example", "--public-url", "http://a.example"]), 1);
        assert_eq!(faults(&["--metrics", "0.0.0.0:9464"]), 1);
        assert_eq!(faults(&["--metrics", "0.0.0.0:9464", "--metrics-for-others"]), 0);
        assert_eq!(faults(&["--metrics", "[::1]:9464"]), 0);
    }
}
