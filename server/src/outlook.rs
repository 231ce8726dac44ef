//! What the sockets of a session are shown: bytes that are written once for each audience and change.

use attune_protocol::door::DoorView;
use attune_protocol::ids::{Revision, SeatNumber, SessionId, Timestamp};
use attune_protocol::moving::MovingView;
use attune_protocol::server::{CloseCode, ServerMessage};
use attune_protocol::version::Version;
use bytes::Bytes;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::session::{Audience, Session};

/// What one socket is to do. A slow one skips what came between.
#[derive(Debug)]
pub(crate) enum News {
    /// Show this.
    Outlook(Sight),
    /// Show this, the last there is, and close as ended.
    Last(Sight),
    /// Show nothing more, and close.
    Close(CloseCode),
}

/// The newest that one seat is shown.
#[derive(Debug, Clone)]
pub(crate) struct Sight {
    /// What its whole audience is shown.
    pub(crate) outlook: Arc<Outlook>,
    /// What it alone is shown: the frame, and the event that last changed it.
    pub(crate) private: Option<(Revision, Bytes)>,
    /// How it stands with its going on elsewhere, with a number that grows at each change.
    pub(crate) moving: Option<(u64, Bytes)>,
}

/// The newest that an audience is shown.
#[derive(Debug)]
pub(crate) struct Outlook {
    /// The newest event in the view.
    pub(crate) revision: Revision,
    /// The newest event's time, below which server time does not go.
    pub(crate) newest_at: Timestamp,
    /// The view's frame.
    pub(crate) view: Bytes,
    /// The texts' frame and the event that they are from, for those who may open them.
    pub(crate) texts: Option<(Revision, Bytes)>,
    /// Who waits at the door, with a number that grows at each change, for whoever steers.
    pub(crate) door: Option<(u64, Bytes)>,
    /// How many screens there are, with a number that grows at each change.
    pub(crate) screens: Option<(u64, Bytes)>,
}

/// Frames of a session at one revision.
#[derive(Debug)]
pub(crate) struct Frames {
    /// None where pages of that version cannot show the session.
    outlooks: BTreeMap<(Version, Audience), Option<Arc<Outlook>>>,
    texts_from: Revision,
    texts_frame: Bytes,
    door: Option<(u64, Bytes)>,
    screens: Option<(u64, Bytes)>,
    /// Whose sockets were shown no texts.
    newcomers: BTreeSet<SeatNumber>,
    /// What single seats are shown, and the event that last changed it.
    private: BTreeMap<SeatNumber, (Revision, Bytes)>,
    /// What single seats are told of their going on elsewhere.
    moving: BTreeMap<SeatNumber, (u64, MovingView, Bytes)>,
}

impl Frames {
    /// Nothing is written yet.
    pub(crate) fn new(session: &Session) -> Self {
        let (texts_from, texts_frame) = (session.texts_from(), write_texts(session));
        let (newcomers, private) = (BTreeSet::new(), BTreeMap::new());
        let (door, screens) = (None, None);
        Self {
            outlooks: BTreeMap::new(),
            texts_from,
            texts_frame,
            door,
            screens,
            newcomers,
            private,
            moving: BTreeMap::new(),
        }
    }

    /// The session has changed: views are written anew when they are next asked for.
    pub(crate) fn refresh(&mut self, session: &Session) {
        self.outlooks.clear();
        if session.texts_from() != self.texts_from {
            self.texts_from = session.texts_from();
            self.texts_frame = write_texts(session);
        }
    }

    /// Who waits at the door has changed. Until somebody has ever waited nothing is written of it.
    pub(crate) fn show_door(&mut self, door: Option<DoorView>) {
        if door.is_some() || self.door.is_some() {
            let number = self.door.as_ref().map_or(1, |(number, _)| number + 1);
            let door = door.unwrap_or_default();
            self.door = Some((number, write(&ServerMessage::Door { door })));
            self.outlooks.clear();
        }
    }

    /// How many screens show the session has changed. Until there ever was one nothing is written of it.
    pub(crate) fn show_screens(&mut self, count: u16) {
        let number = self.screens.as_ref().map_or(1, |(number, _)| number + 1);
        self.screens = Some((number, write(&ServerMessage::Screens { count })));
        self.outlooks.clear();
    }

    /// What a seat is shown now; none where a page of that version cannot show the session.
    pub(crate) fn sight(&mut self, session: &Session, seat: SeatNumber, version: Version) -> Option<Sight> {
        let outlook = self.outlook(session, seat, version)?;
        let moving = self.moving.get(&seat).filter(|_| version.knows_other_devices());
        let moving = moving.map(|(number, _, frame)| (*number, frame.clone()));
        Some(Sight { outlook, private: self.private(session, seat), moving })
    }

    /// How it stands with a seat's going on elsewhere. Until it ever was under way nothing is written of it.
    pub(crate) fn show_moving(&mut self, seat: SeatNumber, moving: MovingView) {
        let known = self.moving.get(&seat);
        let before = known.map(|(_, before, _)| before.clone()).unwrap_or_default();
        if before != moving {
            let number = known.map_or(1, |(number, ..)| number + 1);
            let frame = write(&ServerMessage::Moving { moving: moving.clone() });
            self.moving.insert(seat, (number, moving, frame));
        }
    }

    /// Who was ever told of going on elsewhere.
    pub(crate) fn told_of_moving(&self) -> Vec<SeatNumber> {
        self.moving.keys().copied().collect()
    }

    fn private(&mut self, session: &Session, seat: SeatNumber) -> Option<(Revision, Bytes)> {
        let revision = session.private_from(seat)?;
        let known = self.private.get(&seat).filter(|(from, _)| *from == revision);
        if known.is_none() {
            let frame = write(&ServerMessage::Private { revision, private: session.private(seat) });
            self.private.insert(seat, (revision, frame));
        }
        self.private.get(&seat).cloned()
    }

    /// What a seat's audience is shown now.
    fn outlook(&mut self, session: &Session, seat: SeatNumber, version: Version) -> Option<Arc<Outlook>> {
        let audience = session.audience(seat);
        if audience == Audience::Newcomers {
            self.newcomers.insert(seat);
        } else if self.newcomers.remove(&seat) {
            // Its welcome was newer than the texts, and whoever has a newer revision ignores an older one.
            self.texts_frame = write_texts(session);
            self.outlooks.clear();
        }
        let audience = match audience {
            Audience::Steering if !session.steering_sees_more() && self.door.is_none() => Audience::Members,
            audience => audience,
        };
        let texts = (self.texts_from, &self.texts_frame);
        let door = self.door.as_ref().filter(|_| audience == Audience::Steering);
        let screens = self.screens.as_ref().filter(|_| version.knows_other_devices());
        self.outlooks
            .entry((version, audience))
            .or_insert_with(|| write_outlook(session, (version, audience), texts, [door, screens]))
            .clone()
    }

    /// The first frame that a seat gets; none where a page of that version cannot show the session. Many come at once
    /// after a restart: view and texts are those of the frames that the whole audience is shown, not written anew.
    pub(crate) fn welcome(
        &mut self,
        session: &Session,
        id: SessionId,
        seat: SeatNumber,
        version: Version,
    ) -> Option<Bytes> {
        let outlook = self.outlook(session, seat, version)?;
        let head = Head { kind: "welcome", session: id, seat, revision: outlook.revision };
        let private = session.private(seat);
        Some(write_frame(|frame| {
            serde_json::to_writer(&mut *frame, &head)?;
            put_field(frame, "view", last_field(&outlook.view, "view"));
            match &outlook.texts {
                Some((_, texts)) => put_field(frame, "texts", last_field(texts, "texts")),
                None => {
                    put_field(frame, "texts", &serde_json::to_vec(&session.texts_for(Audience::Newcomers))?)
                }
            }
            if !private.is_empty() {
                put_field(frame, "private", &serde_json::to_vec(&private)?);
            }
            Ok(())
        }))
    }
}

/// What a welcome begins with.
#[derive(Serialize)]
struct Head {
    #[serde(rename = "type")]
    kind: &'static str,
    session: SessionId,
    seat: SeatNumber,
    revision: Revision,
}

/// The value of a message's last field, as it stands in the message's frame.
fn last_field<'f>(frame: &'f [u8], name: &str) -> &'f [u8] {
    let key = format!(",\"{name}\":");
    let begin = frame.windows(key.len()).position(|bytes| bytes == key.as_bytes());
    // Before the brace that ends the message.
    begin.and_then(|begin| frame.get(begin + key.len()..frame.len() - 1)).unwrap_or_default()
}

/// Puts one more field at the end of an object.
fn put_field(object: &mut Vec<u8>, name: &str, value: &[u8]) {
    object.pop();
    for piece in [b",\"", name.as_bytes(), b"\":", value, b"}"] {
        object.extend_from_slice(piece);
    }
}

fn write_outlook(
    session: &Session,
    (version, audience): (Version, Audience),
    texts: (Revision, &Bytes),
    [door, screens]: [Option<&(u64, Bytes)>; 2],
) -> Option<Arc<Outlook>> {
    let revision = session.revision();
    let view = version.message(ServerMessage::View { revision, view: session.view(audience) })?;
    Some(Arc::new(Outlook {
        revision,
        newest_at: session.newest_at(),
        view: write(&view),
        texts: (audience != Audience::Newcomers).then(|| (texts.0, texts.1.clone())),
        door: door.cloned(),
        screens: screens.cloned(),
    }))
}

fn write_texts(session: &Session) -> Bytes {
    write(&ServerMessage::Texts { revision: session.revision(), texts: session.texts() })
}

/// First byte of a frame that is a whole text message.
const WHOLE_TEXT: u8 = 0x81;
/// Longest header of a frame without a mask: the first byte, the length's first byte, eight more of length.
const LONGEST_HEADER: usize = 10;
/// Longest length that stands in a frame's second byte; 126 and 127 say that two or eight bytes of length follow.
const SHORT: usize = 125;
/// Room for the view of a usual group, so that its frame is not moved while it grows.
const USUAL_FRAME: usize = 3 * 1024;

/// A frame of the server, header and all: the sockets of an audience share its bytes and keep no copy of them.
pub(crate) fn write(message: &ServerMessage) -> Bytes {
    write_frame(|frame| serde_json::to_writer(frame, message))
}

fn write_frame(put_text: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<()>) -> Bytes {
    let mut frame = Vec::with_capacity(USUAL_FRAME);
    // The header's length is known when the text is: it is put before the text, at the end of the room for it.
    frame.resize(LONGEST_HEADER, 0);
    // Maps of the wire have words as keys and nothing in it writes by hand, so writing cannot fail.
    #[expect(
        clippy::expect_used,
        reason = "see the line above; the protocol's examples write every message"
    )]
    put_text(&mut frame).expect("a message can be written");
    let length = frame.len() - LONGEST_HEADER;
    let begin = match u16::try_from(length).map(u16::to_be_bytes) {
        Ok([_, low]) if length <= SHORT => put_header(&mut frame, &[WHOLE_TEXT, low]),
        Ok([high, low]) => put_header(&mut frame, &[WHOLE_TEXT, 126, high, low]),
        Err(_) => {
            let mut header = [WHOLE_TEXT, 127, 0, 0, 0, 0, 0, 0, 0, 0];
            header[2..].copy_from_slice(&(length as u64).to_be_bytes());
            put_header(&mut frame, &header)
        }
    };
    // Rooms keep what they show, and most frames are far shorter than a view.
    if frame.len() < USUAL_FRAME / 2 {
        frame.shrink_to_fit();
    }
    Bytes::from(frame).slice(begin..)
}

/// Puts a header right before the text, and answers where it begins.
fn put_header(frame: &mut [u8], header: &[u8]) -> usize {
    let begin = LONGEST_HEADER - header.len();
    frame[begin..LONGEST_HEADER].copy_from_slice(header);
    begin
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::laws::script::logs;
    use attune_protocol::ids::SeatNumber;
    use attune_protocol::sealed::Sealed;
    use attune_protocol::server::{SealedName, Texts};
    use std::io::Cursor;
    use tokio_tungstenite::tungstenite::Message;
    use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket};

    fn texts(names: u16) -> ServerMessage {
        let name = Sealed::try_from("A".repeat(284)).expect("is sealed");
        let name = |seat| SealedName { seat: SeatNumber(seat), name: name.clone() };
        ServerMessage::Texts {
            revision: Revision(1),
            texts: Texts { names: (0..names).map(name).collect(), ..Texts::default() },
        }
    }

    #[test]
    fn view_10_a_welcome_of_what_is_written_already_reads_as_one_that_is_written_whole() {
        let id = SessionId::from_bytes([1; 16]);
        let mut kinds = BTreeSet::new();
        for log in logs(0..24) {
            let ends = (1..=log.len()).filter(|end| end % 16 == 0 || *end == log.len());
            let mut states = ends.filter_map(|end| Session::rebuild(log[..end].iter().cloned())).peekable();
            let mut frames = Frames::new(states.peek().expect("a log has a beginning"));
            for session in states {
                frames.refresh(&session);
                for seat in session.connected() {
                    for version in [Version::Former, Version::Current] {
                        let (audience, revision) = (session.audience(seat), session.revision());
                        let (texts, private) = (session.texts_for(audience), session.private(seat));
                        kinds.insert((version, audience, private.is_empty()));
                        let view = session.view(audience);
                        let whole =
                            ServerMessage::Welcome { session: id, seat, revision, view, texts, private };
                        let whole = version.message(whole).map(|whole| write(&whole));
                        assert_eq!(frames.welcome(&session, id, seat, version), whole);
                    }
                }
            }
        }
        // Newcomers have nothing of their own in these.
        assert_eq!(kinds.len(), 10, "every kind of welcome is among them: {kinds:?}");
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
