//! What a page keeps, and the rules by which the web client shows, repeats and comes back: a small model of `web/src/kit`.

use attune_protocol::client::Command;
use attune_protocol::display::DisplayView;
use attune_protocol::ids::{CommandId, Millis, Revision, SeatNumber, SeatToken, SessionId, Timestamp};
use attune_protocol::server::{CloseCode, ServerMessage, Texts};
use attune_protocol::view::SessionView;
use std::rc::Rc;

use crate::session::tests::laws::chance::Chance;

const SHORTEST_WAIT: i64 = 250;
const LONGEST_FIRST_WAIT: i64 = 1_000;
const LONGEST_WAIT: i64 = 15_000;
/// Whoever was closed as too fast stays away for this long.
const TOO_FAST_WAIT: i64 = 30_000;
/// A connection that lasted this long was a good one.
pub(super) const LASTING: Millis = Millis::seconds(5);
pub(super) const PING_EVERY: Millis = Millis::seconds(10);
pub(super) const DEAD_AFTER: Millis = Millis::seconds(25);
pub(super) const PROBE_FOR: Millis = Millis::seconds(5);
pub(super) const OPEN_WITHIN: Millis = Millis::seconds(10);
/// A timer that comes later than this was held back.
pub(super) const TIMER_SLACK: Millis = Millis::seconds(2);
/// Acts that a person may send once more although they were answered.
const OLD_ACTS: usize = 8;

/// How things stand with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nobody has opened the page.
    Unopened,
    Connecting,
    Connected {
        since: Timestamp,
    },
    Waiting,
    Closed(CloseCode),
}

/// An act without an answer.
#[derive(Debug, Clone)]
pub(super) struct Unanswered {
    pub(super) request: CommandId,
    pub(super) command: Command,
    /// When it was last sent.
    pub(super) sent_at: Timestamp,
}

/// One person's page, or that of a screen on the wall.
pub(super) struct Page {
    pub(super) group: usize,
    pub(super) is_founder: bool,
    /// It shows the clock by the display link, and nobody acts with it.
    pub(super) is_screen: bool,
    /// What it shows as a screen.
    pub(super) display: Option<DisplayView>,
    /// How many screens it tells of.
    pub(super) screens: u16,
    pub(super) token: SeatToken,
    pub(super) session: Option<SessionId>,
    pub(super) seat: Option<SeatNumber>,
    /// The seat that the server has welcomed it to, whether or not the page has heard so.
    pub(super) welcomed: Option<(SessionId, SeatNumber)>,
    pub(super) standing: Standing,
    /// Its connection.
    pub(super) line: Option<u64>,
    /// Timers of earlier eras have been cancelled.
    pub(super) era: u64,
    attempt: u32,
    pub(super) pongs: u64,
    pub(super) dead_at: Timestamp,
    pub(super) asleep_until: Option<Timestamp>,
    pub(super) awake_since: Timestamp,
    /// The first frame asks to delete the session.
    pub(super) erases: bool,
    pub(super) revision: Revision,
    texts_revision: Revision,
    /// The message that shows the session.
    shown: Option<Rc<ServerMessage>>,
    pub(super) texts: Texts,
    pub(super) unanswered: Vec<Unanswered>,
    pub(super) answered: Vec<(CommandId, Command)>,
}

impl Page {
    pub(super) fn new(group: usize, is_founder: bool, token: SeatToken) -> Self {
        Self {
            group,
            is_founder,
            is_screen: false,
            display: None,
            screens: 0,
            token,
            session: None,
            seat: None,
            welcomed: None,
            standing: Standing::Unopened,
            line: None,
            era: 0,
            attempt: 0,
            pongs: 0,
            dead_at: Timestamp(0),
            asleep_until: None,
            awake_since: Timestamp(0),
            erases: false,
            revision: Revision(0),
            texts_revision: Revision(0),
            shown: None,
            texts: Texts::default(),
            unanswered: Vec::new(),
            answered: Vec::new(),
        }
    }

    /// The page of a wall.
    pub(super) fn of_screen(group: usize, token: SeatToken) -> Self {
        Self { is_screen: true, ..Self::new(group, false, token) }
    }

    /// Somebody else takes the page, for another session.
    pub(super) fn renew(&mut self, token: SeatToken) {
        let (era, awake_since, is_screen) = (self.era + 1, self.awake_since, self.is_screen);
        *self = Self { era, awake_since, is_screen, ..Self::new(self.group, self.is_founder, token) };
    }

    /// What it shows.
    pub(super) fn view(&self) -> Option<&SessionView> {
        match self.shown.as_deref()? {
            ServerMessage::Welcome { view, .. } | ServerMessage::View { view, .. } => Some(view),
            _ => None,
        }
    }

    /// The version of the agreement that it shows.
    pub(super) fn agreement(&self) -> Option<Revision> {
        self.texts.agreement.as_ref().map(|agreement| agreement.version)
    }

    pub(super) fn is_connected(&self) -> bool {
        matches!(self.standing, Standing::Connected { .. })
    }

    pub(super) fn is_asleep(&self) -> bool {
        self.asleep_until.is_some()
    }

    /// How long to wait before the next attempt.
    pub(super) fn wait(&mut self, code: Option<CloseCode>, chance: &mut Chance) -> Millis {
        let longest = LONGEST_WAIT.min(LONGEST_FIRST_WAIT << self.attempt.min(10));
        self.attempt += 1;
        let wait = chance.between(SHORTEST_WAIT, longest);
        Millis(if code == Some(CloseCode::TooFast) { wait.max(TOO_FAST_WAIT) } else { wait })
    }

    /// The connection has lasted.
    pub(super) fn last(&mut self) {
        self.attempt = 0;
    }

    /// Takes in what the server tells; never shows an older state after a newer one.
    pub(super) fn hear(&mut self, message: &Rc<ServerMessage>, now: Timestamp) {
        match &**message {
            ServerMessage::Welcome { session, seat, revision, texts, .. } => {
                (self.session, self.seat) = (Some(*session), Some(*seat));
                self.screens = 0;
                self.standing = Standing::Connected { since: now };
                self.dead_at = now + DEAD_AFTER;
                if *revision >= self.revision {
                    (self.revision, self.texts_revision) = (*revision, *revision);
                    (self.shown, self.texts) = (Some(Rc::clone(message)), texts.clone());
                }
            }
            ServerMessage::View { revision, .. } if *revision >= self.revision => {
                (self.revision, self.shown) = (*revision, Some(Rc::clone(message)));
            }
            ServerMessage::Texts { revision, texts } if *revision >= self.texts_revision => {
                (self.texts_revision, self.texts) = (*revision, texts.clone());
            }
            ServerMessage::Screens { count } => self.screens = *count,
            ServerMessage::Display { revision, display } => {
                if !self.is_connected() {
                    self.standing = Standing::Connected { since: now };
                    self.dead_at = now + DEAD_AFTER;
                }
                if *revision >= self.revision {
                    (self.revision, self.display) = (*revision, Some(display.clone()));
                }
            }
            ServerMessage::Pong { .. } => {
                self.pongs += 1;
                if self.is_connected() {
                    self.dead_at = now + DEAD_AFTER;
                }
            }
            ServerMessage::Accepted { request, .. }
            | ServerMessage::Refused { request: Some(request), .. } => {
                self.settle(*request);
            }
            _ => {}
        }
    }

    fn settle(&mut self, request: CommandId) {
        if let Some(at) = self.unanswered.iter().position(|asked| asked.request == request) {
            let asked = self.unanswered.remove(at);
            if self.answered.len() == OLD_ACTS {
                self.answered.remove(0);
            }
            self.answered.push((asked.request, asked.command));
        }
    }
}
