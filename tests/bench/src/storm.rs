//! The storm: the server is killed and started again on the same data, and everybody comes back at once.

use attune_protocol::server::ServerMessage;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::crowd::{self, Guest, Place};
use crate::figures::judge;
use crate::load::Target;
use crate::process;
use crate::server::Child;
use crate::wire::Wire;

/// Storms on each server before the other has its turn; the median of all counts.
const STORMS: usize = 2;
/// Turns of each server: how fast the machine is may change within a minute, and meets both like this.
const TURNS: usize = 2;
/// Sockets that come back at once: the next begins when one is back, and nobody waits of their own accord.
const AT_ONCE: usize = 1_000;
/// How long somebody waits who was turned away.
const AGAIN_AFTER: Duration = Duration::from_millis(100);
/// How long it is left alone before and after a storm, so that everybody has seen the newest, and what the server put off
/// meanwhile counts as its work.
const QUIET: Duration = Duration::from_secs(4);

/// Somebody who is back, when, and with what.
struct Back {
    guest: Guest,
    at: Instant,
    welcome: String,
    tries: u32,
}

/// What the storms on one server came to.
#[derive(Default)]
struct Storms {
    times: Vec<Duration>,
    /// CPU time of the server for each socket, start and what it put off included, in microseconds; one for each turn.
    micros: Vec<f64>,
    /// Mean size of a welcome.
    welcome_bytes: usize,
    /// Size of the first frame of somebody who comes back.
    again_bytes: usize,
    turned_away: u32,
}

impl Storms {
    /// The middle of its times, in seconds: of an even number the mean of the two middle ones.
    fn median(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort();
        (times[(times.len() - 1) / 2] + times[times.len() / 2]).as_secs_f64() / 2.0
    }

    fn micros(&self) -> f64 {
        self.micros.iter().sum::<f64>() / self.micros.len() as f64
    }

    fn add(&mut self, turn: Self) {
        self.times.extend(turn.times);
        self.micros.extend(turn.micros);
        self.turned_away += turn.turned_away;
        (self.welcome_bytes, self.again_bytes) = (turn.welcome_bytes, turn.again_bytes);
    }

    fn print(&self, name: &str) {
        let each: Vec<String> = self.times.iter().map(|time| format!("{:.2}", time.as_secs_f64())).collect();
        println!(
            "{name} all back {:.2} s after the kill ({} s), {:.0} µs of CPU a socket, {} turned away for a moment",
            self.median(),
            each.join(", "),
            self.micros(),
            self.turned_away
        );
    }
}

/// Takes and prints the figure.
pub async fn storm() {
    let (groups, words) = crowd::size();
    println!("storm: {words}, {AT_ONCE} at once without a wait, from several loopback addresses;");
    println!("  the program as it is, with no limit changed: it counts nobody on a loopback address");
    let (mut attune, mut yardstick) = (Storms::default(), Storms::default());
    for _ in 0..TURNS {
        let data = tempfile::tempdir().expect("a folder for data");
        attune.add(storms(Server::Attune(data.path()), groups, 0).await);
        let server = Server::Yardstick(attune.welcome_bytes);
        yardstick.add(storms(server, groups, attune.again_bytes).await);
    }
    attune.print("attune:   ");
    yardstick.print("yardstick:");
    let ratio = attune.median() / yardstick.median();
    let cpu = attune.micros() / yardstick.micros();
    println!(
        "=> storm, until all are back with the right state: {ratio:.2} x the yardstick, which restores none \
         {}; {cpu:.2} x its CPU",
        judge("storm", ratio)
    );
}

#[derive(Clone, Copy)]
enum Server<'a> {
    Attune(&'a Path),
    Yardstick(usize),
}

impl Server<'_> {
    async fn start(self, target: Option<Target>) -> Child {
        let listen = target.map_or_else(|| "127.0.0.1:0".to_owned(), |target| target.address.to_string());
        match self {
            Self::Attune(data) => Child::program(data, &listen).await,
            Self::Yardstick(welcome_bytes) => Child::yardstick_on(&listen, 0, welcome_bytes).await,
        }
    }
}

async fn storms(server: Server<'_>, groups: usize, again_bytes: usize) -> Storms {
    let mut child = server.start(None).await;
    let target = child.target(matches!(server, Server::Attune(_)));
    let (mut people, mut storm) = (JoinSet::new(), Storm::new(target));
    let mut again_size = 0;
    crowd::gather(target, groups, again_bytes, |guest| {
        again_size = guest.again.len();
        people.spawn(storm.outlast(guest));
    })
    .await;
    let sockets = people.len();
    let (mut times, mut spent, mut bytes, mut turned_away) = (Vec::new(), Duration::ZERO, 0, 0);
    tokio::time::sleep(QUIET).await;
    for _ in 0..STORMS {
        let began = Instant::now();
        child.end().await;
        child = server.start(Some(target)).await;
        storm.is_over.send_replace(true);
        let back = std::mem::take(&mut people).join_all().await;
        let last = back.iter().map(|back| back.at).max().expect("there are people");
        times.push(last - began);
        turned_away += back.iter().map(|back| back.tries).sum::<u32>();
        bytes = back.iter().map(|back| back.welcome.len()).sum::<usize>() / sockets;
        storm = Storm::new(target);
        for back in back {
            people.spawn(storm.outlast(back.check()));
        }
        tokio::time::sleep(QUIET).await;
        spent += process::cpu(child.pid());
    }
    let micros = spent.as_secs_f64() * 1e6 / (STORMS * sockets) as f64;
    Storms { times, micros: vec![micros], welcome_bytes: bytes, again_bytes: again_size, turned_away }
}

/// What all who are in a storm share.
struct Storm {
    target: Target,
    doors: Arc<Semaphore>,
    /// Whether the server is there again.
    is_over: watch::Sender<bool>,
}

impl Storm {
    fn new(target: Target) -> Self {
        Self { target, doors: Arc::new(Semaphore::new(AT_ONCE)), is_over: watch::Sender::new(false) }
    }

    fn outlast(&self, guest: Guest) -> impl Future<Output = Back> + use<> {
        come_back(guest, self.target, Arc::clone(&self.doors), self.is_over.subscribe())
    }
}

/// Stays until the server is gone, and comes back as soon as it is there again.
async fn come_back(
    mut guest: Guest,
    target: Target,
    doors: Arc<Semaphore>,
    mut is_over: watch::Receiver<bool>,
) -> Back {
    guest.stay().await;
    let Guest { wire, number, again, place, revision } = guest;
    drop(wire);
    is_over.wait_for(|is_over| *is_over).await.expect("it is kept until all are back");
    let _door = doors.acquire().await.expect("it is never closed");
    let mut tries = 0;
    loop {
        if let Ok((wire, welcome)) = enter(target, number, &again).await {
            let at = Instant::now();
            let guest = Guest { wire, number, again, place, revision };
            return Back { guest, at, welcome, tries };
        }
        tries += 1;
        tokio::time::sleep(AGAIN_AFTER).await;
    }
}

async fn enter(target: Target, number: usize, again: &str) -> std::io::Result<(Wire, String)> {
    let mut wire = Wire::connect(target, number).await?;
    wire.send(again).await?;
    let welcome = wire.next().await?;
    Ok((wire, welcome))
}

impl Back {
    /// Whoever had a place has it again, and nothing that they were told of is lost.
    fn check(self) -> Guest {
        let Self { mut guest, welcome, .. } = self;
        let Some(place) = guest.place else { return guest };
        let message: ServerMessage = serde_json::from_str(&welcome).expect("a message");
        let ServerMessage::Welcome { seat, revision, view, .. } = message else {
            panic!("a welcome comes first: {welcome}")
        };
        assert_eq!(Place::of(seat, &view), Some(place), "not where it was");
        assert!(revision >= guest.revision, "{revision:?} after {:?}", guest.revision);
        guest.revision = revision;
        guest
    }
}
