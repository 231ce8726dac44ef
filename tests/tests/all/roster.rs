//! Whoever receives views is on everyone's list, and nobody else is.

use attune_protocol::client::Command;
use attune_protocol::ids::{Millis, SeatNumber};
use attune_tests::client::Client;
use attune_tests::group::{Link, Person, hello, offer_or_withdraw};
use attune_tests::picture::Picture;
use attune_tests::plans;
use attune_tests::secrets::{draw, draw_invite_change, draw_token};
use attune_tests::server::TestServer;
use std::collections::BTreeSet;

const STEPS: usize = 150;
const MOST: usize = 9;

/// A small generator, so that a seed repeats a script.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        // xorshift64*, by Marsaglia and Vigna.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let thrown = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(thrown).expect("is 31 bits") % sides
    }
}

/// A session, and every socket that there ever was in it.
struct Scene {
    server: TestServer,
    ada: Person,
    link: Link,
    others: Vec<Person>,
    /// Sockets that must hear nothing more.
    former: Vec<Client>,
    changes: u32,
}

impl Scene {
    /// Somebody comes, goes, comes back or is put out.
    async fn step(&mut self, dice: &mut Dice) -> &'static str {
        let chosen = dice.throw(self.others.len().max(1));
        let connected = self.others.get(chosen).map(Person::is_connected);
        match (dice.throw(6), connected) {
            (0 | 1, _) | (_, None) if self.others.len() < MOST => {
                self.others.push(Person::join(self.server.address(), &self.link, "Noah").await);
                "join"
            }
            (0..=2, Some(true)) => {
                self.others[chosen].lose_network().await;
                "lose"
            }
            (3, Some(true)) => {
                let former = self.others[chosen].come_back(self.server.address()).await;
                self.former.extend(former);
                "take over"
            }
            (4, Some(true)) => {
                self.others[chosen].act(Command::Leave {});
                self.put_out(chosen);
                "leave"
            }
            (5, Some(_)) => {
                let (invite, change) = draw_invite_change();
                self.link.invite = invite;
                self.ada.accept(Command::Remove { seat: self.others[chosen].number, invite: change }).await;
                self.put_out(chosen);
                "remove"
            }
            (_, Some(false)) => {
                self.others[chosen].come_back(self.server.address()).await;
                "come back"
            }
            _ => "nothing",
        }
    }

    fn put_out(&mut self, number: usize) {
        let person = self.others.swap_remove(number);
        self.former.extend(person.into_client());
    }

    /// What everybody sees is who is told.
    async fn check(&mut self, step: &str) {
        let connected: Vec<&Person> =
            self.others.iter().filter(|person| person.is_connected()).chain([&self.ada]).collect();
        let sockets: BTreeSet<SeatNumber> = connected.iter().map(|person| person.number).collect();
        let here = |picture: &Picture| -> BTreeSet<SeatNumber> {
            let seats = picture.view.iter().flat_map(|view| &view.seats);
            seats.filter(|seat| seat.away_since.is_none()).map(|seat| seat.seat).collect()
        };
        for person in &connected {
            person.wait_until(&format!("{sockets:?} after {step}"), |picture| here(picture) == sockets).await;
        }
        self.changes += 1;
        let revision = self.ada.accept(offer_or_withdraw(self.changes)).await;
        for person in &connected {
            person.catch_up(revision).await;
            assert_eq!(person.look(here), sockets, "after {step}");
        }
        for former in &self.former {
            former.ending().await;
            assert!(
                former.picture().revision < revision,
                "somebody who is on no list was told, after {step}"
            );
        }
    }
}

#[tokio::test]
async fn t11_whoever_gets_a_view_is_on_everyones_list() {
    let seed = u64::from_le_bytes(draw()) | 1;
    let seed = std::env::var("ATTUNE_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(seed);
    println!("ATTUNE_SEED={seed}");
    let mut dice = Dice(seed);
    let server = TestServer::start().await;
    let (ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    ada.agree().await;
    let mut scene = Scene { server, ada, link, others: Vec::new(), former: Vec::new(), changes: 1 };
    for number in 0..STEPS {
        let step = scene.step(&mut dice).await;
        scene.check(&format!("step {number}, {step}")).await;
        // Time goes on, so that nobody comes or goes more often than a bad network does it.
        scene.server.advance(Millis::minutes(1));
    }
    // A socket that has not come in is on no list and is told nothing.
    let silent = Client::open(scene.server.address()).await;
    scene.check("a silent socket").await;
    assert_eq!(silent.picture().view, None);
    silent.introduce(&hello(&scene.link, draw_token()));
    silent.welcome().await;
    scene.ada.wait_until("who came", |picture| picture.seat(silent.seat()).is_some()).await;
}
