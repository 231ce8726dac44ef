//! A round: its speakers one at a time, in an order fixed at entry, then open to all.

use attune_protocol::ids::SeatNumber;
use std::collections::VecDeque;

/// The turns of one visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Round {
    /// Whose turn it is; nobody once the floor is open.
    speaker: Option<SeatNumber>,
    next: VecDeque<SeatNumber>,
    done: Vec<SeatNumber>,
}

impl Round {
    /// Begins with the first of `order`; with nobody in it, the floor is open at once.
    pub(super) fn new(order: impl IntoIterator<Item = SeatNumber>) -> Self {
        let mut next: VecDeque<_> = order.into_iter().collect();
        Self { speaker: next.pop_front(), next, done: Vec::new() }
    }

    pub(super) fn speaker(&self) -> Option<SeatNumber> {
        self.speaker
    }

    pub(super) fn next(&self) -> impl Iterator<Item = SeatNumber> + '_ {
        self.next.iter().copied()
    }

    pub(super) fn done(&self) -> &[SeatNumber] {
        &self.done
    }

    /// Ends the turn; the next person speaks, or the floor opens.
    pub(super) fn end_turn(&mut self) {
        if let Some(speaker) = self.speaker {
            self.done.push(speaker);
            self.speaker = self.next.pop_front();
        }
    }

    /// Opens the floor to all.
    pub(super) fn open(&mut self) {
        self.done.extend(self.speaker.take());
        self.next.clear();
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
        let spoke = self.speaker == Some(seat);
        if spoke {
            self.speaker = self.next.pop_front();
        }
        spoke
    }
}
