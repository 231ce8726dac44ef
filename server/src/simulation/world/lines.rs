//! Connections: how long their ways are, what they lose, double and swap, and how they break.

use attune_protocol::ids::{Millis, SeatNumber, SessionId, Timestamp};
use attune_protocol::server::{CloseCode, ServerMessage};
use std::rc::Rc;

use super::super::link::{Decoder, Frame, Link};
use super::{Task, Told, World};
use crate::secret::hash_token;

/// One connection of a page.
pub(super) struct Line {
    pub(super) page: usize,
    link: Option<Link>,
    decoder: Decoder,
    latency: i64,
    /// What the page sends is lost, doubled and swapped at times, which is more than a network does.
    pub(super) is_dirty: bool,
    /// Nothing comes through any more, and nobody is told.
    to_page_dark: bool,
    to_server_dark: bool,
    /// The page's device takes nothing more.
    stalled: bool,
    /// When the newest reaches its end: what comes later never arrives before.
    to_page_at: Timestamp,
    to_server_at: Timestamp,
    /// Whose it is, once the server has said so.
    seat: Option<(SessionId, SeatNumber)>,
    said: u32,
}

impl Line {
    /// Whether all that the two sides say comes through.
    pub(super) fn is_good(&self) -> bool {
        !(self.to_page_dark || self.to_server_dark || self.stalled)
    }
}

impl World {
    /// A page opens a connection.
    pub(super) fn open_line(&mut self, page: usize) -> u64 {
        let latency = self.chance.between(1, self.weather.latency);
        let line = Line {
            page,
            link: None,
            decoder: Decoder::default(),
            latency,
            is_dirty: self.chance.percent(self.weather.dirty),
            to_page_dark: false,
            to_server_dark: false,
            stalled: false,
            to_page_at: self.now,
            to_server_at: self.now,
            seat: None,
            said: 0,
        };
        self.count += 1;
        let id = self.count;
        self.lines.insert(id, line);
        self.after(Millis(latency), Task::Reach(id));
        if let Some(mean) = self.weather.lines_last {
            let length = self.around(mean);
            self.after(length, Task::Break(id));
        }
        id
    }

    pub(super) fn reach(&mut self, id: u64) {
        let Some(line) = self.lines.get_mut(&id).filter(|line| !line.to_server_dark) else { return };
        let latency = Millis(line.latency);
        match self.server.as_mut().filter(|server| !server.is_stopping()) {
            Some(server) => {
                line.link = Some(server.accept(line.page));
                self.after(latency, Task::Opened(id));
            }
            None => self.tell_page(id, Told::Closed(None)),
        }
    }

    /// The page says something.
    pub(super) fn send(&mut self, id: u64, bytes: Vec<u8>) {
        self.note(id, &bytes);
        let now = self.now;
        let Some(line) = self.lines.get_mut(&id).filter(|line| !line.to_server_dark) else { return };
        line.said += 1;
        // The first frame stays first.
        let troubled = line.is_dirty && line.said > 1;
        let way = Millis(line.latency + self.chance.between(0, line.latency / 4));
        line.to_server_at = line.to_server_at.max(now + way);
        let (at, is_dirty) = (line.to_server_at, line.is_dirty);
        if troubled {
            match self.chance.below(20) {
                0 => return,
                1 => self.at(at, Task::Arrive(id, bytes.clone())),
                2 => {
                    let late = Millis(self.chance.between(1, 3_000));
                    return self.at(at + late, Task::Arrive(id, bytes));
                }
                _ => {}
            }
        }
        if !is_dirty && self.chance.percent(5) {
            let at_byte = self.chance.below(bytes.len());
            let (first, rest) = bytes.split_at(at_byte);
            let later = at + Millis(self.chance.between(0, 200));
            self.at(at, Task::Arrive(id, first.to_vec()));
            self.at(later, Task::Arrive(id, rest.to_vec()));
            if let Some(line) = self.lines.get_mut(&id) {
                line.to_server_at = later;
            }
            return;
        }
        self.at(at, Task::Arrive(id, bytes));
    }

    pub(super) fn arrive(&mut self, id: u64, bytes: &[u8]) {
        let Some(line) = self.lines.get(&id).filter(|line| !line.to_server_dark) else { return };
        if let Some(link) = &line.link {
            link.arrive(bytes);
            let token = self.pages[line.page].token;
            // Whoever comes back may never have heard the welcome, or have been welcomed on another device.
            let mut same = self.pages.iter().filter(|page| page.token == token);
            if let Some(seat) = line.seat.or_else(|| same.find_map(|page| page.welcomed)) {
                self.heard.insert(seat, self.now);
            }
        }
    }

    /// The page lets go of a connection.
    pub(super) fn close_line(&mut self, id: u64) {
        let Some(line) = self.lines.get_mut(&id).filter(|line| !line.to_server_dark) else { return };
        let at = line.to_server_at.max(self.now + Millis(line.latency));
        self.at(at, Task::End(id));
    }

    pub(super) fn end(&mut self, id: u64) {
        match self.lines.get(&id).and_then(|line| line.link.as_ref()) {
            Some(link) => link.end(),
            None => drop(self.lines.remove(&id)),
        }
    }

    /// The network breaks it, in one of its ways.
    pub(super) fn break_line(&mut self, id: u64) {
        let way = self.chance.below(6);
        self.tell(|_| format!("line {id} breaks in way {way}"));
        let Some(line) = self.lines.get_mut(&id) else { return };
        match way {
            0 => line.to_page_dark = true,
            1 => line.to_server_dark = true,
            2 => line.stalled = true,
            3 => {
                // Both sides are told.
                if let Some(link) = &line.link {
                    link.reset();
                }
                self.tell_page(id, Told::Closed(None));
                if let Some(line) = self.lines.get_mut(&id) {
                    (line.to_page_dark, line.to_server_dark) = (true, true);
                }
            }
            4 => {
                // Only the server is told.
                if let Some(link) = &line.link {
                    link.end();
                }
                (line.to_page_dark, line.to_server_dark) = (true, true);
            }
            _ => (line.to_page_dark, line.to_server_dark) = (true, true),
        }
    }

    /// The server's machine is gone: some pages are told, others find out.
    pub(super) fn lose_lines(&mut self) {
        let ids: Vec<u64> = self.lines.keys().copied().collect();
        let quietly = self.chance.percent(30);
        for id in ids {
            if !quietly {
                self.tell_page(id, Told::Closed(None));
            }
            if let Some(line) = self.lines.get_mut(&id) {
                line.link = None;
                (line.to_page_dark, line.to_server_dark) = (true, true);
            }
        }
    }

    /// Takes what the server wrote, compares it with the truth, and sends it on.
    pub(super) fn take_written(&mut self) {
        let ids: Vec<u64> = self.lines.keys().copied().collect();
        for id in ids {
            let Some(line) = self.lines.get_mut(&id) else { continue };
            let Some(link) = line.link.as_ref().filter(|_| !line.stalled) else { continue };
            let (bytes, closed) = link.take_written();
            for frame in line.decoder.take(&bytes) {
                self.pass_on(id, frame);
            }
            if !bytes.is_empty() {
                self.note(id, &bytes);
            }
            if closed {
                self.tell_page(id, Told::Closed(None));
                // What is on its way to the page still comes.
                if let Some(line) = self.lines.get_mut(&id) {
                    (line.link, line.to_server_dark) = (None, true);
                }
            }
        }
        self.lines.retain(|id, line| {
            let is_closed = line.link.as_ref().is_some_and(Link::is_closed_by_server);
            let is_used = self.pages[line.page].line == Some(*id);
            is_used || (line.link.is_some() && !(line.stalled && is_closed))
        });
    }

    fn pass_on(&mut self, id: u64, frame: Frame) {
        let told = match frame {
            Frame::Ping => Told::Ping,
            Frame::Close(code) => {
                let stops = self.server.as_ref().is_some_and(super::Running::is_stopping);
                if code == Some(CloseCode::Restarting) && !stops && !self.is_recognised(id) {
                    self.fail(("T53", format!("line {id} was told of a restart, and there is none")));
                }
                Told::Closed(code)
            }
            Frame::Text(bytes) => {
                let message = self.read(bytes);
                self.compare(id, &message);
                Told::Message(message)
            }
        };
        self.tell_page(id, told);
    }

    /// Whether the page of a connection opens another seat since, as which it is to come back.
    fn is_recognised(&self, id: u64) -> bool {
        let Some(line) = self.lines.get(&id) else { return false };
        let token = hash_token(&self.pages[line.page].token);
        let ended = line.seat.and_then(|(session, seat)| {
            self.truths.get(session).and_then(|truth| truth.session().seat_ended(seat, &token))
        });
        ended == Some(CloseCode::Restarting)
    }

    fn compare(&mut self, id: u64, message: &Rc<ServerMessage>) {
        let Some(line) = self.lines.get_mut(&id) else { return };
        if let ServerMessage::Welcome { session, seat, .. } = &**message {
            line.seat = Some((*session, *seat));
            self.pages[line.page].welcomed = Some((*session, *seat));
            self.heard.insert((*session, *seat), self.now);
        }
        let time = self.server.as_ref().map_or(self.now, super::Running::time);
        let page = &self.pages[line.page];
        if page.is_screen {
            let told = page.session.map_or(Ok(()), |session| self.truths.told_screen(session, message));
            return told.unwrap_or_else(|fault| self.fail(fault));
        }
        let Some((session, seat)) = line.seat else {
            // Who waits at the door has no seat.
            if matches!(**message, ServerMessage::Waiting { .. } | ServerMessage::Pong { .. }) {
                return;
            }
            return self.fail(("WIRE-2", format!("something is told before the welcome: {message:?}")));
        };
        if let Err(fault) = self.truths.told(session, seat, message, time) {
            self.fail(fault);
        }
    }

    fn read(&mut self, bytes: Vec<u8>) -> Rc<ServerMessage> {
        if let Some((_, message)) = self.read.iter().find(|(known, _)| *known == bytes) {
            return Rc::clone(message);
        }
        let message = Rc::new(serde_json::from_slice(&bytes).expect("the server writes its messages"));
        if self.read.len() == 8 {
            self.read.pop_front();
        }
        self.read.push_back((bytes, Rc::clone(&message)));
        message
    }

    /// Something is on its way to the page.
    fn tell_page(&mut self, id: u64, told: Told) {
        let Some(line) = self.lines.get_mut(&id).filter(|line| !line.to_page_dark) else { return };
        let way = Millis(line.latency + self.chance.between(0, line.latency / 4));
        line.to_page_at = line.to_page_at.max(self.now + way);
        let at = line.to_page_at;
        self.at(at, Task::Hear(id, told));
    }
}
