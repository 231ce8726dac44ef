//! Answers that wait to be counted: in this process's memory, and nowhere else.
//!
//! They are counted several at a time, so that no store ever holds what one person said. Who has answered may answer
//! anew until then; a page that finds itself not counted after a lost connection says it again.

use attune_protocol::ending::{Answers, LEAST_COUNTED};
use attune_protocol::ids::{Millis, SeatNumber, Timestamp};
use std::collections::BTreeMap;

/// How long answers that could be counted wait for the others who are here.
pub(crate) const COUNT_AFTER: Millis = Millis::minutes(2);
/// How long a store that did not take a count is left alone.
const TRY_AGAIN_AFTER: Millis = Millis::seconds(1);

/// What waits in one session.
#[derive(Default)]
pub(crate) struct Ballots {
    held: BTreeMap<SeatNumber, Answers>,
    /// When what is here is counted, whoever has not answered.
    due: Option<Timestamp>,
}

impl Ballots {
    /// Holds one person's answers, in the place of earlier ones.
    pub(crate) fn hold(&mut self, seat: SeatNumber, answers: Answers, now: Timestamp) {
        self.held.insert(seat, answers);
        if self.held.len() >= LEAST_COUNTED && self.due.is_none() {
            self.due = Some(now + COUNT_AFTER);
        }
    }

    /// When they are counted at the latest; `None` while there are too few.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.due
    }

    /// Takes out what is to be counted now: once nobody in `waited_for` is missing, or waiting is over.
    pub(crate) fn take(
        &mut self,
        mut waited_for: impl Iterator<Item = SeatNumber>,
        now: Timestamp,
    ) -> Option<BTreeMap<SeatNumber, Answers>> {
        let due = self.due?;
        if now < due && waited_for.any(|seat| !self.held.contains_key(&seat)) {
            return None;
        }
        self.due = None;
        Some(std::mem::take(&mut self.held))
    }

    /// Puts back what the store did not take.
    pub(crate) fn put_back(&mut self, held: BTreeMap<SeatNumber, Answers>, now: Timestamp) {
        self.held = held;
        self.due = Some(now + TRY_AGAIN_AFTER);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use attune_protocol::ending::Score;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn answers(score: u8) -> Answers {
        Answers([Score::try_from(score).expect("a score"); 5])
    }

    fn seats(numbers: &[u16]) -> impl Iterator<Item = SeatNumber> {
        numbers.iter().copied().map(SeatNumber).collect::<Vec<_>>().into_iter()
    }

    #[test]
    fn ending_9_fewer_than_three_are_never_taken_out() {
        let mut ballots = Ballots::default();
        for seat in [1, 2, 1, 2] {
            ballots.hold(SeatNumber(seat), answers(3), NOW);
        }
        assert_eq!(ballots.due(), None);
        assert_eq!(ballots.take(seats(&[]), NOW + Millis::hours(9)), None);
    }

    #[test]
    fn ending_9_those_who_are_here_are_waited_for_but_not_for_ever() {
        let mut ballots = Ballots::default();
        for seat in 1..=3 {
            ballots.hold(SeatNumber(seat), answers(3), NOW);
        }
        assert_eq!(ballots.take(seats(&[1, 2, 3, 4]), NOW), None);
        ballots.hold(SeatNumber(1), answers(5), NOW + Millis::minutes(1));
        assert_eq!(ballots.due(), Some(NOW + COUNT_AFTER), "who changes their mind makes nobody wait longer");
        let taken = ballots.take(seats(&[4]), NOW + COUNT_AFTER).expect("waiting is over");
        assert_eq!(taken.get(&SeatNumber(1)), Some(&answers(5)));
        assert_eq!((taken.len(), ballots.due()), (3, None), "nothing of it stays in memory");
    }

    #[test]
    fn ending_9_once_everyone_has_answered_nobody_waits() {
        let mut ballots = Ballots::default();
        for seat in 1..=4 {
            ballots.hold(SeatNumber(seat), answers(3), NOW);
        }
        assert!(ballots.take(seats(&[1, 2, 3, 4]), NOW).is_some());
    }
}
