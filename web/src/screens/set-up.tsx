// Setting up a session: name first, every default set.
import { useSignal, useSignalEffect } from '@preact/signals';
import { client, settings } from '../app';
import { dayOf, readMoment } from '../kit/calendar';
import { browserClock } from '../kit/environment';
import { cleanName } from '../kit/name';
import { words } from '../locales';
import { meeting } from '../locales/meeting';
import { more } from '../locales/more';
import { Button } from '../parts/Button';
import { Choice, ErrorSummary, Field, type FieldError } from '../parts/Field';
import { useKeptFocus } from '../parts/focus';
import { When } from '../parts/When';
import type { Method, Plan } from '../protocol';
import { usePlanEditor } from './edit-plan';
import { Frame } from './frame';
import { fetchSession } from './later';
import { lazily } from './lazy';
import { MethodPart } from './method-part';
import { defaultMethod, findMethod } from './methods';
import { nameError } from './names';
import {
  changeMethod,
  checkDraft,
  createDraft,
  createDraftOf,
  finishDraft,
  MeetingChoice,
  PlanFields,
  PlanSummary,
  plannedParts,
} from './plan-editor';
import { formHasErrors } from './title';
import { checkWhen } from './when';

/** Brings the plan of a link. */
const LinkedPlan = lazily(() => import('./linked-plan').then((module) => module.LinkedPlan));

/** The set-up page; `code` is the plan of the link that led here. */
export function SetUp({ code }: { readonly code?: string }) {
  useKeptFocus('setUp');
  const { setUp } = more;
  const name = useSignal(settings.lastName.peek());
  const notMine = useSignal(false);
  const errors = useSignal<readonly FieldError[]>([]);
  const drafted = useSignal(createDraft(defaultMethod));
  const draft = drafted.value;
  const pick = (method: Method) => {
    drafted.value = changeMethod(draft, method);
    // Mistakes in minutes go with the parts that they were made in.
    errors.value = errors.peek().filter(({ id }) => id === 'name' || id === 'token');
  };
  const use = (plan: Plan) => {
    drafted.value = createDraftOf(findMethod(plan.method) ?? draft.method, plan);
    errors.value = [];
  };
  const editor = usePlanEditor(() => {
    const found = checkDraft(draft);
    errors.value = found;
    return found.length > 0 ? null : finishDraft(draft);
  }, use);
  const token = useSignal('');
  const day = useSignal('');
  const time = useSignal('');
  const { value: connection } = client.connection;
  const connecting = connection.type === 'connecting';
  // The service says so once it is asked, and from then on the field is there.
  const asked = useSignal(false);
  useSignalEffect(() => {
    const { value: now } = client.connection;
    if (now.type !== 'closed' || now.reason !== 'token_needed') return;
    asked.value = true;
    const said = token.peek() !== '';
    errors.value = [{ id: 'token', words: said ? setUp.tokenWrong : setUp.tokenEmpty }];
    formHasErrors.value = true;
  });

  const create = (event: Event) => {
    event.preventDefault();
    const wrong = nameError(name.peek());
    const missing = asked.peek() && token.peek().trim() === '';
    const found = [
      ...(wrong === null ? [] : [{ id: 'name', words: wrong }]),
      ...(missing ? [{ id: 'token', words: setUp.tokenEmpty }] : []),
      ...(day.peek() === '' && time.peek() === ''
        ? []
        : checkWhen('planned', day.peek(), time.peek(), browserClock.wall())),
      ...checkDraft(draft),
    ];
    errors.value = found;
    formHasErrors.value = found.length > 0;
    if (found.length > 0) return;
    if (!notMine.peek()) settings.lastName.value = cleanName(name.peek());
    fetchSession();
    const entry = { name: name.peek(), keeping: notMine.peek() ? 'tab' : 'device' } as const;
    const plannedFor = readMoment(day.peek(), time.peek());
    client.create(finishDraft(draft), entry, {
      ...(plannedFor === null ? {} : { plannedFor }),
      ...(asked.peek() ? { createToken: token.peek() } : {}),
    });
  };

  return (
    <Frame
      bar={
        <a class="btn btn-plain" href="/">
          {words.back}
        </a>
      }
    >
      <main>
        <ErrorSummary heading={words.problem} errors={errors.value} />
        <h1>{setUp.heading}</h1>
        {code !== undefined && <LinkedPlan code={code} use={use} />}
        <form noValidate onSubmit={create}>
          <Field
            id="name"
            label={words.join.name}
            hint={words.join.nameHint}
            error={errors.value.find(({ id }) => id === 'name')?.words}
            errorPrefix={words.errorPrefix}
            autocomplete="given-name"
            short
            value={name.value}
            onInput={(value) => {
              name.value = value;
              fetchSession();
            }}
          />
          {asked.value && (
            <Field
              id="token"
              label={setUp.token}
              hint={setUp.tokenHint}
              error={errors.value.find(({ id }) => id === 'token')?.words}
              errorPrefix={words.errorPrefix}
              value={token.value}
              onInput={(value) => (token.value = value)}
            />
          )}
          <MeetingChoice draft={draft} />
          <MethodPart method={draft.method} phases={plannedParts(draft)} pick={pick} />
          <PlanSummary draft={draft} />
          {editor.button}
          <PlanFields key={draft.method.id} draft={draft} errors={errors.value} />
          <details>
            <summary>{meeting.planned.summary}</summary>
            <p class="hint">{meeting.planned.hint}</p>
            <When
              id="planned"
              labels={meeting.next}
              day={day.value}
              time={time.value}
              least={dayOf(browserClock.wall())}
              onDay={(value) => (day.value = value)}
              onTime={(value) => (time.value = value)}
              errors={errors.value}
              errorPrefix={words.errorPrefix}
            />
          </details>
          <div class="part near">
            <Choice
              type="checkbox"
              name="not-mine"
              checked={notMine.value}
              hint={setUp.notMineHint}
              onChoose={(checked) => (notMine.value = checked)}
            >
              {setUp.notMine}
            </Choice>
          </div>
          <p class="act">
            <Button look="filled" wide submit>
              {connecting ? setUp.creating : setUp.create}
            </Button>
          </p>
        </form>
        {editor.dialog}
      </main>
    </Frame>
  );
}
