import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { LineList } from './agreement';

// The page that the screens find; imports come after it.
vi.hoisted(() => {
  document.body.innerHTML = '<p id="polite"></p><p id="assertive"></p>';
});

test('AGREE-9 a line that does not open says so in its place', () => {
  const root = document.createElement('div');
  act(() => render(<LineList lines={['Nobody records.', null, 'We begin on time.']} />, root));
  expect([...root.querySelectorAll('li')].map((line) => line.textContent)).toEqual([
    'Nobody records.',
    'This line cannot be opened here. Ask your facilitator for the link again.',
    'We begin on time.',
  ]);
});
