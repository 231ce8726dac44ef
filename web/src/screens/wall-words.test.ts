import { describe, expect, test } from 'vitest';
import type { DisplayStage, FloorMode, Plan, PlanPhase } from '../protocol';
import { otherMethods } from './catalogue';
import { defaultMethod } from './methods';
import { wallNext, wallText } from './wall-words';

const planOf = (method: { id: string; phases: readonly { plan: PlanPhase }[] }): Plan => ({
  method: method.id,
  firmness: 'guide',
  meeting: 'room',
  phases: method.phases.map(({ plan }) => plan),
});

const ruch = planOf({ ...defaultMethod, phases: defaultMethod.phases.filter(({ chosen }) => chosen) });
/** With the arrival and the closing round. */
const whole = planOf(defaultMethod);

const running = (phase: number, floor: FloorMode): Extract<DisplayStage, { type: 'running' }> => ({
  type: 'running',
  phase,
  timing: { type: 'running', endsAt: 0 },
  length: 600_000,
  marksTwoMinutes: true,
  rest: 0,
  floor,
  presenterMissing: false,
});

const nobody = { presenter: null, speaker: null };
const lead = (phase: number, floor: FloorMode, names: { presenter: string | null; speaker: string | null }) =>
  wallText(ruch, defaultMethod, running(phase, floor), names, 'left').lead;

describe('what stands on the wall', () => {
  test('DISPLAY-12 a Ruch session in words, without names and with them', () => {
    expect(lead(0, 'single', nobody)).toBe('The presenter is speaking. The others listen.');
    expect(lead(1, 'open', nobody)).toBe('Talk to each other. The presenter is listening.');
    expect(lead(2, 'round', nobody)).toBe('One of us is speaking. The others listen.');
    expect(lead(2, 'open', nobody)).toBe('Talk together.');
    expect(lead(3, 'open', nobody)).toBe('Look back together.');
    const ruth = { presenter: 'Ruth', speaker: 'Ruth' };
    expect(lead(0, 'single', ruth)).toBe('Ruth is speaking. The others listen.');
    expect(lead(1, 'open', { presenter: 'Ruth', speaker: null })).toBe(
      'Talk to each other. Ruth is listening.',
    );
    expect(lead(2, 'round', { presenter: 'Ruth', speaker: 'Ben' })).toBe(
      'Ben is speaking. The others listen.',
    );
  });

  test('PLAN-21 a round that nobody answers says what each says, and then that everyone has', () => {
    const said = (phase: number, floor: FloorMode) =>
      wallText(whole, defaultMethod, running(phase, floor), nobody, 'left').lead;
    expect(said(0, 'round')).toBe('One word each, in turn.');
    expect(said(5, 'round')).toBe('One sentence each, in turn.');
    for (const phase of [0, 5]) {
      expect(said(phase, 'open')).toBe('Everyone has had a turn. Stay quiet for a moment.');
    }
  });

  test('DISPLAY-12 nothing urges before the time is up, and a pause names nobody', () => {
    const over = wallText(ruch, defaultMethod, running(1, 'open'), nobody, 'over');
    expect(over).toEqual({
      heading: 'Group discussion',
      lead: 'Time to come to an end. Finish your thought.',
    });
    const paused = { ...running(1, 'open'), timing: { type: 'paused', remaining: 5 } } as const;
    const ruth = { presenter: 'Ruth', speaker: null };
    const { heading, lead } = wallText(ruch, defaultMethod, paused, ruth, 'kept');
    expect(`${heading} ${lead}`).not.toContain('Ruth');
  });

  test('DISPLAY-12 every part of every method has its words, none of them to be filled in', () => {
    for (const method of [defaultMethod, ...otherMethods]) {
      const plan = planOf(method);
      for (const [index, { floor }] of plan.phases.entries()) {
        const modes: FloorMode[] = floor.mode === 'round' ? ['round', 'open'] : [floor.mode];
        for (const mode of modes) {
          const text = wallText(plan, method, running(index, mode), nobody, 'left');
          const all = [text.heading, text.lead, wallNext(plan, method, running(index, mode))];
          expect(all.every((line) => line.length > 3 && !/[{}]|null|undefined/u.test(line))).toBe(true);
          // Two lines at the size of the back row.
          expect(text.lead.length).toBeLessThanOrEqual(100);
        }
      }
    }
  });
});
