// Help: how it works, what is kept, how it can be used, and how well clock and connection stand.

import { version } from '../../package.json';
import { client, page } from '../app';
import { words } from '../locales';
import { more } from '../locales/more';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { PROTOCOL_VERSION } from '../protocol';

/** The help. */
export function HelpDialog({ close }: { readonly close: () => void }) {
  const { help } = more;
  return (
    <Dialog heading={help.heading} onClose={close}>
      <Section heading={help.how} paragraphs={help.howText} />
      <Section heading={help.privacy} paragraphs={help.privacyText} />
      <Section heading={help.accessibility} paragraphs={help.accessibilityText} />
      <Diagnostics />
      <div class="stack">
        <Button onPress={close}>{words.back}</Button>
      </div>
    </Dialog>
  );
}

function Section({
  heading,
  paragraphs,
}: {
  readonly heading: string;
  readonly paragraphs: readonly string[];
}) {
  return (
    <section class="stack">
      <h3>{heading}</h3>
      {paragraphs.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </section>
  );
}

/** Nothing secret: the clock, how sure it is, the connection, the version. */
function Diagnostics() {
  const { help } = more;
  const reading = client.clock.reading.value;
  const milliseconds = (value: number) => help.milliseconds(Math.round(value));
  const rows: [string, string][] = [[help.connection, help.connections[client.connection.value.type]]];
  if (reading) {
    rows.push(
      [help.offset, milliseconds(reading.offset)],
      [help.sureness, milliseconds(reading.uncertainty)],
      [help.roundTrip, milliseconds(reading.roundTrip)],
    );
  } else {
    rows.push([help.clock, help.noClock]);
  }
  rows.push(
    [help.waitingActs, String(client.pending.value)],
    [help.screen, help.screens[page.awake.value]],
    [help.version, `${version}.${PROTOCOL_VERSION}`],
  );
  return (
    <section class="stack">
      <h3>{help.clock}</h3>
      <ul class="rows">
        {rows.map(([label, value]) => (
          <li key={label}>
            <span>{label}</span>
            <span>{value}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
