//! JOIN: coming in, agreeing, people without a device, and being put out.

use attune_protocol::client::{Command, Moment};
use attune_protocol::ids::{Revision, SeatNumber};
use attune_protocol::server::{CloseCode, Refusal};
use attune_protocol::view::StageView;

use super::super::super::{
    Audience, Event, EventKind, Input, JOINS_WITHIN, MOST_EVENTS, MOST_JOINS, Outcome, SPARE_EVENTS, Settings,
};
use super::super::support::*;

#[test]
fn join_1_the_first_seat_facilitates_and_has_agreed() {
    let mut group = Group::alone(plan("ruch"));
    let seats = group.view().seats;
    assert_eq!(seats.len(), 1);
    assert!(seats[0].seat == ADA && seats[0].facilitator && seats[0].agreed && seats[0].device);
    group.come_back(ADA);
    assert!(group.session.may_erase(&token(1)));
}

#[test]
fn join_2_a_right_invite_and_a_new_token_give_a_seat_at_once() {
    let mut group = Group::running_in("discuss", 3, plan("ruch"));
    assert_eq!(group.hello(40, Some(invite(0))), Outcome::Entered(DAN));
    assert!(group.view_of(BEN).seats.iter().any(|seat| seat.seat == DAN && !seat.agreed));
    assert_eq!(group.turned_away(41, Some(invite(1))), CloseCode::Unknown);
    assert_eq!(group.turned_away(41, None), CloseCode::Unknown);
    assert_eq!(group.view().seats.len(), 4);
}

#[test]
fn join_3_a_newcomer_sees_roster_and_method_only() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    let newcomer = group.enter();
    assert_eq!(group.session.audience(newcomer), Audience::Newcomers);
    let view = group.view_of(newcomer);
    assert_eq!(view.stage, StageView::Newcomer {});
    assert_eq!((view.presenter, view.pause_request), (None, None));
    assert_eq!(view.chair, attune_protocol::view::ChairView::default());
    assert!(view.floor.speakers.is_empty() && view.undo.is_empty());
    assert_eq!((view.seats.len(), &*view.plan), (5, &plan("ruch")));
}

#[test]
fn join_3_a_newcomers_view_does_not_change_with_the_case() {
    let mut group = Group::running(4, plan("ruch"));
    let newcomer = group.enter();
    let shown =
        |group: &Group| attune_protocol::view::SessionView { expires_at: START, ..group.view_of(newcomer) };
    let before = shown(&group);
    for command in [pause, resume, one_more, next, next, back] {
        group.done(ADA, command);
        assert_eq!(shown(&group), before);
    }
    group.done(CLEO, need_pause);
    assert_eq!(shown(&group), before);
}

#[test]
fn join_4_who_has_not_agreed_has_no_floor_no_turn_and_no_say() {
    let mut group = Group::running(4, plan("ruch"));
    let newcomer = group.enter();
    for _ in 0..3 {
        assert!(!group.speakers().contains(&newcomer));
        group.done(ADA, next);
    }
    assert!(!group.speakers().contains(&newcomer), "not in the open review either");
    group.done(ADA, back);
    assert!(!group.turns().contains(&newcomer));
    assert_eq!(group.refusal(newcomer, next), Refusal::NotFacilitator);
    assert_eq!(group.refusal(newcomer, finish), Refusal::NotAgreed);
    assert_eq!(group.refusal(newcomer, offer), Refusal::NotAgreed);
    assert_eq!(group.refusal(ADA, facilitator(newcomer, true)), Refusal::NotAgreed);
    group.drop_out(ADA);
    group.wait(seconds(60));
    assert_eq!(group.refusal(newcomer, take_chair), Refusal::NotAgreed);
}

#[test]
fn join_4_after_agreeing_they_have_the_floor_of_the_group() {
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    let newcomer = group.join();
    assert_eq!(group.session.audience(newcomer), Audience::Members);
    assert_eq!(group.speakers(), [ADA, CLEO, DAN, newcomer]);
}

#[test]
fn join_5_a_known_token_is_its_seat_again_also_when_full() {
    let mut group = Group::of(12, plan("ruch"));
    group.drop_out(CLEO);
    assert_eq!(group.turned_away(60, Some(invite(0))), CloseCode::Full);
    assert_eq!(group.hello(CLEO.0, None), Outcome::Entered(CLEO));
    assert_eq!(group.hello(CLEO.0, Some(invite(7))), Outcome::Entered(CLEO), "its invite may be an old one");
}

#[test]
fn join_7_the_same_hello_sent_twice_gives_one_seat() {
    let mut group = Group::of(2, plan("ruch"));
    for _ in 0..3 {
        assert_eq!(group.hello(40, Some(invite(0))), Outcome::Entered(CLEO));
    }
    assert_eq!(group.view().seats.len(), 3);
}

#[test]
fn join_8_a_token_is_dead_after_leaving_removal_and_clearing() {
    let mut group = Group::running(5, plan("ruch"));
    group.done(CLEO, leave);
    group.done(ADA, remove(DAN, 1));
    group.drop_out(EVE);
    group.done(ADA, clear(EVE));
    let expected = [(CLEO, CloseCode::Left), (DAN, CloseCode::Removed), (EVE, CloseCode::Left)];
    for (seat, code) in expected {
        assert_eq!(group.session.seat_ended(seat, &token(seat.0)), Some(code));
        assert_eq!(group.turned_away(seat.0, Some(invite(1))), code);
        assert_eq!(group.refusal(seat, need_pause), Refusal::NoSuchSeat);
    }
    assert_eq!(group.session.seat_ended(ADA, &token(ADA.0)), None);
}

#[test]
fn join_8_a_token_is_dead_an_hour_after_the_end() {
    let mut group = Group::running(3, plan("ruch"));
    group.done(ADA, end);
    group.wait(minutes(60) - attune_protocol::ids::Millis(1));
    assert_eq!(group.hello(BEN.0, None), Outcome::Entered(BEN));
    group.wait(attune_protocol::ids::Millis(1));
    assert_eq!(group.turned_away(BEN.0, None), CloseCode::Ended);
}

#[test]
fn join_9_ended_is_said_only_to_a_right_invite_or_token() {
    let mut group = Group::running(3, plan("ruch"));
    group.done(CLEO, leave);
    group.done(ADA, end);
    for wait in [0, 60] {
        group.wait(seconds(wait));
        assert_eq!(group.turned_away(40, Some(invite(0))), CloseCode::Ended);
        assert_eq!(group.turned_away(CLEO.0, None), CloseCode::Ended);
        assert_eq!(group.turned_away(40, Some(invite(3))), CloseCode::Unknown);
        assert_eq!(group.turned_away(40, None), CloseCode::Unknown);
    }
}

#[test]
fn join_10_past_the_seats_a_newcomer_gets_full() {
    let mut group = Group::of(12, plan("ruch"));
    assert_eq!(group.turned_away(60, Some(invite(0))), CloseCode::Full);
    assert_eq!(group.turned_away(60, Some(invite(3))), CloseCode::Unknown, "a stranger learns nothing");
    assert_eq!(group.refusal(ADA, add_person), Refusal::Full);
    group.done(CLEO, leave);
    assert_eq!(group.hello(60, Some(invite(0))), Outcome::Entered(SeatNumber(13)));
}

#[test]
fn join_10_thirty_people_take_their_turns() {
    let settings = Settings { seat_limit: 30, ..settings() };
    let mut group = Group::with_settings(plan("ruch"), settings);
    for _ in 1..30 {
        group.join();
    }
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    group.done(ADA, next);
    group.done(ADA, next);
    assert_eq!(group.turns().len(), 30);
    while let Some(speaker) = group.round().speaker {
        group.done(speaker, finish);
    }
    assert_eq!((group.round().done.len(), group.speakers().len()), (30, 30));
}

#[test]
fn join_13_removing_changes_the_invite() {
    let mut group = Group::running(4, plan("ruch"));
    assert_eq!(group.session.texts().invite, None);
    assert_eq!(group.refusal(CLEO, remove(DAN, 1)), Refusal::NotFacilitator);
    assert_eq!(group.refusal(ADA, remove(ADA, 1)), Refusal::NotNow);
    assert_eq!(group.hello(40, Some(invite(0))), Outcome::Entered(EVE), "a refusal changes no invite");
    group.done(ADA, remove(DAN, 1));
    assert_eq!(group.turned_away(41, Some(invite(0))), CloseCode::Unknown);
    assert_eq!(group.hello(41, Some(invite(1))), Outcome::Entered(FAY));
    assert_eq!(group.session.texts().invite, Some(invite_change(1).sealed));
}

#[test]
fn join_14_a_removed_person_cannot_return() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(ADA, remove(DAN, 1));
    for link in [None, Some(invite(0)), Some(invite(1))] {
        assert_eq!(group.turned_away(DAN.0, link), CloseCode::Removed);
    }
    assert_eq!(group.refusal(DAN, leave), Refusal::NoSuchSeat);
}

#[test]
fn join_16_seat_numbers_go_up_and_are_never_used_twice() {
    let mut group = Group::of(3, plan("ruch"));
    group.done(CLEO, leave);
    assert_eq!(group.enter(), DAN);
    group.done(ADA, add_person);
    group.done(ADA, clear(EVE));
    assert_eq!(group.enter(), FAY);
    let numbers: Vec<_> = group.view().seats.into_iter().map(|seat| seat.seat).collect();
    assert_eq!(numbers, [ADA, BEN, DAN, FAY]);
}

#[test]
fn join_17_a_name_is_changed_at_most_three_times_in_ten_minutes() {
    let mut group = Group::of(2, plan("ruch"));
    for text in ["AAAA", "AAAB", "AAAC"] {
        group.done(BEN, name(BEN, text));
        group.wait(minutes(1));
    }
    group.done(BEN, name(BEN, "AAAD"));
    group.nothing(BEN, name(BEN, "AAAD"));
    assert_eq!(group.refusal(BEN, name(BEN, "AAAE")), Refusal::TooFast);
    assert_eq!(group.refusal(BEN, name(ADA, "AAAE")), Refusal::NotYours);
    group.done(ADA, name(ADA, "AAAE"));
    group.wait(minutes(8));
    group.done(BEN, name(BEN, "AAAE"));
    assert_eq!(group.refusal(BEN, name(BEN, "AAAF")), Refusal::TooFast);
    let names: Vec<_> = group.session.texts().names.into_iter().map(|name| name.name).collect();
    assert_eq!(names, [sealed("AAAE"), sealed("AAAE")]);
}

#[test]
fn join_18_who_takes_seat_after_seat_does_not_use_them_up() {
    let mut group = Group::alone(plan("ruch"));
    // The first seat came lately too.
    for _ in 1..MOST_JOINS {
        let seat = group.enter();
        group.done(seat, leave);
    }
    let before = group.log.len();
    assert_eq!(group.turned_away(1000, Some(invite(0))), CloseCode::Busy);
    assert_eq!(group.turned_away(1000, Some(invite(7))), CloseCode::Unknown);
    assert_eq!(group.log.len(), before);
    group.done(ADA, add_person);
    group.wait(JOINS_WITHIN);
    assert!(matches!(group.hello(1000, Some(invite(0))), Outcome::Entered(_)));
}

#[test]
fn join_19_no_refusal_tells_a_newcomer_where_the_case_stands() {
    let guesses = |group: &Group| {
        let mut commands: Vec<Command> = vec![
            Command::TakeChair {},
            Command::AnswerChair { accept: true },
            Command::AskForChair {},
            Command::OfferToPresent {},
            Command::HearPause {},
        ];
        for visit in 0..=4 {
            for turn in 0..=2 {
                let moment = Moment { visit, turn };
                commands.extend([
                    Command::FinishTurn { moment },
                    Command::PassTurn { moment },
                    Command::SayFinished { moment },
                    Command::Resume { moment },
                    Command::Next { moment },
                ]);
            }
        }
        let newest = group.session.revision().0;
        commands.extend((0..=newest).map(|step| Command::Undo { step: Revision(step) }));
        commands
    };
    let mut group = Group::running(4, plan("ruch"));
    let newcomer = group.enter();
    for _ in 0..3 {
        for command in guesses(&group) {
            let shown = format!("{command:?}");
            let expected = match command {
                Command::AskForChair {} | Command::HearPause {} | Command::Next { .. } => {
                    Refusal::NotFacilitator
                }
                _ => Refusal::NotAgreed,
            };
            assert_eq!(group.refusal(newcomer, |_| command), expected, "{shown}");
        }
        group.done(ADA, next);
    }
    // What they may: a name, a pause, and agreeing.
    group.done(newcomer, name(newcomer, "AAAA"));
    assert_eq!(group.refusal(newcomer, name(ADA, "AAAA")), Refusal::NotYours);
    group.done(newcomer, need_pause);
    group.done(newcomer, agree(newcomer));
    assert_eq!(group.refusal(newcomer, next), Refusal::NotFacilitator);
}

#[test]
fn wire_20_when_the_spare_events_are_used_up_only_ending_leaving_and_removing_are_left() {
    let mut group = Group::running(3, plan("ruch"));
    let last = MOST_EVENTS + SPARE_EVENTS;
    for number in group.session.revision().0..last - 2 {
        let what = EventKind::Offered { seat: CLEO, offers: number.is_multiple_of(2) };
        group.session.apply(&Event { at: group.now, by: Some(CLEO), request: None, what });
    }
    let moment = group.moment();
    let answer = |group: &mut Group, seat, command| {
        let request = group.request(u128::from(group.session.revision().0) + 1_000_000);
        let decision = group.session.decide(Input::Command { seat, request, command, chance: 0 }, group.now);
        decision.events.iter().for_each(|event| group.session.apply(event));
        decision.outcome
    };
    let full = Outcome::Refused(Refusal::LogFull);
    assert_eq!(answer(&mut group, ADA, Command::AddPerson {}), full);
    assert_eq!(answer(&mut group, ADA, Command::Pause { moment }), Outcome::Done);
    assert_eq!(answer(&mut group, ADA, Command::Resume { moment }), Outcome::Done);
    assert_eq!(group.session.revision().0, last);
    for command in [Command::Pause { moment }, Command::Resume { moment }, Command::NeedPause {}] {
        assert_eq!(answer(&mut group, ADA, command), full);
    }
    let enter = Input::Enter { token: token(9), invite: Some(invite(0)) };
    assert_eq!(group.session.decide(enter, group.now).outcome, Outcome::TurnedAway(CloseCode::Full));
    // Somebody can always be put out.
    let out = Command::Remove { seat: BEN, invite: invite_change(7) };
    assert_eq!(answer(&mut group, ADA, out), Outcome::Done);
    assert_eq!(group.session.seat_ended(BEN, &token(2)), Some(CloseCode::Removed));
    assert_eq!(answer(&mut group, CLEO, Command::Leave {}), Outcome::Done);
    assert_eq!(answer(&mut group, ADA, Command::End { moment }), Outcome::Done);
}

#[test]
fn join_20_who_never_agreed_is_given_no_names_after_the_end_either() {
    let mut group = Group::running(3, plan("ruch"));
    let newcomer = group.enter();
    group.done(ADA, end);
    assert_eq!(group.session.audience(newcomer), Audience::Newcomers);
    let texts = group.session.texts_for(Audience::Newcomers);
    assert!(texts.names.is_empty() && texts.thanks.is_empty());
    assert_eq!(group.session.audience(CLEO), Audience::Members);
    assert_eq!(group.session.view(Audience::Newcomers), group.session.view(Audience::Members));
}
