//! Several who want in at once: stored together, answered each for themselves.

use super::*;

type Answer = Result<Entered, CloseCode>;

impl Setting<MemoryStore> {
    /// Two newcomers, somebody who has no right to come in between them, and a third. All of them wait before the room
    /// looks.
    async fn enter_at_once(&self, id: SessionId) -> [Answer; 4] {
        let stranger = self.rooms.enter(id, credentials(9, None));
        let (second, stranger, third, fourth) =
            tokio::join!(self.enter(id, 2), within(stranger), self.enter(id, 3), self.enter(id, 4));
        [second, stranger, third, fourth]
    }

    async fn joined(&self, id: SessionId) -> Vec<u16> {
        let seat = |event: Event| match event.what {
            EventKind::Joined { seat, .. } => Some(seat.0),
            _ => None,
        };
        self.events(id).await.into_iter().filter_map(seat).collect()
    }
}

fn codes(answers: &[Answer]) -> Vec<Option<CloseCode>> {
    answers.iter().map(|answer| answer.as_ref().err().copied()).collect()
}

#[tokio::test]
async fn who_waits_to_come_in_is_stored_together_and_answered_alone() {
    let setting = setting();
    let (id, _first) = setting.create().await;
    let answers = setting.enter_at_once(id).await;
    assert_eq!(codes(&answers), [None, Some(CloseCode::Unknown), None, None]);
    let seen = |entered: Entered| (entered.membership.member.seat.0, entered.sight.outlook.revision.0);
    let seen: Vec<_> = answers.into_iter().flatten().map(seen).collect();
    // Had they been stored one after another, those before would have seen less.
    assert_eq!(seen, [(2, 4), (3, 4), (4, 4)]);
    assert_eq!(setting.joined(id).await, [2, 3, 4]);
}

#[tokio::test]
async fn t50_nobody_of_those_who_wait_is_in_before_all_are_stored() {
    let setting = setting();
    let (id, _first) = setting.create().await;
    setting.store.inject(Fault::Refused(AppendError::Busy));
    assert_eq!(codes(&setting.enter_at_once(id).await), [Some(CloseCode::Busy); 4]);
    assert!(setting.joined(id).await.is_empty());
    let stall = setting.store.stall().await;
    let mut entering = std::pin::pin!(setting.enter_at_once(id));
    for _ in 0..1_000 {
        assert!(futures_util::poll!(entering.as_mut()).is_pending(), "somebody was let in unstored");
        tokio::task::yield_now().await;
    }
    drop(stall);
    assert_eq!(codes(&entering.await), [None, Some(CloseCode::Unknown), None, None]);
    assert_eq!(setting.joined(id).await, [2, 3, 4]);
}

#[tokio::test]
async fn t17_an_append_of_unknown_fate_lets_everybody_in_once() {
    for fault in [Fault::UnknownStored, Fault::UnknownLost] {
        let setting = setting();
        let (id, _first) = setting.create().await;
        setting.store.inject(fault);
        let answers = setting.enter_at_once(id).await;
        assert_eq!(codes(&answers), [None, Some(CloseCode::Unknown), None, None], "{fault:?}");
        assert_eq!(setting.joined(id).await, [2, 3, 4], "{fault:?}");
    }
}

#[tokio::test]
async fn what_is_said_between_two_who_come_in_keeps_its_turn() {
    let setting = setting();
    let (id, first) = setting.create().await;
    let (second, offered, third) = tokio::join!(setting.enter(id, 2), offer(&first, 1), setting.enter(id, 3));
    assert_eq!(offered, accepted(1, 3));
    let seen = [second, third].map(|entered| placed(entered).sight.outlook.revision.0);
    assert_eq!(seen, [2, 4]);
}

#[tokio::test]
async fn t5_of_sockets_that_come_for_one_seat_at_once_the_newest_wins() {
    let setting = setting();
    let (id, _first) = setting.create().await;
    let entering = [2, 2, 3, 2].map(|person| setting.enter(id, person));
    let mut places: Vec<Entered> =
        futures_util::future::join_all(entering).await.into_iter().map(placed).collect();
    let [first, second, other, newest] = &mut places[..] else { panic!("four came") };
    for older in [first, second] {
        assert_eq!(closed_with(older).await, Some(CloseCode::Replaced));
    }
    assert_eq!(other.membership.member.seat, SeatNumber(3));
    let agree = Command::Agree { seat: SeatNumber(2), agreement: None };
    assert!(matches!(act(newest, 1, agree).await, Some(ServerMessage::Accepted { .. })));
    assert_eq!(setting.joined(id).await, [2, 3]);
}

#[tokio::test]
async fn who_opens_a_session_again_is_stored_with_the_reopening() {
    for fault in [None, Some(Fault::UnknownStored), Some(Fault::UnknownLost)] {
        let setting = setting();
        let id = setting.restarted_under_two().await;
        let before = setting.events(id).await.len();
        fault.into_iter().for_each(|fault| setting.store.inject(fault));
        let (first, stranger, second) = tokio::join!(
            setting.enter(id, 1),
            setting.rooms.enter(id, credentials(9, None)),
            setting.enter(id, 2)
        );
        assert_eq!(codes(&[stranger]), [Some(CloseCode::Unknown)], "{fault:?}");
        let seen = [first, second].map(|entered| placed(entered).sight.outlook.revision.0);
        let events: Vec<_> = setting.events(id).await.into_iter().map(|event| event.what).collect();
        assert_eq!(seen, [events.len() as u64; 2], "{fault:?}");
        let [EventKind::Reopened {}, EventKind::CameBack { .. }, EventKind::CameBack { .. }] =
            events[events.len() - 3..]
        else {
            panic!("{fault:?}: {events:?}")
        };
        let reopenings = if fault == Some(Fault::UnknownStored) { 2 } else { 1 };
        assert_eq!(events.len() - before, 3 * reopenings, "{fault:?}");
    }
}

#[tokio::test]
async fn a_session_that_only_strangers_open_again_is_closed_again() {
    let setting = setting();
    let id = setting.restarted_under_two().await;
    let entering = [9, 10, 11].map(|person| setting.rooms.enter(id, credentials(person, None)));
    let answers = within(futures_util::future::join_all(entering)).await;
    assert_eq!(codes(&answers), [Some(CloseCode::Unknown); 3]);
    setting.all_retired().await;
}

#[tokio::test]
async fn who_finds_a_store_that_cannot_reopen_is_told_to_come_again() {
    let setting = setting();
    let id = setting.restarted_under_two().await;
    setting.store.inject(Fault::Refused(AppendError::Busy));
    assert_eq!(codes(&setting.enter_at_once(id).await), [Some(CloseCode::Busy); 4]);
    setting.all_retired().await;
    assert_eq!(codes(&[setting.enter(id, 1).await]), [None]);
}
