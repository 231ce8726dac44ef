//! What is left when the process is killed or the disk refuses.

use super::*;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Names the folder to the child processes of these tests.
const FOLDER: &str = "ATTUNE_TEST_FOLDER";

/// Enough that several commits were made, of several sessions each.
const ACKNOWLEDGEMENTS: usize = 400;

fn child_folder() -> PathBuf {
    std::env::var_os(FOLDER).expect("only run by another test").into()
}

/// Runs one of the ignored tests below in a process of its own, by way of `through`.
fn child(through: &[&str], test: &str, folder: &Path) -> Child {
    let this = std::env::current_exe().expect("this test's own program");
    let test = format!("store::sqlite::tests::crash::{test}");
    let mut words = through.iter().map(OsStr::new).chain([this.as_os_str()]);
    Command::new(words.next().expect("this program at least"))
        .args(words)
        .args(["--exact", &test, "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("started")
}

/// What the child says: `say` and then words.
fn sayings(child: &mut Child) -> impl Iterator<Item = String> + use<> {
    let stdout = child.stdout.take().expect("piped");
    let lines = BufReader::new(stdout).lines().map_while(Result::ok);
    // The test harness may have begun the line.
    lines.filter_map(|line| line.split_once("say ").map(|(_, said)| said.to_owned()))
}

fn acknowledged(saying: &str) -> Option<(u32, u64)> {
    let (number, revision) = saying.strip_prefix("ack ")?.split_once(' ')?;
    Some((number.parse().ok()?, revision.parse().ok()?))
}

fn body(number: u32, revision: u64) -> String {
    format!("session {number} event {revision} {}", "x".repeat(200))
}

/// Every acknowledged event is there, and no log has anything but its own events in order.
async fn assert_kept(folder: &TempDir, acknowledged: &[(u32, u64)]) {
    let store = open(folder).expect("opened");
    for (number, revision) in acknowledged {
        let Ok(Loaded::Events(stored)) = store.load(session(*number)).await else {
            panic!("{number} is lost")
        };
        assert!(stored.len() as u64 >= *revision, "session {number} lost event {revision}");
        for (place, event) in stored.iter().enumerate() {
            assert!(event.starts_with(body(*number, place as u64 + 1).as_bytes()));
        }
    }
    store.close().await;
}

#[tokio::test]
async fn t17_keep_13_a_killed_process_has_kept_everything_acknowledged() {
    let folder = TempDir::new().expect("folder");
    for _ in 0..3 {
        let mut child = child(&[], "child_appends_until_killed", folder.path());
        let mut sayings = sayings(&mut child).filter_map(|said| acknowledged(&said));
        let mut acknowledged: Vec<_> = sayings.by_ref().take(ACKNOWLEDGEMENTS).collect();
        child.kill().expect("killed");
        child.wait().expect("ended");
        acknowledged.extend(sayings);
        assert!(acknowledged.len() >= ACKNOWLEDGEMENTS, "the child ended by itself");
        assert_kept(&folder, &acknowledged).await;
    }
}

#[tokio::test]
#[ignore = "the child of the test above"]
async fn child_appends_until_killed() {
    let store = Arc::new(SqliteStore::open(&child_folder(), SqliteOptions::default()).expect("opened"));
    let tasks = (0..8).map(|number| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let mut revision = match store.load(session(number)).await.expect("loaded") {
                Loaded::Events(events) => events.len() as u64,
                _ => 0,
            };
            loop {
                let event = body(number, revision + 1);
                revision =
                    store.append(append(session(number), revision, &[&event])).await.expect("stored").0;
                println!("say ack {number} {revision}");
            }
        })
    });
    futures_util::future::join_all(tasks).await;
}

#[tokio::test]
async fn keep_14_a_commit_that_fails_midway_is_unknown_and_nothing_is_half_stored() {
    let folder = TempDir::new().expect("folder");
    // No file may grow past a megabyte or half of one; the signal that comes with it is ignored.
    let limited = ["sh", "-c", "trap '' XFSZ; ulimit -f 1000; exec \"$0\" \"$@\""];
    let mut child = child(&limited, "child_appends_until_refused", folder.path());
    let said: Vec<_> = sayings(&mut child).collect();
    assert!(child.wait().expect("ended").success());
    assert!(said.contains(&"unknown".to_owned()));
    let acknowledged: Vec<_> = said.iter().filter_map(|said| acknowledged(said)).collect();
    assert!(!acknowledged.is_empty());
    assert_kept(&folder, &acknowledged).await;
}

#[tokio::test]
#[ignore = "the child of the test above"]
async fn child_appends_until_refused() {
    let store = SqliteStore::open(&child_folder(), SqliteOptions::default()).expect("opened");
    let mut revision = 0;
    let refused = loop {
        let event = body(1, revision + 1) + &"long ".repeat(4_000);
        match store.append(append(session(1), revision, &[&event])).await {
            Ok(Revision(stored)) => revision = stored,
            Err(error) => break error,
        }
        println!("say ack 1 {revision}");
        assert!(revision < 1_000, "the limit does not work");
    };
    assert_eq!(refused, AppendError::Unknown);
    let Ok(Loaded::Events(stored)) = store.load(session(1)).await else { panic!("reading has to go on") };
    assert!(stored.len() as u64 == revision || stored.len() as u64 == revision + 1);
    println!("say unknown");
}
