//! What sockets cost on which nothing happens but the pings of a page.

use std::time::{Duration, Instant};
use tokio::task::JoinSet;

use crate::crowd::{self, PING_EVERY};
use crate::figures::judge;
use crate::process;
use crate::server::Child;

/// How long it is measured.
const MEASURED: Duration = Duration::from_secs(40);

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
    println!("=> idle CPU: {ratio:.2} x the yardstick {}", judge("idle", ratio));
}

/// Milliseconds of CPU for each socket and minute.
async fn measure(child: Child, attune: bool, groups: usize) -> f64 {
    let mut people = JoinSet::new();
    crowd::gather(child.target(attune), groups, 0, |mut guest| {
        people.spawn(async move { guest.stay().await });
    })
    .await;
    let (sockets, began) = (people.len(), Instant::now());
    // By then all that came of gathering is over.
    tokio::time::sleep(PING_EVERY).await;
    let (from, cpu) = (began.elapsed(), process::cpu(child.pid()));
    tokio::time::sleep(MEASURED).await;
    let (length, spent) = (began.elapsed() - from, process::cpu(child.pid()).saturating_sub(cpu));
    assert!(people.try_join_next().is_none(), "nobody is cut off");
    people.shutdown().await;
    spent.as_secs_f64() * 1e3 / (sockets as f64 * length.as_secs_f64() / 60.0)
}
