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
use std::path::Path;
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
        Self::start(&["serve-yardstick", &frame_bytes.to_string()]).await
    }

    /// Attune on this data folder.
    pub async fn attune(data: &Path) -> Self {
        Self::start(&["serve-attune", &data.display().to_string()]).await
    }

    async fn start(arguments: &[&str]) -> Self {
        let program = std::env::current_exe().expect("this program has a path");
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
        let address = line.and_then(|line| line.parse().ok()).expect("a server prints its address first");
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

/// Runs a server on the cores that the process was given.
pub fn run(server: impl Future<Output = ()>) {
    tokio::runtime::Runtime::new().expect("threads can be started").block_on(server);
}

async fn announce() -> TcpListener {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    println!("{}", listener.local_addr().expect("it is bound"));
    listener
}

/// Serves the yardstick in this process.
pub async fn run_yardstick(frame_bytes: usize) {
    yardstick::serve(announce().await, frame_bytes).await;
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
    server.serve(announce().await).await.expect("the store works");
}
