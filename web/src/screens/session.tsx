// The session: one screen for each phase and position.
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { client, room } from '../app';
import { useKeptFocus, useTop } from '../parts/focus';
import { Arrival } from './arrival';
import { Closed as ClosedByServer, Waiting as Connecting } from './closed';
import { Discussion } from './discussion';
import { OpenMenu } from './frame';
import { fetchAll, lazily } from './lazy';
import { Lobby, Newcomer } from './lobby';
import { Answering, Asking, Leading, Led, Responding, Speaking, Waiting } from './other-positions';
import { Paused } from './paused';
import { Hearing, Presenting } from './presentation';
import { PresenterMissing } from './presenter-missing';
import { chooseScreen, momentOf, type Room, type Screen } from './room';
import { MyTurn, OpenFloor, OthersTurn, PresenterRound } from './round';
import { Silent, Stillness } from './silent';
import { startSpeech, useSpokenScreen } from './speech';

import { Review, Together } from './together';

const Record = lazily(() => import('./record').then((module) => module.ClosedRecord));

interface ScreenProps {
  readonly room: Room;
}

/** Screens that only say what stands in `Live`. They are no components, so that what stays the same stays in the page
 * from one to the next, with its focus; hence they use no hooks. */
const liveScreens = {
  paused: Paused,
  arrival: Arrival,
  presenting: Presenting,
  hearing: Hearing,
  discussion: Discussion,
  presenterRound: PresenterRound,
  myTurn: MyTurn,
  othersTurn: OthersTurn,
  openFloor: OpenFloor,
  responding: Responding,
  review: Review,
  together: Together,
  answering: Answering,
  asking: Asking,
  leading: Leading,
  led: Led,
  speaking: Speaking,
  waiting: Waiting,
} as const;

type OtherScreen = Exclude<Screen, keyof typeof liveScreens>;

const otherScreens: Readonly<Record<OtherScreen, ComponentType<ScreenProps>>> = {
  lobby: Lobby,
  newcomer: Newcomer,
  closed: Record,
  presenterMissing: PresenterMissing,
  silent: Silent,
  stillness: Stillness,
};

const isLive = (screen: Screen): screen is keyof typeof liveScreens => screen in liveScreens;

startSpeech();

/** The session, or why there is none. */
export function Session() {
  const now = room.value;
  const { value: connection } = client.connection;
  const hasRecord = now?.view.stage.type === 'closed';
  useKeptFocus(
    connection.type === 'closed' && !hasRecord ? 'ended' : now && client.ready.value ? 'here' : '',
  );
  if (connection.type === 'closed' && !hasRecord) return <ClosedByServer reason={connection.reason} />;
  if (!now || !client.ready.value) return <Connecting />;
  return (
    <>
      <CurrentScreen room={now} screen={chooseScreen(now)} />
      <OpenMenu room={now} />
    </>
  );
}

/** The screen of a person in a session. */
export function CurrentScreen({ room: now, screen }: ScreenProps & { readonly screen: Screen }) {
  useEffect(fetchAll, []);
  const shown = `${momentOf(now).visit} ${screen}`;
  useTop(shown);
  const asked = screen === 'lobby' && `${now.iFacilitate} ${now.view.chair.openToGroup}`;
  useKeptFocus(`${shown} ${now.me?.agreed} ${asked}`);
  useSpokenScreen(now, screen);
  if (isLive(screen)) return liveScreens[screen]({ room: now });
  const Other = otherScreens[screen];
  return <Other room={now} />;
}
