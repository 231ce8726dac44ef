// The way of the link's key to somebody who came by a code, past a server that is not trusted with it.
//
// The knocker commits to a key, the facilitator's page answers with one, the knocker shows what was committed to, and
// both derive a key and two words from all of it. Whoever stands between them has to choose keys before seeing the
// other side's, so has one guess at the words (22 bits) for each knock that a person answers.

import { x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeText, fromBase64Url, SECRET_BYTES, toBase64Url } from './bytes';
import type { RandomBytes } from './environment';
import { createSealer } from './seal';
import type { Sealer } from './sealed';

const KEY_BYTES = 32;
const PURPOSE = 'attune/knock/1';

/** What a knocker shows once a key has answered. */
export interface Shown {
  readonly key: string;
  readonly nonce: string;
}

/** Both keys are there. */
export interface Met {
  /** To be compared aloud: the same on both sides, unless somebody stands between. */
  readonly words: readonly [string, string];
  /** Seals and opens what the two sides send each other. */
  readonly sealer: Sealer;
}

/** The knocker's side. */
export interface KnockerSide extends Shown {
  /** SHA-256 of nonce and key. */
  readonly commitment: string;
  /** The other page's key has come; null when it is none. */
  meet(answer: string): Met | null;
}

/** The side of the page that lets in. */
export interface OpenerSide {
  readonly key: string;
  /** The knocker has shown something; null when it is not what was committed to before this page had answered. */
  meet(shown: Shown): Met | null;
}

const readKey = (text: string): Uint8Array | null => {
  const bytes = fromBase64Url(text);
  return bytes?.length === KEY_BYTES ? bytes : null;
};

const commit = (nonce: Uint8Array, key: Uint8Array): Uint8Array => sha256(Uint8Array.of(...nonce, ...key));

const consonants = 'bdfgjklmnprstvwz';
const vowels = 'aeio';
const innerConsonants = 'bdlmnrst';

/** Eleven bits as a word that can be said: "lamo", "tevi". Each number has its own. */
export function sayBits(bits: number): string {
  const letters = [
    consonants[(bits >> 7) & 15],
    vowels[(bits >> 5) & 3],
    innerConsonants[(bits >> 2) & 7],
    vowels[bits & 3],
  ];
  return letters.join('');
}

interface Transcript {
  readonly commitment: Uint8Array;
  readonly opener: Uint8Array;
  readonly knocker: Uint8Array;
  readonly nonce: Uint8Array;
}

function derive(secret: Uint8Array, theirs: Uint8Array, said: Transcript, random: RandomBytes): Met | null {
  const { commitment, opener, knocker, nonce } = said;
  const transcript = sha256(
    Uint8Array.of(...encodeText(PURPOSE), ...commitment, ...opener, ...knocker, ...nonce),
  );
  let shared: Uint8Array;
  try {
    shared = x25519.getSharedSecret(secret, theirs);
  } catch {
    // A key that makes the same secret with every other is no key.
    return null;
  }
  const expand = (info: string, length: number) =>
    hkdf(sha256, shared, transcript, encodeText(`${PURPOSE}/${info}`), length);
  const [first = 0, second = 0, third = 0] = expand('words', 3);
  const bits = (first << 16) | (second << 8) | third;
  return {
    words: [sayBits(bits & 2047), sayBits((bits >> 11) & 2047)],
    sealer: createSealer(toBase64Url(expand('key', SECRET_BYTES)), random),
  };
}

/** Somebody knocks. */
export function beginKnock(random: RandomBytes): KnockerSide {
  const secret = random(KEY_BYTES);
  const nonce = random(KEY_BYTES);
  const key = x25519.getPublicKey(secret);
  const commitment = commit(nonce, key);
  return {
    key: toBase64Url(key),
    nonce: toBase64Url(nonce),
    commitment: toBase64Url(commitment),
    meet(answer) {
      const opener = readKey(answer);
      return opener && derive(secret, opener, { commitment, opener, knocker: key, nonce }, random);
    },
  };
}

/** Somebody answers a knock that was committed to. */
export function answerKnock(commitment: string, random: RandomBytes): OpenerSide {
  const secret = random(KEY_BYTES);
  const opener = x25519.getPublicKey(secret);
  return {
    key: toBase64Url(opener),
    meet(shown) {
      const [knocker, nonce] = [readKey(shown.key), readKey(shown.nonce)];
      if (!knocker || !nonce) return null;
      const kept = commit(nonce, knocker);
      if (toBase64Url(kept) !== commitment) return null;
      return derive(secret, knocker, { commitment: kept, opener, knocker, nonce }, random);
    },
  };
}
