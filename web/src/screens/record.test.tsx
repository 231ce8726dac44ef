import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { agreementWords } from '../locales/agreement';
import { door } from '../locales/door';
import { ending } from '../locales/en-ending';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { closedView } from '../testing/views';
import { longDate } from './dates';
import { defaultMethod } from './methods';
import { ClosedRecord } from './record';
import { seeRoom } from './room';

// The page that the screens find; imports come after it.
vi.hoisted(() => {
  document.body.innerHTML = '<p id="polite"></p><p id="assertive"></p>';
});

const now = 1_790_000_000_000;
const day = 24 * 60 * 60_000;

/** All that the words say, and what their functions put together. */
function textOf(words: unknown): string {
  if (typeof words === 'string' || typeof words === 'function') return `${words}\n`;
  return words && typeof words === 'object' ? Object.values(words).map(textOf).join('') : '';
}

test('LIFE-4 the record names the day that the session says', () => {
  const root = document.createElement('div');
  const show = (expiresAt: number) => {
    const room = seeRoom({ ...closedView(now), expiresAt }, 3, new Map(), defaultMethod);
    act(() => render(<ClosedRecord room={room} />, root));
    return root.textContent ?? '';
  };
  for (const days of [1, 2, 7, 31]) {
    const named = `The service deletes this record on ${longDate(now + days * day)}.`;
    expect(show(now + days * day)).toContain(named);
  }
});

test('LIFE-4 no text has a retention of its own', () => {
  const all = [words, more, agreementWords, door, ending].map(textOf).join('');
  expect(all).toContain('deletes');
  expect(all).not.toMatch(/24 hours|48 hours|(a|one) day (after|later)|tomorrow|after a day/iu);
});
