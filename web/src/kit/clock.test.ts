import { describe, expect, test } from 'vitest';
import { FakeTime } from '../testing/fakes';
import { type Clock, createClock, createTicker } from './clock';

/** One ping that takes `there` and `back` ms. */
function sample(time: FakeTime, device: { wall(): number }, clock: Clock, there: number, back: number): void {
  const sent = device.wall();
  time.advance(there);
  const serverTime = time.now;
  time.advance(back);
  clock.addSample(sent, device.wall(), serverTime);
}

describe('clock', () => {
  test('CLOCK-1 offset comes from pongs alone', () => {
    const time = new FakeTime();
    const device = time.device(90_000);
    const clock = createClock(device);
    expect(clock.known.value).toBe(false);
    expect(clock.reading.value).toBeNull();
    sample(time, device, clock, 20, 20);
    expect(clock.known.value).toBe(true);
    expect(clock.serverNow()).toBe(time.now);
  });

  test('CLOCK-1 least round trip of eight decides', () => {
    const time = new FakeTime();
    const device = time.device();
    const clock = createClock(device);
    sample(time, device, clock, 300, 10);
    expect(clock.serverNow()).not.toBe(time.now);
    sample(time, device, clock, 5, 5);
    sample(time, device, clock, 400, 20);
    expect(clock.serverNow()).toBe(time.now);
    expect(clock.reading.value).toMatchObject({ roundTrip: 10, samples: 3 });
    // Eight later ones push it out, however good it was.
    for (let count = 0; count < 8; count += 1) sample(time, device, clock, 60, 40);
    expect(clock.reading.value).toMatchObject({ roundTrip: 100, samples: 8 });
  });

  test('CLOCK-2 after waking the next sample decides alone', () => {
    const time = new FakeTime();
    const device = time.device();
    const clock = createClock(device);
    sample(time, device, clock, 5, 5);
    clock.restart();
    expect(clock.known.value).toBe(true);
    sample(time, device, clock, 80, 20);
    expect(clock.reading.value).toMatchObject({ roundTrip: 100, samples: 1 });
  });

  test('CLOCK-3 devices five minutes wrong agree', () => {
    const time = new FakeTime();
    for (const error of [-300_000, 300_000]) {
      const device = time.device(error);
      const clock = createClock(device);
      sample(time, device, clock, 12, 12);
      expect(clock.serverNow()).toBe(time.now);
      expect(clock.toServer(device.wall())).toBe(time.now);
    }
  });

  test('CLOCK-5 the page knows how sure it is', () => {
    const time = new FakeTime();
    const device = time.device();
    const clock = createClock(device);
    // As lopsided as can be: the true error is never more than is said.
    sample(time, device, clock, 0, 90);
    const { uncertainty = 0 } = clock.reading.value ?? {};
    expect(uncertainty).toBe(45);
    expect(Math.abs(clock.serverNow() - time.now)).toBeLessThanOrEqual(uncertainty);
  });

  test('CLOCK-4 a device that is set is right again after the next sample', () => {
    const time = new FakeTime();
    const device = time.device();
    const clock = createClock(device);
    sample(time, device, clock, 1, 1);
    device.set(3_600_000);
    sample(time, device, clock, 30, 30);
    expect(clock.serverNow()).toBe(time.now);
    expect(clock.reading.value?.samples).toBe(1);
  });

  test('CLOCK-4 a device that is set between ping and pong spoils nothing', () => {
    const time = new FakeTime();
    const device = time.device();
    const clock = createClock(device);
    sample(time, device, clock, 10, 10);
    const sent = device.wall();
    device.set(-50_000);
    clock.addSample(sent, device.wall(), time.now);
    expect(clock.reading.value?.roundTrip).toBe(20);
  });

  test('TIME-24 clock times are the device’s', () => {
    const time = new FakeTime();
    const device = time.device(-120_000);
    const clock = createClock(device);
    sample(time, device, clock, 10, 10);
    expect(clock.toDevice(time.now + 60_000)).toBe(device.wall() + 60_000);
  });
});

describe('ticker', () => {
  /** Two pages with clocks of their own, both looking at the same end. */
  function twoPages() {
    const time = new FakeTime();
    const end = time.now + 600_400;
    const pages = [-300_000, 271_313].map((error) => {
      const device = time.device(error);
      const clock = createClock(device);
      sample(time, device, clock, 0, 0);
      const ticker = createTicker(clock, time.timers);
      ticker.aim(end);
      return ticker;
    });
    return { time, end, pages };
  }

  test('CLOCK-3 seconds change together on whole seconds of what is left', () => {
    const { time, end, pages } = twoPages();
    const changes = pages.map((page) => {
      const moments: number[] = [];
      page.now.subscribe(() => moments.push(time.now));
      return moments;
    });
    time.advance(5_000);
    expect(changes[0]?.length).toBeGreaterThan(4);
    expect(changes[0]).toEqual(changes[1]);
    for (const moment of (changes[0] ?? []).slice(1)) expect((end - moment) % 1_000).toBe(0);
    for (const page of pages)
      expect((end - page.now.value) / 1_000).toBe(Math.ceil((end - time.now) / 1_000));
  });

  test('CLOCK-3 a better estimate does not make seconds run back', () => {
    const time = new FakeTime();
    const device = time.device();
    const clock = createClock(device);
    clock.addSample(device.wall(), device.wall(), time.now + 40);
    const ticker = createTicker(clock, time.timers);
    ticker.aim(time.now + 10_040);
    const before = ticker.now.value;
    time.advance(1);
    clock.addSample(device.wall(), device.wall(), time.now);
    ticker.refresh();
    expect(ticker.now.value).toBe(before);
  });

  test('CLOCK-3 a wrong time is corrected backwards too', () => {
    const time = new FakeTime();
    const device = time.device(300_000);
    const clock = createClock(device);
    const ticker = createTicker(clock, time.timers);
    ticker.aim(time.now + 60_000);
    sample(time, device, clock, 0, 0);
    ticker.refresh();
    expect(ticker.now.value).toBe(time.now);
  });

  test('TIME-16 a phone that slept shows the right second on waking', () => {
    const { time, end, pages } = twoPages();
    // Timers stood still for two minutes.
    time.now += 120_000;
    for (const page of pages) page.refresh();
    expect((end - (pages[0]?.now.value ?? 0)) / 1_000).toBe(Math.ceil((end - time.now) / 1_000));
  });

  test('a stopped ticker leaves no timer', () => {
    const time = new FakeTime();
    const ticker = createTicker(createClock(time.device()), time.timers);
    expect(time.waiting).toBe(1);
    ticker.stop();
    expect(time.waiting).toBe(0);
  });
});
