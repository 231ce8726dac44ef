//! What happened in a session: the facts that its state is rebuilt from. Longer than other files: the kinds of events
//! are one list, and databases hold every one of them.

use attune_protocol::agreement::AgreementLines;
use attune_protocol::client::Extension;
use attune_protocol::door::Door;
use attune_protocol::ending::{Thanks, Totals};
use attune_protocol::ids::{CommandId, Millis, Revision, SeatNumber, SecretHash, Timestamp};
use attune_protocol::method::{Plan, Slug};
use attune_protocol::sealed::{InviteChange, Sealed, SealedLine};
use attune_protocol::view::Reminder;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One fact. Timed facts carry the moment they were due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Event {
    /// When it holds from.
    pub at: Timestamp,
    /// Whose command it was; nobody's for what came by itself or by a connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<SeatNumber>,
    /// Which command, so that a repeat is recognised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<CommandId>,
    /// What.
    pub what: EventKind,
}

/// What the host of the server decides for a session when it is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// The most people at once.
    pub seat_limit: u16,
    /// How long it is kept after the last human command.
    pub retention: Millis,
}

/// How a phase came to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// The session began with it. Without a holder of the chair it is led by the time alone.
    Begin {
        /// The facilitator presents, and nobody holds the chair.
        led_by_time: bool,
    },
    /// Somebody moved on to it.
    Next,
    /// Somebody went back to it.
    Back,
    /// The grace of the phase before was over.
    Time,
    /// Another presenter starts the case again.
    NewPresenter,
    /// The case is left for the review.
    Review,
}

/// Why the time stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseCause {
    /// Whoever steers paused.
    Steered,
    /// Somebody needed a pause, and nobody who steers answered.
    Needed,
    /// The presenter left.
    PresenterGone,
}

/// Minutes that a phase gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Taken {
    /// Index into the plan's phases.
    pub phase: usize,
    /// How many.
    pub minutes: u16,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum EventKind {
    /// The session was set up; seat 1 facilitates.
    Created {
        /// The phases to run.
        plan: Plan,
        /// Opens the door.
        invite: SecretHash,
        /// Opens seat 1.
        token: SecretHash,
        /// From the host.
        settings: Settings,
        /// When the group means to meet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        planned_for: Option<Timestamp>,
    },
    /// A person came in by the link.
    Joined {
        /// The new seat.
        seat: SeatNumber,
        /// Opens it.
        token: SecretHash,
        /// The invite for one person that is used up by it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        personal: Option<SecretHash>,
    },
    /// A person without a device was added.
    Added {
        /// The new seat.
        seat: SeatNumber,
    },
    /// A name was set.
    Named {
        /// Whose.
        seat: SeatNumber,
        /// Sealed for that seat.
        name: Sealed,
    },
    /// A person agreed to the ground rules, and to the agreement as it was then.
    Agreed {
        /// Who.
        seat: SeatNumber,
    },
    /// A seat's last connection was lost.
    WentAway {
        /// Whose.
        seat: SeatNumber,
    },
    /// An away person is back.
    CameBack {
        /// Who.
        seat: SeatNumber,
    },
    /// The server opened the log again after it had stopped; everyone is away since.
    Reopened {},
    /// A person left.
    Left {
        /// Who.
        seat: SeatNumber,
    },
    /// A person was removed, and the link changed.
    Removed {
        /// Who.
        seat: SeatNumber,
        /// The new invite.
        invite: InviteChange,
    },
    /// An away person's seat, or one without a device, was freed.
    Cleared {
        /// Whose.
        seat: SeatNumber,
    },
    /// A newcomer is an away person on another device: the newcomer's token opens that seat, and the newcomer's is freed.
    Recognised {
        /// The freed seat.
        newcomer: SeatNumber,
        /// Whose seat it opens.
        seat: SeatNumber,
    },
    /// A person offered to present, or took the offer back.
    Offered {
        /// Who.
        seat: SeatNumber,
        /// Whether the offer stands.
        offers: bool,
    },
    /// The plan was changed before the start.
    PlanChanged {
        /// The phases to run.
        plan: Plan,
    },
    /// What the group agrees beside the ground rules was changed before the start.
    AgreementChanged {
        /// All lines; none when it was taken away.
        lines: AgreementLines,
    },
    /// Somebody was chosen to present, or nobody.
    PresenterChosen {
        /// Who.
        seat: Option<SeatNumber>,
    },
    /// Chance chose who presents.
    PresenterDrawn {
        /// Who.
        seat: SeatNumber,
    },
    /// Somebody was named in case the presenter cannot, or nobody.
    ReserveChosen {
        /// Who.
        seat: Option<SeatNumber>,
    },
    /// It was said whether another case follows.
    CaseArranged {
        /// It does.
        another: bool,
    },
    /// The case ended, and another follows.
    CaseEnded {},
    /// Somebody became a facilitator, or stopped being one.
    FacilitatorSet {
        /// Who.
        seat: SeatNumber,
        /// Whether they facilitate.
        facilitator: bool,
    },
    /// Somebody has a role of the method's own, or none.
    RoleSet {
        /// Who.
        seat: SeatNumber,
        /// Which.
        role: Option<Slug>,
    },
    /// The facilitation was handed over.
    HandedOver {
        /// By whom.
        from: SeatNumber,
        /// To whom.
        to: SeatNumber,
    },
    /// Somebody was asked to hold the chair, or the question is settled.
    ChairAsked {
        /// Who.
        seat: Option<SeatNumber>,
    },
    /// Somebody holds the chair.
    ChairTaken {
        /// Who.
        seat: SeatNumber,
    },
    /// A facilitator had the chair back.
    ChairReturned {},
    /// A phase began.
    PhaseEntered {
        /// Index into the plan's phases.
        phase: usize,
        /// How it came.
        how: Entry,
        /// Its time.
        length: Millis,
    },
    /// The time stands.
    Paused {
        /// Why.
        cause: PauseCause,
    },
    /// The time goes on.
    Resumed {},
    /// Time was added, from the later of the end and now.
    Extended {
        /// How much.
        by: Extension,
        /// Which later phases gave it; none when the end moved.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        taken: Vec<Taken>,
    },
    /// Later phases gave minutes, so that the session ends nearer to its planned end.
    Shortened {
        /// Which, and how many.
        taken: Vec<Taken>,
    },
    /// The presenter said that the story is told.
    PresenterFinished {},
    /// A turn is over.
    TurnEnded {
        /// Whose it was.
        seat: SeatNumber,
        /// "Not this time."
        passed: bool,
    },
    /// A turn comes later, after everyone who waits.
    TurnPutOff {
        /// Whose it was.
        seat: SeatNumber,
    },
    /// The round's floor was opened to all.
    FloorOpened {},
    /// Who comes when in the round was changed.
    RoundOrdered {
        /// Everyone who waits, in their new order.
        order: Vec<SeatNumber>,
    },
    /// The round goes once more around.
    RoundStarted {},
    /// A hand went up.
    HandRaised {
        /// Whose.
        seat: SeatNumber,
    },
    /// A hand went down.
    HandLowered {
        /// Whose.
        seat: SeatNumber,
    },
    /// A reminder was sent.
    Reminded {
        /// Which.
        what: Reminder,
    },
    /// Reminders were left to everyone, or to whoever steers.
    RemindersSet {
        /// Everyone.
        anyone: bool,
    },
    /// A person needs a pause.
    PauseRequested {
        /// Who.
        seat: SeatNumber,
    },
    /// Whoever steers heard the request.
    PauseHeard {},
    /// Who may come in was changed.
    DoorSet {
        /// Who may since.
        door: Door,
    },
    /// Somebody who knocked was let in.
    LetIn {
        /// The token that they will come in with.
        token: SecretHash,
    },
    /// Somebody who knocked was not let in.
    Declined {},
    /// The link was changed.
    LinkChanged {
        /// The new invite.
        invite: InviteChange,
    },
    /// A link for one person was made.
    PersonalLinkMade {
        /// Its invite, for whoever comes first.
        invite: SecretHash,
        /// The invite of the session's own link, for members, where nothing has told it to them before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shared: Option<Sealed>,
    },
    /// A person went on with their seat on another device: its token opens the seat, and the one before nothing.
    SeatMoved {
        /// Whose.
        seat: SeatNumber,
        /// Opens it from now on.
        token: SecretHash,
    },
    /// A link for screens was made, in the place of the one before.
    DisplayMade {
        /// Shows the session.
        secret: SecretHash,
        /// Secret and key of the link.
        sealed: Sealed,
    },
    /// What screens show beside the clock was changed.
    DisplaySet {
        /// The key of the session's texts, for names.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        names: Option<Sealed>,
        /// The link of the session, for the way in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        joining: Option<SealedLine>,
    },
    /// The display link was ended.
    DisplayEnded {},
    /// A step was taken back.
    Undone {
        /// Which: the revision that it made.
        step: Revision,
    },
    /// The session ended.
    Closed {},
    /// A person thanked another, or the group.
    Thanked {
        /// Who, whom, and the sealed line.
        thanks: Thanks,
    },
    /// A person asked another for a talk afterwards.
    TalkAsked {
        /// Who.
        from: SeatNumber,
        /// Whom.
        to: SeatNumber,
        /// The sealed line.
        line: SealedLine,
    },
    /// That was taken back.
    TalkWithdrawn {
        /// Who had asked.
        from: SeatNumber,
        /// Whom.
        to: SeatNumber,
    },
    /// It was answered.
    TalkAnswered {
        /// Who had asked.
        from: SeatNumber,
        /// Who answered.
        to: SeatNumber,
        /// Yes, or not now.
        accept: bool,
    },
    /// These people's answers were counted, and are counted no more. At least three at once; what they said is nowhere.
    Answered {
        /// Whose.
        seats: BTreeSet<SeatNumber>,
    },
    /// What several people's answers come to together.
    Counted {
        /// Sums.
        totals: Totals,
    },
}
