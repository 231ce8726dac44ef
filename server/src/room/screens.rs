//! What a room does about the screens that show it.

use attune_protocol::ids::{Millis, SecretHash};
use attune_protocol::server::CloseCode;
use std::sync::Arc;

use super::Room;
use crate::rooms::Connection;
use crate::screens::Watching;
use crate::session::Input;

impl Room {
    /// A screen wants to show the session.
    pub(super) async fn watch(&mut self, secret: SecretHash) -> Result<Watching, CloseCode> {
        // What was due comes first, and another server may have changed the log.
        if self.settle(Input::Elapse).await.is_err() {
            return Err(CloseCode::Busy);
        }
        self.session.watches(&secret)?;
        if !self.screens.may_come(secret, self.rooms.limits.screens, self.rooms.transport.now()) {
            return Err(CloseCode::Busy);
        }
        let connection = self.rooms.number_connection();
        let news = self.screens.add(secret, connection)?;
        self.screens.show(&self.session, self.waiting.code());
        self.count_screens(self.rooms.limits.screen_gone_after);
        let clock = Arc::clone(&self.clock);
        Ok(Watching { connection, mailbox: self.mailbox.clone(), news, clock })
    }

    pub(super) fn stop_watching(&mut self, connection: Connection) {
        if self.screens.remove(connection) {
            self.count_screens(self.rooms.limits.screen_gone_after);
        }
    }

    /// After each change: nothing is shown by a link that holds no more.
    pub(super) fn end_screens(&mut self) {
        let session = &self.session;
        let ended = self.screens.end(CloseCode::Removed, |secret| session.has_display(secret));
        let is_owed = self.screens.tells_at().is_some() && !session.has_display_link();
        // A link that has ended shows nothing any more, whatever was told while its screens came and went.
        if ended || is_owed {
            self.count_screens(Millis(0));
        }
    }

    /// Everyone is told how many screens there are, with the next view; of fewer when that has been so for a while.
    fn count_screens(&mut self, patience: Millis) {
        let now = self.rooms.transport.now();
        if let Some(count) = self.screens.tell(now, patience) {
            self.frames.show_screens(count);
            self.show.set_by(now + self.rooms.limits.view_gap);
        }
        self.look_at_screens_again();
    }

    /// Before everything is shown: whether there are still fewer screens than everyone was told of.
    pub(super) fn recount_screens(&mut self) {
        if self.screens.tells_at().is_some_and(|at| at <= self.rooms.transport.now())
            && let Some(count) = self.screens.tell(self.rooms.transport.now(), Millis(0))
        {
            self.frames.show_screens(count);
        }
        self.look_at_screens_again();
    }

    fn look_at_screens_again(&mut self) {
        if let Some(at) = self.screens.tells_at() {
            self.show.set_by(at);
        }
    }
}
