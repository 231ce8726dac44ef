//! LOBBY: before the start.

use attune_protocol::server::Refusal;
use attune_protocol::view::{StageView, TimingView};

use super::super::super::Audience;
use super::super::support::*;

#[test]
fn lobby_1_everyone_sees_who_is_here_and_who_is_still_reading() {
    let mut group = Group::of(2, plan("ruch"));
    let reader = group.enter();
    group.done(ADA, choose(BEN));
    assert_eq!(group.session.audience(reader), Audience::Members);
    let view = group.view_of(reader);
    assert_eq!(view.presenter, Some(BEN));
    let roster: Vec<_> = view.seats.iter().map(|seat| (seat.seat, seat.facilitator, seat.agreed)).collect();
    assert_eq!(roster, [(ADA, true, true), (BEN, false, true), (reader, false, false)]);
}

#[test]
fn lobby_2_the_presenter_is_chosen_among_people_who_have_agreed() {
    let mut group = Group::of(3, plan("ruch"));
    let reader = group.enter();
    assert_eq!(group.refusal(ADA, choose(reader)), Refusal::NotAgreed);
    assert_eq!(group.refusal(ADA, choose(FAY)), Refusal::NoSuchSeat);
    assert_eq!(group.refusal(BEN, choose(BEN)), Refusal::NotFacilitator);
    assert_eq!(group.view().presenter, None);
    group.done(ADA, choose(CLEO));
    assert_eq!(group.view().presenter, Some(CLEO));
    group.done(ADA, choose(None));
    assert_eq!(group.view().presenter, None);
    group.done(reader, agree(reader));
    group.done(ADA, choose(reader));
    assert_eq!(group.view().presenter, Some(reader));
}

#[test]
fn lobby_3_an_offer_can_be_taken_back_and_does_not_choose() {
    let mut group = Group::of(3, plan("ruch"));
    let offers = |group: &Group| -> Vec<_> {
        group.view_of(BEN).seats.into_iter().filter(|seat| seat.offers).map(|seat| seat.seat).collect()
    };
    group.done(CLEO, offer);
    group.nothing(CLEO, offer);
    assert_eq!((offers(&group), group.view().presenter), (vec![CLEO], None));
    group.done(CLEO, withdraw);
    assert!(offers(&group).is_empty());
    group.done(BEN, offer);
    group.done(CLEO, offer);
    group.done(ADA, choose(BEN));
    assert_eq!(offers(&group), [CLEO], "who is chosen need not offer any more");
    group.done(ADA, begin);
    assert_eq!(group.refusal(ADA, offer), Refusal::Presenting);
    group.done(CLEO, withdraw);
    assert!(offers(&group).is_empty());
}

#[test]
fn lobby_3_who_has_not_agreed_does_not_offer() {
    let mut group = Group::of(2, plan("ruch"));
    let reader = group.enter();
    assert_eq!(group.refusal(reader, offer), Refusal::NotAgreed);
}

#[test]
fn lobby_3_an_offer_stands_open_when_the_presenter_is_gone() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(BEN, leave);
    group.done(CLEO, offer);
    assert!(group.view().seats.iter().any(|seat| seat.seat == CLEO && seat.offers));
}

#[test]
fn lobby_6_agreeing_is_one_press_for_oneself() {
    let mut group = Group::of(2, plan("ruch"));
    let reader = group.enter();
    assert_eq!(group.refusal(ADA, agree(reader)), Refusal::NotYours);
    group.done(reader, agree(reader));
    group.nothing(reader, agree(reader));
    assert!(group.view().seats.iter().all(|seat| seat.agreed));
}

#[test]
fn lobby_7_begin_starts_the_first_phase_whoever_has_not_agreed() {
    let mut group = Group::of(3, plan("ruch"));
    let reader = group.enter();
    group.done(ADA, choose(BEN));
    group.sleep(minutes(3));
    assert_eq!(group.refusal(BEN, begin), Refusal::NotFacilitator);
    group.done(ADA, begin);
    assert_eq!(group.phase(), "present");
    let ends_at = group.now + minutes(10);
    assert_eq!(group.running_view().timing, TimingView::Running { ends_at });
    assert_eq!(group.view_of(reader).stage, StageView::Newcomer {});
}
