// A connection for tests: the real one, between a network, a time and a device that the test moves.
import { createClock } from '../kit/clock';
import { createConnection } from '../kit/socket';
import type { ServerMessage, SessionView } from '../protocol';
import { createRandom, createWaking, FakeNetwork, FakeTime } from './fakes';
import { lobbyView } from './views';

/** What a page says first. */
export const hello = { type: 'hello', version: 1, session: 's', seatToken: 't' } as const;

/** What it is answered. */
export function welcome(revision: number, view: SessionView = lobbyView()): ServerMessage {
  return { type: 'welcome', session: 's', seat: 1, revision, view, texts: { names: [] } };
}

/** A connection that nothing is said on yet, and all that it has to do with. */
export function setUp() {
  const time = new FakeTime();
  const device = time.device();
  const network = new FakeNetwork();
  const waking = createWaking();
  const clock = createClock(device);
  const received: ServerMessage[] = [];
  const connection = createConnection({
    openSocket: network.openSocket,
    clock,
    device,
    timers: time.timers,
    random: createRandom(),
    chance: () => 1,
    watchWaking: waking.watch,
    receive: (message) => received.push(message),
  });
  const join = (revision = 1) => {
    connection.start(() => hello);
    network.last.open();
    network.last.tell(welcome(revision));
  };
  /** Answers each ping from now on, as a living server does, while time passes. */
  const live = (length: number) => {
    for (let passed = 0; passed < length; passed += 1_000) {
      time.advance(1_000);
      const [ping] = network.last.of('ping').slice(-1);
      if (ping) network.last.tell({ type: 'pong', sent: ping.sent, now: time.now });
    }
  };
  return { time, device, network, waking, clock, received, connection, join, live };
}
