//! Somebody who was lost comes in anew, and a facilitator says who it is.

use attune_protocol::client::Command;
use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::server::{CloseCode, Refusal};
use attune_protocol::view::ActKind;
use attune_tests::client::Client;
use attune_tests::group::{Group, Person, erase, hello, hello_again};
use attune_tests::plans;
use attune_tests::raw::{Raw, frame};
use attune_tests::secrets::seal;
use attune_tests::server::{Setup, TestServer};

const ADA: SeatNumber = SeatNumber(1);
const MIRIAM: SeatNumber = SeatNumber(3);

#[tokio::test]
async fn door_17_who_was_lost_has_the_seat_again_on_another_device() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 4).await;
    group[0].accept(Command::SetFacilitator { seat: MIRIAM, facilitator: true }).await;
    group[2].lose_network().await;
    group.all_see("the loss", |picture| picture.is_away(MIRIAM)).await;
    let mut newcomer = Person::join(server.address(), &group.link, "M.").await;
    let (seat, came_as) = (MIRIAM, newcomer.number);
    let recognise = Command::Recognise { newcomer: came_as, seat };
    // DOOR-18: not by members, not by oneself, and not as somebody who is here.
    assert_eq!(group[3].refused(recognise.clone()).await, Refusal::NotFacilitator);
    assert_eq!(newcomer.refused(recognise.clone()).await, Refusal::NotFacilitator);
    let here = Command::Recognise { newcomer: came_as, seat: SeatNumber(4) };
    assert_eq!(group[0].refused(here).await, Refusal::NotAway);
    group[0].accept(recognise.clone()).await;
    // DOOR-19: the page comes back by itself, with the token that it has.
    let code = newcomer.close_code().await;
    assert!(code == CloseCode::Restarting && code.retry());
    newcomer.number = MIRIAM;
    newcomer.come_back(server.address()).await;
    group.people[2] = newcomer;
    group.all_see("the return", |picture| picture.is_here(MIRIAM) && picture.seat(came_as).is_none()).await;
    assert_eq!(group[2].picture().names()[&MIRIAM], "Miriam");
    assert_eq!(group[0].refused(recognise).await, Refusal::NoSuchSeat);
    // She facilitates as before, and it stands in what happened.
    group[2].steer(|moment| Command::Pause { moment }).await;
    let acts = group[3].history().await;
    let told = acts.iter().find(|act| act.what == ActKind::Recognised { seat: MIRIAM });
    assert_eq!(told.map(|act| act.by), Some(Some(ADA)));
    group.common_view();
}

#[tokio::test]
async fn t5_door_20_the_former_device_of_who_was_recognised_gets_nothing_more() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let limits = server.limits();
    let group = Group::gather(server.address(), plans::ruch(), 4).await;
    group[0].accept(Command::SetFacilitator { seat: MIRIAM, facilitator: true }).await;
    // Miriam's phone is in her bag: its socket is open, and says nothing.
    let mut bag = Raw::connect(server.address()).await;
    bag.upgrade(server.address()).await;
    let text = serde_json::to_string(&hello_again(group.link.session, group[2].token)).unwrap();
    bag.send(&frame(0x81, text.as_bytes())).await;
    assert_eq!(group[2].close_code().await, CloseCode::Replaced);
    for length in [limits.away_after - Millis::seconds(1), Millis::seconds(1)] {
        server.advance_transport(length);
        group[0].now().await;
    }
    group[0].wait_until("the silence", |picture| picture.is_away(MIRIAM)).await;
    let newcomer = Person::join(server.address(), &group.link, "M.").await;
    group[0].accept(Command::Recognise { newcomer: newcomer.number, seat: MIRIAM }).await;
    // It is put out at once, and speaks for nobody any more.
    assert_eq!(bag.ending().await.code(), Some(CloseCode::Removed));
    let old = group[2].token;
    for first in
        [hello_again(group.link.session, old), hello(&group.link, old), erase(group.link.session, old)]
    {
        let client = Client::open(server.address()).await;
        client.introduce(&first);
        assert_eq!(client.close_code().await, CloseCode::Removed);
    }
    assert!(group[0].picture().is_away(MIRIAM), "the old device is not her");
    // The new one is.
    let mut miriam = newcomer;
    miriam.number = MIRIAM;
    miriam.come_back(server.address()).await;
    miriam.accept(Command::SetName { seat: MIRIAM, name: seal("M.") }).await;
    group[0].wait_until("the return", |picture| picture.is_here(MIRIAM)).await;
}
