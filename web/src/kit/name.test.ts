import { describe, expect, test } from 'vitest';
import { checkName, cleanName, countCharacters, shorten, tellApart } from './name';

describe('names', () => {
  test.each([
    ['  Ada  ', 'Ada'],
    ['Ada\nLovelace', 'Ada Lovelace'],
    ['Ada\u0000\u0007', 'Ada'],
    ['\u202eadA\u202c', 'adA'],
    ['A\u200bd\u200ca\u200d\ufeff\u2060', 'Ada'],
    ['A\u00adda', 'Ada'],
    ['Ada\ufe0f', 'Ada'],
    ['\u3164', ''],
    ['\u2800', ''],
    ['A\u2067\u200f', 'A'],
    ['Ada\u{e0041}\u{e007f}', 'Ada'],
    ['e\u0301', 'é'],
    ['Zo\u0308e\u0308', 'Zöë'],
    ['<b>Ada</b>', '<b>Ada</b>'],
    ['\u0301'.repeat(10_000), ''],
    [' \u0301\u0301 \u0302Ada', 'Ada'],
  ])('T9 SEAL-10 %j is cleaned to %j', (typed, cleaned) => {
    expect(cleanName(typed)).toBe(cleaned);
    expect(cleanName(cleaned)).toBe(cleaned);
  });

  test('T9 SEAL-10 a tower of marks is cut', () => {
    const tower = `A${'\u0303\u0323'.repeat(40)}`;
    expect([...cleanName(tower)].length).toBeLessThanOrEqual(6);
  });

  test('SEAL-6 length is counted as readers count', () => {
    expect(countCharacters('👍🏽é')).toBe(2);
    expect(checkName(cleanName('👍🏽'.repeat(26)))).toBeNull();
    expect(checkName('x'.repeat(40))).toBeNull();
    expect(checkName('x'.repeat(41))).toBe('tooLong');
    expect(checkName('🇬🇧'.repeat(40))).toBe('tooLong');
    expect(checkName('')).toBe('empty');
  });

  test('SEAL-10 names that look alike are told apart', () => {
    const shown = tellApart([
      [1, 'Mary'],
      [2, 'Ruth'],
      [3, 'mary'],
      [4, 'Máry'],
      [5, 'Ｍary'],
    ]);
    expect([...shown.values()]).toEqual(['Mary', 'Ruth', 'mary (2)', 'Máry (3)', 'Ｍary (4)']);
  });

  test('SEAL-14 T9 letters and figures that look like others do not make another name', () => {
    const same = ['Ruth', 'Rut\u04bb', 'R\u03c5th', 'RU\u03a4\u041d'];
    expect([...tellApart(same.map((name, at) => [at, name])).values()]).toEqual([
      'Ruth',
      'Rut\u04bb (2)',
      'R\u03c5th (3)',
      'RU\u03a4\u041d (4)',
    ]);
    for (const [name, other] of [
      ['Ada', '\u0410da'],
      ['Ada', 'Ad\u0430'],
      ['Alan', 'AIan'],
      ['Alan', 'A1an'],
      ['Bo', 'B0'],
      ['Sam', '\u0405am'],
      ['Kim', 'K\u0131m'],
    ] as const) {
      const shown = tellApart([
        [1, name],
        [2, other],
      ]);
      expect([...shown.values()], other).toEqual([name, `${other} (2)`]);
    }
    const russian = ['\u0410\u043d\u043d\u0430', '\u0412\u0435\u0440\u0430', '\u041e\u043b\u044f'];
    expect([...tellApart(russian.map((name, at) => [at, name])).values()]).toEqual(russian);
  });

  test('SEAL-13 what is longer than can be typed is cut, and says so', () => {
    expect(shorten('x'.repeat(40), 40)).toBe('x'.repeat(40));
    expect(shorten('x'.repeat(41), 40)).toBe(`${'x'.repeat(39)}…`);
    expect(shorten('👍🏽'.repeat(3), 2)).toBe('👍🏽…');
    expect(shorten('Ada Lovelace', 5)).toBe('Ada…');
  });

  test('SEAL-10 a number cannot be taken by typing it', () => {
    const shown = tellApart([
      [1, 'Mary'],
      [2, 'Mary (2)'],
      [3, 'Mary'],
    ]);
    expect(new Set(shown.values()).size).toBe(3);
    expect(shown.get(2)).toBe('Mary (2)');
    expect(shown.get(3)).toBe('Mary (3)');
  });
});
