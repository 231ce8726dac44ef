// The texts of methods: titles, prompts, ground rules. The default is in the page; others are fetched when met.
import { signal } from '@preact/signals';
import ruch from '../../../protocol/src/methods/ruch.json';
import type { Method, MethodPhase, PlanPhase } from '../protocol';

/** The method of a new session. */
export const defaultMethod = ruch as Method;

const others = import.meta.glob<Method>(
  ['../../../protocol/src/methods/*.json', '!../../../protocol/src/methods/ruch.json'],
  { import: 'default' },
);

const known = signal<ReadonlyMap<string, Method>>(new Map([[defaultMethod.id, defaultMethod]]));
const asked = new Set<string>();

/** A method by its id; null while it is fetched, and for one that this page does not know. */
export function findMethod(id: string): Method | null {
  const method = known.value.get(id);
  if (method) return method;
  const load = Object.entries(others).find(([path]) => path.endsWith(`/${id}.json`))?.[1];
  if (load && !asked.has(id)) {
    asked.add(id);
    load().then(
      (found) => {
        known.value = new Map(known.peek()).set(id, found);
      },
      // The next look asks again.
      () => asked.delete(id),
    );
  }
  return null;
}

/** The texts of a phase; with its id as title where the method does not know it. */
export function textsOf(method: Method | null, phase: PlanPhase): Pick<MethodPhase, 'title' | 'prompts'> {
  const found = method?.phases.find((candidate) => candidate.plan.id === phase.id);
  if (found) return { title: found.title, prompts: found.prompts };
  const words = phase.id.replaceAll('-', ' ');
  return {
    title: words.charAt(0).toUpperCase() + words.slice(1),
    prompts: { presenter: [], group: [], facilitator: [] },
  };
}
