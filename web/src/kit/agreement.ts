// The lines of a group's own agreement: what may stand in one, and the lines that a device keeps for next time.
import { MOST_AGREEMENT_LINES } from '../protocol';
import { checkLine, cleanName } from './name';
import type { Store } from './storage';

/** Where the lines stand that are kept for next time. */
const KEPT = 'attune.agreement';

/** A line as it may be shown: one line, nothing invisible. */
export const cleanLine = cleanName;

/** Whether a cleaned line is longer than a line may be. */
export function isTooLong(line: string): boolean {
  return checkLine(line) === 'tooLong';
}

/** The lines that this device keeps for the next session; none when it keeps none, or nothing that can be read. */
export function readKeptLines(store: Store): readonly string[] {
  try {
    const kept: unknown = JSON.parse(store.getItem(KEPT) ?? '[]');
    if (!Array.isArray(kept)) return [];
    const lines = kept.filter((line) => typeof line === 'string').map(cleanLine);
    return lines.filter((line) => line !== '' && !isTooLong(line)).slice(0, MOST_AGREEMENT_LINES);
  } catch {
    return [];
  }
}

/** Keeps lines for the next session; none forgets them. */
export function keepLines(store: Store, lines: readonly string[]): void {
  try {
    if (lines.length === 0) store.removeItem(KEPT);
    else store.setItem(KEPT, JSON.stringify(lines));
  } catch {
    // A full store keeps nothing: the lines are typed once more.
  }
}
