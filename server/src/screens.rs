//! Which screens show a session: in the room's memory only, and gone with it.

use attune_protocol::display::{DisplayStage, DisplayView, MOST_SCREENS};
use attune_protocol::door::CodeView;
use attune_protocol::ids::{SecretHash, Timestamp};
use attune_protocol::server::{CloseCode, ServerMessage};
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::mpsc;

use crate::outlook::write;
use crate::rooms::{Connection, Message, tell_gone};
use crate::session::Session;
use crate::session_clock::SessionClock;
use crate::slot::{Putter, Taker, slot};

/// What a screen's socket is to do.
#[derive(Debug)]
pub(crate) enum ScreenNews {
    /// Show this, and tell no time before the newest event's.
    Show(Bytes, Timestamp),
    /// Close.
    Close(CloseCode),
}

/// A screen's place in a room. Dropping it tells the room that the screen is gone.
pub(crate) struct Watching {
    pub(crate) connection: Connection,
    pub(crate) mailbox: mpsc::Sender<Message>,
    pub(crate) news: Taker<ScreenNews>,
    pub(crate) clock: Arc<SessionClock>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        tell_gone(&self.mailbox, Message::StoppedWatching { connection: self.connection });
    }
}

struct Screen {
    secret: SecretHash,
    connection: Connection,
    news: Putter<ScreenNews>,
}

/// All screens of one session, and what they show.
#[derive(Default)]
pub(crate) struct Screens {
    screens: Vec<Screen>,
    shown: Option<Shown>,
}

struct Shown {
    display: DisplayView,
    frame: Bytes,
    newest_at: Timestamp,
}

impl Screens {
    /// Whether no screen shows anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.screens.is_empty()
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u16 {
        u16::try_from(self.screens.len()).unwrap_or(u16::MAX)
    }

    /// A screen comes, if there is room for one.
    pub(crate) fn add(
        &mut self,
        secret: SecretHash,
        connection: Connection,
    ) -> Result<Taker<ScreenNews>, CloseCode> {
        if self.screens.len() >= MOST_SCREENS {
            return Err(CloseCode::Busy);
        }
        let (news, taker) = slot();
        if let Some(Shown { frame, newest_at, .. }) = &self.shown {
            news.put(ScreenNews::Show(frame.clone(), *newest_at));
        }
        self.screens.push(Screen { secret, connection, news });
        Ok(taker)
    }

    /// A screen is gone. Whether it was still there.
    pub(crate) fn remove(&mut self, connection: Connection) -> bool {
        let before = self.screens.len();
        self.screens.retain(|screen| screen.connection != connection);
        self.screens.len() != before
    }

    /// Shows the session as it is, where that is anything new. What concerns only people is not: a screen that is told
    /// nothing tells nothing of it either, not even that something happened.
    pub(crate) fn show(&mut self, session: &Session, code: Option<&CodeView>) {
        if self.screens.is_empty() {
            self.shown = None;
            return;
        }
        let display = with_code(session.display_view(), code);
        if self.shown.as_ref().is_some_and(|shown| shown.display == display) {
            return;
        }
        let (revision, newest_at) = (session.revision(), session.newest_at());
        let frame = write(&ServerMessage::Display { revision, display: display.clone() });
        for screen in &self.screens {
            screen.news.put(ScreenNews::Show(frame.clone(), newest_at));
        }
        self.shown = Some(Shown { display, frame, newest_at });
    }

    /// Ends every screen whose link holds no more. Whether there was one.
    pub(crate) fn end(&mut self, code: CloseCode, holds: impl Fn(&SecretHash) -> bool) -> bool {
        let before = self.screens.len();
        self.screens.retain(|screen| {
            let stays = holds(&screen.secret);
            if !stays {
                screen.news.put(ScreenNews::Close(code));
            }
            stays
        });
        self.screens.len() != before
    }
}

fn with_code(mut display: DisplayView, code: Option<&CodeView>) -> DisplayView {
    if let DisplayStage::Lobby { joining: Some(joining), .. } = &mut display.stage {
        joining.code = code.cloned();
    }
    display
}
