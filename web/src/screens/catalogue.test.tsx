// Every person's screen in every part of every method: a heading, a sentence, and no text that is missing.
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { describe, expect, test, vi } from 'vitest';
import type { Name } from '../kit/seal';
import { isSilentPhase } from '../kit/state';
import type { Method, Plan, PlanPhase, RoundView, SeatView, SessionView } from '../protocol';
import { drawing, drawPlan, editOnce } from '../testing/edits';
import { lobbyView, runningView } from '../testing/views';
import { commonParts, otherMethods } from './catalogue';
import { defaultMethod } from './methods';
import { chooseScreen, isNamedBy, namedRoles, type Room, roleOf, seeRoom } from './room';
import { CurrentScreen } from './session';
import { whoSpeaks } from './shape';
import { moveOnLabel, nextLine } from './wording';

// The page that the screens find; imports come after it.
vi.hoisted(() => {
  document.body.innerHTML = '<p id="polite"></p><p id="assertive"></p>';
});

const now = 1_790_000_000_000;
const [mary, ruth, ada, ben, cerys, dev] = [1, 2, 3, 4, 5, 6];
const people = ['Mary', 'Ruth', 'Ada', 'Ben', 'Cerys', 'Dev'];
const names = new Map<number, Name>(people.map((text, index) => [index + 1, { type: 'name', text }]));
/** The parts of no method, as if they were one. */
const common: Method = { ...defaultMethod, id: 'common', name: 'Common parts', phases: [...commonParts] };
const methods = [defaultMethod, ...otherMethods, common];

const wholePlan = (method: Method): Plan => ({
  method: method.id,
  firmness: 'guide',
  meeting: 'call',
  phases: method.phases.map(({ plan }) => plan),
});

/** Mary facilitates, Ruth presents; Ada and Ben have the method's roles where it has some. */
function seatsOf(plan: Plan): SeatView[] {
  const roles = namedRoles(lobbyView({ plan }));
  return people.map((_, index) => {
    const role = index + 1 === ada ? roles[0] : index + 1 === ben ? roles[1] : undefined;
    return {
      seat: index + 1,
      facilitator: index + 1 === mary,
      agreed: true,
      device: true,
      joinedAt: now,
      offers: false,
      ...(role === undefined ? {} : { role }),
    };
  });
}

/** The floor as the server gives it by the data of a phase. */
function floorOf(view: SessionView, phase: PlanPhase, round: RoundView | null): SessionView['floor'] {
  const { mode } = phase.floor;
  if (mode === 'none') return { mode, speakers: [] };
  const asked = { view, presenter: ruth } as Room;
  const turn = round?.speaker ?? null;
  const speakers = view.seats
    .filter((person) => {
      if (person.seat === ruth && isSilentPhase(phase)) return false;
      if (person.facilitator) return true;
      if (turn === null) return isNamedBy(asked, phase, person);
      return person.seat === turn || (person.seat === ruth && phase.presenter === 'answering');
    })
    .map(({ seat }) => seat);
  if (mode === 'round' && round !== null && turn === null && phase.holdSilence)
    return { mode: 'none', speakers: [] };
  return { mode: mode === 'round' && turn === null ? 'open' : mode, speakers };
}

/** What a round of whoever the floor names goes through; one that names nobody who is there is an open floor. */
function anyRoundsOf(phase: PlanPhase, view: SessionView): (RoundView | null)[] {
  if (phase.floor.mode !== 'round') return [null];
  const asked = { view, presenter: ruth } as Room;
  const takes = view.seats
    .filter((person) => isNamedBy(asked, phase, person))
    .map(({ seat }) => seat)
    .filter((seat) => seat !== ruth || phase.presenter !== 'answering');
  if (takes.length === 0) return [null];
  const turns = takes.map((speaker, at) => ({
    speaker,
    next: takes.slice(at + 1),
    done: takes.slice(0, at),
  }));
  return [...turns, { speaker: null, next: [], done: takes }];
}

/** What a round goes through: somebody's turn, and the open floor afterwards. */
function roundsOf(phase: PlanPhase): (RoundView | null)[] {
  if (phase.floor.mode !== 'round') return [null];
  const presenters = phase.floor.speakers.includes('presenter') && phase.presenter !== 'answering';
  return [
    ...(presenters ? [{ speaker: ruth, next: [cerys, mary], done: [] }] : []),
    { speaker: cerys, next: [dev, mary], done: [ada] },
    { speaker: null, next: [], done: [ada, cerys, dev, mary] },
  ];
}

interface Case {
  readonly what: string;
  readonly room: Room;
}

function* casesOf(
  method: Method,
  plan = wholePlan(method),
  rounds: (phase: PlanPhase, view: SessionView) => (RoundView | null)[] = roundsOf,
): Generator<Case> {
  for (const [index, phase] of plan.phases.entries()) {
    const seats = seatsOf(plan);
    for (const round of rounds(phase, lobbyView({ plan, seats }))) {
      const view = runningView(index, now + 60_000, { round }, { plan, seats });
      const shown = { ...view, floor: floorOf(view, phase, round) };
      for (const seat of [mary, ruth, ada, ben, cerys, dev]) {
        const turn = round === null ? '' : round.speaker === null ? ' afterwards' : ' in turn';
        yield {
          what: `${method.id} ${phase.id}${turn}, ${people[seat - 1]}`,
          room: seeRoom(shown, seat, names, method),
        };
      }
    }
  }
}

/** The heading and the sentence of a screen. */
function show(room: Room): { heading: string; lead: string; text: string } {
  const root = document.createElement('div');
  act(() => render(<CurrentScreen room={room} screen={chooseScreen(room)} />, root));
  const heading = root.querySelector('h1');
  const phase = heading?.querySelector('small')?.textContent ?? '';
  const shown = {
    heading: (heading?.textContent ?? '').slice(phase.length),
    lead: root.querySelector('.lead')?.textContent ?? '',
    text: root.textContent ?? '',
  };
  act(() => render(null, root));
  expect(phase).toBe(`${room.running?.title}: `);
  return shown;
}

function asksForWhatTheFloorAllows({ what, room }: Case): void {
  const screen = chooseScreen(room);
  const { phase, speaker } = room.running ?? {};
  if (!phase) throw new Error(what);
  const quiet = ['silent', 'stillness', 'waiting', 'hearing', 'othersTurn'].includes(screen);
  const turn = speaker === null || speaker === undefined || speaker === room.seat;
  const mayAct = room.iMaySpeak && (turn || (room.iPresent && phase.presenter === 'answering'));
  // Whoever keeps the time may always speak, and is asked to only where it is their part.
  if (room.seat !== mary && phase.presenter !== 'leading') expect(quiet, `${what}: ${screen}`).toBe(!mayAct);
  if (room.iPresent && isSilentPhase(phase)) expect(['silent', 'stillness'], what).toContain(screen);
}

describe.each(methods.map((method) => [method.id, method] as const))('METHOD-9 %s', (_, method) => {
  test('every person has a screen with a heading, a sentence and no missing text', () => {
    for (const { what, room } of casesOf(method)) {
      const { heading, lead, text } = show(room);
      expect(heading.length, what).toBeGreaterThan(3);
      expect(lead, what).toMatch(/^\p{Lu}.*[.?]$/u);
      expect(text, what).not.toMatch(/undefined|null|NaN|\{name\}|Someone|\[object/u);
      expect(nextLine(room, '15:50'), what).toMatch(/^Next: .*\.$/u);
      expect(moveOnLabel(room), what).toMatch(/^(Move on: |Close)/u);
    }
  });

  test('what a screen asks for is what the floor allows', () => {
    for (const one of casesOf(method)) asksForWhatTheFloorAllows(one);
  });
});

test('METHOD-9 in whatever plan the editor makes, every person has a screen for what the floor allows', () => {
  const seed = Number(import.meta.env.ATTUNE_SEED ?? Date.now() % 1_000_000);
  const draw = drawing(seed);
  const known = { methods: [defaultMethod, ...otherMethods], common: commonParts };
  for (let script = 0; script < Number(import.meta.env.ATTUNE_SCRIPTS ?? 6); script += 1) {
    let plan = drawPlan(known, draw);
    for (let step = 0; step < 40; step += 1) plan = editOnce(known, plan, draw);
    const method = known.methods.find(({ id }) => id === plan.method) ?? defaultMethod;
    for (const { what, room } of casesOf(method, plan, anyRoundsOf)) {
      const where = `ATTUNE_SEED=${seed}, ${what}, ${JSON.stringify(room.running?.phase)}`;
      const { heading, lead, text } = show(room);
      expect(heading.length, where).toBeGreaterThan(3);
      expect(lead, where).toMatch(/^\p{Lu}.*[.?]$/u);
      expect(text, where).not.toMatch(/undefined|null|NaN|\{name\}|Someone|\[object/u);
      asksForWhatTheFloorAllows({ what: where, room });
    }
  }
}, 120_000);

test.each(methods)(
  'METHOD-9 what the catalogue says in $name is not lost on the way to the screen',
  (method) => {
    const shown = [...casesOf(method)].map(({ room }) => show(room).lead).join('\n');
    for (const { says, plan } of method.phases) {
      for (const text of Object.values(says ?? {})) {
        expect(shown, `${method.id} ${plan.id}`).toContain(text.replaceAll('{name}', 'Ruth'));
      }
    }
  },
);

test('METHOD-12 a break is called one', () => {
  const found = [...casesOf(common)].find(({ room }) => room.running?.phase.id === 'break');
  expect(found && show(found.room).heading).toContain('Take a break');
});

test('METHOD-9 notes are spoken of where a method allows them, and to whom', () => {
  const leads = (id: string, phase: string, seat: number) => {
    const method = methods.find((one) => one.id === id);
    if (!method) throw new Error(id);
    const found = [...casesOf(method)].find(
      ({ room }) => room.seat === seat && room.running?.phase.id === phase,
    );
    if (!found) throw new Error(phase);
    return show(found.room).lead;
  };
  const own = 'You may write notes for yourself, on paper.';
  expect(leads('in-threes', 'consult', ruth)).toContain(own);
  expect(leads('in-threes', 'consult', cerys)).not.toContain(own);
  expect(leads('first-step', 'ideas', cerys)).toContain('One of you may note it for Ruth, on paper.');
  expect(leads('ruch', 'discuss', ruth)).not.toContain('write');
});

test('METHOD-10 the picture of a method says who speaks in each part', () => {
  const picture = (id: string) =>
    methods.find((one) => one.id === id)?.phases.map(({ plan }) => whoSpeaks(plan));
  expect(picture('ruch')).toEqual(['all', 'presenter', 'group', 'answers', 'all', 'all']);
  expect(picture('case-clinic')).toEqual([
    'presenter',
    'answers',
    'nobody',
    'group',
    'answers',
    'all',
    'answers',
  ]);
  expect(picture('bells')).toEqual(['one', 'presenter', 'answers', 'group', 'answers', 'one', 'all']);
});

test('METHOD-11 a role is called by its title, and everyone else by theirs', () => {
  const bells = methods.find(({ id }) => id === 'bells');
  if (!bells) throw new Error('bells');
  const room = [...casesOf(bells)][0]?.room;
  if (!room) throw new Error('no room');
  const titles = room.view.seats.map((person) => roleOf(room, person)?.title ?? null);
  expect(titles).toEqual([null, null, 'Consultant', 'Action planner', 'Observer', 'Observer']);
});
