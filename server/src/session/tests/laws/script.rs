//! Scripts: what comes to one session, and when. Drawn by chance, told by a seed, played by any driver.

use attune_protocol::client::{Command, Extension, Moment};
use attune_protocol::ids::{CommandId, Millis, Revision, SeatNumber, SecretHash, Timestamp};
use attune_protocol::method::{
    Firmness, FloorMode, FloorRule, Meeting, Method, NotesPolicy, Plan, PlanPhase, Position, RawPlan, Role,
    Slug,
};
use attune_protocol::sealed::{InviteChange, Sealed};
use attune_protocol::view::{SessionView, StageView};
use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::super::super::{Audience, Event, Input, Session, Settings};
use super::super::support::{START, edited, slug};
use super::chance::Chance;

/// Stands in every hash and every sealed text of a script as it is written on the wire, so that a leak is found.
pub(super) const CANARY: &str = "CANARYCANARY";

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

/// A secret's hash; written in base64 it begins with the canary.
pub(super) fn secret(kind: u8, number: u16) -> SecretHash {
    let text = format!("{CANARY}{kind:02}{number:05}{}", "A".repeat(24));
    SecretHash::try_from(text).expect("43 characters of base64")
}

fn sealed(number: u16) -> Sealed {
    Sealed::try_from(format!("{CANARY}{number:08}")).expect("base64")
}

fn methods() -> &'static [Method] {
    static METHODS: OnceLock<Vec<Method>> = OnceLock::new();
    METHODS.get_or_init(|| Method::catalogue().expect("the catalogue reads"))
}

fn draw_plan(chance: &mut Chance) -> Plan {
    let firmness = *chance.pick(&[Firmness::Guide, Firmness::Firm]);
    if chance.percent(40) {
        return draw_strange_plan(chance, firmness);
    }
    let mut method = chance.pick(methods()).clone();
    for phase in method.phases.iter_mut().filter(|phase| phase.optional) {
        phase.chosen = chance.percent(50);
    }
    let plan = method.plan(firmness, Meeting::Call).expect("a plan");
    let minutes = chance.between(1, 12) as u16;
    if chance.percent(70) { plan } else { edited(&plan, |raw| raw.phases[0].minutes = minutes) }
}

/// A plan that no method has: any position with any floor.
fn draw_strange_plan(chance: &mut Chance, firmness: Firmness) -> Plan {
    const POSITIONS: [Position; 8] = [
        Position::Speaking,
        Position::Answering,
        Position::SilentListening,
        Position::SilentThinking,
        Position::Outside,
        Position::Responding,
        Position::Leading,
        Position::Participant,
    ];
    let mut phases = Vec::new();
    for index in 0..chance.between(1, 5) {
        let presenter = *chance.pick(&POSITIONS);
        let mode = *chance.pick(&[FloorMode::None, FloorMode::Single, FloorMode::Open, FloorMode::Round]);
        let mut speakers = BTreeSet::new();
        while mode != FloorMode::None && speakers.is_empty() {
            let named = Role::Named(slug("consultant"));
            let roles = [Role::Presenter, Role::Facilitator, Role::Member, named];
            speakers.extend(roles.into_iter().filter(|_| chance.percent(60)));
            if presenter.is_silent() {
                speakers.remove(&Role::Presenter);
            }
        }
        phases.push(PlanPhase {
            id: slug(&format!("phase-{index}")),
            minutes: *chance.pick(&[1, 2, 5, 7, 25, 90]),
            floor: FloorRule { mode, speakers },
            presenter,
            hold_silence: false,
            notes: NotesPolicy::None,
        });
    }
    let raw = RawPlan { method: slug("strange"), firmness, meeting: Meeting::Room, phases };
    Plan::try_from(raw).expect("a valid plan")
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
        self.push(Input::Command { seat: named.0, request: named.1, command });
    }

    /// A group that means to work: joins, agrees, chooses, begins.
    fn gather(&mut self) {
        for _ in 0..self.chance.between(1, 4) {
            self.join();
            let seat = SeatNumber(self.browsers);
            if self.chance.percent(85) {
                self.command(seat, Command::Agree { seat });
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
        let token = secret(1, self.browsers);
        self.push(Input::Enter { token, invite: Some(secret(2, invite)) });
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
            _ => {
                let by = self.actor();
                let command = self.draw_command(by);
                self.command(by, command);
            }
        }
    }

    fn view(&self) -> SessionView {
        self.session.view(Audience::Steering)
    }

    /// Somebody: mostly a seat that is taken, sometimes one that is freed or never was.
    fn seat(&mut self) -> SeatNumber {
        let seats = self.view().seats;
        if seats.is_empty() || self.chance.percent(4) {
            return SeatNumber(*self.chance.pick(&[0, 1, 2, 3, 4, 99]));
        }
        self.chance.pick(&seats).seat
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

    /// The moment under way, sometimes another.
    fn moment(&mut self) -> Moment {
        let moment = match self.view().stage {
            StageView::Running(running) => running.moment,
            _ => Moment::default(),
        };
        match self.chance.below(20) {
            0 => Moment { visit: moment.visit.saturating_sub(1), ..moment },
            1 => Moment { turn: moment.turn + 1, ..moment },
            _ => moment,
        }
    }

    fn draw_command(&mut self, by: SeatNumber) -> Command {
        let (seat, moment) = (self.seat(), self.moment());
        match self.chance.below(30) {
            0..4 => Command::Next { moment },
            4..6 => Command::Back { moment },
            6..8 => Command::Pause { moment },
            8..10 => Command::Resume { moment },
            10..12 => {
                let by = *self.chance.pick(&[Extension::One, Extension::Five]);
                Command::Extend { moment, by }
            }
            12..15 => self.draw_undo(),
            15..17 => Command::NeedPause {},
            17 => Command::FinishTurn { moment },
            18 => Command::PassTurn { moment },
            19 => Command::ChoosePresenter { moment, seat: Some(seat).filter(|_| self.chance.percent(85)) },
            20 => Command::Leave {},
            21 => Command::TakeChair {},
            22 => Command::Begin { moment },
            23 => Command::Agree { seat: *self.chance.pick(&[seat, by]) },
            24 => Command::SetFacilitator { seat, facilitator: self.chance.percent(60) },
            _ => self.draw_rare_command(by, seat, moment),
        }
    }

    fn draw_rare_command(&mut self, by: SeatNumber, seat: SeatNumber, moment: Moment) -> Command {
        let to = Some(seat).filter(|_| self.chance.percent(85));
        match self.chance.below(18) {
            0 => Command::SetName { seat: *self.chance.pick(&[seat, by]), name: sealed(seat.0) },
            1 => Command::OfferToPresent {},
            2 => Command::WithdrawOffer {},
            3 => Command::AnswerChair { accept: self.chance.percent(80) },
            4 => Command::SayFinished { moment },
            5 => Command::HearPause {},
            6 => Command::OpenFloor { moment },
            7 => Command::End { moment },
            8 => Command::GoToReview { moment },
            9 => Command::ChangePlan { plan: draw_plan(&mut self.chance) },
            10 => Command::SetRole { seat, role: self.draw_role() },
            11 => Command::HandOver { to: seat },
            12 | 13 => Command::OfferChair { to },
            14 => Command::AskForChair {},
            15 => self.draw_removal(seat),
            16 => Command::ClearSeat { seat },
            _ => Command::AddPerson {},
        }
    }

    /// Mostly a step that the session still knows.
    fn draw_undo(&mut self) -> Command {
        let steps = self.view().undo;
        let step = match steps.is_empty() || self.chance.percent(5) {
            true => Revision(self.chance.draw() % (self.session.revision().0 + 2)),
            false => self.chance.pick(&steps).step,
        };
        Command::Undo { step }
    }

    fn draw_role(&mut self) -> Option<Slug> {
        self.chance.percent(75).then(|| slug(["consultant", "planner"][self.chance.below(2)]))
    }

    fn draw_removal(&mut self, seat: SeatNumber) -> Command {
        self.invites += 1;
        let invite = InviteChange { hash: secret(2, self.invites), sealed: sealed(self.invites) };
        Command::Remove { seat, invite }
    }
}
