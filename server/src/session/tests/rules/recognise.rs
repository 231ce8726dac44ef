//! DOOR-17 to DOOR-21: somebody who was lost and came in anew is recognised.

use attune_protocol::client::Command;
use attune_protocol::door::Door;
use attune_protocol::ids::SeatNumber;
use attune_protocol::server::{CloseCode, Refusal};
use attune_protocol::view::ActKind;

use super::super::super::Outcome;
use super::super::support::*;

/// Ruch under way with Ada, Ben who presents, Cleo and Dan; Cleo is lost and comes in anew, as the answered seat.
fn lost_and_new(phase: &str) -> (Group, SeatNumber) {
    let mut group = Group::running_in(phase, 4, plan("ruch"));
    group.drop_out(CLEO);
    let newcomer = group.enter();
    (group, newcomer)
}

#[test]
fn door_17_the_seat_keeps_what_it_had() {
    let mut group = Group::of(4, plan("bells"));
    group.done(CLEO, name(CLEO, "AQAB"));
    group.done(ADA, role(CLEO, Some("consultant")));
    group.done(ADA, facilitator(CLEO, true));
    group.drop_out(CLEO);
    let before = group.view();
    let newcomer = group.join();
    group.done(newcomer, name(newcomer, "BQAB"));
    group.done(ADA, recognise(newcomer, CLEO));
    assert_eq!(group.view().seats, before.seats, "the newcomer's seat is gone, and no other has changed");
    group.come_back_by(newcomer, CLEO);
    let cleo = group.view().seats.into_iter().find(|seat| seat.seat == CLEO).unwrap();
    assert_eq!((cleo.facilitator, cleo.role, cleo.agreed), (true, Some(slug("consultant")), true));
    assert_eq!(cleo.away_since, None);
    let names = group.session.texts().names;
    let text = names.into_iter().find(|name| name.seat == CLEO).map(|name| name.name);
    assert_eq!(text, Some(sealed("AQAB")));
    // Whoever facilitated does so again, on the new device.
    group.done(CLEO, set_door(Door::Locked));
    assert_eq!(group.refusal(newcomer, need_pause), Refusal::NoSuchSeat);
}

#[test]
fn door_17_the_silent_presenter_comes_back_silent() {
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    group.drop_out(BEN);
    let (floor, newcomer) = (group.speakers(), group.enter());
    group.done(ADA, recognise(newcomer, BEN));
    group.come_back_by(newcomer, BEN);
    assert_eq!((group.view().presenter, group.speakers()), (Some(BEN), floor));
    assert!(!group.speakers().contains(&BEN));
}

#[test]
fn door_17_places_in_the_round_are_kept_and_the_newcomers_is_gone() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    group.drop_out(CLEO);
    let before = group.turns();
    let newcomer = group.join();
    assert_eq!(group.turns().len(), before.len() + 1);
    group.done(ADA, recognise(newcomer, CLEO));
    assert_eq!(group.turns(), before);
    // Where it was the newcomer's turn the next has it, and a command for the turn before is late.
    let newcomer = group.join();
    group.drop_out(DAN);
    while group.turns()[0] != newcomer {
        group.done(ADA, finish);
    }
    let moment = group.moment();
    group.done(ADA, recognise(newcomer, DAN));
    assert!(group.round().speaker.is_none());
    assert!(matches!(group.refusal(ADA, |_| Command::FinishTurn { moment }), Refusal::MovedOn { .. }));
}

#[test]
fn door_17_the_record_counts_one_person_once() {
    let (mut group, newcomer) = lost_and_new("discuss");
    group.done(newcomer, agree(newcomer));
    group.done(ADA, recognise(newcomer, CLEO));
    group.come_back_by(newcomer, CLEO);
    group.done(ADA, end);
    assert_eq!(group.closed_view().attendance, [ADA, BEN, CLEO, DAN]);
}

#[test]
fn door_17_who_asked_for_a_pause_has_asked_still() {
    let (mut group, newcomer) = lost_and_new("discuss");
    group.done(newcomer, need_pause);
    group.done(ADA, recognise(newcomer, CLEO));
    assert_eq!(group.view().pause_request.map(|request| request.by), Some(CLEO));
}

#[test]
fn door_18_only_newcomers_are_recognised_and_only_as_who_is_away() {
    let (mut group, newcomer) = lost_and_new("discuss");
    assert_eq!(group.refusal(DAN, recognise(newcomer, CLEO)), Refusal::NotFacilitator);
    assert_eq!(group.refusal(BEN, recognise(newcomer, CLEO)), Refusal::NotFacilitator);
    assert_eq!(group.refusal(newcomer, recognise(newcomer, CLEO)), Refusal::NotFacilitator);
    assert_eq!(group.refusal(ADA, recognise(newcomer, DAN)), Refusal::NotAway);
    assert_eq!(group.refusal(ADA, recognise(newcomer, ADA)), Refusal::NotAway);
    assert_eq!(group.refusal(ADA, recognise(newcomer, SeatNumber(99))), Refusal::NoSuchSeat);
    assert_eq!(group.refusal(ADA, recognise(SeatNumber(99), CLEO)), Refusal::NoSuchSeat);
    // Who came before Cleo, presents or facilitates is not new.
    for known in [ADA, BEN, CLEO] {
        let expected = if known == CLEO { Refusal::Away } else { Refusal::NotNew };
        assert_eq!(group.refusal(ADA, recognise(known, CLEO)), expected);
    }
    // Nor is somebody without a device, on either side.
    group.done(ADA, add_person);
    let without = SeatNumber(newcomer.0 + 1);
    assert_eq!(group.refusal(ADA, recognise(without, CLEO)), Refusal::NoDevice);
    assert_eq!(group.refusal(ADA, recognise(newcomer, without)), Refusal::NoDevice);
    group.drop_out(newcomer);
    assert_eq!(group.refusal(ADA, recognise(newcomer, CLEO)), Refusal::Away);
    group.come_back(newcomer);
    group.come_back(CLEO);
    assert_eq!(group.refusal(ADA, recognise(newcomer, CLEO)), Refusal::NotAway);
}

#[test]
fn door_18_who_has_a_part_is_not_new() {
    let mut group = Group::of(4, plan("bells"));
    group.drop_out(CLEO);
    let newcomer = group.join();
    group.done(ADA, role(newcomer, Some("consultant")));
    assert_eq!(group.refusal(ADA, recognise(newcomer, CLEO)), Refusal::NotNew);
    group.done(ADA, role(newcomer, None));
    group.done(ADA, facilitator(newcomer, true));
    assert_eq!(group.refusal(ADA, recognise(newcomer, CLEO)), Refusal::NotNew);
    group.done(ADA, facilitator(newcomer, false));
    group.done(ADA, choose(newcomer));
    assert_eq!(group.refusal(ADA, recognise(newcomer, CLEO)), Refusal::NotNew);
    group.done(ADA, choose(None));
    group.done(ADA, recognise(newcomer, CLEO));
}

#[test]
fn door_18_who_came_long_before_the_loss_is_not_new() {
    for (wait, is_new) in [(minutes(10), true), (minutes(10) + seconds(1), false)] {
        let mut group = Group::of(3, plan("ruch"));
        let early = group.enter();
        group.wait(wait);
        group.drop_out(CLEO);
        group.wait(minutes(60));
        match is_new {
            true => drop(group.done(ADA, recognise(early, CLEO))),
            false => assert_eq!(group.refusal(ADA, recognise(early, CLEO)), Refusal::NotNew),
        }
    }
}

#[test]
fn door_18_a_stand_in_recognises_nobody() {
    let (mut group, newcomer) = lost_and_new("discuss");
    group.drop_out(ADA);
    group.wait(minutes(1));
    group.done(DAN, take_chair);
    group.come_back(ADA);
    assert_eq!(group.refusal(DAN, recognise(newcomer, CLEO)), Refusal::StandIn);
    assert_eq!(group.refusal(ADA, recognise(newcomer, CLEO)), Refusal::ChairHeld);
}

#[test]
fn door_19_the_seat_is_away_until_its_page_comes_back() {
    let (mut group, newcomer) = lost_and_new("discuss");
    group.done(ADA, recognise(newcomer, CLEO));
    let cleo = |group: &Group| group.view().seats.into_iter().find(|seat| seat.seat == CLEO).unwrap();
    assert!(cleo(&group).away_since.is_some());
    assert_eq!(group.session.seat_ended(newcomer, &token(newcomer.0)), Some(CloseCode::Restarting));
    group.come_back_by(newcomer, CLEO);
    assert!(cleo(&group).away_since.is_none());
    assert_eq!(group.session.seat_ended(CLEO, &token(newcomer.0)), None);
}

#[test]
fn t5_door_20_the_former_token_is_dead() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, facilitator(CLEO, true));
    group.drop_out(CLEO);
    let newcomer = group.enter();
    assert!(group.session.may_erase(&token(CLEO.0)) && !group.session.may_erase(&token(newcomer.0)));
    group.done(ADA, recognise(newcomer, CLEO));
    assert!(!group.session.may_erase(&token(CLEO.0)) && group.session.may_erase(&token(newcomer.0)));
    assert_eq!(group.session.seat_ended(CLEO, &token(CLEO.0)), Some(CloseCode::Removed));
    for invite in [None, Some(invite(0))] {
        assert_eq!(group.turned_away(CLEO.0, invite), CloseCode::Removed);
    }
    // Recognised a second time, on a third device: both tokens before it are dead.
    group.come_back_by(newcomer, CLEO);
    group.drop_out(CLEO);
    let third = group.enter();
    group.done(ADA, recognise(third, CLEO));
    assert_eq!(group.turned_away(CLEO.0, None), CloseCode::Removed);
    assert_eq!(group.turned_away(newcomer.0, None), CloseCode::Removed);
    group.come_back_by(third, CLEO);
}

#[test]
fn door_20_who_was_lost_too_often_is_let_in_on_another_device() {
    let mut group = Group::of(3, plan("ruch"));
    for _ in 0..29 {
        group.drop_out(CLEO);
        group.come_back(CLEO);
    }
    group.drop_out(CLEO);
    assert_eq!(group.turned_away(CLEO.0, None), CloseCode::TooFast);
    let newcomer = group.enter();
    group.done(ADA, recognise(newcomer, CLEO));
    group.come_back_by(newcomer, CLEO);
}

#[test]
fn door_21_it_stands_in_what_happened_and_cannot_be_taken_back() {
    let (mut group, newcomer) = lost_and_new("discuss");
    let steps = group.view().undo;
    group.done(ADA, recognise(newcomer, CLEO));
    assert_eq!(group.view().undo, steps);
    let last = group.session.history().pop().unwrap();
    assert_eq!((last.by, last.what), (Some(ADA), ActKind::Recognised { seat: CLEO }));
}

#[test]
fn door_17_not_after_the_end() {
    let (mut group, newcomer) = lost_and_new("discuss");
    group.done(ADA, end);
    assert_eq!(group.refusal(ADA, recognise(newcomer, CLEO)), Refusal::NotNow);
    assert_eq!(group.hello(newcomer.0, None), Outcome::Entered(newcomer));
}
