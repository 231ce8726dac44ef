//! Several cases in one session.

use attune_protocol::client::Moment;
use attune_protocol::display::DisplayStage;
use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::method::{Firmness, Plan};
use attune_protocol::server::Refusal;
use attune_protocol::view::{ActKind, BetweenView, MOST_CASES, StageView};

use super::super::super::{Audience, Input, LOBBY_LIFE};
use super::super::support::*;

fn between(group: &Group) -> Option<BetweenView> {
    match group.view().stage {
        StageView::Lobby { between } => between,
        _ => None,
    }
}

/// Four people, the first case over with Ben as its presenter, and another follows.
fn after_one_case() -> Group {
    after_one_case_of(plan("ruch"))
}

fn after_one_case_of(plan: Plan) -> Group {
    let last = plan.phases().last().expect("a plan has phases").id.clone();
    let mut group = Group::running_in(last.as_str(), 4, plan);
    group.done(ADA, another);
    group.wait(minutes(10));
    group.done(ADA, next);
    group
}

/// Draws for `by` with this number from chance; answers who presents then.
fn draw_with(group: &mut Group, chance: u64) -> Option<SeatNumber> {
    let (request, command) =
        (group.request(1000 + u128::from(group.session.revision().0)), draw(group.moment()));
    group.input(Input::Command { seat: ADA, request, command, chance });
    group.view().presenter
}

#[test]
fn case_9_another_case_follows_when_whoever_steers_has_said_so() {
    let mut group = Group::running_in("review", 4, plan("ruch"));
    assert_eq!(group.refusal(CLEO, another), Refusal::NotFacilitator);
    let earlier = Moment { visit: 1, turn: 0 };
    assert_eq!(group.refusal(ADA, |_| another(earlier)), Refusal::MovedOn { by: Some(ADA) });
    group.done(ADA, another);
    assert!(group.running_view().another && group.view_of(CLEO) == group.view());
    group.done(ADA, no_other);
    assert!(!group.running_view().another);
    group.done(ADA, another);
    group.done(ADA, next);
    assert_eq!(between(&group).map(|between| between.cases), Some(1));
    assert!(!group.is_closed());
}

#[test]
fn case_9_without_that_the_session_closes_and_end_closes_it_always() {
    let mut group = Group::running_in("review", 4, plan("ruch"));
    group.done(ADA, another);
    group.done(ADA, no_other);
    group.done(ADA, next);
    assert!(group.is_closed());
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    group.done(ADA, another);
    group.done(ADA, end);
    assert!(group.is_closed());
    let mut group = after_one_case();
    group.done(ADA, end);
    assert!(group.is_closed());
}

#[test]
fn case_9_a_firm_last_phase_closes_unless_another_case_was_arranged() {
    let firm = || edited(&plan("ruch"), |raw| raw.firmness = Firmness::Firm);
    let mut group = Group::running(4, firm());
    group.wait(minutes(90));
    assert!(group.is_closed());
    let mut group = Group::running(4, firm());
    group.done(ADA, another);
    group.wait(minutes(90));
    assert_eq!(between(&group).map(|between| between.cases), Some(1));
    assert_eq!(group.session.deadline(), None, "the time between two cases has no end");
    let last = group.session.history().last().cloned().expect("an act");
    assert_eq!((last.what, last.by), (ActKind::EndedCase {}, None));
    group.done(ADA, choose(CLEO));
    group.done(ADA, begin);
    assert!(!group.running_view().another, "it is said for each case anew");
    group.wait(minutes(90));
    assert!(group.is_closed());
}

#[test]
fn case_9_a_session_has_eight_cases_at_most() {
    let mut group = Group::running_in("review", 3, plan("ruch"));
    for _ in 1..MOST_CASES {
        group.done(ADA, another);
        group.done(ADA, next);
        group.done(ADA, choose(CLEO));
        group.done(ADA, begin);
        for _ in 1..plan("ruch").phases().len() {
            group.done(ADA, next);
        }
    }
    assert_eq!(group.running_view().case, Some(MOST_CASES));
    assert_eq!(group.refusal(ADA, another), Refusal::Enough);
    group.done(ADA, next);
    assert_eq!(group.closed_view().earlier.len(), MOST_CASES - 1);
}

#[test]
fn case_10_between_two_cases_people_stay_and_the_plan_may_change() {
    let mut group = after_one_case();
    let view = group.view();
    assert!(view.seats.iter().all(|seat| seat.agreed) && view.seats.len() == 4);
    assert_eq!((view.presenter, view.reserve, view.chair.stand_in), (None, None, None));
    assert_eq!(group.refusal(ADA, change_agreement(&["AQAB"])), Refusal::NotNow);
    assert_eq!(group.refusal(ADA, begin), Refusal::NoPresenter);
    assert_eq!(group.refusal(CLEO, change_plan(plan("balint"))), Refusal::NotFacilitator);
    group.done(CLEO, offer);
    group.done(ADA, choose(CLEO));
    group.done(ADA, change_plan(plan("case-clinic")));
    group.done(ADA, begin);
    let running = group.running_view();
    assert_eq!((running.phase, running.case), (0, Some(2)));
    assert_eq!(group.view().plan.method().as_str(), "case-clinic");
    assert_eq!(group.refusal(ADA, change_plan(plan("ruch"))), Refusal::NotNow);
}

#[test]
fn case_10_nothing_made_for_a_case_meets_the_time_between() {
    let mut group = Group::running_in("review", 4, plan("ruch"));
    let during = group.moment();
    group.done(ADA, another);
    group.done(ADA, next);
    let moved = Refusal::MovedOn { by: Some(ADA) };
    for stale in [during, Moment::default()] {
        assert_eq!(group.refusal(ADA, |_| end(stale)), moved);
        assert_eq!(group.refusal(ADA, |_| begin(stale)), moved);
        assert_eq!(group.refusal(ADA, |_| choose(BEN)(stale)), moved);
        assert_eq!(group.refusal(ADA, |_| draw(stale)), moved);
        for course in [next, back, pause, another] {
            assert_eq!(group.refusal(ADA, |_| course(stale)), moved);
        }
    }
    let waiting = group.moment();
    group.done(ADA, choose(CLEO));
    group.done(ADA, begin);
    assert_eq!(group.moment().visit, waiting.visit + 1);
    group.undo(ADA);
    assert_eq!(group.moment(), waiting);
}

#[test]
fn case_10_it_is_kept_as_long_as_a_session_that_has_begun() {
    let group = after_one_case();
    let kept = group.view().expires_at - group.now;
    assert!(kept < LOBBY_LIFE && kept == Millis::hours(24), "{kept:?}");
}

#[test]
fn case_11_who_has_not_agreed_learns_nothing_between_two_cases_either() {
    let mut group = after_one_case();
    let newcomer = group.enter();
    assert_eq!(group.session.audience(newcomer), Audience::Newcomers);
    let before = group.view_of(newcomer);
    assert_eq!(before.stage, StageView::Newcomer {});
    group.done(ADA, choose(CLEO));
    group.done(ADA, reserve(DAN));
    let after = group.view_of(newcomer);
    assert_eq!((after.presenter, after.reserve, after.stage), (None, None, StageView::Newcomer {}));
    group.done(newcomer, agree(newcomer));
    assert_eq!(group.view_of(newcomer).presenter, Some(CLEO));
}

#[test]
fn case_11_screens_show_neither_the_planned_day_nor_the_way_in_between_two_cases() {
    let day = START + Millis::hours(24);
    let mut group = Group::planned_for(plan("ruch"), settings(), Some(day));
    for _ in 0..3 {
        group.join();
    }
    group.done(ADA, make_display(1));
    let made = group.view().display.expect("there is a display link").made;
    group.done(ADA, set_display(made, false, true));
    let lobby = |group: &Group| match group.session.display_view().stage {
        DisplayStage::Lobby { planned_for, joining, between } => {
            (planned_for, joining.is_some(), between.is_some())
        }
        stage => panic!("{stage:?}"),
    };
    assert_eq!(lobby(&group), (Some(day), true, false));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    while group.phase() != "review" {
        group.done(ADA, next);
    }
    group.done(ADA, another);
    group.done(ADA, next);
    assert!(group.view().display.expect("it still holds").joining, "nobody has turned it off");
    assert_eq!(lobby(&group), (None, false, true));
}

#[test]
fn case_12_chance_chooses_among_those_who_are_here_and_have_not_presented() {
    let mut group = after_one_case();
    let reading = group.enter();
    group.drop_out(DAN);
    // Ben has presented, Dan is away, the newest has not agreed.
    let drawn: Vec<_> = (0..4).filter_map(|chance| draw_with(&mut group, chance)).collect();
    assert_eq!(drawn, [ADA, CLEO, ADA, CLEO]);
    assert!(group.view().drawn && group.view().presenter != Some(reading));
    assert_eq!(group.view_of(BEN), group.view(), "everyone sees that it was drawn");
    let last = group.session.history().last().map(|act| act.what.clone());
    assert_eq!(last, Some(ActKind::DrewPresenter { seat: CLEO }));
    assert_eq!(group.refusal(BEN, draw), Refusal::NotFacilitator);
    group.done(ADA, choose(ADA));
    assert!(!group.view().drawn);
    group.undo(ADA);
    assert_eq!((group.view().presenter, group.view().drawn), (Some(CLEO), true));
    group.done(ADA, begin);
    assert_eq!(group.refusal(ADA, draw), Refusal::MovedOn { by: Some(ADA) });
}

#[test]
fn case_12_among_all_once_everyone_has_presented() {
    let mut group = Group::running_in("review", 2, plan("ruch"));
    group.done(ADA, another);
    group.done(ADA, next);
    assert_eq!(draw_with(&mut group, 7), Some(ADA));
    group.done(ADA, begin);
    group.done(ADA, another);
    for _ in plan("ruch").phases() {
        group.wait(minutes(1));
        let by = if group.session.audience(ADA) == Audience::Steering { ADA } else { BEN };
        if group.act(by, next).events.is_empty() {
            group.wait(minutes(60));
        }
    }
    let presented = between(&group).expect("between two cases").presented;
    assert_eq!(presented.into_iter().collect::<Vec<_>>(), [ADA, BEN]);
    assert_eq!([0, 1].map(|chance| draw_with(&mut group, chance)), [Some(ADA), Some(BEN)]);
}

#[test]
fn case_13_a_reserve_is_named_in_case_the_presenter_cannot() {
    let mut group = after_one_case();
    group.done(ADA, choose(CLEO));
    assert_eq!(group.refusal(CLEO, reserve(DAN)), Refusal::NotFacilitator);
    assert_eq!(group.refusal(ADA, reserve(CLEO)), Refusal::Presenting);
    let reading = group.enter();
    assert_eq!(group.refusal(ADA, reserve(reading)), Refusal::NotAgreed);
    group.done(ADA, reserve(DAN));
    group.done(ADA, begin);
    assert_eq!(group.view_of(BEN).reserve, Some(DAN));
    group.done(CLEO, leave);
    assert!(group.running_view().presenter_missing);
    group.done(ADA, choose(DAN));
    assert_eq!((group.view().presenter, group.view().reserve), (Some(DAN), None));
    group.done(ADA, reserve(BEN));
    group.done(BEN, leave);
    assert_eq!(group.view().reserve, None);
}

#[test]
fn case_14_the_record_has_a_block_for_each_case() {
    let mut group = after_one_case();
    let short = edited(&plan("ruch"), |raw| raw.phases[0].minutes = 5);
    group.done(ADA, change_plan(short.clone()));
    group.wait(minutes(3));
    group.done(ADA, choose(CLEO));
    group.done(ADA, begin);
    group.wait(minutes(4));
    group.done(ADA, end);
    let record = group.closed_view();
    let [first] = record.earlier.as_slice() else { panic!("one earlier case: {record:?}") };
    assert_eq!(*first.plan, plan("ruch"));
    assert_eq!(
        first.phases.last().map(|phase| (phase.planned, phase.actual)),
        Some((minutes(10), minutes(10)))
    );
    let last: Vec<_> = record.phases.iter().map(|phase| (phase.planned, phase.actual)).collect();
    assert_eq!((last, &*group.view().plan), (vec![(minutes(5), minutes(4))], &short));
    assert_eq!(record.attendance, [ADA, BEN, CLEO, DAN]);
    assert!(record.began_at < record.closed_at && record.open_until.is_some());
}

#[test]
fn case_14_who_left_after_the_first_case_stands_in_the_record() {
    let mut group = after_one_case();
    group.done(BEN, leave);
    group.wait(minutes(5));
    group.done(ADA, end);
    let record = group.closed_view();
    assert_eq!((record.earlier.len(), record.phases.len()), (1, 0));
    assert_eq!(record.attendance, [ADA, BEN, CLEO, DAN]);
    assert!(record.open_until.is_some(), "a case took place");
}

#[test]
fn case_15_the_end_of_a_case_can_be_taken_back_while_nobody_went_on_from_it() {
    let mut group = Group::running_in("review", 4, plan("ruch"));
    group.done(ADA, reserve(DAN));
    group.done(ADA, another);
    group.wait(minutes(2));
    let before = group.view();
    group.done(ADA, next);
    assert_eq!(group.view().reserve, None, "CASE-13");
    group.wait(seconds(5));
    group.undo(ADA);
    let after = group.view();
    assert_eq!((after.presenter, after.reserve, &after.stage), (Some(BEN), Some(DAN), &before.stage));
    let goes_on: [fn(&mut Group); 5] = [
        |group| drop(group.done(ADA, begin)),
        |group| assert!(draw_with(group, 0).is_some()),
        |group| drop(group.done(ADA, choose(CLEO))),
        |group| drop(group.done(ADA, change_plan(plan("case-clinic")))),
        |group| drop(group.done(ADA, reserve(CLEO))),
    ];
    for go_on in goes_on {
        // It begins with a round of everyone, for which nobody has to be chosen.
        let mut group = after_one_case_of(whole_plan("ruch"));
        let step = group.view().undo.first().expect("a step").step;
        go_on(&mut group);
        assert_eq!(group.refusal(ADA, undo(step)), Refusal::CannotUndo);
    }
}

#[test]
fn case_16_standing_in_ends_with_the_case_and_somebody_leads_between() {
    let standing_in = || {
        let mut group = Group::running_in("review", 4, plan("ruch"));
        group.drop_out(ADA);
        group.wait(minutes(1));
        group.done(CLEO, take_chair);
        group.done(CLEO, another);
        group
    };
    let mut group = standing_in();
    group.come_back(ADA);
    group.done(CLEO, next);
    assert_eq!(group.view().chair.stand_in, None);
    assert_eq!(group.refusal(CLEO, choose(DAN)), Refusal::NotFacilitator, "Ada leads again");
    let mut group = standing_in();
    group.done(CLEO, next);
    assert_eq!(group.refusal(CLEO, choose(DAN)), Refusal::NotFacilitator);
    group.wait(minutes(1));
    group.done(CLEO, take_chair);
    group.done(CLEO, choose(DAN));
    group.come_back(ADA);
    group.done(ADA, begin);
}

#[test]
fn case_16_a_free_chair_between_two_cases_is_taken_for_good() {
    let mut group = after_one_case();
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::ChairNotFree);
    group.drop_out(ADA);
    group.wait(seconds(59));
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::ChairNotFree);
    group.wait(seconds(1));
    let free = group.view().chair.free_at.expect("the chair is free");
    assert!(free <= group.now);
    group.done(CLEO, take_chair);
    group.done(CLEO, choose(CLEO));
    assert!(group.view().seats.iter().filter(|seat| seat.facilitator).count() == 2);
}

#[test]
fn case_16_with_the_facilitators_gone_anyone_leads_on_after_a_firm_case() {
    let mut group =
        Group::running_in("review", 4, edited(&plan("ruch"), |raw| raw.firmness = Firmness::Firm));
    group.done(ADA, another);
    group.done(ADA, leave);
    group.wait(minutes(30));
    group.done(BEN, take_chair);
    group.done(BEN, choose(CLEO));
    group.done(BEN, begin);
}

#[test]
fn case_10_a_restart_between_two_cases_changes_nothing_but_who_is_here() {
    let mut group = after_one_case();
    group.done(ADA, choose(CLEO));
    group.done(ADA, reserve(DAN));
    let before = group.view();
    group.restart();
    for seat in [ADA, BEN, CLEO, DAN] {
        group.come_back(seat);
    }
    let after = group.view();
    assert_eq!(
        (after.stage, after.presenter, after.reserve),
        (before.stage, before.presenter, before.reserve)
    );
}
