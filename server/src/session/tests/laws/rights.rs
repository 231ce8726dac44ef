//! Who may do what, read off a view alone: a second account of roles, beside the core's.

use attune_protocol::client::Command;
use attune_protocol::ids::SeatNumber;
use attune_protocol::method::{Facilitates, FloorMode};
use attune_protocol::view::{RoundView, RunningView, SeatView, SessionView, StageView, TimingView};

pub(super) fn running(view: &SessionView) -> Option<&RunningView> {
    match &view.stage {
        StageView::Running(running) => Some(running),
        _ => None,
    }
}

pub(super) fn seat(view: &SessionView, number: SeatNumber) -> Option<&SeatView> {
    view.seats.iter().find(|seat| seat.seat == number)
}

pub(super) fn silent_presenter(view: &SessionView) -> Option<SeatNumber> {
    let phase = &view.plan.phases()[running(view)?.phase];
    view.presenter.filter(|_| phase.presenter.is_silent())
}

pub(super) fn steers(view: &SessionView, number: SeatNumber) -> bool {
    let Some(seat) = seat(view, number) else { return false };
    let holds = match view.chair.stand_in.filter(|_| running(view).is_some()) {
        Some(stand_in) => stand_in == number,
        None => seat.facilitator,
    };
    holds && silent_presenter(view) != Some(number)
}

/// Tells what a command by this person changed although they may not.
pub(super) fn overstep(
    before: &SessionView,
    after: &SessionView,
    by: SeatNumber,
    command: &Command,
) -> Option<&'static str> {
    let steers = steers(before, by);
    let facilitates = steers && seat(before, by).is_some_and(|seat| seat.facilitator);
    let leaves = matches!(command, Command::Leave {});
    let undoes = match command {
        Command::Undo { step } => before.undo.iter().any(|undo| undo.step == *step && undo.by == by),
        _ => false,
    };
    let own = leaves || undoes;
    let leaderless = !before.seats.iter().any(|seat| seat.facilitator);
    let inherits = leaderless
        && matches!(before.stage, StageView::Lobby { .. })
        && matches!(command, Command::Agree { .. });
    // Between two cases whoever takes the chair facilitates.
    let between = matches!(after.stage, StageView::Lobby { between: Some(_) });
    let takes = (between || may_take_open_chair(before, by)) && matches!(command, Command::TakeChair {});
    if time(before) != time(after) && !steers && !undoes && !may_move_time(before, by, command) {
        Some("the phase or its time")
    } else if turn(before) != turn(after) && !steers && !own && !may_move_turn(before, by, command) {
        Some("the turn")
    } else if order(before, after) && !steers && !own && !may_move_turn(before, by, command) {
        Some("the order of the round")
    } else if before.anyone_reminds != after.anyone_reminds && !steers {
        Some("who may send reminders")
    } else if before.reminder != after.reminder && !may_remind(before, by, command) {
        Some("the reminder")
    } else if hands(before) != hands(after) && !may_move_hand(before, by, command) {
        Some("the hands")
    } else if before.presenter != after.presenter && !steers && !own {
        Some("the presenter")
    } else if (before.reserve, before.drawn) != (after.reserve, after.drawn) && !steers && !own {
        Some("the reserve, or a draw")
    } else if another(before) != another(after) && !steers && !undoes {
        Some("whether another case follows")
    } else if roles(before, after) && !facilitates && !own && !inherits && !takes {
        Some("the roles")
    } else if before.plan != after.plan && !steers {
        Some("the plan")
    } else if before.door != after.door && !steers {
        Some("the door")
    } else if before.unused_links != after.unused_links && !steers {
        Some("the links for one person")
    } else if before.display != after.display && !steers && !own {
        Some("the display link")
    } else if gone(before, after).any(|gone| gone != by || !leaves) && !steers {
        Some("the seats")
    } else {
        None
    }
}

/// Whether the lobby asks who facilitates, and this person may be the one.
fn may_take_open_chair(view: &SessionView, by: SeatNumber) -> bool {
    let mut leading = view.seats.iter().filter(|seat| seat.facilitator);
    matches!(view.stage, StageView::Lobby { between: None })
        && view.plan.facilitates() == Facilitates::Group
        && view.chair.open_to_group
        && view.presenter != Some(by)
        && leading.all(|seat| seat.seat != by)
        && seat(view, by).is_some_and(|seat| seat.agreed && seat.device && seat.away_since.is_none())
}

fn another(view: &SessionView) -> bool {
    running(view).is_some_and(|running| running.another)
}

/// The phase and its time, and that of those ahead, without turns.
#[derive(PartialEq)]
struct Time<'a> {
    phase: usize,
    visit: u32,
    timing: &'a TimingView,
    length: i64,
    rest: i64,
    minutes: &'a [u16],
}

fn time(view: &SessionView) -> Option<Time<'_>> {
    let now = running(view)?;
    Some(Time {
        phase: now.phase,
        visit: now.moment.visit,
        timing: &now.timing,
        length: now.length.0,
        rest: now.rest.0,
        minutes: &now.minutes,
    })
}

fn turn(view: &SessionView) -> Option<SeatNumber> {
    running(view)?.round.as_ref()?.speaker
}

fn hands(view: &SessionView) -> &[SeatNumber] {
    running(view).map_or(&[], |now| now.hands.as_slice())
}

/// Whether a command that is about a hand may be about this one. Others change hands only with the phase or a role.
fn may_move_hand(before: &SessionView, by: SeatNumber, command: &Command) -> bool {
    let acts_for = |number: SeatNumber| {
        by == number || seat(before, number).is_some_and(|seat| !seat.device) && steers(before, by)
    };
    match command {
        Command::RaiseHand { seat, .. } => acts_for(*seat) && silent_presenter(before) != Some(*seat),
        Command::LowerHand { seat, .. } => by == *seat || steers(before, by),
        _ => true,
    }
}

/// A reminder goes by itself, and with the phase; a new one is somebody's who may.
fn may_remind(before: &SessionView, by: SeatNumber, command: &Command) -> bool {
    match command {
        Command::Remind { .. } => {
            silent_presenter(before) != Some(by) && (before.anyone_reminds || steers(before, by))
        }
        _ => true,
    }
}

/// Whether two people who waited in the round before and after come in another order.
fn order(before: &SessionView, after: &SessionView) -> bool {
    let waiting = |view: &SessionView| {
        let round = running(view).and_then(|now| now.round.as_ref());
        round.map(|round| round.next.clone()).unwrap_or_default()
    };
    let (before, after) = (waiting(before), waiting(after));
    let stayed = |among: &[SeatNumber], of: &[SeatNumber]| {
        of.iter().copied().filter(|seat| among.contains(seat)).collect::<Vec<_>>()
    };
    stayed(&after, &before) != stayed(&before, &after)
}

/// Whether somebody who stayed has another role.
fn roles(before: &SessionView, after: &SessionView) -> bool {
    let of = |seat: &SeatView| (seat.facilitator, seat.role.clone());
    after.seats.iter().any(|now| seat(before, now.seat).is_some_and(|was| of(was) != of(now)))
}

fn gone<'a>(before: &'a SessionView, after: &'a SessionView) -> impl Iterator<Item = SeatNumber> + 'a {
    before.seats.iter().map(|seat| seat.seat).filter(|&was| seat(after, was).is_none())
}

fn may_move_time(before: &SessionView, by: SeatNumber, command: &Command) -> bool {
    let Some(now) = running(before) else { return false };
    let agreed = seat(before, by).is_some_and(|seat| seat.agreed);
    let anyone = matches!(now.timing, TimingView::Paused { anyone_resumes: true, .. });
    let heard = before.seats.iter().any(|seat| seat.away_since.is_none() && steers(before, seat.seat));
    let others =
        before.seats.iter().filter(|seat| seat.seat != by && seat.device && seat.away_since.is_none());
    let alone = others.filter(|seat| seat.agreed).count() == 0;
    match command {
        Command::Resume { .. } => anyone && agreed && (alone || silent_presenter(before) != Some(by)),
        Command::NeedPause {} => !heard,
        Command::Leave {} => before.presenter == Some(by),
        _ => false,
    }
}

fn may_move_turn(before: &SessionView, by: SeatNumber, command: &Command) -> bool {
    let turn =
        matches!(command, Command::FinishTurn { .. } | Command::PassTurn { .. } | Command::PutOffTurn { .. });
    // A turn that goes with the phase was judged with the phase.
    let with_time = may_move_time(before, by, command);
    let Some(RoundView { speaker: Some(speaker), next, .. }) =
        running(before).and_then(|now| now.round.as_ref())
    else {
        return with_time;
    };
    let away = seat(before, *speaker).is_none_or(|seat| seat.away_since.is_some());
    with_time || (turn && (by == *speaker || (away && next.first() == Some(&by))))
}

/// Whether people stay quiet because the presenter, who spoke alone, has finished. That a round is over does not show in
/// a view, where the open floor after it looks the same: the rules' own tests look at that.
fn after_case(view: &SessionView) -> bool {
    running(view).is_some_and(|now| {
        let phase = &view.plan.phases()[now.phase];
        phase.hold_silence && phase.floor.mode == FloorMode::Single && now.presenter_finished
    }) && view.presenter.is_some()
}

/// What is wrong with who may speak.
pub(super) fn wrong_floor(view: &SessionView) -> Option<&'static str> {
    let speakers = &view.floor.speakers;
    let silent = silent_presenter(view);
    if silent.is_some_and(|silent| speakers.contains(&silent)) {
        return Some("the silent presenter is on the floor");
    }
    let round = running(view).and_then(|now| now.round.as_ref());
    let turns = round.into_iter().flat_map(|round| round.speaker.iter().chain(&round.next));
    if turns.into_iter().any(|&turn| Some(turn) == silent) {
        return Some("the silent presenter has a turn");
    }
    if !speakers.iter().all(|&number| seat(view, number).is_some_and(|seat| seat.agreed)) {
        return Some("somebody speaks who has not agreed, or is gone");
    }
    if hands(view).iter().any(|up| view.floor.mode != FloorMode::Open || !speakers.contains(up)) {
        return Some("a hand is up without the open floor");
    }
    let nobody = view.floor.mode == FloorMode::None;
    let leads = |seat: &SeatView| seat.facilitator || view.chair.stand_in == Some(seat.seat);
    let mut leading = view.seats.iter().filter(|seat| leads(seat) && silent != Some(seat.seat));
    if nobody && !speakers.is_empty() {
        Some("somebody speaks in stillness")
    } else if after_case(view) {
        let others = speakers.iter().any(|&speaker| Some(speaker) != view.presenter);
        others.then_some("somebody else speaks into a held silence")
    } else if !nobody && !leading.all(|seat| speakers.contains(&seat.seat)) {
        Some("somebody who leads is not on the floor")
    } else {
        None
    }
}
