// What the kit takes from the browser, so that tests can hand in their own.

/** Clocks of the device. */
export interface DeviceClock {
  /** Milliseconds since 1970, as the device believes. May jump when the device is set. */
  wall(): number;
  /** Milliseconds since some start. Never jumps, but may stand still while the device sleeps. */
  steady(): number;
}

/** Timers. Whole handles are opaque. */
export interface Timers {
  /** Runs `work` once after `delay` ms; the answer cancels it. */
  after(delay: number, work: () => void): () => void;
}

/** Fills bytes from the system's generator. */
export type RandomBytes = (length: number) => Uint8Array;

/** Reasons to look at the connection and the clock at once. */
export type Waking = 'visible' | 'shown' | 'online' | 'focus';

/** Calls `listener` when the device or the page comes back; the answer ends it. */
export type WatchWaking = (listener: (why: Waking) => void) => () => void;

/** The browser's clocks. */
export const browserClock: DeviceClock = {
  wall: () => Date.now(),
  steady: () => performance.now(),
};

/** The browser's timers. */
export const browserTimers: Timers = {
  after(delay, work) {
    const handle = setTimeout(work, delay);
    return () => clearTimeout(handle);
  },
};

/** The browser's generator. Unlike `randomUUID`, it is there on plain http too. */
export const browserRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

/** The browser's signs of coming back. */
export const watchWaking: WatchWaking = (listener) => {
  const ending = new AbortController();
  const { signal } = ending;
  const whenVisible = () => {
    if (document.visibilityState === 'visible') listener('visible');
  };
  document.addEventListener('visibilitychange', whenVisible, { signal });
  window.addEventListener('pageshow', () => listener('shown'), { signal });
  window.addEventListener('online', () => listener('online'), { signal });
  window.addEventListener('focus', () => listener('focus'), { signal });
  return () => ending.abort();
};
