//! A plan that leaves it to the group who facilitates, over sockets: nobody yet, two at once, a restart, a whole case.

use attune_protocol::client::Command;
use attune_protocol::ids::SeatNumber;
use attune_protocol::method::{Facilitates, Plan};
use attune_protocol::server::Refusal;
use attune_protocol::view::ActKind;
use attune_tests::group::{Group, Person};
use attune_tests::picture::Answer;
use attune_tests::plans;
use attune_tests::server::{Setup, TestServer};

const ADA: SeatNumber = SeatNumber(1);
const RUTH: SeatNumber = SeatNumber(2);

/// The default plan, left to the group.
pub(crate) fn plan_of_the_group() -> Plan {
    plans::ruch_but(|raw| raw.facilitates = Facilitates::Group)
}

fn facilitators(group: &Group) -> Vec<SeatNumber> {
    let view = group.common_view();
    view.seats.iter().filter(|seat| seat.facilitator).map(|seat| seat.seat).collect()
}

async fn all_see_open(group: &Group, open: bool) {
    group
        .all_see("whether the chair is open", |picture| {
            picture.view.as_ref().is_some_and(|view| view.chair.open_to_group == open)
        })
        .await;
}

#[tokio::test]
async fn chair_14_of_two_who_offer_at_once_one_facilitates_and_the_other_is_told() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plan_of_the_group(), 4).await;
    all_see_open(&group, true).await;
    assert_eq!(facilitators(&group), [ADA]);
    let newcomer = Person::join(server.address(), &group.link, "Joel").await;
    assert_eq!(newcomer.refused(Command::TakeChair {}).await, Refusal::NotAgreed);
    let moment = group[0].moment();
    group[0].steer(|moment| Command::ChoosePresenter { moment, seat: Some(RUTH) }).await;
    assert_eq!(group[1].refused(Command::TakeChair {}).await, Refusal::Presenting);
    let (first, second) =
        tokio::join!(group[2].command(Command::TakeChair {}), group[3].command(Command::TakeChair {}));
    all_see_open(&group, false).await;
    let winner = match (first, second) {
        (Answer::Accepted(_), Answer::Refused(Refusal::ChairNotFree)) => 2,
        (Answer::Refused(Refusal::ChairNotFree), Answer::Accepted(_)) => 3,
        other => panic!("one of them: {other:?}"),
    };
    assert_eq!(facilitators(&group), [group[winner].number]);
    assert_eq!(group[0].refused(Command::Begin { moment }).await, Refusal::NotFacilitator);
    let acts = group[1].history().await;
    let to = group[winner].number;
    assert_eq!(
        acts.last().map(|act| (act.by, act.what.clone())),
        Some((Some(to), ActKind::HandedOver { to }))
    );
    // They run it, and nobody comes in by this door any more.
    group[winner].steer(|moment| Command::Begin { moment }).await;
    assert_eq!(group[5 - winner].refused(Command::TakeChair {}).await, Refusal::ChairNotFree);
    assert_eq!(group[1].refused(Command::TakeChair {}).await, Refusal::ChairNotFree);
    let revision = group[winner].steer(|moment| Command::Next { moment }).await;
    group.all_catch_up(revision).await;
    assert_eq!(group[1].refused(Command::TakeChair {}).await, Refusal::Silent);
}

#[tokio::test]
async fn chair_13_chair_15_an_open_chair_outlives_a_restart_and_a_mistake() {
    let mut server = TestServer::with(Setup::on_disk()).await;
    let mut group = Group::gather(server.address(), plan_of_the_group(), 3).await;
    let at = server.now();
    server.restart_at(at).await;
    group.server = server.address();
    for person in &mut group.people {
        drop(person.come_back(server.address()).await);
    }
    all_see_open(&group, true).await;
    group[2].accept(Command::TakeChair {}).await;
    all_see_open(&group, false).await;
    let step = group[2].view().undo.last().expect("a step").step;
    group[2].accept(Command::Undo { step }).await;
    all_see_open(&group, true).await;
    // Nobody offers: whoever set it up begins, as ever.
    assert_eq!(facilitators(&group), [ADA]);
    group.present_and_begin(RUTH).await;
    all_see_open(&group, false).await;
    group.next().await;
}
