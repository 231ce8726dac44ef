// The way into the plan editor, from set-up and from the lobby. It is fetched when somebody goes there.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { more } from '../locales/more';
import { Button } from '../parts/Button';
import type { Plan } from '../protocol';
import { lazily } from './lazy';

const Editor = lazily(() => import('./full-editor').then((module) => module.PlanEditor));

/**
 * The button, and the editor once it is pressed: to be placed outside of the form, because it has forms of its own.
 * `read` gives the plan as it stands, or null while there is a mistake in it, and tells it.
 */
export function usePlanEditor(
  read: () => Plan | null,
  use: (plan: Plan) => void,
): { readonly button: ComponentChildren; readonly dialog: ComponentChildren } {
  const edited = useSignal<Plan | null>(null);
  const close = () => (edited.value = null);
  const plan = edited.value;
  return {
    button: (
      <Button look="plain" onPress={() => (edited.value = read())}>
        {more.setUp.editor}
      </Button>
    ),
    dialog: plan && (
      <Editor
        plan={plan}
        use={(changed) => {
          close();
          use(changed);
        }}
        close={close}
      />
    ),
  };
}
