// Text that only people with the link can read. The server keeps and hands on the bytes.
//
// A sealed text is: version, epoch, 24 bytes of nonce, then XChaCha20-Poly1305 of one padded block. The key is
// HKDF-SHA256 of the link's key for one purpose and epoch. The tag also covers session, seat, purpose, epoch and
// version, so that a blob opens nowhere else. No WebCrypto: it is missing on plain http, where groups host this too.
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeText, fromBase64Url, isSecret, toBase64Url } from './bytes';
import type { RandomBytes } from './environment';
import { cleanName, LONGEST_TEXT_BYTES } from './name';

/** The version of the form. */
const VERSION = 1;

/** The first epoch of a session; each new invite begins the next. */
export const FIRST_EPOCH = 1;

const LAST_EPOCH = 255;
const NONCE_BYTES = 24;
const HEAD_BYTES = 2;

/** One byte of length and the text, filled up with zeros, so that no length of a name shows. */
const BLOCK_BYTES = 1 + LONGEST_TEXT_BYTES;

/** What a sealed text is for. */
export type Purpose = 'name' | 'invite';

/** Where a sealed text belongs. */
export interface Place {
  /** The session's id. */
  readonly session: string;
  /** The seat it is about; 0 for the session as a whole. */
  readonly seat: number;
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
  /** Seals a text of at most 213 bytes; throws for a longer one. */
  seal(text: string, place: Place, epoch: number): string;
  /** Opens a text at the place where it was found. */
  open(sealed: string, place: Place): Opened;
}

function associate(place: Place, epoch: number): Uint8Array {
  return encodeText(`attune/${VERSION}/${epoch}/${place.purpose}/${place.session}/${place.seat}`);
}

/** Makes the sealer of the link's key (22 characters). */
export function createSealer(linkKey: string, random: RandomBytes): Sealer {
  const secret = isSecret(linkKey) ? fromBase64Url(linkKey) : null;
  if (secret === null) throw new Error('not a key of 16 bytes');
  const keys = new Map<string, Uint8Array>();
  const deriveKey = (purpose: Purpose, epoch: number): Uint8Array => {
    const info = `attune/${VERSION}/${epoch}/${purpose}`;
    const known = keys.get(info);
    if (known) return known;
    const key = hkdf(sha256, secret, undefined, encodeText(info), 32);
    keys.set(info, key);
    return key;
  };

  return {
    seal(text, place, epoch) {
      const bytes = encodeText(text);
      if (bytes.length > LONGEST_TEXT_BYTES) throw new Error('longer than a sealed text may be');
      const block = new Uint8Array(BLOCK_BYTES);
      block[0] = bytes.length;
      block.set(bytes, 1);
      const nonce = random(NONCE_BYTES);
      const cipher = xchacha20poly1305(deriveKey(place.purpose, epoch), nonce, associate(place, epoch));
      return toBase64Url(Uint8Array.of(VERSION, epoch, ...nonce, ...cipher.encrypt(block)));
    },
    open(sealed, place) {
      const bytes = fromBase64Url(sealed);
      const epoch = bytes?.[1];
      if (!bytes || epoch === undefined) return { type: 'unopened' };
      if (bytes[0] !== VERSION) return { type: 'newer' };
      const nonce = bytes.subarray(HEAD_BYTES, HEAD_BYTES + NONCE_BYTES);
      try {
        const cipher = xchacha20poly1305(deriveKey(place.purpose, epoch), nonce, associate(place, epoch));
        const block = cipher.decrypt(bytes.subarray(HEAD_BYTES + NONCE_BYTES));
        const length = block[0] ?? 0;
        const text = new TextDecoder('utf-8', { fatal: true }).decode(block.subarray(1, 1 + length));
        return { type: 'text', text, epoch };
      } catch {
        return { type: 'unopened' };
      }
    },
  };
}

/** The epoch after this one. The byte ends at 255, and stays there. */
export function nextEpoch(epoch: number): number {
  return Math.min(epoch + 1, LAST_EPOCH);
}

/** A name, or why there is none to show. */
export type Name =
  | { readonly type: 'name'; readonly text: string }
  | { readonly type: 'unopened' }
  | { readonly type: 'newer' };

/** Opens the name of a seat and cleans it again: whoever sealed it is not trusted. */
export function openName(sealer: Sealer, sealed: string, session: string, seat: number): Name {
  const opened = sealer.open(sealed, { session, seat, purpose: 'name' });
  if (opened.type !== 'text') return opened;
  const text = cleanName(opened.text);
  return text === '' ? { type: 'unopened' } : { type: 'name', text };
}
