// Another part for a plan: one of those that belong to no method, or one of any method.
import { words } from '../locales';
import { editor } from '../locales/editor';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { COMMON, type MethodPhase } from '../protocol';
import { commonParts, otherMethods } from './catalogue';
import { defaultMethod } from './methods';
import type { Source } from './plan-edit';

interface AddProps {
  readonly add: (source: Source) => void;
  readonly close: () => void;
}

/** The dialog in which a part is chosen. */
export function AddDialog({ add, close }: AddProps) {
  const { adding } = editor;
  return (
    <Dialog heading={adding.heading} text={adding.lead} onClose={close}>
      <section aria-labelledby="common-parts">
        <h3 id="common-parts">{adding.common}</h3>
        <Sources method={COMMON} phases={commonParts} add={add} />
      </section>
      {[defaultMethod, ...otherMethods].map((method) => (
        <details key={method.id}>
          <summary>{method.name}</summary>
          <Sources method={method.id} phases={method.phases} add={add} />
        </details>
      ))}
      <div class="stack">
        <Button onPress={close}>{adding.back}</Button>
      </div>
    </Dialog>
  );
}

interface SourcesProps {
  readonly method: string;
  readonly phases: readonly MethodPhase[];
  readonly add: (source: Source) => void;
}

function Sources({ method, phases, add }: SourcesProps) {
  return (
    <ul class="rows">
      {phases.map(({ title, plan }) => (
        <li key={plan.id}>
          <Button look="plain" onPress={() => add({ method, phase: plan })}>
            {title}
          </Button>
          <span>{words.minutes(plan.minutes)}</span>
        </li>
      ))}
    </ul>
  );
}
