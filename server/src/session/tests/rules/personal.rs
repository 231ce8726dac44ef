//! DOOR-29, DOOR-30: links for one person.

use attune_protocol::door::{Door, MOST_UNUSED_LINKS};
use attune_protocol::server::{CloseCode, Refusal};
use attune_protocol::view::ActKind;

use super::super::super::{Audience, Outcome};
use super::super::support::*;

#[test]
fn door_29_a_link_for_one_person_lets_one_person_in() {
    let mut group = Group::of(3, plan("ruch"));
    group.done(ADA, personal_link(1));
    group.nothing(ADA, personal_link(1));
    assert_eq!(group.view().unused_links, Some(1));
    assert_eq!(group.hello(40, Some(personal(1))), Outcome::Entered(DAN));
    assert_eq!(group.view().unused_links, None);
    assert_eq!(group.turned_away(41, Some(personal(1))), CloseCode::Used);
    // The same device, whether or not its answer was lost.
    assert_eq!(group.hello(40, Some(personal(1))), Outcome::Entered(DAN));
    group.drop_out(DAN);
    assert_eq!(group.hello(40, None), Outcome::Entered(DAN));
    // The session's own link is what it was, and wrong invites are told nothing.
    assert_eq!(group.hello(42, Some(invite(0))), Outcome::Entered(EVE));
    assert_eq!(group.turned_away(43, Some(personal(2))), CloseCode::Unknown);
}

#[test]
fn door_29_it_stays_used_when_whoever_came_by_it_has_gone() {
    let mut group = Group::running(3, plan("ruch"));
    group.done(ADA, personal_link(1));
    assert_eq!(group.hello(40, Some(personal(1))), Outcome::Entered(DAN));
    group.done(DAN, leave);
    assert_eq!(group.turned_away(40, Some(personal(1))), CloseCode::Left);
    assert_eq!(group.turned_away(41, Some(personal(1))), CloseCode::Used);
    assert_eq!(group.refusal(ADA, personal_link(1)), Refusal::NotNow);
    assert_eq!(
        group.refusal(ADA, |_| attune_protocol::client::Command::MakePersonalLink {
            invite: invite(0),
            shared: sealed("AQAB"),
        }),
        Refusal::NotNow,
        "the session's own"
    );
}

#[test]
fn door_29_nothing_but_coming_in_uses_it_up() {
    let mut group = Group::of(12, plan("ruch"));
    group.done(ADA, personal_link(1));
    assert_eq!(group.turned_away(40, Some(personal(1))), CloseCode::Full);
    // Somebody who has a seat already comes by it.
    assert_eq!(group.hello(BEN.0, Some(personal(1))), Outcome::Entered(BEN));
    assert_eq!(group.view().unused_links, Some(1));
    group.done(BEN, leave);
    assert_eq!(group.turned_away(BEN.0, Some(personal(1))), CloseCode::Left);
    assert!(matches!(group.hello(40, Some(personal(1))), Outcome::Entered(_)));
}

#[test]
fn door_29_whoever_steers_makes_it_and_it_stands_in_what_happened() {
    let mut group = Group::running(3, plan("ruch"));
    assert_eq!(group.refusal(CLEO, personal_link(1)), Refusal::NotFacilitator);
    group.done(ADA, personal_link(1));
    let act = group.session.history().pop().expect("an act");
    assert_eq!((act.by, act.what), (Some(ADA), ActKind::MadePersonalLink {}));
    let newcomer = group.enter();
    assert_eq!(group.view_of(CLEO).unused_links, Some(1));
    assert_eq!(group.session.audience(newcomer), Audience::Newcomers);
    assert_eq!(group.view_of(newcomer).unused_links, None);
    group.drop_out(ADA);
    group.wait(seconds(60));
    group.done(CLEO, take_chair);
    group.done(CLEO, personal_link(2));
    group.come_back(ADA);
    assert_eq!(group.refusal(ADA, personal_link(3)), Refusal::ChairHeld);
}

#[test]
fn door_31_who_comes_by_it_has_the_sessions_link_to_copy() {
    let mut group = Group::of(3, plan("ruch"));
    assert_eq!(group.session.texts().invite, None);
    group.done(ADA, personal_link(1));
    assert_eq!(group.session.texts().invite, Some(sealed("AQAC")));
    // A page that has not heard of a new link seals the old one.
    let mut other = Group::of(3, plan("ruch"));
    other.done(ADA, change_link(1));
    other.done(ADA, personal_link(1));
    assert_eq!(other.session.texts().invite, Some(invite_change(1).sealed));
}

#[test]
fn door_30_a_locked_door_is_locked_for_it() {
    let mut group = Group::of(3, plan("ruch"));
    group.done(ADA, personal_link(1));
    group.done(ADA, personal_link(2));
    assert_eq!(group.hello(40, Some(personal(1))), Outcome::Entered(DAN));
    group.done(ADA, set_door(Door::Locked));
    assert_eq!(group.turned_away(41, Some(personal(1))), CloseCode::Used);
    assert_eq!(group.turned_away(41, Some(personal(2))), CloseCode::Locked);
    group.done(ADA, personal_link(3));
    group.done(ADA, set_door(Door::Open));
    assert_eq!(group.hello(41, Some(personal(2))), Outcome::Entered(EVE));
    assert_eq!(group.hello(42, Some(personal(3))), Outcome::Entered(FAY));
}

#[test]
fn door_30_where_people_knock_first_it_knocks_and_is_used_up_by_coming_in() {
    let mut group = Group::of(3, plan("ruch"));
    group.done(ADA, personal_link(1));
    group.done(ADA, set_door(Door::Knock));
    assert_eq!(group.turned_away(40, Some(personal(1))), CloseCode::Knock);
    assert_eq!(group.turned_away(41, Some(personal(1))), CloseCode::Knock);
    group.done(ADA, let_in(40));
    assert_eq!(group.view().unused_links, Some(1), "nobody has come in");
    assert_eq!(group.hello(40, Some(personal(1))), Outcome::Entered(DAN));
    assert_eq!(group.turned_away(41, Some(personal(1))), CloseCode::Used);
    // DOOR-9: a person decided.
    group.done(ADA, let_in(41));
    assert_eq!(group.hello(41, Some(personal(1))), Outcome::Entered(EVE));
}

#[test]
fn door_30_a_new_link_and_a_removal_end_what_nobody_has_used() {
    let mut group = Group::running(3, plan("ruch"));
    for (number, ends) in [(1, true), (4, false)] {
        group.done(ADA, personal_link(number));
        group.done(ADA, personal_link(number + 1));
        let Outcome::Entered(seat) = group.hello(40 + number, Some(personal(number))) else {
            panic!("nobody was let in");
        };
        if ends {
            group.done(ADA, change_link(1));
        } else {
            group.done(ADA, remove(seat, 2));
        }
        assert_eq!(group.view().unused_links, None);
        assert_eq!(group.turned_away(60, Some(personal(number + 1))), CloseCode::Unknown);
        assert_eq!(group.turned_away(60, Some(personal(number))), CloseCode::Used);
    }
}

#[test]
fn door_30_only_so_many_wait_to_be_used() {
    let mut group = Group::of(3, plan("ruch"));
    let most = u16::try_from(MOST_UNUSED_LINKS).expect("is small");
    for number in 1..=most {
        group.done(ADA, personal_link(number));
    }
    assert_eq!(group.refusal(ADA, personal_link(most + 1)), Refusal::Enough);
    assert_eq!(group.hello(40, Some(personal(3))), Outcome::Entered(DAN));
    group.done(ADA, personal_link(most + 1));
    assert_eq!(group.view().unused_links, Some(MOST_UNUSED_LINKS));
}

#[test]
fn door_30_after_the_end_it_is_told_what_the_sessions_link_is_told() {
    let mut group = Group::running(3, plan("ruch"));
    group.done(ADA, personal_link(1));
    group.done(ADA, personal_link(2));
    assert_eq!(group.hello(40, Some(personal(1))), Outcome::Entered(DAN));
    group.done(ADA, end);
    assert_eq!(group.refusal(ADA, personal_link(3)), Refusal::NotNow);
    for number in [1, 2] {
        assert_eq!(group.turned_away(41, Some(personal(number))), CloseCode::Ended);
    }
    assert_eq!(group.turned_away(41, Some(personal(3))), CloseCode::Unknown, "T26");
}
