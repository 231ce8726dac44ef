// One connection: its beginning, what it shows, and what is sent on it.
import { describe, expect, test } from 'vitest';
import { CLOSE_CODES } from '../protocol';
import { hello, setUp, welcome } from '../testing/connection';
import { lobbyView } from '../testing/views';

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
