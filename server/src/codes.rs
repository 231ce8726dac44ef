//! The codes under which people knock: in memory only, for ten minutes each, and with no way from a session to its code.

use attune_protocol::door::{CODE_LENGTH, CODE_LETTERS, CodeView, DoorCode};
use attune_protocol::ids::{Millis, SessionId, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::secret::{Chance, NoChance};

/// How long a code can be typed, in session time: as long as a group takes to gather.
pub(crate) const CODE_LIVES: Millis = Millis::minutes(10);

/// All codes that live.
#[derive(Debug, Default)]
pub(crate) struct Codes(Mutex<BTreeMap<DoorCode, (SessionId, Timestamp)>>);

impl Codes {
    /// A code for this session, in the place of the one that it had.
    ///
    /// # Errors
    /// There is no chance to draw from.
    pub(crate) fn make(
        &self,
        session: SessionId,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Result<CodeView, NoChance> {
        let mut codes = self.lock();
        codes.retain(|_, (owner, until)| *until > now && *owner != session);
        loop {
            let code = draw(chance)?;
            // 23⁶ codes for at most as many sessions as there are rooms: one drawn twice is drawn again.
            if !codes.contains_key(&code) {
                let until = now + CODE_LIVES;
                codes.insert(code.clone(), (session, until));
                return Ok(CodeView { code, until });
            }
        }
    }

    /// Whose door this is, while the code lives.
    pub(crate) fn find(&self, code: &DoorCode, now: Timestamp) -> Option<SessionId> {
        self.lock().get(code).filter(|(_, until)| *until > now).map(|(session, _)| *session)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<DoorCode, (SessionId, Timestamp)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Six letters, each as likely as the others.
fn draw(chance: &dyn Chance) -> Result<DoorCode, NoChance> {
    let letters = CODE_LETTERS.as_bytes();
    // Bytes past the last whole round of the letters would make the first ones likelier.
    let fair = 256 - 256 % letters.len();
    loop {
        let mut bytes = [0; 4 * CODE_LENGTH];
        chance.fill(&mut bytes)?;
        let fair_bytes = bytes.iter().map(|&byte| usize::from(byte)).filter(|&byte| byte < fair);
        let text: String =
            fair_bytes.take(CODE_LENGTH).map(|byte| char::from(letters[byte % letters.len()])).collect();
        // Too few fair bytes among these: others are drawn.
        if let Ok(code) = DoorCode::try_from(text) {
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
        let codes = Codes::default();
        let first = codes.make(session(1), &SystemChance, NOW).unwrap();
        assert_eq!(codes.find(&first.code, NOW + Millis(599_999)), Some(session(1)));
        assert_eq!(codes.find(&first.code, NOW + Millis::minutes(10)), None, "T8");
        let other = codes.make(session(2), &SystemChance, NOW).unwrap();
        let second = codes.make(session(1), &SystemChance, NOW).unwrap();
        assert_eq!(codes.find(&first.code, NOW), None);
        assert_eq!(codes.find(&second.code, NOW), Some(session(1)));
        assert_eq!(codes.find(&other.code, NOW), Some(session(2)));
        codes.make(session(3), &SystemChance, NOW + Millis::minutes(10)).unwrap();
        assert_eq!(codes.lock().len(), 1, "nothing is kept of codes that are over");
    }

    #[test]
    fn door_7_a_session_whose_room_was_opened_anew_has_one_code_all_the_same() {
        let codes = Codes::default();
        // Nothing but the codes themselves remembers the one before.
        let drawn: Vec<CodeView> =
            (0..50).map(|_| codes.make(session(1), &SystemChance, NOW).unwrap()).collect();
        let alive = drawn.iter().filter(|shown| codes.find(&shown.code, NOW).is_some()).count();
        assert_eq!((alive, codes.lock().len()), (1, 1));
    }

    #[test]
    fn door_7_codes_are_spread_over_all_letters() {
        let chance = SeededChance::new(7);
        let drawn: Vec<String> = (0..4_000).map(|_| String::from(draw(&chance).unwrap())).collect();
        assert!(drawn.iter().collect::<BTreeSet<_>>().len() > 3_995);
        for letter in CODE_LETTERS.chars() {
            let count = drawn.iter().flat_map(|code| code.chars()).filter(|&drawn| drawn == letter).count();
            assert!((900..1_200).contains(&count), "{letter}: {count}");
        }
    }
}
