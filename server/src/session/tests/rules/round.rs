//! ROUND: one at a time, then open to all.

use attune_protocol::method::{FloorMode, Role};
use attune_protocol::server::Refusal;

use super::super::support::*;

#[test]
fn round_1_the_presenter_then_members_in_joining_order_then_facilitators() {
    let mut group = Group::of(6, plan("ruch"));
    group.done(ADA, facilitator(CLEO, true));
    group.done(ADA, choose(DAN));
    group.done(ADA, begin);
    group.done(ADA, next);
    group.done(ADA, next);
    assert_eq!(group.turns(), [DAN, BEN, EVE, FAY, ADA, CLEO]);
    group.done(ADA, facilitator(CLEO, false));
    assert_eq!(group.turns(), [DAN, BEN, EVE, FAY, ADA, CLEO], "the order was fixed at entry");
}

#[test]
fn round_1_as_participant_the_presenter_has_no_first_turn() {
    let mut group = Group::of(4, whole_plan("ruch"));
    group.done(ADA, choose(CLEO));
    group.done(ADA, begin);
    assert_eq!(group.turns(), [BEN, CLEO, DAN, ADA]);
}

#[test]
fn round_2_only_roles_on_the_floor_who_have_agreed_take_turns() {
    let mut group = Group::running_in("clarify", 5, plan("case-clinic"));
    let newcomer = group.enter();
    group.drop_out(DAN);
    group.done(ADA, next);
    group.done(ADA, next);
    assert_eq!(group.phase(), "mirror");
    assert_eq!(group.turns(), [CLEO, DAN, EVE], "away people do, facilitators and Ben do not");
    assert!(!group.turns().contains(&newcomer));
}

#[test]
fn round_2_a_facilitator_made_member_gets_a_turn_last_and_a_speaker_keeps_theirs() {
    let mut group = Group::running_in("mirror", 5, plan("case-clinic"));
    group.done(ADA, facilitator(CLEO, true));
    assert_eq!(group.round().speaker, Some(CLEO), "a turn is not taken away in the middle");
    group.done(CLEO, facilitator(ADA, false));
    assert_eq!(group.turns(), [CLEO, DAN, EVE, ADA]);
    group.done(CLEO, finish);
    assert_eq!(group.speakers(), [CLEO, DAN]);
}

#[test]
fn round_2_a_facilitator_made_member_in_their_own_turn_finishes_it() {
    let mut group = Group::running_in("reflect", 3, plan("ruch"));
    group.done(ADA, facilitator(CLEO, true));
    group.done(BEN, finish);
    group.done(CLEO, finish);
    assert_eq!(group.round().speaker, Some(ADA));
    group.done(CLEO, facilitator(ADA, false));
    assert_eq!(group.speakers(), [ADA, CLEO]);
    assert_eq!(group.round().done, [BEN, CLEO], "nobody speaks twice");
    group.done(ADA, finish);
    assert_eq!(group.round().speaker, None);
}

#[test]
fn round_3_each_speaks_once_or_not_this_time() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    group.wait(minutes(9));
    assert_eq!((group.round().speaker, group.speakers()), (Some(BEN), vec![ADA, BEN]));
    group.done(BEN, finish);
    group.done(CLEO, pass);
    assert_eq!(group.speakers(), [ADA, DAN]);
    group.done(DAN, finish);
    assert_eq!(group.refusal(DAN, finish), Refusal::NotYourTurn);
    group.done(ADA, finish);
    assert_eq!(group.round().done, [BEN, CLEO, DAN, ADA]);
}

#[test]
fn round_4_after_the_last_turn_the_floor_is_open_to_the_same_roles() {
    let mut group = Group::running_in("mirror", 4, plan("case-clinic"));
    group.done(CLEO, finish);
    group.done(DAN, finish);
    assert_eq!(group.round().speaker, None);
    assert_eq!(group.view().floor.mode, FloorMode::Open);
    assert_eq!(group.speakers(), [ADA, CLEO, DAN]);
    assert_eq!(group.phase(), "mirror");
    for seat in [ADA, CLEO] {
        assert_eq!(group.refusal(seat, finish), Refusal::NotNow);
    }
    group.nothing(ADA, open_floor);
}

#[test]
fn round_5_whoever_steers_opens_the_floor_and_moves_any_turn_on() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    group.done(ADA, finish);
    assert_eq!(group.round().speaker, Some(CLEO));
    group.done(ADA, pass);
    assert_eq!(group.refusal(EVE, open_floor), Refusal::NotFacilitator);
    group.done(ADA, open_floor);
    assert_eq!(group.round().speaker, None);
    assert_eq!(group.speakers(), [ADA, BEN, CLEO, DAN, EVE]);
    group.done(ADA, next);
    assert_eq!(group.refusal(ADA, open_floor), Refusal::NotNow, "there is no round");
}

#[test]
fn round_6_at_time_the_round_changes_nothing_by_itself() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    let before = group.running_view();
    group.wait(minutes(20));
    assert_eq!(group.running_view(), before);
    group.done(ADA, pause);
    assert_eq!(group.running_view().round, before.round);
}

#[test]
fn round_7_late_joiners_come_last_by_the_moment_of_agreeing() {
    let mut group = Group::running_in("reflect", 3, plan("ruch"));
    let (first, second) = (group.enter(), group.enter());
    group.done(second, agree(second));
    group.done(first, agree(first));
    assert_eq!(group.turns(), [BEN, CLEO, ADA, second, first]);
    for seat in [BEN, CLEO, ADA, second, first] {
        group.done(seat, finish);
    }
    let last = group.join();
    assert_eq!(group.round().speaker, None);
    assert!(group.speakers().contains(&last));
}

#[test]
fn round_7_also_in_a_round_that_is_taken_up_again() {
    let mut group = Group::running_in("reflect", 3, plan("ruch"));
    group.done(BEN, finish);
    let (first, second) = (group.enter(), group.enter());
    group.done(ADA, back);
    group.done(second, agree(second));
    group.done(first, agree(first));
    group.done(ADA, next);
    assert_eq!(group.turns(), [CLEO, ADA, second, first]);
}

#[test]
fn round_7_people_without_a_device_come_last_once_they_have_agreed() {
    let mut group = Group::running_in("reflect", 3, plan("ruch"));
    group.done(ADA, add_person);
    assert_eq!(group.turns(), [BEN, CLEO, ADA]);
    group.done(ADA, agree(DAN));
    assert_eq!(group.turns(), [BEN, CLEO, ADA, DAN]);
}

#[test]
fn round_8_leavers_drop_out_and_the_next_has_the_turn() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    group.done(BEN, finish);
    group.done(DAN, leave);
    assert_eq!(group.turns(), [CLEO, EVE, ADA]);
    let stale = group.moment();
    group.done(CLEO, leave);
    assert_eq!(group.turns(), [EVE, ADA]);
    assert_eq!(group.refusal(ADA, |_| finish(stale)), Refusal::MovedOn { by: Some(CLEO) });
    assert_eq!(group.round().speaker, Some(EVE));
}

#[test]
fn round_8_removing_the_speaker_moves_the_turn_by_who_removed() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    group.done(BEN, finish);
    let stale = group.moment();
    group.done(ADA, remove(CLEO, 1));
    assert_eq!(group.round().speaker, Some(DAN));
    assert_eq!(group.refusal(EVE, |_| finish(stale)), Refusal::MovedOn { by: Some(ADA) });
}

#[test]
fn round_8_when_the_last_speaker_leaves_the_floor_is_open() {
    let mut group = Group::running_in("mirror", 4, plan("case-clinic"));
    group.done(CLEO, finish);
    group.done(DAN, leave);
    assert_eq!((group.round().speaker, group.speakers()), (None, vec![ADA, CLEO]));
}

#[test]
fn round_9_answering_and_silent_presenters_take_no_turn() {
    let mut group = Group::running_in("clarify", 4, whole_plan("action-learning"));
    assert_eq!(group.turns(), [CLEO, DAN]);
    assert_eq!(group.speakers(), [ADA, BEN, CLEO]);
    assert_eq!(group.refusal(BEN, finish), Refusal::NotYourTurn);
    group.done(CLEO, finish);
    assert_eq!(group.speakers(), [ADA, BEN, DAN]);
    while group.phase() != "resources" {
        group.done(ADA, next);
    }
    assert_eq!((group.turns(), group.speakers()), (vec![CLEO, DAN], vec![ADA, CLEO]));
}

#[test]
fn round_10_another_who_ends_a_present_persons_turn_is_refused() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    for seat in [CLEO, DAN] {
        assert_eq!(group.refusal(seat, finish), Refusal::NotYourTurn);
        assert_eq!(group.refusal(seat, pass), Refusal::NotYourTurn);
    }
    assert_eq!(group.round().speaker, Some(BEN));
}

#[test]
fn round_11_a_resumed_phase_takes_its_round_up_where_it_stood() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    group.done(BEN, finish);
    group.done(CLEO, pass);
    let round = group.round();
    group.done(ADA, next);
    group.wait(minutes(1));
    group.done(ADA, back);
    assert_eq!(group.round(), round);
    group.done(ADA, back);
    group.done(ADA, next);
    assert_eq!(group.round(), round);
    group.done(ADA, open_floor);
    group.done(ADA, next);
    group.done(ADA, back);
    assert_eq!(group.round().speaker, None, "an opened floor stays open");
}

#[test]
fn round_11_people_who_left_in_between_are_not_waited_for() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    group.done(BEN, finish);
    group.done(ADA, next);
    group.done(CLEO, leave);
    group.done(ADA, back);
    assert_eq!(group.turns(), [DAN, EVE, ADA]);
}

#[test]
fn round_12_a_round_that_is_switched_off_is_an_open_floor() {
    let open = edited(&plan("ruch"), |raw| raw.phases[2].floor.mode = FloorMode::Open);
    let mut group = Group::running_in("reflect", 4, open);
    assert_eq!(group.running_view().round, None);
    assert_eq!(group.speakers(), [ADA, BEN, CLEO, DAN]);
    assert_eq!(group.refusal(BEN, finish), Refusal::NotNow);
}

#[test]
fn round_12_a_round_of_nobody_is_an_open_floor() {
    let nobody = edited(&plan("bells"), |raw| {
        raw.phases[6].floor.speakers = [Role::Named(slug("planner"))].into();
    });
    let mut group = Group::running_in("review", 4, nobody);
    assert_eq!((group.turns(), group.speakers()), (vec![], vec![ADA]));
    assert_eq!(group.view().floor.mode, FloorMode::Open);
    group.done(ADA, role(CLEO, Some("planner")));
    assert_eq!(group.speakers(), [ADA, CLEO]);
}
