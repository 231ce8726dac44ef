// Views of a small group, for tests: Mary facilitates (seat 1), Ruth presents (2), Ada and Ben are members (3, 4).
import ruch from '../../../protocol/src/methods/ruch.json';
import type { Method, Plan, RunningView, SessionView, StageView } from '../protocol';

const method = ruch as Method;

/** The default plan. */
export const plan: Plan = {
  method: method.id,
  firmness: 'guide',
  meeting: 'call',
  phases: method.phases.filter(({ chosen }) => chosen).map((phase) => phase.plan),
};

const minute = 60_000;

/** A view in the lobby, changed as asked. */
export function lobbyView(change: Partial<SessionView> = {}): SessionView {
  return {
    plan,
    stage: { type: 'lobby' },
    seats: [1, 2, 3, 4].map((seat) => ({
      seat,
      facilitator: seat === 1,
      agreed: true,
      device: true,
      joinedAt: 1_790_000_000_000,
      offers: false,
    })),
    seatLimit: 12,
    presenter: 2,
    chair: { standIn: null, asked: null, freeAt: null },
    floor: { mode: 'open', speakers: [1, 2, 3, 4] },
    expiresAt: 1_790_000_000_000 + 24 * 60 * minute,
    undo: [],
    ...change,
  };
}

/** A view in a phase that runs to `endsAt`, changed as asked. */
export function runningView(
  phase: number,
  endsAt: number,
  stage: Partial<RunningView> = {},
  change: Partial<SessionView> = {},
): SessionView {
  const length = (plan.phases[phase]?.minutes ?? 0) * minute;
  const later = plan.phases.slice(phase + 1).reduce((sum, { minutes }) => sum + minutes * minute, 0);
  const running: StageView = {
    type: 'running',
    moment: { visit: phase + 1, turn: 0 },
    phase,
    timing: { type: 'running', endsAt },
    beganAt: endsAt - length,
    length,
    marksTwoMinutes: true,
    rest: later,
    firm: false,
    round: null,
    presenterFinished: false,
    presenterMissing: false,
    ...stage,
  };
  return lobbyView({ stage: running, ...change });
}

/** A view after the end. */
export function closedView(closedAt: number): SessionView {
  return lobbyView({
    stage: {
      type: 'closed',
      beganAt: closedAt - 60 * minute,
      closedAt,
      phases: [],
      attendance: [1, 2, 3, 4],
    },
    expiresAt: closedAt + 24 * 60 * minute,
  });
}
