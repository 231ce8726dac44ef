// The plan editor: a dialog with the parts in order, and behind it one part, another part to add, and plans to keep.
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { words } from '../locales';
import { editor } from '../locales/editor';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { Choice } from '../parts/Field';
import type { Facilitates, Plan, PlanPhase } from '../protocol';
import { commonParts } from './catalogue';
import { findMethod, textsOf } from './methods';
import { AddDialog } from './plan-adding';
import {
  addPhase,
  clarifyingOf,
  movePhase,
  planTotal,
  removePhase,
  roomFor,
  type Source,
  setClarifying,
  setFacilitates,
} from './plan-edit';
import { FirmnessChoice } from './plan-editor';
import { KeepDialog } from './plan-keeping';
import { PartDialog, sayWhoSpeaks } from './plan-part';

interface EditorProps {
  readonly plan: Plan;
  readonly use: (plan: Plan) => void;
  readonly close: () => void;
}

/** What is open. */
type Page =
  | { readonly type: 'parts' }
  | { readonly type: 'part'; readonly id: string }
  | { readonly type: 'add' }
  | { readonly type: 'keep' };

/** What has the focus once the page is drawn. */
interface Wish {
  readonly id: string;
}

const PARTS: Page = { type: 'parts' };

const clarify = commonParts.find(({ plan }) => plan.id === 'clarify')?.plan;

/** The title of a part. */
export const titleIn = (plan: Plan, phase: PlanPhase): string =>
  textsOf(findMethod(plan.method), phase).title;

/** The editor. Nothing changes outside of it until the plan is used. */
export function PlanEditor({ plan: before, use, close }: EditorProps) {
  const edited = useSignal(before);
  const page = useSignal<Page>(PARTS);
  const said = useSignal('');
  const next = useSignal<Wish | null>(null);
  const wish = next.value;
  useEffect(() => {
    if (wish) document.getElementById(wish.id)?.focus();
  }, [wish]);
  const back = (focus: string, words = '') => {
    next.value = { id: focus };
    said.value = words;
    page.value = PARTS;
  };
  const plan = edited.value;
  switch (page.value.type) {
    case 'parts':
      return <PartsDialog edited={edited} page={page} said={said} next={next} use={use} close={close} />;
    case 'part': {
      const { id } = page.value;
      const index = plan.phases.findIndex((phase) => phase.id === id);
      const phase = plan.phases[index];
      if (!phase) return null;
      return (
        <PartDialog
          plan={plan}
          index={index}
          change={(changed) => (edited.value = changed)}
          remove={() => {
            edited.value = removePhase(plan, index);
            back('add-part', editor.removed(titleIn(plan, phase)));
          }}
          close={() => back(`change-${id}`)}
        />
      );
    }
    case 'add': {
      const add = (source: Source) => {
        const changed = addPhase(plan, source);
        edited.value = changed;
        const added = changed.phases[changed.phases.length - 1];
        if (!added) return;
        back(`up-${added.id}`, editor.added(titleIn(changed, added), changed.phases.length));
      };
      return <AddDialog add={add} close={() => back('add-part')} />;
    }
    case 'keep': {
      const open = (opened: Plan) => {
        edited.value = opened;
        back('keep-plan', editor.keeping.opened);
      };
      return <KeepDialog plan={plan} open={open} close={() => back('keep-plan')} />;
    }
  }
}

interface PartsProps {
  readonly edited: Signal<Plan>;
  readonly page: Signal<Page>;
  readonly said: Signal<string>;
  readonly next: Signal<Wish | null>;
  readonly use: (plan: Plan) => void;
  readonly close: () => void;
}

function PartsDialog({ edited, page, said, next, use, close }: PartsProps) {
  const plan = edited.value;
  const clarifying = clarifyingOf(plan);
  return (
    <Dialog
      heading={editor.heading}
      text={editor.length(planTotal(plan), plan.phases.length)}
      onClose={close}
    >
      <p class="hint small" role="status">
        {said.value}
      </p>
      <ol class="rows plan-parts" aria-label={editor.parts}>
        {plan.phases.map((phase, index) => (
          <PartRow
            key={phase.id}
            phase={phase}
            index={index}
            edited={edited}
            page={page}
            said={said}
            next={next}
          />
        ))}
      </ol>
      {clarifying !== null && clarify && (
        <Choice
          type="checkbox"
          name="clarifying"
          checked={clarifying}
          hint={editor.clarifyingHint}
          onChoose={(on) => (edited.value = setClarifying(plan, clarify, on))}
        >
          {editor.clarifying}
        </Choice>
      )}
      <FirmnessChoice
        name="plan-firmness"
        firmness={plan.firmness}
        choose={(firmness) => (edited.value = { ...plan, firmness })}
      />
      <FacilitatesChoice plan={plan} change={(changed) => (edited.value = changed)} />
      <p class="hint small">{editor.lobby}</p>
      <div class="stack">
        {roomFor(plan) > 0 ? (
          <Button id="add-part" onPress={() => (page.value = { type: 'add' })}>
            {editor.add}
          </Button>
        ) : (
          <p id="add-part" tabIndex={-1}>
            {editor.full}
          </p>
        )}
        <Button id="keep-plan" onPress={() => (page.value = { type: 'keep' })}>
          {editor.shelf}
        </Button>
        <Button look="filled" onPress={() => use(plan)}>
          {editor.use}
        </Button>
        <Button onPress={close}>{editor.leave}</Button>
      </div>
    </Dialog>
  );
}

interface FacilitatesProps {
  readonly plan: Plan;
  readonly change: (plan: Plan) => void;
}

/** Who facilitates: folded away, and open where it is not as usual. */
function FacilitatesChoice({ plan, change }: FacilitatesProps) {
  const { facilitates: text } = editor;
  const { facilitates: chosen = 'host' } = plan;
  const choice = (facilitates: Facilitates, label: string, hint: string) => (
    <Choice
      type="radio"
      name="plan-facilitates"
      checked={chosen === facilitates}
      hint={hint}
      onChoose={() => change(setFacilitates(plan, facilitates))}
    >
      {label}
    </Choice>
  );
  return (
    <details open={chosen === 'group'}>
      <summary>{text.question}</summary>
      <fieldset>
        <legend class="vh">{text.question}</legend>
        {choice('host', text.host, text.hostHint)}
        {choice('group', text.group, text.groupHint)}
      </fieldset>
    </details>
  );
}

interface RowProps extends Pick<PartsProps, 'edited' | 'page' | 'said' | 'next'> {
  readonly phase: PlanPhase;
  readonly index: number;
}

function PartRow({ phase, index, edited, page, said, next }: RowProps) {
  const plan = edited.value;
  const title = titleIn(plan, phase);
  const last = plan.phases.length - 1;
  const move = (by: -1 | 1) => {
    const place = index + by;
    edited.value = movePhase(plan, index, by);
    said.value = editor.moved(title, place + 1, last + 1);
    // The button that was pressed keeps the focus; at the edge it is gone, and the other one has it.
    const up = by < 0 ? place > 0 : place === last;
    next.value = { id: `${up ? 'up' : 'down'}-${phase.id}` };
  };
  const button = (id: string, label: string, press: () => void) => (
    <Button look="plain" id={`${id}-${phase.id}`} onPress={press}>
      {label}
      <span class="vh">{editor.of(title)}</span>
    </Button>
  );
  return (
    <li>
      <p class="part-line">
        <span>{title}</span>
        <span>{words.minutes(phase.minutes)}</span>
      </p>
      <p class="hint small">{sayWhoSpeaks(plan, phase)}</p>
      <p class="links">
        {index > 0 && button('up', editor.up, () => move(-1))}
        {index < last && button('down', editor.down, () => move(1))}
        {button('change', editor.change, () => (page.value = { type: 'part', id: phase.id }))}
      </p>
    </li>
  );
}
