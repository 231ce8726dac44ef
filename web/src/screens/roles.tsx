// The roles of a method that has its own: who has which, and the choice of it.
import { useSignal } from '@preact/signals';
import { act } from '../actions';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { Rows } from '../parts/Rows';
import type { MethodRole, SeatNumber } from '../protocol';
import { findSeat, type Room } from './room';
import { listedName } from './roster';

const holderOf = (room: Room, role: MethodRole) =>
  room.view.seats.find((seat) => seat.role === role.id) ?? null;

/** Who has which role and what it is for, before the start. */
export function RolesPart({ room }: { readonly room: Room }) {
  const choosing = useSignal(false);
  const { named, others } = room.roles;
  if (named.length === 0) return null;
  const { roles } = more;
  const items = named.map((role) => {
    const holder = holderOf(room, role);
    return {
      key: role.id,
      main: <RoleWords {...role} />,
      side: holder ? <bdi>{listedName(room, holder)}</bdi> : roles.nobody,
    };
  });
  if (others) items.push({ key: 'others', main: <RoleWords {...others} />, side: roles.everyoneElse });
  return (
    <section class="part">
      <h2>{roles.heading}</h2>
      <Rows items={items} />
      {room.iFacilitate && (
        <Button look="plain" onPress={() => (choosing.value = true)}>
          {roles.choose}
        </Button>
      )}
      {choosing.value && <RolesDialog room={room} close={() => (choosing.value = false)} />}
    </section>
  );
}

function RoleWords({ title, task }: { readonly title: string; readonly task: string }) {
  return (
    <>
      {title}
      <span class="hint task">{task}</span>
    </>
  );
}

/** One role after another, and then who has it. */
export function RolesDialog({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const open = useSignal<MethodRole | null>(null);
  const { roles } = more;
  const { named, others } = room.roles;
  const role = open.value;
  if (role) return <HolderDialog room={room} role={role} close={() => (open.value = null)} />;
  return (
    <Dialog
      heading={roles.choose}
      {...(others ? { text: roles.lead(others.title.toLocaleLowerCase('en')) } : {})}
      onClose={close}
    >
      <ul class="rows">
        {named.map((one) => {
          const holder = holderOf(room, one);
          return (
            <li key={one.id}>
              <Button look="plain" onPress={() => (open.value = one)}>
                {one.title}
              </Button>
              <span>{holder ? <bdi>{listedName(room, holder)}</bdi> : roles.nobody}</span>
            </li>
          );
        })}
      </ul>
      <div class="stack">
        <Button onPress={close}>{roles.done}</Button>
      </div>
    </Dialog>
  );
}

interface HolderProps {
  readonly room: Room;
  readonly role: MethodRole;
  readonly close: () => void;
}

function HolderDialog({ room, role, close }: HolderProps) {
  const { roles } = more;
  const holder = holderOf(room, role);
  const give = (seat: SeatNumber, given: string | null) => () => {
    close();
    void act({ type: 'setRole', seat, role: given });
  };
  const people = room.view.seats.filter(({ seat }) => seat !== room.presenter);
  return (
    <Dialog heading={role.title} text={role.task} onClose={close}>
      <ul class="rows">
        {people.map((person) =>
          person === holder ? (
            <li key={person.seat} aria-current="true">
              <bdi>{listedName(room, person)}</bdi>
              <span>{roles.now}</span>
            </li>
          ) : (
            <li key={person.seat}>
              <Button look="plain" onPress={give(person.seat, role.id)}>
                <bdi>{listedName(room, person)}</bdi>
              </Button>
              <span>{otherRole(room, person.seat)}</span>
            </li>
          ),
        )}
      </ul>
      <div class="stack">
        {holder && <Button onPress={give(holder.seat, null)}>{roles.take}</Button>}
        <Button onPress={close}>{words.back}</Button>
      </div>
    </Dialog>
  );
}

/** Another role that this person would leave for this one. */
function otherRole(room: Room, seat: SeatNumber): string | null {
  const role = findSeat(room, seat)?.role;
  return room.roles.named.find(({ id }) => id === role)?.title.toLocaleLowerCase('en') ?? null;
}
