//! What people do when the talk is over: thanks, asking one another for a talk, and answers that are only counted.
//!
//! Answers stand in no event by themselves. Several are counted at once, into sums; beside them stands only whose were
//! counted, so that nobody's count twice.

use attune_protocol::ending::{Answers, LEAST_COUNTED, Private, Talk, TalkState, Thanks, Totals};
use attune_protocol::ids::{Revision, SeatNumber, Timestamp};
use attune_protocol::sealed::SealedLine;
use attune_protocol::server::Refusal;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::commands::Answer;
use super::event::{Event, EventKind};
use super::seat::Seat;
use super::{Session, Stage};

/// How many lines of thanks one person may send: a few people, or the group and somebody.
pub const MOST_THANKS: usize = 3;
/// How many people one person may ask for a talk, those who were asked in error among them.
pub const MOST_TALKS: usize = 3;

/// All that came of the ending so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ending {
    thanks: Vec<Thanks>,
    talks: Vec<Talk>,
    /// How often each person asked, also for what was withdrawn.
    asked: BTreeMap<SeatNumber, usize>,
    /// Whose answers were counted.
    counted: BTreeSet<SeatNumber>,
    found: Totals,
    /// The event that last changed what a seat alone is shown.
    private_from: BTreeMap<SeatNumber, Revision>,
}

impl Ending {
    pub(super) fn group_thanks(&self) -> Vec<Thanks> {
        self.thanks.iter().filter(|thanks| thanks.to.is_none()).cloned().collect()
    }

    pub(super) fn found(&self) -> Option<Totals> {
        (self.found.people > 0).then(|| self.found.clone())
    }
}

impl Session {
    /// What a seat is shown and no other.
    pub fn private(&self, seat: SeatNumber) -> Private {
        let ending = &self.ending;
        let between = |thanks: &&Thanks| thanks.to.is_some_and(|to| to == seat || thanks.from == seat);
        Private {
            counted: ending.counted.contains(&seat),
            thanks: ending.thanks.iter().filter(between).cloned().collect(),
            talks: ending.talks.iter().filter(|t| t.from == seat || t.to == seat).cloned().collect(),
            pause_heard: self.seats.get(&seat).is_some_and(|seat| seat.pause_heard),
        }
    }

    /// The event that last changed what a seat alone is shown; `None` while nothing ever was.
    pub fn private_from(&self, seat: SeatNumber) -> Option<Revision> {
        self.ending.private_from.get(&seat).copied()
    }

    /// Until when thanks, talks and answers are taken; `None` before the end, and when nothing took place.
    pub fn ending_until(&self) -> Option<Timestamp> {
        match &self.stage {
            Stage::Closed(closing) if closing.case.is_some() || !self.past.is_empty() => self.tokens_die_at(),
            Stage::Closed(_) | Stage::Lobby { .. } | Stage::Running(_) => None,
        }
    }

    /// Whether this person's answers are taken now.
    ///
    /// # Errors
    /// Why not.
    pub fn check_answers(&self, by: SeatNumber, now: Timestamp) -> Result<(), Refusal> {
        self.check_ending(now)?;
        self.member(by)?;
        if self.ending.counted.contains(&by) { Err(Refusal::NotNow) } else { Ok(()) }
    }

    /// Who is here and may still answer.
    pub fn unanswered(&self) -> impl Iterator<Item = SeatNumber> {
        let open = |seat: &&Seat| {
            seat.is_here() && self.member(seat.number).is_ok() && !self.ending.counted.contains(&seat.number)
        };
        self.seats.values().filter(open).map(|seat| seat.number)
    }

    /// Counts several people's answers at once; fewer than [`LEAST_COUNTED`] are not counted at all.
    pub(super) fn count(&self, answers: &BTreeMap<SeatNumber, Answers>) -> Vec<EventKind> {
        if !matches!(self.stage, Stage::Closed(_)) {
            return Vec::new();
        }
        let new = |(seat, _): &(&SeatNumber, &Answers)| {
            self.seats.contains_key(seat) && !self.ending.counted.contains(seat)
        };
        let new: Vec<(&SeatNumber, &Answers)> = answers.iter().filter(new).collect();
        if new.len() < LEAST_COUNTED {
            return Vec::new();
        }
        let mut totals = Totals::default();
        new.iter().for_each(|(_, answers)| totals.add(answers));
        let seats = new.iter().map(|(seat, _)| **seat).collect();
        vec![EventKind::Answered { seats }, EventKind::Counted { totals }]
    }

    pub(super) fn send_thanks(
        &self,
        by: SeatNumber,
        to: Option<SeatNumber>,
        line: SealedLine,
        now: Timestamp,
    ) -> Answer {
        self.check_ending(now)?;
        self.member(by)?;
        if let Some(to) = to {
            self.check_other(by, to)?;
        }
        if self.ending.thanks.iter().filter(|thanks| thanks.from == by).count() >= MOST_THANKS {
            return Err(Refusal::Enough);
        }
        Ok(vec![EventKind::Thanked { thanks: Thanks { from: by, to, line } }])
    }

    pub(super) fn ask_for_talk(&self, by: SeatNumber, to: SeatNumber, line: SealedLine) -> Answer {
        if !self.has_begun() {
            return Err(Refusal::NotNow);
        }
        self.member(by)?;
        self.check_other(by, to)?;
        let asked = self.ending.asked.get(&by).copied().unwrap_or(0);
        if asked >= MOST_TALKS || self.talk(by, to).is_some() {
            return Err(Refusal::Enough);
        }
        Ok(vec![EventKind::TalkAsked { from: by, to, line }])
    }

    pub(super) fn withdraw_talk(&self, by: SeatNumber, to: SeatNumber) -> Answer {
        self.talk(by, to).ok_or(Refusal::NotNow)?;
        Ok(vec![EventKind::TalkWithdrawn { from: by, to }])
    }

    pub(super) fn answer_talk(&self, by: SeatNumber, from: SeatNumber, accept: bool) -> Answer {
        let talk = self.talk(from, by).ok_or(Refusal::NotNow)?;
        let same = talk.state == answered(accept);
        Ok(if same { Vec::new() } else { vec![EventKind::TalkAnswered { from, to: by, accept }] })
    }

    fn talk(&self, from: SeatNumber, to: SeatNumber) -> Option<&Talk> {
        self.ending.talks.iter().find(|talk| talk.from == from && talk.to == to)
    }

    /// That something took place, is over, and places are still open.
    fn check_ending(&self, now: Timestamp) -> Result<(), Refusal> {
        if self.ending_until().is_some_and(|until| now < until) { Ok(()) } else { Err(Refusal::NotNow) }
    }

    /// Somebody who was part of it, by a device of their own.
    fn member(&self, number: SeatNumber) -> Result<&Seat, Refusal> {
        let seat = self.seat(number).ok_or(Refusal::NoSuchSeat)?;
        if !seat.agreed {
            Err(Refusal::NotAgreed)
        } else if !seat.has_device() {
            Err(Refusal::NoDevice)
        } else {
            Ok(seat)
        }
    }

    fn check_other(&self, by: SeatNumber, to: SeatNumber) -> Result<(), Refusal> {
        self.member(to)?;
        if to == by { Err(Refusal::NotNow) } else { Ok(()) }
    }

    /// The newest event changes what a seat alone is shown.
    pub(super) fn change_private(&mut self, seat: SeatNumber) {
        Arc::make_mut(&mut self.ending).private_from.insert(seat, self.revision);
    }

    /// Takes in a fact of the ending.
    pub(super) fn change_ending(&mut self, event: &Event) {
        let revision = self.revision;
        let ending = Arc::make_mut(&mut self.ending);
        let concerned: Vec<SeatNumber> = match &event.what {
            EventKind::Thanked { thanks } => {
                ending.thanks.push(thanks.clone());
                match thanks.to {
                    Some(to) => vec![thanks.from, to],
                    None => {
                        self.texts_from = revision;
                        Vec::new()
                    }
                }
            }
            EventKind::TalkAsked { from, to, line } => {
                let (from, to) = (*from, *to);
                ending.talks.push(Talk { from, to, line: line.clone(), state: TalkState::Asked });
                *ending.asked.entry(from).or_default() += 1;
                vec![from, to]
            }
            EventKind::TalkWithdrawn { from, to } => {
                ending.talks.retain(|talk| (talk.from, talk.to) != (*from, *to));
                vec![*from, *to]
            }
            EventKind::TalkAnswered { from, to, accept } => {
                for talk in ending.talks.iter_mut().filter(|talk| (talk.from, talk.to) == (*from, *to)) {
                    talk.state = answered(*accept);
                }
                vec![*from, *to]
            }
            EventKind::Answered { seats } => {
                ending.counted.extend(seats);
                seats.iter().copied().collect()
            }
            EventKind::Counted { totals } => {
                ending.found.join(totals);
                Vec::new()
            }
            _ => return,
        };
        ending.private_from.extend(concerned.into_iter().map(|seat| (seat, revision)));
    }
}

fn answered(accept: bool) -> TalkState {
    if accept { TalkState::Yes } else { TalkState::NotNow }
}
