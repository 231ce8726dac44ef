//! Metrics: at an address of their own, well formed, and without anybody in them.

use attune_protocol::client::Command;
use attune_tests::client::Client;
use attune_tests::group::{Group, NAMES};
use attune_tests::plans;
use attune_tests::process::{Process, sockets};
use attune_tests::raw::{Raw, Response, get};
use attune_tests::waiting::within_limit;
use std::collections::BTreeMap;

/// The value of each series, by its name and labels.
type Series = BTreeMap<String, f64>;

/// Reads the text format strictly: what it does not know is a fault.
fn read(text: &str) -> Series {
    let (body, end) = text.split_at(text.len() - "# EOF\n".len());
    assert_eq!(end, "# EOF\n");
    let mut series = Series::new();
    for line in body.lines() {
        if let Some(rest) = line.strip_prefix("# ") {
            let word = rest.split(' ').next();
            assert!(matches!(word, Some("HELP" | "TYPE" | "UNIT")), "{line}");
            continue;
        }
        let (key, value) = line.rsplit_once(' ').expect("a value");
        let (name, labels) = key.split_once('{').unwrap_or((key, "}"));
        assert!(name.starts_with("attune_") && is_word(name), "{line}");
        for label in labels.strip_suffix('}').expect("is closed").split(',').filter(|label| !label.is_empty())
        {
            let (name, value) = label.split_once('=').expect("a label");
            let value = value.trim_matches('"');
            // Words of our own lists, and bounds of times: nothing else could be a name, an id or an address.
            assert!(["state", "reason", "code"].contains(&name) && is_word(value) || name == "le", "{line}");
        }
        assert!(series.insert(key.to_owned(), value.parse().expect("a number")).is_none(), "{line} twice");
    }
    series
}

fn is_word(text: &str) -> bool {
    text.len() < 40 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

async fn metrics(process: &Process) -> (Response, Series) {
    let answer = get(process.metrics().expect("was asked for"), "GET", "/metrics").await;
    let series = read(std::str::from_utf8(&answer.body).expect("is text"));
    (answer, series)
}

#[tokio::test]
async fn t37_metrics_count_and_name_nobody() {
    let process =
        Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &["--metrics", "127.0.0.1:0"]).await;
    let (_, at_first) = metrics(&process).await;
    assert_eq!(at_first["attune_sockets{state=\"joined\"}"], 0.0);
    let group = Group::begin(process.address(), plans::ruch(), 3).await;
    group[1].refused(Command::End { moment: group[1].moment() }).await;
    let waiting = Client::open(process.address()).await;
    let stranger = Client::open(process.address()).await;
    stranger.send_text("hello");
    stranger.close_code().await;

    // A socket counts as closed once the other side has had time to hear it.
    let closed = "attune_sockets_closed_total{code=\"not_understood\"}";
    let (answer, now) = within_limit("the close", async {
        loop {
            let (answer, now) = metrics(&process).await;
            if now.contains_key(closed) {
                return (answer, now);
            }
        }
    })
    .await;
    for (series, value) in [
        ("attune_sockets{state=\"joined\"}", 3.0),
        ("attune_sockets{state=\"waiting\"}", 1.0),
        ("attune_rooms", 1.0),
        ("attune_ready", 1.0),
        ("attune_commands_refused_total{reason=\"not_facilitator\"}", 1.0),
        (closed, 1.0),
    ] {
        assert_eq!(now.get(series), Some(&value), "{series}");
    }
    // Three names, two agreements, the presenter, Begin.
    assert_eq!(now["attune_commands_accepted_total"], 7.0);
    for series in ["attune_append_seconds_count", "attune_views_sent_total", "attune_free_disk_bytes"] {
        assert!(now[series] >= 5.0, "{series}");
    }
    assert_eq!(now["attune_append_seconds_bucket{le=\"+Inf\"}"], now["attune_append_seconds_count"]);
    let text = answer.text();
    let id = group.link.session.encode();
    for secret in NAMES.into_iter().chain([id.as_str(), "127.0.0.1"]) {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    drop(waiting);
    // Not where pages are, and no page here.
    assert_eq!(get(process.address(), "GET", "/metrics").await.status, 404);
    for path in ["/", "/ws", "/s"] {
        assert_eq!(get(process.metrics().expect("was asked for"), "GET", path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn t37_run_30_silent_connections_keep_nobody_from_the_metrics() {
    let process =
        Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &["--metrics", "127.0.0.1:0"]).await;
    let address = process.metrics().expect("was asked for");
    let mut silent = Vec::new();
    for number in 0..700 {
        let mut raw = Raw::connect(address).await;
        if number % 2 == 0 {
            // Half of a head, and never the rest.
            raw.send(b"GET /metrics HTTP/1.1\r\nHost: ").await;
        }
        silent.push(raw);
        if number % 100 == 99 {
            for path in ["/ready", "/health", "/metrics"] {
                assert_eq!(get(address, "GET", path).await.status, 200, "{path} after {number}");
            }
        }
    }
    // Those that came first have made room, without an answer.
    assert!(silent[1].response().await.is_none());
    let beside = sockets(process.id()).len();
    assert!(beside < 40, "{beside} sockets are kept");
}
