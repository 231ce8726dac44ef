import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { client } from '../app';
import type { Name } from '../kit/seal';
import { runningView } from '../testing/views';
import { defaultMethod } from './methods';
import { seeRoom } from './room';
import { TurnTime } from './turn-time';

// The page that the screens find; imports come after it.
vi.hoisted(() => {
  document.body.innerHTML = '<p id="polite"></p><p id="assertive"></p>';
});

const [mary, ruth, ada, ben] = [1, 2, 3, 4];
const names = new Map<number, Name>([[ada, { type: 'name', text: 'Ada' }]]);

/** What is shown of Ada's turn, which ends in so many seconds. */
function show(seat: number, seconds: number | null): HTMLElement {
  const now = client.now.peek();
  const turn = { speaker: ada, next: [ben, mary], done: [ruth] };
  const round = seconds === null ? turn : { ...turn, turnEndsAt: now + seconds * 1_000 };
  const room = seeRoom(runningView(2, now + 600_000, { round }), seat, names, defaultMethod);
  const root = document.createElement('div');
  act(() => render(<TurnTime room={room} />, root));
  return root;
}

test('ROUND-20 the minutes of a turn are for whoever speaks and whoever steers, and no screen reader is told', () => {
  for (const seat of [ada, mary]) {
    const shown = show(seat, 170);
    expect(shown.textContent).toMatch(/3 minutes/u);
    expect(shown.querySelector('[aria-live], [role]')).toBeNull();
    expect(shown.querySelector('p')?.getAttributeNames()).toEqual(['class']);
    expect(show(seat, -30).textContent).toMatch(
      seat === ada ? /Finish your thought/u : /Ada’s turn are over/u,
    );
    expect(show(seat, null).textContent).toBe('');
  }
  for (const seat of [ruth, ben]) expect(show(seat, 170).textContent).toBe('');
});
