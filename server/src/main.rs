//! Starts the Attune server: flags, logging, signals, exit code.

use attune_server::Server;
use attune_server::clock::{Clock, SystemClock};
use attune_server::config::{LogLevel, Serve};
use attune_server::operation::{self, Erased, Verdict};
use attune_server::program::{Check, Erase, Program, Task};
use attune_server::secret::SystemChance;
use attune_server::store::Store;
use attune_server::store::sqlite::{self, SqliteOptions, SqliteStore};
use attune_server::tls::Encryption;
use clap::Parser;
use std::future::pending;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Descriptors that are kept back for the store and the log.
const KEPT_DESCRIPTORS: u64 = 64;

fn main() -> ExitCode {
    match Program::parse().into_task() {
        Task::Serve(serve) => start(*serve),
        Task::Check(check) => look(&check),
        Task::Backup(backup) => tell(
            sqlite::back_up(&backup.data, &backup.to)
                .map(|sessions| format!("{sessions} sessions are in the backup.")),
        ),
        Task::Restore(restore) => tell(sqlite::restore(&restore.from, &restore.data).map(|sessions| {
            format!(
                "{sessions} sessions are restored. What was erased after the backup is back: erase it again."
            )
        })),
        Task::Erase(task) => erase(&task),
    }
}

fn start(serve: Serve) -> ExitCode {
    start_log(serve.log);
    log_panics_without_their_words();
    forbid_core_dumps();
    if let Some(fault) = serve.faults().first() {
        return fail("the settings do not go together", fault);
    }
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
    let encryption = match Encryption::set_up(&serve.tls, &serve.data) {
        Ok(encryption) => encryption,
        Err(error) => return fail("the certificate cannot be used", &error),
    };
    config.encryption.clone_from(&encryption);
    let listener = match attune_server::listen(serve.listen) {
        Ok(listener) => listener,
        Err(error) => return fail("the address could not be listened on", &error),
    };
    let metrics = match bind_metrics(&serve).await {
        Ok(metrics) => metrics,
        Err(error) => return fail("the address of the metrics could not be listened on", &error),
    };
    // After the addresses: a start that finds one taken leaves no folder behind.
    let store: Arc<dyn Store> = match SqliteStore::open(&serve.data, SqliteOptions::default()) {
        Ok(store) => Arc::new(store),
        Err(error) => return fail("the data folder could not be opened", &error),
    };
    let signals = match Signals::new() {
        Ok(signals) => signals,
        Err(error) => return fail("signals could not be awaited", &error),
    };
    announce(&serve, &listener, metrics.as_ref());
    let server = Server::new(
        config,
        Arc::clone(&clock),
        Arc::clone(&clock),
        Arc::clone(&store),
        Arc::new(SystemChance),
    );
    let watching =
        tokio::spawn(watch(server.clone(), metrics, serve, encryption.clone(), Arc::clone(&clock)));
    let (served, ()) = tokio::join!(server.serve(listener), async {
        tokio::select! {
            () = signals.stop(encryption.as_ref(), &*clock) => {
                tracing::info!(kind = "stop", "stopping");
                server.shutdown().await;
            }
            () = store.broken() => {}
        }
    });
    store.close().await;
    watching.abort();
    match served {
        Ok(()) => {
            tracing::info!(kind = "stop", "stopped");
            ExitCode::SUCCESS
        }
        Err(error) => fail("the server has stopped", &error),
    }
}

async fn bind_metrics(serve: &Serve) -> std::io::Result<Option<TcpListener>> {
    match serve.metrics {
        Some(address) => TcpListener::bind(address).await.map(Some),
        None => Ok(None),
    }
}

/// What goes on beside serving: metrics, and a fresh certificate.
async fn watch(
    server: Server,
    metrics: Option<TcpListener>,
    serve: Serve,
    encryption: Option<Encryption>,
    clock: Arc<dyn Clock>,
) {
    let tell_metrics = async {
        match metrics {
            Some(listener) => server.serve_metrics(listener, serve.data).await,
            None => pending().await,
        }
    };
    let keep_certificate = async {
        match encryption {
            Some(encryption) => encryption.maintain(&*clock).await,
            None => pending().await,
        }
    };
    tokio::join!(tell_metrics, keep_certificate);
}

/// What whoever runs the server says to it.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Waits until the server is to stop; meanwhile SIGHUP reads the certificate again.
    async fn stop(mut self, encryption: Option<&Encryption>, clock: &dyn Clock) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hang_up.recv() => {
                    if let Some(encryption) = encryption {
                        encryption.read_again(clock.now());
                    }
                }
            }
        }
    }
}

/// Says what `attune check` finds, or whether a running server is ready.
#[expect(clippy::print_stdout, reason = "this is the answer to whoever started the program")]
fn look(check: &Check) -> ExitCode {
    if let Some(url) = &check.url {
        return tell(operation::ask_whether_ready(url).map(|()| "The server is ready.".to_owned()));
    }
    let findings = operation::check(&check.serve);
    for finding in &findings {
        let mark = match finding.verdict {
            Verdict::Fine => "ok   ",
            Verdict::Note => "note ",
            Verdict::Wrong => "WRONG",
        };
        println!("{mark}  {}", finding.words);
    }
    let is_well = findings.iter().all(|finding| finding.verdict != Verdict::Wrong);
    if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn erase(task: &Erase) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().build() {
        Ok(runtime) => runtime,
        Err(error) => return tell(Err(error)),
    };
    tell(runtime.block_on(operation::erase(&task.data, task.session)).map(|erased| match erased {
        Erased::Now => "The session is erased. Backups made before may still hold it.".to_owned(),
        Erased::Before => "The session had been erased already.".to_owned(),
    }))
}

/// Says what came of a task, in a sentence.
#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is the answer to whoever started the program"
)]
fn tell<E: std::fmt::Display>(outcome: Result<String, E>) -> ExitCode {
    match outcome {
        Ok(words) => {
            println!("{words}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("attune: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What is printed: where to go.
#[expect(clippy::print_stdout, reason = "this is the answer to whoever started the program")]
fn announce(serve: &Serve, listener: &TcpListener, metrics: Option<&TcpListener>) {
    let address = listener.local_addr().unwrap_or(serve.listen);
    let scheme = if serve.tls.is_on() { "https" } else { "http" };
    let open = serve.site().map_or_else(|| format!("{scheme}://{address}"), |site| site.to_string());
    println!("Attune is ready. Open {open}/");
    if let Some(Ok(address)) = metrics.map(TcpListener::local_addr) {
        println!("Metrics are at http://{address}/metrics");
    }
    if serve.is_plain_for_others() {
        tracing::warn!(
            kind = "configuration",
            "nothing is encrypted: whoever is on the network can change what people see"
        );
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t29_a_panic_is_logged_by_its_place_and_without_its_words() {
        let log = tempfile::NamedTempFile::new().expect("the system has a folder for temporary files");
        let written = Arc::new(log.reopen().expect("it is there"));
        let lines = tracing_subscriber::fmt().json().with_writer(written).finish();
        let hook = std::panic::take_hook();
        log_panics_without_their_words();
        tracing::subscriber::with_default(lines, || {
            std::panic::catch_unwind(|| panic!("the name is Canary")).expect_err("it fails");
        });
        std::panic::set_hook(hook);
        let text = std::fs::read_to_string(log.path()).expect("is text");
        assert!(text.contains("a task failed") && text.contains("main.rs:"), "{text}");
        assert!(!text.contains("Canary"), "{text}");
    }
}
