//! Secrets at rest and chance: hashes of what browsers drew, and the numbers that the server draws.

use attune_protocol::ids::{DisplaySecret, Invite, SeatToken, SecretHash, SessionId};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};

/// Where the server's random bytes come from; passed in, so that a simulation is repeatable.
pub trait Chance: Send + Sync + 'static {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// The system has no random bytes to give.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance>;
}

/// The system's generator gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoChance;

impl std::fmt::Display for NoChance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the system's random generator gave nothing")
    }
}

impl std::error::Error for NoChance {}

/// The system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        getrandom::fill(bytes).map_err(|_| NoChance)
    }
}

/// The same bytes for the same seed. For tests and simulation only: whoever knows the seed knows every id.
#[derive(Debug, Default)]
pub struct SeededChance {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededChance {
    /// Starts at the seed's beginning.
    pub fn new(seed: u64) -> Self {
        Self { seed, drawn: AtomicU64::new(0) }
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoChance> {
        for part in bytes.chunks_mut(32) {
            let count = self.drawn.fetch_add(1, Ordering::Relaxed);
            let block = Sha256::new().chain_update(self.seed.to_le_bytes()).chain_update(count.to_le_bytes());
            part.copy_from_slice(&block.finalize()[..part.len()]);
        }
        Ok(())
    }
}

/// Draws the id of a new session.
///
/// # Errors
/// There is no chance to draw from.
pub fn draw_session_id(chance: &dyn Chance) -> Result<SessionId, NoChance> {
    let mut bytes = [0; 16];
    chance.fill(&mut bytes)?;
    Ok(SessionId::from_bytes(bytes))
}

/// What is kept of an invite. The hash is plain: 128 random bits need no salt and no slowness.
pub fn hash_invite(invite: &Invite) -> SecretHash {
    hash(invite.as_bytes())
}

/// What is kept of a seat's token.
pub fn hash_token(token: &SeatToken) -> SecretHash {
    hash(token.as_bytes())
}

/// What is kept of a display link's secret.
pub fn hash_display(secret: &DisplaySecret) -> SecretHash {
    hash(secret.as_bytes())
}

fn hash(secret: &[u8]) -> SecretHash {
    SecretHash::from_bytes(Sha256::digest(secret).into())
}

/// What somebody must know to set a session up. Only its hash is kept, which is compared in constant time.
#[derive(Clone, PartialEq, Eq)]
pub struct CreateToken(SecretHash);

/// Shorter ones are too easily guessed, in characters.
const SHORTEST_CREATE_TOKEN: usize = 12;

impl CreateToken {
    /// Whether this is what was said.
    pub fn is(&self, said: &str) -> bool {
        self.0 == hash(said.trim().as_bytes())
    }
}

impl std::fmt::Debug for CreateToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CreateToken(..)")
    }
}

/// A text that is too short for a [`CreateToken`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooShort;

impl std::fmt::Display for TooShort {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "expected {SHORTEST_CREATE_TOKEN} characters or more")
    }
}

impl std::error::Error for TooShort {}

impl std::str::FromStr for CreateToken {
    type Err = TooShort;

    fn from_str(text: &str) -> Result<Self, TooShort> {
        let text = text.trim();
        let is_long_enough = text.chars().count() >= SHORTEST_CREATE_TOKEN;
        is_long_enough.then(|| Self(hash(text.as_bytes()))).ok_or(TooShort)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn t2_ids_have_no_repeats_and_no_order() {
        let ids: Vec<SessionId> =
            (0..100_000).map(|_| draw_session_id(&SystemChance).expect("the system has chance")).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
        // Of n random values, half of the neighbours rise; 5 standard deviations are under 1,000.
        let rising = ids.windows(2).filter(|pair| pair[0] < pair[1]).count();
        assert!((49_000..51_000).contains(&rising), "{rising} of 99,999 rise");
    }

    #[test]
    fn a_hash_is_sha_256_of_the_sixteen_bytes() {
        let hash = String::from(hash_token(&SeatToken::from_bytes([0; 16])));
        assert_eq!(hash, "N0cI__dxndWXnsh11WzSKG9tPPfsMXo7JWMqqyjsN7s");
    }

    #[test]
    fn wire_36_a_create_token_is_itself_and_shows_nothing() {
        let token: CreateToken = "open the door ".parse().expect("is long enough");
        assert!(token.is("open the door") && token.is(" open the door\n"));
        assert!(!token.is("open the doors") && !token.is("") && !token.is("Open the door"));
        assert_eq!("elevenchars".parse::<CreateToken>(), Err(TooShort));
        assert!(!format!("{token:?}").contains("open"));
    }

    #[test]
    fn a_seed_repeats_and_another_does_not() {
        let draw = |seed| {
            let chance = SeededChance::new(seed);
            let ids = [draw_session_id(&chance), draw_session_id(&chance)];
            ids.map(|id| id.expect("seeds never run out"))
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        assert_ne!(draw(1)[0], draw(1)[1]);
    }
}
