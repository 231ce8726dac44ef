// The agreement in the lobby of whoever facilitates: the group's own lines, and their change.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { act, tellingIfSlow } from '../actions';
import { client, page } from '../app';
import { cleanLine, isTooLong, keepLines, readKeptLines } from '../kit/agreement';
import { reviewLine, starterLines, agreementWords as text } from '../locales/agreement';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Choice, ErrorSummary, type FieldError } from '../parts/Field';
import { useFormInPlace } from '../parts/focus';
import { Notice } from '../parts/Strip';
import { MOST_AGREEMENT_LINES } from '../protocol';
import { AgreeButton, LineList, readLines } from './agreement';
import type { Room } from './room';

const store = page.stores.device;

/** The part of the lobby. */
export function AgreementPart({ room }: { readonly room: Room }) {
  const editing = useSignal<readonly string[] | null>(null);
  const kept = useSignal(readKeptLines(store));
  const lines = readLines();
  useFormInPlace(editing.value !== null, 'agreement-heading', 'change-agreement');
  if (editing.value !== null && room.iSteer) {
    const close = () => {
      editing.value = null;
      kept.value = readKeptLines(store);
    };
    return <AgreementForm start={editing.value} kept={kept.value.length > 0} close={close} />;
  }
  const edit = () => (editing.value = lines.map((line) => line ?? ''));
  const isAsked = room.me?.askedAgain === true;
  return (
    <section class="part">
      <h2>{text.heading}</h2>
      {lines.length > 0 ? <LineList lines={lines} /> : <p class="hint">{text.lobbyHint}</p>}
      {isAsked && (
        <>
          <p role="status">{text.again}</p>
          <AgreeButton room={room} look="outlined" />
        </>
      )}
      {room.iSteer && lines.length === 0 && kept.value.length > 0 && (
        <Notice heading={text.kept}>
          <p>{text.keptWords(kept.value.length)}</p>
          <Button onPress={() => (editing.value = kept.peek())}>{text.useKept}</Button>
          <Button
            look="plain"
            onPress={() => {
              keepLines(store, []);
              kept.value = [];
            }}
          >
            {text.forgetKept}
          </Button>
        </Notice>
      )}
      {room.iSteer && (
        <Button look="plain" id="change-agreement" onPress={edit}>
          {lines.length > 0 ? text.change : text.add}
        </Button>
      )}
    </section>
  );
}

interface Draft {
  readonly key: number;
  readonly line: string;
}

const fieldOf = (key: number) => `agreement-${key}`;

/** What is wrong with the lines, in the order in which they stand. */
function findErrors(drafts: readonly Draft[]): FieldError[] {
  const { editor } = text;
  return drafts.flatMap(({ key, line }, index) => {
    const clean = cleanLine(line);
    const id = fieldOf(key);
    if (isTooLong(clean)) return [{ id, words: editor.tooLong(index + 1) }];
    return clean === reviewLine.trim() ? [{ id, words: editor.noDate(index + 1) }] : [];
  });
}

interface AgreementFormProps {
  readonly start: readonly string[];
  /** Whether this device keeps lines already. */
  readonly kept: boolean;
  readonly close: () => void;
}

/** All lines, each in a field of its own, and lines to add by one press. */
function AgreementForm({ start, kept, close }: AgreementFormProps) {
  const { editor } = text;
  const next = useRef(start.length);
  const drafts = useSignal<readonly Draft[]>(start.map((line, key) => ({ key, line })));
  const keep = useSignal(kept);
  const errors = useSignal<readonly FieldError[]>([]);
  const saving = useRef(false);

  const change = (key: number, line: string) => {
    drafts.value = drafts.peek().map((draft) => (draft.key === key ? { key, line } : draft));
  };
  const add = (line: string, takesFocus: boolean) => {
    if (drafts.peek().length >= MOST_AGREEMENT_LINES) {
      errors.value = [{ id: 'agreement-add', words: editor.tooMany(MOST_AGREEMENT_LINES) }];
      return;
    }
    const key = next.current++;
    drafts.value = [...drafts.peek(), { key, line }];
    // What is still to be written is where the person goes on.
    if (takesFocus)
      queueMicrotask(() => requestAnimationFrame(() => document.getElementById(fieldOf(key))?.focus()));
  };
  const save = async (event: Event) => {
    event.preventDefault();
    errors.value = findErrors(drafts.peek());
    if (errors.value.length > 0 || saving.current) return;
    const lines = drafts
      .peek()
      .map(({ line }) => cleanLine(line))
      .filter((line) => line !== '');
    const before = readLines();
    saving.current = true;
    const saved =
      lines.length === before.length && lines.every((line, index) => line === before[index])
        ? true
        : await send(lines);
    saving.current = false;
    if (!saved) return;
    if (keep.peek()) keepLines(store, lines);
    else if (kept) keepLines(store, []);
    close();
  };
  const present = new Set(drafts.value.map(({ line }) => line));
  return (
    <form class="part" noValidate onSubmit={(event) => void save(event)}>
      <ErrorSummary heading={words.problem} errors={errors.value} />
      <h2 id="agreement-heading" tabIndex={-1}>
        {editor.heading}
      </h2>
      <p class="hint">{editor.lead}</p>
      {drafts.value.map(({ key, line }, index) => (
        <LineField
          key={key}
          id={fieldOf(key)}
          number={index + 1}
          line={line}
          error={errors.value.find(({ id }) => id === fieldOf(key))?.words}
          onInput={(value) => change(key, value)}
          onRemove={() => (drafts.value = drafts.peek().filter((draft) => draft.key !== key))}
        />
      ))}
      <p class="act" id="agreement-add" tabIndex={-1}>
        <Button onPress={() => add('', true)}>{editor.another}</Button>
      </p>
      <h3 class="part near">{editor.offers}</h3>
      <ul class="rows">
        {starterLines
          .filter((line) => ![...present].some((own) => own.startsWith(line)))
          .map((line) => (
            <li key={line}>
              <span>{line === reviewLine ? `${line}…` : line}</span>
              <button
                class="btn btn-plain"
                type="button"
                aria-label={editor.offerAloud(line)}
                onClick={() => add(line, line === reviewLine)}
              >
                {editor.offer}
              </button>
            </li>
          ))}
      </ul>
      <Choice type="checkbox" name="keep-agreement" checked={keep.value} onChoose={(to) => (keep.value = to)}>
        {editor.keep}
      </Choice>
      <div class="stack act">
        <Button submit>{editor.save}</Button>
        <Button onPress={close}>{editor.cancel}</Button>
      </div>
    </form>
  );
}

/** Seals the lines and sends them. */
async function send(lines: readonly string[]): Promise<boolean> {
  const sealed = await tellingIfSlow(Promise.all(lines.map((line) => client.sealLine(line, 'agreement'))));
  const whole = sealed.filter((line) => line !== null);
  return whole.length === lines.length && act({ type: 'changeAgreement', lines: whole });
}

interface LineFieldProps {
  readonly id: string;
  readonly number: number;
  readonly line: string;
  readonly error: string | undefined;
  readonly onInput: (line: string) => void;
  readonly onRemove: () => void;
}

function LineField({ id, number, line, error, onInput, onRemove }: LineFieldProps) {
  const { editor } = text;
  return (
    <div class={error === undefined ? 'field' : 'field error'}>
      <label for={id}>{editor.line(number)}</label>
      {error !== undefined && (
        <p class="error-text" id={`${id}-error`}>
          <span class="vh">{words.errorPrefix}</span>
          {error}
        </p>
      )}
      <textarea
        id={id}
        name="agreement"
        rows={2}
        autocomplete="off"
        value={line}
        aria-invalid={error === undefined ? undefined : true}
        aria-describedby={error === undefined ? undefined : `${id}-error`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <button class="btn btn-plain" type="button" aria-label={editor.remove(number)} onClick={onRemove}>
        {editor.removeShort}
      </button>
    </div>
  );
}
