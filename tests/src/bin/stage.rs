//! The stage of the browser tests: the real server with a session clock that is moved by hand.
//!
//! One line on standard input is one order, one line of JSON on standard output its answer. The log goes to standard
//! error. `advance MILLISECONDS` moves session time, `restart` stops the server in order and starts it on the same
//! data and port, `quit` stops it. A crash needs no order: kill the process and start another with the same
//! `--data`, `--listen` and the last `now`.

use attune_protocol::ids::{Millis, Timestamp};
use attune_server::Server;
use attune_server::clock::{ManualClock, SystemClock};
use attune_server::config::Config;
use attune_server::limits::Limits;
use attune_server::secret::{CreateToken, SystemChance};
use attune_server::store::Store;
use attune_server::store::sqlite::{SqliteOptions, SqliteStore};
use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing_subscriber::filter::LevelFilter;

type Failure = Box<dyn Error + Send + Sync>;

/// How a stage is set up.
struct Flags {
    /// Where the data is kept; a folder that goes with the stage unless given.
    data: Option<PathBuf>,
    /// Where to listen.
    listen: SocketAddr,
    /// What session time begins with, in milliseconds since 1970.
    now: Timestamp,
    /// What somebody must know to set a session up.
    create_token: Option<CreateToken>,
}

impl Flags {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, Failure> {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut flags = Self { data: None, listen, now: Timestamp(0), create_token: None };
        while let Some(flag) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{flag} needs a value"))?;
            match flag.as_str() {
                "--data" => flags.data = Some(value.into()),
                "--listen" => flags.listen = value.parse()?,
                "--create-token" => flags.create_token = Some(value.parse()?),
                "--now" => flags.now = Timestamp(value.parse()?),
                _ => return Err(format!("there is no flag {flag}").into()),
            }
        }
        Ok(flags)
    }
}

/// A server that runs.
struct Running {
    server: Server,
    store: Arc<dyn Store>,
    serving: JoinHandle<Result<(), attune_server::StoreBroken>>,
    address: SocketAddr,
}

impl Running {
    async fn start(
        clock: &ManualClock,
        data: &Path,
        listen: SocketAddr,
        create_token: Option<CreateToken>,
    ) -> Result<Self, Failure> {
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(data, SqliteOptions::default())?);
        let listener = attune_server::listen(listen)?;
        let address = listener.local_addr()?;
        let server = Server::new(
            Config { limits: patient_limits(), create_token, ..Config::default() },
            Arc::new(clock.clone()),
            Arc::new(SystemClock::new()?),
            Arc::clone(&store),
            Arc::new(SystemChance),
        );
        let serving = tokio::spawn({
            let server = server.clone();
            async move { server.serve(listener).await }
        });
        Ok(Self { server, store, serving, address })
    }

    async fn stop(self) -> Result<(), Failure> {
        self.server.shutdown().await;
        self.serving.await??;
        self.store.close().await;
        Ok(())
    }
}

/// Pages whose time stands still send nothing, so transport time must have no opinion about silence; and a test
/// presses faster than a person.
fn patient_limits() -> Limits {
    let long = Millis::hours(1);
    Limits { away_after: long, silent_after: long, ..Limits::default() }.without_rates()
}

/// The lines of standard input, until it ends.
fn read_orders() -> mpsc::UnboundedReceiver<String> {
    let (orders, received) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for order in std::io::stdin().lines().map_while(Result::ok) {
            if orders.send(order).is_err() {
                return;
            }
        }
    });
    received
}

#[expect(clippy::print_stdout, reason = "standard output is how the tests are answered")]
fn answer(kind: &str, address: SocketAddr, now: Timestamp) {
    println!("{}", serde_json::json!({ "type": kind, "address": address.to_string(), "now": now.0 }));
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    tracing_subscriber::fmt().json().with_max_level(LevelFilter::TRACE).with_writer(std::io::stderr).init();
    let flags = Flags::read(std::env::args().skip(1))?;
    let own_folder = tempfile::tempdir()?;
    let data = flags.data.clone().unwrap_or_else(|| own_folder.path().to_owned());
    let clock = ManualClock::new(flags.now);
    let mut running = Running::start(&clock, &data, flags.listen, flags.create_token.clone()).await?;
    answer("ready", running.address, flags.now);

    let mut orders = read_orders();
    while let Some(order) = orders.recv().await {
        let kind = match order.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["advance", length] => {
                clock.advance(Millis(length.parse()?));
                "advanced"
            }
            ["restart"] => {
                let address = running.address;
                running.stop().await?;
                running = Running::start(&clock, &data, address, flags.create_token.clone()).await?;
                "restarted"
            }
            ["quit"] => break,
            _ => "not_understood",
        };
        answer(kind, running.address, attune_server::clock::Clock::now(&clock));
    }
    running.stop().await
}
