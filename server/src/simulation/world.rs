//! A world: pages, connections, a disk, and one server after another, in one thread on virtual time.

mod acts;
mod checks;
mod groups;
mod lines;
mod pages;

use attune_protocol::ids::{
    CommandId, DisplaySecret, Invite, Millis, Revision, SeatNumber, SessionId, Timestamp,
};
use attune_protocol::method::Plan;
use attune_protocol::server::{CloseCode, ServerMessage};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use super::disk::Disk;
use super::page::Page;
use super::server::Running;
use super::truth::{Fault, Truths};
use super::weather::Weather;
use crate::session::tests::laws::chance::Chance;
use lines::Line;

/// When every world begins.
const START: Timestamp = Timestamp(1_800_000_000_000);

/// What happens at a moment.
enum Task {
    /// A group meets anew.
    Gather(usize),
    /// Somebody looks whether the group is still together.
    Review(usize),
    /// Somebody opens a page.
    Open(usize),
    /// A timer of a page, unless it was cancelled since.
    Timer(usize, u64, Timer),
    /// A person does something.
    Act(usize),
    /// A device falls asleep, or wakes.
    Sleep(usize),
    Wake(usize),
    /// A connection reaches the server, or its page learns that it has.
    Reach(u64),
    Opened(u64),
    /// Bytes of a page, or its end, reach the server.
    Arrive(u64, Vec<u8>),
    End(u64),
    /// What the server said reaches the page.
    Hear(u64, Told),
    /// The network breaks a connection.
    Break(u64),
    /// The server's end: told to stop, gone.
    Stop,
    Kill,
    Start,
    /// What everybody shows is compared.
    Check(SessionId, Revision),
}

/// The timers of a page.
#[derive(Debug, Clone, Copy)]
enum Timer {
    Connect,
    Death,
    Beat,
    Ping,
    Lasted,
    Probe(u64),
}

/// What reaches a page.
#[derive(Debug, Clone)]
enum Told {
    Message(Rc<ServerMessage>),
    Ping,
    Closed(Option<CloseCode>),
}

/// People who meet.
struct Group {
    pages: Vec<usize>,
    session: Option<SessionId>,
    plan: Option<Plan>,
    /// The newest is the link's.
    invites: Vec<Invite>,
    /// Invites that were drawn for a removal.
    changes: Vec<(CommandId, Invite)>,
    /// Invites that were drawn for one person.
    personal: Vec<(CommandId, Invite)>,
    /// Those that somebody has been sent.
    sent: Vec<Invite>,
    /// Their wall.
    screen: usize,
    /// The newest display link's secret that is on its way to the wall.
    display: Option<DisplaySecret>,
    /// Secrets that were drawn for a display link.
    displays: Vec<(CommandId, DisplaySecret)>,
    gathered_at: Timestamp,
    /// Virtual time in which at least one of them was connected.
    met: Millis,
}

/// What a world came to.
pub(super) struct Report {
    /// Virtual time of sessions that somebody was connected to.
    pub(super) met: Millis,
    pub(super) sessions: usize,
    pub(super) events: usize,
    /// Stands for everything that anybody said, and when.
    pub(super) trace: u64,
    /// The rule that did not hold.
    pub(super) fault: Option<Fault>,
    /// What happened last, if it was asked for.
    pub(super) story: VecDeque<String>,
}

/// Everything there is.
pub(super) struct World {
    seed: u64,
    chance: Chance,
    weather: Weather,
    now: Timestamp,
    agenda: BTreeMap<(Timestamp, u64), Task>,
    /// Things that were numbered so far.
    count: u64,
    disk: Arc<Disk>,
    server: Option<Running>,
    truths: Truths,
    groups: Vec<Group>,
    pages: Vec<Page>,
    lines: BTreeMap<u64, Line>,
    /// Messages as they were read, by their bytes: the same goes to many.
    read: VecDeque<(Vec<u8>, Rc<ServerMessage>)>,
    /// When the server last got something from a seat.
    heard: BTreeMap<(SessionId, SeatNumber), Timestamp>,
    trace: u64,
    fault: Option<Fault>,
    story: Option<VecDeque<String>>,
}

impl World {
    /// The world that a seed makes. `tells` keeps the story of its last moments.
    pub(super) fn new(seed: u64, tells: bool) -> Self {
        let mut chance = Chance::new(seed);
        let weather = Weather::draw(&mut chance);
        let disk = Disk::new(weather.health, Chance::new(chance.draw()));
        let mut world = Self {
            seed,
            chance,
            now: START,
            agenda: BTreeMap::new(),
            count: 0,
            disk,
            server: None,
            truths: Truths::default(),
            groups: Vec::new(),
            pages: Vec::new(),
            lines: BTreeMap::new(),
            read: VecDeque::new(),
            heard: BTreeMap::new(),
            trace: 0xcbf2_9ce4_8422_2325,
            fault: None,
            story: tells.then(VecDeque::new),
            weather,
        };
        world.tell(|world| format!("{:?}", world.weather));
        world.start_server();
        for group in 0..world.weather.groups {
            world.found_group(group);
        }
        world
    }

    /// Lets it run to its end, or to the first rule that does not hold.
    pub(super) fn run(mut self) -> Report {
        let end = self.now + self.weather.length;
        self.observe();
        while self.fault.is_none() {
            let task = self.agenda.first_key_value().map(|((at, _), _)| *at);
            let waking = self.server.as_ref().and_then(Running::next_waking);
            let Some(next) = task.into_iter().chain(waking).min().filter(|next| *next <= end) else { break };
            self.pass_to(next);
            if let Some(entry) = self.agenda.first_entry().filter(|entry| entry.key().0 <= self.now) {
                let task = entry.remove();
                self.carry_out(task);
            }
            self.observe();
        }
        self.kill_server();
        if self.fault.is_none() {
            self.fault = self.truths.check_replay().err();
        }
        let (sessions, events) = self.truths.count();
        let met = self.groups.iter().fold(Millis(0), |sum, group| sum + group.met);
        let story = self.story.unwrap_or_default();
        Report { met, sessions, events, trace: self.trace, fault: self.fault, story }
    }

    fn pass_to(&mut self, next: Timestamp) {
        let length = next.max(self.now) - self.now;
        for group in &mut self.groups {
            if group.pages.iter().any(|&page| self.pages[page].is_connected()) {
                group.met = group.met + length;
            }
        }
        self.now = next.max(self.now);
        if let Some(server) = &self.server {
            server.pass_to(self.now);
        }
    }

    fn after(&mut self, length: Millis, task: Task) {
        self.at(self.now + length, task);
    }

    fn at(&mut self, at: Timestamp, task: Task) {
        self.count += 1;
        self.agenda.insert((at, self.count), task);
    }

    /// Anything up to twice as long.
    fn around(&mut self, mean: Millis) -> Millis {
        Millis(self.chance.between(1, mean.0 * 2))
    }

    fn carry_out(&mut self, task: Task) {
        match task {
            Task::Gather(group) => self.gather(group),
            Task::Review(group) => self.review(group),
            Task::Open(page) => self.open(page),
            Task::Timer(page, era, timer) => self.ring(page, era, timer),
            Task::Act(page) => self.act(page),
            Task::Sleep(page) => self.sleep(page),
            Task::Wake(page) => self.wake(page),
            Task::Reach(line) => self.reach(line),
            Task::Opened(line) => self.opened(line),
            Task::Arrive(line, bytes) => self.arrive(line, &bytes),
            Task::End(line) => self.end(line),
            Task::Hear(line, told) => self.hear(line, told),
            Task::Break(line) => self.break_line(line),
            Task::Stop => self.stop_server(),
            Task::Kill => {
                self.kill_server();
                let wait = *self.chance.pick(&[200, 1_000, 5_000, 20_000, 300_000]);
                self.after(Millis(wait), Task::Start);
            }
            Task::Start => self.start_server(),
            Task::Check(session, revision) => self.check(session, revision),
        }
    }

    fn start_server(&mut self) {
        let error = self.weather.clock_error;
        let error = Millis(self.chance.between(-error.0, error.0));
        self.count += 1;
        let seed = self.seed.wrapping_mul(1_000_003).wrapping_add(self.count);
        self.server = Some(Running::start(&self.disk, seed, self.weather.retention, self.now, error));
        self.tell(|_| format!("the server starts, its clock wrong by {} ms", error.0));
        if let Some(mean) = self.weather.server_lasts {
            let length = self.around(mean);
            let task = if self.chance.percent(40) { Task::Stop } else { Task::Kill };
            self.after(length, task);
        }
    }

    fn stop_server(&mut self) {
        self.tell(|_| "the server stops".to_owned());
        if let Some(server) = &self.server {
            server.begin_to_stop();
        }
        let length = Millis(self.chance.between(1, 8_000));
        self.after(length, Task::Kill);
    }

    /// All that it had in memory is gone, and what it had not waited for.
    fn kill_server(&mut self) {
        self.observe();
        self.tell(|_| "the server is gone".to_owned());
        if let Some(mut server) = self.server.take()
            && server.has_failed()
        {
            self.fail(("T53", "the task of a socket failed".to_owned()));
        }
        drop(self.disk.take_notes());
        self.truths.forget_calls(self.now);
        self.lose_lines();
    }

    /// Lets the server run, and takes in what it stored and said.
    fn observe(&mut self) {
        let Some(server) = &self.server else { return };
        server.settle();
        for note in self.disk.take_notes() {
            self.tell(|_| format!("disk: {note:?}"));
            match self.truths.take(note, self.now) {
                Ok(Some(session)) => self.plan_checks(session),
                Ok(None) => {}
                Err(fault) => self.fail(fault),
            }
        }
        self.take_written();
    }

    fn fail(&mut self, fault: Fault) {
        self.tell(|_| format!("{}: {}", fault.0, fault.1));
        self.fault.get_or_insert(fault);
    }

    fn note(&mut self, line: u64, bytes: &[u8]) {
        let moment = [self.now.0.to_le_bytes(), line.to_le_bytes()];
        for &byte in moment.as_flattened().iter().chain(bytes) {
            self.trace = (self.trace ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn tell(&mut self, what: impl FnOnce(&Self) -> String) {
        let Some(mut story) = self.story.take() else { return };
        if story.len() == 200 {
            story.pop_front();
        }
        story.push_back(format!("{:>9} ms  {}", self.now.0 - START.0, what(self)));
        self.story = Some(story);
    }
}
