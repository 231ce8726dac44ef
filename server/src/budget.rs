//! How much a session's people may change, so that one of them cannot swamp the others.

use attune_protocol::client::Command;
use attune_protocol::ids::{SeatNumber, Timestamp};
use std::collections::BTreeMap;

use crate::limits::{Bucket, Limits};

/// What one session's people have used.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    changes: Bucket,
    /// What whoever steers has left when the others have used up all of the session's.
    reserve: Bucket,
    seats: BTreeMap<SeatNumber, SeatBudget>,
}

#[derive(Debug, Default)]
struct SeatBudget {
    changes: Bucket,
    takeovers: Bucket,
}

impl Budget {
    /// Whether this act may change something now.
    pub(crate) fn allows(
        &mut self,
        (seat, steers): (SeatNumber, bool),
        command: &Command,
        limits: &Limits,
        now: Timestamp,
    ) -> bool {
        // Leaving is always allowed.
        if matches!(command, Command::Leave {}) {
            return true;
        }
        // Others must not keep anybody from a pause or from the end.
        let urgent = matches!(command, Command::NeedPause {} | Command::Pause { .. } | Command::End { .. });
        let has_room = self.changes.allows(limits.session_changes, now)
            || (steers && self.reserve.allows(limits.steering_reserve, now));
        if !urgent && !has_room {
            return false;
        }
        self.seats.entry(seat).or_default().changes.allows(limits.seat_changes, now)
    }

    /// This act has changed something.
    pub(crate) fn take(&mut self, (seat, steers): (SeatNumber, bool), limits: &Limits, now: Timestamp) {
        if !self.changes.take(limits.session_changes, 1, now) && steers {
            self.reserve.take(limits.steering_reserve, 1, now);
        }
        self.seats.entry(seat).or_default().changes.take(limits.seat_changes, 1, now);
    }

    /// Whether a newer socket may take this seat from an older one now.
    pub(crate) fn take_over(&mut self, seat: SeatNumber, limits: &Limits, now: Timestamp) -> bool {
        self.seats.entry(seat).or_default().takeovers.take(limits.takeovers, 1, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use attune_protocol::client::Moment;
    use attune_protocol::ids::{Millis, SecretHash};
    use attune_protocol::sealed::{InviteChange, Sealed};

    const NOW: Timestamp = Timestamp(1_000_000);

    fn changes(budget: &mut Budget, seat: u16, command: &Command, now: Timestamp) -> bool {
        changes_as(budget, (SeatNumber(seat), false), command, now)
    }

    fn changes_as(budget: &mut Budget, seat: (SeatNumber, bool), command: &Command, now: Timestamp) -> bool {
        let limits = Limits::default();
        let allowed = budget.allows(seat, command, &limits, now);
        if allowed {
            budget.take(seat, &limits, now);
        }
        allowed
    }

    #[test]
    fn t52_wire_19_whoever_steers_has_a_reserve_that_nobody_else_uses_up() {
        let mut budget = Budget::default();
        let (chair, offer) = ((SeatNumber(1), true), Command::OfferToPresent {});
        let (hash, sealed) = (SecretHash::from_bytes([1; 32]), "A".repeat(284));
        let sealed = Sealed::try_from(sealed).expect("is sealed");
        let remove = |seat| Command::Remove {
            seat: SeatNumber(seat),
            invite: InviteChange { hash, sealed: sealed.clone() },
        };
        // Eleven who do all they can, ten times a second, for as long as it takes to remove them.
        for tick in 0..100 {
            let now = NOW + Millis(100 * tick);
            for seat in 2..=12 {
                while changes(&mut budget, seat, &offer, now) {}
            }
            if tick % 10 == 0 {
                let seat = 2 + u16::try_from(tick / 10).expect("is small");
                assert!(changes_as(&mut budget, chair, &remove(seat), now), "{tick}");
            }
        }
        assert!(!changes(&mut budget, 20, &offer, NOW), "else nothing is shown by this");
        // The reserve is one for all who steer.
        let mut others = (20..120).map(|seat| (SeatNumber(seat), true));
        assert!(!others.all(|seat| changes_as(&mut budget, seat, &offer, NOW + Millis::seconds(10))));
    }

    #[test]
    fn t52_one_seat_leaves_the_others_their_budget() {
        let mut budget = Budget::default();
        let offer = Command::OfferToPresent {};
        assert_eq!((0..10_000).filter(|_| changes(&mut budget, 1, &offer, NOW)).count(), 10);
        assert!(changes(&mut budget, 2, &offer, NOW));
        assert!(changes(&mut budget, 1, &offer, NOW + Millis::seconds(1)));
        assert!(!changes(&mut budget, 1, &offer, NOW + Millis::seconds(1)));
    }

    #[test]
    fn t52_leaving_pausing_and_ending_stay_possible() {
        let mut budget = Budget::default();
        let offer = Command::OfferToPresent {};
        for seat in 1..=10 {
            for _ in 0..10 {
                changes(&mut budget, seat, &offer, NOW);
            }
        }
        assert!(!changes(&mut budget, 20, &offer, NOW));
        assert!(changes(&mut budget, 20, &Command::NeedPause {}, NOW));
        assert!(changes(&mut budget, 20, &Command::Pause { moment: Moment::default() }, NOW));
        assert!(changes(&mut budget, 20, &Command::End { moment: Moment::default() }, NOW));
        assert!(changes(&mut budget, 1, &Command::Leave {}, NOW));
    }

    #[test]
    fn t5_a_seat_is_taken_over_six_times_a_minute() {
        let mut budget = Budget::default();
        let limits = Limits::default();
        let seat = SeatNumber(1);
        assert_eq!((0..100).filter(|_| budget.take_over(seat, &limits, NOW)).count(), 6);
        assert!(budget.take_over(seat, &limits, NOW + Millis::seconds(10)));
        assert!(!budget.take_over(seat, &limits, NOW + Millis::seconds(10)));
    }
}
