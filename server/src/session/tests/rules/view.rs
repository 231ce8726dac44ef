//! VIEW: what each audience may see.

use attune_protocol::ids::{Revision, SeatNumber};
use attune_protocol::view::StageView;

use super::super::super::Audience;
use super::super::support::*;

#[test]
fn view_1_the_audiences_are_whoever_steers_members_and_newcomers() {
    let mut group = Group::of(3, plan("ruch"));
    let reader = group.enter();
    let audiences = |group: &Group| [ADA, BEN, reader].map(|seat| group.session.audience(seat));
    use Audience::{Members, Newcomers, Steering};
    assert_eq!(audiences(&group), [Steering, Members, Members], "in the lobby all see all");
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    assert_eq!(audiences(&group), [Steering, Members, Newcomers]);
    group.done(reader, agree(reader));
    assert_eq!(audiences(&group), [Steering, Members, Members]);
}

#[test]
fn view_2_a_view_holds_no_text_and_no_secret() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(CLEO, name(CLEO, "Q2xlb0NsZW8"));
    group.done(ADA, remove(DAN, 1));
    group.done(CLEO, need_pause);
    let secrets =
        [String::from(token(1)), String::from(token(3)), String::from(invite(0)), String::from(invite(1))];
    for audience in [Audience::Steering, Audience::Members, Audience::Newcomers] {
        let text = serde_json::to_string(&group.session.view(audience)).unwrap();
        assert!(!text.contains("Q2xlb0NsZW8") && !text.contains(&String::from(invite_change(1).sealed)));
        assert!(secrets.iter().all(|secret| !text.contains(secret)));
        assert!(!text.contains("\"you\"") && !text.contains("\"now\""));
    }
}

#[test]
fn view_2_a_view_does_not_change_because_time_passes() {
    let mut group = Group::running(4, plan("ruch"));
    let before = group.view();
    group.wait(minutes(5));
    assert_eq!(group.view(), before);
}

#[test]
fn view_3_what_can_be_undone_is_in_every_view_but_the_newcomers() {
    let mut group = Group::running(4, plan("ruch"));
    let newcomer = group.enter();
    group.wait(minutes(1));
    group.done(ADA, pause);
    for seat in [ADA, BEN, CLEO] {
        let undo = group.view_of(seat).undo;
        assert_eq!(undo.iter().map(|step| step.by).collect::<Vec<_>>(), [ADA]);
        assert_eq!(undo[0].until, group.now + seconds(10));
    }
    assert!(group.view_of(newcomer).undo.is_empty());
}

#[test]
fn view_4_a_change_of_who_steers_changes_their_audience_at_once() {
    let mut group = Group::running(5, plan("ruch"));
    let sees = |group: &Group, seat: SeatNumber| group.view_of(seat).pause_request.is_some();
    group.done(DAN, need_pause);
    group.done(ADA, facilitator(CLEO, true));
    assert!(sees(&group, ADA) && sees(&group, CLEO));
    group.done(CLEO, facilitator(ADA, false));
    assert!(!sees(&group, ADA) && sees(&group, CLEO));
    group.done(CLEO, hand_over(EVE));
    assert!(!sees(&group, CLEO) && sees(&group, EVE) && !sees(&group, DAN));
}

#[test]
fn view_4_a_facilitator_who_falls_silent_is_a_member() {
    let mut group = Group::of(4, plan("ruch"));
    group.done(ADA, facilitator(CLEO, true));
    group.done(ADA, choose(ADA));
    group.done(ADA, begin);
    assert_eq!(group.session.audience(ADA), Audience::Steering);
    group.done(ADA, next);
    assert_eq!(group.session.audience(ADA), Audience::Members);
    group.done(DAN, need_pause);
    assert_eq!(group.view_of(ADA).pause_request, None);
    assert!(group.view_of(CLEO).pause_request.is_some());
}

#[test]
fn view_5_members_see_what_steerers_see_but_for_the_request() {
    let mut group = Group::running_in("reflect", 4, plan("ruch"));
    group.done(CLEO, need_pause);
    let mut steering = group.session.view(Audience::Steering);
    assert!(steering.pause_request.take().is_some());
    assert_eq!(group.session.view(Audience::Members), steering);
}

#[test]
fn view_6_the_revision_counts_the_events_and_only_grows() {
    let mut group = Group::running(3, plan("ruch"));
    let mut before = group.session.revision();
    for command in [pause, one_more, next] {
        group.done(ADA, command);
        assert!(group.session.revision() > before);
        before = group.session.revision();
        group.undo(ADA);
        assert!(group.session.revision() > before, "taking a step back is a step forward");
        before = group.session.revision();
    }
    group.refusal(CLEO, next);
    assert_eq!(before, Revision(group.log.len() as u64));
}

#[test]
fn view_12_texts_hold_the_names_also_of_people_who_left() {
    let mut group = Group::running(4, plan("ruch"));
    group.done(CLEO, name(CLEO, "AAAA"));
    group.done(CLEO, leave);
    let names: Vec<_> = group.session.texts().names.into_iter().map(|name| name.seat).collect();
    assert_eq!(names, [CLEO]);
}

#[test]
fn view_13_a_view_of_12_seats_is_under_8_kib() {
    for id in &method_ids() {
        let mut group = Group::of(12, whole_plan(id));
        group.done(ADA, choose(BEN));
        group.done(ADA, begin);
        for seat in 3..=12 {
            group.done(SeatNumber(seat), |_| attune_protocol::client::Command::NeedPause {});
            group.drop_out(SeatNumber(seat));
        }
        while !group.is_closed() {
            let size = serde_json::to_string(&group.view()).unwrap().len();
            assert!(size < 8 * 1024, "{id}: {size}");
            group.done(ADA, next);
        }
        assert!(matches!(group.view().stage, StageView::Closed(_)));
        assert!(serde_json::to_string(&group.view()).unwrap().len() < 8 * 1024);
    }
}

#[test]
fn record_1_who_was_never_there_after_the_start_is_not_in_it() {
    let mut group = Group::of(5, plan("ruch"));
    group.drop_out(DAN);
    group.done(EVE, leave);
    group.wait(minutes(1));
    group.done(ADA, choose(BEN));
    group.done(ADA, begin);
    let reader = group.enter();
    group.wait(minutes(1));
    group.drop_out(CLEO);
    group.done(ADA, end);
    assert_eq!(group.closed_view().attendance, [ADA, BEN, CLEO]);
    assert!(!group.closed_view().attendance.contains(&reader));
}
