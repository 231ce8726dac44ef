//! What `make` does for whoever works on Attune. Where `make` or Node is missing a test says so, and proves nothing.

use attune_tests::raw::get;
use attune_tests::waiting::until;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

const PROJECT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const PROGRAM: &str = env!("CARGO_BIN_EXE_attune-under-test");

/// A process that ends with the test, and those that it has started.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _gone = self.0.wait();
    }
}

/// What `make` says with these arguments, without what a `make` around the test hands on. Nothing where there is none.
fn make(arguments: &[&str]) -> Option<String> {
    let mut make = Command::new("make");
    let make = make.args(arguments).current_dir(PROJECT).env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
    let Ok(output) = make.output() else {
        println!("there is no make here: nothing is shown");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("is text"))
}

/// Asserts that these stand in the text, in this order.
#[track_caller]
fn in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { panic!("no {part:?} in its place in\n{text}") };
        rest = after;
    }
}

#[tokio::test]
async fn run_1_make_run_builds_both_and_prints_the_address_to_open() {
    let home = TempDir::new().expect("the system has a folder for temporary files");
    let data = home.path().join("data");
    // As on a clean checkout: `-W` takes a source for newer than what was built of it.
    let asked =
        ["-n", "run", "LISTEN=127.0.0.1:0", &format!("DATA={}", data.display()), "-W", "web/index.html"];
    let Some(steps) = make(&asked) else { return };
    in_order(
        &steps,
        &["cd web && npm run --silent build", "cargo build --release", "--package attune-server"],
    );
    let last = steps.lines().last().expect("it does something");
    let (program, flags) = last.split_once(' ').expect("the program has flags");
    assert_eq!(program, "target/release/attune");
    let mut attune = Command::new(PROGRAM);
    let attune = attune.args(flags.split(' ')).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut attune = Running(attune.expect("the program can be started"));
    let mut said = String::new();
    let mut output = BufReader::new(attune.0.stdout.take().expect("is piped"));
    output.read_line(&mut said).expect("is text");
    let address = said.split("Open http://").nth(1).and_then(|rest| rest.trim().strip_suffix('/'));
    let address: SocketAddr = address.expect("it says what to open").parse().expect("is an address");
    assert_eq!(get(address, "GET", "/").await.status, 200);
    assert!(
        data.join("attune.db").exists() || fs::read_dir(&data).is_ok_and(|mut files| files.next().is_some())
    );
}

#[test]
fn run_2_make_test_runs_every_check_and_every_test() {
    let Some(steps) = make(&["-n", "test", "-W", "tests/browser/package.json"]) else { return };
    for part in [
        "install-chromium",
        "cargo fmt --all --check",
        "cargo clippy --workspace --all-targets --locked -- -D warnings",
        "cargo doc --workspace",
        "cd web && npm run --silent check",
        "cd tests/browser && npm run --silent check",
        "cargo test --workspace --locked",
        "cd web && npm run --silent test",
        "cd web && npm run --silent size",
        "cargo build --package attune-tests --bin stage",
        "cd tests/browser && npm run --silent test",
    ] {
        assert!(steps.contains(part), "no {part:?} in\n{steps}");
    }
    let ci = fs::read_to_string(Path::new(PROJECT).join(".ci/run")).expect("is text");
    assert_eq!(ci.lines().last(), Some("make test"));
    let help = make(&["help"]).expect("there is a make");
    for target in ["run", "test", "dev", "lint", "bench", "audit"] {
        assert!(
            help.lines().any(|line| line.trim().starts_with(&format!("make {target} "))),
            "no {target} in\n{help}"
        );
    }
}

/// A program of a few lines, found before the real one.
fn stub(folder: &Path, name: &str, lines: &str) {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{lines}\n")).expect("can be written");
    fs::set_permissions(path, PermissionsExt::from_mode(0o755)).expect("is ours");
}

#[tokio::test]
async fn run_3_make_dev_builds_and_starts_the_server_anew_on_change() {
    let Some(steps) = make(&["-n", "dev"]) else { return };
    assert!(steps.contains("node web/scripts/dev.mjs"), "{steps}");
    // A project of the same shape, so that nothing of the real one changes. The pages reload by Vite, which is told to run.
    let home = TempDir::new().expect("the system has a folder for temporary files");
    let root = home.path();
    for folder in ["bin", "web/scripts", "server/src", "protocol/src", "target/debug"] {
        fs::create_dir_all(root.join(folder)).expect("can be made");
    }
    let script = root.join("web/scripts/dev.mjs");
    fs::copy(Path::new(PROJECT).join("web/scripts/dev.mjs"), &script).expect("can be copied");
    symlink(PROGRAM, root.join("target/debug/attune")).expect("can be linked");
    stub(&root.join("bin"), "cargo", &format!("echo \"$@\" >> {}", root.join("builds").display()));
    stub(
        &root.join("bin"),
        "npx",
        &format!("echo \"$@\" > {0}/pages; while [ ! -e {0}/over ]; do sleep 0.05; done", root.display()),
    );
    let path = format!("{}:{}", root.join("bin").display(), std::env::var("PATH").unwrap_or_default());
    let log = File::create(root.join("log")).expect("can be made");
    let mut node = Command::new("node");
    node.arg(&script)
        .env("PATH", path)
        .env("ATTUNE_LISTEN", "127.0.0.1:0")
        .env("ATTUNE_DATA", root.join("data"));
    let Ok(node) = node.stdout(log.try_clone().expect("is open")).stderr(log).spawn() else {
        println!("there is no Node here: nothing is shown");
        return;
    };
    let mut node = Running(node);
    let read = |name: &str| fs::read_to_string(root.join(name)).unwrap_or_default();
    let starts =
        |count: usize| move |log: String| (log.matches("Attune is ready").count() == count).then_some(());
    until("the first start", || starts(1)(read("log"))).await;
    until("the pages", || read("pages").contains("vite").then_some(())).await;
    fs::write(root.join("server/src/lib.rs"), "// Changed.").expect("can be written");
    until("a second start", || starts(2)(read("log"))).await;
    assert_eq!(read("builds").lines().collect::<Vec<_>>(), ["build --package attune-server"; 2]);
    fs::write(root.join("over"), "").expect("can be written");
    until("the end", || node.0.try_wait().expect("is ours")).await;
}
