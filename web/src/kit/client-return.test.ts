import { describe, expect, test } from 'vitest';
import type { SessionView } from '../protocol';
import { CLOSE_CODES } from '../protocol';
import { entry, link, random, sealer, sealName, session, setUp, until } from '../testing/client';
import { closedView, lobbyView, runningView } from '../testing/views';
import { drawSecret } from './bytes';
import { openKnock } from './sealed';
import { createMemoryStore } from './storage';

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
