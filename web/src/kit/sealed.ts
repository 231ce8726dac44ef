// What is known of sealed texts without opening any: the cryptography itself is fetched when a session is entered.
import {
  cleanName,
  LONGEST_LINE,
  LONGEST_LINE_BYTES,
  LONGEST_NAME,
  LONGEST_TEXT_BYTES,
  shorten,
} from './name';

/** The first epoch of a session; each new invite begins the next. */
export const FIRST_EPOCH = 1;

const LAST_EPOCH = 255;

/** The epoch after this one. The byte ends at 255, and stays there. */
export function nextEpoch(epoch: number): number {
  return Math.min(epoch + 1, LAST_EPOCH);
}

/** What a sealed text is for. */
export type Purpose =
  | 'name'
  | 'invite'
  | 'agreement'
  | 'knock'
  | 'handed'
  | 'thanks'
  | 'talk'
  | 'display'
  | 'displayKey';

/** How many bytes of text each purpose has room for. */
export const ROOM: Readonly<Record<Purpose, number>> = {
  name: LONGEST_TEXT_BYTES,
  invite: LONGEST_TEXT_BYTES,
  agreement: LONGEST_LINE_BYTES,
  knock: LONGEST_TEXT_BYTES,
  handed: LONGEST_LINE_BYTES,
  thanks: LONGEST_LINE_BYTES,
  talk: LONGEST_LINE_BYTES,
  display: LONGEST_TEXT_BYTES,
  displayKey: LONGEST_TEXT_BYTES,
};

/** Where a sealed text belongs. */
export interface Place {
  /** The session's id. */
  readonly session: string;
  /** The seat it is about; 0 for the session as a whole. */
  readonly seat: number;
  /** Of a text from one seat to another: to whom; 0 for the whole group. */
  readonly to?: number;
  /** What it is for. */
  readonly purpose: Purpose;
}

/** An opened text, or why there is none. */
export type Opened =
  | { readonly type: 'text'; readonly text: string; readonly epoch: number }
  /** Changed, moved from another place, or sealed with another key. */
  | { readonly type: 'unopened' }
  /** Of a version that this page does not know: reload. */
  | { readonly type: 'newer' };

/** Seals and opens the texts of one session. */
export interface Sealer {
  /** Seals a text of at most `ROOM` bytes; throws for a longer one. */
  seal(text: string, place: Place, epoch: number): string;
  /** Opens a text at the place where it was found. */
  open(sealed: string, place: Place): Opened;
}

/** A name, or why there is none to show. */
export type Name =
  | { readonly type: 'name'; readonly text: string }
  | { readonly type: 'unopened' }
  | { readonly type: 'newer' };

/** Opens the name of a seat, cleans it again and holds it to its length: whoever sealed it is not trusted. */
export function openName(sealer: Sealer, sealed: string, session: string, seat: number): Name {
  const opened = sealer.open(sealed, { session, seat, purpose: 'name' });
  if (opened.type !== 'text') return opened;
  const text = shorten(cleanName(opened.text), LONGEST_NAME);
  return text === '' ? { type: 'unopened' } : { type: 'name', text };
}

/** Opens the name of somebody at the door, who has no seat; an empty session where none is known there yet. */
export function openKnock(sealer: Sealer, sealed: string, session: string): string | null {
  const name = openLine(sealer, sealed, { session, seat: 0, purpose: 'knock' });
  return name && shorten(name, LONGEST_NAME);
}

/** Opens a line as a name is opened. Null when there is nothing to show. */
export function openLine(sealer: Sealer, sealed: string, place: Place): string | null {
  const opened = sealer.open(sealed, place);
  return opened.type === 'text' ? shorten(cleanName(opened.text), LONGEST_LINE) || null : null;
}
