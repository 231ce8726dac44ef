//! UNDO: who can take which step back, and until when.

use attune_protocol::client::Command;
use attune_protocol::ids::{Millis, Revision};
use attune_protocol::server::Refusal;
use attune_protocol::view::{StageView, UndoView};

use super::super::super::{CHAIR_GRACE, Outcome};
use super::super::support::*;

fn steps(group: &Group) -> Vec<UndoView> {
    group.view_of(CLEO).undo
}

#[test]
fn undo_1_each_step_can_be_taken_back_until_ten_seconds_are_over() {
    let try_after = |wait| {
        let mut group = Group::running(4, plan("ruch"));
        group.wait(minutes(1));
        group.done(ADA, next);
        let step = group.step_of(ADA);
        group.wait(wait);
        group.act(ADA, undo(step)).outcome
    };
    let last = seconds(10) - Millis(1);
    assert_eq!(try_after(last), Outcome::Done);
    assert_eq!(try_after(seconds(10)), Outcome::Refused(Refusal::CannotUndo));
}

#[test]
fn undo_1_all_kinds_of_steps() {
    let mut group = Group::of(5, plan("bells"));
    let lobby = group.view();
    let undone = |group: &mut Group| {
        group.undo(ADA);
        group.view()
    };
    group.done(ADA, choose(BEN));
    assert_eq!(undone(&mut group), lobby);
    group.done(ADA, facilitator(CLEO, true));
    assert_eq!(undone(&mut group), lobby);
    group.done(ADA, role(CLEO, Some("planner")));
    assert_eq!(undone(&mut group), lobby);
    group.done(ADA, choose(BEN));
    group.wait(seconds(10));
    group.done(ADA, begin);
    group.wait(seconds(10));
    group.done(ADA, next);
    group.wait(seconds(10));
    let running = |group: &Group| group.view().stage;
    let before = running(&group);
    for command in [next, back, end, pause, one_more] {
        group.done(ADA, command);
        assert_ne!(running(&group), before);
        group.undo(ADA);
        assert_eq!(running(&group), before);
    }
}

#[test]
fn undo_1_what_was_taken_back_or_never_was_cannot_be() {
    let mut group = Group::running(4, plan("ruch"));
    let step = group.step_of(ADA);
    group.done(ADA, undo(step));
    assert_eq!(group.refusal(ADA, undo(step)), Refusal::CannotUndo);
    assert_eq!(group.refusal(ADA, undo(Revision(9_999))), Refusal::CannotUndo);
}

#[test]
fn undo_2_only_the_person_who_did_it() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, facilitator(DAN, true));
    group.done(ADA, choose(BEN));
    group.done(DAN, begin);
    let step = group.step_of(DAN);
    assert_eq!(group.refusal(ADA, undo(step)), Refusal::NotYours);
    assert_eq!(group.refusal(CLEO, undo(step)), Refusal::NotYours);
    group.done(DAN, undo(step));
    assert!(group.is_lobby());
}

#[test]
fn undo_2_a_facilitator_who_fell_silent_by_their_step_can_take_it_back() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, choose(ADA));
    group.done(ADA, begin);
    group.done(ADA, next);
    assert_eq!(group.refusal(ADA, back), Refusal::Silent);
    group.undo(ADA);
    assert_eq!(group.phase(), "present");
}

#[test]
fn undo_3_a_later_change_of_the_same_thing_empties_the_slot() {
    let mut group = Group::running(4, plan("ruch"));
    let begun = group.step_of(ADA);
    group.done(ADA, next);
    assert_eq!(group.refusal(ADA, undo(begun)), Refusal::CannotUndo);
    let moved = group.step_of(ADA);
    group.drop_out(ADA);
    group.done(CLEO, need_pause);
    assert_eq!(group.refusal(ADA, undo(moved)), Refusal::CannotUndo, "a pause by itself counts too");
    assert!(steps(&group).is_empty());
}

#[test]
fn undo_3_a_phase_that_begins_by_itself_empties_the_slot_and_gives_none() {
    let mut group = Group::running(4, firm(&plan("ruch")));
    group.wait(minutes(10) + seconds(10));
    group.done(ADA, one_more);
    group.done(ADA, pause);
    group.done(ADA, resume);
    assert!(steps(&group).is_empty());
    group.jump();
    assert!(steps(&group).is_empty());
}

#[test]
fn undo_3_a_change_of_another_thing_leaves_the_slot() {
    let mut group = Group::running_in("discuss", 5, plan("ruch"));
    let moved = group.step_of(ADA);
    group.done(ADA, facilitator(CLEO, true));
    group.drop_out(DAN);
    group.done(EVE, leave);
    group.join();
    group.done(ADA, undo(moved));
    assert_eq!(group.phase(), "present");
    group.undo(ADA);
    assert!(group.view().seats.iter().all(|seat| seat.facilitator == (seat.seat == ADA)));
}

#[test]
fn undo_3_a_presenter_who_leaves_empties_the_slot_of_the_choice() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, choose(CLEO));
    group.done(ADA, choose(BEN));
    let step = group.step_of(ADA);
    group.done(BEN, leave);
    assert_eq!(group.refusal(ADA, undo(step)), Refusal::CannotUndo);
    assert_eq!(group.view().presenter, None);
}

#[test]
fn undo_10_removing_handing_over_and_clearing_cannot_be_taken_back() {
    let mut group = Group::of(6, plan("ruch"));
    group.wait(minutes(1));
    group.done(ADA, remove(FAY, 1));
    group.done(ADA, add_person);
    group.drop_out(EVE);
    group.done(ADA, clear(EVE));
    group.done(ADA, hand_over(BEN));
    assert!(steps(&group).is_empty());
    for step in 0..=group.session.revision().0 {
        assert_eq!(group.refusal(ADA, undo(Revision(step))), Refusal::CannotUndo);
    }
}

#[test]
fn undo_10_handing_over_empties_the_slot_of_roles() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, facilitator(CLEO, true));
    let step = group.step_of(ADA);
    group.done(ADA, hand_over(BEN));
    assert_eq!(group.refusal(ADA, undo(step)), Refusal::CannotUndo);
}

#[test]
fn undo_11_the_number_of_an_abandoned_visit_is_never_used_again() {
    let mut group = Group::running(4, plan("ruch"));
    let first = group.moment();
    group.done(ADA, next);
    let abandoned = group.moment();
    group.undo(ADA);
    assert_eq!(group.moment(), first);
    let moved = Refusal::MovedOn { by: Some(ADA) };
    assert_eq!(group.refusal(ADA, |_| next(abandoned)), moved);
    group.done(ADA, next);
    assert_eq!(group.moment().visit, abandoned.visit + 1);
    assert_eq!(group.refusal(ADA, |_| pause(abandoned)), moved);
}

#[test]
fn undo_11_a_begin_that_was_undone_leaves_its_visit_behind() {
    let mut group = Group::running(4, plan("ruch"));
    let abandoned = group.moment();
    group.undo(ADA);
    let stage = group.view().stage;
    assert_eq!(stage, StageView::Lobby { between: None });
    let refused = group.command(ADA, Command::Begin { moment: abandoned }).outcome;
    assert_eq!(refused, Outcome::Refused(Refusal::MovedOn { by: Some(ADA) }));
    group.done(ADA, begin);
    assert_eq!(group.refusal(ADA, |_| next(abandoned)), Refusal::MovedOn { by: Some(ADA) });
}

#[test]
fn undo_12_who_has_lost_the_right_takes_nothing_back() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(ADA, next);
    let step = group.step_of(ADA);
    let discussion = group.moment();
    group.done(ADA, hand_over(CLEO));
    assert_eq!(group.refusal(ADA, undo(step)), Refusal::NotFacilitator);
    assert_eq!(steps(&group), []);
    assert_eq!(group.moment(), discussion);

    // Made a member by another.
    group.done(CLEO, facilitator(ADA, true));
    group.done(ADA, pause);
    let step = group.step_of(ADA);
    group.done(CLEO, facilitator(ADA, false));
    assert_eq!(group.refusal(ADA, undo(step)), Refusal::NotFacilitator);
    assert!(group.is_paused());
}

#[test]
fn undo_12_a_stand_in_without_the_chair_takes_nothing_back() {
    let mut group = Group::running(4, plan("ruch"));
    group.drop_out(ADA);
    group.wait(CHAIR_GRACE);
    group.done(CLEO, take_chair);
    group.done(CLEO, next);
    let step = group.step_of(CLEO);
    group.come_back(ADA);
    group.done(ADA, ask_for_chair);
    assert_eq!(group.refusal(CLEO, undo(step)), Refusal::NotFacilitator);
    assert_eq!(steps(&group), []);

    // With the chair they can, also the end that takes it.
    group.drop_out(ADA);
    group.wait(CHAIR_GRACE);
    group.done(CLEO, take_chair);
    group.done(CLEO, end);
    group.undo(CLEO);
    assert!(!group.is_closed());
}

#[test]
fn undo_12_who_steps_down_or_falls_silent_by_mistake_can() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, facilitator(CLEO, true));
    group.done(ADA, facilitator(ADA, false));
    group.undo(ADA);
    assert!(group.view().seats[0].facilitator);
    group.done(CLEO, choose(ADA));
    group.done(CLEO, begin);
    group.done(ADA, next);
    group.undo(ADA);
    assert_eq!(group.phase(), "present");
}
