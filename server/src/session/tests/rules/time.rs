//! TIME: how long phases last.

use attune_protocol::server::Refusal;
use attune_protocol::view::TimingView;

use super::super::super::Session;
use super::super::support::*;

#[test]
fn time_1_a_phase_is_told_by_its_end_and_a_pause_by_what_is_kept() {
    let mut group = Group::running(3, plan("ruch"));
    let ends_at = group.now + minutes(10);
    assert_eq!(group.running_view().timing, TimingView::Running { ends_at });
    group.wait(minutes(4));
    assert_eq!(group.running_view().timing, TimingView::Running { ends_at });
    group.done(ADA, pause);
    let paused = group.running_view().timing;
    assert_eq!(paused, TimingView::Paused { remaining: minutes(6), since: group.now, anyone_resumes: false });
    group.wait(minutes(60));
    assert_eq!(group.running_view().timing, paused);
}

#[test]
fn time_1_no_message_comes_because_time_passes() {
    let mut group = Group::running(3, plan("ruch"));
    let before = group.log.len();
    group.wait(minutes(600));
    assert_eq!(group.log.len(), before);
    assert_eq!(group.session.deadline(), None);
}

#[test]
fn time_2_overtime_can_be_paused_and_goes_on() {
    let mut group = Group::running(3, plan("ruch"));
    group.wait(minutes(12));
    group.done(ADA, pause);
    group.wait(minutes(30));
    assert_eq!(group.left(), minutes(-2));
    group.done(ADA, resume);
    assert_eq!(group.left(), minutes(-2));
    group.wait(minutes(1));
    assert_eq!(group.left(), minutes(-3));
}

#[test]
fn time_3_extension_counts_from_the_later_of_end_and_now() {
    let mut group = Group::running(3, plan("ruch"));
    group.wait(minutes(9));
    group.done(ADA, five_more);
    assert_eq!(group.left(), minutes(6));
    group.wait(minutes(8));
    group.done(ADA, five_more);
    assert_eq!((group.left(), group.running_view().length), (minutes(5), minutes(22)));
}

#[test]
fn time_3_extension_counts_from_the_later_of_rest_and_zero_while_paused() {
    let mut group = Group::running(3, plan("ruch"));
    group.wait(minutes(8));
    group.done(ADA, pause);
    group.done(ADA, one_more);
    assert_eq!(group.left(), minutes(3));
    group.done(ADA, resume);
    group.wait(minutes(7));
    group.done(ADA, pause);
    group.wait(minutes(20));
    group.done(ADA, five_more);
    assert!(group.is_paused());
    assert_eq!(group.left(), minutes(5));
}

#[test]
fn time_4_extensions_add_up_to_180_minutes_of_a_visit() {
    let mut group = Group::running(3, edited(&plan("ruch"), |raw| raw.phases[0].minutes = 170));
    group.done(ADA, five_more);
    group.done(ADA, one_more);
    assert_eq!(group.left(), minutes(176));
    group.wait(minutes(170));
    assert_eq!(group.refusal(ADA, five_more), Refusal::TooLong);
    for _ in 0..4 {
        group.done(ADA, one_more);
    }
    assert_eq!(group.refusal(ADA, one_more), Refusal::TooLong);
    assert_eq!(group.running_view().length, minutes(180));
}

#[test]
fn time_5_back_resumes_with_what_was_left_at_least_five_minutes() {
    let mut group = Group::running(3, plan("ruch"));
    assert_eq!(group.refusal(ADA, back), Refusal::FirstPhase);
    group.wait(minutes(2));
    group.done(ADA, next);
    group.wait(minutes(1));
    group.done(ADA, back);
    assert_eq!((group.phase().as_str(), group.left()), ("present", minutes(8)));
    group.wait(minutes(10));
    group.done(ADA, next);
    group.done(ADA, back);
    assert_eq!(group.left(), minutes(5));
}

#[test]
fn time_5_back_from_a_pause_runs() {
    let mut group = Group::running_in("discuss", 3, plan("ruch"));
    group.done(ADA, pause);
    group.wait(minutes(3));
    group.done(ADA, back);
    assert!(!group.is_paused());
    assert_eq!(group.left(), minutes(10));
}

#[test]
fn time_6_next_begins_as_planned_or_resumes_what_was_left_by_back() {
    let mut group = Group::running(3, plan("ruch"));
    group.done(ADA, next);
    assert_eq!(group.left(), minutes(25));
    group.wait(minutes(7));
    group.done(ADA, back);
    group.done(ADA, next);
    assert_eq!((group.phase().as_str(), group.left()), ("discuss", minutes(18)));
    group.wait(minutes(17));
    group.done(ADA, back);
    group.done(ADA, next);
    assert_eq!(group.left(), minutes(5));
    group.done(ADA, next);
    assert_eq!((group.phase().as_str(), group.left()), ("reflect", minutes(15)));
}

#[test]
fn time_6_next_while_paused_runs() {
    let mut group = Group::running(3, plan("ruch"));
    group.wait(minutes(4));
    group.done(ADA, pause);
    group.wait(minutes(9));
    group.done(ADA, next);
    assert!(!group.is_paused());
    assert_eq!(group.left(), minutes(25));
    group.done(ADA, back);
    assert_eq!(group.left(), minutes(6), "the pause took nothing");
}

#[test]
fn time_7_no_two_minute_mark_in_phases_planned_for_less_than_six_minutes() {
    let marks = |minutes: u16| {
        let plan = edited(&plan("ruch"), |raw| raw.phases[0].minutes = minutes);
        let mut group = Group::running(3, plan);
        group.done(ADA, five_more);
        group.running_view().marks_two_minutes
    };
    assert_eq!((marks(5), marks(6)), (false, true));
}

#[test]
fn time_8_in_guide_a_phase_runs_over() {
    let mut group = Group::running(3, plan("ruch"));
    group.wait(minutes(100));
    assert_eq!((group.phase().as_str(), group.left()), ("present", minutes(-90)));
}

#[test]
fn time_14_i_have_finished_shortens_nothing() {
    let mut group = Group::running(3, firm(&plan("ruch")));
    let ends_at = group.now + minutes(10);
    assert_eq!(group.refusal(CLEO, say_finished), Refusal::NotYours);
    assert_eq!(group.refusal(ADA, say_finished), Refusal::NotYours);
    group.done(BEN, say_finished);
    group.nothing(BEN, say_finished);
    assert!(group.running_view().presenter_finished);
    assert_eq!(group.running_view().timing, TimingView::Running { ends_at });
    group.wait(minutes(10));
    assert_eq!(group.phase(), "present");
    group.done(ADA, next);
    assert!(!group.running_view().presenter_finished);
    assert_eq!(group.refusal(BEN, say_finished), Refusal::NotNow);
    group.done(ADA, next);
    assert_eq!(group.refusal(BEN, say_finished), Refusal::NotNow, "in a round it is a turn");
}

#[test]
fn time_15_next_in_the_last_phase_ends_the_session() {
    let mut group = Group::running_in("review", 3, plan("ruch"));
    group.done(ADA, next);
    assert!(group.is_closed());
}

#[test]
fn time_16_a_late_joiner_and_a_restarted_server_show_the_same_time() {
    let mut group = Group::running(3, plan("ruch"));
    group.wait(minutes(3));
    let late = group.join();
    assert_eq!(group.view_of(late).stage, group.view_of(BEN).stage);
    let before = group.running_view();
    group.restart();
    group.come_back(ADA);
    assert_eq!(group.running_view(), before);
    assert_eq!(group.left(), minutes(7));
}

#[test]
fn time_17_end_minus_start_minus_pauses_is_plan_and_extensions() {
    let mut group = Group::running(3, plan("ruch"));
    let began = group.now;
    group.wait(minutes(4));
    group.done(ADA, pause);
    group.wait(minutes(6));
    group.done(ADA, resume);
    group.done(ADA, five_more);
    group.wait(minutes(14));
    group.done(ADA, five_more);
    let late_by = minutes(3);
    let length = minutes(10) + minutes(10) + late_by;
    assert_eq!(group.running_view().timing, TimingView::Running { ends_at: began + minutes(6) + length });
    assert_eq!(group.running_view().length, length);
}

#[test]
fn time_18_the_actual_time_sums_visits_without_pauses() {
    let mut group = Group::running(3, plan("ruch"));
    group.wait(minutes(3));
    group.done(ADA, pause);
    group.wait(minutes(50));
    group.done(ADA, resume);
    group.wait(minutes(1));
    group.done(ADA, next);
    group.wait(minutes(2));
    group.done(ADA, back);
    group.wait(minutes(8));
    group.done(ADA, pause);
    group.wait(minutes(1));
    group.done(ADA, end);
    let record: Vec<_> =
        group.closed_view().phases.iter().map(|phase| (phase.phase, phase.planned, phase.actual)).collect();
    assert_eq!(record, [(0, minutes(10), minutes(12)), (1, minutes(25), minutes(2))]);
}

#[test]
fn time_23_replaying_the_log_rebuilds_the_state() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    group.done(BEN, finish);
    group.done(ADA, pause);
    group.done(CLEO, leave);
    assert_eq!(Session::rebuild(group.log.iter().cloned()), Some(group.session.clone()));
    assert_eq!(Session::rebuild(group.log.iter().skip(1).cloned()), None);
    assert_eq!(Session::rebuild([]), None);
}
