//! DISPLAY: who makes the display link, what a screen is shown, and when the link ends.

use attune_protocol::client::{Command, Moment};
use attune_protocol::display::{DisplayNames, DisplayStage, DisplayTiming};
use attune_protocol::door::Door;
use attune_protocol::ids::{Revision, SeatNumber};
use attune_protocol::method::FloorMode;
use attune_protocol::server::{CloseCode, Refusal};
use attune_protocol::view::ActKind;

use super::super::super::Audience;
use super::super::support::*;

/// The display link that whoever steers has just made.
fn made(group: &Group) -> Revision {
    group.view().display.expect("there is a display link").made
}

fn shows(group: &mut Group, names: bool, joining: bool) {
    let made = made(group);
    group.done(ADA, set_display(made, names, joining));
}

fn names(group: &Group) -> Option<DisplayNames> {
    match group.session.display_view().stage {
        DisplayStage::Running { names, .. } => names,
        DisplayStage::Lobby { between, .. } => between.and_then(|between| between.names),
        DisplayStage::Closed {} => None,
    }
}

/// Who presents and who speaks, as far as screens name them.
fn named(group: &Group) -> [Option<SeatNumber>; 2] {
    let names = names(group).expect("names are shown");
    [names.presenter, names.speaker].map(|name| name.map(|name| name.seat))
}

fn way_in(group: &Group) -> bool {
    matches!(group.session.display_view().stage, DisplayStage::Lobby { joining: Some(_), .. })
}

#[test]
fn display_14_between_two_cases_a_screen_tells_which_comes_and_by_choice_who_presents() {
    let mut group = Group::running_in("review", 4, plan("ruch"));
    group.done(CLEO, name(CLEO, "AQAB"));
    group.done(ADA, make_display(1));
    shows(&mut group, false, true);
    group.done(ADA, another);
    group.done(ADA, next);
    let between = |group: &Group| match group.session.display_view().stage {
        DisplayStage::Lobby { between: Some(between), joining: None, planned_for: None } => between,
        stage => panic!("{stage:?}"),
    };
    assert_eq!((between(&group).cases, between(&group).names), (1, None));
    let before = group.session.display_view();
    group.done(CLEO, offer);
    group.done(ADA, choose(CLEO));
    assert_eq!(group.session.display_view(), before, "without names nothing tells who presents");
    shows(&mut group, true, true);
    assert_eq!(named(&group), [Some(CLEO), None]);
    group.done(ADA, choose(None));
    assert_eq!(named(&group), [None, None]);
    group.done(ADA, choose(CLEO));
    group.done(ADA, begin);
    assert!(matches!(group.session.display_view().stage, DisplayStage::Running { .. }));
}

#[test]
fn display_1_whoever_steers_makes_the_link_and_the_newest_alone_holds() {
    let mut group = Group::of(3, plan("ruch"));
    assert_eq!(group.refusal(BEN, make_display(1)), Refusal::NotFacilitator);
    assert_eq!(group.session.watches(&display(1)), Err(CloseCode::Unknown));
    group.done(ADA, make_display(1));
    assert_eq!(group.session.watches(&display(1)), Ok(()));
    assert_eq!(group.session.watches(&invite(0)), Err(CloseCode::Unknown));
    group.done(ADA, make_display(2));
    assert_eq!(group.session.watches(&display(1)), Err(CloseCode::Unknown));
    assert_eq!(group.session.watches(&display(2)), Ok(()));
    // It takes no seat and opens none.
    assert_eq!(group.turned_away(40, Some(display(2))), CloseCode::Unknown);
    assert_eq!(group.view().seats.len(), 3);
}

#[test]
fn display_3_a_screen_is_told_the_part_and_its_time_and_of_nobody() {
    let mut group = Group::running_in("reflect", 5, plan("ruch"));
    group.done(ADA, make_display(1));
    let before = group.session.display_view();
    let DisplayStage::Running { phase, ref timing, floor, ref names, .. } = before.stage else {
        panic!("a phase runs");
    };
    assert_eq!((phase, floor, names), (2, FloorMode::Round, &None));
    assert!(matches!(timing, DisplayTiming::Running { .. }));
    group.done(CLEO, need_pause);
    group.drop_out(DAN);
    let newcomer = group.enter();
    group.done(newcomer, agree(newcomer));
    group.done(CLEO, name(CLEO, "AQAB"));
    assert_eq!(group.session.display_view(), before, "people come, go and ask, and no screen changes");
    let written = serde_json::to_value(&before).unwrap();
    assert!(written["seats"].is_null() && written["stage"]["round"].is_null());
}

#[test]
fn display_3_no_screen_tells_why_the_time_stands() {
    let stands = |steered: bool| {
        let mut group = Group::running(4, plan("ruch"));
        group.done(ADA, make_display(1));
        group.drop_out(ADA);
        if steered {
            group.hello(ADA.0, None);
        }
        group.done(if steered { ADA } else { CLEO }, need_pause);
        group.session.display_view()
    };
    assert_eq!(stands(true), stands(false), "a person's pause looks like anybody's");
}

#[test]
fn display_4_names_are_shown_by_choice_of_whoever_presents_or_speaks_alone() {
    let mut group = Group::running(4, plan("ruch"));
    for seat in [ADA, BEN, CLEO, DAN] {
        group.done(seat, name(seat, "AQAB"));
    }
    group.done(ADA, make_display(1));
    assert_eq!(names(&group), None, "off until somebody chooses it");
    shows(&mut group, true, false);
    assert_eq!(named(&group), [Some(BEN), Some(BEN)], "Ben presents and tells the case");
    group.done(ADA, next);
    assert_eq!(named(&group), [Some(BEN), None], "Ben listens and nobody speaks alone");
    group.done(ADA, next);
    assert_eq!(named(&group), [Some(BEN), Some(BEN)]);
    group.done(BEN, finish);
    assert_eq!(named(&group), [Some(BEN), Some(CLEO)]);
    group.done(ADA, open_floor);
    assert_eq!(named(&group), [Some(BEN), None]);
    shows(&mut group, false, false);
    assert_eq!(names(&group), None, "neither names nor the key");
}

#[test]
fn display_4_what_was_sealed_for_another_link_is_refused() {
    let mut group = Group::running(3, plan("ruch"));
    assert_eq!(group.refusal(ADA, set_display(Revision(1), true, false)), Refusal::NotNow);
    group.done(ADA, make_display(1));
    let first = made(&group);
    group.done(ADA, make_display(2));
    assert_eq!(group.refusal(ADA, set_display(first, true, false)), Refusal::NotNow);
    let second = made(&group);
    assert_eq!(group.refusal(BEN, set_display(second, true, false)), Refusal::NotFacilitator);
    group.done(ADA, set_display(second, true, false));
    group.nothing(ADA, set_display(second, true, false));
    group.done(ADA, make_display(3));
    assert_eq!(names(&group), None, "another link shows no names until somebody chooses it");
}

#[test]
fn display_5_the_way_in_is_shown_by_choice_until_the_start() {
    let mut group = Group::of(3, plan("ruch"));
    group.done(ADA, make_display(1));
    assert!(!way_in(&group), "off until somebody chooses it");
    shows(&mut group, false, true);
    assert!(way_in(&group));
    group.done(ADA, set_door(Door::Locked));
    assert!(!way_in(&group), "nobody could come in by it");
    group.done(ADA, set_door(Door::Knock));
    assert!(way_in(&group));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    assert!(!way_in(&group));
    let written = serde_json::to_string(&group.session.display_view()).unwrap();
    assert!(!written.contains("AQAC"), "{written}");
}

#[test]
fn display_6_the_link_ends_at_once_and_with_every_invite() {
    type Ending = fn(Moment) -> Command;
    let endings: [Ending; 3] =
        [|now| end_display(now), |now| change_link(4)(now), |now| remove(CLEO, 4)(now)];
    for ending in endings {
        let mut group = Group::running(4, plan("ruch"));
        group.done(ADA, make_display(1));
        assert!(group.session.texts().display.is_some());
        group.done(ADA, ending);
        assert_eq!(group.session.watches(&display(1)), Err(CloseCode::Unknown));
        assert!(!group.session.has_display(&display(1)));
        assert_eq!((group.view().display, group.session.texts().display), (None, None));
    }
    let mut group = Group::running(4, plan("ruch"));
    group.nothing(ADA, end_display);
    group.done(ADA, make_display(1));
    assert_eq!(group.refusal(BEN, end_display), Refusal::NotFacilitator);
    group.done(ADA, end);
    assert_eq!(group.session.watches(&display(1)), Err(CloseCode::Ended));
    assert!(group.session.has_display(&display(1)), "an end can be taken back");
    assert_eq!(group.session.display_view().stage, DisplayStage::Closed {});
    group.undo(ADA);
    assert_eq!(group.session.watches(&display(1)), Ok(()));
}

#[test]
fn display_7_everyone_who_has_agreed_sees_the_link_and_who_made_it() {
    let mut group = Group::running(3, plan("ruch"));
    let newcomer = group.enter();
    group.done(ADA, make_display(1));
    shows(&mut group, true, false);
    for seat in [ADA, BEN] {
        let link = group.view_of(seat).display.expect("it is seen");
        assert_eq!((link.names, link.joining), (true, false));
    }
    assert_eq!(group.view_of(newcomer).display, None);
    group.done(ADA, end_display);
    let acts: Vec<_> =
        group.session.history().into_iter().rev().take(3).map(|act| (act.by, act.what)).collect();
    assert_eq!(
        acts,
        [
            (Some(ADA), ActKind::EndedDisplay {}),
            (Some(ADA), ActKind::SetDisplay { names: true, joining: false }),
            (Some(ADA), ActKind::MadeDisplay {}),
        ]
    );
    let texts = group.session.texts_for(Audience::Newcomers);
    assert_eq!(texts.display, None);
}

#[test]
fn display_4_in_a_held_silence_nobody_is_named_as_speaking() {
    let mut group = Group::running(4, plan("first-step"));
    group.done(BEN, name(BEN, "AQAB"));
    group.done(ADA, make_display(1));
    shows(&mut group, true, false);
    assert_eq!(named(&group), [Some(BEN), Some(BEN)]);
    group.done(BEN, say_finished);
    assert_eq!(named(&group), [Some(BEN), None]);
}
