//! CASE: one presenter's pass through the phases.

use attune_protocol::server::Refusal;

use super::super::support::*;

#[test]
fn case_1_a_phase_that_needs_a_presenter_does_not_begin_without_one() {
    let mut group = Group::of(3, plan("ruch"));
    assert_eq!(group.refusal(ADA, begin), Refusal::NoPresenter);
    let mut group = Group::of(3, whole_plan("ruch"));
    group.done(ADA, begin);
    assert_eq!(group.refusal(ADA, next), Refusal::NoPresenter);
    let mut group = Group::running_in("review", 3, plan("ruch"));
    group.done(BEN, leave);
    assert_eq!(group.refusal(ADA, back), Refusal::NoPresenter);
    group.done(ADA, next);
    assert!(group.is_closed(), "the end needs nobody");
}

#[test]
fn case_2_a_presenter_who_goes_stops_the_clock() {
    for phase in ["present", "discuss", "reflect"] {
        for how in 0..3 {
            let mut group = Group::running_in(phase, 4, plan("ruch"));
            group.wait(minutes(3));
            let left = group.left();
            match how {
                0 => drop(group.done(BEN, leave)),
                1 => drop(group.done(ADA, remove(BEN, 1))),
                _ => {
                    group.drop_out(BEN);
                    group.done(ADA, clear(BEN));
                }
            }
            group.wait(minutes(50));
            assert!(group.is_paused() && group.running_view().presenter_missing);
            assert_eq!(group.left(), left);
            assert_eq!(group.refusal(ADA, resume), Refusal::NoPresenter);
            assert_eq!(group.refusal(CLEO, resume), Refusal::NotFacilitator);
        }
    }
}

#[test]
fn case_2_a_presenter_who_goes_while_paused_is_missing_too() {
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    group.done(CLEO, need_pause);
    group.wait(seconds(30));
    group.done(BEN, leave);
    for seat in [ADA, CLEO] {
        assert_eq!(group.refusal(seat, resume), Refusal::NoPresenter);
    }
    group.done(ADA, choose(CLEO));
    assert!(!group.is_paused());
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    group.done(ADA, pause);
    group.done(BEN, leave);
    group.undo(ADA);
    assert!(group.is_paused(), "taking a pause back needs the presenter as well");
    assert_eq!(group.refusal(ADA, resume), Refusal::NoPresenter);
}

#[test]
fn case_2_one_who_only_drops_stops_nothing() {
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    group.drop_out(BEN);
    group.wait(minutes(10));
    assert!(!group.is_paused() && !group.running_view().presenter_missing);
}

#[test]
fn case_3_another_presenter_starts_at_the_first_phase_that_needs_one() {
    let mut group = Group::running_in("reflect", 4, whole_plan("ruch"));
    group.done(BEN, finish);
    group.wait(minutes(2));
    group.done(BEN, leave);
    assert_eq!(group.refusal(ADA, choose(None)), Refusal::NoPresenter);
    assert_eq!(group.refusal(CLEO, choose(CLEO)), Refusal::NotFacilitator);
    let newcomer = group.enter();
    assert_eq!(group.refusal(ADA, choose(newcomer)), Refusal::NotAgreed);
    group.done(ADA, choose(CLEO));
    assert_eq!((group.phase().as_str(), group.left()), ("present", minutes(10)));
    assert!(!group.is_paused());
    group.done(ADA, next);
    assert_eq!(group.left(), minutes(25));
    group.done(ADA, next);
    assert_eq!((group.left(), group.turns()), (minutes(15), vec![CLEO, DAN, ADA]));
    group.wait(minutes(1));
    group.done(ADA, end);
    let reflect = group.closed_view().phases.into_iter().find(|phase| phase.phase == 3);
    assert_eq!(reflect.map(|phase| phase.actual), Some(minutes(3)), "the record goes on");
}

#[test]
fn case_3_also_from_a_phase_that_needs_none() {
    let mut group = Group::running_in("dialogue", 4, plan("case-clinic"));
    group.done(BEN, leave);
    assert!(!group.is_paused());
    assert_eq!(group.refusal(ADA, next), Refusal::NoPresenter);
    group.done(ADA, choose(CLEO));
    assert_eq!(group.phase(), "present");
    group.undo(ADA);
    assert_eq!((group.phase().as_str(), group.view().presenter), ("dialogue", None));
}

#[test]
fn case_4_or_the_review_where_there_is_one() {
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    assert_eq!(group.refusal(ADA, go_to_review), Refusal::NotNow);
    group.done(BEN, leave);
    assert_eq!(group.refusal(CLEO, go_to_review), Refusal::NotFacilitator);
    group.done(ADA, go_to_review);
    assert_eq!((group.phase().as_str(), group.left()), ("review", minutes(10)));
    assert!(!group.is_paused());
    group.undo(ADA);
    assert!(group.is_paused());
    group.done(ADA, go_to_review);
    group.done(ADA, next);
    assert!(group.is_closed());
}

#[test]
fn case_4_a_closing_round_is_not_where_they_look_back() {
    let mut group = Group::running_in("discuss", 4, whole_plan("ruch"));
    group.done(BEN, leave);
    group.done(ADA, go_to_review);
    assert_eq!(group.phase(), "review");
    let closing_only =
        edited(&whole_plan("ruch"), |raw| raw.phases.retain(|phase| phase.id.as_str() != "review"));
    let mut group = Group::running_in("discuss", 4, closing_only);
    group.done(BEN, leave);
    group.done(ADA, go_to_review);
    assert_eq!(group.phase(), "closing-round", "only without another");
}

#[test]
fn case_4_where_there_is_none_ahead_it_is_refused() {
    let mut group = Group::running(4, plan("action-learning"));
    group.done(BEN, leave);
    assert_eq!(group.refusal(ADA, go_to_review), Refusal::NotNow);
    let mut group = Group::running_in("close", 4, plan("case-clinic"));
    group.done(BEN, leave);
    assert_eq!(group.refusal(ADA, go_to_review), Refusal::NotNow);
    group.done(ADA, end);
}

#[test]
fn case_5_a_presenter_who_is_there_is_not_exchanged() {
    let mut group = Group::running(4, plan("ruch"));
    for _ in plan("ruch").phases() {
        assert_eq!(group.refusal(ADA, choose(CLEO)), Refusal::Presenting);
        assert_eq!(group.refusal(ADA, choose(None)), Refusal::Presenting);
        assert_eq!(group.view().presenter, Some(BEN));
        group.done(ADA, next);
    }
}

#[test]
fn case_5_during_the_arrival_the_presenter_is_still_free_to_choose() {
    let mut group = Group::of(4, whole_plan("ruch"));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    group.done(ADA, choose(CLEO));
    group.done(ADA, next);
    assert_eq!((group.view().presenter, group.speakers()), (Some(CLEO), vec![ADA, CLEO]));
    group.done(ADA, back);
    assert_eq!(group.refusal(ADA, choose(BEN)), Refusal::Presenting);
}

#[test]
fn case_6_a_connected_co_facilitator_holds_the_chair_unasked() {
    let firm = |away: bool| {
        let mut group = Group::of(4, plan("ruch"));
        group.done(ADA, facilitator(DAN, true));
        group.done(ADA, choose(ADA));
        if away {
            group.drop_out(DAN);
        }
        group.done(ADA, begin);
        group.running_view().firm
    };
    assert!(!firm(false));
    assert!(firm(true));
}

#[test]
fn case_7_a_member_who_accepts_stands_in_from_begin_on() {
    let mut group = Group::of(4, plan("ruch"));
    assert_eq!(group.refusal(ADA, offer_chair(BEN)), Refusal::NotNow, "Ada does not present");
    group.done(ADA, choose(ADA));
    assert_eq!(group.refusal(ADA, offer_chair(ADA)), Refusal::Presenting);
    assert_eq!(group.refusal(BEN, offer_chair(BEN)), Refusal::NotFacilitator);
    group.done(ADA, offer_chair(BEN));
    assert_eq!(group.refusal(CLEO, answer_chair(true)), Refusal::NotYours);
    assert_eq!(group.view_of(BEN).chair.asked, Some(BEN));
    group.done(BEN, answer_chair(true));
    group.done(ADA, one_of_the_plan());
    group.done(ADA, begin);
    assert!(!group.running_view().firm);
    assert_eq!(group.refusal(ADA, next), Refusal::ChairHeld);
    group.done(BEN, next);
}

fn one_of_the_plan() -> impl FnOnce(attune_protocol::client::Moment) -> attune_protocol::client::Command {
    change_plan(edited(&plan("ruch"), |raw| raw.phases[0].minutes = 9))
}

#[test]
fn case_7_declining_changes_nothing_else() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, choose(ADA));
    let before = group.view();
    group.done(ADA, offer_chair(BEN));
    group.done(BEN, answer_chair(false));
    assert_eq!((group.view().chair, group.view().presenter), (before.chair, Some(ADA)));
    assert_eq!(group.refusal(BEN, answer_chair(true)), Refusal::NotYours);
    group.done(ADA, offer_chair(CLEO));
    group.done(ADA, offer_chair(None));
    assert_eq!(group.refusal(CLEO, answer_chair(true)), Refusal::NotYours);
}

#[test]
fn case_7_who_accepts_later_leads_instead_of_the_time() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, choose(ADA));
    group.done(ADA, begin);
    assert!(group.running_view().firm);
    group.done(ADA, offer_chair(BEN));
    group.done(BEN, answer_chair(true));
    assert!(!group.running_view().firm);
}

#[test]
fn case_8_with_nobody_in_the_chair_the_case_runs_firm_and_the_plan_stays() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, choose(ADA));
    group.done(ADA, begin);
    assert!(group.running_view().firm);
    assert_eq!(*group.view().plan, plan("ruch"));
    group.wait(minutes(61));
    assert!(group.is_closed());
}

#[test]
fn case_8_it_is_settled_anew_for_another_presenter() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, choose(ADA));
    group.done(ADA, add_person);
    group.done(ADA, facilitator(BEN, true));
    group.drop_out(BEN);
    group.done(ADA, begin);
    assert!(group.running_view().firm);
    group.done(ADA, leave);
    group.come_back(BEN);
    group.done(BEN, choose(CLEO));
    assert!(!group.running_view().firm, "Ben leads");
    group.done(CLEO, leave);
    group.done(BEN, choose(BEN));
    assert!(group.running_view().firm, "nobody does");
}

#[test]
fn case_8_it_is_settled_for_who_was_chosen_during_the_arrival() {
    let mut group = Group::of(3, whole_plan("ruch"));
    group.done(ADA, begin);
    group.wait(minutes(9));
    group.done(ADA, choose(ADA));
    assert_eq!(group.session.deadline(), None, "the arrival that runs is not cut off");
    group.done(ADA, next);
    assert!(group.running_view().firm);
    group.undo(ADA);
    group.done(ADA, choose(BEN));
    group.done(ADA, next);
    assert!(!group.running_view().firm);
}
