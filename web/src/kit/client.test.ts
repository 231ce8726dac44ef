import { describe, expect, test } from 'vitest';
import type { ServerMessage, SessionView, Texts } from '../protocol';
import { CLOSE_CODES } from '../protocol';
import { createRandom, createWaking, FakeNetwork, FakeTime } from '../testing/fakes';
import { closedView, lobbyView, plan, runningView } from '../testing/views';
import { drawSecret } from './bytes';
import { type ClientParts, createClient } from './client';
import { readLink } from './link';
import { createSealer, hashSecret } from './seal';
import { openKnock } from './sealed';
import { createMemoryStore, createSessionStore } from './storage';

const random = createRandom(11);
const session = drawSecret(random);
const link = { session, invite: drawSecret(random), key: drawSecret(random) };
const sealer = createSealer(link.key, random);
const sealName = (seat: number, name: string, epoch = 1) => ({
  seat,
  name: sealer.seal(name, { session, seat, purpose: 'name' }, epoch),
});
const entry = { name: '  Ada ', keeping: 'device' } as const;

function setUp(change: Partial<ClientParts> = {}) {
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
      loadSealing: () => import('./seal'),
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
async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('did not come to hold');
    await new Promise((next) => setTimeout(next, 1));
  }
}

describe('joining', () => {
  test('T23 a client opens no socket by itself', async () => {
    const { time, network, waking } = setUp();
    waking.wake('visible');
    time.advance(60_000);
    expect(network.sockets).toHaveLength(0);
  });

  test('JOIN-2 the first frame carries session invite and a token drawn here', () => {
    const { network, client } = setUp();
    client.join(link, entry);
    network.last.open();
    const [hello] = network.last.of('hello');
    expect(hello).toMatchObject({ version: 3, session, invite: link.invite });
    expect(hello?.seatToken).toHaveLength(22);
    expect(hello?.seatToken).not.toBe(link.invite);
  });

  test('SEAL-1 the own name is sealed once the seat is known', async () => {
    const { network, client, admit } = setUp();
    client.join(link, entry);
    admit();
    await until(() => network.last.of('command').length > 0);
    const [sent] = network.last.of('command');
    if (sent?.command.type !== 'setName') throw new Error('expected a name');
    expect(sent.command.seat).toBe(3);
    const place = { session, seat: 3, purpose: 'name' } as const;
    expect(sealer.open(sent.command.name, place)).toMatchObject({ text: 'Ada' });
  });

  test('SEAL-1 T24 T3 no frame holds the name or the key', async () => {
    const { network, client, admit } = setUp();
    client.join(link, { ...entry, name: 'CanaryName' });
    admit();
    await until(() => network.last.of('command').length > 0);
    void client.setName(3, 'CanaryOther');
    await until(() => network.last.of('command').length > 1);
    const frames = network.sockets.flatMap((socket) => socket.frames).join('\n');
    expect(frames).not.toMatch(/Canary/);
    expect(frames).not.toContain(link.key);
    expect(frames).not.toContain(btoa('CanaryName').replace(/=+$/, ''));
  });

  test('AGREE-4 T24 lines are sealed, and open for the session as a whole only', async () => {
    const { network, client, admit } = setUp();
    client.join(link, entry);
    admit();
    const sealed = await client.sealLine('Canary: nobody records.', 'agreement');
    if (sealed === null) throw new Error('expected a sealed line');
    expect(client.openLine(sealed, { purpose: 'agreement', seat: 0 })).toBe('Canary: nobody records.');
    expect(client.openLine(sealed, { purpose: 'agreement', seat: 3 })).toBeNull();
    expect(client.openLine(sealed, { purpose: 'name', seat: 0 })).toBeNull();
    void client.send({ type: 'changeAgreement', lines: [sealed] });
    await until(() => network.last.frames.some((frame) => frame.includes(sealed)));
    expect(network.last.frames.join('\n')).not.toMatch(/Canary/);
  });

  test('JOIN-7 a join whose answer was lost is repeated with the same token', () => {
    const { time, network, client } = setUp();
    client.join(link, entry);
    network.last.open();
    const [first] = network.last.of('hello');
    network.last.drop();
    time.advance(1_000);
    network.last.open();
    expect(network.last.of('hello')).toEqual([first]);
  });

  test('JOIN-5 coming back needs no invite', () => {
    const { time, network, client, admit } = setUp();
    client.join(link, entry);
    admit();
    network.last.drop();
    time.advance(1_000);
    network.last.open();
    expect(network.last.of('hello')[0]).not.toHaveProperty('invite');
  });

  test('DOOR-19 a page that comes back as another seat has that seat and its name', async () => {
    const { client, network, time, welcome, admit } = setUp();
    client.join(link, entry);
    admit(welcome(lobbyView(), { names: [sealName(5, 'Ada')] }, 5));
    const token = client.record.peek()?.seatToken;
    network.last.drop(CLOSE_CODES.restarting.code);
    time.advance(1_000);
    network.last.open();
    const [again] = network.last.of('hello');
    expect(again).toMatchObject({ seatToken: token });
    expect(again).not.toHaveProperty('invite');
    network.last.tell(welcome(lobbyView(), { names: [sealName(3, 'Ruth'), sealName(5, 'Ada')] }, 3));
    expect(client.seat.value).toBe(3);
    expect(client.record.value?.seat).toBe(3);
    await until(() => client.names.value.get(3)?.type === 'name');
    // Ruth's own name stays, and one that is typed later is sealed for her seat.
    expect(network.last.of('command')).toEqual([]);
    void client.setName(3, 'R.');
    await until(() => network.last.of('command').length > 0);
    expect(client.record.value?.name).toBe('R.');
  });

  test('DOOR-19 what was asked from one seat is not said again from another', async () => {
    const { client, network, time, welcome, admit } = setUp();
    client.join(link, { ...entry, name: '' });
    admit(welcome(lobbyView(), { names: [] }, 5));
    const offer = client.send({ type: 'offerToPresent' });
    client.sendAnswers([1, 2, 3, 4, 5]);
    const comeBackAs = (seat: number) => {
      // A connection that lasted is tried again soon.
      time.advance(5_000);
      network.last.drop();
      time.advance(1_000);
      network.last.open();
      network.last.tell(welcome(lobbyView(), { names: [] }, seat));
      return network.last;
    };
    const same = comeBackAs(5);
    expect([same.of('command').length, same.of('answer').length]).toEqual([1, 1]);
    const another = comeBackAs(3);
    expect([another.of('command'), another.of('answer')]).toEqual([[], []]);
    expect(await offer).toEqual({ type: 'closed' });
    expect([client.pending.value, client.answering.value]).toEqual([0, 'no']);
    // What is asked from then on is said again for that seat.
    void client.send({ type: 'pause', moment: { visit: 1, turn: 0 } });
    expect(comeBackAs(3).of('command')).toHaveLength(1);
    client.stop();
    client.join(link, { ...entry, name: '' });
    void client.send({ type: 'offerToPresent' });
    network.last.open();
    network.last.tell(welcome(lobbyView(), { names: [] }, 8));
    expect(network.last.of('command')).toHaveLength(1);
  });

  test('JOIN-10 a full session leaves nothing on the device', () => {
    const { network, device, client } = setUp();
    client.join(link, entry);
    network.last.open();
    network.last.drop(CLOSE_CODES.full.code);
    expect(client.connection.value).toEqual({ type: 'closed', reason: 'full' });
    expect(device.length).toBe(0);
  });

  test('SCREEN-44 a page that cannot fetch its parts says reload', async () => {
    const { client } = setUp({ loadSealing: () => Promise.reject(new Error('gone')) });
    client.join(link, entry);
    await until(() => client.connection.value.type === 'closed');
    expect(client.connection.value).toEqual({ type: 'closed', reason: 'reload' });
  });
});

describe('setting up', () => {
  test('SEAL-3 create carries the invite’s hash and never the invite', async () => {
    const { network, client, admit, welcome } = setUp();
    client.create(plan, { ...entry, name: 'Mary' });
    expect(client.connection.value).toEqual({ type: 'connecting' });
    expect(client.link()).toBe('');
    await until(() => network.sockets.length > 0);
    admit(welcome(lobbyView(), { names: [] }, 1));
    const [create] = network.last.of('create');
    const read = readLink(client.link());
    if (read.type !== 'link') throw new Error('expected a link');
    expect(read.link.session).toBe(session);
    expect(create?.invite).toBe(hashSecret(read.link.invite));
    await until(() => network.last.of('command').length > 0);
    const frames = network.last.frames.join('\n');
    for (const secret of [read.link.invite, read.link.key, 'Mary']) expect(frames).not.toContain(secret);
    expect(create).not.toHaveProperty('plannedFor');
  });

  test('JOIN-5 after create was answered the same seat comes back', async () => {
    const { time, network, client, admit, welcome } = setUp();
    client.create(plan, entry, { plannedFor: 1_800_000_000_000 });
    await until(() => network.sockets.length > 0);
    admit(welcome(lobbyView(), { names: [] }, 1));
    const [create] = network.last.of('create');
    expect(create?.plannedFor).toBe(1_800_000_000_000);
    network.last.drop();
    time.advance(1_000);
    network.last.open();
    expect(network.last.sent[0]).toMatchObject({ type: 'hello', session, seatToken: create?.seatToken });
  });
});

describe('what is known', () => {
  test('SEAL-4 names open at their seats and foreign ones do not', async () => {
    const { client, admit, welcome } = setUp();
    client.join(link, entry);
    const stolen = { seat: 4, name: sealName(2, 'Ruth').name };
    admit(
      welcome(lobbyView(), {
        names: [sealName(1, 'Mary'), sealName(2, 'Ruth'), sealName(3, 'Mary'), stolen],
      }),
    );
    await until(() => client.ready.value);
    expect([...client.names.value]).toEqual([
      [1, { type: 'name', text: 'Mary' }],
      [2, { type: 'name', text: 'Ruth' }],
      [3, { type: 'name', text: 'Mary (2)' }],
      [4, { type: 'unopened' }],
    ]);
  });

  test('TIME-16 a page with a wrong clock shows the time left once it has a sample', async () => {
    const { time, network, client, welcome } = setUp();
    client.join(link, entry);
    network.last.open();
    network.last.tell(welcome(runningView(1, time.now + 18 * 60_000 + 5_000)));
    await until(() => client.names.value.size === 0 && network.last.of('command').length > 0);
    expect(client.ready.value).toBe(false);
    network.last.tell({ type: 'pong', sent: time.now - 300_000, now: time.now });
    expect(client.ready.value).toBe(true);
    expect(client.time.value).toMatchObject({ state: 'left', seconds: 1_085 });
    time.advance(1_000);
    expect(client.time.value?.seconds).toBe(1_084);
  });

  test('JOIN-14 a changed invite is in the link and kept', async () => {
    const { network, client, admit } = setUp();
    client.join(link, entry);
    admit();
    await until(() => client.ready.value);
    expect(readLink(client.link())).toMatchObject({ link });
    const change = client.drawInvite();
    network.last.tell({ type: 'texts', revision: 2, texts: { names: [], invite: change.sealed } });
    const read = readLink(client.link());
    if (read.type !== 'link') throw new Error('expected a link');
    expect(hashSecret(read.link.invite)).toBe(change.hash);
    expect(read.link).toMatchObject({ session, key: link.key });
    expect(client.record.value?.invite).toBe(read.link.invite);
    // The next name is sealed in the epoch that the invite began.
    const before = network.last.of('command').length;
    void client.setName(3, 'Ada');
    await until(() => network.last.of('command').length > before);
    const last = network.last.of('command').at(-1)?.command;
    expect(last?.type === 'setName' && atob(last.name.slice(0, 4)).charCodeAt(1)).toBe(2);
  });
});

describe('after the end', () => {
  const ended = (now: number) => {
    const view = closedView(now);
    return { ...view, stage: { ...view.stage, openUntil: now + 3_600_000 } } as SessionView;
  };

  test('ENDING-11 answers are unsure until they are held, held until counted, and never called stored', () => {
    const { time, network, client, admit, welcome } = setUp();
    client.join(link, entry);
    admit(welcome(ended(time.now)));
    expect(client.answering.value).toBe('no');
    client.sendAnswers([1, 2, 3, 4, 5]);
    expect(client.answering.value).toBe('unsure');
    network.last.tell({ type: 'held' });
    expect(client.answering.value).toBe('held');
    network.last.drop();
    expect(client.answering.value).toBe('unsure');
    time.advance(2_000);
    admit(welcome(ended(time.now)));
    expect(network.last.of('answer')).toHaveLength(1);
    network.last.tell({ type: 'private', revision: 9, private: { counted: true, thanks: [], talks: [] } });
    expect(client.answering.value).toBe('no');
    network.last.drop();
    time.advance(2_000);
    admit(welcome(ended(time.now)));
    expect(network.last.of('answer')).toHaveLength(0);
  });

  test('ENDING-7 T24 a line goes out sealed for its pair, and opens there', async () => {
    const { time, network, client, admit, welcome } = setUp();
    client.join(link, entry);
    admit(welcome(ended(time.now)));
    void client.sendLine('thanks', 1, '  thank\u202e you ');
    await until(() => network.last.of('command').some(({ command }) => command.type === 'sendThanks'));
    const [sent] = network.last
      .of('command')
      .flatMap(({ command }) => (command.type === 'sendThanks' ? [command] : []));
    expect(sent?.to).toBe(1);
    expect(network.last.frames.join()).not.toContain('thank you');
    expect(client.openLine(sent?.line ?? '', { purpose: 'thanks', seat: 3, to: 1 })).toBe('thank you');
    expect(client.openLine(sent?.line ?? '', { purpose: 'thanks', seat: 3, to: 0 })).toBeNull();
  });

  test('ENDING-14 what was for this seat alone stays with the record, and goes with it', async () => {
    const { time, network, client, open, admit, welcome } = setUp();
    client.join(link, entry);
    admit(welcome(ended(time.now)));
    const line = sealer.seal('thank you', { session, seat: 1, to: 3, purpose: 'thanks' }, 1);
    const mine = { counted: true, thanks: [{ from: 1, to: 3, line }], talks: [] };
    network.last.tell({ type: 'private', revision: 4, private: mine });
    network.last.drop(CLOSE_CODES.ended.code);
    time.advance(3_700_000);
    const reloaded = open();
    const record = reloaded.sessions.readOwn();
    if (!record) throw new Error('nothing was kept');
    reloaded.resume(record);
    await until(() => reloaded.ready.value);
    expect(reloaded.own.value).toEqual(mine);
    expect(reloaded.openLine(line, { purpose: 'thanks', seat: 1, to: 3 })).toBe('thank you');
    await reloaded.leave();
    expect(reloaded.own.value.thanks).toEqual([]);
  });
});

describe('coming back and leaving', () => {
  test('BACK-5 a reload is the same person', () => {
    const { network, client, open, admit } = setUp();
    client.join(link, entry);
    admit();
    const [first] = network.last.of('hello');
    const reloaded = open();
    const record = reloaded.sessions.readOwn();
    if (!record) throw new Error('nothing was kept');
    expect(record).toMatchObject({ session, seat: 3, name: 'Ada', key: link.key });
    reloaded.resume(record);
    network.last.open();
    expect(network.last.of('hello')[0]?.seatToken).toBe(first?.seatToken);
  });

  test('JOIN-7 a reload before the answer asks with the same token and invite', () => {
    const { network, client, open } = setUp();
    client.join(link, entry);
    network.last.open();
    const [first] = network.last.of('hello');
    const reloaded = open();
    const record = reloaded.sessions.readOwn();
    if (!record) throw new Error('nothing was kept');
    reloaded.resume(record);
    network.last.open();
    expect(network.last.of('hello')).toEqual([first]);
  });

  test('SEAL-1 a name that did not get through is set on coming back', async () => {
    const { network, client, open, admit } = setUp();
    client.join(link, entry);
    network.last.open();
    const reloaded = open();
    const record = reloaded.sessions.readOwn();
    if (!record) throw new Error('nothing was kept');
    reloaded.resume(record);
    admit();
    await until(() => network.last.of('command').length > 0);
    expect(network.last.of('command')[0]?.command.type).toBe('setName');
  });

  test('BACK-10 a reload after the end shows the record without a connection', async () => {
    const { time, network, client, open, admit, welcome } = setUp();
    client.join(link, entry);
    admit(welcome(closedView(time.now), { names: [sealName(1, 'Mary')] }));
    network.last.drop(CLOSE_CODES.ended.code);
    time.advance(60_000);
    const opened = network.sockets.length;
    const reloaded = open();
    const record = reloaded.sessions.readOwn();
    if (!record) throw new Error('nothing was kept');
    reloaded.resume(record);
    await until(() => reloaded.ready.value);
    expect(reloaded.view.value?.stage.type).toBe('closed');
    expect(reloaded.names.value.get(1)).toEqual({ type: 'name', text: 'Mary' });
    expect(network.sockets).toHaveLength(opened);
    // It goes on the retention date, by the device's own clock.
    time.advance(24 * 3_600_000);
    expect(open(createMemoryStore()).sessions.list()).toEqual([]);
  });

  test('UNDO-8 an end that was taken back leaves no record', () => {
    const { time, network, client, admit, welcome } = setUp();
    client.join(link, entry);
    admit(welcome(closedView(time.now)));
    expect(client.record.value?.closed).toBeDefined();
    network.last.tell({ type: 'view', revision: 2, view: runningView(3, time.now + 60_000) });
    expect(client.record.value?.closed).toBeUndefined();
  });

  test('BACK-11 leaving removes all from the device', async () => {
    const { network, device, tab, client, admit } = setUp();
    client.join(link, entry);
    admit();
    const left = client.leave();
    await until(() => network.last.of('command').some(({ command }) => command.type === 'leave'));
    const leave = network.last.of('command').find(({ command }) => command.type === 'leave');
    network.last.tell({ type: 'accepted', request: leave?.request ?? '', revision: 2 });
    await left;
    expect(device.length + tab.length).toBe(0);
    expect(client.view.value).toBeNull();
    expect(client.link()).toBe('');
    expect(network.last.closed).toBe(true);
  });

  test('PRES-9 a lost connection holds nobody back', async () => {
    const { time, device, client, admit } = setUp();
    client.join(link, entry);
    admit();
    const left = client.leave();
    time.advance(3_000);
    await left;
    expect(device.length).toBe(0);
  });

  test.each(['removed', 'left', 'erased', 'unknown'] as const)(
    'BACK-11 after %s nothing is kept',
    (reason) => {
      const { network, device, tab, client, admit } = setUp();
      client.join(link, entry);
      admit();
      expect(device.length).toBe(1);
      network.last.drop(CLOSE_CODES[reason].code);
      expect(device.length + tab.length).toBe(0);
    },
  );

  test.each(['replaced', 'reload', 'ended'] as const)('WIRE-8 after %s the seat is kept', (reason) => {
    const { network, device, client, admit } = setUp();
    client.join(link, entry);
    admit();
    network.last.drop(CLOSE_CODES[reason].code);
    expect(device.length).toBe(1);
  });

  test('DOOR-26 whose seat went to another device has nothing of it here', () => {
    const here = setUp();
    here.client.join(link, entry);
    here.admit();
    here.network.last.drop(CLOSE_CODES.moved.code);
    expect(here.device.length + here.tab.length).toBe(0);
    expect(here.client.record.value).toBe(null);
  });

  test('DOOR-26 a device that a seat came to learns the name from the session', async () => {
    const { client, admit, welcome } = setUp();
    const seatToken = drawSecret(random);
    client.join(link, { name: '', keeping: 'device' }, seatToken);
    admit(welcome(lobbyView(), { names: [sealName(3, 'Ada')] }));
    await expect.poll(() => client.record.value?.name).toBe('Ada');
    expect(client.record.value?.seatToken).toBe(seatToken);
  });

  test('LIFE-6 erasing deletes and forgets and the open page keeps its record', async () => {
    const { time, network, device, client, admit, welcome } = setUp();
    client.join(link, entry);
    admit(welcome(closedView(time.now), { names: [] }, 1));
    const erased = client.erase();
    network.last.open();
    expect(network.last.of('erase')[0]).toMatchObject({ session });
    network.last.drop(CLOSE_CODES.erased.code);
    expect(await erased).toBe(true);
    expect(device.length).toBe(0);
    expect(client.view.value?.stage.type).toBe('closed');
  });

  test('LIFE-5 an erasure that is not allowed forgets nothing', async () => {
    const { time, network, device, client, admit, welcome } = setUp();
    client.join(link, entry);
    admit(welcome(closedView(time.now)));
    const erased = client.erase();
    network.last.open();
    network.last.drop(CLOSE_CODES.not_allowed.code);
    expect(await erased).toBe(false);
    expect(device.length).toBe(1);
  });

  test('DOOR-12 whoever waits by the link says who it is, sealed, and comes in on the same socket', async () => {
    const { client, network, time, welcome } = setUp();
    client.join(link, entry);
    network.last.open();
    network.last.tell({ type: 'waiting', waiting: {} });
    const introduced = () =>
      network.last.frames.map((frame) => JSON.parse(frame)).find(({ type }) => type === 'introduce');
    await until(() => introduced() !== undefined);
    const said = introduced();
    expect(openKnock(sealer, said.name, session)).toBe('Ada');
    expect(client.waiting.value).toEqual({});
    network.last.tell({ type: 'waiting', waiting: { held: 'a_moment' } });
    expect(client.waiting.value?.held).toBe('a_moment');
    // The socket is kept as long as it is heard from, and asked again when it is lost.
    time.advance(20_000);
    network.last.tell({ type: 'pong', sent: 0, now: time.now });
    time.advance(20_000);
    expect(network.sockets).toHaveLength(1);
    network.last.tell(welcome());
    expect(client.connection.value.type).toBe('connected');
    expect(client.waiting.value).toBeNull();
    expect(network.sockets).toHaveLength(1);
  });

  test('DOOR-6 who waits at the door is known until the session is left', () => {
    const { client, admit, network } = setUp();
    client.join(link, entry);
    admit();
    const knock = { knock: 'k', since: 0, by: { type: 'link' } } as const;
    network.last.tell({ type: 'door', door: { knocks: [knock] } });
    expect(client.door.value?.knocks).toEqual([knock]);
    client.stop();
    expect(client.door.value).toBeNull();
  });

  test('DOOR-8 who was let in by a code joins with the token that knocked', () => {
    const { client, network } = setUp();
    const token = drawSecret(random);
    client.join(link, entry, token);
    network.last.open();
    expect(network.last.of('hello')[0]).toMatchObject({ seatToken: token, session, invite: link.invite });
  });
});
