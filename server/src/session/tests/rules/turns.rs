//! ROUND: putting a turn off, another order, once more around, and minutes for a turn.

use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::method::{FloorMode, Plan};
use attune_protocol::server::Refusal;
use attune_protocol::view::ActKind;

use super::super::super::EventKind;
use super::super::support::*;

/// A round of everyone but nobody's turn is long: Ruch's, with two minutes for a turn.
fn two_minutes_each() -> Plan {
    edited(&plan("ruch"), |raw| raw.phases[2].turn_minutes = Some(2))
}

fn acts(group: &Group) -> Vec<ActKind> {
    group.session.history().into_iter().map(|act| act.what).collect()
}

#[test]
fn round_13_come_back_to_me_moves_a_turn_behind_everyone_who_waits() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    group.done(BEN, finish);
    assert_eq!(group.done(CLEO, put_off), [EventKind::TurnPutOff { seat: CLEO }]);
    assert_eq!(group.turns(), [DAN, ADA, CLEO]);
    assert_eq!(group.round().done, [BEN], "it is no turn that was had");
    group.done(DAN, finish);
    group.done(ADA, pass);
    assert_eq!(group.speakers(), [ADA, CLEO]);
    group.done(CLEO, finish);
    assert_eq!(group.round().done, [BEN, DAN, ADA, CLEO]);
}

#[test]
fn round_13_the_presenter_may_come_later_too() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    group.done(BEN, put_off);
    assert_eq!(group.turns(), [CLEO, DAN, ADA, BEN]);
}

#[test]
fn round_13_once_a_person_and_nobody_is_made_to() {
    let mut group = Group::running_in("reflect", 3, plan("ruch"));
    group.done(BEN, put_off);
    group.done(CLEO, put_off);
    group.done(ADA, put_off);
    assert_eq!(group.turns(), [BEN, CLEO, ADA]);
    assert_eq!(group.round().later, [ADA, BEN, CLEO].into());
    assert_eq!(group.refusal(BEN, put_off), Refusal::NotNow);
    assert_eq!(group.refusal(ADA, put_off), Refusal::NotNow, "nor for them");
    group.done(BEN, pass);
    group.done(CLEO, finish);
    assert_eq!(group.turns(), [ADA]);
}

#[test]
fn round_13_with_nobody_behind_them_the_turn_stays_theirs() {
    let mut group = Group::running_in("reflect", 3, plan("ruch"));
    group.done(BEN, finish);
    group.done(CLEO, finish);
    let moment = group.moment();
    group.nothing(ADA, put_off);
    assert_eq!((group.round().speaker, group.moment()), (Some(ADA), moment));
    assert!(group.round().later.is_empty());
    group.done(ADA, finish);
    assert_eq!(group.refusal(ADA, put_off), Refusal::NotNow, "the floor is open");
}

#[test]
fn round_14_the_speaker_or_whoever_steers_puts_a_turn_off() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    for seat in [CLEO, DAN] {
        assert_eq!(group.refusal(seat, put_off), Refusal::NotYourTurn);
    }
    group.done(ADA, put_off);
    assert_eq!(group.turns(), [CLEO, DAN, EVE, ADA, BEN]);
    let stale = group.moment();
    group.done(CLEO, put_off);
    assert_eq!(group.refusal(CLEO, |_| put_off(stale)), Refusal::MovedOn { by: Some(CLEO) });
}

#[test]
fn round_14_the_next_puts_an_away_speaker_off_who_then_comes_last() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    group.done(BEN, finish);
    assert_eq!(group.refusal(DAN, put_off), Refusal::NotYourTurn);
    group.drop_out(CLEO);
    assert_eq!(group.refusal(EVE, put_off), Refusal::NotYourTurn, "Dan is next");
    group.done(DAN, put_off);
    assert_eq!(group.turns(), [DAN, EVE, ADA, CLEO]);
    for seat in [DAN, EVE, ADA] {
        group.done(seat, finish);
    }
    group.come_back(CLEO);
    assert_eq!(group.speakers(), [ADA, CLEO], "back, with the turn that was kept");
    group.done(CLEO, finish);
}

#[test]
fn round_15_whoever_steers_changes_who_comes_next() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    let waiting = [CLEO, DAN, EVE, ADA];
    assert_eq!(group.refusal(DAN, order(&waiting, &[DAN, CLEO, EVE, ADA])), Refusal::NotFacilitator);
    let moment = group.moment();
    group.done(ADA, order(&waiting, &[EVE, ADA, CLEO, DAN]));
    assert_eq!(group.turns(), [BEN, EVE, ADA, CLEO, DAN]);
    assert_eq!(group.moment(), moment, "whose turn it is has not changed");
    group.done(BEN, finish);
    assert_eq!(group.round().speaker, Some(EVE));
    group.nothing(ADA, order(&[ADA, CLEO, DAN], &[ADA, CLEO, DAN]));
}

#[test]
fn round_15_an_order_names_everyone_once() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    let waiting = [CLEO, DAN, EVE, ADA];
    let wrong: [&[SeatNumber]; 6] = [
        &[],
        &[DAN, CLEO, EVE],
        &[DAN, CLEO, EVE, EVE],
        &[DAN, CLEO, EVE, ADA, ADA],
        &[DAN, CLEO, EVE, BEN],
        &[DAN, CLEO, EVE, SeatNumber(99)],
    ];
    for to in wrong {
        assert_eq!(group.refusal(ADA, order(&waiting, to)), Refusal::NotEveryone, "{to:?}");
    }
    assert_eq!(group.turns(), [BEN, CLEO, DAN, EVE, ADA]);
    assert_eq!(
        group.refusal(ADA, order(&[EVE, ADA], &[ADA, EVE])),
        Refusal::MovedOn { by: Some(ADA) },
        "that was never the order of all who wait"
    );
}

#[test]
fn round_15_without_turns_there_is_no_order() {
    let mut group = Group::running_in("reflect", 3, plan("ruch"));
    group.done(ADA, open_floor);
    assert_eq!(group.refusal(ADA, order(&[], &[])), Refusal::NotNow);
    group.done(ADA, next);
    assert_eq!(group.refusal(ADA, order(&[], &[])), Refusal::NotNow);
}

#[test]
fn round_16_of_two_orders_at_one_moment_one_holds() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    group.done(ADA, facilitator(CLEO, true));
    let (moment, seen) = (group.moment(), [CLEO, DAN, EVE, ADA]);
    group.done(CLEO, |_| order(&seen, &[DAN, CLEO, EVE, ADA])(moment));
    assert_eq!(
        group.refusal(ADA, |_| order(&seen, &[ADA, EVE, DAN, CLEO])(moment)),
        Refusal::MovedOn { by: Some(CLEO) }
    );
    assert_eq!(group.turns(), [BEN, DAN, CLEO, EVE, ADA]);
}

#[test]
fn round_16_an_order_for_an_earlier_turn_is_refused() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    let (moment, seen) = (group.moment(), [CLEO, DAN, EVE, ADA]);
    group.done(BEN, finish);
    let refusal = group.refusal(ADA, |_| order(&seen, &[ADA, EVE, DAN, CLEO])(moment));
    assert_eq!(refusal, Refusal::MovedOn { by: Some(BEN) });
}

#[test]
fn round_16_late_joiners_stay_behind_and_leavers_are_left_out() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    let seen = [CLEO, DAN, EVE, ADA];
    let late = group.join();
    group.done(DAN, leave);
    group.done(ADA, order(&seen, &[ADA, EVE, DAN, CLEO]));
    assert_eq!(group.turns(), [BEN, ADA, EVE, CLEO, late]);
}

#[test]
fn round_17_once_more_around_for_those_who_are_there_then() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    assert_eq!(group.refusal(ADA, once_more_around), Refusal::NotNow, "the first is under way");
    group.done(BEN, put_off);
    group.done(ADA, open_floor);
    let late = group.join();
    group.done(CLEO, leave);
    assert_eq!(group.refusal(DAN, once_more_around), Refusal::NotFacilitator);
    let moment = group.moment();
    group.done(ADA, once_more_around);
    assert_eq!(group.turns(), [BEN, DAN, late, ADA]);
    assert_eq!((group.round().around, group.round().done), (Some(2), vec![]));
    assert_eq!(group.view().floor.mode, FloorMode::Round);
    let refusal = group.refusal(ADA, |_| once_more_around(moment));
    assert_eq!(refusal, Refusal::MovedOn { by: Some(ADA) }, "two presses start one");
    group.done(BEN, put_off);
    assert_eq!(group.turns(), [DAN, late, ADA, BEN], "each time around has its own");
    group.done(ADA, open_floor);
    group.done(ADA, once_more_around);
    assert_eq!(group.round().around, Some(3));
}

#[test]
fn round_17_not_where_no_round_is() {
    let mut group = Group::running_in("review", 4, plan("ruch"));
    assert_eq!(group.refusal(ADA, once_more_around), Refusal::NotNow);
    let switched_off = edited(&plan("ruch"), |raw| raw.phases[2].floor.mode = FloorMode::Open);
    group = Group::running_in("reflect", 4, switched_off);
    assert_eq!(group.refusal(ADA, once_more_around), Refusal::NotNow);
}

#[test]
fn round_17_nor_for_nobody() {
    let nobody = edited(&plan("bells"), |raw| {
        raw.phases[6].floor.speakers = [attune_protocol::method::Role::Named(slug("planner"))].into();
    });
    let mut group = Group::running_in("review", 4, nobody);
    assert_eq!(group.refusal(ADA, once_more_around), Refusal::NotNow);
    group.done(ADA, role(CLEO, Some("planner")));
    group.done(ADA, once_more_around);
    assert_eq!(group.turns(), [CLEO]);
}

#[test]
fn round_19_each_turn_has_its_minutes_by_their_absolute_end() {
    let mut group = Group::running_in("reflect", 4, two_minutes_each());
    assert_eq!(group.round().turn_ends_at, Some(group.now + minutes(2)));
    group.wait(seconds(50));
    group.done(BEN, finish);
    let ends_at = group.now + minutes(2);
    assert_eq!(group.round().turn_ends_at, Some(ends_at));
    group.done(ADA, one_more);
    group.done(ADA, order(&[DAN, ADA], &[ADA, DAN]));
    assert_eq!(group.round().turn_ends_at, Some(ends_at), "neither more time nor another order changes it");
    group.done(CLEO, leave);
    assert_eq!(group.round().turn_ends_at, Some(group.now + minutes(2)), "the next has all of theirs");
    group.done(ADA, open_floor);
    assert_eq!(group.round().turn_ends_at, None);
    group.done(ADA, once_more_around);
    assert_eq!(group.round().turn_ends_at, Some(group.now + minutes(2)));
}

#[test]
fn round_19_a_pause_takes_nothing_of_them() {
    let mut group = Group::running_in("reflect", 4, two_minutes_each());
    group.wait(seconds(30));
    group.done(ADA, pause);
    assert_eq!(group.round().turn_ends_at, None);
    group.wait(minutes(9));
    group.done(ADA, resume);
    assert_eq!(group.round().turn_ends_at, Some(group.now + seconds(90)));
    group.done(ADA, pause);
    group.wait(minutes(4));
    group.done(BEN, finish);
    group.wait(minutes(4));
    group.done(ADA, resume);
    assert_eq!(group.round().turn_ends_at, Some(group.now + minutes(2)), "nor of a turn that began in it");
}

#[test]
fn round_19_taking_a_pause_back_lets_the_turn_run_as_if_it_had() {
    let mut group = Group::running_in("reflect", 4, two_minutes_each());
    let ends_at = group.round().turn_ends_at;
    group.done(ADA, pause);
    group.wait(seconds(8));
    group.undo(ADA);
    assert_eq!(group.round().turn_ends_at, ends_at);
}

#[test]
fn round_19_a_turn_that_is_taken_up_again_has_all_of_them() {
    let mut group = Group::running_in("reflect", 4, two_minutes_each());
    group.wait(minutes(1));
    let before = group.round();
    group.done(ADA, next);
    group.wait(seconds(5));
    group.undo(ADA);
    assert_eq!(group.round(), before, "as if never left");
    group.done(ADA, next);
    group.wait(minutes(3));
    group.done(ADA, back);
    assert_eq!(group.round().turn_ends_at, Some(group.now + minutes(2)));
}

#[test]
fn round_6_nothing_changes_when_the_minutes_of_a_turn_are_over() {
    let mut group = Group::running_in("reflect", 4, firm(&two_minutes_each()));
    let before = group.view();
    group.wait(minutes(15));
    assert_eq!(group.view(), before);
    assert_eq!(group.left(), Millis(0));
}

#[test]
fn round_18_without_minutes_in_the_plan_a_turn_has_none() {
    let group = Group::running_in("reflect", 4, plan("ruch"));
    assert_eq!(group.round().turn_ends_at, None);
}

#[test]
fn round_21_what_others_did_to_turns_stands_in_what_happened() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    let before = acts(&group).len();
    group.done(BEN, put_off);
    assert_eq!(acts(&group).len(), before, "one's own turn is no steering");
    group.done(ADA, put_off);
    group.done(ADA, order(&[EVE, ADA, BEN, CLEO], &[ADA, EVE, BEN, CLEO]));
    group.done(ADA, open_floor);
    group.done(ADA, once_more_around);
    let expected = [
        ActKind::PutOffTurn { seat: CLEO },
        ActKind::OrderedRound {},
        ActKind::OpenedFloor {},
        ActKind::StartedRound {},
    ];
    assert_eq!(acts(&group)[before..], expected);
}

#[test]
fn undo_3_a_changed_round_empties_the_slot_of_the_course() {
    let changes: [fn(&mut Group); 2] = [
        |group| drop(group.done(BEN, put_off)),
        |group| drop(group.done(ADA, order(&[CLEO, DAN, ADA], &[DAN, CLEO, ADA]))),
    ];
    for change in changes {
        let mut group = Group::running_in("reflect", 4, plan("ruch"));
        group.done(ADA, one_more);
        let step = group.step_of(ADA);
        change(&mut group);
        let round = group.round();
        assert_eq!(group.refusal(ADA, undo(step)), Refusal::CannotUndo);
        assert_eq!(group.round(), round);
    }
}

#[test]
fn round_18_a_plan_without_minutes_for_turns_is_written_as_ever() {
    let group = Group::running_in("reflect", 3, plan("ruch"));
    assert!(!serde_json::to_string(&group.log).expect("writes").contains("turnMinutes"));
    let with = Group::running_in("reflect", 3, two_minutes_each());
    assert!(serde_json::to_string(&with.log).expect("writes").contains("\"turnMinutes\":2"));
}
