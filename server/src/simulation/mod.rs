//! The whole server short of sockets, in one thread on virtual time, from a seed (SIM-1 and on).
//!
//! `world.rs` is the loop: real rooms and sockets on a clock that jumps from moment to moment, pages that keep the web
//! client's rules, connections that break, and a disk that outlives the server. `truth.rs` replays what the disk has and
//! compares it with what anybody is told. `make simulate SEED=…` replays one seed with its story, `HOURS=…` runs longer,
//! `FROM=…` other worlds.

mod disk;
mod found;
mod link;
mod page;
mod server;
mod truth;
mod weather;
mod world;

use attune_protocol::ids::Millis;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use world::{Report, World};

/// How many hours of sessions a run of the tests lives through.
const HOURS: i64 = 1_000;
/// Seeds that once broke a rule, each with what it was. They run first.
const KEPT: &str = include_str!("seeds.txt");

fn kept_seeds() -> Vec<u64> {
    let seeds = KEPT.lines().filter_map(|line| line.split_whitespace().next());
    seeds.filter(|word| !word.starts_with('#')).map(|word| word.parse().expect("a seed")).collect()
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().filter(|text| !text.is_empty()).map(|text| text.parse().expect("a number"))
}

/// Runs one world. What went wrong comes with its seed and its story.
fn run(seed: u64) -> Result<Report, String> {
    let report = catch_unwind(AssertUnwindSafe(|| World::new(seed, false).run()));
    match report {
        Ok(report) if report.fault.is_none() => Ok(report),
        _ => Err(retell(seed)),
    }
}

/// The same once more, with its story.
fn retell(seed: u64) -> String {
    let again = format!("`make simulate SEED={seed}` tells it again");
    match catch_unwind(AssertUnwindSafe(|| World::new(seed, true).run())) {
        Ok(Report { fault: Some((rule, why)), story, .. }) => {
            let story = Vec::from(story).join("\n");
            format!("{story}\n{rule}, in the world of seed {seed}: {why}\n{again}")
        }
        Ok(_) => format!("seed {seed} failed and did not the second time: it is not deterministic\n{again}"),
        Err(_) => format!("a panic, in the world of seed {seed}\n{again}"),
    }
}

#[test]
fn sim_1_the_same_seed_makes_the_same_world() {
    for seed in 0..6 {
        let [first, second] = [(); 2].map(|()| World::new(seed, false).run());
        assert_eq!((first.trace, first.events), (second.trace, second.events), "seed {seed}");
        assert_ne!(first.trace, World::new(seed + 1_000, false).run().trace, "seed {seed}");
    }
}

#[test]
fn sim_2_a_thousand_hours_of_sessions_keep_every_rule() {
    if let Some(seed) = number("ATTUNE_WORLD") {
        run(seed).unwrap_or_else(|why| panic!("{why}"));
        return;
    }
    let goal = number("ATTUNE_WORLD_HOURS").map_or(HOURS, |hours| hours as i64);
    let first = number("ATTUNE_WORLD_FROM").unwrap_or(0);
    let kept = kept_seeds();
    let (next, met) = (AtomicU64::new(0), AtomicI64::new(0));
    let (sessions, events) = (AtomicU64::new(0), AtomicU64::new(0));
    let faults = Mutex::new(Vec::new());
    let work = || {
        while Millis(met.load(Ordering::Relaxed)) < Millis::hours(goal) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let seed = kept.get(index as usize).copied().unwrap_or(first + index);
            match run(seed) {
                Ok(report) => {
                    met.fetch_add(report.met.0, Ordering::Relaxed);
                    sessions.fetch_add(report.sessions as u64, Ordering::Relaxed);
                    events.fetch_add(report.events as u64, Ordering::Relaxed);
                }
                Err(why) => {
                    faults.lock().expect("nobody panics with it").push(why);
                    return;
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(work);
        }
    });
    let faults = faults.into_inner().expect("nobody panics with it");
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    let (sessions, events) = (sessions.into_inner(), events.into_inner());
    // A world in which nothing happens would keep every rule.
    assert!(sessions * 20 > goal as u64 && events > sessions * 10, "{sessions} sessions, {events} events");
}
