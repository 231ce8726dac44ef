//! A crowd: sessions of eight that run a phase, on as many sockets as the system allows one process.

use attune_protocol::client::{ClientMessage, Command, FirstMessage, Moment};
use attune_protocol::ids::{CommandId, Invite, Revision, SeatNumber, SeatToken, Timestamp};
use attune_protocol::server::ServerMessage;
use attune_protocol::version::PROTOCOL_VERSION;
use attune_protocol::view::{SessionView, StageView, TimingView};
use attune_server::secret;
use futures_util::{StreamExt, stream};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::time::Duration;
use uuid::Uuid;

use crate::load::{PEOPLE, Target, plan, sixteen};
use crate::wire::Wire;

/// Sessions that are wanted.
const GROUPS: u64 = 2_375;
/// Descriptors that are kept back for everything but the sockets.
const KEPT: u64 = 1_000;
/// Groups that gather at once, so that their events share commits.
const AT_ONCE: usize = 64;

/// How often a page says that it is there, as `web/src/kit/socket.ts` does.
pub const PING_EVERY: Duration = Duration::from_secs(10);
const PING: &str = r#"{"type":"ping","sent":1790000000000.5}"#;

/// One person's socket.
pub struct Guest {
    pub wire: Wire,
    /// Counted over the whole crowd.
    pub number: usize,
    /// The first frame with which this person comes back.
    pub again: String,
    /// What a page that is back shows; nothing of the yardstick, which keeps nothing.
    pub place: Option<Place>,
    /// The newest event that this person was told of.
    pub revision: Revision,
}

/// What must not be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    seat: SeatNumber,
    phase: usize,
    visit: u32,
    ends_at: Timestamp,
}

impl Place {
    /// What a view says, of a session that runs.
    pub fn of(seat: SeatNumber, view: &SessionView) -> Option<Self> {
        let StageView::Running(running) = &view.stage else { return None };
        let TimingView::Running { ends_at } = running.timing else { return None };
        let is_seated = view.seats.iter().any(|row| row.seat == seat);
        is_seated.then_some(Self { seat, phase: running.phase, visit: running.moment.visit, ends_at })
    }
}

/// How many sessions there can be, and why. Raises the soft limit of descriptors, also for the servers to come.
pub fn size() -> (usize, String) {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised).expect("the soft limit may be as high as the hard one");
    let hard = limit.maximum.unwrap_or(u64::MAX);
    let groups = GROUPS.min(hard.saturating_sub(KEPT) / PEOPLE as u64);
    let words = format!(
        "{groups} sessions x {PEOPLE} = {} sockets (wanted {GROUPS} x {PEOPLE}; hard limit of descriptors {hard}, less \
         {KEPT})",
        groups * PEOPLE as u64
    );
    (usize::try_from(groups).unwrap_or(0), words)
}

impl Guest {
    /// Hears what comes, and says that it is there, at its own moment within the ten seconds. Ends when it is cut off.
    pub async fn stay(&mut self) {
        let mut due = tokio::time::Instant::now() + PING_EVERY * (self.number % 1_000) as u32 / 1_000;
        loop {
            tokio::select! {
                heard = self.wire.next() => match heard {
                    Ok(text) => self.revision = self.revision.max(revision_of(&text)),
                    Err(_) => return,
                },
                () = tokio::time::sleep_until(due) => {
                    due += PING_EVERY;
                    if self.wire.send(PING).await.is_err() {
                        return;
                    }
                }
            }
        }
    }
}

/// The revision of a view, without reading the rest.
fn revision_of(text: &str) -> Revision {
    let digits = text.strip_prefix(r#"{"type":"view","revision":"#).unwrap_or("");
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    Revision(digits[..end].parse().unwrap_or(0))
}

/// Brings all groups up, and hands over their people as soon as they are there: who says nothing for long is cut off.
/// What comes back to the yardstick is as long as `again_bytes`.
pub async fn gather(target: Target, groups: usize, again_bytes: usize, mut arrives: impl FnMut(Guest)) {
    let gathering = stream::iter(0..groups).map(|group| async move {
        let guests = async move {
            if target.attune {
                gather_attune(target, group).await
            } else {
                gather_yardstick(target, group, again_bytes).await
            }
        };
        tokio::spawn(guests).await.expect("no group fails")
    });
    let mut gathered = std::pin::pin!(gathering.buffer_unordered(AT_ONCE));
    while let Some(guests) = gathered.next().await {
        guests.into_iter().for_each(&mut arrives);
    }
}

async fn gather_yardstick(target: Target, group: usize, again_bytes: usize) -> Vec<Guest> {
    let mut guests = Vec::new();
    for person in 0..PEOPLE {
        let number = group * PEOPLE + person;
        let again = format!("{:<again_bytes$}", format!("g{group}"));
        let mut wire = Wire::connect(target, number).await.expect("the server accepts");
        wire.send(&again).await.expect("open");
        wire.next().await.expect("a welcome");
        guests.push(Guest { wire, number, again, place: None, revision: Revision(0) });
    }
    guests
}

async fn gather_attune(target: Target, group: usize) -> Vec<Guest> {
    let invite = Invite::from_bytes(sixteen());
    let (mut guests, mut id): (Vec<Guest>, _) = (Vec::new(), None);
    for person in 0..PEOPLE {
        let (version, seat_token) = (PROTOCOL_VERSION, SeatToken::from_bytes(sixteen()));
        let first = match id {
            Some(session) => FirstMessage::Hello { version, session, invite: Some(invite), seat_token },
            None => FirstMessage::Create {
                version,
                plan: plan(),
                invite: secret::hash_invite(&invite),
                seat_token,
                planned_for: None,
                create_token: None,
            },
        };
        let number = group * PEOPLE + person;
        let mut wire = Wire::connect(target, number).await.expect("the server accepts");
        wire.send(&json(&first)).await.expect("open");
        let ServerMessage::Welcome { session, seat, .. } = wire.next_message().await.expect("a welcome")
        else {
            panic!("a welcome comes first")
        };
        id = Some(session);
        let again = json(&FirstMessage::Hello { version, session, invite: None, seat_token });
        let mut guest = Guest { wire, number, again, place: None, revision: Revision(0) };
        if person > 0 {
            act(&mut guest, Command::Agree { seat, agreement: None }).await;
        }
        guests.push(guest);
    }
    begin(&mut guests, group).await;
    guests
}

/// The first phase runs in every other group, and in the others the second.
async fn begin(guests: &mut [Guest], group: usize) {
    let (lobby, first) = (Moment::default(), Moment { visit: 1, turn: 0 });
    let leader = &mut guests[0];
    act(leader, Command::ChoosePresenter { moment: lobby, seat: Some(SeatNumber(2)) }).await;
    act(leader, Command::Begin { moment: lobby }).await;
    if group % 2 == 1 {
        act(leader, Command::Next { moment: first }).await;
    }
    let begun = leader.revision;
    for (guest, seat) in guests.iter_mut().zip(1..) {
        loop {
            let message = guest.wire.next_message().await.expect("open");
            let ServerMessage::View { revision, view } = message else { continue };
            guest.revision = guest.revision.max(revision);
            if revision >= begun {
                guest.place = Some(Place::of(SeatNumber(seat), &view).expect("a phase runs"));
                break;
            }
        }
    }
}

/// Acts, and waits until it is accepted.
async fn act(guest: &mut Guest, command: Command) {
    let message = ClientMessage::Command { request: CommandId(Uuid::new_v4()), command };
    guest.wire.send(&json(&message)).await.expect("open");
    loop {
        match guest.wire.next_message().await.expect("open") {
            ServerMessage::Accepted { revision, .. } => {
                guest.revision = revision;
                return;
            }
            ServerMessage::Refused { why, .. } => panic!("refused: {why:?}"),
            _ => {}
        }
    }
}

fn json(message: &impl serde::Serialize) -> String {
    serde_json::to_string(message).expect("protocol types are JSON")
}
