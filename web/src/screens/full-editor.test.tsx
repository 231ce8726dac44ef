import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, test, vi } from 'vitest';
import { lobbyView, plan } from '../testing/views';
import { PlanEditor } from './full-editor';

// The page that the screens find; imports come after it.
vi.hoisted(() => {
  document.body.innerHTML = '<p id="polite"></p><p id="assertive"></p>';
});

test('EDIT-12 people are not in the plan, and the editor says where they are chosen', () => {
  const root = document.createElement('div');
  act(() => render(<PlanEditor plan={plan} use={() => {}} close={() => {}} />, root));
  expect(root.textContent).toContain(
    'Who presents, who facilitates and who has a role is chosen in the lobby.',
  );
  const used = Object.keys(lobbyView().plan).sort();
  expect(used).toEqual(['firmness', 'meeting', 'method', 'phases']);
});
