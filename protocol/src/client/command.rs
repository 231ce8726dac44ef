//! What people do: every command.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Extension, MinutesFrom, Moment};
use crate::agreement::AgreementLines;
use crate::door::{Door, HoldMessage, KnockKey};
use crate::ids::{Revision, SeatNumber, SecretHash};
use crate::method::{Plan, Slug};
use crate::sealed::{InviteChange, Sealed, SealedLine};
use crate::view::Reminder;

/// Something a person does.
///
/// "Nobody" and "none" are said by `null`: a field that is left out by mistake chooses nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Command {
    // Everyone, for themselves; a facilitator for a person without a device.
    /// Set or change a name.
    SetName {
        /// Whose.
        seat: SeatNumber,
        /// The sealed name.
        name: Sealed,
    },
    /// Agree to the ground rules, and to the group's own agreement where there is one.
    Agree {
        /// Whose agreement.
        seat: SeatNumber,
        /// The version of the group's agreement that was read; absent when there was none.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agreement: Option<Revision>,
    },
    /// Leave, and free the seat.
    Leave {},
    /// Ask for a pause; facilitators are told.
    NeedPause {},
    /// Ask to speak while the floor is open.
    RaiseHand {
        /// For which phase.
        moment: Moment,
        /// Whose hand.
        seat: SeatNumber,
    },
    /// Take it down; whoever steers, anybody's.
    LowerHand {
        /// For which phase.
        moment: Moment,
        /// Whose hand.
        seat: SeatNumber,
    },
    /// Send everyone a quiet reminder. For whoever steers, and where they let it be, for everyone.
    Remind {
        /// Which.
        what: Reminder,
    },
    /// Offer to present, in the lobby or when the presenter is gone.
    OfferToPresent {},
    /// Take the offer back.
    WithdrawOffer {},
    /// Take the chair while the facilitators are lost.
    TakeChair {},
    /// Say yes or no to holding the chair while the facilitator presents.
    AnswerChair {
        /// Yes.
        accept: bool,
    },

    /// Thank a person or the group, after the end.
    SendThanks {
        /// Whom; nobody named means the whole group.
        #[serde(deserialize_with = "Option::deserialize")]
        to: Option<SeatNumber>,
        /// The sealed line.
        line: SealedLine,
    },
    /// Ask one person for a talk afterwards. Only that person is told.
    AskForTalk {
        /// Whom.
        to: SeatNumber,
        /// The sealed line; may say nothing.
        line: SealedLine,
    },
    /// Take that back.
    WithdrawTalk {
        /// Who was asked.
        to: SeatNumber,
    },
    /// Say yes or not now to somebody who asked for a talk.
    AnswerTalk {
        /// Who asked.
        from: SeatNumber,
        /// Yes.
        accept: bool,
    },

    // The presenter.
    /// Say that the story is told; nothing moves by itself.
    SayFinished {
        /// For which phase.
        moment: Moment,
    },

    // The speaker of a round, a facilitator, or the next person when the speaker is away.
    /// The turn is over.
    FinishTurn {
        /// For which turn.
        moment: Moment,
    },
    /// Not this time.
    PassTurn {
        /// For which turn.
        moment: Moment,
    },
    /// "Come back to me": after everyone who still waits; once a person each time around.
    PutOffTurn {
        /// For which turn.
        moment: Moment,
    },

    // Whoever steers.
    /// Start the first phase.
    Begin {
        /// For the lobby.
        moment: Moment,
    },
    /// Stop the time.
    Pause {
        /// For which phase.
        moment: Moment,
    },
    /// Let the time run on. After a pause that came by itself, anyone but the silent presenter.
    Resume {
        /// For which phase.
        moment: Moment,
    },
    /// Say that a pause request was heard without pausing.
    HearPause {},
    /// Add time.
    Extend {
        /// For which phase.
        moment: Moment,
        /// How much.
        by: Extension,
        /// Where it comes from; absent when the end of the session moves.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<MinutesFrom>,
    },
    /// Shorten all later phases evenly, so that the session ends at its planned end again, as far as they can.
    Shorten {
        /// For which phase.
        moment: Moment,
    },
    /// Go to the next phase, or close after the last.
    Next {
        /// For which phase.
        moment: Moment,
    },
    /// Go back to the phase before.
    Back {
        /// For which phase.
        moment: Moment,
    },
    /// Open the round's floor to all.
    OpenFloor {
        /// For which turn.
        moment: Moment,
    },
    /// Change who comes when in the round. Who has come meanwhile stays behind them.
    OrderRound {
        /// For which turn.
        moment: Moment,
        /// Who waited, in the order that was changed.
        from: Vec<SeatNumber>,
        /// The same people in the new order.
        to: Vec<SeatNumber>,
    },
    /// Let everyone send reminders, or no longer.
    SetReminders {
        /// Everyone, but the silent presenter.
        anyone: bool,
    },
    /// Go once more around, when the round's floor is open.
    StartRound {
        /// For which turn.
        moment: Moment,
    },
    /// Say whether another case follows this one: Next in the last phase, and a firm end, then lead to it instead of
    /// closing the session.
    ArrangeCase {
        /// For which phase.
        moment: Moment,
        /// It does.
        another: bool,
    },
    /// Let chance choose who presents, among those who are here, have agreed, and have not presented; among all who are
    /// here and have agreed once everyone has.
    DrawPresenter {
        /// For the lobby, or between which cases.
        moment: Moment,
    },
    /// Name who presents in case the presenter cannot, or nobody.
    ChooseReserve {
        /// For which phase, or between which cases.
        moment: Moment,
        /// Who.
        #[serde(deserialize_with = "Option::deserialize")]
        seat: Option<SeatNumber>,
    },
    /// End the session.
    End {
        /// For which phase, or between which cases.
        moment: Moment,
    },
    /// Take back an own step within ten seconds.
    Undo {
        /// As the view names it.
        step: Revision,
    },
    /// Choose who presents, or nobody; after a presenter left, this goes back to the presentation.
    ChoosePresenter {
        /// For which phase.
        moment: Moment,
        /// Who.
        #[serde(deserialize_with = "Option::deserialize")]
        seat: Option<SeatNumber>,
    },
    /// After a presenter left: go to the last phase that needs none.
    GoToReview {
        /// For which phase.
        moment: Moment,
    },
    /// Change the phases before the start.
    ChangePlan {
        /// The phases to run.
        plan: Plan,
    },
    /// Change what the group agrees beside the ground rules, before the start. Who had agreed is asked again.
    ChangeAgreement {
        /// All lines, each sealed for the session as a whole; none takes the agreement away.
        lines: AgreementLines,
    },
    /// Make a person a facilitator, or no longer.
    SetFacilitator {
        /// Who.
        seat: SeatNumber,
        /// Whether they facilitate.
        facilitator: bool,
    },
    /// Give a person a role of the method's own, or none.
    SetRole {
        /// Who.
        seat: SeatNumber,
        /// Which role.
        #[serde(deserialize_with = "Option::deserialize")]
        role: Option<Slug>,
    },
    /// Hand the facilitation over for good.
    HandOver {
        /// To whom.
        to: SeatNumber,
    },
    /// Ask a person to hold the chair while the facilitator presents, or take the question back.
    OfferChair {
        /// Whom.
        #[serde(deserialize_with = "Option::deserialize")]
        to: Option<SeatNumber>,
    },
    /// Have the chair back from a stand-in.
    AskForChair {},
    /// Remove a person; the link changes with it.
    Remove {
        /// Whom.
        seat: SeatNumber,
        /// The new invite.
        invite: InviteChange,
    },
    /// Free the seat of a person who is away.
    ClearSeat {
        /// Whose.
        seat: SeatNumber,
    },
    /// Say that a newcomer is an away person on another device, who then has the seat again. The newcomer's seat is freed.
    Recognise {
        /// Who came.
        newcomer: SeatNumber,
        /// Who it is.
        seat: SeatNumber,
    },
    /// Add a person who is here without a device.
    AddPerson {},
    /// Say who may come in from now on.
    SetDoor {
        /// Who.
        door: Door,
    },
    /// Make a code for knocking, or a new one in its place. Nothing of it is stored.
    ShowCode {},
    /// Answer somebody who came by a code. Nothing of it is stored.
    AnswerKnock {
        /// Whose knock.
        knock: SecretHash,
        /// Drawn for this knock.
        key: KnockKey,
    },
    /// Tell somebody at the door something meanwhile. Nothing of it is stored.
    HoldKnock {
        /// Whose knock.
        knock: SecretHash,
        /// What.
        message: HoldMessage,
    },
    /// Have somebody who came by a code knock anew: the page that had answered lost its key. Nothing of it is stored.
    AskAgain {
        /// Whose knock.
        knock: SecretHash,
    },
    /// Let somebody in who knocks.
    LetIn {
        /// Whose knock.
        knock: SecretHash,
        /// For who came by a code: the link, sealed with what both keys make.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        handed: Option<SealedLine>,
    },
    /// Do not let somebody in who knocks.
    Decline {
        /// Whose knock.
        knock: SecretHash,
    },
    /// Make a new link; the old one opens nothing from then on, and no display link does.
    ChangeLink {
        /// The new invite.
        invite: InviteChange,
    },
    /// Make a link for one person, beside the session's own: whoever first joins by it has used it up. At most
    /// [`MOST_UNUSED_LINKS`](crate::door::MOST_UNUSED_LINKS) wait to be used.
    MakePersonalLink {
        /// SHA-256 of the invite in it.
        invite: SecretHash,
        /// The invite of the session's own link, sealed for the members' "Copy link": whoever comes by the personal one
        /// has no other. Kept only where the session's link has not changed since it was set up.
        shared: Sealed,
    },
    /// Make a code for going on with one's own seat on another device. Nothing of it is stored.
    ShowSeatCode {},
    /// Answer the device that typed it. Nothing of it is stored.
    AnswerMove {
        /// Which device.
        knock: SecretHash,
        /// Drawn for it.
        key: KnockKey,
    },
    /// Give it one's own seat. The token before opens nothing from then on.
    MoveSeat {
        /// Which device.
        knock: SecretHash,
        /// The link, sealed with what both keys make.
        handed: SealedLine,
    },
    /// Go on here after all: the code and the device that typed it come to nothing. Nothing of it is stored.
    EndMove {},
    /// Make a link for screens on the wall, in the place of the one before.
    MakeDisplay {
        /// SHA-256 of the secret in it.
        secret: SecretHash,
        /// Secret and key of it, sealed for the session as a whole, so that it can be shown again.
        sealed: Sealed,
    },
    /// Say what screens show beside the clock.
    SetDisplay {
        /// Which display link it was made for, as the view names it.
        made: Revision,
        /// To show who presents and who is speaking: the key of the session's texts, sealed with the display link's.
        #[serde(deserialize_with = "Option::deserialize")]
        names: Option<Sealed>,
        /// To show the way in until the start: the link, sealed with the display link's key.
        #[serde(deserialize_with = "Option::deserialize")]
        joining: Option<SealedLine>,
    },
    /// End the display link and every screen that shows it.
    EndDisplay {},
}
