//! Commands, made for the moment under way.

use attune_protocol::client::{Command, Extension, MinutesFrom, Moment};
use attune_protocol::door::{Door, HoldMessage};
use attune_protocol::ids::{Revision, SeatNumber};
use attune_protocol::method::Plan;
use attune_protocol::view::Reminder;

use super::{agreement_lines, display, invite_change, personal, sealed, sealed_line, slug, token};

pub(crate) fn begin(moment: Moment) -> Command {
    Command::Begin { moment }
}
pub(crate) fn next(moment: Moment) -> Command {
    Command::Next { moment }
}
pub(crate) fn back(moment: Moment) -> Command {
    Command::Back { moment }
}
pub(crate) fn pause(moment: Moment) -> Command {
    Command::Pause { moment }
}
pub(crate) fn resume(moment: Moment) -> Command {
    Command::Resume { moment }
}
pub(crate) fn end(moment: Moment) -> Command {
    Command::End { moment }
}
pub(crate) fn another(moment: Moment) -> Command {
    Command::ArrangeCase { moment, another: true }
}
pub(crate) fn no_other(moment: Moment) -> Command {
    Command::ArrangeCase { moment, another: false }
}
pub(crate) fn draw(moment: Moment) -> Command {
    Command::DrawPresenter { moment }
}
pub(crate) fn reserve(seat: impl Into<Option<SeatNumber>>) -> impl FnOnce(Moment) -> Command {
    let seat = seat.into();
    move |moment| Command::ChooseReserve { moment, seat }
}
pub(crate) fn one_more(moment: Moment) -> Command {
    Command::Extend { moment, by: Extension::One, source: None }
}
pub(crate) fn five_more(moment: Moment) -> Command {
    Command::Extend { moment, by: Extension::Five, source: None }
}
/// Takes five minutes from the phase with this index.
pub(crate) fn five_from(phase: usize) -> impl FnOnce(Moment) -> Command {
    move |moment| Command::Extend { moment, by: Extension::Five, source: Some(MinutesFrom::Phase { phase }) }
}
pub(crate) fn one_spread(moment: Moment) -> Command {
    Command::Extend { moment, by: Extension::One, source: Some(MinutesFrom::Spread {}) }
}
pub(crate) fn five_spread(moment: Moment) -> Command {
    Command::Extend { moment, by: Extension::Five, source: Some(MinutesFrom::Spread {}) }
}
pub(crate) fn shorten(moment: Moment) -> Command {
    Command::Shorten { moment }
}
pub(crate) fn open_floor(moment: Moment) -> Command {
    Command::OpenFloor { moment }
}
pub(crate) fn finish(moment: Moment) -> Command {
    Command::FinishTurn { moment }
}
pub(crate) fn pass(moment: Moment) -> Command {
    Command::PassTurn { moment }
}
pub(crate) fn put_off(moment: Moment) -> Command {
    Command::PutOffTurn { moment }
}
pub(crate) fn once_more_around(moment: Moment) -> Command {
    Command::StartRound { moment }
}
pub(crate) fn order(from: &[SeatNumber], to: &[SeatNumber]) -> impl FnOnce(Moment) -> Command + use<> {
    let (from, to) = (from.to_vec(), to.to_vec());
    move |moment| Command::OrderRound { moment, from, to }
}
pub(crate) fn raise(seat: SeatNumber) -> impl FnOnce(Moment) -> Command {
    move |moment| Command::RaiseHand { moment, seat }
}
pub(crate) fn lower(seat: SeatNumber) -> impl FnOnce(Moment) -> Command {
    move |moment| Command::LowerHand { moment, seat }
}
pub(crate) fn remind(what: Reminder) -> impl FnOnce(Moment) -> Command {
    move |_| Command::Remind { what }
}
pub(crate) fn anyone_reminds(anyone: bool) -> impl FnOnce(Moment) -> Command {
    move |_| Command::SetReminders { anyone }
}
pub(crate) fn say_finished(moment: Moment) -> Command {
    Command::SayFinished { moment }
}
pub(crate) fn go_to_review(moment: Moment) -> Command {
    Command::GoToReview { moment }
}
pub(crate) fn choose(seat: impl Into<Option<SeatNumber>>) -> impl FnOnce(Moment) -> Command {
    let seat = seat.into();
    move |moment| Command::ChoosePresenter { moment, seat }
}
pub(crate) fn need_pause(_: Moment) -> Command {
    Command::NeedPause {}
}
pub(crate) fn hear_pause(_: Moment) -> Command {
    Command::HearPause {}
}
pub(crate) fn leave(_: Moment) -> Command {
    Command::Leave {}
}
pub(crate) fn take_chair(_: Moment) -> Command {
    Command::TakeChair {}
}
pub(crate) fn ask_for_chair(_: Moment) -> Command {
    Command::AskForChair {}
}
pub(crate) fn add_person(_: Moment) -> Command {
    Command::AddPerson {}
}
pub(crate) fn offer(_: Moment) -> Command {
    Command::OfferToPresent {}
}
pub(crate) fn withdraw(_: Moment) -> Command {
    Command::WithdrawOffer {}
}
pub(crate) fn undo(step: Revision) -> impl FnOnce(Moment) -> Command {
    move |_| Command::Undo { step }
}
pub(crate) fn agree(seat: SeatNumber) -> impl FnOnce(Moment) -> Command {
    move |_| Command::Agree { seat, agreement: None }
}
/// Agrees to the group's own lines as they stood at this revision.
pub(crate) fn agree_to(seat: SeatNumber, version: Revision) -> impl FnOnce(Moment) -> Command {
    move |_| Command::Agree { seat, agreement: Some(version) }
}
pub(crate) fn change_agreement(lines: &[&str]) -> impl FnOnce(Moment) -> Command + use<> {
    let lines = agreement_lines(lines);
    move |_| Command::ChangeAgreement { lines }
}
pub(crate) fn name(seat: SeatNumber, text: &str) -> impl FnOnce(Moment) -> Command + use<> {
    let name = sealed(text);
    move |_| Command::SetName { seat, name }
}
pub(crate) fn facilitator(seat: SeatNumber, facilitator: bool) -> impl FnOnce(Moment) -> Command {
    move |_| Command::SetFacilitator { seat, facilitator }
}
pub(crate) fn role(seat: SeatNumber, word: Option<&str>) -> impl FnOnce(Moment) -> Command + use<> {
    let role = word.map(slug);
    move |_| Command::SetRole { seat, role }
}
pub(crate) fn hand_over(to: SeatNumber) -> impl FnOnce(Moment) -> Command {
    move |_| Command::HandOver { to }
}
pub(crate) fn offer_chair(to: impl Into<Option<SeatNumber>>) -> impl FnOnce(Moment) -> Command {
    let to = to.into();
    move |_| Command::OfferChair { to }
}
pub(crate) fn answer_chair(accept: bool) -> impl FnOnce(Moment) -> Command {
    move |_| Command::AnswerChair { accept }
}
/// Removes a person; the link's new invite has this number.
pub(crate) fn remove(seat: SeatNumber, invite: u16) -> impl FnOnce(Moment) -> Command {
    move |_| Command::Remove { seat, invite: invite_change(invite) }
}
pub(crate) fn set_door(door: Door) -> impl FnOnce(Moment) -> Command {
    move |_| Command::SetDoor { door }
}
/// Lets the browser with this number in.
pub(crate) fn let_in(number: u16) -> impl FnOnce(Moment) -> Command {
    move |_| Command::LetIn { knock: token(number), handed: None }
}
pub(crate) fn decline(number: u16) -> impl FnOnce(Moment) -> Command {
    move |_| Command::Decline { knock: token(number) }
}
pub(crate) fn hold(number: u16) -> impl FnOnce(Moment) -> Command {
    move |_| Command::HoldKnock { knock: token(number), message: HoldMessage::NextPart }
}
/// Makes a new link; its invite has this number.
pub(crate) fn change_link(invite: u16) -> impl FnOnce(Moment) -> Command {
    move |_| Command::ChangeLink { invite: invite_change(invite) }
}
/// Makes a link for one person; its invite has this number.
pub(crate) fn personal_link(invite: u16) -> impl FnOnce(Moment) -> Command {
    move |_| Command::MakePersonalLink { invite: personal(invite), shared: sealed("AQAC") }
}
/// Goes on by the token with this number.
pub(crate) fn move_seat(number: u16) -> impl FnOnce(Moment) -> Command {
    move |_| Command::MoveSeat { knock: token(number), handed: sealed_line("AQAB") }
}
/// Makes the display link with this number.
pub(crate) fn make_display(number: u16) -> impl FnOnce(Moment) -> Command {
    move |_| Command::MakeDisplay { secret: display(number), sealed: sealed("AQAB") }
}
pub(crate) fn set_display(made: Revision, names: bool, joining: bool) -> impl FnOnce(Moment) -> Command {
    let names = names.then(|| sealed("AQAB"));
    let joining = joining.then(|| sealed_line("AQAC"));
    move |_| Command::SetDisplay { made, names, joining }
}
pub(crate) fn end_display(_: Moment) -> Command {
    Command::EndDisplay {}
}
pub(crate) fn recognise(newcomer: SeatNumber, seat: SeatNumber) -> impl FnOnce(Moment) -> Command {
    move |_| Command::Recognise { newcomer, seat }
}
pub(crate) fn clear(seat: SeatNumber) -> impl FnOnce(Moment) -> Command {
    move |_| Command::ClearSeat { seat }
}
pub(crate) fn send_thanks(to: Option<SeatNumber>) -> impl FnOnce(Moment) -> Command {
    move |_| Command::SendThanks { to, line: sealed_line("AQAB") }
}
pub(crate) fn ask_talk(to: SeatNumber) -> impl FnOnce(Moment) -> Command {
    move |_| Command::AskForTalk { to, line: sealed_line("AQAB") }
}
pub(crate) fn withdraw_talk(to: SeatNumber) -> impl FnOnce(Moment) -> Command {
    move |_| Command::WithdrawTalk { to }
}
pub(crate) fn answer_talk(from: SeatNumber, accept: bool) -> impl FnOnce(Moment) -> Command {
    move |_| Command::AnswerTalk { from, accept }
}
pub(crate) fn change_plan(plan: Plan) -> impl FnOnce(Moment) -> Command {
    move |_| Command::ChangePlan { plan }
}
