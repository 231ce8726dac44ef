import { expect, test } from 'vitest';
import description from '../../../docs/PLAN_FILE.md?raw';
import cases from '../../../protocol/tests/plan-cases.json';
import { listKept } from '../kit/device';
import { createMemoryStore } from '../kit/storage';
import { COMMON, LONGEST_PLAN_MINUTES, MOST_PHASES, type Plan, type PlanPhase } from '../protocol';
import { drawing, drawPlan, editOnce, sourcesOf } from '../testing/edits';
import { plan as defaultPlan } from '../testing/views';
import { commonParts, otherMethods } from './catalogue';
import { defaultMethod } from './methods';
import { MODES, POSITIONS, readPlan } from './plan-check';
import {
  addPhase,
  clarifyingOf,
  movePhase,
  planTotal,
  positionsFor,
  removePhase,
  roomFor,
  type Source,
  setClarifying,
  setFacilitates,
  setMinutes,
  setMode,
  setPosition,
  setSpeaker,
  setTurnMinutes,
  settlePhase,
} from './plan-edit';
import { createDraftOf, finishDraft } from './plan-editor';
import {
  buildPlanLink,
  LONGEST_CODE,
  LONGEST_FILE,
  readPlanCode,
  readPlanFile,
  writePlanCode,
  writePlanFile,
} from './plan-file';
import { createPlanShelf, MOST_PLANS } from './plan-shelf';

const catalogue = { methods: [defaultMethod, ...otherMethods], common: commonParts };

/** Random tests have time on a busy machine, in ms. */
const LONG = 30_000;

/** Every phase that can be added. */
const sources = sourcesOf(catalogue);

const ids = ({ phases }: Plan) => phases.map(({ id }) => id);

/** What a plan says, whatever the order in which it names roles. */
const meaning = (plan: Plan) => ({
  ...plan,
  phases: plan.phases.map((phase) => ({
    ...phase,
    floor: { ...phase.floor, speakers: [...phase.floor.speakers].map((role) => JSON.stringify(role)).sort() },
  })),
});

test(
  'EDIT-1 whatever is edited, the plan can be run, and goes through a file and a link unchanged',
  () => {
    const seed = Number(import.meta.env.ATTUNE_SEED ?? Date.now() % 1_000_000);
    const draw = drawing(seed);
    for (let script = 0; script < 30; script += 1) {
      let plan = drawPlan(catalogue, draw);
      for (let step = 0; step < 40; step += 1) {
        plan = editOnce(catalogue, plan, draw);
        // Compared as text: `expect` at each step would take most of the time.
        const isWhole = JSON.stringify(readPlan(plan)) === JSON.stringify(plan);
        const fits = plan.phases.every(({ floor, presenter }) =>
          positionsFor(floor.mode).includes(presenter),
        );
        if (!isWhole || !fits) throw new Error(`ATTUNE_SEED=${seed}, script ${script}, step ${step}`);
      }
      const known = readPlanFile(writePlanFile(plan));
      // A role that came with the draw and no method of the plan has is refused, everything else is read.
      if (known.type !== 'plan') {
        expect(known.type, `ATTUNE_SEED=${seed}`).toBe('unknownParts');
        expect(JSON.stringify(plan)).toContain('"named":"consultant"');
        continue;
      }
      expect(known.plan, `ATTUNE_SEED=${seed}`).toEqual(plan);
      const code = writePlanCode(plan);
      expect(code.length).toBeLessThan(LONGEST_CODE);
      const linked = readPlanCode(code);
      expect(linked.type === 'plan' && meaning(linked.plan), `ATTUNE_SEED=${seed}`).toEqual(meaning(plan));
    }
  },
  LONG,
);

test('EDIT-1 every phase of the catalogue is one that the editor would make', () => {
  for (const { phase, method } of sources) {
    const settled = settlePhase(phase);
    const speakers = [...settled.floor.speakers].map((role) => JSON.stringify(role)).sort();
    const written = [...phase.floor.speakers].map((role) => JSON.stringify(role)).sort();
    expect({ ...settled, floor: speakers }, `${method} ${phase.id}`).toEqual({ ...phase, floor: written });
  }
});

test('EDIT-2 phases are moved one place, and not over the edge', () => {
  expect(ids(movePhase(defaultPlan, 1, -1))).toEqual(['discuss', 'present', 'reflect', 'review']);
  expect(ids(movePhase(defaultPlan, 1, 1))).toEqual(['present', 'reflect', 'discuss', 'review']);
  expect(movePhase(defaultPlan, 0, -1)).toBe(defaultPlan);
  expect(movePhase(defaultPlan, 3, 1)).toBe(defaultPlan);
});

test('EDIT-3 the last phase cannot be taken out', () => {
  let plan = defaultPlan;
  for (let step = 0; step < 9; step += 1) plan = removePhase(plan, 0);
  expect(ids(plan)).toEqual(['review']);
});

test('EDIT-4 an added phase has an id of its own and says where its texts stand', () => {
  const pause = sources.find(({ phase }) => phase.id === 'break') as Source;
  const twice = addPhase(addPhase(defaultPlan, pause), pause);
  expect(ids(twice).slice(4)).toEqual(['break', 'break-2']);
  expect(twice.phases[5]?.texts).toEqual({ method: COMMON, phase: 'break' });
  const arrival = sources.find(({ method, phase }) => method === 'ruch' && phase.id === 'arrive') as Source;
  const arrived = addPhase(defaultPlan, arrival);
  expect(arrived.phases[4]).toEqual(arrival.phase);
  expect(addPhase(arrived, arrival).phases[5]?.texts).toEqual({ method: 'ruch', phase: 'arrive' });
});

test('EDIT-4 a plan takes no more than it has room for', () => {
  const pause = sources.find(({ phase }) => phase.id === 'break') as Source;
  let plan = defaultPlan;
  for (let step = 0; step < 30; step += 1) plan = addPhase(plan, pause);
  expect(plan.phases.length).toBe(MOST_PHASES);
  expect(roomFor(plan)).toBe(0);
  let long = defaultPlan;
  for (const index of [0, 1, 2]) long = setMinutes(long, index, 150);
  expect([planTotal(long), roomFor(long)]).toEqual([460, 20]);
  const analysis = sources.find(({ phase }) => phase.id === 'explore') as Source;
  long = addPhase(addPhase(long, analysis), analysis);
  expect(long.phases.map(({ minutes }) => minutes)).toEqual([150, 150, 150, 10, 15, 5]);
  expect(planTotal(long)).toBe(LONGEST_PLAN_MINUTES);
  expect(addPhase(long, pause)).toBe(long);
});

test('EDIT-5 nobody speaks, or somebody does, and never a silent presenter', () => {
  const floor = (plan: Plan, index = 1) => plan.phases[index]?.floor;
  const quiet = setMode(defaultPlan, 1, 'none');
  expect(quiet.phases[1]).toMatchObject({
    presenter: 'silent_thinking',
    floor: { mode: 'none', speakers: [] },
  });
  expect(setSpeaker(quiet, 1, 'member', true)).toEqual(quiet);
  expect(floor(setMode(quiet, 1, 'open'))).toEqual({ mode: 'open', speakers: ['facilitator', 'member'] });
  expect(setPosition(quiet, 1, 'speaking')).toEqual(quiet);
  expect(setSpeaker(defaultPlan, 1, 'presenter', true)).toBe(defaultPlan);
  expect(floor(setPosition(defaultPlan, 1, 'answering'))?.speakers).toContain('presenter');
  expect(floor(setPosition(defaultPlan, 2, 'outside'))?.speakers).not.toContain('presenter');
  const alone = setSpeaker(setSpeaker(defaultPlan, 1, 'facilitator', false), 1, 'member', false);
  expect(floor(alone)?.speakers).toEqual(['member']);
  expect(floor(setMode(defaultPlan, 0, 'round'), 0)?.speakers).toEqual(['presenter', 'member']);
});

test('EDIT-5 turns of a round may have minutes, no longer than the part', () => {
  const turnOf = (plan: Plan) => plan.phases[2]?.turnMinutes;
  const short = setTurnMinutes(defaultPlan, 2, 3);
  expect(turnOf(short)).toBe(3);
  expect(turnOf(setTurnMinutes(short, 2, 16))).toBe(3);
  expect(turnOf(setMinutes(short, 2, 2))).toBe(2);
  expect(setMode(short, 2, 'open').phases[2]).not.toHaveProperty('turnMinutes');
  expect(setTurnMinutes(short, 2, null).phases[2]).not.toHaveProperty('turnMinutes');
  expect(setTurnMinutes(defaultPlan, 1, 3)).toEqual(defaultPlan);
  expect(writePlanCode(short)).toContain('~reflect.15_3.rpfm.rfn~');
  const draft = createDraftOf(defaultMethod, short);
  const reflect = draft.parts.find(({ planned }) => planned.id === 'reflect');
  if (reflect) reflect.minutes.value = '2';
  expect(turnOf({ ...short, phases: finishDraft(draft).phases })).toBe(2);
  if (reflect) reflect.inTurn.value = false;
  expect(finishDraft(draft).phases[2]).not.toHaveProperty('turnMinutes');
});

test('EDIT-6 clarifying questions come after the case is told, and go again', () => {
  const clarify = commonParts[1]?.plan as PlanPhase;
  expect(clarifyingOf(defaultPlan)).toBe(false);
  const asked = setClarifying(defaultPlan, clarify, true);
  expect(ids(asked)).toEqual(['present', 'clarify', 'discuss', 'reflect', 'review']);
  expect(clarifyingOf(asked)).toBe(true);
  expect(setClarifying(asked, clarify, true)).toBe(asked);
  expect(setClarifying(asked, clarify, false)).toEqual(defaultPlan);
  const untold = removePhase(defaultPlan, 0);
  expect(clarifyingOf(untold)).toBeNull();
  expect(setClarifying(untold, clarify, true)).toBe(untold);
});

/** A value changed at a place, as a pointer names it. */
function put(value: unknown, path: string, change: unknown): unknown {
  const copy = structuredClone(value);
  const keys = path.split('/').slice(1);
  const last = keys.pop() as string;
  const place = keys.reduce((inner, key) => (inner as Record<string, unknown>)[key], copy);
  (place as Record<string, unknown>)[last] = change;
  return copy;
}

test('EDIT-7 the page and the server take the same plans', () => {
  for (const { what, path, value, valid } of cases) {
    expect(readPlan(put(defaultPlan, path, value)) !== null, what).toBe(valid);
  }
});

test('EDIT-8 EDIT-9 what the description of file and link shows is opened, and is written so', () => {
  const [, file = ''] = /```json\n([^`]+)```/u.exec(description) ?? [];
  const read = readPlanFile(file);
  if (read.type !== 'plan') throw new Error(read.type);
  expect(JSON.parse(writePlanFile(read.plan))).toEqual(JSON.parse(file));
  const [, code = ''] = /\n(1\.ruch\.\S+)\n/u.exec(description) ?? [];
  expect(readPlanCode(code)).toMatchObject({ type: 'plan', plan: read.plan });
  // Every word that a file may hold stands there.
  for (const word of [...MODES, ...POSITIONS, 'none', 'private', 'presenter', 'secretary', 'turnMinutes']) {
    expect(description, word).toContain(`\`${word}\``);
  }
});

test('EDIT-16 whether the next part begins by itself goes with the plan into file and link', () => {
  for (const firmness of ['guide', 'firm'] as const) {
    const plan = { ...defaultPlan, firmness };
    for (const read of [readPlanFile(writePlanFile(plan)), readPlanCode(writePlanCode(plan))]) {
      expect(read.type === 'plan' && read.plan.firmness).toBe(firmness);
    }
  }
});

test('EDIT-12 EDIT-17 that the group chooses who facilitates goes with the plan into file and link, of version 2', () => {
  const plan = setFacilitates(defaultPlan, 'group');
  expect(JSON.parse(writePlanFile(plan))).toMatchObject({ version: 2, plan: { facilitates: 'group' } });
  expect(writePlanCode(plan)).toMatch(/^2\.ruch\.gcg~present/u);
  expect(description).toContain('`2.ruch.gcg`');
  for (const read of [readPlanFile(writePlanFile(plan)), readPlanCode(writePlanCode(plan))]) {
    expect(read).toEqual({ type: 'plan', plan });
  }
  // Nothing else changes with it, and no other plan.
  expect(setFacilitates(plan, 'host')).toEqual(defaultPlan);
  expect(JSON.parse(writePlanFile(setFacilitates(plan, 'host')))).toEqual({
    format: 'attune-plan',
    version: 1,
    plan: defaultPlan,
  });
  // What says the usual is the usual plan.
  const said = { ...defaultPlan, facilitates: 'host' as const };
  expect(readPlan(said)).toEqual(defaultPlan);
  expect(readPlanCode(writePlanCode(defaultPlan).replace('1.ruch.gc', '2.ruch.gch'))).toEqual({
    type: 'plan',
    plan: defaultPlan,
  });
});

test('EDIT-8 a hostile file is refused in words and breaks nothing', () => {
  const good = JSON.parse(writePlanFile(defaultPlan)) as Record<string, unknown>;
  const file = (change: Record<string, unknown>) => readPlanFile(JSON.stringify({ ...good, ...change })).type;
  expect(file({})).toBe('plan');
  expect(file({ version: 2 })).toBe('plan');
  expect(file({ version: 3 })).toBe('newer');
  expect(file({ version: 0 })).toBe('notAPlan');
  expect(file({ version: '1' })).toBe('notAPlan');
  expect(file({ format: 'other' })).toBe('notAPlan');
  expect(file({ name: 'Tuesday' })).toBe('notAPlan');
  const plan = (path: string, value: unknown) => file({ plan: put(defaultPlan, path, value) });
  expect(plan('/method', 'mr-smith')).toBe('unknownParts');
  expect(plan('/phases/0/id', 'mr-smith-was-here')).toBe('unknownParts');
  expect(plan('/phases/0/texts', { method: 'common', phase: 'tea' })).toBe('unknownParts');
  expect(plan('/phases/0/texts', { method: 'common', phase: 'break' })).toBe('unknownParts');
  expect(plan('/phases/1/floor/speakers', [{ named: 'mr-smith' }])).toBe('unknownParts');
  expect(plan('/phases/0/id', 'constructor')).toBe('unknownParts');
  for (const text of [
    '',
    'null',
    '[]',
    '"plan"',
    '{',
    '{"format":"attune-plan","version":1}',
    '{"format":"attune-plan","version":1,"plan":null}',
    '{"format":"attune-plan","version":1,"plan":{"__proto__":{"method":"ruch"}}}',
    `${'['.repeat(8_000)}${']'.repeat(8_000)}`,
    ' '.repeat(LONGEST_FILE + 1),
  ]) {
    expect(readPlanFile(text).type, text.slice(0, 60)).toBe('notAPlan');
  }
});

test(
  'EDIT-8 no file and no link that was damaged by chance breaks the page',
  () => {
    const seed = Number(import.meta.env.ATTUNE_SEED ?? Date.now() % 1_000_000);
    const draw = drawing(seed);
    const whole = [writePlanFile(defaultPlan), writePlanCode(defaultPlan)];
    for (let turn = 0; turn < 2_000; turn += 1) {
      const text = whole[turn % 2] as string;
      const at = draw(text.length);
      const junk = ['', '~', '.', '_', '"', '{', '0', '\u0000', '9'.repeat(30), '__proto__', text][
        draw(11)
      ] as string;
      const damaged = text.slice(0, at) + junk + text.slice(at + draw(4));
      const read = turn % 2 === 0 ? readPlanFile(damaged) : readPlanCode(damaged);
      if (read.type !== 'plan') continue;
      expect(readPlan(read.plan), `ATTUNE_SEED=${seed}`).toEqual(read.plan);
    }
  },
  LONG,
);

test('EDIT-9 a link holds the plan alone, in letters that mail programs leave as they are', () => {
  const link = buildPlanLink('https://attune.example', defaultPlan);
  expect(link).toBe(
    'https://attune.example/new#plan=1.ruch.gc~present.10.sp.sfn~discuss.25.omf.lfn~reflect.15.rpfm.rfn~review.10.opfm.pfn',
  );
  expect(readPlanCode(link.split('=')[1]?.replaceAll('~', '%7E') ?? '').type).toBe('plan');
  for (const [code, type] of [
    ['', 'notAPlan'],
    ['1', 'notAPlan'],
    ['3.ruch.gc', 'newer'],
    ['2.ruch.gc~present.10.sp.sfn', 'notAPlan'],
    ['2.ruch.gcx~present.10.sp.sfn', 'notAPlan'],
    ['2.ruch.gcg~present.10.sp.sfn', 'plan'],
    ['1.ruch.gc', 'notAPlan'],
    ['1.ruch.gc~present.10.sp.sf', 'notAPlan'],
    ['1.ruch.gc~present.1e1.sp.sfn', 'notAPlan'],
    ['1.ruch.gc~tea_common.10.sp.sfn', 'unknownParts'],
    [`1.ruch.gc${'~present.10.sp.sfn'.repeat(200)}`, 'notAPlan'],
  ] as const) {
    expect(readPlanCode(code).type, code).toBe(type);
  }
});

test('EDIT-10 plans are kept on the device by name, up to a number, and can be removed', () => {
  const store = createMemoryStore();
  const shelf = createPlanShelf(store, () => 7);
  expect(shelf.list()).toEqual([]);
  expect(shelf.keep('Tuesday', defaultPlan)).toBe(true);
  expect(shelf.keep('Tuesday', removePhase(defaultPlan, 0))).toBe(true);
  expect(shelf.keep('Friday', defaultPlan)).toBe(true);
  expect(shelf.list().map(({ name, plan }) => [name, plan.phases.length])).toEqual([
    ['Friday', 4],
    ['Tuesday', 3],
  ]);
  // What the device keeps is listed, and removed, together with everything else.
  expect(listKept([store]).map(({ kind, name, at }) => [kind, name, at])).toEqual([
    ['plan', 'Friday', 7],
    ['plan', 'Tuesday', 7],
  ]);
  for (let number = 0; number < MOST_PLANS + 5; number += 1) shelf.keep(`Plan ${number}`, defaultPlan);
  expect(shelf.list().length).toBe(MOST_PLANS);
  expect(shelf.keep('One more', defaultPlan)).toBe(false);
  expect(shelf.keep('Friday', removePhase(defaultPlan, 0))).toBe(true);
  for (const { name } of shelf.list()) shelf.remove(name);
  expect(listKept([store])).toEqual([]);
  for (const junk of [
    '',
    '{',
    'null',
    '[]',
    '{"name":"x"}',
    '{"name":"\\u202e","plan":{}}',
    '{"name":"x","plan":{}}',
  ]) {
    store.setItem('attune.plan.x', junk);
    expect(shelf.list(), junk).toEqual([]);
  }
});
