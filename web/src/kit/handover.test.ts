import { x25519 } from '@noble/curves/ed25519.js';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../testing/fakes';
import { fromBase64Url, toBase64Url } from './bytes';
import { browserRandom } from './environment';
import { answerKnock, beginKnock, type Met, sayBits } from './handover';

const handed = { session: '', seat: 0, purpose: 'handed' } as const;

function met(side: Met | null): Met {
  if (!side) throw new Error('the keys did not meet');
  return side;
}

// Curves are slow on a busy machine.
describe('the hand-over', { timeout: 60_000 }, () => {
  test('DOOR-8 both sides have the same words, and what one seals the other opens', () => {
    for (let time = 0; time < 8; time += 1) {
      const knocker = beginKnock(browserRandom);
      const opener = answerKnock(knocker.commitment, browserRandom);
      const [inside, outside] = [met(opener.meet(knocker)), met(knocker.meet(opener.key))];
      expect(inside.words).toEqual(outside.words);
      const sealed = inside.sealer.seal('a.b.c', handed, 1);
      expect(outside.sealer.open(sealed, handed)).toEqual({ type: 'text', text: 'a.b.c', epoch: 1 });
      expect(fromBase64Url(sealed)?.length).toBeLessThanOrEqual(1024);
    }
  });

  test('DOOR-8 the library agrees with the numbers of RFC 7748', () => {
    const hex = (text: string) =>
      Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    const nine = Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 9 : 0));
    expect(x25519.getSharedSecret(nine, nine)).toEqual(
      hex('422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079'),
    );
  });

  test('T8 another key than the one committed to is refused', () => {
    const knocker = beginKnock(browserRandom);
    const other = beginKnock(browserRandom);
    const opener = answerKnock(knocker.commitment, browserRandom);
    expect(opener.meet(other)).toBeNull();
    expect(opener.meet({ key: other.key, nonce: knocker.nonce })).toBeNull();
    expect(opener.meet({ key: knocker.key, nonce: other.nonce })).toBeNull();
    expect(opener.meet({ key: 'short', nonce: knocker.nonce })).toBeNull();
    expect(opener.meet(knocker)).not.toBeNull();
  });

  test('T8 a key that agrees with every other is refused', () => {
    const nothing = toBase64Url(new Uint8Array(32));
    expect(beginKnock(browserRandom).meet(nothing)).toBeNull();
    expect(beginKnock(browserRandom).meet('AAAA')).toBeNull();
  });

  test('T8 somebody between the two cannot open what is handed over', () => {
    const knocker = beginKnock(browserRandom);
    const between = beginKnock(browserRandom);
    const opener = answerKnock(between.commitment, browserRandom);
    const sealed = met(opener.meet(between)).sealer.seal('a.b.c', handed, 1);
    const other = answerKnock(knocker.commitment, browserRandom);
    expect(met(knocker.meet(other.key)).sealer.open(sealed, handed)).toEqual({ type: 'unopened' });
  });

  test('T8 the trace of somebody between: all is chosen before the words can be known', () => {
    // What a server in the middle sees and must say, in order. Each side's own key comes to it only after it has
    // fixed what that side will be told.
    const random = createRandom(5);
    const matches = Array.from({ length: 60 }, () => {
      const knocker = beginKnock(random);
      const toOpener = beginKnock(random); // Committed to before the opener's key is known.
      const opener = answerKnock(toOpener.commitment, random);
      const toKnocker = answerKnock(knocker.commitment, random); // Answered before the knocker's key is known.
      const outside = met(knocker.meet(toKnocker.key));
      const inside = met(opener.meet(toOpener));
      // The only way on is to show what was committed to: whatever else is shown is refused.
      expect(opener.meet(beginKnock(random))).toBeNull();
      return inside.words.join() === outside.words.join();
    });
    expect(matches.filter(Boolean)).toHaveLength(0);
  });

  test('T8 the words hold 22 bits: a guess meets them at most once in 2^20', () => {
    const all = new Set(Array.from({ length: 2048 }, (_, bits) => sayBits(bits)));
    expect(all.size).toBe(2048);
    for (const word of all) expect(word).toMatch(/^[a-z]{4}$/);
    // Each word alone is spread over all of them, so that no pair is likelier than another.
    const random = createRandom(9);
    const firsts = new Map<string, number>();
    const seen = new Set<string>();
    const rounds = 150;
    for (let round = 0; round < rounds; round += 1) {
      const knocker = beginKnock(random);
      const [first, second] = met(answerKnock(knocker.commitment, random).meet(knocker)).words;
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
      seen.add(`${first} ${second}`);
    }
    // 150 draws of 2^22 meet each other with a chance of 0.3 %; of 2^11 or fewer they would five times.
    expect(seen.size).toBeGreaterThanOrEqual(rounds - 1);
    expect(firsts.size).toBeGreaterThan(130);
  });
});
