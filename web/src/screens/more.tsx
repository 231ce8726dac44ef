// Behind More: what whoever steers needs seldom.
import type { Signal } from '@preact/signals';
import { act } from '../actions';
import { more } from '../locales/more';
import { pace } from '../locales/pace';
import { words } from '../locales/session';
import { talk } from '../locales/talk';
import { Menu, type MenuItem } from '../parts/Menu';
import type { Command } from '../protocol';
import { mayShorten } from './began';
import { BorrowDialog, mayBorrow } from './borrow';
import { GroupDialog, type GroupPage } from './group-dialogs';
import { Happened } from './happened';
import { heldSilence } from './held';
import { textsOf } from './methods';
import { OrderDialog } from './order';
import { RemindDialog } from './remind';
import { mayRemind } from './reminder';
import { RolesDialog } from './roles';
import { mayPutOff, type Room } from './room';
import { ShortenDialog } from './shorten';

/** What lies over the room. */
export type MorePage = 'list' | 'shorten' | 'borrow' | GroupPage | 'roles' | 'order' | 'remind' | 'happened';

interface MoreProps {
  readonly room: Room;
  readonly page: Signal<MorePage | null>;
}

/** More, and the pages behind it. */
export function MoreDialog({ room, page }: MoreProps) {
  const close = () => (page.value = null);
  switch (page.value) {
    case 'shorten':
      return <ShortenDialog room={room} close={close} />;
    case 'borrow':
      return <BorrowDialog room={room} close={close} />;
    case 'presenter':
    case 'people':
    case 'door':
    case 'screen':
      return <GroupDialog room={room} page={page.value} close={close} />;
    case 'roles':
      return <RolesDialog room={room} close={close} />;
    case 'order':
      return <OrderDialog room={room} close={close} />;
    case 'remind':
      return <RemindDialog room={room} close={close} />;
    case 'happened':
      return <Happened room={room} close={close} />;
    default:
      return <MoreList room={room} page={page} />;
  }
}

function MoreList({ room, page }: MoreProps) {
  const { more: text } = more;
  const close = () => (page.value = null);
  const doing = (command: Command) => () => {
    close();
    void act(command);
  };
  const items: MenuItem[] = [];
  const { running } = room;
  if (mayShorten(room)) items.push({ words: pace.shorten.open, onPress: () => (page.value = 'shorten') });
  if (mayBorrow(room)) items.push({ words: pace.borrow.open, onPress: () => (page.value = 'borrow') });
  if (mayRemind(room)) items.push({ words: talk.reminder.open, onPress: () => (page.value = 'remind') });
  if (running) {
    const { moment, stage, speaker } = running;
    const before = room.view.plan.phases[stage.phase - 1];
    if (before) {
      const label = text.back(textsOf(room.method, before).title);
      items.push({ words: label, onPress: doing({ type: 'back', moment }) });
    }
    if (speaker !== null) {
      items.push({ words: text.openFloor, onPress: doing({ type: 'openFloor', moment }) });
      if (speaker !== room.seat) {
        items.push({
          words: text.moveTurn(room.name(speaker)),
          onPress: doing({ type: 'passTurn', moment }),
        });
        if (mayPutOff(running)) {
          items.push({
            words: words.round.comeBackTo(room.name(speaker)),
            onPress: doing({ type: 'putOffTurn', moment }),
          });
        }
      }
      if ((stage.round?.next.length ?? 0) > 1) {
        items.push({ words: text.order, onPress: () => (page.value = 'order') });
      }
    } else if (stage.round) {
      if (heldSilence(room) === 'round') {
        items.push({ words: text.openFloor, onPress: doing({ type: 'openFloor', moment }) });
      }
      items.push({ words: text.onceMore, onPress: doing({ type: 'startRound', moment }) });
    }
    const told = room.view.plan.phases
      .slice(0, stage.phase + 1)
      .some(({ presenter }) => presenter !== 'participant');
    if (!told) items.push({ words: text.choosePresenter, onPress: () => (page.value = 'presenter') });
  }
  items.push({ words: text.people, onPress: () => (page.value = 'people') });
  items.push({ words: text.door, onPress: () => (page.value = 'door') });
  items.push({ words: text.display, onPress: () => (page.value = 'screen') });
  if (room.iFacilitate && room.roles.named.length > 0) {
    items.push({ words: text.roles, onPress: () => (page.value = 'roles') });
  }
  items.push({ words: text.happened, onPress: () => (page.value = 'happened') });
  if (running) items.push({ words: text.end, onPress: doing({ type: 'end', moment: running.moment }) });
  return <Menu heading={text.heading} items={items} close={text.close} onClose={close} />;
}
