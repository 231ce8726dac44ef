//! ENDING: thanks, asking one another for a talk, and answers that are only counted.

use attune_protocol::ending::{Answers, Private, Score, TalkState, Totals};
use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::server::Refusal;
use std::collections::BTreeMap;

use super::super::super::{EventKind, Input, MOST_TALKS, MOST_THANKS, Session, TOKENS_LIVE_AFTER_END};
use super::super::support::*;

/// Six people whose session is over; Eve has not agreed, and Fay has no device.
fn closed() -> Group {
    let mut group = Group::running(4, plan("ruch"));
    group.enter();
    group.done(ADA, add_person);
    group.done(ADA, agree(FAY));
    group.done(ADA, end);
    group
}

fn answers(scores: [u8; 5]) -> Answers {
    Answers(scores.map(|score| Score::try_from(score).expect("from 1 to 5")))
}

fn count(group: &mut Group, said: &[(SeatNumber, [u8; 5])]) -> Vec<EventKind> {
    let answers = said.iter().map(|(seat, scores)| (*seat, answers(*scores))).collect();
    group.input(Input::Count { answers }).events.into_iter().map(|event| event.what).collect()
}

fn asked(group: &Group, seat: SeatNumber) -> Vec<(SeatNumber, SeatNumber, TalkState)> {
    let talks = group.session.private(seat).talks;
    talks.into_iter().map(|talk| (talk.from, talk.to, talk.state)).collect()
}

#[test]
fn ending_6_thanks_and_answers_are_taken_for_an_hour_after_the_end() {
    let mut group = Group::of(4, plan("ruch"));
    assert_eq!(group.refusal(ADA, send_thanks(Some(BEN))), Refusal::NotNow);
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    assert_eq!(group.refusal(ADA, send_thanks(Some(BEN))), Refusal::NotNow);
    assert_eq!(group.session.check_answers(ADA, group.now), Err(Refusal::NotNow));
    group.done(ADA, end);
    let until = group.now + TOKENS_LIVE_AFTER_END;
    assert_eq!(group.closed_view().open_until, Some(until));
    group.now = until - Millis(1);
    group.done(ADA, send_thanks(Some(BEN)));
    assert_eq!(group.session.check_answers(ADA, group.now), Ok(()));
    group.now = until;
    assert_eq!(group.refusal(ADA, send_thanks(Some(BEN))), Refusal::NotNow);
    assert_eq!(group.refusal(ADA, send_thanks(None)), Refusal::NotNow);
    assert_eq!(group.refusal(ADA, ask_talk(BEN)), Refusal::NotNow);
    assert_eq!(group.session.check_answers(ADA, group.now), Err(Refusal::NotNow));
}

#[test]
fn ending_6_only_people_of_the_group_with_devices_take_part() {
    let mut group = closed();
    for (by, to, why) in [
        (EVE, Some(ADA), Refusal::NotAgreed),
        (ADA, Some(EVE), Refusal::NotAgreed),
        (ADA, Some(FAY), Refusal::NoDevice),
        (ADA, Some(ADA), Refusal::NotNow),
        (ADA, Some(SeatNumber(40)), Refusal::NoSuchSeat),
        (EVE, None, Refusal::NotAgreed),
    ] {
        assert_eq!(group.refusal(by, send_thanks(to)), why, "{by:?} to {to:?}");
        if let Some(to) = to {
            assert_eq!(group.refusal(by, ask_talk(to)), why, "{by:?} to {to:?}");
        }
    }
    assert_eq!(group.session.check_answers(EVE, group.now), Err(Refusal::NotAgreed));
    group.done(CLEO, leave);
    assert_eq!(group.refusal(ADA, send_thanks(Some(CLEO))), Refusal::NoSuchSeat);
    assert_eq!(group.session.check_answers(CLEO, group.now), Err(Refusal::NoSuchSeat));
}

#[test]
fn ending_7_a_line_goes_to_one_person_or_to_the_group_three_at_most() {
    let mut group = closed();
    group.done(ADA, send_thanks(Some(BEN)));
    group.done(ADA, send_thanks(None));
    assert_eq!(group.session.texts().thanks.len(), 1, "to the group");
    for (seat, lines) in [(ADA, 1), (BEN, 1), (CLEO, 0), (DAN, 0), (EVE, 0)] {
        assert_eq!(group.session.private(seat).thanks.len(), lines, "{seat:?}");
    }
    for _ in 2..MOST_THANKS {
        group.done(ADA, send_thanks(Some(CLEO)));
    }
    assert_eq!(group.refusal(ADA, send_thanks(Some(DAN))), Refusal::Enough);
    group.done(BEN, send_thanks(Some(ADA)));
}

#[test]
fn ending_8_a_talk_is_asked_for_answered_and_withdrawn_between_two() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(CLEO, ask_talk(DAN));
    let asked_now = vec![(CLEO, DAN, TalkState::Asked)];
    assert_eq!(asked(&group, CLEO), asked_now);
    assert_eq!(asked(&group, DAN), asked_now);
    for other in [ADA, BEN] {
        assert_eq!(group.session.private(other), Private::default());
        assert_eq!(group.session.private_from(other), None);
    }
    assert_eq!(group.refusal(CLEO, ask_talk(DAN)), Refusal::Enough);
    assert_eq!(group.refusal(ADA, answer_talk(CLEO, true)), Refusal::NotNow, "not hers to answer");
    assert_eq!(group.refusal(CLEO, answer_talk(CLEO, true)), Refusal::NotNow);
    group.done(DAN, answer_talk(CLEO, false));
    group.nothing(DAN, answer_talk(CLEO, false));
    assert_eq!(asked(&group, CLEO), [(CLEO, DAN, TalkState::NotNow)]);
    assert_eq!(group.refusal(CLEO, ask_talk(DAN)), Refusal::Enough, "a no is not asked again");
    group.done(ADA, end);
    group.done(DAN, answer_talk(CLEO, true));
    assert_eq!(asked(&group, CLEO), [(CLEO, DAN, TalkState::Yes)]);
    assert_eq!(group.refusal(DAN, withdraw_talk(CLEO)), Refusal::NotNow, "not his to withdraw");
    group.done(CLEO, withdraw_talk(DAN));
    assert_eq!((asked(&group, CLEO), asked(&group, DAN)), (Vec::new(), Vec::new()));
    assert!(group.session.history().iter().all(|act| act.by != Some(CLEO) && act.by != Some(DAN)));
}

#[test]
fn ending_8_the_silent_presenter_may_ask_and_the_lobby_may_not() {
    let mut group = Group::of(4, plan("ruch"));
    assert_eq!(group.refusal(ADA, ask_talk(BEN)), Refusal::NotNow);
    let mut group = Group::running_in("discuss", 4, plan("ruch"));
    group.done(BEN, ask_talk(CLEO));
    assert!(!group.speakers().contains(&BEN));
}

#[test]
fn ending_8_nobody_asks_more_than_three_people_also_by_taking_it_back() {
    let mut group = Group::running(6, plan("ruch"));
    for number in 0..MOST_TALKS {
        let to = SeatNumber(2 + number as u16);
        group.done(ADA, ask_talk(to));
        group.done(ADA, withdraw_talk(to));
    }
    assert_eq!(group.refusal(ADA, ask_talk(FAY)), Refusal::Enough);
}

#[test]
fn ending_9_t31_answers_are_counted_together_or_not_at_all() {
    let mut group = closed();
    assert_eq!(count(&mut group, &[(ADA, [5; 5]), (BEN, [1; 5])]), []);
    assert_eq!(group.closed_view().found, None);
    let said = [(ADA, [5, 4, 3, 2, 1]), (BEN, [1; 5]), (CLEO, [5; 5])];
    let totals = Totals { people: 3, sums: [11, 10, 9, 8, 7] };
    let seats = [ADA, BEN, CLEO].into();
    assert_eq!(
        count(&mut group, &said),
        [EventKind::Answered { seats }, EventKind::Counted { totals: totals.clone() }]
    );
    assert_eq!(group.closed_view().found, Some(totals.clone()));
    assert_eq!([ADA, DAN].map(|seat| group.session.private(seat).counted), [true, false]);
    // Nobody twice, and nobody alone later: the difference would be theirs.
    assert_eq!(count(&mut group, &said), []);
    assert_eq!(count(&mut group, &[(DAN, [1; 5])]), []);
    assert_eq!(count(&mut group, &[(ADA, [1; 5]), (BEN, [1; 5]), (DAN, [1; 5])]), []);
    assert_eq!(group.closed_view().found, Some(totals));
    assert_eq!(group.session.check_answers(ADA, group.now), Err(Refusal::NotNow));
    assert_eq!(group.session.unanswered().collect::<Vec<_>>(), [DAN]);
}

#[test]
fn ending_10_t31_what_is_written_of_answers_names_nobody_who_acted() {
    let mut group = closed();
    let (before, expires) = (group.log.len(), group.session.expires_at());
    group.wait(minutes(3));
    count(&mut group, &[(ADA, [5; 5]), (BEN, [1; 5]), (CLEO, [3; 5])]);
    let written = &group.log[before..];
    assert!(written.iter().all(|event| event.by.is_none() && event.request.is_none()));
    assert!(written.iter().all(|event| event.at == group.now), "one moment for all");
    let bodies: Vec<String> =
        written.iter().map(|event| serde_json::to_string(event).expect("writes")).collect();
    assert!(bodies.iter().all(|body| !(body.contains("seats") && body.contains("sums"))), "{bodies:?}");
    assert_eq!(group.session.expires_at(), expires, "when somebody answered shows in no day of deletion");
}

#[test]
fn ending_9_answers_count_only_after_the_end_and_an_end_taken_back_keeps_them() {
    let mut group = Group::running(4, plan("ruch"));
    let said = [(ADA, [5; 5]), (BEN, [1; 5]), (CLEO, [3; 5])];
    assert_eq!(count(&mut group, &said), []);
    group.done(ADA, end);
    assert_eq!(count(&mut group, &said).len(), 2);
    group.undo(ADA);
    group.done(ADA, end);
    assert_eq!(count(&mut group, &said), []);
    assert_eq!(group.closed_view().found.map(|found| found.people), Some(3));
}

#[test]
fn ending_14_thanks_move_the_day_of_deletion_and_old_logs_open_without_an_ending() {
    let mut group = closed();
    group.wait(minutes(5));
    group.done(ADA, send_thanks(Some(BEN)));
    assert_eq!(group.session.expires_at(), group.now + settings().retention);
    let old: Vec<_> = group.log[..group.log.len() - 1].to_vec();
    let opened = Session::rebuild(old).expect("opens");
    assert_eq!(opened.private(BEN), Private::default());
}

#[test]
fn ending_15_a_planned_day_is_shown_until_the_session_begins() {
    let day = START + Millis::hours(48);
    let mut group = Group::planned_for(plan("ruch"), settings(), Some(day));
    group.join();
    assert_eq!(group.view_of(BEN).planned_for, Some(day));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    assert_eq!(group.view().planned_for, None);
}

/// A page that sends something of another shape than five scores sends nothing.
#[test]
fn ending_9_a_score_is_a_number_from_1_to_5_and_each_question_has_one() {
    for wrong in ["[0,1,1,1,1]", "[6,1,1,1,1]", "[1,1,1,1]", "[1,1,1,1,1,1]", "[1,1,1,1,null]", "{}"] {
        assert!(serde_json::from_str::<Answers>(wrong).is_err(), "{wrong}");
    }
    let held: BTreeMap<SeatNumber, Answers> = [(ADA, answers([1, 2, 3, 4, 5]))].into();
    assert_eq!(format!("{held:?}"), "{SeatNumber(1): Answers(..)}", "nor does any log say them");
}
