import { describe, expect, test } from 'vitest';
import { MOST_AGREEMENT_LINES } from '../protocol';
import { cleanLine, isTooLong, keepLines, readKeptLines } from './agreement';
import { createMemoryStore } from './storage';

describe('lines', () => {
  test('AGREE-1 a line has at most 200 characters, and what they take has room', () => {
    expect(isTooLong('x'.repeat(200))).toBe(false);
    expect(isTooLong('x'.repeat(201))).toBe(true);
    expect(isTooLong('ä'.repeat(200))).toBe(false);
    // Few characters of many bytes each would not fit.
    expect(isTooLong('x\u0332\u0333\u0331'.repeat(150))).toBe(true);
  });

  test('AGREE-1 a line is one line without anything invisible', () => {
    expect(cleanLine('  Nobody\n\trecords.\u202e ')).toBe('Nobody records.');
  });
});

describe('AGREE-6 lines for next time', () => {
  test('they are kept and forgotten again', () => {
    const store = createMemoryStore();
    expect(readKeptLines(store)).toEqual([]);
    keepLines(store, ['Nobody records.', 'We begin on time.']);
    expect(readKeptLines(store)).toEqual(['Nobody records.', 'We begin on time.']);
    keepLines(store, []);
    expect(store.length).toBe(0);
  });

  test('what cannot be read is nothing, and what is too much is left out', () => {
    const store = createMemoryStore();
    for (const junk of ['{', 'null', '7', '{"0":"a"}']) {
      store.setItem('attune.agreement', junk);
      expect(readKeptLines(store)).toEqual([]);
    }
    store.setItem('attune.agreement', JSON.stringify([7, '', 'x'.repeat(201), ' one ', null]));
    expect(readKeptLines(store)).toEqual(['one']);
    store.setItem('attune.agreement', JSON.stringify(Array(40).fill('one')));
    expect(readKeptLines(store)).toHaveLength(MOST_AGREEMENT_LINES);
  });

  test('a store that refuses is no trouble', () => {
    const store = {
      ...createMemoryStore(),
      setItem: () => {
        throw new DOMException('full');
      },
    };
    keepLines(store, ['Nobody records.']);
    expect(readKeptLines(store)).toEqual([]);
  });
});
