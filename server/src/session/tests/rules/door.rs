//! DOOR: who may come in, and by which link.

use attune_protocol::client::Command;
use attune_protocol::door::Door;
use attune_protocol::ids::SeatNumber;
use attune_protocol::server::{CloseCode, Refusal};

use super::super::super::{Audience, Outcome};
use super::super::support::*;

#[test]
fn door_1_nobody_new_comes_in_by_a_locked_door() {
    let mut group = Group::of(3, plan("ruch"));
    assert_eq!(group.refusal(BEN, set_door(Door::Locked)), Refusal::NotFacilitator);
    group.done(ADA, set_door(Door::Locked));
    group.nothing(ADA, set_door(Door::Locked));
    assert_eq!(group.turned_away(40, Some(invite(0))), CloseCode::Locked);
    assert_eq!(group.turned_away(40, Some(invite(7))), CloseCode::Unknown);
    assert_eq!(group.turned_away(40, None), CloseCode::Unknown);
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    assert_eq!(group.turned_away(40, Some(invite(0))), CloseCode::Locked);
    group.done(ADA, set_door(Door::Open));
    assert_eq!(group.hello(40, Some(invite(0))), Outcome::Entered(DAN));
}

#[test]
fn door_2_seats_return_through_a_locked_door() {
    let mut group = Group::of(3, plan("ruch"));
    group.drop_out(CLEO);
    group.done(ADA, set_door(Door::Locked));
    assert_eq!(group.hello(CLEO.0, None), Outcome::Entered(CLEO));
    assert_eq!(group.hello(CLEO.0, Some(invite(0))), Outcome::Entered(CLEO));
    group.done(ADA, add_person);
    // Who left has no seat any more.
    group.done(BEN, leave);
    assert_eq!(group.turned_away(BEN.0, Some(invite(0))), CloseCode::Left);
}

#[test]
fn door_1_a_locked_door_says_of_an_ended_session_that_it_ended() {
    let mut group = Group::running(3, plan("ruch"));
    group.done(ADA, set_door(Door::Locked));
    group.done(ADA, end);
    assert_eq!(group.turned_away(40, Some(invite(0))), CloseCode::Ended);
    assert_eq!(group.refusal(ADA, set_door(Door::Open)), Refusal::NotNow);
    assert_eq!(group.refusal(ADA, change_link(1)), Refusal::NotNow);
}

#[test]
fn door_3_every_audience_sees_a_door_that_is_not_open() {
    let mut group = Group::running(3, plan("ruch"));
    let newcomer = group.enter();
    let written = |group: &Group| serde_json::to_string(&group.view()).unwrap();
    assert!(!written(&group).contains("door"));
    group.done(ADA, set_door(Door::Locked));
    assert!(written(&group).contains(r#""door":"locked""#));
    for seat in [ADA, BEN, newcomer] {
        assert_eq!(group.view_of(seat).door, Door::Locked);
    }
}

#[test]
fn door_4_a_new_link_ends_the_old_one() {
    let mut group = Group::running(3, plan("ruch"));
    let shown = group.session.view(Audience::Members);
    assert_eq!(group.refusal(CLEO, change_link(1)), Refusal::NotFacilitator);
    group.done(ADA, change_link(1));
    assert_eq!(group.session.view(Audience::Members), shown);
    assert_eq!(group.session.texts().invite, Some(invite_change(1).sealed));
    assert_eq!(group.turned_away(40, Some(invite(0))), CloseCode::Unknown);
    assert_eq!(group.hello(40, Some(invite(1))), Outcome::Entered(DAN));
    assert_eq!(group.hello(BEN.0, None), Outcome::Entered(BEN), "tokens are no matter of the link");
}

#[test]
fn door_4_a_stand_in_locks_the_door_and_makes_a_new_link() {
    let mut group = Group::running(3, plan("ruch"));
    group.drop_out(ADA);
    group.wait(seconds(60));
    group.done(CLEO, take_chair);
    group.done(CLEO, set_door(Door::Locked));
    group.done(CLEO, |_| Command::ChangeLink { invite: invite_change(1) });
    group.come_back(ADA);
    assert_eq!(group.refusal(ADA, change_link(2)), Refusal::ChairHeld);
}

#[test]
fn door_12_where_people_knock_first_an_invite_alone_opens_nothing() {
    let mut group = Group::of(3, plan("ruch"));
    group.done(ADA, set_door(Door::Knock));
    assert_eq!(group.turned_away(40, Some(invite(0))), CloseCode::Knock);
    assert_eq!(group.turned_away(40, Some(invite(7))), CloseCode::Unknown);
    // T7: nobody is let in by anybody's arrival, and seats return.
    group.drop_out(CLEO);
    assert_eq!(group.hello(CLEO.0, None), Outcome::Entered(CLEO));
    assert_eq!(group.turned_away(40, Some(invite(0))), CloseCode::Knock);
    assert_eq!(group.refusal(BEN, let_in(40)), Refusal::NotFacilitator);
    assert_eq!(group.turned_away(40, Some(invite(0))), CloseCode::Knock);
    group.done(ADA, let_in(40));
    assert_eq!(group.turned_away(41, Some(invite(0))), CloseCode::Knock, "another one");
    assert_eq!(group.hello(40, Some(invite(0))), Outcome::Entered(DAN));
    group.nothing(ADA, let_in(40));
    group.done(DAN, leave);
    assert_eq!(group.turned_away(40, Some(invite(0))), CloseCode::Left, "once");
}

#[test]
fn door_9_who_was_let_in_comes_in_with_the_token_alone() {
    let mut group = Group::running(3, plan("ruch"));
    group.done(ADA, let_in(40));
    group.done(ADA, change_link(1));
    assert_eq!(group.hello(40, Some(invite(0))), Outcome::Entered(DAN));
    group.done(ADA, let_in(41));
    assert_eq!(group.hello(41, None), Outcome::Entered(EVE));
}

#[test]
fn door_9_a_locked_door_is_locked_for_who_was_let_in_before() {
    let mut group = Group::of(3, plan("ruch"));
    group.done(ADA, let_in(40));
    group.done(ADA, set_door(Door::Locked));
    assert_eq!(group.turned_away(40, Some(invite(0))), CloseCode::Locked);
    group.done(ADA, set_door(Door::Knock));
    assert_eq!(group.turned_away(40, Some(invite(0))), CloseCode::Knock);
}

#[test]
fn door_13_a_removed_person_keeps_no_other_way_in() {
    let mut group = Group::running(3, plan("ruch"));
    // Let in under a token that is kept, and in by the link under another.
    group.done(ADA, let_in(40));
    assert_eq!(group.hello(41, Some(invite(0))), Outcome::Entered(DAN));
    group.done(ADA, |_| Command::Remove { seat: DAN, invite: invite_change(1) });
    assert_eq!(group.turned_away(41, None), CloseCode::Removed);
    assert_eq!(group.turned_away(40, Some(invite(0))), CloseCode::Unknown);
    assert_eq!(group.turned_away(40, None), CloseCode::Unknown);
}

#[test]
fn door_9_nobody_is_let_into_a_full_session() {
    let mut group = Group::of(12, plan("ruch"));
    assert_eq!(group.refusal(ADA, let_in(40)), Refusal::Full);
    group.done(CLEO, leave);
    group.done(ADA, let_in(40));
    for number in 41..80 {
        group.done(ADA, let_in(number));
    }
    assert_eq!(group.turned_away(40, None), CloseCode::Unknown, "only the newest are waited for");
    assert_eq!(group.hello(79, None), Outcome::Entered(SeatNumber(13)));
}

#[test]
fn door_6_why_nobody_can_knock_is_said() {
    let mut group = Group::of(3, plan("ruch"));
    let refused = |group: &Group| group.session.refuses_knocks(group.now);
    assert_eq!(refused(&group), None);
    group.done(ADA, set_door(Door::Knock));
    assert_eq!(refused(&group), None);
    group.done(ADA, set_door(Door::Locked));
    assert_eq!(refused(&group), Some(CloseCode::Locked));
    let mut over = Group::running(3, plan("ruch"));
    over.done(ADA, end);
    assert_eq!(refused(&over), Some(CloseCode::Ended));
    assert_eq!(refused(&Group::of(12, plan("ruch"))), Some(CloseCode::Full));
}
