// Screens for when there is no session to show: waiting, closed by the server, a broken link, left.
import { client } from '../app';
import type { CloseReason } from '../kit/socket';
import type { SessionRecord } from '../kit/storage';
import { words } from '../locales';
import { Button } from '../parts/Button';
import { Frame } from './frame';
import { Stored } from './landing';
import { route } from './route';

interface PlainProps {
  readonly heading: string;
  readonly lead: string;
  /** What can be done; the filled button first. */
  readonly action?: { readonly label: string; readonly press: () => void };
  /** Whether the first page is offered. */
  readonly home?: boolean;
}

/** What happened, and what to do. */
function Plain({ heading, lead, action, home = true }: PlainProps) {
  return (
    <Frame>
      <main>
        <h1>{heading}</h1>
        <p class="lead">{lead}</p>
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

/** The first connection of a page. */
export function Waiting() {
  const { value: connection } = client.connection;
  const { connecting, connectingLead, noService } = words.connection;
  const lead = connection.type === 'waiting' ? noService : connectingLead;
  return <Plain heading={connecting} lead={lead} home={connection.type === 'waiting'} />;
}

const reload = () => window.location.reload();

/** The server said why it is over. */
export function Closed({ reason }: { readonly reason: CloseReason }) {
  const text = words.closed[reason];
  const record = client.record.value;
  const back = record && { label: words.useThisTab, press: () => client.resume(record) };
  switch (reason) {
    case 'replaced':
      return <Plain {...text} {...(back ? { action: back } : {})} />;
    case 'full':
    case 'locked':
    case 'knock':
    case 'busy':
    case 'too_fast':
    case 'silent':
    case 'restarting':
      return (
        <Plain {...text} action={{ label: words.tryAgain, press: record ? reload : () => client.stop() }} />
      );
    case 'reload':
    case 'not_understood':
    case 'too_big':
      return <Plain {...text} action={{ label: words.reload, press: reload }} />;
    case 'not_allowed':
      return (
        <Plain
          {...text}
          {...(record ? { action: { label: words.goOn, press: () => client.resume(record) } } : {})}
        />
      );
    default:
      return <Plain {...text} />;
  }
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
  return <Plain {...words.closed.left} />;
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
