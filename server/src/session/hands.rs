//! Hands: who would like to speak while the floor is open, in the order in which they went up. A queue and no record:
//! it goes with the visit.

use attune_protocol::client::Moment;
use attune_protocol::ids::SeatNumber;
use attune_protocol::method::FloorMode;
use attune_protocol::server::Refusal;

use super::Session;
use super::commands::Answer;
use super::event::EventKind;

impl Session {
    /// The hands that are up, the next first. One counts while its owner has the open floor, so whoever leaves or
    /// loses the role has none, and whoever gets the role back within the visit has the former place.
    pub(super) fn hands(&self) -> Vec<SeatNumber> {
        let Some(course) = self.course().filter(|course| !course.hands.is_empty()) else { return Vec::new() };
        let floor = self.floor();
        let counts = |seat: &SeatNumber| floor.mode == FloorMode::Open && floor.speakers.contains(seat);
        course.hands.iter().copied().filter(counts).collect()
    }

    pub(super) fn raise_hand(&self, by: SeatNumber, moment: Moment, number: SeatNumber) -> Answer {
        let seat = self.acts_for(by, number)?;
        let course = self.check_visit(moment)?;
        if self.is_silent(number) {
            return Err(Refusal::Silent);
        }
        if !seat.agreed {
            return Err(Refusal::NotAgreed);
        }
        let floor = self.floor();
        if floor.mode != FloorMode::Open || !floor.speakers.contains(&number) {
            return Err(Refusal::NotNow);
        }
        let up = course.hands.contains(&number);
        Ok(if up { Vec::new() } else { vec![EventKind::HandRaised { seat: number }] })
    }

    pub(super) fn lower_hand(&self, by: SeatNumber, moment: Moment, number: SeatNumber) -> Answer {
        self.seat(number).ok_or(Refusal::NoSuchSeat)?;
        if by != number {
            self.check_steers(by)?;
        }
        let up = self.check_visit(moment)?.hands.contains(&number);
        Ok(if up { vec![EventKind::HandLowered { seat: number }] } else { Vec::new() })
    }
}
