//! The real program in a process of its own, with a data folder: to be killed and started again.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use tempfile::TempDir;

use crate::waiting::within_limit;

/// A running `attune` and its data. Dropped, it is killed.
pub struct Process {
    program: PathBuf,
    home: TempDir,
    child: Child,
    address: SocketAddr,
    metrics: Option<SocketAddr>,
    flags: Vec<String>,
}

impl Process {
    /// Starts a program with an empty data folder, on a port of its own unless the flags name one.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(program: &str, flags: &[&str]) -> Self {
        let home = TempDir::new().expect("the system has a folder for temporary files");
        let flags: Vec<String> = flags.iter().map(ToString::to_string).collect();
        let (child, address, metrics) = launch(Path::new(program), home.path(), &flags).await;
        Self { program: program.into(), home, child, address, metrics, flags }
    }

    /// Runs another task of the program beside it, and waits for its end.
    ///
    /// # Panics
    /// When it cannot be run.
    pub fn run(&self, arguments: &[&str]) -> Output {
        Command::new(&self.program).args(arguments).output().expect("the program can be started")
    }

    /// Where it tells its metrics, if it was asked to.
    pub fn metrics(&self) -> Option<SocketAddr> {
        self.metrics
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Ends it without a warning, as `kill -9` does, and waits until it is gone.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub fn kill(&mut self) {
        self.child.kill().expect("the process is ours");
        self.child.wait().expect("the process is ours");
    }

    /// Asks it to stop, and waits until it has.
    ///
    /// # Panics
    /// When it cannot be asked.
    pub async fn terminate(&mut self) -> ExitStatus {
        self.signal("TERM");
        self.ended().await
    }

    /// Sends it a signal by name.
    ///
    /// # Panics
    /// When it cannot be sent.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &pid]).status().expect("there is a kill");
        assert!(sent.success());
    }

    /// Waits until it has ended by itself.
    ///
    /// # Panics
    /// When it does not.
    pub async fn ended(&mut self) -> ExitStatus {
        crate::waiting::until("the program to stop", || self.child.try_wait().expect("the process is ours"))
            .await
    }

    /// Starts it again on the same data, on a new port.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_again(&mut self) {
        (self.child, self.address, self.metrics) = launch(&self.program, self.home.path(), &self.flags).await;
    }

    /// How much memory it uses, in bytes.
    ///
    /// # Panics
    /// When the system does not say.
    pub fn memory(&self) -> u64 {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the process runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("Linux says so");
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("is a number");
        kilobytes * 1024
    }

    /// All that it has written to its log, from every start.
    ///
    /// # Panics
    /// When there is none.
    pub fn log(&self) -> String {
        fs::read_to_string(self.home.path().join("log")).expect("there is a log")
    }

    /// Every byte of its data folder, by file.
    ///
    /// # Panics
    /// When a file cannot be read.
    pub fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let entries = fs::read_dir(self.data()).expect("there is a data folder");
        let paths = entries.map(|entry| entry.expect("can be listed").path());
        paths.map(|path| (path.clone(), fs::read(&path).expect("can be read"))).collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _killed = self.child.kill();
        let _gone = self.child.wait();
    }
}

async fn launch(program: &Path, home: &Path, flags: &[String]) -> (Child, SocketAddr, Option<SocketAddr>) {
    let log: File = OpenOptions::new()
        .create(true)
        .append(true)
        .open(home.join("log"))
        .expect("the folder can be written");
    let is_placed = flags.iter().any(|flag| flag == "--listen");
    let listen: &[&str] = if is_placed { &[] } else { &["--listen", "127.0.0.1:0"] };
    let mut child = Command::new(program)
        .args(["serve", "--data"])
        .arg(home.join("data"))
        .args(listen)
        .args(flags)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .expect("the program can be started");
    let mut output = BufReader::new(child.stdout.take().expect("is piped"));
    let lines = if flags.iter().any(|flag| flag == "--metrics") { 2 } else { 1 };
    let reading = tokio::task::spawn_blocking(move || {
        let mut text = String::new();
        for _ in 0..lines {
            output.read_line(&mut text).expect("the program writes text");
        }
        // Whatever else it prints has a reader.
        std::thread::spawn(move || output.read_to_end(&mut Vec::new()));
        text
    });
    let text = within_limit("the program to start", reading).await.expect("reading does not fail");
    let mut addresses = text.lines().map(|line| line.split("://").nth(1)?.split('/').next()?.parse().ok());
    let Some(Some(address)) = addresses.next() else {
        panic!("the program said {text:?} and {}", fs::read_to_string(home.join("log")).unwrap_or_default())
    };
    (child, address, addresses.next().flatten())
}
