import { describe, expect, test } from 'vitest';
import actionLearning from '../../../protocol/src/methods/action-learning.json';
import bells from '../../../protocol/src/methods/bells.json';
import caseClinic from '../../../protocol/src/methods/case-clinic.json';
import type { Name } from '../kit/seal';
import type { Method, Plan, RoundView, SessionView } from '../protocol';
import { closedView, lobbyView, runningView } from '../testing/views';
import { defaultMethod } from './methods';
import { chooseScreen, isHere, type Room, type Screen, seeRoom } from './room';
import { moveOnLabel, nextLine, overForGroup, overForSteering } from './wording';

const now = 1_790_000_000_000;
const [mary, ruth, ada, ben] = [1, 2, 3, 4];
const names = new Map<number, Name>(
  ['Mary', 'Ruth', 'Ada', 'Ben'].map((text, index) => [index + 1, { type: 'name', text }]),
);

const see = (view: SessionView, seat: number, method: Method | null = defaultMethod): Room =>
  seeRoom(view, seat, names, method);

/** The floor of a phase as the server gives it, without named roles. */
function floorOf(plan: Plan, phase: number, round: RoundView | null): SessionView['floor'] {
  const planned = plan.phases[phase];
  if (!planned || planned.floor.mode === 'none') return { mode: 'none', speakers: [] };
  if (round && round.speaker !== null) return { mode: 'round', speakers: [mary, round.speaker] };
  const speakers = [mary, ruth, ada, ben].filter((seat) => {
    if (seat === mary) return true;
    return planned.floor.speakers.includes(seat === ruth ? 'presenter' : 'member');
  });
  return { mode: planned.floor.mode === 'round' ? 'open' : planned.floor.mode, speakers };
}

function running(phase: number, round: RoundView | null = null, plan?: Plan): SessionView {
  const { plan: usual } = lobbyView();
  const used = plan ?? usual;
  return runningView(phase, now + 60_000, { round }, { plan: used, floor: floorOf(used, phase, round) });
}

const planOf = (method: Method): Plan => ({
  method: method.id,
  firmness: 'guide',
  meeting: 'call',
  phases: method.phases.filter(({ chosen }) => chosen).map((phase) => phase.plan),
});

const presenterFirst: RoundView = { speaker: ruth, next: [ada, ben, mary], done: [] };
const adasTurn: RoundView = { speaker: ada, next: [ben, mary], done: [ruth] };
const everyoneDone: RoundView = { speaker: null, next: [], done: [ruth, ada, ben, mary] };

describe('one screen for each phase and position', () => {
  test.each<[string, SessionView, number, Screen]>([
    ['screen_25_lobby', lobbyView(), ada, 'lobby'],
    ['screen_27_newcomer', lobbyView({ stage: { type: 'newcomer' } }), ada, 'newcomer'],
    ['screen_28_presenting_presenter', running(0), ruth, 'presenting'],
    ['screen_29_presenting_group', running(0), ada, 'hearing'],
    ['screen_29_presenting_facilitator', running(0), mary, 'hearing'],
    ['screen_30_discussion_group', running(1), ada, 'discussion'],
    ['screen_31_discussion_facilitator', running(1), mary, 'discussion'],
    ['screen_32_silent_listening', running(1), ruth, 'silent'],
    ['screen_35_round_presenter', running(2, presenterFirst), ruth, 'presenterRound'],
    ['screen_35_round_another', running(2, presenterFirst), ada, 'othersTurn'],
    ['screen_35_round_mine', running(2, adasTurn), ada, 'myTurn'],
    ['screen_35_round_presenter_afterwards', running(2, adasTurn), ruth, 'othersTurn'],
    ['screen_35_round_open', running(2, everyoneDone), ada, 'openFloor'],
    ['screen_36_review', running(3), ada, 'review'],
    ['screen_36_review_facilitator', running(3), mary, 'review'],
    ['screen_45_closed', closedView(now), ada, 'closed'],
  ])('%s', (_, view, seat, screen) => {
    expect(chooseScreen(see(view, seat))).toBe(screen);
  });

  test('BACK-15 whoever looks is here, also where nobody was told yet', () => {
    const noted = running(1);
    const away = { ...noted, seats: noted.seats.map((seat) => ({ ...seat, awaySince: now })) };
    const room = see(away, ada);
    expect(room.me).not.toHaveProperty('awaySince');
    expect([mary, ruth, ada].map((seat) => isHere(room, seat))).toEqual([false, false, true]);
    expect({ ...room.view, seats: [] }).toEqual({ ...noted, seats: [] });
  });

  test('SCREEN-38 a pause is one screen for everyone', () => {
    const timing = { type: 'paused', remaining: 60_000, since: now, anyoneResumes: false } as const;
    const paused = runningView(1, now, { timing });
    for (const seat of [mary, ruth, ada]) expect(chooseScreen(see(paused, seat))).toBe('paused');
  });

  test('SCREEN-42 a missing presenter comes before the pause', () => {
    const timing = { type: 'paused', remaining: 60_000, since: now, anyoneResumes: false } as const;
    const missing = runningView(1, now, { timing, presenterMissing: true }, { presenter: null });
    expect(chooseScreen(see(missing, ada))).toBe('presenterMissing');
  });

  test('ROUND-12 a round that is switched off is open from the start', () => {
    const { plan } = lobbyView();
    const phases = plan.phases.map((phase) => ({
      ...phase,
      floor: { ...phase.floor, mode: 'open' as const },
    }));
    const view = running(2, null, { ...plan, phases });
    expect(chooseScreen(see(view, ruth))).toBe('responding');
    expect(chooseScreen(see(view, ada))).toBe('openFloor');
  });

  test('PLAN-14 every phase of the catalogue has a screen with words', () => {
    for (const method of [defaultMethod, bells, caseClinic, actionLearning] as Method[]) {
      const plan = planOf(method);
      for (const [index, phase] of plan.phases.entries()) {
        const round = phase.floor.mode === 'round' ? adasTurn : null;
        for (const seat of [mary, ruth, ada, ben]) {
          const room = see(running(index, round, plan), seat, method);
          const silent = room.iAmSilent || phase.floor.mode === 'none';
          expect(['silent', 'stillness'].includes(chooseScreen(room))).toBe(silent);
          expect(nextLine(room, '15:50')).toMatch(/^Next: .*\.$/);
          expect(moveOnLabel(room)).toMatch(/^(Move on: |Close)/);
        }
      }
    }
  });

  test('PLAN-14 a method that is not known still has titles', () => {
    const room = see(running(1), ada, null);
    expect(room.running?.title).toBe('Discuss');
    expect(chooseScreen(room)).toBe('discussion');
  });
});

describe('words', () => {
  test.each<[string, number, number, string]>([
    ['presenter, before the discussion', 0, ruth, 'Next: you listen, while the group thinks about it.'],
    ['group, before the discussion', 0, ada, 'Next: you think aloud with the others. Ruth listens.'],
    ['group, before the round', 1, ada, 'Next: Ruth comes back and speaks first.'],
    ['group, before the review', 2, ada, 'Next: we look back at how we worked.'],
    ['group, before the end', 3, ada, 'Next: we close, at about 15:50.'],
  ])('SCREEN-1 next %s', (_, phase, seat, text) => {
    expect(nextLine(see(running(phase), seat), '15:50')).toBe(text);
  });

  test('SCREEN-31 move on names what comes', () => {
    const labels = [0, 1, 2, 3].map((phase) => moveOnLabel(see(running(phase), mary)));
    expect(labels).toEqual([
      'Move on: Ruth listens',
      'Move on: Ruth comes back',
      'Move on: how we worked',
      'Close the session',
    ]);
  });

  test('SCREEN-37 over time says who moves on', () => {
    expect(overForSteering(see(running(1), mary))).toBe(
      'Let the last thought finish. Then invite Ruth back.',
    );
    expect(overForGroup(see(running(1), ada))).toBe('Finish your thought. Mary will move us on.');
    const firm = runningView(1, now, { firm: true });
    expect(overForGroup(see(firm, ada))).toBe('Finish your thought. The next part begins by itself.');
  });

  test('SEAL-4 a name that does not open is never another name', () => {
    const sealed = new Map(names).set(ruth, { type: 'unopened' });
    const room = seeRoom(running(0), ada, sealed, defaultMethod);
    expect(room.presenterName).toBe('Someone');
    expect(room.typedName(ruth)).toBeNull();
  });

  test('STEER-2 whoever stands in is named as the one who moves on', () => {
    const view = { ...running(1), chair: { standIn: ben, asked: null, freeAt: null } };
    expect(see(view, ada).mover).toBe('Ben');
    expect(see(view, mary).iSteer).toBe(false);
    expect(see(view, ben).iSteer).toBe(true);
  });
});
