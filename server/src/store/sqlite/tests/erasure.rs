//! What is forgotten leaves no bytes behind, and in the end no space.

use super::*;
use bytes::Bytes;
use std::collections::BTreeSet;

/// What each body of these tests is made of: unique, and easy to find in a file.
type Token = [u8; 16];

/// A small generator of numbers that look random, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }
}

/// What was written for one session.
#[derive(Default)]
struct Written {
    number: u32,
    tokens: Vec<Token>,
}

/// Sessions that come, grow and are forgotten, each token in a body of its own.
struct Life {
    dice: Dice,
    kept: Vec<Written>,
    forgotten: BTreeSet<Token>,
    tokens: u64,
    sessions: u32,
}

impl Life {
    fn new() -> Self {
        Self { dice: Dice(7), kept: Vec::new(), forgotten: BTreeSet::new(), tokens: 0, sessions: 0 }
    }

    fn body(&mut self) -> (Token, Bytes) {
        self.tokens += 1;
        let mut token = *b"\xFE\xFAtoken ........";
        // Spread, so that no page number beside half a token looks like the rest of one.
        token[8..].copy_from_slice(&self.tokens.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
        // Most as long as events are, some over many pages.
        let times = if self.dice.below(40) == 0 { self.dice.below(1_500) } else { self.dice.below(50) } + 4;
        (token, token.repeat(times).into())
    }

    /// Appends an event to each of fifty sessions, two of them new, and forgets one or two.
    async fn go_on(&mut self, store: &SqliteStore) {
        for _ in 0..2 {
            self.kept.push(Written { number: self.sessions, tokens: Vec::new() });
            self.sessions += 1;
        }
        let mut appends = Vec::new();
        let mut chosen: BTreeSet<_> = (0..50).map(|_| self.dice.below(self.kept.len())).collect();
        chosen.extend([self.kept.len() - 1, self.kept.len() - 2]);
        for place in chosen {
            let (token, body) = self.body();
            let written = &mut self.kept[place];
            let after = Revision(written.tokens.len() as u64);
            written.tokens.push(token);
            let session = session(written.number);
            appends.push(store.append(Append {
                session,
                after,
                events: vec![body],
                expires_at: Timestamp(1),
            }));
        }
        for appended in futures_util::future::join_all(appends).await {
            appended.expect("stored");
        }
        for _ in 0..1 + self.dice.below(2) {
            let place = self.dice.below(self.kept.len());
            let gone = self.kept.swap_remove(place);
            store.forget(session(gone.number), Timestamp(2)).await.expect("forgotten");
            self.forgotten.extend(gone.tokens);
        }
    }

    /// No forgotten token is in any file, and every kept one is where it belongs.
    async fn assert_erased(&self, store: &SqliteStore, folder: &Path) {
        store.flush().await.expect("cleaned");
        let mut seen = BTreeSet::new();
        for content in files(folder).values() {
            for (place, _) in content.windows(2).enumerate().filter(|(_, start)| *start == b"\xFE\xFA") {
                let token = content.get(place..place + 16).and_then(|bytes| Token::try_from(bytes).ok());
                seen.extend(token);
            }
        }
        assert_eq!(seen.intersection(&self.forgotten).count(), 0, "of {} forgotten", self.forgotten.len());
        let kept: BTreeSet<_> = self.kept.iter().flat_map(|written| written.tokens.iter().copied()).collect();
        assert!(seen.is_superset(&kept), "the search finds what is there");
        for written in &self.kept {
            let Ok(Loaded::Events(stored)) = store.load(session(written.number)).await else {
                panic!("lost")
            };
            let found: Vec<_> = stored.iter().map(|body| body[..16].to_vec()).collect();
            assert_eq!(found, written.tokens);
        }
    }
}

#[tokio::test]
async fn t30_keep_15_nothing_of_a_forgotten_session_is_left_in_any_file() {
    let folder = TempDir::new().expect("folder");
    let store = open(&folder).expect("opened");
    let mut life = Life::new();
    for round in 1..=300 {
        life.go_on(&store).await;
        if round % 100 == 0 {
            life.assert_erased(&store, folder.path()).await;
        }
    }
    assert!(life.forgotten.len() > 5_000, "{} forgotten", life.forgotten.len());
    assert!(life.kept.len() > 50, "{} kept", life.kept.len());
    store.close().await;
}

#[tokio::test]
async fn keep_16_the_space_of_what_was_forgotten_is_given_back() {
    let folder = TempDir::new().expect("folder");
    let options = SqliteOptions { compact_after: 256 * 1024, ..Default::default() };
    let store = SqliteStore::open(folder.path(), options).expect("opened");
    let length = || std::fs::metadata(folder.path().join("attune.db")).expect("there").len();
    let mut life = Life::new();
    let mut longest = 0;
    for _ in 0..100 {
        life.go_on(&store).await;
        // Only then is everything in this file, and nothing in the log beside it.
        store.flush().await.expect("nobody hinders it");
        longest = longest.max(length());
    }
    life.assert_erased(&store, folder.path()).await;
    while life.kept.len() > 3 {
        let gone = life.kept.pop().expect("more than three");
        store.forget(session(gone.number), Timestamp(2)).await.expect("forgotten");
        life.forgotten.extend(gone.tokens);
    }
    life.assert_erased(&store, folder.path()).await;
    assert!(length() < longest / 3, "{} of {longest} bytes are left", length());
    assert_eq!(store.load(session(0)).await.map(|loaded| loaded != Loaded::Absent), Ok(true), "still known");
}
