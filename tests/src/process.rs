//! The real program in a process of its own, with a data folder: to be killed and started again.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use tempfile::TempDir;

use crate::machine::{Files, Machine};
use crate::waiting::within_limit;

/// A running `attune` and its data. Dropped, it is killed.
pub struct Process {
    first: String,
    program: PathBuf,
    home: TempDir,
    child: Child,
    address: SocketAddr,
    metrics: Option<SocketAddr>,
    flags: Vec<String>,
    machine: Option<Machine>,
}

impl Process {
    /// Starts a program with an empty data folder, on a port of its own unless the flags name one.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(program: &str, flags: &[&str]) -> Self {
        Self::launch(":", program, flags, None).await
    }

    /// As [`Process::start`], after a shell has done `first`: `ulimit -n 256`, `umask 0`.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_after(first: &str, program: &str, flags: &[&str]) -> Self {
        Self::launch(first, program, flags, None).await
    }

    /// As [`Process::start`], on a machine that can have a bad day.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_on(machine: Machine, program: &str, flags: &[&str]) -> Self {
        Self::launch(":", program, flags, Some(machine)).await
    }

    async fn launch(first: &str, program: &str, flags: &[&str], machine: Option<Machine>) -> Self {
        let home = TempDir::new().expect("the system has a folder for temporary files");
        let flags: Vec<String> = flags.iter().map(ToString::to_string).collect();
        let command = command(first, Path::new(program), &home, &flags, machine.as_ref());
        let (child, address, metrics) = launch(command, &flags, &home.path().join("log")).await;
        Self {
            first: first.to_owned(),
            program: program.into(),
            home,
            child,
            address,
            metrics,
            flags,
            machine,
        }
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

    /// The machine that it runs on.
    ///
    /// # Panics
    /// When it runs on the real one.
    pub fn machine(&self) -> &Machine {
        self.machine.as_ref().expect("it was started on a machine")
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.child.id()
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
        let log = self.home.path().join("log");
        (self.child, self.address, self.metrics) = launch(self.command(), &self.flags, &log).await;
    }

    /// Starts it again on data that it does not take, and waits until it has given up.
    ///
    /// # Panics
    /// When it cannot be run.
    pub async fn fail_to_start(&self) -> ExitStatus {
        let mut child = self.command().spawn().expect("the program can be started");
        crate::waiting::until("the program to give up", || child.try_wait().expect("the process is ours"))
            .await
    }

    fn command(&self) -> Command {
        command(&self.first, &self.program, &self.home, &self.flags, self.machine.as_ref())
    }

    /// Stops it where it stands, as a debugger or a machine that sleeps does, or lets it go on.
    ///
    /// # Panics
    /// When it cannot be asked.
    pub fn freeze(&self, frozen: bool) {
        self.signal(if frozen { "STOP" } else { "CONT" });
    }

    /// Sends it a signal by name.
    ///
    /// # Panics
    /// When it cannot be sent.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let asked = Command::new("kill").args(["-s", name, &pid]).status().expect("there is a kill");
        assert!(asked.success());
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
    pub fn files(&self) -> Files {
        let entries = fs::read_dir(self.data()).expect("there is a data folder");
        let paths = entries.map(|entry| entry.expect("can be listed").path());
        let name = |path: &Path| path.file_name().expect("is a file").to_string_lossy().into_owned();
        paths.map(|path| (name(&path), fs::read(&path).expect("can be read"))).collect()
    }

    /// Puts other files in the place of those in its data folder. Only while it does not run.
    ///
    /// # Panics
    /// When they cannot be written.
    pub fn replace_files(&self, files: &Files) {
        fs::remove_dir_all(self.data()).expect("there is a data folder");
        fs::create_dir(self.data()).expect("the folder can be written");
        for (name, bytes) in files {
            fs::write(self.data().join(name), bytes).expect("the folder can be written");
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _killed = self.child.kill();
        let _gone = self.child.wait();
    }
}

fn command(
    first: &str,
    program: &Path,
    home: &TempDir,
    flags: &[String],
    machine: Option<&Machine>,
) -> Command {
    let log: File = OpenOptions::new()
        .create(true)
        .append(true)
        .open(home.path().join("log"))
        .expect("the folder can be written");
    let data = home.path().join("data");
    let is_placed = flags.iter().any(|flag| flag == "--listen");
    let listen: &[&str] = if is_placed { &[] } else { &["--listen", "127.0.0.1:0"] };
    // The shell becomes the program, so that signals and the process number are the program's.
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{first} && exec \"$0\" \"$@\"")])
        .arg(program)
        .args(["serve", "--data"])
        .arg(&data)
        .args(listen)
        .args(flags)
        .envs(machine.into_iter().flat_map(|machine| machine.environment(&data)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log);
    command
}

async fn launch(
    mut command: Command,
    flags: &[String],
    log: &Path,
) -> (Child, SocketAddr, Option<SocketAddr>) {
    let mut child = command.spawn().expect("the program can be started");
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
    // Behind a proxy it names the address that browsers open.
    let Some(address) = addresses.next().flatten().or_else(|| listening(child.id())) else {
        panic!("the program said {text:?} and {}", fs::read_to_string(log).unwrap_or_default())
    };
    (child, address, addresses.next().flatten())
}

/// Where a process listens, by what the system says of its sockets.
fn listening(process: u32) -> Option<SocketAddr> {
    let inodes = sockets(process);
    let table = fs::read_to_string(format!("/proc/{process}/net/tcp")).ok()?;
    let listens = |fields: &Vec<&str>| fields.len() > 9 && fields[3] == "0A" && inodes.contains(fields[9]);
    let line = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).find(listens)?;
    let (_, port) = line[1].split_once(':')?;
    Some(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), u16::from_str_radix(port, 16).ok()?))
}

/// The numbers by which the system knows a process's sockets.
///
/// # Panics
/// When the process does not run.
pub fn sockets(process: u32) -> BTreeSet<String> {
    let descriptors = fs::read_dir(format!("/proc/{process}/fd")).expect("the process runs");
    let links = descriptors.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    links
        .filter_map(|link| Some(link.to_str()?.strip_prefix("socket:[")?.trim_end_matches(']').to_owned()))
        .collect()
}
