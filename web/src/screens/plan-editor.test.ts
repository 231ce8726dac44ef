import { expect, test } from 'vitest';
import { LONGEST_PHASE_MINUTES, type Plan } from '../protocol';
import { defaultMethod } from './methods';
import {
  changeMethod,
  checkDraft,
  createDraft,
  createDraftOf,
  finishDraft,
  readMinutes,
} from './plan-editor';

function part(draft: ReturnType<typeof createDraft>, id: string) {
  const found = draft.parts.find(({ planned }) => planned.id === id);
  if (!found) throw new Error(`no part ${id}`);
  return found;
}

test('PLAN-1 an untouched draft is the default plan', () => {
  const plan = finishDraft(createDraft(defaultMethod));
  expect(plan.phases.map(({ id, minutes }) => [id, minutes])).toEqual([
    ['present', 10],
    ['discuss', 25],
    ['reflect', 15],
    ['review', 10],
  ]);
  expect(plan.firmness).toBe('guide');
});

test('PLAN-7 the arrival and the round can be switched', () => {
  const draft = createDraft(defaultMethod);
  part(draft, 'arrive').chosen.value = true;
  part(draft, 'reflect').inTurn.value = false;
  const plan = finishDraft(draft);
  expect(plan.phases[0]?.id).toBe('arrive');
  expect(plan.phases.find(({ id }) => id === 'reflect')?.floor.mode).toBe('open');
  const again = createDraftOf(defaultMethod, plan);
  expect(finishDraft(again)).toEqual(plan);
});

test('EDIT-12 who facilitates stays with the plan through set-up, also with another method', () => {
  const plan = finishDraft(createDraft(defaultMethod));
  expect(plan).not.toHaveProperty('facilitates');
  const ofGroup: Plan = { ...plan, facilitates: 'group' };
  const draft = createDraftOf(defaultMethod, ofGroup);
  expect(finishDraft(draft)).toEqual(ofGroup);
  expect(finishDraft(changeMethod(draft, defaultMethod))).toEqual(ofGroup);
});

test('SCREEN-21 minutes are whole and in range', () => {
  expect(readMinutes(' 7 ')).toBe(7);
  for (const wrong of ['', '0', '1.5', '-3', 'ten', '1e2', String(LONGEST_PHASE_MINUTES + 1)]) {
    expect(readMinutes(wrong)).toBeNull();
  }
  const draft = createDraft(defaultMethod);
  part(draft, 'discuss').minutes.value = 'ten';
  expect(checkDraft(draft)).toEqual([
    { id: 'minutes-discuss', words: 'Minutes for the group discussion must be a whole number from 1 to 180' },
  ]);
});

test('SCREEN-21 all parts together have a limit', () => {
  const draft = createDraft(defaultMethod);
  for (const id of ['present', 'discuss', 'reflect']) part(draft, id).minutes.value = '180';
  expect(checkDraft(draft)[0]?.words).toBe('All parts together must be 480 minutes or less');
});
