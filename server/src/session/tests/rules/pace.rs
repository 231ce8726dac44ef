//! TIME: minutes that phases ahead give, and the planned end.

use attune_protocol::display::DisplayStage;
use attune_protocol::ids::Millis;
use attune_protocol::server::Refusal;
use attune_protocol::view::{ActKind, KeptPhase};
use serde::Deserialize;

use super::super::super::event::Taken;
use super::super::super::pace::share;
use super::super::super::{Audience, EventKind, Session};
use super::super::support::*;

/// The minutes of each phase as they are now.
fn minutes_now(group: &Group) -> Vec<u16> {
    let now = group.running_view().minutes;
    if now.is_empty() { group.view().plan.phases().iter().map(|phase| phase.minutes).collect() } else { now }
}

/// When the session ends if nothing else happens.
fn end(group: &Group) -> Millis {
    (group.now + group.left().max(Millis(0)) + group.running_view().rest) - START
}

#[test]
fn time_25_an_extension_comes_from_nowhere_a_later_phase_or_all() {
    let mut group = Group::running(3, plan("ruch"));
    group.done(ADA, five_more);
    assert_eq!((end(&group), minutes_now(&group)), (minutes(65), vec![10, 25, 15, 10]));
    group.done(ADA, five_from(2));
    assert_eq!((end(&group), minutes_now(&group)), (minutes(65), vec![10, 25, 10, 10]));
    group.done(ADA, five_spread);
    assert_eq!((end(&group), minutes_now(&group)), (minutes(65), vec![10, 22, 9, 9]));
    assert_eq!((group.left(), group.running_view().rest), (minutes(25), minutes(40)));
    group.done(ADA, next);
    assert_eq!(group.left(), minutes(22), "it begins with what it has");
}

#[test]
fn time_25_no_phase_has_less_than_a_minute() {
    let short = |raw: &mut attune_protocol::method::RawPlan| {
        (raw.phases[1].minutes, raw.phases[2].minutes, raw.phases[3].minutes) = (6, 5, 1);
    };
    let mut group = Group::running(3, edited(&plan("ruch"), short));
    assert_eq!(group.refusal(ADA, five_from(2)), Refusal::TooShort);
    assert_eq!(group.refusal(ADA, five_from(3)), Refusal::TooShort);
    group.done(ADA, five_from(1));
    assert_eq!(minutes_now(&group), [10, 1, 5, 1]);
    assert_eq!(group.refusal(ADA, five_spread), Refusal::TooShort);
    for _ in 0..4 {
        group.done(ADA, one_spread);
    }
    assert_eq!(minutes_now(&group), [10, 1, 1, 1]);
    assert_eq!(group.refusal(ADA, one_spread), Refusal::TooShort);
    group.done(ADA, five_more);
}

#[test]
fn time_25_only_a_later_phase_gives() {
    let mut group = Group::running_in("discuss", 3, plan("ruch"));
    for phase in [0, 1, 4, usize::MAX] {
        assert_eq!(group.refusal(ADA, five_from(phase)), Refusal::NotNow);
    }
    group.done(ADA, five_from(3));
    assert_eq!(group.refusal(CLEO, five_from(3)), Refusal::NotFacilitator);
    assert_eq!(group.refusal(ADA, |now| five_from(3)(earlier(now))), Refusal::MovedOn { by: Some(ADA) });
    group.done(ADA, next);
    group.done(ADA, next);
    assert_eq!(group.refusal(ADA, five_spread), Refusal::TooShort, "nothing comes after the last");
}

fn earlier(now: attune_protocol::client::Moment) -> attune_protocol::client::Moment {
    attune_protocol::client::Moment { visit: now.visit - 1, ..now }
}

#[derive(Deserialize)]
struct ShareCase {
    spare: Vec<u16>,
    take: u32,
    takes: Vec<u16>,
}

#[test]
fn time_26_page_and_server_share_minutes_alike() {
    let cases = include_str!("../../../../../protocol/tests/share-cases.json");
    let cases: Vec<ShareCase> = serde_json::from_str(cases).expect("reads");
    assert!(!cases.is_empty());
    for case in cases {
        let spare: Vec<Taken> =
            case.spare.iter().enumerate().map(|(phase, &minutes)| Taken { phase, minutes }).collect();
        let mut takes = vec![0; spare.len()];
        for taken in share(case.take, &spare) {
            assert!(taken.minutes > 0, "who gives nothing is not named");
            takes[taken.phase] = taken.minutes;
        }
        assert_eq!(takes, case.takes, "{} of {:?}", case.take, case.spare);
    }
}

#[test]
fn time_27_shortening_brings_the_end_back_to_the_planned_one() {
    let mut group = Group::running(3, plan("ruch"));
    group.wait(minutes(16));
    assert_eq!(end(&group), minutes(66));
    let facts = group.done(ADA, shorten);
    assert!(matches!(facts.as_slice(), [EventKind::Shortened { .. }]));
    assert_eq!((end(&group), minutes_now(&group)), (minutes(60), vec![10, 22, 13, 9]));
    group.nothing(ADA, shorten);
    group.done(ADA, next);
    group.done(ADA, five_more);
    group.done(ADA, shorten);
    assert_eq!((end(&group), minutes_now(&group)), (minutes(60), vec![10, 22, 10, 7]));
}

#[test]
fn time_27_to_the_nearest_minute() {
    let ends = |late: Millis| {
        let mut group = Group::running(3, plan("ruch"));
        group.wait(minutes(10) + late);
        group.done(ADA, shorten);
        end(&group)
    };
    assert_eq!(ends(seconds(29)), minutes(60) + seconds(29));
    assert_eq!(ends(seconds(30)), minutes(59) + seconds(30));
    assert_eq!(ends(seconds(90)), minutes(59) + seconds(30));
    assert_eq!(ends(seconds(89)), minutes(60) + seconds(29));
}

#[test]
fn time_27_as_far_as_the_phases_have_minutes() {
    let mut group = Group::running_in("reflect", 3, plan("ruch"));
    group.wait(minutes(100));
    group.done(ADA, shorten);
    assert_eq!((minutes_now(&group), end(&group)), (vec![10, 25, 15, 1], minutes(101)));
    assert_eq!(group.refusal(ADA, shorten), Refusal::TooShort);
    group.done(ADA, next);
    assert_eq!(group.left(), minutes(1));
    assert_eq!(group.refusal(ADA, shorten), Refusal::TooShort);
}

#[test]
fn time_27_who_may_and_when() {
    let mut group = Group::of(4, plan("ruch"));
    assert_eq!(group.refusal(ADA, shorten), Refusal::NotNow);
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    group.nothing(ADA, shorten);
    group.wait(minutes(12));
    assert_eq!(group.refusal(CLEO, shorten), Refusal::NotFacilitator);
    assert_eq!(group.refusal(ADA, |now| shorten(earlier(now))), Refusal::MovedOn { by: Some(ADA) });
    group.done(ADA, pause);
    group.wait(minutes(3));
    group.done(ADA, shorten);
    assert!(group.is_paused());
    assert_eq!(end(&group), minutes(60), "time that stands counts too");
}

#[test]
fn time_28_nothing_moves_the_planned_end() {
    let mut group = Group::running(3, plan("ruch"));
    group.done(ADA, five_more);
    group.wait(minutes(15));
    group.done(ADA, next);
    group.wait(minutes(5));
    group.done(ADA, back);
    group.wait(minutes(5));
    group.done(ADA, next);
    assert_eq!(end(&group), minutes(70), "25 have gone, 20 are left of the discussion, 25 come after it");
    group.done(ADA, shorten);
    assert_eq!((end(&group), minutes_now(&group)), (minutes(60), vec![10, 25, 9, 6]));
}

#[test]
fn time_28_the_expected_end_counts_what_a_later_phase_has_kept() {
    let mut group = Group::running_in("discuss", 3, plan("ruch"));
    group.wait(minutes(7));
    group.done(ADA, back);
    let running = group.running_view();
    assert_eq!(running.kept, [KeptPhase { phase: 1, length: minutes(18) }]);
    assert_eq!(running.rest, minutes(18 + 15 + 10));
    group.done(ADA, next);
    assert_eq!((group.running_view().kept, group.left()), (vec![], minutes(18)));
}

#[test]
fn time_28_a_display_is_told_the_same() {
    let mut group = Group::running(3, plan("ruch"));
    group.wait(minutes(16));
    group.done(ADA, shorten);
    let DisplayStage::Running { rest, minutes: now, .. } = group.session.display_view().stage else {
        panic!("a phase runs")
    };
    assert_eq!((rest, now), (group.running_view().rest, minutes_now(&group)));
}

#[test]
fn time_29_what_was_left_by_back_keeps_its_rest() {
    let mut group = Group::running_in("discuss", 3, plan("ruch"));
    group.wait(minutes(7));
    group.done(ADA, back);
    assert_eq!(group.refusal(ADA, five_from(1)), Refusal::TooShort);
    group.done(ADA, five_spread);
    assert_eq!(minutes_now(&group), [10, 25, 12, 8]);
    group.wait(minutes(20));
    group.done(ADA, shorten);
    assert_eq!(minutes_now(&group)[..2], [10, 25]);
    group.done(ADA, next);
    assert_eq!(group.left(), minutes(18));
}

#[test]
fn time_29_another_presenter_begins_with_the_planned_minutes() {
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    group.done(ADA, five_from(2));
    group.done(BEN, leave);
    group.done(ADA, choose(CLEO));
    assert_eq!((minutes_now(&group), group.left()), (vec![10, 25, 15, 10], minutes(10)));
}

#[test]
fn time_30_a_phase_that_gave_has_the_mark_and_the_turns_of_what_it_has() {
    let turns = |raw: &mut attune_protocol::method::RawPlan| raw.phases[2].turn_minutes = Some(8);
    let mut group = Group::running_in("discuss", 3, edited(&plan("ruch"), turns));
    group.done(ADA, five_from(2));
    group.done(ADA, five_from(2));
    group.done(ADA, next);
    assert_eq!(group.left(), minutes(5));
    assert!(!group.running_view().marks_two_minutes);
    assert_eq!(group.round().turn_ends_at, Some(group.now + minutes(5)));
    group.done(BEN, finish);
    assert_eq!(group.round().turn_ends_at, Some(group.now + minutes(5)));
}

#[test]
fn time_31_no_minute_is_lost_and_the_plan_stays() {
    let mut group = Group::running(3, plan("ruch"));
    let planned = group.view().plan;
    let mut added = 0;
    for (given, command) in [(5, five_spread as fn(_) -> _), (1, one_spread), (1, one_spread)] {
        group.done(ADA, command);
        added += given;
        assert_eq!(minutes_now(&group).iter().sum::<u16>() + added, 60);
        assert_eq!((group.left(), end(&group)), (minutes(10 + i64::from(added)), minutes(60)));
    }
    assert_eq!(group.view().plan, planned);
}

#[test]
fn undo_13_minutes_that_moved_come_back_with_the_step() {
    let mut group = Group::running(3, plan("ruch"));
    group.wait(minutes(16));
    for command in [five_spread, shorten] {
        let before = group.running_view();
        group.done(ADA, command);
        assert_ne!(group.running_view(), before);
        group.undo(ADA);
        assert_eq!(group.running_view(), before);
    }
    group.done(ADA, shorten);
    group.done(ADA, next);
    group.undo(ADA);
    assert_eq!(minutes_now(&group), [10, 22, 13, 9], "the step before stands");
}

#[test]
fn undo_13_a_step_names_whence_the_minutes_came_and_not_how_late_it_was() {
    let mut group = Group::running(3, plan("ruch"));
    group.wait(minutes(16));
    group.done(ADA, five_from(3));
    group.done(ADA, shorten);
    let acts: Vec<ActKind> = group.session.history().into_iter().map(|act| act.what).collect();
    let by = attune_protocol::client::Extension::Five;
    assert!(acts.ends_with(&[ActKind::Extended { by, from: vec![3] }, ActKind::Shortened {}]));
    assert_eq!(group.view().undo.last().map(|step| step.what.clone()), Some(ActKind::Shortened {}));
}

#[test]
fn record_5_planned_minutes_stay_and_what_moved_stands_beside_them() {
    let mut group = Group::running(3, plan("ruch"));
    group.done(ADA, five_from(2));
    group.wait(minutes(19));
    group.done(ADA, shorten);
    assert_eq!(minutes_now(&group), [10, 23, 9, 9]);
    for wait in [23, 9, 9] {
        group.done(ADA, next);
        group.wait(minutes(wait));
    }
    group.done(ADA, next);
    let told = |of: fn(&attune_protocol::view::PhaseRecord) -> Millis| -> Vec<i64> {
        group.closed_view().phases.iter().map(|phase| of(phase).0 / 60_000).collect()
    };
    assert_eq!(told(|phase| phase.planned), [10, 25, 15, 10]);
    assert_eq!(told(|phase| phase.moved), [5, -2, -6, -1]);
    assert_eq!(told(|phase| phase.actual), [19, 23, 9, 9]);
}

#[test]
fn view_14_a_late_session_is_seen_as_one_on_time() {
    let seen = |in_lobby, presenting| {
        let mut group = Group::of(4, plan("ruch"));
        group.done(ADA, choose(BEN));
        group.wait(minutes(in_lobby));
        group.done(ADA, begin);
        group.wait(minutes(presenting));
        group.done(ADA, next);
        let audiences = [Audience::Steering, Audience::Members, Audience::Newcomers];
        (audiences.map(|who| group.session.view(who)), group.session.display_view())
    };
    assert_eq!(seen(8, 10), seen(0, 18));
}

#[test]
fn time_23_an_extension_of_an_older_log_is_read() {
    let text = r#"{"type":"extended","by":"five"}"#;
    let read: EventKind = serde_json::from_str(text).expect("reads");
    assert!(matches!(&read, EventKind::Extended { taken, .. } if taken.is_empty()));
    assert_eq!(serde_json::to_string(&read).expect("writes"), text);
}

#[test]
fn fuzz_3_a_log_that_takes_from_a_phase_of_no_plan_builds_nothing() {
    let mut group = Group::running(3, plan("ruch"));
    group.done(ADA, five_from(2));
    let mut log = group.log.clone();
    if let Some(EventKind::Extended { taken, .. }) = log.last_mut().map(|event| &mut event.what) {
        taken[0].phase = 4;
    }
    assert_eq!(Session::rebuild(log), None);
}
