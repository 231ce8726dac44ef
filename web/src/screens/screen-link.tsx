// The link for a screen on the wall, for whoever steers: made, copied, what it shows, and its end.
import { useSignal } from '@preact/signals';
import { act } from '../actions';
import { client } from '../app';
import { drawSecret } from '../kit/bytes';
import { browserRandom } from '../kit/environment';
import { buildDisplayLink, type DisplayLink } from '../kit/link';
import { createSealer, hashSecret } from '../kit/seal';
import { FIRST_EPOCH } from '../kit/sealed';
import { display as all } from '../locales/display';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { Choice } from '../parts/Field';
import { CopyLink } from './copy-link';
import type { Room } from './room';

const { dialog: text } = all;

/** Draws a link and hands its hash over; the link itself goes sealed, so that it can be shown again. */
async function make(): Promise<void> {
  const secret = drawSecret(browserRandom);
  const key = drawSecret(browserRandom);
  const sealed = await client.sealLine(`${secret}.${key}`, 'display');
  if (sealed !== null) await act({ type: 'makeDisplay', secret: hashSecret(secret), sealed });
}

/** The link that holds; null while there is none, and where it does not open. */
function shownLink(): DisplayLink | null {
  const sealed = client.texts.value?.display;
  const opened = sealed === undefined ? null : client.openLine(sealed, { seat: 0, purpose: 'display' });
  const [secret, key] = opened?.split('.') ?? [];
  const session = client.record.value?.session;
  return session && secret && key ? { session, secret, key } : null;
}

/** What screens may open, sealed with their own key. */
function sealFor({ key, session }: DisplayLink, names: boolean, joining: boolean) {
  const sealer = createSealer(key, browserRandom);
  const own = client.record.peek()?.key ?? '';
  const place = { session, seat: 0 } as const;
  return {
    names: names ? sealer.seal(own, { ...place, purpose: 'displayKey' }, FIRST_EPOCH) : null,
    joining: joining ? sealer.seal(client.link(), { ...place, purpose: 'handed' }, FIRST_EPOCH) : null,
  };
}

/** The screen for the room, over it. */
export function ScreenDialog({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const told = useSignal('');
  const made = room.view.display;
  const link = shownLink();
  const set = (names: boolean, joining: boolean) => {
    told.value = '';
    if (made && link) void act({ type: 'setDisplay', made: made.made, ...sealFor(link, names, joining) });
  };
  const end = async () => {
    if (await act({ type: 'endDisplay' })) told.value = text.ended;
  };
  const count = client.screens.value;
  return (
    <Dialog heading={text.heading} text={text.text} onClose={close}>
      <div class="stack">
        {made && <p role="status">{count === 0 ? text.nobody : words.people.screens(count)}</p>}
        {made && !link && <p>{text.lost}</p>}
        {made && link && (
          <>
            <CopyLink link={buildDisplayLink(window.location.origin, link)} words={text} />
            <p class="hint small">{text.copyHint}</p>
            <Choice
              type="checkbox"
              name="screen-names"
              checked={made.names}
              hint={text.namesHint}
              onChoose={(names) => set(names, made.joining)}
            >
              {text.names}
            </Choice>
            {room.view.stage.type === 'lobby' && (
              <Choice
                type="checkbox"
                name="screen-joining"
                checked={made.joining}
                hint={text.joiningHint}
                onChoose={(joining) => set(made.names, joining)}
              >
                {text.joining}
              </Choice>
            )}
            <Button onPress={() => void end()}>{text.end}</Button>
            <p class="hint small">{text.ends}</p>
          </>
        )}
        <Button onPress={() => void make()}>{made ? text.another : text.make}</Button>
        {made && <p class="hint small">{text.anotherHint}</p>}
        <p class="hint small" role="status">
          {told.value}
        </p>
        <Button onPress={close}>{text.back}</Button>
      </div>
    </Dialog>
  );
}
