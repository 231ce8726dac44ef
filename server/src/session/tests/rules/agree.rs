//! AGREE: what the group agrees beside the ground rules.

use attune_protocol::ids::{Revision, SeatNumber};
use attune_protocol::server::Refusal;
use attune_protocol::view::{ActKind, StageView};

use super::super::super::{Audience, MOST_AGREEMENT_CHANGES, Outcome};
use super::super::support::*;

fn version(group: &Group) -> Option<Revision> {
    group.session.texts().agreement.map(|agreement| agreement.version)
}

fn asked_again(group: &Group) -> Vec<SeatNumber> {
    group.view().seats.iter().filter(|seat| seat.asked_again).map(|seat| seat.seat).collect()
}

#[test]
fn agree_1_whoever_steers_changes_the_agreement_and_nobody_else() {
    let mut group = Group::of(3, plan("ruch"));
    let reader = group.enter();
    for other in [BEN, CLEO, reader] {
        assert_eq!(group.refusal(other, change_agreement(&["AAAA"])), Refusal::NotFacilitator);
    }
    assert_eq!(version(&group), None);
    group.done(ADA, change_agreement(&["AAAA", "BBBB"]));
    let agreement = group.session.texts().agreement.expect("an agreement");
    assert_eq!(agreement.lines, agreement_lines(&["AAAA", "BBBB"]));
    assert_eq!(agreement.version, group.session.revision());
    group.nothing(ADA, change_agreement(&["AAAA", "BBBB"]));
    assert_eq!(
        group.session.history().last().map(|act| (act.by, act.what.clone())),
        Some((Some(ADA), ActKind::ChangedAgreement {}))
    );
}

#[test]
fn agree_1_after_begin_it_stands() {
    let mut group = Group::of(3, plan("ruch"));
    group.done(ADA, change_agreement(&["AAAA"]));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    assert_eq!(group.refusal(ADA, change_agreement(&["BBBB"])), Refusal::NotNow);
    group.done(ADA, end);
    assert_eq!(group.refusal(ADA, change_agreement(&["BBBB"])), Refusal::NotNow);
    assert_eq!(group.session.texts().agreement.expect("stays").lines, agreement_lines(&["AAAA"]));
}

#[test]
fn agree_2_what_was_read_is_what_is_agreed_to() {
    let mut group = Group::of(2, plan("ruch"));
    let reader = group.enter();
    group.done(ADA, change_agreement(&["AAAA"]));
    let first = version(&group).expect("an agreement");
    assert_eq!(group.refusal(reader, agree(reader)), Refusal::AgreementChanged, "the lines were not read");
    group.done(ADA, change_agreement(&["AAAA", "BBBB"]));
    let second = version(&group).expect("an agreement");
    assert_eq!(group.refusal(reader, agree_to(reader, first)), Refusal::AgreementChanged);
    assert!(!group.view().seats.iter().any(|seat| seat.seat == reader && seat.agreed));
    group.done(reader, agree_to(reader, second));
    assert!(group.view().seats.iter().any(|seat| seat.seat == reader && seat.agreed && !seat.asked_again));
    group.nothing(reader, agree_to(reader, second));
    group.nothing(reader, agree_to(reader, first));
}

#[test]
fn agree_2_without_an_agreement_a_version_is_refused() {
    let mut group = Group::alone(plan("ruch"));
    let reader = group.enter();
    assert_eq!(group.refusal(reader, agree_to(reader, Revision(1))), Refusal::AgreementChanged);
    group.done(reader, agree(reader));
}

#[test]
fn agree_3_a_change_asks_everyone_again_but_its_author() {
    let mut group = Group::of(3, plan("ruch"));
    let reader = group.enter();
    let place = SeatNumber(5);
    group.done(ADA, add_person);
    group.done(ADA, agree(place));
    group.done(ADA, change_agreement(&["AAAA"]));
    assert_eq!(asked_again(&group), [BEN, CLEO, place], "the reader has not agreed to anything yet");
    let first = version(&group).expect("an agreement");
    group.done(BEN, agree_to(BEN, first));
    group.done(ADA, agree_to(place, first));
    assert_eq!(asked_again(&group), [CLEO]);
    group.done(reader, agree_to(reader, first));
    group.done(ADA, change_agreement(&["BBBB"]));
    assert_eq!(asked_again(&group), [BEN, CLEO, reader, place]);
    group.done(ADA, change_agreement(&[]));
    assert_eq!((version(&group), asked_again(&group)), (None, Vec::new()));
    group.done(ADA, change_agreement(&["AAAA"]));
    assert_eq!(asked_again(&group), [BEN, CLEO, reader, place], "no version comes again");
}

#[test]
fn agree_3_who_is_asked_again_loses_nothing_and_begin_waits_for_nobody() {
    let mut group = Group::of(3, plan("ruch"));
    group.done(ADA, facilitator(CLEO, true));
    group.done(ADA, change_agreement(&["AAAA"]));
    group.done(CLEO, choose(BEN));
    group.done(CLEO, begin);
    assert_eq!(asked_again(&group), [BEN, CLEO]);
    assert_eq!(group.session.audience(BEN), Audience::Members);
    assert_eq!(group.session.audience(CLEO), Audience::Steering);
    assert!(group.session.floor().speakers.contains(&BEN), "who presents has the floor");
    let read = version(&group).expect("an agreement");
    group.done(BEN, agree_to(BEN, read));
    assert_eq!(asked_again(&group), [CLEO]);
}

#[test]
fn agree_3_agreeing_again_takes_no_second_place_in_the_round() {
    let mut group = Group::of(3, plan("ruch"));
    group.done(ADA, change_agreement(&["AAAA"]));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    group.done(ADA, next);
    group.done(ADA, next);
    let before = group.round();
    let read = version(&group).expect("an agreement");
    group.done(CLEO, agree_to(CLEO, read));
    assert_eq!(group.round(), before);
    group.done(ADA, back);
    group.done(ADA, next);
    assert_eq!(group.round().next, before.next);
}

#[test]
fn agree_4_newcomers_read_the_lines_and_no_name() {
    let mut group = Group::of(3, plan("ruch"));
    group.done(BEN, name(BEN, "CCCC"));
    group.done(ADA, remove(CLEO, 1));
    group.done(ADA, change_agreement(&["AAAA"]));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    let Outcome::Entered(reader) = group.hello(9, Some(invite(1))) else { panic!("the new invite opens") };
    assert_eq!(group.session.audience(reader), Audience::Newcomers);
    let texts = group.session.texts_for(Audience::Newcomers);
    assert!(texts.names.is_empty() && texts.invite.is_none());
    let agreement = texts.agreement.expect("the lines");
    assert_eq!(agreement.lines, agreement_lines(&["AAAA"]));
    group.done(reader, agree_to(reader, agreement.version));
    assert!(matches!(group.view_of(reader).stage, StageView::Running(_)));
}

#[test]
fn agree_7_an_agreement_is_changed_a_hundred_times_at_most() {
    let mut group = Group::of(2, plan("ruch"));
    for number in 0..MOST_AGREEMENT_CHANGES {
        let line = format!("{number:04}");
        group.done(ADA, change_agreement(&[&line]));
    }
    assert_eq!(group.refusal(ADA, change_agreement(&["AAAA"])), Refusal::LogFull);
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
}
