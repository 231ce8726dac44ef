//! How long an event takes to the disk: appends at a fixed rate, each counted from the moment at which it was due.

use attune_protocol::client::{Command, Moment};
use attune_protocol::ids::{CommandId, Millis, Revision, SeatNumber, SecretHash, SessionId, Timestamp};
use attune_server::session::{Input, Session, Settings};
use attune_server::store::sqlite::{SqliteOptions, SqliteStore};
use attune_server::store::{Append, Store};
use attune_server::stored;
use bytes::Bytes;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex as Lock};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, oneshot};
use tokio::task::JoinSet;

use crate::figures::judge;
use crate::load::{plan, sixteen};

/// Appends a second.
const RATE: u32 = 2_000;
/// How long a run lasts.
const LENGTH: Duration = Duration::from_secs(10);
/// Runs on each; they take turns, and the median counts.
const RUNS: usize = 3;
/// Sessions that the appends are spread over.
const SESSIONS: usize = 500;
/// At most so many at once, as in the store.
const BATCH: usize = 1_024;

/// Takes and prints the figure, in a process that has one core for itself.
pub async fn append() {
    let program = std::env::current_exe().expect("this program has a path");
    let data = tempfile::tempdir().expect("a folder for data");
    let mut measuring = tokio::process::Command::new("taskset");
    measuring.args(["-c", "0"]).arg(program).arg("measure-appends").arg(data.path());
    let ended = measuring.status().await.expect("taskset is part of util-linux");
    assert!(ended.success(), "the measuring process failed");
}

/// Measures in this process.
pub async fn measure(data: &Path) {
    let event = event();
    println!("append: {RATE} events a second of {} bytes over {SESSIONS} sessions, one each", event.len());
    let (mut attune, mut yardstick) = (Vec::new(), Vec::new());
    for run in 0..RUNS {
        let folder = data.join(format!("attune-{run}"));
        let store = SqliteStore::open(&folder, SqliteOptions::default()).expect("the folder can be used");
        attune.push(run_on(Log::Store(store, sessions()), &event).await);
        yardstick.push(run_on(Log::bare(&data.join(format!("bare-{run}"))), &event).await);
    }
    let [attune, yardstick] = [("attune:   ", attune), ("yardstick:", yardstick)].map(|(name, mut runs)| {
        let each: Vec<String> = runs.iter().map(|run| format!("{:.1}", run.p99)).collect();
        runs.sort_by(|one, other| one.p99.total_cmp(&other.p99));
        let Run { p50, p99, most } = runs[runs.len() / 2];
        let each = each.join(", ");
        println!("{name} due to on disk: p50 {p50:.1} ms, p99 {p99:.1} ms ({each}), most {most:.1} ms");
        p99
    });
    // Without a limit: the yardstick keeps no order, no index and no heads, and writes the events alone where a database
    // writes whole pages.
    let ratio = attune / yardstick;
    println!(
        "=> p99 of an append: {attune:.1} ms {}; {ratio:.2} x write and fdatasync of the same events",
        judge("append", attune)
    );
}

/// What one run came to, in milliseconds.
struct Run {
    p50: f64,
    p99: f64,
    most: f64,
}

/// Where events go.
enum Log {
    Store(SqliteStore, Vec<SessionId>),
    /// A thread that writes what waits, together, and syncs.
    Bare(SyncSender<(Bytes, oneshot::Sender<()>)>),
}

impl Log {
    fn bare(path: &Path) -> Self {
        let file = File::create_new(path).expect("the folder can be written");
        let (events, waiting) = mpsc::sync_channel(4 * BATCH);
        std::thread::spawn(move || write_bare(file, &waiting));
        Self::Bare(events)
    }

    async fn append(&self, session: usize, after: Revision, event: Bytes) -> Revision {
        match self {
            Self::Store(store, sessions) => {
                let expires_at = Timestamp(1_900_000_000_000);
                let append = Append { session: sessions[session], after, events: vec![event], expires_at };
                store.append(append).await.expect("the disk has room")
            }
            Self::Bare(events) => {
                let (done, synced) = oneshot::channel();
                events.try_send((event, done)).expect("it keeps up");
                synced.await.expect("the disk has room");
                Revision(after.0 + 1)
            }
        }
    }
}

/// Takes what waits as the store's writer does.
fn write_bare(mut file: File, waiting: &Receiver<(Bytes, oneshot::Sender<()>)>) {
    while let Ok(first) = waiting.recv() {
        let mut batch: Vec<_> = std::iter::once(first).chain(waiting.try_iter()).take(BATCH).collect();
        if batch.len() > 1 {
            std::thread::yield_now();
            batch.extend(waiting.try_iter().take(BATCH - batch.len()));
        }
        let bytes: Vec<u8> = batch.iter().flat_map(|(event, _)| event.iter().copied()).collect();
        file.write_all(&bytes).and_then(|()| file.sync_data()).expect("the disk has room");
        for (_, done) in batch {
            done.send(()).expect("somebody waits");
        }
    }
}

async fn run_on(log: Log, event: &Bytes) -> Run {
    let log = Arc::new(log);
    // One append of a session at a time, as its room does.
    let heads: Arc<Vec<Mutex<Revision>>> = Arc::new((0..SESSIONS).map(|_| Mutex::new(Revision(0))).collect());
    let waits = Arc::new(Lock::new(Vec::new()));
    let (due, mut dues) = tokio::sync::mpsc::unbounded_channel();
    // Tokio's timers round to a millisecond.
    let pacer = std::thread::spawn(move || {
        let began = Instant::now();
        for number in 0.. {
            let at = began + Duration::from_secs(1) * number / RATE;
            if at >= began + LENGTH {
                return;
            }
            std::thread::sleep(at.saturating_duration_since(Instant::now()));
            due.send((number as usize % SESSIONS, at)).expect("the run goes on");
        }
    });
    let mut appends = JoinSet::new();
    while let Some((session, at)) = dues.recv().await {
        let (log, heads, waits) = (Arc::clone(&log), Arc::clone(&heads), Arc::clone(&waits));
        let event = event.clone();
        appends.spawn(async move {
            let mut head = heads[session].lock().await;
            *head = log.append(session, *head, event).await;
            waits.lock().expect("nobody panics with it").push(at.elapsed());
        });
    }
    pacer.join().expect("it only sends");
    appends.join_all().await;
    if let Log::Store(store, _) = &*log {
        store.close().await;
    }
    let mut waits = std::mem::take(&mut *waits.lock().expect("nobody panics with it"));
    waits.sort();
    let at = |part: f64| waits[((waits.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
    Run { p50: at(0.5), p99: at(0.99), most: at(1.0) }
}

fn sessions() -> Vec<SessionId> {
    (0..SESSIONS).map(|_| SessionId::from_bytes(sixteen())).collect()
}

/// An event as it is stored: that of a pause.
fn event() -> Bytes {
    let hash = |n: u8| SecretHash::from_bytes([n; 32]);
    let settings = Settings { seat_limit: 12, retention: Millis::hours(24) };
    let now = Timestamp(1_790_000_000_000);
    let (mut session, _) = Session::create(plan(), hash(0), hash(1), settings, None, now);
    let (lobby, first) = (Moment::default(), Moment { visit: 1, turn: 0 });
    let commands = [
        Command::ChoosePresenter { moment: lobby, seat: Some(SeatNumber(1)) },
        Command::Begin { moment: lobby },
        Command::Pause { moment: first },
    ];
    let mut newest = None;
    for command in commands {
        let request = CommandId(uuid::Uuid::new_v4());
        let input = Input::Command { seat: SeatNumber(1), request, command, chance: 0 };
        for event in session.decide(input, now).events {
            session.apply(&event);
            newest = Some(event);
        }
    }
    stored::write(&newest.expect("something happened"))
}
