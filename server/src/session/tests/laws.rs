//! Laws that hold whatever comes to a session, tried with random scripts.
//!
//! All laws are tried in one run over many scripts, and each has a test of its own that tells the first script that
//! broke it. `ATTUNE_SCRIPTS=n` tries n scripts, `ATTUNE_SEED=s` only the one that s tells.

pub(crate) mod chance;
pub(crate) mod draw;
mod drive;
mod found;
mod model;
mod personal;
mod purity;
mod rights;
pub(crate) mod script;
pub(crate) mod watch;

use std::collections::BTreeMap;
use std::panic::catch_unwind;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use drive::judge;
use script::Script;
use watch::Broken;

/// How many scripts a run of the tests tries.
const SCRIPTS: u64 = 20_000;

/// The first seed that broke each law, and how.
type Findings = BTreeMap<&'static str, (u64, String)>;

fn findings() -> &'static Findings {
    static FINDINGS: OnceLock<Findings> = OnceLock::new();
    FINDINGS.get_or_init(|| {
        let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
        match number("ATTUNE_SEED") {
            Some(seed) => try_scripts(seed..seed + 1),
            None => try_scripts(0..number("ATTUNE_SCRIPTS").unwrap_or(SCRIPTS)),
        }
    })
}

fn try_scripts(seeds: std::ops::Range<u64>) -> Findings {
    let next = AtomicU64::new(seeds.start);
    let work = || {
        let mut found = Findings::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return found;
            }
            for (law, why) in broken_by(&Script::draw(seed)) {
                found.entry(law).or_insert((seed, why));
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let mut all = Findings::new();
        for (law, (seed, why)) in workers.into_iter().flat_map(|worker| worker.join().expect("no panic")) {
            let least = all.entry(law).or_insert((seed, why.clone()));
            if seed < least.0 {
                *least = (seed, why);
            }
        }
        all
    })
}

fn broken_by(script: &Script) -> Broken {
    catch_unwind(|| judge(script))
        .unwrap_or_else(|_| Broken::from([("panic", "the core panicked".to_owned())]))
}

/// Fails with the first script that broke this law, cut down to what is needed for it.
fn holds(law: &'static str) {
    for law in [law, "panic"] {
        if let Some((seed, why)) = findings().get(law) {
            let (script, why) = cut_down(Script::draw(*seed), law, why);
            panic!("{}", tell(law, *seed, &why, &script));
        }
    }
}

/// The broken law, the seed that tries its script again, and the script.
fn tell(law: &str, seed: u64, why: &str, script: &Script) -> String {
    let steps: Vec<String> = script.steps.iter().map(|step| format!("{step:?}")).collect();
    let plan = serde_json::to_string(&script.plan).expect("writes");
    format!("{law}: ATTUNE_SEED={seed}\n{why}\n{plan}\n{}", steps.join("\n"))
}

/// Leaves out every step without which the law is still broken.
fn cut_down(mut script: Script, law: &'static str, why: &str) -> (Script, String) {
    let mut why = why.to_owned();
    for index in (0..script.steps.len()).rev() {
        let mut shorter = script.clone();
        shorter.steps.remove(index);
        if let Some(still) = broken_by(&shorter).remove(law) {
            (script, why) = (shorter, still);
        }
    }
    (script, why)
}

#[test]
fn run_10_twenty_thousand_scripts_are_tried_and_a_failing_one_is_told_by_its_seed() {
    assert_eq!(SCRIPTS, 20_000);
    let told = tell("a law", 77, "so it broke", &Script::draw(77));
    assert!(told.starts_with("a law: ATTUNE_SEED=77\nso it broke\n{"), "{told}");
    assert_eq!(told.lines().count(), 3 + Script::draw(77).steps.len());
}

#[test]
fn time_17_time_is_conserved_at_every_moment() {
    holds("TIME-17");
}

#[test]
fn time_18_a_phase_that_ends_by_itself_takes_its_time_and_the_grace() {
    holds("TIME-18");
}

#[test]
fn time_19_the_log_never_runs_backwards() {
    holds("TIME-19");
}

#[test]
fn time_20_drivers_agree() {
    holds("TIME-20");
}

#[test]
fn time_21_what_was_due_comes_first_and_leaves_no_deadline_in_the_past() {
    holds("TIME-21");
}

#[test]
fn time_22_a_firm_session_left_alone_closes() {
    holds("TIME-22");
}

#[test]
fn time_23_replaying_the_log_rebuilds_the_state() {
    holds("TIME-23");
}

#[test]
fn view_1_audiences_are_who_they_should_be() {
    holds("VIEW-1");
}

#[test]
fn view_5_no_view_holds_more_than_its_audience_may_know() {
    holds("VIEW-5");
}

#[test]
fn floor_3_the_silent_presenter_is_never_on_the_floor() {
    holds("FLOOR-3");
}

#[test]
fn steer_3_nobody_changes_what_they_have_no_right_to() {
    holds("STEER-3");
}

#[test]
fn steer_8_an_act_that_comes_again_writes_nothing() {
    holds("STEER-8");
}

#[test]
fn steer_13_a_refusal_writes_nothing_of_its_own() {
    holds("STEER-13");
}

#[test]
fn door_20_no_token_opens_two_seats() {
    holds("DOOR-20");
}

#[test]
fn door_25_no_token_that_was_given_away_opens_a_seat() {
    holds("DOOR-25");
}

#[test]
fn door_29_no_link_for_one_person_lets_a_second_in() {
    holds("DOOR-29");
}

#[test]
fn door_30_a_new_link_or_a_removal_ends_the_links_for_one_person() {
    holds("DOOR-30");
}

#[test]
fn pres_6_nothing_moves_because_somebody_comes_or_goes() {
    holds("PRES-6");
}
