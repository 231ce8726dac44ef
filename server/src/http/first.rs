//! The first frame of a socket: who wants what, and with which right.

use attune_protocol::client::FirstMessage;
use attune_protocol::ids::{Millis, Timestamp};
use attune_protocol::server::CloseCode;
use attune_protocol::version::Version;
use serde::Deserialize;
use std::sync::Arc;

use super::addresses::{Place, Tier};
use super::json::{Shape, shape_of};
use crate::door::{AtDoor, Right};
use crate::limits::Limits;
use crate::rooms::{Credentials, Entered, NewSession, Rooms};
use crate::screens::Watching;
use crate::secret::{hash_display, hash_invite, hash_token};

/// How far ahead a meeting may be planned.
const FURTHEST_PLAN: Millis = Millis::hours(366 * 24);

/// Where a first frame leads.
pub(crate) enum Arrival {
    /// To a seat.
    In(Entered),
    /// To the door, until a person opens it.
    AtDoor(AtDoor),
    /// To a screen on the wall.
    Watching(Watching),
}

/// A first frame that was not let in.
pub(crate) struct TurnedAway {
    /// Why, as it is told.
    pub(crate) code: CloseCode,
    /// When it is told; at once without.
    pub(crate) told_at: Option<Timestamp>,
}

/// Answers a first frame: a place in a session, or the code that the socket is closed with.
pub(crate) async fn answer(
    rooms: &Arc<Rooms>,
    place: &mut Place,
    first: First,
) -> Result<Arrival, TurnedAway> {
    let received = rooms.transport.now();
    // A page that does not know yet that it needs a token guesses nothing.
    let guesses = matches!(&first.message, FirstMessage::Create { create_token: Some(_), .. });
    carry_out(rooms, place, first).await.map_err(|code| match code {
        CloseCode::Unknown => refuse(&rooms.limits, place, received, code),
        CloseCode::TokenNeeded if guesses => refuse(&rooms.limits, place, received, code),
        code => TurnedAway { code, told_at: None },
    })
}

/// What a wrong secret gets, and only that: whether a session does not exist, is erased or is not opened by this secret
/// shows in nothing, also not in the time. Who has tried too often waits, without a place that others could use.
fn refuse(limits: &Limits, place: &mut Place, received: Timestamp, code: CloseCode) -> TurnedAway {
    let delay = place.delay_wrong(received).max(limits.unknown_after);
    match place.advance(Tier::Refused) {
        true => TurnedAway { code, told_at: Some(received + delay) },
        false => TurnedAway { code: CloseCode::Busy, told_at: None },
    }
}

async fn carry_out(
    rooms: &Arc<Rooms>,
    place: &mut Place,
    First { version, message }: First,
) -> Result<Arrival, CloseCode> {
    if !place.advance(Tier::Joined) {
        return Err(CloseCode::Busy);
    }
    match message {
        FirstMessage::Create { plan, invite, seat_token, planned_for, create_token, .. } => {
            if !rooms.may_create(create_token.as_deref()) {
                return Err(CloseCode::TokenNeeded);
            }
            if !plan.is_known() || !is_plannable(planned_for, rooms.clock.now()) {
                return Err(CloseCode::NotUnderstood);
            }
            if !place.take_session(rooms.transport.now()) {
                return Err(CloseCode::Busy);
            }
            let token = hash_token(&seat_token);
            rooms.create(NewSession { plan, invite, token, planned_for, version }).await.map(Arrival::In)
        }
        FirstMessage::Hello { session, invite, seat_token, .. } => {
            let (token, invite) = (hash_token(&seat_token), invite.as_ref().map(hash_invite));
            match (rooms.enter(session, Credentials { version, token, invite }).await, invite) {
                (Err(CloseCode::Knock), Some(invite)) => {
                    let right = Right::Link { invite };
                    rooms.knock(session, token, right, place.caller()).await.map(Arrival::AtDoor)
                }
                (entered, _) => entered.map(Arrival::In),
            }
        }
        FirstMessage::Knock { code, seat_token, commitment, .. } => {
            if !place.take_code(rooms.transport.now()) {
                return Err(CloseCode::TooFast);
            }
            let token = hash_token(&seat_token);
            rooms.knock_by_code(&code, token, commitment, place.caller()).await.map(Arrival::AtDoor)
        }
        FirstMessage::Move { code, seat_token, commitment, .. } => {
            if !place.take_code(rooms.transport.now()) {
                return Err(CloseCode::TooFast);
            }
            let token = hash_token(&seat_token);
            rooms.ask_for_seat(&code, token, commitment, place.caller()).await.map(Arrival::AtDoor)
        }
        FirstMessage::Watch { session, display, .. } => {
            rooms.watch(session, hash_display(&display)).await.map(Arrival::Watching)
        }
        FirstMessage::Erase { session, seat_token, .. } => {
            Err(rooms.erase(session, hash_token(&seat_token)).await)
        }
    }
}

/// Whether a meeting may be planned for this day.
fn is_plannable(day: Option<Timestamp>, now: Timestamp) -> bool {
    day.is_none_or(|day| day.0 >= 0 && day <= now + FURTHEST_PLAN)
}

/// A first frame, and the version that it is of.
pub(crate) struct First {
    pub(crate) version: Version,
    pub(crate) message: FirstMessage,
}

/// Reads a first frame. A page of a version that is not spoken is told so even when its frame has another shape.
pub(crate) fn read(text: &str, limits: &Limits) -> Result<First, CloseCode> {
    #[derive(Deserialize)]
    struct AnyVersion {
        version: u16,
    }
    let shape = shape_of(text, limits.json_depth, limits.json_items);
    if shape == Shape::TooMuch {
        return Err(CloseCode::NotUnderstood);
    }
    let any: AnyVersion = serde_json::from_str(text).map_err(|_| CloseCode::NotUnderstood)?;
    let version = Version::of(any.version).ok_or(CloseCode::Reload)?;
    if shape == Shape::Strange {
        return Err(CloseCode::NotUnderstood);
    }
    let message = serde_json::from_str(text).map_err(|_| CloseCode::NotUnderstood)?;
    Ok(First { version, message })
}

#[cfg(test)]
mod tests {
    use super::*;
    use attune_protocol::version::{OLDEST_SPOKEN_VERSION, PROTOCOL_VERSION};

    fn code(text: &str) -> Option<CloseCode> {
        read(text, &Limits::default()).err()
    }

    #[test]
    fn wire_3_a_version_that_is_not_spoken_is_told_to_reload_whatever_its_shape() {
        let greet = |version: u16| code(&format!(r#"{{"type":"greet","version":{version},"more":[]}}"#));
        for version in [0, OLDEST_SPOKEN_VERSION - 1, PROTOCOL_VERSION + 1, u16::MAX] {
            assert_eq!(greet(version), Some(CloseCode::Reload), "{version}");
        }
        for version in OLDEST_SPOKEN_VERSION..=PROTOCOL_VERSION {
            assert_eq!(greet(version), Some(CloseCode::NotUnderstood), "{version}");
        }
        assert_eq!(code(r#"{"type":"hello"}"#), Some(CloseCode::NotUnderstood));
        assert_eq!(code("hello"), Some(CloseCode::NotUnderstood));
    }

    #[test]
    fn a_hello_is_read_once_and_exactly() {
        let hello = |more: &str| {
            format!(
                r#"{{"type":"hello","version":3,"session":"{0}","invite":"{0}","seatToken":"{0}"{more}}}"#,
                "A".repeat(22)
            )
        };
        assert_eq!(code(&hello("")), None);
        assert_eq!(code(&hello(r#","more":1"#)), Some(CloseCode::NotUnderstood));
        assert_eq!(code(&hello(r#","version":3"#)), Some(CloseCode::NotUnderstood));
        let doubled = format!(r#","seatToken":"{}""#, "A".repeat(22));
        assert_eq!(code(&hello(&doubled)), Some(CloseCode::NotUnderstood));
        assert_eq!(
            code(&hello(r#","deep":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]"#)),
            Some(CloseCode::NotUnderstood)
        );
    }

    #[test]
    fn a_meeting_is_planned_within_a_year() {
        let now = Timestamp(1_000_000_000_000);
        assert!(is_plannable(None, now) && is_plannable(Some(now), now));
        assert!(is_plannable(Some(now + FURTHEST_PLAN), now));
        assert!(!is_plannable(Some(now + FURTHEST_PLAN + Millis(1)), now));
        assert!(!is_plannable(Some(Timestamp(-1)), now));
    }
}
