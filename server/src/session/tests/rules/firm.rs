//! TIME: what comes by itself, and when.

use attune_protocol::ids::Millis;
use attune_protocol::server::Refusal;

use super::super::super::{Entry, EventKind, Input, Outcome};
use super::super::support::*;

#[test]
fn time_9_in_firm_the_next_phase_begins_15_seconds_after_the_end() {
    let mut group = Group::running(3, firm(&plan("ruch")));
    let began = group.now;
    group.wait(minutes(10) + seconds(14));
    assert_eq!(group.phase(), "present");
    assert_eq!(group.jump(), [EventKind::PhaseEntered { phase: 1, how: Entry::Time, length: minutes(25) }]);
    assert_eq!(group.now, began + minutes(10) + seconds(15));
    assert_eq!((group.phase().as_str(), group.left()), ("discuss", minutes(25)));
    while !group.is_closed() {
        group.jump();
    }
    assert_eq!(group.now, began + minutes(60) + seconds(60));
}

#[test]
fn time_10_the_15_seconds_count_to_the_phase_that_ended() {
    let mut group = Group::running(3, firm(&plan("ruch")));
    group.wait(minutes(61));
    let actual: Vec<_> = group.closed_view().phases.iter().map(|phase| phase.actual).collect();
    let grace = seconds(15);
    let minutes = [10, 25, 15, 10].map(|planned| minutes(planned) + grace);
    assert_eq!(actual, minutes);
}

#[test]
fn time_11_an_extension_within_the_grace_moves_the_end() {
    let mut group = Group::running(3, firm(&plan("ruch")));
    group.wait(minutes(10) + seconds(10));
    group.done(ADA, one_more);
    assert_eq!(group.left(), minutes(1));
    group.wait(seconds(74));
    assert_eq!(group.phase(), "present");
    group.wait(seconds(1));
    assert_eq!(group.phase(), "discuss");
}

#[test]
fn time_12_firm_waits_while_paused() {
    let mut group = Group::running(3, firm(&plan("ruch")));
    group.wait(minutes(10) + seconds(5));
    group.done(ADA, pause);
    assert_eq!(group.session.deadline(), None);
    group.wait(minutes(600));
    group.done(ADA, resume);
    group.wait(seconds(9));
    assert_eq!(group.phase(), "present");
    group.wait(seconds(1));
    assert_eq!(group.phase(), "discuss");
}

#[test]
fn time_12_firm_waits_for_a_missing_presenter_but_not_for_an_away_one() {
    let mut group = Group::running(3, firm(&plan("ruch")));
    group.drop_out(BEN);
    group.wait(minutes(10) + seconds(15));
    assert_eq!(group.phase(), "discuss");
    group.done(BEN, leave);
    group.wait(minutes(600));
    assert_eq!((group.phase().as_str(), group.is_paused()), ("discuss", true));
}

#[test]
fn time_12_firm_waits_when_the_next_phase_needs_a_presenter() {
    let mut group = Group::of(3, firm(&whole_plan("ruch")));
    group.done(ADA, begin);
    group.wait(minutes(30));
    assert_eq!((group.phase().as_str(), group.left()), ("arrive", minutes(-25)));
    group.done(ADA, choose(BEN));
    assert_eq!(group.jump(), [EventKind::PhaseEntered { phase: 1, how: Entry::Time, length: minutes(10) }]);
    assert_eq!(group.left(), minutes(10), "nobody's time is over before it began");
}

#[test]
fn time_13_no_phase_ends_by_itself_before_its_planned_end() {
    for id in &method_ids() {
        let mut group = Group::running(4, firm(&whole_plan(id)));
        let plan = whole_plan(id);
        for phase in plan.phases() {
            let began_at = group.running_view().began_at;
            group.jump();
            assert!(group.now >= began_at + phase.length(), "{id} {}", phase.id.as_str());
        }
        assert!(group.is_closed());
    }
}

#[test]
fn time_18_the_actual_time_of_a_firm_phase_is_plan_extensions_and_grace() {
    let mut group = Group::running(3, firm(&plan("ruch")));
    group.done(ADA, five_more);
    group.sleep(minutes(300));
    group.input(Input::Elapse);
    assert_eq!(group.closed_view().phases[0].actual, minutes(15) + seconds(15));
}

#[test]
fn time_19_timed_events_carry_the_moment_they_were_due() {
    let mut group = Group::running(3, firm(&plan("ruch")));
    let began = group.now;
    group.sleep(minutes(40));
    group.input(Input::Elapse);
    let times: Vec<Millis> =
        group.log.iter().filter(|event| event.request.is_none()).map(|event| event.at - began).collect();
    let first = minutes(10) + seconds(15);
    assert_eq!(times[times.len() - 2..], [first, first + minutes(25) + seconds(15)]);
    assert!(times.is_sorted());
}

#[test]
fn time_19_a_request_and_a_phase_stand_in_the_order_in_which_they_were_due() {
    let mut group = Group::running(3, firm(&plan("ruch")));
    let began = group.now;
    group.wait(minutes(9) + seconds(50));
    group.done(CLEO, need_pause);
    group.sleep(minutes(100));
    let events = group.input(Input::Elapse).events;
    let times: Vec<_> = events.iter().map(|event| event.at - began).collect();
    assert_eq!(times, [minutes(10) + seconds(15), minutes(10) + seconds(20)]);
    assert_eq!((group.phase().as_str(), group.is_paused()), ("discuss", true));
}

#[test]
fn time_20_waking_often_late_or_never_writes_the_same() {
    let script = |step: &dyn Fn(&mut Group)| {
        let mut group = Group::running(3, firm(&plan("ruch")));
        for _ in 0..35 {
            step(&mut group);
        }
        group.done(CLEO, need_pause);
        for _ in 0..5 {
            step(&mut group);
        }
        group.done(ADA, resume);
        for _ in 0..60 {
            step(&mut group);
        }
        group.input(Input::Elapse);
        group.log
    };
    let woken = script(&|group| group.wait(minutes(1)));
    let asleep = script(&|group| group.sleep(minutes(1)));
    let restless = script(&|group| {
        for _ in 0..60 {
            group.sleep(seconds(1));
            group.input(Input::Elapse);
        }
    });
    assert_eq!(woken, asleep);
    assert_eq!(woken, restless);
}

#[test]
fn time_21_what_was_due_is_decided_before_the_command() {
    let mut group = Group::running(3, firm(&plan("ruch")));
    let stale = group.moment();
    group.sleep(minutes(10) + seconds(15));
    let decision = group.command(ADA, next(stale));
    assert_eq!(decision.outcome, Outcome::Refused(Refusal::MovedOn { by: None }));
    assert_eq!(decision.events.len(), 1);
    assert_eq!(group.phase(), "discuss");
}

#[test]
fn time_22_a_firm_session_left_alone_closes_in_bounded_steps() {
    let mut group = Group::running(3, firm(&plan("ruch")));
    for seat in [ADA, BEN, CLEO] {
        group.drop_out(seat);
    }
    let mut steps = 0;
    while group.session.deadline().is_some() {
        group.jump();
        steps += 1;
    }
    assert!(group.is_closed());
    assert_eq!(steps, 4);
}
