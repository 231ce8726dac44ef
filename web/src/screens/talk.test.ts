import { describe, expect, test } from 'vitest';
import type { RunningView, SessionView } from '../protocol';
import { runningView } from '../testing/views';
import { handsOf, hasHands } from './hands';
import { heldSilence } from './held';
import { defaultMethod } from './methods';
import { mayRemind, reminderWords } from './reminder';
import { chooseScreen, isQuietNow, mayPutOff, roundBegins, seeRoom } from './room';
import { overInSilence } from './wording';

const now = 1_790_000_000_000;
const [mary, ruth, ada, ben] = [1, 2, 3, 4];
const see = (view: SessionView, seat: number) => seeRoom(view, seat, new Map(), defaultMethod);

const discussion = (change: Partial<SessionView> = {}, hands: number[] = []) =>
  runningView(1, now + 60_000, { hands }, { floor: { mode: 'open', speakers: [mary, ada, ben] }, ...change });

test('HAND-7 who may speak in an open floor has hands, the silent listener none', () => {
  const view = discussion({}, [ben, ada]);
  expect([mary, ruth, ada].map((seat) => hasHands(see(view, seat)))).toEqual([true, false, true]);
  expect(handsOf(see(view, ada))).toEqual([ben, ada]);
  const single = discussion({ floor: { mode: 'single', speakers: [ada] } });
  expect(hasHands(see(single, ada))).toBe(false);
});

test('HAND-7 in the quiet after an arrival or a closing round no hand is offered', () => {
  const phases = defaultMethod.phases.map(({ plan }) => plan);
  const whole = { ...discussion().plan, phases };
  const quiet = (mode: 'round' | 'open') =>
    phases
      .filter((_, index) => {
        const floor = { mode, speakers: [ada] };
        return isQuietNow(see(runningView(0, now, { phase: index }, { plan: whole, floor }), ada));
      })
      .map(({ id }) => id);
  expect(quiet('open')).toEqual(['arrive', 'closing-round']);
  expect(quiet('round')).toEqual([]);
});

test('REMIND-1 a reminder says its words until its time', () => {
  const room = see(discussion({ reminder: { what: 'blame', until: now + 30_000 } }), ruth);
  expect(reminderWords(room, now)).toBe('This is becoming blame.');
  expect(reminderWords(room, now + 29_999)).toBe('This is becoming blame.');
  expect(reminderWords(room, now + 30_000)).toBeNull();
  expect(reminderWords(see(discussion(), ada), now)).toBeNull();
});

test('REMIND-2 REMIND-3 who is offered to send one', () => {
  const offered = (view: SessionView) => [mary, ruth, ada, ben].filter((seat) => mayRemind(see(view, seat)));
  expect(offered(discussion())).toEqual([mary]);
  expect(offered(discussion({ anyoneReminds: true }))).toEqual([mary, ada, ben]);
  expect(offered(discussion({ anyoneReminds: true, floor: { mode: 'none', speakers: [] } }))).toEqual([]);
  const paused = runningView(1, now, {
    timing: { type: 'paused', remaining: 1, since: now, anyoneResumes: false },
  });
  expect(offered(paused)).toEqual([]);
});

test('ROUND-13 "Come back to me" is offered once, and while somebody waits', () => {
  const put = (round: Parameters<typeof runningView>[2]) => {
    const { running } = see(runningView(2, now + 60_000, round), ada);
    return running && { later: mayPutOff(running), begins: roundBegins(running) };
  };
  const round = { speaker: ruth, next: [ada], done: [] };
  expect(put({ round })).toEqual({ later: true, begins: true });
  expect(put({ round: { ...round, later: [ruth] } })).toEqual({ later: false, begins: false });
  expect(put({ round: { ...round, next: [], done: [ada] } })).toEqual({ later: false, begins: false });
  expect(put({ round: { ...round, around: 2 } })).toEqual({ later: true, begins: false });
  expect(put({ round: { speaker: null, next: [], done: [] } })).toEqual({ later: false, begins: true });
});

describe('SCREEN-51 a held silence', () => {
  const hold = (index: number): SessionView['plan'] => {
    const { plan } = discussion();
    const phases = plan.phases.map((phase, at) => ({ ...phase, holdSilence: at === index }));
    return { ...plan, phases };
  };
  const told = (plan: SessionView['plan'], presenterFinished = true) =>
    runningView(0, now, { presenterFinished }, { plan, floor: { mode: 'single', speakers: [ruth] } });

  test('begins once the case is told, and only where it is held', () => {
    expect(heldSilence(see(told(hold(0)), ada))).toBe('case');
    expect(heldSilence(see(told(hold(0), false), ada))).toBeNull();
    expect(heldSilence(see(told(hold(1)), ada))).toBeNull();
  });

  test('begins when nobody has the floor after a round', () => {
    const floorOf = (mode: 'none' | 'open') =>
      runningView(2, now, {}, { plan: hold(2), floor: { mode, speakers: mode === 'none' ? [] : [ada] } });
    expect(heldSilence(see(floorOf('none'), ada))).toBe('round');
    expect(chooseScreen(see(floorOf('none'), ada))).toBe('stillness');
    expect(heldSilence(see(floorOf('open'), ada))).toBeNull();
  });

  test('is sent no reminder, and the one before it stands there no more', () => {
    expect(mayRemind(see(told(hold(0)), mary))).toBe(false);
    expect(mayRemind(see(told(hold(1)), mary))).toBe(true);
    const reminder = { what: 'blame', until: now + 30_000 } as const;
    for (const seat of [mary, ruth, ada]) {
      expect(reminderWords(see({ ...told(hold(0)), reminder }, seat), now)).toBeNull();
      expect(reminderWords(see({ ...told(hold(1)), reminder }, seat), now)).not.toBeNull();
    }
  });

  test('says once its time is up who moves on, and asks nobody to finish a thought', () => {
    const names = new Map([[mary, { type: 'name', text: 'Mary' } as const]]);
    const over = (seat: number, change: Partial<RunningView> = {}) => {
      const { stage, ...view } = told(hold(0));
      const running = { ...stage, ...change } as SessionView['stage'];
      return overInSilence(seeRoom({ ...view, stage: running }, seat, names, defaultMethod));
    };
    expect(over(mary)).toBe('The time is up. Move on when you are ready.');
    for (const seat of [ruth, ada]) {
      expect(over(seat)).toBe('The time is up. Mary will move us on.');
      expect(over(seat, { firm: true })).toBe('The time is up.');
    }
  });
});
