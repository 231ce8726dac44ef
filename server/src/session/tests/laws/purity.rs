//! What the core may use: std without clocks and unordered maps, serde's derive, the protocol, and itself.

use std::path::{Path, PathBuf};

/// Words that bring time, chance, tasks or an order that is not ours.
const FOREIGN: [&str; 12] = [
    "HashMap",
    "HashSet",
    "SystemTime",
    "Instant",
    "tokio",
    "rand",
    "getrandom",
    "std::time",
    "std::thread",
    "std::env",
    "std::fs",
    "std::net",
];

fn core_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/session");
    let files =
        std::fs::read_dir(folder).expect("the core's folder").map(|entry| entry.expect("a file").path());
    files.filter(|path| path.extension().is_some_and(|ending| ending == "rs")).collect()
}

/// What is foreign in a file's text, by line.
fn foreign(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        let words = line.split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == ':'));
        for word in words.filter(|word| !word.is_empty()) {
            let parts: Vec<&str> = word.split("::").collect();
            let banned = FOREIGN.iter().any(|foreign| {
                word.starts_with(&format!("{foreign}::")) || parts.contains(foreign) || word == *foreign
            });
            if banned {
                found.push(format!("{word}: {line}"));
            }
        }
        let import = line.trim_start().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        if let Some(path) = import.strip_prefix("use ") {
            let root = path.split([':', ';', ' ']).next().unwrap_or_default();
            let ours = ["std", "attune_protocol", "super", "self", "crate"].contains(&root)
                || path == "serde::{Deserialize, Serialize};"
                || line_names_a_module(root);
            let other = path.starts_with("crate::") && !path.starts_with("crate::session");
            if !ours || other || path.starts_with("std::{") {
                found.push(line.to_owned());
            }
        }
    }
    found
}

/// Whether a path begins in one of the core's own files.
fn line_names_a_module(root: &str) -> bool {
    core_files().iter().any(|path| path.file_stem().is_some_and(|stem| stem == root))
}

#[test]
fn run_9_the_core_imports_std_serdes_derive_and_the_protocol_only() {
    let files = core_files();
    assert!(files.len() > 10, "the core's files are found");
    for path in files {
        let text = std::fs::read_to_string(&path).expect("reads");
        assert_eq!(foreign(&text), Vec::<String>::new(), "{}", path.display());
    }
}

#[test]
fn run_9_what_is_foreign_is_found() {
    for line in [
        "use tokio::sync::mpsc;",
        "use std::time::Instant;",
        "    let now = std::time::SystemTime::now();",
        "use std::collections::HashMap;",
        "let x: std::collections::HashSet<u8>;",
        "use serde_json::Value;",
        "use crate::store::Store;",
        "pub use rusqlite::Connection;",
        "use std::{time::Duration, fmt};",
    ] {
        assert!(!foreign(line).is_empty(), "{line}");
    }
}
