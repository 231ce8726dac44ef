//! Links for one person: the first Join takes one, nothing else does, and a second person is told that it was used.

use attune_protocol::client::Command;
use attune_protocol::door::Door;
use attune_protocol::ids::{Invite, SeatNumber, SeatToken};
use attune_protocol::server::CloseCode;
use attune_protocol::view::ActKind;
use attune_server::session::EventKind;
use attune_tests::client::Client;
use attune_tests::group::{Group, Link, Person, hello, hello_again};
use attune_tests::picture::Picture;
use attune_tests::plans;
use attune_tests::process::Process;
use attune_tests::raw::{Raw, frame, get};
use attune_tests::secrets::{draw_invite, draw_invite_change, draw_token, hash_invite, hash_token, seal};
use attune_tests::server::TestServer;
use std::net::SocketAddr;

/// Makes a link for one person, as a page does.
async fn make(group: &Group) -> Link {
    let invite = draw_invite();
    let shared = seal(&group.link.invite.encode());
    group[0].accept(Command::MakePersonalLink { invite: hash_invite(&invite), shared }).await;
    Link { invite, ..group.link }
}

async fn come(server: SocketAddr, link: &Link, token: SeatToken) -> Client {
    let client = Client::open(server).await;
    client.introduce(&hello(link, token));
    client
}

async fn code_for(server: SocketAddr, link: &Link) -> CloseCode {
    come(server, link, draw_token()).await.close_code().await
}

#[tokio::test]
async fn t23_door_29_opening_a_link_for_one_person_spends_nothing() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    let link = make(&group).await;
    let before = server.events(link.session).await.len();
    let (session, invite) = (String::from(link.session), String::from(link.invite));
    for path in [
        "/s".to_owned(),
        format!("/s%23{session}.{invite}.x"),
        format!("/s/{session}.{invite}.x"),
        format!("/s?{session}.{invite}.x"),
        format!("/ws?{session}.{invite}.x"),
    ] {
        for method in ["GET", "HEAD", "POST"] {
            get(server.address(), method, &path).await;
        }
    }
    // A socket that joins nothing: silent, gone, with half a frame, or with a first frame that is none.
    let mut silent = Raw::connect(server.address()).await;
    silent.upgrade(server.address()).await;
    let mut half = Raw::connect(server.address()).await;
    half.upgrade(server.address()).await;
    let whole = frame(0x81, serde_json::to_string(&hello(&link, draw_token())).unwrap().as_bytes());
    half.send(&whole[..whole.len() / 2]).await;
    drop(half);
    let strange = Client::open(server.address()).await;
    let mut first = serde_json::to_value(hello(&link, draw_token())).unwrap();
    first["press"] = true.into();
    strange.send_text(first.to_string());
    assert_eq!(strange.close_code().await, CloseCode::NotUnderstood);
    group[0].now().await;
    assert_eq!(server.events(link.session).await.len(), before);
    let joined = Person::join(server.address(), &link, "Noah").await;
    assert_eq!(joined.number, SeatNumber(3));
}

#[tokio::test]
async fn t23_door_29_join_spends_it_and_a_second_person_is_told_so() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    let link = make(&group).await;
    let waits = |picture: &Picture| picture.view.as_ref().is_some_and(|view| view.unused_links == Some(1));
    group.all_see("the link", waits).await;
    assert_eq!(group[2].history().await.pop().map(|act| act.what), Some(ActKind::MadePersonalLink {}));
    let mut noah = Person::join(server.address(), &link, "Noah").await;
    assert_eq!(noah.number, SeatNumber(4));
    assert_eq!(code_for(server.address(), &link).await, CloseCode::Used);
    // The same device: with the link, and without.
    noah.lose_network().await;
    let again = come(server.address(), &link, noah.token).await;
    assert_eq!(again.welcome().await.1, noah.number);
    noah.come_back(server.address()).await;
    // DOOR-31: with the session's own link to copy.
    noah.agree().await;
    let shared = |picture: &Picture| picture.texts.invite.as_ref().and_then(attune_tests::secrets::open);
    noah.wait_until("the link", |picture| shared(picture) == Some(group.link.invite.encode())).await;
    let others = Person::join(server.address(), &group.link, "Tamar").await;
    assert_eq!(others.number, SeatNumber(5));
    let joins = server.events(link.session).await.into_iter().filter_map(|event| match event.what {
        EventKind::Joined { personal, .. } => Some(personal),
        _ => None,
    });
    let used: Vec<_> = joins.flatten().collect();
    assert_eq!(used, [hash_invite(&link.invite)]);
}

#[tokio::test]
async fn t23_door_29_of_many_who_join_at_once_one_comes_in() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    let link = make(&group).await;
    let mut clients = Vec::new();
    for _ in 0..8 {
        clients.push(come(server.address(), &link, draw_token()).await);
    }
    let mut came = 0;
    for client in &clients {
        let answer = client.wait_or_end("an answer", |picture| picture.seat).await;
        match answer {
            Ok(_) => came += 1,
            Err(ending) => assert_eq!(ending.code(), Some(CloseCode::Used)),
        }
    }
    assert_eq!(came, 1);
}

#[tokio::test]
async fn door_29_a_kill_keeps_it_used_and_an_unused_one_good() {
    let mut process = Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &[]).await;
    let group = Group::gather(process.address(), plans::ruch(), 2).await;
    let (used, unused) = (make(&group).await, make(&group).await);
    let noah = Person::join(process.address(), &used, "Noah").await;
    process.kill();
    process.start_again().await;
    assert_eq!(code_for(process.address(), &used).await, CloseCode::Used);
    let again = Client::open(process.address()).await;
    again.introduce(&hello_again(used.session, noah.token));
    assert_eq!(again.welcome().await.1, noah.number);
    assert_eq!(again.view().unused_links, Some(1));
    let tamar = Person::join(process.address(), &unused, "Tamar").await;
    assert_eq!(tamar.number, SeatNumber(4));
}

#[tokio::test]
async fn door_30_a_new_link_and_a_removal_end_the_unused_ones() {
    let server = TestServer::start().await;
    let mut group = Group::gather(server.address(), plans::ruch(), 3).await;
    let used = make(&group).await;
    let thief = Person::join(server.address(), &used, "Thief").await;
    let kept = make(&group).await;
    let (invite, change) = draw_invite_change();
    group[0].accept(Command::Remove { seat: thief.number, invite: change }).await;
    assert_eq!(thief.close_code().await, CloseCode::Removed);
    assert_eq!(
        code_for(server.address(), &kept).await,
        CloseCode::Unknown,
        "who was removed may have kept it"
    );
    assert_eq!(code_for(server.address(), &used).await, CloseCode::Used, "whom it was meant for learns why");
    group.link = Link { invite, ..group.link };
    let another = make(&group).await;
    group[0].accept(Command::ChangeLink { invite: draw_invite_change().1 }).await;
    assert_eq!(code_for(server.address(), &another).await, CloseCode::Unknown);
    let wrong = Link { invite: Invite::from_bytes([7; 16]), ..group.link };
    assert_eq!(code_for(server.address(), &wrong).await, CloseCode::Unknown, "T26");
}

#[tokio::test]
async fn door_30_who_comes_by_it_knocks_where_people_knock_first() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 2).await;
    let link = make(&group).await;
    group[0].accept(Command::SetDoor { door: Door::Locked }).await;
    assert_eq!(code_for(server.address(), &link).await, CloseCode::Locked);
    group[0].accept(Command::SetDoor { door: Door::Knock }).await;
    let (first, second) = (draw_token(), draw_token());
    let mut waiting = Vec::new();
    for token in [first, second] {
        let client = come(server.address(), &link, token).await;
        client.wait_until("to be at the door", |picture| picture.waiting.is_some()).await;
        waiting.push(client);
    }
    group[0].accept(Command::LetIn { knock: hash_token(&second), handed: None }).await;
    assert_eq!(waiting[1].welcome().await.1, SeatNumber(3));
    // Whoever waits by the same link is told at once, and nobody is asked to open for them.
    assert_eq!(waiting[0].close_code().await, CloseCode::Used);
    group[0]
        .wait_until("nobody", |picture| picture.door.as_ref().is_none_or(|door| door.knocks.is_empty()))
        .await;
    assert_eq!(code_for(server.address(), &link).await, CloseCode::Used);
}
