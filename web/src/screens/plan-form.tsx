// The plan of a session while it is changed in the lobby: another method, minutes and parts, or all of it.
import { useSignal } from '@preact/signals';
import { act } from '../actions';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { ErrorSummary, type FieldError } from '../parts/Field';
import { Notice } from '../parts/Strip';
import type { Method, Plan } from '../protocol';
import { usePlanEditor } from './edit-plan';
import { MethodPart } from './method-part';
import { findMethod } from './methods';
import {
  changeMethod,
  checkDraft,
  createDraftOf,
  finishDraft,
  PlanFields,
  PlanSummary,
  plannedParts,
} from './plan-editor';

interface PlanFormProps {
  readonly plan: Plan;
  readonly method: Method;
  readonly close: () => void;
}

/** The form. Nothing changes for others until it is saved. */
export function PlanForm({ plan, method, close }: PlanFormProps) {
  const { lobby } = more;
  const drafted = useSignal(createDraftOf(method, plan));
  const errors = useSignal<readonly FieldError[]>([]);
  const draft = drafted.value;
  const pick = (picked: Method) => {
    drafted.value = changeMethod(draft, picked);
    errors.value = [];
  };
  const read = () => {
    errors.value = checkDraft(draft);
    return errors.value.length > 0 ? null : finishDraft(draft);
  };
  const editor = usePlanEditor(read, (edited) => {
    drafted.value = createDraftOf(findMethod(edited.method) ?? draft.method, edited);
  });
  const save = async (event: Event) => {
    event.preventDefault();
    const finished = read();
    if (finished && (await act({ type: 'changePlan', plan: finished }))) close();
  };
  return (
    <>
      <form class="part" noValidate onSubmit={(event) => void save(event)}>
        <ErrorSummary heading={words.problem} errors={errors.value} />
        <MethodPart method={draft.method} phases={plannedParts(draft)} pick={pick} />
        {String(draft.method.groundRules) !== String(method.groundRules) && (
          <Notice heading={lobby.newPromises}>
            <p>{lobby.newPromisesWords}</p>
          </Notice>
        )}
        <PlanSummary draft={draft} />
        {editor.button}
        <PlanFields key={draft.method.id} draft={draft} errors={errors.value} open />
        <div class="stack act">
          <Button submit>{lobby.savePlan}</Button>
          <Button onPress={close}>{lobby.keepPlan}</Button>
        </div>
      </form>
      {editor.dialog}
    </>
  );
}
