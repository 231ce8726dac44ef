//! A group and the others on the same server: none is told of another, and nothing lists them.

use attune_protocol::client::{Command, Extension};
use attune_protocol::door::Door;
use attune_protocol::ids::{SeatNumber, SessionId};
use attune_protocol::server::CloseCode;
use attune_tests::client::Client;
use attune_tests::group::{Group, Link, Person, hello, hello_again};
use attune_tests::plans;
use attune_tests::raw::get;
use attune_tests::secrets::{draw, draw_invite_change, seal};
use attune_tests::server::TestServer;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Everything that a group is shown on its way, one text a step. What `meanwhile` does comes before each step.
async fn run(server: &TestServer, meanwhile: Option<&Group>) -> (Group, Vec<String>) {
    let group = Group::gather(server.address(), plans::ruch(), 3).await;
    group.people.iter().for_each(|person| person.keep_frames());
    let mut told = Vec::new();
    for step in 0..8 {
        if let Some(other) = meanwhile {
            act_meanwhile(other, step).await;
        }
        let revision = group[0]
            .steer(|moment| match step {
                0 => Command::SetDoor { door: Door::Locked },
                1 => Command::ChoosePresenter { moment, seat: Some(SeatNumber(2)) },
                2 => Command::Begin { moment },
                3 => Command::Extend { moment, by: Extension::Five, source: None },
                4 | 5 => Command::Next { moment },
                6 => Command::Pause { moment },
                _ => Command::End { moment },
            })
            .await;
        group.all_catch_up(revision).await;
        told.push(serde_json::to_string(&group.common_view()).expect("can be written"));
        told.push(serde_json::to_string(&group[1].history().await).expect("can be written"));
    }
    (group, told)
}

/// Another group does what reaches a whole server most easily: doors, codes, screens, people, the end.
async fn act_meanwhile(other: &Group, step: usize) {
    let display = Command::MakeDisplay { secret: draw_invite_change().1.hash, sealed: seal("a link") };
    match step {
        0 => drop(Person::join(other.server, &other.link, "Quentin").await),
        7 => drop(Group::gather(other.server, plans::firm_ruch(), 2).await),
        _ => {
            let commands: [(usize, Command); 6] = [
                (0, Command::ShowCode {}),
                (0, display),
                (0, Command::SetDoor { door: Door::Knock }),
                (1, Command::NeedPause {}),
                (2, Command::Leave {}),
                (0, Command::End { moment: other[0].moment() }),
            ];
            let (person, command) = commands[step - 1].clone();
            other[person].accept(command).await;
        }
    }
}

#[tokio::test]
async fn t32_a_group_is_told_the_same_whether_others_are_there_or_not() {
    let (alone, beside) = (TestServer::start().await, TestServer::start().await);
    let other = Group::begin(beside.address(), plans::ruch(), 3).await;
    let (_, told_alone) = run(&alone, None).await;
    let (group, told_beside) = run(&beside, Some(&other)).await;
    assert_eq!(told_alone, told_beside);
    let mine = [other.link.session.as_bytes(), other.link.invite.as_bytes()];
    let foreign: Vec<String> = mine
        .into_iter()
        .chain(other.people.iter().map(|person| person.token.as_bytes()))
        .map(|bytes| URL_SAFE_NO_PAD.encode(bytes))
        .chain([String::from("Quentin")])
        .collect();
    for person in &group.people {
        let frames = person.picture().frames.expect("are kept").join("\n");
        assert!(!frames.is_empty());
        assert!(foreign.iter().all(|text| !frames.contains(text)), "{} was told of others", person.name);
    }
}

#[tokio::test]
async fn t32_nothing_lists_groups_and_no_right_of_one_opens_another() {
    let server = TestServer::start().await;
    let address = server.address();
    let paths =
        ["/", "/s", "/new", "/ws", "/health", "/ready", "/metrics", "/sessions", "/groups", "/api/sessions"];
    let ask = async || {
        let mut answers = Vec::new();
        for path in paths {
            let mut answer = get(address, "GET", path).await;
            answer.headers.retain(|(name, _)| name != "date");
            answers.push(answer.text());
        }
        answers
    };
    let before = ask().await;
    let first = Group::gather(address, plans::ruch(), 2).await;
    let second = Group::begin(address, plans::ruch(), 2).await;
    assert_eq!(ask().await, before, "no page and no answer depends on who is there");

    // Whoever is in one group and knows the id of another is told what anybody is told about an id that never was.
    let nowhere = SessionId::from_bytes(draw());
    for session in [first.link.session, nowhere] {
        for first_message in [
            hello_again(session, second[0].token),
            hello(&Link { session, invite: second.link.invite }, second[0].token),
        ] {
            let client = Client::open(address).await;
            client.introduce(&first_message);
            assert_eq!(client.close_code().await, CloseCode::Unknown);
            assert!(client.picture().view.is_none());
        }
    }
}
