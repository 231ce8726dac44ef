//! What the sockets of a session are shown: bytes that are written once for each audience and change.

use attune_protocol::ids::{Revision, SeatNumber, SessionId, Timestamp};
use attune_protocol::server::{CloseCode, ServerMessage, Texts};
use std::collections::{BTreeMap, BTreeSet};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::session::{Audience, Session};

/// The newest that one socket is to show. A slow one skips what came between.
#[derive(Debug, Clone)]
pub(crate) struct Outlook {
    /// The newest event in the view.
    pub(crate) revision: Revision,
    /// The newest event's time, below which server time does not go.
    pub(crate) newest_at: Timestamp,
    /// The view's frame.
    pub(crate) view: Utf8Bytes,
    /// The texts' frame and the number of their version, for those who may open them.
    pub(crate) texts: Option<(u64, Utf8Bytes)>,
    /// The socket is to be closed with this.
    pub(crate) closing: Option<CloseCode>,
}

/// Frames of a session at one revision.
#[derive(Debug)]
pub(crate) struct Frames {
    views: BTreeMap<Audience, Utf8Bytes>,
    texts: Texts,
    texts_version: u64,
    texts_frame: Utf8Bytes,
    /// Whose sockets were shown no texts.
    newcomers: BTreeSet<SeatNumber>,
}

impl Frames {
    /// Nothing is written yet.
    pub(crate) fn new(session: &Session) -> Self {
        let texts = session.texts();
        let texts_frame = write_texts(session, &texts);
        Self { views: BTreeMap::new(), texts, texts_version: 0, texts_frame, newcomers: BTreeSet::new() }
    }

    /// The session has changed: views are written anew when they are next asked for.
    pub(crate) fn refresh(&mut self, session: &Session) {
        self.views.clear();
        let texts = session.texts();
        if texts != self.texts {
            self.texts_frame = write_texts(session, &texts);
            self.texts = texts;
            self.texts_version += 1;
        }
    }

    /// What a seat is shown now.
    pub(crate) fn outlook(&mut self, session: &Session, seat: SeatNumber) -> Outlook {
        let audience = session.audience(seat);
        if audience == Audience::Newcomers {
            self.newcomers.insert(seat);
        } else if self.newcomers.remove(&seat) {
            // Its welcome was newer than the texts, and whoever has a newer revision ignores an older one.
            self.texts_frame = write_texts(session, &self.texts);
        }
        let view = self.views.entry(audience).or_insert_with(|| {
            write(&ServerMessage::View { revision: session.revision(), view: session.view(audience) })
        });
        Outlook {
            revision: session.revision(),
            newest_at: session.newest_at(),
            view: view.clone(),
            texts: (audience != Audience::Newcomers).then(|| (self.texts_version, self.texts_frame.clone())),
            closing: None,
        }
    }

    /// The first frame that a seat gets.
    pub(crate) fn welcome(&self, session: &Session, id: SessionId, seat: SeatNumber) -> Utf8Bytes {
        let audience = session.audience(seat);
        let texts = if audience == Audience::Newcomers { Texts::default() } else { session.texts() };
        let (revision, view) = (session.revision(), session.view(audience));
        write(&ServerMessage::Welcome { session: id, seat, revision, view, texts })
    }
}

fn write_texts(session: &Session, texts: &Texts) -> Utf8Bytes {
    write(&ServerMessage::Texts { revision: session.revision(), texts: texts.clone() })
}

/// A frame of the server.
pub(crate) fn write(message: &ServerMessage) -> Utf8Bytes {
    // Maps of the wire have words as keys and nothing in it writes by hand, so writing cannot fail.
    #[expect(clippy::expect_used, reason = "see the line above; the protocol's examples write every message")]
    serde_json::to_string(message).expect("a message can be written").into()
}
