// Pages without a session: a broken link, nothing in this tab, left, several to choose from.
import type { SessionRecord } from '../kit/storage';
import { words } from '../locales';
import { Button } from '../parts/Button';
import { Frame } from './frame';
import { Stored } from './landing';
import { route } from './route';

interface PlainProps {
  readonly heading: string;
  readonly lead: string;
  /** What else may be of use. */
  readonly more?: string | undefined;
  /** What can be done. */
  readonly action?: { readonly label: string; readonly press: () => void } | undefined;
  /** Whether the first page is offered. */
  readonly home?: boolean;
}

/** What happened, and what to do. */
export function Plain({ heading, lead, more, action, home = true }: PlainProps) {
  return (
    <Frame>
      <main>
        <h1>{heading}</h1>
        <p class="lead">{lead}</p>
        {more && <p class="part near">{more}</p>}
        {action && (
          <p class="act">
            <Button look="filled" wide onPress={action.press}>
              {action.label}
            </Button>
          </p>
        )}
        {home && (
          <p class="act">
            <a class="btn btn-wide" href="/">
              {words.firstPage}
            </a>
          </p>
        )}
      </main>
    </Frame>
  );
}

/** A link of which a part is missing. */
export function BrokenLink() {
  return <Plain {...words.brokenLink} />;
}

/** The session's address, without a session. */
export function NoSession() {
  return <Plain {...words.noSession} />;
}

/** After leaving. */
export function Left() {
  return <Plain {...words.left} />;
}

/** After everything was removed. */
export function Wiped() {
  return <Plain {...words.wiped} />;
}

/** Several sessions have a place on this device. */
export function ChooseSession({ records }: { readonly records: readonly SessionRecord[] }) {
  return (
    <Frame>
      <main>
        <h1>{words.chooseSession}</h1>
        <Stored records={records} />
        <p class="act">
          <a class="btn btn-wide" href="/" onClick={() => (route.value = { type: 'landing' })}>
            {words.firstPage}
          </a>
        </p>
      </main>
    </Frame>
  );
}
