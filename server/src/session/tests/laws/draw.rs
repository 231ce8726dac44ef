//! Plans and commands, drawn with an eye on a view, so that much of them means something.

use attune_protocol::agreement::AgreementLines;
use attune_protocol::client::{Command, Extension, MinutesFrom, Moment};
use attune_protocol::door::Door;
use attune_protocol::ids::{Revision, SeatNumber};
use attune_protocol::method::{
    Facilitates, Firmness, FloorMode, FloorRule, Meeting, Method, NotesPolicy, Plan, PlanPhase, Position,
    RawPlan, Role, Slug, TextsOf,
};
use attune_protocol::sealed::{InviteChange, Sealed, SealedLine};
use attune_protocol::view::{Reminder, SessionView, StageView};
use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::super::support::{edited, of_the_group, slug};
use super::chance::Chance;
use super::script::{CANARY, PERSONAL, secret};

fn sealed(number: u16) -> Sealed {
    Sealed::try_from(format!("{CANARY}{number:08}")).expect("base64")
}

fn sealed_line() -> SealedLine {
    SealedLine::try_from(CANARY.to_owned()).expect("base64")
}

fn methods() -> &'static [Method] {
    static METHODS: OnceLock<Vec<Method>> = OnceLock::new();
    METHODS.get_or_init(|| Method::catalogue().expect("the catalogue reads"))
}

pub(crate) fn draw_plan(chance: &mut Chance) -> Plan {
    let plan = draw_phases(chance);
    // By what was drawn anyway, so that a seed that found something still finds it.
    if plan.phases().len().is_multiple_of(2) { of_the_group(&plan) } else { plan }
}

fn draw_phases(chance: &mut Chance) -> Plan {
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
        let minutes = *chance.pick(&[1, 2, 5, 7, 25, 90]);
        let has_turn_minutes = mode == FloorMode::Round && chance.percent(50);
        phases.push(PlanPhase {
            id: slug(&format!("break-{}", index + 1)),
            minutes,
            floor: FloorRule { mode, speakers },
            presenter,
            hold_silence: chance.percent(30),
            // Of words that the catalogue has: others are taken from nobody.
            texts: Some(TextsOf { method: slug("common"), phase: slug("break") }),
            notes: NotesPolicy::None,
            turn_minutes: has_turn_minutes.then(|| chance.between(1, i64::from(minutes)) as u16),
        });
    }
    let (method, meeting, facilitates) = (slug("bells"), Meeting::Room, Facilitates::Host);
    let raw = RawPlan { method, firmness, meeting, facilitates, phases };
    Plan::try_from(raw).expect("a valid plan")
}

/// Draws one command for a session that shows this view.
pub(crate) struct Drawer<'a> {
    pub(crate) chance: &'a mut Chance,
    pub(crate) view: &'a SessionView,
    pub(crate) revision: Revision,
    /// The version of the group's agreement.
    pub(crate) agreement: Option<Revision>,
    /// Invites that were drawn so far.
    pub(crate) invites: &'a mut u16,
}

impl Drawer<'_> {
    /// Somebody: mostly a seat that is taken, sometimes one that is freed or never was.
    pub(crate) fn seat(&mut self) -> SeatNumber {
        let seats = &self.view.seats;
        if seats.is_empty() || self.chance.percent(4) {
            return SeatNumber(*self.chance.pick(&[0, 1, 2, 3, 4, 99]));
        }
        self.chance.pick(seats).seat
    }

    /// The moment under way, sometimes another.
    fn moment(&mut self) -> Moment {
        let moment = match &self.view.stage {
            StageView::Running(running) => running.moment,
            StageView::Lobby { between: Some(between) } => between.moment,
            _ => Moment::default(),
        };
        match self.chance.below(23) {
            0 => Moment { visit: moment.visit.saturating_sub(1), ..moment },
            1 => Moment { turn: moment.turn + 1, ..moment },
            _ => moment,
        }
    }

    pub(crate) fn command(&mut self, by: SeatNumber) -> Command {
        let (seat, moment) = (self.seat(), self.moment());
        match self.chance.below(37) {
            0..4 => Command::Next { moment },
            4..6 => Command::Back { moment },
            6..8 => Command::Pause { moment },
            8..10 => Command::Resume { moment },
            10..12 => {
                let by = *self.chance.pick(&[Extension::One, Extension::Five]);
                Command::Extend { moment, by, source: self.draw_source() }
            }
            12..15 => self.draw_undo(),
            15..17 => Command::NeedPause {},
            17 => Command::FinishTurn { moment },
            18 => Command::PassTurn { moment },
            19 => Command::ChoosePresenter { moment, seat: Some(seat).filter(|_| self.chance.percent(85)) },
            20 => Command::Leave {},
            21 => Command::TakeChair {},
            22 => Command::Begin { moment },
            23 => {
                let agreement = self.agreement.filter(|_| self.chance.percent(90));
                Command::Agree { seat: *self.chance.pick(&[seat, by]), agreement }
            }
            24 => Command::SetFacilitator { seat, facilitator: self.chance.percent(60) },
            25 | 26 => self.draw_round_command(moment),
            27 | 28 => self.draw_talk_command(by, seat, moment),
            29 => Command::Shorten { moment },
            35 | 36 => self.draw_case_command(moment),
            _ => self.draw_rare_command(by, seat, moment),
        }
    }

    /// Nowhere, a phase that is mostly a later one, or all.
    fn draw_source(&mut self) -> Option<MinutesFrom> {
        let most = self.view.plan.phases().len() as i64;
        let phase = self.chance.between(0, most) as usize;
        let sources = [None, Some(MinutesFrom::Phase { phase }), Some(MinutesFrom::Spread {})];
        *self.chance.pick(&sources)
    }

    fn draw_rare_command(&mut self, by: SeatNumber, seat: SeatNumber, moment: Moment) -> Command {
        let to = Some(seat).filter(|_| self.chance.percent(85));
        match self.chance.below(38) {
            0 => Command::SetName { seat: *self.chance.pick(&[seat, by]), name: sealed(seat.0) },
            1 => Command::OfferToPresent {},
            2 => Command::WithdrawOffer {},
            3 => Command::AnswerChair { accept: self.chance.percent(80) },
            4 => Command::SayFinished { moment },
            5 => Command::HearPause {},
            6 => Command::OpenFloor { moment },
            7 => Command::End { moment },
            8 => Command::GoToReview { moment },
            9 => Command::ChangePlan { plan: draw_plan(self.chance) },
            10 => Command::SetRole { seat, role: self.draw_role() },
            11 => Command::HandOver { to: seat },
            12 | 13 => Command::OfferChair { to },
            14 => Command::AskForChair {},
            15 => Command::Remove { seat, invite: self.draw_invite() },
            16 => Command::ClearSeat { seat },
            17 => Command::SetDoor {
                door: *self.chance.pick(&[Door::Open, Door::Open, Door::Knock, Door::Locked]),
            },
            19 => Command::LetIn { knock: secret(1, self.chance.between(1, 12) as u16), handed: None },
            20 => Command::Decline { knock: secret(1, seat.0) },
            21 => Command::ShowCode {},
            29 | 30 => Command::Recognise { newcomer: self.seat(), seat },
            18 => Command::ChangeLink { invite: self.draw_invite() },
            28 => self.draw_personal_link(),
            22 => Command::SendThanks { to, line: sealed_line() },
            23 | 24 => Command::AskForTalk { to: seat, line: sealed_line() },
            25 if self.chance.percent(40) => Command::WithdrawTalk { to: seat },
            25 => Command::AnswerTalk { from: seat, accept: self.chance.percent(60) },
            26 | 27 => Command::ChangeAgreement { lines: self.draw_lines() },
            32..36 => self.draw_display(),
            36 => {
                let knock = secret(5, self.chance.between(1, 9) as u16);
                Command::MoveSeat { knock, handed: sealed_line() }
            }
            37 => self.chance.pick(&[Command::ShowSeatCode {}, Command::EndMove {}]).clone(),
            _ => Command::AddPerson {},
        }
    }

    fn draw_case_command(&mut self, moment: Moment) -> Command {
        let seat = Some(self.seat()).filter(|_| self.chance.percent(80));
        match self.chance.below(5) {
            0..3 => Command::ArrangeCase { moment, another: self.chance.percent(85) },
            3 => Command::DrawPresenter { moment },
            _ => Command::ChooseReserve { moment, seat },
        }
    }

    fn draw_display(&mut self) -> Command {
        let known = self.view.display.as_ref().map(|link| link.made).filter(|_| self.chance.percent(95));
        match (known, self.chance.below(5)) {
            (None, _) | (_, 0) => {
                let number = self.chance.between(1, 4) as u16;
                Command::MakeDisplay { secret: secret(3, number), sealed: sealed(number) }
            }
            (Some(_), 1) => Command::EndDisplay {},
            (Some(made), _) => Command::SetDisplay {
                made,
                names: self.chance.percent(60).then(|| sealed(1)),
                joining: self.chance.percent(50).then(sealed_line),
            },
        }
    }

    fn draw_talk_command(&mut self, by: SeatNumber, seat: SeatNumber, moment: Moment) -> Command {
        const REMINDERS: [Reminder; 4] =
            [Reminder::Advice, Reminder::Blame, Reminder::EachOther, Reminder::MissingView];
        match self.chance.below(8) {
            0..4 => Command::RaiseHand { moment, seat: *self.chance.pick(&[by, by, seat]) },
            4 => Command::LowerHand { moment, seat },
            5 | 6 => Command::Remind { what: *self.chance.pick(&REMINDERS) },
            _ => Command::SetReminders { anyone: self.chance.percent(70) },
        }
    }

    fn draw_round_command(&mut self, moment: Moment) -> Command {
        match self.chance.below(4) {
            0 | 1 => Command::PutOffTurn { moment },
            2 => Command::StartRound { moment },
            _ => self.draw_order(moment),
        }
    }

    /// Mostly those who wait, in another order.
    fn draw_order(&mut self, moment: Moment) -> Command {
        let round = match &self.view.stage {
            StageView::Running(running) => running.round.as_ref(),
            _ => None,
        };
        let from = round.map(|round| round.next.clone()).unwrap_or_default();
        let mut to = from.clone();
        if !to.is_empty() {
            to.rotate_left(self.chance.below(from.len()));
        }
        match self.chance.below(10) {
            0 => to.truncate(1),
            1 => to.push(SeatNumber(99)),
            _ => {}
        }
        Command::OrderRound { moment, from, to }
    }

    /// Mostly a step that the session still knows.
    fn draw_undo(&mut self) -> Command {
        let steps = &self.view.undo;
        let step = match steps.is_empty() || self.chance.percent(5) {
            true => Revision(self.chance.draw() % (self.revision.0 + 2)),
            false => self.chance.pick(steps).step,
        };
        Command::Undo { step }
    }

    fn draw_role(&mut self) -> Option<Slug> {
        self.chance.percent(75).then(|| slug(["consultant", "planner"][self.chance.below(2)]))
    }

    fn draw_lines(&mut self) -> AgreementLines {
        let line = |number| SealedLine::try_from(format!("{CANARY}{number:08}")).expect("base64");
        let lines: Vec<SealedLine> = (0..self.chance.below(4)).map(line).collect();
        AgreementLines::try_from(lines).expect("few lines")
    }

    fn draw_personal_link(&mut self) -> Command {
        *self.invites += 1;
        Command::MakePersonalLink { invite: secret(PERSONAL, *self.invites), shared: sealed(0) }
    }

    fn draw_invite(&mut self) -> InviteChange {
        *self.invites += 1;
        InviteChange { hash: secret(2, *self.invites), sealed: sealed(*self.invites) }
    }
}
