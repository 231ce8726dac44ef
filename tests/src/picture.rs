//! What one client knows of the world, by what it was told.

use attune_protocol::client::Moment;
use attune_protocol::display::DisplayView;
use attune_protocol::door::{DoorView, WaitingView};
use attune_protocol::ending::Private;
use attune_protocol::ids::{CommandId, Revision, SeatNumber, SessionId, Timestamp};
use attune_protocol::moving::MovingView;
use attune_protocol::server::{CloseCode, Refusal, ServerMessage, Texts};
use attune_protocol::view::{
    Act, BetweenView, ClosedView, RunningView, SeatView, SessionView, StageView, TimingView,
};
use std::collections::{BTreeMap, BTreeSet};

use crate::secrets;

/// How a socket ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// With a close frame: its code and word.
    Closed(u16, String),
    /// Without one.
    Dropped,
}

impl Ending {
    /// The listed code, if it is one and has its own word.
    pub fn code(&self) -> Option<CloseCode> {
        let Self::Closed(code, word) = self else { return None };
        CloseCode::ALL.iter().copied().find(|listed| listed.code() == *code && listed.word() == word)
    }
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is stored and holds.
    Accepted(Revision),
    /// It changed nothing.
    Refused(Refusal),
}

/// What a client has been told so far.
#[derive(Debug, Clone, Default)]
pub struct Picture {
    /// Which session.
    pub session: Option<SessionId>,
    /// Which seat is mine.
    pub seat: Option<SeatNumber>,
    /// The newest revision of a view.
    pub revision: Revision,
    /// The newest view.
    pub view: Option<SessionView>,
    /// The newest texts.
    pub texts: Texts,
    /// The revision of the newest texts.
    pub texts_revision: Revision,
    /// What this seat alone is shown.
    pub private: Private,
    /// How often answers were taken in, to be counted.
    pub held: usize,
    /// How many views came, the one of the welcome not counted.
    pub views: usize,
    /// How many answers are outstanding, by command.
    pub pending: BTreeMap<CommandId, u32>,
    /// The newest answers, by command.
    pub answers: BTreeMap<CommandId, Answer>,
    /// Refusals that named no command.
    pub nameless: Vec<Refusal>,
    /// Answers to pings, newest last.
    pub pongs: Vec<(f64, Timestamp)>,
    /// The newest answer to `history`.
    pub acts: Option<Vec<Act>>,
    /// Who waits at the door, as last told.
    pub door: Option<DoorView>,
    /// How it stands with this seat's going on elsewhere, as last told.
    pub moving: Option<MovingView>,
    /// How many screens show the clock.
    pub screens: u16,
    /// What this client is shown as a screen.
    pub display: Option<DisplayView>,
    /// How often it was shown something as a screen.
    pub displays: usize,
    /// What this client is shown at the door.
    pub waiting: Option<WaitingView>,
    /// How the socket ended.
    pub ending: Option<Ending>,
    /// Every frame as it came, if they are kept.
    pub frames: Option<Vec<String>>,
    /// What the server must never do, and did.
    pub faults: Vec<String>,
}

impl Picture {
    /// A command is being sent.
    pub fn expect(&mut self, request: CommandId) {
        self.answers.remove(&request);
        *self.pending.entry(request).or_default() += 1;
    }

    /// Takes in one frame.
    pub fn hear(&mut self, text: &str) {
        if let Some(frames) = &mut self.frames {
            frames.push(text.to_owned());
        }
        match serde_json::from_str(text) {
            Ok(message) => self.take(message),
            Err(error) => self.faults.push(format!("a frame that is no message: {error}")),
        }
    }

    fn take(&mut self, message: ServerMessage) {
        match message {
            ServerMessage::Welcome { session, seat, revision, view, texts, private } => {
                self.private = private;
                if self.seat.is_some() {
                    self.faults.push("a second welcome".to_owned());
                }
                (self.session, self.seat) = (Some(session), Some(seat));
                self.show(revision, view);
                (self.texts, self.texts_revision) = (texts, revision);
            }
            ServerMessage::View { revision, view } => {
                self.views += 1;
                self.show(revision, view);
            }
            ServerMessage::Texts { revision, texts } => {
                if revision < self.texts_revision {
                    self.faults.push("older texts after newer ones".to_owned());
                }
                (self.texts, self.texts_revision) = (texts, revision);
            }
            ServerMessage::Private { private, .. } => self.private = private,
            ServerMessage::Held {} => self.held += 1,
            ServerMessage::Accepted { request, revision } => self.answer(request, Answer::Accepted(revision)),
            ServerMessage::Refused { request: Some(request), why } => {
                self.answer(request, Answer::Refused(why))
            }
            ServerMessage::Refused { request: None, why } => self.nameless.push(why),
            ServerMessage::Pong { sent, now } => self.pongs.push((sent, now)),
            ServerMessage::History { acts } => self.acts = Some(acts),
            ServerMessage::Door { door } => self.door = Some(door),
            ServerMessage::Moving { moving } => self.moving = Some(moving),
            ServerMessage::Screens { count } => self.screens = count,
            ServerMessage::Display { revision, display } => {
                if revision < self.revision {
                    self.faults.push(format!("a display {revision:?} after {:?}", self.revision));
                }
                self.displays += 1;
                (self.revision, self.display) = (revision, Some(display));
            }
            ServerMessage::Waiting { waiting } => self.waiting = Some(waiting),
        }
    }

    fn show(&mut self, revision: Revision, view: SessionView) {
        if revision < self.revision {
            self.faults.push(format!("view {revision:?} after {:?}", self.revision));
        }
        (self.revision, self.view) = (revision, Some(view));
    }

    fn answer(&mut self, request: CommandId, answer: Answer) {
        match self.pending.get_mut(&request) {
            Some(count) if *count > 1 => *count -= 1,
            Some(_) => drop(self.pending.remove(&request)),
            None => self.faults.push("an answer to what was not asked, or a second one".to_owned()),
        }
        self.answers.insert(request, answer);
    }

    /// The phase that runs, if one does and this client may know.
    pub fn running(&self) -> Option<&RunningView> {
        match &self.view.as_ref()?.stage {
            StageView::Running(running) => Some(running),
            StageView::Lobby { .. } | StageView::Newcomer {} | StageView::Closed(_) => None,
        }
    }

    /// The record, once the session is over.
    pub fn closed(&self) -> Option<&ClosedView> {
        match &self.view.as_ref()?.stage {
            StageView::Closed(closed) => Some(closed),
            StageView::Lobby { .. } | StageView::Newcomer {} | StageView::Running(_) => None,
        }
    }

    /// Whether the session has not begun.
    pub fn in_lobby(&self) -> bool {
        matches!(self.view.as_ref().map(|view| &view.stage), Some(StageView::Lobby { .. }))
    }

    /// Whether this client is a newcomer who has not agreed while a case runs.
    pub fn is_newcomer(&self) -> bool {
        matches!(self.view.as_ref().map(|view| &view.stage), Some(StageView::Newcomer {}))
    }

    /// The index of the phase that runs.
    pub fn phase(&self) -> Option<usize> {
        self.running().map(|running| running.phase)
    }

    /// The time between two cases.
    pub fn between(&self) -> Option<&BetweenView> {
        match &self.view.as_ref()?.stage {
            StageView::Lobby { between } => between.as_ref(),
            StageView::Newcomer {} | StageView::Running(_) | StageView::Closed(_) => None,
        }
    }

    /// The moment that steering commands name: zero before the first case and after the end.
    pub fn moment(&self) -> Moment {
        let running = self.running().map(|running| running.moment);
        running.or(self.between().map(|between| between.moment)).unwrap_or_default()
    }

    /// When the phase ends, if its time runs.
    pub fn ends_at(&self) -> Option<Timestamp> {
        match self.running()?.timing {
            TimingView::Running { ends_at } => Some(ends_at),
            TimingView::Paused { .. } => None,
        }
    }

    /// Whether the time stands.
    pub fn is_paused(&self) -> bool {
        self.running().is_some_and(|running| matches!(running.timing, TimingView::Paused { .. }))
    }

    /// Whose turn it is.
    pub fn speaker(&self) -> Option<SeatNumber> {
        self.running()?.round.as_ref()?.speaker
    }

    /// A seat of the roster.
    pub fn seat(&self, seat: SeatNumber) -> Option<&SeatView> {
        self.view.as_ref()?.seats.iter().find(|view| view.seat == seat)
    }

    /// How many people the roster shows.
    pub fn people(&self) -> usize {
        self.view.as_ref().map_or(0, |view| view.seats.len())
    }

    /// Whether the roster shows somebody as away.
    pub fn is_away(&self, seat: SeatNumber) -> bool {
        self.seat(seat).is_some_and(|seat| seat.away_since.is_some())
    }

    /// Whether the roster shows somebody as here.
    pub fn is_here(&self, seat: SeatNumber) -> bool {
        self.seat(seat).is_some_and(|seat| seat.away_since.is_none())
    }

    /// Who may speak now.
    pub fn speakers(&self) -> BTreeSet<SeatNumber> {
        self.view.as_ref().map(|view| view.floor.speakers.clone()).unwrap_or_default()
    }

    /// The names that can be opened, by seat.
    pub fn names(&self) -> BTreeMap<SeatNumber, String> {
        let open = |name: &attune_protocol::server::SealedName| Some((name.seat, secrets::open(&name.name)?));
        self.texts.names.iter().filter_map(open).collect()
    }

    /// What a failed test says about it.
    pub fn summary(&self) -> String {
        let stage = self.view.as_ref().map(|view| &view.stage);
        let away =
            self.view.iter().flat_map(|view| &view.seats).filter(|seat| seat.away_since.is_some()).count();
        format!(
            "seat {:?} at {:?} after {} views: {stage:?}, {} people, {away} away, floor of {:?}, {} commands pending, \
             nameless refusals {:?}, ending {:?}",
            self.seat,
            self.revision,
            self.views,
            self.people(),
            self.speakers(),
            self.pending.len(),
            self.nameless,
            self.ending
        )
    }
}
