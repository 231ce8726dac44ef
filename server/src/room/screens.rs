//! What a room does about the screens that show it.

use attune_protocol::ids::SecretHash;
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
        let connection = self.rooms.number_connection();
        let news = self.screens.add(secret, connection)?;
        self.screens.show(&self.session, self.waiting.code());
        self.screens_changed();
        let clock = Arc::clone(&self.clock);
        Ok(Watching { connection, mailbox: self.mailbox.clone(), news, clock })
    }

    pub(super) fn stop_watching(&mut self, connection: Connection) {
        if self.screens.remove(connection) {
            self.screens_changed();
        }
    }

    /// After each change: nothing is shown by a link that holds no more.
    pub(super) fn end_screens(&mut self) {
        let session = &self.session;
        if self.screens.end(CloseCode::Removed, |secret| session.has_display(secret)) {
            self.screens_changed();
        }
    }

    /// Everyone is told how many screens there are, with the next view.
    fn screens_changed(&mut self) {
        self.frames.show_screens(self.screens.count());
        self.show.set_by(self.rooms.transport.now() + self.rooms.limits.view_gap);
    }
}
