// Plans that were edited at random, from a seed: for the editor's own tests, and to be shown to a server.
import { COMMON, type Method, type MethodPhase, type Plan, type PlanPhase, type Role } from '../protocol';
import { MODES, POSITIONS } from '../screens/plan-check';
import {
  addPhase,
  movePhase,
  removePhase,
  type Source,
  setClarifying,
  setFacilitates,
  setHold,
  setMinutes,
  setMode,
  setPosition,
  setSpeaker,
  setTurnMinutes,
} from '../screens/plan-edit';

/** A number below another, from 0. */
export type Draw = (below: number) => number;

/** Numbers from a seed: mulberry32. */
export function drawing(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** The catalogue, handed in: how it is read differs between the tests of the page and those of the browser. */
export interface Catalogue {
  readonly methods: readonly Method[];
  readonly common: readonly MethodPhase[];
}

/** Every phase that can be added. */
export const sourcesOf = ({ methods, common }: Catalogue): readonly Source[] => [
  ...common.map(({ plan }) => ({ method: COMMON, phase: plan })),
  ...methods.flatMap(({ id, phases }) => phases.map(({ plan }) => ({ method: id, phase: plan }))),
];

const ROLES: readonly Role[] = ['presenter', 'facilitator', 'member', { named: 'consultant' }];

/** One of several. */
export const pick = <Value>(values: readonly Value[], draw: Draw): Value =>
  values[draw(values.length)] as Value;

/** A method's plan, to begin with. */
export function drawPlan({ methods }: Catalogue, draw: Draw): Plan {
  const { id, phases } = pick(methods, draw);
  const chosen = phases.filter((phase) => phase.chosen).map(({ plan }) => plan);
  return { method: id, firmness: pick(['guide', 'firm'] as const, draw), meeting: 'call', phases: chosen };
}

/** One edit, as the editor offers it or past what it offers. */
export function editOnce(catalogue: Catalogue, plan: Plan, draw: Draw): Plan {
  const index = draw(plan.phases.length);
  const clarify = catalogue.common.find(({ plan: { id } }) => id === 'clarify')?.plan as PlanPhase;
  switch (draw(12)) {
    case 0:
      return movePhase(plan, index, draw(2) === 0 ? -1 : 1);
    case 1:
      return removePhase(plan, index);
    case 2:
    case 3:
      return addPhase(plan, pick(sourcesOf(catalogue), draw));
    case 4:
      return setMinutes(plan, index, draw(200) - 5);
    case 5:
      return setMode(plan, index, pick(MODES, draw));
    case 6:
      return setSpeaker(plan, index, pick(ROLES, draw), draw(2) === 0);
    case 7:
      return setPosition(plan, index, pick(POSITIONS, draw));
    case 8:
      return setTurnMinutes(plan, index, draw(3) === 0 ? null : draw(40));
    case 10:
      return setFacilitates(plan, pick(['host', 'group'] as const, draw));
    case 9:
      return setHold(plan, index, draw(2) === 0);
    default:
      return setClarifying(plan, clarify, draw(2) === 0);
  }
}
