//! Who is here in a room: after a restart, by whose socket, and while the store does not take it.

use super::*;

#[tokio::test]
async fn pres_4_after_a_restart_everybody_is_away_since_the_restart() {
    let setting = setting();
    let id = setting.restarted_under_two().await;
    let before = setting.events(id).await.len();
    setting.clock.advance(Millis::minutes(3));
    let _back = placed(setting.enter(id, 2).await);
    let events = setting.events(id).await;
    assert_eq!(events[before].what, EventKind::Reopened {});
    assert_eq!(events[before].at, START + Millis::minutes(3));
    assert_eq!(events[before + 1].what, EventKind::CameBack { seat: SeatNumber(2) });
}

#[tokio::test]
async fn pres_13_a_socket_that_is_heard_again_too_often_is_closed_and_not_away_while_connected() {
    let setting = setting();
    let (id, mut place) = setting.create().await;
    let member = place.membership.member;
    let _other = placed(setting.enter(id, 2).await);
    for _ in 0..crate::session::MOST_LOSSES {
        for message in [Message::Quiet { member }, Message::Heard { member }] {
            place.membership.mailbox.send(message).await.expect("the room is there");
        }
    }
    assert_eq!(closed_with(&mut place).await, Some(CloseCode::TooFast));
    assert_eq!(setting.enter(id, 1).await.err(), Some(CloseCode::TooFast));
    setting.clock.advance(crate::session::LOSSES_WITHIN);
    placed(setting.enter(id, 1).await);
}

#[tokio::test]
async fn t5_the_newest_socket_of_a_seat_wins() {
    let setting = setting();
    let (id, mut first) = setting.create().await;
    let second = placed(setting.enter(id, 1).await);
    assert_eq!(closed_with(&mut first).await, Some(CloseCode::Replaced));
    assert_eq!(offer(&first, 1).await, refused(1, Refusal::Busy));
    // The older socket's end is not the seat's.
    drop(first);
    assert_eq!(offer(&second, 2).await, accepted(2, 2));
}

#[tokio::test]
async fn t5_a_seat_is_not_taken_over_without_end() {
    let setting = setting();
    let (id, first) = setting.create().await;
    let mut places = vec![first];
    for _ in 0..6 {
        places.push(placed(setting.enter(id, 1).await));
    }
    assert_eq!(setting.enter(id, 1).await.err(), Some(CloseCode::Replaced));
    let last = places.last().expect("there are some");
    assert_eq!(offer(last, 1).await, accepted(1, 2));
}

#[tokio::test]
async fn t50_an_absence_that_was_not_stored_is_stored_later() {
    let setting = setting();
    let (id, _place) = setting.create().await;
    let second = placed(setting.enter(id, 2).await);
    setting.store.inject(Fault::Refused(AppendError::Busy));
    drop(second);
    let away = |events: &[Event]| events.iter().any(|event| matches!(event.what, EventKind::WentAway { .. }));
    setting.fault_has_struck().await;
    assert!(!away(&setting.events(id).await));
    within(async {
        while !away(&setting.events(id).await) {
            setting.transport.advance(Millis::seconds(1));
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn t50_a_return_that_was_not_stored_is_stored_later() {
    let back = |events: &[Event]| events.iter().any(|event| matches!(event.what, EventKind::CameBack { .. }));
    for acts_next in [false, true] {
        let setting = setting();
        let (id, place) = setting.create().await;
        let member = place.membership.member;
        let tell = |message| place.membership.mailbox.send(message);
        tell(Message::Quiet { member }).await.expect("the room is there");
        assert_eq!(offer(&place, 1).await, accepted(1, 3));
        setting.store.inject(Fault::Refused(AppendError::Busy));
        tell(Message::Heard { member }).await.expect("the room is there");
        setting.fault_has_struck().await;
        assert!(!back(&setting.events(id).await));
        if acts_next {
            assert_eq!(act(&place, 2, Command::WithdrawOffer {}).await, accepted(2, 5));
            assert!(back(&setting.events(id).await));
        }
        within(async {
            while !back(&setting.events(id).await) {
                setting.transport.advance(Millis::seconds(1));
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
}

#[tokio::test]
async fn t50_what_needs_no_store_goes_on_while_presence_cannot_be_stored() {
    // Somebody's going is not stored, and the store is left alone.
    let setting = setting();
    let (id, first) = setting.create().await;
    let second = placed(setting.enter(id, 2).await);
    let before = setting.events(id).await.len() as u64;
    setting.store.inject(Fault::Refused(AppendError::Busy));
    drop(second);
    setting.fault_has_struck().await;
    setting.store.inject(Fault::Refused(AppendError::Busy));
    assert_eq!(act(&first, 1, Command::WithdrawOffer {}).await, accepted(1, before));
    let again = placed(setting.enter(id, 2).await);
    assert_eq!(again.sight.outlook.revision.0, before);
    assert!(setting.store.has_fault(), "sim_9: it is asked within a second");
    assert_eq!(offer(&first, 2).await, refused(2, Refusal::Busy));
    assert_eq!(offer(&first, 3).await, accepted(3, before + 1));

    // Those who are back are not stored, and the store is asked for their sake.
    let setting = setting_on(MemoryStore::default(), Limits::default());
    let id = setting.restarted_under(2).await;
    let _first = placed(setting.enter(id, 1).await);
    let second = placed(setting.enter(id, 2).await);
    let before = setting.events(id).await.len() as u64;
    setting.store.inject(Fault::Refused(AppendError::Busy));
    assert_eq!(offer(&second, 1).await, refused(1, Refusal::NotAgreed));
    assert!(!setting.store.has_fault());
    assert_eq!(setting.events(id).await.len() as u64, before);
    setting.transport.advance(Millis::seconds(1));
    setting.wait_for_events(id, before + 1).await;
}
