// Text that only people with the link can read. The server keeps and hands on the bytes.
//
// A sealed text is: version, epoch, 24 bytes of nonce, then XChaCha20-Poly1305 of one padded block. The key is
// HKDF-SHA256 of the link's key for one purpose and epoch. The tag also covers session, seat, purpose, epoch and
// version, so that a blob opens nowhere else. No WebCrypto: it is missing on plain http, where groups host this too.
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeText, fromBase64Url, isSecret, SECRET_BYTES, toBase64Url } from './bytes';
import type { RandomBytes } from './environment';
import { type Place, type Purpose, ROOM, type Sealer } from './sealed';

export type { Name, Opened, Place, Purpose, Sealer } from './sealed';

/** The version of the form. */
const VERSION = 1;

const NONCE_BYTES = 24;
const HEAD_BYTES = 2;

/** The text with its length before it (two bytes when there is room for more than 255), filled up with zeros, so that no length shows. */
function pad(text: Uint8Array, room: number): Uint8Array {
  if (text.length > room) throw new Error('longer than a sealed text may be');
  const head = headBytes(room);
  const block = new Uint8Array(head + room);
  block.set(head === 1 ? [text.length] : [text.length >> 8, text.length & 255]);
  block.set(text, head);
  return block;
}

function unpad(block: Uint8Array, room: number): Uint8Array {
  const head = headBytes(room);
  const [first = 0, second = 0] = block;
  return block.subarray(head, head + (head === 1 ? first : first * 256 + second));
}

const headBytes = (room: number): 1 | 2 => (room > 255 ? 2 : 1);

function associate(place: Place, epoch: number): Uint8Array {
  const to = place.to === undefined ? '' : `/${place.to}`;
  return encodeText(`attune/${VERSION}/${epoch}/${place.purpose}/${place.session}/${place.seat}${to}`);
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
      const block = pad(encodeText(text), ROOM[place.purpose]);
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
        const text = new TextDecoder('utf-8', { fatal: true }).decode(unpad(block, ROOM[place.purpose]));
        return { type: 'text', text, epoch };
      } catch {
        return { type: 'unopened' };
      }
    },
  };
}

/** What the server keeps of a secret: SHA-256 of its 16 bytes, 43 characters. */
export function hashSecret(secret: string): string {
  const bytes = fromBase64Url(secret);
  if (bytes?.length !== SECRET_BYTES) throw new Error('not a secret of 16 bytes');
  return toBase64Url(sha256(bytes));
}
