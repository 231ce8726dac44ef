//! The figures, and how each is taken.

use std::time::{Duration, Instant};

use crate::append::append;
use crate::idle::idle;
use crate::load::{Group, PEOPLE};
use crate::process;
use crate::server::Child;
use crate::storm::storm;

/// Groups under load.
const GROUPS: usize = 200;
/// How long a saturated run lasts: CPU time is counted in ticks of 10 ms, so 8 s is exact to a thousandth.
const SATURATED: Duration = Duration::from_secs(8);
/// Commands a second of the open run, over all groups.
const OPEN_RATE: u32 = 500;
/// How long the open run lasts.
const OPEN: Duration = Duration::from_secs(10);
/// Idle sockets for the memory figure.
const IDLE_GROUPS: usize = 250;
/// Stored sessions for the cold start.
const STORED: usize = 2_500;

/// Something that is measured.
pub struct Figure {
    /// What it is asked for by.
    pub name: &'static str,
    /// What it may be at most, as docs/CONTRIBUTING.md says it.
    limit: &'static str,
    /// The number of that limit.
    most: f64,
}

/// The figures in the order in which they are taken.
pub const FIGURES: [Figure; 8] = [
    Figure { name: "cpu", limit: "2.0 ×", most: 2.0 },
    Figure { name: "latency", limit: "25 ms", most: 25.0 },
    Figure { name: "memory", limit: "6 kB", most: 6.0 },
    Figure { name: "start", limit: "100 ms", most: 100.0 },
    Figure { name: "storm", limit: "2.0 ×", most: 2.0 },
    Figure { name: "idle", limit: "2.0 ×", most: 2.0 },
    Figure { name: "append", limit: "50 ms", most: 50.0 },
    Figure { name: "hours", limit: "0.05 %", most: 0.05 },
];

/// The limit of a figure, and whether what was measured keeps it, in words.
pub fn judge(name: &str, measured: f64) -> String {
    let Figure { limit, most, .. } = FIGURES.iter().find(|figure| figure.name == name).expect("a figure");
    format!("(limit {limit}): {}", if measured <= *most { "met" } else { "NOT MET" })
}

/// Takes and prints these figures.
pub async fn report(names: &[&str]) {
    println!(
        "Limits on rates and the 50 ms window are lifted for cpu, latency, memory and start; the store is SQLite on this \
         disk."
    );
    println!("A view has {} bytes; the yardstick delivers frames of the same size.", view_bytes());
    for name in names {
        match *name {
            "cpu" => cpu().await,
            "latency" => {
                latency(false).await;
                latency(true).await;
            }
            "memory" => memory().await,
            "storm" => storm().await,
            "idle" => idle().await,
            "append" => append().await,
            "hours" => hours().await,
            _ => cold_start().await,
        }
    }
}

/// CPU of the server for each delivered view.
async fn cpu() {
    let yardstick = saturate(&Child::yardstick(view_bytes()).await, false).await;
    println!(
        "yardstick: {:.1} µs of CPU a delivery, {:.0} deliveries a second, {:.0} % busy",
        yardstick.micros,
        yardstick.rate,
        yardstick.micros * yardstick.rate / 1e4
    );
    let data = tempfile::tempdir().expect("a folder for data");
    let attune = saturate(&Child::attune(data.path()).await, true).await;
    println!(
        "attune:    {:.1} µs of CPU a delivery, {:.0} deliveries a second, {:.0} % busy",
        attune.micros,
        attune.rate,
        attune.micros * attune.rate / 1e4
    );
    let ratio = attune.micros / yardstick.micros;
    println!("=> CPU a delivered view: {ratio:.2} x the yardstick {}", judge("cpu", ratio));
}

/// The size of the view that the load brings about.
fn view_bytes() -> usize {
    use attune_protocol::client::Command;
    use attune_protocol::ids::{CommandId, Millis, SeatNumber, SecretHash, Timestamp};
    use attune_server::session::{Audience, Input, Session, Settings};
    let hash = |n: u8| SecretHash::from_bytes([n; 32]);
    let settings = Settings { seat_limit: 12, retention: Millis::hours(24) };
    let now = Timestamp(1_790_000_000_000);
    let (mut session, _) = Session::create(crate::load::plan(), hash(0), hash(1), settings, None, now);
    let mut inputs = Vec::new();
    for person in 2..=PEOPLE as u8 {
        inputs.push(Input::Enter { token: hash(person), invite: Some(hash(0)) });
    }
    let mut act = |seat: u16, command| {
        inputs.push(Input::Command {
            seat: SeatNumber(seat),
            request: CommandId(uuid::Uuid::new_v4()),
            command,
            chance: 0,
        });
    };
    for person in 2..=PEOPLE as u16 {
        act(person, Command::Agree { seat: SeatNumber(person), agreement: None });
    }
    let moment = attune_protocol::client::Moment::default();
    act(1, Command::ChoosePresenter { moment, seat: Some(SeatNumber(2)) });
    act(1, Command::Begin { moment });
    for input in inputs {
        for event in session.decide(input, now).events {
            session.apply(&event);
        }
    }
    let view = session.view(Audience::Members);
    serde_json::to_string(&view).expect("views are JSON").len()
        + r#"{"type":"view","revision":20,"view":}"#.len()
}

struct Saturated {
    /// CPU of the server for one delivery, in microseconds.
    micros: f64,
    /// Deliveries a second.
    rate: f64,
}

/// Every group makes its next change as soon as all eight have the last one; the server has one core.
async fn saturate(child: &Child, attune: bool) -> Saturated {
    let groups = start(child, attune, GROUPS).await;
    let (began, cpu) = (Instant::now(), process::cpu(child.pid()));
    let runs: Vec<_> = groups
        .into_iter()
        .map(|mut group| {
            tokio::spawn(async move {
                let mut changes = 0_u64;
                while began.elapsed() < SATURATED {
                    group.change().await;
                    changes += 1;
                }
                (group, changes)
            })
        })
        .collect();
    let (mut changes, mut kept) = (0, Vec::new());
    for run in runs {
        let (group, count) = run.await.expect("no group fails");
        changes += count;
        kept.push(group);
    }
    let (wall, spent) = (began.elapsed(), process::cpu(child.pid()).saturating_sub(cpu));
    let deliveries = (changes * PEOPLE as u64) as f64;
    Saturated { micros: spent.as_secs_f64() * 1e6 / deliveries, rate: deliveries / wall.as_secs_f64() }
}

/// Changes at a fixed rate, whether or not earlier ones have arrived; counted from the moment each was due.
async fn latency(attune: bool) {
    let data = tempfile::tempdir().expect("a folder for data");
    let child = if attune { Child::attune(data.path()).await } else { Child::yardstick(view_bytes()).await };
    let groups = start(&child, attune, GROUPS).await;
    let per_group = Duration::from_secs(1) * GROUPS as u32 / OPEN_RATE;
    let began = Instant::now();
    let runs: Vec<_> = groups
        .into_iter()
        .enumerate()
        .map(|(index, mut group)| {
            tokio::spawn(async move {
                let mut due = began + per_group * index as u32 / GROUPS as u32;
                let mut waits = Vec::new();
                while due < began + OPEN {
                    tokio::time::sleep_until(due.into()).await;
                    let late = due.elapsed();
                    waits.push(late + group.change().await);
                    due += per_group;
                }
                waits
            })
        })
        .collect();
    let mut waits = Vec::new();
    for run in runs {
        waits.extend(run.await.expect("no group fails"));
    }
    waits.sort();
    let at = |part: f64| waits[((waits.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
    let name = if attune { "attune:   " } else { "yardstick:" };
    println!(
        "{name} command to last delivery at {OPEN_RATE}/s: p50 {:.1} ms, p99 {:.1} ms, most {:.1} ms",
        at(0.5),
        at(0.99),
        at(1.0)
    );
    if attune {
        println!("=> p99 of a delivery: {:.1} ms {}", at(0.99), judge("latency", at(0.99)));
    }
}

/// Resident memory for one idle socket, beyond the base of the process.
async fn memory() {
    for attune in [false, true] {
        let data = tempfile::tempdir().expect("a folder for data");
        let child =
            if attune { Child::attune(data.path()).await } else { Child::yardstick(view_bytes()).await };
        // A full store and one group first, so that what is made once counts to the base: SQLite's caches grow up to a
        // bound that has nothing to do with sockets.
        if attune {
            crate::load::fill(child.target(true), STORED).await;
        }
        let first = start(&child, attune, 1).await;
        let base = process::resident(child.pid());
        let groups = start(&child, attune, IDLE_GROUPS).await;
        let grown = process::resident(child.pid()).saturating_sub(base);
        let each = grown as f64 / (groups.len() * PEOPLE) as f64 / 1024.0;
        let name = if attune { "attune:   " } else { "yardstick:" };
        println!("{name} {each:.1} kB an idle socket");
        if attune {
            println!("=> memory: {each:.1} kB an idle socket {}", judge("memory", each));
        }
        drop(first);
    }
}

/// From the start of the process to its first answer, with many sessions stored.
async fn cold_start() {
    let data = tempfile::tempdir().expect("a folder for data");
    let child = Child::attune(data.path()).await;
    let groups = start(&child, true, STORED / PEOPLE).await;
    crate::load::fill(child.target(true), STORED - groups.len()).await;
    drop(groups);
    child.end().await;
    let began = Instant::now();
    let child = Child::attune(data.path()).await;
    let answered = began.elapsed();
    let answered = answered.as_secs_f64() * 1e3;
    println!("=> cold start with {STORED} stored sessions: {answered:.0} ms {}", judge("start", answered));
    drop(child);
}

/// How much the heap grows in a day, in a program of its own: counting allocations would cost the other figures.
async fn hours() {
    let program = std::env::current_exe().expect("this program has a path").with_file_name("attune-hours");
    let output = tokio::process::Command::new(program).output().await.expect("it is built with the bench");
    let said = String::from_utf8_lossy(&output.stdout);
    let (words, growth) = said.trim_end().rsplit_once('\n').expect("it says what it found");
    let growth: f64 = growth.parse().expect("a number");
    println!("{words}");
    println!("=> growth of the heap in an hour: {growth:.4} % of it {}", judge("hours", growth));
}

/// Brings groups up, and waits until it is quiet.
async fn start(child: &Child, attune: bool, count: usize) -> Vec<Group> {
    let target = child.target(attune);
    let mut groups = Vec::new();
    for name in 0..count {
        groups.push(Group::start(target, name).await);
    }
    for group in &mut groups {
        group.drain(Duration::from_millis(20)).await;
    }
    groups
}
