//! What random scripts and damaged logs have found, each as the shortest story that tells it.

use attune_protocol::method::Firmness;
use attune_protocol::server::Refusal;

use super::super::super::{Audience, Event, EventKind, PauseCause, Session};
use super::super::support::*;

/// Seed 1: the deadline of a phase that had waited for a presenter lay in the past.
#[test]
fn time_21_a_phase_that_waited_for_a_presenter_is_due_at_once() {
    let mut group = Group::of(2, firm(&whole_plan("ruch")));
    group.done(ADA, begin);
    group.wait(minutes(20));
    group.done(ADA, choose(BEN));
    assert_eq!(group.session.deadline(), Some(group.now));
    group.jump();
    assert_eq!((group.phase().as_str(), group.running_view().began_at), ("present", group.now));
}

/// Seed 145: time stood because a presenter was gone, and the log did not say so.
#[test]
fn case_2_time_that_stands_after_an_undo_stands_in_the_log() {
    let mut group = Group::running(3, plan("ruch"));
    group.done(ADA, pause);
    group.done(BEN, leave);
    let step = group.step_of(ADA);
    let facts = group.done(ADA, undo(step));
    let stands = EventKind::Paused { cause: PauseCause::PresenterGone };
    assert_eq!(facts, [EventKind::Undone { step }, stands]);
    assert!(group.is_paused());
    group.refusal(ADA, resume);
}

/// The day of deletion told newcomers how long the case still ran.
#[test]
fn view_5_newcomers_do_not_see_the_case_go_on() {
    let mut group = Group::running(3, edited(&plan("ruch"), |raw| raw.firmness = Firmness::Firm));
    group.enter();
    let before = group.session.view(Audience::Newcomers);
    group.wait(minutes(15));
    assert_eq!(group.phase(), "discuss");
    assert_eq!(group.session.view(Audience::Newcomers), before);
}

/// Seed 14524: the presenting facilitator took the chair while away; the case turned firm, long after its time.
#[test]
fn chair_2_who_is_away_does_not_take_the_chair() {
    let mut group = Group::of(2, plan("ruch"));
    group.done(ADA, facilitator(BEN, true));
    group.done(ADA, choose(ADA));
    group.done(ADA, begin);
    group.done(BEN, leave);
    group.drop_out(ADA);
    group.wait(minutes(12));
    assert_eq!(group.refusal(ADA, take_chair), Refusal::Away);
    assert_eq!(group.phase(), "present");
}

#[test]
fn t36_a_damaged_log_that_names_no_phase_of_the_plan_makes_no_session() {
    let group = Group::running(3, plan("ruch"));
    let damaged = |change: &dyn Fn(&mut Event)| {
        let mut log = group.log.clone();
        log.iter_mut().for_each(change);
        Session::rebuild(log)
    };
    assert_eq!(damaged(&|_| {}), Some(group.session.clone()));
    let past_the_plan = |event: &mut Event| {
        if let EventKind::PhaseEntered { phase, .. } = &mut event.what {
            *phase = 4;
        }
    };
    assert_eq!(damaged(&past_the_plan), None);
    let mut changed = group.log.clone();
    let what = EventKind::PlanChanged { plan: plan("case-clinic") };
    changed.push(Event { at: group.now, by: None, request: None, what });
    assert_eq!(Session::rebuild(changed), None);
}
