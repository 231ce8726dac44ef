//! Floods, and readers that do not read: they cost their own socket, and nobody else anything.

use attune_protocol::client::Command;
use attune_protocol::ids::{Millis, SeatNumber};
use attune_protocol::server::CloseCode;
use attune_server::clock::{Clock, SystemClock};
use attune_tests::client::Client;
use attune_tests::group::{Group, Person, hello, offer_or_withdraw};
use attune_tests::picture::{Ending, Picture};
use attune_tests::plans;
use attune_tests::process::Process;
use attune_tests::raw::{Raw, frame};
use attune_tests::secrets::draw_token;
use attune_tests::server::{Setup, TestServer};
use attune_tests::waiting::within_limit;
use std::net::{Ipv4Addr, SocketAddr};

/// Sends until the server takes no more, and says how many bytes went.
async fn pour(raw: &mut Raw, bytes: &[u8], times: usize) -> usize {
    use tokio::io::AsyncWriteExt;
    let mut poured = 0;
    for _ in 0..times {
        if raw.writer.write_all(bytes).await.is_err() {
            break;
        }
        poured += bytes.len();
    }
    poured
}

#[tokio::test]
async fn t41_a_flood_of_continuation_frames_is_closed_and_a_witness_notices_nothing() {
    let server = TestServer::with(Setup::with_limits(|_| {})).await;
    let clock = SystemClock::new().expect("the system has a timer");
    let (ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let witness = Group::begin(server.address(), plans::ruch(), 3).await;
    for beginning in [&b""[..], b"{"] {
        let began_at = clock.now();
        let mut raw = Raw::connect(server.address()).await;
        raw.enter(server.address(), &hello(&link, draw_token())).await;
        let flood = async {
            raw.send(&frame(0x01, beginning)).await;
            pour(&mut raw, &frame(0x00, b"").repeat(1_000), 5_000).await;
            raw.ending().await
        };
        let (ending, told) = tokio::join!(within_limit("the flood to end", flood), witness[0].now());
        assert_eq!(ending.code(), Some(CloseCode::TooFast));
        assert!(clock.now() - began_at < Millis::seconds(15));
        assert_eq!(told, server.now());
    }
    ada.now().await;
    witness.next().await;
    assert_eq!(witness.common_view().seats.len(), 3);
}

#[tokio::test]
async fn t42_a_client_that_pings_and_never_reads_costs_no_memory() {
    let process = Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &[]).await;
    let (ada, link) = Person::set_up(process.address(), "Ada", plans::ruch()).await;
    // The first ones warm the process up: pages that it keeps for whoever comes next.
    let mut memory = Vec::new();
    for _ in 0..6 {
        let mut raw =
            Raw::try_connect(Ipv4Addr::LOCALHOST.into(), process.address(), Some(2_048)).await.unwrap();
        raw.enter(process.address(), &hello(&link, ada.token)).await;
        pour(&mut raw, &frame(0x89, &[b'x'; 125]).repeat(1_000), 200).await;
        memory.push(process.memory());
        assert!(matches!(raw.ending().await, Ending::Closed(1008, _) | Ending::Dropped));
    }
    let growth = memory[5].saturating_sub(memory[2]);
    assert!(growth <= 1 << 20, "{memory:?}");
}

#[tokio::test]
async fn t42_pongs_that_are_not_read_do_not_pile_up() {
    // Even where control frames have no limit of their own, the buffer has.
    let setup = Setup::by_hand(|limits| {
        *limits = limits.clone().without_rates();
        limits.control_frames = attune_server::limits::Rate::UNLIMITED;
    });
    let server = TestServer::with(setup).await;
    let (ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let mut raw = Raw::try_connect(Ipv4Addr::LOCALHOST.into(), server.address(), Some(2_048)).await.unwrap();
    raw.enter(server.address(), &hello(&link, draw_token())).await;
    let poured =
        within_limit("the flood", pour(&mut raw, &frame(0x89, &[b'x'; 125]).repeat(1_000), 500)).await;
    // What had been kept for this client comes now. It is what the system's buffers and the server's one hold.
    let mut kept = 0;
    let reading = async {
        raw.say(r#"{"type":"ping","sent":7}"#).await;
        while let Some((opcode, payload)) = raw.frame().await {
            kept += payload.len();
            if opcode == 8 || payload.starts_with(br#"{"type":"pong""#) {
                return;
            }
        }
    };
    within_limit("what was kept", reading).await;
    println!("{kept} bytes were kept of {poured}");
    assert!(kept < poured / 4, "{kept} bytes were kept of {poured}");
    ada.now().await;
}

#[tokio::test]
async fn t45_view_9_a_reader_who_stops_gets_the_newest_view_and_no_queue() {
    let changes = 10_000;
    let server = TestServer::with(Setup::by_hand(|limits| *limits = limits.clone().without_rates())).await;
    let group = Group::gather(server.address(), plans::ruch(), 3).await;
    let mut slow = Raw::try_connect(Ipv4Addr::LOCALHOST.into(), server.address(), Some(2_048)).await.unwrap();
    slow.enter(server.address(), &hello(&group.link, draw_token())).await;
    group[0].wait_until("the slow one", |picture| picture.people() == 4).await;
    let mut last = None;
    for number in 0..changes {
        last = Some(group[1].accept(offer_or_withdraw(number)).await);
    }
    let newest = last.expect("there were changes");
    group.all_catch_up(newest).await;
    // What was on its way fills the system's buffers; then comes the newest, and nothing of what was between.
    let (mut views, mut bytes) = (0, 0);
    let wanted = format!("\"revision\":{}", newest.0);
    let reading = async {
        loop {
            let (_, payload) = slow.frame().await.expect("is open");
            let text = String::from_utf8(payload).expect("is text");
            (views, bytes) = (views + 1, bytes + text.len());
            if text.contains(&wanted) {
                return;
            }
        }
    };
    within_limit("the newest view", reading).await;
    println!("{views} of {changes} views, {bytes} bytes");
    // Buffers of the system on both sides are a few megabytes at most; all views together are tens.
    assert!(views < changes / 2, "{views} of {changes} views had been kept");
}

/// How many views a watcher gets while so many people join at once.
async fn views_of_joins(server: SocketAddr, group: &Group, joins: usize) -> (usize, Vec<Client>) {
    let before = group[1].picture().views;
    let mut clients = Vec::new();
    for _ in 0..joins {
        clients.push(Client::open(server).await);
    }
    for client in &clients {
        client.introduce(&hello(&group.link, draw_token()));
    }
    for client in &clients {
        client.welcome().await;
    }
    (before, clients)
}

#[tokio::test]
async fn t48_fifty_joins_are_at_most_fifty_five_views_and_twenty_a_second() {
    let mut setup = Setup::default();
    setup.config.limits.seats = 60;
    let server = TestServer::with(setup).await;
    let clock = SystemClock::new().expect("the system has a timer");
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    let began_at = clock.now();
    let (before, _clients) = views_of_joins(server.address(), &group, 50).await;
    group.all_see("everyone", |picture| picture.people() == 52).await;
    let views = group[1].picture().views - before;
    let took = usize::try_from((clock.now() - began_at).0).unwrap();
    assert!(views <= 55, "{views} views of 50 joins");
    assert!(views <= 2 + took / 50, "{views} views in {took} ms");
}

#[tokio::test]
async fn view_8_joins_within_fifty_milliseconds_are_one_view() {
    let held = Setup::by_hand(|limits| {
        *limits = limits.clone().without_rates();
        (limits.seats, limits.view_gap) = (60, Millis(50));
    });
    let server = TestServer::with(held).await;
    let (ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    server.advance_transport(Millis::seconds(1));
    ada.wait_until("quiet", |picture| picture.revision.0 == 2).await;
    let before = ada.picture().views;
    let group = Group { server: server.address(), link, people: vec![ada] };
    let mut clients = Vec::new();
    for _ in 0..50 {
        let client = Client::open(server.address()).await;
        client.introduce(&hello(&group.link, draw_token()));
        client.welcome().await;
        clients.push(client);
    }
    group[0].now().await;
    assert_eq!(group[0].picture().views, before, "nothing is shown before the time is over");
    server.advance_transport(Millis(50));
    group[0].wait_until("everyone", |picture| picture.people() == 51).await;
    assert_eq!(group[0].picture().views, before + 1);
    // VIEW-7: after a quiet time, a change that is not of the roster goes out at once.
    server.advance_transport(Millis(50));
    let revision = group[0].accept(Command::ChangePlan { plan: plans::firm_ruch() }).await;
    group[0].catch_up(revision).await;
}

#[tokio::test]
async fn wire_17_ten_thousand_messages_a_second_close_their_own_socket() {
    let server = TestServer::with(Setup::with_limits(|_| {})).await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    let noisy = Client::open(server.address()).await;
    noisy.introduce(&hello(&group.link, draw_token()));
    noisy.welcome().await;
    for number in 0..10_000 {
        noisy.send_text(format!(r#"{{"type":"ping","sent":{number}}}"#));
    }
    let (code, _) = tokio::join!(noisy.close_code(), group[0].now());
    assert_eq!(code, CloseCode::TooFast);
    assert!(noisy.picture().pongs.len() < 1_000);
    group[0].wait_until("who went", |picture| picture.is_away(SeatNumber(4))).await;
    group.next().await;
    group.all_see("the next phase", |picture| picture.phase() == Some(1)).await;
}

#[tokio::test]
async fn t45_a_stopped_reader_holds_nobody_up() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 4).await;
    let mut stopped =
        Raw::try_connect(Ipv4Addr::LOCALHOST.into(), server.address(), Some(2_048)).await.unwrap();
    stopped.enter(server.address(), &hello(&group.link, draw_token())).await;
    for number in 0..1_001 {
        group[1].accept(offer_or_withdraw(number)).await;
    }
    let offers = |picture: &Picture| picture.seat(SeatNumber(2)).is_some_and(|seat| seat.offers);
    group.all_see("the last offer", offers).await;
}
