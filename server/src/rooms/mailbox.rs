//! What a room is told, and a socket's place in it.

use attune_protocol::client::Command;
use attune_protocol::door::KnockerMessage;
use attune_protocol::ending::Answers;
use attune_protocol::ids::{CommandId, SeatNumber, SecretHash};
use attune_protocol::server::CloseCode;
use attune_protocol::version::Version;
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

use crate::door::{AtDoor, Knocker};
use crate::outlet::Inlet;
use crate::outlook::Sight;
use crate::screens::Watching;
use crate::session_clock::SessionClock;

/// One socket among all of the server. Counted, never shown to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Connection(pub(super) u64);

/// What opens a session, or does not.
pub(crate) struct Credentials {
    /// The version that the page speaks.
    pub(crate) version: Version,
    pub(crate) token: SecretHash,
    pub(crate) invite: Option<SecretHash>,
}

/// What a room is told. Small, because every mailbox has room for 32 of them in advance.
pub(crate) enum Message {
    /// A socket wants in.
    Enter { credentials: Box<Credentials>, answer: oneshot::Sender<Result<Entered, CloseCode>> },
    /// A person acts. Answered by a frame.
    Act { member: Member, request: CommandId, command: Box<Command>, answer: oneshot::Sender<Bytes> },
    /// What a person found, to be counted with others'. Answered by a frame.
    Answer { member: Member, answers: Answers, answer: oneshot::Sender<Bytes> },
    /// A person asks what happened. Answered by a frame.
    History { member: Member, answer: oneshot::Sender<Bytes> },
    /// Somebody wants to wait at the door.
    Knock { knocker: Box<Knocker>, answer: oneshot::Sender<Result<AtDoor, CloseCode>> },
    /// Somebody at the door says something.
    Said { token: SecretHash, connection: Connection, message: Box<KnockerMessage> },
    /// A socket at the door is gone.
    StoppedKnocking { token: SecretHash, connection: Connection },
    /// A screen wants to show the session.
    Watch { secret: SecretHash, answer: oneshot::Sender<Result<Watching, CloseCode>> },
    /// The socket of a screen is gone.
    StoppedWatching { connection: Connection },
    /// Nothing was heard from a seat for a while.
    Quiet { member: Member },
    /// A quiet seat was heard again.
    Heard { member: Member },
    /// A socket is gone.
    Gone { member: Member },
    /// A facilitator deletes the session.
    Erase { token: SecretHash, answer: oneshot::Sender<CloseCode> },
    /// Its time was over, and the store has forgotten it.
    Forgotten,
}

/// A socket and the seat that it came for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) seat: SeatNumber,
    pub(crate) connection: Connection,
}

/// A socket's place in a room. Dropping it tells the room that the socket is gone.
pub(crate) struct Membership {
    pub(crate) member: Member,
    pub(crate) mailbox: mpsc::Sender<Message>,
}

impl Drop for Membership {
    fn drop(&mut self) {
        tell_gone(&self.mailbox, Message::Gone { member: self.member });
    }
}

/// Tells a room that a socket is gone, from where nothing can wait: a full mailbox gets it as soon as there is room.
pub(crate) fn tell_gone(mailbox: &mpsc::Sender<Message>, gone: Message) {
    if let Err(mpsc::error::TrySendError::Full(gone)) = mailbox.try_send(gone) {
        let mailbox = mailbox.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { mailbox.send(gone).await });
        }
    }
}

/// A socket is in.
pub(crate) struct Entered {
    pub(crate) membership: Membership,
    pub(crate) welcome: Bytes,
    /// What the welcome shows.
    pub(crate) sight: Sight,
    pub(crate) news: Inlet,
    pub(crate) clock: Arc<SessionClock>,
}
