//! A round: its speakers one at a time, in an order fixed at entry, then open to all.

use attune_protocol::ids::{Millis, SeatNumber, Timestamp};
use std::collections::{BTreeSet, VecDeque};

/// The turns of one visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Round {
    /// Which time around it is, from 1 on.
    around: u32,
    /// Whose turn it is; nobody once the floor is open.
    speaker: Option<SeatNumber>,
    next: VecDeque<SeatNumber>,
    done: Vec<SeatNumber>,
    /// Who has put their turn off this time around.
    later: BTreeSet<SeatNumber>,
    /// Who last changed the order.
    ordered_by: Option<SeatNumber>,
    /// Until when the turn has by the plan, as if time that stands now had run.
    turn_ends_at: Option<Timestamp>,
    /// Whether somebody opened the floor, or there was nobody to take a turn.
    opened: bool,
}

impl Round {
    /// Begins with the first of `order`; with nobody in it, the floor is open at once.
    pub(super) fn new(order: impl IntoIterator<Item = SeatNumber>) -> Self {
        let mut next: VecDeque<_> = order.into_iter().collect();
        let speaker = next.pop_front();
        Self {
            around: 1,
            speaker,
            next,
            done: Vec::new(),
            later: BTreeSet::new(),
            ordered_by: None,
            turn_ends_at: None,
            opened: speaker.is_none(),
        }
    }

    /// The same once more around.
    pub(super) fn again(&self, order: impl IntoIterator<Item = SeatNumber>) -> Self {
        Self { around: self.around + 1, ..Self::new(order) }
    }

    pub(super) fn around(&self) -> u32 {
        self.around
    }

    pub(super) fn speaker(&self) -> Option<SeatNumber> {
        self.speaker
    }

    /// Whether it went to its end, turn by turn.
    pub(super) fn is_over(&self) -> bool {
        self.speaker.is_none() && !self.opened
    }

    pub(super) fn next(&self) -> impl Iterator<Item = SeatNumber> + '_ {
        self.next.iter().copied()
    }

    pub(super) fn done(&self) -> &[SeatNumber] {
        &self.done
    }

    pub(super) fn later(&self) -> &BTreeSet<SeatNumber> {
        &self.later
    }

    pub(super) fn ordered_by(&self) -> Option<SeatNumber> {
        self.ordered_by
    }

    pub(super) fn turn_ends_at(&self) -> Option<Timestamp> {
        self.turn_ends_at
    }

    /// Ends the turn; the next person speaks, or the floor opens.
    pub(super) fn end_turn(&mut self) {
        if let Some(speaker) = self.speaker {
            self.done.push(speaker);
            self.speaker = self.next.pop_front();
        }
    }

    /// Puts the speaker behind everyone who waits.
    pub(super) fn put_off(&mut self) {
        if let Some(speaker) = self.speaker {
            self.later.insert(speaker);
            self.next.push_back(speaker);
            self.speaker = self.next.pop_front();
        }
    }

    /// Opens the floor to all.
    pub(super) fn open(&mut self) {
        self.done.extend(self.speaker.take());
        self.next.clear();
        self.opened = true;
    }

    /// Lets those who wait come in this order; whoever it does not name stays behind.
    pub(super) fn order(&mut self, order: &[SeatNumber], by: Option<SeatNumber>) {
        let place = |seat: &SeatNumber| order.iter().position(|named| named == seat).unwrap_or(order.len());
        self.next.make_contiguous().sort_by_key(place);
        self.ordered_by = by;
    }

    /// Sets until when the turn has by the plan.
    pub(super) fn time_turn(&mut self, ends_at: Option<Timestamp>) {
        self.turn_ends_at = ends_at.filter(|_| self.speaker.is_some());
    }

    /// The time stood for so long.
    pub(super) fn stand(&mut self, length: Millis) {
        self.turn_ends_at = self.turn_ends_at.map(|ends_at| ends_at + length);
    }

    /// Puts a late joiner last, while the round goes on.
    pub(super) fn append(&mut self, seat: SeatNumber) {
        let known = self.speaker == Some(seat) || self.next.contains(&seat) || self.done.contains(&seat);
        if self.speaker.is_some() && !known {
            self.next.push_back(seat);
        }
    }

    /// Takes a leaver out. Answers whether it was that person's turn.
    pub(super) fn drop_out(&mut self, seat: SeatNumber) -> bool {
        self.next.retain(|&next| next != seat);
        self.done.retain(|&done| done != seat);
        self.later.remove(&seat);
        let spoke = self.speaker == Some(seat);
        if spoke {
            self.speaker = self.next.pop_front();
        }
        spoke
    }
}
