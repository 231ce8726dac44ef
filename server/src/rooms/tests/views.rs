//! What sockets are shown of a session, and when.

use super::*;
use crate::session::PAUSE_GRACE;

#[tokio::test]
async fn view_11_nobody_is_told_of_an_event_before_it_is_stored() {
    let setting = setting();
    let (id, place) = setting.create().await;
    let mut other = placed(setting.enter(id, 2).await);
    let stored = setting.events(id).await.len() as u64;
    let stall = setting.store.stall().await;
    let mut offering = std::pin::pin!(offer(&place, 1));
    for _ in 0..1_000 {
        assert!(futures_util::poll!(offering.as_mut()).is_pending(), "it was acknowledged unstored");
        setting.transport.advance(Millis(1));
        tokio::task::yield_now().await;
        if let Some(News::Outlook(sight)) = other.news.take() {
            assert!(sight.outlook.revision.0 <= stored, "it was shown unstored");
        }
    }
    drop(stall);
    assert_eq!(offering.await, accepted(1, stored + 1));
    assert_eq!(setting.events(id).await.len() as u64, stored + 1);
    let time = async {
        loop {
            setting.transport.advance(Millis(1));
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        shown = shown(&mut other, stored + 1) => drop(shown),
        () = time => {}
    }
}

#[tokio::test]
async fn view_10_the_bytes_of_a_view_are_shared_by_its_audience() {
    let setting = setting();
    let (id, first) = setting.create().await;
    let mut others = Vec::new();
    for person in 2..=4 {
        others.push(placed(setting.enter(id, person).await));
    }
    assert_eq!(offer(&first, 1).await, accepted(1, 5));
    // Whether at once or after those who came in, it is shown by now.
    setting.transport.advance(Millis(50));
    let mut seen = Vec::new();
    for other in &mut others {
        seen.push(shown(other, 5).await.view.as_ptr());
    }
    assert!(seen.iter().all(|place| *place == seen[0]));
}

#[tokio::test]
async fn view_8_roster_changes_are_shown_together() {
    let setting = setting();
    let (id, mut first) = setting.create().await;
    setting.transport.advance(Millis::seconds(1));
    let mut others = Vec::new();
    for person in 2..=12 {
        others.push(placed(setting.enter(id, person).await));
    }
    assert!(first.news.take().is_none());
    setting.transport.advance(Millis(50));
    shown(&mut first, 12).await;
}

#[tokio::test]
async fn view_15_after_a_restart_who_comes_back_is_stored_and_shown_together() {
    let setting = setting();
    let id = setting.restarted_under(4).await;
    let mut first = placed(setting.enter(id, 1).await);
    let reopened = setting.events(id).await.len() as u64;
    let others = [placed(setting.enter(id, 2).await), placed(setting.enter(id, 3).await)];
    for other in &others {
        // What is not stored is not shown, to nobody.
        assert_eq!(other.sight.outlook.revision.0, reopened);
    }
    setting.transport.advance(Millis(1_999));
    assert_eq!(setting.events(id).await.len() as u64, reopened);
    assert!(
        first
            .news
            .take()
            .is_none_or(|news| matches!(news, News::Outlook(sight) if sight.outlook.revision.0 == reopened))
    );
    setting.transport.advance(Millis(1));
    setting.wait_for_events(id, reopened + 2).await;
    setting.transport.advance(Millis(50));
    shown(&mut first, reopened + 2).await;
    // Whatever else is decided takes along who is back.
    let fourth = placed(setting.enter(id, 4).await);
    assert_eq!(fourth.sight.outlook.revision.0, reopened + 2);
    assert_eq!(offer(&first, 1).await, accepted(1, reopened + 4));
    // Who goes again before it is stored was never back.
    drop(others);
    setting.wait_for_events(id, reopened + 6).await;
    drop(placed(setting.enter(id, 2).await));
    let third = placed(setting.enter(id, 3).await);
    setting.transport.advance(Millis::seconds(2));
    setting.wait_for_events(id, reopened + 7).await;
    let back = |event: &Event| match event.what {
        EventKind::CameBack { seat } => Some(seat.0),
        _ => None,
    };
    assert_eq!(setting.events(id).await.iter().filter_map(back).collect::<Vec<_>>(), [1, 2, 3, 4, 3]);
    // And when they have had the time to come back, all is as ever.
    setting.transport.advance(Millis::seconds(10));
    let second = placed(setting.enter(id, 2).await);
    assert_eq!(second.sight.outlook.revision.0, reopened + 8);
    drop(third);
}

#[tokio::test]
async fn view_15_of_two_sockets_of_one_seat_the_newer_is_stored_as_back_once() {
    let setting = setting();
    let id = setting.restarted_under(2).await;
    let _first = placed(setting.enter(id, 1).await);
    let reopened = setting.events(id).await.len() as u64;
    let mut older = placed(setting.enter(id, 2).await);
    let newer = placed(setting.enter(id, 2).await);
    assert_eq!(closed_with(&mut older).await, Some(CloseCode::Replaced));
    drop(older);
    assert_eq!(offer(&newer, 1).await, refused(1, Refusal::NotAgreed));
    let stored = setting.events(id).await;
    assert_eq!(stored.last().map(|event| &event.what), Some(&EventKind::CameBack { seat: SeatNumber(2) }));
    assert_eq!(stored.len() as u64, reopened + 1);
}

#[tokio::test]
async fn view_15_ending_9_after_the_end_nobody_waits_to_be_stored_as_back() {
    let setting = setting();
    let id = setting.restarted_after(3, true).await;
    let mut places = Vec::new();
    for person in 1..=3 {
        let back = placed(setting.enter(id, person).await);
        let stored = setting.events(id).await;
        assert_eq!(
            stored.last().map(|event| &event.what),
            Some(&EventKind::CameBack { seat: SeatNumber(person.into()) })
        );
        assert_eq!(back.sight.outlook.revision.0, stored.len() as u64);
        places.push(back);
    }
}

#[tokio::test]
async fn view_15_what_was_due_is_shown_at_once_also_when_it_is_found_as_somebody_comes_in() {
    let setting = setting();
    let (id, mut first) = setting.create().await;
    let second = placed(setting.enter(id, 2).await);
    begin(&first, &second).await;
    let told = act(&second, 2, Command::NeedPause {}).await;
    assert!(matches!(told, Some(ServerMessage::Accepted { .. })), "{told:?}");
    let asked = setting.events(id).await.len() as u64;
    setting.transport.advance(Millis(50));
    shown(&mut first, asked).await;
    setting.transport.advance(Millis(50));
    // The store is busy just when the pause comes by itself, so nobody looks at the time for a while.
    setting.store.inject(Fault::Refused(AppendError::Busy));
    setting.clock.advance(PAUSE_GRACE);
    setting.fault_has_struck().await;
    let _third = placed(setting.enter(id, 3).await);
    let kinds: Vec<_> = setting.events(id).await.into_iter().map(|event| event.what).collect();
    assert!(matches!(&kinds[..], [.., EventKind::Paused { .. }, EventKind::Joined { .. }]));
    shown(&mut first, asked + 2).await;
}

#[tokio::test]
async fn view_7_the_first_change_after_a_quiet_time_is_shown_at_once() {
    let setting = setting();
    let (_, mut first) = setting.create().await;
    assert_eq!(offer(&first, 1).await, accepted(1, 2));
    assert!(matches!(first.news.take(), Some(News::Outlook(sight)) if sight.outlook.revision == Revision(2)));
    assert_eq!(act(&first, 2, Command::WithdrawOffer {}).await, accepted(2, 3));
    assert!(first.news.take().is_none());
    setting.transport.advance(Millis(50));
    shown(&mut first, 3).await;
}
