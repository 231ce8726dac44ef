// The bar above a running session: its parts by length, done, now and to come.
import { minutesNow } from '../kit/state';
import { words } from '../locales/session';
import { Agenda as AgendaBar } from '../parts/Bar';
import { textsOf } from './methods';
import type { Room } from './room';

/** The parts of the session. */
export function Agenda({ room }: { readonly room: Room }) {
  const current = room.running?.stage.phase ?? -1;
  const steps = room.view.plan.phases.map((phase, index) => {
    const { title } = textsOf(room.method, phase);
    const state = index < current ? 'done' : index === current ? 'now' : 'next';
    const label = { done: words.bar.done, now: words.bar.now, next: words.bar.part }[state];
    const minutes = minutesNow(room.view, index);
    return { key: phase.id, minutes, state, words: label(title, minutes) } as const;
  });
  return <AgendaBar label={words.bar.label} steps={steps} />;
}
