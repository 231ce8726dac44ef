//! Which sessions are open: finds a session's room, and opens one where there is none.

mod mailbox;

use attune_protocol::door::DoorCode;
use attune_protocol::ids::{Millis, SecretHash, SessionId, Timestamp};
use attune_protocol::method::Plan;
use attune_protocol::moving::SeatCode;
use attune_protocol::server::CloseCode;
use attune_protocol::version::Version;
use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use futures_util::FutureExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::sync::{mpsc, oneshot};

use crate::clock::Clock;
use crate::codes::Codes;
use crate::door::{AtDoor, Caller, Knocker, Right};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::room::{Room, Source};
use crate::screens::Watching;
use crate::secret::{Chance, CreateToken, draw_session_id};
use crate::session::{Session, Settings};
use crate::store::{AppendError, Store};
use crate::stored;
pub(crate) use mailbox::{Connection, Credentials, Entered, Member, Membership, Message, tell_gone};

/// Messages that wait for one room. A socket waits for its answer before it reads on, so seats × 2 suffices.
const MAILBOX: usize = 64;
/// Sessions that are forgotten at once.
const SWEEP: u32 = 100;
/// How often expired sessions are looked for, in session time.
const SWEEP_EVERY: Millis = Millis::minutes(1);

/// A session to be set up.
pub(crate) struct NewSession {
    pub(crate) plan: Plan,
    pub(crate) invite: SecretHash,
    pub(crate) token: SecretHash,
    pub(crate) planned_for: Option<Timestamp>,
    /// The version that the page speaks.
    pub(crate) version: Version,
}

/// What all rooms have in common beside time, store and chance.
pub(crate) struct Common {
    /// What somebody must know to set a session up.
    pub(crate) create_token: Option<CreateToken>,
    /// What is counted.
    pub(crate) metrics: Arc<Metrics>,
}

/// What all rooms share.
pub(crate) struct Rooms {
    open: DashMap<SessionId, mpsc::Sender<Message>>,
    pub(crate) codes: Codes<DoorCode>,
    pub(crate) seat_codes: Codes<SeatCode>,
    connections: AtomicU64,
    pub(crate) settings: Settings,
    pub(crate) limits: Arc<Limits>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) transport: Arc<dyn Clock>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) chance: Arc<dyn Chance>,
    create_token: Option<CreateToken>,
    pub(crate) metrics: Arc<Metrics>,
    /// The server stops: a socket that goes now is no person that went.
    pub(crate) stopping: AtomicBool,
}

impl Rooms {
    /// No room is open.
    pub(crate) fn new(
        settings: Settings,
        limits: Arc<Limits>,
        clocks: [Arc<dyn Clock>; 2],
        store: Arc<dyn Store>,
        chance: Arc<dyn Chance>,
        common: Common,
    ) -> Arc<Self> {
        let Common { create_token, metrics } = common;
        let [clock, transport] = clocks;
        let (open, connections, stopping) = (DashMap::new(), AtomicU64::new(0), AtomicBool::new(false));
        Arc::new(Self {
            open,
            codes: Codes::default(),
            seat_codes: Codes::default(),
            connections,
            settings,
            limits,
            clock,
            transport,
            store,
            chance,
            create_token,
            metrics,
            stopping,
        })
    }

    /// Whether somebody who says this may set a session up.
    pub(crate) fn may_create(&self, said: Option<&str>) -> bool {
        self.create_token.as_ref().is_none_or(|token| said.is_some_and(|said| token.is(said)))
    }

    /// How many sessions are in memory.
    pub(crate) fn count_open(&self) -> usize {
        self.open.len()
    }

    /// Whether a new socket would be served well: the server does not stop, and its store works.
    pub(crate) fn is_ready(&self) -> bool {
        !self.stopping.load(Ordering::Relaxed) && self.store.broken().now_or_never().is_none()
    }

    /// A number for a new socket.
    pub(crate) fn number_connection(&self) -> Connection {
        Connection(self.connections.fetch_add(1, Ordering::Relaxed))
    }

    /// Sets a session up and takes its first seat.
    pub(crate) async fn create(self: &Arc<Self>, new: NewSession) -> Result<Entered, CloseCode> {
        let NewSession { plan, invite, token, planned_for, version } = new;
        let id = draw_session_id(&*self.chance).map_err(|error| {
            tracing::error!(%error, "a session could not be set up");
            CloseCode::Busy
        })?;
        let first_seat = Credentials { version, token, invite: None };
        let now = self.clock.now();
        let (session, first) = Session::create(plan, invite, token, self.settings, planned_for, now);
        match stored::create(&*self.store, id, &first, &session).await {
            Ok(()) => self.enter_from(id, first_seat, Source::Fresh(Box::new(session))).await,
            Err(AppendError::Unknown) => {
                // Whether it is stored is found out by the room that loads it. If it is not, it can be set up anew.
                let entered = self.enter_from(id, first_seat, Source::Store).await;
                entered.map_err(|code| if code == CloseCode::Unknown { CloseCode::Busy } else { code })
            }
            Err(error) => {
                tracing::warn!(kind = "store_fault", %error, "a session could not be set up");
                Err(CloseCode::Busy)
            }
        }
    }

    /// Comes in.
    pub(crate) async fn enter(
        self: &Arc<Self>,
        id: SessionId,
        credentials: Credentials,
    ) -> Result<Entered, CloseCode> {
        self.enter_from(id, credentials, Source::Store).await
    }

    async fn enter_from(
        self: &Arc<Self>,
        id: SessionId,
        credentials: Credentials,
        source: Source,
    ) -> Result<Entered, CloseCode> {
        let (answer, entered) = oneshot::channel();
        let credentials = Box::new(credentials);
        self.send(id, Message::Enter { credentials, answer }, source).await?;
        // The room ended without an answer: coming back finds it opened anew.
        entered.await.unwrap_or(Err(CloseCode::Restarting))
    }

    /// Waits at the door of a session by its link.
    pub(crate) async fn knock(
        self: &Arc<Self>,
        id: SessionId,
        token: SecretHash,
        right: Right,
        caller: Caller,
    ) -> Result<AtDoor, CloseCode> {
        let (answer, at_door) = oneshot::channel();
        let knocker = Box::new(Knocker { token, right, caller });
        self.send(id, Message::Knock { knocker, answer }, Source::Store).await?;
        at_door.await.unwrap_or(Err(CloseCode::Restarting))
    }

    /// Waits at the door that a code names.
    pub(crate) async fn knock_by_code(
        self: &Arc<Self>,
        code: &DoorCode,
        token: SecretHash,
        commitment: SecretHash,
        caller: Caller,
    ) -> Result<AtDoor, CloseCode> {
        let id = self.codes.find(code, self.clock.now()).ok_or(CloseCode::Unknown)?;
        self.knock(id, token, Right::Code { commitment }, caller).await
    }

    /// Asks a person's own page for their seat, by the code that it shows, which nobody can type again.
    pub(crate) async fn ask_for_seat(
        self: &Arc<Self>,
        code: &SeatCode,
        token: SecretHash,
        commitment: SecretHash,
        caller: Caller,
    ) -> Result<AtDoor, CloseCode> {
        let (id, seat) = self.seat_codes.spend(code, self.clock.now()).ok_or(CloseCode::Unknown)?;
        self.knock(id, token, Right::Seat { seat, commitment }, caller).await
    }

    /// Shows a session on a screen.
    pub(crate) async fn watch(
        self: &Arc<Self>,
        id: SessionId,
        secret: SecretHash,
    ) -> Result<Watching, CloseCode> {
        let (answer, watching) = oneshot::channel();
        self.send(id, Message::Watch { secret, answer }, Source::Store).await?;
        watching.await.unwrap_or(Err(CloseCode::Restarting))
    }

    /// Deletes a session for whom it belongs to, and says with which code to close.
    pub(crate) async fn erase(self: &Arc<Self>, id: SessionId, token: SecretHash) -> CloseCode {
        let (answer, code) = oneshot::channel();
        match self.send(id, Message::Erase { token, answer }, Source::Store).await {
            Ok(()) => code.await.unwrap_or(CloseCode::Restarting),
            Err(code) => code,
        }
    }

    /// Sends to a session's room. Where there is none, one opens that finds this as its first message.
    async fn send(
        self: &Arc<Self>,
        id: SessionId,
        mut message: Message,
        mut source: Source,
    ) -> Result<(), CloseCode> {
        loop {
            let mailbox = match self.open_with(id, message, source) {
                Opened::Sent => return Ok(()),
                Opened::Full => return Err(CloseCode::Busy),
                Opened::Already(mailbox, back) => {
                    message = back;
                    mailbox
                }
            };
            match mailbox.send(message).await {
                Ok(()) => return Ok(()),
                // It has just retired: the next round opens it anew.
                Err(mpsc::error::SendError(back)) => {
                    message = back;
                    source = Source::Store;
                    self.retire(id, &mailbox);
                }
            }
        }
    }

    /// Sends what came to a room that was about to end; what concerns only that room is dropped.
    pub(crate) async fn send_again(self: &Arc<Self>, id: SessionId, message: Message) {
        if matches!(
            message,
            Message::Enter { .. } | Message::Erase { .. } | Message::Knock { .. } | Message::Watch { .. }
        ) {
            // Dropping the message answers it: come back.
            let _sent = self.send(id, message, Source::Store).await;
        }
    }

    fn open_with(self: &Arc<Self>, id: SessionId, message: Message, source: Source) -> Opened {
        let full = self.open.len() >= self.limits.rooms;
        match self.open.entry(id) {
            Entry::Occupied(entry) => Opened::Already(entry.get().clone(), message),
            Entry::Vacant(_) if full => Opened::Full,
            Entry::Vacant(entry) => {
                let (mailbox, messages) = mpsc::channel(MAILBOX);
                // The channel is new and empty, so there is room for one message.
                let _sent = mailbox.try_send(message);
                entry.insert(mailbox.clone());
                tokio::spawn(Room::run(Arc::clone(self), id, source, mailbox, messages));
                Opened::Sent
            }
        }
    }

    /// Takes a room off the list, unless another stands there for its session by now.
    pub(crate) fn retire(&self, id: SessionId, mailbox: &mpsc::Sender<Message>) {
        self.open.remove_if(&id, |_, open| open.same_channel(mailbox));
    }

    /// Forgets the sessions whose time is over, for as long as the server runs.
    pub(crate) async fn sweep(self: Arc<Self>) {
        loop {
            let now = self.clock.now();
            let forgotten = match self.store.forget_expired(now, SWEEP).await {
                Ok(forgotten) => forgotten,
                Err(error) => {
                    tracing::warn!(kind = "store_fault", %error, "expired sessions could not be forgotten");
                    Vec::new()
                }
            };
            let more = forgotten.len() >= SWEEP as usize;
            for id in forgotten {
                let mailbox = self.open.get(&id).map(|open| open.value().clone());
                if let Some(mailbox) = mailbox {
                    // A room that ended meanwhile has nobody to tell.
                    let _sent = mailbox.send(Message::Forgotten).await;
                }
            }
            if !more {
                self.clock.sleep_until(now + SWEEP_EVERY).await;
            }
        }
    }
}

enum Opened {
    Sent,
    Full,
    Already(mpsc::Sender<Message>, Message),
}

#[cfg(test)]
mod tests;
