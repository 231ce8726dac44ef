//! The real program as the system sees it: its descriptors, its stop, its rights and its doors.

use attune_protocol::client::Command;
use attune_protocol::ids::{CommandId, Millis};
use attune_protocol::server::CloseCode;
use attune_server::clock::{Clock, SystemClock};
use attune_tests::client::Client;
use attune_tests::group::{Group, hello, offer_or_withdraw};
use attune_tests::picture::Answer;
use attune_tests::plans;
use attune_tests::process::{Process, sockets};
use attune_tests::raw::{Raw, allow_many_sockets, get};
use attune_tests::secrets::draw_token;
use attune_tests::server::{events_in, open_store};
use attune_tests::waiting::{until, within_limit};
use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tokio::task::JoinSet;

const PROGRAM: &str = env!("CARGO_BIN_EXE_attune-under-test");

/// Descriptors that the program has, and keeps back for its store and its log.
const DESCRIPTORS: u64 = 256;
const KEPT: u64 = 64;

/// Asks for a page until there is one.
async fn wait_for_page(server: SocketAddr) {
    within_limit("a page", async {
        loop {
            let mut raw = Raw::connect(server).await;
            raw.send(format!("GET /s HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\n\r\n").as_bytes())
                .await;
            if raw.response().await.is_some_and(|response| response.status == 200) {
                return;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn t49_a_thousand_connections_on_256_descriptors_keep_nobody_from_going_on() {
    allow_many_sockets();
    let mut process = Process::start_after(&format!("ulimit -n {DESCRIPTORS}"), PROGRAM, &[]).await;
    let address = process.address();
    let group = Group::begin(address, plans::ruch(), 3).await;
    let mut attack = JoinSet::new();
    for _ in 0..1_000 {
        // One after the other: what the system cannot queue never reaches the program.
        let mut raw = Raw::connect(address).await;
        attack.spawn(async move {
            let status = raw.response().await.map(|response| response.status);
            (raw, status)
        });
    }
    // Those for whom it has no descriptors are told so; the others say nothing, hold what they have, and in the end
    // lose it.
    let refused = async {
        let mut refused = 0;
        while refused < 500 {
            let (_, status) = attack.join_next().await.expect("so many are refused").expect("is no failure");
            assert!(matches!(status, None | Some(503)), "{status:?}");
            refused += usize::from(status.is_some());
        }
    };
    within_limit("those who are refused", refused).await;
    // Those who are in go on: what they do is on disk.
    for _ in 0..2 {
        group[0].steer(|moment| Command::Pause { moment }).await;
        let revision = group[0].steer(|moment| Command::Resume { moment }).await;
        group.all_catch_up(revision).await;
    }
    let open = fs::read_dir(format!("/proc/{}/fd", process.id())).expect("the process runs").count();
    assert!(open as u64 <= DESCRIPTORS - KEPT / 2, "{open} descriptors are open");
    assert!(process.log().contains("server_limit"));
    attack.shutdown().await;
    wait_for_page(address).await;
    let late = Client::open(address).await;
    late.introduce(&hello(&group.link, draw_token()));
    late.welcome().await;
    group.all_see("who came", |picture| picture.people() == 4).await;
    assert!(process.terminate().await.success());
}

#[tokio::test]
async fn t49_connections_are_accepted_again_once_there_are_descriptors() {
    let process = Process::start(PROGRAM, &[]).await;
    let group = Group::begin(process.address(), plans::ruch(), 3).await;
    let id = Pid::from_raw(i32::try_from(process.id()).expect("is small"));
    let open =
        || fs::read_dir(format!("/proc/{}/fd", process.id())).expect("the process runs").count() as u64;
    // What may not be exceeded stays: who has lowered that cannot raise it again.
    let maximum = getrlimit(Resource::Nofile).maximum;
    let usual =
        prlimit(id, Resource::Nofile, Rlimit { current: Some(0), maximum }).expect("the process is ours");
    assert!(open() > 0);
    let mut waiting = Raw::connect(process.address()).await;
    until("an error", || process.log().contains("cannot be accepted").then_some(())).await;
    group.next().await;
    prlimit(id, Resource::Nofile, usual).expect("the process is ours");
    waiting.send(b"GET /s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert_eq!(waiting.response().await.map(|response| response.status), Some(200));
    assert_eq!(process.log().matches("cannot be accepted").count(), 1, "one line when it begins");
    group.next().await;
}

/// What one person sent and was told until the server went.
async fn act_to_the_end(client: &Client, acknowledged: &mut Vec<CommandId>) -> CloseCode {
    for number in 0.. {
        let request = client.act(offer_or_withdraw(number));
        match client.wait_or_end("an answer", |picture| picture.answers.get(&request).cloned()).await {
            Ok(Answer::Accepted(_)) => acknowledged.push(request),
            Ok(Answer::Refused(_)) => {}
            Err(ending) => return ending.code().expect("is listed"),
        }
    }
    unreachable!("nobody counts so far")
}

#[tokio::test]
async fn t55_a_stop_under_load_loses_nothing_and_keeps_to_its_time() {
    let mut process = Process::start(PROGRAM, &[]).await;
    let address = process.address();
    let mut groups = Vec::new();
    for _ in 0..5 {
        groups.push(Group::gather(address, plans::ruch(), 5).await);
    }
    // What may hold a stop up: a socket that has not said hello, half a request, an idle connection, a slow reader.
    let mut holding = [Raw::connect(address).await, Raw::connect(address).await, Raw::connect(address).await];
    holding[0].upgrade(address).await;
    holding[1].send(b"GET / HT").await;
    holding[2].send(format!("GET /x HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).await;
    holding[2].response().await.expect("an answer");
    let mut slow =
        Raw::try_connect(std::net::Ipv4Addr::LOCALHOST.into(), address, Some(2_048)).await.unwrap();
    slow.enter(address, &hello(&groups[0].link, draw_token())).await;
    let clock = SystemClock::new().expect("the system has a timer");
    let acting = async {
        let everyone = groups
            .iter()
            .flat_map(|group| group.people.iter().map(move |person| (group.link.session, person)));
        futures_util::future::join_all(everyone.map(|(session, person)| async move {
            let mut acknowledged = Vec::new();
            let code = act_to_the_end(person, &mut acknowledged).await;
            (session, code, acknowledged)
        }))
        .await
    };
    let stop = async {
        until("the load", || {
            let answers = groups.iter().flat_map(|group| &group.people).map(|person| {
                person.look(|picture| {
                    picture.answers.values().filter(|answer| matches!(answer, Answer::Accepted(_))).count()
                })
            });
            // Naming and agreeing are among them.
            (answers.sum::<usize>() >= 120).then_some(())
        })
        .await;
        let asked_at = clock.now();
        let status = process.terminate().await;
        (status, clock.now() - asked_at)
    };
    let (people, (status, took)) = tokio::join!(acting, stop);
    assert!(status.success());
    assert!(took <= Millis::seconds(10), "{took:?}");
    let store = open_store(Some(&process.data()));
    let mut stored: BTreeMap<_, BTreeSet<CommandId>> = BTreeMap::new();
    for group in &groups {
        let events = events_in(&*store, group.link.session).await;
        stored.insert(group.link.session, events.iter().filter_map(|event| event.request).collect());
    }
    let mut count = 0;
    for (session, code, acknowledged) in people {
        assert_eq!(code, CloseCode::Restarting);
        count += acknowledged.len();
        for request in acknowledged {
            assert!(stored[&session].contains(&request), "an acknowledged command is lost");
        }
    }
    println!("{count} acknowledged commands, {took:?}");
    assert!(count > 50, "{count} acknowledged");
    store.close().await;
}

/// The local ports of a process's sockets.
fn ports(process: u32) -> BTreeSet<u16> {
    let own = sockets(process);
    let mut ports = BTreeSet::new();
    for table in ["tcp", "tcp6", "udp", "udp6"] {
        let table = fs::read_to_string(format!("/proc/{process}/net/{table}")).unwrap_or_default();
        for line in table.lines().skip(1) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            if own.contains(fields[9]) {
                let port = fields[1].rsplit(':').next().and_then(|port| u16::from_str_radix(port, 16).ok());
                ports.insert(port.expect("is a port"));
            }
        }
    }
    ports
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("is there").permissions().mode() & 0o7777
}

#[tokio::test]
async fn t29_t60_its_data_is_its_own_it_dumps_no_core_and_connects_to_nobody() {
    let mut process = Process::start_after("umask 0", PROGRAM, &[]).await;
    for round in 0..2 {
        let mut group = Group::begin(process.address(), plans::ruch(), 3).await;
        group.next().await;
        group[1].lose_network().await;
        group[1].come_back(process.address()).await;
        get(process.address(), "GET", "/s").await;
        assert_eq!(mode(&process.data()), 0o700);
        let files = process.files();
        assert!(files.len() >= 2, "{files:?}");
        for (name, _) in files {
            assert_eq!(mode(&process.data().join(&name)), 0o600, "{name}");
        }
        // Sampled while people work: a connection that it made would have another port on this side. What was accepted
        // and closed meanwhile is in no table.
        assert_eq!(ports(process.id()), BTreeSet::from([process.address().port()]), "round {round}");
        let limits = fs::read_to_string(format!("/proc/{}/limits", process.id())).expect("the process runs");
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("is listed");
        assert_eq!(core.split_whitespace().nth(4), Some("0"), "no core dumps");
        assert!(process.terminate().await.success());
        process.start_again().await;
    }
}

#[tokio::test]
async fn t37_wire_1_there_are_no_doors_but_the_pages_and_the_socket() {
    let process = Process::start(PROGRAM, &[]).await;
    let address = process.address();
    for path in ["/", "/new", "/s", "/s/x", "/s%23x"] {
        assert_eq!(get(address, "GET", path).await.status, 200, "{path}");
    }
    assert_eq!(get(address, "GET", "/ws").await.status, 403);
    for path in [
        "/metrics",
        "/debug",
        "/debug/pprof",
        "/test",
        "/advance",
        "/clock",
        "/time",
        "/fault",
        "/panic",
        "/reset",
        "/admin",
        "/api",
        "/rooms",
        "/config",
        "/env",
        "/.env",
        "/.git/config",
        "/ws/test",
        "/index.html",
        "/.vite/manifest.json",
        "/erase",
        "/backup",
    ] {
        for method in ["GET", "HEAD"] {
            let response = get(address, method, path).await;
            assert_eq!(response.status, 404, "{method} {path}");
        }
        assert_eq!(get(address, "POST", path).await.status, 405, "{path}");
    }
}

/// Every file of a folder, and of those in it, that is Rust.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("is a folder") {
        let path = entry.expect("can be listed").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).expect("can be read")));
        }
    }
}

#[test]
fn t37_no_build_of_the_server_has_more_in_it_than_another() {
    let server = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server");
    let manifest = fs::read_to_string(server.join("Cargo.toml")).expect("is there");
    assert!(!manifest.contains("[features]"), "clocks, stores and chance are passed in");
    let mut found = Vec::new();
    sources(&server.join("src"), &mut found);
    assert!(found.len() > 20);
    for (path, text) in found {
        for switch in ["feature =", "debug_assertions", "option_env!"] {
            assert!(!text.contains(switch), "{path} has a {switch}");
        }
    }
}

#[tokio::test]
async fn run_25_after_a_start_three_thousand_connections_wait_at_once_for_their_turn() {
    allow_many_sockets();
    let most = fs::read_to_string("/proc/sys/net/core/somaxconn").expect("Linux says so");
    let count = most.trim().parse::<usize>().expect("is a number").min(3_000);
    let process = Process::start(PROGRAM, &[]).await;
    // It accepts none, as at a start with everybody at the door: one for which there is no place is not answered.
    process.freeze(true);
    let mut waiting = Vec::new();
    for number in 0..count {
        let from = Ipv4Addr::new(127, 0, 0, 2 + u8::try_from(number % 8).expect("is small"));
        let connecting = Raw::connect_from(from.into(), process.address());
        waiting.push(within_limit("a place at the door", connecting).await);
    }
    process.freeze(false);
    drop(waiting);
    wait_for_page(process.address()).await;
}
