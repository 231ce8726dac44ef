import { expect, test } from 'vitest';
import { LONGEST_PHASE_MINUTES } from '../protocol';
import { defaultMethod } from './methods';
import { checkDraft, createDraft, finishDraft, readMinutes } from './plan-editor';

function part(draft: ReturnType<typeof createDraft>, id: string) {
  const found = draft.parts.find(({ phase }) => phase.plan.id === id);
  if (!found) throw new Error(`no part ${id}`);
  return found;
}

test('plan_1_an_untouched_draft_is_the_default_plan', () => {
  const plan = finishDraft(createDraft(defaultMethod));
  expect(plan.phases.map(({ id, minutes }) => [id, minutes])).toEqual([
    ['present', 10],
    ['discuss', 25],
    ['reflect', 15],
    ['review', 10],
  ]);
  expect(plan.firmness).toBe('guide');
});

test('plan_the_arrival_and_the_round_can_be_switched', () => {
  const draft = createDraft(defaultMethod);
  part(draft, 'arrive').chosen.value = true;
  part(draft, 'reflect').inTurn.value = false;
  const plan = finishDraft(draft);
  expect(plan.phases[0]?.id).toBe('arrive');
  expect(plan.phases.find(({ id }) => id === 'reflect')?.floor.mode).toBe('open');
  const again = createDraft(defaultMethod, plan);
  expect(finishDraft(again)).toEqual(plan);
});

test('screen_21_minutes_are_whole_and_in_range', () => {
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

test('screen_21_all_parts_together_have_a_limit', () => {
  const draft = createDraft(defaultMethod);
  for (const id of ['present', 'discuss', 'reflect']) part(draft, id).minutes.value = '180';
  expect(checkDraft(draft)[0]?.words).toBe('All parts together must be 480 minutes or less');
});
