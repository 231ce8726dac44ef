// When the case that runs began, by the session's list of acts. No view says it: how late it is, only whoever steers reads.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { client } from '../app';
import { type Pace, paceOf, type Shortening, shortening } from './pace';
import type { Room } from './room';

/** When a case began, in server ms, and which: its key. Null until it is known. */
const began = signal<{ readonly key: string; readonly at: number } | null>(null);

/** The case of the session that runs: another one began at another time. */
const keyOf = ({ running }: Room): string =>
  `${client.record.value?.session ?? ''} ${running?.stage.case ?? 1}`;

/** Asks once a visit, and again after a lost connection. Outlives neither its case nor the sheet: a Begin that was taken
 * back is followed by another one of the same case. */
export function useBegan(room: Room): void {
  const key = keyOf(room);
  const visit = room.running?.moment.visit;
  const connected = client.connection.value.type === 'connected';
  useEffect(
    () => () => {
      began.value = null;
    },
    [key],
  );
  useEffect(() => {
    if (!connected) return;
    let waits = true;
    client.askHistory().then(
      (acts) => {
        const at = acts?.findLast(({ what }) => what.type === 'began')?.at;
        if (waits && acts) began.value = at === undefined ? null : { key, at };
      },
      () => {},
    );
    return () => {
      waits = false;
    };
  }, [key, visit, connected]);
}

function beganAt(room: Room): number | null {
  const known = began.value;
  return known?.key === keyOf(room) ? known.at : null;
}

/** Where the session stands against its plan now; null until it is known when it began. */
export function currentPace(room: Room): Pace | null {
  const at = beganAt(room);
  return at === null ? null : paceOf(room.view, client.now.value, at);
}

/** What shortening would do now; null where there is nothing to shorten, or it is not known when the session began. */
export function currentShortening(room: Room): Shortening | null {
  const at = beganAt(room);
  return at === null ? null : shortening(room.view, client.now.value, at);
}

/** Whether there is something to shorten. */
export const mayShorten = (room: Room): boolean => currentShortening(room) !== null;
