//! What sockets cost on which nothing happens but the pings of a page.

use std::time::{Duration, Instant};
use tokio::task::JoinSet;

use crate::crowd::{self, Guest};
use crate::figures::verdict;
use crate::process;
use crate::server::Child;

/// How often a page says that it is there, as `web/src/kit/socket.ts` does.
const PING_EVERY: Duration = Duration::from_secs(10);
/// How long it is measured.
const MEASURED: Duration = Duration::from_secs(40);
/// At most so much CPU as a yardstick that answers the same pings.
const LIMIT: f64 = 2.0;

/// Takes and prints the figure.
pub async fn idle() {
    let (groups, words) = crowd::size();
    println!("idle: {words}, each with a ping every {} s", PING_EVERY.as_secs());
    let data = tempfile::tempdir().expect("a folder for data");
    let attune = measure(Child::program(data.path(), "127.0.0.1:0").await, true, groups).await;
    println!("attune:    {attune:.2} ms of CPU a socket and minute");
    let yardstick = measure(Child::yardstick_on("127.0.0.1:0", 0, 2).await, false, groups).await;
    println!("yardstick: {yardstick:.2} ms of CPU a socket and minute");
    let ratio = attune / yardstick;
    println!("=> idle CPU: {ratio:.2} x the yardstick (limit {LIMIT:.1}): {}", verdict(ratio <= LIMIT));
}

/// Milliseconds of CPU for each socket and minute.
async fn measure(child: Child, attune: bool, groups: usize) -> f64 {
    let guests = crowd::gather(child.target(attune), groups, 0).await;
    let sockets = guests.len();
    let began = Instant::now();
    let mut people = JoinSet::new();
    for guest in guests {
        people.spawn(stay(guest, sockets));
    }
    // By then everybody has said something.
    tokio::time::sleep(PING_EVERY).await;
    let (from, cpu) = (began.elapsed(), process::cpu(child.pid()));
    tokio::time::sleep(MEASURED).await;
    let (length, spent) = (began.elapsed() - from, process::cpu(child.pid()).saturating_sub(cpu));
    assert!(people.try_join_next().is_none(), "nobody is cut off");
    people.shutdown().await;
    spent.as_secs_f64() * 1e3 / (sockets as f64 * length.as_secs_f64() / 60.0)
}

/// Says that it is there, at its own moment within the ten seconds, and hears whatever comes. Ends when cut off.
async fn stay(mut guest: Guest, sockets: usize) {
    let mut due = tokio::time::Instant::now() + PING_EVERY * guest.number as u32 / sockets as u32;
    loop {
        tokio::select! {
            heard = guest.wire.next() => if heard.is_err() { return },
            () = tokio::time::sleep_until(due) => {
                due += PING_EVERY;
                if guest.wire.send(r#"{"type":"ping","sent":1790000000000.5}"#).await.is_err() {
                    return;
                }
            }
        }
    }
}
