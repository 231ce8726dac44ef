// What Attune keeps on this device, whoever wrote it, and how it goes. Everything of ours begins with one word, so that
// nothing is forgotten here when a new kind of thing is kept.
import type { Store } from './storage';

/** The beginning of every key that Attune writes. */
export const OURS = 'attune.';

/** What tells the other tabs that everything is removed. Never kept. */
const WIPED = `${OURS}wiped`;

/** Not shown by itself: which session this tab was showing. */
const OF_THE_TAB = `${OURS}own`;

/** What a kept thing is. */
export type KeptKind = 'session' | 'settings' | 'cpd' | 'plan' | 'agreement' | 'display' | 'other';

/** One thing that is kept. */
export interface Kept {
  readonly key: string;
  readonly kind: KeptKind;
  /** What it is called, or whose it is; null where it has no name. */
  readonly name: string | null;
  /** When it was written, by the device's clock in ms; null where it does not say. */
  readonly at: number | null;
}

const kinds: readonly (readonly [string, KeptKind])[] = [
  ['session', 'session'],
  ['settings', 'settings'],
  ['cpd', 'cpd'],
  ['plan', 'plan'],
  ['agreement', 'agreement'],
  ['display', 'display'],
];

function kindOf(key: string): KeptKind {
  return kinds.find(([word]) => key.startsWith(OURS + word))?.[1] ?? 'other';
}

/** All keys of ours in a store. */
export function keysOf(store: Store): string[] {
  return Array.from({ length: store.length }, (_, index) => store.key(index) ?? '').filter((key) =>
    key.startsWith(OURS),
  );
}

function readFields(store: Store, key: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(store.getItem(key) ?? 'null');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** What is kept in these stores, the same key once. */
export function listKept(stores: readonly Store[]): Kept[] {
  const found = new Map<string, Kept>();
  for (const store of stores) {
    for (const key of keysOf(store)) {
      if (key === OF_THE_TAB || key === WIPED || found.has(key)) continue;
      const fields = readFields(store, key);
      const values = (names: readonly string[]) => names.map((name) => fields[name]);
      const texts = values(['name', 'title', 'lastName']).filter((value) => typeof value === 'string');
      const times = values(['joinedAt', 'heldAt', 'savedAt']).filter((value) => typeof value === 'number');
      found.set(key, {
        key,
        kind: kindOf(key),
        name: texts.find((text) => text !== '') ?? null,
        at: times[0] ?? null,
      });
    }
  }
  return [...found.values()].sort((left, right) => left.key.localeCompare(right.key));
}

/** Removes one thing. */
export function removeKept(stores: readonly Store[], key: string): void {
  for (const store of stores) store.removeItem(key);
}

/** Removes everything of ours, and tells the other tabs of this device. */
export function wipe(device: Store, tab: Store): void {
  for (const store of [device, tab]) {
    for (const key of keysOf(store)) store.removeItem(key);
  }
  device.setItem(WIPED, '1');
  device.removeItem(WIPED);
}

/** Calls `onWiped` when another tab of this device has removed everything. */
export function watchWipe(target: Pick<Window, 'addEventListener'>, onWiped: () => void): void {
  target.addEventListener('storage', ({ key, newValue }) => {
    if (key === WIPED && newValue !== null) onWiped();
  });
}
