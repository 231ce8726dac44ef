// Coming back by itself: when, how often, and when not.
import { describe, expect, test } from 'vitest';
import { CLOSE_CODES } from '../protocol';
import { hello, setUp, welcome } from '../testing/connection';
import { lobbyView } from '../testing/views';
import { waitBefore } from './socket';

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
