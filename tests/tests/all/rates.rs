//! What passes a burst or fills a log is refused, and past that closes (T40, T43).

use attune_protocol::client::{Command, Extension};
use attune_protocol::ids::{Millis, Revision, SeatNumber};
use attune_protocol::server::{CloseCode, Refusal};
use attune_server::limits::Rate;
use attune_server::session::{self, Event, EventKind};
use attune_server::store::Append;
use attune_server::stored;
use attune_tests::client::Client;
use attune_tests::group::{Group, Person, hello, offer_or_withdraw};
use attune_tests::picture::Picture;
use attune_tests::plans;
use attune_tests::raw::{Raw, frame};
use attune_tests::secrets::{draw_token, seal};
use attune_tests::server::{Setup, TestServer};
use attune_tests::waiting::within_limit;
use serde_json::json;
use std::net::Ipv4Addr;

#[tokio::test]
async fn wire_17_messages_past_the_burst_are_refused_and_ten_times_over_close() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let limits = server.limits();
    let (ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let noah = Client::open(server.address()).await;
    noah.introduce(&hello(&link, draw_token()));
    noah.welcome().await;
    for number in 0..limits.messages.burst {
        noah.send_text(json!({"type": "ping", "sent": number}).to_string());
    }
    noah.wait_until("pongs", |picture| picture.pongs.len() == limits.messages.burst as usize).await;
    for count in 1..=limits.too_fast.burst as usize {
        noah.send_text(r#"{"type":"ping","sent":1}"#);
        noah.wait_until("a refusal", |picture| picture.nameless.len() == count).await;
    }
    assert!(noah.picture().nameless.iter().all(|why| *why == Refusal::TooFast));
    noah.send_text(r#"{"type":"ping","sent":1}"#);
    assert_eq!(noah.close_code().await, CloseCode::TooFast);
    ada.now().await;
}

#[tokio::test]
async fn t43_control_frames_past_the_burst_close() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let burst = server.limits().control_frames.burst as usize;
    let (ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let mut raw = Raw::connect(server.address()).await;
    raw.enter(server.address(), &hello(&link, draw_token())).await;
    raw.send(&frame(0x89, b"").repeat(burst)).await;
    let pongs = async {
        let mut pongs = 0;
        while pongs < burst {
            pongs += usize::from(raw.frame().await.expect("is open").0 == 10);
        }
    };
    within_limit("pongs", pongs).await;
    raw.send(&frame(0x89, b"")).await;
    assert_eq!(raw.ending().await.code(), Some(CloseCode::TooFast));
    ada.now().await;
}

#[tokio::test]
async fn wire_18_bytes_past_the_burst_close() {
    let server = TestServer::with(Setup::by_hand(|limits| limits.messages = Rate::UNLIMITED)).await;
    let limits = server.limits();
    let (_ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let mut raw = Raw::connect(server.address()).await;
    raw.enter(server.address(), &hello(&link, draw_token())).await;
    let ping = |length: usize| {
        let text = r#"{"type":"ping","sent":1}"#;
        frame(0x81, format!("{text}{}", " ".repeat(length - text.len())).as_bytes())
    };
    // Whole messages of a tenth of the burst: nine of them leave room for what was said before.
    let tenth = limits.bytes.burst as usize / 10;
    for _ in 0..9 {
        raw.send(&ping(tenth)).await;
        let pong = within_limit("a pong", raw.frame()).await.expect("is open");
        assert!(pong.1.starts_with(br#"{"type":"pong""#) || pong.1.starts_with(br#"{"type":"view""#));
    }
    raw.send(&ping(tenth).repeat(2)).await;
    assert_eq!(raw.ending().await.code(), Some(CloseCode::TooFast));
}

#[tokio::test]
async fn wire_19_changes_past_the_burst_are_refused() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let limits = server.limits();
    let group = Group::gather(server.address(), plans::ruch(), 8).await;
    // Until what they did so far is forgotten; meanwhile everyone is heard.
    for _ in 0..6 {
        server.advance_transport(Millis::seconds(10));
        for person in &group.people {
            person.now().await;
        }
    }
    // One seat.
    for number in 0..limits.seat_changes.burst {
        group[1].accept(offer_or_withdraw(number)).await;
    }
    assert_eq!(group[1].refused(offer_or_withdraw(limits.seat_changes.burst)).await, Refusal::TooFast);
    // What changes nothing is no change.
    group[2].accept(Command::WithdrawOffer {}).await;
    // The session: every seat within its own.
    let mut left = limits.session_changes.burst - limits.seat_changes.burst;
    for person in &group.people[2..] {
        for number in 0..limits.seat_changes.burst.min(left) {
            person.accept(offer_or_withdraw(number)).await;
            left -= 1;
        }
    }
    assert_eq!(left, 0);
    assert_eq!(group[7].refused(Command::OfferToPresent {}).await, Refusal::TooFast);
    // Whoever steers has a reserve that nobody else uses up.
    group[0].accept(Command::OfferToPresent {}).await;
    // Nobody keeps anybody from leaving, or the facilitator from ending.
    group[1].act(Command::Leave {});
    assert_eq!(group[1].close_code().await, CloseCode::Left);
    group[0].steer(|moment| Command::End { moment }).await;
}

#[tokio::test]
async fn wire_20_a_full_log_takes_pauses_leaving_and_the_end() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    let mut group = group;
    for person in &mut group.people {
        person.lose_network().await;
    }
    let session = group.link.session;
    server.wait_until_nobody_is_here(session).await;
    // As if a session had been busy for days. Three more will come back.
    let stored = server.events(session).await;
    let missing = usize::try_from(session::MOST_EVENTS).unwrap() - 4 - stored.len();
    let offered = |number: usize| Event {
        at: server.now(),
        by: Some(SeatNumber(3)),
        request: None,
        what: EventKind::Offered { seat: SeatNumber(3), offers: number.is_multiple_of(2) },
    };
    let append = Append {
        session,
        after: Revision(stored.len() as u64),
        events: (0..missing).map(|number| stored::write(&offered(number))).collect(),
        expires_at: server.now() + server.retention(),
    };
    server.store().append(append).await.expect("is taken");
    for person in &mut group.people {
        person.come_back(server.address()).await;
    }
    group[0].steer(|moment| Command::Extend { moment, by: Extension::One, source: None }).await;
    let moment = group[0].moment();
    assert_eq!(
        group[0].refused(Command::Extend { moment, by: Extension::One, source: None }).await,
        Refusal::LogFull
    );
    assert_eq!(
        group[1].refused(Command::SetName { seat: SeatNumber(2), name: seal("R.") }).await,
        Refusal::LogFull
    );
    group[0].steer(|moment| Command::Pause { moment }).await;
    group[0].steer(|moment| Command::Resume { moment }).await;
    group[1].accept(Command::NeedPause {}).await;
    group[2].act(Command::Leave {});
    assert_eq!(group[2].close_code().await, CloseCode::Left);
    group[0].steer(|moment| Command::End { moment }).await;
}

#[tokio::test]
async fn wire_21_a_view_that_is_not_taken_closes_the_socket() {
    // Nobody is too silent here, only too slow.
    let server = TestServer::with(Setup::by_hand(|limits| {
        *limits = limits.clone().without_rates();
        (limits.away_after, limits.silent_after) = (Millis::hours(24), Millis::hours(24));
    }))
    .await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    let mut slow = Raw::try_connect(Ipv4Addr::LOCALHOST.into(), server.address(), Some(2_048)).await.unwrap();
    slow.enter(server.address(), &hello(&group.link, draw_token())).await;
    group[0].wait_until("the slow one", |picture| picture.is_here(SeatNumber(3))).await;
    // Views that it does not read, until the system's buffers are full: then time does count.
    let away = |picture: &Picture| picture.is_away(SeatNumber(3));
    for number in 0..5_000 {
        group[1].accept(offer_or_withdraw(number)).await;
        server.advance_transport(Millis(100));
        if group[0].look(away) {
            break;
        }
    }
    server.advance_transport(server.limits().write_time);
    group[0].wait_until("the slow one to be given up", away).await;
}
