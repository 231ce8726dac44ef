// The method of a plan that is being made, and the way to another: at set-up and in the lobby.
import { useSignal } from '@preact/signals';
import { more } from '../locales/more';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Strip';
import type { Method } from '../protocol';
import { lazily } from './lazy';

const Picker = lazily(() => import('./method-picker').then((module) => module.MethodPicker));

interface MethodPartProps {
  readonly method: Method;
  readonly pick: (method: Method) => void;
}

/** The method that is chosen, and the way to another. */
export function MethodPart({ method, pick }: MethodPartProps) {
  const { setUp } = more;
  const choosing = useSignal(false);
  const close = () => (choosing.value = false);
  return (
    <section class="part">
      <div role="status">
        <h2>{method.name}</h2>
        <p class="hint">{method.summary}</p>
        {method.aim === 'advise' && (
          <Notice heading={setUp.advises}>
            <p>{setUp.advisesWords}</p>
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
