import { describe, expect, test } from 'vitest';
import caseClinic from '../../../protocol/src/methods/case-clinic.json';
import { suggestion } from '../locales/suggestion';
import type { Method, Plan, RoundView, RunningView, SessionView } from '../protocol';
import { plan, runningView } from '../testing/views';
import { defaultMethod } from './methods';
import { seeRoom } from './room';
import { type Known, type SuggestionKind, suggestionFor } from './suggest';

const minute = 60_000;
const began = 1_790_000_000_000;
const [mary, ruth, ada, ben] = [1, 2, 3, 4];
const [presentation, discussion, reflection] = [0, 1, 2];

const at = (minutes: number) => began + minutes * minute;

/** A phase that began at `began`, with the floor that the server gives it. */
function phase(
  index: number,
  stage: Partial<RunningView> = {},
  change: Partial<SessionView> = {},
): SessionView {
  const used = change.plan ?? plan;
  const length = (used.phases[index]?.minutes ?? 0) * minute;
  const mode = used.phases[index]?.floor.mode ?? 'open';
  const speaker = stage.round?.speaker;
  const floor = {
    mode: mode === 'round' && speaker == null ? ('open' as const) : mode,
    speakers: [mary, ada, ben],
  };
  return runningView(index, began + length, { length, beganAt: began, ...stage }, { floor, ...change });
}

function suggested(
  view: SessionView,
  minutes: number,
  known: Partial<Known> = {},
  seat = mary,
): SuggestionKind | null {
  const room = seeRoom(view, seat, new Map(), defaultMethod);
  return suggestionFor(room, { now: at(minutes), behind: 0, shortens: true, putAway: [], ...known });
}

const round = (speaker: number | null, change: Partial<RoundView> = {}): { round: RoundView } => ({
  round: { speaker, next: [ada, ben, mary], done: [], ...change },
});

describe('SUGGEST-1 only whoever steers', () => {
  const late = { behind: 9 };

  test('is offered anything', () => {
    expect(suggested(phase(discussion), 6, late)).toBe('late');
    expect(suggested(phase(discussion), 6, late, ada)).toBeNull();
    expect(suggested(phase(discussion), 6, late, ruth)).toBeNull();
  });

  test('and never the silent presenter, also one who facilitates', () => {
    const view = phase(discussion, {}, { presenter: mary });
    expect(suggested(view, 6, late)).toBeNull();
    expect(
      suggested(phase(discussion, {}, { chair: { standIn: ada, asked: null, freeAt: null } }), 6, late),
    ).toBeNull();
  });

  test('and not in a pause, while the presenter is missing, or in one’s own turn', () => {
    const paused = { type: 'paused', remaining: -9 * minute, since: at(1), anyoneResumes: false } as const;
    expect(suggested(phase(discussion, { timing: paused }), 40, late)).toBeNull();
    expect(suggested(phase(presentation, { presenterMissing: true }), 40, late)).toBeNull();
    expect(suggested(phase(reflection, round(mary)), 40, late)).toBeNull();
  });

  test('who presents is told of the time alone', () => {
    const view = phase(presentation, {}, { presenter: mary });
    expect(suggested(view, 6)).toBeNull();
    expect(suggested(view, 6, late)).toBe('late');
  });
});

describe('SUGGEST-2 what is truthfully known', () => {
  test('over time by two minutes, where nothing moves on by itself', () => {
    const over = (minutes: number, stage = {}) => suggested(phase(discussion, stage), minutes);
    expect([over(25), over(26.9), over(27), over(60)]).toEqual([null, null, 'over', 'over']);
    expect(over(27, { firm: true })).toBeNull();
  });

  test('three minutes behind the plan, where something can be shortened', () => {
    const late = (behind: number | null, shortens = true) =>
      suggested(phase(discussion), 1, { behind, shortens });
    expect([late(2), late(3), late(3, false), late(null)]).toEqual([null, 'late', null, null]);
  });

  test('a first turn that grows long', () => {
    const first = (minutes: number, change = {}) =>
      suggested(phase(reflection, round(ruth, change)), minutes);
    expect([first(4.9), first(5)]).toEqual([null, 'firstTurn']);
    expect(first(6, { done: [ada] })).toBeNull();
    expect(first(6, { turnEndsAt: at(3) })).toBeNull();
    expect(suggested(phase(reflection, round(ada)), 9)).toBeNull();
  });

  test('not of somebody without a connection', () => {
    const away = phase(reflection, round(ruth));
    const seats = away.seats.map((seat) => (seat.seat === ruth ? { ...seat, awaySince: at(1) } : seat));
    expect(suggested({ ...away, seats }, 6)).toBeNull();
    expect(suggested({ ...phase(presentation), seats }, 6)).toBeNull();
  });

  test('stillness from its middle on', () => {
    const method = caseClinic as Method;
    const clinic: Plan = { ...plan, method: method.id, phases: method.phases.map((one) => one.plan) };
    const index = clinic.phases.findIndex(({ floor }) => floor.mode === 'none');
    const still = (minutes: number) => suggested(phase(index, {}, { plan: clinic }), minutes);
    expect([still(0.4), still(0.5)]).toEqual([null, 'still']);
  });

  test('nothing in a held silence, neither on the time nor over it', () => {
    const phases = plan.phases.map((one) => ({ ...one, holdSilence: one.presenter !== 'silent_listening' }));
    const held = { ...plan, phases };
    const late = { behind: 9 };
    const told = phase(presentation, { presenterFinished: true }, { plan: held });
    const inTurn = phase(reflection, round(null), {
      plan: held,
      floor: { mode: 'none', speakers: [] },
    });
    for (const view of [told, inTurn]) {
      for (const minutes of [1, 9, 20, 60]) expect(suggested(view, minutes, late)).toBeNull();
    }
    expect(suggested(phase(presentation, {}, { plan: held }), 9, late)).toBe('late');
    expect(suggested(phase(presentation, { presenterFinished: true }), 9, late)).toBe('late');
  });

  test('the story from its middle on, until it is told', () => {
    expect([suggested(phase(presentation), 4.9), suggested(phase(presentation), 5)]).toEqual([
      null,
      'presenterQuiet',
    ]);
    expect(suggested(phase(presentation, { presenterFinished: true }), 6)).toBeNull();
  });

  test('an open talk after five minutes, unless somebody asks to speak', () => {
    expect([suggested(phase(discussion), 4.9), suggested(phase(discussion), 5)]).toEqual([null, 'quiet']);
    expect(suggested(phase(discussion, { hands: [ada] }), 6)).toBeNull();
    expect(suggested(phase(reflection, round(null)), 6)).toBe('quiet');
  });
});

describe('SUGGEST-3 once put away', () => {
  const visit = 2;
  const away = (kind: SuggestionKind, minutes: number) => [{ visit, kind, at: at(minutes) }];

  test('it does not come again in this visit, and nothing else for five minutes', () => {
    const putAway = away('late', 6);
    expect(suggested(phase(discussion), 10.9, { behind: 9, putAway })).toBeNull();
    expect(suggested(phase(discussion), 11, { behind: 9, putAway })).toBe('quiet');
    expect(
      suggested(phase(discussion), 24, { behind: 9, putAway: [...putAway, ...away('quiet', 12)] }),
    ).toBeNull();
  });

  test('another visit may be offered it, once the five minutes are over', () => {
    const moment = { visit: 4, turn: 0 };
    const later = (minutes: number) =>
      suggested(phase(discussion, { moment }), minutes, { putAway: away('quiet', 5) });
    expect([6, 9.9, 10].map(later)).toEqual([null, null, 'quiet']);
  });
});

test('SUGGEST-4 it is short, and says what groups do', () => {
  const kinds: SuggestionKind[] = ['over', 'late', 'firstTurn', 'still', 'presenterQuiet', 'quiet'];
  for (const { title, says } of kinds.map((kind) => suggestion[kind]('Ruth'))) {
    expect(title.length).toBeLessThanOrEqual(36);
    expect(says.length).toBeLessThanOrEqual(90);
    expect(`${title} ${says}`).not.toMatch(/[!–—]|please|must/iu);
  }
});
