//! What the log says of refusals: one line each, of what kind, on which connection, and from whose hash.
//!
//! An address is never written: only a hash of it under a key that lives in memory for a day. It tells whether two
//! lines of one day are about the same address, and nothing else, not even to whoever has the log and an address.

use attune_protocol::ids::Timestamp;
use attune_protocol::server::CloseCode;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};

use crate::limits::{Bucket, Limits};
use crate::secret::Chance;

const MILLIS_PER_DAY: i64 = 24 * 60 * 60 * 1_000;

/// What was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A page of another site asked for a socket.
    ForeignOrigin,
    /// An address has too much.
    AddressLimit,
    /// The whole server has too much.
    ServerLimit,
    /// A socket was told to come later, for whichever reason.
    Busy,
    /// A socket sent too much, or what no page sends.
    SocketLimit,
    /// A session that does not exist, or a secret that does not open it.
    WrongSecret,
}

impl Kind {
    /// What a socket that was closed so has done, if it is of interest.
    pub(crate) fn of(code: CloseCode) -> Option<Self> {
        match code {
            CloseCode::Unknown | CloseCode::NotAllowed | CloseCode::TokenNeeded => Some(Self::WrongSecret),
            CloseCode::TooFast | CloseCode::TooBig | CloseCode::NotUnderstood => Some(Self::SocketLimit),
            CloseCode::Busy => Some(Self::Busy),
            CloseCode::Restarting
            | CloseCode::Full
            | CloseCode::Locked
            | CloseCode::Knock
            | CloseCode::Declined
            | CloseCode::Moved
            | CloseCode::Used
            | CloseCode::Removed
            | CloseCode::Left
            | CloseCode::Ended
            | CloseCode::Erased
            | CloseCode::Replaced
            | CloseCode::Reload
            | CloseCode::Silent => None,
        }
    }

    /// How it is called in the log and among the metrics.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::ForeignOrigin => "foreign_origin",
            Self::AddressLimit => "address_limit",
            Self::ServerLimit => "server_limit",
            Self::Busy => "busy",
            Self::SocketLimit => "socket_limit",
            Self::WrongSecret => "wrong_secret",
        }
    }
}

/// Writes refusals to the log, as many as it may take.
pub(crate) struct Refusals {
    limits: Arc<Limits>,
    chance: Arc<dyn Chance>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    lines: Bucket,
    unlogged: u64,
    /// The day that the key is for.
    day: Option<i64>,
    key: [u8; 32],
}

impl Refusals {
    /// Nothing was refused yet.
    pub(crate) fn new(limits: Arc<Limits>, chance: Arc<dyn Chance>) -> Self {
        Self { limits, chance, state: Mutex::default() }
    }

    /// One refusal, on a connection with a random number, from whoever `address` is.
    pub(crate) fn log(&self, kind: Kind, connection: u32, address: [u8; 8], now: Timestamp) {
        let Some((from, unlogged)) = self.line(address, now) else { return };
        tracing::info!(kind = kind.word(), connection, from, unlogged, "refused");
    }

    /// The hash of an address and how many lines were left out, if one may be written now.
    fn line(&self, address: [u8; 8], now: Timestamp) -> Option<(String, u64)> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.lines.take(self.limits.refusals_logged, 1, now) {
            state.unlogged += 1;
            return None;
        }
        let today = now.0.div_euclid(MILLIS_PER_DAY);
        if state.day != Some(today) {
            let mut key = [0; 32];
            // Without a key a hash could be tried out against all addresses.
            if self.chance.fill(&mut key).is_err() {
                return Some(("unknown".to_owned(), std::mem::take(&mut state.unlogged)));
            }
            (state.day, state.key) = (Some(today), key);
        }
        let hash = Sha256::new().chain_update(state.key).chain_update(address).finalize();
        let [a, b, c, d, e, f, ..]: [u8; 32] = hash.into();
        let from = format!("{a:02x}{b:02x}{c:02x}{d:02x}{e:02x}{f:02x}");
        Some((from, std::mem::take(&mut state.unlogged)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Rate;
    use crate::secret::SystemChance;
    use attune_protocol::ids::Millis;

    const MORNING: Timestamp = Timestamp(20_000 * MILLIS_PER_DAY);

    fn refusals(rate: Rate) -> Refusals {
        let limits = Limits { refusals_logged: rate, ..Limits::default() };
        Refusals::new(Arc::new(limits), Arc::new(SystemChance))
    }

    #[test]
    fn t28_an_address_has_one_hash_a_day_and_on_each_server_another() {
        let (one, two) = (refusals(Rate::UNLIMITED), refusals(Rate::UNLIMITED));
        let hash = |refusals: &Refusals, address: u8, now: Timestamp| {
            refusals.line([address; 8], now).expect("may be written").0
        };
        let evening = MORNING + Millis(MILLIS_PER_DAY - 1);
        let first = hash(&one, 1, MORNING);
        assert_ne!(first, hash(&one, 2, MORNING));
        assert_ne!(first, hash(&two, 1, MORNING));
        assert_eq!(first, hash(&one, 1, evening));
        assert_ne!(first, hash(&one, 1, evening + Millis(1)));
    }

    #[test]
    fn t28_a_flood_of_refusals_is_counted_and_does_not_fill_the_log() {
        let refusals = refusals(Rate::per_second(1, 10));
        let lines = (0..1_000).filter_map(|_| refusals.line([1; 8], MORNING)).count();
        assert_eq!(lines, 10);
        let later = refusals.line([1; 8], MORNING + Millis::seconds(1));
        assert_eq!(later.map(|(_, unlogged)| unlogged), Some(990));
        let last = refusals.line([1; 8], MORNING + Millis::seconds(2));
        assert_eq!(last.map(|(_, unlogged)| unlogged), Some(0));
    }
}
