//! Pages that stay open through an upgrade: the version before the current one is spoken to its last word.

use attune_protocol::client::{ClientMessage, Command, Extension, FirstMessage, MinutesFrom};
use attune_protocol::door::KnockerMessage;
use attune_protocol::ids::{DisplaySecret, SeatNumber};
use attune_protocol::method::Plan;
use attune_protocol::server::{CloseCode, Refusal, ServerMessage};
use attune_protocol::version::{OLDEST_SPOKEN_VERSION, PROTOCOL_VERSION, Version};
use attune_protocol::view::ActKind;
use attune_tests::client::Client;
use attune_tests::former::FormerPage;
use attune_tests::group::{Group, Link, NAMES, Person, create, hello, hello_again, watch};
use attune_tests::plans;
use attune_tests::secrets::{draw, draw_invite, draw_token, hash_display, seal};
use attune_tests::server::TestServer;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;

use super::discussion;
use super::open_chair::plan_of_the_group;

const ADA: SeatNumber = SeatNumber(1);
const RUTH: SeatNumber = SeatNumber(2);
const MIRIAM: SeatNumber = SeatNumber(3);

/// A socket of a page of the former version. It keeps every frame, to be read with that page's own types.
async fn open_former(server: SocketAddr, first: &FirstMessage) -> Client {
    let mut first = serde_json::to_value(first).unwrap();
    first["version"] = json!(OLDEST_SPOKEN_VERSION);
    let client = Client::open(server).await;
    client.keep_frames();
    client.send_text(first.to_string());
    client
}

/// A group of which those with these seats have pages of the former version.
async fn gather(server: &TestServer, size: u16, former: &[SeatNumber]) -> Group {
    gather_for(plans::ruch(), server, size, former).await
}

async fn gather_for(plan: Plan, server: &TestServer, size: u16, former: &[SeatNumber]) -> Group {
    let server = server.address();
    let mut people: Vec<Person> = Vec::new();
    let mut link = None;
    for number in 1..=size {
        let (token, invite) = (draw_token(), draw_invite());
        let first = match &link {
            None => create(plan.clone(), &invite, token),
            Some(link) => hello(link, token),
        };
        let client = if former.contains(&SeatNumber(number)) {
            open_former(server, &first).await
        } else {
            let client = Client::open(server).await;
            client.introduce(&first);
            client
        };
        let person = Person::over(client, NAMES[usize::from(number) - 1], token).await;
        let session = person.session;
        link.get_or_insert(Link { session, invite });
        if number > 1 {
            person.agree().await;
        }
        people.push(person);
    }
    let group = Group { server, link: link.unwrap(), people };
    let all = usize::from(size);
    group.all_see("everyone", |picture| picture.names().len() == all).await;
    group
}

/// That a page of the former version could read all that it was sent.
fn check_frames(page: &FormerPage, client: &Client) {
    let frames = client.picture().frames.unwrap();
    assert!(!frames.is_empty());
    for frame in frames {
        assert_eq!(page.reads(&frame), Ok(()));
    }
}

#[tokio::test]
async fn wire_38_pages_of_the_former_version_go_through_a_whole_discussion() {
    let server = TestServer::start().await;
    let page = FormerPage::read();
    // Whoever facilitates, whoever presents, and one more; the others have loaded the page since.
    let former = [ADA, RUTH, SeatNumber(5)];
    let mut group = gather(&server, 6, &former).await;
    let (session, token) = (group.link.session, group[4].token);
    let again = open_former(server.address(), &hello_again(session, token)).await;
    let older = group[4].come_back_over(again).await.unwrap();
    assert_eq!(older.close_code().await, CloseCode::Replaced);
    discussion::run(&server, &group).await;
    for seat in former {
        check_frames(&page, &group[usize::from(seat.0) - 1]);
    }
    check_frames(&page, &older);
}

#[tokio::test]
async fn edit_17_an_older_page_goes_on_where_the_group_chooses_who_facilitates() {
    let server = TestServer::start().await;
    let page = FormerPage::read();
    let group = gather_for(plan_of_the_group(), &server, 4, &[ADA, SeatNumber(4)]).await;
    group[2].accept(Command::TakeChair {}).await;
    group
        .all_see("who facilitates", |picture| picture.seat(MIRIAM).is_some_and(|seat| seat.facilitator))
        .await;
    group[2].steer(|moment| Command::ChoosePresenter { moment, seat: Some(RUTH) }).await;
    let revision = group[2].steer(|moment| Command::Begin { moment }).await;
    group.all_catch_up(revision).await;
    for seat in [0, 3] {
        assert!(!group[seat].history().await.is_empty());
        check_frames(&page, &group[seat]);
    }
    // One that facilitates saves a plan without the word, and then whoever set it up does.
    let group = gather_for(plan_of_the_group(), &server, 2, &[ADA]).await;
    let revision = group[0].accept(Command::ChangePlan { plan: plans::ruch() }).await;
    group.all_catch_up(revision).await;
    assert_eq!(group[1].refused(Command::TakeChair {}).await, Refusal::NotNow);
}

#[tokio::test]
async fn wire_38_the_former_version_is_told_nothing_that_it_cannot_read() {
    let server = TestServer::start().await;
    let page = FormerPage::read();
    let group = gather(&server, 4, &[RUTH, SeatNumber(4)]).await;
    group[0].steer(|_| Command::SetFacilitator { seat: RUTH, facilitator: true }).await;
    let secret = DisplaySecret::from_bytes(draw());
    group[0].steer(|_| Command::MakeDisplay { secret: hash_display(&secret), sealed: seal("it") }).await;
    let made = group[0].view().display.unwrap().made;
    group[0].steer(|_| Command::SetDisplay { made, names: Some(seal("key")), joining: None }).await;
    let screen = Client::open(server.address()).await;
    screen.introduce(&watch(group.link.session, secret));
    screen.wait_until("the clock", |picture| picture.display.is_some()).await;
    group[2].wait_until("the screen", |picture| picture.screens == 1).await;
    // What it sends is taken, whatever else has come to be.
    group[3].accept(Command::OfferToPresent {}).await;
    group[0].steer(|moment| Command::DrawPresenter { moment }).await;
    group[1].steer(|moment| Command::ChoosePresenter { moment, seat: Some(MIRIAM) }).await;
    group[0].steer(|moment| Command::ChooseReserve { moment, seat: Some(SeatNumber(4)) }).await;
    group[1].steer(|moment| Command::Begin { moment }).await;
    group[0].catch_up(group[1].picture().revision).await;
    let from = |source| move |moment| Command::Extend { moment, by: Extension::One, source: Some(source) };
    group[0].steer(from(MinutesFrom::Phase { phase: 2 })).await;
    group[0].steer(from(MinutesFrom::Spread {})).await;
    group[0].steer(|moment| Command::Extend { moment, by: Extension::Five, source: None }).await;
    group[0].steer(|moment| Command::Shorten { moment }).await;
    group[0].steer(|moment| Command::ArrangeCase { moment, another: true }).await;
    let revision = group[0].steer(|moment| Command::ArrangeCase { moment, another: false }).await;
    group.all_catch_up(revision).await;
    // A hand-made client: that page has no such command.
    let moment = group[1].moment();
    let refused = group[1].refused(Command::Extend {
        moment,
        by: Extension::Five,
        source: Some(MinutesFrom::Phase { phase: 99 }),
    });
    refused.await;
    group[1].accept(Command::ShowSeatCode {}).await;
    group[0].steer(|_| Command::EndDisplay {}).await;
    assert_eq!(screen.close_code().await, CloseCode::Removed);
    let all = group[2].history().await;
    let read = group[1].history().await;
    assert!(all.iter().any(|act| matches!(act.what, ActKind::DrewPresenter { .. })));
    assert!(!read.is_empty() && read.len() < all.len());
    for number in [1, 3] {
        group[number].now().await;
        check_frames(&page, &group[number]);
        let picture = group[number].picture();
        assert_eq!((picture.screens, picture.moving), (0, None));
    }
    group[2].wait_until("that the screen is gone", |picture| picture.screens == 0).await;
}

#[tokio::test]
async fn wire_39_a_second_case_is_more_than_the_former_version_can_show() {
    let server = TestServer::start().await;
    let mut group = gather(&server, 3, &[RUTH]).await;
    group.present_and_begin(RUTH).await;
    for _ in 0..3 {
        group.next().await;
    }
    group[0].steer(|moment| Command::ArrangeCase { moment, another: true }).await;
    group[0].steer(|moment| Command::Next { moment }).await;
    assert_eq!(group[1].close_code().await, CloseCode::Reload);
    check_frames(&FormerPage::read(), &group[1]);
    group[0].wait_until("who reloads", |picture| picture.is_away(RUTH)).await;
    let (session, token) = (group.link.session, group[1].token);
    let former = open_former(server.address(), &hello_again(session, token)).await;
    assert_eq!(former.close_code().await, CloseCode::Reload);
    assert!(former.picture().view.is_none());
    group[0].wait_until("who still has to", |picture| picture.is_away(RUTH)).await;
    group[1].come_back(server.address()).await;
    group[0].wait_until("who has", |picture| picture.is_here(RUTH)).await;
    // A tab that was forgotten takes nothing from the one that is looked at.
    let former = open_former(server.address(), &hello_again(session, token)).await;
    assert_eq!(former.close_code().await, CloseCode::Reload);
    group[1].now().await;
    assert!(group[0].look(|picture| picture.is_here(RUTH)));
    group[0].steer(|moment| Command::ChoosePresenter { moment, seat: Some(MIRIAM) }).await;
    let revision = group[0].steer(|moment| Command::Begin { moment }).await;
    group.all_catch_up(revision).await;
    // A newcomer is shown nothing of the case until it is agreed to take part.
    let former = open_former(server.address(), &hello(&group.link, draw_token())).await;
    former.wait_until("the ground rules", |picture| picture.view.is_some()).await;
    former.act(Command::Agree { seat: former.seat(), agreement: None });
    assert_eq!(former.close_code().await, CloseCode::Reload);
}

/// The frozen examples of a folder, with their names.
fn frozen(folder: &str) -> Vec<(String, String)> {
    examples_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("former/examples").join(folder))
}

fn examples_in(folder: &Path) -> Vec<(String, String)> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.map(|file| (file.display().to_string(), std::fs::read_to_string(&file).unwrap())).collect()
}

/// Reads what the former version says and writes it again: nothing of it may have another meaning now.
fn reads_the_same<T: Serialize + DeserializeOwned>(folder: &str) {
    let examples = frozen(folder);
    assert!(!examples.is_empty());
    for (name, text) in examples {
        let message: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(serde_json::to_value(&message).unwrap(), serde_json::from_str::<Value>(&text).unwrap());
    }
}

#[test]
fn wire_40_all_that_the_former_version_says_is_understood_as_it_was_meant() {
    assert_eq!(
        FormerPage::read().version(),
        OLDEST_SPOKEN_VERSION,
        "with a new version the one before is frozen: see docs/CONTRIBUTING.md"
    );
    reads_the_same::<FirstMessage>("first");
    reads_the_same::<ClientMessage>("client");
    reads_the_same::<KnockerMessage>("knocker");
    reads_the_same::<Command>("command");
    for (name, text) in frozen("first") {
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["version"], OLDEST_SPOKEN_VERSION, "{name}");
    }
}

#[test]
fn wire_40_every_message_is_readable_in_the_former_version_or_not_sent() {
    let page = FormerPage::read();
    let protocol = Path::new(env!("CARGO_MANIFEST_DIR")).join("../protocol/tests/examples/server");
    let (mut read, mut not_sent, mut unreadable) = (0, 0, 0);
    for (name, text) in examples_in(&protocol) {
        let message: ServerMessage = serde_json::from_str(&text).unwrap();
        unreadable += usize::from(page.reads(&text).is_err());
        match Version::Former.message(message) {
            Some(message) => {
                let written = serde_json::to_string(&message).unwrap();
                assert_eq!(page.reads(&written), Ok(()), "{name}");
                read += 1;
            }
            None => not_sent += 1,
        }
    }
    assert!(read > 10 && not_sent > 3 && unreadable > 3, "{read}, {not_sent}, {unreadable}");
    for code in CloseCode::ALL {
        assert!(page.knows_close(Version::Former.close_code(*code).code()), "{code:?}");
    }
    for unknown in [CloseCode::Moved, CloseCode::Used] {
        assert!(!page.knows_close(unknown.code()), "else nothing is shown by this");
    }
}

#[tokio::test]
async fn wire_3_versions_that_are_not_spoken_reload_into_their_seats() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 2).await;
    let (session, token) = (group.link.session, group[1].token);
    group[1].lose_network().await;
    group[0].wait_until("the loss", |picture| picture.is_away(RUTH)).await;
    for version in [OLDEST_SPOKEN_VERSION - 1, PROTOCOL_VERSION + 1] {
        let mut first = serde_json::to_value(hello_again(session, token)).unwrap();
        first["version"] = json!(version);
        let page = Client::open(server.address()).await;
        page.send_text(first.to_string());
        assert_eq!(page.close_code().await, CloseCode::Reload);
    }
    // The same tab after its reload.
    group[1].come_back(server.address()).await;
    group[0].wait_until("who is back", |picture| picture.is_here(RUTH)).await;
    assert_eq!(group.common_view().presenter, Some(RUTH));
}
