// A plan outside of a session: as a file, and in a link. Neither holds a name or any other text of a person.
// `docs/PLAN_FILE.md` describes both. What is read is bounded, and checked before anything is done with it.
import {
  COMMON,
  type FloorMode,
  type Method,
  type NotesPolicy,
  type Plan,
  type PlanPhase,
  type Position,
  type Role,
} from '../protocol';
import { commonParts, otherMethods } from './catalogue';
import { defaultMethod } from './methods';
import { readPlan } from './plan-check';

/** Longest file that is read, in characters: 16 phases take less than a third of it. */
export const LONGEST_FILE = 16_384;
/** Longest code of a link that is read, in characters. */
export const LONGEST_CODE = 2_048;
/** The word of a file. */
const FORMAT = 'attune-plan';
/** The newest version that is read. */
const VERSION = 2;
/** Where a link leads, and the word before the code. */
const ADDRESS = '/new#plan=';

/** What came of reading. */
export type ReadPlan =
  | { readonly type: 'plan'; readonly plan: Plan }
  /** None of ours, damaged, or one that cannot be run. */
  | { readonly type: 'notAPlan' }
  /** Of a later version of this program. */
  | { readonly type: 'newer' }
  /** It names methods, phases or roles that this page does not know. */
  | { readonly type: 'unknownParts' };

const methods = [defaultMethod, ...otherMethods];

/** Whether an id is a phase's own, or that with a number: other words could be somebody's. */
const isPlainId = (id: string, own: string) =>
  id === own || (id.startsWith(own.slice(0, 28)) && /^-\d{1,3}$/.test(id.slice(own.slice(0, 28).length)));

/** The method that has a phase's texts; null where this page does not know them. */
function findOwner(base: Method, { id, texts }: PlanPhase): Pick<Method, 'phases' | 'roles'> | null {
  if (texts === undefined) return base.phases.some(({ plan }) => plan.id === id) ? base : null;
  const owner =
    texts.method === COMMON
      ? { phases: [...commonParts] }
      : methods.find((method) => method.id === texts.method);
  const isThere = owner?.phases.some(({ plan }) => plan.id === texts.phase);
  return owner && isThere && isPlainId(id, texts.phase) ? owner : null;
}

/** Whether this page has the texts of all that the plan names: so nothing in it can be somebody's own words. */
function isKnown(plan: Plan): boolean {
  const base = methods.find(({ id }) => id === plan.method);
  if (!base) return false;
  const owners = plan.phases.map((phase) => findOwner(base, phase));
  const roles = [base, ...owners].flatMap((owner) => owner?.roles ?? []).map(({ id }) => id);
  const speakers = plan.phases.flatMap(({ floor }) => floor.speakers);
  const named = speakers.flatMap((role) => (typeof role === 'object' ? [role.named] : []));
  return !owners.includes(null) && named.every((role) => roles.includes(role));
}

/** What came of reading a plan that came from outside. */
export function judgePlan(value: unknown): ReadPlan {
  const plan = readPlan(value);
  if (!plan) return { type: 'notAPlan' };
  return isKnown(plan) ? { type: 'plan', plan } : { type: 'unknownParts' };
}

/** The least version that can say it, so that an older page opens what it can. */
const versionOf = ({ facilitates }: Plan) => (facilitates === undefined ? 1 : 2);

/** The plan as a file. */
export function writePlanFile(plan: Plan): string {
  return `${JSON.stringify({ format: FORMAT, version: versionOf(plan), plan }, null, 2)}\n`;
}

/** Reads a file. */
export function readPlanFile(text: string): ReadPlan {
  if (text.length > LONGEST_FILE) return { type: 'notAPlan' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { type: 'notAPlan' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { type: 'notAPlan' };
  const { format, version, plan, ...rest } = value as Readonly<Record<string, unknown>>;
  if (format !== FORMAT || typeof version !== 'number' || !Number.isInteger(version))
    return { type: 'notAPlan' };
  if (version > VERSION) return { type: 'newer' };
  return version >= 1 && Object.keys(rest).length === 0 ? judgePlan(plan) : { type: 'notAPlan' };
}

const modeLetters: Readonly<Record<FloorMode, string>> = { none: 'n', single: 's', open: 'o', round: 'r' };
const positionLetters: Readonly<Record<Position, string>> = {
  speaking: 's',
  answering: 'a',
  silent_listening: 'l',
  silent_thinking: 't',
  outside: 'o',
  responding: 'r',
  leading: 'd',
  participant: 'p',
};
const notesLetters: Readonly<Record<NotesPolicy, string>> = {
  none: 'n',
  private: 'i',
  presenter: 'p',
  secretary: 's',
};
const roleLetters: Readonly<Record<string, Role>> = { p: 'presenter', f: 'facilitator', m: 'member' };

const writeRole = (role: Role) => (typeof role === 'object' ? `_${role.named}` : role.charAt(0));

function writePhase({
  id,
  texts,
  minutes,
  turnMinutes,
  floor,
  presenter,
  holdSilence,
  notes,
}: PlanPhase): string {
  const where = texts === undefined ? [id] : [texts.phase, texts.method, ...(id === texts.phase ? [] : [id])];
  // Roles of a method come last: their words have no end of their own.
  const plain = floor.speakers.filter((role) => typeof role === 'string').map(writeRole);
  const named = floor.speakers.filter((role) => typeof role === 'object').map(writeRole);
  const last = positionLetters[presenter] + (holdSilence ? 'h' : 'f') + notesLetters[notes];
  const length = turnMinutes === undefined ? minutes : `${minutes}_${turnMinutes}`;
  return [where.join('_'), length, modeLetters[floor.mode] + [...plain, ...named].join(''), last].join('.');
}

/** The plan in a link: letters, figures, points and lines, so that nothing on the way changes it. */
export function writePlanCode(plan: Plan): string {
  const { method, firmness, meeting, facilitates = '', phases } = plan;
  const ways = firmness.charAt(0) + meeting.charAt(0) + facilitates.charAt(0);
  return [[versionOf(plan), method, ways].join('.'), ...phases.map(writePhase)].join('~');
}

/** The link to a plan. */
export const buildPlanLink = (origin: string, plan: Plan): string =>
  `${origin}${ADDRESS}${writePlanCode(plan)}`;

const letterOf = <Value extends string>(
  letters: Readonly<Record<Value, string>>,
  letter: string | undefined,
) => (Object.keys(letters) as Value[]).find((value) => letters[value] === letter);

function readPhaseCode(code: string): unknown {
  const [where = '', minutes = '', floor = '', last = ''] = code.split('.');
  const [phase, method, id = phase] = where.split('_');
  const [plain = '', ...named] = floor.split('_');
  const [whole, turn] = minutes
    .split('_')
    .map((number) => (/^\d{1,3}$/.test(number) ? Number(number) : null));
  return {
    id: method === undefined ? phase : id,
    ...(method === undefined ? {} : { texts: { method, phase } }),
    minutes: whole,
    ...(turn === undefined ? {} : { turnMinutes: turn }),
    floor: {
      mode: letterOf(modeLetters, plain[0]),
      speakers: [
        ...[...plain.slice(1)].map((letter) => roleLetters[letter] ?? null),
        ...named.map((role) => ({ named: role })),
      ],
    },
    presenter: letterOf(positionLetters, last[0]),
    holdSilence: last[1] === 'h' ? true : last[1] === 'f' ? false : null,
    notes: letterOf(notesLetters, last[2]),
  };
}

/** Reads the code of a link. */
export function readPlanCode(code: string): ReadPlan {
  if (code.length > LONGEST_CODE) return { type: 'notAPlan' };
  // Some mail programs write it out.
  const [head = '', ...phases] = code.replaceAll('%7E', '~').split('~');
  const [version = '', method, ways = ''] = head.split('.');
  if (/^\d{1,4}$/.test(version) && Number(version) > VERSION) return { type: 'newer' };
  if (version !== '1' && version !== '2') return { type: 'notAPlan' };
  return judgePlan({
    method,
    firmness: letterOf({ guide: 'g', firm: 'f' }, ways[0]),
    meeting: letterOf({ call: 'c', room: 'r' }, ways[1]),
    ...(version === '1' ? {} : { facilitates: letterOf({ host: 'h', group: 'g' }, ways[2]) ?? null }),
    phases: phases.map(readPhaseCode),
  });
}
