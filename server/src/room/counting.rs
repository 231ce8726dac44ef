//! Answers after the end: held in memory, counted several at once.

use attune_protocol::ending::Answers;
use attune_protocol::server::{Refusal, ServerMessage};

use super::Room;
use super::settle::Unsettled;
use crate::rooms::Member;
use crate::session::Input;

impl Room {
    /// Keeps answers in memory until they can be counted with others'.
    pub(super) fn hold_answers(&mut self, member: Member, answers: Answers) -> ServerMessage {
        if !self.is_seated(member) {
            return ServerMessage::Refused { request: None, why: Refusal::Busy };
        }
        let now = self.now();
        match self.session.check_answers(member.seat, now) {
            Ok(()) => {
                self.ballots.hold(member.seat, answers, now);
                ServerMessage::Held {}
            }
            Err(why) => ServerMessage::Refused { request: None, why },
        }
    }

    /// Counts the answers that wait, when all who are here have answered, waiting is over, or nobody is left to wait.
    pub(super) async fn count_answers(&mut self) {
        // An end that was taken back may come again: until then they wait.
        if self.session.ending_until().is_none() {
            return;
        }
        let now = self.now();
        let is_last = self.seated.is_empty() || self.session.tokens_die_at().is_some_and(|at| at <= now);
        let waited_for = self.session.unanswered().filter(|_| !is_last);
        let Some(answers) = self.ballots.take(waited_for, now) else { return };
        if self.settle(Input::Count { answers: answers.clone() }).await == Err(Unsettled::Busy) {
            self.ballots.put_back(answers, now);
        }
    }
}
