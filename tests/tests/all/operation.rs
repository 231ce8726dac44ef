//! What whoever runs a server does with it: check, back up, restore, erase, upgrade.

use attune_protocol::client::Command;
use attune_protocol::ids::{DisplaySecret, SeatNumber};
use attune_protocol::server::CloseCode;
use attune_protocol::view::SessionView;
use attune_tests::client::Client;
use attune_tests::group::{Group, Person, hello_again, watch};
use attune_tests::plans;
use attune_tests::process::Process;
use attune_tests::raw::get;
use attune_tests::secrets::{draw, hash_display, seal};
use attune_tests::waiting::until;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const PROGRAM: &str = env!("CARGO_BIN_EXE_attune-under-test");

fn text(path: &Path) -> &str {
    path.to_str().expect("the system's temporary folder is text")
}

/// What a task said, on either way out.
fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[track_caller]
fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{}", words(output));
    words(output)
}

#[track_caller]
fn failed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}", words(output));
    words(output)
}

/// People who set sessions up all the time, until they are told to stop.
struct Load {
    stop: Arc<AtomicBool>,
    acting: Vec<tokio::task::JoinHandle<u32>>,
}

impl Load {
    fn begin(process: &Process) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let (address, people) = (process.address(), 0..4);
        let act = |stop: Arc<AtomicBool>| async move {
            let mut sessions = 0;
            while !stop.load(Ordering::Relaxed) {
                let (mut person, _) = Person::set_up(address, "Ada", plans::ruch()).await;
                person.lose_network().await;
                sessions += 1;
            }
            sessions
        };
        let acting = people.map(|_| tokio::spawn(act(Arc::clone(&stop)))).collect();
        Self { stop, acting }
    }

    async fn end(self) -> u32 {
        self.stop.store(true, Ordering::Relaxed);
        let mut sessions = 0;
        for person in self.acting {
            sessions += person.await.expect("does not fail");
        }
        sessions
    }
}

/// How many sessions a task said there are.
fn sessions_in(said: &str) -> u32 {
    let count = said.split(' ').next().and_then(|count| count.parse().ok());
    count.unwrap_or_else(|| panic!("{said}"))
}

/// Of a view what a restart does not change.
fn lasting(view: &SessionView) -> String {
    format!("{:?} {:?} {:?} {:?}", view.plan, view.stage, view.presenter, view.seats.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn run_17_a_backup_under_load_is_restored_and_the_session_goes_on() {
    let mut process = Process::start(PROGRAM, &[]).await;
    let mut group = Group::begin(process.address(), plans::ruch(), 3).await;
    let revision = group[0].steer(|moment| Command::Pause { moment }).await;
    group.all_catch_up(revision).await;
    let (before, names) = (lasting(&group[2].view()), group[2].picture().names());
    let load = Load::begin(&process);
    let home = process.data().parent().expect("lies in a folder").to_owned();
    let (file, data) = (home.join("backup.db"), process.data());
    let (mut sessions, mut taken) = (0, 0);
    until("five backups, the last with what the load has made", || {
        let _older = fs::remove_file(&file);
        let backup = ["backup", "--data", text(&data), "--to", text(&file)];
        let said = tokio::task::block_in_place(|| succeeded(&process.run(&backup)));
        assert!(sessions_in(&said) >= sessions.max(1), "{said}");
        (sessions, taken) = (sessions_in(&said), taken + 1);
        (taken >= 5 && sessions > 20).then_some(())
    })
    .await;
    assert!(load.end().await + 1 >= sessions, "nothing is in it that nobody set up");
    // It lies there for whoever runs the server alone, in one file, and is never replaced.
    assert_eq!(fs::metadata(&file).expect("is there").permissions().mode() & 0o777, 0o600);
    let beside = fs::read_dir(&home).expect("can be listed").filter_map(Result::ok);
    let beside: Vec<String> = beside.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(!beside.iter().any(|name| name.starts_with("backup") && name != "backup.db"), "{beside:?}");
    let bytes = fs::read(&file).expect("can be read");
    failed(&process.run(&["backup", "--data", text(&data), "--to", text(&file)]));
    assert_eq!(fs::read(&file).expect("can be read"), bytes);

    process.kill();
    failed(&process.run(&["restore", "--from", text(&file), "--data", text(&data)]));
    fs::remove_dir_all(&data).expect("can be removed");
    let said = succeeded(&process.run(&["restore", "--from", text(&file), "--data", text(&data)]));
    assert_eq!(sessions_in(&said), sessions);
    assert_eq!(fs::metadata(&data).expect("is there").permissions().mode() & 0o777, 0o700);
    process.start_again().await;
    for person in &mut group.people {
        person.come_back(process.address()).await;
    }
    assert_eq!(lasting(&group[2].view()), before);
    assert_eq!(group[2].picture().names(), names);
    let revision = group[0].steer(|moment| Command::Resume { moment }).await;
    group.all_catch_up(revision).await;
}

#[tokio::test]
async fn run_17_what_is_no_backup_is_refused() {
    let mut process = Process::start(PROGRAM, &[]).await;
    let group = Group::gather(process.address(), plans::ruch(), 2).await;
    let home = process.data().parent().expect("lies in a folder").to_owned();
    let (file, data) = (home.join("backup.db"), home.join("other"));
    succeeded(&process.run(&["backup", "--data", text(&process.data()), "--to", text(&file)]));
    drop(group);
    assert!(process.terminate().await.success());
    let whole = fs::read(&file).expect("can be read");
    let mut broken = whole.clone();
    broken.truncate(whole.len() / 2);
    for bytes in [b"no database".to_vec(), Vec::new(), broken] {
        fs::write(&file, bytes).expect("can be written");
        failed(&process.run(&["restore", "--from", text(&file), "--data", text(&data)]));
        assert!(!data.exists(), "it made the folder, and took it away again");
    }
    // What is no file, such as a pipe, is not read.
    let said = failed(&process.run(&["restore", "--from", text(&home), "--data", text(&data)]));
    assert!(said.contains("no backup"), "{said}");
    // A database whose newest changes still lie beside it, as after `kill -9`.
    fs::write(&file, &whole).expect("can be written");
    let log = home.join("backup.db-wal");
    fs::write(&log, b"the newest changes").expect("can be written");
    let said = failed(&process.run(&["restore", "--from", text(&file), "--data", text(&data)]));
    assert!(said.contains("attune backup"), "{said}");
    assert!(!data.join("attune.db").exists());
    fs::remove_file(&log).expect("can be removed");
    // And the folder can still be filled.
    fs::write(&file, whole).expect("can be written");
    succeeded(&process.run(&["restore", "--from", text(&file), "--data", text(&data)]));
    failed(&process.run(&["backup", "--data", text(&home.join("none")), "--to", text(&home.join("b"))]));
    assert!(!home.join("none").exists() && !home.join("b").exists());
}

/// Names and rights of a folder and all in it.
fn look_of(folder: &Path) -> Vec<(String, u32)> {
    let mode = |path: &Path| fs::metadata(path).expect("is there").permissions().mode();
    let entries = fs::read_dir(folder).expect("can be listed").filter_map(Result::ok);
    let entries =
        entries.map(|entry| (entry.file_name().to_string_lossy().into_owned(), mode(&entry.path())));
    let mut look: Vec<_> = entries.chain([(".".to_owned(), mode(folder))]).collect();
    look.sort();
    look
}

#[tokio::test]
async fn run_29_a_refused_restore_leaves_everything_as_it_was() {
    let mut process = Process::start(PROGRAM, &[]).await;
    drop(Group::gather(process.address(), plans::ruch(), 2).await);
    let home = process.data().parent().expect("lies in a folder").to_owned();
    let (bad, good, data) = (home.join("bad.db"), home.join("good.db"), process.data());
    fs::write(&bad, "no database").expect("can be written");
    succeeded(&process.run(&["backup", "--data", text(&data), "--to", text(&good)]));
    let restore = |process: &Process, file: &Path, data: &Path| {
        process.run(&["restore", "--from", text(file), "--data", text(data)])
    };
    // Into a folder that is used, and then into one that was.
    let said = failed(&restore(&process, &good, &data));
    assert!(said.contains("another process uses the data folder"), "{said}");
    assert!(process.terminate().await.success());
    fs::remove_file(data.join("attune.lock")).expect("is there");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).expect("is ours");
    let before = look_of(&data);
    assert!(failed(&restore(&process, &good, &data)).contains("not empty"));
    assert_eq!(look_of(&data), before);
    // Into none: neither it nor the folders around it are left.
    let deep = home.join("a/b/c");
    failed(&restore(&process, &bad, &deep));
    assert!(!home.join("a").exists());
    // Into one that is there, empty and open to others: it stays, and stays open.
    let empty = home.join("empty");
    fs::create_dir(&empty).expect("can be made");
    fs::set_permissions(&empty, fs::Permissions::from_mode(0o755)).expect("is ours");
    failed(&restore(&process, &bad, &empty));
    assert_eq!(look_of(&empty), [(".".to_owned(), 0o40755)]);
    // A lock that lay there still does.
    fs::write(empty.join("attune.lock"), "").expect("can be written");
    failed(&restore(&process, &bad, &empty));
    assert!(empty.join("attune.lock").exists());
    succeeded(&restore(&process, &good, &empty));
    succeeded(&restore(&process, &good, &deep));
}

#[tokio::test]
async fn run_29_a_start_that_finds_its_address_taken_leaves_no_folder() {
    let process = Process::start(PROGRAM, &[]).await;
    let data = process.data().parent().expect("lies in a folder").join("another");
    let address = process.address().to_string();
    let said = failed(&process.run(&["serve", "--listen", &address, "--data", text(&data)]));
    assert!(said.contains("the address could not be listened on"), "{said}");
    assert!(!data.exists());
}

#[tokio::test]
async fn run_16_display_6_a_session_is_erased_by_its_id_while_the_server_is_stopped() {
    let mut process = Process::start(PROGRAM, &[]).await;
    let group = Group::gather(process.address(), plans::ruch(), 2).await;
    let other = Group::gather(process.address(), plans::ruch(), 2).await;
    let display = DisplaySecret::from_bytes(draw());
    let secret = hash_display(&display);
    group[0].steer(|_| Command::MakeDisplay { secret, sealed: seal("secret and key") }).await;
    let screen = Client::open(process.address()).await;
    screen.introduce(&watch(group.link.session, display));
    screen.wait_until("the clock", |picture| picture.display.is_some()).await;
    let (id, data) = (group.link.session.encode(), process.data());
    let erase = ["erase", "--data", text(&data), "--session", &id];
    let said = failed(&process.run(&erase));
    assert!(said.contains("a server runs on this folder"), "{said}");
    assert!(process.terminate().await.success());
    succeeded(&process.run(&erase));
    let blob = String::from(group[1].picture().texts.names[0].name.clone());
    for (file, bytes) in process.files() {
        let holds = |wanted: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
        assert!(!holds(blob.as_bytes()) && !holds(group.link.session.as_bytes()), "{file}");
    }
    let said = succeeded(&process.run(&erase));
    assert!(said.contains("already"), "{said}");
    failed(&process.run(&["erase", "--data", text(&data), "--session", "AAAAAAAAAAAAAAAAAAAAAA"]));
    let nowhere = process.data().join("none");
    failed(&process.run(&["erase", "--data", text(&nowhere), "--session", &id]));
    assert!(!nowhere.exists());
    process.start_again().await;
    for (group, code) in [(&group, Some(CloseCode::Unknown)), (&other, None)] {
        let client = Client::open(process.address()).await;
        client.introduce(&hello_again(group.link.session, group[1].token));
        match code {
            Some(code) => assert_eq!(client.close_code().await, code),
            None => assert_eq!(client.welcome().await.1, SeatNumber(2)),
        }
    }
    // Its screen comes back by itself and finds nothing, like one that never was.
    let screen = Client::open(process.address()).await;
    screen.introduce(&watch(group.link.session, display));
    assert_eq!(screen.close_code().await, CloseCode::Unknown);
}

#[tokio::test]
async fn run_15_a_check_beside_a_running_server_finds_it_well() {
    let mut process = Process::start(PROGRAM, &["--metrics", "127.0.0.1:0"]).await;
    let group = Group::gather(process.address(), plans::ruch(), 2).await;
    let (data, listen) = (process.data(), process.address().to_string());
    let check = ["check", "--data", text(&data), "--listen", &listen];
    let said = succeeded(&process.run(&check));
    assert!(said.contains("1 sessions") && said.contains("A server runs on this data folder now"), "{said}");
    group[0].now().await;
    let url = format!("http://{}", process.metrics().expect("was asked for"));
    succeeded(&process.run(&["check", "--url", &url]));
    assert!(process.terminate().await.success());
    failed(&process.run(&["check", "--url", &url]));
    succeeded(&process.run(&check));
    let said = failed(&process.run(&["check", "--data", text(&data), "--listen", "0.0.0.0:0"]));
    assert!(said.contains("WRONG") && said.contains("nothing is encrypted"), "{said}");
    let wrong = process.run(&["check", "--colour"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[tokio::test]
async fn t35_without_encryption_only_who_says_so_serves_others() {
    let process = Process::start(PROGRAM, &[]).await;
    let home = process.data().parent().expect("lies in a folder").join("other");
    let serve = ["serve", "--data", text(&home), "--listen", "0.0.0.0:0"];
    let said = failed(&process.run(&serve));
    assert!(said.contains("--plain-http"), "{said}");
    assert!(!home.exists(), "nothing was begun");
    let metrics = [&serve[..3], &["--metrics", "0.0.0.0:0"]].concat();
    assert!(failed(&process.run(&metrics)).contains("--metrics-for-others"));
}

#[tokio::test]
async fn wire_3_an_older_page_is_told_to_reload_and_its_seat_is_still_there() {
    let mut process = Process::start(PROGRAM, &[]).await;
    let mut group = Group::begin(process.address(), plans::ruch(), 3).await;
    let revision = group[0].steer(|moment| Command::Pause { moment }).await;
    group.all_catch_up(revision).await;
    let before = lasting(&group[1].view());
    assert!(process.terminate().await.success());
    process.start_again().await;
    // The new version is there; an open page still speaks the old one.
    let (session, token) = (group.link.session.encode(), group[1].token.encode());
    let older = Client::open(process.address()).await;
    older.send_text(format!(
        r#"{{"type":"hello","version":0,"session":"{session}","seatToken":"{token}","former":true}}"#
    ));
    assert_eq!(older.close_code().await, CloseCode::Reload);
    for person in &mut group.people {
        person.come_back(process.address()).await;
    }
    assert_eq!(lasting(&group[1].view()), before);
    group.all_see("everyone", |picture| (1..=3).all(|seat| picture.is_here(SeatNumber(seat)))).await;
}

#[tokio::test]
async fn run_19_a_server_that_stops_says_that_it_is_not_ready() {
    let mut process = Process::start(PROGRAM, &["--metrics", "127.0.0.1:0"]).await;
    let metrics = process.metrics().expect("was asked for");
    for server in [process.address(), metrics] {
        for path in ["/health", "/ready"] {
            assert_eq!(get(server, "GET", path).await.status, 200, "{path}");
        }
        let strange = get(server, "GET", "/ready/x").await;
        assert_eq!(strange.status, 404);
    }
    // A request that is never finished holds the stop up for a while.
    let mut slow = attune_tests::raw::Raw::connect(process.address()).await;
    slow.send(b"GET / HTTP/1.1\r\nHost: x\r\n").await;
    // The server reads what came before once it has answered something that came after.
    assert_eq!(get(process.address(), "GET", "/health").await.status, 200);
    process.signal("TERM");
    let asked = until("the server to be unready", || {
        let answer = process.run(&["check", "--url", &format!("http://{metrics}")]);
        (!answer.status.success()).then(|| words(&answer))
    });
    let said = asked.await;
    drop(slow);
    assert!(process.ended().await.success());
    assert!(said.contains("not ready (status 503)"), "{said}");
}
