//! CHAIR: who steers when the facilitators are lost, present, or hand over.

use attune_protocol::server::Refusal;

use super::super::super::Audience;
use super::super::support::*;

/// Ada is gone for long enough, and Cleo stands in.
fn stood_in() -> Group {
    let mut group = Group::running(5, plan("ruch"));
    group.drop_out(ADA);
    group.wait(seconds(60));
    group.done(CLEO, take_chair);
    group
}

#[test]
fn chair_1_chair_5_the_chair_is_free_after_60_seconds() {
    let mut group = Group::running(4, plan("ruch"));
    assert_eq!(group.view().chair.free_at, None);
    group.wait(minutes(3));
    group.drop_out(ADA);
    let free_at = group.now + seconds(60);
    assert_eq!(group.view_of(CLEO).chair.free_at, Some(free_at));
    group.wait(seconds(60) - attune_protocol::ids::Millis(1));
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::ChairNotFree);
    group.wait(attune_protocol::ids::Millis(1));
    group.done(CLEO, take_chair);
    assert_eq!(group.view().chair.free_at, None);
}

#[test]
fn chair_1_a_connected_co_facilitator_keeps_it() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(ADA, facilitator(DAN, true));
    group.drop_out(ADA);
    group.wait(minutes(5));
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::ChairNotFree);
    group.drop_out(DAN);
    group.wait(seconds(60));
    group.done(CLEO, take_chair);
}

#[test]
fn chair_1_a_co_facilitator_in_silence_keeps_nothing() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, facilitator(BEN, true));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    group.done(ADA, next);
    group.drop_out(ADA);
    group.wait(seconds(60));
    group.done(CLEO, take_chair);
}

#[test]
fn chair_1_a_case_that_time_leads_is_led_while_its_facilitator_is_connected() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, choose(ADA));
    group.done(ADA, begin);
    group.done(ADA, next);
    group.wait(minutes(5));
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::ChairNotFree);
    group.drop_out(ADA);
    group.wait(seconds(60));
    group.done(CLEO, take_chair);
}

#[test]
fn chair_2_any_person_who_has_agreed_takes_it_except_the_silent_presenter() {
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    let newcomer = group.enter();
    group.drop_out(ADA);
    group.wait(seconds(60));
    assert_eq!(group.refusal(BEN, take_chair), Refusal::Silent);
    assert_eq!(group.refusal(newcomer, take_chair), Refusal::NotAgreed);
    group.done(DAN, take_chair);
    group.done(DAN, next);
}

#[test]
fn chair_2_not_in_the_lobby_and_not_after_the_end() {
    let mut group = Group::of(3, plan("ruch"));
    group.drop_out(ADA);
    group.wait(minutes(5));
    assert_eq!(group.view().chair.free_at, None);
    assert_eq!(group.refusal(BEN, take_chair), Refusal::NotNow);
    let mut group = stood_in();
    group.done(CLEO, end);
    assert_eq!(group.refusal(DAN, take_chair), Refusal::NotNow);
}

#[test]
fn chair_3_before_after_return_and_after_another_it_is_not_free() {
    let mut group = Group::running(5, plan("ruch"));
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::ChairNotFree);
    group.drop_out(ADA);
    group.wait(minutes(5));
    group.come_back(ADA);
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::ChairNotFree);
    group.drop_out(ADA);
    group.wait(seconds(59));
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::ChairNotFree, "the grace begins anew");
    group.wait(seconds(1));
    group.done(DAN, take_chair);
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::ChairNotFree);
    assert_eq!(group.refusal(CLEO, next), Refusal::NotFacilitator);
}

#[test]
fn chair_4_everyone_sees_who_took_it() {
    let group = stood_in();
    for seat in [BEN, CLEO, DAN] {
        assert_eq!(group.view_of(seat).chair.stand_in, Some(CLEO));
    }
    assert_eq!(group.session.audience(CLEO), Audience::Steering);
}

#[test]
fn chair_6_a_facilitator_has_it_back_on_asking_and_not_unasked() {
    let mut group = stood_in();
    group.come_back(ADA);
    assert_eq!(group.refusal(ADA, next), Refusal::ChairHeld);
    assert_eq!(group.refusal(DAN, ask_for_chair), Refusal::NotFacilitator);
    group.done(ADA, ask_for_chair);
    group.nothing(ADA, ask_for_chair);
    group.done(ADA, next);
    assert_eq!(group.refusal(CLEO, next), Refusal::NotFacilitator);
}

#[test]
fn chair_6_the_silent_presenter_does_not_have_it_back() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, choose(ADA));
    group.done(ADA, offer_chair(BEN));
    group.done(BEN, answer_chair(true));
    group.done(ADA, begin);
    group.done(BEN, next);
    assert_eq!(group.refusal(ADA, ask_for_chair), Refusal::Silent);
    group.done(BEN, next);
    group.done(ADA, ask_for_chair);
    group.done(ADA, next);
}

#[test]
fn chair_7_standing_in_ends_with_the_session_by_leaving_and_by_removal() {
    let mut group = stood_in();
    group.done(CLEO, end);
    assert_eq!(group.view().chair.stand_in, None);
    let mut group = stood_in();
    group.done(CLEO, leave);
    assert_eq!(group.view().chair.stand_in, None);
    let free_at = group.now + seconds(60);
    assert_eq!(group.view().chair.free_at, Some(free_at));
    let mut group = stood_in();
    group.come_back(ADA);
    group.done(ADA, ask_for_chair);
    group.done(ADA, remove(CLEO, 1));
    assert_eq!(group.view().chair.stand_in, None);
}

#[test]
fn chair_7_a_stand_in_who_falls_silent_stands_in_no_longer() {
    let mut group = stood_in();
    group.done(BEN, leave);
    group.done(CLEO, choose(CLEO));
    assert_eq!(group.view().chair.stand_in, Some(CLEO));
    group.done(CLEO, next);
    assert_eq!(group.view().chair.stand_in, None);
    assert_eq!(group.refusal(CLEO, next), Refusal::NotFacilitator);
    group.wait(seconds(60));
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::Silent);
    group.done(DAN, take_chair);
}

#[test]
fn chair_8_a_stand_in_may_not_do_what_lasts() {
    let mut group = stood_in();
    assert_eq!(group.refusal(CLEO, facilitator(CLEO, true)), Refusal::StandIn);
    assert_eq!(group.refusal(CLEO, facilitator(ADA, false)), Refusal::StandIn);
    assert_eq!(group.refusal(CLEO, role(DAN, None)), Refusal::StandIn);
    assert_eq!(group.refusal(CLEO, hand_over(DAN)), Refusal::StandIn);
    assert_eq!(group.refusal(CLEO, remove(ADA, 1)), Refusal::StandIn);
    assert_eq!(group.refusal(CLEO, clear(ADA)), Refusal::StandIn);
    assert!(!group.session.may_erase(&token(CLEO.0)));
    group.done(CLEO, remove(DAN, 1));
    group.done(CLEO, add_person);
}

#[test]
fn chair_9_when_the_stand_in_drops_the_same_60_seconds_free_it() {
    let mut group = stood_in();
    group.wait(minutes(5));
    group.drop_out(CLEO);
    group.wait(seconds(59));
    assert_eq!(group.refusal(DAN, take_chair), Refusal::ChairNotFree);
    group.wait(seconds(1));
    group.done(DAN, take_chair);
    group.come_back(CLEO);
    assert_eq!(group.refusal(CLEO, next), Refusal::NotFacilitator);
}

#[test]
fn chair_9_with_everyone_away_the_first_who_is_back_takes_it() {
    let mut group = stood_in();
    for seat in [BEN, CLEO, DAN, EVE] {
        group.drop_out(seat);
    }
    group.wait(minutes(5));
    group.come_back(EVE);
    group.done(EVE, take_chair);
    group.done(EVE, next);
}

#[test]
fn chair_10_facilitators_make_facilitators_and_members_again() {
    let mut group = Group::of(3, plan("ruch"));
    let reader = group.enter();
    group.done(ADA, add_person);
    assert_eq!(group.refusal(ADA, facilitator(ADA, false)), Refusal::LastFacilitator);
    assert_eq!(group.refusal(BEN, facilitator(BEN, true)), Refusal::NotFacilitator);
    assert_eq!(group.refusal(ADA, facilitator(reader, true)), Refusal::NotAgreed);
    assert_eq!(group.refusal(ADA, facilitator(EVE, true)), Refusal::NoDevice);
    group.done(ADA, facilitator(BEN, true));
    group.nothing(ADA, facilitator(BEN, true));
    group.done(BEN, facilitator(ADA, false));
    assert_eq!(group.refusal(ADA, next), Refusal::NotFacilitator);
    assert_eq!(group.refusal(BEN, facilitator(BEN, false)), Refusal::LastFacilitator);
}

#[test]
fn chair_11_handing_over_is_for_good() {
    let mut group = Group::running_in("discuss", 5, plan("ruch"));
    let newcomer = group.enter();
    group.done(ADA, add_person);
    group.drop_out(EVE);
    assert_eq!(group.refusal(ADA, hand_over(EVE)), Refusal::Away);
    assert_eq!(group.refusal(ADA, hand_over(attune_protocol::ids::SeatNumber(7))), Refusal::NoDevice);
    assert_eq!(group.refusal(ADA, hand_over(newcomer)), Refusal::NotAgreed);
    assert_eq!(group.refusal(ADA, hand_over(BEN)), Refusal::Presenting);
    assert_eq!(group.refusal(ADA, hand_over(ADA)), Refusal::NotNow);
    assert_eq!(group.refusal(CLEO, hand_over(CLEO)), Refusal::NotFacilitator);
    group.done(ADA, hand_over(CLEO));
    assert_eq!(group.refusal(ADA, next), Refusal::NotFacilitator);
    assert_eq!(group.refusal(ADA, ask_for_chair), Refusal::NotFacilitator);
    group.done(CLEO, next);
    assert!(group.session.may_erase(&token(CLEO.0)) && !group.session.may_erase(&token(ADA.0)));
}

#[test]
fn chair_11_nobody_stands_in_for_who_handed_over_before_the_start() {
    let mut group = Group::of(5, plan("ruch"));
    group.done(ADA, choose(ADA));
    group.done(ADA, offer_chair(BEN));
    group.done(BEN, answer_chair(true));
    group.done(ADA, hand_over(CLEO));
    assert_eq!(group.view().chair.stand_in, None);
    group.done(CLEO, begin);
    group.done(CLEO, next);
}

#[test]
fn chair_12_when_the_last_facilitator_leaves_the_lobby_the_first_who_agreed_facilitates() {
    let mut group = Group::of(4, plan("ruch"));
    group.drop_out(BEN);
    group.done(ADA, leave);
    assert_eq!(facilitators(&group), [CLEO]);
    group.done(CLEO, choose(DAN));
    group.done(CLEO, begin);
}

#[test]
fn chair_12_not_while_another_facilitates_and_not_once_it_has_begun() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, facilitator(DAN, true));
    group.done(ADA, leave);
    assert_eq!(facilitators(&group), [DAN]);
    let mut group = Group::running(4, plan("ruch"));
    group.done(ADA, leave);
    assert_eq!(facilitators(&group), []);
}

#[test]
fn chair_12_with_nobody_who_has_agreed_the_first_to_agree_does() {
    let mut group = Group::alone(plan("ruch"));
    let (first, second) = (group.enter(), group.enter());
    group.done(ADA, leave);
    assert_eq!(facilitators(&group), []);
    group.done(second, agree(second));
    group.done(first, agree(first));
    assert_eq!(facilitators(&group), [second]);
}

fn facilitators(group: &Group) -> Vec<attune_protocol::ids::SeatNumber> {
    group.view().seats.iter().filter(|seat| seat.facilitator).map(|seat| seat.seat).collect()
}
