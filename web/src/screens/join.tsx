// An opened link. Nothing is sent, and no place taken, before Join is pressed.
import { useSignal } from '@preact/signals';
import { client, settings } from '../app';
import type { Link } from '../kit/link';
import { cleanName } from '../kit/name';
import type { SessionRecord } from '../kit/storage';
import { words } from '../locales';
import { Button } from '../parts/Button';
import { Choice, ErrorSummary, Field, type FieldError } from '../parts/Field';
import { useKeptFocus } from '../parts/focus';
import { Frame } from './frame';
import { fetchSession } from './later';
import { nameError } from './names';
import { goToRecord } from './route';
import { formHasErrors } from './title';

interface JoinProps {
  readonly link: Link;
  readonly exposed: boolean;
  /** Places that this device has in the session already. */
  readonly known: readonly SessionRecord[];
}

/** The page that a link opens. */
export function Join({ link, exposed, known }: JoinProps) {
  const asElse = useSignal(false);
  const [latest] = known;
  const returns = latest !== undefined && !asElse.value;
  useKeptFocus(returns ? 'known' : 'form');
  return returns ? (
    <KnownHere known={known} onElse={() => (asElse.value = true)} />
  ) : (
    <JoinForm link={link} exposed={exposed} prefill={latest === undefined} />
  );
}

/** A device with a place: return, or somebody else joins. */
function KnownHere({
  known,
  onElse,
}: {
  readonly known: readonly SessionRecord[];
  readonly onElse: () => void;
}) {
  const { join } = words;
  return (
    <Frame>
      <main>
        <h1>{join.known}</h1>
        <p class="lead">{join.knownLead}</p>
        <div class="stack act">
          {known.map((record, index) => (
            <Button
              key={record.seatToken}
              look={index === 0 ? 'filled' : 'outlined'}
              wide
              onPress={() => goToRecord(record)}
            >
              {join.returnAs(record.name || null)}
            </Button>
          ))}
          <Button wide onPress={onElse}>
            {join.someoneElse}
          </Button>
        </div>
      </main>
    </Frame>
  );
}

interface JoinFormProps {
  readonly link: Link;
  readonly exposed: boolean;
  readonly prefill: boolean;
}

function JoinForm({ link, exposed, prefill }: JoinFormProps) {
  const { join } = words;
  const name = useSignal(prefill ? settings.lastName.peek() : '');
  const notMine = useSignal(false);
  const errors = useSignal<readonly FieldError[]>([]);
  const connecting = client.connection.value.type === 'connecting';

  const enter = (event: Event) => {
    event.preventDefault();
    const wrong = nameError(name.peek());
    errors.value = wrong === null ? [] : [{ id: 'name', words: wrong }];
    formHasErrors.value = wrong !== null;
    if (wrong !== null || connecting) return;
    if (!notMine.peek()) settings.lastName.value = cleanName(name.peek());
    fetchSession();
    client.join(link, { name: name.peek(), keeping: notMine.peek() ? 'tab' : 'device' });
  };

  return (
    <Frame>
      <main>
        <ErrorSummary heading={words.problem} errors={errors.value} />
        <h1>{join.heading}</h1>
        <p class="lead">{join.lead}</p>
        <form noValidate onSubmit={enter}>
          <Field
            id="name"
            label={join.name}
            hint={join.nameHint}
            error={errors.value[0]?.words}
            errorPrefix={words.errorPrefix}
            autocomplete="given-name"
            short
            value={name.value}
            onInput={(value) => {
              name.value = value;
              fetchSession();
            }}
          />
          {exposed && <p class="hint part near">{join.exposed}</p>}
          <div class="part near">
            <Choice
              type="checkbox"
              name="not-mine"
              checked={notMine.value}
              hint={join.notMineHint}
              onChoose={(checked) => (notMine.value = checked)}
            >
              {join.notMine}
            </Choice>
          </div>
          <p class="act">
            <Button look="filled" wide submit>
              {connecting ? join.joining : join.button}
            </Button>
          </p>
        </form>
      </main>
    </Frame>
  );
}
