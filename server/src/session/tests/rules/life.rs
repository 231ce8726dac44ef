//! LIFE: how long a session is kept.

use attune_protocol::ids::{Millis, Timestamp};
use attune_protocol::server::{CloseCode, Refusal};

use super::super::super::{Input, Outcome, Session};
use super::super::support::*;

const DAY: Millis = Millis::hours(24);
const MONTH: Millis = Millis::hours(30 * 24);

fn expires(group: &Group) -> Timestamp {
    assert_eq!(group.view().expires_at, group.session.expires_at());
    group.session.expires_at()
}

#[test]
fn life_1_a_lobby_lives_30_days_after_the_last_human_command() {
    let mut group = Group::alone(plan("ruch"));
    assert_eq!(expires(&group), START + MONTH);
    group.wait(minutes(90));
    group.enter();
    assert_eq!(expires(&group), group.now + MONTH);
}

#[test]
fn life_1_or_the_retention_time_after_its_planned_date() {
    let day = START + MONTH + MONTH;
    let mut group = Group::planned_for(plan("ruch"), settings(), Some(day));
    assert_eq!(expires(&group), day + DAY);
    group.join();
    assert_eq!(expires(&group), day + DAY);
    group.now = day + Millis::hours(20);
    group.join();
    assert_eq!(expires(&group), group.now + DAY, "people who meet a day late are not cut off");
    let group = Group::planned_for(plan("ruch"), settings(), Some(Timestamp(0)));
    assert_eq!(expires(&group), START + DAY);
}

#[test]
fn life_2_a_session_that_runs_is_kept_over_its_planned_end() {
    let mut group = Group::running(3, plan("ruch"));
    let planned_end = group.now + minutes(60);
    assert_eq!(expires(&group), planned_end + DAY);
    group.wait(minutes(5));
    group.done(ADA, five_more);
    assert_eq!(expires(&group), planned_end + minutes(5) + DAY);
    group.done(ADA, pause);
    assert_eq!(expires(&group), planned_end + minutes(5) + DAY);
    group.wait(minutes(600));
    group.done(CLEO, name(CLEO, "AAAA"));
    assert_eq!(expires(&group), group.now + DAY);
    group.done(ADA, end);
    group.wait(seconds(1));
    assert_eq!(expires(&group), group.now + DAY - seconds(1));
}

#[test]
fn life_2_one_that_ended_by_itself_keeps_the_day_that_was_shown() {
    let mut group = Group::running(3, firm(&plan("ruch")));
    let shown = expires(&group);
    group.wait(minutes(61));
    assert!(group.is_closed());
    assert!(expires(&group) >= shown);
    assert_eq!(expires(&group), shown + seconds(60), "the graces of four phases");
}

#[test]
fn life_3_presence_and_restarts_do_not_count_as_human() {
    for paused in [false, true] {
        let mut group = Group::running(3, plan("ruch"));
        if paused {
            group.done(ADA, pause);
        }
        let before = expires(&group);
        for _ in 0..40 {
            group.wait(minutes(60));
            group.drop_out(CLEO);
            group.wait(minutes(60));
            group.come_back(CLEO);
            group.restart();
            group.come_back(CLEO);
        }
        assert_eq!(expires(&group), before);
    }
    let mut group = Group::of(2, plan("ruch"));
    let before = expires(&group);
    group.wait(minutes(60));
    group.drop_out(BEN);
    group.come_back(BEN);
    assert_eq!(expires(&group), before);
}

#[test]
fn life_3_a_refused_command_does_not_count() {
    let mut group = Group::running(3, plan("ruch"));
    let before = expires(&group);
    group.wait(minutes(600));
    group.refusal(CLEO, next);
    assert_eq!(expires(&group), before);
}

#[test]
fn life_5_a_facilitator_can_erase_at_any_time_also_after_the_end() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(ADA, facilitator(CLEO, true));
    let may = |group: &Group| [1, 2, 3, 4, 9].map(|browser| group.session.may_erase(&token(browser)));
    assert_eq!(may(&group), [true, false, true, false, false]);
    group.done(CLEO, leave);
    group.done(ADA, end);
    group.wait(minutes(600));
    assert_eq!(may(&group), [true, false, false, false, false]);
}

#[test]
fn life_7_after_the_end_only_undo_and_leaving_do_anything() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(ADA, end);
    for command in
        [next, back, begin, pause, resume, one_more, end, open_floor, need_pause, offer, ask_for_chair]
    {
        assert_eq!(group.refusal(ADA, command), Refusal::NotNow);
    }
    assert_eq!(group.refusal(ADA, remove(BEN, 1)), Refusal::NotNow);
    assert_eq!(group.refusal(ADA, name(ADA, "AAAA")), Refusal::NotNow);
    assert_eq!(group.refusal(ADA, add_person), Refusal::NotNow);
    group.done(CLEO, leave);
    group.undo(ADA);
    assert_eq!(group.phase(), "present");
}

#[test]
fn life_7_after_ten_seconds_no_end_is_taken_back_and_after_an_hour_nothing_is_done() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(ADA, end);
    let step = group.step_of(ADA);
    group.wait(seconds(10));
    assert_eq!(group.refusal(ADA, undo(step)), Refusal::CannotUndo);
    group.done(DAN, leave);
    group.wait(minutes(60));
    assert_eq!(group.refusal(ADA, undo(step)), Refusal::NotNow);
    assert_eq!(group.refusal(CLEO, leave), Refusal::NotNow);
    assert_eq!(group.turned_away(ADA.0, None), CloseCode::Ended);
}

#[test]
fn life_8_firm_closes_with_nobody_connected_and_a_paused_one_never() {
    let mut group = Group::running(2, firm(&plan("ruch")));
    group.drop_out(ADA);
    group.drop_out(BEN);
    group.wait(minutes(61));
    assert!(group.is_closed());
    let mut group = Group::running(2, firm(&plan("ruch")));
    group.done(ADA, pause);
    group.wait(minutes(6_000));
    assert!(group.is_paused());
}

#[test]
fn life_9_what_fell_due_unwatched_is_decided_with_its_due_times() {
    let mut watched = Group::running(3, firm(&plan("ruch")));
    let mut unwatched = watched.clone();
    watched.wait(minutes(70));
    unwatched.sleep(minutes(70));
    unwatched.session = Session::rebuild(unwatched.log.iter().cloned()).unwrap();
    unwatched.input(Input::Elapse);
    assert_eq!(watched.log, unwatched.log);
    assert_eq!(watched.session, unwatched.session);
}

#[test]
fn life_10_time_in_a_session_is_never_below_its_newest_event() {
    let mut group = Group::running(3, plan("ruch"));
    group.wait(minutes(5));
    group.done(ADA, pause);
    let newest = group.session.newest_at();
    group.now = newest - minutes(3);
    group.done(ADA, resume);
    assert_eq!(group.session.newest_at(), newest);
    group.now = newest;
    assert_eq!(group.left(), minutes(5));
    group.now = newest - minutes(3);
    assert_eq!(group.act(ADA, next).outcome, Outcome::Done);
    assert_eq!(group.running_view().began_at, newest);
}
