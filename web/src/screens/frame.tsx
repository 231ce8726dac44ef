// What stands around every screen: news above it, the bar with Menu, and the screen itself.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { act, news } from '../actions';
import { client, page } from '../app';
import { words } from '../locales';
import { Bar } from '../parts/Bar';
import { Button } from '../parts/Button';
import { Mark } from '../parts/Mark';
import { Strip } from '../parts/Strip';
import type { UndoView } from '../protocol';
import { lazily } from './lazy';
import { textsOf } from './methods';
import type { Room } from './room';

const Menu = lazily(() => import('./menu').then((module) => module.SessionMenu));

/** Whether the menu lies over the page. */
export const menuOpen = signal(false);

interface FrameProps {
  readonly room?: Room | null;
  /** What stands at the left of the bar: the parts of the session or a way back; else the mark. */
  readonly bar?: ComponentChildren;
  /** The dock or the sheet. */
  readonly foot?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The frame of every screen. */
export function Frame({ room = null, bar, foot, children }: FrameProps) {
  const inSession = client.record.value !== null;
  return (
    <>
      <Strips room={room} />
      <Bar menu={words.menu} onMenu={() => (menuOpen.value = true)}>
        {bar ?? <Mark name={words.product} {...(inSession ? {} : { href: '/' })} />}
      </Bar>
      {children}
      <Screens room={room} />
      {foot}
      {menuOpen.value && <Menu room={room} close={() => (menuOpen.value = false)} />}
    </>
  );
}

/** Everyone knows of every screen that watches; the listener in silence finds it in Menu. */
function Screens({ room }: { readonly room: Room | null }) {
  const { value: count } = client.screens;
  if (count === 0 || room?.iAmSilent) return null;
  return <p class="watched small">{words.people.screens(count)}</p>;
}

/** News: the connection, an own step that can be taken back, what was refused. */
function Strips({ room }: { readonly room: Room | null }) {
  const { value: connection } = client.connection;
  const waits = connection.type === 'waiting' && connection.welcomed;
  const running = room?.running ?? null;
  const { connection: text } = words;
  const undo = room && room.view.undo.length > 0 ? findUndo(room) : null;
  if (!page.exposed && !waits && !undo && news.value === null) return null;
  return (
    <section class="strips" aria-label={words.news}>
      {page.exposed && <Strip words={text.exposed} />}
      {waits && <Strip reconnecting words={running ? text.reconnecting : text.reconnectingLobby} />}
      {room && undo && <UndoStrip room={room} undo={undo} />}
      {news.value !== null && <PutAway text={news.value.text} away={() => (news.value = null)} />}
    </section>
  );
}

function PutAway({ text, away }: { readonly text: string; readonly away: () => void }) {
  return (
    <Strip words={text}>
      <Button look="plain" onPress={away}>
        {words.hideNews}
      </Button>
    </Strip>
  );
}

/** The newest own step that can still be taken back. */
function findUndo(room: Room): UndoView | null {
  const now = client.now.value;
  return room.view.undo.findLast(({ by, until }) => by === room.seat && now < until) ?? null;
}

/** An own step and its way back. No countdown: it is there for ten seconds, then it is not. */
function UndoStrip({ room, undo }: { readonly room: Room; readonly undo: UndoView }) {
  return (
    <Strip words={undoWords(room, undo)}>
      <Button onPress={() => void act({ type: 'undo', step: undo.step })}>{words.sheet.undo}</Button>
    </Strip>
  );
}

function undoWords(room: Room, undo: UndoView): string {
  const title = (index: number) => {
    const phase = room.view.plan.phases[index];
    return phase ? textsOf(room.method, phase).title : '';
  };
  return words.undo(undo.what, title, room.name);
}
