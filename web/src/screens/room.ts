// What one person's screen rests on: the view, seen from that person's seat. Pure, so that every case can be tested.
import type { Name } from '../kit/seal';
import { isOnFloor, isSilentPhase, maySteer } from '../kit/state';
import { words } from '../locales';
import type {
  FloorView,
  Method,
  MethodPhase,
  Moment,
  PlanPhase,
  RunningView,
  SeatNumber,
  SeatView,
  SessionView,
} from '../protocol';
import { textsOf } from './methods';

/** The running phase with its texts. */
export interface RunningPhase {
  readonly stage: RunningView;
  readonly phase: PlanPhase;
  readonly title: string;
  readonly prompts: MethodPhase['prompts'];
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
  /** The presenter's name, or "the presenter". */
  readonly presenterName: string;
}

function findRunning(view: SessionView, method: Method | null): RunningPhase | null {
  const { stage, plan } = view;
  if (stage.type !== 'running') return null;
  const phase = plan.phases[stage.phase];
  if (!phase) return null;
  const after = plan.phases[stage.phase + 1];
  return {
    stage,
    phase,
    ...textsOf(method, phase),
    upcoming: after ? { phase: after, title: textsOf(method, after).title } : null,
    speaker: stage.round?.speaker ?? null,
    moment: stage.moment,
  };
}

/** Sees a session from a seat. */
export function seeRoom(
  view: SessionView,
  seat: SeatNumber,
  names: ReadonlyMap<SeatNumber, Name>,
  method: Method | null,
): Room {
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
  const name = (other: SeatNumber) => {
    const found = names.get(other);
    if (found?.type === 'name') return found.text;
    return found ? words.people.unopened : words.people.someone;
  };
  const silentSeat = running && isSilentPhase(running.phase) ? view.presenter : null;
  const movers =
    standIn === null
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
    presenterName: view.presenter === null ? words.people.thePresenter : name(view.presenter),
  };
}

function here(view: SessionView, seat: SeatNumber): boolean {
  const found = view.seats.find((candidate) => candidate.seat === seat);
  return found !== undefined && found.awaySince === undefined;
}

/** Whether somebody is connected, or here without a device. */
export function isHere(room: Room, seat: SeatNumber): boolean {
  return here(room.view, seat);
}

/** A person by seat. */
export function findSeat(room: Room, seat: SeatNumber): SeatView | null {
  return room.view.seats.find((candidate) => candidate.seat === seat) ?? null;
}

/** Whether a phase comes before anybody has presented. */
function isBeforePresentation(view: SessionView, index: number): boolean {
  return view.plan.phases.slice(0, index + 1).every((phase) => phase.presenter === 'participant');
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
  const { phase, speaker } = running;
  const early = isBeforePresentation(room.view, running.stage.phase);
  if (phase.floor.mode === 'round') {
    const open = speaker === null;
    if (phase.presenter === 'answering') {
      if (room.iPresent) return 'answering';
      return open || speaker === room.seat ? 'asking' : 'othersTurn';
    }
    if (early) return open || speaker === room.seat ? 'arrival' : 'othersTurn';
    if (open) return phase.presenter === 'participant' ? chooseTogether(room, running) : 'openFloor';
    if (speaker !== room.seat) return 'othersTurn';
    return room.iPresent && phase.presenter === 'responding' ? 'presenterRound' : 'myTurn';
  }
  switch (phase.presenter) {
    case 'speaking':
      return room.iPresent ? 'presenting' : 'hearing';
    case 'silent_listening':
    case 'outside':
    case 'silent_thinking':
      return room.iMaySpeak ? 'discussion' : 'waiting';
    case 'answering':
      if (room.iPresent) return 'answering';
      return room.iMaySpeak ? 'asking' : 'waiting';
    case 'responding':
      if (room.iPresent) return 'responding';
      return phase.floor.mode === 'open' && room.iMaySpeak ? 'openFloor' : 'waiting';
    case 'leading':
      return room.iPresent ? 'leading' : 'led';
    case 'participant':
      if (phase.floor.mode === 'open') return early ? 'together' : chooseTogether(room, running);
      return room.iMaySpeak ? 'speaking' : 'waiting';
  }
}

/** The last part looks back; a part of its own before that is only "together". */
function chooseTogether(room: Room, running: RunningPhase): Screen {
  if (!room.iMaySpeak && room.me?.agreed) return 'waiting';
  return running.upcoming === null ? 'review' : 'together';
}

/** Names of those who have the floor, without facilitators who only keep the time. */
export function speakerNames(room: Room): string[] {
  const facilitates = (seat: SeatNumber) => findSeat(room, seat)?.facilitator ?? false;
  const allows = room.running?.phase.floor.speakers.includes('facilitator') ?? false;
  return room.floor.speakers
    .filter((seat) => allows || seat === room.presenter || !facilitates(seat) || hasNamedRole(room, seat))
    .map(room.name);
}

function hasNamedRole(room: Room, seat: SeatNumber): boolean {
  const role = findSeat(room, seat)?.role;
  const { speakers } = room.running?.phase.floor ?? { speakers: [] };
  return (
    role !== undefined && speakers.some((speaker) => typeof speaker === 'object' && speaker.named === role)
  );
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
