// The door: who may come in by the link, and a new link in the place of one that went too far.
import { useSignal } from '@preact/signals';
import { act, pressing } from '../actions';
import { client } from '../app';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import type { Door as DoorState } from '../protocol';
import { CopyLink } from './copy-link';
import { clockTime } from './dates';
import { PersonalLinkDialog, unusedLinks } from './personal-link';
import type { Room } from './room';

const DOORS: readonly DoorState[] = ['open', 'knock', 'locked'];

/** How the door stands. */
export function doorOf(room: Room): DoorState {
  return room.view.door ?? 'open';
}

interface DoorProps {
  readonly room: Room;
  readonly close: () => void;
}

/** The door, over the room. */
export function DoorDialog({ room, close }: DoorProps) {
  const forOne = useSignal(false);
  if (forOne.value) return <PersonalLinkDialog room={room} close={() => (forOne.value = false)} />;
  return <Door room={room} close={close} openForOne={() => (forOne.value = true)} />;
}

function Door({ room, close, openForOne }: DoorProps & { readonly openForOne: () => void }) {
  const { door: text } = more;
  const unused = unusedLinks(room);
  const now = doorOf(room);
  const told = useSignal('');
  const renew = async () => {
    told.value = '';
    if (await act({ type: 'changeLink', invite: client.drawInvite() })) told.value = text.renewed;
  };
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
          {unused > 0 ? `${text.newLinkHint} ${text.personal.endToo(unused)}` : text.newLinkHint}
        </p>
        <p class="hint small" role="status">
          {told.value}
        </p>
        <CopyLink />
        {now !== 'locked' && <CodeToType />}
        <Button look="plain" onPress={openForOne}>
          {text.personal.open}
        </Button>
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
