// Changing the phases of a plan. Whatever is done here, what comes out is a plan that the server takes. Pure.

import { textsId } from '../kit/plan';
import {
  COMMON,
  type Facilitates,
  type FloorMode,
  LONGEST_PHASE_MINUTES,
  LONGEST_PLAN_MINUTES,
  MOST_PHASES,
  type Plan,
  type PlanPhase,
  type Position,
  type Role,
} from '../protocol';
import { mayHold } from './held';

/** The positions that fit a floor: where nobody speaks, the presenter is quiet with the others or only one of them. */
export function positionsFor(mode: FloorMode): readonly Position[] {
  return mode === 'none'
    ? ['participant', 'silent_thinking']
    : ['participant', 'speaking', 'answering', 'responding', 'leading', 'silent_listening', 'outside'];
}

/** What a word of the wire for a role is compared by. */
export const roleKey = (role: Role): string => (typeof role === 'object' ? `named ${role.named}` : role);

const isPresenter = (role: Role) => role === 'presenter';

/** Whether the presenter speaks: by the position, and as a participant where the members do. */
function presenterSpeaks(position: Position, others: readonly Role[]): boolean {
  if (position === 'participant') return others.includes('member');
  return ['speaking', 'answering', 'responding', 'leading'].includes(position);
}

/**
 * The phase as it can be run: nobody speaks in mode "none", somebody in every other; in a round somebody takes turns
 * beside a presenter, each for no longer than the phase; whether the presenter speaks follows from the position; and a
 * silence is held only where it is known when the talk has ended.
 */
export function settlePhase(phase: PlanPhase): PlanPhase {
  const settled = settleFloor(phase);
  const held = settled.holdSilence && (settled.floor.mode === 'none' || mayHold(settled));
  return { ...settled, holdSilence: held };
}

function settleFloor({ turnMinutes, ...phase }: PlanPhase): PlanPhase {
  const { mode } = phase.floor;
  const turns =
    mode === 'round' && turnMinutes !== undefined
      ? { turnMinutes: Math.min(turnMinutes, phase.minutes) }
      : {};
  const fits = positionsFor(mode).includes(phase.presenter);
  if (mode === 'none') {
    const presenter = fits ? phase.presenter : 'silent_thinking';
    return { ...phase, presenter, floor: { mode, speakers: [] } };
  }
  const presenter = fits ? phase.presenter : 'silent_listening';
  const others = phase.floor.speakers.filter((role) => !isPresenter(role));
  const alone = mode !== 'round' && presenterSpeaks(presenter, others);
  const speaking: Role[] = others.length > 0 || alone ? others : ['member'];
  const speakers: Role[] = presenterSpeaks(presenter, speaking) ? ['presenter', ...speaking] : speaking;
  return { ...phase, ...turns, presenter, floor: { mode, speakers } };
}

function withPhases(plan: Plan, phases: readonly PlanPhase[]): Plan {
  return { ...plan, phases: [...phases] };
}

function changePhase(plan: Plan, index: number, change: (phase: PlanPhase) => PlanPhase): Plan {
  return withPhases(
    plan,
    plan.phases.map((phase, at) => (at === index ? settlePhase(change(phase)) : phase)),
  );
}

/** All minutes together. */
export const planTotal = ({ phases }: Plan): number => phases.reduce((sum, { minutes }) => sum + minutes, 0);

/** Moves a phase by one place; at the edge nothing changes. */
export function movePhase(plan: Plan, index: number, by: -1 | 1): Plan {
  const phase = plan.phases[index];
  const other = plan.phases[index + by];
  if (!phase || !other) return plan;
  return withPhases(
    plan,
    plan.phases.map((one, at) => (at === index ? other : at === index + by ? phase : one)),
  );
}

/** Takes a phase out; the last one that is left stays. */
export function removePhase(plan: Plan, index: number): Plan {
  if (plan.phases.length < 2) return plan;
  return withPhases(
    plan,
    plan.phases.filter((_, at) => at !== index),
  );
}

/** Minutes that a plan has room for. */
export const roomFor = (plan: Plan): number =>
  plan.phases.length < MOST_PHASES
    ? Math.min(LONGEST_PHASE_MINUTES, LONGEST_PLAN_MINUTES - planTotal(plan))
    : 0;

/** A word that no phase of the plan has. */
function freeId({ phases }: Plan, wish: string): string {
  const taken = new Set(phases.map(({ id }) => id));
  let id = wish;
  for (let number = 2; taken.has(id); number += 1) id = `${wish.slice(0, 28)}-${number}`;
  return id;
}

/** A phase of a method, or of none. */
export interface Source {
  /** The method's id, or `COMMON`. */
  readonly method: string;
  readonly phase: PlanPhase;
}

/** Adds a phase, at the end unless said otherwise, with its own minutes or those that are left. */
export function addPhase(plan: Plan, { method, phase }: Source, at = plan.phases.length): Plan {
  const minutes = Math.min(phase.minutes, roomFor(plan));
  if (minutes < 1) return plan;
  const id = freeId(plan, phase.id);
  const own = method === plan.method && id === phase.id;
  const texts = own ? {} : { texts: { method, phase: phase.id } };
  const added = settlePhase({ ...phase, id, minutes, ...texts });
  return withPhases(plan, [...plan.phases.slice(0, at), added, ...plan.phases.slice(at)]);
}

/** Sets a phase's minutes; numbers that the plan has no room for change nothing. */
export function setMinutes(plan: Plan, index: number, minutes: number): Plan {
  const before = plan.phases[index]?.minutes;
  if (before === undefined || !Number.isInteger(minutes)) return plan;
  const fits = minutes >= 1 && minutes <= LONGEST_PHASE_MINUTES;
  if (!fits || planTotal(plan) - before + minutes > LONGEST_PLAN_MINUTES) return plan;
  return changePhase(plan, index, (phase) => ({ ...phase, minutes }));
}

/** Sets the minutes of one turn of a round, or none; those that are longer than the phase change nothing. */
export function setTurnMinutes(plan: Plan, index: number, turnMinutes: number | null): Plan {
  return changePhase(plan, index, (phase) => {
    const { turnMinutes: _, ...without } = phase;
    if (turnMinutes === null) return without;
    const fits = Number.isInteger(turnMinutes) && turnMinutes >= 1 && turnMinutes <= phase.minutes;
    return fits ? { ...phase, turnMinutes } : phase;
  });
}

/** Sets how the floor works. Where it was nobody's, it is everyone's first. */
export function setMode(plan: Plan, index: number, mode: FloorMode): Plan {
  return changePhase(plan, index, (phase) => {
    const speakers: Role[] = phase.floor.mode === 'none' ? ['facilitator', 'member'] : phase.floor.speakers;
    return { ...phase, floor: { mode, speakers } };
  });
}

/** Sets whether a role beside the presenter has the floor. The last one keeps it where nobody else would speak. */
export function setSpeaker(plan: Plan, index: number, role: Role, speaks: boolean): Plan {
  if (isPresenter(role)) return plan;
  return changePhase(plan, index, (phase) => {
    if (phase.floor.mode === 'none') return phase;
    const others = phase.floor.speakers.filter((other) => roleKey(other) !== roleKey(role));
    return { ...phase, floor: { ...phase.floor, speakers: speaks ? [...others, role] : others } };
  });
}

/** Sets what the presenter does; what does not fit the floor changes nothing. */
export function setPosition(plan: Plan, index: number, presenter: Position): Plan {
  return changePhase(plan, index, (phase) =>
    positionsFor(phase.floor.mode).includes(presenter) ? { ...phase, presenter } : phase,
  );
}

/** Sets whether a silence lasts to the planned end, even when the talk ends early. */
export function setHold(plan: Plan, index: number, holdSilence: boolean): Plan {
  return changePhase(plan, index, (phase) => ({ ...phase, holdSilence }));
}

/** Sets who facilitates; as usual, nothing stands in the plan about it. */
export function setFacilitates({ facilitates: _, ...plan }: Plan, facilitates: Facilitates): Plan {
  return facilitates === 'host' ? plan : { ...plan, facilitates };
}

/** Whether a phase is for questions of fact to the presenter. */
const isClarifying = (phase: PlanPhase) =>
  phase.presenter === 'answering' && ['clarify', 'inquiry'].includes(textsId(phase));

/** Where the case is told; -1 in a plan without that. */
const storyOf = ({ phases }: Plan) => phases.findIndex(({ presenter }) => presenter === 'speaking');

/** Whether there are clarifying questions; null where they cannot be switched, for want of a case or of room. */
export function clarifyingOf(plan: Plan): boolean | null {
  if (plan.phases.some(isClarifying)) return plan.phases.every(isClarifying) ? null : true;
  return storyOf(plan) >= 0 && roomFor(plan) > 0 ? false : null;
}

/** Switches clarifying questions: `clarify` is the phase that comes after the case is told. */
export function setClarifying(plan: Plan, clarify: PlanPhase, on: boolean): Plan {
  if (clarifyingOf(plan) !== !on) return plan;
  if (on) return addPhase(plan, { method: COMMON, phase: clarify }, storyOf(plan) + 1);
  return withPhases(
    plan,
    plan.phases.filter((phase) => !isClarifying(phase)),
  );
}
