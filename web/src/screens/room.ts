// What one person's screen rests on: the view, seen from that person's seat. Pure, so that every case can be tested.

import { textsId } from '../kit/plan';
import type { Name } from '../kit/seal';
import { isOnFloor, isSilentPhase, maySteer } from '../kit/state';
import { words } from '../locales';
import type {
  FloorView,
  Method,
  MethodPhase,
  Moment,
  Plan,
  PlanPhase,
  RunningView,
  SeatNumber,
  SeatView,
  SessionView,
} from '../protocol';
import { type PlanRoles, rolesOf, textsOf } from './methods';

/** The running phase with its texts. */
export interface RunningPhase {
  readonly plan: Plan;
  readonly stage: RunningView;
  readonly phase: PlanPhase;
  readonly title: string;
  readonly prompts: MethodPhase['prompts'];
  readonly says: NonNullable<MethodPhase['says']>;
  /** What comes after; null when the session closes then. */
  readonly upcoming: { readonly phase: PlanPhase; readonly title: string } | null;
  /** Whose turn it is; null outside a round, and when its floor is open to all. */
  readonly speaker: SeatNumber | null;
  readonly moment: Moment;
}

/** A session as one person meets it. */
export interface Room {
  readonly view: SessionView;
  readonly seat: SeatNumber;
  readonly me: SeatView | null;
  readonly method: Method | null;
  /** Roles of methods in this plan. */
  readonly roles: PlanRoles;
  readonly floor: FloorView;
  readonly presenter: SeatNumber | null;
  readonly running: RunningPhase | null;
  readonly iPresent: boolean;
  /** The position of this phase keeps the presenter silent, and I am the presenter. */
  readonly iAmSilent: boolean;
  readonly iFacilitate: boolean;
  readonly iStandIn: boolean;
  /** The server would take a steering command from me now. */
  readonly iSteer: boolean;
  /** I am on the floor now. */
  readonly iMaySpeak: boolean;
  /** The name of a seat, or a word for somebody without one. */
  name(seat: SeatNumber): string;
  /** The typed name of a seat; null when there is none, or it does not open. */
  typedName(seat: SeatNumber): string | null;
  /** Whoever moves the session on, as words: "Mary", "Mary or Tom", "the facilitator". */
  readonly mover: string;
  /** The presenter's name, or a word for one without. */
  readonly presenterName: string;
}

function findRunning(view: SessionView, method: Method | null): RunningPhase | null {
  const { stage, plan } = view;
  if (stage.type !== 'running') return null;
  const phase = plan.phases[stage.phase];
  if (!phase) return null;
  const after = plan.phases[stage.phase + 1];
  const { title, prompts, says = {} } = textsOf(method, phase);
  return {
    plan,
    stage,
    phase,
    title,
    prompts,
    says,
    upcoming: after ? { phase: after, title: textsOf(method, after).title } : null,
    speaker: stage.round?.speaker ?? null,
    moment: stage.moment,
  };
}

/** The view in which a seat is here. */
function withHere(view: SessionView, seat: SeatNumber): SessionView {
  if (here(view, seat)) return view;
  const seats = view.seats.map((row) => {
    const { awaySince, ...isHere } = row;
    return row.seat === seat ? isHere : row;
  });
  return { ...view, seats };
}

/** Sees a session from a seat. Whoever looks is here, also where the server has not noted it yet. */
export function seeRoom(
  noted: SessionView,
  seat: SeatNumber,
  names: ReadonlyMap<SeatNumber, Name>,
  method: Method | null,
): Room {
  const view = withHere(noted, seat);
  const running = findRunning(view, method);
  const me = view.seats.find((candidate) => candidate.seat === seat) ?? null;
  const iPresent = view.presenter === seat;
  const iAmSilent =
    iPresent && running !== null && isSilentPhase(running.phase) && !running.stage.presenterMissing;
  const { standIn } = view.chair;
  const iFacilitate = me?.facilitator ?? false;
  const iStandIn = standIn === seat;
  const iSteer = maySteer(view, seat);

  const typedName = (other: SeatNumber) => {
    const name = names.get(other);
    return name?.type === 'name' ? name.text : null;
  };
  const name = (other: SeatNumber) => typedName(other) ?? words.people.someone;
  const silentSeat = running && isSilentPhase(running.phase) ? view.presenter : null;
  const movers =
    standIn === null || running === null
      ? view.seats
          .filter((other) => other.facilitator && other.seat !== silentSeat)
          .map((other) => other.seat)
      : [standIn];
  const present = movers.filter((mover) => here(view, mover));
  const named = (present.length > 0 ? present : movers).map(name);

  return {
    view,
    seat,
    me,
    method,
    roles: rolesOf(method, view.plan),
    floor: view.floor,
    presenter: view.presenter,
    running,
    iPresent,
    iAmSilent,
    iFacilitate,
    iStandIn,
    iSteer,
    iMaySpeak: isOnFloor(view, seat),
    name,
    typedName,
    mover: named.length > 0 ? words.choosing(named) : words.people.theFacilitator,
    presenterName: view.presenter === null ? words.people.someone : name(view.presenter),
  };
}

function here(view: SessionView, seat: SeatNumber): boolean {
  const found = view.seats.find((candidate) => candidate.seat === seat);
  return found !== undefined && found.awaySince === undefined;
}

/** The moment that a steering act is made for. */
export function momentOf({ running, view: { stage } }: Room): Moment {
  const between = stage.type === 'lobby' ? stage.between?.moment : undefined;
  return running?.moment ?? between ?? { visit: 0, turn: 0 };
}

/** Whether somebody is connected, or here without a device. */
export function isHere(room: Room, seat: SeatNumber): boolean {
  return here(room.view, seat);
}

/** A person by seat. */
export function findSeat(room: Room, seat: SeatNumber): SeatView | null {
  return room.view.seats.find((candidate) => candidate.seat === seat) ?? null;
}

/** One screen each. */
export type Screen =
  | 'lobby'
  | 'newcomer'
  | 'closed'
  | 'paused'
  | 'presenterMissing'
  | 'arrival'
  | 'presenting'
  | 'hearing'
  | 'silent'
  | 'stillness'
  | 'discussion'
  | 'presenterRound'
  | 'myTurn'
  | 'othersTurn'
  | 'openFloor'
  | 'responding'
  | 'review'
  | 'together'
  | 'answering'
  | 'asking'
  | 'leading'
  | 'led'
  | 'speaking'
  | 'waiting';

/** The screen of this person now. */
export function chooseScreen(room: Room): Screen {
  const { running } = room;
  if (!running) {
    const { type } = room.view.stage;
    return type === 'running' ? 'newcomer' : type;
  }
  if (running.stage.presenterMissing) return 'presenterMissing';
  if (running.stage.timing.type === 'paused') return 'paused';
  if (room.iAmSilent) return running.phase.presenter === 'silent_thinking' ? 'stillness' : 'silent';
  if (room.floor.mode === 'none') return 'stillness';
  return chooseSpeakingScreen(room, running);
}

/** The screens of phases in which somebody speaks, for whoever is not the silent presenter. */
function chooseSpeakingScreen(room: Room, running: RunningPhase): Screen {
  const { phase } = running;
  if (phase.floor.mode === 'round') return chooseRoundScreen(room, running);
  const single = phase.floor.mode === 'single';
  const mine = single ? isSpeaker(room, room.seat) : room.iMaySpeak;
  switch (phase.presenter) {
    case 'speaking':
      if (!isStory(running)) return mine ? 'speaking' : 'waiting';
      if (room.iPresent) return 'presenting';
      // Where the plan gives them the floor as well, they may ask.
      return isSpeaker(room, room.seat) ? 'asking' : 'hearing';
    case 'silent_listening':
    case 'outside':
    case 'silent_thinking':
      if (!mine) return 'waiting';
      return single ? 'speaking' : 'discussion';
    case 'answering':
      if (room.iPresent) return 'answering';
      return mine ? 'asking' : 'waiting';
    case 'responding':
      if (room.iPresent) return 'responding';
      if (!mine) return 'waiting';
      return single ? 'asking' : 'openFloor';
    case 'leading':
      return room.iPresent ? 'leading' : 'led';
    case 'participant':
      if (single) return mine ? 'speaking' : 'waiting';
      return chooseTogether(room, phase);
  }
}

function chooseRoundScreen(room: Room, running: RunningPhase): Screen {
  const { phase, speaker } = running;
  const open = speaker === null;
  const mine = speaker === room.seat;
  if (phase.presenter === 'answering' && room.iPresent) return 'answering';
  // After the last turn the floor is open to those who had one, not to others.
  if (open && !room.iMaySpeak && room.me?.agreed) return 'waiting';
  if (phase.presenter === 'answering') return open || mine ? 'asking' : 'othersTurn';
  if (textsId(phase) === 'arrive') return open || mine ? 'arrival' : 'othersTurn';
  if (open) return chooseOpenScreen(room, phase);
  if (!mine) return 'othersTurn';
  return room.iPresent && comesBack(running) ? 'presenterRound' : 'myTurn';
}

/** After a round, when everyone has had a turn. */
function chooseOpenScreen(room: Room, phase: PlanPhase): Screen {
  if (phase.presenter === 'participant') return chooseTogether(room, phase);
  return isSilentPhase(phase) ? 'discussion' : 'openFloor';
}

/** The part called "review" looks back; any other in which everyone talks is only "together". */
function chooseTogether(room: Room, phase: PlanPhase): Screen {
  if (!room.iMaySpeak && room.me?.agreed) return 'waiting';
  return textsId(phase) === 'review' ? 'review' : 'together';
}

/** Whether this is where the case is told: the first part in which the presenter speaks. */
export function isStory({ plan, phase }: Pick<RunningPhase, 'plan' | 'phase'>): boolean {
  return plan.phases.find(({ presenter }) => presenter === 'speaking') === phase;
}

/** Whether the presenter comes back in this part: from silence, to respond. */
export function comesBack({ plan, phase }: Pick<RunningPhase, 'plan' | 'phase'>): boolean {
  const before = plan.phases[plan.phases.indexOf(phase) - 1];
  return phase.presenter === 'responding' && before !== undefined && isSilentPhase(before);
}

/** Whether quiet is meant now: everyone has had a turn in a round that nobody answers. */
export function isQuietNow({ floor, running }: Room): boolean {
  const phase = running?.phase;
  if (phase?.floor.mode !== 'round' || floor.mode !== 'open') return false;
  return ['arrive', 'closing-round'].includes(textsId(phase));
}

/** Whether nobody has had a turn yet, or put one off, and it is the first time around. */
export function roundBegins({ stage: { round } }: RunningPhase): boolean {
  return round !== null && round.done.length === 0 && round.later === undefined && round.around === undefined;
}

/** The roles that the plan's floors name. */
export function namedRoles({ plan }: SessionView): string[] {
  const speakers = plan.phases.flatMap(({ floor }) => floor.speakers);
  return [...new Set(speakers.flatMap((role) => (typeof role === 'object' ? [role.named] : [])))];
}

/** Whether a phase's floor names a role of this person. */
export function isNamedBy({ view, presenter }: Room, { floor }: PlanPhase, person: SeatView): boolean {
  const presents = person.seat === presenter;
  return floor.speakers.some((role) => {
    if (role === 'presenter') return presents;
    if (presents) return false;
    if (role === 'facilitator') return person.facilitator;
    const hasRole = person.role !== undefined && namedRoles(view).includes(person.role);
    return role === 'member' ? !person.facilitator && !hasRole : person.role === role.named;
  });
}

/** Whether the phase's own rule gives this person the floor, and not only that they facilitate. */
function isSpeaker(room: Room, seat: SeatNumber): boolean {
  const person = findSeat(room, seat);
  if (!person || !room.running || !room.floor.speakers.includes(seat)) return false;
  return isNamedBy(room, room.running.phase, person);
}

/** What a role of the method's own is called in the middle of a sentence. */
export function titleOfRole({ roles }: Room, id: string): string {
  const title = roles.named.find((role) => role.id === id)?.title ?? id;
  return title.charAt(0).toLocaleLowerCase('en') + title.slice(1);
}

/** What a person is in this method beside presenting and facilitating: a role of its own, or one of the others. */
export function roleOf(
  room: Room,
  person: SeatView,
): { readonly title: string; readonly task: string } | null {
  const { roles, presenter } = room;
  if (person.seat === presenter) return null;
  const own = roles.named.find(({ id }) => id === person.role);
  return own ?? (person.facilitator ? null : roles.others);
}

/** Names of those whose floor it is, without facilitators who only keep the time. */
export function speakerNames(room: Room): string[] {
  return room.floor.speakers.filter((seat) => isSpeaker(room, seat)).map(room.name);
}

/** Whether the speaker of a round may still ask to be come back to: once, and with somebody to speak before. */
export function mayPutOff({ stage: { round } }: RunningPhase): boolean {
  if (round?.speaker == null) return false;
  return round.next.length > 0 && !round.later?.includes(round.speaker);
}

/** Where I stand in a round, for words. */
export type Place =
  | { readonly type: 'next' }
  | { readonly type: 'after'; readonly seat: SeatNumber }
  | { readonly type: 'none' };

/** My place in the round's order. */
export function placeInRound(room: Room): Place {
  const next = room.running?.stage.round?.next ?? [];
  const index = next.indexOf(room.seat);
  if (index < 0) return { type: 'none' };
  const before = next[index - 1];
  return before === undefined ? { type: 'next' } : { type: 'after', seat: before };
}
