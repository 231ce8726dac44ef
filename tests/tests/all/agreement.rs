//! The group's own agreement, over real sockets.

use attune_protocol::agreement::{AgreementLines, MOST_AGREEMENT_LINES};
use attune_protocol::client::Command;
use attune_protocol::sealed::{LONGEST_SEALED_LINE, SealedLine};
use attune_protocol::server::Refusal;
use attune_protocol::view::ActKind;
use attune_tests::client::Client;
use attune_tests::group::{Group, Person, hello};
use attune_tests::picture::Picture;
use attune_tests::plans;
use attune_tests::secrets::{draw_request, draw_token, seal_line};
use attune_tests::server::{Setup, TestServer};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

fn lines(texts: &[&str]) -> AgreementLines {
    let lines: Vec<SealedLine> = texts.iter().map(|text| seal_line(text)).collect();
    AgreementLines::try_from(lines).expect("are few")
}

fn read(picture: &Picture) -> Option<AgreementLines> {
    picture.texts.agreement.as_ref().map(|agreement| agreement.lines.clone())
}

#[tokio::test]
async fn agree_3_a_changed_agreement_reaches_everyone_and_asks_again() {
    let mut server = TestServer::with(Setup::on_disk()).await;
    let mut group = Group::gather(server.address(), plans::ruch(), 3).await;
    let wanted = lines(&["Nobody records.", "We begin on time."]);
    assert_eq!(
        group[1].refused(Command::ChangeAgreement { lines: wanted.clone() }).await,
        Refusal::NotFacilitator
    );
    group[0].accept(Command::ChangeAgreement { lines: wanted.clone() }).await;
    for person in &group.people {
        person.wait_until("the lines", |picture| read(picture).as_ref() == Some(&wanted)).await;
    }
    let asked = |picture: &Picture| {
        let seats = picture.view.iter().flat_map(|view| &view.seats);
        seats.filter(|seat| seat.asked_again).map(|seat| seat.seat).collect::<Vec<_>>()
    };
    let (second, third) = (group[1].number, group[2].number);
    group[2].wait_until("to be asked again", |picture| asked(picture) == [second, third]).await;
    group[1].agree().await;
    group[0].wait_until("one who agreed again", |picture| asked(picture) == [third]).await;
    let acts = group[2].history().await;
    assert!(
        acts.iter().any(|act| act.by == Some(group[0].number) && act.what == ActKind::ChangedAgreement {})
    );

    server.restart().await;
    for person in &mut group.people {
        person.come_back(server.address()).await;
    }
    assert_eq!(read(&group[2].picture()), Some(wanted));
    assert_eq!(asked(&group[2].picture()), [third]);
}

#[tokio::test]
async fn agree_4_a_newcomer_reads_the_lines_and_nothing_else() {
    let server = TestServer::start().await;
    let group = Group::gather(server.address(), plans::ruch(), 3).await;
    let wanted = lines(&["Nobody records."]);
    group[0].accept(Command::ChangeAgreement { lines: wanted.clone() }).await;
    group[0]
        .accept(Command::ChoosePresenter { moment: Default::default(), seat: Some(group[1].number) })
        .await;
    group[0].accept(Command::Begin { moment: Default::default() }).await;

    let newcomer = Client::open(server.address()).await;
    newcomer.keep_frames();
    let token = draw_token();
    newcomer.introduce(&hello(&group.link, token));
    let (_, number) = newcomer.welcome().await;
    assert_eq!(read(&newcomer.picture()), Some(wanted));
    assert!(newcomer.picture().texts.names.is_empty());
    let stale = Command::Agree { seat: number, agreement: None };
    assert_eq!(newcomer.refused(stale).await, Refusal::AgreementChanged);
    let names = serde_json::to_string(&group[0].picture().texts.names[0].name).expect("writes");
    assert!(!newcomer.picture().frames.expect("are kept").concat().contains(&names));
    let version = newcomer.picture().texts.agreement.expect("was read").version;
    newcomer.accept(Command::Agree { seat: number, agreement: Some(version) }).await;
    newcomer.wait_until("the names", |picture| picture.texts.names.len() == 3).await;
}

#[tokio::test]
async fn agree_1_an_agreement_holds_at_its_limits_and_not_past_them() {
    let server = TestServer::start().await;
    let (ada, link) = Person::set_up(server.address(), "Ada", plans::ruch()).await;
    let longest = URL_SAFE_NO_PAD.encode(vec![7; LONGEST_SEALED_LINE]);
    let longer = URL_SAFE_NO_PAD.encode(vec![7; LONGEST_SEALED_LINE + 1]);
    let command = |lines: Vec<&str>| {
        json!({
            "type": "command",
            "request": draw_request(),
            "command": { "type": "changeAgreement", "lines": lines },
        })
    };
    for refused in [vec![longer.as_str()], vec!["AA"; MOST_AGREEMENT_LINES + 1], vec![""]] {
        let before = ada.picture().nameless.len();
        ada.send_text(command(refused).to_string());
        ada.wait_until("a refusal", |picture| picture.nameless.len() == before + 1).await;
        assert_eq!(ada.picture().nameless.last(), Some(&Refusal::NotUnderstood));
    }
    let line = SealedLine::try_from(longest).expect("is short enough");
    let all = AgreementLines::try_from(vec![line; MOST_AGREEMENT_LINES]).expect("are few enough");
    ada.accept(Command::ChangeAgreement { lines: all.clone() }).await;
    ada.wait_until("all lines", |picture| read(picture).as_ref() == Some(&all)).await;
    let ben = Person::join(server.address(), &link, "Ben").await;
    assert_eq!(read(&ben.picture()), Some(all));
}
