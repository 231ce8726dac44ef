//! Minutes that phases ahead give while a case runs: to the one under way, or to the planned end. The plan stays as it
//! was at the start; beside it stands what each phase gave.

use attune_protocol::client::{Extension, MinutesFrom, Moment};
use attune_protocol::ids::{Millis, SeatNumber, Timestamp};
use attune_protocol::method::LEAST_MINUTES;
use attune_protocol::server::Refusal;

use super::Session;
use super::commands::Answer;
use super::course::{Course, LEAST_ON_RETURN};
use super::event::{EventKind, Taken};

impl Session {
    /// How long a phase lasts when it is entered: with what it has now, or what was left, at least five minutes.
    pub(super) fn length_on_entry(&self, phase: usize) -> Millis {
        self.kept(phase).unwrap_or_else(|| self.length_now(phase))
    }

    /// With what a phase comes again that this case has left.
    pub(super) fn kept(&self, phase: usize) -> Option<Millis> {
        let left = self.course()?.visited.get(&phase)?.left?;
        Some(left.max(LEAST_ON_RETURN))
    }

    /// The whole minutes that a phase has: as planned, less what it gave.
    pub(super) fn minutes_now(&self, phase: usize) -> u16 {
        let gave = self.course().map_or(0, |course| course.gave(phase));
        self.plan.phases()[phase].minutes.saturating_sub(gave).max(LEAST_MINUTES)
    }

    /// The same as a length.
    pub(super) fn length_now(&self, phase: usize) -> Millis {
        Millis::minutes(i64::from(self.minutes_now(phase)))
    }

    /// The length of all phases after the one under way, as they would be entered.
    pub(super) fn rest(&self, course: &Course) -> Millis {
        self.later(course).fold(Millis(0), |sum, phase| sum + self.length_on_entry(phase))
    }

    pub(super) fn later(&self, course: &Course) -> std::ops::Range<usize> {
        course.phase + 1..self.plan.phases().len()
    }

    /// How much later than planned the session would end now, to the nearest whole minute; negative when earlier.
    fn minutes_behind(&self, course: &Course, now: Timestamp) -> i64 {
        let planned = course.case_began_at + self.plan.length_from(0);
        let expected = now + course.remaining(now).max(Millis(0)) + self.rest(course);
        let half = Millis::seconds(30);
        (expected - planned + half).0.div_euclid(Millis::minutes(1).0)
    }

    /// What each later phase can give. One that was left by going back keeps its rest and gives nothing.
    fn spare(&self, course: &Course) -> Vec<Taken> {
        let gives = |phase: &usize| self.kept(*phase).is_none();
        let spare = |phase| Taken { phase, minutes: self.minutes_now(phase) - LEAST_MINUTES };
        self.later(course).filter(gives).map(spare).collect()
    }

    /// What the phases give to an extension.
    pub(super) fn taken_for(
        &self,
        course: &Course,
        by: Extension,
        source: Option<MinutesFrom>,
    ) -> Result<Vec<Taken>, Refusal> {
        let spare = match source {
            None => return Ok(Vec::new()),
            Some(MinutesFrom::Spread {}) => self.spare(course),
            Some(MinutesFrom::Phase { phase }) if !self.later(course).contains(&phase) => {
                return Err(Refusal::NotNow);
            }
            Some(MinutesFrom::Phase { phase }) => {
                self.spare(course).into_iter().filter(|spare| spare.phase == phase).collect()
            }
        };
        let minutes = u32::from(by.minutes());
        if minutes > sum(&spare) { Err(Refusal::TooShort) } else { Ok(share(minutes, &spare)) }
    }

    pub(super) fn shorten(&self, by: SeatNumber, moment: Moment, now: Timestamp) -> Answer {
        self.check_steers(by)?;
        let course = self.check_visit(moment)?;
        let behind = u32::try_from(self.minutes_behind(course, now)).unwrap_or(0);
        if behind == 0 {
            return Ok(Vec::new());
        }
        let spare = self.spare(course);
        let taken = share(behind.min(sum(&spare)), &spare);
        if taken.is_empty() { Err(Refusal::TooShort) } else { Ok(vec![EventKind::Shortened { taken }]) }
    }
}

fn sum(spare: &[Taken]) -> u32 {
    spare.iter().map(|spare| u32::from(spare.minutes)).sum()
}

/// Shares minutes out evenly, at most as many as there are to spare: each phase gives in proportion to what it can
/// spare, in whole minutes. What rounding leaves over comes from those nearest to the next minute, of equals the first.
/// Phases that give nothing are not in the answer.
pub(super) fn share(minutes: u32, spare: &[Taken]) -> Vec<Taken> {
    let whole = sum(spare).max(1);
    let part = |spare: &Taken| minutes * u32::from(spare.minutes);
    let mut shares: Vec<u32> = spare.iter().map(|spare| part(spare) / whole).collect();
    let left_over = minutes - shares.iter().sum::<u32>();
    let mut nearest: Vec<usize> = (0..spare.len()).collect();
    nearest.sort_by_key(|&index| std::cmp::Reverse(part(&spare[index]) % whole));
    for index in nearest.into_iter().take(left_over as usize) {
        shares[index] += 1;
    }
    let taken = spare.iter().zip(shares).map(|(spare, share)| Taken {
        phase: spare.phase,
        minutes: u16::try_from(share).unwrap_or(spare.minutes).min(spare.minutes),
    });
    taken.filter(|taken| taken.minutes > 0).collect()
}
