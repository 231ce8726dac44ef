// The texts of methods: titles, prompts, ground rules. The default is in the page; others are fetched when met.
import { signal } from '@preact/signals';
import ruch from '../../../protocol/src/methods/ruch.json';
import { textsId } from '../kit/plan';
import {
  COMMON,
  type Method,
  type MethodPhase,
  type MethodRole,
  type OtherRole,
  type Plan,
  type PlanPhase,
} from '../protocol';

/** The method of a new session. */
export const defaultMethod = ruch as Method;

/** What is fetched. */
interface Catalogue {
  readonly otherMethods: readonly Method[];
  readonly commonParts: readonly MethodPhase[];
}

const fetched = signal<Catalogue | null>(null);
let asked = false;

/** Called by the catalogue as soon as it is here, whoever fetched it. */
export function bringCatalogue(catalogue: Catalogue): void {
  fetched.value = catalogue;
}

/** Fetches the rest once; after a failure the next call tries again. */
function fetchCatalogue(): void {
  if (asked) return;
  asked = true;
  import('./catalogue').catch(() => {
    asked = false;
  });
}

function readCatalogue(): Catalogue | null {
  if (fetched.value === null) fetchCatalogue();
  return fetched.value;
}

/** A method by its id; null while it is fetched, and for one that this page does not know. */
export function findMethod(id: string): Method | null {
  if (id === defaultMethod.id) return defaultMethod;
  return readCatalogue()?.otherMethods.find((method) => method.id === id) ?? null;
}

/** The phase of the catalogue that a phase was made from; null where this page does not know it. */
export function findSource(method: Method | null, phase: PlanPhase): MethodPhase | null {
  const { texts } = phase;
  const phases =
    texts === undefined
      ? method?.phases
      : texts.method === COMMON
        ? readCatalogue()?.commonParts
        : findMethod(texts.method)?.phases;
  return phases?.find(({ plan }) => plan.id === textsId(phase)) ?? null;
}

/** Whether a sentence that was written for one phase is true of another: the same people speak, or nobody in both. */
function saysTheTruth(written: PlanPhase, phase: PlanPhase): boolean {
  const speakers = ({ floor }: PlanPhase) => floor.speakers.map((role) => JSON.stringify(role)).sort();
  return written.presenter === phase.presenter && String(speakers(written)) === String(speakers(phase));
}

/** The texts of a phase; with its id as title where no method has them. */
export function textsOf(
  method: Method | null,
  phase: PlanPhase,
): Pick<MethodPhase, 'title' | 'prompts' | 'says'> {
  const found = findSource(method, phase);
  if (found) {
    const { title, prompts, says } = found;
    return { title, prompts, ...(says && saysTheTruth(found.plan, phase) ? { says } : {}) };
  }
  const words = textsId(phase).replaceAll('-', ' ');
  return {
    title: words.charAt(0).toUpperCase() + words.slice(1),
    prompts: { presenter: [], group: [], facilitator: [] },
  };
}

/** Titles of parts that came from a method for advice into a plan whose own method holds advice back. */
export function advisingParts(method: Method, phases: readonly PlanPhase[]): readonly string[] {
  if (method.aim === 'advise') return [];
  const isForAdvice = ({ texts }: PlanPhase) =>
    texts !== undefined && texts.method !== COMMON && findMethod(texts.method)?.aim === 'advise';
  return phases.filter(isForAdvice).map((phase) => textsOf(method, phase).title);
}

/** The title of the phase at an index; empty where the plan has none. */
export function titleAt(plan: Plan, method: Method | null, index: number): string {
  const phase = plan.phases[index];
  return phase ? textsOf(method, phase).title : '';
}

/** Roles of methods that a plan's floors name, and what everyone else is called. */
export interface PlanRoles {
  readonly named: readonly MethodRole[];
  readonly others: OtherRole | null;
}

/** The roles of a plan: its method's, and those that came with phases of other methods. */
export function rolesOf(method: Method | null, plan: Plan): PlanRoles {
  const speakers = plan.phases.flatMap(({ floor }) => floor.speakers);
  const used = new Set(speakers.map((role) => (typeof role === 'object' ? role.named : null)));
  const ids = plan.phases.flatMap(({ texts }) => (texts && texts.method !== COMMON ? [texts.method] : []));
  const methods = used.size > 0 ? [method, ...[...new Set(ids)].map(findMethod)] : [];
  const known = methods.flatMap((one) => (one?.roles?.some(({ id }) => used.has(id)) ? [one] : []));
  const roles = known.flatMap((one) => one.roles ?? []).filter(({ id }) => used.has(id));
  const named = roles.filter((role, index) => roles.findIndex(({ id }) => id === role.id) === index);
  return { named, others: known[0]?.others ?? null };
}
