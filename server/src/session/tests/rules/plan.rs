//! PLAN: what a plan is, and changing it.

use attune_protocol::method::{
    Firmness, FloorMode, Meeting, Method, NotesPolicy, Plan, PlanError, Position, RawPlan, Role,
};
use attune_protocol::server::Refusal;
use std::collections::BTreeSet;

use super::super::support::*;

fn raw(id: &str) -> RawPlan {
    RawPlan::from(plan(id))
}

#[test]
fn plan_1_the_default_is_ruchs_four_phases() {
    let catalogue = Method::catalogue().unwrap();
    assert_eq!(catalogue[0].id.as_str(), "ruch");
    let phases: Vec<_> =
        raw("ruch").phases.into_iter().map(|p| (p.id.as_str().to_owned(), p.minutes)).collect();
    let expected = [("present", 10), ("discuss", 25), ("reflect", 15), ("review", 10)];
    assert_eq!(phases, expected.map(|(id, minutes)| (id.to_owned(), minutes)));
}

#[test]
fn plan_2_its_positions_and_floors() {
    let all = BTreeSet::from([Role::Presenter, Role::Facilitator, Role::Member]);
    let group = BTreeSet::from([Role::Facilitator, Role::Member]);
    let expected = [
        (Position::Speaking, FloorMode::Single, BTreeSet::from([Role::Presenter])),
        (Position::SilentListening, FloorMode::Open, group),
        (Position::Responding, FloorMode::Round, all.clone()),
        (Position::Participant, FloorMode::Open, all),
    ];
    let phases = raw("ruch").phases.into_iter().map(|p| (p.presenter, p.floor.mode, p.floor.speakers));
    assert_eq!(phases.collect::<Vec<_>>(), expected);
}

#[test]
fn plan_3_an_arrival_stands_before_it_unless_chosen_off() {
    let arrival = &method("ruch").phases[0];
    assert!(arrival.optional && !arrival.chosen);
    assert_eq!((arrival.plan.id.as_str(), arrival.plan.minutes), ("arrive", 5));
    assert_eq!((arrival.plan.floor.mode, arrival.plan.presenter), (FloorMode::Round, Position::Participant));
    assert_eq!(whole_plan("ruch").phases()[0].id.as_str(), "arrive");
    assert_eq!(plan("ruch").phases()[0].id.as_str(), "present");
}

#[test]
fn plan_21_a_closing_round_stands_after_it_unless_chosen_off() {
    let ruch = method("ruch");
    let closing = ruch.phases.last().expect("has phases");
    assert!(closing.optional && !closing.chosen);
    assert_eq!((closing.plan.id.as_str(), closing.plan.minutes), ("closing-round", 5));
    assert_eq!((closing.plan.floor.mode, closing.plan.presenter), (FloorMode::Round, Position::Participant));
    assert_eq!(whole_plan("ruch").phases().last().map(|phase| phase.id.as_str()), Some("closing-round"));
    let minutes: u16 = RawPlan::from(plan("ruch")).phases.iter().map(|phase| phase.minutes).sum();
    assert_eq!((plan("ruch").phases().len(), minutes), (4, 60), "the default stays as it is");
}

#[test]
fn plan_21_in_the_closing_round_each_speaks_once_in_the_order_in_which_they_came() {
    let mut group = Group::running_in("closing-round", 4, whole_plan("ruch"));
    assert_eq!(
        group.turns(),
        [BEN, CLEO, DAN, ADA],
        "who presented is one of the circle, the facilitator last"
    );
    for (speaker, says) in [(BEN, finish as fn(_) -> _), (CLEO, pass), (DAN, finish), (ADA, finish)] {
        assert_eq!(group.round().speaker, Some(speaker));
        group.done(speaker, says);
    }
    assert_eq!((group.round().speaker, group.left()), (None, minutes(5)));
    group.done(ADA, next);
    assert!(group.is_closed());
}

#[test]
fn plan_4_no_phase_of_ruch_has_notes() {
    assert!(whole_plan("ruch").phases().iter().all(|phase| phase.notes == NotesPolicy::None));
}

#[test]
fn plan_5_another_plan_is_not_read() {
    let broken = |edit: &dyn Fn(&mut RawPlan)| {
        let mut raw = raw("ruch");
        edit(&mut raw);
        let text = serde_json::to_string(&raw).unwrap();
        assert!(serde_json::from_str::<Plan>(&text).is_err());
        Plan::try_from(raw).unwrap_err()
    };
    assert_eq!(broken(&|raw| raw.phases.clear()), PlanError::PhaseCount);
    assert_eq!(broken(&|raw| raw.phases = vec![raw.phases[0].clone(); 17]), PlanError::PhaseCount);
    assert_eq!(broken(&|raw| raw.phases[0].minutes = 0), PlanError::Minutes);
    assert_eq!(broken(&|raw| raw.phases[0].minutes = 181), PlanError::Minutes);
    assert_eq!(broken(&|raw| raw.phases.iter_mut().for_each(|p| p.minutes = 121)), PlanError::Minutes);
    assert_eq!(broken(&|raw| raw.phases[1].id = raw.phases[0].id.clone()), PlanError::SamePhaseTwice);
    edited(&plan("ruch"), |raw| raw.phases.iter_mut().for_each(|phase| phase.minutes = 120));
    edited(&plan("ruch"), |raw| raw.phases[0].minutes = 180);
}

#[test]
fn plan_6_a_floor_names_speakers_and_never_the_silent_presenter() {
    let broken = |edit: &dyn Fn(&mut RawPlan)| {
        let mut raw = raw("ruch");
        edit(&mut raw);
        Plan::try_from(raw).unwrap_err()
    };
    assert_eq!(broken(&|raw| raw.phases[1].floor.mode = FloorMode::None), PlanError::Floor);
    assert_eq!(broken(&|raw| raw.phases[1].floor.speakers.clear()), PlanError::Floor);
    for position in [Position::SilentListening, Position::SilentThinking, Position::Outside] {
        assert_eq!(broken(&|raw| raw.phases[0].presenter = position), PlanError::SilentSpeaker);
    }
}

#[test]
fn plan_7_whoever_steers_changes_the_plan_before_the_start() {
    let mut group = Group::of(3, plan("ruch"));
    let changed = edited(&firm(&whole_plan("ruch")), |raw| {
        raw.phases[1].minutes = 12;
        raw.phases[3].floor.mode = FloorMode::Open;
    });
    group.done(ADA, change_plan(changed.clone()));
    assert_eq!(*group.view().plan, changed);
    group.nothing(ADA, change_plan(changed.clone()));
    assert_eq!(group.refusal(BEN, change_plan(plan("bells"))), Refusal::NotFacilitator);
    assert_eq!(*group.view().plan, changed);
}

#[test]
fn plan_8_after_begin_the_plan_stands() {
    let mut group = Group::running(3, plan("ruch"));
    assert_eq!(group.refusal(ADA, change_plan(plan("bells"))), Refusal::NotNow);
    group.done(ADA, end);
    assert_eq!(group.refusal(ADA, change_plan(plan("bells"))), Refusal::NotNow);
    assert_eq!(*group.view().plan, plan("ruch"));
}

#[test]
fn plan_9_every_method_gives_valid_plans() {
    for method in Method::catalogue().unwrap() {
        let chosen = method.plan(Firmness::Guide, Meeting::Call).unwrap();
        let whole = whole_plan(method.id.as_str());
        assert!(chosen.phases().len() <= whole.phases().len() && whole.phases().len() == method.phases.len());
        assert!(method.phases.iter().all(|phase| phase.chosen || phase.optional));
    }
}

#[test]
fn plan_13_a_role_is_given_to_one_seat_at_a_time() {
    let mut group = Group::of(4, plan("bells"));
    let holders = |group: &Group| -> Vec<_> {
        group.view().seats.into_iter().filter(|seat| seat.role.is_some()).map(|seat| seat.seat).collect()
    };
    group.done(ADA, role(CLEO, Some("consultant")));
    group.done(ADA, role(DAN, Some("consultant")));
    assert_eq!(holders(&group), [DAN]);
    group.done(ADA, role(CLEO, Some("planner")));
    assert_eq!(holders(&group), [CLEO, DAN]);
    group.undo(ADA);
    assert_eq!(holders(&group), [DAN]);
    group.done(ADA, role(DAN, None));
    assert!(holders(&group).is_empty());
}

#[test]
fn plan_13_a_role_taken_over_comes_back_by_undo() {
    let mut group = Group::of(4, plan("bells"));
    group.done(ADA, role(CLEO, Some("consultant")));
    group.done(ADA, role(DAN, Some("consultant")));
    group.undo(ADA);
    let roles: Vec<_> = group.view().seats.into_iter().map(|seat| seat.role).collect();
    assert_eq!(roles, [None, None, Some(slug("consultant")), None]);
}

#[test]
fn plan_13_a_role_that_the_plan_does_not_name_is_refused() {
    let mut group = Group::of(3, plan("ruch"));
    assert_eq!(group.refusal(ADA, role(BEN, Some("consultant"))), Refusal::NotNow);
    assert_eq!(group.refusal(BEN, role(BEN, None)), Refusal::NotFacilitator);
    let mut group = Group::of(3, plan("bells"));
    assert_eq!(group.refusal(ADA, role(BEN, Some("smith"))), Refusal::NotNow);
    assert_eq!(group.refusal(ADA, role(FAY, Some("planner"))), Refusal::NoSuchSeat);
}

#[test]
fn plan_13_a_floor_whose_role_nobody_holds_is_left_to_the_facilitators() {
    let mut group = Group::running_in("consult", 4, plan("bells"));
    assert_eq!(group.speakers(), [ADA, BEN]);
    group.done(ADA, role(CLEO, Some("consultant")));
    assert_eq!(group.speakers(), [ADA, BEN, CLEO]);
    group.done(CLEO, leave);
    assert_eq!(group.speakers(), [ADA, BEN]);
}

#[test]
fn plan_14_a_view_holds_no_text_of_the_catalogue() {
    for method in Method::catalogue().unwrap() {
        let group = Group::running(3, whole_plan(method.id.as_str()));
        let view = serde_json::to_string(&group.view()).unwrap();
        for phase in &method.phases {
            let prompts = [&phase.prompts.presenter, &phase.prompts.group, &phase.prompts.facilitator];
            for text in prompts.into_iter().flatten().chain([&phase.title]).filter(|text| text.contains(' '))
            {
                assert!(!view.contains(text.as_str()), "{text}");
            }
        }
        assert!(method.ground_rules.iter().all(|rule| !view.contains(rule.as_str())));
    }
}

#[test]
fn plan_15_no_prompt_is_called_ruchs() {
    let ruch = method("ruch");
    assert!(ruch.credit.to_lowercase().starts_with("after gillian ruch’s reflective case discussion"));
    for phase in &ruch.phases {
        let prompts = [&phase.prompts.presenter, &phase.prompts.group, &phase.prompts.facilitator];
        let texts = prompts.into_iter().flatten().chain([&phase.title]).chain(&ruch.ground_rules);
        assert!(texts.into_iter().all(|text| !text.contains("Ruch")));
    }
}
