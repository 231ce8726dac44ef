//! The servers under load, each in a process of its own on one core.

use attune_protocol::ids::Millis;
use attune_server::Server;
use attune_server::clock::{Clock, SystemClock};
use attune_server::config::Config;
use attune_server::limits::Limits;
use attune_server::secret::SystemChance;
use attune_server::store::Store;
use attune_server::store::sqlite::{SqliteOptions, SqliteStore};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;

use crate::load::Target;
use crate::yardstick;

/// A server in a process of its own. Dropping it ends the process.
pub struct Child {
    process: tokio::process::Child,
    address: SocketAddr,
}

impl Child {
    /// The yardstick, delivering frames of this size.
    pub async fn yardstick(frame_bytes: usize) -> Self {
        Self::yardstick_on("127.0.0.1:0", frame_bytes, 2).await
    }

    /// The yardstick at an address, delivering frames and saying welcomes of these sizes.
    pub async fn yardstick_on(listen: &str, frame_bytes: usize, welcome_bytes: usize) -> Self {
        let sizes = [frame_bytes, welcome_bytes].map(|bytes| bytes.to_string());
        Self::start(&own_program(), &["serve-yardstick", listen, &sizes[0], &sizes[1]]).await
    }

    /// Attune on this data folder, with its limits on rates lifted.
    pub async fn attune(data: &Path) -> Self {
        Self::start(&own_program(), &["serve-attune", &data.display().to_string()]).await
    }

    /// The program itself, as it is delivered.
    pub async fn program(data: &Path, listen: &str) -> Self {
        let program = own_program().with_file_name("attune");
        assert!(program.exists(), "build the program beside this one: `make bench` does");
        let data = data.display().to_string();
        Self::start(&program, &["serve", "--data", &data, "--listen", listen, "--log", "warn"]).await
    }

    async fn start(program: &Path, arguments: &[&str]) -> Self {
        // `taskset` before the program, so that every thread it starts is on the one core.
        let mut process = tokio::process::Command::new("taskset")
            .args(["-c", "0"])
            .arg(program)
            .args(arguments)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("taskset is part of util-linux");
        let stdout = process.stdout.take().expect("it was asked for");
        let line = BufReader::new(stdout).lines().next_line().await.expect("readable");
        // The program says it in a sentence: "… Open http://127.0.0.1:8080/".
        let last = line.as_deref().and_then(|line| line.rsplit("://").next());
        let address = last.and_then(|last| last.trim_end_matches('/').parse().ok());
        let address = address.expect("a server prints its address first");
        Self { process, address }
    }

    /// Ends the process as a power cut would, and waits until it is gone.
    pub async fn end(mut self) {
        self.process.kill().await.expect("it runs");
    }

    pub fn pid(&self) -> u32 {
        self.process.id().expect("it runs")
    }

    pub fn target(&self, attune: bool) -> Target {
        Target { address: self.address, attune }
    }
}

fn own_program() -> PathBuf {
    std::env::current_exe().expect("this program has a path")
}

/// Runs a server on the cores that the process was given.
pub fn run(server: impl Future<Output = ()>) {
    tokio::runtime::Runtime::new().expect("threads can be started").block_on(server);
}

/// Listens as the program does, so that as many can wait to be accepted.
fn announce(listen: &str) -> TcpListener {
    let address = listen.parse().expect("an address");
    let listener = attune_server::listen(address).expect("a free port");
    println!("{}", listener.local_addr().expect("it is bound"));
    listener
}

/// Serves the yardstick in this process.
pub async fn run_yardstick(listen: &str, frame_bytes: usize, welcome_bytes: usize) {
    yardstick::serve(announce(listen), frame_bytes, welcome_bytes).await;
}

/// Serves Attune in this process: no rates, no window between views, and no heartbeat that would cut idle sockets.
pub async fn run_attune(data: &Path) {
    let limits = Limits {
        view_gap: Millis(0),
        away_after: Millis::hours(1),
        silent_after: Millis::hours(1),
        ..Limits::default().without_rates()
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new().expect("Linux has the clock"));
    let store = SqliteStore::open(data, SqliteOptions::default()).expect("the folder can be used");
    let store: Arc<dyn Store> = Arc::new(store);
    let config = Config { limits, ..Config::default() };
    let server = Server::new(config, Arc::clone(&clock), clock, store, Arc::new(SystemChance));
    server.serve(announce("127.0.0.1:0")).await.expect("the store works");
}
