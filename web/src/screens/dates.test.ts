import { expect, test } from 'vitest';
import { clockTime } from './dates';

test('a clock time reads as people write it, at every hour and at midnight', () => {
  const usual = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
  for (let minute = 0; minute < 48 * 60; minute += 7) {
    const time = Date.UTC(2026, 9, 24) + minute * 60_000;
    expect(clockTime(time)).toBe(usual.format(time));
  }
  expect(clockTime(new Date(2026, 11, 21, 0, 5).getTime())).toBe('00:05');
});
