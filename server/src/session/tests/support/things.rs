//! People, secrets, plans and lengths of time that tests name.

use attune_protocol::agreement::AgreementLines;
use attune_protocol::ids::{Millis, SeatNumber, SecretHash, Timestamp};
use attune_protocol::method::{Facilitates, Firmness, Meeting, Method, Plan, RawPlan, Slug};
use attune_protocol::sealed::{InviteChange, Sealed, SealedLine};

use super::super::super::Settings;

/// Sets the session up; facilitates.
pub(crate) const ADA: SeatNumber = SeatNumber(1);
pub(crate) const BEN: SeatNumber = SeatNumber(2);
pub(crate) const CLEO: SeatNumber = SeatNumber(3);
pub(crate) const DAN: SeatNumber = SeatNumber(4);
pub(crate) const EVE: SeatNumber = SeatNumber(5);
pub(crate) const FAY: SeatNumber = SeatNumber(6);

/// When every test session is set up.
pub(crate) const START: Timestamp = Timestamp(1_800_000_000_000);

pub(crate) fn seconds(seconds: i64) -> Millis {
    Millis::seconds(seconds)
}

pub(crate) fn minutes(minutes: i64) -> Millis {
    Millis::minutes(minutes)
}

/// The token that a browser with this number draws.
pub(crate) fn token(number: u16) -> SecretHash {
    hash(1, number)
}

/// The invite with this number; a session begins with number 0.
pub(crate) fn invite(number: u16) -> SecretHash {
    hash(2, number)
}

/// The invite for one person with this number.
pub(crate) fn personal(number: u16) -> SecretHash {
    hash(6, number)
}

/// The secret of the display link with this number.
pub(crate) fn display(number: u16) -> SecretHash {
    hash(3, number)
}

fn hash(kind: u8, number: u16) -> SecretHash {
    let mut bytes = [kind; 32];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    SecretHash::from_bytes(bytes)
}

pub(crate) fn sealed(text: &str) -> Sealed {
    Sealed::try_from(text.to_owned()).expect("base64")
}

pub(crate) fn agreement_lines(lines: &[&str]) -> AgreementLines {
    let line = |text: &&str| SealedLine::try_from((*text).to_owned()).expect("base64");
    AgreementLines::try_from(lines.iter().map(line).collect::<Vec<_>>()).expect("few lines")
}

pub(crate) fn sealed_line(text: &str) -> SealedLine {
    SealedLine::try_from(text.to_owned()).expect("base64")
}

pub(crate) fn invite_change(number: u16) -> InviteChange {
    InviteChange { hash: invite(number), sealed: sealed("AQAB") }
}

pub(crate) fn slug(word: &str) -> Slug {
    Slug::try_from(word.to_owned()).expect("a slug")
}

/// The ids of all methods of the catalogue.
pub(crate) fn method_ids() -> Vec<String> {
    let catalogue = Method::catalogue().expect("the catalogue reads");
    catalogue.into_iter().map(|method| method.id.as_str().to_owned()).collect()
}

/// A method of the catalogue.
pub(crate) fn method(id: &str) -> Method {
    let catalogue = Method::catalogue().expect("the catalogue reads");
    catalogue.into_iter().find(|method| method.id.as_str() == id).expect("a method of the catalogue")
}

/// Its chosen phases.
pub(crate) fn plan(id: &str) -> Plan {
    method(id).plan(Firmness::Guide, Meeting::Room).expect("a plan")
}

/// All its phases.
pub(crate) fn whole_plan(id: &str) -> Plan {
    let mut method = method(id);
    method.phases.iter_mut().for_each(|phase| phase.chosen = true);
    method.plan(Firmness::Guide, Meeting::Room).expect("a plan")
}

pub(crate) fn firm(plan: &Plan) -> Plan {
    edited(plan, |raw| raw.firmness = Firmness::Firm)
}

/// The same, with the facilitation left to the group.
pub(crate) fn of_the_group(plan: &Plan) -> Plan {
    edited(plan, |raw| raw.facilitates = Facilitates::Group)
}

pub(crate) fn edited(plan: &Plan, edit: impl FnOnce(&mut RawPlan)) -> Plan {
    let mut raw = RawPlan::from(plan.clone());
    edit(&mut raw);
    Plan::try_from(raw).expect("a valid plan")
}

pub(crate) fn settings() -> Settings {
    Settings { seat_limit: 12, retention: Millis::hours(24) }
}
