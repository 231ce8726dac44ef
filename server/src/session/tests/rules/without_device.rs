//! People without a device: others act for them, and one phone runs a whole session.

use attune_protocol::server::Refusal;

use super::super::super::EventKind;
use super::super::support::*;

#[test]
fn join_11_a_person_without_a_device_is_acted_for() {
    let mut group = Group::of(3, plan("ruch"));
    assert_eq!(group.refusal(BEN, add_person), Refusal::NotFacilitator);
    assert_eq!(group.done(ADA, add_person), [EventKind::Added { seat: DAN }]);
    let seat = group.view().seats.pop().unwrap();
    assert!(!seat.device && !seat.agreed && seat.away_since.is_none());
    assert_eq!(group.refusal(ADA, choose(DAN)), Refusal::NotAgreed);
    assert_eq!(group.refusal(BEN, agree(DAN)), Refusal::NotYours);
    assert_eq!(group.refusal(BEN, name(DAN, "AAAA")), Refusal::NotYours);
    group.done(ADA, agree(DAN));
    group.done(ADA, name(DAN, "AAAA"));
    group.done(ADA, choose(DAN));
    group.done(ADA, begin);
    assert_eq!(group.refusal(BEN, say_finished), Refusal::NotYours);
    group.done(ADA, say_finished);
    group.done(ADA, next);
    group.done(ADA, next);
    assert_eq!(group.round().speaker, Some(DAN));
    assert_eq!(group.refusal(BEN, finish), Refusal::NotYourTurn);
    group.done(ADA, finish);
    group.done(BEN, pass);
}

#[test]
fn join_11_for_a_seat_with_a_device_it_is_refused() {
    let mut group = Group::running(3, plan("ruch"));
    let newcomer = group.enter();
    assert_eq!(group.refusal(ADA, agree(newcomer)), Refusal::NotYours);
    assert_eq!(group.refusal(ADA, name(CLEO, "AAAA")), Refusal::NotYours);
    assert_eq!(group.refusal(ADA, say_finished), Refusal::NotYours);
}

#[test]
fn join_12_one_connected_person_runs_a_whole_session() {
    let mut group = Group::alone(whole_plan("ruch"));
    for seat in [BEN, CLEO, DAN] {
        group.done(ADA, add_person);
        group.done(ADA, agree(seat));
    }
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    for _ in 0..4 {
        group.done(ADA, finish);
    }
    group.done(ADA, next);
    assert_eq!(group.speakers(), [ADA, BEN]);
    group.done(ADA, say_finished);
    group.done(ADA, next);
    assert_eq!(group.speakers(), [ADA, CLEO, DAN]);
    group.done(ADA, next);
    assert_eq!(group.turns(), [BEN, CLEO, DAN, ADA]);
    for _ in 0..4 {
        group.done(ADA, pass);
    }
    assert_eq!(group.speakers(), [ADA, BEN, CLEO, DAN]);
    group.done(ADA, next);
    group.done(ADA, next);
    assert_eq!(group.turns(), [BEN, CLEO, DAN, ADA]);
    for _ in 0..4 {
        group.done(ADA, pass);
    }
    group.done(ADA, next);
    assert_eq!(group.closed_view().attendance, [ADA, BEN, CLEO, DAN]);
}

#[test]
fn join_12_one_connected_person_presents_and_time_leads() {
    let mut group = Group::alone(plan("ruch"));
    group.done(ADA, add_person);
    group.done(ADA, agree(BEN));
    group.done(ADA, choose(ADA));
    group.done(ADA, begin);
    group.wait(minutes(11));
    assert_eq!(group.speakers(), [BEN]);
    group.wait(minutes(25));
    assert_eq!(group.turns(), [ADA, BEN]);
    group.done(ADA, finish);
    group.done(ADA, finish);
    group.wait(minutes(26));
    assert!(group.is_closed());
}
