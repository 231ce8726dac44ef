//! How events are written down: versioned JSON bodies, which every later version of the server can read.

use attune_protocol::ids::{Millis, SessionId, Timestamp};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::fmt;

use crate::session::{Event, Session};
use crate::store::{Append, AppendError, Loaded, Store, StoreError};

/// The version that is written. A change of [`Event`] that old bodies do not fit gets the next one.
const VERSION: u16 = 1;

/// A body as it is written.
#[derive(Serialize)]
struct Body<'a> {
    v: u16,
    event: &'a Event,
}

/// A body of version 1.
#[derive(Deserialize)]
struct BodyV1 {
    v: u16,
    event: Event,
}

/// A body that this server cannot read: damaged, or written by a newer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a stored event cannot be read by this version")
    }
}

impl std::error::Error for Unreadable {}

/// The body of an event.
pub fn write(event: &Event) -> Bytes {
    // An event holds words, numbers and lists only, so writing it cannot fail.
    #[expect(clippy::expect_used, reason = "see the line above; the golden examples write every kind")]
    serde_json::to_vec(&Body { v: VERSION, event }).expect("an event can be written").into()
}

/// The event of a body of any version so far.
///
/// # Errors
/// The body is damaged or newer than this server.
pub fn read(body: &[u8]) -> Result<Event, Unreadable> {
    // In one pass: after a restart this is a good part of what there is to do.
    match serde_json::from_slice(body) {
        Ok(BodyV1 { v: 1, event }) => Ok(event),
        _ => Err(Unreadable),
    }
}

/// Loads a session. `None` when there is none, or none any more.
///
/// # Errors
/// The store does not answer, or holds what cannot be read (`Down`).
pub(crate) async fn load(store: &dyn Store, id: SessionId) -> Result<Option<Session>, StoreError> {
    let bodies = match store.load(id).await? {
        Loaded::Events(bodies) => bodies,
        Loaded::Gone | Loaded::Absent => return Ok(None),
    };
    let events: Result<Vec<Event>, Unreadable> = bodies.iter().map(|body| read(body)).collect();
    let session = events.ok().and_then(Session::rebuild);
    if session.is_none() {
        tracing::error!(kind = "store_fault", "a stored session cannot be read");
    }
    session.map(Some).ok_or(StoreError::Down)
}

/// Until when the store keeps a session: to the full minute after it expires, so that not every act of a meeting
/// writes a new moment, which costs as much as the act itself.
fn until(Timestamp(expires_at): Timestamp) -> Timestamp {
    const MINUTE: i64 = Millis::minutes(1).0;
    let over = expires_at.rem_euclid(MINUTE);
    Timestamp(expires_at) + Millis(if over == 0 { 0 } else { MINUTE - over })
}

/// Stores the events that lead from one state of a session to the next.
///
/// # Errors
/// See [`AppendError`].
pub(crate) async fn append(
    store: &dyn Store,
    id: SessionId,
    before: &Session,
    events: &[Event],
    after: &Session,
) -> Result<(), AppendError> {
    let events = events.iter().map(write).collect();
    let append =
        Append { session: id, after: before.revision(), events, expires_at: until(after.expires_at()) };
    store.append(append).await.map(drop)
}

/// Stores the first event of a session.
///
/// # Errors
/// See [`AppendError`].
pub(crate) async fn create(
    store: &dyn Store,
    id: SessionId,
    first: &Event,
    session: &Session,
) -> Result<(), AppendError> {
    let after = attune_protocol::ids::Revision(0);
    let append =
        Append { session: id, after, events: vec![write(first)], expires_at: until(session.expires_at()) };
    store.append(append).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::EventKind;
    use std::collections::BTreeSet;

    /// Bodies as version 1 wrote them, each kind at least once. Lines are added for new kinds and never changed:
    /// there are databases that hold the like.
    const VERSION_1: &str = include_str!("golden/events-1.jsonl");

    #[test]
    fn keep_24_a_session_is_kept_to_the_full_minute() {
        let minute = 60_000;
        for (expires, kept) in
            [(0, 0), (1, minute), (minute - 1, minute), (minute, minute), (minute + 1, 2 * minute)]
        {
            assert_eq!(until(Timestamp(expires)), Timestamp(kept));
        }
    }

    #[test]
    fn an_old_database_opens_after_an_upgrade() {
        for line in VERSION_1.lines() {
            let event = read(line.as_bytes()).unwrap_or_else(|_| panic!("cannot be read any more: {line}"));
            assert_eq!(String::from_utf8_lossy(&write(&event)), line);
        }
    }

    #[test]
    fn every_kind_of_event_has_a_golden_example() {
        let types = VERSION_1.lines().map(|line| {
            let body: serde_json::Value = serde_json::from_str(line).expect("is JSON");
            body["event"]["what"]["type"].as_str().expect("has a type").to_owned()
        });
        let golden: BTreeSet<String> = types.collect();
        // The reader's complaint about an unknown kind lists those that it knows.
        let complaint =
            serde_json::from_str::<EventKind>(r#"{"type":"?"}"#).expect_err("there is no such kind");
        let known: BTreeSet<String> =
            complaint.to_string().split('`').skip(3).step_by(2).map(str::to_owned).collect();
        assert!(known.len() > 20, "the complaint has another form now: {complaint}");
        assert_eq!(golden, known);
    }

    #[test]
    fn t36_a_damaged_or_newer_body_is_refused() {
        let good = VERSION_1.lines().last().expect("there are lines");
        for bad in
            ["", "{}", "null", &good[1..], &good.replace(":1,", ":2,"), &good.replace("closed", "opened")]
        {
            assert_eq!(read(bad.as_bytes()), Err(Unreadable), "{bad}");
        }
    }
}
