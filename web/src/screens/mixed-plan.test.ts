// Plans with phases of several methods: whose texts they show, and when a method's own sentence is left out.
import { expect, test } from 'vitest';
import type { Name } from '../kit/seal';
import { COMMON, type Method, type Plan, type PlanPhase } from '../protocol';
import { plan as defaultPlan, lobbyView, runningView } from '../testing/views';
import { commonParts, otherMethods } from './catalogue';
import { advisingParts, defaultMethod, rolesOf, textsOf } from './methods';
import { addPhase, type Source, setHold, setMode, setPosition } from './plan-edit';
import { createDraftOf, finishDraft } from './plan-editor';
import { roleOf, seeRoom } from './room';
import { sentence } from './sentence';

const now = 1_790_000_000_000;
const names = new Map<number, Name>(
  ['Mary', 'Ruth', 'Ada', 'Ben'].map((text, index) => [index + 1, { type: 'name', text }]),
);

function sourceOf(method: string, id: string): Source {
  const phases =
    method === COMMON ? commonParts : (otherMethods.find((one) => one.id === method) as Method).phases;
  return { method, phase: phases.find(({ plan }) => plan.id === id)?.plan as PlanPhase };
}

const titles = ({ phases }: Plan) => phases.map((phase) => textsOf(defaultMethod, phase).title);

function sentenceIn(plan: Plan, phase: number, seat: number): string {
  const { floor } = plan.phases[phase] as PlanPhase;
  const view = runningView(phase, now, {}, { plan, floor: { mode: floor.mode, speakers: [1, 2, 3, 4] } });
  return sentence(seeRoom(view, seat, names, defaultMethod), 'The usual one.');
}

test('PLAN-17 each phase shows the texts of where it comes from', () => {
  const plan = [
    sourceOf('case-clinic', 'mirror'),
    sourceOf(COMMON, 'break'),
    sourceOf(COMMON, 'break'),
  ].reduce((before, source) => addPhase(before, source), defaultPlan);
  expect(titles(plan).slice(4)).toEqual(['Mirroring', 'Break', 'Break']);
  const [lost] = addPhase({ ...defaultPlan, phases: [] }, sourceOf(COMMON, 'break')).phases;
  const texts = { method: 'of-a-later-version', phase: 'deep-breath' };
  expect(textsOf(defaultMethod, { ...(lost as PlanPhase), texts }).title).toBe('Deep breath');
});

test('PLAN-19 what a method says stands only while it is true', () => {
  const talk = addPhase(defaultPlan, sourceOf(COMMON, 'talk'));
  expect(sentenceIn(talk, 4, 3)).toBe('Say what is there for you now. Nobody has to solve it.');
  expect(sentenceIn(setMode(talk, 4, 'round'), 4, 3)).toBe('The usual one.');
  expect(textsOf(defaultMethod, setMode(talk, 4, 'round').phases[4] as PlanPhase).says).toBeDefined();
  expect(sentenceIn(setPosition(talk, 4, 'leading'), 4, 3)).toBe('The usual one.');
});

test('PLAN-19 roles that came with a phase of another method are given like its own', () => {
  const plan = addPhase(defaultPlan, sourceOf('bells', 'consult'));
  const { named, others } = rolesOf(defaultMethod, plan);
  expect(named.map(({ title }) => title)).toEqual(['Consultant']);
  expect(others?.title).toBe('Observer');
  const view = lobbyView({ plan });
  const seats = view.seats.map((seat) => (seat.seat === 3 ? { ...seat, role: 'consultant' } : seat));
  const room = seeRoom({ ...view, seats }, 1, names, defaultMethod);
  expect(seats.map((seat) => roleOf(room, seat)?.title ?? null)).toEqual([
    null,
    null,
    'Consultant',
    'Observer',
  ]);
  expect(rolesOf(defaultMethod, defaultPlan)).toEqual({ named: [], others: null });
});

test('PLAN-22 parts for advice in a plan that holds advice back are named, and no others', () => {
  const advice = addPhase(addPhase(defaultPlan, sourceOf('incident', 'advice')), sourceOf(COMMON, 'break'));
  expect(advisingParts(defaultMethod, advice.phases)).toEqual(['Advice in turn']);
  expect(advisingParts(defaultMethod, defaultPlan.phases)).toEqual([]);
  expect(
    advisingParts(defaultMethod, addPhase(defaultPlan, sourceOf('case-clinic', 'mirror')).phases),
  ).toEqual([]);
  const of = (id: string) => otherMethods.find((method) => method.id === id) as Method;
  expect(advisingParts(of('action-learning'), advice.phases)).toEqual(['Advice in turn']);
  // A method for advice says so of itself.
  expect(advisingParts(of('first-step'), advice.phases)).toEqual([]);
});

test('EDIT-14 where the silence is held, the sentence says so', () => {
  const held = 'If the talk ends early, we stay quiet until the time is up.';
  const plan = setHold(defaultPlan, 0, true);
  expect(sentenceIn(plan, 0, 3)).toBe(`The usual one. ${held}`);
  expect(sentenceIn(defaultPlan, 0, 3)).toBe('The usual one.');
  // Of a talk of all it is not known when it has ended.
  expect(setHold(defaultPlan, 1, true)).toEqual(defaultPlan);
  const silent = setHold(setMode(defaultPlan, 1, 'round'), 1, true);
  expect([sentenceIn(silent, 1, 3), sentenceIn(silent, 1, 2)]).toEqual([
    `The usual one. ${held}`,
    'The usual one.',
  ]);
});

test('PLAN-16 a draft of a mixed plan is that plan, and keeps offering what the method has besides', () => {
  const mixed = addPhase(
    { ...defaultPlan, phases: [...defaultPlan.phases].reverse() },
    sourceOf(COMMON, 'break'),
  );
  const draft = createDraftOf(defaultMethod, mixed);
  expect(finishDraft(draft)).toEqual(mixed);
  expect(draft.parts.map(({ title, optional, chosen }) => [title, optional, chosen.value])).toEqual([
    ['Arrival', true, false],
    ['How we worked', false, true],
    ['Reflection round', false, true],
    ['Group discussion', false, true],
    ['Presentation', false, true],
    ['Closing round', true, false],
    ['Break', false, true],
  ]);
});
