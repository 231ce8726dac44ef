// The plan editor: a plan is edited, kept, handed on in each way, and run.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Method, MethodPhase, Plan } from '../../../web/src/protocol.ts';
import { expect, type Group, test } from '../kit/group.ts';
import { findMisfits, findWithAxe } from '../kit/inspect.ts';
import type { Person } from '../kit/person.ts';
import { expectScreen } from '../kit/screen.ts';

/** Opens the editor from set-up. */
async function openEditor(group: Group, person: Person): Promise<void> {
  await group.press(person, 'Edit the whole plan');
  await group.appears(person.page.getByRole('heading', { name: 'Edit the plan' }));
}

/** The parts of the editor, in order. */
const parts = (person: Person) => person.page.locator('.plan-parts .part-line > span:first-child');

/** The parts of the summary at set-up, in order. */
const summary = (person: Person) => person.page.locator('form .rows > li > span:first-child');

const EDITED = [
  'Settling in',
  'Group discussion',
  'Presentation',
  'Clarifying questions',
  'Reflection round',
  'How we worked',
];

/** Reorders, adds, and changes who speaks. */
async function edit(group: Group, mary: Person): Promise<void> {
  await group.press(mary, 'Up Group discussion');
  await expect(mary.page.getByText('Group discussion is part 1 of 4 now.')).toBeVisible();
  // At the edge the button that was pressed is gone, and the other one has the focus.
  await expect(mary.button('Up Group discussion')).toHaveCount(0);
  await expect(mary.button('Down Group discussion')).toBeFocused();
  await mary.page.getByLabel('With clarifying questions').check();
  await group.press(mary, 'Add a part');
  await group.press(mary, 'Settling in');
  await expect(mary.button('Up Settling in')).toBeFocused();
  for (let place = 6; place > 1; place -= 1) await group.press(mary, 'Up Settling in');
  await expect(parts(mary)).toHaveText(EDITED);
  await group.press(mary, 'Change Group discussion');
  await mary.page.getByLabel('Minutes', { exact: true }).fill('12');
  const dialog = mary.page.locator('dialog[open]');
  // What is not runnable cannot be made: a turn has minutes in a round only, and no more than the part.
  await expect(dialog.getByLabel('Minutes for one turn')).toHaveCount(0);
  await dialog.getByLabel('One after another, then together').check();
  await dialog.getByLabel('Takes part like everyone else').check();
  await dialog.getByLabel('Minutes for one turn').fill('13');
  await group.press(mary, 'Done');
  await expect(
    dialog.getByText('Minutes for one turn must be a whole number from 1 to 12').first(),
  ).toBeVisible();
  await dialog.getByLabel('Minutes for one turn').fill('2');
  await dialog.getByLabel('Stay quiet until the time is up').check();
  await group.press(mary, 'Done');
  await expect(mary.button('Change Group discussion')).toBeFocused();
  await expect(mary.page.locator('.plan-parts')).toContainText(
    'In turn: the presenter, the group and the facilitator.',
  );
  await expect(mary.page.getByText('54 minutes of 480, 6 of 16 parts.')).toBeVisible();
  await mary.page.locator('dialog[open]').getByText('When the time of a part is up').first().click();
  await mary.page.locator('dialog[open]').getByLabel('The next part begins by itself').check();
}

test('EDIT-2 EDIT-4 EDIT-5 EDIT-8 EDIT-9 EDIT-10 EDIT-16 a plan is edited, kept, saved, handed on, and run', async ({
  group,
}) => {
  test.setTimeout(180_000);
  const mary = await group.arrive('Mary');
  await mary.open('/new');
  await openEditor(group, mary);
  await edit(group, mary);

  await group.press(mary, 'Keep, open or share a plan');
  await group.press(mary, 'Keep this plan');
  await expect(mary.page.getByText('Enter a name for this plan')).toBeVisible();
  await mary.page.getByLabel('Name for this plan').fill('Canary Tuesday');
  await group.press(mary, 'Keep this plan');
  await expect(mary.page.getByText('Canary Tuesday is kept on this device.')).toBeVisible();
  const [download] = await Promise.all([mary.page.waitForEvent('download'), mary.press('Save as a file')]);
  expect(download.suggestedFilename()).toBe('attune-plan.json');
  const file = readFileSync(await download.path(), 'utf8');
  await mary.context.grantPermissions(['clipboard-read', 'clipboard-write', 'screen-wake-lock']);
  await group.press(mary, 'Copy the link to this plan');
  await expect(mary.page.getByText('The link is copied.')).toBeVisible();
  const link = await mary.page.evaluate(() => navigator.clipboard.readText());
  // EDIT-9: the name never leaves the device.
  expect(file + link).not.toContain('Canary');
  expect(new URL(link).pathname + new URL(link).search).toBe('/new');

  // EDIT-11: nothing was used yet.
  await group.press(mary, 'Back to the plan');
  await group.press(mary, 'Leave the plan as it was');
  await expect(summary(mary)).toHaveText([
    'Presentation',
    'Group discussion',
    'Reflection round',
    'How we worked',
  ]);

  // EDIT-8: in another browser, from the file.
  const ada = await group.arrive('Ada');
  await ada.open('/new');
  await openEditor(group, ada);
  await group.press(ada, 'Keep, open or share a plan');
  const choose = ada.page.getByLabel('Open a file');
  const give = (text: string) =>
    choose.setInputFiles({ name: 'plan.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await give('{"format":"attune-plan","version":1,"plan":{}}');
  await expect(ada.page.getByText(/^Error: This is not a plan that can be opened/u)).toBeVisible();
  await give(file.replace('"version": 1', '"version": 3'));
  await expect(ada.page.getByText(/saved by a newer version/u)).toBeVisible();
  await give('x'.repeat(100_000));
  await expect(ada.page.getByText(/^Error: This is not a plan that can be opened/u)).toBeVisible();
  await give(file);
  await expect(parts(ada)).toHaveText(EDITED);
  await group.press(ada, 'Use this plan');
  await expect(summary(ada)).toHaveText(EDITED);

  // EDIT-10: the kept one is there again, and goes.
  await openEditor(group, mary);
  await group.press(mary, 'Keep, open or share a plan');
  await group.press(mary, 'Open Canary Tuesday');
  await expect(parts(mary)).toHaveText(EDITED);
  await group.press(mary, 'Keep, open or share a plan');
  await group.press(mary, 'Remove Canary Tuesday');
  await expect(mary.page.getByText('No plan is kept here yet.')).toBeVisible();
  expect(
    await mary.page.evaluate(() => window.localStorage.getItem('attune.plan.Canary Tuesday')),
  ).toBeNull();
  expect(mary.watch.frames.join() + mary.watch.requests.map((one) => one.url()).join()).not.toContain(
    'Canary',
  );

  // EDIT-9: by the link, and the first two parts run as they were made.
  await group.dismiss(mary);
  await group.dismiss(ada);
  const host = await group.arrive('Mary');
  await host.open(link);
  await expect(host.page.getByText('The plan of the link stands here.')).toBeVisible();
  expect(new URL(host.page.url()).hash).toBe('');
  await expect(summary(host)).toHaveText(EDITED);
  await host.page.getByLabel('Your name').fill('Mary');
  await group.press(host, 'Create the session');
  await host.sees(/Before we start/u);
  await group.breathe();
  group.link = await group.copyLink(host);
  const ruth = await group.join('Ruth');
  const ben = await group.join('Ben');
  await group.press(host, 'Begin: settling in');
  await expectScreen(ben, {
    heading: 'Settling in: We are quiet together',
    sentence: 'Nobody speaks. Let the day settle.',
  });
  // EDIT-16: the next part begins by itself, once its fifteen seconds are over.
  const [settling, talk] = host.readView().plan.phases;
  expect(host.readView().plan.firmness).toBe('firm');
  await group.passMinutes(settling?.minutes ?? 0);
  await ben.sees('Settling in: We are quiet together');
  await group.pass(16_000);
  expect(talk).toMatchObject({ minutes: 12, turnMinutes: 2, holdSilence: true });
  await ruth.sees('Group discussion: It is your turn');
  await expect(ruth.page.getByText('About 2 minutes for your turn.')).toBeVisible();
  await expect(ben.page.getByText(/minutes for/u)).toHaveCount(0);
  for (const person of [ruth, ben, host]) {
    await person.sees('Group discussion: It is your turn');
    await group.press(person, 'I have finished');
  }
  await expectScreen(ben, {
    heading: 'Group discussion: We are quiet together',
    buttons: ['I need a pause'],
  });
});

test('EDIT-3 EDIT-6 EDIT-12 parts go, clarifying questions go on and off, and who presents is left to the lobby', async ({
  group,
}) => {
  const mary = await group.arrive('Mary');
  await mary.open('/new');
  await openEditor(group, mary);
  const clarifying = mary.page.getByLabel('With clarifying questions');
  const ruch = ['Presentation', 'Group discussion', 'Reflection round', 'How we worked'];
  await expect(clarifying).not.toBeChecked();
  await clarifying.check();
  await expect(parts(mary)).toHaveText(['Presentation', 'Clarifying questions', ...ruch.slice(1)]);
  await clarifying.uncheck();
  await expect(parts(mary)).toHaveText(ruch);
  for (const part of ruch.slice(0, 3)) {
    await group.press(mary, `Change ${part}`);
    await group.press(mary, 'Take this part out');
    await expect(mary.page.getByText(`${part} is taken out.`)).toBeVisible();
  }
  await expect(parts(mary)).toHaveText(['How we worked']);
  // Without a case there is nothing to ask about, and the last part stays.
  await expect(clarifying).toHaveCount(0);
  await group.press(mary, 'Change How we worked');
  await expect(mary.button('Take this part out')).toHaveCount(0);
  await group.press(mary, 'Done');
  await expect(mary.page.getByText('Who presents and who has a role is chosen in the lobby')).toBeVisible();
  await group.press(mary, 'Use this plan');
  await group.create(mary);
  const ruth = await group.join('Ruth');
  expect(ruth.readView().plan.phases.map(({ id }) => id)).toEqual(['review']);
  // The lobby gives the facilitation on, and it is gone.
  await group.press(mary, 'People');
  await group.press(mary, /^Ruth/u);
  await group.press(mary, 'Hand the facilitation over');
  await group.press(mary, 'Hand over to Ruth');
  await group.appears(ruth.button(/^Begin/u));
  await expect(mary.button(/^Begin/u)).toHaveCount(0);
});

test('PLAN-22 a part for advice in a plan that promises not to fix is named before others have it', async ({
  group,
}) => {
  const [mary, ruth] = (await group.gather(2)) as [Person, Person];
  const warning = mary.page.getByText('A part comes from a method for advice');
  await group.press(mary, 'Change the plan');
  await expect(warning).toHaveCount(0);
  await openEditor(group, mary);
  await group.press(mary, 'Add a part');
  await mary.page.getByText('Incident method').click();
  await group.press(mary, 'Advice in turn');
  await group.press(mary, 'Use this plan');
  await expect(warning).toBeVisible();
  await expect(mary.page.locator('.notice', { has: warning })).toContainText('Advice in turn.');
  await mary.page.screenshot({ path: 'shots/advising-part-390.png', fullPage: true });
  expect(await findMisfits(mary.page)).toEqual([]);
  expect(await findWithAxe(mary.page, 'light')).toEqual([]);
  expect(ruth.readView().plan.phases).toHaveLength(4);
  // Within a method for advice it says nothing new.
  await group.press(mary, 'Choose another method');
  await group.press(mary, 'Incident method');
  await expect(mary.page.getByText('This method ends in advice')).toBeVisible();
  await expect(warning).toHaveCount(0);
});

test('EDIT-9 a link that holds no plan says so, and set-up is as usual', async ({ group }) => {
  const mary = await group.arrive('Mary');
  await mary.open('/new#plan=1.ruch.gc~present.10.sp');
  await expect(mary.page.getByText('The link does not hold a whole plan.')).toBeVisible();
  await expect(summary(mary)).toHaveText([
    'Presentation',
    'Group discussion',
    'Reflection round',
    'How we worked',
  ]);
  await mary.open('/new#plan=3.ruch.gc');
  await expect(mary.page.getByText(/made by a newer version/u)).toBeVisible();
});

test('EDIT-11 EDIT-13 in the lobby a plan is edited without fetching anything, and is the others’ once it is saved', async ({
  group,
}) => {
  const [mary, ruth] = (await group.gather(3)) as [Person, Person];
  await expect.poll(() => mary.watch.loading).toBe(0);
  const before = mary.watch.requests.length;
  await group.press(mary, 'Change the plan');
  await openEditor(group, mary);
  await expect(mary.page.getByText(/is chosen in the lobby/u)).toBeVisible();
  await group.press(mary, 'Add a part');
  await mary.page.getByText('Consultant and observers').click();
  await group.press(mary, 'Consultation');
  await group.press(mary, 'Use this plan');
  expect(ruth.readView().plan.phases).toHaveLength(4);
  await group.press(mary, 'Save the plan');
  await expect
    .poll(() => ruth.readView().plan.phases.at(-1)?.texts)
    .toEqual({ method: 'bells', phase: 'consult' });
  expect(mary.watch.requests.slice(before).map((request) => request.url())).toEqual([]);
  // PLAN-19: the role that came with the part is given in the lobby.
  await group.giveRole(mary, 'Consultant', 'Ada');
  await expect(ruth.page.getByRole('listitem').filter({ hasText: 'Ada' }).first()).toContainText(
    'consultant',
  );
});

/** Words that stand in one part of the page alone: of the facilitator, the editor, the display and the ending. */
const LATER = {
  'the facilitator': 'Take minutes from later parts',
  'the editor': 'Leave the plan as it was',
  'the display': 'Show the clock',
  'the ending': 'Leave out names of clients',
  'the catalogue': 'Incident method',
} as const;

test('EDIT-13 SCREEN-55 the first page and set-up fetch no part of what comes later', async ({ group }) => {
  const mary = await group.arrive('Mary');
  await mary.open('/');
  await mary.open('/new');
  await expect.poll(() => mary.watch.loading).toBe(0);
  const fetched = async () => {
    const addresses = new Set(mary.watch.requests.map((request) => request.url()));
    const answers = [...addresses].map((address) => mary.context.request.get(address));
    return (await Promise.all((await Promise.all(answers)).map((answer) => answer.text()))).join();
  };
  const before = await fetched();
  for (const [part, said] of Object.entries(LATER)) expect(before, part).not.toContain(said);
  await openEditor(group, mary);
  expect(await fetched()).toContain(LATER['the editor']);
  // All of it is there once a session is, so the words are ones that would be found.
  await group.press(mary, 'Leave the plan as it was');
  await mary.page.getByLabel('Your name').fill('Mary');
  await group.press(mary, 'Create the session');
  await mary.sees(/Before we start/u);
  await expect.poll(() => mary.watch.loading).toBe(0);
  const after = await fetched();
  await mary.open(`/s#d${`.${'A'.repeat(22)}`.repeat(3)}`);
  await expect.poll(() => mary.watch.loading).toBe(0);
  const all = after + (await fetched());
  for (const [part, said] of Object.entries(LATER)) expect(all, part).toContain(said);
});

/** A folder of the protocol crate, as the pages bundle it. */
const DATA = join(import.meta.dirname, '../../../protocol/src');
const readData = (path: string) => JSON.parse(readFileSync(join(DATA, path), 'utf8')) as unknown;
const FIRST = join(import.meta.dirname, '../../../protocol/tests/examples/first/create.json');

/** What `web/src/testing/edits.ts` gives. The page's sources are compiled by rules of their own. */
interface Edits {
  drawing(seed: number): (below: number) => number;
  drawPlan(catalogue: object, draw: (below: number) => number): Plan;
  editOnce(catalogue: object, plan: Plan, draw: (below: number) => number): Plan;
}
const EDITS = '../../../web/src/testing/edits.ts';

test('EDIT-1 plans that were edited at random are taken by the server', async ({ group }) => {
  const seed = Number(process.env.ATTUNE_SEED ?? Date.now() % 1_000_000);
  const { drawing, drawPlan, editOnce } = (await import(EDITS)) as Edits;
  const draw = drawing(seed);
  const catalogue = {
    methods: readdirSync(join(DATA, 'methods')).map((file) => readData(`methods/${file}`) as Method),
    common: readData('common-phases.json') as MethodPhase[],
  };
  const create = JSON.parse(readFileSync(FIRST, 'utf8')) as Record<string, unknown>;
  // As many sessions as one address may set up at once.
  const frames = Array.from({ length: 36 }, () => {
    let plan = drawPlan(catalogue, draw);
    for (let step = 0; step < 60; step += 1) plan = editOnce(catalogue, plan, draw);
    const seatToken = Buffer.from(Array.from({ length: 16 }, () => draw(256))).toString('base64url');
    return JSON.stringify({ ...create, plan, seatToken });
  });
  const mary = await group.arrive('Mary');
  await mary.open('/');
  const answers = await mary.page.evaluate(async (all) => {
    const ask = (frame: string) =>
      new Promise<string>((settle) => {
        const socket = new WebSocket('/ws');
        socket.onopen = () => socket.send(frame);
        socket.onclose = ({ code }) => settle(`closed with ${code}`);
        socket.onmessage = ({ data }) => {
          settle((JSON.parse(String(data)) as { type: string }).type);
          socket.close();
        };
      });
    const answers: string[] = [];
    for (const frame of all) answers.push(await ask(frame));
    return answers;
  }, frames);
  for (const [index, answer] of answers.entries()) {
    expect(answer, `ATTUNE_SEED=${seed}: ${frames[index]}`).toBe('welcome');
  }
});
