// Plans outside of a session: kept on this device, as a file, as a link.
import { useSignal } from '@preact/signals';
import { page } from '../app';
import { checkName, cleanName, LONGEST_NAME } from '../kit/name';
import { words } from '../locales';
import { editor } from '../locales/editor';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { Field } from '../parts/Field';
import type { Plan } from '../protocol';
import { buildPlanLink, LONGEST_FILE, type ReadPlan, readPlanFile, writePlanFile } from './plan-file';
import { createPlanShelf } from './plan-shelf';
import { saveFile } from './save-file';

interface KeepProps {
  readonly plan: Plan;
  readonly open: (plan: Plan) => void;
  readonly close: () => void;
}

/** The dialog with all three. */
export function KeepDialog({ plan, open, close }: KeepProps) {
  const { keeping } = editor;
  return (
    <Dialog heading={keeping.heading} text={keeping.private} onClose={close}>
      <DeviceSection plan={plan} open={open} />
      <FileSection plan={plan} open={open} />
      <LinkSection plan={plan} />
      <div class="stack">
        <Button onPress={close}>{keeping.back}</Button>
      </div>
    </Dialog>
  );
}

function DeviceSection({ plan, open }: Omit<KeepProps, 'close'>) {
  const { keeping } = editor;
  const shelf = createPlanShelf(page.stores.device, Date.now);
  const kept = useSignal(shelf.list());
  const name = useSignal('');
  const error = useSignal<string | undefined>(undefined);
  const said = useSignal('');
  const keep = (event: Event) => {
    event.preventDefault();
    const clean = cleanName(name.peek());
    const problem = checkName(clean);
    const wrong = { empty: keeping.noName, tooLong: keeping.longName(LONGEST_NAME) };
    error.value = problem === null ? undefined : wrong[problem];
    if (problem !== null) {
      document.getElementById('plan-name')?.focus();
      return;
    }
    said.value = shelf.keep(clean, plan) ? keeping.kept(clean) : keeping.full;
    kept.value = shelf.list();
    name.value = '';
  };
  return (
    <section class="plan-ways" aria-labelledby="kept-plans">
      <h3 id="kept-plans">{keeping.device}</h3>
      {kept.value.length === 0 && <p class="hint">{keeping.none}</p>}
      <ul class="rows">
        {kept.value.map((one) => (
          <li key={one.name}>
            <bdi>{one.name}</bdi>
            <span class="links">
              <Button look="plain" onPress={() => open(one.plan)}>
                {keeping.open}
                <span class="vh">{editor.of(one.name)}</span>
              </Button>
              <Button
                look="plain"
                onPress={() => {
                  shelf.remove(one.name);
                  kept.value = shelf.list();
                  said.value = keeping.gone(one.name);
                  document.getElementById('plan-name')?.focus();
                }}
              >
                {keeping.remove}
                <span class="vh">{editor.of(one.name)}</span>
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <form noValidate onSubmit={keep}>
        <Field
          id="plan-name"
          label={keeping.name}
          hint={keeping.nameHint}
          error={error.value}
          errorPrefix={words.errorPrefix}
          value={name.value}
          onInput={(value) => (name.value = value)}
        >
          <Button submit>{keeping.keep}</Button>
        </Field>
      </form>
      <p class="hint small" role="status">
        {said.value}
      </p>
    </section>
  );
}

function FileSection({ plan, open }: Omit<KeepProps, 'close'>) {
  const { keeping } = editor;
  const problem = useSignal<Exclude<ReadPlan['type'], 'plan'> | null>(null);
  const read = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    // The same file can be chosen again once it was mended.
    const text = file && file.size <= LONGEST_FILE * 4 ? await file.text().catch(() => '') : '';
    input.value = '';
    if (!file) return;
    const found = readPlanFile(text);
    if (found.type === 'plan') open(found.plan);
    else problem.value = found.type;
  };
  return (
    <section class="plan-ways" aria-labelledby="plan-file-heading">
      <h3 id="plan-file-heading">{keeping.file}</h3>
      <div class="stack">
        <Button onPress={() => saveFile(keeping.fileName, writePlanFile(plan), 'json')}>
          {keeping.save}
        </Button>
      </div>
      <div class={problem.value === null ? 'field' : 'field error'}>
        <label for="plan-file">{keeping.choose}</label>
        {problem.value !== null && (
          <p class="error-text" id="plan-file-error" role="alert">
            <span class="vh">{words.errorPrefix}</span>
            {keeping.problems[problem.value]}
          </p>
        )}
        <input
          type="file"
          id="plan-file"
          accept=".json,application/json"
          aria-describedby={problem.value === null ? undefined : 'plan-file-error'}
          onChange={(event) => void read(event.currentTarget)}
        />
      </div>
    </section>
  );
}

function LinkSection({ plan }: Pick<KeepProps, 'plan'>) {
  const { keeping } = editor;
  const state = useSignal<'idle' | 'copied' | 'failed'>('idle');
  const link = buildPlanLink(window.location.origin, plan);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link);
      state.value = 'copied';
    } catch {
      // Not allowed, or plain http: the link is shown instead.
      state.value = 'failed';
    }
  };
  const said = { idle: '', copied: keeping.copied, failed: keeping.notCopied }[state.value];
  return (
    <section class="plan-ways" aria-labelledby="plan-link-heading">
      <h3 id="plan-link-heading">{keeping.link}</h3>
      <div class="stack">
        <Button onPress={() => void copy()}>{keeping.copy}</Button>
      </div>
      <p class="hint small" role="status">
        {said}
      </p>
      {state.value === 'failed' && (
        <div class="field">
          <label class="vh" for="plan-link">
            {keeping.linkField}
          </label>
          <input id="plan-link" type="text" readOnly value={link} />
        </div>
      )}
    </section>
  );
}
