//! CHAIR: who facilitates where the plan leaves it to the group.

use attune_protocol::ids::SeatNumber;
use attune_protocol::method::Facilitates;
use attune_protocol::server::Refusal;
use attune_protocol::view::ActKind;

use super::super::super::EventKind;
use super::super::support::*;

fn facilitators(group: &Group) -> Vec<SeatNumber> {
    group.view().seats.iter().filter(|seat| seat.facilitator).map(|seat| seat.seat).collect()
}

/// A lobby of `size` people that asks who facilitates.
fn asked(size: u16) -> Group {
    Group::of(size, of_the_group(&plan("ruch")))
}

#[test]
fn chair_13_the_lobby_asks_and_whoever_set_it_up_steers_meanwhile() {
    let mut group = asked(3);
    for seat in [ADA, BEN, CLEO] {
        assert!(group.view_of(seat).chair.open_to_group);
    }
    assert_eq!(facilitators(&group), [ADA]);
    assert_eq!(group.refusal(BEN, choose(CLEO)), Refusal::NotFacilitator);
    group.done(ADA, choose(CLEO));
    group.done(ADA, change_link(5));
    group.done(ADA, begin);
    assert!(!group.view().chair.open_to_group);
    group.done(ADA, next);
}

#[test]
fn chair_13_one_connected_person_runs_such_a_plan_alone() {
    let mut group = Group::alone(of_the_group(&plan("ruch")));
    group.done(ADA, add_person);
    group.done(ADA, agree(BEN));
    group.done(ADA, choose(BEN));
    assert!(group.view().chair.open_to_group);
    group.done(ADA, begin);
    group.done(ADA, next);
    assert_eq!(facilitators(&group), [ADA]);
}

#[test]
fn chair_13_no_other_lobby_asks() {
    let mut group = Group::of(3, plan("ruch"));
    assert_eq!(group.view().plan.facilitates(), Facilitates::Host);
    assert!(!group.view().chair.open_to_group);
    assert_eq!(group.refusal(BEN, take_chair), Refusal::NotNow);
    assert_eq!(group.refusal(ADA, take_chair), Refusal::NotNow);
    group.done(ADA, change_plan(of_the_group(&plan("ruch"))));
    assert!(group.view().chair.open_to_group);
    group.done(ADA, change_plan(plan("ruch")));
    assert_eq!(group.refusal(BEN, take_chair), Refusal::NotNow);
}

#[test]
fn chair_14_the_first_who_offers_facilitates_and_the_second_is_told() {
    let mut group = asked(4);
    group.done(BEN, take_chair);
    assert_eq!(facilitators(&group), [BEN]);
    assert!(!group.view().chair.open_to_group);
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::ChairNotFree);
    assert_eq!(group.refusal(BEN, take_chair), Refusal::ChairNotFree);
    assert_eq!(group.refusal(ADA, take_chair), Refusal::ChairNotFree);
    assert_eq!(group.refusal(ADA, choose(DAN)), Refusal::NotFacilitator);
    assert!(group.session.may_erase(&token(BEN.0)) && !group.session.may_erase(&token(ADA.0)));
    group.done(BEN, choose(ADA));
    group.done(BEN, begin);
    group.done(BEN, next);
}

#[test]
fn chair_14_not_who_has_not_agreed_or_presents_or_is_away_or_gone_or_has_it() {
    let mut group = asked(4);
    let newcomer = group.enter();
    group.done(ADA, add_person);
    group.done(ADA, agree(SeatNumber(6)));
    group.done(ADA, choose(BEN));
    group.drop_out(CLEO);
    assert_eq!(group.refusal(SeatNumber(6), take_chair), Refusal::NoDevice);
    assert_eq!(group.refusal(newcomer, take_chair), Refusal::NotAgreed);
    assert_eq!(group.refusal(BEN, take_chair), Refusal::Presenting);
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::Away);
    assert_eq!(group.refusal(ADA, take_chair), Refusal::ChairNotFree);
    assert_eq!(group.refusal(SeatNumber(30), take_chair), Refusal::NoSuchSeat);
    group.done(DAN, leave);
    assert_eq!(group.refusal(DAN, take_chair), Refusal::NoSuchSeat);
    assert_eq!(facilitators(&group), [ADA]);
    group.come_back(CLEO);
    group.done(CLEO, take_chair);
    assert_eq!(facilitators(&group), [CLEO]);
}

#[test]
fn chair_14_while_whoever_set_it_up_is_away_somebody_can_offer_at_once() {
    let mut group = asked(3);
    group.drop_out(ADA);
    group.done(BEN, take_chair);
    group.done(BEN, choose(CLEO));
    group.done(BEN, begin);
    group.come_back(ADA);
    assert_eq!(group.refusal(ADA, next), Refusal::NotFacilitator);
}

#[test]
fn chair_14_who_presents_and_set_it_up_needs_nobody_to_hold_the_chair_then() {
    let mut group = asked(4);
    group.done(ADA, choose(ADA));
    group.done(ADA, offer_chair(CLEO));
    group.done(CLEO, answer_chair(true));
    group.done(BEN, take_chair);
    assert_eq!(group.view().chair.stand_in, None);
    group.done(BEN, begin);
    assert!(!group.running_view().firm);
    group.done(BEN, next);
}

#[test]
fn chair_14_it_stands_in_what_happened_as_a_hand_over_by_whoever_has_it_now() {
    let mut group = asked(3);
    group.done(BEN, take_chair);
    let last = group.session.history().pop().expect("an act");
    assert_eq!((last.by, last.what), (Some(BEN), ActKind::HandedOver { to: BEN }));
}

#[test]
fn chair_15_whoever_took_it_can_take_that_back_and_the_lobby_asks_again() {
    let mut group = asked(3);
    group.done(BEN, take_chair);
    group.undo(BEN);
    assert_eq!(facilitators(&group), [ADA]);
    assert!(group.view().chair.open_to_group);
    group.done(CLEO, take_chair);
    let step = group.step_of(CLEO);
    group.wait(seconds(10));
    assert_eq!(group.refusal(CLEO, undo(step)), Refusal::CannotUndo);
    group.done(CLEO, hand_over(BEN));
    assert!(group.view().undo.is_empty(), "what is handed over is for good");
    assert_eq!(facilitators(&group), [BEN]);
}

#[test]
fn chair_15_not_once_nobody_is_left_to_have_it_back() {
    let mut group = asked(3);
    group.done(BEN, take_chair);
    let step = group.step_of(BEN);
    group.done(ADA, leave);
    assert_eq!(facilitators(&group), [BEN]);
    assert!(group.view().undo.is_empty());
    assert_eq!(group.refusal(BEN, undo(step)), Refusal::LastFacilitator);
}

#[test]
fn chair_16_whoever_facilitates_because_the_other_left_is_in_their_place() {
    let mut group = asked(4);
    let facts = group.done(ADA, leave);
    assert!(facts.contains(&EventKind::FacilitatorSet { seat: BEN, facilitator: true }));
    assert!(group.view().chair.open_to_group);
    assert_eq!(group.refusal(BEN, take_chair), Refusal::ChairNotFree);
    group.done(CLEO, take_chair);
    assert_eq!(facilitators(&group), [CLEO]);
    assert!(!group.view().chair.open_to_group);
}

#[test]
fn chair_16_giving_it_away_answers_the_question() {
    let mut group = asked(4);
    group.done(ADA, facilitator(BEN, true));
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::ChairNotFree);
    group.done(ADA, facilitator(BEN, false));
    assert!(group.view().chair.open_to_group);
    group.done(ADA, hand_over(BEN));
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::ChairNotFree);
    group.done(BEN, hand_over(ADA));
    group.done(CLEO, take_chair);
}

#[test]
fn chair_17_from_begin_on_this_door_is_closed() {
    let mut group = asked(4);
    group.done(ADA, choose(DAN));
    group.done(ADA, begin);
    assert_eq!(group.refusal(BEN, take_chair), Refusal::ChairNotFree);
    group.undo(ADA);
    assert!(group.view().chair.open_to_group);
    group.done(ADA, begin);
    group.done(ADA, another);
    while !group.is_lobby() {
        assert_eq!(group.refusal(BEN, take_chair), Refusal::ChairNotFree);
        group.done(ADA, next);
    }
    assert!(!group.view().chair.open_to_group);
    assert_eq!(group.refusal(BEN, take_chair), Refusal::ChairNotFree);
    group.done(ADA, end);
    assert_eq!(group.refusal(BEN, take_chair), Refusal::NotNow);
}

#[test]
fn chair_14_chair_17_after_a_restart_it_is_as_before() {
    let mut group = asked(3);
    group.restart();
    assert!(group.view().chair.open_to_group);
    group.come_back(BEN);
    group.done(BEN, take_chair);
    group.restart();
    group.come_back(CLEO);
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::ChairNotFree);
    assert_eq!(facilitators(&group), [BEN]);
}
