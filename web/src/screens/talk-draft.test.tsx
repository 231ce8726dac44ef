// What is typed for a talk afterwards, and not sent yet.
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import type { Name } from '../kit/seal';
import { press, root, show, useFreshPage } from '../testing/page';
import { runningView } from '../testing/views';
import { defaultMethod } from './methods';
import { seeRoom } from './room';
import { TalkPage } from './talk';

// The page that the screens find; imports come after it.
vi.hoisted(() => {
  document.body.innerHTML = '<p id="polite"></p><p id="assertive"></p>';
});

useFreshPage();

const [ada, ben] = [3, 4];
const names = new Map<number, Name>(
  ['Mary', 'Ruth', 'Ada', 'Ben'].map((text, index) => [index + 1, { type: 'name', text }]),
);

function open(seat: number): { readonly line: string; readonly whom: string } {
  const room = seeRoom(runningView(1, 1_790_000_000_000), seat, names, defaultMethod);
  show(<TalkPage room={room} close={() => undefined} />);
  const chosen = root.querySelector<HTMLInputElement>('input[type=radio]:checked');
  return { line: line()?.value ?? '', whom: chosen?.labels?.[0]?.textContent ?? '' };
}

const line = () => root.querySelector<HTMLInputElement>('#talk-line');

test('ENDING-16 line and person outlast the form, in the same seat and in no storage', () => {
  expect(open(ben)).toEqual({ line: '', whom: '' });
  press('#talk-to');
  act(() => {
    const field = line() as HTMLInputElement;
    field.value = 'On Friday?';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  show(null);
  expect(open(ben)).toEqual({ line: 'On Friday?', whom: 'Mary' });
  show(null);
  expect(open(ada)).toEqual({ line: '', whom: '' });
  expect([localStorage.length, sessionStorage.length]).toEqual([0, 0]);
});
