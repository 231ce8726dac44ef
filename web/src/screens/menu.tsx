// The menu: what helps nobody at this minute, in the same place on every screen.
import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { saveName } from '../actions';
import { bell, client, settings } from '../app';
import { agreementWords } from '../locales/agreement';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { talk } from '../locales/talk';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { Choice } from '../parts/Field';
import { Menu, type MenuItem } from '../parts/Menu';
import { AgreementDialog } from './agreement';
import { CopyLink } from './copy-link';
import { DeviceDialog } from './device';
import { Happened } from './happened';
import { HelpDialog } from './help';
import { lazily } from './lazy';
import { askForPause } from './live';
import { NameDialog } from './people';
import { RemindDialog } from './remind';
import { mayRemind } from './reminder';
import type { Room } from './room';
import { leaveSession } from './route';
import { askingMe, TalkDialog } from './talk';

type Page =
  | 'list'
  | 'agreement'
  | 'remind'
  | 'rename'
  | 'happened'
  | 'look'
  | 'help'
  | 'link'
  | 'device'
  | 'talk'
  | 'elsewhere';

const MoveAway = lazily(() => import('./move-away').then((module) => module.MoveAway));

interface SessionMenuProps {
  readonly room: Room | null;
  readonly close: () => void;
}

/** The menu and its pages. */
export function SessionMenu({ room, close }: SessionMenuProps) {
  const page = useSignal<Page>('list');
  const back = () => {
    page.value = 'list';
  };
  switch (page.value) {
    case 'rename':
      return room && <Rename room={room} close={close} />;
    case 'happened':
      return room && <Happened room={room} close={back} />;
    case 'agreement':
      return room && <AgreementDialog room={room} close={back} />;
    case 'remind':
      return room && <RemindDialog room={room} close={close} />;
    case 'look':
      return <Look close={back} />;
    case 'help':
      return <HelpDialog close={back} />;
    case 'talk':
      return room && <TalkDialog room={room} close={close} />;
    case 'elsewhere':
      return <MoveAway close={close} />;
    case 'device':
      return <DeviceDialog close={close} />;
    case 'link':
      return (
        <Dialog heading={more.menu.copy} text={more.lobby.inviteHint} onClose={back}>
          <div class="stack">
            <CopyLink />
            <Button onPress={back}>{more.menu.back}</Button>
          </div>
        </Dialog>
      );
    default:
      return <MenuList room={room} page={page} close={close} />;
  }
}

function MenuList({ room, page, close }: SessionMenuProps & { readonly page: Signal<Page> }) {
  const { menu } = more;
  const stage = room?.view.stage.type;
  const inside = stage === 'lobby' || stage === 'running' || stage === 'newcomer';
  const items: MenuItem[] = [];
  const add = (shown: boolean, label: string, onPress: () => void, now?: string) => {
    if (shown) items.push({ words: label, onPress, ...(now === undefined ? {} : { now }) });
  };
  const opening = (next: Page) => () => {
    page.value = next;
  };
  const pause = () => {
    close();
    if (room) void askForPause(room);
  };
  const { sound, speech, numberHidden } = settings;
  add(stage === 'running' && !room?.iSteer, words.pause.need, pause);
  // Whoever steers finds it under More.
  add(room !== null && mayRemind(room) && !room.iSteer, talk.reminder.open, opening('remind'));
  // Who has not agreed is not told the newest link, and may have come by one for one person.
  add(inside && stage !== 'newcomer', menu.copy, opening('link'));
  add(inside, menu.rename, opening('rename'));
  add(inside, menu.elsewhere, opening('elsewhere'));
  add(stage === 'lobby' || stage === 'running', agreementWords.menu, opening('agreement'));
  add(inside && stage !== 'newcomer', menu.happened, opening('happened'));
  const asked = room && askingMe(room).length > 0 ? menu.talkAsked : undefined;
  add(stage === 'running' && room?.me?.agreed === true, menu.talk, opening('talk'), asked);
  add(true, menu.sound, toggleSound, sound.value ? menu.on : menu.off);
  add(
    stage === 'running',
    menu.number,
    () => (numberHidden.value = !numberHidden.value),
    numberHidden.value ? menu.hidden : menu.shown,
  );
  add(true, menu.speech, toggleSpeech, menu.speeches[speech.value]);
  add(true, menu.look, opening('look'));
  add(true, menu.help, opening('help'));
  add(true, menu.device, opening('device'));
  add(inside, menu.leave, () => {
    close();
    void leaveSession();
  });
  const { value: count } = client.screens;
  return (
    <Menu
      heading={menu.heading}
      {...(count === 0 ? {} : { text: words.people.screens(count) })}
      items={items}
      close={menu.close}
      onClose={close}
    />
  );
}

function toggleSound(): void {
  const { sound } = settings;
  sound.value = !sound.peek();
  // Heard once at the choice, so that the person knows what it is like.
  if (sound.peek()) bell.ring();
}

function toggleSpeech(): void {
  const { speech } = settings;
  speech.value = speech.peek() === 'all' ? 'less' : 'all';
}

function Rename({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const { menu } = more;
  const save = (name: string) => saveName(room.seat, name);
  return (
    <NameDialog
      heading={menu.rename}
      label={menu.renameButton}
      whose="own"
      start={client.record.value?.name ?? ''}
      close={close}
      save={save}
    />
  );
}

interface ChoicesProps<Value extends string> {
  readonly legend: string;
  readonly name: string;
  readonly value: Signal<Value>;
  readonly labels: Readonly<Record<Value, string>>;
}

function Choices<Value extends string>({
  legend,
  name,
  value,
  labels,
}: ChoicesProps<Value>): ComponentChildren {
  const values = Object.keys(labels) as Value[];
  return (
    <fieldset>
      <legend>{legend}</legend>
      {values.map((one) => (
        <Choice
          key={one}
          type="radio"
          name={name}
          checked={value.value === one}
          onChoose={() => (value.value = one)}
        >
          {labels[one]}
        </Choice>
      ))}
    </fieldset>
  );
}

function Look({ close }: { readonly close: () => void }) {
  const { menu } = more;
  return (
    <Dialog heading={menu.look} onClose={close}>
      <Choices legend={menu.theme} name="theme" value={settings.theme} labels={menu.themes} />
      <Choices legend={menu.contrast} name="contrast" value={settings.contrast} labels={menu.contrasts} />
      <Choices legend={menu.textSize} name="text-size" value={settings.textSize} labels={menu.textSizes} />
      <div class="stack">
        <Button onPress={close}>{menu.back}</Button>
      </div>
    </Dialog>
  );
}
