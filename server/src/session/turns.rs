//! What people do with the turns of a round, and what it does to them.

use attune_protocol::client::Moment;
use attune_protocol::ids::{SeatNumber, Timestamp};
use attune_protocol::server::Refusal;

use super::commands::Answer;
use super::course::Timing;
use super::event::{Event, EventKind};
use super::round::Round;
use super::{Session, Stage};

impl Session {
    /// The round under way and its speaker, for somebody who may move the turn: its speaker, whoever steers, or the
    /// next person while the speaker is away.
    fn check_turn(&self, by: SeatNumber, moment: Moment) -> Result<(&Round, SeatNumber), Refusal> {
        let round = self.check_moment(moment)?.round.as_ref().ok_or(Refusal::NotNow)?;
        let speaker = round.speaker().ok_or(Refusal::NotNow)?;
        let away = self.seat(speaker).is_none_or(|seat| !seat.is_here());
        let next_may = away && round.next().next() == Some(by);
        if by == speaker || next_may || self.may_steer(by) {
            Ok((round, speaker))
        } else {
            Err(Refusal::NotYourTurn)
        }
    }

    pub(super) fn end_turn(&self, by: SeatNumber, moment: Moment, passed: bool) -> Answer {
        let (_, seat) = self.check_turn(by, moment)?;
        Ok(vec![EventKind::TurnEnded { seat, passed }])
    }

    /// With nobody behind them the turn stays theirs: there is nobody to come back from.
    pub(super) fn put_off_turn(&self, by: SeatNumber, moment: Moment) -> Answer {
        let (round, seat) = self.check_turn(by, moment)?;
        if round.later().contains(&seat) {
            return Err(Refusal::NotNow);
        }
        let alone = round.next().next().is_none();
        Ok(if alone { Vec::new() } else { vec![EventKind::TurnPutOff { seat }] })
    }

    pub(super) fn open_floor(&self, by: SeatNumber, moment: Moment) -> Answer {
        self.check_steers(by)?;
        let round = self.check_moment(moment)?.round.as_ref().ok_or(Refusal::NotNow)?;
        let closed = round.speaker().is_some() || self.holds_silence();
        Ok(if closed { vec![EventKind::FloorOpened {}] } else { Vec::new() })
    }

    /// An order is made for one that was seen, so that of two people who order at once the second is told. Who has
    /// left since is in neither, and who has come since stays behind.
    pub(super) fn order_round(
        &self,
        by: SeatNumber,
        moment: Moment,
        mut from: Vec<SeatNumber>,
        mut to: Vec<SeatNumber>,
    ) -> Answer {
        self.check_steers(by)?;
        let round = self.check_moment(moment)?.round.as_ref().ok_or(Refusal::NotNow)?;
        round.speaker().ok_or(Refusal::NotNow)?;
        let sorted = |seats: &[SeatNumber]| {
            let mut seats = seats.to_vec();
            seats.sort_unstable();
            seats
        };
        if sorted(&from) != sorted(&to) {
            return Err(Refusal::NotEveryone);
        }
        for seats in [&mut from, &mut to] {
            seats.retain(|&seat| self.seat(seat).is_some());
        }
        let now: Vec<SeatNumber> = round.next().collect();
        let Some(late) = now.strip_prefix(from.as_slice()) else {
            return Err(Refusal::MovedOn { by: round.ordered_by().or(self.moved_by) });
        };
        let order = [to.as_slice(), late].concat();
        Ok(if order == now { Vec::new() } else { vec![EventKind::RoundOrdered { order }] })
    }

    pub(super) fn start_round(&self, by: SeatNumber, moment: Moment) -> Answer {
        self.check_steers(by)?;
        let course = self.check_moment(moment)?;
        let open = course.round.as_ref().is_some_and(|round| round.speaker().is_none());
        let anybody = !self.round_order(&self.plan.phases()[course.phase]).is_empty();
        if open && anybody { Ok(vec![EventKind::RoundStarted {}]) } else { Err(Refusal::NotNow) }
    }

    /// Changes the turns, and with them whose turn it is.
    pub(super) fn change_turn(&mut self, event: &Event, change: impl FnOnce(&mut Round)) {
        self.moved_by = event.by;
        self.change_course(|course| {
            if let Some(round) = &mut course.round {
                change(round);
                course.turn += 1;
            }
        });
        self.time_turn(event.at);
    }

    pub(super) fn reorder_round(&mut self, order: &[SeatNumber], by: Option<SeatNumber>) {
        self.change_course(|course| {
            if let Some(round) = &mut course.round {
                round.order(order, by);
            }
        });
    }

    pub(super) fn restart_round(&mut self, event: &Event) {
        let order = self.course().map(|course| self.round_order(&self.plan.phases()[course.phase]));
        self.change_turn(event, |round| *round = round.again(order.unwrap_or_default()));
        self.change_course(|course| course.hands.clear());
    }

    /// Gives the turn that has just begun the minutes that the plan gives one.
    pub(super) fn time_turn(&mut self, at: Timestamp) {
        let Stage::Running(course) = &self.stage else { return };
        // A shortened phase has no longer turns than itself.
        let whole = self.length_now(course.phase);
        let length = self.plan.phases()[course.phase].turn_length().map(|turn| turn.min(whole));
        self.change_course(|course| {
            // The time that stands is made up when it goes on, also for a turn that began meanwhile.
            let from = match course.timing {
                Timing::Running { .. } => at,
                Timing::Paused { since, .. } => since,
            };
            if let Some(round) = &mut course.round {
                round.time_turn(length.map(|length| from + length));
            }
        });
    }

    /// Puts a person who may take turns last in the round that is under way.
    pub(super) fn join_round(&mut self, number: SeatNumber) {
        let Stage::Running(course) = &self.stage else { return };
        let phase = &self.plan.phases()[course.phase];
        if self.seats.get(&number).is_some_and(|seat| self.takes_turn(seat, phase)) {
            self.change_course(|course| {
                if let Some(round) = &mut course.round {
                    round.append(number);
                }
            });
        }
    }

    /// Takes leavers out of a round that is taken up again, and late joiners in.
    pub(super) fn mend_round(&mut self, at: Timestamp) {
        let gone: Vec<SeatNumber> =
            self.seats.values().filter(|seat| !seat.is_taken()).map(|seat| seat.number).collect();
        let mut moved = false;
        self.change_course(|course| {
            if let Some(round) = &mut course.round {
                for &seat in &gone {
                    let spoke = round.drop_out(seat);
                    course.turn += u32::from(spoke);
                    moved |= spoke;
                }
            }
        });
        for seat in self.agreements.clone() {
            self.join_round(seat);
        }
        if moved {
            self.time_turn(at);
        }
    }
}
