import { describe, expect, test } from 'vitest';
import { CLOSE_CODES } from '../protocol';
import { entry, link, sealer, sealName, session, setUp, until } from '../testing/client';
import { lobbyView, plan, runningView } from '../testing/views';
import { readLink } from './link';
import { hashSecret } from './seal';

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
