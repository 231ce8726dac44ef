//! Who waits at a session's door: in the room's memory only, and gone with it.

use attune_protocol::door::{
    CodeView, DoorView, HoldMessage, KnockKey, KnockView, KnockerMessage, KnockerView, Revealed, WaitingView,
};
use attune_protocol::ids::{Millis, SeatNumber, SecretHash, SessionId, Timestamp};
use attune_protocol::sealed::{Sealed, SealedLine};
use attune_protocol::server::{CloseCode, Refusal, ServerMessage};
use bytes::Bytes;
use tokio::sync::mpsc;

use crate::outlook::write;
use crate::rooms::{Connection, Message};
use crate::slot::{Putter, Taker, slot};

/// The most who wait at once: a flood of knocks must not hide a person.
pub(crate) const MOST_WAITING: usize = 8;
/// How long whoever was not let in, and their address, cannot knock at this door again.
const SILENCED_FOR: Millis = Millis::minutes(10);
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
}

impl Drop for AtDoor {
    fn drop(&mut self) {
        let gone = Message::StoppedKnocking { token: self.token, connection: self.connection };
        if let Err(mpsc::error::TrySendError::Full(gone)) = self.mailbox.try_send(gone) {
            let mailbox = self.mailbox.clone();
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                runtime.spawn(async move { mailbox.send(gone).await });
            }
        }
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

    fn view(&self) -> KnockView {
        let by = match &self.right {
            Right::Link { .. } => KnockerView::Link { name: self.introduced.clone() },
            Right::Code { commitment } => KnockerView::Code {
                commitment: *commitment,
                answered_by: self.answered.map(|(seat, _)| seat),
                revealed: self.revealed.clone(),
            },
        };
        KnockView { knock: self.token, since: self.since, by, held: self.held }
    }
}

/// Everybody at one door.
#[derive(Default)]
pub(crate) struct Waiting {
    code: Option<CodeView>,
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
        let knocks: Vec<KnockView> = self.knocks.iter().map(Knock::view).collect();
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
        self.silenced.retain(|(_, _, until)| *until > now);
        let is_silenced = |(silent, address, _): &(SecretHash, Caller, Timestamp)| {
            *silent == token || (caller.is_some() && *address == caller)
        };
        if self.silenced.iter().any(is_silenced) {
            return Err(CloseCode::Declined);
        }
        self.end(token, KnockNews::Close(CloseCode::Replaced));
        if self.knocks.len() >= MOST_WAITING && !self.make_room(caller) {
            return Err(CloseCode::Busy);
        }
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
        Ok(taker)
    }

    /// Ends the newest knock of the address that has most here, if the caller's has at least two less: one address
    /// does not keep the others out, and two do not take turns at putting each other out. Whether it did.
    fn make_room(&mut self, caller: Caller) -> bool {
        let count = |of: Caller| self.knocks.iter().filter(|knock| knock.caller == of).count();
        let mine = count(caller);
        let crowd =
            self.knocks.iter().filter(|knock| knock.caller.is_some() && count(knock.caller) > mine + 1);
        let newest = crowd.max_by_key(|knock| count(knock.caller)).map(|knock| knock.token);
        newest.is_some_and(|token| self.end(token, KnockNews::Close(CloseCode::Busy)))
    }

    /// Why nothing can be done about this knock, if so.
    pub(crate) fn refuses(&self, token: SecretHash) -> Option<Refusal> {
        let waits = self.knocks.iter().any(|knock| knock.token == token);
        (!waits).then_some(Refusal::NoSuchKnock)
    }

    /// Why this knock cannot be let in so, if so: who came by a code needs the link, once both keys are there.
    pub(crate) fn refuses_entry(&self, token: SecretHash, handed: bool) -> Option<Refusal> {
        let Some(knock) = self.knocks.iter().find(|knock| knock.token == token) else {
            return Some(Refusal::NoSuchKnock);
        };
        let is_ready = match knock.right {
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
            (KnockerMessage::Reveal { key, nonce, name }, Right::Code { .. })
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
        if !matches!(knock.right, Right::Code { .. }) {
            return false;
        }
        let holds = *knock.answered.get_or_insert((by, key)) == (by, key);
        knock.show();
        holds
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
    }

    /// Who waits, and by which right.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (SecretHash, &Right)> {
        self.knocks.iter().map(|knock| (knock.token, &knock.right))
    }

    fn find(&mut self, token: SecretHash) -> Option<&mut Knock> {
        self.knocks.iter_mut().find(|knock| knock.token == token)
    }
}
