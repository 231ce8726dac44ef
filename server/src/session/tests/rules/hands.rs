//! HAND: who would like to speak while the floor is open.

use attune_protocol::ids::SeatNumber;
use attune_protocol::method::FloorMode;
use attune_protocol::server::Refusal;

use super::super::super::{Audience, EventKind};
use super::super::support::*;

fn hands(group: &Group) -> Vec<SeatNumber> {
    group.running_view().hands
}

/// Six people in the open discussion; Ben presents and is silent.
fn discussing() -> Group {
    Group::running_in("discuss", 6, plan("ruch"))
}

/// Ada, Cleo, who is the consultant, and Ben, who presents, talk; Dan and Eve observe.
fn consulting() -> Group {
    let open = edited(&plan("bells"), |raw| {
        let consult = raw.phases.iter_mut().find(|phase| phase.id == slug("consult"));
        consult.expect("a phase of the method").floor.mode = FloorMode::Open;
    });
    let mut group = Group::of(5, open);
    group.done(ADA, role(CLEO, Some("consultant")));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    while group.phase() != "consult" {
        group.done(ADA, next);
    }
    assert_eq!(group.speakers(), [ADA, BEN, CLEO]);
    group
}

#[test]
fn hand_1_hands_stand_in_the_order_in_which_they_went_up() {
    let mut group = discussing();
    for seat in [EVE, CLEO, DAN] {
        assert_eq!(group.done(seat, raise(seat)), [EventKind::HandRaised { seat }]);
    }
    assert_eq!(hands(&group), [EVE, CLEO, DAN]);
    group.nothing(CLEO, raise(CLEO));
    group.done(EVE, lower(EVE));
    group.done(EVE, raise(EVE));
    assert_eq!(hands(&group), [CLEO, DAN, EVE], "who asks again asks last");
    let members = group.session.view(Audience::Members);
    assert_eq!(members, group.view(), "everyone sees them");
    group.enter();
    let newcomers = serde_json::to_string(&group.session.view(Audience::Newcomers)).expect("writes");
    assert!(!newcomers.contains("hands"));
}

#[test]
fn hand_2_where_the_floor_is_open_and_nowhere_else() {
    let mut group = Group::of(4, plan("case-clinic"));
    assert_eq!(group.refusal(CLEO, raise(CLEO)), Refusal::NotNow, "in the lobby nobody has to ask");
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    let mut seen = Vec::new();
    loop {
        let mode = group.view().floor.mode;
        seen.push(mode);
        let may = mode == FloorMode::Open && group.speakers().contains(&CLEO);
        if may {
            group.done(CLEO, raise(CLEO));
        } else {
            assert_eq!(group.refusal(CLEO, raise(CLEO)), Refusal::NotNow, "{mode:?}");
        }
        group.done(ADA, next);
        if group.is_closed() {
            break;
        }
    }
    for mode in [FloorMode::None, FloorMode::Single, FloorMode::Open, FloorMode::Round] {
        assert!(seen.contains(&mode), "{mode:?} was tried");
    }
    assert_eq!(group.refusal(CLEO, raise(CLEO)), Refusal::NotNow);
}

#[test]
fn hand_2_also_in_a_round_once_its_floor_is_open() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    assert_eq!(group.refusal(CLEO, raise(CLEO)), Refusal::NotNow);
    group.done(ADA, open_floor);
    group.done(CLEO, raise(CLEO));
    assert_eq!(hands(&group), [CLEO]);
    group.done(ADA, once_more_around);
    assert_eq!(hands(&group), []);
    group.done(ADA, open_floor);
    assert_eq!(hands(&group), [], "nobody asked since");
}

#[test]
fn hand_3_the_silent_presenters_hand_is_refused_by_name() {
    let mut group = discussing();
    assert_eq!(group.refusal(BEN, raise(BEN)), Refusal::Silent);
    let newcomer = group.enter();
    assert_eq!(group.refusal(newcomer, raise(newcomer)), Refusal::NotAgreed);
    group.done(ADA, next);
    group.done(ADA, open_floor);
    group.done(BEN, raise(BEN));
    assert_eq!(hands(&group), [BEN], "back from the silence, as everyone");
}

#[test]
fn hand_3_who_has_no_part_in_the_talk_has_no_hand() {
    let mut group = consulting();
    assert_eq!(group.refusal(DAN, raise(DAN)), Refusal::NotNow);
}

#[test]
fn hand_4_a_dropped_person_keeps_their_place() {
    let mut group = discussing();
    for seat in [EVE, CLEO, DAN] {
        group.done(seat, raise(seat));
    }
    group.drop_out(EVE);
    assert_eq!(hands(&group), [EVE, CLEO, DAN]);
    group.wait(minutes(3));
    group.restart();
    assert_eq!(hands(&group), [EVE, CLEO, DAN]);
    group.come_back(EVE);
    group.done(CLEO, leave);
    assert_eq!(hands(&group), [EVE, DAN], "leaving frees the place");
    group.come_back(ADA);
    group.done(ADA, remove(EVE, 1));
    assert_eq!(hands(&group), [DAN]);
}

#[test]
fn hand_4_another_visit_begins_without_hands() {
    let mut group = discussing();
    group.done(CLEO, raise(CLEO));
    let stale = group.moment();
    group.done(ADA, next);
    assert_eq!(hands(&group), []);
    assert_eq!(group.refusal(DAN, |_| raise(DAN)(stale)), Refusal::MovedOn { by: Some(ADA) });
    assert_eq!(group.refusal(CLEO, |_| lower(CLEO)(stale)), Refusal::MovedOn { by: Some(ADA) });
    group.done(ADA, back);
    assert_eq!(hands(&group), []);
}

#[test]
fn hand_4_a_pause_leaves_them_as_they_are() {
    let mut group = discussing();
    group.done(CLEO, raise(CLEO));
    group.done(ADA, pause);
    group.done(DAN, raise(DAN));
    group.done(ADA, resume);
    assert_eq!(hands(&group), [CLEO, DAN]);
}

#[test]
fn hand_5_the_person_or_whoever_steers_takes_a_hand_down() {
    let mut group = discussing();
    for seat in [EVE, CLEO, DAN] {
        group.done(seat, raise(seat));
    }
    assert_eq!(group.refusal(DAN, lower(EVE)), Refusal::NotFacilitator);
    assert_eq!(group.refusal(BEN, lower(EVE)), Refusal::NotFacilitator);
    group.done(ADA, lower(EVE));
    group.nothing(ADA, lower(EVE));
    group.done(DAN, lower(DAN));
    assert_eq!(hands(&group), [CLEO], "two who take the same down take one");
    assert_eq!(group.refusal(ADA, lower(SeatNumber(99))), Refusal::NoSuchSeat);
}

#[test]
fn hand_5_whoever_steers_raises_it_for_a_person_without_a_device_only() {
    let mut group = discussing();
    group.done(ADA, add_person);
    let seat = SeatNumber(7);
    assert_eq!(group.refusal(ADA, raise(seat)), Refusal::NotAgreed);
    group.done(ADA, agree(seat));
    assert_eq!(group.refusal(CLEO, raise(seat)), Refusal::NotYours);
    assert_eq!(group.refusal(ADA, raise(CLEO)), Refusal::NotYours);
    group.done(ADA, raise(seat));
    group.done(ADA, raise(ADA));
    assert_eq!(hands(&group), [seat, ADA]);
}

#[test]
fn hand_6_it_is_no_record() {
    let mut group = discussing();
    let before = group.session.history();
    group.done(CLEO, raise(CLEO));
    group.done(ADA, lower(CLEO));
    assert_eq!(group.session.history(), before);
    group.done(ADA, end);
    let closed = serde_json::to_string(&group.view()).expect("writes");
    assert!(!closed.contains("hand"));
}

#[test]
fn hand_6_taking_a_step_back_leaves_hands_as_they_are() {
    let mut group = discussing();
    group.done(CLEO, raise(CLEO));
    group.done(ADA, one_more);
    group.done(DAN, raise(DAN));
    group.done(CLEO, lower(CLEO));
    group.undo(ADA);
    assert_eq!(hands(&group), [DAN]);
    group.done(ADA, next);
    group.undo(ADA);
    assert_eq!(hands(&group), [DAN], "the phase as if never left");
}

#[test]
fn hand_3_whose_role_ends_has_no_hand_and_gets_the_place_back_with_the_role() {
    let mut group = consulting();
    group.done(CLEO, raise(CLEO));
    group.done(ADA, raise(ADA));
    group.done(ADA, role(CLEO, None));
    assert_eq!(hands(&group), [ADA]);
    group.undo(ADA);
    assert_eq!(hands(&group), [CLEO, ADA]);
}
