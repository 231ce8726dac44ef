// How it was: five questions for each person alone, and what the group found, in sums.
import { useSignal } from '@preact/signals';
import { client } from '../app';
import { ending } from '../locales/ending';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { ErrorSummary, type FieldError } from '../parts/Field';
import { Rows } from '../parts/Rows';
import { Scale } from '../parts/Scale';
import { LEAST_COUNTED, type Totals } from '../protocol';
import { isOpen, membersOf } from './ending-room';
import type { Room } from './room';

const { answers: text } = ending;

/** What the group found, once enough were counted. */
export function foundOf({ view }: Room): Totals | null {
  return view.stage.type === 'closed' ? (view.stage.found ?? null) : null;
}

/** The questions, or what became of the answers. */
export function AnswersPage({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const found = foundOf(room);
  const waits = client.answering.value;
  const counted = client.own.value.counted;
  const asks = !counted && waits === 'no' && isOpen(room) && membersOf(room).length >= LEAST_COUNTED;
  return (
    <>
      <div role="status">
        {waits !== 'no' && <p class="part near">{waits === 'held' ? text.held : text.unsure}</p>}
        {found && <Found found={found} counted={counted} waits={waits !== 'no'} />}
        {!found && !asks && waits === 'no' && (
          <p class="part near">{isOpen(room) ? text.tooFew : text.over}</p>
        )}
      </div>
      {asks ? (
        <Questions close={close} />
      ) : (
        <p class="act">
          <Button onPress={close}>{ending.back}</Button>
        </p>
      )}
    </>
  );
}

function Questions({ close }: { readonly close: () => void }) {
  const chosen = useSignal<readonly (number | null)[]>(text.questions.map(() => null));
  const errors = useSignal<readonly FieldError[]>([]);
  const id = (index: number) => `answer-${index + 1}`;
  const send = (event: Event) => {
    event.preventDefault();
    errors.value = chosen
      .peek()
      .flatMap((value, index) => (value === null ? [{ id: id(index), words: text.missing(index + 1) }] : []));
    if (errors.peek().length === 0) client.sendAnswers(chosen.peek().filter((value) => value !== null));
  };
  return (
    <form noValidate onSubmit={send}>
      <ErrorSummary heading={words.problem} errors={errors.value} />
      <p class="think-on">{text.privacy}</p>
      {text.questions.map((statement, index) => (
        <Scale
          key={statement}
          id={id(index)}
          statement={`${index + 1}. ${statement}`}
          least={text.least}
          most={text.most}
          value={chosen.value[index] ?? null}
          error={errors.value.find((error) => error.id === id(index))}
          errorPrefix={words.errorPrefix}
          onChoose={(value) => (chosen.value = chosen.peek().map((old, at) => (at === index ? value : old)))}
        />
      ))}
      <div class="stack act">
        <Button look="filled" submit>
          {text.send}
        </Button>
        <Button onPress={close}>{ending.back}</Button>
      </div>
    </form>
  );
}

interface FoundProps {
  readonly found: Totals;
  readonly counted: boolean;
  readonly waits: boolean;
}

function Found({ found, counted, waits }: FoundProps) {
  const mean = (sum: number) => (sum / found.people).toFixed(1);
  const items = text.questions.map((statement, index) => ({
    key: statement,
    main: statement,
    side: text.of(mean(found.sums[index] ?? 0)),
  }));
  return (
    <section class="part near">
      <h2>{text.foundHeading}</h2>
      <p class="hint">
        {text.foundLead(found.people)} {counted ? text.counted : !waits && text.notYours}
      </p>
      <div class="found">
        <Rows items={items} />
      </div>
    </section>
  );
}
