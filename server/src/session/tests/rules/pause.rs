//! PAUSE: "I need a pause".

use attune_protocol::server::Refusal;
use attune_protocol::view::TimingView;

use super::super::super::{Audience, EventKind, PAUSE_REST, PauseCause};
use super::super::support::*;

fn anyone_resumes(group: &Group) -> bool {
    matches!(group.running_view().timing, TimingView::Paused { anyone_resumes: true, .. })
}

fn asked_by(group: &Group) -> Option<attune_protocol::ids::SeatNumber> {
    group.view().pause_request.map(|request| request.by)
}

#[test]
fn pause_1_everyone_can_ask_in_every_running_phase() {
    let mut group = Group::running(4, plan("ruch"));
    let newcomer = group.enter();
    for _ in plan("ruch").phases() {
        for seat in [BEN, CLEO, newcomer] {
            group.done(seat, need_pause);
            assert_eq!(asked_by(&group), Some(seat));
            group.done(ADA, hear_pause);
        }
        group.wait(PAUSE_REST);
        group.done(ADA, next);
    }
    assert_eq!(group.refusal(BEN, need_pause), Refusal::NotNow);
}

#[test]
fn pause_1_not_in_the_lobby() {
    let mut group = Group::of(3, plan("ruch"));
    assert_eq!(group.refusal(BEN, need_pause), Refusal::NotNow);
    assert_eq!(group.refusal(ADA, pause), Refusal::NotNow);
}

#[test]
fn pause_11_who_has_not_agreed_asks_again_after_five_minutes_and_everyone_else_at_once() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(ADA, next);
    let newcomer = group.enter();
    group.done(newcomer, need_pause);
    group.nothing(newcomer, need_pause);
    group.done(ADA, hear_pause);
    assert_eq!(group.refusal(newcomer, need_pause), Refusal::TooFast);
    // The silent presenter and the others ask as often as they need to.
    for seat in [BEN, BEN, CLEO, CLEO] {
        group.done(seat, need_pause);
        group.done(ADA, hear_pause);
    }
    group.wait(PAUSE_REST);
    group.done(newcomer, need_pause);
    group.done(ADA, hear_pause);
    // Also where nobody who steers is there, and the time stands at once.
    group.drop_out(ADA);
    assert_eq!(group.refusal(newcomer, need_pause), Refusal::TooFast);
    group.wait(PAUSE_REST);
    group.done(newcomer, need_pause);
    group.done(CLEO, resume);
    assert_eq!(group.refusal(newcomer, need_pause), Refusal::TooFast);
    group.done(newcomer, agree(newcomer));
    group.done(newcomer, need_pause);
}

#[test]
fn pause_2_only_whoever_steers_sees_who_asked() {
    let mut group = Group::running(4, plan("ruch"));
    let newcomer = group.enter();
    group.done(CLEO, need_pause);
    assert_eq!(group.view_of(ADA).pause_request.map(|request| request.by), Some(CLEO));
    for seat in [BEN, CLEO, DAN, newcomer] {
        assert_eq!(group.view_of(seat).pause_request, None);
    }
    assert_eq!(group.session.view(Audience::Members).pause_request, None);
    assert!(!group.is_paused());
}

#[test]
fn pause_3_with_nobody_connected_who_steers_it_pauses_at_once() {
    let mut group = Group::running(4, plan("ruch"));
    group.drop_out(ADA);
    let facts = group.done(CLEO, need_pause);
    assert_eq!(facts, [EventKind::Paused { cause: PauseCause::Needed }]);
    assert!(anyone_resumes(&group));
}

#[test]
fn pause_3_a_silent_facilitator_is_nobody_who_steers() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, choose(ADA));
    group.done(ADA, begin);
    group.done(ADA, next);
    group.done(ADA, need_pause);
    assert!(anyone_resumes(&group));
    assert_eq!(group.refusal(ADA, resume), Refusal::Silent);
    group.done(CLEO, resume);
}

#[test]
fn pause_4_unanswered_for_30_seconds_it_pauses_by_itself() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(CLEO, need_pause);
    group.wait(seconds(29));
    assert!(!group.is_paused());
    assert_eq!(group.jump(), [EventKind::Paused { cause: PauseCause::Needed }]);
    assert_eq!(group.left(), minutes(10) - seconds(30));
    assert_eq!(asked_by(&group), None);
    assert_eq!(group.session.deadline(), None);
}

#[test]
fn pause_4_a_move_to_another_phase_is_no_answer() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(CLEO, need_pause);
    group.wait(seconds(20));
    group.done(ADA, next);
    assert_eq!(asked_by(&group), Some(CLEO));
    group.wait(seconds(10));
    assert_eq!((group.phase().as_str(), group.is_paused()), ("discuss", true));
    assert_eq!(group.left(), minutes(25) - seconds(10));
}

#[test]
fn pause_4_a_request_goes_with_the_person() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(CLEO, need_pause);
    group.done(CLEO, leave);
    assert_eq!((asked_by(&group), group.session.deadline()), (None, None));
}

#[test]
fn pause_4_a_pause_comes_before_a_move_at_the_same_moment() {
    let mut group = Group::running(4, firm(&plan("ruch")));
    group.wait(minutes(10) - seconds(15));
    group.done(CLEO, need_pause);
    group.wait(seconds(30));
    assert_eq!((group.phase().as_str(), group.left()), ("present", seconds(-15)));
    assert!(group.is_paused());
}

#[test]
fn pause_12_who_asked_is_told_alone_that_it_was_heard() {
    let mut group = Group::running(4, plan("ruch"));
    let told =
        |group: &Group, seat| (group.session.private(seat).pause_heard, group.session.private_from(seat));
    for _ in 0..2 {
        group.done(CLEO, need_pause);
        assert!(!told(&group, CLEO).0);
        group.done(ADA, hear_pause);
        assert_eq!(told(&group, CLEO), (true, Some(group.session.revision())));
        for other in [ADA, BEN, DAN] {
            assert_eq!(told(&group, other), (false, None));
        }
    }
    // A pause says it by itself.
    group.done(DAN, need_pause);
    group.done(ADA, pause);
    assert_eq!(told(&group, DAN), (false, None));
}

#[test]
fn pause_5_pausing_or_hearing_answers() {
    let mut group = Group::running(4, plan("ruch"));
    group.nothing(ADA, hear_pause);
    group.done(CLEO, need_pause);
    assert_eq!(group.refusal(DAN, hear_pause), Refusal::NotFacilitator);
    group.done(ADA, hear_pause);
    group.wait(minutes(1));
    assert!(!group.is_paused());
    group.done(CLEO, need_pause);
    group.done(ADA, pause);
    assert_eq!(asked_by(&group), None);
    assert!(!anyone_resumes(&group));
    group.done(ADA, resume);
    group.wait(minutes(1));
    assert!(!group.is_paused());
}

#[test]
fn pause_5_undoing_a_step_into_a_pause_leaves_no_request_behind() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(ADA, pause);
    group.done(ADA, next);
    group.done(CLEO, need_pause);
    group.undo(ADA);
    assert!(group.is_paused());
    group.wait(minutes(1));
    group.done(ADA, resume);
    group.wait(minutes(1));
    assert!(!group.is_paused());
}

#[test]
fn pause_6_after_a_pause_by_itself_anyone_who_has_agreed_may_resume() {
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    let newcomer = group.enter();
    group.done(CLEO, need_pause);
    group.wait(seconds(30));
    assert!(anyone_resumes(&group));
    assert_eq!(group.refusal(BEN, resume), Refusal::Silent);
    assert_eq!(group.refusal(newcomer, resume), Refusal::NotAgreed);
    group.done(DAN, resume);
    assert!(!group.is_paused());
}

#[test]
fn pause_10_the_silent_presenter_resumes_when_nobody_else_could() {
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    let newcomer = group.enter();
    group.drop_out(ADA);
    group.drop_out(CLEO);
    group.done(BEN, need_pause);
    assert!(anyone_resumes(&group));
    assert_eq!(group.refusal(BEN, resume), Refusal::Silent);
    group.drop_out(DAN);
    assert_eq!(group.refusal(newcomer, resume), Refusal::NotAgreed);
    group.done(BEN, resume);
    assert!(!group.is_paused());
}

#[test]
fn pause_6_after_a_persons_pause_only_whoever_steers() {
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    group.done(ADA, pause);
    assert!(!anyone_resumes(&group));
    assert_eq!(group.refusal(CLEO, resume), Refusal::NotFacilitator);
    assert_eq!(group.refusal(BEN, resume), Refusal::Silent);
    group.done(ADA, resume);
}

#[test]
fn pause_7_a_second_request_and_one_while_paused_change_nothing() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(CLEO, need_pause);
    group.wait(seconds(20));
    group.nothing(DAN, need_pause);
    group.nothing(CLEO, need_pause);
    assert_eq!(asked_by(&group), Some(CLEO));
    group.wait(seconds(10));
    assert!(group.is_paused());
    group.nothing(DAN, need_pause);
    group.nothing(ADA, need_pause);
}

#[test]
fn pause_8_somebody_who_steers_pauses_at_once() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(ADA, need_pause);
    assert!(group.is_paused() && !anyone_resumes(&group));
    assert_eq!(group.refusal(CLEO, resume), Refusal::NotFacilitator);
    group.undo(ADA);
    assert!(!group.is_paused());
}

#[test]
fn pause_9_the_paused_view_names_nobody() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(CLEO, need_pause);
    let before = group.view_of(DAN);
    group.wait(seconds(30));
    let after = group.view_of(DAN);
    assert_eq!(before.seats, after.seats);
    assert_eq!((after.pause_request, after.chair), (None, before.chair));
    assert!(after.undo.iter().all(|step| step.by != CLEO));
}
