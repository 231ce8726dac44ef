//! Many people behind one address, and somebody among them who guesses.

use attune_protocol::client::Command;
use attune_protocol::ids::{Millis, SeatNumber, SessionId};
use attune_protocol::server::{CloseCode, Refusal};
use attune_server::limits::Rate;
use attune_tests::client::{Client, open_socket};
use attune_tests::group::{Group, Link, Person, hello, offer_or_withdraw};
use attune_tests::plans;
use attune_tests::raw::{Raw, upgrade_request};
use attune_tests::secrets::{draw, draw_invite, draw_token};
use attune_tests::server::{Setup, TestServer};
use attune_tests::waiting::within_limit;
use futures_util::{SinkExt, StreamExt};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;

/// Everybody's address.
const OFFICE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 10));
const PEOPLE: usize = 300;
const GROUP: usize = 10;
const SECONDS: usize = 60;
/// Connections of a page beside its socket.
const FILES: usize = 5;
const GUESSES_A_SECOND: usize = 15;

/// A server with the limits of one that is hosted, but for patience with those who wait for the test.
fn hosted() -> Setup {
    Setup::by_hand(|limits| {
        limits.loopback_exempt = false;
        (limits.away_after, limits.silent_after) = (Millis::hours(24), Millis::hours(24));
    })
}

/// Guesses a session, or the invite of one that there is, and writes down what it is told.
async fn guess(server: SocketAddr, session: SessionId, told: Arc<Mutex<Vec<u16>>>) {
    let mut socket = open_socket(OFFICE, server).await.expect("a guesser may come in as anybody");
    let text = serde_json::to_string(&hello(&Link { session, invite: draw_invite() }, draw_token()));
    socket.send(Message::text(text.expect("can be written"))).await.expect("is open");
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Close(Some(frame)) = message {
            told.lock().unwrap().push(frame.code.into());
        }
    }
}

/// Loads the page and comes into the group that is filled just now.
async fn arrive(server: SocketAddr, people: &mut Vec<Person>, link: &mut Option<Link>) {
    for _ in 0..FILES {
        let mut raw = Raw::connect_from(OFFICE, server).await;
        raw.send(b"GET /s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        assert_eq!(raw.response().await.expect("an answer").status, 200);
    }
    let person = match link {
        Some(link) if !people.len().is_multiple_of(GROUP) => {
            Person::join_from(OFFICE, server, link, "Noah").await
        }
        _ => {
            let (person, new) = Person::set_up_from(OFFICE, server, "Ada", plans::ruch()).await;
            *link = Some(new);
            person
        }
    };
    people.push(person);
}

#[tokio::test]
async fn t47_three_hundred_people_of_one_address_come_in_beside_a_guesser() {
    attune_tests::raw::allow_many_sockets();
    let server = TestServer::with(hosted()).await;
    let address = server.address();
    let told = Arc::new(Mutex::new(Vec::new()));
    let mut guesses = JoinSet::new();
    let (mut people, mut link) = (Vec::new(), None);
    for _ in 0..SECONDS {
        for number in 0..GUESSES_A_SECOND {
            let session = match &link {
                Some(Link { session, .. }) if number % 2 == 0 => *session,
                _ => SessionId::from_bytes(draw()),
            };
            guesses.spawn(guess(address, session, Arc::clone(&told)));
        }
        for _ in 0..PEOPLE / SECONDS {
            arrive(address, &mut people, &mut link).await;
        }
        server.advance_transport(Millis::seconds(1));
    }
    assert_eq!(people.len(), PEOPLE);
    for group in people.chunks(GROUP) {
        group[0].wait_until("everyone", |picture| picture.people() == GROUP).await;
    }
    // Of what was guessed in a minute, twenty and a minute's worth were answered; then later and later, or not at all.
    let told = told.lock().unwrap().clone();
    let answered = told.iter().filter(|code| **code == CloseCode::Unknown.code()).count();
    let busy = told.iter().filter(|code| **code == CloseCode::Busy.code()).count();
    println!("{answered} answered, {busy} told to come later, of {}", SECONDS * GUESSES_A_SECOND);
    assert_eq!(answered + busy, told.len());
    assert!((20..=60).contains(&answered), "{answered} answered");
    let late = Person::join_from(OFFICE, address, &link.expect("there is a group"), "Ruth").await;
    late.now().await;
    guesses.shutdown().await;
}

#[tokio::test]
async fn t47_silent_connections_of_an_address_keep_nobody_there_out() {
    attune_tests::raw::allow_many_sockets();
    let mut setup = hosted();
    setup.config.limits.connections_per_address = Rate::UNLIMITED;
    let server = TestServer::with(setup).await;
    let (address, limits) = (server.address(), server.limits());
    // Twice as many as may be there, of both kinds, before anybody comes and while they come.
    let hold = async || {
        let mut held = Vec::new();
        for _ in 0..2 * limits.plain_per_address {
            held.push(Raw::connect_from(OFFICE, address).await);
        }
        for raw in &mut held[..2 * limits.waiting_per_address] {
            // Those that had to make room already say nothing any more.
            raw.send(&upgrade_request(address, &format!("Origin: http://{address}\r\n"))).await;
        }
        for _ in 0..2 * limits.waiting_per_address {
            let mut raw = Raw::connect_from(OFFICE, address).await;
            raw.upgrade(address).await;
            held.push(raw);
        }
        held
    };
    let before = hold().await;
    let (group, during) = tokio::join!(Group::gather_from(OFFICE, address, plans::ruch(), 6), hold());
    group.present_and_begin(SeatNumber(2)).await;
    group.next().await;
    drop((before, during));
}

#[tokio::test]
async fn t47_wire_25_wrong_secrets_wait_twice_as_long_each_time_and_right_ones_never() {
    let mut setup = hosted();
    setup.config.limits.wrong_per_address = Rate { count: 1, per: Millis::hours(24), burst: 2 };
    setup.config.limits.wrong_delay = Millis::minutes(1);
    let server = TestServer::with(setup).await;
    let (ada, link) = Person::set_up_from(OFFICE, server.address(), "Ada", plans::ruch()).await;
    let step = Millis::seconds(10);
    for seconds in [0, 0, 60, 120, 240, 300, 300] {
        let wrong = Client::open_from(OFFICE, server.address()).await;
        wrong.introduce(&hello(&Link { invite: draw_invite(), ..link }, draw_token()));
        // Time stands still for whom it is not: they are in at once.
        let right = Person::join_from(OFFICE, server.address(), &link, "Noah").await;
        right.act(Command::Leave {});
        assert_eq!(right.close_code().await, CloseCode::Left);
        let waiting = async {
            let mut waited = Millis(0);
            while wrong.picture().ending.is_none() {
                server.advance_transport(step);
                waited = waited + step;
                ada.now().await;
            }
            waited
        };
        let waited = within_limit("the answer", waiting).await;
        assert_eq!(wrong.close_code().await, CloseCode::Unknown);
        assert!(waited >= Millis::seconds(seconds), "{waited:?} of {seconds} s");
    }
}

#[tokio::test]
async fn wire_12_limits_are_what_was_configured_and_a_stranger_uses_up_nothing_of_a_session() {
    const CHANGES: u32 = 9;
    let setup = Setup::by_hand(|limits| {
        limits.seat_changes = Rate::per_second(1, CHANGES);
        limits.session_changes = Rate::per_second(1, 3 * CHANGES);
        limits.seats = 4;
    });
    let server = TestServer::with(setup).await;
    let address = server.address();
    let group = Group::gather(address, plans::ruch(), 3).await;
    // Until what they did so far is forgotten; meanwhile everyone is heard.
    for _ in 0..6 {
        server.advance_transport(Millis::seconds(10));
        for person in &group.people {
            person.now().await;
        }
    }
    // Strangers: with a wrong invite, with none, and from another session, as much as they like.
    let elsewhere = Group::gather(address, plans::ruch(), 2).await;
    for number in 0..10 * CHANGES {
        let stranger = Client::open(address).await;
        let wrong = Link { session: group.link.session, invite: draw_invite() };
        stranger.introduce(&hello(&wrong, draw_token()));
        // The answer waits for its time, which stands still.
        stranger.act(offer_or_withdraw(number));
        elsewhere[1].act(offer_or_withdraw(number));
    }
    elsewhere[0].now().await;
    for number in 0..CHANGES {
        group[1].accept(offer_or_withdraw(number)).await;
    }
    assert_eq!(group[1].refused(offer_or_withdraw(CHANGES)).await, Refusal::TooFast);
    group[2].accept(offer_or_withdraw(0)).await;
    let last = Person::join(address, &group.link, "Last").await;
    assert_eq!(last.seat(), SeatNumber(4));
    let late = Client::open(address).await;
    late.introduce(&hello(&group.link, draw_token()));
    assert_eq!(late.close_code().await, CloseCode::Full);
}
