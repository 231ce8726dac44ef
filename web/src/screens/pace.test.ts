import { describe, expect, test } from 'vitest';
import cases from '../../../protocol/tests/share-cases.json';
import { expectedEnd, minutesNow } from '../kit/state';
import type { RunningView } from '../protocol';
import { lobbyView, runningView } from '../testing/views';
import { laterParts, paceOf, share, shortening, spareOf } from './pace';

const minute = 60_000;
const began = 1_790_000_000_000;
/** In the presentation, at this minute of the session. */
const at = (minutes: number) => began + minutes * minute;
const presenting = (stage: Partial<RunningView> = {}) => runningView(0, at(10), stage);

test('TIME-26 page and server share minutes alike', () => {
  expect(cases.length).toBeGreaterThan(0);
  for (const { spare, take, takes } of cases) expect(share(take, spare)).toEqual(takes);
});

describe('TIME-28 the planned end', () => {
  test('is the start and the plan, however late it gets', () => {
    expect(paceOf(presenting(), at(4), began)).toEqual({ plannedEnd: at(60), end: at(60), behind: 0 });
    expect(paceOf(presenting(), at(16), began)).toEqual({ plannedEnd: at(60), end: at(66), behind: 6 });
    const moved = presenting({ minutes: [10, 22, 13, 9], rest: 44 * minute });
    expect(paceOf(moved, at(16), began)).toEqual({ plannedEnd: at(60), end: at(60), behind: 0 });
  });

  test('is missed by whole minutes, to the nearest', () => {
    const behind = (seconds: number) => paceOf(presenting(), at(10) + seconds * 1_000, began)?.behind;
    expect([29, 30, 89, 90].map(behind)).toEqual([0, 1, 1, 2]);
    expect(paceOf(runningView(1, at(33)), at(9), began)?.behind).toBe(-2);
  });

  test('is none outside a running part', () => {
    expect(paceOf(lobbyView(), at(1), began)).toBeNull();
  });
});

describe('TIME-27 shortening what is left', () => {
  test('shows each part before and after, and where that leads', () => {
    const would = shortening(presenting(), at(16), began);
    expect(would?.parts.map(({ minutes, after }) => [minutes, after])).toEqual([
      [25, 22],
      [15, 13],
      [10, 9],
    ]);
    expect(would).toMatchObject({ behind: 6, endAfter: at(60), missing: 0 });
  });

  test('goes as far as the parts have minutes, and says what is missing', () => {
    const would = shortening(runningView(2, at(50)), at(100), began);
    expect(would?.parts.map(({ after }) => after)).toEqual([1]);
    expect(would).toMatchObject({ behind: 50, endAfter: at(101), missing: 41 });
  });

  test('is nothing where the session is on time, or nothing is left', () => {
    expect(shortening(presenting(), at(5), began)).toBeNull();
    expect(shortening(runningView(3, at(60)), at(70), began)).toBeNull();
  });
});

test('TIME-29 a part that was left by going back keeps its rest', () => {
  const view = presenting({ kept: [{ phase: 1, length: 18 * minute }], rest: 43 * minute });
  const parts = view.stage.type === 'running' ? laterParts(view, view.stage) : [];
  expect(parts.map(({ minutes, spare }) => [minutes, spare])).toEqual([
    [18, 0],
    [15, 14],
    [10, 9],
  ]);
  expect(spareOf(parts)).toBe(23);
  expect(shortening(view, at(30), began)?.parts[0]).toMatchObject({ minutes: 18, after: 18 });
});

test('SCREEN-46 a part has the minutes that the server says, else the planned ones', () => {
  const view = presenting({ minutes: [10, 22, 13, 9] });
  expect([0, 1, 2, 3].map((phase) => minutesNow(view, phase))).toEqual([10, 22, 13, 9]);
  expect(minutesNow(presenting(), 1)).toBe(25);
  expect(minutesNow(lobbyView(), 1)).toBe(25);
  expect(expectedEnd(presenting({ rest: 44 * minute }), at(4))).toBe(at(54));
});
