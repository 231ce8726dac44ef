//! STEER: who moves the course, and how presses meet each other.

use attune_protocol::client::{Command, Moment};
use attune_protocol::door::Door;
use attune_protocol::ids::SeatNumber;
use attune_protocol::server::Refusal;
use attune_protocol::view::ActKind;

use super::super::super::{Input, Outcome, Session};
use super::super::support::*;

/// Ada presents, Ben stands in, and the case runs.
fn stood_in(phase: &str) -> Group {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, choose(ADA));
    group.done(ADA, offer_chair(BEN));
    group.done(BEN, answer_chair(true));
    group.done(ADA, begin);
    while group.phase() != phase {
        group.done(BEN, next);
    }
    group
}

#[test]
fn steer_1_co_facilitators_steer_equally() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, facilitator(CLEO, true));
    group.done(CLEO, choose(BEN));
    group.done(ADA, begin);
    group.done(CLEO, next);
    group.done(ADA, pause);
    group.done(CLEO, resume);
    assert_eq!(group.phase(), "discuss");
}

#[test]
fn steer_1_a_facilitator_in_silence_does_not_steer_and_the_other_does() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, facilitator(CLEO, true));
    group.done(ADA, choose(ADA));
    group.done(ADA, begin);
    assert!(!group.running_view().firm, "a connected co-facilitator holds the chair");
    group.done(ADA, next);
    assert_eq!(group.refusal(ADA, next), Refusal::Silent);
    group.done(CLEO, next);
    group.done(ADA, next);
    assert_eq!(group.phase(), "review");
}

#[test]
fn steer_2_while_somebody_stands_in_only_they_steer() {
    let mut group = stood_in("present");
    for command in [next, back, pause, end, one_more, resume] {
        assert_eq!(group.refusal(ADA, command), Refusal::ChairHeld);
    }
    assert_eq!(group.refusal(CLEO, next), Refusal::NotFacilitator);
    group.done(BEN, pause);
    group.done(BEN, resume);
    group.done(BEN, next);
    assert_eq!(group.phase(), "discuss");
}

#[test]
fn steer_3_members_and_the_silent_facilitator_are_refused() {
    let mut group = Group::running(3, plan("ruch"));
    for command in [next, back, pause, end, one_more, five_more, open_floor, resume, hear_pause, go_to_review]
    {
        assert_eq!(group.refusal(CLEO, command), Refusal::NotFacilitator);
        assert_eq!(group.refusal(BEN, command), Refusal::NotFacilitator, "presenting gives no right");
    }
    let mut group = stood_in("discuss");
    for command in [next, back, pause, end, one_more, resume, add_person] {
        assert_eq!(group.refusal(ADA, command), Refusal::Silent);
    }
}

#[test]
fn steer_4_a_facilitator_who_presents_steers_while_not_silent() {
    let mut group = Group::of(3, plan("ruch"));
    group.done(ADA, choose(ADA));
    group.done(ADA, begin);
    group.done(ADA, one_more);
    group.done(ADA, next);
    assert_eq!(group.refusal(ADA, one_more), Refusal::Silent);
    group.wait(minutes(25) + seconds(15));
    assert_eq!(group.phase(), "reflect");
    group.done(ADA, one_more);
}

#[test]
fn steer_5_a_command_for_another_visit_is_refused_with_who_moved() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, facilitator(CLEO, true));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    let stale = group.moment();
    group.done(CLEO, next);
    let moved = Refusal::MovedOn { by: Some(CLEO) };
    for command in [next, back, pause, resume, end, one_more, open_floor, go_to_review] {
        assert_eq!(group.refusal(ADA, |_| command(stale)), moved);
    }
    assert_eq!(group.refusal(ADA, |_| choose(CLEO)(stale)), moved);
    assert_eq!(group.refusal(BEN, |_| say_finished(stale)), moved);
    assert_eq!(group.refusal(ADA, |_| begin(Moment::default())), moved);
    assert_eq!(group.phase(), "discuss");
}

#[test]
fn steer_5_a_command_for_another_turn_is_refused_only_where_it_is_about_the_turn() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    let stale = group.moment();
    group.done(BEN, finish);
    let moved = Refusal::MovedOn { by: Some(BEN) };
    for command in [open_floor, finish, pass] {
        assert_eq!(group.refusal(ADA, |_| command(stale)), moved);
    }
    assert_eq!(group.round().speaker, Some(CLEO));
    group.done(ADA, |_| pause(stale));
    group.done(ADA, |_| resume(stale));
    group.done(ADA, |_| one_more(stale));
    group.done(ADA, |_| next(stale));
}

#[test]
fn steer_5_a_phase_that_moved_by_itself_names_nobody() {
    let mut group = Group::running(3, firm(&plan("ruch")));
    let stale = group.moment();
    group.jump();
    assert_eq!(group.refusal(ADA, |_| next(stale)), Refusal::MovedOn { by: None });
}

#[test]
fn steer_6_two_presses_of_next_move_one_phase() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, facilitator(CLEO, true));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    let moment = group.moment();
    group.done(ADA, |_| next(moment));
    assert_eq!(group.refusal(CLEO, |_| next(moment)), Refusal::MovedOn { by: Some(ADA) });
    assert_eq!(group.refusal(ADA, |_| next(moment)), Refusal::MovedOn { by: Some(ADA) });
    assert_eq!(group.phase(), "discuss");
}

#[test]
fn steer_7_pause_and_resume_are_idempotent() {
    let mut group = Group::running(3, plan("ruch"));
    group.nothing(ADA, resume);
    group.wait(minutes(1));
    group.done(ADA, pause);
    let paused = group.running_view();
    group.wait(minutes(1));
    group.nothing(ADA, pause);
    assert_eq!(group.running_view(), paused);
}

#[test]
fn steer_7_two_who_go_on_after_a_needed_pause_at_one_moment_are_both_told_that_it_goes() {
    let mut group = Group::running(4, plan("ruch"));
    group.drop_out(ADA);
    group.done(CLEO, need_pause);
    group.done(CLEO, resume);
    group.nothing(DAN, resume);
    // A pause of somebody who steers is theirs to end, before and after.
    group.come_back(ADA);
    group.done(ADA, pause);
    assert_eq!(group.refusal(DAN, resume), Refusal::NotFacilitator);
    group.done(ADA, resume);
    assert_eq!(group.refusal(DAN, resume), Refusal::NotFacilitator);
}

#[test]
fn steer_8_a_command_that_comes_again_is_applied_once_also_after_a_restart() {
    let mut group = Group::running(3, plan("ruch"));
    let repeated = |group: &Group, seat: SeatNumber| Input::Command {
        seat,
        request: group.request(group.last_command()),
        command: Command::Extend {
            moment: group.moment(),
            by: attune_protocol::client::Extension::Five,
            source: None,
        },
        chance: 0,
    };
    group.done(ADA, five_more);
    let again = repeated(&group, ADA);
    for _ in 0..2 {
        let decision = group.input(again.clone());
        assert_eq!((decision.outcome, decision.events.len()), (Outcome::Done, 0));
    }
    group.restart();
    group.come_back(ADA);
    assert_eq!(group.input(again).outcome, Outcome::Done);
    assert_eq!(group.left(), minutes(15));
    let others = repeated(&group, BEN);
    assert_eq!(
        group.input(others).outcome,
        Outcome::Refused(Refusal::NotFacilitator),
        "an id is its seat's own"
    );
}

#[test]
fn steer_8_leaving_twice_gets_the_same_answer() {
    let mut group = Group::running(3, plan("ruch"));
    group.done(CLEO, leave);
    let request = group.request(group.last_command());
    let again = Input::Command { seat: CLEO, request, command: Command::Leave {}, chance: 0 };
    assert_eq!(group.input(again).outcome, Outcome::Done);
    assert_eq!(group.refusal(CLEO, leave), Refusal::NoSuchSeat);
}

#[test]
fn steer_9_what_happened_lists_each_step_with_who_did_it() {
    let mut group = Group::of(5, plan("bells"));
    let bells = firm(&plan("bells"));
    group.done(ADA, change_plan(bells));
    group.done(ADA, role(CLEO, Some("consultant")));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    group.done(ADA, pause);
    group.done(ADA, resume);
    group.done(ADA, one_more);
    group.undo(ADA);
    group.done(ADA, add_person);
    group.done(ADA, clear(FAY));
    group.done(ADA, remove(EVE, 1));
    group.done(ADA, set_door(Door::Locked));
    group.done(ADA, change_link(2));
    group.done(ADA, let_in(50));
    group.done(ADA, decline(51));
    group.done(ADA, facilitator(CLEO, true));
    group.done(CLEO, hand_over(DAN));
    group.done(DAN, next);
    group.done(DAN, back);
    group.wait(minutes(5) + seconds(15));
    group.done(ADA, end);
    let acts: Vec<_> =
        group.session.history().into_iter().map(|act| (act.by.map(|by| by.0), act.what)).collect();
    let expected = [
        (Some(1), ActKind::ChangedPlan {}),
        (Some(1), ActKind::SetRole { seat: CLEO, role: Some(slug("consultant")) }),
        (Some(1), ActKind::ChosePresenter { seat: Some(BEN) }),
        (Some(1), ActKind::Began {}),
        (Some(1), ActKind::Paused {}),
        (Some(1), ActKind::Resumed {}),
        (Some(1), ActKind::Extended { by: attune_protocol::client::Extension::One, from: vec![] }),
        (Some(1), ActKind::Undone {}),
        (Some(1), ActKind::Added { seat: FAY }),
        (Some(1), ActKind::Cleared { seat: FAY }),
        (Some(1), ActKind::Removed { seat: EVE }),
        (Some(1), ActKind::SetDoor { door: Door::Locked }),
        (Some(1), ActKind::ChangedLink {}),
        (Some(1), ActKind::LetIn {}),
        (Some(1), ActKind::Declined {}),
        (Some(1), ActKind::SetFacilitator { seat: CLEO, facilitator: true }),
        (Some(3), ActKind::HandedOver { to: DAN }),
        (Some(4), ActKind::MovedOn { phase: 1 }),
        (Some(4), ActKind::WentBack { phase: 0 }),
        (None, ActKind::MovedOn { phase: 1 }),
        (Some(1), ActKind::Ended {}),
    ];
    assert_eq!(acts, expected);
}

#[test]
fn steer_9_the_chair_and_turns_moved_for_others_are_listed() {
    let mut group = stood_in("reflect");
    group.done(BEN, finish);
    group.done(BEN, open_floor);
    group.done(ADA, ask_for_chair);
    let acts: Vec<_> = group.session.history().into_iter().map(|act| (act.by, act.what)).collect();
    assert!(acts.contains(&(Some(BEN), ActKind::TookChair {})));
    assert!(acts.contains(&(Some(BEN), ActKind::MovedTurn { seat: ADA })));
    assert!(acts.contains(&(Some(BEN), ActKind::OpenedFloor {})));
    assert_eq!(acts.last(), Some(&(Some(ADA), ActKind::AskedForChair {})));
}

#[test]
fn t27_steer_10_what_happened_never_says_who_asked_for_a_pause() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(CLEO, need_pause);
    group.wait(seconds(30));
    group.done(DAN, resume);
    group.drop_out(ADA);
    group.done(CLEO, need_pause);
    group.done(DAN, resume);
    group.come_back(ADA);
    group.done(CLEO, need_pause);
    group.done(ADA, hear_pause);
    let named = group.session.history().into_iter().any(|act| act.by == Some(CLEO));
    assert!(!named);
    let paused = group.session.history().into_iter().filter(|act| act.what == ActKind::Paused {});
    assert_eq!(paused.map(|act| act.by).collect::<Vec<_>>(), [None, None]);
}

#[test]
fn steer_10_a_presenter_who_leaves_is_not_said_to_have_paused() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(BEN, leave);
    let last = group.session.history().pop().unwrap();
    assert_eq!((last.by, last.what), (None, ActKind::Paused {}));
}

#[test]
fn steer_13_a_refusal_writes_no_event() {
    let mut group = Group::running(3, plan("ruch"));
    let (log, view) = (group.log.len(), group.view());
    group.refusal(CLEO, next);
    group.refusal(ADA, back);
    group.refusal(ADA, open_floor);
    assert_eq!((group.log.len(), group.view()), (log, view));
    let rebuilt = Session::rebuild(group.log.iter().cloned());
    assert_eq!(rebuilt, Some(group.session));
}
