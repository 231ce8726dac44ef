// The texts of methods: titles, prompts, ground rules. The default is in the page; others are fetched when met.
import { signal } from '@preact/signals';
import ruch from '../../../protocol/src/methods/ruch.json';
import type { Method, MethodPhase, PlanPhase } from '../protocol';

/** The method of a new session. */
export const defaultMethod = ruch as Method;

const others = signal<readonly Method[] | null>(null);
let asked = false;

/** Fetches the other methods once; after a failure the next call tries again. */
function fetchOthers(): void {
  if (asked) return;
  asked = true;
  import('./catalogue').then(
    ({ otherMethods }) => {
      others.value = otherMethods;
    },
    () => {
      asked = false;
    },
  );
}

/** A method by its id; null while it is fetched, and for one that this page does not know. */
export function findMethod(id: string): Method | null {
  if (id === defaultMethod.id) return defaultMethod;
  if (others.value === null) fetchOthers();
  return others.value?.find((method) => method.id === id) ?? null;
}

/** The texts of a phase; with its id as title where the method does not know it. */
export function textsOf(
  method: Method | null,
  phase: PlanPhase,
): Pick<MethodPhase, 'title' | 'prompts' | 'says'> {
  const found = method?.phases.find((candidate) => candidate.plan.id === phase.id);
  if (found) return found;
  const words = phase.id.replaceAll('-', ' ');
  return {
    title: words.charAt(0).toUpperCase() + words.slice(1),
    prompts: { presenter: [], group: [], facilitator: [] },
  };
}
