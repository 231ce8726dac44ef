// The door: who may come in by the link, and a new link in the place of one that went too far.
import { useSignal } from '@preact/signals';
import { act } from '../actions';
import { client } from '../app';
import { words } from '../locales';
import { more } from '../locales/more';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import type { Door } from '../protocol';
import { CopyLink } from './copy-link';
import type { Room } from './room';

/** How the door stands. */
export function doorOf(room: Room): Door {
  return room.view.door ?? 'open';
}

/** The door, over the room. */
export function DoorDialog({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const { door: text } = more;
  const now = doorOf(room);
  const told = useSignal('');
  const renew = async () => {
    told.value = '';
    if (await act({ type: 'changeLink', invite: client.drawInvite() })) told.value = text.renewed;
  };
  const other: Door = now === 'locked' ? 'open' : 'locked';
  return (
    <Dialog heading={text.heading} text={text.states[now]} onClose={close}>
      <div class="stack">
        <Button onPress={() => void act({ type: 'setDoor', door: other })}>{text.change[other]}</Button>
        <Button onPress={() => void renew()}>{text.newLink}</Button>
        <p class="hint small">{text.newLinkHint}</p>
        <p class="hint small" role="status">
          {told.value}
        </p>
        <CopyLink />
        <Button onPress={close}>{words.back}</Button>
      </div>
    </Dialog>
  );
}
