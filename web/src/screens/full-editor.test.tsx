import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import type { Plan } from '../protocol';
import { lobbyView, plan } from '../testing/views';
import { PlanEditor } from './full-editor';

// The page that the screens find; imports come after it.
vi.hoisted(() => {
  document.body.innerHTML = '<p id="polite"></p><p id="assertive"></p>';
});

test('EDIT-12 people are not in the plan, and the editor says where they are chosen', () => {
  const root = document.createElement('div');
  act(() => render(<PlanEditor plan={plan} use={() => {}} close={() => {}} />, root));
  expect(root.textContent).toContain('Who presents and who has a role is chosen in the lobby.');
  const used = Object.keys(lobbyView().plan).sort();
  expect(used).toEqual(['firmness', 'meeting', 'method', 'phases']);
});

test('EDIT-12 that somebody in the group facilitates is chosen, and taken back', () => {
  const root = document.createElement('div');
  document.body.append(root);
  const used: Plan[] = [];
  const use = (changed: Plan) => used.push(changed);
  act(() => render(<PlanEditor plan={plan} use={use} close={() => {}} />, root));
  const choose = (which: number) => {
    act(() => root.querySelectorAll<HTMLInputElement>('[name=plan-facilitates]')[which]?.click());
    const buttons = [...root.querySelectorAll('button')];
    act(() => buttons.find(({ textContent }) => textContent === 'Use this plan')?.click());
  };
  choose(1);
  choose(0);
  expect(used).toEqual([{ ...plan, facilitates: 'group' }, plan]);
  // Where it is not as usual, it stands open.
  const again = document.createElement('div');
  const ofGroup: Plan = { ...plan, facilitates: 'group' };
  act(() => render(<PlanEditor plan={ofGroup} use={use} close={() => {}} />, again));
  const summaries = [...again.querySelectorAll('details[open] > summary')];
  expect(summaries.map(({ textContent }) => textContent)).toEqual(['Who facilitates']);
});
