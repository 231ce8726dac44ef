import { describe, expect, test, vi } from 'vitest';
import { createRandom } from '../testing/fakes';
import { drawCommandId, drawSecret, fromBase64Url, toBase64Url } from './bytes';
import { browserRandom } from './environment';
import { checkName, cleanName, LONGEST_NAME } from './name';
import { createSealer, hashSecret, type Place } from './seal';
import { FIRST_EPOCH, nextEpoch, openKnock, openLine, openName } from './sealed';

const random = createRandom();
const key = drawSecret(random);
const session = drawSecret(random);
const place: Place = { session, seat: 3, purpose: 'name' };
const sealer = createSealer(key, random);

describe('sealing', () => {
  test('SEAL-1 what was sealed opens and shows nothing outside', () => {
    const sealed = sealer.seal('Siân', place, FIRST_EPOCH);
    expect(sealer.open(sealed, place)).toEqual({ type: 'text', text: 'Siân', epoch: FIRST_EPOCH });
    expect(atob(sealed.replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('Si');
  });

  test('SEAL-2 secrets are sixteen bytes in twenty two characters', () => {
    const secrets = Array.from({ length: 50 }, () => drawSecret(random));
    for (const secret of secrets) expect(fromBase64Url(secret)).toHaveLength(16);
    expect(new Set(secrets.map((secret) => secret.length))).toEqual(new Set([22]));
    expect(new Set(secrets).size).toBe(50);
  });

  test('SEAL-3 the server is given the hash of the bytes', async () => {
    const digest = await crypto.subtle.digest('SHA-256', fromBase64Url(key) as Uint8Array<ArrayBuffer>);
    expect(hashSecret(key)).toBe(toBase64Url(new Uint8Array(digest)));
    expect(hashSecret(key)).toHaveLength(43);
    expect(() => hashSecret('short')).toThrow();
  });

  test('SEAL-4 a blob opens at its own place only', () => {
    const sealed = sealer.seal('Ada', place, FIRST_EPOCH);
    const elsewhere: Place[] = [
      { ...place, seat: 4 },
      { ...place, session: drawSecret(random) },
      { ...place, purpose: 'invite' },
    ];
    for (const other of elsewhere) expect(sealer.open(sealed, other)).toEqual({ type: 'unopened' });
    const another = createSealer(drawSecret(random), random);
    expect(another.open(sealed, place)).toEqual({ type: 'unopened' });
  });

  test('SEAL-4 a blob with another epoch or a changed byte does not open', () => {
    const bytes = fromBase64Url(sealer.seal('Ada', place, FIRST_EPOCH)) ?? new Uint8Array();
    for (const index of [1, 2, 30, bytes.length - 1]) {
      const changed = Uint8Array.from(bytes, (byte, at) => (at === index ? byte ^ 1 : byte));
      expect(sealer.open(toBase64Url(changed), place)).toEqual({ type: 'unopened' });
    }
  });

  test('SEAL-13 T9 a name or line that no page of ours would seal takes no more room than one that it would', () => {
    const name = sealer.seal('W'.repeat(213), place, FIRST_EPOCH);
    expect(openName(sealer, name, session, 3)).toEqual({ type: 'name', text: `${'W'.repeat(39)}…` });
    const line = sealer.seal('W'.repeat(980), { ...place, purpose: 'thanks' }, FIRST_EPOCH);
    expect(openLine(sealer, line, { ...place, purpose: 'thanks' })).toBe(`${'W'.repeat(199)}…`);
    const knock = sealer.seal('W'.repeat(213), { session, seat: 0, purpose: 'knock' }, FIRST_EPOCH);
    expect(openKnock(sealer, knock, session)).toBe(`${'W'.repeat(39)}…`);
  });

  test('T14 names whose blobs were exchanged show at no wrong seat', () => {
    const ada = sealer.seal('Ada', { ...place, seat: 3 }, FIRST_EPOCH);
    const ben = sealer.seal('Ben', { ...place, seat: 4 }, FIRST_EPOCH);
    expect(openName(sealer, ben, session, 3)).toEqual({ type: 'unopened' });
    expect(openName(sealer, ada, session, 4)).toEqual({ type: 'unopened' });
    expect(openName(sealer, ada, session, 3)).toEqual({ type: 'name', text: 'Ada' });
  });

  test('SEAL-4 junk cannot be opened and throws nothing', () => {
    for (const junk of ['', 'A', 'AQ', 'AQE', 'AQEB', 'not base64!', 'AQ'.repeat(20)]) {
      expect(sealer.open(junk, place)).toEqual({ type: 'unopened' });
    }
  });

  test('T38 SEAL-6 all names have one sealed length within the limit', () => {
    const names = [
      'A',
      'Ada',
      '李小龙',
      'Åsa-Märta',
      'x'.repeat(LONGEST_NAME),
      '👍🏽'.repeat(20),
      'é'.repeat(40),
    ];
    const lengths = names.map((name) => {
      expect(checkName(cleanName(name))).toBeNull();
      return fromBase64Url(sealer.seal(cleanName(name), place, FIRST_EPOCH))?.length;
    });
    expect(new Set(lengths)).toEqual(new Set([256]));
  });

  test('SEAL-11 a line of any length has one sealed length within its limit', () => {
    const line: Place = { ...place, seat: 0, purpose: 'agreement' };
    const lines = ['a', 'What is said here stays here.', 'x'.repeat(980), '👍🏽'.repeat(100)];
    for (const text of lines) {
      const sealed = sealer.seal(text, line, FIRST_EPOCH);
      expect(fromBase64Url(sealed)).toHaveLength(1024);
      expect(sealer.open(sealed, line)).toEqual({ type: 'text', text, epoch: FIRST_EPOCH });
      expect(openLine(sealer, sealed, place)).toBeNull();
    }
    expect(() => sealer.seal('x'.repeat(981), line, FIRST_EPOCH)).toThrow();
  });

  test('T14 ENDING-7 a line from one person to another opens for that pair and that purpose only', () => {
    const from3to4: Place = { ...place, seat: 3, to: 4, purpose: 'thanks' };
    const sealed = sealer.seal('for you', from3to4, FIRST_EPOCH);
    expect(openLine(sealer, sealed, from3to4)).toBe('for you');
    const elsewhere: Place[] = [
      { ...from3to4, to: 5 },
      { ...from3to4, to: 0 },
      { ...from3to4, seat: 5 },
      { ...from3to4, seat: 4, to: 3 },
      { ...from3to4, purpose: 'talk' },
      { ...place, seat: 3, purpose: 'thanks' },
    ];
    for (const other of elsewhere) expect(openLine(sealer, sealed, other)).toBeNull();
    // A request that says nothing has the length of one that does.
    const silent = sealer.seal('', { ...from3to4, purpose: 'talk' }, FIRST_EPOCH);
    expect(silent).toHaveLength(sealed.length);
  });

  test('SEAL-5 the first byte is the version and an unknown one is newer', () => {
    const bytes = fromBase64Url(sealer.seal('Ada', place, FIRST_EPOCH)) ?? new Uint8Array();
    expect(bytes[0]).toBe(1);
    bytes[0] = 2;
    expect(sealer.open(toBase64Url(bytes), place)).toEqual({ type: 'newer' });
  });

  test('SEAL-7 each blob has a nonce of its own', () => {
    const nonces = Array.from({ length: 100 }, () => sealer.seal('Ada', place, FIRST_EPOCH).slice(2, 35));
    expect(new Set(nonces).size).toBe(100);
  });

  test('SEAL-1 sealing needs no web crypto', () => {
    // As on plain http, where a page has random numbers and nothing else of it.
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    try {
      expect(crypto.subtle).toBeUndefined();
      const plain = createSealer(drawSecret(browserRandom), browserRandom);
      expect(plain.open(plain.seal('Ada', place, FIRST_EPOCH), place)).toMatchObject({ text: 'Ada' });
      expect(hashSecret(key)).toHaveLength(43);
      expect(drawCommandId(browserRandom)).toHaveLength(36);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('SEAL-7 keys are derived per purpose and epoch', async () => {
    const { xchacha20poly1305 } = await import('@noble/ciphers/chacha.js');
    const bytes = fromBase64Url(sealer.seal('Ada', place, 7)) ?? new Uint8Array();
    expect(bytes[1]).toBe(7);
    const linkKey = fromBase64Url(key) ?? new Uint8Array();
    // Independent of our own code: the platform's HKDF, and the form as it is written down.
    const info = new TextEncoder().encode('attune/1/7/name');
    const imported = await crypto.subtle.importKey('raw', Uint8Array.from(linkKey), 'HKDF', false, [
      'deriveBits',
    ]);
    const bits = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
    const derived = new Uint8Array(await crypto.subtle.deriveBits(bits, imported, 256));
    const associated = new TextEncoder().encode(`attune/1/7/name/${session}/3`);
    const block = xchacha20poly1305(derived, bytes.slice(2, 26), associated).decrypt(bytes.slice(26));
    expect(new TextDecoder().decode(block.slice(1, 1 + (block[0] ?? 0)))).toBe('Ada');
    expect(block.slice(4).every((byte) => byte === 0)).toBe(true);
  });

  test('JOIN-15 each new invite begins the next epoch and the byte never wraps', () => {
    expect(FIRST_EPOCH).toBe(1);
    expect(nextEpoch(1)).toBe(2);
    expect(nextEpoch(255)).toBe(255);
  });

  test('SEAL-6 a text without room is refused', () => {
    expect(() => sealer.seal('x'.repeat(214), place, FIRST_EPOCH)).toThrow();
  });

  test('SEAL-10 a name sealed by a hostile page is cleaned at opening', () => {
    const hostile = sealer.seal('Ada\u202e\u200b\u0007', place, FIRST_EPOCH);
    expect(openName(sealer, hostile, session, 3)).toEqual({ type: 'name', text: 'Ada' });
    const empty = sealer.seal('\u200b', place, FIRST_EPOCH);
    expect(openName(sealer, empty, session, 3)).toEqual({ type: 'unopened' });
  });
});

describe('bytes', () => {
  test('SEAL-2 one value has one spelling', () => {
    expect(fromBase64Url('AAAAAAAAAAAAAAAAAAAAAA')).toHaveLength(16);
    expect(fromBase64Url('AAAAAAAAAAAAAAAAAAAAAB')).toBeNull();
    expect(fromBase64Url('AA==')).toBeNull();
    expect(fromBase64Url('A+/A')).toBeNull();
  });

  test('STEER-8 an act is named by a uuid of version 4', () => {
    const names = Array.from({ length: 20 }, () => drawCommandId(random));
    for (const name of names) {
      expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    expect(new Set(names).size).toBe(20);
  });
});
