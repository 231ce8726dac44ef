//! What the server's heap holds after each of 24 virtual hours in which sessions come and go: `make bench FIGURES=hours`.
//!
//! The real server on real sockets and SQLite, with both of its clocks moved by hand, and the people in the same process.
//! It is measured when nobody is there, so that what is left is the server's own, and little: a leak shows early. The last
//! line is the growth in percent an hour.

#![expect(clippy::disallowed_methods, reason = "a bench waits in real time until its heap is at rest")]

use attune_protocol::client::Command;
use attune_protocol::door::Door;
use attune_protocol::ids::{Millis, SecretHash};
use attune_tests::client::Client;
use attune_tests::group::{Group, Link, erase, hello, knock, offer_or_withdraw};
use attune_tests::plans;
use attune_tests::secrets::{draw, draw_invite, draw_token, hash_token};
use attune_tests::server::{Setup, TestServer};
use peak_alloc::PeakAlloc;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

/// Counts what is allocated. In a program of its own: no other figure pays for it.
#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

const HOURS: usize = 24;
/// From when on as much goes as comes: sessions are kept for an hour, and addresses for a quarter of one.
const STATIONARY: usize = 2;
/// Sessions of an hour, one after the other in session time.
const SESSIONS: usize = 15;
const PEOPLE: usize = 4;
/// Session time that passes in one.
const LASTS: Millis = Millis::minutes(4);
/// How often the heap is looked at, and how many looks in a row find the same once everything is over.
const LOOK_EVERY: Duration = Duration::from_millis(20);
const LOOKS: usize = 10;

/// An address that nobody had before: of 16 million on the loopback device.
fn address(number: usize) -> IpAddr {
    let [_, b, c, d] = u32::try_from(number).expect("is small").to_be_bytes();
    Ipv4Addr::new(127, b + 1, c, d).into()
}

/// Somebody guesses an invite, and is told nothing.
async fn guess(server: &TestServer, from: IpAddr, link: &Link) {
    let guesser = Client::open_from(from, server.address()).await;
    guesser.introduce(&hello(&Link { session: link.session, invite: draw_invite() }, draw_token()));
    // The answer comes at its time, which stands still until both have happened.
    let closed = guesser.close_code();
    tokio::select! {
        _ = closed => {}
        () = async {
            loop {
                server.advance_transport(Millis(100));
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        } => {}
    }
    guesser.vanish().await;
}

/// Somebody knocks by the link and is let in; somebody else knocks by a code and is declined.
async fn come_to_the_door(server: &TestServer, from: IpAddr, group: &Group) {
    let facilitator = &group[0];
    facilitator.accept(Command::ShowCode {}).await;
    let code = facilitator.wait_for("a code", |picture| picture.door.as_ref()?.code.clone()).await.code;
    facilitator.accept(Command::SetDoor { door: Door::Knock }).await;
    let (first, second) = (draw_token(), draw_token());
    for (token, hello) in
        [(first, hello(&group.link, first)), (second, knock(&code, second, SecretHash::from_bytes(draw())))]
    {
        let guest = Client::open_from(from, server.address()).await;
        guest.introduce(&hello);
        guest.wait_until("to be at the door", |picture| picture.waiting.is_some()).await;
        let knock = hash_token(&token);
        facilitator
            .wait_until("who knocks", |picture| {
                picture.door.iter().flat_map(|door| &door.knocks).any(|waits| waits.knock == knock)
            })
            .await;
        if token == second {
            facilitator.accept(Command::Decline { knock }).await;
            guest.close_code().await;
        } else {
            facilitator.accept(Command::LetIn { knock, handed: None }).await;
            guest.welcome().await;
        }
        guest.vanish().await;
    }
}

/// A session from its first to its last socket.
async fn meet(server: &TestServer, number: usize) {
    let step = || server.advance(Millis(LASTS.0 / 4));
    let from = address(2 * number);
    let mut group = Group::gather_from(from, server.address(), plans::ruch(), PEOPLE).await;
    group.present_and_begin(group[1].number).await;
    step();
    come_to_the_door(server, address(2 * number + 1), &group).await;
    guess(server, address(2 * number + 1), &group.link).await;
    group[2].lose_network().await;
    step();
    group[2].come_back(server.address()).await;
    group[2].act(Command::NeedPause {});
    group[0].steer(|moment| Command::Pause { moment }).await;
    group[0].steer(|moment| Command::Resume { moment }).await;
    group.next().await;
    step();
    for act in 0..4 {
        group[3].act(offer_or_withdraw(act));
    }
    group.next().await;
    group[0].steer(|moment| Command::End { moment }).await;
    step();
    let (session, token) = (group.link.session, group[0].token);
    for person in group.people {
        person.into_client().expect("everybody is there").vanish().await;
    }
    // Most sessions wait for their day; some are deleted by hand.
    if number.is_multiple_of(5) {
        let eraser = Client::open_from(from, server.address()).await;
        eraser.introduce(&erase(session, token));
        eraser.close_code().await;
        eraser.vanish().await;
    }
}

/// Bytes on the heap once nothing moves any more.
async fn heap_at_rest() -> usize {
    let (mut before, mut same) = (0, 0);
    while same < LOOKS {
        tokio::time::sleep(LOOK_EVERY).await;
        let now = HEAP.current_usage();
        same = if now == before { same + 1 } else { 0 };
        before = now;
    }
    before
}

/// The slope of a line through these, one each hour, by least squares.
fn slope(sizes: &[f64]) -> f64 {
    let mean = |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / sizes.len() as f64;
    let middle = mean(&mut (0..sizes.len()).map(|hour| hour as f64));
    let size = mean(&mut sizes.iter().copied());
    let (mut over, mut under) = (0.0, 0.0);
    for (hour, held) in sizes.iter().enumerate() {
        let away = hour as f64 - middle;
        over += away * (held - size);
        under += away * away;
    }
    over / under
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut setup = Setup::by_hand(|limits| {
        *limits = limits.clone().without_rates();
        limits.loopback_exempt = false;
    });
    setup.on_disk = true;
    setup.config.retention = Millis::hours(1);
    let server = TestServer::with(setup).await;
    // All of its room at once: the heap that is measured holds it too.
    let mut sizes = Vec::with_capacity(HOURS);
    for hour in 1..=HOURS {
        for session in 0..SESSIONS {
            meet(&server, hour * SESSIONS + session).await;
        }
        server.advance_transport(Millis::hours(1));
        sizes.push(heap_at_rest().await as f64);
    }
    let count = HOURS * SESSIONS;
    let stored = server.sessions().await;
    println!(
        "hours: {HOURS} virtual hours, {count} sessions of {PEOPLE} people came and went, {stored} are kept"
    );
    let kilobytes: Vec<String> = sizes.iter().map(|size| format!("{:.2}", size / 1024.0)).collect();
    println!("heap at rest after each hour, in kB: {}", kilobytes.join(" "));
    let counted = &sizes[STATIONARY - 1..];
    let mean = counted.iter().sum::<f64>() / counted.len() as f64;
    let growth = slope(counted);
    println!("from hour {STATIONARY} on it grows by {growth:.0} bytes an hour");
    println!("{:.4}", (growth / mean * 100.0).max(0.0));
}
