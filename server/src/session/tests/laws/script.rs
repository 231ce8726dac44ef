//! Scripts: what comes to one session, and when. Drawn by chance, told by a seed, played by any driver.

use attune_protocol::client::{Command, Moment};
use attune_protocol::ending::{Answers, Score};
use attune_protocol::ids::{CommandId, Millis, SeatNumber, SecretHash, Timestamp};
use attune_protocol::method::Plan;
use attune_protocol::view::SessionView;
use std::collections::BTreeMap;

use super::super::super::{Audience, Event, Input, Session, Settings};
use super::super::support::START;
use super::chance::Chance;
use super::draw::{Drawer, draw_plan};

/// Stands in every hash and every sealed text of a script as it is written on the wire, so that a leak is found.
pub(crate) const CANARY: &str = "CANARYCANARY";

/// The kind of secret that an invite for one person is.
pub(crate) const PERSONAL: u8 = 6;

/// What comes to one session, and when.
#[derive(Clone)]
pub(super) struct Script {
    pub(super) plan: Plan,
    pub(super) settings: Settings,
    pub(super) planned_for: Option<Timestamp>,
    pub(super) steps: Vec<(Timestamp, Input)>,
}

impl Script {
    /// The session that the script is played to, and its first event.
    pub(super) fn create(&self) -> (Session, Event) {
        let (plan, token) = (self.plan.clone(), secret(1, 1));
        Session::create(plan, secret(2, 0), token, self.settings, self.planned_for, START)
    }

    /// The script that this seed tells.
    pub(super) fn draw(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let settings = Settings {
            seat_limit: *chance.pick(&[3, 6, 12, 12]),
            retention: Millis::hours(*chance.pick(&[1, 24])),
        };
        let planned_for = chance.percent(10).then(|| START + Millis::hours(chance.between(-5, 900)));
        let plan = draw_plan(&mut chance);
        let script = Self { plan, settings, planned_for, steps: Vec::new() };
        let (session, _) = script.create();
        let mut writer =
            Writer { chance, script, session, now: START, browsers: 1, invites: 0, asked: Vec::new() };
        writer.write();
        writer.script
    }
}

/// The logs that the scripts of these seeds make.
pub(crate) fn logs(seeds: std::ops::Range<u64>) -> impl Iterator<Item = Vec<Event>> {
    seeds.map(Script::draw).map(|script| {
        let (mut session, first) = script.create();
        let mut log = vec![first];
        for (at, input) in script.steps {
            for event in session.decide(input, at).events {
                session.apply(&event);
                log.push(event);
            }
        }
        log
    })
}

/// A secret's hash; written in base64 it begins with the canary.
pub(crate) fn secret(kind: u8, number: u16) -> SecretHash {
    let text = format!("{CANARY}{kind:02}{number:05}{}", "A".repeat(24));
    SecretHash::try_from(text).expect("43 characters of base64")
}

/// Writes a script with an eye on the session that it makes, so that much of it means something.
struct Writer {
    chance: Chance,
    script: Script,
    session: Session,
    now: Timestamp,
    /// Browsers that have drawn a token so far.
    browsers: u16,
    invites: u16,
    asked: Vec<(SeatNumber, CommandId)>,
}

impl Writer {
    fn write(&mut self) {
        if self.chance.percent(90) {
            self.gather();
        }
        for _ in 0..self.chance.between(5, 40) {
            self.pass_time();
            self.step();
        }
    }

    fn push(&mut self, input: Input) {
        self.script.steps.push((self.now, input.clone()));
        for event in self.session.decide(input, self.now).events {
            self.session.apply(&event);
        }
    }

    fn command(&mut self, seat: SeatNumber, command: Command) {
        let id = u128::from(self.chance.draw());
        let mut named = (seat, CommandId(uuid::Uuid::from_u128(id)));
        if !self.asked.is_empty() && self.chance.percent(4) {
            named = *self.chance.pick(&self.asked);
        }
        self.asked.push(named);
        let chance = self.chance.draw();
        self.push(Input::Command { seat: named.0, request: named.1, command, chance });
    }

    /// A group that means to work: joins, agrees, chooses, begins.
    fn gather(&mut self) {
        for _ in 0..self.chance.between(1, 4) {
            self.join();
            let seat = SeatNumber(self.browsers);
            if self.chance.percent(85) {
                self.command(seat, Command::Agree { seat, agreement: None });
            }
        }
        if self.chance.percent(20) {
            self.command(SeatNumber(1), Command::AddPerson {});
        }
        if self.chance.percent(25) {
            let seat = self.seat();
            self.command(SeatNumber(1), Command::SetFacilitator { seat, facilitator: true });
        }
        if self.chance.percent(85) {
            let seat = Some(self.seat());
            self.command(SeatNumber(1), Command::ChoosePresenter { moment: Moment::default(), seat });
        }
        if self.chance.percent(90) {
            self.command(SeatNumber(1), Command::Begin { moment: Moment::default() });
        }
    }

    fn join(&mut self) {
        self.browsers += 1;
        let right = (0..=self.invites).find(|&invite| self.session.invite == secret(2, invite));
        let invite = right.filter(|_| self.chance.percent(95)).unwrap_or(77);
        let mut invite = secret(2, invite);
        if self.invites > 0 && self.chance.percent(30) {
            invite = secret(PERSONAL, self.chance.between(1, i64::from(self.invites)) as u16);
        }
        let token = secret(1, self.browsers);
        self.push(Input::Enter { token, invite: Some(invite) });
    }

    /// Mostly moments, sometimes hours, often right at a deadline, rarely backwards.
    fn pass_time(&mut self) {
        let chance = &mut self.chance;
        let length = match chance.below(100) {
            0..15 => 0,
            15..35 => chance.between(1, 1_000),
            35..60 => chance.between(1_000, 20_000),
            60..72 => chance.between(20_000, 90_000),
            72..82 => chance.between(60_000, 900_000),
            82..84 => chance.between(3_600_000, 90_000_000),
            84..85 => -chance.between(1, 5_000),
            _ => {
                let edge = chance.between(-1, 1);
                self.session.deadline().map_or(0, |due| (due - self.now).0.max(0) + edge)
            }
        };
        self.now = self.now + Millis(length);
    }

    fn step(&mut self) {
        let any = SeatNumber(self.chance.between(1, i64::from(self.browsers)) as u16);
        match self.chance.below(100) {
            0..7 => self.join(),
            7..15 => self.push(Input::Away { seat: any }),
            15..22 => self.push(Input::Enter { token: secret(1, any.0), invite: None }),
            22..23 => self.push(Input::Reopen),
            23..24 => self.push(Input::Elapse),
            24..27 => self.count(),
            _ => {
                let by = self.actor();
                let command = self.draw(|drawer| drawer.command(by));
                self.command(by, command);
            }
        }
    }

    /// Answers of some people, as a room hands them over: also too few, too early, and of people who were counted.
    fn count(&mut self) {
        let mut answers = BTreeMap::new();
        for _ in 0..self.chance.between(1, 5) {
            let mut score = || Score::try_from(self.chance.between(1, 5) as u8).expect("from 1 to 5");
            let said = Answers([score(), score(), score(), score(), score()]);
            answers.insert(self.seat(), said);
        }
        self.push(Input::Count { answers });
    }

    fn view(&self) -> SessionView {
        self.session.view(Audience::Steering)
    }

    fn draw<T>(&mut self, draw: impl FnOnce(&mut Drawer<'_>) -> T) -> T {
        let (view, revision) = (self.view(), self.session.revision());
        let agreement = self.session.texts().agreement.map(|agreement| agreement.version);
        let Self { chance, invites, .. } = self;
        draw(&mut Drawer { chance, view: &view, revision, agreement, invites })
    }

    fn seat(&mut self) -> SeatNumber {
        self.draw(|drawer| drawer.seat())
    }

    /// Whoever steers gives half of the commands, the presenter some.
    fn actor(&mut self) -> SeatNumber {
        let view = self.view();
        let steers = |seat: &SeatNumber| self.session.audience(*seat) == Audience::Steering;
        let steering: Vec<SeatNumber> = view.seats.iter().map(|seat| seat.seat).filter(steers).collect();
        match self.chance.below(10) {
            0..5 if !steering.is_empty() => *self.chance.pick(&steering),
            5..7 => view.presenter.unwrap_or(SeatNumber(1)),
            _ => self.seat(),
        }
    }
}
