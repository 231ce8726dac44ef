//! DOOR: a person goes on with their seat on another device.

use attune_protocol::client::Command;
use attune_protocol::ids::SeatNumber;
use attune_protocol::server::{CloseCode, Refusal};

use super::super::super::{Outcome, Session};
use super::super::support::*;

/// The tokens of other devices.
const PHONE: u16 = 70;
const LAPTOP: u16 = 71;

#[test]
fn door_25_the_seat_goes_along_with_all_that_it_has() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    group.done(BEN, finish);
    let (before, round) = (group.view(), group.round());
    group.done(CLEO, move_seat(PHONE));
    assert_eq!(group.view().seats, before.seats, "the person is here all the same");
    assert_eq!(group.round(), round);
    assert_eq!(group.turned_away(CLEO.0, Some(invite(0))), CloseCode::Moved, "T5");
    assert_eq!(group.turned_away(CLEO.0, None), CloseCode::Moved);
    assert_eq!(group.session.seat_ended(CLEO, &token(CLEO.0)), Some(CloseCode::Moved));
    assert_eq!(group.session.seat_ended(CLEO, &token(PHONE)), None);
    assert_eq!(group.hello(PHONE, None), Outcome::Entered(CLEO));
    // It is Cleo's turn, and still is.
    group.done(CLEO, finish);
    group.done(CLEO, move_seat(LAPTOP));
    assert_eq!(group.hello(LAPTOP, None), Outcome::Entered(CLEO));
    for gone in [CLEO.0, PHONE] {
        assert_eq!(group.turned_away(gone, Some(invite(0))), CloseCode::Moved);
    }
}

#[test]
fn door_25_who_steers_and_who_is_silent_go_on_elsewhere_unnoticed() {
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    for seat in [ADA, BEN] {
        let before = (group.view().chair, group.view().floor, group.session.audience(seat));
        group.done(seat, move_seat(seat.0 + 60));
        assert_eq!((group.view().chair, group.view().floor, group.session.audience(seat)), before);
    }
    assert!(!group.session.may_erase(&token(ADA.0)));
    assert!(group.session.may_erase(&token(ADA.0 + 60)));
    assert!(group.session.history().iter().all(|act| act.by != Some(BEN)), "it is no steering");
}

#[test]
fn door_25_a_token_that_is_somebodys_takes_no_seat() {
    let mut group = Group::running(4, plan("ruch"));
    assert_eq!(group.refusal(CLEO, move_seat(BEN.0)), Refusal::NotNow);
    assert_eq!(group.refusal(CLEO, move_seat(CLEO.0)), Refusal::NotNow);
    group.done(CLEO, move_seat(PHONE));
    assert_eq!(group.refusal(BEN, move_seat(CLEO.0)), Refusal::NotNow, "nor one that was");
    assert_eq!(group.refusal(BEN, move_seat(PHONE)), Refusal::NotNow);
}

#[test]
fn door_25_a_seat_goes_nowhere_after_the_end_or_once_it_is_freed() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(CLEO, leave);
    assert_eq!(group.session.refuses_move(CLEO), Some(CloseCode::Unknown));
    assert_eq!(group.session.refuses_move(SeatNumber(40)), Some(CloseCode::Unknown));
    assert_eq!(group.session.refuses_move(BEN), None);
    group.done(ADA, end);
    assert_eq!(group.session.refuses_move(BEN), Some(CloseCode::Ended));
    assert_eq!(group.refusal(BEN, move_seat(PHONE)), Refusal::NotNow);
    assert_eq!(group.refusal(BEN, |_| Command::ShowSeatCode {}), Refusal::NotNow);
}

#[test]
fn door_25_former_tokens_are_known_again_from_the_log() {
    let mut group = Group::running(3, plan("ruch"));
    for number in 0..80 {
        group.done(CLEO, move_seat(100 + number));
    }
    let again = Session::rebuild(group.log.clone()).expect("a log");
    assert_eq!(again, group.session);
    assert_eq!(group.turned_away(178, None), CloseCode::Moved);
    assert_eq!(group.turned_away(CLEO.0, None), CloseCode::Unknown, "so long ago that nobody asks any more");
    assert_eq!(group.hello(179, None), Outcome::Entered(CLEO));
}
