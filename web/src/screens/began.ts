// When the session began, by its own list of acts. No view says it: how late it is, only whoever steers reads.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { client } from '../app';
import { type Pace, paceOf, type Shortening, shortening } from './pace';
import type { Room } from './room';

/** When the session began, in server ms; null until it is known. */
export const began = signal<number | null>(null);

/** Asks once a visit, and again after a lost connection. */
export function useBegan(visit: number | undefined): void {
  const connected = client.connection.value.type === 'connected';
  useEffect(() => {
    if (!connected) return;
    client.askHistory().then(
      (acts) => {
        if (acts) began.value = acts.findLast(({ what }) => what.type === 'began')?.at ?? null;
      },
      () => {},
    );
  }, [visit, connected]);
}

/** Where the session stands against its plan now; null until it is known when it began. */
export function currentPace({ view }: Room): Pace | null {
  return began.value === null ? null : paceOf(view, client.now.value, began.value);
}

/** What shortening would do now; null where there is nothing to shorten, or it is not known when the session began. */
export function currentShortening({ view }: Room): Shortening | null {
  return began.value === null ? null : shortening(view, client.now.value, began.value);
}

/** Whether there is something to shorten. */
export const mayShorten = (room: Room): boolean => currentShortening(room) !== null;
