// The method of a plan that is being made, and the way to another: at set-up and in the lobby.
import { useSignal } from '@preact/signals';
import { more } from '../locales/more';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Strip';
import type { Method, PlanPhase } from '../protocol';
import { lazily } from './lazy';
import { advisingParts } from './methods';

const Picker = lazily(() => import('./method-picker').then((module) => module.MethodPicker));

interface MethodPartProps {
  readonly method: Method;
  /** The parts as they are planned now, which may be from other methods. */
  readonly phases: readonly PlanPhase[];
  readonly pick: (method: Method) => void;
}

/** The method that is chosen, and the way to another. */
export function MethodPart({ method, phases, pick }: MethodPartProps) {
  const { setUp } = more;
  const advising = advisingParts(method, phases);
  const choosing = useSignal(false);
  const close = () => (choosing.value = false);
  return (
    <section class="part">
      <div role="status">
        <h2 id="plan-method" tabIndex={-1}>
          {method.name}
        </h2>
        <p class="hint">{method.summary}</p>
        {method.aim === 'advise' && (
          <Notice heading={setUp.advises}>
            <p>{setUp.advisesWords}</p>
          </Notice>
        )}
        {advising.length > 0 && (
          <Notice heading={setUp.advisingPart}>
            <p>{setUp.advisingPartWords(advising)}</p>
          </Notice>
        )}
      </div>
      <Button look="plain" onPress={() => (choosing.value = true)}>
        {setUp.anotherMethod}
      </Button>
      {choosing.value && (
        <Picker
          chosen={method}
          pick={(picked) => {
            close();
            pick(picked);
          }}
          close={close}
        />
      )}
    </section>
  );
}
