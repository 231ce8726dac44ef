// Server time on this device: an offset learnt from pings, and one tick for the whole page.
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { DeviceClock, Timers } from './environment';

/** How many samples are kept. */
const KEPT_SAMPLES = 8;

/** A device clock that has moved by more than this against the steady one was set, or the device slept. */
const JUMP = 250;

interface Sample {
  readonly offset: number;
  readonly roundTrip: number;
}

/** How sure the page is of server time, in ms. */
export interface ClockReading {
  /** Server time minus the device's. */
  readonly offset: number;
  /** The least round trip of the samples kept. */
  readonly roundTrip: number;
  /** Half of the least round trip: the offset cannot be more wrong than this. */
  readonly uncertainty: number;
  /** How many samples it rests on. */
  readonly samples: number;
}

/** Server time on this device. */
export interface Clock {
  /** The newest estimate; null before the first sample. */
  readonly reading: ReadonlySignal<ClockReading | null>;
  /** Whether there has been a sample. */
  readonly known: ReadonlySignal<boolean>;
  /** Server time in ms. Before the first sample, the device's own time. */
  serverNow(): number;
  /** A moment of server time as the device's clock tells it, for showing clock times. */
  toDevice(serverTime: number): number;
  /** A moment of the device's clock as server time. */
  toServer(deviceTime: number): number;
  /** Takes a pong: `sent` and `received` by the device's clock, `serverTime` from the server. */
  addSample(sent: number, received: number, serverTime: number): void;
  /** Lets the next sample decide alone: after waking, when old samples may be of another time. */
  restart(): void;
  /** Whether the device's clock has jumped since this was last asked. */
  hasJumped(): boolean;
}

/** Makes a clock. */
export function createClock(device: DeviceClock): Clock {
  let samples: Sample[] = [];
  let divergence = device.wall() - device.steady();
  const reading = signal<ClockReading | null>(null);
  const known = computed(() => reading.value !== null);
  const offset = () => reading.peek()?.offset ?? 0;

  const clock: Clock = {
    reading,
    known,
    serverNow: () => device.wall() + offset(),
    toDevice: (serverTime) => serverTime - offset(),
    toServer: (deviceTime) => deviceTime + offset(),
    addSample(sent, received, serverTime) {
      if (clock.hasJumped()) samples = [];
      const roundTrip = received - sent;
      // The device was set between ping and pong, or slept: such a sample says nothing.
      if (roundTrip < 0) return;
      samples = [...samples, { offset: serverTime - (sent + received) / 2, roundTrip }].slice(-KEPT_SAMPLES);
      // Of equal round trips the newer is trusted, so that a slow drift is followed.
      const best = samples.reduce((least, sample) => (sample.roundTrip <= least.roundTrip ? sample : least));
      reading.value = { ...best, uncertainty: best.roundTrip / 2, samples: samples.length };
    },
    restart() {
      samples = [];
    },
    hasJumped() {
      const now = device.wall() - device.steady();
      const jumped = Math.abs(now - divergence) > JUMP;
      if (jumped) divergence = now;
      return jumped;
    },
  };
  return clock;
}

/** The page's one tick. */
export interface Ticker {
  /**
   * Server time in ms, standing still between whole seconds of what is left. Everything that shows time is computed
   * from this and nothing else, so all parts of all screens change together.
   */
  readonly now: ReadonlySignal<number>;
  /** Sets the end that seconds are counted to; null counts whole seconds of server time. */
  aim(end: number | null): void;
  /** Looks again at once: after waking, and when the offset has changed. */
  refresh(): void;
  /** Stops for good. */
  stop(): void;
}

/** A step back that is smaller than this is a better estimate of the same second, not another second. */
const SAME_SECOND = 250;

/** The later of two flips that are a second apart: `end` minus whole seconds, just after which `time` lies. */
function lastFlip(time: number, end: number | null): number {
  return end === null ? Math.floor(time / 1000) * 1000 : end - Math.ceil((end - time) / 1000) * 1000;
}

/** Makes the tick. */
export function createTicker(clock: Clock, timers: Timers): Ticker {
  let end: number | null = null;
  let cancel: (() => void) | undefined;
  const now = signal(lastFlip(clock.serverNow(), null));

  const tick = (mayStepBack: boolean) => {
    cancel?.();
    if (clock.hasJumped()) clock.restart();
    const time = clock.serverNow();
    const flip = lastFlip(time, end);
    const back = now.peek() - time;
    if (mayStepBack || back <= 0 || back > SAME_SECOND) now.value = flip;
    cancel = timers.after(flip + 1000 - time, () => tick(false));
  };
  tick(true);

  return {
    now,
    aim(next) {
      if (next === end) return;
      end = next;
      tick(true);
    },
    refresh: () => tick(false),
    stop: () => cancel?.(),
  };
}
