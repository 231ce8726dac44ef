//! PLAN: the methods of the catalogue, run whole from their data.

use attune_protocol::ids::SeatNumber;
use attune_protocol::method::{FloorMode, Plan, PlanPhase, Position, Role};
use attune_protocol::server::Refusal;
use std::collections::BTreeSet;

use super::super::support::*;

/// What a phase must look like when it begins: its id, mode, speakers, turns.
type Expected<'a> = (&'a str, FloorMode, &'a [SeatNumber], &'a [SeatNumber]);

fn assert_phase(group: &Group, expected: Expected<'_>) {
    let (id, mode, speakers, turns) = expected;
    assert_eq!(group.phase(), id);
    assert_eq!((group.view().floor.mode, group.speakers().as_slice()), (mode, speakers), "{id}");
    let round = group.running_view().round;
    let order: Vec<_> = round.into_iter().flat_map(|r| r.speaker.into_iter().chain(r.next)).collect();
    assert_eq!(order, turns, "{id}");
}

/// Ends every turn of a round by its own speaker; afterwards the floor is open.
fn go_round(group: &mut Group) {
    if group.running_view().round.is_none() {
        return;
    }
    while let Some(speaker) = group.running_view().round.and_then(|round| round.speaker) {
        group.done(speaker, finish);
    }
    assert_eq!(group.view().floor.mode, FloorMode::Open);
}

/// Runs the plan by hand: Ada facilitates, Ben presents, Cleo and Dan are members.
fn run(mut group: Group, expected: &[Expected<'_>]) {
    for &phase in expected {
        assert_phase(&group, phase);
        let planned = group.view().plan.phases()[group.running_view().phase].clone();
        assert_eq!(group.left(), planned.length());
        if planned.presenter.is_silent() {
            assert_eq!(group.refusal(BEN, resume), Refusal::Silent);
        }
        go_round(&mut group);
        group.wait(planned.length());
        group.done(ADA, next);
    }
    let record = group.closed_view().phases;
    assert_eq!(record.len(), expected.len());
    assert!(record.iter().all(|phase| phase.actual == phase.planned));
}

const ALL: &[SeatNumber] = &[ADA, BEN, CLEO, DAN];

#[test]
fn plan_10_the_short_case_clinic_runs_whole() {
    use FloorMode::{None, Open, Round, Single};
    run(
        Group::running(4, plan("case-clinic")),
        &[
            ("present", Single, &[ADA, BEN], &[]),
            ("clarify", Open, ALL, &[]),
            ("still", None, &[], &[]),
            ("mirror", Round, &[ADA, CLEO], &[CLEO, DAN]),
            ("reply", Single, &[ADA, BEN], &[]),
            ("dialogue", Open, ALL, &[]),
            ("close", Round, &[ADA, BEN], &[BEN, CLEO, DAN, ADA]),
        ],
    );
}

#[test]
fn plan_10_in_its_stillness_nobody_has_the_floor_and_time_still_leads_on() {
    let mut group = Group::running_in("still", 4, firm(&plan("case-clinic")));
    assert!(group.speakers().is_empty());
    assert_eq!(group.session.position(), Some(Position::SilentThinking));
    assert!(!group.running_view().marks_two_minutes);
    group.done(CLEO, need_pause);
    group.done(ADA, hear_pause);
    group.wait(minutes(1));
    assert!(group.speakers().is_empty());
    group.wait(seconds(15));
    assert_eq!(group.phase(), "mirror");
}

#[test]
fn plan_11_the_action_learning_set_runs_whole() {
    use FloorMode::{Round, Single};
    run(
        Group::running(4, whole_plan("action-learning")),
        &[
            ("present", Single, &[ADA, BEN], &[]),
            ("clarify", Round, &[ADA, BEN, CLEO], &[CLEO, DAN]),
            ("help", Round, &[ADA, BEN, CLEO], &[CLEO, DAN]),
            ("summary", Single, &[ADA, BEN], &[]),
            ("resources", Round, &[ADA, CLEO], &[CLEO, DAN]),
            ("action", Single, &[ADA, BEN], &[]),
        ],
    );
    let group = Group::running(4, plan("action-learning"));
    assert!(group.view().plan.phases().iter().all(|phase| phase.id.as_str() != "resources"));
}

#[test]
fn plan_11_its_presenter_answers_throughout_and_takes_no_turn() {
    let mut group = Group::running_in("help", 5, plan("action-learning"));
    for speaker in [CLEO, DAN, EVE] {
        assert_eq!(group.speakers(), [ADA, BEN, speaker]);
        assert_eq!(group.refusal(BEN, pass), Refusal::NotYourTurn);
        group.done(speaker, finish);
    }
    assert_eq!(group.speakers(), [ADA, BEN, CLEO, DAN, EVE]);
}

#[test]
fn plan_12_bells_that_ring_runs_whole() {
    use FloorMode::{Open, Round, Single};
    let mut group = Group::of(5, plan("bells"));
    group.done(ADA, begin);
    assert_phase(&group, ("roles", Single, &[ADA], &[]));
    assert_eq!(group.refusal(ADA, next), Refusal::NoPresenter);
    group.done(ADA, role(CLEO, Some("consultant")));
    group.done(ADA, role(DAN, Some("planner")));
    group.done(ADA, choose(BEN));
    group.wait(minutes(3));
    group.done(ADA, next);
    let expected: &[Expected<'_>] = &[
        ("present", Single, &[ADA, BEN], &[]),
        ("consult", Single, &[ADA, BEN, CLEO], &[]),
        ("reflect", Open, &[ADA, EVE], &[]),
        ("feedback", Single, &[ADA, BEN, CLEO], &[]),
        ("plan", Single, &[ADA, DAN], &[]),
        ("review", Round, &[ADA, BEN], &[BEN, CLEO, DAN, EVE, ADA]),
    ];
    for &phase in expected {
        assert_phase(&group, phase);
        go_round(&mut group);
        group.done(ADA, next);
    }
    assert!(group.is_closed());
}

#[test]
fn plan_12_a_role_given_in_the_middle_has_the_floor_at_once() {
    let mut group = Group::running_in("plan", 5, plan("bells"));
    assert_eq!(group.speakers(), [ADA]);
    group.done(ADA, role(EVE, Some("planner")));
    assert_eq!(group.speakers(), [ADA, EVE]);
    group.done(ADA, role(DAN, Some("planner")));
    assert_eq!(group.speakers(), [ADA, DAN]);
}

#[test]
fn plan_9_every_method_runs_whole_by_time_alone() {
    for id in &method_ids() {
        for plan in [plan(id), whole_plan(id)] {
            let mut group = Group::running(4, firm(&plan));
            let phases = plan.phases().len() as i64;
            group.wait(plan.length_from(0) + seconds(15 * phases));
            assert!(group.is_closed());
        }
    }
}

/// Whose role this is: Ada facilitates, Ben presents, Cleo asks and Dan plans where the method has these roles.
fn seats_of(role: &Role, plan: &Plan) -> Vec<SeatNumber> {
    let mut roles = plan.phases().iter().flat_map(|phase| &phase.floor.speakers);
    let has_roles = roles.any(|role| matches!(role, Role::Named(_)));
    match role {
        Role::Presenter => vec![BEN],
        Role::Facilitator => vec![ADA],
        Role::Member if has_roles => vec![EVE, FAY],
        Role::Member => vec![CLEO, DAN, EVE, FAY],
        Role::Named(name) => vec![if name.as_str() == "consultant" { CLEO } else { DAN }],
    }
}

/// What the data of a phase says of its floor: whose it is, and in which order a round goes.
fn read_floor(phase: &PlanPhase, plan: &Plan) -> (Vec<SeatNumber>, Vec<SeatNumber>) {
    let named = phase.floor.speakers.iter().flat_map(|role| seats_of(role, plan));
    let mut speakers: BTreeSet<SeatNumber> = named.collect();
    let mut turns = Vec::new();
    if phase.floor.mode == FloorMode::Round {
        let comes_first = phase.presenter == Position::Responding;
        turns.extend(speakers.contains(&BEN).then_some(BEN).filter(|_| comes_first));
        turns.extend(speakers.iter().filter(|&&seat| seat != ADA && seat != BEN));
        if phase.presenter == Position::Participant && speakers.contains(&BEN) {
            turns.push(BEN);
            turns.sort();
        }
        turns.extend(speakers.contains(&ADA).then_some(ADA));
        let answers = phase.presenter == Position::Answering;
        speakers = turns.first().copied().into_iter().chain(answers.then_some(BEN)).collect();
    }
    if phase.floor.mode != FloorMode::None {
        speakers.insert(ADA);
    }
    (speakers.into_iter().collect(), turns)
}

#[test]
fn method_8_every_method_runs_whole_with_the_floors_and_positions_of_its_data() {
    for id in &method_ids() {
        for plan in [plan(id), whole_plan(id)] {
            let mut group = Group::of(6, plan.clone());
            if id == "bells" {
                group.done(ADA, role(CLEO, Some("consultant")));
                group.done(ADA, role(DAN, Some("planner")));
            }
            group.done(ADA, choose(BEN));
            group.done(ADA, begin);
            for phase in plan.phases() {
                let (speakers, turns) = read_floor(phase, &plan);
                assert_phase(&group, (phase.id.as_str(), phase.floor.mode, &speakers, &turns));
                assert_eq!(group.session.position(), Some(phase.presenter), "{id}");
                assert_eq!(group.left(), phase.length(), "{id}");
                if phase.presenter.is_silent() {
                    assert_eq!(group.refusal(BEN, take_chair), Refusal::Silent, "{id}");
                }
                go_round(&mut group);
                group.wait(phase.length());
                group.done(ADA, next);
            }
            assert!(group.is_closed(), "{id}");
            let record = group.closed_view().phases;
            assert_eq!(record.len(), plan.phases().len(), "{id}");
            assert!(record.iter().all(|part| part.actual == part.planned), "{id}");
        }
    }
}

#[test]
fn method_8_whoever_has_a_role_is_no_observer() {
    let mut group = Group::running_in("reflect", 5, plan("bells"));
    assert_eq!(group.speakers(), [ADA, CLEO, DAN, EVE]);
    group.done(ADA, role(CLEO, Some("consultant")));
    assert_eq!(group.speakers(), [ADA, DAN, EVE]);
    group.done(ADA, role(CLEO, None));
    assert_eq!(group.speakers(), [ADA, CLEO, DAN, EVE]);
}

#[test]
fn method_8_a_role_of_a_plan_that_was_changed_takes_no_floor() {
    let mut group = Group::of(4, plan("bells"));
    group.done(ADA, role(CLEO, Some("consultant")));
    group.done(ADA, change_plan(plan("ruch")));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    group.done(ADA, next);
    assert_eq!(group.speakers(), [ADA, CLEO, DAN]);
}
