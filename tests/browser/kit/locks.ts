// Whether the browser was asked to keep a screen on.
import type { Person } from './person.ts';

declare global {
  interface Window {
    locks: WakeLockSentinel[];
  }
}

/** For a page's start: keeps every wake lock that it is given. */
export function keepLocks(): void {
  if (!('wakeLock' in navigator)) return;
  window.locks = [];
  const { request } = WakeLock.prototype;
  WakeLock.prototype.request = async function (this: WakeLock, type) {
    const lock = await request.call(this, type);
    window.locks.push(lock);
    return lock;
  };
}

/** How many locks a page holds now. */
export const held = (person: Person): Promise<number> =>
  person.page.evaluate(() => window.locks.filter(({ released }) => !released).length);
