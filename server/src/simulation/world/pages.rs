//! People's pages: they join, hear, fall asleep and come back.

use attune_protocol::client::{ClientMessage, FirstMessage};
use attune_protocol::ids::{Millis, SeatToken};
use attune_protocol::server::{CloseCode, ServerMessage};
use attune_protocol::version::PROTOCOL_VERSION;
use std::rc::Rc;

use super::super::link::frame;
use super::super::page::{DEAD_AFTER, LASTING, OPEN_WITHIN, PING_EVERY, PROBE_FOR, Standing, TIMER_SLACK};
use super::{Task, Timer, Told, World};
use crate::secret::hash_invite;

const TEXT: u8 = 1;
const PONG: u8 = 10;
/// When further samples of the clock are taken after connecting.
const SAMPLE_AT: [i64; 3] = [300, 800, 1_600];
impl World {
    /// Somebody opens the page, or asks for it again.
    pub(super) fn open(&mut self, page: usize) {
        let one = &mut self.pages[page];
        one.session = one.session.or(self.groups[one.group].session);
        let has_link = !one.is_screen || self.groups[one.group].display.is_some();
        if !(one.session.is_some() || one.is_founder) || !has_link {
            return self.after(Millis::seconds(5), Task::Open(page));
        }
        self.connect(page);
    }

    pub(super) fn connect(&mut self, page: usize) {
        self.orphan(page);
        self.pages[page].standing = Standing::Connecting;
        let line = self.open_line(page);
        self.pages[page].line = Some(line);
        self.die_in(page, OPEN_WITHIN);
    }

    /// Lets go of the connection so that nothing it still says is heard.
    pub(super) fn orphan(&mut self, page: usize) {
        let one = &mut self.pages[page];
        one.era += 1;
        if let Some(line) = one.line.take() {
            self.close_line(line);
        }
    }

    fn die_in(&mut self, page: usize, length: Millis) {
        self.pages[page].dead_at = self.now + length;
        self.set_timer(page, length, Timer::Death);
    }

    fn set_timer(&mut self, page: usize, length: Millis, timer: Timer) {
        let era = self.pages[page].era;
        self.after(length, Task::Timer(page, era, timer));
    }

    pub(super) fn ring(&mut self, page: usize, era: u64, timer: Timer) {
        let one = &mut self.pages[page];
        if one.era != era {
            return;
        }
        if let Some(waking) = one.asleep_until {
            return self.at(waking, Task::Timer(page, era, timer));
        }
        match timer {
            Timer::Connect => self.connect(page),
            Timer::Death if one.dead_at > self.now => {
                let left = one.dead_at - self.now;
                self.set_timer(page, left, timer);
            }
            Timer::Death => {
                if one.is_connected() && one.dead_at + TIMER_SLACK < self.now {
                    self.ping(page);
                    self.die_in(page, PROBE_FOR);
                } else {
                    self.retry(page, None);
                }
            }
            Timer::Beat => {
                self.ping(page);
                self.set_timer(page, PING_EVERY, Timer::Beat);
            }
            Timer::Ping => self.ping(page),
            Timer::Lasted => one.last(),
            Timer::Probe(pongs) if one.pongs == pongs => self.retry(page, None),
            Timer::Probe(_) => {}
        }
    }

    fn retry(&mut self, page: usize, code: Option<CloseCode>) {
        self.orphan(page);
        let wait = self.pages[page].wait(code, &mut self.chance);
        self.pages[page].standing = Standing::Waiting;
        self.set_timer(page, wait, Timer::Connect);
    }

    pub(super) fn opened(&mut self, line: u64) {
        let Some(page) = self.lines.get(&line).map(|line| line.page) else { return };
        if self.pages[page].line != Some(line) {
            return;
        }
        let one = &self.pages[page];
        let group = &self.groups[one.group];
        let (version, seat_token) = (PROTOCOL_VERSION, one.token);
        let newest = group.invites.last().copied();
        let watch = one.session.zip(group.display).filter(|_| one.is_screen);
        let first = match (one.session, &group.plan, newest) {
            _ if one.is_screen => match watch {
                Some((session, display)) => FirstMessage::Watch { version, session, display },
                None => return,
            },
            (Some(session), ..) if one.erases => FirstMessage::Erase { version, session, seat_token },
            (Some(session), ..) => {
                // Some were sent a link for one person, which two may have been.
                let sent = &group.sent;
                let personal = (!sent.is_empty() && page % 2 == 0).then(|| sent[page / 2 % sent.len()]);
                let invite = personal.or(newest).filter(|_| one.seat.is_none());
                FirstMessage::Hello { version, session, invite, seat_token }
            }
            (None, Some(plan), Some(invite)) => {
                let (plan, invite) = (plan.clone(), hash_invite(&invite));
                FirstMessage::Create {
                    version,
                    plan,
                    invite,
                    seat_token,
                    planned_for: None,
                    create_token: None,
                }
            }
            (None, ..) => return,
        };
        self.say(page, &serde_json::to_string(&first).expect("is written"));
        if !self.pages[page].erases {
            self.ping(page);
        }
    }

    pub(super) fn say(&mut self, page: usize, text: &str) {
        self.tell(|_| format!("page {page} says {text}"));
        if let Some(line) = self.pages[page].line {
            self.send(line, frame(TEXT, text.as_bytes()));
        }
    }

    pub(super) fn say_message(&mut self, page: usize, message: &ClientMessage) {
        self.say(page, &serde_json::to_string(message).expect("is written"));
    }

    fn ping(&mut self, page: usize) {
        let sent = self.now.0 as f64;
        self.say_message(page, &ClientMessage::Ping { sent });
    }

    pub(super) fn hear(&mut self, line: u64, told: Told) {
        let Some(page) = self.lines.get(&line).map(|line| line.page) else { return };
        let one = &self.pages[page];
        if one.line != Some(line) {
            return;
        }
        if let Some(waking) = one.asleep_until {
            return self.at(waking, Task::Hear(line, told));
        }
        match told {
            Told::Ping => self.send(line, frame(PONG, &[])),
            Told::Message(message) => self.hear_message(page, &message),
            Told::Closed(code) => {
                self.tell(|_| format!("page {page} is closed with {code:?}"));
                self.hear_close(page, code);
            }
        }
    }

    fn hear_message(&mut self, page: usize, message: &Rc<ServerMessage>) {
        self.tell(|_| match &**message {
            ServerMessage::Welcome { seat, revision, .. } => {
                format!("page {page} is {seat:?} at {revision:?}")
            }
            ServerMessage::View { revision, .. } => format!("page {page} is shown {revision:?}"),
            ServerMessage::Texts { revision, .. } => format!("page {page} has texts of {revision:?}"),
            other => format!("page {page} hears {other:?}"),
        });
        let group = self.pages[page].group;
        if let ServerMessage::Accepted { request, .. } = &**message
            && let Some((_, invite)) = self.groups[group].changes.iter().find(|(by, _)| by == request)
        {
            let invite = *invite;
            self.groups[group].invites.push(invite);
        }
        if let ServerMessage::Accepted { request, .. } = &**message
            && let Some((_, invite)) = self.groups[group].personal.iter().find(|(by, _)| by == request)
        {
            let invite = *invite;
            self.groups[group].sent.push(invite);
        }
        if let ServerMessage::Accepted { request, .. } = &**message
            && let Some((_, secret)) = self.groups[group].displays.iter().find(|(by, _)| by == request)
        {
            self.groups[group].display = Some(*secret);
        }
        let was_connected = self.pages[page].is_connected();
        self.pages[page].hear(message, self.now);
        if matches!(**message, ServerMessage::Display { .. }) && !was_connected {
            return self.settle_page(page);
        }
        let ServerMessage::Welcome { session, seat, revision, .. } = &**message else { return };
        self.groups[group].session.get_or_insert(*session);
        self.after(super::checks::SOON, Task::Check(*session, *revision));
        self.settle_page(page);
        for asked in 0..self.pages[page].unanswered.len() {
            let again = &mut self.pages[page].unanswered[asked];
            again.sent_at = self.now;
            let (request, command) = (again.request, again.command.clone());
            self.truths.ask(*seat, request, command.clone());
            self.say_message(page, &ClientMessage::Command { request, command });
        }
    }

    /// The server has answered: from here on the page says regularly that it is there.
    fn settle_page(&mut self, page: usize) {
        self.die_in(page, DEAD_AFTER);
        self.set_timer(page, LASTING, Timer::Lasted);
        self.set_timer(page, PING_EVERY, Timer::Beat);
        for length in SAMPLE_AT {
            self.set_timer(page, Millis(length), Timer::Ping);
        }
    }

    fn hear_close(&mut self, page: usize, code: Option<CloseCode>) {
        match code.filter(|code| !code.retry()) {
            None => self.retry(page, code),
            Some(code) => {
                self.orphan(page);
                let one = &mut self.pages[page];
                (one.standing, one.erases) = (Standing::Closed(code), false);
                one.unanswered.clear();
                if code == CloseCode::Replaced || one.is_screen {
                    // They ask for it here again after a while.
                    let wait = Millis(self.chance.between(2_000, 120_000));
                    self.set_timer(page, wait, Timer::Connect);
                }
            }
        }
    }

    pub(super) fn plan_sleep(&mut self, page: usize) {
        if let Some(mean) = self.weather.sleeps_every
            && !self.pages[page].is_asleep()
        {
            let length = self.around(mean);
            self.after(length, Task::Sleep(page));
        }
    }

    pub(super) fn sleep(&mut self, page: usize) {
        if self.pages[page].is_asleep() {
            return;
        }
        let longest = *self.chance.pick(&[3_000, 20_000, 60_000, 600_000]);
        let waking = self.now + Millis(self.chance.between(1_000, longest));
        self.pages[page].asleep_until = Some(waking);
        self.at(waking, Task::Wake(page));
    }

    pub(super) fn wake(&mut self, page: usize) {
        let one = &mut self.pages[page];
        // Whoever took the page over meanwhile is not asleep, or sleeps longer.
        if one.asleep_until.is_none_or(|waking| waking > self.now) {
            return;
        }
        (one.asleep_until, one.awake_since) = (None, self.now);
        match one.standing {
            Standing::Connected { .. } => {
                let pongs = one.pongs;
                self.ping(page);
                self.set_timer(page, PROBE_FOR, Timer::Probe(pongs));
            }
            Standing::Waiting => self.connect(page),
            Standing::Unopened | Standing::Connecting | Standing::Closed(_) => {}
        }
        self.plan_sleep(page);
    }

    pub(super) fn draw_bytes(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.chance.draw().to_le_bytes());
        bytes[8..].copy_from_slice(&self.chance.draw().to_le_bytes());
        bytes
    }

    pub(super) fn draw_token(&mut self) -> SeatToken {
        SeatToken::from_bytes(self.draw_bytes())
    }
}

/// Somebody took a page over while its device slept, and fell asleep again: what waited for the later waking stayed
/// unheard on a page that was awake.
#[test]
fn sim_7_the_waking_of_before_ends_no_later_sleep() {
    let mut world = World::new(1, false);
    world.sleep(0);
    let earlier = world.pages[0].asleep_until.expect("it sleeps");
    world.gather(0);
    while world.pages[0].asleep_until.is_none_or(|later| later <= earlier) {
        world.pages[0].asleep_until = None;
        world.sleep(0);
    }
    world.now = earlier;
    world.wake(0);
    assert!(world.pages[0].is_asleep());
    world.now = world.pages[0].asleep_until.expect("it sleeps");
    world.wake(0);
    assert!(!world.pages[0].is_asleep());
}
