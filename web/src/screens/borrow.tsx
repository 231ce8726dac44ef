// Minutes for the part under way that later parts give, so that the end stays where it is.
import { act } from '../actions';
import { client } from '../app';
import { pace as words } from '../locales/pace';
import { words as general } from '../locales/session';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import type { Extension, MinutesFrom } from '../protocol';
import { titleAt } from './methods';
import { laterParts, spareOf } from './pace';
import type { Room } from './room';
import { endTime } from './wording';

const EXTENSIONS = [
  ['one', 1],
  ['five', 5],
] as const;

/** Whether any later part has a minute to give. */
export function mayBorrow({ view, running }: Room): boolean {
  return running !== null && spareOf(laterParts(view, running.stage)) > 0;
}

/** Where minutes can come from, over the room. */
export function BorrowDialog({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const { borrow: text } = words;
  const { running, view } = room;
  const parts = running ? laterParts(view, running.stage) : [];
  const giving = parts.filter(({ spare }) => spare > 0);
  const title = (phase: number) => titleAt(view.plan, room.method, phase);
  const take = (by: Extension, source: MinutesFrom) => () => {
    close();
    if (running) void act({ type: 'extend', moment: running.moment, by, source });
  };
  const row = (key: string, name: string, has: string, spare: number, from: string, source: MinutesFrom) => (
    <li key={key}>
      <span>
        {name} <span class="hint">{has}</span>
      </span>
      <span>
        {EXTENSIONS.filter(([, minutes]) => minutes <= spare).map(([by]) => (
          <Button key={by} onPress={take(by, source)}>
            {text.add[by]}
            <span class="vh">{text.from(from)}</span>
          </Button>
        ))}
      </span>
    </li>
  );
  const end = endTime(room, client.now.value, client.clock.toDevice);
  return (
    <Dialog heading={text.heading} text={giving.length > 0 ? text.lead(end) : text.none} onClose={close}>
      <ul class="rows sources" hidden={giving.length === 0}>
        {giving.length > 1 && row('all', text.all, '', spareOf(parts), text.allParts, { type: 'spread' })}
        {giving.map(({ phase, minutes, spare }) =>
          row(String(phase), title(phase), text.has(minutes), spare, general.inSentence(title(phase)), {
            type: 'phase',
            phase,
          }),
        )}
      </ul>
      <div class="stack">
        <Button onPress={close}>{text.later}</Button>
      </div>
    </Dialog>
  );
}
