//! UNDO: what comes back with a step that is taken back.

use attune_protocol::server::Refusal;

use super::super::super::Outcome;
use super::super::support::*;

#[test]
fn undo_4_undoing_next_restores_the_phase_as_if_never_left() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    group.done(BEN, finish);
    group.wait(minutes(2));
    let (before, floor) = (group.running_view(), group.speakers());
    group.done(ADA, next);
    group.wait(seconds(9));
    group.undo(ADA);
    assert_eq!((group.running_view(), group.speakers()), (before, floor));
    group.wait(seconds(51));
    group.done(ADA, end);
    let record: Vec<_> = group.closed_view().phases.iter().map(|p| (p.phase, p.actual)).collect();
    assert_eq!(record, [(0, minutes(0)), (1, minutes(0)), (2, minutes(3))]);
}

#[test]
fn undo_4_undoing_next_restores_a_pause() {
    let mut group = Group::running(4, plan("ruch"));
    group.wait(minutes(4));
    group.done(ADA, pause);
    let before = group.running_view();
    group.wait(minutes(4));
    group.done(ADA, next);
    group.undo(ADA);
    assert_eq!(group.running_view(), before);
}

#[test]
fn undo_4_people_who_came_and_left_meanwhile_are_in_the_restored_round() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    group.done(BEN, finish);
    let before = group.moment();
    assert_eq!(group.turns(), [CLEO, DAN, EVE, ADA]);
    group.done(ADA, next);
    group.done(CLEO, leave);
    let late = group.join();
    group.undo(ADA);
    assert_eq!(group.turns(), [DAN, EVE, ADA, late]);
    assert_ne!(group.moment(), before, "it is another turn");
    assert_eq!(group.moment().visit, before.visit);
}

#[test]
fn undo_4_a_presenter_who_left_meanwhile_is_missing() {
    let mut group = Group::running_in("review", 5, plan("ruch"));
    group.done(BEN, leave);
    assert!(!group.is_paused(), "the review needs no presenter");
    group.undo(ADA);
    assert_eq!(group.phase(), "reflect");
    assert!(group.is_paused() && group.running_view().presenter_missing);
    assert_eq!(group.left(), minutes(15));
    assert_eq!(group.refusal(ADA, resume), Refusal::NoPresenter);
}

#[test]
fn undo_4_a_presenter_who_left_in_the_phase_empties_the_slot() {
    let mut group = Group::running_in("discuss", 5, plan("ruch"));
    group.done(BEN, leave);
    assert!(group.view_of(CLEO).undo.iter().all(|step| step.by != ADA));
}

#[test]
fn undo_5_undoing_back_restores_the_phase_that_was_left() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    group.done(BEN, finish);
    group.wait(minutes(3));
    let before = group.running_view();
    group.done(ADA, back);
    group.wait(seconds(9));
    group.undo(ADA);
    assert_eq!(group.running_view(), before);
}

#[test]
fn undo_6_undoing_begin_returns_to_a_lobby_whose_plan_can_be_changed() {
    let mut group = Group::running(4, plan("ruch"));
    group.wait(seconds(5));
    group.undo(ADA);
    assert!(group.is_lobby());
    group.done(ADA, change_plan(whole_plan("ruch")));
    group.done(ADA, choose(CLEO));
    group.done(ADA, begin);
    assert_eq!((group.phase().as_str(), group.moment().visit), ("arrive", 2));
}

#[test]
fn undo_6_a_request_for_a_pause_does_not_reach_the_next_begin() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(CLEO, need_pause);
    group.undo(ADA);
    group.wait(minutes(2));
    group.done(ADA, begin);
    group.wait(minutes(2));
    assert!(!group.is_paused());
}

#[test]
fn undo_6_the_question_of_the_chair_stands_again() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, choose(ADA));
    group.done(ADA, offer_chair(BEN));
    group.done(ADA, begin);
    group.undo(ADA);
    assert_eq!(group.view().chair.asked, Some(BEN));
    group.done(BEN, answer_chair(true));
    group.done(ADA, begin);
    assert!(!group.running_view().firm);
}

#[test]
fn undo_7_undoing_a_pause_restores_the_end_as_if_the_clock_had_run() {
    let mut group = Group::running(4, plan("ruch"));
    group.wait(minutes(4));
    let before = group.running_view();
    group.done(ADA, pause);
    group.wait(seconds(8));
    group.undo(ADA);
    assert_eq!(group.running_view(), before);
    assert_eq!(group.left(), minutes(6) - seconds(8));
}

#[test]
fn undo_7_undoing_an_extension_restores_the_end_or_rest_and_nothing_else() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(ADA, five_more);
    group.done(BEN, say_finished);
    group.undo(ADA);
    assert_eq!(group.left(), minutes(10));
    assert!(group.running_view().presenter_finished, "what the presenter said stands");
    group.wait(minutes(13));
    group.done(ADA, pause);
    group.done(ADA, five_more);
    group.undo(ADA);
    assert_eq!((group.left(), group.running_view().length), (minutes(-3), minutes(10)));
}

#[test]
fn undo_8_undoing_end_restores_the_phase_with_every_token_alive() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    let before = group.running_view();
    group.drop_out(CLEO);
    group.done(ADA, end);
    group.wait(seconds(5));
    group.come_back(CLEO);
    group.undo(ADA);
    assert_eq!(group.running_view(), before);
    group.wait(seconds(60));
    for seat in [ADA, BEN, CLEO, DAN] {
        group.come_back(seat);
    }
    assert_eq!(group.hello(9, Some(invite(0))), Outcome::Entered(EVE));
}

#[test]
fn undo_8_undoing_end_restores_the_stand_in_and_an_unanswered_request() {
    let mut group = Group::running(5, plan("ruch"));
    group.drop_out(ADA);
    group.wait(seconds(60));
    group.done(CLEO, take_chair);
    group.done(DAN, need_pause);
    group.wait(seconds(5));
    group.done(CLEO, end);
    assert_eq!((group.view().chair.stand_in, group.view().pause_request), (None, None));
    group.undo(CLEO);
    assert_eq!(group.view().chair.stand_in, Some(CLEO));
    assert_eq!(group.view().pause_request.map(|request| request.by), Some(DAN));
    group.wait(seconds(25));
    assert!(group.is_paused());
}

#[test]
fn undo_8_the_end_of_a_lobby_and_of_the_last_phase_can_be_taken_back() {
    let mut group = Group::of(2, plan("ruch"));
    group.done(ADA, end);
    assert!(group.is_closed());
    group.undo(ADA);
    assert!(group.is_lobby());
    let mut group = Group::running_in("review", 4, plan("ruch"));
    let before = group.running_view();
    group.done(ADA, next);
    group.undo(ADA);
    assert_eq!(group.running_view(), before);
}

#[test]
fn undo_8_the_presenter_can_leave_after_the_end_and_be_missed_after_undo() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    group.done(ADA, end);
    group.done(BEN, leave);
    group.undo(ADA);
    assert!(group.is_paused() && group.running_view().presenter_missing);
    assert_eq!(group.turns(), [CLEO, DAN, ADA]);
}

#[test]
fn undo_9_undoing_a_choice_restores_presenter_and_chair() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, choose(ADA));
    group.done(ADA, offer_chair(BEN));
    group.done(BEN, answer_chair(true));
    let before = group.view();
    group.done(ADA, choose(CLEO));
    assert_eq!(group.view().chair.stand_in, None, "nobody stands in for a facilitator who does not present");
    group.undo(ADA);
    let after = group.view();
    assert_eq!((after.presenter, after.chair), (before.presenter, before.chair));
}

#[test]
fn undo_9_a_choice_is_not_taken_back_while_its_case_runs() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, choose(CLEO));
    group.done(ADA, choose(BEN));
    let choice = group.step_of(ADA);
    group.done(ADA, begin);
    assert_eq!(group.refusal(ADA, undo(choice)), Refusal::Presenting);
    assert!(
        group.view_of(CLEO).undo.iter().all(|step| step.step != choice),
        "what cannot be done is not offered"
    );
    group.undo(ADA);
    group.done(ADA, undo(choice));
    assert_eq!(group.view().presenter, Some(CLEO));
}

#[test]
fn undo_9_undoing_a_new_presenter_leaves_the_case_without_one() {
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    group.wait(minutes(5));
    group.done(BEN, leave);
    let before = group.running_view();
    group.done(ADA, choose(CLEO));
    assert_eq!(group.phase(), "present");
    assert_eq!(group.view_of(CLEO).undo.len(), 1, "it is one step");
    group.undo(ADA);
    assert_eq!((group.running_view(), group.view().presenter), (before, None));
}
