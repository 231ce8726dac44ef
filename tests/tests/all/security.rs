//! The page on security claims nothing that no test shows.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// All sources below a folder of the project.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("there is a folder") {
        let path = entry.expect("can be listed").path();
        if path.is_dir() && !path.ends_with("node_modules") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn run_21_each_line_on_security_names_tests_that_there_are() {
    let project = Path::new(PROJECT);
    let mut files = Vec::new();
    for folder in ["server/src", "tests/tests", "protocol"] {
        sources(&project.join(folder), &mut files);
    }
    let code: String = files.iter().map(|file| fs::read_to_string(file).expect("is text")).collect();
    let functions: BTreeSet<&str> =
        code.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next()).collect();
    let page = fs::read_to_string(project.join("docs/SECURITY.md")).expect("there is a page");
    let mut rows = 0;
    for row in page.lines().filter(|line| line.starts_with("| T")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, requirement, _, places, tests, _] = cells[..] else { panic!("{row}") };
        for place in places.split(", ").map(|place| place.trim_matches('`')) {
            let below = if ["web/", "protocol/", "server/", "deny.toml"]
                .iter()
                .any(|folder| place.starts_with(folder))
            {
                ""
            } else {
                "server/src"
            };
            assert!(project.join(below).join(place).exists(), "{requirement}: there is no {place}");
        }
        for test in tests.split(", ").map(|test| test.trim_matches('`')) {
            if let Ok(text) = fs::read_to_string(project.join(test)) {
                assert!(text.contains(requirement), "{requirement} is not named in {test}");
            } else {
                assert!(functions.contains(test), "{requirement}: there is no {test}");
            }
        }
        rows += 1;
    }
    assert!(rows > 45, "only {rows} lines");
}
