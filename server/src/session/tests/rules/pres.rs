//! PRES: who is here, who is away, and who is gone.

use attune_protocol::ids::Timestamp;
use attune_protocol::server::{CloseCode, Refusal};

use super::super::super::{EventKind, Input, LOSSES_WITHIN, MOST_LOSSES, Outcome};
use super::super::support::*;

fn away_since(group: &Group, seat: attune_protocol::ids::SeatNumber) -> Option<Timestamp> {
    group.view().seats.into_iter().find(|view| view.seat == seat).unwrap().away_since
}

#[test]
fn pres_1_a_second_socket_of_a_seat_writes_nothing() {
    let mut group = Group::running(3, plan("ruch"));
    let before = group.log.len();
    group.come_back(BEN);
    assert_eq!(group.log.len(), before);
    group.drop_out(BEN);
    group.drop_out(BEN);
    assert_eq!(group.log.len(), before + 1);
}

#[test]
fn pres_13_a_seat_that_flickers_writes_no_more_until_it_rests() {
    let mut group = Group::running(3, plan("ruch"));
    for _ in 1..MOST_LOSSES {
        group.drop_out(BEN);
        group.come_back(BEN);
    }
    group.drop_out(BEN);
    let before = group.log.len();
    assert_eq!(group.hello(BEN.0, None), Outcome::TurnedAway(CloseCode::TooFast));
    assert_eq!(group.log.len(), before);
    group.drop_out(CLEO);
    group.come_back(CLEO);
    group.wait(LOSSES_WITHIN);
    group.come_back(BEN);
}

#[test]
fn pres_2_the_others_see_since_when_a_seat_is_away() {
    let mut group = Group::running(3, plan("ruch"));
    group.wait(minutes(1));
    let dropped = group.now;
    group.drop_out(CLEO);
    group.wait(minutes(2));
    assert_eq!(away_since(&group, CLEO), Some(dropped));
    group.come_back(CLEO);
    assert_eq!(away_since(&group, CLEO), None);
}

#[test]
fn pres_3_who_reconnects_is_the_same_person() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    group.done(ADA, facilitator(DAN, true));
    let (before, floor, stage) = (group.view().seats, group.speakers(), group.view().stage);
    for seat in [ADA, BEN, CLEO, DAN] {
        group.drop_out(seat);
    }
    group.wait(minutes(1));
    for seat in [DAN, CLEO, BEN, ADA] {
        group.come_back(seat);
    }
    assert_eq!((group.view().seats, group.speakers(), group.view().stage), (before, floor, stage));
    assert_eq!((group.view().presenter, group.left()), (Some(BEN), minutes(14)));
}

#[test]
fn pres_3_the_silent_presenter_comes_back_to_silence() {
    let mut group = Group::running_in("discuss", 3, plan("ruch"));
    group.drop_out(BEN);
    group.come_back(BEN);
    assert_eq!(group.speakers(), [ADA, CLEO]);
}

#[test]
fn pres_4_after_a_restart_every_seat_that_was_here_is_away_since_then() {
    let mut group = Group::running(4, firm(&plan("ruch")));
    group.drop_out(ADA);
    group.wait(seconds(59));
    let ends = group.running_view().timing;
    group.restart();
    let restarted = group.now;
    for seat in [ADA, BEN, CLEO, DAN] {
        assert_eq!(away_since(&group, seat), Some(restarted));
    }
    assert_eq!(group.running_view().timing, ends);
    group.come_back(CLEO);
    group.wait(seconds(59));
    assert_eq!(group.refusal(CLEO, take_chair), Refusal::ChairNotFree);
    group.wait(seconds(1));
    group.done(CLEO, take_chair);
}

#[test]
fn pres_4_phases_keep_their_due_times_over_a_restart() {
    let mut group = Group::running(4, firm(&plan("ruch")));
    let began = group.now;
    group.sleep(minutes(12));
    group.restart();
    assert_eq!(group.running_view().began_at, began + minutes(10) + seconds(15));
    assert_eq!(group.phase(), "discuss");
}

#[test]
fn pres_4_opening_a_log_of_people_who_were_all_away_writes_nothing() {
    let mut group = Group::running(2, plan("ruch"));
    group.drop_out(ADA);
    group.drop_out(BEN);
    let (dropped, before) = (group.now, group.log.len());
    group.wait(minutes(5));
    group.restart();
    assert_eq!((away_since(&group, BEN), group.log.len()), (Some(dropped), before));
}

#[test]
fn pres_6_nothing_moves_because_somebody_drops_or_comes_back() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    let before = group.running_view();
    for seat in [ADA, BEN, CLEO, DAN, EVE] {
        group.drop_out(seat);
        assert_eq!(group.running_view(), before);
    }
    group.wait(minutes(5));
    assert_eq!(group.running_view(), before);
    for seat in [BEN, ADA] {
        group.come_back(seat);
        assert_eq!(group.running_view(), before);
    }
    group.done(ADA, pause);
    let paused = group.running_view();
    group.drop_out(ADA);
    group.come_back(ADA);
    assert_eq!(group.running_view(), paused);
}

#[test]
fn pres_7_an_away_person_keeps_their_turn() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    group.done(BEN, finish);
    group.drop_out(CLEO);
    group.wait(minutes(5));
    assert_eq!(group.round().speaker, Some(CLEO));
    group.come_back(CLEO);
    group.done(CLEO, finish);
    assert_eq!(group.round().done, [BEN, CLEO]);
}

#[test]
fn pres_8_the_turn_of_an_away_person_is_moved_on_by_few() {
    let reached = || {
        let mut group = Group::running_in("reflect", 5, plan("ruch"));
        group.done(BEN, finish);
        group
    };
    let mut group = reached();
    assert_eq!(group.refusal(DAN, finish), Refusal::NotYourTurn, "Cleo is here");
    group.drop_out(CLEO);
    for seat in [BEN, EVE] {
        assert_eq!(group.refusal(seat, finish), Refusal::NotYourTurn);
        assert_eq!(group.refusal(seat, pass), Refusal::NotYourTurn);
    }
    group.done(DAN, pass);
    assert_eq!(group.round().speaker, Some(DAN));
    assert_eq!(group.refusal(EVE, finish), Refusal::NotYourTurn);
    let mut group = reached();
    group.drop_out(CLEO);
    group.done(ADA, finish);
    assert_eq!(group.round().speaker, Some(DAN));
}

#[test]
fn pres_9_leaving_is_accepted_from_everyone_everywhere() {
    for phases in 0..4 {
        let mut group = Group::running(5, plan("ruch"));
        let newcomer = group.enter();
        for _ in 0..phases {
            group.done(ADA, next);
        }
        for seat in [newcomer, CLEO, BEN, DAN, ADA, EVE] {
            group.done(seat, leave);
            assert_eq!(group.session.seat_ended(seat, &token(seat.0)), Some(CloseCode::Left));
            assert!(group.view().seats.iter().all(|view| view.seat != seat));
        }
        assert!(group.speakers().is_empty());
    }
    let mut group = Group::of(2, plan("ruch"));
    group.done(ADA, leave);
    group.done(BEN, leave);
    assert!(group.view().seats.is_empty());
}

#[test]
fn pres_10_a_seat_is_cleared_of_who_is_away_or_without_a_device() {
    let mut group = Group::running(4, plan("ruch"));
    assert_eq!(group.refusal(ADA, clear(CLEO)), Refusal::NotAway);
    group.drop_out(CLEO);
    assert_eq!(group.refusal(DAN, clear(CLEO)), Refusal::NotFacilitator);
    group.done(ADA, clear(CLEO));
    assert_eq!(group.session.seat_ended(CLEO, &token(CLEO.0)), Some(CloseCode::Left));
    assert_eq!(group.refusal(ADA, clear(CLEO)), Refusal::NoSuchSeat);
    assert_eq!(group.refusal(ADA, clear(ADA)), Refusal::NotNow);
    group.done(ADA, add_person);
    group.done(ADA, clear(EVE));
    assert!(group.view().seats.iter().all(|seat| seat.seat != EVE));
    assert_eq!(group.turned_away(CLEO.0, Some(invite(0))), CloseCode::Left);
}

#[test]
fn pres_11_a_seat_away_for_ten_minutes_does_not_count_toward_full() {
    let mut group = Group::of(12, plan("ruch"));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    for seat in [ADA, BEN, CLEO] {
        group.drop_out(seat);
    }
    group.wait(minutes(10) - seconds(1));
    assert_eq!(group.turned_away(50, Some(invite(0))), CloseCode::Full);
    group.wait(seconds(1));
    assert!(matches!(group.hello(50, Some(invite(0))), Outcome::Entered(_)));
    assert_eq!(
        group.turned_away(51, Some(invite(0))),
        CloseCode::Full,
        "whoever presents or facilitates counts"
    );
    group.come_back(CLEO);
    assert_eq!(group.view().seats.len(), 13, "and a seat is kept");
}

#[test]
fn pres_12_a_seat_without_a_device_is_never_away() {
    let mut group = Group::running(2, plan("ruch"));
    group.done(ADA, add_person);
    group.drop_out(CLEO);
    assert_eq!(away_since(&group, CLEO), None);
    group.restart();
    assert_eq!(away_since(&group, CLEO), None);
    assert_eq!(away_since(&group, BEN), Some(group.now));
}

#[test]
fn pres_12_a_seat_without_a_device_alone_is_nobody_to_reopen_for() {
    let mut group = Group::alone(plan("ruch"));
    group.done(ADA, add_person);
    group.drop_out(ADA);
    let decision = group.input(Input::Reopen);
    assert!(decision.events.iter().all(|event| event.what != EventKind::Reopened {}));
}
