//! Starts the Attune server: flags, logging, signals, exit code.

use attune_server::Server;
use attune_server::clock::{Clock, SystemClock};
use attune_server::config::{LogLevel, Program, Serve};
use attune_server::secret::SystemChance;
use attune_server::store::Store;
use attune_server::store::sqlite::{SqliteOptions, SqliteStore};
use clap::Parser;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Descriptors that are kept back for the store and the log.
const KEPT_DESCRIPTORS: u64 = 64;

fn main() -> ExitCode {
    let serve = Program::parse().into_serve();
    start_log(serve.log);
    log_panics_without_their_words();
    forbid_core_dumps();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail("the runtime could not be started", &error),
    };
    runtime.block_on(run(serve))
}

async fn run(serve: Serve) -> ExitCode {
    let mut config = serve.config();
    config.limits.connections = config.limits.connections.min(raise_descriptors());
    let clock: Arc<dyn Clock> = match SystemClock::new() {
        Ok(clock) => Arc::new(clock),
        Err(error) => return fail("the clock could not be started", &error),
    };
    let store: Arc<dyn Store> = match SqliteStore::open(&serve.data, SqliteOptions::default()) {
        Ok(store) => Arc::new(store),
        Err(error) => return fail("the data folder could not be opened", &error),
    };
    let listener = match TcpListener::bind(serve.listen).await {
        Ok(listener) => listener,
        Err(error) => return fail("the address could not be listened on", &error),
    };
    let (mut terminate, mut interrupt) =
        match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
            (Ok(terminate), Ok(interrupt)) => (terminate, interrupt),
            (Err(error), _) | (_, Err(error)) => return fail("signals could not be awaited", &error),
        };
    announce(&serve, &listener);
    let server = Server::new(config, Arc::clone(&clock), clock, Arc::clone(&store), Arc::new(SystemChance));
    let stop = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!(kind = "stop", "stopping");
        server.shutdown().await;
    };
    let (served, ()) = tokio::join!(server.serve(listener), async {
        tokio::select! {
            () = stop => {}
            () = store.broken() => {}
        }
    });
    store.close().await;
    match served {
        Ok(()) => {
            tracing::info!(kind = "stop", "stopped");
            ExitCode::SUCCESS
        }
        Err(error) => fail("the server has stopped", &error),
    }
}

/// The one thing that is printed: where to go.
#[expect(clippy::print_stdout, reason = "this is the answer to whoever started the program")]
fn announce(serve: &Serve, listener: &TcpListener) {
    let address = listener.local_addr().unwrap_or(serve.listen);
    let open = serve.public_url.as_ref().map_or_else(|| format!("http://{address}"), ToString::to_string);
    println!("Attune is ready. Open {open}/");
    tracing::info!(kind = "start", version = env!("CARGO_PKG_VERSION"), "started");
}

fn fail(what: &str, error: &dyn std::error::Error) -> ExitCode {
    tracing::error!(%error, "{what}");
    ExitCode::FAILURE
}

/// Lines of JSON about this server alone: what libraries log may hold what people send.
fn start_log(level: LogLevel) {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(std::io::stderr);
    let own = Targets::new().with_target("attune", level).with_target("attune_server", level);
    tracing_subscriber::registry().with(lines).with(own).init();
}

/// A panic's words may hold what it was about; its place does not.
fn log_panics_without_their_words() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!("{}:{}", place.file(), place.line()));
        tracing::error!(place, "a task failed");
    }));
}

/// A core dump would hold the secrets of every open socket.
fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    if setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).is_err() {
        tracing::warn!("core dumps could not be switched off");
    }
}

/// Lets the process open as many sockets as the system allows, and says how many.
fn raise_descriptors() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let current = if setrlimit(Resource::Nofile, raised).is_ok() { limit.maximum } else { limit.current };
    usize::try_from(current.unwrap_or(u64::MAX).saturating_sub(KEPT_DESCRIPTORS)).unwrap_or(usize::MAX)
}
