//! The table of commands: who may give which, in which stage.

use attune_protocol::client::{Command, Moment};
use attune_protocol::ids::{SeatNumber, Timestamp};
use attune_protocol::server::Refusal;

use super::course::Course;
use super::event::EventKind;
use super::{Audience, MOST_EVENTS, SPARE_EVENTS, Session, Stage};

/// The facts that follow from a command, or why none do.
pub(super) type Answer = Result<Vec<EventKind>, Refusal>;

impl Session {
    /// What follows from a person's command.
    pub(super) fn command(&self, by: SeatNumber, command: Command, chance: u64, now: Timestamp) -> Answer {
        if self.seat(by).is_none() {
            return Err(Refusal::NoSuchSeat);
        }
        let left = (MOST_EVENTS + SPARE_EVENTS).saturating_sub(self.revision.0);
        if left <= SPARE_EVENTS && !is_possible_when_full(&command)
            || left == 0 && !is_always_possible(&command)
        {
            return Err(Refusal::LogFull);
        }
        if let Stage::Closed(closing) = &self.stage {
            let after_end = matches!(
                command,
                Command::Leave {}
                    | Command::Undo { .. }
                    | Command::SendThanks { .. }
                    | Command::AskForTalk { .. }
                    | Command::WithdrawTalk { .. }
                    | Command::AnswerTalk { .. }
            );
            if !after_end || !closing.opens_at(now) {
                return Err(Refusal::NotNow);
            }
        }
        if self.is_private() && self.audience(by) == Audience::Newcomers && would_tell(&command) {
            return Err(Refusal::NotAgreed);
        }
        match command {
            Command::SetName { seat, name } => self.set_name(by, seat, name, now),
            Command::Agree { seat, agreement } => self.agree(by, seat, agreement),
            Command::Leave {} => Ok(self.freed(by, EventKind::Left { seat: by })),
            Command::NeedPause {} => self.need_pause(by, now),
            Command::RaiseHand { moment, seat } => self.raise_hand(by, moment, seat),
            Command::LowerHand { moment, seat } => self.lower_hand(by, moment, seat),
            Command::Remind { what } => self.remind(by, what, now),
            Command::SetReminders { anyone } => self.set_reminders(by, anyone),
            Command::OfferToPresent {} => self.offer(by, true),
            Command::WithdrawOffer {} => self.offer(by, false),
            Command::TakeChair {} => self.take_chair(by, now),
            Command::AnswerChair { accept } => self.answer_chair(by, accept),
            Command::AskForChair {} => self.ask_for_chair(by),
            Command::SendThanks { to, line } => self.send_thanks(by, to, line, now),
            Command::AskForTalk { to, line } => self.ask_for_talk(by, to, line),
            Command::WithdrawTalk { to } => self.withdraw_talk(by, to),
            Command::AnswerTalk { from, accept } => self.answer_talk(by, from, accept),
            Command::SayFinished { moment } => self.say_finished(by, moment),
            Command::FinishTurn { moment } => self.end_turn(by, moment, false),
            Command::PassTurn { moment } => self.end_turn(by, moment, true),
            Command::PutOffTurn { moment } => self.put_off_turn(by, moment),
            Command::Resume { moment } => self.resume(by, moment),
            Command::Undo { step } => self.take_back(by, step, now),
            Command::Begin { moment } => self.begin(by, moment),
            Command::Pause { moment } => self.pause(by, moment),
            Command::HearPause {} => self.hear_pause(by),
            Command::Extend { moment, by: length, source } => self.extend(by, moment, length, source, now),
            Command::Shorten { moment } => self.shorten(by, moment, now),
            Command::Next { moment } => self.move_on(by, moment),
            Command::Back { moment } => self.go_back(by, moment),
            Command::OpenFloor { moment } => self.open_floor(by, moment),
            Command::OrderRound { moment, from, to } => self.order_round(by, moment, from, to),
            Command::StartRound { moment } => self.start_round(by, moment),
            Command::End { moment } => self.end(by, moment),
            Command::ArrangeCase { moment, another } => self.arrange_case(by, moment, another),
            Command::DrawPresenter { moment } => self.draw_presenter(by, moment, chance),
            Command::ChooseReserve { moment, seat } => self.choose_reserve(by, moment, seat),
            Command::ChoosePresenter { moment, seat } => self.choose_presenter(by, moment, seat),
            Command::GoToReview { moment } => self.go_to_review(by, moment),
            Command::ChangePlan { plan } => self.change_plan(by, plan),
            Command::ChangeAgreement { lines } => self.change_agreement(by, lines),
            Command::SetFacilitator { seat, facilitator } => self.set_facilitator(by, seat, facilitator),
            Command::SetRole { seat, role } => self.set_role(by, seat, role),
            Command::HandOver { to } => self.hand_over(by, to),
            Command::OfferChair { to } => self.offer_chair(by, to),
            Command::Remove { seat, invite } => self.remove(by, seat, invite),
            Command::ClearSeat { seat } => self.clear_seat(by, seat),
            Command::Recognise { newcomer, seat } => self.recognise(by, newcomer, seat),
            Command::AddPerson {} => self.add_person(by, now),
            Command::SetDoor { door } => self.set_door(by, door),
            Command::ShowCode {}
            | Command::AnswerKnock { .. }
            | Command::HoldKnock { .. }
            | Command::AskAgain { .. } => self.tend_door(by),
            Command::LetIn { knock, .. } => self.let_in(by, knock, now),
            Command::Decline { .. } => self.decline(by),
            Command::ChangeLink { invite } => self.change_link(by, invite),
            Command::MakePersonalLink { invite, shared } => self.make_personal_link(by, invite, shared),
            // A person's own device is asked, shown a code, or not: the room does it.
            Command::ShowSeatCode {} | Command::AnswerMove { .. } | Command::EndMove {} => Ok(Vec::new()),
            Command::MoveSeat { knock, .. } => self.move_seat(by, knock),
            Command::MakeDisplay { secret, sealed } => self.make_display(by, secret, sealed),
            Command::SetDisplay { made, names, joining } => self.set_display(by, made, names, joining),
            Command::EndDisplay {} => self.end_display(by),
        }
    }

    /// That this person steers now.
    pub(super) fn check_steers(&self, by: SeatNumber) -> Result<(), Refusal> {
        if self.may_steer(by) {
            Ok(())
        } else if !self.seat(by).is_some_and(|seat| seat.facilitator) {
            Err(Refusal::NotFacilitator)
        } else if self.is_silent(by) {
            Err(Refusal::Silent)
        } else {
            Err(Refusal::ChairHeld)
        }
    }

    /// That this person steers in their own right, not as a stand-in.
    pub(super) fn check_facilitates(&self, by: SeatNumber) -> Result<(), Refusal> {
        self.check_steers(by)?;
        if self.seat(by).is_some_and(|seat| seat.facilitator) { Ok(()) } else { Err(Refusal::StandIn) }
    }

    /// That the act was made for the visit that is under way.
    pub(super) fn check_visit(&self, moment: Moment) -> Result<&Course, Refusal> {
        let course = self.course().ok_or_else(|| self.no_case_for(moment))?;
        if course.visit == moment.visit { Ok(course) } else { Err(Refusal::MovedOn { by: self.moved_by }) }
    }

    /// Why an act cannot be meant while no case runs: it was made for the one before, or for none.
    fn no_case_for(&self, moment: Moment) -> Refusal {
        if self.is_between() && self.check_lobby(moment).is_err() {
            Refusal::MovedOn { by: self.moved_by }
        } else {
            Refusal::NotNow
        }
    }

    /// That the act was made for the visit and the turn that are under way.
    pub(super) fn check_moment(&self, moment: Moment) -> Result<&Course, Refusal> {
        let course = self.check_visit(moment)?;
        if course.turn == moment.turn { Ok(course) } else { Err(Refusal::MovedOn { by: self.moved_by }) }
    }
}

/// What is refused by where the case stands, before it is by who asks: that would tell a newcomer.
fn would_tell(command: &Command) -> bool {
    matches!(
        command,
        Command::SayFinished { .. }
            | Command::FinishTurn { .. }
            | Command::PassTurn { .. }
            | Command::PutOffTurn { .. }
            | Command::RaiseHand { .. }
            | Command::LowerHand { .. }
            | Command::Resume { .. }
            | Command::TakeChair {}
            | Command::AnswerChair { .. }
            | Command::Undo { .. }
    )
}

/// What a person can do even when the log is full.
fn is_possible_when_full(command: &Command) -> bool {
    is_always_possible(command)
        || matches!(command, Command::NeedPause {} | Command::Pause { .. } | Command::Resume { .. })
}

/// What a person can do when even the spare events are used up: what ends things.
fn is_always_possible(command: &Command) -> bool {
    matches!(
        command,
        // A group can always put somebody out; there are never more of these than seats.
        Command::Leave {} | Command::End { .. } | Command::Remove { .. } | Command::ClearSeat { .. }
    )
}
