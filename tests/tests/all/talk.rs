//! Hands and quiet reminders over real sockets.

use attune_protocol::client::Command;
use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::server::Refusal;
use attune_protocol::view::{Reminder, ReminderView};
use attune_server::session::{REMINDER_GAP, REMINDER_LASTS};
use attune_tests::group::{Group, Person};
use attune_tests::picture::Picture;
use attune_tests::plans;
use attune_tests::server::{Setup, TestServer};

const ADA: SeatNumber = SeatNumber(1);
const RUTH: SeatNumber = SeatNumber(2);
const MIRIAM: SeatNumber = SeatNumber(3);
const NOAH: SeatNumber = SeatNumber(4);
const JOEL: SeatNumber = SeatNumber(5);

fn hands(picture: &Picture) -> &[SeatNumber] {
    picture.running().map_or(&[], |running| running.hands.as_slice())
}

fn reminder(picture: &Picture) -> Option<ReminderView> {
    picture.view.as_ref()?.reminder
}

/// Five people in the discussion; Ruth presents and is silent.
async fn discussing(server: &TestServer) -> Group {
    let group = Group::begin(server.address(), plans::ruch(), 5).await;
    group.next().await;
    group
}

async fn raise(person: &Person) {
    let seat = person.number;
    person.steer(|moment| Command::RaiseHand { moment, seat }).await;
}

#[tokio::test]
async fn hand_4_a_dropped_person_keeps_the_place_through_a_restart() {
    let mut server = TestServer::with(Setup::on_disk()).await;
    let mut group = discussing(&server).await;
    for index in [4, 2, 3] {
        raise(&group[index]).await;
    }
    let queue = [JOEL, MIRIAM, NOAH];
    group.all_see("the hands", |picture| hands(picture) == queue).await;
    group.common_view();
    let moment = group[1].moment();
    assert_eq!(group[1].refused(Command::RaiseHand { moment, seat: RUTH }).await, Refusal::Silent);
    assert_eq!(group[3].refused(Command::LowerHand { moment, seat: JOEL }).await, Refusal::NotFacilitator);
    assert_eq!(group[3].refused(Command::RaiseHand { moment, seat: ADA }).await, Refusal::NotYours);
    group[4].lose_network().await;
    group.all_see("the loss", |picture| picture.is_away(JOEL) && hands(picture) == queue).await;
    server.restart().await;
    for index in 0..5 {
        group[index].come_back(server.address()).await;
    }
    group.all_see("everyone", |picture| (1..=5).all(|seat| picture.is_here(SeatNumber(seat)))).await;
    assert_eq!(hands(&group[0].picture()), queue);
    group[0].steer(|moment| Command::LowerHand { moment, seat: JOEL }).await;
    group.all_see("the next hand", |picture| hands(picture) == [MIRIAM, NOAH]).await;
    group[2].accept(Command::Leave {}).await;
    group[0].wait_until("who is left", |picture| hands(picture) == [NOAH]).await;
    let moment = group[0].moment();
    group[0].accept(Command::Next { moment }).await;
    group[0].wait_until("no hands", |picture| picture.phase() == Some(2) && hands(picture).is_empty()).await;
}

#[tokio::test]
async fn remind_1_and_4_a_reminder_reaches_all_alike_and_tells_nobody_who_sent_it() {
    let server = TestServer::start().await;
    let group = discussing(&server).await;
    assert_eq!(group[2].refused(Command::Remind { what: Reminder::Blame }).await, Refusal::NotFacilitator);
    group[0].accept(Command::SetReminders { anyone: true }).await;
    group
        .all_see("that anyone may", |picture| picture.view.as_ref().is_some_and(|view| view.anyone_reminds))
        .await;
    let acts = group[2].history().await;
    assert_eq!(group[1].refused(Command::Remind { what: Reminder::Blame }).await, Refusal::Silent);
    group[2].accept(Command::Remind { what: Reminder::Blame }).await;
    let shown = ReminderView { what: Reminder::Blame, until: server.now() + REMINDER_LASTS };
    group.all_see("the reminder", |picture| reminder(picture) == Some(shown)).await;
    group.common_view();
    assert_eq!(group[0].history().await, acts, "what happened says nothing of it");
    assert_eq!(group[2].refused(Command::Remind { what: Reminder::Advice }).await, Refusal::TooFast);
    server.advance(Millis::seconds(1));
    group[3].accept(Command::Remind { what: Reminder::EachOther }).await;
    let newer = ReminderView { what: Reminder::EachOther, until: server.now() + REMINDER_LASTS };
    group.all_see("the newer one", |picture| reminder(picture) == Some(newer)).await;
    server.advance(REMINDER_GAP);
    group[2].accept(Command::Remind { what: Reminder::Advice }).await;
}
