//! A case under way: the phase it is in and that phase's time.

use attune_protocol::ids::{Millis, SeatNumber, Timestamp};
use attune_protocol::view::ReminderView;
use std::collections::BTreeMap;

use super::event::{PauseCause, Taken};
use super::round::Round;

/// The grace after the end of a phase before a firm session moves on: long enough to finish a sentence.
pub(super) const FIRM_GRACE: Millis = Millis::seconds(15);
/// What a phase that is entered again has at least: enough to take a thought up and put it down.
pub(super) const LEAST_ON_RETURN: Millis = Millis::minutes(5);
/// A phase shorter than this has no two-minute mark: the mark would come when it has hardly begun.
pub(super) const LEAST_FOR_MARK: Millis = Millis::minutes(6);

/// A case under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Course {
    /// Index into the plan's phases.
    pub(super) phase: usize,
    /// Which entry into a phase it is, counted from 1 over the session.
    pub(super) visit: u32,
    /// Counts the turns of this visit.
    pub(super) turn: u32,
    /// When this visit began.
    pub(super) began_at: Timestamp,
    /// Planned time of this visit with its extensions.
    pub(super) length: Millis,
    /// What this visit was given by extensions, less what the phase had given to others when it was entered afresh.
    pub(super) moved: Millis,
    /// How long this visit stood still before now.
    pub(super) stood: Millis,
    pub(super) timing: Timing,
    /// The time was let go on after a pause that anyone could end: whoever does so at the same moment is told that it goes.
    pub(super) anyone_resumed: bool,
    pub(super) round: Option<Round>,
    pub(super) presenter_finished: bool,
    /// Hands that went up in this visit, in order.
    pub(super) hands: Vec<SeatNumber>,
    /// The newest reminder of this visit.
    pub(super) reminder: Option<ReminderView>,
    /// Whether the phases follow each other by themselves.
    pub(super) firm: bool,
    /// The facilitator presents, nobody holds the chair: the time leads.
    pub(super) led_by_time: bool,
    /// When the case began.
    pub(super) case_began_at: Timestamp,
    /// What earlier visits left behind, by phase.
    pub(super) visited: BTreeMap<usize, Visited>,
    /// Whole minutes that phases of this case have given, by phase.
    pub(super) given: BTreeMap<usize, u16>,
}

/// The time of a phase. What is left is signed: a phase that ran over can be paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timing {
    Running { ends_at: Timestamp },
    Paused { remaining: Millis, since: Timestamp, cause: PauseCause },
}

/// What earlier visits of a phase left behind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Visited {
    /// What was left when it was last left; absent when it starts afresh.
    pub(super) left: Option<Millis>,
    /// How long all visits took, without pauses.
    pub(super) actual: Millis,
    /// What all visits were given, less what the phase gave.
    pub(super) moved: Millis,
    /// The round as it stood.
    pub(super) round: Option<Round>,
}

impl Course {
    /// What is left at `now`.
    pub(super) fn remaining(&self, now: Timestamp) -> Millis {
        match self.timing {
            Timing::Running { ends_at } => ends_at - now,
            Timing::Paused { remaining, .. } => remaining,
        }
    }

    /// How long this visit has run at `now`, without pauses.
    pub(super) fn ran(&self, now: Timestamp) -> Millis {
        let standing = match self.timing {
            Timing::Running { .. } => Millis(0),
            Timing::Paused { since, .. } => now - since,
        };
        (now - self.began_at) - self.stood - standing
    }

    /// Stops the time.
    pub(super) fn pause(&mut self, at: Timestamp, cause: PauseCause) {
        if let Timing::Running { ends_at } = self.timing {
            self.timing = Timing::Paused { remaining: ends_at - at, since: at, cause };
            self.anyone_resumed = false;
        }
    }

    /// Lets the time go on.
    pub(super) fn resume(&mut self, at: Timestamp) {
        if let Timing::Paused { remaining, since, cause } = self.timing {
            self.anyone_resumed = cause == PauseCause::Needed;
            self.stood = self.stood + (at - since);
            if let Some(round) = &mut self.round {
                round.stand(at - since);
            }
            self.timing = Timing::Running { ends_at: at + remaining };
        }
    }

    /// The length of this visit once time is added at `now`.
    pub(super) fn extended(&self, now: Timestamp, by: Millis) -> Millis {
        let before = self.remaining(now);
        self.length + (before.max(Millis(0)) + by - before)
    }

    /// Adds time, counted from the later of the end and now.
    pub(super) fn extend(&mut self, at: Timestamp, by: Millis) {
        self.moved = self.moved + by;
        let after = self.remaining(at).max(Millis(0)) + by;
        self.length = self.extended(at, by);
        match &mut self.timing {
            Timing::Running { ends_at } => *ends_at = at + after,
            Timing::Paused { remaining, .. } => *remaining = after,
        }
    }

    /// What this visit and the earlier ones leave behind when the phase is left at `at`.
    pub(super) fn visited_until(&self, at: Timestamp) -> BTreeMap<usize, Visited> {
        let mut visited = self.visited.clone();
        let entry = visited.entry(self.phase).or_default();
        entry.left = Some(self.remaining(at));
        entry.actual = entry.actual + self.ran(at);
        entry.moved = entry.moved + self.moved;
        entry.round.clone_from(&self.round);
        visited
    }

    /// Whole minutes that a phase has given.
    pub(super) fn gave(&self, phase: usize) -> u16 {
        self.given.get(&phase).copied().unwrap_or(0)
    }

    /// Takes minutes from phases.
    pub(super) fn take(&mut self, taken: &[Taken]) {
        for taken in taken {
            let given = self.given.entry(taken.phase).or_default();
            *given = given.saturating_add(taken.minutes);
        }
    }

    /// When the phase ends by itself.
    pub(super) fn ends_by_itself_at(&self) -> Option<Timestamp> {
        match self.timing {
            Timing::Running { ends_at } if self.firm => Some(ends_at + FIRM_GRACE),
            Timing::Running { .. } | Timing::Paused { .. } => None,
        }
    }
}
