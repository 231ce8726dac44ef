// Generated from the protocol crate: `make protocol` writes it, and a test compares it.

export type SessionId = string;

export type Invite = string;

export type SeatToken = string;

export type DisplaySecret = string;

export type SecretHash = string;

export type CommandId = string;

export type SeatNumber = number;

export type Revision = number;

export type Timestamp = number;

export type Millis = number;

export type Sealed = string;

export type SealedLine = string;

export type InviteChange = { 
/**
 * What the server compares with.
 */
hash: SecretHash, 
/**
 * What members open.
 */
sealed: Sealed, };

export type AgreementLines = Array<SealedLine>;

export type Agreement = { 
/**
 * The event that made it so. Whoever agrees names the one that they read.
 */
version: Revision, 
/**
 * What it says.
 */
lines: AgreementLines, };

export type Slug = string;

export type FloorMode = "none" | "single" | "open" | "round";

export type Role = "presenter" | "facilitator" | "member" | { "named": Slug };

export type Position = "speaking" | "answering" | "silent_listening" | "silent_thinking" | "outside" | "responding" | "leading" | "participant";

export type NotesPolicy = "none" | "private" | "presenter" | "secretary";

export type FloorRule = { 
/**
 * How the floor works.
 */
mode: FloorMode, 
/**
 * Whose floor it is.
 */
speakers: Array<Role>, };

export type TextsOf = { 
/**
 * The method, or [`COMMON`].
 */
method: Slug, 
/**
 * The phase of it.
 */
phase: Slug, };

export type PlanPhase = { 
/**
 * Its word in the plan, which no other phase of it has. Without `texts` its texts are those of the phase of the
 * plan's method with this id.
 */
id: Slug, 
/**
 * Where its texts stand, if elsewhere: for a phase that was added.
 */
texts?: TextsOf, 
/**
 * Planned length, 1 to 180.
 */
minutes: number, 
/**
 * Who may speak.
 */
floor: FloorRule, 
/**
 * What the presenter does.
 */
presenter: Position, 
/**
 * The silence lasts to the planned end, even when the talk ends early.
 */
holdSilence: boolean, 
/**
 * Whether notes may be kept.
 */
notes: NotesPolicy, 
/**
 * In a round, how long one turn is meant to be: 1 to the minutes of the phase. A guide for the speaker only.
 */
turnMinutes?: number, };

export type Firmness = "guide" | "firm";

export type Meeting = "call" | "room";

export type Facilitates = "host" | "group";

export type Plan = { 
/**
 * The method that it was made from.
 */
method: Slug, 
/**
 * What happens at time.
 */
firmness: Firmness, 
/**
 * How the group meets.
 */
meeting: Meeting, 
/**
 * Who facilitates; absent when it is whoever sets the session up.
 */
facilitates?: Facilitates, 
/**
 * The phases, in order.
 */
phases: Array<PlanPhase>, };

export type Aim = "reflect" | "advise" | "coach";

export type Prompts = { 
/**
 * For the presenter.
 */
presenter: Array<string>, 
/**
 * For the group.
 */
group: Array<string>, 
/**
 * For the facilitator alone.
 */
facilitator: Array<string>, };

export type Says = { 
/**
 * To the presenter.
 */
presenter?: string, 
/**
 * To others whose floor it is.
 */
speakers?: string, 
/**
 * To everyone else.
 */
listeners?: string, };

export type MethodPhase = { 
/**
 * Its heading.
 */
title: string, 
/**
 * Whether it can be switched off.
 */
optional: boolean, 
/**
 * Whether it stands in the plan unless changed.
 */
chosen: boolean, 
/**
 * What a plan takes over.
 */
plan: PlanPhase, 
/**
 * Sentences of its own.
 */
says?: Says, 
/**
 * Slow questions.
 */
prompts: Prompts, };

export type GroupSize = { 
/**
 * Fewest people, at least 3.
 */
least: number, 
/**
 * Most people.
 */
most: number, };

export type MethodRole = { 
/**
 * Its word in floors.
 */
id: Slug, 
/**
 * What it is called.
 */
title: string, 
/**
 * What its holder does, in one sentence.
 */
task: string, };

export type OtherRole = { 
/**
 * What one of them is called.
 */
title: string, 
/**
 * What they do, in one sentence.
 */
task: string, };

export type Method = { 
/**
 * Its word in plans.
 */
id: Slug, 
/**
 * Its name.
 */
name: string, 
/**
 * What it is for.
 */
aim: Aim, 
/**
 * For how many people.
 */
size: GroupSize, 
/**
 * What happens in it, in one sentence.
 */
summary: string, 
/**
 * Whose method it is after.
 */
credit: string, 
/**
 * On what terms it stands here.
 */
terms: string, 
/**
 * Where its shape was read.
 */
sources: Array<string>, 
/**
 * The promises that each person agrees to.
 */
groundRules: Array<string>, 
/**
 * The roles that its floors name; most methods have none.
 */
roles?: Array<MethodRole>, 
/**
 * Everyone who has none of these roles.
 */
others?: OtherRole, 
/**
 * Its phases, in order.
 */
phases: Array<MethodPhase>, };

export type Answers = Array<number>;

export type Totals = { 
/**
 * How many people's.
 */
people: number, 
/**
 * For each question, the sum of their scores.
 */
sums: Array<number>, };

export type Thanks = { 
/**
 * Whose.
 */
from: SeatNumber, 
/**
 * To whom; nobody named means the whole group.
 */
to: SeatNumber | null, 
/**
 * Sealed for that pair.
 */
line: SealedLine, };

export type TalkState = "asked" | "yes" | "not_now";

export type Talk = { 
/**
 * Who asked.
 */
from: SeatNumber, 
/**
 * Who was asked.
 */
to: SeatNumber, 
/**
 * Sealed for that pair; may say nothing.
 */
line: SealedLine, 
/**
 * What was answered.
 */
state: TalkState, };

export type Private = { 
/**
 * Whether this person's answers were counted.
 */
counted: boolean, 
/**
 * Lines from one person to one person: to this one, or from this one. Those to the group are among the texts.
 */
thanks: Array<Thanks>, 
/**
 * Talks that this person asked for, or was asked for.
 */
talks: Array<Talk>, 
/**
 * Whether this person's last request for a pause was heard by whoever steers, who went on.
 */
pauseHeard?: boolean, };

export type FirstMessage = { "type": "create", 
/**
 * [`PROTOCOL_VERSION`](crate::version::PROTOCOL_VERSION), or an older one that is spoken.
 */
version: number, 
/**
 * The phases to run.
 */
plan: Plan, 
/**
 * SHA-256 of the invite that the browser drew.
 */
invite: SecretHash, 
/**
 * The token of the first seat, drawn by the browser.
 */
seatToken: SeatToken, 
/**
 * When the group means to meet; at most a year ahead.
 */
plannedFor?: Timestamp, 
/**
 * What a server that is not open to everybody asks for, as the person typed it.
 */
createToken?: string, } | { "type": "hello", 
/**
 * [`PROTOCOL_VERSION`](crate::version::PROTOCOL_VERSION), or an older one that is spoken.
 */
version: number, 
/**
 * Which session.
 */
session: SessionId, 
/**
 * From the link; not needed to come back.
 */
invite?: Invite, 
/**
 * Drawn by the browser once for each seat it takes.
 */
seatToken: SeatToken, } | { "type": "knock", 
/**
 * [`PROTOCOL_VERSION`](crate::version::PROTOCOL_VERSION), or an older one that is spoken.
 */
version: number, 
/**
 * Which door.
 */
code: DoorCode, 
/**
 * The token to come in with once let in, drawn by the browser.
 */
seatToken: SeatToken, 
/**
 * SHA-256 of a nonce and the knocker's key, which are shown only after another key has answered.
 */
commitment: SecretHash, } | { "type": "move", 
/**
 * [`PROTOCOL_VERSION`](crate::version::PROTOCOL_VERSION), or an older one that is spoken.
 */
version: number, 
/**
 * What it shows.
 */
code: SeatCode, 
/**
 * The token to open the seat with from then on, drawn by this browser.
 */
seatToken: SeatToken, 
/**
 * As in `knock`.
 */
commitment: SecretHash, } | { "type": "watch", 
/**
 * [`PROTOCOL_VERSION`](crate::version::PROTOCOL_VERSION), or an older one that is spoken.
 */
version: number, 
/**
 * Which session.
 */
session: SessionId, 
/**
 * From the display link.
 */
display: DisplaySecret, } | { "type": "erase", 
/**
 * [`PROTOCOL_VERSION`](crate::version::PROTOCOL_VERSION), or an older one that is spoken.
 */
version: number, 
/**
 * Which session.
 */
session: SessionId, 
/**
 * The facilitator's token.
 */
seatToken: SeatToken, };

export type ClientMessage = { "type": "ping", 
/**
 * The page's own clock in milliseconds, handed back untouched.
 */
sent: number, } | { "type": "command", 
/**
 * Names the act, so that a repeat after a lost answer is applied once.
 */
request: CommandId, 
/**
 * What to do.
 */
command: Command, } | { "type": "history", } | { "type": "answer", 
/**
 * One for each question.
 */
answers: Answers, };

export type Moment = { 
/**
 * Counts entries into phases: 0 in the lobby, 1 in the first phase, one more at every next, back or return, and for
 * the time between two cases.
 */
visit: number, 
/**
 * Counts turns within the visit: 0 before and outside a round.
 */
turn: number, };

export type Extension = "one" | "five";

export type MinutesFrom = { "type": "phase", 
/**
 * Index into the plan's phases.
 */
phase: number, } | { "type": "spread", };

export type Door = "open" | "knock" | "locked";

export type DoorCode = string;

export type KnockKey = string;

export type HoldMessage = "a_moment" | "next_part";

export type KnockerMessage = { "type": "ping", 
/**
 * The page's own clock in milliseconds, handed back untouched.
 */
sent: number, } | { "type": "introduce", 
/**
 * Sealed with the link's key.
 */
name: Sealed, } | { "type": "reveal", 
/**
 * The key.
 */
key: KnockKey, 
/**
 * What was hashed with it, 32 bytes like a key.
 */
nonce: KnockKey, 
/**
 * The first name, sealed with what both keys make; says nothing where a seat is asked for.
 */
name: Sealed, };

export type DoorView = { 
/**
 * The code under which to knock, while there is one.
 */
code?: CodeView, 
/**
 * Who waits, in order.
 */
knocks: Array<KnockView>, };

export type CodeView = { 
/**
 * What to type.
 */
code: DoorCode, 
/**
 * Until when it can be typed, in server time.
 */
until: Timestamp, };

export type KnockView = { 
/**
 * Names the knock: the hash of the token that the knocker will come in with.
 */
knock: SecretHash, 
/**
 * Since when, in server time.
 */
since: Timestamp, 
/**
 * How they came.
 */
by: KnockerView, 
/**
 * What they were told meanwhile.
 */
held?: HoldMessage, };

export type KnockerView = { "type": "link", 
/**
 * The first name, sealed with the link's key.
 */
name?: Sealed, } | { "type": "code", 
/**
 * SHA-256 of a nonce and the knocker's key.
 */
commitment: SecretHash, 
/**
 * Whose page has answered.
 */
answeredBy?: SeatNumber, 
/**
 * What was committed to, once it is shown.
 */
revealed?: Revealed, };

export type Revealed = { 
/**
 * The key.
 */
key: KnockKey, 
/**
 * What was hashed with it.
 */
nonce: KnockKey, 
/**
 * The first name, sealed with what both keys make.
 */
name: Sealed, };

export type WaitingView = { 
/**
 * The key of the page that has answered, for who came by a code.
 */
answered?: KnockKey, 
/**
 * What they are told meanwhile.
 */
held?: HoldMessage, 
/**
 * The link, sealed with what both keys make: the way in.
 */
handed?: SealedLine, };

export type Command = { "type": "setName", 
/**
 * Whose.
 */
seat: SeatNumber, 
/**
 * The sealed name.
 */
name: Sealed, } | { "type": "agree", 
/**
 * Whose agreement.
 */
seat: SeatNumber, 
/**
 * The version of the group's agreement that was read; absent when there was none.
 */
agreement?: Revision, } | { "type": "leave", } | { "type": "needPause", } | { "type": "raiseHand", 
/**
 * For which phase.
 */
moment: Moment, 
/**
 * Whose hand.
 */
seat: SeatNumber, } | { "type": "lowerHand", 
/**
 * For which phase.
 */
moment: Moment, 
/**
 * Whose hand.
 */
seat: SeatNumber, } | { "type": "remind", 
/**
 * Which.
 */
what: Reminder, } | { "type": "offerToPresent", } | { "type": "withdrawOffer", } | { "type": "takeChair", } | { "type": "answerChair", 
/**
 * Yes.
 */
accept: boolean, } | { "type": "sendThanks", 
/**
 * Whom; nobody named means the whole group.
 */
to: SeatNumber | null, 
/**
 * The sealed line.
 */
line: SealedLine, } | { "type": "askForTalk", 
/**
 * Whom.
 */
to: SeatNumber, 
/**
 * The sealed line; may say nothing.
 */
line: SealedLine, } | { "type": "withdrawTalk", 
/**
 * Who was asked.
 */
to: SeatNumber, } | { "type": "answerTalk", 
/**
 * Who asked.
 */
from: SeatNumber, 
/**
 * Yes.
 */
accept: boolean, } | { "type": "sayFinished", 
/**
 * For which phase.
 */
moment: Moment, } | { "type": "finishTurn", 
/**
 * For which turn.
 */
moment: Moment, } | { "type": "passTurn", 
/**
 * For which turn.
 */
moment: Moment, } | { "type": "putOffTurn", 
/**
 * For which turn.
 */
moment: Moment, } | { "type": "begin", 
/**
 * For the lobby.
 */
moment: Moment, } | { "type": "pause", 
/**
 * For which phase.
 */
moment: Moment, } | { "type": "resume", 
/**
 * For which phase.
 */
moment: Moment, } | { "type": "hearPause", } | { "type": "extend", 
/**
 * For which phase.
 */
moment: Moment, 
/**
 * How much.
 */
by: Extension, 
/**
 * Where it comes from; absent when the end of the session moves.
 */
source?: MinutesFrom, } | { "type": "shorten", 
/**
 * For which phase.
 */
moment: Moment, } | { "type": "next", 
/**
 * For which phase.
 */
moment: Moment, } | { "type": "back", 
/**
 * For which phase.
 */
moment: Moment, } | { "type": "openFloor", 
/**
 * For which turn.
 */
moment: Moment, } | { "type": "orderRound", 
/**
 * For which turn.
 */
moment: Moment, 
/**
 * Who waited, in the order that was changed.
 */
from: Array<SeatNumber>, 
/**
 * The same people in the new order.
 */
to: Array<SeatNumber>, } | { "type": "setReminders", 
/**
 * Everyone, but the silent presenter.
 */
anyone: boolean, } | { "type": "startRound", 
/**
 * For which turn.
 */
moment: Moment, } | { "type": "arrangeCase", 
/**
 * For which phase.
 */
moment: Moment, 
/**
 * It does.
 */
another: boolean, } | { "type": "drawPresenter", 
/**
 * For the lobby, or between which cases.
 */
moment: Moment, } | { "type": "chooseReserve", 
/**
 * For which phase, or between which cases.
 */
moment: Moment, 
/**
 * Who.
 */
seat: SeatNumber | null, } | { "type": "end", 
/**
 * For which phase, or between which cases.
 */
moment: Moment, } | { "type": "undo", 
/**
 * As the view names it.
 */
step: Revision, } | { "type": "choosePresenter", 
/**
 * For which phase.
 */
moment: Moment, 
/**
 * Who.
 */
seat: SeatNumber | null, } | { "type": "goToReview", 
/**
 * For which phase.
 */
moment: Moment, } | { "type": "changePlan", 
/**
 * The phases to run.
 */
plan: Plan, } | { "type": "changeAgreement", 
/**
 * All lines, each sealed for the session as a whole; none takes the agreement away.
 */
lines: AgreementLines, } | { "type": "setFacilitator", 
/**
 * Who.
 */
seat: SeatNumber, 
/**
 * Whether they facilitate.
 */
facilitator: boolean, } | { "type": "setRole", 
/**
 * Who.
 */
seat: SeatNumber, 
/**
 * Which role.
 */
role: Slug | null, } | { "type": "handOver", 
/**
 * To whom.
 */
to: SeatNumber, } | { "type": "offerChair", 
/**
 * Whom.
 */
to: SeatNumber | null, } | { "type": "askForChair", } | { "type": "remove", 
/**
 * Whom.
 */
seat: SeatNumber, 
/**
 * The new invite.
 */
invite: InviteChange, } | { "type": "clearSeat", 
/**
 * Whose.
 */
seat: SeatNumber, } | { "type": "recognise", 
/**
 * Who came.
 */
newcomer: SeatNumber, 
/**
 * Who it is.
 */
seat: SeatNumber, } | { "type": "addPerson", } | { "type": "setDoor", 
/**
 * Who.
 */
door: Door, } | { "type": "showCode", } | { "type": "answerKnock", 
/**
 * Whose knock.
 */
knock: SecretHash, 
/**
 * Drawn for this knock.
 */
key: KnockKey, } | { "type": "holdKnock", 
/**
 * Whose knock.
 */
knock: SecretHash, 
/**
 * What.
 */
message: HoldMessage, } | { "type": "askAgain", 
/**
 * Whose knock.
 */
knock: SecretHash, } | { "type": "letIn", 
/**
 * Whose knock.
 */
knock: SecretHash, 
/**
 * For who came by a code: the link, sealed with what both keys make.
 */
handed?: SealedLine, } | { "type": "decline", 
/**
 * Whose knock.
 */
knock: SecretHash, } | { "type": "changeLink", 
/**
 * The new invite.
 */
invite: InviteChange, } | { "type": "makePersonalLink", 
/**
 * SHA-256 of the invite in it.
 */
invite: SecretHash, 
/**
 * The invite of the session's own link, sealed for the members' "Copy link": whoever comes by the personal one
 * has no other. Kept only where the session's link has not changed since it was set up.
 */
shared: Sealed, } | { "type": "showSeatCode", } | { "type": "answerMove", 
/**
 * Which device.
 */
knock: SecretHash, 
/**
 * Drawn for it.
 */
key: KnockKey, } | { "type": "moveSeat", 
/**
 * Which device.
 */
knock: SecretHash, 
/**
 * The link, sealed with what both keys make.
 */
handed: SealedLine, } | { "type": "endMove", } | { "type": "makeDisplay", 
/**
 * SHA-256 of the secret in it.
 */
secret: SecretHash, 
/**
 * Secret and key of it, sealed for the session as a whole, so that it can be shown again.
 */
sealed: Sealed, } | { "type": "setDisplay", 
/**
 * Which display link it was made for, as the view names it.
 */
made: Revision, 
/**
 * To show who presents and who is speaking: the key of the session's texts, sealed with the display link's.
 */
names: Sealed | null, 
/**
 * To show the way in until the start: the link, sealed with the display link's key.
 */
joining: SealedLine | null, } | { "type": "endDisplay", };

export type SeatCode = string;

export type MovingView = { 
/**
 * The code, until somebody has typed it.
 */
code?: SeatCodeView, 
/**
 * The device that typed it.
 */
device?: MovingDevice, };

export type SeatCodeView = { 
/**
 * What to type.
 */
code: SeatCode, 
/**
 * Until when it can be typed, in server time.
 */
until: Timestamp, };

export type MovingDevice = { 
/**
 * Names it: the hash of the token that it would open the seat with.
 */
knock: SecretHash, 
/**
 * SHA-256 of a nonce and its key.
 */
commitment: SecretHash, 
/**
 * Whether the seat's page has answered.
 */
answered: boolean, 
/**
 * What was committed to, once it is shown.
 */
revealed?: Revealed, };

export type DisplayMessage = { "type": "ping", 
/**
 * The page's own clock in milliseconds, handed back untouched.
 */
sent: number, };

export type DisplayLinkView = { 
/**
 * The event that made it: its name in `setDisplay`.
 */
made: Revision, 
/**
 * Whether screens show who presents and who is speaking.
 */
names: boolean, 
/**
 * Whether screens show the way in until the start.
 */
joining: boolean, };

export type DisplayView = { 
/**
 * The phases it runs.
 */
plan: Plan, 
/**
 * Where it stands.
 */
stage: DisplayStage, };

export type DisplayStage = { "type": "lobby", 
/**
 * When the group means to meet.
 */
plannedFor?: Timestamp, 
/**
 * The way in, while whoever steers lets it be shown and the door is not locked.
 */
joining?: JoiningView, 
/**
 * Present between two cases.
 */
between?: DisplayBetween, } | { "type": "running", 
/**
 * Index into the plan's phases.
 */
phase: number, 
/**
 * The time.
 */
timing: DisplayTiming, 
/**
 * Full length of this visit with its extensions: a full disc.
 */
length: Millis, 
/**
 * Whether a mark is shown two minutes before the end.
 */
marksTwoMinutes: boolean, 
/**
 * Length of all later phases, each as it would begin.
 */
rest: Millis, 
/**
 * Whole minutes of each phase of the plan as they are now; absent while all have their planned ones.
 */
minutes?: Array<number>, 
/**
 * How the floor works now; a round is `open` once everyone had a turn, and a held silence is `none`.
 */
floor: FloorMode, 
/**
 * The presenter left, and the phase needs one.
 */
presenterMissing: boolean, 
/**
 * Who, where whoever steers lets it be shown.
 */
names?: DisplayNames, } | { "type": "closed", };

export type DisplayTiming = { "type": "running", 
/**
 * To this moment, and over it.
 */
endsAt: Timestamp, } | { "type": "paused", 
/**
 * What is kept; negative when it had run over.
 */
remaining: Millis, };

export type DisplayBetween = { 
/**
 * How many cases are over.
 */
cases: number, 
/**
 * Who presents next, where whoever steers lets names be shown; nobody speaks for the group.
 */
names?: DisplayNames, };

export type JoiningView = { 
/**
 * The link, sealed with the key of the display link.
 */
link: SealedLine, 
/**
 * The code for typing, while there is one.
 */
code?: CodeView, };

export type DisplayNames = { 
/**
 * The key of the session's texts, sealed with the key of the display link.
 */
key: Sealed, 
/**
 * Who presents.
 */
presenter?: SealedName, 
/**
 * Whose turn it is, or who alone has the floor.
 */
speaker?: SealedName, };

export type SessionView = { 
/**
 * The phases it runs.
 */
plan: Plan, 
/**
 * Where it stands.
 */
stage: StageView, 
/**
 * Who is here, in joining order. People who left are not in it.
 */
seats: Array<SeatView>, 
/**
 * The most seats it can have.
 */
seatLimit: number, 
/**
 * Who may come in; absent while whoever has the link may.
 */
door?: Door, 
/**
 * How many links for one person wait to be used; absent while none do.
 */
unusedLinks?: number, 
/**
 * The display link, while there is one.
 */
display?: DisplayLinkView, 
/**
 * When the group means to meet; until it begins.
 */
plannedFor?: Timestamp, 
/**
 * Who presents.
 */
presenter: SeatNumber | null, 
/**
 * Whether chance chose who presents; absent when a person did.
 */
drawn?: boolean, 
/**
 * Who presents in case the presenter cannot.
 */
reserve?: SeatNumber, 
/**
 * Who holds the chair for the facilitators.
 */
chair: ChairView, 
/**
 * Who may speak now.
 */
floor: FloorView, 
/**
 * When the server deletes the session unless somebody acts.
 */
expiresAt: Timestamp, 
/**
 * Steps that their doers can take back.
 */
undo: Array<UndoView>, 
/**
 * A quiet reminder to show; the page stops by itself. Nothing tells who sent it.
 */
reminder?: ReminderView, 
/**
 * Whether everyone but the silent presenter may send reminders; absent when not.
 */
anyoneReminds?: boolean, 
/**
 * A request for a pause that nobody has answered; only whoever steers sees it.
 */
pauseRequest?: PauseRequestView, };

export type StageView = { "type": "lobby", 
/**
 * What was before; absent in a session that has not begun.
 */
between?: BetweenView, } | { "type": "newcomer", } | { "type": "running" } & RunningView | { "type": "closed" } & ClosedView;

export type BetweenView = { 
/**
 * Which visit it is; steering acts name it.
 */
moment: Moment, 
/**
 * How many cases are over.
 */
cases: number, 
/**
 * Who presented in them.
 */
presented: Array<SeatNumber>, };

export type RunningView = { 
/**
 * Which visit and turn it is; steering acts name it.
 */
moment: Moment, 
/**
 * Index into the plan's phases.
 */
phase: number, 
/**
 * The time.
 */
timing: TimingView, 
/**
 * When this visit began.
 */
beganAt: Timestamp, 
/**
 * Full length of this visit with its extensions: a full disc.
 */
length: Millis, 
/**
 * Whether a mark is shown two minutes before the end: not in phases under six minutes.
 */
marksTwoMinutes: boolean, 
/**
 * Length of all later phases, each as it would begin: as planned, less what it gave, or with what it kept.
 */
rest: Millis, 
/**
 * Whole minutes of each phase of the plan as they are now; absent while all have their planned ones.
 */
minutes?: Array<number>, 
/**
 * Later phases that were left by going back, and come again with what they kept; absent without.
 */
kept?: Array<KeptPhase>, 
/**
 * Whether the next phase begins by itself.
 */
firm: boolean, 
/**
 * The turns, in a phase with a round.
 */
round: RoundView | null, 
/**
 * Hands that are up while the floor is open, the next first; absent without.
 */
hands?: Array<SeatNumber>, 
/**
 * The presenter has said that the story is told.
 */
presenterFinished: boolean, 
/**
 * The presenter left, and the phase needs one.
 */
presenterMissing: boolean, 
/**
 * Which case of the session it is, from 2 on; absent in the first.
 */
case?: number, 
/**
 * Whether another case follows this one; absent when the session ends with it.
 */
another?: boolean, };

export type KeptPhase = { 
/**
 * Index into the plan's phases.
 */
phase: number, 
/**
 * With how much it comes again.
 */
length: Millis, };

export type TimingView = { "type": "running", 
/**
 * To this moment, and over it.
 */
endsAt: Timestamp, } | { "type": "paused", 
/**
 * What is kept; negative when it had run over.
 */
remaining: Millis, 
/**
 * Since when.
 */
since: Timestamp, 
/**
 * Whether anyone but the silent presenter may let it run on.
 */
anyoneResumes: boolean, };

export type RoundView = { 
/**
 * Whose turn it is; nobody once the floor is open to all.
 */
speaker: SeatNumber | null, 
/**
 * Who comes after, in order.
 */
next: Array<SeatNumber>, 
/**
 * Who has had a turn, in order.
 */
done: Array<SeatNumber>, 
/**
 * Who has put their turn off this time around, and may not again; in seat order.
 */
later?: Array<SeatNumber>, 
/**
 * Which time around it is, from 2 on; absent the first time.
 */
around?: number, 
/**
 * Until when the speaker has by the minutes that the plan gives a turn: a guide. Absent without, and while the
 * time stands.
 */
turnEndsAt?: Timestamp, };

export type ClosedView = { 
/**
 * When it began.
 */
beganAt: Timestamp, 
/**
 * When it ended.
 */
closedAt: Timestamp, 
/**
 * The cases before the last one, each with a plan of its own; absent in a session of one case.
 */
earlier?: Array<CaseRecord>, 
/**
 * The phases of the last case that ran, in plan order; none when it ended between two cases.
 */
phases: Array<PhaseRecord>, 
/**
 * Everyone who was there at any time after the start.
 */
attendance: Array<SeatNumber>, 
/**
 * Until when thanks, talks and answers are taken; then places close. Absent where nothing took place.
 */
openUntil?: Timestamp, 
/**
 * What people found, once at least three were counted.
 */
found?: Totals, };

export type CaseRecord = { 
/**
 * The phases that it ran.
 */
plan: Plan, 
/**
 * The phases that ran, in plan order.
 */
phases: Array<PhaseRecord>, };

export type PhaseRecord = { 
/**
 * Index into the plan's phases.
 */
phase: number, 
/**
 * As planned when the case began.
 */
planned: Millis, 
/**
 * What it was given by extensions, less what it gave to others; absent when nothing.
 */
moved?: Millis, 
/**
 * As it was, without pauses.
 */
actual: Millis, };

export type SeatView = { 
/**
 * Its number.
 */
seat: SeatNumber, 
/**
 * Whether this person facilitates.
 */
facilitator: boolean, 
/**
 * A role of the method's own.
 */
role?: Slug, 
/**
 * Away since then; absent while here.
 */
awaySince?: Timestamp, 
/**
 * Whether the ground rules are agreed.
 */
agreed: boolean, 
/**
 * The group's own agreement has changed since, and this person has not agreed to it as it is now.
 */
askedAgain?: boolean, 
/**
 * Whether this person has a device of their own here.
 */
device: boolean, 
/**
 * When this person came.
 */
joinedAt: Timestamp, 
/**
 * Whether this person offers to present.
 */
offers: boolean, };

export type ChairView = { 
/**
 * The stand-in.
 */
standIn: SeatNumber | null, 
/**
 * Who was asked to hold it while the facilitator presents.
 */
asked: SeatNumber | null, 
/**
 * From when anyone but the silent presenter may take it; absent while somebody who can steer is connected.
 */
freeAt: Timestamp | null, 
/**
 * The lobby asks who of the group facilitates, and nobody has offered; absent when not.
 */
openToGroup?: boolean, };

export type FloorView = { 
/**
 * How the floor works now; a round is `open` once everyone had a turn.
 */
mode: FloorMode, 
/**
 * Who may speak.
 */
speakers: Array<SeatNumber>, };

export type PauseRequestView = { 
/**
 * Who asked.
 */
by: SeatNumber, 
/**
 * When.
 */
at: Timestamp, };

export type Reminder = "advice" | "blame" | "each_other" | "missing_view";

export type ReminderView = { 
/**
 * What it says.
 */
what: Reminder, 
/**
 * Until when.
 */
until: Timestamp, };

export type UndoView = { 
/**
 * Its name for `undo`.
 */
step: Revision, 
/**
 * Who did it, and who alone can take it back.
 */
by: SeatNumber, 
/**
 * Until when.
 */
until: Timestamp, 
/**
 * What it was.
 */
what: ActKind, };

export type Act = { 
/**
 * When.
 */
at: Timestamp, 
/**
 * Who; nobody when it came by itself.
 */
by: SeatNumber | null, 
/**
 * What.
 */
what: ActKind, };

export type ActKind = { "type": "began", } | { "type": "movedOn", 
/**
 * Index into the plan's phases.
 */
phase: number, } | { "type": "wentBack", 
/**
 * Index into the plan's phases.
 */
phase: number, } | { "type": "paused", } | { "type": "resumed", } | { "type": "extended", 
/**
 * How much.
 */
by: Extension, 
/**
 * Phases that it was taken from, by their index into the plan's; absent when the end moved.
 */
from?: Array<number>, } | { "type": "shortened", } | { "type": "ended", } | { "type": "undone", } | { "type": "chosePresenter", 
/**
 * Who.
 */
seat: SeatNumber | null, } | { "type": "endedCase", } | { "type": "arrangedCase", 
/**
 * It does.
 */
another: boolean, } | { "type": "drewPresenter", 
/**
 * Who.
 */
seat: SeatNumber, } | { "type": "choseReserve", 
/**
 * Who.
 */
seat: SeatNumber | null, } | { "type": "setFacilitator", 
/**
 * Who.
 */
seat: SeatNumber, 
/**
 * Whether they facilitate.
 */
facilitator: boolean, } | { "type": "setRole", 
/**
 * Who.
 */
seat: SeatNumber, 
/**
 * Which role.
 */
role: Slug | null, } | { "type": "handedOver", 
/**
 * To whom.
 */
to: SeatNumber, } | { "type": "tookChair", } | { "type": "askedForChair", } | { "type": "removed", 
/**
 * Who.
 */
seat: SeatNumber, } | { "type": "cleared", 
/**
 * Whose.
 */
seat: SeatNumber, } | { "type": "recognised", 
/**
 * Which seat.
 */
seat: SeatNumber, } | { "type": "added", 
/**
 * Which seat.
 */
seat: SeatNumber, } | { "type": "openedFloor", } | { "type": "movedTurn", 
/**
 * Whose turn it was.
 */
seat: SeatNumber, } | { "type": "putOffTurn", 
/**
 * Whose turn it was.
 */
seat: SeatNumber, } | { "type": "orderedRound", } | { "type": "startedRound", } | { "type": "setReminders", 
/**
 * Everyone.
 */
anyone: boolean, } | { "type": "changedPlan", } | { "type": "setDoor", 
/**
 * Who may since.
 */
door: Door, } | { "type": "changedLink", } | { "type": "madePersonalLink", } | { "type": "madeDisplay", } | { "type": "setDisplay", 
/**
 * Who presents and who is speaking.
 */
names: boolean, 
/**
 * The way in, until the start.
 */
joining: boolean, } | { "type": "endedDisplay", } | { "type": "letIn", } | { "type": "declined", } | { "type": "changedAgreement", };

export type ServerMessage = { "type": "welcome", 
/**
 * Which session; news to whoever created it.
 */
session: SessionId, 
/**
 * Which seat is yours.
 */
seat: SeatNumber, 
/**
 * The newest event.
 */
revision: Revision, 
/**
 * What you may see.
 */
view: SessionView, 
/**
 * What members open.
 */
texts: Texts, 
/**
 * What this seat alone is shown; absent while there is nothing.
 */
private?: Private, } | { "type": "view", 
/**
 * The newest event it shows.
 */
revision: Revision, 
/**
 * What you may see.
 */
view: SessionView, } | { "type": "texts", 
/**
 * The newest event they show.
 */
revision: Revision, 
/**
 * What members open.
 */
texts: Texts, } | { "type": "private", 
/**
 * The event that last changed it.
 */
revision: Revision, 
/**
 * What this seat alone is shown.
 */
private: Private, } | { "type": "held", } | { "type": "accepted", 
/**
 * Which act.
 */
request: CommandId, 
/**
 * The newest event.
 */
revision: Revision, } | { "type": "refused", 
/**
 * Which act; absent when the frame could not be read.
 */
request?: CommandId, 
/**
 * Why.
 */
why: Refusal, } | { "type": "pong", 
/**
 * As it came.
 */
sent: number, 
/**
 * Server time when it came.
 */
now: Timestamp, } | { "type": "door", 
/**
 * Everybody there.
 */
door: DoorView, } | { "type": "waiting", 
/**
 * What you are shown.
 */
waiting: WaitingView, } | { "type": "moving", 
/**
 * What it is told.
 */
moving: MovingView, } | { "type": "screens", 
/**
 * So many.
 */
count: number, } | { "type": "display", 
/**
 * The newest event when it was made.
 */
revision: Revision, 
/**
 * What to show.
 */
display: DisplayView, } | { "type": "history", 
/**
 * Who steered, oldest first.
 */
acts: Array<Act>, };

export type Texts = { 
/**
 * Names by seat; also of people who have left, for the record.
 */
names: Array<SealedName>, 
/**
 * The newest invite, when it was changed since the session was set up.
 */
invite?: Sealed, 
/**
 * What the group agrees beside the ground rules; whoever is to agree reads it, also before any name.
 */
agreement?: Agreement, 
/**
 * Secret and key of the display link, as `<secret>.<key>`, while there is one.
 */
display?: Sealed, 
/**
 * Thanks to the whole group, in the order in which they came.
 */
thanks?: Array<Thanks>, };

export type SealedName = { 
/**
 * Whose.
 */
seat: SeatNumber, 
/**
 * Bound to that seat.
 */
name: Sealed, };

export type Refusal = { "name": "moved_on", 
/**
 * Who.
 */
by: SeatNumber | null, } | { "name": "not_facilitator" } | { "name": "chair_held" } | { "name": "stand_in" } | { "name": "chair_not_free" } | { "name": "silent" } | { "name": "not_your_turn" } | { "name": "not_yours" } | { "name": "not_agreed" } | { "name": "agreement_changed" } | { "name": "no_presenter" } | { "name": "presenting" } | { "name": "not_now" } | { "name": "no_such_seat" } | { "name": "not_everyone" } | { "name": "no_such_knock" } | { "name": "away" } | { "name": "not_away" } | { "name": "not_new" } | { "name": "no_device" } | { "name": "last_facilitator" } | { "name": "first_phase" } | { "name": "cannot_undo" } | { "name": "too_long" } | { "name": "too_short" } | { "name": "full" } | { "name": "enough" } | { "name": "log_full" } | { "name": "too_fast" } | { "name": "busy" } | { "name": "not_understood" };

export const PROTOCOL_VERSION = 3;

export const COMMON = 'common';

export const MOST_PHASES = 16;

export const LEAST_MINUTES = 1;

export const LONGEST_PHASE_MINUTES = 180;

export const LONGEST_PLAN_MINUTES = 480;

export const MOST_UNUSED_LINKS = 24;

export const CODE_LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ';

export const CODE_LENGTH = 6;

export const SEAT_CODE_LENGTH = 8;

export const MOST_AGREEMENT_LINES = 20;

export const MOST_CASES = 8;

export const LEAST_COUNTED = 3;

export const CLOSE_CODES = {
  restarting: { code: 1012, retry: true },
  too_fast: { code: 1008, retry: true },
  too_big: { code: 1009, retry: false },
  unknown: { code: 4000, retry: false },
  full: { code: 4001, retry: false },
  removed: { code: 4002, retry: false },
  left: { code: 4003, retry: false },
  ended: { code: 4004, retry: false },
  erased: { code: 4005, retry: false },
  replaced: { code: 4006, retry: false },
  reload: { code: 4007, retry: false },
  not_understood: { code: 4008, retry: false },
  busy: { code: 4009, retry: true },
  silent: { code: 4010, retry: true },
  not_allowed: { code: 4011, retry: false },
  token_needed: { code: 4012, retry: false },
  locked: { code: 4013, retry: false },
  knock: { code: 4014, retry: false },
  declined: { code: 4015, retry: false },
  moved: { code: 4016, retry: false },
  used: { code: 4017, retry: false },
} as const;
