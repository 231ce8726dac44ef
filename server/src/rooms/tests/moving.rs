//! Rooms whose people go on with their seat on another device.

use super::*;
use crate::door::KnockNews;
use attune_protocol::door::{KnockKey, KnockerMessage};
use attune_protocol::sealed::{Sealed, SealedLine};

const NOBODY: [u16; 0] = [];

/// The token of a person's other device.
fn other_device(person: u8) -> u8 {
    person + 100
}

fn key() -> KnockKey {
    KnockKey::try_from("A".repeat(43)).expect("is a key")
}

fn line() -> SealedLine {
    SealedLine::try_from("AAAA".to_owned()).expect("is sealed")
}

fn waits(at_door: Result<AtDoor, CloseCode>) -> AtDoor {
    at_door.unwrap_or_else(|code| panic!("turned away: {code:?}"))
}

/// The code that a seat shows by now.
async fn code_of(place: &mut Entered) -> SeatCode {
    loop {
        let Some(News::Outlook(sight)) = within(place.news.next(true)).await else {
            panic!("the room is not open")
        };
        let Some((_, frame)) = sight.moving else { continue };
        match serde_json::from_slice(&frame[2..]).expect("is short") {
            ServerMessage::Moving { moving } => return moving.code.expect("a code is shown").code,
            other => panic!("told of moving: {other:?}"),
        }
    }
}

impl<S: Store> Setting<S> {
    /// A person's other device has typed the code that their page shows.
    async fn ask_for_seat(&self, place: &mut Entered, person: u8) -> AtDoor {
        let shown = act(place, u128::from(person) << 16, Command::ShowSeatCode {}).await;
        assert!(matches!(shown, Some(ServerMessage::Accepted { .. })), "{shown:?}");
        self.transport.advance(Millis(50));
        let code = code_of(place).await;
        let device = token(other_device(person));
        waits(within(self.rooms.ask_for_seat(&code, device, token(INVITE), None)).await)
    }

    /// A person hands their seat over to another device, which does not come in yet.
    async fn move_away(&self, place: &mut Entered, person: u8) {
        let mut number = u128::from(person) << 32;
        let at_door = self.ask_for_seat(place, person).await;
        let device = at_door.token;
        let mut accepted = async |place: &Entered, command| {
            number += 1;
            let told = act(place, number, command).await;
            assert!(matches!(told, Some(ServerMessage::Accepted { .. })), "{told:?}");
        };
        accepted(place, Command::AnswerMove { knock: device, key: key() }).await;
        let name = Sealed::try_from("AAAA".to_owned()).expect("is sealed");
        let message = Box::new(KnockerMessage::Reveal { key: key(), nonce: key(), name });
        let said = Message::Said { token: device, connection: at_door.connection, message };
        at_door.mailbox.send(said).await.expect("the room is there");
        accepted(place, Command::MoveSeat { knock: device, handed: line() }).await;
    }

    /// Time passes, and the room has done what was due.
    async fn pass(&self, length: Millis, witness: &Entered) {
        self.transport.advance(length);
        let refused = act(witness, 0, Command::MoveSeat { knock: token(0), handed: line() }).await;
        assert_eq!(refused, super::refused(0, Refusal::NoSuchKnock));
    }

    /// The seats that were stored as away, in their order.
    async fn went_away(&self, id: SessionId) -> Vec<u16> {
        let events = self.events(id).await;
        let gone = events.iter().filter_map(|event| match event.what {
            EventKind::WentAway { seat } => Some(seat.0),
            _ => None,
        });
        gone.collect()
    }
}

#[tokio::test]
async fn door_26_two_who_move_soon_after_each_other_are_waited_for_each_as_long() {
    let setting = setting();
    let (id, witness) = setting.create().await;
    let (mut second, mut third) = (placed(setting.enter(id, 2).await), placed(setting.enter(id, 3).await));
    setting.move_away(&mut second, 2).await;
    setting.pass(Millis::seconds(14), &witness).await;
    setting.move_away(&mut third, 3).await;
    assert_eq!(setting.went_away(id).await, NOBODY);
    setting.pass(Millis::seconds(1), &witness).await;
    assert_eq!(setting.went_away(id).await, [2]);
    setting.pass(Millis::seconds(13), &witness).await;
    assert_eq!(setting.went_away(id).await, [2], "the other one is on the way still");
    setting.pass(Millis::seconds(1), &witness).await;
    assert_eq!(setting.went_away(id).await, [2, 3]);
}

#[tokio::test]
async fn door_26_who_has_come_is_waited_for_no_longer() {
    let setting = setting();
    let (id, witness) = setting.create().await;
    let mut second = placed(setting.enter(id, 2).await);
    setting.move_away(&mut second, 2).await;
    setting.pass(Millis::seconds(14), &witness).await;
    let _there = placed(setting.enter(id, other_device(2)).await);
    setting.pass(Millis::seconds(60), &witness).await;
    assert_eq!(setting.went_away(id).await, NOBODY);
}

#[tokio::test]
async fn door_26_a_pause_of_the_store_sends_nobody_away_who_is_on_the_way() {
    let setting = setting();
    let (id, witness) = setting.create().await;
    let (mut second, third) = (placed(setting.enter(id, 2).await), placed(setting.enter(id, 3).await));
    setting.store.inject(Fault::Refused(AppendError::Busy));
    // Its going is not stored, and the store is left alone for a second, or until something else is to be stored.
    drop(third);
    setting.fault_has_struck().await;
    assert_eq!(setting.went_away(id).await, NOBODY);
    setting.move_away(&mut second, 2).await;
    assert_eq!(setting.went_away(id).await, [3]);
    setting.pass(Millis::seconds(1), &witness).await;
    assert_eq!(setting.went_away(id).await, [3], "the store is tried again");
    // And where it pauses once they are on the way.
    setting.store.inject(Fault::Refused(AppendError::Busy));
    assert_eq!(offer(&witness, 1).await, refused(1, Refusal::Busy));
    setting.pass(Millis::seconds(2), &witness).await;
    assert_eq!(setting.went_away(id).await, [3]);
    setting.pass(Millis::seconds(12), &witness).await;
    assert_eq!(setting.went_away(id).await, [3, 2]);
}

#[tokio::test]
async fn door_6_who_knocks_by_a_code_and_then_asks_for_a_seat_waits_once() {
    let setting = setting();
    let (id, first) = setting.create().await;
    let mut second = placed(setting.enter(id, 2).await);
    let knock = token(other_device(2));
    let by_code = Right::Code { commitment: token(INVITE) };
    let mut at_door = waits(within(setting.rooms.knock(id, knock, by_code, None)).await);
    let mut as_device = setting.ask_for_seat(&mut second, 2).await;
    let Some(KnockNews::Close(code)) = within(at_door.news.next()).await else { panic!("it waits still") };
    assert_eq!(code, CloseCode::Replaced);
    // Nothing is left at the door, and the answer goes to whom the person's own page was shown.
    let to_nobody = act(&first, 1, Command::AnswerKnock { knock, key: key() }).await;
    assert_eq!(to_nobody, refused(1, Refusal::NoSuchKnock));
    let answered = act(&second, 2, Command::AnswerMove { knock, key: key() }).await;
    assert!(matches!(answered, Some(ServerMessage::Accepted { .. })), "{answered:?}");
    let Some(KnockNews::Show(frame)) = within(as_device.news.next()).await else {
        panic!("nothing is shown")
    };
    match serde_json::from_slice(&frame[2..]).expect("is short") {
        ServerMessage::Waiting { waiting } => assert_eq!(waiting.answered, Some(key())),
        other => panic!("how it stands: {other:?}"),
    }
}
