//! The session core: who sits where, which phase it is, how long it lasts, who may speak.
//!
//! Pure: time, ids and chance are passed in, and maps are ordered. A decision changes nothing; its events are stored,
//! then applied, then told.

mod acts;
mod agreement;
mod apply;
mod bounds;
mod cases;
mod commands;
mod course;
mod decide;
mod display;
mod door;
mod due;
mod ending;
mod event;
mod floor;
mod grown;
mod hands;
mod pace;
mod people;
mod recognise;
mod reminders;
mod round;
mod seat;
mod steering;
mod turns;
mod undo;
mod view;

#[cfg(test)]
pub(crate) mod tests;

use attune_protocol::agreement::Agreement;
use attune_protocol::client::Command;
use attune_protocol::door::Door;
use attune_protocol::ending::Answers;
use attune_protocol::ids::{CommandId, Revision, SeatNumber, SecretHash, Timestamp};
use attune_protocol::method::Plan;
use attune_protocol::sealed::Sealed;
use attune_protocol::server::{CloseCode, Refusal};
use attune_protocol::view::{Act, MOST_CASES};
use std::collections::BTreeMap;
use std::sync::Arc;

pub use bounds::{
    AWAY_COUNTS_FOR, CHAIR_GRACE, JOINS_WITHIN, LOBBY_LIFE, LOSSES_WITHIN, MOST_AGREEMENT_CHANGES,
    MOST_EVENTS, MOST_JOINS, MOST_LOSSES, MOST_RENAMES, MOST_SEATS_EVER, PAUSE_GRACE, PAUSE_REST,
    REMINDER_GAP, REMINDER_LASTS, RENAMES_WITHIN, SPARE_EVENTS, TOKENS_LIVE_AFTER_END,
};
use cases::PastCase;
use course::Course;
use display::DisplayLink;
use ending::Ending;
pub use ending::{MOST_TALKS, MOST_THANKS};
pub use event::{Entry, Event, EventKind, PauseCause, Settings};
use grown::Grown;
use seat::{Farewell, Presence, Seat};
use undo::UndoStep;

/// One meeting by one link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    settings: Settings,
    plan: Arc<Plan>,
    planned_for: Option<Timestamp>,
    /// Everybody who ever had a place; freed ones are kept for the record and for their dead tokens. Shared with older
    /// states: most facts leave them as they are.
    seats: Arc<BTreeMap<SeatNumber, Seat>>,
    /// Who agreed to the ground rules, in order.
    agreements: Vec<SeatNumber>,
    invite: SecretHash,
    sealed_invite: Option<Sealed>,
    /// Invites for one person that nobody has come in by.
    unused: Vec<SecretHash>,
    /// Those that somebody has. Each took a seat, so there are never more than [`MOST_SEATS_EVER`].
    used: Vec<SecretHash>,
    door: Door,
    display: Option<DisplayLink>,
    /// Tokens whose person has gone on with the seat on another device.
    moved: Vec<SecretHash>,
    /// Who was let in by a person and has not come yet.
    let_in: Vec<SecretHash>,
    /// What the group agrees beside the ground rules.
    agreement: Option<Agreement>,
    agreement_changes: u32,
    /// The event that last changed a sealed text.
    texts_from: Revision,
    stage: Stage,
    /// Entries into phases so far.
    visits: u32,
    presenter: Option<SeatNumber>,
    /// Whether chance chose the presenter.
    drawn: bool,
    /// Who presents in case the presenter cannot.
    reserve: Option<SeatNumber>,
    /// Whether another case follows the one that runs.
    another: bool,
    /// Cases that another one followed.
    past: Arc<Vec<PastCase>>,
    /// Who set it up, or facilitates because the last facilitator left the lobby: until somebody of the group does.
    host: SeatNumber,
    stand_in: Option<SeatNumber>,
    chair_asked: Option<SeatNumber>,
    /// Since when nobody who can steer is connected.
    unled_since: Option<Timestamp>,
    pause_request: Option<PauseRequest>,
    /// Shared with older states: most facts leave it as it is.
    ending: Arc<Ending>,
    /// Whether everyone may send reminders.
    anyone_reminds: bool,
    undo: Vec<UndoStep>,
    acts: Grown<Act>,
    /// Who last moved the phase or the turn; nobody when it moved by itself.
    moved_by: Option<SeatNumber>,
    /// Commands that were applied, in order.
    requests: Grown<(SeatNumber, CommandId)>,
    /// The last command or join.
    last_human_at: Timestamp,
    newest_at: Timestamp,
    revision: Revision,
}

/// Where a session stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Stage {
    /// No case runs; the visit is 0 until the first has begun, and otherwise the time between two.
    Lobby {
        visit: u32,
    },
    Running(Course),
    Closed(Closing),
}

/// The end.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Closing {
    at: Timestamp,
    /// The case as it was left; absent when none was under way.
    case: Option<Course>,
}

impl Closing {
    /// Whether tokens still open the session at `now`.
    fn opens_at(&self, now: Timestamp) -> bool {
        now < self.at + TOKENS_LIVE_AFTER_END
    }
}

/// Somebody needs a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PauseRequest {
    by: SeatNumber,
    at: Timestamp,
}

/// What comes to a session from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The deadline was reached. Early or extra calls are harmless.
    Elapse,
    /// The log was opened after the server had stopped. The first input after loading.
    Reopen,
    /// A browser wants in.
    Enter {
        /// Of the seat that it has or wants.
        token: SecretHash,
        /// From the link.
        invite: Option<SecretHash>,
    },
    /// A seat's last connection was lost.
    Away {
        /// Whose.
        seat: SeatNumber,
    },
    /// Answers that wait are to be counted.
    Count {
        /// Whose they are, which nobody knows afterwards.
        answers: BTreeMap<SeatNumber, Answers>,
    },
    /// A person acts.
    Command {
        /// Who.
        seat: SeatNumber,
        /// Names the act.
        request: CommandId,
        /// What to do.
        command: Command,
        /// What was drawn by chance for the act; only one that draws has a use for it.
        chance: u64,
    },
}

/// What became of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It holds, or held already.
    Done,
    /// That seat is in.
    Entered(SeatNumber),
    /// The browser is turned away.
    TurnedAway(CloseCode),
    /// The act changed nothing.
    Refused(Refusal),
}

/// What follows from an input: facts to store, then apply, then tell; and an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// In order; first what was due.
    pub events: Vec<Event>,
    /// The answer.
    pub outcome: Outcome,
}

/// Who is shown the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Whoever steers.
    Steering,
    /// Everyone else.
    Members,
    /// People who have not agreed to the ground rules, from the moment on at which a case runs.
    Newcomers,
}

impl Session {
    /// Sets a session up. Its first event makes it whole again.
    pub fn create(
        plan: Plan,
        invite: SecretHash,
        token: SecretHash,
        settings: Settings,
        planned_for: Option<Timestamp>,
        now: Timestamp,
    ) -> (Self, Event) {
        let session = Self::new(&plan, invite, token, settings, planned_for, now);
        let what = EventKind::Created { plan, invite, token, settings, planned_for };
        (session, Event { at: now, by: None, request: None, what })
    }

    /// Builds the session from its events. `None` when the first is not its creation, or one cannot follow those before.
    pub fn rebuild(events: impl IntoIterator<Item = Event>) -> Option<Self> {
        let mut events = events.into_iter();
        let first = events.next()?;
        let EventKind::Created { plan, invite, token, settings, planned_for } = first.what else {
            return None;
        };
        let mut session = Self::new(&plan, invite, token, settings, planned_for, first.at);
        for event in events {
            if !session.can_follow(&event.what) {
                return None;
            }
            session.apply(&event);
        }
        Some(session)
    }

    /// Whether this fact can stand here in a log. A damaged one may name a phase that the plan does not have.
    fn can_follow(&self, what: &EventKind) -> bool {
        match what {
            EventKind::PhaseEntered { phase, .. } => *phase < self.plan.phases().len(),
            EventKind::Extended { taken, .. } | EventKind::Shortened { taken } => {
                taken.iter().all(|taken| taken.phase < self.plan.phases().len())
            }
            EventKind::PlanChanged { .. } | EventKind::AgreementChanged { .. } => {
                matches!(self.stage, Stage::Lobby { .. })
            }
            EventKind::CaseEnded {} => self.course().is_some() && self.past.len() + 1 < MOST_CASES,
            _ => true,
        }
    }

    fn new(
        plan: &Plan,
        invite: SecretHash,
        token: SecretHash,
        settings: Settings,
        planned_for: Option<Timestamp>,
        at: Timestamp,
    ) -> Self {
        let first = SeatNumber(1);
        let seat = Seat { facilitator: true, agreed: true, ..Seat::new(first, Some(token), at) };
        Self {
            settings,
            plan: Arc::new(plan.clone()),
            planned_for,
            seats: Arc::new(BTreeMap::from([(first, seat)])),
            agreements: vec![first],
            invite,
            sealed_invite: None,
            unused: Vec::new(),
            used: Vec::new(),
            door: Door::Open,
            display: None,
            moved: Vec::new(),
            let_in: Vec::new(),
            agreement: None,
            agreement_changes: 0,
            texts_from: Revision(1),
            stage: Stage::Lobby { visit: 0 },
            visits: 0,
            presenter: None,
            drawn: false,
            reserve: None,
            another: false,
            past: Arc::default(),
            host: first,
            stand_in: None,
            chair_asked: None,
            unled_since: None,
            pause_request: None,
            ending: Arc::default(),
            anyone_reminds: false,
            undo: Vec::new(),
            acts: Grown::new(),
            moved_by: None,
            requests: Grown::new(),
            last_human_at: at,
            newest_at: at,
            revision: Revision(1),
        }
    }

    /// How many events made it.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// The newest event's time: this session's time never goes below it.
    pub fn newest_at(&self) -> Timestamp {
        self.newest_at
    }

    /// When to call [`Session::decide`] again with [`Input::Elapse`]. Changes only when an event is applied.
    pub fn deadline(&self) -> Option<Timestamp> {
        self.next_due().map(|due| due.at)
    }

    /// Whether this token may delete the session: a facilitator's, also after the end.
    pub fn may_erase(&self, token: &SecretHash) -> bool {
        self.seats
            .values()
            .any(|seat| seat.token.as_ref() == Some(token) && seat.facilitator && seat.is_taken())
    }

    /// The code to close a seat's socket with, by the token that it came with: once the seat is freed, or the token opens
    /// another one, where its page then comes back by itself.
    pub fn seat_ended(&self, seat: SeatNumber, token: &SecretHash) -> Option<CloseCode> {
        if self.moved.contains(token) {
            return Some(CloseCode::Moved);
        }
        let opened_by = |seat: &&Seat| seat.token.as_ref() == Some(token);
        let known =
            self.seats.get(&seat).filter(opened_by).or_else(|| self.seats.values().find(opened_by))?;
        match known.presence {
            Presence::Gone(_, Farewell::Left) => Some(CloseCode::Left),
            Presence::Gone(_, Farewell::Removed) => Some(CloseCode::Removed),
            Presence::Here | Presence::Away(_) => (known.number != seat).then_some(CloseCode::Restarting),
        }
    }

    fn seat(&self, number: SeatNumber) -> Option<&Seat> {
        self.seats.get(&number).filter(|seat| seat.is_taken())
    }

    fn course(&self) -> Option<&Course> {
        match &self.stage {
            Stage::Running(course) => Some(course),
            Stage::Lobby { .. } | Stage::Closed(_) => None,
        }
    }
}
