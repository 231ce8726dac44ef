// The first page: two doors, and the sessions that this device has a place in.
import { signal, useSignal } from '@preact/signals';
import { client } from '../app';
import { readCode, readLink, readSeatCode } from '../kit/link';
import type { SessionRecord } from '../kit/storage';
import { words } from '../locales';
import { Button } from '../parts/Button';
import { ErrorSummary, Field, type FieldError } from '../parts/Field';
import { Sign } from '../parts/Mark';
import { Rows } from '../parts/Rows';
import { longDate } from './dates';
import { Frame } from './frame';
import { lazily } from './lazy';
import { goToDisplay, goToDoor, goToLink, goToMove, goToRecord, goToSetUp } from './route';
import { formHasErrors } from './title';

const Help = lazily(() => import('./help').then((module) => module.HelpDialog));

/** The part of the help that is open. */
const helpOpen = signal(false);

/** The first page. */
export function Landing() {
  const { landing } = words;
  const errors = useSignal<readonly FieldError[]>([]);
  const help = (label: string) => (
    <li>
      <Button look="plain" onPress={() => (helpOpen.value = true)}>
        {label}
      </Button>
    </li>
  );
  return (
    <Frame>
      <main class="landing">
        <ErrorSummary heading={words.problem} errors={errors.value} />
        <Sign class="sign" stroke={1.3} />
        <h1>{landing.heading}</h1>
        <p class="lead">{landing.lead}</p>
        <Stored records={client.sessions.list()} />
        <div class="doors">
          <section class="part">
            <h2>{landing.start}</h2>
            <p class="hint">{landing.startHint}</p>
            <p class="act">
              <a class="btn btn-fill btn-wide" href="/new" onClick={goToSetUp}>
                {landing.setUp}
              </a>
            </p>
          </section>
          <section class="part">
            <h2>{landing.join}</h2>
            <PasteLink
              error={errors.value[0]?.words}
              onErrors={(found) => {
                errors.value = found;
                formHasErrors.value = found.length > 0;
              }}
            />
          </section>
        </div>
        <p class="next small">{landing.credit}</p>
        <ul class="links small">
          {help(landing.howItWorks)}
          {help(landing.privacy)}
          {help(landing.accessibility)}
        </ul>
        {helpOpen.value && <Help close={() => (helpOpen.value = false)} />}
      </main>
    </Frame>
  );
}

interface PasteLinkProps {
  readonly error: string | undefined;
  readonly onErrors: (errors: readonly FieldError[]) => void;
}

function PasteLink({ error, onErrors }: PasteLinkProps) {
  const { landing } = words;
  const text = useSignal('');
  const join = (event: Event) => {
    event.preventDefault();
    const code = readCode(text.peek());
    if (code !== null) {
      onErrors([]);
      goToDoor(code);
      return;
    }
    const seat = readSeatCode(text.peek());
    if (seat !== null) {
      onErrors([]);
      goToMove(seat);
      return;
    }
    const read = readLink(text.peek());
    if (read.type === 'link') {
      onErrors([]);
      goToLink(read.link, read.exposed);
      return;
    }
    if (read.type === 'display') {
      onErrors([]);
      goToDisplay(read.display);
      return;
    }
    const empty = text.peek().trim() === '' ? landing.noLink : landing.notALink;
    onErrors([{ id: 'link', words: read.type === 'incomplete' ? landing.cutLink : empty }]);
  };
  return (
    <form noValidate onSubmit={join}>
      <Field
        id="link"
        label={landing.link}
        error={error}
        errorPrefix={words.errorPrefix}
        inputMode="url"
        value={text.value}
        onInput={(value) => (text.value = value)}
      >
        <Button wide submit>
          {landing.joinButton}
        </Button>
      </Field>
    </form>
  );
}

/** Sessions with a place on this device. */
export function Stored({ records }: { readonly records: readonly SessionRecord[] }) {
  const { landing } = words;
  if (records.length === 0) return null;
  const items = records.map((record) => ({
    key: `${record.session} ${record.seat}`,
    main: (
      <Button look="plain" onPress={() => goToRecord(record)}>
        {landing.returnTo(record.name || null, longDate(record.joinedAt))}
      </Button>
    ),
    side: record.closed ? landing.storedClosed : record.facilitator ? words.people.facilitator : undefined,
  }));
  return (
    <section class="part">
      <h2>{landing.stored}</h2>
      <Rows items={items} />
    </section>
  );
}
