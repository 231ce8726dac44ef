//! Servers that are not open to everybody: a word is asked for before a session is set up.

use attune_protocol::client::FirstMessage;
use attune_protocol::ids::SeatNumber;
use attune_protocol::server::CloseCode;
use attune_tests::client::Client;
use attune_tests::group::{Link, Person, create};
use attune_tests::plans;
use attune_tests::process::Process;
use attune_tests::secrets::{draw_invite, draw_token};
use std::net::SocketAddr;

const WORD: &str = "ask at the front desk";

/// A set-up that says this, and nothing yet of what comes of it.
async fn set_up(server: SocketAddr, said: Option<&str>) -> (Client, Link) {
    let invite = draw_invite();
    let mut first = create(plans::ruch(), &invite, draw_token());
    if let FirstMessage::Create { create_token, .. } = &mut first {
        *create_token = said.map(ToOwned::to_owned);
    }
    let client = Client::open(server).await;
    client.introduce(&first);
    // The session is filled in by whoever is let in.
    let session = attune_protocol::ids::SessionId::from_bytes([0; 16]);
    (client, Link { session, invite })
}

#[tokio::test]
async fn wire_36_a_session_is_set_up_with_the_word_only_and_joined_without() {
    let process =
        Process::start(env!("CARGO_BIN_EXE_attune-under-test"), &["--create-token", WORD, "--log", "debug"])
            .await;
    for said in [None, Some(""), Some("ask at the back door"), Some(&WORD[1..])] {
        let (client, _) = set_up(process.address(), said).await;
        assert_eq!(client.close_code().await, CloseCode::TokenNeeded, "{said:?}");
    }
    let (founder, link) = set_up(process.address(), Some(WORD)).await;
    let (session, seat) = founder.welcome().await;
    assert_eq!(seat, SeatNumber(1));
    let member = Person::join(process.address(), &Link { session, ..link }, "Noah").await;
    assert_eq!(member.number, SeatNumber(2));
    let everywhere = process.files().into_values().chain([process.log().into_bytes()]);
    for bytes in everywhere {
        assert!(!String::from_utf8_lossy(&bytes).contains("front desk"));
    }
}
