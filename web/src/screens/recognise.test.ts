import { describe, expect, test } from 'vitest';
import type { SeatView, SessionView } from '../protocol';
import { closedView, lobbyView, runningView } from '../testing/views';
import { findLost } from './recognise';
import { seeRoom } from './room';

const came = 1_790_000_000_000;
const minute = 60_000;
const newcomer: SeatView = {
  seat: 5,
  facilitator: false,
  agreed: false,
  device: true,
  joinedAt: came,
  offers: false,
};

/** Ada (3) was lost when the newcomer came, and both are seen from a seat. */
function lost(change: Partial<SeatView> = {}, ofView: Partial<SessionView> = {}, from = 1, awaySince = came) {
  const seats = lobbyView().seats.map((seat) => (seat.seat === 3 ? { ...seat, awaySince } : seat));
  const person = { ...newcomer, ...change };
  const view = runningView(1, came + minute, {}, { seats: [...seats, person], ...ofView });
  return findLost(seeRoom(view, from, new Map(), null), person).map(({ seat }) => seat);
}

describe('DOOR-21 whom a newcomer can be', () => {
  test('somebody who is away, for a facilitator', () => {
    expect(lost()).toEqual([3]);
  });

  test('nobody, for a member, a stand-in, and a facilitator whose chair is held', () => {
    expect(lost({}, {}, 4)).toEqual([]);
    const chair = { standIn: 4, asked: null, freeAt: null };
    expect(lost({}, { chair }, 4)).toEqual([]);
    expect(lost({}, { chair }, 1)).toEqual([]);
  });

  test('DOOR-18 nobody, for who has a part or is not here by a device', () => {
    expect(lost({ facilitator: true })).toEqual([]);
    expect(lost({ role: 'consultant' })).toEqual([]);
    expect(lost({ device: false })).toEqual([]);
    expect(lost({ awaySince: came })).toEqual([]);
    expect(lost({}, { presenter: 5 })).toEqual([]);
  });

  test('DOOR-18 who came up to ten minutes before the loss is new, and who came earlier is not', () => {
    expect(lost({}, {}, 1, came + 10 * minute)).toEqual([3]);
    expect(lost({}, {}, 1, came + 10 * minute + 1)).toEqual([]);
    // Nor is somebody who came before that person.
    expect(lost({ seat: 2 })).toEqual([]);
  });

  test('nobody, after the end', () => {
    const { stage } = closedView(came);
    expect(lost({}, { stage })).toEqual([]);
  });
});
