// The bar above a running session: its parts by length, done, now and to come.
import { minutesNow } from '../kit/state';
import { words } from '../locales/session';
import { Agenda as AgendaBar } from '../parts/Bar';
import type { DisplayView, Method, SessionView } from '../protocol';
import { textsOf } from './methods';

interface AgendaProps {
  /** The session, as a person or a wall sees it. */
  readonly of: Pick<SessionView | DisplayView, 'plan' | 'stage'>;
  readonly method: Method | null;
}

/** The parts of the session. */
export function Agenda({ of, method }: AgendaProps) {
  const current = of.stage.type === 'running' ? of.stage.phase : -1;
  const steps = of.plan.phases.map((phase, index) => {
    const { title } = textsOf(method, phase);
    const state = index < current ? 'done' : index === current ? 'now' : 'next';
    const label = { done: words.bar.done, now: words.bar.now, next: words.bar.part }[state];
    const minutes = minutesNow(of, index);
    return { key: phase.id, minutes, state, words: label(title, minutes) } as const;
  });
  return <AgendaBar label={words.bar.label} steps={steps} />;
}
