//! Agreeing: to the ground rules, and to what the group adds to them before the start.

use attune_protocol::agreement::AgreementLines;
use attune_protocol::ids::{Revision, SeatNumber};
use attune_protocol::server::{Refusal, Texts};

use super::commands::Answer;
use super::event::EventKind;
use super::seat::Seat;
use super::{Audience, MOST_AGREEMENT_CHANGES, Session};

impl Session {
    pub(super) fn change_agreement(&self, by: SeatNumber, lines: AgreementLines) -> Answer {
        self.check_steers(by)?;
        if self.has_begun() {
            return Err(Refusal::NotNow);
        }
        let unchanged = match &self.agreement {
            Some(agreement) => agreement.lines == lines,
            None => lines.is_empty(),
        };
        if unchanged {
            return Ok(Vec::new());
        }
        if self.agreement_changes >= MOST_AGREEMENT_CHANGES {
            return Err(Refusal::LogFull);
        }
        Ok(vec![EventKind::AgreementChanged { lines }])
    }

    pub(super) fn agree(&self, by: SeatNumber, number: SeatNumber, read: Option<Revision>) -> Answer {
        let seat = self.acts_for(by, number)?;
        if seat.agreed && !self.asks_again(seat) {
            return Ok(Vec::new());
        }
        if read != self.agreement_version() {
            return Err(Refusal::AgreementChanged);
        }
        let mut events = vec![EventKind::Agreed { seat: number }];
        if seat.has_device() && self.lobby_lacks_facilitator(None) {
            events.push(EventKind::FacilitatorSet { seat: number, facilitator: true });
        }
        Ok(events)
    }

    /// Whether this person is one of the group, and no newcomer.
    pub fn has_agreed(&self, number: SeatNumber) -> bool {
        self.seat(number).is_some_and(|seat| seat.agreed)
    }

    /// Whether this person agreed to less than what the group agrees now. It takes no right from them.
    pub(super) fn asks_again(&self, seat: &Seat) -> bool {
        let version = self.agreement_version();
        seat.agreed && version.is_some() && seat.agreed_to != version
    }

    /// The event that made the agreement what it is; nothing while there is none.
    pub(super) fn agreement_version(&self) -> Option<Revision> {
        self.agreement.as_ref().map(|agreement| agreement.version)
    }

    /// The sealed texts that this audience may open. Newcomers read what they are to agree to, and no name.
    pub fn texts_for(&self, audience: Audience) -> Texts {
        match audience {
            Audience::Newcomers => Texts { agreement: self.agreement.clone(), ..Texts::default() },
            Audience::Steering | Audience::Members => self.texts(),
        }
    }
}
