import { describe, expect, test } from 'vitest';
import { CLOSE_CODES, type DisplayStage, type ServerMessage } from '../protocol';
import { createRandom, createWaking, FakeNetwork, FakeTime } from '../testing/fakes';
import { plan } from '../testing/views';
import { drawSecret } from './bytes';
import { buildLink } from './link';
import { createSealer } from './seal';
import { createWall } from './wall';

const random = createRandom(5);
const session = drawSecret(random);
const link = { session, secret: drawSecret(random), key: drawSecret(random) };
const invited = { session, invite: drawSecret(random), key: drawSecret(random) };
const forScreens = createSealer(link.key, random);

function setUp() {
  const time = new FakeTime();
  const network = new FakeNetwork();
  const wall = createWall(link, {
    openSocket: network.openSocket,
    device: time.device(-300_000),
    timers: time.timers,
    random,
    chance: () => 0,
    watchWaking: createWaking().watch,
    origin: 'https://attune.example',
  });
  const show = (stage: DisplayStage, revision = 7) =>
    network.last.tell({ type: 'display', revision, display: { plan, stage } });
  const admit = (stage: DisplayStage) => {
    network.last.open();
    show(stage);
    network.last.tell({ type: 'pong', sent: time.now - 300_000, now: time.now });
  };
  return { time, network, wall, show, admit };
}

const running = (time: FakeTime, left: number): Extract<DisplayStage, { type: 'running' }> => ({
  type: 'running',
  phase: 1,
  timing: { type: 'running', endsAt: time.now + left },
  length: 1_500_000,
  marksTwoMinutes: true,
  rest: 1_500_000,
  floor: 'open',
  presenterMissing: false,
});

describe('a wall', () => {
  test('DISPLAY-2 opens no socket before it is started, and says only the secret of its link', () => {
    const { network, wall } = setUp();
    expect(network.sockets).toHaveLength(0);
    wall.start();
    network.last.open();
    expect(network.last.sent[0]).toEqual({ type: 'watch', version: 3, session, display: link.secret });
    expect(network.last.sent.slice(1).every(({ type }) => type === 'ping')).toBe(true);
    expect(network.last.frames.join()).not.toContain(link.key);
  });

  test('DISPLAY-10 shows the same time as everyone, through a lost connection', () => {
    const { time, network, wall, admit } = setUp();
    wall.start();
    admit(running(time, 600_000));
    expect(wall.time.value?.seconds).toBe(600);
    network.last.drop();
    expect(wall.connection.value.type).toBe('waiting');
    time.advance(60_000);
    expect(wall.time.value?.seconds).toBe(540);
    admit(running(time, 540_000));
    expect(wall.connection.value.type).toBe('connected');
    network.last.drop(CLOSE_CODES.restarting.code);
    expect(wall.connection.value.type).toBe('waiting');
    network.last.drop(CLOSE_CODES.removed.code);
  });

  test('DISPLAY-8 tries again by itself where three screens are open already', () => {
    const { time, network, wall, admit } = setUp();
    wall.start();
    network.last.open();
    network.last.drop(CLOSE_CODES.busy.code);
    expect(wall.connection.value.type).toBe('waiting');
    expect(wall.display.value).toBeNull();
    time.advance(60_000);
    expect(network.sockets.length).toBeGreaterThan(1);
    admit(running(time, 600_000));
    expect(wall.connection.value.type).toBe('connected');
    expect(wall.time.value?.seconds).toBe(600);
  });

  test('DISPLAY-6 stays away once its link has ended', () => {
    const { time, network, wall, admit } = setUp();
    wall.start();
    admit(running(time, 600_000));
    network.last.drop(CLOSE_CODES.removed.code);
    expect(wall.connection.value).toEqual({ type: 'closed', reason: 'removed' });
    time.advance(600_000);
    expect(network.sockets).toHaveLength(1);
  });

  test('DISPLAY-4 opens names with the key that it is given, and has none without', () => {
    const { time, wall, admit, show } = setUp();
    wall.start();
    const stage = running(time, 600_000);
    admit(stage);
    expect(wall.names.value).toEqual({ presenter: null, speaker: null });
    const names = createSealer(invited.key, random);
    const sealed = (seat: number, name: string) => ({
      seat,
      name: names.seal(name, { session, seat, purpose: 'name' }, 1),
    });
    const key = forScreens.seal(invited.key, { session, seat: 0, purpose: 'displayKey' }, 1);
    show({ ...stage, names: { key, presenter: sealed(2, 'Ruth'), speaker: sealed(3, 'Ben') } }, 8);
    expect(wall.names.value).toEqual({ presenter: 'Ruth', speaker: 'Ben' });
    // A name that was put at another seat is nobody's.
    show({ ...stage, names: { key, speaker: { ...sealed(3, 'Ben'), seat: 4 } } }, 9);
    expect(wall.names.value).toEqual({ presenter: null, speaker: null });
    show(stage, 10);
    expect(wall.names.value).toEqual({ presenter: null, speaker: null });
  });

  test('DISPLAY-5 leads to its own session only, and only before the start', () => {
    const { time, wall, admit, show } = setUp();
    wall.start();
    admit({ type: 'lobby' });
    expect(wall.joining.value).toBe(null);
    const seal = (text: string) => forScreens.seal(text, { session, seat: 0, purpose: 'handed' }, 1);
    const shown = buildLink('https://attune.example', invited);
    show({ type: 'lobby', joining: { link: seal(buildLink('https://evil.example', invited)) } }, 8);
    expect(wall.joining.value).toBe(shown);
    const other = { ...invited, session: drawSecret(random) };
    show({ type: 'lobby', joining: { link: seal(buildLink('https://attune.example', other)) } }, 9);
    expect(wall.joining.value).toBe(null);
    show(running(time, 600_000), 10);
    expect(wall.joining.value).toBe(null);
  });

  test('VIEW-6 shows no older state after a newer one, and nothing once it is stopped', () => {
    const { wall, admit, show, network } = setUp();
    wall.start();
    admit({ type: 'closed' });
    show({ type: 'lobby' }, 6);
    expect(wall.display.value?.stage.type).toBe('closed');
    wall.stop();
    expect(wall.display.value).toBe(null);
    expect(network.last.closed).toBe(true);
    const late: ServerMessage = { type: 'display', revision: 9, display: { plan, stage: { type: 'lobby' } } };
    network.last.tell(late);
    expect(wall.display.value).toBe(null);
  });
});
