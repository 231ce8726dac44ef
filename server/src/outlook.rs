//! What the sockets of a session are shown: bytes that are written once for each audience and change.

use attune_protocol::ids::{Revision, SeatNumber, SessionId, Timestamp};
use attune_protocol::server::{CloseCode, ServerMessage, Texts};
use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};

use crate::session::{Audience, Session};

/// The newest that one socket is to show. A slow one skips what came between.
#[derive(Debug, Clone)]
pub(crate) struct Outlook {
    /// The newest event in the view.
    pub(crate) revision: Revision,
    /// The newest event's time, below which server time does not go.
    pub(crate) newest_at: Timestamp,
    /// The view's frame.
    pub(crate) view: Bytes,
    /// The texts' frame and the number of their version, for those who may open them.
    pub(crate) texts: Option<(u64, Bytes)>,
    /// The socket is to be closed with this.
    pub(crate) closing: Option<CloseCode>,
}

/// Frames of a session at one revision.
#[derive(Debug)]
pub(crate) struct Frames {
    views: BTreeMap<Audience, Bytes>,
    texts: Texts,
    texts_version: u64,
    texts_frame: Bytes,
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
    pub(crate) fn welcome(&self, session: &Session, id: SessionId, seat: SeatNumber) -> Bytes {
        let audience = session.audience(seat);
        let texts = if audience == Audience::Newcomers { Texts::default() } else { session.texts() };
        let (revision, view) = (session.revision(), session.view(audience));
        write(&ServerMessage::Welcome { session: id, seat, revision, view, texts })
    }
}

fn write_texts(session: &Session, texts: &Texts) -> Bytes {
    write(&ServerMessage::Texts { revision: session.revision(), texts: texts.clone() })
}

/// First byte of a frame that is a whole text message.
const WHOLE_TEXT: u8 = 0x81;
/// Longest length that stands in a frame's second byte; 126 and 127 say that two or eight bytes of length follow.
const SHORT: usize = 125;

/// A frame of the server, header and all: the sockets of an audience share its bytes and keep no copy of them.
pub(crate) fn write(message: &ServerMessage) -> Bytes {
    // Maps of the wire have words as keys and nothing in it writes by hand, so writing cannot fail.
    #[expect(clippy::expect_used, reason = "see the line above; the protocol's examples write every message")]
    let text = serde_json::to_vec(message).expect("a message can be written");
    let mut frame = Vec::with_capacity(10 + text.len());
    frame.push(WHOLE_TEXT);
    match (u8::try_from(text.len()), u16::try_from(text.len())) {
        (Ok(length), _) if text.len() <= SHORT => frame.push(length),
        (_, Ok(length)) => {
            frame.push(126);
            frame.extend(length.to_be_bytes());
        }
        (_, Err(_)) => {
            frame.push(127);
            frame.extend((text.len() as u64).to_be_bytes());
        }
    }
    frame.extend(text);
    frame.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use attune_protocol::ids::SeatNumber;
    use attune_protocol::sealed::Sealed;
    use attune_protocol::server::SealedName;
    use std::io::Cursor;
    use tokio_tungstenite::tungstenite::Message;
    use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket};

    fn texts(names: u16) -> ServerMessage {
        let name = Sealed::try_from("A".repeat(284)).expect("is sealed");
        let name = |seat| SealedName { seat: SeatNumber(seat), name: name.clone() };
        ServerMessage::Texts {
            revision: Revision(1),
            texts: Texts { names: (0..names).map(name).collect(), invite: None },
        }
    }

    #[test]
    fn view_10_a_frame_of_every_length_is_read_as_it_was_written() {
        let short = ServerMessage::Pong { sent: 0.0, now: Timestamp(1) };
        for message in [short, texts(0), texts(1), texts(20), texts(240)] {
            let stream = Cursor::new(write(&message).to_vec());
            let read = WebSocket::from_raw_socket(stream, Role::Client, None).read().expect("is a frame");
            assert_eq!(read, Message::text(serde_json::to_string(&message).expect("can be written")));
        }
    }
}
