//! Screens on the wall: what they are shown, what they cannot do, and how they end.

use attune_protocol::client::{ClientMessage, Command, FirstMessage, Moment};
use attune_protocol::display::{DisplayStage, DisplayTiming, DisplayView, MOST_SCREENS};
use attune_protocol::door::KnockerMessage;
use attune_protocol::ids::{DisplaySecret, Millis, Revision, SeatNumber, SessionId};
use attune_protocol::method::FloorMode;
use attune_protocol::server::{CloseCode, ServerMessage};
use attune_tests::client::Client;
use attune_tests::group::{Group, Person, erase, hello, watch};
use attune_tests::plans;
use attune_tests::secrets::{draw, draw_invite_change, draw_token, hash_display, open, seal, seal_line};
use attune_tests::server::{Setup, TestServer};
use std::net::SocketAddr;

/// Somebody makes a display link.
async fn make(person: &Person) -> DisplaySecret {
    let secret = DisplaySecret::from_bytes(draw());
    person
        .steer(|_| Command::MakeDisplay { secret: hash_display(&secret), sealed: seal("secret and key") })
        .await;
    secret
}

/// Chooses what screens show beside the clock.
async fn set(person: &Person, names: bool, joining: bool) {
    let made = person.view().display.expect("there is a display link").made;
    let names = names.then(|| seal("the key"));
    let joining = joining.then(|| seal_line("the link"));
    person.steer(|_| Command::SetDisplay { made, names, joining }).await;
}

/// A screen that asks to show the session.
async fn ask(server: SocketAddr, session: SessionId, secret: DisplaySecret) -> Client {
    let screen = Client::open(server).await;
    screen.introduce(&watch(session, secret));
    screen
}

/// A screen that shows the session.
async fn show(server: SocketAddr, session: SessionId, secret: DisplaySecret) -> Client {
    let screen = ask(server, session, secret).await;
    screen.wait_until("the clock", |picture| picture.display.is_some()).await;
    screen
}

fn shown(screen: &Client) -> DisplayView {
    screen.look(|picture| picture.display.clone()).expect("shows something")
}

async fn wait_for_stage(screen: &Client, what: &str, is_it: impl Fn(&DisplayStage) -> bool) {
    screen
        .wait_until(what, |picture| picture.display.as_ref().is_some_and(|display| is_it(&display.stage)))
        .await;
}

fn is_phase(stage: &DisplayStage, number: usize) -> bool {
    matches!(stage, DisplayStage::Running { phase, .. } if *phase == number)
}

async fn all_count(group: &Group, count: u16) {
    group.all_see(&format!("{count} screens"), |picture| picture.screens == count).await;
}

#[tokio::test]
async fn display_3_a_screen_shows_the_part_and_its_time_through_a_whole_case() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 3).await;
    let screen = show(server.address(), group.link.session, make(&group[0]).await).await;
    assert_eq!(shown(&screen).stage, DisplayStage::Lobby { planned_for: None, joining: None, between: None });
    group.present_and_begin(SeatNumber(2)).await;
    for phase in 0..4 {
        wait_for_stage(&screen, "the part", |stage| is_phase(stage, phase)).await;
        let running = group[0].look(|picture| picture.running().cloned()).unwrap();
        let DisplayStage::Running { timing, length, names, .. } = shown(&screen).stage else { panic!() };
        let attune_protocol::view::TimingView::Running { ends_at } = running.timing else { panic!() };
        assert_eq!((timing, length, names), (DisplayTiming::Running { ends_at }, running.length, None));
        server.advance(Millis::minutes(3));
        group.next().await;
    }
    wait_for_stage(&screen, "the end", |stage| *stage == DisplayStage::Closed {}).await;
    server.advance(Millis::hours(1));
    assert_eq!(screen.close_code().await, CloseCode::Ended);
}

#[tokio::test]
async fn t25_display_3_what_people_do_reaches_no_screen_in_no_form() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 4).await;
    let screen = show(server.address(), group.link.session, make(&group[0]).await).await;
    all_count(&group, 1).await;
    group.next().await;
    wait_for_stage(&screen, "the discussion", |stage| is_phase(stage, 1)).await;
    screen.keep_frames();
    group[2].accept(Command::NeedPause {}).await;
    group[0].accept(Command::HearPause {}).await;
    let moment = group[0].moment();
    group[2].accept(Command::RaiseHand { moment, seat: SeatNumber(3) }).await;
    group[3].lose_network().await;
    group[0].wait_until("who is away", |picture| picture.is_away(SeatNumber(4))).await;
    let newcomer = Person::join(server.address(), &group.link, "Tamar").await;
    newcomer.agree().await;
    group[2].accept(Command::SetName { seat: SeatNumber(3), name: seal("Miriam B") }).await;
    let revision = group[0].accept(Command::Remind { what: attune_protocol::view::Reminder::Blame }).await;
    group[1].catch_up(revision).await;
    screen.now().await;
    let frames = screen.look(|picture| picture.frames.clone()).expect("are kept");
    let told: Vec<&String> = frames.iter().filter(|frame| !frame.contains(r#""type":"pong""#)).collect();
    assert_eq!(told, Vec::<&String>::new());
}

#[tokio::test]
async fn display_4_names_come_by_choice_and_go_at_once() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    let screen = show(server.address(), group.link.session, make(&group[0]).await).await;
    let has_names = |stage: &DisplayStage| matches!(stage, DisplayStage::Running { names: Some(_), .. });
    assert!(!has_names(&shown(&screen).stage));
    set(&group[0], true, false).await;
    wait_for_stage(&screen, "names", has_names).await;
    let DisplayStage::Running { names: Some(names), .. } = shown(&screen).stage else { panic!("names") };
    assert_eq!(open(&names.key).as_deref(), Some("the key"));
    let ruth = names.speaker.expect("Ruth speaks");
    assert_eq!((ruth.seat, open(&ruth.name).as_deref()), (SeatNumber(2), Some("Ruth")));
    group
        .all_see("the choice", |picture| {
            picture.view.as_ref().and_then(|view| view.display.as_ref()).is_some_and(|link| link.names)
        })
        .await;
    set(&group[0], false, false).await;
    wait_for_stage(&screen, "no names", |stage| !has_names(stage)).await;
}

#[tokio::test]
async fn display_5_the_way_in_is_shown_until_the_start_with_the_code() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 3).await;
    let screen = show(server.address(), group.link.session, make(&group[0]).await).await;
    let code = |stage: &DisplayStage| match stage {
        DisplayStage::Lobby { joining: Some(joining), .. } => joining.code.clone(),
        _ => None,
    };
    group[0].accept(Command::ShowCode {}).await;
    group[0].wait_until("a code", |picture| picture.door.is_some()).await;
    screen.now().await;
    assert_eq!(shown(&screen).stage, DisplayStage::Lobby { planned_for: None, joining: None, between: None });
    set(&group[0], false, true).await;
    wait_for_stage(&screen, "the code", |stage| code(stage).is_some()).await;
    let told = group[0].picture().door.and_then(|door| door.code).expect("a code");
    assert_eq!(code(&shown(&screen).stage), Some(told));
    group.present_and_begin(SeatNumber(2)).await;
    wait_for_stage(&screen, "the story", |stage| is_phase(stage, 0)).await;
}

#[tokio::test]
async fn display_6_a_link_that_ends_closes_every_screen_at_once() {
    type Ending = fn(Moment) -> Command;
    let remove = |_| Command::Remove { seat: SeatNumber(3), invite: draw_invite_change().1 };
    let endings: [(&str, Ending); 4] = [
        ("ended", |_| Command::EndDisplay {}),
        ("another", |_| Command::MakeDisplay {
            secret: hash_display(&DisplaySecret::from_bytes(draw())),
            sealed: seal("another"),
        }),
        ("new link", |_| Command::ChangeLink { invite: draw_invite_change().1 }),
        ("removed", remove),
    ];
    let server = TestServer::start().await;
    for (title, ending) in endings {
        let group = Group::begin(server.address(), plans::ruch(), 3).await;
        let secret = make(&group[0]).await;
        let screens = [
            show(server.address(), group.link.session, secret).await,
            show(server.address(), group.link.session, secret).await,
        ];
        all_count(&group, 2).await;
        group[0].steer(ending).await;
        for screen in &screens {
            assert_eq!(screen.close_code().await, CloseCode::Removed, "{title}");
        }
        group[1].wait_until("no screen", |picture| picture.screens == 0).await;
        let again = ask(server.address(), group.link.session, secret).await;
        assert_eq!(again.close_code().await, CloseCode::Unknown, "{title}: who had copied it gets nothing");
    }
}

#[tokio::test]
async fn display_6_a_screen_ends_with_its_session() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 2).await;
    let secret = make(&group[0]).await;
    let screen = show(server.address(), group.link.session, secret).await;
    group[0].steer(|moment| Command::End { moment }).await;
    wait_for_stage(&screen, "the end", |stage| *stage == DisplayStage::Closed {}).await;
    let late = ask(server.address(), group.link.session, secret).await;
    assert_eq!(late.close_code().await, CloseCode::Ended);
    let eraser = Client::open(server.address()).await;
    eraser.introduce(&erase(group.link.session, group[0].token));
    assert_eq!(eraser.close_code().await, CloseCode::Erased);
    assert_eq!(screen.close_code().await, CloseCode::Erased);
}

#[tokio::test]
async fn t11_display_7_everyone_knows_how_many_screens_there_are() {
    let server = TestServer::with(Setup::with_limits(|limits| limits.screen_gone_after = Millis(0))).await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    let newcomer = Person::join(server.address(), &group.link, "Noah").await;
    let secret = make(&group[0]).await;
    let mut screens = Vec::new();
    for count in 1..=3 {
        screens.push(show(server.address(), group.link.session, secret).await);
        all_count(&group, count).await;
        newcomer.wait_until("the screens", |picture| picture.screens == count).await;
    }
    // Who comes now is told at once.
    let late = Person::join(server.address(), &group.link, "Joel").await;
    late.wait_until("the screens", |picture| picture.screens == 3).await;
    for screen in screens {
        screen.vanish().await;
    }
    all_count(&group, 0).await;
    late.wait_until("no screen", |picture| picture.screens == 0).await;
}

#[tokio::test]
async fn t11_display_16_a_screen_that_comes_and_goes_is_news_once_and_then_busy() {
    let server = TestServer::with(Setup::by_hand(|_| {})).await;
    let group = Group::begin(server.address(), plans::ruch(), 2).await;
    let secret = make(&group[0]).await;
    group[1].keep_frames();
    let burst = server.limits().screens.burst;
    for _ in 0..burst {
        show(server.address(), group.link.session, secret).await.vanish().await;
    }
    let more = ask(server.address(), group.link.session, secret).await;
    assert_eq!(more.close_code().await, CloseCode::Busy);
    // Whatever is said now comes after all of it.
    group[0].steer(|moment| Command::Next { moment }).await;
    group[1].wait_until("the next part", |picture| picture.phase() == Some(1)).await;
    let told = group[1].picture().frames.unwrap();
    let told: Vec<_> = told.iter().filter(|frame| frame.contains("\"screens\"")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    // Another link has its own.
    let secret = make(&group[0]).await;
    show(server.address(), group.link.session, secret).await;
}

#[tokio::test]
async fn display_8_one_screen_too_many_is_busy_until_another_goes() {
    let server = TestServer::with(Setup::with_limits(|limits| limits.screen_gone_after = Millis(0))).await;
    let group = Group::begin(server.address(), plans::ruch(), 2).await;
    let secret = make(&group[0]).await;
    let mut screens = Vec::new();
    for _ in 0..MOST_SCREENS {
        screens.push(show(server.address(), group.link.session, secret).await);
    }
    let more = ask(server.address(), group.link.session, secret).await;
    assert_eq!(more.close_code().await, CloseCode::Busy);
    screens.pop().expect("three").vanish().await;
    let left = u16::try_from(MOST_SCREENS - 1).unwrap();
    all_count(&group, left).await;
    show(server.address(), group.link.session, secret).await;
}

#[tokio::test]
async fn display_1_9_a_screen_understands_a_ping_and_nothing_else() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 2).await;
    let secret = make(&group[0]).await;
    let request = attune_tests::secrets::draw_request();
    let moment = group[0].moment();
    let said = [
        serde_json::to_string(&ClientMessage::Command { request, command: Command::Next { moment } })
            .unwrap(),
        serde_json::to_string(&ClientMessage::Command { request, command: Command::NeedPause {} }).unwrap(),
        serde_json::to_string(&ClientMessage::History {}).unwrap(),
        serde_json::to_string(&KnockerMessage::Introduce { name: seal("Eve") }).unwrap(),
        serde_json::to_string(&hello(&group.link, draw_token())).unwrap(),
        serde_json::to_string(&watch(group.link.session, secret)).unwrap(),
        r#"{"type":"ping","sent":1,"seat":1}"#.to_owned(),
    ];
    let before = group[0].view();
    for text in said {
        let screen = show(server.address(), group.link.session, secret).await;
        screen.now().await;
        screen.send_text(text.as_str());
        assert_eq!(screen.close_code().await, CloseCode::NotUnderstood, "{text}");
    }
    assert_eq!(group[0].view(), before);
    // The secret is no invite, and an invite no secret.
    let invite = DisplaySecret::from_bytes(*group.link.invite.as_bytes());
    let others = [watch(group.link.session, invite), watch(SessionId::from_bytes(draw()), secret)];
    let borrowed = attune_protocol::ids::Invite::from_bytes(*secret.as_bytes());
    let as_invite = attune_tests::group::Link { session: group.link.session, invite: borrowed };
    for first in others.into_iter().chain([hello(&as_invite, draw_token())]) {
        assert_eq!(code_for(&server, &first).await, CloseCode::Unknown);
    }
}

async fn code_for(server: &TestServer, first: &FirstMessage) -> CloseCode {
    let client = Client::open(server.address()).await;
    client.introduce(first);
    client.close_code().await
}

#[tokio::test]
async fn display_9_a_screen_counts_for_nobody() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::ruch(), 2).await;
    let secret = make(&group[0]).await;
    let before = (group[0].view(), server.events(group.link.session).await.len());
    // Whoever came in now would move the day of deletion.
    server.advance(Millis::minutes(1));
    let screen = show(server.address(), group.link.session, secret).await;
    all_count(&group, 1).await;
    screen.now().await;
    let after = (group[0].view(), server.events(group.link.session).await.len());
    assert_eq!(after, before, "no seat, no act, no later day of deletion");
    for person in &mut group.people {
        person.lose_network().await;
    }
    server.wait_until_nobody_is_here(group.link.session).await;
    server.advance(Millis::minutes(2));
    group[1].come_back(server.address()).await;
    // Nobody who steers was here, and the screen is nobody.
    group[1].accept(Command::TakeChair {}).await;
    wait_for_stage(&screen, "the story", |stage| is_phase(stage, 0)).await;
}

#[tokio::test]
async fn display_10_a_screen_is_back_after_a_restart_with_the_same_time() {
    let mut server = TestServer::with(Setup::on_disk()).await;
    let group = Group::begin(server.address(), plans::ruch(), 3).await;
    group.next().await;
    let secret = make(&group[0]).await;
    let screen = show(server.address(), group.link.session, secret).await;
    let before = shown(&screen);
    server.restart().await;
    assert_eq!(screen.close_code().await, CloseCode::Restarting);
    // Before anybody else has come back.
    let again = show(server.address(), group.link.session, secret).await;
    assert_eq!(shown(&again), before);
    assert!(matches!(before.stage, DisplayStage::Running { floor: FloorMode::Open, .. }));
    server.advance(Millis::minutes(40));
    assert_eq!(again.now().await, server.now());
}

#[tokio::test]
async fn display_3_a_firm_session_goes_on_before_a_screen_alone() {
    let server = TestServer::start().await;
    let mut group = Group::begin(server.address(), plans::firm_ruch(), 2).await;
    let screen = show(server.address(), group.link.session, make(&group[0]).await).await;
    for person in &mut group.people {
        person.lose_network().await;
    }
    server.wait_until_nobody_is_here(group.link.session).await;
    server.advance(Millis::minutes(11));
    wait_for_stage(&screen, "the next part", |stage| is_phase(stage, 1)).await;
}

#[tokio::test]
async fn view_10_screens_are_shown_the_same_bytes() {
    let server = TestServer::start().await;
    let group = Group::begin(server.address(), plans::ruch(), 2).await;
    let secret = make(&group[0]).await;
    let screens = [
        show(server.address(), group.link.session, secret).await,
        show(server.address(), group.link.session, secret).await,
    ];
    screens.iter().for_each(Client::keep_frames);
    group.next().await;
    let mut frames = Vec::new();
    for screen in &screens {
        wait_for_stage(screen, "the discussion", |stage| is_phase(stage, 1)).await;
        frames.push(screen.look(|picture| picture.frames.clone()).expect("are kept"));
    }
    assert_eq!(frames[0], frames[1]);
    let message: ServerMessage = serde_json::from_str(&frames[0][0]).unwrap();
    assert!(matches!(message, ServerMessage::Display { revision, .. } if revision > Revision(1)));
}
