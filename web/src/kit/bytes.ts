// Bytes as text: URL-safe base64 without padding, as on the wire and in the link.
import type { RandomBytes } from './environment';

/** Bytes of a secret, an id or a key. */
export const SECRET_BYTES = 16;

const utf8 = new TextEncoder();

/** Text as UTF-8. */
export function encodeText(text: string): Uint8Array {
  return utf8.encode(text);
}

/** URL-safe base64 without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The bytes of URL-safe base64 without padding; null for anything else, and for a second spelling of the same bytes. */
export function fromBase64Url(text: string): Uint8Array | null {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return null;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return toBase64Url(bytes) === text ? bytes : null;
}

/** Whether this is 16 bytes in 22 characters. */
export function isSecret(text: string): boolean {
  return text.length === 22 && fromBase64Url(text)?.length === SECRET_BYTES;
}

/** Draws a secret: 22 characters. */
export function drawSecret(random: RandomBytes): string {
  return toBase64Url(random(SECRET_BYTES));
}

/** Draws the name of an act: a UUID of version 4. */
export function drawCommandId(random: RandomBytes): string {
  const bytes = random(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
