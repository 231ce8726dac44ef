// People, for whoever steers: co-facilitators, handing over, removing, freeing a place, people without a device.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { act, saveName } from '../actions';
import { client } from '../app';
import { cleanName } from '../kit/name';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { talk } from '../locales/talk';
import { Button } from '../parts/Button';
import { Decision, Dialog } from '../parts/Dialog';
import { Field } from '../parts/Field';
import { Menu, type MenuItem } from '../parts/Menu';
import type { Command, SeatNumber, SeatView } from '../protocol';
import { agreeing } from './agreement';
import { CopyLink } from './copy-link';
import { handsOf } from './hands';
import { nameError } from './names';
import { unusedLinks } from './personal-link';
import { findLost, Recognise } from './recognise';
import { findSeat, namedRoles, type Room, titleOfRole } from './room';
import { describeSeat, joinedAt, listedName } from './roster';

/** Where one is. */
type Page =
  | { readonly type: 'all' }
  | { readonly type: 'add' }
  | { readonly type: 'one' | 'rename' | 'remove' | 'handOver'; readonly seat: SeatNumber }
  | { readonly type: 'recognise'; readonly seat: SeatNumber; readonly lost: SeatNumber };

interface PeopleProps {
  readonly room: Room;
  readonly close: () => void;
}

/** The dialog of people. */
export function PeopleDialog({ room, close }: PeopleProps) {
  const page = useSignal<Page>({ type: 'all' });
  const now = page.value;
  const go = (next: Page) => {
    page.value = next;
  };
  if (now.type === 'all') return <Everyone room={room} close={close} go={go} />;
  const back = () => go({ type: 'all' });
  if (now.type === 'add') {
    const { addHeading, addLead, addButton } = more.people;
    return <NameDialog heading={addHeading} lead={addLead} label={addButton} close={back} save={addPerson} />;
  }
  const person = findSeat(room, now.seat);
  if (!person) return <Everyone room={room} close={close} go={go} />;
  switch (now.type) {
    case 'one':
      return <Person room={room} person={person} close={close} go={go} />;
    case 'rename':
      return (
        <NameDialog
          heading={more.people.rename}
          label={more.menu.renameButton}
          start={room.typedName(person.seat) ?? ''}
          close={back}
          save={(name) => saveName(person.seat, name)}
        />
      );
    case 'remove':
      return <Remove room={room} person={person} close={back} />;
    case 'handOver':
      return <HandOver room={room} person={person} later={back} done={close} />;
    case 'recognise':
      return <Recognise room={room} newcomer={person} lost={now.lost} close={back} />;
  }
}

interface PageProps extends PeopleProps {
  readonly go: (page: Page) => void;
}

function Everyone({ room, close, go }: PageProps) {
  const { people } = more;
  return (
    <Dialog heading={people.heading} onClose={close}>
      <ul class="rows">
        {room.view.seats.map((seat) => (
          <li key={seat.seat}>
            {seat.seat === room.seat ? (
              <bdi>{listedName(room, seat)}</bdi>
            ) : (
              <Button look="plain" onPress={() => go({ type: 'one', seat: seat.seat })}>
                <bdi>{listedName(room, seat)}</bdi>
              </Button>
            )}
            <span>{`${describeSeat(room, seat)}, ${joinedAt(seat)}`}</span>
          </li>
        ))}
      </ul>
      <div class="stack">
        <CopyLink />
        <Button onPress={() => go({ type: 'add' })}>{people.add}</Button>
        <Button onPress={close}>{people.done}</Button>
      </div>
    </Dialog>
  );
}

interface PersonProps {
  readonly room: Room;
  readonly person: SeatView;
}

/** What can be done about one person. What cannot is not there. */
function Person({ room, person, go }: PersonProps & PageProps) {
  const { people } = more;
  const { seat, facilitator, device } = person;
  const name = room.name(seat);
  const away = person.awaySince !== undefined;
  const doing = (command: Command, told?: string) => () => {
    go({ type: 'all' });
    void act(command, told);
  };
  const items: MenuItem[] = findLost(room, person).map((lost) => ({
    words: more.recognise.offer(room.name(lost.seat)),
    onPress: () => go({ type: 'recognise', seat, lost: lost.seat }),
  }));
  const add = (shown: boolean, label: string, onPress: () => void) => {
    if (shown) items.push({ words: label, onPress });
  };
  const { iFacilitate } = room;
  add(!device && (!person.agreed || person.askedAgain === true), people.agree, doing(agreeing(seat)));
  const moment = room.running?.moment;
  if (moment && !device && room.floor.mode === 'open' && room.floor.speakers.includes(seat)) {
    const up = handsOf(room).includes(seat);
    const type = up ? 'lowerHand' : 'raiseHand';
    add(true, up ? talk.hands.lowerFor : talk.hands.raiseFor, doing({ type, moment, seat }));
  }
  add(!device, people.rename, () => go({ type: 'rename', seat }));
  add(
    iFacilitate && !facilitator && device && person.agreed,
    people.makeFacilitator,
    doing({ type: 'setFacilitator', seat, facilitator: true }),
  );
  add(
    iFacilitate && facilitator,
    people.unmakeFacilitator,
    doing({ type: 'setFacilitator', seat, facilitator: false }),
  );
  for (const role of namedRoles(room.view)) {
    add(
      iFacilitate && person.role !== role,
      people.role(titleOfRole(room, role)),
      doing({ type: 'setRole', seat, role }),
    );
  }
  add(iFacilitate && person.role !== undefined, people.noRole, doing({ type: 'setRole', seat, role: null }));
  add(iFacilitate && device && !away && person.agreed, people.handOver, () => go({ type: 'handOver', seat }));
  add(away || !device, people.clear, doing({ type: 'clearSeat', seat }, more.clear.told(name)));
  add(device && (iFacilitate || !facilitator), people.remove, () => go({ type: 'remove', seat }));
  const back = () => go({ type: 'all' });
  return <Menu heading={listedName(room, person)} items={items} close={people.back} onClose={back} />;
}

/** Removing also changes the link: this browser draws the new invite. */
function Remove({ room, person, close }: PersonProps & { readonly close: () => void }) {
  const name = room.name(person.seat);
  const { remove } = more;
  const unused = unusedLinks(room);
  const decide = () => {
    close();
    void act({ type: 'remove', seat: person.seat, invite: client.drawInvite() }, remove.told(name));
  };
  return (
    <Decision
      heading={remove.heading(name)}
      text={unused > 0 ? `${remove.text(name)} ${more.door.personal.endToo(unused)}` : remove.text(name)}
      effect={remove.effect(name)}
      onDecide={decide}
      later={remove.later(name)}
      onLater={close}
    />
  );
}

function HandOver({
  room,
  person,
  later,
  done,
}: PersonProps & { readonly later: () => void; readonly done: () => void }) {
  const name = room.name(person.seat);
  const { handOver } = more;
  const decide = () => {
    done();
    void act({ type: 'handOver', to: person.seat });
  };
  return (
    <Decision
      heading={handOver.heading(name)}
      text={handOver.text(name)}
      effect={handOver.effect(name)}
      onDecide={decide}
      later={handOver.later}
      onLater={later}
    />
  );
}

/** Makes the seat of a person without a device, and names it. */
async function addPerson(name: string): Promise<boolean> {
  const before = new Set(client.view.peek()?.seats.map(({ seat }) => seat));
  if (!(await act({ type: 'addPerson' }))) return true;
  const added = await waitForSeat((seat) => !seat.device && !before.has(seat.seat));
  if (added === null) return true;
  return saveName(added, name);
}

/** The seat that a view soon shows; the answer to a command and the view are two messages. */
function waitForSeat(wanted: (seat: SeatView) => boolean): Promise<SeatNumber | null> {
  return new Promise((settle) => {
    const stop = client.view.subscribe((view) => {
      const found = view?.seats.find(wanted);
      if (!found && view) return;
      settle(found?.seat ?? null);
      queueMicrotask(() => stop());
    });
  });
}

interface NameDialogProps {
  readonly heading: string;
  readonly lead?: string;
  readonly label: string;
  readonly start?: string;
  readonly whose?: 'own' | 'other';
  readonly close: () => void;
  readonly save: (name: string) => Promise<boolean>;
}

/** A dialog with one name. */
export function NameDialog({
  heading,
  lead,
  label,
  start = '',
  whose = 'other',
  close,
  save,
}: NameDialogProps) {
  const name = useSignal(start);
  const error = useSignal<string | null>(null);
  const saving = useRef(false);
  const finish = async (event: Event) => {
    event.preventDefault();
    // A second press before the answer would add a second person.
    if (saving.current) return;
    error.value = nameError(name.peek(), whose);
    if (error.value !== null) {
      document.getElementById('given-name')?.focus();
      return;
    }
    saving.current = true;
    const saved = await save(cleanName(name.peek()));
    saving.current = false;
    if (saved) close();
    else error.value = words.nameNotSaved;
  };
  return (
    <Dialog heading={heading} {...(lead === undefined ? {} : { text: lead })} onClose={close}>
      <form noValidate onSubmit={(event) => void finish(event)}>
        <Field
          id="given-name"
          label={whose === 'own' ? words.join.name : more.people.nameLabel}
          error={error.value ?? undefined}
          errorPrefix={words.errorPrefix}
          value={name.value}
          onInput={(value) => (name.value = value)}
        />
        <div class="stack act">
          <Button look="filled" submit>
            {label}
          </Button>
          <Button onPress={close}>{words.back}</Button>
        </div>
      </form>
    </Dialog>
  );
}
