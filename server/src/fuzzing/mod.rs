//! Fuzzing on the stable compiler (FUZZ-1 and on): every reader of outside bytes as a plain function, a corpus that is
//! changed by a seed, and a file for what breaks a rule.
//!
//! A corpus stands in `corpus/<target>`, beside what other tests have: the protocol's examples, the methods, old events,
//! and the logs of random scripts. `make fuzz SECONDS=…` tries longer, `make fuzz FILE=…` tries one file again.

mod mutate;
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::clock::{Clock, SystemClock};
use crate::secret::{Chance as _, SystemChance};
use crate::session::tests::laws::chance::Chance;
use crate::session::tests::laws::script::logs;
use crate::stored;
use attune_protocol::ids::Millis;
use mutate::mutate;
use targets::{TARGETS, Target};

/// How many inputs a run of the tests tries for each target.
const TRIES: u64 = 10_000;

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The files of a folder and those below it, in order.
fn files_in(folder: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    let inputs = |path: PathBuf| match path.is_dir() {
        true => files_in(&path),
        false => vec![std::fs::read(path).expect("can be read")],
    };
    paths.into_iter().flat_map(inputs).collect()
}

/// What a target begins with.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let mut inputs = files_in(&source("src/fuzzing/corpus").join(target));
    match target {
        "first" => inputs.extend(files_in(&source("../protocol/tests/examples/first"))),
        "knocker" => inputs.extend(files_in(&source("../protocol/tests/examples/knocker"))),
        "display" => inputs.extend(files_in(&source("../protocol/tests/examples/display"))),
        "later" => {
            inputs.extend(files_in(&source("../protocol/tests/examples/client")));
            for command in files_in(&source("../protocol/tests/examples/command")) {
                let command = String::from_utf8(command).expect("is text");
                let request = "00000000-0000-4000-8000-000000000001";
                inputs.push(
                    format!(r#"{{"type":"command","request":"{request}","command":{command}}}"#).into(),
                );
            }
        }
        "plan" => inputs.extend(files_in(&source("../protocol/src/methods"))),
        "stored" => {
            let events = include_str!("../golden/events-1.jsonl").lines();
            inputs.extend(events.map(|line| line.as_bytes().to_vec()));
        }
        "log" => inputs.extend(logs(0..24).map(|log| {
            let lines: Vec<_> = log.iter().map(stored::write).collect();
            lines.join(&b'\n')
        })),
        _ => {}
    }
    inputs
}

/// Tries one input. What breaks a rule is kept in a file.
fn attempt(name: &str, target: Target, input: &[u8], case: &str) -> Result<(), String> {
    if catch_unwind(AssertUnwindSafe(|| target(input))).is_ok() {
        return Ok(());
    }
    let folder = source("../target/fuzz");
    let file = folder.join(format!("{name}-{case}"));
    let kept = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, input));
    kept.unwrap_or_else(|error| panic!("{} cannot be written: {error}", file.display()));
    let file = std::fs::canonicalize(&file).unwrap_or(file);
    Err(format!("target {name} breaks a rule: `make fuzz FILE={}` tries it again", file.display()))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

/// Tries a target: its corpus as it is, then changed, by number or for as long as was asked.
fn fuzz(name: &str) -> Result<(), String> {
    let (_, target) = *TARGETS.iter().find(|(known, _)| *known == name).expect("a target");
    let inputs = corpus(name);
    assert!(!inputs.is_empty(), "{name} has no corpus");
    for (number, input) in inputs.iter().enumerate() {
        attempt(name, target, input, &format!("corpus-{number}"))?;
    }
    let seconds = variable("ATTUNE_FUZZ_SECONDS").map(|text| text.parse::<i64>().expect("a number"));
    let mut base = [0; 8];
    if seconds.is_some() {
        SystemChance.fill(&mut base).expect("the system has chance");
    }
    let first_case = u64::from_le_bytes(base);
    let clock = SystemClock::new().expect("the system has a clock");
    let end = seconds.map(|seconds| clock.now() + Millis::seconds(seconds));
    let goes_on =
        |tried: u64| end.map_or(tried < TRIES, |end| !tried.is_multiple_of(64) || clock.now() < end);
    let mut tried = 0;
    while goes_on(tried) {
        let case = first_case.wrapping_add(tried);
        let mut chance = Chance::new(case);
        let from = chance.below(inputs.len());
        let input = mutate(&mut chance, &inputs[from], &inputs);
        attempt(name, target, &input, &format!("{case:016x}"))?;
        tried += 1;
    }
    Ok(())
}

/// Tries a target, or the one file that was asked for, if it is the target's.
fn check(name: &str) {
    let Some(file) = variable("ATTUNE_FUZZ_FILE") else {
        return fuzz(name).unwrap_or_else(|why| panic!("{why}"));
    };
    let path = Path::new(&file);
    let stem = path.file_name().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let is_in = path.parent().and_then(Path::file_name).is_some_and(|folder| folder == name);
    if is_in || stem.starts_with(&format!("{name}-")) {
        let (_, target) = *TARGETS.iter().find(|(known, _)| *known == name).expect("a target");
        target(&std::fs::read(path).expect("can be read"));
    }
}

macro_rules! fuzz_tests {
    ($($test:ident: $name:literal;)*) => {
        $(#[test]
        fn $test() {
            check($name);
        })*

        #[test]
        fn every_target_is_tried() {
            let tried = [$($name),*];
            assert_eq!(TARGETS.map(|(name, _)| name), tried);
        }
    };
}

fuzz_tests! {
    fuzz_1_first_messages_are_read_or_refused_by_name: "first";
    fuzz_2_later_messages_are_written_as_they_were_read: "later";
    fuzz_2_what_is_said_at_the_door_is_written_as_it_was_read: "knocker";
    fuzz_2_what_a_screen_says_is_written_as_it_was_read: "display";
    fuzz_2_sealed_texts_come_out_as_they_went_in: "sealed";
    fuzz_2_stored_events_are_written_as_they_were_read: "stored";
    fuzz_3_a_damaged_log_makes_a_session_or_none: "log";
    fuzz_1_plans_are_valid_or_refused_by_name: "plan";
    fuzz_4_a_path_yields_the_page_or_a_public_file: "path";
    fuzz_1_heads_are_taken_or_refused_by_name: "head";
    fuzz_1_frames_are_the_same_in_whatever_pieces: "frames";
    fuzz_1_what_stands_left_of_the_nearest_proxys_word_changes_nothing: "forwarded";
}

#[test]
fn fuzz_5_what_breaks_a_rule_is_kept() {
    let broken = |input: &[u8]| assert!(input.is_empty(), "breaks on purpose");
    assert_eq!(attempt("none", broken, b"", "test"), Ok(()));
    let why = attempt("none", broken, b"x", "test").expect_err("it breaks");
    let file = why.split(['=', '`']).nth(2).expect("a file").to_owned();
    assert_eq!(std::fs::read(&file).ok().as_deref(), Some(&b"x"[..]), "{why}");
    std::fs::remove_file(file).expect("it was written");
}
