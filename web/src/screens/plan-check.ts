// Whether something that came from outside is a plan that can be run, by the rules of the server. Pure; never throws.
import {
  type Facilitates,
  type Firmness,
  type FloorMode,
  LONGEST_PHASE_MINUTES,
  LONGEST_PLAN_MINUTES,
  type Meeting,
  MOST_PHASES,
  type NotesPolicy,
  type Plan,
  type PlanPhase,
  type Position,
  type Role,
  type TextsOf,
} from '../protocol';
import { planTotal, roleKey, setFacilitates } from './plan-edit';

/** Every mode of a floor. */
export const MODES: readonly FloorMode[] = ['none', 'single', 'open', 'round'];
/** Every position of a presenter. */
export const POSITIONS: readonly Position[] = [
  'speaking',
  'answering',
  'silent_listening',
  'silent_thinking',
  'outside',
  'responding',
  'leading',
  'participant',
];
/** Every policy about notes. */
export const NOTES: readonly NotesPolicy[] = ['none', 'private', 'presenter', 'secretary'];
const FIRMNESSES: readonly Firmness[] = ['guide', 'firm'];
const FACILITATES: readonly Facilitates[] = ['host', 'group'];
const MEETINGS: readonly Meeting[] = ['call', 'room'];
const SILENT: readonly Position[] = ['silent_listening', 'silent_thinking', 'outside'];

/** What does not hold. */
class Unfit extends Error {}

function demand(holds: boolean): asserts holds {
  if (!holds) throw new Unfit();
}

type Fields = Readonly<Record<string, unknown>>;

/** An object with these fields and no others; those after `?` may be absent. */
function readFields(value: unknown, names: readonly string[], optional: readonly string[] = []): Fields {
  demand(typeof value === 'object' && value !== null && !Array.isArray(value));
  const keys = Object.keys(value);
  demand(names.every((name) => keys.includes(name)));
  demand(keys.every((key) => names.includes(key) || optional.includes(key)));
  return value as Fields;
}

function readOneOf<Value extends string>(value: unknown, known: readonly Value[]): Value {
  const found = known.find((one) => one === value);
  demand(found !== undefined);
  return found;
}

function readSlug(value: unknown): string {
  demand(typeof value === 'string' && /^[a-z0-9-]{1,32}$/.test(value));
  return value;
}

function readList(value: unknown, most: number): readonly unknown[] {
  demand(Array.isArray(value) && value.length <= most);
  return value;
}

const isWhole = (value: unknown): value is number => Number.isInteger(value);

function readRole(value: unknown): Role {
  if (typeof value === 'string') return readOneOf(value, ['presenter', 'facilitator', 'member'] as const);
  return { named: readSlug(readFields(value, ['named']).named) };
}

function readPhase(value: unknown): PlanPhase {
  const fields = readFields(
    value,
    ['id', 'minutes', 'floor', 'presenter', 'holdSilence', 'notes'],
    ['texts', 'turnMinutes'],
  );
  const floor = readFields(fields.floor, ['mode', 'speakers']);
  const mode = readOneOf(floor.mode, MODES);
  const speakers = readList(floor.speakers, MOST_PHASES).map(readRole);
  const presenter = readOneOf(fields.presenter, POSITIONS);
  const { minutes, holdSilence } = fields;
  demand(isWhole(minutes) && minutes >= 1 && minutes <= LONGEST_PHASE_MINUTES);
  demand(typeof holdSilence === 'boolean');
  demand(new Set(speakers.map(roleKey)).size === speakers.length);
  demand((mode === 'none') === (speakers.length === 0));
  demand(!SILENT.includes(presenter) || !speakers.includes('presenter'));
  const turns = fields.turnMinutes;
  demand(turns === undefined || (mode === 'round' && isWhole(turns) && turns >= 1 && turns <= minutes));
  return {
    id: readSlug(fields.id),
    minutes,
    floor: { mode, speakers },
    presenter,
    holdSilence,
    notes: readOneOf(fields.notes, NOTES),
    ...(fields.texts === undefined ? {} : { texts: readTexts(fields.texts) }),
    ...(turns === undefined ? {} : { turnMinutes: turns }),
  };
}

function readTexts(value: unknown): TextsOf {
  const { method, phase } = readFields(value, ['method', 'phase']);
  return { method: readSlug(method), phase: readSlug(phase) };
}

function readWhole(value: unknown): Plan {
  const fields = readFields(value, ['method', 'firmness', 'meeting', 'phases'], ['facilitates']);
  const phases = readList(fields.phases, MOST_PHASES).map(readPhase);
  const plan = {
    method: readSlug(fields.method),
    firmness: readOneOf(fields.firmness, FIRMNESSES),
    meeting: readOneOf(fields.meeting, MEETINGS),
    phases,
  };
  const facilitates = fields.facilitates === undefined ? 'host' : readOneOf(fields.facilitates, FACILITATES);
  demand(phases.length > 0 && planTotal(plan) <= LONGEST_PLAN_MINUTES);
  demand(new Set(phases.map(({ id }) => id)).size === phases.length);
  return setFacilitates(plan, facilitates);
}

/** The plan, made anew from what was read; null when it is none. */
export function readPlan(value: unknown): Plan | null {
  try {
    return readWhole(value);
  } catch (error) {
    if (error instanceof Unfit) return null;
    throw error;
  }
}
