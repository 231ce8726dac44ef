import { describe, expect, test, vi } from 'vitest';
import { createRandom } from '../testing/fakes';
import { drawCommandId, drawSecret, fromBase64Url, toBase64Url } from './bytes';
import { browserRandom } from './environment';
import { checkName, cleanName, LONGEST_NAME } from './name';
import { createSealer, hashSecret, type Place } from './seal';
import { FIRST_EPOCH, nextEpoch, openName } from './sealed';

const random = createRandom();
const key = drawSecret(random);
const session = drawSecret(random);
const place: Place = { session, seat: 3, purpose: 'name' };
const sealer = createSealer(key, random);

describe('sealing', () => {
  test('seal_1_what_was_sealed_opens_and_shows_nothing_outside', () => {
    const sealed = sealer.seal('Siân', place, FIRST_EPOCH);
    expect(sealer.open(sealed, place)).toEqual({ type: 'text', text: 'Siân', epoch: FIRST_EPOCH });
    expect(atob(sealed.replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('Si');
  });

  test('seal_3_secrets_are_sixteen_bytes_in_twenty_two_characters', () => {
    const secrets = Array.from({ length: 50 }, () => drawSecret(random));
    for (const secret of secrets) expect(fromBase64Url(secret)).toHaveLength(16);
    expect(new Set(secrets.map((secret) => secret.length))).toEqual(new Set([22]));
    expect(new Set(secrets).size).toBe(50);
  });

  test('seal_4_the_server_is_given_the_hash_of_the_bytes', async () => {
    const digest = await crypto.subtle.digest('SHA-256', fromBase64Url(key) as Uint8Array<ArrayBuffer>);
    expect(hashSecret(key)).toBe(toBase64Url(new Uint8Array(digest)));
    expect(hashSecret(key)).toHaveLength(43);
    expect(() => hashSecret('short')).toThrow();
  });

  test('seal_5_a_blob_opens_at_its_own_place_only', () => {
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

  test('seal_5_a_blob_with_another_epoch_or_a_changed_byte_does_not_open', () => {
    const bytes = fromBase64Url(sealer.seal('Ada', place, FIRST_EPOCH)) ?? new Uint8Array();
    for (const index of [1, 2, 30, bytes.length - 1]) {
      const changed = Uint8Array.from(bytes, (byte, at) => (at === index ? byte ^ 1 : byte));
      expect(sealer.open(toBase64Url(changed), place)).toEqual({ type: 'unopened' });
    }
  });

  test('t14_names_whose_blobs_were_exchanged_show_at_no_wrong_seat', () => {
    const ada = sealer.seal('Ada', { ...place, seat: 3 }, FIRST_EPOCH);
    const ben = sealer.seal('Ben', { ...place, seat: 4 }, FIRST_EPOCH);
    expect(openName(sealer, ben, session, 3)).toEqual({ type: 'unopened' });
    expect(openName(sealer, ada, session, 4)).toEqual({ type: 'unopened' });
    expect(openName(sealer, ada, session, 3)).toEqual({ type: 'name', text: 'Ada' });
  });

  test('seal_6_junk_cannot_be_opened_and_throws_nothing', () => {
    for (const junk of ['', 'A', 'AQ', 'AQE', 'AQEB', 'not base64!', 'AQ'.repeat(20)]) {
      expect(sealer.open(junk, place)).toEqual({ type: 'unopened' });
    }
  });

  test('seal_7_t38_all_names_have_one_sealed_length_within_the_limit', () => {
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

  test('seal_8_the_first_byte_is_the_version_and_an_unknown_one_is_newer', () => {
    const bytes = fromBase64Url(sealer.seal('Ada', place, FIRST_EPOCH)) ?? new Uint8Array();
    expect(bytes[0]).toBe(1);
    bytes[0] = 2;
    expect(sealer.open(toBase64Url(bytes), place)).toEqual({ type: 'newer' });
  });

  test('seal_9_each_blob_has_a_nonce_of_its_own', () => {
    const nonces = Array.from({ length: 100 }, () => sealer.seal('Ada', place, FIRST_EPOCH).slice(2, 35));
    expect(new Set(nonces).size).toBe(100);
  });

  test('seal_10_sealing_needs_no_web_crypto', () => {
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

  test('seal_14_keys_are_derived_per_purpose_and_epoch', async () => {
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

  test('join_22_each_new_invite_begins_the_next_epoch_and_the_byte_never_wraps', () => {
    expect(FIRST_EPOCH).toBe(1);
    expect(nextEpoch(1)).toBe(2);
    expect(nextEpoch(255)).toBe(255);
  });

  test('seal_7_a_text_without_room_is_refused', () => {
    expect(() => sealer.seal('x'.repeat(214), place, FIRST_EPOCH)).toThrow();
  });

  test('seal_13_t9_a_name_sealed_by_a_hostile_page_is_cleaned_at_opening', () => {
    const hostile = sealer.seal('Ada\u202e\u200b\u0007', place, FIRST_EPOCH);
    expect(openName(sealer, hostile, session, 3)).toEqual({ type: 'name', text: 'Ada' });
    const empty = sealer.seal('\u200b', place, FIRST_EPOCH);
    expect(openName(sealer, empty, session, 3)).toEqual({ type: 'unopened' });
  });
});

describe('bytes', () => {
  test('seal_2_one_value_has_one_spelling', () => {
    expect(fromBase64Url('AAAAAAAAAAAAAAAAAAAAAA')).toHaveLength(16);
    expect(fromBase64Url('AAAAAAAAAAAAAAAAAAAAAB')).toBeNull();
    expect(fromBase64Url('AA==')).toBeNull();
    expect(fromBase64Url('A+/A')).toBeNull();
  });

  test('steer_10_an_act_is_named_by_a_uuid_of_version_4', () => {
    const names = Array.from({ length: 20 }, () => drawCommandId(random));
    for (const name of names) {
      expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    expect(new Set(names).size).toBe(20);
  });
});
