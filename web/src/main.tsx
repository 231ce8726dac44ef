// Begins the page: reads the address, shows what it asks for, keeps title, light and voice in step.
import { effect } from '@preact/signals';
import { render } from 'preact';
import { client, light, room } from './app';
import { keepTitle } from './kit/title';
import { useKeptFocus, useTop } from './parts/focus';
import { Join } from './screens/join';
import { Landing } from './screens/landing';
import { loadSession } from './screens/later';
import { lazily } from './screens/lazy';
import { openAddress, route, settleAddress, watchAddress } from './screens/route';
import { BrokenLink, ChooseSession, Left, NoSession, Wiped } from './screens/states';
import { currentTitle } from './screens/title';

const Session = lazily(() => loadSession().then((module) => module.Session));
const AtDoor = lazily(() => import('./screens/knock').then((module) => module.AtDoor));
const Wall = lazily(() => import('./screens/wall').then((module) => module.Wall));
const Knock = lazily(() => import('./screens/knock').then((module) => module.Knock));
const SetUp = lazily(() => import('./screens/set-up').then((module) => module.SetUp));

function App() {
  const { value: page } = route;
  const { value: connection } = client.connection;
  const { type } = connection;
  useKeptFocus(page.type);
  // While the first answer is awaited, the form that was sent stays, with what was typed; also where it lacks a word.
  const entering =
    (type === 'connecting' && !client.waiting.value && (page.type === 'join' || page.type === 'setUp')) ||
    (type === 'closed' && connection.reason === 'token_needed' && page.type === 'setUp');
  // Who had to make room at the door does not stand there while there is none.
  const isBusy = type === 'waiting' && connection.busy;
  const atDoor = client.waiting.value && !room.value && type !== 'closed' && !isBusy;
  const inSession = room.value !== null || (type !== 'idle' && !entering);
  useTop(atDoor ? 'door' : inSession ? 'session' : page.type);
  if (atDoor) return <AtDoor />;
  if (inSession) return <Session />;
  switch (page.type) {
    case 'landing':
      return <Landing />;
    case 'setUp':
      return page.code === undefined ? <SetUp /> : <SetUp key={page.code} code={page.code} />;
    case 'knock':
      return <Knock code={page.code} />;
    case 'join':
      return <Join {...page} />;
    case 'move':
      return <Knock key={page.code} code={page.code} moves />;
    case 'display':
      return <Wall link={page.display} goesOn={page.goesOn} />;
    case 'choose':
      return <ChooseSession records={page.records} />;
    case 'incomplete':
      return <BrokenLink />;
    case 'left':
      return <Left />;
    case 'wiped':
      return <Wiped />;
    case 'nothing':
    case 'resume':
      return <NoSession />;
  }
}

openAddress();
watchAddress();
keepTitle(document, currentTitle);
effect(() => {
  document.documentElement.dataset.position = light.value;
});
effect(() => {
  if (client.record.value?.session && client.view.value) settleAddress();
});

const root = document.getElementById('app');
if (root) render(<App />, root);
