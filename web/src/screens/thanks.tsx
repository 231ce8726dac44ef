// Thanks: one line to a person or to the group, with one's name.
import { useSignal } from '@preact/signals';
import { tellOutcome } from '../actions';
import { client } from '../app';
import { ending } from '../locales/ending';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Choice, ErrorSummary, Field, type FieldError } from '../parts/Field';
import type { Thanks } from '../protocol';
import { isOpen, lineError, othersOf } from './ending-room';
import type { Room } from './room';

const { thanks: text } = ending;

/** All lines that this person may see, those to the group among them. */
export function thanksOf(): readonly Thanks[] {
  return [...client.own.value.thanks, ...(client.texts.value?.thanks ?? [])];
}

/** How many of them are for this person from others. */
export function countForMe(room: Room): number {
  return thanksOf().filter(({ from }) => from !== room.seat).length;
}

/** The lines, and one more. */
export function ThanksPage({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const lines = thanksOf();
  return (
    <>
      {lines.length > 0 && (
        <section class="part near">
          <h2 class="vh">{text.listHeading}</h2>
          <ul class="agree">
            {lines.map(({ from, to, line }) => (
              <li key={line}>
                <small class="hint task">{headOf(room, from, to)}</small>
                <bdi>
                  {client.openLine(line, { purpose: 'thanks', seat: from, to: to ?? 0 }) ?? text.unopened}
                </bdi>
              </li>
            ))}
          </ul>
        </section>
      )}
      {isOpen(room) ? (
        <ThanksForm room={room} close={close} />
      ) : (
        <p class="act">
          <Button onPress={close}>{ending.back}</Button>
        </p>
      )}
    </>
  );
}

function headOf(room: Room, from: number, to: number | null): string {
  if (from === room.seat) return text.yours(to === null ? text.everyone : room.name(to));
  return to === null ? text.toAll(room.name(from)) : text.toYou(room.name(from));
}

function ThanksForm({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const to = useSignal<number | 'group' | null>(null);
  const line = useSignal('');
  const sent = useSignal(false);
  const errors = useSignal<readonly FieldError[]>([]);
  const send = async (event: Event) => {
    event.preventDefault();
    const wrong = lineError(line.peek(), false);
    const whom = to.peek();
    errors.value = [
      ...(whom === null ? [{ id: 'thanks-to', words: text.nobody }] : []),
      ...(wrong === null ? [] : [{ id: 'thanks-line', words: wrong }]),
    ];
    sent.value = false;
    if (errors.peek().length > 0 || whom === null) return;
    sent.value = await tellOutcome(client.sendLine('thanks', whom === 'group' ? null : whom, line.peek()));
    if (sent.peek()) line.value = '';
  };
  const choice = (value: number | 'group', label: string, id?: string) => (
    <Choice
      key={value}
      type="radio"
      name="thanks-to"
      {...(id === undefined ? {} : { id })}
      checked={to.value === value}
      onChoose={() => (to.value = value)}
    >
      {label}
    </Choice>
  );
  const error = (id: string) => errors.value.find((one) => one.id === id)?.words;
  return (
    <form noValidate onSubmit={(event) => void send(event)}>
      <ErrorSummary heading={words.problem} errors={errors.value} />
      <fieldset class={error('thanks-to') ? 'part near error' : 'part near'}>
        <legend>{text.whom}</legend>
        {error('thanks-to') && <p class="error-text">{error('thanks-to')}</p>}
        {choice('group', text.group, 'thanks-to')}
        {othersOf(room).map(({ seat }) => choice(seat, room.name(seat)))}
      </fieldset>
      <Field
        id="thanks-line"
        label={text.line}
        hint={text.hint}
        error={error('thanks-line')}
        errorPrefix={words.errorPrefix}
        value={line.value}
        onInput={(value) => (line.value = value)}
      />
      <p class="hint" role="status">
        {sent.value && text.sent}
      </p>
      <div class="stack act">
        <Button look="filled" submit>
          {text.send}
        </Button>
        <Button onPress={close}>{ending.back}</Button>
      </div>
    </form>
  );
}
