// At the door: knocking by a code, and waiting until somebody opens.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { bell, client, settings } from '../app';
import { openSocket } from '../kit/browser';
import { browserRandom } from '../kit/environment';
import type { KnockState } from '../kit/knocking';
import { createKnocking } from '../kit/knocking';
import { cleanName } from '../kit/name';
import type { Keeping } from '../kit/storage';
import { words } from '../locales';
import { door } from '../locales/en-door';
import { Button } from '../parts/Button';
import { Choice, ErrorSummary, Field, type FieldError } from '../parts/Field';
import type { HoldMessage } from '../protocol';
import { Frame } from './frame';
import { loadSession } from './later';
import { nameError } from './names';
import { formHasErrors } from './title';

const knocking = createKnocking(openSocket, browserRandom);

/** Whoever came by the link, while a person has to open. */
export function AtDoor() {
  return <Waits held={client.waiting.value?.held ?? null} />;
}

function Waits({ held }: { readonly held: HoldMessage | null }) {
  const { waiting } = door;
  return (
    <Frame>
      <main>
        <h1>{waiting.heading}</h1>
        <p class="lead">{waiting.lead}</p>
        <p role="status">{held === null ? '' : waiting.held[held]}</p>
      </main>
    </Frame>
  );
}

/** The door that a code names. */
export function Knock({ code }: { readonly code: string }) {
  const name = useSignal(settings.lastName.peek());
  const keeping = useSignal<Keeping>('device');
  const state = knocking.state.value;
  useEffect(() => () => knocking.stop(), []);
  useEffect(() => {
    if (state.type !== 'letIn') return;
    loadSession().catch(() => {});
    client.join(state.link, { name: name.peek(), keeping: keeping.peek() }, state.seatToken);
  }, [state]);
  const knock = () => knocking.knock(code, name.peek());
  switch (state.type) {
    case 'idle':
      return (
        <KnockForm
          name={name.value}
          setName={(text) => (name.value = text)}
          keeping={keeping}
          knock={knock}
        />
      );
    case 'connecting':
    case 'letIn':
      return <Waits held={null} />;
    case 'waiting':
      return <Waits held={state.held} />;
    case 'words':
      return <Words state={state} />;
    case 'over':
      return <Over state={state} knock={knock} />;
  }
}

interface KnockFormProps {
  readonly name: string;
  readonly setName: (name: string) => void;
  readonly keeping: { value: Keeping };
  readonly knock: () => void;
}

function KnockForm({ name, setName, keeping, knock }: KnockFormProps) {
  const { knock: text } = door;
  const errors = useSignal<readonly FieldError[]>([]);
  const enter = (event: Event) => {
    event.preventDefault();
    const wrong = nameError(name);
    errors.value = wrong === null ? [] : [{ id: 'name', words: wrong }];
    formHasErrors.value = wrong !== null;
    if (wrong !== null) return;
    bell.unlock();
    if (keeping.value === 'device') settings.lastName.value = cleanName(name);
    knock();
  };
  return (
    <Frame>
      <main>
        <ErrorSummary heading={words.problem} errors={errors.value} />
        <h1>{text.heading}</h1>
        <p class="lead">{text.lead}</p>
        <form noValidate onSubmit={enter}>
          <Field
            id="name"
            label={words.join.name}
            hint={words.join.nameHint}
            error={errors.value[0]?.words}
            errorPrefix={words.errorPrefix}
            autocomplete="given-name"
            short
            value={name}
            onInput={setName}
          />
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

/** The two words, large enough to be read out. */
function Words({ state }: { readonly state: Extract<KnockState, { type: 'words' }> }) {
  const { words: text, waiting } = door;
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
  const own = { lost: door.lost, broken: door.broken, unknown: door.unknown, too_fast: door.tooFast };
  const restarted = reason === 'restarting' || reason === 'silent' ? door.lost : null;
  const text =
    restarted ??
    (reason in own ? own[reason as keyof typeof own] : words.closed[reason as keyof typeof words.closed]);
  return (
    <Frame>
      <main>
        <h1>{text.heading}</h1>
        <p class="lead">{text.lead}</p>
        {reason !== 'declined' && reason !== 'ended' && (
          <p class="act">
            <Button look="filled" wide onPress={knock}>
              {door.knock.over}
            </Button>
          </p>
        )}
        <p class="act">
          <a class="btn btn-wide" href="/">
            {words.firstPage}
          </a>
        </p>
      </main>
    </Frame>
  );
}
