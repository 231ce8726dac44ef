// What stands there instead of a session: while the server has not answered, and once it said why it is over.
import { client } from '../app';
import type { CloseReason } from '../kit/socket';
import { words } from '../locales/session';
import { Plain } from './states';

/** The first connection of a page. */
export function Waiting() {
  const { value: connection } = client.connection;
  const { connecting, connectingLead, noService, busy } = words.connection;
  if (connection.type !== 'waiting') return <Plain heading={connecting} lead={connectingLead} home={false} />;
  return connection.busy ? <Plain {...busy} /> : <Plain heading={connecting} lead={noService} />;
}

const reload = () => window.location.reload();

/** The server said why it is over. */
export function Closed({ reason }: { readonly reason: CloseReason }) {
  const text = words.closed[reason];
  const record = client.record.value;
  const resume = record ? () => client.resume(record) : null;
  switch (reason) {
    case 'replaced':
      return <Plain {...text} action={resume ? { label: words.useThisTab, press: resume } : undefined} />;
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
      return <Plain {...text} action={resume ? { label: words.goOn, press: resume } : undefined} />;
    default:
      return <Plain {...text} />;
  }
}
