// What a held silence shows, whatever the presenter did before it: nobody is asked anything.
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import type { Name } from '../kit/seal';
import { plan as defaultPlan, runningView } from '../testing/views';
import { defaultMethod } from './methods';
import { setHold, setMode, setPosition } from './plan-edit';
import { chooseScreen, seeRoom } from './room';
import { CurrentScreen } from './session';

// The page that the screens find; imports come after it.
vi.hoisted(() => {
  document.body.innerHTML = '<p id="polite"></p><p id="assertive"></p>';
});

const now = 1_790_000_000_000;
const [mary, ruth, ada] = [1, 2, 3];
const names = new Map<number, Name>(
  ['Mary', 'Ruth', 'Ada', 'Ben'].map((text, index) => [index + 1, { type: 'name', text }]),
);
const positions = ['speaking', 'answering', 'responding', 'leading', 'participant'] as const;

/** The screen of a part in which the presenter, in mode "single", does this. */
function show(position: (typeof positions)[number], presenterFinished: boolean, seat: number) {
  const index = position === 'speaking' ? 0 : 1;
  const single = setPosition(setMode(defaultPlan, index, 'single'), index, position);
  const plan = setHold(single, index, true);
  expect(plan.phases[index]?.holdSilence, position).toBe(true);
  const floor = { mode: 'single', speakers: presenterFinished ? [ruth] : [mary, ruth, ada] } as const;
  const view = runningView(
    index,
    now + 60_000,
    { presenterFinished },
    { plan, floor: { ...floor, speakers: [...floor.speakers] } },
  );
  const room = seeRoom(view, seat, names, defaultMethod);
  const root = document.createElement('div');
  act(() => render(<CurrentScreen room={room} screen={chooseScreen(room)} />, root));
  const text = (selector: string) => root.querySelector(selector)?.textContent ?? '';
  const shown = { heading: text('h1'), lead: text('.lead'), think: text('.think'), next: text('.next') };
  act(() => render(null, root));
  return shown;
}

test.each(positions)('SCREEN-51 nobody has a question once the presenter has finished: %s', (position) => {
  for (const seat of [mary, ruth, ada]) {
    const before = show(position, false, seat);
    expect(before.heading).not.toContain('We are quiet together');
    expect(before.think, 'until then there is one').not.toBe('');
    const held = show(position, true, seat);
    expect(held.heading).toMatch(/^(Presentation|Group discussion): We are quiet together$/u);
    expect([held.think, held.next]).toEqual(['', '']);
    expect(held.lead).toBe(
      seat === ruth
        ? 'You have finished. We stay quiet until the time is up. You can still add something.'
        : 'Ruth has finished. We stay quiet until the time is up.',
    );
  }
});
