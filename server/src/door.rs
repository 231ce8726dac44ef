//! Who waits at a session's door: in the room's memory only, and gone with it.

use attune_protocol::door::{
    CodeView, DoorView, HoldMessage, KnockKey, KnockView, KnockerMessage, KnockerView, Revealed, WaitingView,
};
use attune_protocol::ids::{Millis, SeatNumber, SecretHash, SessionId, Timestamp};
use attune_protocol::moving::{MovingDevice, MovingView, SeatCodeView};
use attune_protocol::sealed::{Sealed, SealedLine};
use attune_protocol::server::{CloseCode, Refusal, ServerMessage};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::mpsc;

use crate::outlook::write;
use crate::rooms::{Connection, Message, tell_gone};
use crate::session_clock::SessionClock;
use crate::slot::{Putter, Taker, slot};

/// The most who wait at once: a flood of knocks must not hide a person.
pub(crate) const MOST_WAITING: usize = 8;
/// How long whoever was not let in cannot knock at this door again.
const SILENCED_FOR: Millis = Millis::minutes(10);
/// So many who were not let in within that time silence their address: an office with one address is many people, and a
/// flood from one is not heard for long.
const DECLINED_PER_ADDRESS: usize = 3;
/// The most that are remembered so; the oldest are forgotten.
const MOST_SILENCED: usize = 64;

/// Whom a knock counts for beside its token; none where addresses are free of limits.
pub(crate) type Caller = Option<u64>;

/// What opens the way to the door.
pub(crate) enum Right {
    /// The invite of the link.
    Link { invite: SecretHash },
    /// A code, and what the knocker committed to.
    Code { commitment: SecretHash },
    /// A seat's own code, and what the person's other device committed to. That seat's page alone is told.
    Seat { seat: SeatNumber, commitment: SecretHash },
}

/// Somebody wants to knock.
pub(crate) struct Knocker {
    /// The hash of the token that they will come in with: it names the knock.
    pub(crate) token: SecretHash,
    pub(crate) right: Right,
    pub(crate) caller: Caller,
}

/// What a waiting socket is to do.
#[derive(Debug)]
pub(crate) enum KnockNews {
    /// Show this.
    Show(Bytes),
    /// Show this, the way in, and close.
    Handed(Bytes),
    /// Come in, or hear why not.
    Enter,
    /// Close.
    Close(CloseCode),
}

/// A socket's place at a door. Dropping it tells the room that nobody waits there any more.
pub(crate) struct AtDoor {
    pub(crate) session: SessionId,
    pub(crate) token: SecretHash,
    /// What to come in with, where the link is there already.
    pub(crate) invite: Option<SecretHash>,
    pub(crate) news: Taker<KnockNews>,
    pub(crate) mailbox: mpsc::Sender<Message>,
    pub(crate) connection: Connection,
    pub(crate) clock: Arc<SessionClock>,
}

impl Drop for AtDoor {
    fn drop(&mut self) {
        let gone = Message::StoppedKnocking { token: self.token, connection: self.connection };
        tell_gone(&self.mailbox, gone);
    }
}

struct Knock {
    token: SecretHash,
    right: Right,
    caller: Caller,
    connection: Connection,
    since: Timestamp,
    introduced: Option<Sealed>,
    answered: Option<(SeatNumber, KnockKey)>,
    revealed: Option<Revealed>,
    held: Option<HoldMessage>,
    news: Putter<KnockNews>,
}

impl Knock {
    /// Shows the knocker how it stands.
    fn show(&self) {
        let waiting =
            WaitingView { answered: self.answered.map(|(_, key)| key), held: self.held, handed: None };
        self.news.put(KnockNews::Show(write(&ServerMessage::Waiting { waiting })));
    }

    /// How whoever steers is told of it; who asks for a seat is that person's alone to know.
    fn view(&self) -> Option<KnockView> {
        let by = match &self.right {
            Right::Seat { .. } => return None,
            Right::Link { .. } => KnockerView::Link { name: self.introduced.clone() },
            Right::Code { commitment } => KnockerView::Code {
                commitment: *commitment,
                answered_by: self.answered.map(|(seat, _)| seat),
                revealed: self.revealed.clone(),
            },
        };
        Some(KnockView { knock: self.token, since: self.since, by, held: self.held })
    }

    /// Whose seat it asks for.
    fn seat(&self) -> Option<SeatNumber> {
        match &self.right {
            Right::Seat { seat, .. } => Some(*seat),
            Right::Link { .. } | Right::Code { .. } => None,
        }
    }
}

/// Everybody at one door.
#[derive(Default)]
pub(crate) struct Waiting {
    code: Option<CodeView>,
    /// The codes that seats show to their people's other devices.
    seat_codes: BTreeMap<SeatNumber, SeatCodeView>,
    knocks: Vec<Knock>,
    /// Who was not let in, by token and by whom it counts for, and until when.
    silenced: Vec<(SecretHash, Caller, Timestamp)>,
}

impl Waiting {
    /// Whether nobody waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.knocks.is_empty()
    }

    /// What whoever steers is told; nothing while there is nothing to tell.
    pub(crate) fn view(&self) -> Option<DoorView> {
        let knocks: Vec<KnockView> = self.knocks.iter().filter_map(Knock::view).collect();
        let is_used = self.code.is_some() || !knocks.is_empty();
        is_used.then(|| DoorView { code: self.code.clone(), knocks })
    }

    /// The code, while there is one; it may be over.
    pub(crate) fn code(&self) -> Option<&CodeView> {
        self.code.as_ref()
    }

    /// From now on this is the code.
    pub(crate) fn show_code(&mut self, code: CodeView) {
        self.code = Some(code);
    }

    /// Somebody knocks; a knock with the same token before is over.
    pub(crate) fn knock(
        &mut self,
        knocker: Knocker,
        connection: Connection,
        now: Timestamp,
    ) -> Result<Taker<KnockNews>, CloseCode> {
        let Knocker { token, right, caller } = knocker;
        if let Right::Seat { seat, .. } = right {
            // One device for each code, and none where its page shows it no more.
            self.seat_codes.remove(&seat).ok_or(CloseCode::Unknown)?;
            self.end(token, KnockNews::Close(CloseCode::Replaced));
            return Ok(self.take_place(Knocker { token, right, caller }, connection, now));
        }
        self.silenced.retain(|(_, _, until)| *until > now);
        let of_address =
            self.silenced.iter().filter(|(_, address, _)| caller.is_some() && *address == caller);
        let is_silenced = of_address.count() >= DECLINED_PER_ADDRESS;
        if is_silenced || self.silenced.iter().any(|(silent, ..)| *silent == token) {
            return Err(CloseCode::Declined);
        }
        self.end(token, KnockNews::Close(CloseCode::Replaced));
        let waiting = self.knocks.iter().filter(|knock| knock.seat().is_none()).count();
        if waiting >= MOST_WAITING && !self.make_room(caller) {
            return Err(CloseCode::Busy);
        }
        Ok(self.take_place(Knocker { token, right, caller }, connection, now))
    }

    fn take_place(&mut self, knocker: Knocker, connection: Connection, now: Timestamp) -> Taker<KnockNews> {
        let Knocker { token, right, caller } = knocker;
        let (news, taker) = slot();
        let knock = Knock {
            token,
            right,
            caller,
            connection,
            since: now,
            introduced: None,
            answered: None,
            revealed: None,
            held: None,
            news,
        };
        knock.show();
        self.knocks.push(knock);
        taker
    }

    /// Ends the newest knock of the address that has most here, if the caller's has at least two less: one address
    /// does not keep the others out, and two do not take turns at putting each other out. Whether it did.
    fn make_room(&mut self, caller: Caller) -> bool {
        let at_door = || self.knocks.iter().filter(|knock| knock.seat().is_none());
        let count = |of: Caller| at_door().filter(|knock| knock.caller == of).count();
        let mine = count(caller);
        let crowd = at_door().filter(|knock| knock.caller.is_some() && count(knock.caller) > mine + 1);
        let newest = crowd.max_by_key(|knock| count(knock.caller)).map(|knock| knock.token);
        newest.is_some_and(|token| self.end(token, KnockNews::Close(CloseCode::Busy)))
    }

    /// Why nothing can be done about this knock, if so.
    pub(crate) fn refuses(&self, token: SecretHash) -> Option<Refusal> {
        let waits = self.knocks.iter().any(|knock| knock.token == token && knock.seat().is_none());
        (!waits).then_some(Refusal::NoSuchKnock)
    }

    /// Why this knock cannot be let in so, if so: who came by a code needs the link, once both keys are there.
    pub(crate) fn refuses_entry(&self, token: SecretHash, handed: bool) -> Option<Refusal> {
        let Some(knock) = self.knocks.iter().find(|knock| knock.token == token) else {
            return Some(Refusal::NoSuchKnock);
        };
        let is_ready = match knock.right {
            Right::Seat { .. } => return Some(Refusal::NoSuchKnock),
            Right::Link { .. } => !handed,
            Right::Code { .. } => handed && knock.revealed.is_some(),
        };
        (!is_ready).then_some(Refusal::NotNow)
    }

    /// A socket is gone; a newer one of the same knock stays. Whether anything changed.
    pub(crate) fn stop(&mut self, token: SecretHash, connection: Connection) -> bool {
        let before = self.knocks.len();
        self.knocks.retain(|knock| knock.token != token || knock.connection != connection);
        self.knocks.len() != before
    }

    /// A knocker says something. Whether it was something to say now.
    pub(crate) fn hear(
        &mut self,
        token: SecretHash,
        connection: Connection,
        message: KnockerMessage,
    ) -> bool {
        let Some(knock) = self.find(token).filter(|knock| knock.connection == connection) else {
            return false;
        };
        match (message, &knock.right) {
            // Both once only: a name is not exchanged for another while somebody reads it, and what was committed to
            // does not change.
            (KnockerMessage::Introduce { name }, Right::Link { .. }) if knock.introduced.is_none() => {
                knock.introduced = Some(name);
            }
            (KnockerMessage::Reveal { key, nonce, name }, Right::Code { .. } | Right::Seat { .. })
                if knock.answered.is_some() && knock.revealed.is_none() =>
            {
                knock.revealed = Some(Revealed { key, nonce, name });
            }
            _ => return false,
        }
        true
    }

    /// A page answers who came by a code. Only the first answer holds: after it the knocker's key is shown.
    pub(crate) fn answer(&mut self, token: SecretHash, by: SeatNumber, key: KnockKey) -> bool {
        let Some(knock) = self.find(token) else { return false };
        if matches!(knock.right, Right::Link { .. }) {
            return false;
        }
        let holds = *knock.answered.get_or_insert((by, key)) == (by, key);
        knock.show();
        holds
    }

    /// From now on this seat shows this code; what it had before, and who had typed it, is over.
    pub(crate) fn show_seat_code(&mut self, seat: SeatNumber, code: SeatCodeView) {
        self.end_move(seat);
        self.seat_codes.insert(seat, code);
    }

    /// A seat stays where it is.
    pub(crate) fn end_move(&mut self, seat: SeatNumber) {
        self.seat_codes.remove(&seat);
        let device = self.knocks.iter().find(|knock| knock.seat() == Some(seat)).map(|knock| knock.token);
        if let Some(token) = device {
            self.end(token, KnockNews::Close(CloseCode::Declined));
        }
    }

    /// Why this seat cannot be given to this device now, if so.
    pub(crate) fn refuses_move(&self, seat: SeatNumber, token: SecretHash, ready: bool) -> Option<Refusal> {
        let asks = |knock: &&Knock| knock.token == token && knock.seat() == Some(seat);
        match self.knocks.iter().find(asks) {
            None => Some(Refusal::NoSuchKnock),
            Some(knock) => (ready && knock.revealed.is_none()).then_some(Refusal::NotNow),
        }
    }

    /// What a seat's own page is told of its code and who typed it.
    pub(crate) fn moving(&self, seat: SeatNumber) -> MovingView {
        let device = |knock: &Knock| match &knock.right {
            Right::Seat { seat: asked, commitment } if *asked == seat => Some(MovingDevice {
                knock: knock.token,
                commitment: *commitment,
                answered: knock.answered.is_some(),
                revealed: knock.revealed.clone(),
            }),
            _ => None,
        };
        MovingView { code: self.seat_codes.get(&seat).cloned(), device: self.knocks.iter().find_map(device) }
    }

    /// Seats that show a code, or whose other device waits.
    pub(crate) fn moving_seats(&self) -> Vec<SeatNumber> {
        let asked = self.knocks.iter().filter_map(Knock::seat);
        self.seat_codes.keys().copied().chain(asked).collect()
    }

    /// Tells a knocker something meanwhile.
    pub(crate) fn hold(&mut self, token: SecretHash, message: HoldMessage) -> bool {
        let Some(knock) = self.find(token) else { return false };
        knock.held = Some(message);
        knock.show();
        true
    }

    /// Hands the way in to who came by a code.
    pub(crate) fn hand(&mut self, token: SecretHash, handed: SealedLine) {
        let waiting = WaitingView { handed: Some(handed), ..WaitingView::default() };
        self.end(token, KnockNews::Handed(write(&ServerMessage::Waiting { waiting })));
    }

    /// Somebody was not let in, and is not heard at this door for a while.
    pub(crate) fn decline(&mut self, token: SecretHash, now: Timestamp) {
        if let Some(knock) = self.find(token) {
            let silenced = (token, knock.caller, now + SILENCED_FOR);
            if self.silenced.len() == MOST_SILENCED {
                self.silenced.remove(0);
            }
            self.silenced.push(silenced);
        }
        self.end(token, KnockNews::Close(CloseCode::Declined));
    }

    /// A knock is over. Whether there was one.
    pub(crate) fn end(&mut self, token: SecretHash, news: KnockNews) -> bool {
        let Some(at) = self.knocks.iter().position(|knock| knock.token == token) else { return false };
        self.knocks.remove(at).news.put(news);
        true
    }

    /// Nobody waits any more, and no code is shown.
    pub(crate) fn close(&mut self, code: CloseCode) {
        for knock in std::mem::take(&mut self.knocks) {
            knock.news.put(KnockNews::Close(code));
        }
        self.code = None;
        self.seat_codes.clear();
    }

    /// Who waits, and by which right.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (SecretHash, &Right)> {
        self.knocks.iter().map(|knock| (knock.token, &knock.right))
    }

    fn find(&mut self, token: SecretHash) -> Option<&mut Knock> {
        self.knocks.iter_mut().find(|knock| knock.token == token)
    }
}
