// The door: who may come in by the link, and a new link in the place of one that went too far.
import { useSignal } from '@preact/signals';
import { act, pressing } from '../actions';
import { client } from '../app';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import type { Door } from '../protocol';
import { CopyLink } from './copy-link';
import { clockTime } from './dates';
import { PersonalLink, unusedLinks } from './personal-link';
import type { Room } from './room';

const DOORS: readonly Door[] = ['open', 'knock', 'locked'];

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
  const unused = unusedLinks(room);
  const others = DOORS.filter((door) => door !== now);
  return (
    <Dialog heading={text.heading} text={text.states[now]} onClose={close}>
      <div class="stack">
        {others.map((door) => (
          <Button key={door} onPress={() => void act({ type: 'setDoor', door })}>
            {text.change[door]}
          </Button>
        ))}
        <Button onPress={() => void renew()}>{text.newLink}</Button>
        <p class="hint small">
          {text.newLinkHint}
          {unused > 0 && ` ${text.personal.endToo(unused)}`}
        </p>
        <p class="hint small" role="status">
          {told.value}
        </p>
        <CopyLink />
        {/* Another link of the session's ends what was made before it. */}
        <PersonalLink key={client.link()} room={room} />
        {now !== 'locked' && <CodeToType />}
        <Button onPress={close}>{words.back}</Button>
      </div>
    </Dialog>
  );
}

/** A code for typing from a projector, while there is one; and the way to it. */
export function CodeToType() {
  const { door: text } = more;
  const shown = client.door.value?.code;
  const code = shown && shown.until > client.now.value ? shown : null;
  return (
    <>
      {code && (
        <p class="said" role="status">
          {code.code}
        </p>
      )}
      <p class="hint small">
        {code
          ? text.codeLeads(window.location.host, clockTime(client.clock.toDevice(code.until)))
          : text.codeHint}
      </p>
      <Button look="plain" onPress={pressing({ type: 'showCode' })}>
        {code ? text.newCode : text.showCode}
      </Button>
    </>
  );
}
