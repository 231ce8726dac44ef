import { describe, expect, test } from 'vitest';
import type { ServerMessage, SessionView } from '../protocol';
import { CLOSE_CODES } from '../protocol';
import { createRandom, createWaking, FakeNetwork, FakeTime } from '../testing/fakes';
import { lobbyView } from '../testing/views';
import { createClock } from './clock';
import { createConnection, waitBefore } from './socket';

const hello = { type: 'hello', version: 1, session: 's', seatToken: 't' } as const;

function welcome(revision: number, view: SessionView = lobbyView()): ServerMessage {
  return { type: 'welcome', session: 's', seat: 1, revision, view, texts: { names: [] } };
}

function setUp() {
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

describe('connecting', () => {
  test('T23 nothing is opened before start', () => {
    const { time, network, waking, connection } = setUp();
    time.advance(120_000);
    for (const why of ['visible', 'online', 'focus', 'shown'] as const) waking.wake(why);
    expect(network.sockets).toHaveLength(0);
    expect(connection.state.value).toEqual({ type: 'idle' });
  });

  test('T3 the first frame is the first message', () => {
    const { network, connection } = setUp();
    connection.start(() => hello);
    expect(network.last.frames).toHaveLength(0);
    network.last.open();
    expect(network.last.sent[0]).toEqual(hello);
    expect(connection.state.value).toEqual({ type: 'connecting' });
    network.last.tell(welcome(1));
    expect(connection.state.value).toEqual({ type: 'connected' });
  });

  test('CLOCK-1 samples are taken at once and every ten seconds', () => {
    const { time, network, clock, join, live } = setUp();
    join();
    expect(network.last.of('ping')).toHaveLength(1);
    time.advance(2_000);
    expect(network.last.of('ping')).toHaveLength(4);
    live(30_000);
    expect(network.last.of('ping')).toHaveLength(7);
    expect(clock.known.value).toBe(true);
  });

  test('an attempt that neither opens nor fails is given up', () => {
    const { time, network, connection } = setUp();
    connection.start(() => hello);
    const first = network.last;
    time.advance(12_000);
    expect(first.closed).toBe(true);
    expect(network.sockets).toHaveLength(2);
    expect(connection.state.value).toMatchObject({ type: 'waiting', welcomed: false });
  });
});

describe('coming back', () => {
  test('BACK-1 waits are between a quarter and fifteen seconds with full jitter', () => {
    for (let attempt = 0; attempt < 40; attempt += 1) {
      expect(waitBefore(attempt, 0)).toBe(250);
      expect(waitBefore(attempt, 1)).toBeLessThanOrEqual(15_000);
      expect(waitBefore(attempt, 1)).toBeGreaterThanOrEqual(waitBefore(Math.max(0, attempt - 1), 1));
    }
    expect(waitBefore(0, 1)).toBe(1_000);
    expect(waitBefore(20, 1)).toBe(15_000);
    expect(waitBefore(20, 0.5)).toBe(7_625);
  });

  test('BACK-1 a lost socket is opened again by itself', () => {
    const { time, network, connection, join } = setUp();
    join();
    network.last.drop();
    expect(connection.state.value).toMatchObject({ type: 'waiting', welcomed: true, since: time.now });
    time.advance(999);
    expect(network.sockets).toHaveLength(1);
    time.advance(1);
    expect(network.sockets).toHaveLength(2);
    network.last.open();
    network.last.tell(welcome(2));
    expect(connection.state.value).toEqual({ type: 'connected' });
  });

  test('JOIN-21 whether the server was busy is known, until it is not reached or lets wait at the door', () => {
    const { time, network, connection } = setUp();
    connection.start(() => hello);
    network.last.open();
    network.last.drop(CLOSE_CODES.busy.code);
    expect(connection.state.value).toMatchObject({ type: 'waiting', welcomed: false, busy: true });
    time.advance(1_000);
    expect(network.sockets).toHaveLength(2);
    // While the next attempt runs, what was said last stands.
    expect(connection.state.value).toMatchObject({ busy: true });
    network.last.drop();
    expect(connection.state.value).toMatchObject({ busy: false });
    time.advance(2_000);
    network.last.open();
    network.last.drop(CLOSE_CODES.busy.code);
    time.advance(4_000);
    network.last.open();
    expect(connection.state.value).toMatchObject({ busy: true });
    network.last.tell({ type: 'waiting', waiting: {} });
    expect(connection.state.value).toMatchObject({ busy: false });
    network.last.drop(CLOSE_CODES.busy.code);
    expect(connection.state.value).toMatchObject({ busy: true });
  });

  test('WIRE-8 whoever was too fast comes back after thirty seconds', () => {
    const { time, network, join } = setUp();
    join();
    network.last.drop(CLOSE_CODES.too_fast.code);
    time.advance(29_999);
    expect(network.sockets).toHaveLength(1);
    time.advance(1);
    expect(network.sockets).toHaveLength(2);
  });

  test('BACK-1 short waits come back only after a connection that lasted', () => {
    const { time, network, connection, join } = setUp();
    join();
    const waits: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const lostAt = time.now;
      const count = network.sockets.length;
      network.last.drop();
      while (network.sockets.length === count) time.advance(50);
      waits.push(time.now - lostAt);
      network.last.open();
      network.last.tell(welcome(1));
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
    time.advance(6_000);
    network.last.drop();
    expect(connection.state.value).toMatchObject({ attempt: 1 });
  });

  test.each(['visible', 'online', 'focus', 'shown'] as const)('BACK-1 on %s it is tried at once', (why) => {
    const { time, network, waking, join } = setUp();
    join();
    network.last.drop();
    waking.wake(why);
    expect(network.sockets).toHaveLength(2);
    // The wait that was running has gone.
    time.advance(5_000);
    expect(network.sockets).toHaveLength(2);
  });

  test('BACK-1 online begins a hanging attempt again', () => {
    const { time, network, waking, join } = setUp();
    join();
    network.last.drop();
    time.advance(1_000);
    const hanging = network.last;
    waking.wake('focus');
    expect(network.last).toBe(hanging);
    waking.wake('online');
    expect(network.last).not.toBe(hanging);
    expect(hanging.closed).toBe(true);
  });

  test('BACK-2 a socket without a pong for 25 seconds is dead', () => {
    const { time, network, connection, join, live } = setUp();
    join();
    live(60_000);
    expect(connection.state.value).toEqual({ type: 'connected' });
    const silent = network.last;
    time.advance(24_000);
    expect(connection.state.value).toEqual({ type: 'connected' });
    // Views are no proof of a way there and back.
    silent.tell({ type: 'view', revision: 5, view: lobbyView() });
    time.advance(1_000);
    expect(connection.state.value).toMatchObject({ type: 'waiting' });
    expect(silent.closed).toBe(true);
  });

  test('BACK-2 a hidden tab whose timers come late asks before it gives up', () => {
    const { time, network, connection, join, live } = setUp();
    join();
    live(20_000);
    for (let count = 0; count < 3; count += 1) {
      // The browser holds all timers back for a minute, as it does for tabs that nobody sees.
      time.now += 60_000;
      time.advance(0);
      expect(connection.state.value).toEqual({ type: 'connected' });
      live(1_000);
    }
    expect(network.sockets).toHaveLength(1);
    time.now += 60_000;
    time.advance(0);
    time.advance(5_000);
    expect(connection.state.value).toMatchObject({ type: 'waiting' });
  });

  test('CLOCK-2 on waking new samples are taken and a dead socket is found', () => {
    const { time, network, waking, clock, connection, join, live } = setUp();
    join();
    live(20_000);
    const before = network.last.of('ping').length;
    waking.wake('visible');
    waking.wake('focus');
    expect(network.last.of('ping')).toHaveLength(before + 1);
    live(2_000);
    expect(clock.reading.value?.samples).toBeLessThan(5);
    expect(connection.state.value).toEqual({ type: 'connected' });
    waking.wake('online');
    time.advance(5_000);
    expect(connection.state.value).toMatchObject({ type: 'waiting' });
  });

  test('an orphaned socket is not heard', () => {
    const { time, network, received, connection, join } = setUp();
    join();
    const old = network.last;
    time.advance(26_000);
    network.last.open();
    network.last.tell(welcome(3));
    const count = received.length;
    const frames = network.last.frames.length;
    old.open();
    old.tell(welcome(9));
    old.drop(CLOSE_CODES.removed.code);
    expect(network.last.frames).toHaveLength(frames);
    expect(received).toHaveLength(count);
    expect(connection.state.value).toEqual({ type: 'connected' });
  });

  test.each(Object.entries(CLOSE_CODES))('WIRE-8 %s is met as listed', (reason, { code, retry }) => {
    const { time, network, waking, connection, join } = setUp();
    join();
    network.last.drop(code);
    time.advance(60_000);
    waking.wake('online');
    if (retry) expect(network.sockets.length).toBeGreaterThan(1);
    else {
      expect(network.sockets).toHaveLength(1);
      expect(connection.state.value).toEqual({ type: 'closed', reason });
      expect(time.waiting).toBe(0);
    }
  });

  test('BACK-7 the older of two tabs stays closed until it is started again', () => {
    const { network, connection, join } = setUp();
    join();
    network.last.drop(CLOSE_CODES.replaced.code);
    expect(connection.state.value).toEqual({ type: 'closed', reason: 'replaced' });
    join();
    expect(connection.state.value).toEqual({ type: 'connected' });
  });
});

describe('views', () => {
  test('VIEW-6 an older view is never shown after a newer one', () => {
    const { network, received, join } = setUp();
    join(5);
    const revisions = () => received.flatMap((message) => ('revision' in message ? [message.revision] : []));
    network.last.tell({ type: 'view', revision: 4, view: lobbyView() });
    network.last.tell({ type: 'texts', revision: 4, texts: { names: [] } });
    expect(revisions()).toEqual([5]);
    network.last.tell({ type: 'view', revision: 7, view: lobbyView() });
    network.last.tell({ type: 'texts', revision: 6, texts: { names: [] } });
    network.last.tell({ type: 'view', revision: 6, view: lobbyView() });
    expect(revisions()).toEqual([5, 7, 6]);
  });

  test('VIEW-6 a welcome that lags behind is not shown', () => {
    const { time, network, received, connection, join } = setUp();
    join(5);
    network.last.drop();
    time.advance(1_000);
    network.last.open();
    network.last.tell(welcome(3));
    expect(connection.state.value).toEqual({ type: 'connected' });
    expect(received.filter(({ type }) => type === 'welcome')).toHaveLength(1);
  });
});

describe('commands', () => {
  test('BACK-8 a command without an answer is sent again with the same id', async () => {
    const { time, network, connection, join } = setUp();
    join();
    const outcome = connection.send({ type: 'needPause' });
    const [first] = network.last.of('command');
    expect(connection.pending.value).toBe(1);
    network.last.drop();
    time.advance(1_000);
    network.last.open();
    expect(network.last.of('command')).toHaveLength(0);
    network.last.tell(welcome(2));
    expect(network.last.of('command')).toEqual([first]);
    network.last.tell({ type: 'accepted', request: first?.request ?? '', revision: 3 });
    expect(await outcome).toEqual({ type: 'accepted', revision: 3 });
    expect(connection.pending.value).toBe(0);
    network.last.drop();
    time.advance(2_000);
    network.last.open();
    network.last.tell(welcome(3));
    expect(network.last.of('command')).toHaveLength(0);
  });

  test('BACK-8 commands given while reconnecting go out in order', () => {
    const { time, network, connection, join } = setUp();
    join();
    network.last.drop();
    void connection.send({ type: 'offerToPresent' });
    void connection.send({ type: 'withdrawOffer' });
    time.advance(1_000);
    network.last.open();
    network.last.tell(welcome(2));
    expect(network.last.of('command').map(({ command }) => command.type)).toEqual([
      'offerToPresent',
      'withdrawOffer',
    ]);
  });

  test('BACK-9 a refusal is told by its name', async () => {
    const { network, connection, join } = setUp();
    join();
    const outcome = connection.send({ type: 'takeChair' });
    const request = network.last.of('command')[0]?.request ?? '';
    network.last.tell({ type: 'refused', request, why: { name: 'chair_not_free' } });
    expect(await outcome).toEqual({ type: 'refused', why: { name: 'chair_not_free' } });
  });

  test('BACK-9 a command that can no longer arrive says so', async () => {
    const { network, connection, join } = setUp();
    expect(await connection.send({ type: 'needPause' })).toEqual({ type: 'closed' });
    join();
    const outcome = connection.send({ type: 'needPause' });
    const history = connection.askHistory();
    network.last.drop(CLOSE_CODES.removed.code);
    expect(await outcome).toEqual({ type: 'closed' });
    expect(await history).toBeNull();
  });

  test('ENDING-11 answers are said after each reconnection, until there is nothing to say', () => {
    const { network, connection, join, time } = setUp();
    join();
    connection.repeat({ type: 'answer', answers: [1, 2, 3, 4, 5] });
    expect(network.last.of('answer')).toEqual([{ type: 'answer', answers: [1, 2, 3, 4, 5] }]);
    network.last.drop();
    time.advance(2_000);
    network.last.open();
    expect(network.last.of('answer')).toEqual([]);
    network.last.tell(welcome(2));
    expect(network.last.of('answer')).toHaveLength(1);
    connection.repeat(null);
    network.last.drop();
    time.advance(2_000);
    network.last.open();
    network.last.tell(welcome(3));
    expect(network.last.of('answer')).toEqual([]);
  });

  test('ENDING-12 VIEW-6 what is for one seat is never shown older after newer', () => {
    const { network, received, join } = setUp();
    join(5);
    const mine = { counted: false, thanks: [], talks: [] };
    for (const revision of [7, 6, 4]) network.last.tell({ type: 'private', revision, private: mine });
    const shown = received.flatMap((message) => (message.type === 'private' ? [message.revision] : []));
    expect(shown).toEqual([7]);
  });

  test('WIRE-4 the history is asked for again after a loss', async () => {
    const { time, network, connection, join } = setUp();
    join();
    const history = connection.askHistory();
    network.last.drop();
    time.advance(1_000);
    network.last.open();
    network.last.tell(welcome(2));
    expect(network.last.of('history')).toHaveLength(1);
    network.last.tell({ type: 'history', acts: [] });
    expect(await history).toEqual([]);
  });
});
