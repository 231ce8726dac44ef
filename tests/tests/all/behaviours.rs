//! Every number of the specification has a test that is named after it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// What only the bench shows: a figure that a loaded machine makes long, in minutes that no test may take. Each is held
/// by its name, its limit and the words of the specification.
const SHOWN_BY_BENCH: [(&str, &str, &str); 8] = [
    ("RUN-11", "cpu", "at most 2.0 ×"),
    ("RUN-12", "memory", "at most 6 kB"),
    ("RUN-12", "latency", "at most 25 ms"),
    ("RUN-13", "start", "under 100 ms"),
    ("RUN-22", "storm", "at most 2.0 ×"),
    ("RUN-23", "idle", "at most 2.0 ×"),
    ("RUN-24", "append", "at most 50 ms"),
    ("RUN-27", "hours", "at most 0.05 %"),
];

/// Rules that hold in every world at once: each has no test of its own, but a fault of its name.
const HELD_BY_WORLDS: [&str; 6] = ["SIM-4", "SIM-5", "SIM-6", "SIM-7", "SIM-8", "SIM-9"];

/// All files below a folder of the project whose names end like this.
fn files(folder: &str, ends: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(PROJECT).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("there is a folder") {
            let path = entry.expect("can be listed").path();
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if ends.iter().any(|end| path.to_string_lossy().ends_with(end)) {
                found.push(path);
            }
        }
    }
    found
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(Path::new(PROJECT).join(path)).expect("is text")
}

/// An id at the beginning of a text (`TIME-3`, `time_3`, `T12`), as the specification writes it, and what follows.
fn id(text: &str, joint: char) -> Option<(String, &str)> {
    let letters = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let (section, rest) = text.split_at(letters);
    let section = section.to_ascii_uppercase();
    let numbered = match rest.strip_prefix(joint) {
        Some(numbered) if !section.is_empty() => numbered,
        None if section == "T" => rest,
        _ => return None,
    };
    let digits = numbered.find(|c: char| !c.is_ascii_digit()).unwrap_or(numbered.len());
    let (number, after) = numbered.split_at(digits);
    let joint = if section == "T" { "" } else { "-" };
    (!number.is_empty()).then(|| (format!("{section}{joint}{number}"), after))
}

/// All ids that a name begins with: a test may show several at once.
fn leading(mut name: &str, joint: char, between: char) -> Vec<String> {
    let mut found = Vec::new();
    while let Some((id, after)) = id(name, joint) {
        found.push(id);
        let Some(rest) = after.strip_prefix(between) else { break };
        name = rest;
    }
    found
}

/// The ids that tests in Rust are named after: functions, and names that a macro turns into some.
fn shown_in_rust() -> BTreeSet<String> {
    let mut shown = BTreeSet::new();
    for file in
        ["server/src", "tests/tests", "protocol"].into_iter().flat_map(|folder| files(folder, &[".rs"]))
    {
        for line in read(file).lines().map(str::trim_start) {
            let function = line.split_once("fn ").map(|(_, name)| name);
            let named = function.or_else(|| line.contains(": \"").then_some(line));
            shown.extend(named.iter().flat_map(|name| leading(name, '_', '_')));
        }
    }
    shown
}

/// The ids that titles in TypeScript begin with.
fn shown_in_typescript() -> BTreeSet<String> {
    let folders = ["web/src", "tests/browser/specs"];
    let tests = folders.into_iter().flat_map(|folder| files(folder, &[".test.ts", ".test.tsx", ".spec.ts"]));
    let mut shown = BTreeSet::new();
    for file in tests {
        let text = read(file);
        shown.extend(text.split(['\'', '`', '"']).flat_map(|title| leading(title, '-', ' ')));
        shown.extend(text.split(['\'', '`', '"']).flat_map(|title| leading(title, '_', '_')));
    }
    shown
}

/// Every id of the specification with its sentence.
fn specified() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for line in read("docs/SPEC.md").lines() {
        let Some(item) = line.strip_prefix("- ").or_else(|| line.strip_prefix("| ")) else { continue };
        if let Some((id, sentence)) = id(item, '-')
            && sentence.starts_with(' ')
        {
            let twice = found.insert(id.clone(), sentence.to_owned());
            assert!(twice.is_none(), "{id} stands there twice");
        }
    }
    found
}

#[test]
fn run_26_every_number_of_the_specification_has_a_test_of_its_name() {
    let specified = specified();
    assert!(specified.len() > 500, "only {} are found", specified.len());
    let shown: BTreeSet<String> = shown_in_rust().into_iter().chain(shown_in_typescript()).collect();
    let elsewhere: BTreeSet<&str> = SHOWN_BY_BENCH.iter().map(|(id, ..)| *id).chain(HELD_BY_WORLDS).collect();
    let gaps: Vec<&String> =
        specified.keys().filter(|id| !shown.contains(*id) && !elsewhere.contains(id.as_str())).collect();
    assert!(gaps.is_empty(), "no test begins with {gaps:?}");
    let unsaid: Vec<&&str> = elsewhere.iter().filter(|id| shown.contains(**id)).collect();
    assert!(unsaid.iter().all(|id| HELD_BY_WORLDS.contains(id)), "{unsaid:?} have tests by now");
    let section = |id: &str| id.split(|c: char| c == '-' || c.is_ascii_digit()).next().map(str::to_owned);
    let sections: BTreeSet<Option<String>> = specified.keys().map(|id| section(id)).collect();
    let security = read("docs/SECURITY.md");
    let is_promised = |id: &str| {
        specified.contains_key(id) || security.lines().any(|row| row.starts_with(&format!("| {id} |")))
    };
    let unknown: Vec<&String> =
        shown.iter().filter(|id| sections.contains(&section(id)) && !is_promised(id)).collect();
    assert!(unknown.is_empty(), "tests are named after {unknown:?}, which nobody promised");
}

#[test]
fn run_26_no_test_stands_where_none_is_run() {
    // Their parts of `Cargo.toml` say `test = false`.
    let helpers = ["tests/src", "tests/bench/src"].into_iter().flat_map(|folder| files(folder, &[".rs"]));
    let lost: Vec<PathBuf> = helpers
        .filter(|path| {
            let text = read(path);
            ["test]", "cfg(test)", "```"].iter().any(|mark| text.contains(mark))
        })
        .collect();
    assert!(lost.is_empty(), "nothing runs the tests of {lost:?}");
}

#[test]
fn run_26_what_the_bench_shows_is_a_figure_of_it_with_its_limit() {
    let (specified, guide, bench) =
        (specified(), read("docs/CONTRIBUTING.md"), read("tests/bench/src/figures.rs"));
    for (id, figure, words) in SHOWN_BY_BENCH {
        assert!(specified[id].contains(words), "{id} does not say {words}");
        let row = guide.lines().find(|line| line.starts_with(&format!("| `{figure}` |")));
        let row = row.unwrap_or_else(|| panic!("no row tells of {figure}"));
        let limit = row.rsplit('|').nth(1).expect("has a limit").trim();
        assert!(words.ends_with(limit), "{id} says {words}, and the guide {limit}");
        let entry = bench.lines().find(|line| line.contains(&format!("name: \"{figure}\"")));
        let entry = entry.unwrap_or_else(|| panic!("the bench has no {figure}"));
        assert!(entry.contains(&format!("limit: \"{limit}\"")), "{entry} has not the limit {limit}");
    }
}

#[test]
fn run_26_what_worlds_hold_is_a_fault_of_theirs_by_name() {
    let worlds: String =
        files("server/src/simulation", &["truth.rs", "checks.rs"]).into_iter().map(read).collect();
    for id in HELD_BY_WORLDS {
        assert!(worlds.contains(&format!("\"{id}\"")), "no world breaks by {id}");
    }
}
