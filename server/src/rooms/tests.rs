//! Rooms without sockets: what they store, answer and show when the store or a rival gets in the way.

mod entering;
mod faults;
mod moving;
mod presence;
mod views;

use super::*;
use crate::clock::ManualClock;
use crate::config::Config;
use crate::limits::Rate;
use crate::outlook::{News, Outlook};
use crate::secret::SeededChance;
use crate::session::{Event, EventKind};
use crate::store::memory::{Fault, MemoryStore};
use crate::store::{Append, Loaded};
use attune_protocol::client::{Command, Moment};
use attune_protocol::ids::{CommandId, Revision, SeatNumber};
use attune_protocol::method::Method;
use attune_protocol::server::{Refusal, ServerMessage};
use std::time::Duration;

/// The invite's bytes, which are no person's.
const INVITE: u8 = 200;
const START: Timestamp = Timestamp(1_800_000_000_000);

struct Setting<S> {
    rooms: Arc<Rooms>,
    store: Arc<S>,
    clock: ManualClock,
    transport: ManualClock,
}

fn setting_on<S: Store>(store: S, limits: Limits) -> Setting<S> {
    let (clock, transport) = (ManualClock::new(START), ManualClock::new(START));
    let store = Arc::new(store);
    let config = Config::default();
    let settings = Settings { seat_limit: limits.seats, retention: config.retention };
    let clocks: [Arc<dyn Clock>; 2] = [Arc::new(clock.clone()), Arc::new(transport.clone())];
    let chance = Arc::new(SeededChance::new(1));
    let common = Common { create_token: None, metrics: Arc::new(crate::metrics::Metrics::new()) };
    let rooms =
        Rooms::new(settings, Arc::new(limits), clocks, Arc::clone(&store) as Arc<dyn Store>, chance, common);
    Setting { rooms, store, clock, transport }
}

fn setting() -> Setting<MemoryStore> {
    setting_on(MemoryStore::default(), Limits::default())
}

impl Setting<MemoryStore> {
    /// Waits until the store has failed as it was told to.
    async fn fault_has_struck(&self) {
        within(async {
            while self.store.has_fault() {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
}

fn token(person: u8) -> SecretHash {
    SecretHash::from_bytes([person; 32])
}

fn credentials(person: u8, invite: Option<u8>) -> Credentials {
    Credentials { version: Version::Current, token: token(person), invite: invite.map(token) }
}

fn request(number: u128) -> CommandId {
    CommandId(uuid::Uuid::from_u128(number))
}

/// The limit for conditions that hold at once on any working machine.
async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(30), future).await.expect("should have come long ago")
}

impl<S: Store> Setting<S> {
    async fn create(&self) -> (SessionId, Entered) {
        let entered = placed(self.try_to_create().await);
        let id = *self.rooms.open.iter().next().expect("its room is open").key();
        (id, entered)
    }

    async fn try_to_create(&self) -> Result<Entered, CloseCode> {
        let methods = Method::catalogue().expect("the catalogue holds methods");
        let plan = methods[0]
            .plan(attune_protocol::method::Firmness::Guide, attune_protocol::method::Meeting::Call)
            .expect("the default can be run");
        let new = NewSession {
            plan,
            invite: token(INVITE),
            token: token(1),
            planned_for: None,
            version: Version::Current,
        };
        within(self.rooms.create(new)).await
    }

    async fn enter(&self, id: SessionId, person: u8) -> Result<Entered, CloseCode> {
        within(self.rooms.enter(id, credentials(person, Some(INVITE)))).await
    }

    /// Waits until no room is open.
    async fn all_retired(&self) {
        within(async {
            while !self.rooms.open.is_empty() {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    /// A session that two were in when the server stopped under them. It has started again on the same log.
    async fn restarted_under_two(&self) -> SessionId {
        self.restarted_under(2).await
    }

    /// The same with more.
    async fn restarted_under(&self, people: u8) -> SessionId {
        self.restarted_after(people, false).await
    }

    /// The same, where their case may be over.
    async fn restarted_after(&self, people: u8, end: bool) -> SessionId {
        let (id, first) = self.create().await;
        let mut places = vec![first];
        for person in 2..=people {
            places.push(placed(self.enter(id, person).await));
        }
        if end {
            begin(&places[0], &places[1]).await;
            let told = act(&places[0], 4, Command::End { moment: Moment { visit: 1, turn: 0 } }).await;
            assert!(matches!(told, Some(ServerMessage::Accepted { .. })), "{told:?}");
        }
        self.rooms.stopping.store(true, Ordering::Relaxed);
        drop(places);
        self.all_retired().await;
        self.rooms.stopping.store(false, Ordering::Relaxed);
        id
    }

    /// Waits until its log is so long.
    async fn wait_for_events(&self, id: SessionId, count: u64) {
        within(async {
            while self.events(id).await.len() as u64 != count {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }

    async fn events(&self, id: SessionId) -> Vec<Event> {
        match self.store.load(id).await {
            Ok(Loaded::Events(bodies)) => {
                bodies.iter().map(|body| stored::read(body).expect("was written here")).collect()
            }
            other => panic!("there is no log: {other:?}"),
        }
    }
}

fn placed(entered: Result<Entered, CloseCode>) -> Entered {
    entered.unwrap_or_else(|code| panic!("turned away: {code:?}"))
}

async fn act(place: &Entered, number: u128, command: Command) -> Option<ServerMessage> {
    let (answer, arrives) = oneshot::channel();
    let (member, command) = (place.membership.member, Box::new(command));
    let message = Message::Act { member, request: request(number), command, answer };
    let _sent = place.membership.mailbox.send(message).await;
    let frame = within(arrives).await.ok()?;
    // An answer is short: two bytes of header.
    Some(serde_json::from_slice(&frame[2..]).expect("is an answer"))
}

async fn offer(place: &Entered, number: u128) -> Option<ServerMessage> {
    act(place, number, Command::OfferToPresent {}).await
}

fn accepted(number: u128, revision: u64) -> Option<ServerMessage> {
    Some(ServerMessage::Accepted { request: request(number), revision: Revision(revision) })
}

fn refused(number: u128, why: Refusal) -> Option<ServerMessage> {
    Some(ServerMessage::Refused { request: Some(request(number)), why })
}

async fn closed_with(place: &mut Entered) -> Option<CloseCode> {
    loop {
        match within(place.news.next(true)).await? {
            News::Outlook(_) => {}
            News::Last(_) => return Some(CloseCode::Ended),
            News::Close(code) => return Some(code),
        }
    }
}

/// What a socket is shown once it is shown this revision.
async fn shown(place: &mut Entered, revision: u64) -> Arc<Outlook> {
    loop {
        match within(place.news.next(true)).await {
            Some(News::Outlook(sight)) if sight.outlook.revision == Revision(revision) => {
                return sight.outlook;
            }
            Some(News::Outlook(_)) => {}
            other => panic!("the room is not open: {other:?}"),
        }
    }
}

#[tokio::test]
async fn an_act_is_stored_once_however_often_it_comes() {
    let setting = setting();
    let (id, place) = setting.create().await;
    assert_eq!(offer(&place, 1).await, accepted(1, 2));
    assert_eq!(offer(&place, 1).await, accepted(1, 2));
    assert_eq!(setting.events(id).await.len(), 2);
}

#[tokio::test]
async fn t13_a_repeat_of_what_holds_is_never_too_fast() {
    let one = Rate { count: 1, per: Millis::hours(1), burst: 1 };
    let setting = setting_on(MemoryStore::default(), Limits { seat_changes: one, ..Limits::default() });
    let (_, place) = setting.create().await;
    assert_eq!(offer(&place, 1).await, accepted(1, 2));
    assert_eq!(act(&place, 2, Command::WithdrawOffer {}).await, refused(2, Refusal::TooFast));
    assert_eq!(offer(&place, 1).await, accepted(1, 2));
}

#[tokio::test]
async fn t17_an_append_of_unknown_fate_is_found_or_repeated() {
    for fault in [Fault::UnknownStored, Fault::UnknownLost] {
        let setting = setting();
        let (id, place) = setting.create().await;
        setting.store.inject(fault);
        assert_eq!(offer(&place, 1).await, accepted(1, 2), "{fault:?}");
        assert_eq!(setting.events(id).await.len(), 2, "{fault:?}");
    }
}

#[tokio::test]
async fn t17_a_session_of_unknown_fate_is_welcomed_only_if_it_is_stored() {
    let setting = setting();
    setting.store.inject(Fault::UnknownLost);
    assert_eq!(setting.try_to_create().await.err(), Some(CloseCode::Busy));
    assert_eq!(setting.store.count().await, Ok(0));
    setting.all_retired().await;
    setting.store.inject(Fault::UnknownStored);
    let (id, place) = setting.create().await;
    assert_eq!(place.sight.outlook.revision, Revision(setting.events(id).await.len() as u64));
}

#[tokio::test]
async fn a_log_that_moved_on_is_read_before_deciding_anew() {
    let setting = setting();
    let (id, place) = setting.create().await;
    let rival = Event {
        at: START,
        by: None,
        request: None,
        what: EventKind::Joined { seat: SeatNumber(2), token: token(2), personal: None },
    };
    let append = Append {
        session: id,
        after: Revision(1),
        events: vec![stored::write(&rival)],
        expires_at: START + Millis::hours(24),
    };
    setting.store.append(append).await.expect("the store takes it");
    assert_eq!(offer(&place, 1).await, accepted(1, 3));
    assert_eq!(setting.events(id).await.len(), 3);
}

#[tokio::test]
async fn t50_a_busy_store_acknowledges_nothing_and_recovers() {
    let setting = setting();
    let (id, place) = setting.create().await;
    setting.store.inject(Fault::Refused(AppendError::Busy));
    assert_eq!(offer(&place, 1).await, refused(1, Refusal::Busy));
    setting.store.inject(Fault::Refused(AppendError::Busy));
    assert_eq!(setting.enter(id, 2).await.err(), Some(CloseCode::Busy));
    assert_eq!(setting.events(id).await.len(), 1);
    assert_eq!(offer(&place, 1).await, accepted(1, 2));
    assert!(setting.enter(id, 2).await.is_ok());
}

#[tokio::test]
async fn life_9_an_empty_room_retires_and_keeps_no_timer() {
    let setting = setting();
    let (id, place) = setting.create().await;
    drop(place);
    setting.all_retired().await;
    assert_eq!(setting.clock.earliest_sleeper(), None);
    let again = placed(setting.enter(id, 1).await);
    assert_eq!(again.membership.member.seat, SeatNumber(1));
}

/// A case begins that the second presents.
async fn begin(first: &Entered, second: &Entered) {
    let moment = Moment::default();
    for (place, number, command) in [
        (first, 1, Command::Agree { seat: SeatNumber(1), agreement: None }),
        (second, 1, Command::Agree { seat: SeatNumber(2), agreement: None }),
        (first, 2, Command::ChoosePresenter { seat: Some(SeatNumber(2)), moment }),
        (first, 3, Command::Begin { moment }),
    ] {
        let told = act(place, number, command).await;
        assert!(matches!(told, Some(ServerMessage::Accepted { .. })), "{told:?}");
    }
}

#[tokio::test]
async fn life_5_a_facilitator_erases_and_nobody_else() {
    let setting = setting();
    let (id, mut first) = setting.create().await;
    let mut second = placed(setting.enter(id, 2).await);
    assert_eq!(within(setting.rooms.erase(id, token(2))).await, CloseCode::NotAllowed);
    assert_eq!(within(setting.rooms.erase(id, token(3))).await, CloseCode::Unknown);
    assert_eq!(within(setting.rooms.erase(id, token(1))).await, CloseCode::Erased);
    assert_eq!(closed_with(&mut first).await, Some(CloseCode::Erased));
    assert_eq!(closed_with(&mut second).await, Some(CloseCode::Erased));
    assert_eq!(setting.store.load(id).await, Ok(Loaded::Gone));
    assert_eq!(setting.enter(id, 1).await.err(), Some(CloseCode::Unknown));
    assert_eq!(within(setting.rooms.erase(id, token(1))).await, CloseCode::Unknown);
}

#[tokio::test]
async fn life_1_an_expired_session_is_forgotten_and_its_sockets_close() {
    let setting = setting();
    let (id, mut first) = setting.create().await;
    let sweeper = tokio::spawn(Arc::clone(&setting.rooms).sweep());
    within(async {
        while setting.clock.earliest_sleeper().is_none() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    setting.clock.advance(Millis::hours(31 * 24));
    assert_eq!(closed_with(&mut first).await, Some(CloseCode::Erased));
    assert_eq!(setting.store.load(id).await, Ok(Loaded::Gone));
    sweeper.abort();
}

#[tokio::test]
async fn t26_unknown_wrong_and_erased_answer_alike() {
    let setting = setting();
    let (id, _first) = setting.create().await;
    let wrong = within(setting.rooms.enter(id, credentials(9, Some(8)))).await.err();
    let none = within(setting.rooms.enter(id, credentials(9, None))).await.err();
    let absent =
        within(setting.rooms.enter(SessionId::from_bytes([9; 16]), credentials(9, Some(INVITE)))).await.err();
    assert_eq!([wrong, none, absent], [Some(CloseCode::Unknown); 3]);
}

#[tokio::test]
async fn wire_24_rooms_in_memory_are_bounded() {
    let setting = setting_on(MemoryStore::default(), Limits { rooms: 1, ..Limits::default() });
    let (id, _first) = setting.create().await;
    let other =
        within(setting.rooms.enter(SessionId::from_bytes([9; 16]), credentials(1, Some(INVITE)))).await;
    assert_eq!(other.err(), Some(CloseCode::Busy));
    assert!(setting.enter(id, 2).await.is_ok());
}
