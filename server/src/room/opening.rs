//! A room's life: opened from its log or fresh, served, off the list, and what came too late turned away.

use attune_protocol::ids::{Millis, SessionId};
use attune_protocol::server::CloseCode;
use std::sync::Arc;
use tokio::sync::mpsc;

use super::Room;
use super::entering::Mail;
use crate::rooms::{Message, Rooms};
use crate::session::{Input, Session};
use crate::stored;

/// How long after a restart many of those who were here come back.
const REUNION: Millis = Millis::seconds(10);

/// Where a room's session comes from.
pub(crate) enum Source {
    /// From its log.
    Store,
    /// It has just been set up.
    Fresh(Box<Session>),
}

/// Takes the room off the list however its task ends.
struct Listed {
    rooms: Arc<Rooms>,
    id: SessionId,
    mailbox: mpsc::Sender<Message>,
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.rooms.retire(self.id, &self.mailbox);
        if std::thread::panicking() {
            tracing::error!("a room failed; it opens again from its log");
        }
    }
}

impl Room {
    /// Runs a room until its last socket is gone.
    pub(crate) async fn run(
        rooms: Arc<Rooms>,
        id: SessionId,
        source: Source,
        mailbox: mpsc::Sender<Message>,
        messages: mpsc::Receiver<Message>,
    ) {
        let mut mail = Mail::new(messages);
        let listed = Listed { rooms: Arc::clone(&rooms), id, mailbox: mailbox.clone() };
        let is_fresh = matches!(source, Source::Fresh(_));
        let opened = match source {
            Source::Fresh(session) => Ok(Some(session)),
            Source::Store => stored::load(&*rooms.store, id).await.map(|session| session.map(Box::new)),
        };
        let turned_away_with = match opened {
            Ok(Some(session)) => {
                let mut room = Self::new(Arc::clone(&rooms), id, mailbox, session);
                let is_open = is_fresh || room.reopen(&mut mail).await;
                if is_open {
                    room.serve(&mut mail).await;
                }
                match (room.forgotten, is_open) {
                    (true, _) => Some(CloseCode::Unknown),
                    (false, true) => None,
                    (false, false) => Some(CloseCode::Busy),
                }
            }
            Ok(None) => Some(CloseCode::Unknown),
            Err(error) => {
                tracing::warn!(kind = "store_fault", %error, "a session could not be opened");
                Some(CloseCode::Busy)
            }
        };
        drop(listed);
        mail.close();
        while let Some(message) = mail.next().await {
            match turned_away_with {
                Some(code) => turn_away(message, code),
                // It came while the room retired: it opens the session again.
                None => rooms.send_again(id, message).await,
            }
        }
    }

    /// The server had stopped, or the room had: whoever stands in the log as here is away. It is stored together with the
    /// coming of those who have opened it. Says whether it could be.
    async fn reopen(&mut self, mail: &mut Mail) -> bool {
        if self.session.connected().next().is_some() {
            self.reunion_until = self.rooms.transport.now() + REUNION;
        }
        self.enter(Some(Input::Reopen), mail.take_comers(Vec::new())).await
    }
}

/// Answers a message that came when the session was not there, or not there any more.
fn turn_away(message: Message, code: CloseCode) {
    match message {
        Message::Enter { answer, .. } => drop(answer.send(Err(code))),
        Message::Erase { answer, .. } => drop(answer.send(code)),
        Message::Knock { answer, .. } => drop(answer.send(Err(code))),
        Message::Watch { answer, .. } => drop(answer.send(Err(code))),
        // Their sockets close by the room's end.
        Message::Act { .. }
        | Message::Answer { .. }
        | Message::History { .. }
        | Message::Quiet { .. }
        | Message::Heard { .. }
        | Message::Gone { .. }
        | Message::Said { .. }
        | Message::StoppedKnocking { .. }
        | Message::StoppedWatching { .. }
        | Message::Forgotten => {}
    }
}
