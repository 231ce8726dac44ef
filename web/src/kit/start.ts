// What a page that opens at `/s` begins with.
import type { DisplayLink, Link, ReadLink } from './link';
import type { SessionRecord, SessionStore } from './storage';

/** What to begin with. */
export type Start =
  /** Come back to this seat without a press. */
  | { readonly type: 'resume'; readonly record: SessionRecord }
  /** Offer to join; `known` are seats of this session on this device, to return to instead. */
  | {
      readonly type: 'join';
      readonly link: Link;
      readonly exposed: boolean;
      readonly known: readonly SessionRecord[];
    }
  /** A screen on the wall; `goesOn`: this tab has shown it before. */
  | { readonly type: 'display'; readonly display: DisplayLink; readonly goesOn: boolean }
  /** Go on here with the seat of another device. */
  | { readonly type: 'move'; readonly code: string }
  /** Several sessions are kept here: choose one. */
  | { readonly type: 'choose'; readonly records: readonly SessionRecord[] }
  /** The link is cut or changed. */
  | { readonly type: 'incomplete' }
  /** Nothing to go on with. */
  | { readonly type: 'nothing' };

/** Decides. A link in the address is a wish of now; without one a reload goes on with what the tab showed. */
export function chooseStart(read: ReadLink, sessions: SessionStore): Start {
  sessions.sweep();
  if (read.type === 'link') {
    const { link, exposed } = read;
    return { type: 'join', link, exposed, known: sessions.listOf(link.session) };
  }
  if (read.type === 'display') return { ...read, goesOn: false };
  if (read.type === 'move') return read;
  if (read.type === 'incomplete') return { type: 'incomplete' };
  const own = sessions.readOwn();
  if (own) return { type: 'resume', record: own };
  const records = sessions.list();
  const [only] = records;
  if (!only) return { type: 'nothing' };
  return records.length === 1 ? { type: 'resume', record: only } : { type: 'choose', records };
}
