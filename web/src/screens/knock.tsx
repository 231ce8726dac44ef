// At the door: knocking by a code, and waiting until somebody opens.
import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { client, settings } from '../app';
import { openSocket } from '../kit/browser';
import { browserRandom } from '../kit/environment';
import type { KnockState } from '../kit/knocking';
import { createKnocking } from '../kit/knocking';
import { readCode } from '../kit/link';
import { cleanName } from '../kit/name';
import type { Keeping } from '../kit/storage';
import { door } from '../locales/door';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Choice, ErrorSummary, Field, type FieldError } from '../parts/Field';
import { useKeptFocus } from '../parts/focus';
import type { HoldMessage } from '../protocol';
import { Frame } from './frame';
import { fetchSession } from './later';
import { nameError } from './names';
import { Plain } from './states';
import { formHasErrors } from './title';

const knocking = createKnocking(openSocket, browserRandom);

/** Whoever came by the link, while a person has to open. */
export function AtDoor() {
  useKeptFocus('door');
  return <Waits text={door.waiting} held={client.waiting.value?.held ?? null} />;
}

interface WaitsProps {
  readonly text: { readonly heading: string; readonly lead: string };
  readonly held: HoldMessage | null;
}

function Waits({ text, held }: WaitsProps) {
  return (
    <Frame>
      <main>
        <h1>{text.heading}</h1>
        <p class="lead">{text.lead}</p>
        <p role="status">{held === null ? '' : door.waiting.held[held]}</p>
      </main>
    </Frame>
  );
}

interface KnockProps {
  readonly code: string;
  /** It is a seat's: the person's own page on another device is asked, and no name. */
  readonly moves?: boolean;
}

/** The door, or the other device, that a code names. */
export function Knock({ code, moves = false }: KnockProps) {
  const typed = useSignal(code);
  const name = useSignal(moves ? '' : settings.lastName.peek());
  const text = moves ? door.move : door;
  const keeping = useSignal<Keeping>('device');
  const state = knocking.state.value;
  useEffect(() => () => knocking.stop(), []);
  useEffect(() => {
    if (state.type !== 'letIn') return;
    fetchSession();
    client.join(state.link, { name: name.peek(), keeping: keeping.peek() }, state.seatToken);
  }, [state]);
  const knock = () => knocking.knock(typed.peek(), name.peek());
  const form = (corrects: boolean) => (
    <KnockForm code={typed} corrects={corrects} name={name} keeping={keeping} knock={knock} />
  );
  useKeptFocus(state.type);
  switch (state.type) {
    case 'idle':
      return moves ? <MoveForm keeping={keeping} ask={knock} /> : form(false);
    case 'connecting':
    case 'letIn':
      return <Waits text={text.waiting} held={null} />;
    case 'waiting':
      return <Waits text={text.waiting} held={state.held} />;
    case 'words':
      return <Words text={text.words} state={state} />;
    case 'over':
      if (moves) return <MoveOver state={state} />;
      return state.reason === 'unknown' ? form(true) : <Over state={state} knock={knock} />;
  }
}

interface KnockFormProps {
  readonly code: Signal<string>;
  /** The code is known to be wrong, and stands there to be corrected. */
  readonly corrects: boolean;
  readonly name: Signal<string>;
  readonly keeping: { value: Keeping };
  readonly knock: () => void;
}

function KnockForm({ code, corrects, name, keeping, knock }: KnockFormProps) {
  const { knock: text, code: codeText } = door;
  const letters = useSignal(code.peek());
  const errors = useSignal<readonly FieldError[]>(corrects ? [{ id: 'code', words: codeText.unknown }] : []);
  useEffect(() => {
    formHasErrors.value = corrects;
    return () => {
      formHasErrors.value = false;
    };
  }, []);
  const errorOf = (field: string) => errors.value.find(({ id }) => id === field)?.words;
  const enter = (event: Event) => {
    event.preventDefault();
    const read = corrects ? readCode(letters.peek()) : code.peek();
    const wrongName = nameError(name.peek());
    const found: FieldError[] = [];
    if (read === null) found.push({ id: 'code', words: codeText.notWhole });
    if (wrongName !== null) found.push({ id: 'name', words: wrongName });
    errors.value = found;
    formHasErrors.value = found.length > 0;
    if (read === null || wrongName !== null) return;
    if (keeping.value === 'device') settings.lastName.value = cleanName(name.peek());
    code.value = read;
    knock();
  };
  return (
    <Frame>
      <main>
        <ErrorSummary heading={words.problem} errors={errors.value} />
        <h1>{text.heading}</h1>
        <p class="lead">{text.lead}</p>
        <form noValidate onSubmit={enter}>
          {corrects && (
            <Field
              id="code"
              label={codeText.label}
              hint={codeText.hint}
              error={errorOf('code')}
              errorPrefix={words.errorPrefix}
              short
              value={letters.value}
              onInput={(value) => (letters.value = value)}
            />
          )}
          <Field
            id="name"
            label={words.join.name}
            hint={words.join.nameHint}
            error={errorOf('name')}
            errorPrefix={words.errorPrefix}
            autocomplete="given-name"
            short
            value={name.value}
            onInput={(value) => (name.value = value)}
          />
          <NotMine keeping={keeping} />
          <p class="act">
            <Button look="filled" wide submit>
              {text.button}
            </Button>
          </p>
        </form>
      </main>
    </Frame>
  );
}

function NotMine({ keeping }: { readonly keeping: { value: Keeping } }) {
  return (
    <div class="part near">
      <Choice
        type="checkbox"
        name="not-mine"
        checked={keeping.value === 'tab'}
        hint={words.join.notMineHint}
        onChoose={(checked) => (keeping.value = checked ? 'tab' : 'device')}
      >
        {words.join.notMine}
      </Choice>
    </div>
  );
}

interface MoveFormProps {
  readonly keeping: { value: Keeping };
  readonly ask: () => void;
}

/**
 * Nothing is asked before a press: a picture of a code may be looked at by anything. The same link can be sent to
 * somebody else, who would sit in the sender's place: so it says whose place it is, where it can still be left.
 */
function MoveForm({ keeping, ask }: MoveFormProps) {
  const { move: text } = door;
  return (
    <Frame>
      <main>
        <h1>{text.heading}</h1>
        <p class="lead">{text.lead}</p>
        <p class="part near">{text.notYours}</p>
        <NotMine keeping={keeping} />
        <p class="act">
          <Button look="filled" wide onPress={ask}>
            {text.button}
          </Button>
        </p>
      </main>
    </Frame>
  );
}

/** A code works once: whatever became of it, the other device shows another. */
function MoveOver({ state }: { readonly state: Extract<KnockState, { type: 'over' }> }) {
  const { reason } = state;
  const { move } = door;
  const text = reason === 'declined' ? move.declined : reason === 'too_fast' ? door.tooFast : move.over;
  return <Plain {...text} />;
}

interface WordsProps {
  readonly text: (typeof door)['words'];
  readonly state: Extract<KnockState, { type: 'words' }>;
}

/** The two words, large enough to be read out. */
function Words({ text, state }: WordsProps) {
  const { waiting } = door;
  return (
    <Frame>
      <main>
        <h1>{text.heading}</h1>
        <p class="lead">{text.lead}</p>
        <p class="said" aria-label={text.label} role="status">
          {state.words.join(' ')}
        </p>
        <p>{text.differ}</p>
        <p role="status">{state.held === null ? '' : waiting.held[state.held]}</p>
      </main>
    </Frame>
  );
}

function Over({
  state,
  knock,
}: {
  readonly state: Extract<KnockState, { type: 'over' }>;
  readonly knock: () => void;
}) {
  const { reason } = state;
  const { lost, broken, busy, tooFast: too_fast } = door;
  // A page that draws a token for each knock is told `not_allowed` by no server that plays fair.
  const own = { lost, broken, busy, too_fast, not_allowed: broken };
  const restarted = reason === 'restarting' || reason === 'silent' ? door.lost : null;
  const text =
    restarted ??
    (reason in own ? own[reason as keyof typeof own] : words.closed[reason as keyof typeof words.closed]);
  const again = reason !== 'declined' && reason !== 'ended';
  return <Plain {...text} action={again ? { label: door.knock.over, press: knock } : undefined} />;
}
