// A person's own notes for continuing professional development (CPD). They stay on this device: nothing here is ever sent.
import { OURS } from './device';
import type { Keeping, Store } from './storage';

/** The fields in the order of the form; the peer question may be left open. */
export const CPD_FIELDS = ['kind', 'description', 'date', 'learnt', 'impact', 'peer'] as const;

/** One of the fields. */
export type CpdField = (typeof CPD_FIELDS)[number];

/** A note as it was typed. */
export type CpdAnswers = Readonly<Record<CpdField, string>>;

/** A kept note. */
export interface CpdLog {
  readonly answers: CpdAnswers;
  /** When the session ended, in ms: names the note without naming the session. */
  readonly heldAt: number;
}

/** Where notes are kept. */
export interface CpdLogs {
  read(heldAt: number): CpdLog | null;
  /** Keeps a note, or forgets it once every field is empty. False when the device took none. */
  write(log: CpdLog, keeping: Keeping): boolean;
}

const keyOf = (heldAt: number) => `${OURS}cpd.${heldAt}`;

/** The moment that a note's key names; null for another key. */
export function heldAtOf(key: string): number | null {
  const [, digits] = /^attune\.cpd\.(\d+)$/.exec(key) ?? [];
  return digits === undefined ? null : Number(digits);
}

/** Makes the shelf over the device's and the tab's storage. */
export function createCpdLogs(device: Store, tab: Store): CpdLogs {
  const readFrom = (store: Store, heldAt: number): CpdLog | null => {
    try {
      const value: unknown = JSON.parse(store.getItem(keyOf(heldAt)) ?? 'null');
      if (typeof value !== 'object' || value === null || !('answers' in value)) return null;
      const said = value.answers as Readonly<Record<string, unknown>>;
      const field = (name: CpdField) => {
        const text = said[name];
        return [name, typeof text === 'string' ? text : ''];
      };
      return { heldAt, answers: Object.fromEntries(CPD_FIELDS.map(field)) as CpdAnswers };
    } catch {
      return null;
    }
  };
  return {
    read: (heldAt) => readFrom(tab, heldAt) ?? readFrom(device, heldAt),
    write({ answers, heldAt }, keeping) {
      const [into, outOf] = keeping === 'tab' ? [tab, device] : [device, tab];
      outOf.removeItem(keyOf(heldAt));
      if (CPD_FIELDS.every((field) => answers[field].trim() === '')) {
        into.removeItem(keyOf(heldAt));
        return true;
      }
      try {
        into.setItem(keyOf(heldAt), JSON.stringify({ answers, heldAt }));
        return true;
      } catch {
        return false;
      }
    },
  };
}
