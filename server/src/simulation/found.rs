//! What simulations have found in sockets, each as the shortest story that tells it.

use attune_protocol::client::{ClientMessage, Command, FirstMessage};
use attune_protocol::ids::{CommandId, Millis, Revision, SeatToken, SecretHash, SessionId, Timestamp};
use attune_protocol::server::{CloseCode, ServerMessage};
use attune_protocol::version::PROTOCOL_VERSION;
use serde::Serialize;

use super::disk::{Disk, Health, Note};
use super::link::{Decoder, Frame, Link, frame};
use super::server::Running;
use super::truth::Truths;
use crate::session::tests::laws::chance::Chance;
use crate::session::tests::laws::draw::draw_plan;
use crate::session::{Event, EventKind, PauseCause, Session, Settings};

/// A page and what it has heard.
struct Peer {
    link: Link,
    decoder: Decoder,
}

impl Peer {
    fn open(server: &mut Running) -> Self {
        Self { link: server.accept(1), decoder: Decoder::default() }
    }

    fn say(&self, message: &impl Serialize) {
        let text = serde_json::to_vec(message).expect("is written");
        self.link.arrive(&frame(1, &text));
    }

    fn hear(&mut self) -> Vec<Frame> {
        self.decoder.take(&self.link.take_written().0)
    }
}

/// Lets everything happen that the disk's few milliseconds bring.
fn run(server: &Running, now: &mut Timestamp) {
    for _ in 0..40 {
        server.settle();
        *now = *now + Millis(1);
        server.pass_to(*now);
    }
    server.settle();
}

/// Seed 15: the socket was told of a restart, came back, and was told that there never was such a session.
#[test]
fn life_5_whose_act_waits_while_the_session_is_erased_is_told_so() {
    let disk = Disk::new(Health::GOOD, Chance::new(1));
    let mut now = Timestamp(1_800_000_000_000);
    let mut server = Running::start(&disk, 1, Millis::hours(24), now, Millis(0));
    let mut founder = Peer::open(&mut server);
    let (version, seat_token) = (PROTOCOL_VERSION, SeatToken::from_bytes([7; 16]));
    let (plan, invite) = (draw_plan(&mut Chance::new(1)), SecretHash::from_bytes([8; 32]));
    founder.say(&FirstMessage::Create {
        version,
        plan,
        invite,
        seat_token,
        planned_for: None,
        create_token: None,
    });
    run(&server, &mut now);
    let session = match founder.hear().as_slice() {
        [Frame::Text(welcome)] => match serde_json::from_slice(welcome).expect("is a message") {
            ServerMessage::Welcome { session, .. } => session,
            other => panic!("expected a welcome, got {other:?}"),
        },
        other => panic!("expected a welcome, got {other:?}"),
    };
    let eraser = Peer::open(&mut server);
    eraser.say(&FirstMessage::Erase { version, session, seat_token });
    // The room waits for the disk now.
    server.settle();
    let request = CommandId(uuid::Uuid::from_u128(1));
    founder.say(&ClientMessage::Command { request, command: Command::OfferToPresent {} });
    run(&server, &mut now);
    assert_eq!(founder.hear(), [Frame::Close(Some(CloseCode::Erased))]);
}

/// Whatever the disk holds is compared with the laws of the core; one that runs back is found, and so is a gap.
#[test]
fn sim_3_a_log_that_breaks_a_law_is_found() {
    let now = Timestamp(1_800_000_000_000);
    let (id, hash) = (SessionId::from_bytes([1; 16]), SecretHash::from_bytes([7; 32]));
    let settings = Settings { seat_limit: 12, retention: Millis::hours(24) };
    let plan = draw_plan(&mut Chance::new(1));
    let (_, created) = Session::create(plan, hash, hash, settings, None, now);
    let at = |at, after, what| {
        let events = vec![Event { at, by: None, request: None, what }];
        Note::Stored { session: id, after: Revision(after), events, rival: None }
    };
    let note = |after, what| at(now, after, what);
    let begun = || {
        let mut truths = Truths::default();
        assert_eq!(truths.take(note(0, created.what.clone()), now), Ok(Some(id)));
        truths
    };
    let paused = || EventKind::Paused { cause: PauseCause::Steered };
    let earlier = begun().take(at(now - Millis(1), 1, paused()), now);
    assert_eq!(earlier.expect_err("time runs back").0, "TIME-19");
    assert_eq!(begun().take(note(2, paused()), now).expect_err("there is a gap").0, "KEEP-4");
    assert_eq!(Truths::default().take(note(0, paused()), now).expect_err("it has no beginning").0, "KEEP-4");
}
