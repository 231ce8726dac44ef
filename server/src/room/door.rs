//! What a room does about who waits at its door.

use attune_protocol::client::Command;
use attune_protocol::door::CodeView;
use attune_protocol::ids::{SeatNumber, SecretHash};
use attune_protocol::moving::SeatCodeView;
use attune_protocol::server::{CloseCode, Refusal};
use std::sync::Arc;

use super::Room;
use crate::door::{AtDoor, KnockNews, Knocker, Right};
use crate::session::{Input, Outcome};

impl Room {
    /// Somebody wants to wait at the door.
    pub(super) async fn knock(&mut self, knocker: Knocker) -> Result<AtDoor, CloseCode> {
        // What was due comes first, and another server may have changed the log.
        if self.settle(Input::Elapse).await.is_err() {
            return Err(CloseCode::Busy);
        }
        let invite = match &knocker.right {
            Right::Link { invite } => match self.asks_to_knock(knocker.token, *invite) {
                None => Some(*invite),
                // The door has turned since: the page comes again and finds out.
                Some(Outcome::Entered(_)) => return Err(CloseCode::Restarting),
                Some(Outcome::TurnedAway(code)) => return Err(code),
                Some(_) => return Err(CloseCode::Busy),
            },
            right @ (Right::Code { .. } | Right::Seat { .. }) => {
                match self.keeps_from_knocking(knocker.token, right) {
                    Some(code) => return Err(code),
                    None => None,
                }
            }
        };
        let (token, connection) = (knocker.token, self.rooms.number_connection());
        let news = self.waiting.knock(knocker, connection, self.now())?;
        self.door_changed();
        let mailbox = self.mailbox.clone();
        let clock = Arc::clone(&self.clock);
        Ok(AtDoor { session: self.id, token, invite, news, mailbox, connection, clock })
    }

    /// Why nobody can knock so with this token now, if so. A token that has or had a seat, or was let in, is no
    /// newcomer's and no new device's: who holds it would be handed the link without anything being told of it.
    fn keeps_from_knocking(&self, token: SecretHash, right: &Right) -> Option<CloseCode> {
        let entering = Input::Enter { token, invite: None };
        match self.session.decide(entering, self.now()).outcome {
            Outcome::TurnedAway(CloseCode::Unknown) => match right {
                Right::Seat { seat, .. } => self.session.refuses_move(*seat),
                Right::Link { .. } | Right::Code { .. } => self.session.refuses_knocks(self.now()),
            },
            Outcome::TurnedAway(code) => Some(code),
            // Coming again would change nothing: it opens its own place, and no other door.
            Outcome::Entered(_) => Some(CloseCode::NotAllowed),
            Outcome::Done | Outcome::Refused(_) => Some(CloseCode::Busy),
        }
    }

    /// Whether this token has to knock with this invite; otherwise what becomes of it.
    fn asks_to_knock(&self, token: SecretHash, invite: SecretHash) -> Option<Outcome> {
        let entering = Input::Enter { token, invite: Some(invite) };
        match self.session.decide(entering, self.now()).outcome {
            Outcome::TurnedAway(CloseCode::Knock) => None,
            outcome => Some(outcome),
        }
    }

    /// Why a command about a knock cannot be meant, if so; whether this person may give it is the core's to say.
    pub(super) fn refuses_at_door(&self, command: &Command) -> Option<Refusal> {
        match command {
            Command::AnswerKnock { knock, .. }
            | Command::HoldKnock { knock, .. }
            | Command::AskAgain { knock }
            | Command::Decline { knock } => self.waiting.refuses(*knock),
            Command::LetIn { knock, handed } => self.waiting.refuses_entry(*knock, handed.is_some()),
            _ => None,
        }
    }

    /// Why a command about a person's own other device cannot be meant, if so.
    pub(super) fn refuses_to_move(&self, seat: SeatNumber, command: &Command) -> Option<Refusal> {
        match command {
            Command::AnswerMove { knock, .. } => self.waiting.refuses_move(seat, *knock, false),
            Command::MoveSeat { knock, .. } => self.waiting.refuses_move(seat, *knock, true),
            _ => None,
        }
    }

    /// Whether a command changes what stands at the door without being a fact of the session.
    pub(super) fn is_for_door(command: &Command) -> bool {
        matches!(
            command,
            Command::ShowCode {}
                | Command::AnswerKnock { .. }
                | Command::HoldKnock { .. }
                | Command::AskAgain { .. }
                | Command::ShowSeatCode {}
                | Command::AnswerMove { .. }
                | Command::EndMove {}
        )
    }

    /// Does at the door what a command that holds says.
    pub(super) fn tend_door(&mut self, by: SeatNumber, command: Command) -> Result<(), Refusal> {
        match command {
            Command::ShowCode {} => {
                let code = self.rooms.codes.make(self.id, &*self.rooms.chance, self.rooms.clock.now());
                let (code, until) = code.map_err(|_| Refusal::Busy)?;
                self.waiting.show_code(CodeView { code, until: self.clock.at(until) });
            }
            Command::AnswerKnock { knock, key } => {
                if !self.waiting.answer(knock, by, key) {
                    return Err(Refusal::NotYours);
                }
            }
            Command::HoldKnock { knock, message } => {
                self.waiting.hold(knock, message);
            }
            Command::AskAgain { knock } => {
                self.waiting.end(knock, KnockNews::Close(CloseCode::Restarting));
            }
            Command::ShowSeatCode {} => {
                let (codes, now) = (&self.rooms.seat_codes, self.rooms.clock.now());
                let code = codes.make((self.id, by), &*self.rooms.chance, now);
                let (code, until) = code.map_err(|_| Refusal::Busy)?;
                self.waiting.show_seat_code(by, SeatCodeView { code, until: self.clock.at(until) });
            }
            Command::AnswerMove { knock, key } => {
                if !self.waiting.answer(knock, by, key) {
                    return Err(Refusal::NotNow);
                }
            }
            Command::MoveSeat { knock, handed } => {
                self.waiting.hand(knock, handed);
                self.on_the_way.set_out(by, self.rooms.transport.now() + self.rooms.limits.away_after);
            }
            Command::EndMove {} => {
                self.rooms.seat_codes.end((self.id, by));
                self.waiting.end_move(by);
            }
            // Who came by the link has been let in by what was decided: see `turn_waiting`.
            Command::LetIn { knock, handed: Some(handed) } => self.waiting.hand(knock, handed),
            Command::Decline { knock } => self.waiting.decline(knock, self.now()),
            _ => return Ok(()),
        }
        self.door_changed();
        Ok(())
    }

    /// After each change: whoever would not be asked to knock any more goes to the door again, and nobody waits at one
    /// that lets nobody in.
    pub(super) fn turn_waiting(&mut self) {
        for seat in self.waiting.moving_seats() {
            if self.session.refuses_move(seat).is_some() {
                self.rooms.seat_codes.end((self.id, seat));
                self.waiting.end_move(seat);
                self.frames.show_moving(seat, self.waiting.moving(seat));
            }
        }
        if self.waiting.is_empty() {
            return;
        }
        let over = self.session.refuses_knocks(self.now());
        let over = over.filter(|code| matches!(code, CloseCode::Ended | CloseCode::Locked));
        let turn = |(token, right): (SecretHash, &Right)| match right {
            Right::Link { invite } => self.asks_to_knock(token, *invite).map(|_| (token, KnockNews::Enter)),
            Right::Seat { .. } => None,
            Right::Code { .. } => over.map(|code| (token, KnockNews::Close(code))),
        };
        let turned: Vec<(SecretHash, KnockNews)> = self.waiting.waiting().filter_map(turn).collect();
        if turned.is_empty() {
            return;
        }
        for (token, news) in turned {
            self.waiting.end(token, news);
        }
        self.frames.show_door(self.waiting.view());
    }

    /// Whoever steers is told who waits, as soon as a view may go out.
    pub(super) fn door_changed(&mut self) {
        self.frames.show_door(self.waiting.view());
        for seat in self.waiting.moving_seats().into_iter().chain(self.frames.told_of_moving()) {
            self.frames.show_moving(seat, self.waiting.moving(seat));
        }
        let at = self.last_shown + self.rooms.limits.view_gap;
        if at <= self.rooms.transport.now() { self.show_all() } else { self.show.set_by(at) }
    }
}
