//! Which screens show a session: in the room's memory only, and gone with it.

use attune_protocol::display::{DisplayStage, DisplayView, MOST_SCREENS};
use attune_protocol::door::CodeView;
use attune_protocol::ids::{Millis, SecretHash, Timestamp};
use attune_protocol::server::{CloseCode, ServerMessage};
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::mpsc;

use crate::limits::{Bucket, Rate};
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
    /// The link that sockets came with last, and how many have.
    comings: Option<(SecretHash, Bucket)>,
    told: Told,
}

/// How many screens everyone is told of. More are told at once; fewer only when none has come back for a while, so that
/// a screen whose network comes and goes, or whose holder plays with it, is news once.
#[derive(Debug, Default)]
struct Told {
    count: u16,
    /// When fewer are told, while there are fewer.
    fewer_at: Option<Timestamp>,
}

impl Told {
    /// There are so many now. Answers that number when it is to be told.
    fn follow(&mut self, count: u16, now: Timestamp, patience: Millis) -> Option<u16> {
        if count >= self.count {
            self.fewer_at = None;
        } else {
            let at = self.fewer_at.map_or(now + patience, |at| at.min(now + patience));
            self.fewer_at = Some(at);
            if at > now {
                return None;
            }
        }
        self.fewer_at = None;
        (std::mem::replace(&mut self.count, count) != count).then_some(count)
    }
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

    /// The number of screens, when everyone is to be told of it now; once fewer have been there for `patience`.
    pub(crate) fn tell(&mut self, now: Timestamp, patience: Millis) -> Option<u16> {
        let count = u16::try_from(self.screens.len()).unwrap_or(u16::MAX);
        self.told.follow(count, now, patience)
    }

    /// When to look again whether there are still fewer than everyone was told of.
    pub(crate) fn tells_at(&self) -> Option<Timestamp> {
        self.told.fewer_at
    }

    /// Whether one more socket may come with this link now.
    pub(crate) fn may_come(&mut self, secret: SecretHash, rate: Rate, now: Timestamp) -> bool {
        let comings = self.comings.take().filter(|(known, _)| *known == secret);
        let (_, bucket) = self.comings.insert(comings.unwrap_or((secret, Bucket::default())));
        bucket.take(rate, 1, now)
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

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Millis = Millis::seconds(60);

    #[test]
    fn t11_display_7_a_screen_that_comes_and_goes_is_told_once() {
        let (mut told, start) = (Told::default(), Timestamp(1_000_000));
        assert_eq!(told.follow(1, start, PATIENCE), Some(1), "at once");
        for flap in 0..100 {
            let now = start + Millis::seconds(flap * 90);
            assert_eq!(told.follow(0, now, PATIENCE), None);
            assert_eq!(told.follow(0, now + Millis::seconds(59), PATIENCE), None);
            assert_eq!(told.follow(1, now + Millis::seconds(59), PATIENCE), None);
        }
        let gone = start + Millis::seconds(20_000);
        assert_eq!(told.follow(0, gone, PATIENCE), None);
        assert_eq!(told.fewer_at, Some(gone + PATIENCE));
        assert_eq!(told.follow(2, gone + Millis(1), PATIENCE), Some(2), "more are told at once");
        assert_eq!(told.follow(1, gone + Millis(2), PATIENCE), None);
        assert_eq!(told.follow(0, gone + PATIENCE, PATIENCE), None, "of both since the first went");
        assert_eq!(told.follow(0, gone + PATIENCE + Millis(2), PATIENCE), Some(0));
        assert_eq!((told.follow(0, gone + PATIENCE + PATIENCE, PATIENCE), told.fewer_at), (None, None));
        assert_eq!(told.follow(1, gone + Millis::hours(1), PATIENCE), Some(1));
        assert_eq!(told.follow(0, gone + Millis::hours(1), Millis(0)), Some(0), "a link that has ended");
    }

    #[test]
    fn t11_display_16_a_link_has_so_many_sockets_a_minute_and_a_new_one_its_own() {
        let (mut screens, now) = (Screens::default(), Timestamp(1_000_000));
        let rate = crate::limits::Limits::default().screens;
        let link = |number| SecretHash::from_bytes([number; 32]);
        let taken = (0..100).filter(|_| screens.may_come(link(1), rate, now)).count();
        assert_eq!(taken, 12);
        assert!(screens.may_come(link(1), rate, now + Millis::seconds(10)));
        assert!(!screens.may_come(link(1), rate, now + Millis::seconds(10)));
        assert!(screens.may_come(link(2), rate, now + Millis::seconds(10)));
    }
}
