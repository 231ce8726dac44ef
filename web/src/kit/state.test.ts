import { describe, expect, test } from 'vitest';
import type { SessionView } from '../protocol';
import { closedView, lobbyView, plan, runningView } from '../testing/views';
import {
  expectedEnd,
  isOnFloor,
  isSilentPresenter,
  lightOf,
  maySteer,
  meetingMinutes,
  phaseOf,
  phaseTime,
  planMinutes,
  position,
} from './state';

const now = 1_790_000_000_000;
const minute = 60_000;
const [mary, ruth, ada] = [1, 2, 3];

describe('the light of a screen', () => {
  const running = (phase: number) => runningView(phase, now + minute);
  test.each<[string, SessionView | null, number, string]>([
    ['nothing known', null, ada, 'arriving'],
    ['the lobby', lobbyView(), ada, 'arriving'],
    ['a newcomer', lobbyView({ stage: { type: 'newcomer' } }), ada, 'arriving'],
    ['presenting, presenter', running(0), ruth, 'speaking'],
    ['presenting, group', running(0), ada, 'listening'],
    ['presenting, facilitator', running(0), mary, 'listening'],
    ['discussion, presenter', running(1), ruth, 'listening'],
    ['discussion, group', running(1), ada, 'together'],
    ['round, presenter', running(2), ruth, 'responding'],
    ['round, group', running(2), ada, 'responding'],
    ['review', running(3), ruth, 'together'],
    ['the end', closedView(now), ada, 'closed'],
  ])('SCREEN-5 %s', (_, view, seat, light) => {
    expect(position(view, seat)).toBe(light);
  });

  test('DISPLAY-15 a wall has the light of those who do not present', () => {
    const lights = plan.phases.map((_, index) => lightOf(plan, index, false));
    expect(lights).toEqual(['listening', 'together', 'responding', 'together']);
    expect(lights).toEqual(plan.phases.map((_, index) => position(running(index), ada)));
    // Also where nobody comes back from silence.
    const respond = { ...plan, phases: plan.phases.filter(({ presenter }) => presenter === 'responding') };
    expect(lightOf(respond, 0, false)).toBe('responding');
  });

  test('SCREEN-5 a turn does not change it', () => {
    const round = { speaker: ada, next: [mary], done: [ruth] };
    const before = runningView(2, now, { moment: { visit: 3, turn: 1 } });
    const after = runningView(2, now, { moment: { visit: 3, turn: 2 }, round });
    for (const seat of [mary, ruth, ada]) expect(position(after, seat)).toBe(position(before, seat));
  });

  test('SCREEN-5 a stillness in which nobody speaks is listening', () => {
    const phases = plan.phases.map((phase) => ({ ...phase, floor: { mode: 'none' as const, speakers: [] } }));
    const view = runningView(3, now, {}, { plan: { ...plan, phases } });
    expect(position(view, ada)).toBe('listening');
  });
});

describe('rights, as far as a page can tell', () => {
  const discussion = runningView(1, now + minute);
  test('STEER-1 facilitators steer and members do not', () => {
    expect(maySteer(discussion, mary)).toBe(true);
    expect(maySteer(discussion, ada)).toBe(false);
    expect(maySteer(discussion, null)).toBe(false);
  });

  test('STEER-2 while somebody stands in only they steer', () => {
    const view = { ...discussion, chair: { standIn: ada, asked: null, freeAt: null } };
    expect(maySteer(view, ada)).toBe(true);
    expect(maySteer(view, mary)).toBe(false);
  });

  test('STEER-3 a silent presenter who facilitates does not steer', () => {
    const presents = { presenter: mary };
    expect(maySteer(runningView(1, now, {}, presents), mary)).toBe(false);
    expect(maySteer(runningView(2, now, {}, presents), mary)).toBe(true);
    expect(isSilentPresenter(runningView(1, now, {}, presents), mary)).toBe(true);
    expect(isSilentPresenter(discussion, ada)).toBe(false);
  });

  test('the floor is the server’s', () => {
    const view = { ...discussion, floor: { mode: 'open' as const, speakers: [ada] } };
    expect(isOnFloor(view, ada)).toBe(true);
    expect(isOnFloor(view, ruth)).toBe(false);
    expect(isOnFloor(view, null)).toBe(false);
  });
});

describe('the time of a phase', () => {
  test('TIME-1 a running phase counts to its end', () => {
    const view = runningView(1, now + 18 * minute + 5_000);
    expect(phaseTime(view, now)).toMatchObject({ state: 'left', seconds: 1_085, length: 25 * minute });
  });

  test('TIME-1 a paused phase stands still', () => {
    const timing = { type: 'paused', remaining: 18 * minute, since: now, anyoneResumes: false } as const;
    const view = runningView(1, 0, { timing });
    expect(phaseTime(view, now)).toEqual(phaseTime(view, now + minute));
    expect(phaseTime(view, now)).toMatchObject({ state: 'kept', seconds: 1_080 });
  });

  test('TIME-2 what is left is signed', () => {
    expect(phaseTime(runningView(1, now), now)).toMatchObject({ state: 'left', seconds: 0 });
    expect(phaseTime(runningView(1, now), now + 130_000)).toMatchObject({ state: 'over', seconds: 130 });
    const timing = { type: 'paused', remaining: -61_000, since: now, anyoneResumes: false } as const;
    expect(phaseTime(runningView(1, 0, { timing }), now)).toMatchObject({ state: 'kept', seconds: 61 });
  });

  test('TIME-7 the last two minutes are from the mark to the end', () => {
    const view = runningView(1, now);
    expect(phaseTime(view, now - 120_001)?.lastMinutes).toBe(false);
    expect(phaseTime(view, now - 120_000)?.lastMinutes).toBe(true);
    expect(phaseTime(view, now)?.lastMinutes).toBe(true);
    expect(phaseTime(view, now + 1_000)?.lastMinutes).toBe(false);
    expect(phaseTime(view, now)?.notch).toBeCloseTo(0.08);
  });

  test('TIME-7 a short phase has no mark', () => {
    const view = runningView(0, now, { marksTwoMinutes: false, length: 5 * minute });
    expect(phaseTime(view, now - minute)).toMatchObject({ notch: null, lastMinutes: false });
  });

  test('nothing runs in the lobby and after the end', () => {
    for (const view of [null, lobbyView(), closedView(now)]) {
      expect(phaseTime(view, now)).toBeNull();
      expect(expectedEnd(view, now)).toBeNull();
      expect(phaseOf(view)).toBeNull();
    }
  });

  test('SCREEN-37 the expected end moves only over time and in a pause', () => {
    const view = runningView(1, now + 10 * minute);
    const onPlan = now + 35 * minute;
    expect(expectedEnd(view, now)).toBe(onPlan);
    expect(expectedEnd(view, now + 9 * minute)).toBe(onPlan);
    expect(expectedEnd(view, now + 12 * minute)).toBe(onPlan + 2 * minute);
    const timing = { type: 'paused', remaining: 4 * minute, since: now, anyoneResumes: true } as const;
    const paused = runningView(1, 0, { timing });
    expect(expectedEnd(paused, now + minute)).toBe(now + 30 * minute);
  });

  test('PLAN-1 the default plan is sixty minutes in four parts', () => {
    expect(planMinutes(plan)).toBe(60);
    expect(plan.phases).toHaveLength(4);
  });

  test('ENDING-5 a meeting is as long as all of its cases were planned', () => {
    const view = closedView(now);
    if (view.stage.type !== 'closed') throw new Error('expected the end');
    const phases = [{ phase: 0, planned: 10 * minute, actual: 9 * minute }];
    const earlier = [{ plan: { ...plan, phases: plan.phases.slice(0, 2) }, phases }];
    const length = (change: object) =>
      meetingMinutes({ ...view, stage: { ...view.stage, ...change } as SessionView['stage'] });
    expect(length({ phases })).toBe(60);
    expect(length({ phases, earlier })).toBe(35 + 60);
    expect(length({ phases: [], earlier })).toBe(35);
    expect(length({ phases: [] })).toBe(60);
    expect(meetingMinutes(lobbyView())).toBe(60);
  });
});
