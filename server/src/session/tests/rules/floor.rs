//! FLOOR: who may speak now.

use attune_protocol::display::DisplayStage;
use attune_protocol::method::{FloorMode, Plan};
use attune_protocol::server::Refusal;
use attune_protocol::view::Reminder;

use super::super::support::*;

#[test]
fn floor_1_in_mode_none_nobody_has_it() {
    let mut group = Group::running_in("still", 4, plan("case-clinic"));
    assert_eq!(group.view().floor.mode, FloorMode::None);
    assert!(group.speakers().is_empty());
    group.drop_out(ADA);
    group.wait(seconds(60));
    group.done(CLEO, take_chair);
    assert!(group.speakers().is_empty());
}

#[test]
fn floor_2_facilitators_and_the_stand_in_are_on_every_other_floor() {
    for id in &method_ids() {
        let mut group = Group::running(5, whole_plan(id));
        group.done(ADA, facilitator(EVE, true));
        while !group.is_closed() {
            if group.view().floor.mode != FloorMode::None {
                assert!(group.speakers().contains(&ADA) && group.speakers().contains(&EVE));
            }
            group.done(ADA, next);
        }
    }
    let mut group = Group::running(5, plan("ruch"));
    group.drop_out(ADA);
    group.wait(seconds(60));
    assert_eq!(group.speakers(), [ADA, BEN]);
    group.done(CLEO, take_chair);
    assert_eq!(group.speakers(), [ADA, BEN, CLEO]);
}

#[test]
fn floor_2_a_facilitator_in_silence_is_not() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, choose(ADA));
    group.done(ADA, begin);
    group.done(ADA, next);
    assert_eq!(group.speakers(), [BEN, CLEO, DAN]);
}

#[test]
fn floor_3_the_silent_presenter_is_never_on_it_whatever_the_commands() {
    // The group checks this at every event; here it meets every way of becoming one.
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    group.done(ADA, facilitator(BEN, true));
    assert_eq!(group.speakers(), [ADA, CLEO, DAN]);
    group.done(ADA, pause);
    assert_eq!(group.speakers(), [ADA, CLEO, DAN]);
    let mut group = Group::running_in("plan", 4, plan("bells"));
    group.done(ADA, role(BEN, Some("planner")));
    assert_eq!(group.speakers(), [ADA]);
}

#[test]
fn floor_4_single_and_open_give_it_to_the_roles_and_a_round_to_one() {
    let mut group = Group::running(5, plan("ruch"));
    assert_eq!((group.view().floor.mode, group.speakers()), (FloorMode::Single, vec![ADA, BEN]));
    group.done(ADA, next);
    assert_eq!((group.view().floor.mode, group.speakers()), (FloorMode::Open, vec![ADA, CLEO, DAN, EVE]));
    group.done(ADA, next);
    group.done(BEN, finish);
    assert_eq!((group.view().floor.mode, group.speakers()), (FloorMode::Round, vec![ADA, CLEO]));
}

#[test]
fn floor_4_away_people_stay_on_it() {
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    group.drop_out(CLEO);
    assert_eq!(group.speakers(), [ADA, CLEO, DAN]);
    group.done(CLEO, leave);
    assert_eq!(group.speakers(), [ADA, DAN]);
}

#[test]
fn floor_5_in_the_lobby_and_after_the_end_it_is_open_to_all_who_have_agreed() {
    let mut group = Group::of(3, plan("ruch"));
    let reader = group.enter();
    assert_eq!((group.view().floor.mode, group.speakers()), (FloorMode::Open, vec![ADA, BEN, CLEO]));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    group.done(ADA, next);
    group.done(ADA, end);
    assert_eq!((group.view().floor.mode, group.speakers()), (FloorMode::Open, vec![ADA, BEN, CLEO]));
    assert!(!group.speakers().contains(&reader));
}

#[test]
fn floor_5_a_pause_leaves_it_as_it_is() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    let before = group.view().floor;
    group.done(ADA, pause);
    assert_eq!(group.view().floor, before);
}

/// The plan of a method in which this phase holds its silence.
fn held_in(id: &str, method: &str) -> Plan {
    edited(&plan(method), |raw| {
        for phase in &mut raw.phases {
            phase.hold_silence = phase.id.as_str() == id;
        }
    })
}

/// How the floor works, as a display tells the room.
fn displayed_floor(group: &Group) -> Option<FloorMode> {
    match group.session.display_view().stage {
        DisplayStage::Running { floor, .. } => Some(floor),
        _ => None,
    }
}

#[test]
fn floor_6_after_the_case_only_whoever_told_it_may_add_something() {
    let mut group = Group::running(4, plan("first-step"));
    assert_eq!(group.speakers(), [ADA, BEN], "until then it is as in any part");
    group.done(ADA, remind(Reminder::Blame));
    assert_eq!(displayed_floor(&group), Some(FloorMode::Single));
    group.done(BEN, say_finished);
    assert_eq!((group.view().floor.mode, group.speakers()), (FloorMode::Single, vec![BEN]));
    assert_eq!(displayed_floor(&group), Some(FloorMode::None));
    group.wait(seconds(90));
    assert_eq!(group.refusal(ADA, remind(Reminder::Blame)), Refusal::NotNow);
    group.wait(minutes(10));
    assert_eq!(group.speakers(), [BEN], "over time too");
    group.done(ADA, next);
    assert!(group.speakers().contains(&ADA));
    group.done(ADA, back);
    assert_eq!(group.speakers(), [ADA, BEN], "another visit begins anew");
}

#[test]
fn floor_6_after_the_case_without_a_held_silence_nothing_changes() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(BEN, say_finished);
    assert_eq!(group.speakers(), [ADA, BEN]);
    group.done(ADA, remind(Reminder::Blame));
}

#[test]
fn floor_6_a_stand_in_who_comes_into_it_is_no_exception() {
    let mut group = Group::running(4, plan("first-step"));
    group.done(BEN, say_finished);
    group.drop_out(ADA);
    group.wait(seconds(60));
    group.done(CLEO, take_chair);
    assert_eq!(group.speakers(), [BEN]);
}

#[test]
fn floor_6_after_the_last_turn_of_a_round_nobody_speaks() {
    let mut group = Group::running_in("reflect", 3, held_in("reflect", "ruch"));
    for seat in [BEN, CLEO] {
        group.done(seat, finish);
        assert_ne!(group.view().floor.mode, FloorMode::None);
    }
    group.done(ADA, pass);
    assert_eq!((group.view().floor.mode, group.speakers()), (FloorMode::None, vec![]));
    assert_eq!(group.refusal(ADA, remind(Reminder::Advice)), Refusal::NotNow);
    assert_eq!(group.refusal(CLEO, raise(CLEO)), Refusal::NotNow);
    let late = group.join();
    assert!(!group.speakers().contains(&late));
    group.done(ADA, open_floor);
    assert_eq!(group.view().floor.mode, FloorMode::Open);
    assert_eq!(group.speakers(), [ADA, BEN, CLEO, late]);
    group.nothing(ADA, open_floor);
}

#[test]
fn floor_6_going_once_more_around_ends_it_and_leaving_by_the_last_speaker_begins_it() {
    let mut group = Group::running_in("reflect", 3, held_in("reflect", "ruch"));
    for seat in [BEN, CLEO, ADA] {
        group.done(seat, finish);
    }
    group.done(ADA, once_more_around);
    assert_eq!(group.view().floor.mode, FloorMode::Round);
    group.done(ADA, open_floor);
    assert_eq!(group.view().floor.mode, FloorMode::Open, "opened by somebody, it is open");
    group.done(ADA, once_more_around);
    group.done(BEN, finish);
    group.done(CLEO, finish);
    assert_eq!(group.view().floor.mode, FloorMode::Round);
    group.done(ADA, leave);
    assert_eq!(group.view().floor.mode, FloorMode::None);
}

#[test]
fn floor_6_a_round_with_nobody_in_it_is_open() {
    let mut group = Group::of(2, held_in("mirror", "case-clinic"));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    while group.phase() != "mirror" {
        group.done(ADA, next);
    }
    assert_eq!((group.view().floor.mode, group.speakers()), (FloorMode::Open, vec![ADA]));
}
