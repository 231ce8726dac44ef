//! The stages of the table: a group of eight, brought to each point of a session.

use attune_protocol::ids::{Revision, SeatNumber};
use attune_protocol::method::{
    Facilitates, Firmness, FloorMode, FloorRule, Meeting, NotesPolicy, Plan, PlanPhase, Position, RawPlan,
    Role,
};

use super::super::super::Audience;
use super::super::support::*;

/// A member.
pub(super) const GUS: SeatNumber = SeatNumber(7);
/// A person without a device, who has agreed.
pub(super) const PLACE_WITHOUT_DEVICE: SeatNumber = SeatNumber(8);
/// A member who is away.
pub(super) const HAL: SeatNumber = SeatNumber(9);
/// Somebody who came when Hal was lost, and has not agreed.
pub(super) const IDA: SeatNumber = SeatNumber(10);

/// Who presents and who holds the chair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cast {
    /// Dan presents, Ada and Ben facilitate.
    Plain,
    /// Ada presents, Ben facilitates with her.
    FacilitatorPresents,
    /// Dan presents, Cleo holds the chair, Ada and Ben are back. In the lobby Ben is to present, in the open one Ada.
    StandIn,
}

/// A point of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Lobby,
    /// The lobby of a plan that leaves it to the group who facilitates. Ada does so far, and Ben is a member.
    OpenLobby,
    /// A phase of the plan, by its index.
    In(usize),
    /// Speaking, and the presenter has finished: a silence is held.
    Told,
    /// Responding in a round, and somebody has opened the floor.
    RoundOver,
    /// Responding in a round, and everyone has had a turn: a silence is held.
    RoundHeld,
    /// Silent listening, and whoever steers has paused.
    Paused,
    /// Silent listening, and it paused by itself because nobody who steers answered Eve.
    PausedByItself,
    /// Silent listening, and Eve needs a pause.
    PauseAsked,
    /// Speaking, and the presenter has left.
    PresenterGone,
    /// Silent listening, and nobody who steers has been connected for a minute.
    ChairFree,
    /// A case is over, and another follows.
    Between,
    /// Ended a moment ago.
    JustClosed,
    /// Ended an hour ago: places are closed.
    Closed,
}

/// Each position, and each floor with a speaking and with a silent presenter where it can be.
const PHASES: [(&str, Position, FloorMode); 12] = [
    ("arrival/open", Position::Participant, FloorMode::Open),
    ("speaking/single", Position::Speaking, FloorMode::Single),
    ("answering/round", Position::Answering, FloorMode::Round),
    ("listening/open", Position::SilentListening, FloorMode::Open),
    ("thinking/none", Position::SilentThinking, FloorMode::None),
    ("outside/open", Position::Outside, FloorMode::Open),
    ("responding/round", Position::Responding, FloorMode::Round),
    ("leading/open", Position::Leading, FloorMode::Open),
    ("listening/round", Position::SilentListening, FloorMode::Round),
    ("listening/single", Position::SilentListening, FloorMode::Single),
    ("stillness/none", Position::Participant, FloorMode::None),
    ("review/open", Position::Participant, FloorMode::Open),
];
const SPEAKING: usize = 1;
const LISTENING: usize = 3;
const RESPONDING: usize = 6;
pub(super) const LAST: usize = 11;

impl Stage {
    pub(super) const ALL: [Self; 25] = [
        Self::Lobby,
        Self::OpenLobby,
        Self::In(0),
        Self::In(SPEAKING),
        Self::Told,
        Self::In(2),
        Self::In(LISTENING),
        Self::In(4),
        Self::In(5),
        Self::In(RESPONDING),
        Self::RoundOver,
        Self::RoundHeld,
        Self::In(7),
        Self::In(8),
        Self::In(9),
        Self::In(10),
        Self::In(LAST),
        Self::Paused,
        Self::PausedByItself,
        Self::PauseAsked,
        Self::PresenterGone,
        Self::ChairFree,
        Self::Between,
        Self::JustClosed,
        Self::Closed,
    ];

    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Lobby => "lobby",
            Self::OpenLobby => "lobby+open-to-the-group",
            Self::In(phase) => PHASES[phase].0,
            Self::Told => "speaking/single+held",
            Self::RoundOver => "responding/round+over",
            Self::RoundHeld => "responding/round+held",
            Self::Paused => "listening/open+paused",
            Self::PausedByItself => "listening/open+paused-by-itself",
            Self::PauseAsked => "listening/open+pause-asked",
            Self::PresenterGone => "speaking/single+presenter-gone",
            Self::ChairFree => "listening/open+chair-free",
            Self::Between => "between",
            Self::JustClosed => "just-closed",
            Self::Closed => "closed",
        }
    }

    fn phase(self) -> usize {
        match self {
            Self::Lobby | Self::OpenLobby => 0,
            Self::In(phase) => phase,
            Self::RoundOver | Self::RoundHeld => RESPONDING,
            Self::Paused | Self::PausedByItself | Self::PauseAsked | Self::ChairFree => LISTENING,
            Self::Told | Self::PresenterGone => SPEAKING,
            Self::Between | Self::JustClosed | Self::Closed => LAST,
        }
    }
}

/// All of them, in phases of 12 minutes.
fn every_position() -> Plan {
    let phase = |(id, presenter, mode): (&str, Position, FloorMode)| {
        let mut speakers = Vec::new();
        if mode != FloorMode::None && presenter != Position::Speaking {
            speakers.extend([Role::Member, Role::Facilitator, Role::Named(slug("consultant"))]);
        }
        if mode != FloorMode::None && !presenter.is_silent() {
            speakers.push(Role::Presenter);
        }
        PlanPhase {
            id: slug(&id.replace('/', "-")),
            minutes: 12,
            floor: FloorRule { mode, speakers: speakers.into_iter().collect() },
            presenter,
            hold_silence: matches!(presenter, Position::Speaking | Position::Responding),
            texts: None,
            notes: NotesPolicy::None,
            turn_minutes: None,
        }
    };
    let phases = PHASES.into_iter().map(phase).collect();
    let (firmness, meeting, facilitates) = (Firmness::Guide, Meeting::Room, Facilitates::Host);
    let raw = RawPlan { method: slug("table"), firmness, meeting, facilitates, phases };
    Plan::try_from(raw).expect("a valid plan")
}

/// Eight people at this point of a session.
pub(super) fn group(cast: Cast, stage: Stage) -> Group {
    let mut group = gather();
    if matches!(stage, Stage::Lobby | Stage::OpenLobby) {
        match cast {
            Cast::Plain => drop(group.done(ADA, choose(DAN))),
            Cast::FacilitatorPresents => drop(group.done(ADA, choose(ADA))),
            Cast::StandIn => {
                group.done(ADA, choose(if stage == Stage::OpenLobby { ADA } else { BEN }));
                group.done(ADA, offer_chair(CLEO));
                group.done(CLEO, answer_chair(true));
            }
        }
        if stage == Stage::OpenLobby {
            group.done(ADA, facilitator(BEN, false));
            group.done(ADA, change_plan(of_the_group(&every_position())));
        }
        group.wait(minutes(1));
        return group;
    }
    let presenter = if cast == Cast::FacilitatorPresents { ADA } else { DAN };
    group.done(ADA, choose(presenter));
    group.done(ADA, begin);
    ask_for_talks(&mut group);
    for _ in 0..stage.phase() {
        group.done(BEN, next);
    }
    if cast == Cast::StandIn {
        stand_in(&mut group);
    }
    group.wait(minutes(1));
    if group.view().floor.mode == FloorMode::Open {
        group.done(GUS, raise(GUS));
    }
    bring_to(&mut group, stage, presenter);
    group
}

/// The event that made the display link of every stage.
pub(super) const DISPLAY_MADE: Revision = Revision(21);

/// Ada asked Hal for a talk, and Hal asked Cleo.
fn ask_for_talks(group: &mut Group) {
    group.done(ADA, ask_talk(HAL));
    group.done(HAL, ask_talk(CLEO));
}

/// Ada, Ben, Cleo, Dan, Eve, Fay, Gus, somebody without a device, Hal, and Ida.
fn gather() -> Group {
    let mut group = Group::alone(every_position());
    for _ in [BEN, CLEO, DAN] {
        group.join();
    }
    group.enter();
    group.join();
    group.join();
    group.done(ADA, add_person);
    group.done(ADA, agree(PLACE_WITHOUT_DEVICE));
    group.join();
    group.enter();
    group.done(ADA, facilitator(BEN, true));
    group.done(ADA, remove(FAY, 1));
    group.drop_out(HAL);
    group.done(ADA, make_display(9));
    assert_eq!(group.session.revision(), DISPLAY_MADE);
    group
}

/// The facilitators are lost, Cleo takes the chair, and they come back.
fn stand_in(group: &mut Group) {
    group.drop_out(ADA);
    group.drop_out(BEN);
    group.wait(minutes(1));
    group.done(CLEO, take_chair);
    group.come_back(ADA);
    group.come_back(BEN);
}

/// Whoever steers first, in joining order.
pub(super) fn steering(group: &Group) -> Option<SeatNumber> {
    [ADA, BEN, CLEO].into_iter().find(|&seat| group.session.audience(seat) == Audience::Steering)
}

fn bring_to(group: &mut Group, stage: Stage, presenter: SeatNumber) {
    let by = steering(group).expect("somebody steers");
    let leading = [ADA, BEN, CLEO].into_iter().filter(|&seat| seat != CLEO || by == CLEO);
    match stage {
        Stage::Lobby | Stage::OpenLobby | Stage::In(_) => {}
        Stage::RoundOver => {
            group.done(by, open_floor);
            group.done(GUS, raise(GUS));
        }
        Stage::Told => drop(group.done(presenter, say_finished)),
        Stage::RoundHeld => {
            while group.round().speaker.is_some() {
                group.done(by, finish);
            }
        }
        Stage::Paused => drop(group.done(by, pause)),
        Stage::PausedByItself | Stage::PauseAsked => drop(group.done(EVE, need_pause)),
        Stage::PresenterGone => drop(group.done(presenter, leave)),
        Stage::ChairFree => leading.for_each(|seat| group.drop_out(seat)),
        Stage::Between => {
            group.done(by, another);
            group.done(by, next);
        }
        Stage::JustClosed | Stage::Closed => drop(group.done(by, end)),
    }
    match stage {
        Stage::JustClosed | Stage::PauseAsked => group.wait(seconds(5)),
        Stage::Closed => group.wait(minutes(60)),
        Stage::Lobby | Stage::OpenLobby | Stage::In(_) => {}
        Stage::Told | Stage::RoundOver | Stage::RoundHeld => {}
        _ => group.wait(minutes(1)),
    }
}

/// Moves turns on until it is this person's, in a round.
pub(super) fn give_turn(group: &mut Group, seat: SeatNumber) {
    let Some(by) = steering(group).filter(|_| !group.is_lobby() && !group.is_closed()) else { return };
    while group.running_view().round.is_some_and(|round| round.speaker.is_some_and(|turn| turn != seat)) {
        group.done(by, finish);
    }
}
