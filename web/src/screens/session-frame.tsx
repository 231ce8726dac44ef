// What stands around the screens of a session: its news, and who watches.
import type { ComponentChildren } from 'preact';
import { act, news } from '../actions';
import { client } from '../app';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Strip } from '../parts/Strip';
import type { UndoView } from '../protocol';
import { Frame, type FrameProps } from './frame';
import { titleAt } from './methods';
import type { Room } from './room';

/** The frame of a session's screens. The menu goes on from one to the next, as it was and with what is typed. */
export function SessionFrame({ room, bar, foot, children }: FrameProps & { readonly room: Room }) {
  return (
    <Frame menuOutside strips={stripsOf(room)} bar={bar} foot={foot}>
      {children}
      <Screens room={room} />
    </Frame>
  );
}

/** Everyone knows of every screen that watches; the listener in silence finds it in Menu. */
function Screens({ room }: { readonly room: Room }) {
  const { value: count } = client.screens;
  if (count === 0 || room.iAmSilent) return null;
  // A place of its own, so that nothing of the page stands outside of one.
  return <aside class="watched small">{words.people.screens(count)}</aside>;
}

/** News: the connection, an own step that can be taken back, what was refused. Null where there is none. */
function stripsOf(room: Room): ComponentChildren {
  const { value: connection } = client.connection;
  const waits = connection.type === 'waiting' && connection.welcomed;
  const undo = room.view.undo.length > 0 ? findUndo(room) : null;
  if (!waits && !undo && news.value === null) return null;
  const { reconnecting, reconnectingLobby } = words.connection;
  return (
    <>
      {waits && <Strip reconnecting words={room.running ? reconnecting : reconnectingLobby} />}
      {undo && <UndoStrip room={room} undo={undo} />}
      {news.value !== null && <PutAway text={news.value.text} away={() => (news.value = null)} />}
    </>
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
  const title = (index: number) => titleAt(room.view.plan, room.method, index);
  return words.undo(undo.what, title, room.name);
}
