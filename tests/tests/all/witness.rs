//! Floods and storms from the network, and a group of six in the middle of its session that notices none of them.

use attune_protocol::client::{Command, FirstMessage};
use attune_protocol::ids::{Millis, SeatNumber, SeatToken, SessionId};
use attune_protocol::server::{CloseCode, Refusal, ServerMessage};
use attune_server::clock::{Clock, SystemClock};
use attune_server::limits::{Limits, Rate};
use attune_tests::client::{Client, open_socket};
use attune_tests::group::{Link, Person, create, hello, hello_again};
use attune_tests::picture::Answer;
use attune_tests::plans;
use attune_tests::raw::{Raw, allow_many_sockets, frame};
use attune_tests::secrets::{draw_invite, draw_token};
use attune_tests::server::{Setup, TestServer};
use attune_tests::waiting::within_limit;
use attune_tests::witness::Witness;
use futures_util::{SinkExt, StreamExt};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// Where the witness is; nobody else is there.
const OFFICE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 10));

/// A server with the limits of one that is hosted, where addresses of this machine count like any others.
async fn hosted(change: impl FnOnce(&mut Limits)) -> TestServer {
    let setup = Setup::with_limits(|limits| {
        limits.loopback_exempt = false;
        change(limits);
    });
    TestServer::with(setup).await
}

/// One of the addresses that attackers have.
fn attacker(number: usize) -> IpAddr {
    Ipv4Addr::new(127, 1, 0, u8::try_from(number).expect("are few")).into()
}

/// A connection that is as slow as it can be, in one of five ways. Over when the server has closed it.
async fn open_slowly(mut raw: Raw, server: SocketAddr, number: usize) {
    match number % 5 {
        0 => {}
        1 => raw.send(b"GET / HTTP/1.1\r\nHost: x\r\nX-Ha").await,
        2 => {
            let mut ticks = tokio::time::interval(Duration::from_millis(50));
            // The head has no end.
            while raw.writer.write_all(b"G").await.is_ok() {
                ticks.tick().await;
            }
        }
        3 => {
            raw.send(format!("GET / HTTP/1.1\r\nHost: {server}\r\nContent-Length: 99\r\n\r\nhalf").as_bytes())
                .await
        }
        _ => {
            raw.upgrade(server).await;
            assert_eq!(raw.ending().await.code(), Some(CloseCode::Silent));
        }
    }
    raw.rest().await;
}

#[tokio::test]
async fn t39_a_thousand_slow_openers_are_closed_and_nobody_notices() {
    allow_many_sockets();
    let server = hosted(|limits| (limits.head_time, limits.first_time) = (Millis(700), Millis(700))).await;
    let address = server.address();
    let mut witness = Witness::gather(OFFICE, address).await;
    let attack = async {
        let mut openers = JoinSet::new();
        for number in 0..1_000 {
            // One after the other: what the system cannot queue never reaches the server.
            let raw = Raw::connect_from(attacker(number % 20), address).await;
            openers.spawn(open_slowly(raw, address, number));
        }
        within_limit("the openers to be closed", openers.join_all()).await
    };
    assert_eq!(witness.live_through(attack).await.len(), 1_000);
    witness.assert_undisturbed();
}

/// Comes in with a session of its own and sends these bytes until the server has enough. Never reads meanwhile.
async fn flood(from: IpAddr, server: SocketAddr, beginning: Vec<u8>, bytes: Vec<u8>) -> Option<CloseCode> {
    let mut raw = Raw::try_connect(from, server, Some(2_048)).await.expect("the server listens");
    raw.enter(server, &create(plans::ruch(), &draw_invite(), draw_token())).await;
    raw.send(&beginning).await;
    let pouring = async { while raw.writer.write_all(&bytes).await.is_ok() {} };
    within_limit("the flood to be stopped", pouring).await;
    raw.ending().await.code()
}

#[tokio::test]
async fn t41_t43_floods_from_forty_sockets_are_closed_and_nobody_notices() {
    let server = hosted(|_| {}).await;
    let address = server.address();
    let mut witness = Witness::gather(OFFICE, address).await;
    let pings = frame(0x89, &[b'x'; 125]).repeat(100);
    let pieces = frame(0x00, b"").repeat(1_000);
    let attack = async {
        let mut floods = JoinSet::new();
        for number in 0..20 {
            floods.spawn(flood(attacker(1), address, Vec::new(), pings.clone()));
            floods.spawn(flood(
                attacker(2),
                address,
                frame(0x01, if number % 2 == 0 { b"" } else { b"{" }),
                pieces.clone(),
            ));
        }
        floods.join_all().await
    };
    let codes = witness.live_through(attack).await;
    // Who never reads may have lost the close frame with the connection.
    let told = codes.iter().flatten();
    assert!(codes.len() == 40 && told.clone().all(|code| *code == CloseCode::TooFast), "{codes:?}");
    witness.assert_undisturbed();
}

/// Somebody of the crowd, without more of a client than needed: there are thousands.
struct One {
    from: IpAddr,
    session: SessionId,
    seat: SeatNumber,
    token: SeatToken,
    socket: WebSocketStream<TcpStream>,
}

/// Comes in as a page does: again when told to come later.
async fn come_in(from: IpAddr, server: SocketAddr, first: FirstMessage, token: SeatToken) -> One {
    let text = serde_json::to_string(&first).expect("messages have string keys only");
    let coming = async {
        loop {
            let Ok(mut socket) = open_socket(from, server).await else {
                tokio::task::yield_now().await;
                continue;
            };
            socket.send(Message::text(text.clone())).await.expect("is open");
            if let Some(Ok(Message::Text(text))) = socket.next().await
                && let Ok(ServerMessage::Welcome { session, seat, .. }) = serde_json::from_str(&text)
            {
                return One { from, session, seat, token, socket };
            }
        }
    };
    within_limit("a welcome", coming).await
}

/// Ten people of one session and one address.
async fn gather_ten(from: IpAddr, server: SocketAddr) -> Vec<One> {
    let (invite, token) = (draw_invite(), draw_token());
    let mut ten = vec![come_in(from, server, create(plans::ruch(), &invite, token), token).await];
    let link = Link { session: ten[0].session, invite };
    for _ in 1..10 {
        let token = draw_token();
        ten.push(come_in(from, server, hello(&link, token), token).await);
    }
    ten
}

#[tokio::test]
async fn t51_three_thousand_who_go_and_come_back_at_once_are_in_again_and_nobody_notices() {
    allow_many_sockets();
    let server = hosted(|_| {}).await;
    let address = server.address();
    let mut witness = Witness::gather(OFFICE, address).await;
    let mut gathering = JoinSet::new();
    for number in 0..300 {
        gathering.spawn(gather_ten(attacker(number % 60), address));
    }
    let crowd: Vec<One> = gathering.join_all().await.into_iter().flatten().collect();
    assert_eq!(crowd.len(), 3_000);
    let (gone, seats): (Vec<_>, Vec<_>) =
        crowd.into_iter().map(|one| (one.socket, (one.from, one.session, one.seat, one.token))).unzip();
    witness.live_through(async { drop(gone) }).await;
    // All at once, not with the jitter that pages have.
    let storm = async {
        let mut storm = JoinSet::new();
        for (from, session, seat, token) in seats {
            storm.spawn(async move {
                let one = come_in(from, address, hello_again(session, token), token).await;
                assert_eq!((one.session, one.seat), (session, seat));
                one
            });
        }
        storm.join_all().await
    };
    let back = witness.live_through(storm).await;
    witness.assert_undisturbed();
    // Of each, that they went and that they came back was written, and nothing else.
    let session = back[0].session;
    let created_and_joined = 10;
    assert!(server.events(session).await.len() <= created_and_joined + 2 * 10);
}

#[tokio::test]
async fn t52_ten_thousand_changes_by_one_member_leave_the_others_their_own() {
    // What one socket may send is lifted, so that only the limit of changes is in the way.
    let server = hosted(|limits| {
        (limits.messages, limits.too_fast, limits.bytes) =
            (Rate::UNLIMITED, Rate::UNLIMITED, Rate::UNLIMITED);
    })
    .await;
    let mut witness = Witness::gather(OFFICE, server.address()).await;
    // A facilitator has most to change: here whether Miriam is one.
    let mallory = Person::join_from(attacker(1), server.address(), &witness.group.link, "Mallory").await;
    mallory.agree().await;
    let promotion = Command::SetFacilitator { seat: mallory.number, facilitator: true };
    witness.group[0].accept(promotion).await;
    let clock = SystemClock::new().expect("the system has a timer");
    let began_at = clock.now();
    let swamp = async {
        let asked: Vec<_> = (0..10_000)
            .map(|number| {
                let facilitator = number % 2 == 0;
                mallory.act(Command::SetFacilitator { seat: SeatNumber(3), facilitator })
            })
            .collect();
        let mut refused = 0;
        for request in asked {
            refused += u32::from(mallory.answer(request).await == Answer::Refused(Refusal::TooFast));
        }
        refused
    };
    let refused = witness.live_through(swamp).await;
    witness.assert_present();
    let seconds = usize::try_from((clock.now() - began_at).0 / 1_000).expect("time went on");
    let events = server.events(witness.group.link.session).await;
    let changes = events.iter().filter(|event| event.by == Some(mallory.number)).count();
    println!("{changes} changes of 10,000 in {seconds} s, {refused} refused as too fast");
    // Its name and its agreement are two of them.
    let burst = usize::try_from(server.limits().seat_changes.burst).expect("is small");
    assert!(refused > 0 && changes <= 2 + burst + seconds + 1, "{changes} changes in {seconds} s");
}

#[tokio::test]
async fn t52_a_member_who_swamps_and_comes_back_is_kept_out_in_the_end() {
    let server = hosted(|_| {}).await;
    let mut witness = Witness::gather(OFFICE, server.address()).await;
    let first = hello(&witness.group.link, draw_token());
    let swamp = async {
        let mut codes = Vec::new();
        for _ in 0..100 {
            let mallory = Client::open_from(attacker(1), server.address()).await;
            mallory.introduce(&first);
            if let Err(ending) = mallory.wait_or_end("to be in", |picture| picture.seat).await {
                return (codes, ending.code());
            }
            for _ in 0..200 {
                mallory.act(Command::NeedPause {});
            }
            codes.push(mallory.close_code().await);
        }
        (codes, None)
    };
    let (codes, kept_out) = witness.live_through(swamp).await;
    println!("{} times in, and then {kept_out:?}", codes.len());
    assert!(codes.iter().all(|code| *code == CloseCode::TooFast), "{codes:?}");
    assert!(matches!(kept_out, Some(CloseCode::TooFast | CloseCode::Replaced)), "{kept_out:?}");
    witness.assert_present();
    assert!(server.events(witness.group.link.session).await.len() < 200);
}
