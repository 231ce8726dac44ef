import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { runningView } from '../testing/views';
import { PresenterChoice } from './choose-presenter';
import { seeRoom } from './room';

// The page that the screens find; imports come after it.
vi.hoisted(() => {
  document.body.innerHTML = '<p id="polite"></p><p id="assertive"></p>';
});

const [mary, ada, ben] = [1, 3, 4];

/** What stands beside each person in the list, once the presenter is gone and Ada offers. */
function marks(reserve: number | null): (string | undefined)[] {
  const view = runningView(2, 1_790_000_000_000, { presenterMissing: true }, { presenter: null });
  const seats = view.seats.map((seat) => ({ ...seat, offers: seat.seat === ada }));
  const seen = { ...view, seats, ...(reserve === null ? {} : { reserve }) };
  const root = document.createElement('div');
  act(() => render(<PresenterChoice room={seeRoom(seen, mary, new Map(), null)} />, root));
  return [...root.querySelectorAll('li')].map((row) => row.querySelector('span')?.textContent);
}

test('CASE-13 where the presenter is gone the choice begins with the reserve, then whoever offers', () => {
  const { offers } = more.presenter;
  const { reserve } = words.lobby;
  expect(marks(null)).toEqual([offers, undefined, undefined, undefined]);
  expect(marks(ben)).toEqual([reserve, offers, undefined, undefined]);
});
