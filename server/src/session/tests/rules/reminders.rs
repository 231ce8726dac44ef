//! REMIND: bringing the talk back, without a name.

use attune_protocol::server::Refusal;
use attune_protocol::view::{ActKind, Reminder, ReminderView};

use super::super::super::{Audience, EventKind, REMINDER_GAP, REMINDER_LASTS};
use super::super::support::*;

/// Five people in the open discussion; Ben presents and is silent.
fn discussing() -> Group {
    Group::running_in("discuss", 5, plan("ruch"))
}

#[test]
fn remind_1_a_reminder_shows_to_all_until_its_time() {
    let mut group = discussing();
    assert_eq!(group.done(ADA, remind(Reminder::Advice)), [EventKind::Reminded { what: Reminder::Advice }]);
    let shown = Some(ReminderView { what: Reminder::Advice, until: group.now + REMINDER_LASTS });
    for seat in [ADA, BEN, CLEO] {
        assert_eq!(group.view_of(seat).reminder, shown);
    }
    assert_eq!(group.session.deadline(), None, "nothing wakes for it");
    group.enter();
    assert_eq!(group.session.view(Audience::Newcomers).reminder, None);
    group.wait(REMINDER_LASTS);
    group.join();
    assert_eq!(group.view().reminder, None, "the first fact after its time takes it away");
}

#[test]
fn remind_1_a_new_one_takes_the_place_of_the_old() {
    let mut group = discussing();
    group.done(ADA, facilitator(CLEO, true));
    group.done(ADA, remind(Reminder::Advice));
    group.wait(seconds(10));
    group.done(CLEO, remind(Reminder::MissingView));
    let shown = ReminderView { what: Reminder::MissingView, until: group.now + REMINDER_LASTS };
    assert_eq!(group.view().reminder, Some(shown));
}

#[test]
fn remind_1_it_goes_with_the_phase() {
    let mut group = discussing();
    group.done(ADA, remind(Reminder::Blame));
    let shown = group.view().reminder;
    group.done(ADA, one_more);
    group.undo(ADA);
    assert_eq!(group.view().reminder, shown, "no step takes it away");
    group.done(ADA, next);
    assert_eq!(group.view().reminder, None);
    group.undo(ADA);
    assert_eq!(group.view().reminder, shown, "the phase as if never left");
    group.done(ADA, end);
    assert_eq!(group.view().reminder, None);
}

#[test]
fn remind_2_whoever_steers_and_where_they_let_it_be_everyone() {
    let mut group = discussing();
    assert_eq!(group.refusal(CLEO, remind(Reminder::Advice)), Refusal::NotFacilitator);
    assert_eq!(group.refusal(CLEO, anyone_reminds(true)), Refusal::NotFacilitator);
    group.done(ADA, anyone_reminds(true));
    group.nothing(ADA, anyone_reminds(true));
    assert!(group.view().anyone_reminds);
    group.done(CLEO, remind(Reminder::Advice));
    let newcomer = group.enter();
    assert_eq!(group.refusal(newcomer, remind(Reminder::Advice)), Refusal::NotAgreed);
    group.done(ADA, anyone_reminds(false));
    assert_eq!(group.refusal(DAN, remind(Reminder::Advice)), Refusal::NotFacilitator);
}

#[test]
fn remind_2_the_choice_stands_before_the_start_and_is_steering() {
    let mut group = Group::of(4, plan("ruch"));
    assert_eq!(group.refusal(CLEO, anyone_reminds(true)), Refusal::NotFacilitator);
    group.done(ADA, anyone_reminds(true));
    assert_eq!(
        group.session.history().last().map(|act| (act.by, act.what.clone())),
        Some((Some(ADA), ActKind::SetReminders { anyone: true }))
    );
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    group.done(CLEO, remind(Reminder::Advice));
    group.restart();
    assert!(group.view().anyone_reminds);
}

#[test]
fn remind_2_not_the_silent_presenter() {
    let mut group = discussing();
    group.done(ADA, anyone_reminds(true));
    assert_eq!(group.refusal(BEN, remind(Reminder::EachOther)), Refusal::Silent);
    group.done(ADA, next);
    group.done(BEN, remind(Reminder::EachOther));
}

#[test]
fn remind_3_only_while_somebody_may_speak() {
    let mut group = Group::of(4, plan("case-clinic"));
    assert_eq!(group.refusal(ADA, remind(Reminder::Advice)), Refusal::NotNow);
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    group.done(ADA, pause);
    assert_eq!(group.refusal(ADA, remind(Reminder::Advice)), Refusal::NotNow);
    group.done(ADA, resume);
    while group.phase() != "still" {
        group.done(ADA, next);
    }
    assert_eq!(group.refusal(ADA, remind(Reminder::Advice)), Refusal::NotNow);
    group.done(ADA, next);
    group.done(ADA, remind(Reminder::Advice));
}

#[test]
fn remind_4_nobody_is_told_who_sent_it() {
    let told = |by| {
        let mut group = discussing();
        group.done(ADA, anyone_reminds(true));
        group.done(by, remind(Reminder::Blame));
        let views = [Audience::Steering, Audience::Members].map(|audience| group.session.view(audience));
        (views, group.session.history())
    };
    let by_ada = told(ADA);
    for by in [CLEO, DAN, EVE] {
        assert_eq!(told(by), by_ada);
    }
    assert!(!format!("{:?}", by_ada.1).contains("Remind {"), "and nothing of it stands in what happened");
}

#[test]
fn remind_5_each_waits_before_the_next() {
    let mut group = discussing();
    group.done(ADA, anyone_reminds(true));
    group.done(ADA, remind(Reminder::Advice));
    group.done(CLEO, remind(Reminder::Advice));
    for seat in [ADA, CLEO] {
        assert_eq!(group.refusal(seat, remind(Reminder::Blame)), Refusal::TooFast, "also who steers");
    }
    group.wait(REMINDER_GAP - seconds(1));
    assert_eq!(group.refusal(CLEO, remind(Reminder::Blame)), Refusal::TooFast);
    group.done(ADA, next);
    group.wait(seconds(1));
    group.done(CLEO, remind(Reminder::Blame));
    group.restart();
    assert_eq!(group.refusal(CLEO, remind(Reminder::Blame)), Refusal::TooFast);
}
