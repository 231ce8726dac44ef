//! People who act all the time, and what a store must hold of all that they were told.

use attune_protocol::client::Command;
use attune_protocol::ids::{CommandId, Revision, SeatNumber, SeatToken, SessionId};
use attune_protocol::server::Refusal;
use attune_server::session::Session;
use attune_server::store::Store;
use attune_tests::client::{Client, open_socket};
use attune_tests::group::{Group, create, hello_again, offer_or_withdraw};
use attune_tests::picture::{Answer, Ending, Picture};
use attune_tests::plans;
use attune_tests::secrets::{draw, draw_invite, draw_request, draw_token};
use attune_tests::server::{events_in, open_store};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Notify;

const SESSIONS: usize = 4;
const PEOPLE: usize = 3;
/// Sessions that are set up in each round while the server lasts.
const FOUNDED: usize = 3;

/// A command that somebody sent.
#[derive(Debug, Clone)]
struct Sent {
    request: CommandId,
    command: Command,
}

/// What a person does all the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Habit {
    /// Offers to present, and takes it back.
    Offers,
    /// Moves on to the second phase, and back. Done twice it would be refused as `moved_on`.
    Moves,
}

/// One person: what they sent, and what they were told of it.
pub(crate) struct Doer {
    habit: Habit,
    session: SessionId,
    seat: SeatNumber,
    token: SeatToken,
    acknowledged: Vec<(Sent, Revision)>,
    /// Sent, and not acknowledged when the server was gone.
    pending: Option<Sent>,
}

/// What everybody counts together in a round.
pub(crate) struct Load {
    pub(crate) wanted: u64,
    pub(crate) acknowledged: AtomicU64,
    pub(crate) enough: Notify,
}

/// A session that was set up, by the answer to whoever did.
pub(crate) struct Founded {
    pub(crate) session: SessionId,
    pub(crate) token: SeatToken,
}

/// A small generator, so that a seed repeats the choices of a run.
pub(crate) struct Dice(u64);

impl Dice {
    /// From a seed of one's own, or `ATTUNE_SEED`; it is printed.
    pub(crate) fn from_environment() -> Self {
        let seed = number("ATTUNE_SEED").unwrap_or_else(|| u64::from_le_bytes(draw())) | 1;
        println!("ATTUNE_SEED={seed}");
        Self(seed)
    }

    /// A number below `sides`.
    pub(crate) fn throw(&mut self, sides: u64) -> u64 {
        // xorshift64*, by Marsaglia and Vigna: enough for choosing moments.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % sides
    }
}

impl Doer {
    /// Comes back and acts until the server is gone.
    pub(crate) async fn act(mut self, load: Arc<Load>, server: SocketAddr) -> Self {
        let _gone: Result<(), Ending> = self.try_to_act(&load, server).await;
        self
    }

    async fn try_to_act(&mut self, load: &Load, server: SocketAddr) -> Result<(), Ending> {
        let socket = open_socket(Ipv4Addr::LOCALHOST.into(), server).await.map_err(|_| Ending::Dropped)?;
        let client = Client::over(socket);
        client.introduce(&hello_again(self.session, self.token));
        client.wait_or_end("a welcome", |picture| picture.seat).await?;
        self.compare(&client.picture());
        loop {
            let next = self.next_command(&client.picture());
            let sent =
                self.pending.get_or_insert_with(|| Sent { request: draw_request(), command: next }).clone();
            client.repeat(sent.request, sent.command.clone());
            let answer =
                client.wait_or_end("an answer", |picture| picture.answers.get(&sent.request).cloned());
            match answer.await? {
                Answer::Accepted(revision) => {
                    self.acknowledged.push((sent, revision));
                    self.pending = None;
                    if load.acknowledged.fetch_add(1, Ordering::SeqCst) + 1 >= load.wanted {
                        load.enough.notify_one();
                    }
                    client
                        .wait_or_end("its view", |picture| (picture.revision >= revision).then_some(()))
                        .await?;
                }
                Answer::Refused(Refusal::TooFast | Refusal::Busy) => {
                    client.wait_or_end("the kill", |_| None::<()>).await?;
                }
                Answer::Refused(why) => panic!("{:?} was refused as {why:?}", sent.command),
            }
        }
    }

    /// Compares what a welcome shows with what was acknowledged before.
    fn compare(&self, picture: &Picture) {
        let acknowledged = self.acknowledged.last().map(|(_, revision)| *revision);
        assert!(acknowledged.is_none_or(|at| picture.revision >= at), "an acknowledged revision is lost");
        if self.habit == Habit::Offers {
            let offers = picture.seat(self.seat).is_some_and(|seat| seat.offers);
            let told = !self.acknowledged.len().is_multiple_of(2);
            assert!(offers == told || self.pending.is_some(), "an acknowledged act is lost");
        }
    }

    /// What would change something now.
    fn next_command(&self, picture: &Picture) -> Command {
        let moment = picture.moment();
        match self.habit {
            Habit::Offers => offer_or_withdraw(u32::try_from(self.acknowledged.len()).expect("is small")),
            Habit::Moves if picture.phase() == Some(0) => Command::Next { moment },
            Habit::Moves => Command::Back { moment },
        }
    }
}

/// Sets sessions up until the server is gone.
pub(crate) async fn found_sessions(server: SocketAddr) -> Vec<Founded> {
    let mut founded = Vec::new();
    while founded.len() < FOUNDED {
        let Ok(socket) = open_socket(Ipv4Addr::LOCALHOST.into(), server).await else { break };
        let client = Client::over(socket);
        let token = draw_token();
        client.introduce(&create(plans::ruch(), &draw_invite(), token));
        match client.wait_or_end("a welcome", |picture| picture.session).await {
            Ok(session) => founded.push(Founded { session, token }),
            Err(_) => break,
        }
    }
    founded
}

/// Groups in the lobby who offer, and one in the middle of a case whose facilitator moves.
pub(crate) async fn gather(server: SocketAddr) -> Vec<Doer> {
    let mut doers = Vec::new();
    for number in 0..SESSIONS {
        let group = Group::gather(server, plans::ruch(), PEOPLE).await;
        let habit = if number == 0 { Habit::Moves } else { Habit::Offers };
        if habit == Habit::Moves {
            group.present_and_begin(SeatNumber(2)).await;
        }
        let acting = if habit == Habit::Moves { 1 } else { PEOPLE };
        doers.extend(group.people[..acting].iter().map(|person| Doer {
            habit,
            session: person.session,
            seat: person.number,
            token: person.token,
            acknowledged: Vec::new(),
            pending: None,
        }));
    }
    doers
}

/// A number from the environment.
pub(crate) fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

impl Load {
    /// Under which a round ends after so many acknowledgements.
    pub(crate) fn of(wanted: u64) -> Arc<Self> {
        Arc::new(Self { wanted, acknowledged: AtomicU64::new(0), enough: Notify::new() })
    }
}

/// Reads the store of the dead server and compares it with every acknowledgement.
pub(crate) async fn compare_with_store(data: &Path, doers: &[Doer], founded: &[Founded]) {
    let store = open_store(Some(data));
    let sessions: BTreeSet<SessionId> = doers.iter().map(|doer| doer.session).collect();
    for session in sessions {
        compare_session(&*store, session, doers).await;
    }
    for Founded { session, .. } in founded {
        let events = events_in(&*store, *session).await;
        assert!(Session::rebuild(events).is_some(), "a session that was set up is there");
    }
    store.close().await;
}

async fn compare_session(store: &dyn Store, session: SessionId, doers: &[Doer]) {
    let events = events_in(store, session).await;
    let mut applied: BTreeMap<(SeatNumber, CommandId), usize> = BTreeMap::new();
    for (index, event) in events.iter().enumerate() {
        if let (Some(by), Some(request)) = (event.by, event.request) {
            assert_eq!(applied.insert((by, request), index), None, "an act was applied twice");
        }
    }
    for doer in doers.iter().filter(|doer| doer.session == session) {
        for (sent, revision) in &doer.acknowledged {
            let index = applied.get(&(doer.seat, sent.request)).expect("an acknowledged act is stored");
            assert!(*index < usize::try_from(revision.0).expect("is small"), "at the revision that was told");
        }
    }
    let rebuilt = Session::rebuild(events).expect("the log begins with the session's creation");
    assert!(
        rebuilt.revision().0
            >= doers
                .iter()
                .filter(|doer| doer.session == session)
                .flat_map(|doer| &doer.acknowledged)
                .map(|(_, revision)| revision.0)
                .max()
                .unwrap_or(0)
    );
}
