//! The codes that people type: in memory only, for minutes each, and with no way from a session to its code.

use attune_protocol::door::{CODE_LENGTH, CODE_LETTERS, DoorCode};
use attune_protocol::ids::{Millis, SeatNumber, SessionId, Timestamp};
use attune_protocol::moving::{SEAT_CODE_LENGTH, SeatCode};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::secret::{Chance, NoChance};

/// A kind of code.
pub(crate) trait Code: TryFrom<String> + Clone + Ord {
    /// What it leads to.
    type Owner: Copy + Eq;
    /// How many letters it has.
    const LENGTH: usize;
    /// How long it can be typed, in session time.
    const LIVES: Millis;
}

impl Code for DoorCode {
    type Owner = SessionId;
    const LENGTH: usize = CODE_LENGTH;
    /// As long as a group takes to gather.
    const LIVES: Millis = Millis::minutes(10);
}

impl Code for SeatCode {
    type Owner = (SessionId, SeatNumber);
    const LENGTH: usize = SEAT_CODE_LENGTH;
    /// As long as one person takes to find the other device.
    const LIVES: Millis = Millis::minutes(5);
}

type Live<C> = BTreeMap<C, (<C as Code>::Owner, Timestamp)>;

/// All codes of a kind that live.
pub(crate) struct Codes<C: Code>(Mutex<Live<C>>);

impl<C: Code> Default for Codes<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<C: Code> Codes<C> {
    /// A code for this owner, in the place of the one that it had, and until when it lives.
    ///
    /// # Errors
    /// There is no chance to draw from.
    pub(crate) fn make(
        &self,
        owner: C::Owner,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Result<(C, Timestamp), NoChance> {
        let mut codes = self.lock();
        codes.retain(|_, (other, until)| *until > now && *other != owner);
        loop {
            let code: C = draw(chance)?;
            // 23⁶ codes and more for at most as many sessions as there are rooms: one drawn twice is drawn again.
            if !codes.contains_key(&code) {
                let until = now + C::LIVES;
                codes.insert(code.clone(), (owner, until));
                return Ok((code, until));
            }
        }
    }

    /// What this leads to, while the code lives.
    pub(crate) fn find(&self, code: &C, now: Timestamp) -> Option<C::Owner> {
        self.lock().get(code).filter(|(_, until)| *until > now).map(|(owner, _)| *owner)
    }

    /// As [`Codes::find`], and it leads nowhere any more.
    pub(crate) fn spend(&self, code: &C, now: Timestamp) -> Option<C::Owner> {
        self.lock().remove(code).filter(|(_, until)| *until > now).map(|(owner, _)| owner)
    }

    /// This owner's code leads nowhere any more.
    pub(crate) fn end(&self, owner: C::Owner) {
        self.lock().retain(|_, (other, _)| *other != owner);
    }

    fn lock(&self) -> MutexGuard<'_, Live<C>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Its letters, each as likely as the others.
fn draw<C: Code>(chance: &dyn Chance) -> Result<C, NoChance> {
    let letters = CODE_LETTERS.as_bytes();
    // Bytes past the last whole round of the letters would make the first ones likelier.
    let fair = 256 - 256 % letters.len();
    loop {
        let mut bytes = [0; 4 * SEAT_CODE_LENGTH];
        chance.fill(&mut bytes)?;
        let fair_bytes = bytes.iter().map(|&byte| usize::from(byte)).filter(|&byte| byte < fair);
        let text: String =
            fair_bytes.take(C::LENGTH).map(|byte| char::from(letters[byte % letters.len()])).collect();
        // Too few fair bytes among these: others are drawn.
        if let Ok(code) = C::try_from(text) {
            return Ok(code);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::{SeededChance, SystemChance};
    use std::collections::BTreeSet;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn session(number: u8) -> SessionId {
        SessionId::from_bytes([number; 16])
    }

    #[test]
    fn door_7_a_code_lives_ten_minutes_and_only_the_newest_of_a_session() {
        let codes = Codes::<DoorCode>::default();
        let first = codes.make(session(1), &SystemChance, NOW).unwrap();
        assert_eq!(codes.find(&first.0, NOW + Millis(599_999)), Some(session(1)));
        assert_eq!(codes.find(&first.0, NOW + Millis::minutes(10)), None, "T8");
        let other = codes.make(session(2), &SystemChance, NOW).unwrap();
        let second = codes.make(session(1), &SystemChance, NOW).unwrap();
        assert_eq!(codes.find(&first.0, NOW), None);
        assert_eq!(codes.find(&second.0, NOW), Some(session(1)));
        assert_eq!(codes.find(&other.0, NOW), Some(session(2)));
        codes.make(session(3), &SystemChance, NOW + Millis::minutes(10)).unwrap();
        assert_eq!(codes.lock().len(), 1, "nothing is kept of codes that are over");
    }

    #[test]
    fn door_7_a_session_whose_room_was_opened_anew_has_one_code_all_the_same() {
        let codes = Codes::<DoorCode>::default();
        // Nothing but the codes themselves remembers the one before.
        let drawn: Vec<(DoorCode, Timestamp)> =
            (0..50).map(|_| codes.make(session(1), &SystemChance, NOW).unwrap()).collect();
        let alive = drawn.iter().filter(|shown| codes.find(&shown.0, NOW).is_some()).count();
        assert_eq!((alive, codes.lock().len()), (1, 1));
    }

    #[test]
    fn door_23_a_seats_code_lives_five_minutes_and_is_spent_by_the_first_who_types_it() {
        let codes = Codes::<SeatCode>::default();
        let owner = (session(1), SeatNumber(3));
        let (code, until) = codes.make(owner, &SystemChance, NOW).unwrap();
        assert_eq!((until, codes.find(&code, NOW)), (NOW + Millis::minutes(5), Some(owner)));
        assert_eq!(codes.spend(&code, until), None, "too late");
        let (code, _) = codes.make(owner, &SystemChance, NOW).unwrap();
        let (beside, _) = codes.make((session(1), SeatNumber(4)), &SystemChance, NOW).unwrap();
        assert_eq!((codes.spend(&code, NOW), codes.spend(&code, NOW)), (Some(owner), None));
        assert_eq!(codes.find(&beside, NOW), Some((session(1), SeatNumber(4))));
        codes.end((session(1), SeatNumber(4)));
        assert_eq!(codes.find(&beside, NOW), None);
    }

    #[test]
    fn door_7_codes_are_spread_over_all_letters() {
        let chance = SeededChance::new(7);
        let drawn: Vec<String> =
            (0..4_000).map(|_| String::from(draw::<DoorCode>(&chance).unwrap())).collect();
        assert!(drawn.iter().collect::<BTreeSet<_>>().len() > 3_995);
        for letter in CODE_LETTERS.chars() {
            let count = drawn.iter().flat_map(|code| code.chars()).filter(|&drawn| drawn == letter).count();
            assert!((900..1_200).contains(&count), "{letter}: {count}");
        }
    }
}
