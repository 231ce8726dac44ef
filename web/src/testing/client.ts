// A client with everything around it, for tests of what it does.
import { drawSecret } from '../kit/bytes';
import { type ClientParts, createClient } from '../kit/client';
import { createSealer } from '../kit/seal';
import { createMemoryStore, createSessionStore } from '../kit/storage';
import type { ServerMessage, SessionView, Texts } from '../protocol';
import { createRandom, createWaking, FakeNetwork, FakeTime } from './fakes';
import { lobbyView } from './views';

export const random = createRandom(11);
/** The session of these tests. */
export const session = drawSecret(random);
/** The link to it. */
export const link = { session, invite: drawSecret(random), key: drawSecret(random) };
export const sealer = createSealer(link.key, random);
/** A name as the server hands it on. */
export const sealName = (seat: number, name: string, epoch = 1) => ({
  seat,
  name: sealer.seal(name, { session, seat, purpose: 'name' }, epoch),
});
/** How Ada comes in. */
export const entry = { name: '  Ada ', keeping: 'device' } as const;

/** A client on a device, a network and a time that tests move by hand. */
export function setUp(change: Partial<ClientParts> = {}) {
  const time = new FakeTime();
  const network = new FakeNetwork();
  const waking = createWaking();
  const device = createMemoryStore();
  const tab = createMemoryStore();
  const clock = time.device(-300_000);
  const open = (inTab = tab) =>
    createClient({
      openSocket: network.openSocket,
      device: clock,
      timers: time.timers,
      random: createRandom(Math.trunc(time.now) % 1_000_003),
      chance: () => 1,
      watchWaking: waking.watch,
      sessions: createSessionStore(device, inTab, clock.wall),
      loadSealing: () => import('../kit/seal'),
      origin: 'https://attune.example',
      ...change,
    });
  const welcome = (
    view: SessionView = lobbyView(),
    texts: Texts = { names: [] },
    seat = 3,
  ): ServerMessage => ({
    type: 'welcome',
    session,
    seat,
    revision: 1,
    view,
    texts,
  });
  /** The server lets the newest socket in and answers its first ping. */
  const admit = (message: ServerMessage = welcome()) => {
    network.last.open();
    network.last.tell(message);
    network.last.tell({ type: 'pong', sent: clock.wall(), now: time.now });
  };
  return { time, network, waking, device, tab, client: open(), open, welcome, admit };
}

/** Lets promises that are due settle; chunks are fetched in tests too. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('did not come to hold');
    await new Promise((next) => setTimeout(next, 1));
  }
}
