//! A hand-written client that breaks every rule, and a group beside it that notices nothing.

use attune_protocol::client::Command;
use attune_protocol::ids::{Revision, SeatNumber};
use attune_protocol::server::{CloseCode, Refusal};
use attune_tests::client::{Client, open_socket};
use attune_tests::group::{Group, Person, hello, hello_again};
use attune_tests::picture::{Answer, Ending};
use attune_tests::plans;
use attune_tests::raw::{Raw, allow_many_sockets, frame};
use attune_tests::secrets::{draw_request, draw_token, seal};
use attune_tests::server::{Setup, TestServer};
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;

const ATTACKER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 66));
const OFFICE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 10));
const MALLORY: SeatNumber = SeatNumber(4);

/// A server with the limits of one that is hosted, where addresses of this machine count like any others.
async fn hosted() -> TestServer {
    TestServer::with(Setup::with_limits(|limits| limits.loopback_exempt = false)).await
}

/// A group in its round, with Mallory among them.
struct Scene {
    group: Group,
    mallory: Person,
    revision: Revision,
}

impl Scene {
    async fn set(server: &TestServer) -> Self {
        let group = Group::gather_from(OFFICE, server.address(), plans::ruch(), 3).await;
        let mallory = Person::join_from(ATTACKER, server.address(), &group.link, "Mallory").await;
        mallory.agree().await;
        group.present_and_begin(SeatNumber(2)).await;
        group.next().await;
        group.next().await;
        let revision = group[0].picture().revision;
        mallory.catch_up(revision).await;
        Self { group, mallory, revision }
    }

    /// Nobody of the group has been told anything: no event, no view.
    async fn notices_nothing(&self, server: &TestServer, what: &str) {
        let events = server.events(self.group.link.session).await;
        assert_eq!(events.len() as u64, self.revision.0, "{what} was written");
        for person in &self.group.people {
            person.now().await;
            assert_eq!(person.picture().revision, self.revision, "{what} was told to {}", person.name);
        }
    }

    async fn refused(&self, server: &TestServer, what: &str, command: Command, why: Refusal) {
        assert_eq!(self.mallory.refused(command).await, why, "{what}");
        self.notices_nothing(server, what).await;
    }
}

#[tokio::test]
async fn wire_5_a_hand_written_client_is_refused_by_name_and_nobody_notices() {
    let server = hosted().await;
    let scene = Scene::set(&server).await;
    let moment = scene.mallory.moment();
    assert_eq!(scene.group[1].picture().speaker(), Some(SeatNumber(2)));
    scene
        .refused(&server, "speaking out of turn", Command::FinishTurn { moment }, Refusal::NotYourTurn)
        .await;
    scene.refused(&server, "steering", Command::Next { moment }, Refusal::NotFacilitator).await;
    scene.refused(&server, "ending", Command::End { moment }, Refusal::NotFacilitator).await;
    let promotion = Command::SetFacilitator { seat: MALLORY, facilitator: true };
    scene.refused(&server, "making oneself a facilitator", promotion, Refusal::NotFacilitator).await;
    let name = Command::SetName { seat: SeatNumber(1), name: seal("Mallory") };
    scene.refused(&server, "naming another", name, Refusal::NotYours).await;
    scene.refused(&server, "taking the chair", Command::TakeChair {}, Refusal::ChairNotFree).await;

    // Forged: a seat and a field that no command has.
    for forged in [json!({"type": "leave", "seat": 1}), json!({"type": "needPause", "as": "facilitator"})] {
        let request = draw_request();
        let text = json!({"type": "command", "request": request, "command": forged}).to_string();
        assert_eq!(scene.mallory.send_as(request, text).await, Answer::Refused(Refusal::NotUnderstood));
        scene.notices_nothing(&server, "a forged field").await;
    }
    let request = draw_request();
    let text =
        json!({"type": "command", "request": request, "command": {"type": "leave"}, "seat": 1}).to_string();
    assert_eq!(scene.mallory.send_as(request, text).await, Answer::Refused(Refusal::NotUnderstood));
    scene.notices_nothing(&server, "a forged seat").await;
    // Guessing tokens: another's seat opens by nothing else.
    let guesser = Client::open_from(ATTACKER, server.address()).await;
    guesser.introduce(&hello_again(scene.group.link.session, draw_token()));
    assert_eq!(guesser.close_code().await, CloseCode::Unknown);
    scene.notices_nothing(&server, "a guess").await;
}

#[tokio::test]
async fn wire_5_an_old_command_that_is_replayed_changes_nothing() {
    let server = hosted().await;
    let mut scene = Scene::set(&server).await;
    let offer = draw_request();
    // In the round nobody offers; what was accepted is a name.
    let name = Command::SetName { seat: MALLORY, name: seal("M.") };
    scene.mallory.repeat(offer, name.clone());
    let Answer::Accepted(revision) = scene.mallory.answer(offer).await else { panic!("a name may be set") };
    scene.group.all_catch_up(revision).await;
    scene.revision = revision;
    for _ in 0..5 {
        scene.mallory.repeat(offer, name.clone());
        assert!(matches!(scene.mallory.answer(offer).await, Answer::Accepted(_)));
        // Another's command by its id, as one who saw it might try.
        let stolen = server
            .events(scene.group.link.session)
            .await
            .iter()
            .rev()
            .find_map(|event| event.request)
            .unwrap();
        scene.mallory.repeat(stolen, Command::Next { moment: scene.mallory.moment() });
        let answer = scene.mallory.answer(stolen).await;
        assert!(answer == Answer::Refused(Refusal::NotFacilitator) || stolen == offer, "{answer:?}");
    }
    scene.notices_nothing(&server, "a replay").await;
}

/// What ends an attacker's socket, and with which code.
fn attacks() -> Vec<(&'static str, Vec<u8>, CloseCode)> {
    let ping = br#"{"type":"ping","sent":1}"#;
    vec![
        ("a megabyte", frame(0x81, &vec![b' '; 1 << 20]), CloseCode::TooBig),
        ("binary junk", frame(0x82, &[0xde, 0xad, 0xbe, 0xef]), CloseCode::NotUnderstood),
        ("bytes that are no frame", vec![0xff; 64], CloseCode::NotUnderstood),
        ("text that is no text", frame(0x81, &[0xc3, 0x28]), CloseCode::NotUnderstood),
        ("10,000 messages", frame(0x81, ping).repeat(10_000), CloseCode::TooFast),
        ("1,000 pings", frame(0x89, b"").repeat(1_000), CloseCode::TooFast),
        ("1,000 pieces", [frame(0x01, b"{"), frame(0x00, b" ").repeat(1_000)].concat(), CloseCode::TooFast),
    ]
}

#[tokio::test]
async fn wire_7_attacks_on_a_socket_end_it_with_a_listed_code_and_a_witness_notices_nothing() {
    let server = hosted().await;
    let witness = Group::gather_from(OFFICE, server.address(), plans::ruch(), 3).await;
    witness.present_and_begin(SeatNumber(2)).await;
    let before = witness[0].picture();
    let (mallory, link) = Person::set_up_from(ATTACKER, server.address(), "Mallory", plans::ruch()).await;
    for (what, bytes, code) in attacks() {
        let mut raw = Raw::connect_from(ATTACKER, server.address()).await;
        raw.enter(server.address(), &hello(&link, draw_token())).await;
        raw.send(&bytes).await;
        assert_eq!(raw.ending().await.code(), Some(code), "{what}");
        for person in &witness.people {
            person.now().await;
            assert_eq!(person.picture().revision, before.revision, "{what}");
        }
    }
    // Half a frame, and silence: it is given up in time; here it goes by itself.
    let mut half = Raw::connect_from(ATTACKER, server.address()).await;
    half.enter(server.address(), &hello(&link, draw_token())).await;
    half.send(&frame(0x81, b"{\"type\":\"ping\",\"sent\":1}")[..8]).await;
    drop(half);
    mallory.send(Message::binary(vec![0]));
    assert_eq!(mallory.close_code().await, CloseCode::NotUnderstood);
    witness.next().await;
    witness.all_see("the next phase", |picture| picture.phase() == Some(1)).await;
    assert_eq!(witness[0].picture().revision.0, before.revision.0 + 1);
}

#[tokio::test]
async fn wire_22_a_thousand_sockets_from_one_address_keep_nobody_else_out() {
    allow_many_sockets();
    let server = hosted().await;
    let witness = Group::gather_from(OFFICE, server.address(), plans::ruch(), 3).await;
    witness.present_and_begin(SeatNumber(2)).await;
    let before = witness[0].picture();
    let address = server.address();
    let mut attack = JoinSet::new();
    for _ in 0..1_000 {
        attack.spawn(async move { open_socket(ATTACKER, address).await.ok() });
    }
    // Meanwhile, a newcomer from elsewhere and the group's own acts.
    let (_ada, link) =
        Person::set_up_from(Ipv4Addr::new(127, 0, 0, 77).into(), address, "Ada", plans::ruch()).await;
    witness.next().await;
    let sockets: Vec<_> = attack.join_all().await.into_iter().flatten().collect();
    println!("{} of 1,000 sockets were given", sockets.len());
    // They wait no longer than there is room for them.
    let waiting: Vec<_> = sockets.into_iter().map(Client::over).collect();
    let limit = server.limits().waiting_per_address;
    let left = || waiting.iter().filter(|client| client.picture().ending.is_none()).count();
    attune_tests::waiting::until("the others to be closed", || (left() <= limit).then_some(())).await;
    let late = Client::open_from(OFFICE, address).await;
    late.introduce(&hello(&link, draw_token()));
    late.welcome().await;
    witness.next().await;
    witness.all_see("the round", |picture| picture.phase() == Some(2)).await;
    assert_eq!(witness[0].picture().revision.0, before.revision.0 + 2);
    assert_eq!(witness.common_view().seats.iter().filter(|seat| seat.away_since.is_some()).count(), 0);
    drop(waiting);
    let again = attune_tests::waiting::within_limit("a place", async {
        loop {
            if let Ok(socket) = open_socket(ATTACKER, address).await {
                return Client::over(socket);
            }
        }
    });
    drop(again.await);
    assert!(!matches!(late.picture().ending, Some(Ending::Dropped)));
}
