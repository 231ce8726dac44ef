//! The whole table: command × stage × role → outcome, as one snapshot that people read. A stage is a phase's position
//! and floor, or what has become of one.
//!
//! Each row of a block holds for the stages at its end. `done` means that facts follow, `same` that none do and the
//! command is accepted; everything else is a refusal by its name on the wire.

mod stages;

use attune_protocol::client::{Command, Moment};
use attune_protocol::door::Door;
use attune_protocol::ids::{Revision, SeatNumber};
use attune_protocol::view::Reminder;
use std::collections::BTreeMap;
use std::fmt::Write;

use super::super::{Decision, Outcome};
use super::support::*;
use stages::{Cast, GUS, PLACE_WITHOUT_DEVICE, Stage, steering};

/// Who gives the command, in which cast, and whom it means where it means somebody.
struct Role {
    title: &'static str,
    cast: Cast,
    by: SeatNumber,
    target: SeatNumber,
}

/// Ada and Ben facilitate, Cleo and Gus are members, Dan presents, Eve has not agreed, Fay was removed.
const ROLES: [Role; 10] = [
    Role { title: "facilitator", cast: Cast::Plain, by: ADA, target: GUS },
    Role { title: "co-facilitator", cast: Cast::Plain, by: BEN, target: GUS },
    Role { title: "member", cast: Cast::Plain, by: CLEO, target: GUS },
    Role { title: "presenter", cast: Cast::Plain, by: DAN, target: GUS },
    Role { title: "presenting fac.", cast: Cast::FacilitatorPresents, by: ADA, target: GUS },
    Role { title: "stand-in", cast: Cast::StandIn, by: CLEO, target: GUS },
    Role { title: "fac. without it", cast: Cast::StandIn, by: ADA, target: GUS },
    Role { title: "newcomer", cast: Cast::Plain, by: EVE, target: GUS },
    Role { title: "removed person", cast: Cast::Plain, by: FAY, target: GUS },
    Role { title: "fac. for seat 8", cast: Cast::Plain, by: ADA, target: PLACE_WITHOUT_DEVICE },
];

/// A command for somebody's moment; it may mean the target, or whoever gives it.
struct Line {
    title: &'static str,
    command: fn(&Role, Moment) -> Command,
}

fn own(role: &Role) -> SeatNumber {
    if role.target == GUS { role.by } else { role.target }
}

fn line(title: &'static str, command: fn(&Role, Moment) -> Command) -> Line {
    Line { title, command }
}

fn lines() -> Vec<Line> {
    vec![
        line("set_name, own or seat 8's", |role, now| name(own(role), "AQAB")(now)),
        line("set_name, Gus's or seat 8's", |role, now| name(role.target, "AQAB")(now)),
        line("agree, own or seat 8's", |role, now| agree(own(role))(now)),
        line("agree, Eve's", |_, now| agree(EVE)(now)),
        line("leave", |_, now| leave(now)),
        line("need_pause", |_, now| need_pause(now)),
        line("raise_hand, own or seat 8's", |role, now| raise(own(role))(now)),
        line("raise_hand, Gus's or seat 8's", |role, now| raise(role.target)(now)),
        line("lower_hand, own or seat 8's", |role, now| lower(own(role))(now)),
        line("lower_hand, Gus's, which is up in open floors", |_, now| lower(GUS)(now)),
        line("remind", |_, now| remind(Reminder::Blame)(now)),
        line("set_reminders: anyone", |_, now| anyone_reminds(true)(now)),
        line("offer_to_present", |_, now| offer(now)),
        line("withdraw_offer", |_, now| withdraw(now)),
        line("take_chair", |_, now| take_chair(now)),
        line("answer_chair: yes", |_, now| answer_chair(true)(now)),
        line("ask_for_chair", |_, now| ask_for_chair(now)),
        line("say_finished", |_, now| say_finished(now)),
        line("finish_turn", |_, now| finish(now)),
        line("pass_turn", |_, now| pass(now)),
        line("put_off_turn", |_, now| put_off(now)),
        line("begin", |_, now| begin(now)),
        line("pause", |_, now| pause(now)),
        line("resume", |_, now| resume(now)),
        line("hear_pause", |_, now| hear_pause(now)),
        line("extend", |_, now| five_more(now)),
        line("extend, from the last phase", |_, now| five_from(stages::LAST)(now)),
        line("extend, spread", |_, now| five_spread(now)),
        line("shorten, ahead of the plan", |_, now| shorten(now)),
        line("next", |_, now| next(now)),
        line("next, for the visit before", |_, now| {
            next(Moment { visit: now.visit.saturating_sub(1), ..now })
        }),
        line("back", |_, now| back(now)),
        line("open_floor", |_, now| open_floor(now)),
        line("open_floor, for a later turn", |_, now| open_floor(Moment { turn: now.turn + 1, ..now })),
        line("start_round", |_, now| once_more_around(now)),
        line("end", |_, now| end(now)),
        line("arrange_case: another", |_, now| another(now)),
        line("draw_presenter", |_, now| draw(now)),
        line("choose_reserve: Gus or seat 8", |role, now| reserve(role.target)(now)),
        line("choose_reserve: Eve", |_, now| reserve(EVE)(now)),
        line("choose_presenter: Gus or seat 8", |role, now| choose(role.target)(now)),
        line("choose_presenter: Eve", |_, now| choose(EVE)(now)),
        line("choose_presenter: nobody", |_, now| choose(None)(now)),
        line("go_to_review", |_, now| go_to_review(now)),
        line("change_plan", |_, now| change_plan(plan("ruch"))(now)),
        line("change_agreement", |_, now| change_agreement(&["AQAB"])(now)),
        line("set_facilitator: Gus or seat 8", |role, now| facilitator(role.target, true)(now)),
        line("set_facilitator: no longer Ben", |_, now| facilitator(BEN, false)(now)),
        line("set_role: Gus or seat 8", |role, now| {
            super::support::role(role.target, Some("consultant"))(now)
        }),
        line("hand_over: to Gus or seat 8", |role, now| hand_over(role.target)(now)),
        line("offer_chair: to Gus or seat 8", |role, now| offer_chair(role.target)(now)),
        line("offer_chair: to nobody", |_, now| offer_chair(None)(now)),
        line("remove: Gus or seat 8", |role, now| remove(role.target, 5)(now)),
        line("remove: Ben", |_, now| remove(BEN, 5)(now)),
        line("clear_seat: Gus or seat 8", |role, now| clear(role.target)(now)),
        line("clear_seat: Hal, who is away", |_, now| clear(stages::HAL)(now)),
        line("recognise: Eve as Hal, who is away", |_, now| recognise(EVE, stages::HAL)(now)),
        line("recognise: the newest as Hal", |_, now| recognise(stages::IDA, stages::HAL)(now)),
        line("recognise: the newest as Gus or seat 8", |role, now| recognise(stages::IDA, role.target)(now)),
        line("add_person", |_, now| add_person(now)),
        line("set_door: locked", |_, now| set_door(Door::Locked)(now)),
        line("set_door: open", |_, now| set_door(Door::Open)(now)),
        line("set_door: knock", |_, now| set_door(Door::Knock)(now)),
        line("show_code, answer_knock, hold_knock, ask_again", |_, now| hold(50)(now)),
        line("let_in", |_, now| let_in(50)(now)),
        line("decline", |_, now| decline(50)(now)),
        line("change_link", |_, now| change_link(5)(now)),
        line("make_personal_link", |_, now| personal_link(5)(now)),
        line("show_seat_code, answer_move, end_move", |_, _| Command::ShowSeatCode {}),
        line("move_seat", |_, now| move_seat(70)(now)),
        line("make_display", |_, now| make_display(5)(now)),
        line("set_display: names, of the link of the stage", |_, now| {
            set_display(stages::DISPLAY_MADE, true, false)(now)
        }),
        line("end_display", |_, now| end_display(now)),
        line("send_thanks: to Gus or seat 8", |role, now| send_thanks(Some(role.target))(now)),
        line("send_thanks: to the group", |_, now| send_thanks(None)(now)),
        line("ask_for_talk: Gus or seat 8", |role, now| ask_talk(role.target)(now)),
        line("ask_for_talk: Eve", |_, now| ask_talk(EVE)(now)),
        line("withdraw_talk: Hal, whom Ada asked", |_, now| withdraw_talk(stages::HAL)(now)),
        line("answer_talk: yes, to Hal, who asked Cleo", |_, now| answer_talk(stages::HAL, true)(now)),
    ]
}

fn told(decision: &Decision) -> String {
    match &decision.outcome {
        Outcome::Refused(why) => {
            let written = serde_json::to_value(why).expect("writes");
            written["name"].as_str().expect("a name").to_owned()
        }
        _ if decision.events.is_empty() => "same".to_owned(),
        _ => "done".to_owned(),
    }
}

/// Lays one command out: the roles across, and stages with the same outcomes together.
fn block(title: &str, outcome: impl Fn(&Role, Stage) -> String) -> String {
    let mut rows: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
    for stage in Stage::ALL {
        let row: Vec<String> = ROLES.iter().map(|role| outcome(role, stage)).collect();
        match rows.iter_mut().find(|(known, _)| *known == row) {
            Some((_, stages)) => stages.push(stage.title()),
            None => rows.push((row, vec![stage.title()])),
        }
    }
    let mut text = format!("{title}\n");
    for (row, stages) in rows {
        for cell in row {
            write!(text, " {cell:15}").expect("writes");
        }
        writeln!(text, " | {}", stages.join(", ")).expect("writes");
    }
    text
}

#[test]
fn steer_12_each_cell_of_the_table_has_its_outcome() {
    let mut groups: BTreeMap<(Cast, Stage), Group> = BTreeMap::new();
    for role in &ROLES {
        for stage in Stage::ALL {
            groups.entry((role.cast, stage)).or_insert_with(|| stages::group(role.cast, stage));
        }
    }
    let mut text = String::new();
    for role in &ROLES {
        write!(text, " {:15}", role.title).expect("writes");
    }
    text.push_str(" | stages\n\n");
    for line in lines() {
        text += &block(line.title, |role, stage| {
            let mut group = groups[&(role.cast, stage)].clone();
            if role.target == PLACE_WITHOUT_DEVICE {
                stages::give_turn(&mut group, PLACE_WITHOUT_DEVICE);
            }
            told(&group.act(role.by, |now| (line.command)(role, now)))
        });
        text.push('\n');
    }
    let groups = &groups;
    let reordering = |to: fn(Vec<SeatNumber>) -> Vec<SeatNumber>| {
        move |role: &Role, stage: Stage| {
            let mut group = groups[&(role.cast, stage)].clone();
            let waiting = waiting(&group);
            let to = to(waiting.clone());
            told(&group.act(role.by, order(&waiting, &to)))
        }
    };
    let backwards = |mut seats: Vec<SeatNumber>| {
        seats.reverse();
        seats
    };
    text += &block("order_round: backwards", reordering(backwards));
    text.push('\n');
    text += &block("order_round: of nobody", reordering(|_| Vec::new()));
    text.push('\n');
    text += &block("shorten, behind the plan", |role, stage| {
        let mut group = groups[&(role.cast, stage)].clone();
        group.wait(minutes(150));
        told(&group.act(role.by, shorten))
    });
    text.push('\n');
    text += &block("remind, where anyone may", |role, stage| {
        let mut group = groups[&(role.cast, stage)].clone();
        if let Some(by) = steering(&group).filter(|_| !group.is_closed()) {
            group.done(by, anyone_reminds(true));
        }
        told(&group.act(role.by, remind(Reminder::Advice)))
    });
    text.push('\n');
    text += &block("undo, of what the first who steers has just done", |role, stage| {
        let mut group = groups[&(role.cast, stage)].clone();
        let step = just_done(&mut group).unwrap_or(Revision(2));
        told(&group.act(role.by, undo(step)))
    });
    insta::assert_snapshot!("command_by_stage_by_role", text);
}

/// Who waits for their turn in a round.
fn waiting(group: &Group) -> Vec<SeatNumber> {
    let runs = !group.is_lobby() && !group.is_closed();
    let round = runs.then(|| group.running_view().round).flatten();
    round.map(|round| round.next).unwrap_or_default()
}

/// Does something that can be taken back, where somebody steers; names the step.
fn just_done(group: &mut Group) -> Option<Revision> {
    if let Some(by) = steering(group) {
        if group.is_lobby() {
            group.done(by, choose(GUS));
        } else if !group.is_closed() {
            group.done(by, one_more);
        }
    }
    group.view().undo.last().map(|step| step.step)
}
