// What a person does alone after the talk: a CPD note, the next meeting, and leaving a clear device.
import { readFileSync } from 'node:fs';
import { expect, type Group, LOST_CONNECTION, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';

/** A name of somebody else, which must not leave the device. */
const CANARY = 'Kanarienvogel-9c1e';

/** The six fields of a CPD note, and what is typed in each. */
const CPD = {
  'What kind of CPD was it?': 'A discussion of a case',
  'What was it about, and why does it matter for your work?': 'About waiting. It matters each week.',
  'On which day?': 'Monday 21 December 2026',
  'What did you learn?': `I waited.\n# ${CANARY}`,
  'What does it change in your practice, and for the people you work with?': 'I leave more time.',
  'What did you learn from talking it through with others?': 'Others wait too.',
} as const;

/** A group whose session is over, after a phase. */
async function close(group: Group, size: number): Promise<Person[]> {
  const people = await group.begin(size);
  const [mary] = people as [Person];
  await group.passMinutes(11);
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  for (const person of people) await person.sees(/The session is closed/u);
  await group.breathe();
  return people;
}

async function save(person: Person, button: string): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([person.page.waitForEvent('download'), person.press(button)]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

/** Everything that this browser keeps of Attune's. */
function readKept(person: Person): Promise<string[]> {
  return person.page.evaluate(async () => [
    ...Object.keys(localStorage),
    ...Object.keys(sessionStorage),
    ...(await caches.keys()),
    ...(await indexedDB.databases()).map(({ name }) => name ?? ''),
    document.cookie,
  ]);
}

/** What went over the wire since `before`, but for files that the page makes itself. */
function readWire(person: Person, before: { requests: number; frames: number }): string {
  const requests = person.watch.requests
    .slice(before.requests)
    .filter((request) => !request.url().startsWith('blob:'))
    .map((request) => `${request.url()} ${request.postData() ?? ''}`);
  return [...requests, ...person.watch.frames.slice(before.frames)].join('\n');
}

test('ENDING-1 ENDING-2 ENDING-3 ENDING-4 T24 a CPD note stays on the device', async ({ group, stage }) => {
  const [, , ada] = (await close(group, 3)) as [Person, Person, Person];
  const before = { requests: ada.watch.requests.length, frames: ada.watch.frames.length };
  await group.press(ada, 'Write a note for your CPD record');
  await ada.sees(/Your CPD note/u);
  await expect(ada.page.getByText('Leave out names of clients')).toBeVisible();
  await expect(ada.page.getByLabel('On which day?')).toHaveValue('Monday 21 December 2026');
  await expect(ada.page.getByLabel('What kind of CPD was it?')).toHaveValue('Case discussion with peers');
  const fields = Object.entries(CPD);
  for (const [question, said] of fields) await ada.page.getByLabel(question).fill(said);
  await expect(ada.page.getByText('Kept on this device.')).toBeVisible();
  const markdown = await save(ada, 'Save as Markdown');
  expect(markdown.name).toBe('cpd-note-2026-12-21.md');
  const plain = await save(ada, 'Save as plain text');
  expect(plain.name).toBe('cpd-note-2026-12-21.txt');
  const asText = (said: string) => said.replace(/[.#-]/gu, '\\$&').replace('\n', '\n\n');
  expect(markdown.text).toBe(
    ['# Your CPD note\n', ...fields.map(([question, said]) => `## ${question}\n\n${asText(said)}\n`)].join(
      '\n',
    ),
  );
  expect(plain.text).toBe(
    ['Your CPD note\n', ...fields.map(([question, said]) => `${question}\n${said}\n`)].join('\n'),
  );
  await ada.page.evaluate(() => {
    window.print = () => document.body.setAttribute('data-printed', '');
  });
  await group.press(ada, 'Print');
  await expect(ada.page.locator('body[data-printed]')).toHaveCount(1);
  await ada.page.emulateMedia({ media: 'print' });
  const paper = await ada.page.locator('body').innerText();
  for (const line of fields.flat().join('\n').split('\n')) expect(paper).toContain(line);
  for (const word of ['Save as Markdown', 'Menu', 'Leave out names']) expect(paper).not.toContain(word);
  await ada.page.emulateMedia({ media: 'screen' });
  await group.press(ada, 'Back');
  await ada.sees(/The session is closed/u);
  await expect(ada.page.locator('h1'), 'SCREEN-52').toBeFocused();
  await expect(ada.button('Go on with your CPD note')).toBeVisible();

  // It outlives leaving, is found again, and goes when its owner says so.
  await group.press(ada, 'Leave');
  await ada.sees('You have left');
  await ada.open('/');
  await group.press(ada, 'Menu');
  await group.press(ada, 'What is on this device');
  await group.press(ada, 'Open');
  for (const [question, said] of fields) await expect(ada.page.getByLabel(question)).toHaveValue(said);
  await group.press(ada, 'Remove the note');
  expect((await readKept(ada)).filter((key) => key.includes('cpd'))).toEqual([]);
  expect(readWire(ada, before)).not.toContain(CANARY);
  const places = [Buffer.from(stage.log), ...stage.readFiles().map(({ bytes }) => bytes)];
  expect(places.some((bytes) => bytes.includes(CANARY))).toBe(false);
});

test('ENDING-3 T33 on a device of somebody else the note goes with the tab', async ({ group }) => {
  await group.begin(2);
  const eve = await group.arrive('Eve');
  await eve.fillIn(group.link);
  await eve.page.getByLabel('This is not my device').check();
  await eve.press('Join');
  await group.press(eve, 'I agree');
  const [mary] = group.people as [Person];
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  await eve.sees(/The session is closed/u);
  await group.press(eve, 'Write a note for your CPD record');
  await expect(eve.page.getByText('It is gone when you close this page')).toBeVisible();
  await eve.page.getByLabel('What did you learn?').fill(CANARY);
  expect(await eve.page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(CANARY);
  await eve.openNewTab('/');
  expect((await readKept(eve)).filter((key) => key.includes('cpd'))).toEqual([]);
});

test('ENDING-5 T18 the next meeting is a file of the device without names', async ({ group }) => {
  const [mary] = (await close(group, 2)) as [Person, Person];
  const before = { requests: mary.watch.requests.length, frames: mary.watch.frames.length };
  await group.press(mary, 'Put the next meeting in your calendar');
  await mary.sees(/The next meeting/u);
  await group.press(mary, 'Save for the calendar');
  await expect(mary.page.getByText('There is a problem')).toBeVisible();
  await mary.page.getByLabel('Day').fill('2026-12-20');
  await mary.page.getByLabel('Time').fill('14:30');
  await group.press(mary, 'Save for the calendar');
  await expect(mary.page.getByText('Day and time must be ahead of now').first()).toBeVisible();
  await mary.page.getByLabel('Day').fill('2026-12-28');
  const { name, text } = await save(mary, 'Save for the calendar');
  expect(name).toBe('meeting-2026-12-28.ics');
  expect(text).toContain('DTSTART:20261228T143000Z\r\nDTEND:20261228T153000Z\r\n');
  const secrets = group.link.split('#')[1]?.split('.') ?? [];
  for (const secret of ['Mary', 'Ruth', 'http', ...secrets]) expect(text).not.toContain(secret);
  expect(readWire(mary, before)).not.toContain('2026-12-28');
});

test('DEVICE-1 DEVICE-2 DEVICE-3 T33 leave and wipe clears everything, also offline and in other tabs', async ({
  group,
}) => {
  group.expected.push(LOST_CONNECTION);
  const [, , ada] = (await close(group, 3)) as [Person, Person, Person];
  await group.press(ada, 'Write a note for your CPD record');
  await ada.page.getByLabel('What did you learn?').fill(CANARY);
  await group.press(ada, 'Back');
  expect((await readKept(ada)).filter((key) => key.startsWith('attune.')).length).toBeGreaterThan(2);
  const other = await ada.context.newPage();
  await other.goto(group.link);
  await other.getByRole('button', { name: 'Return as Ada' }).click();
  await expect(other.locator('h1')).toHaveText(/The session is closed/u);
  await group.breathe();
  await ada.context.setOffline(true);
  await group.press(ada, 'Menu');
  await group.press(ada, 'What is on this device');
  const dialog = ada.page.getByRole('dialog');
  await expect(dialog.getByText(/^Session of 21 December 2026, as Ada/u)).toBeVisible();
  await expect(dialog.getByText('CPD note of 21 December 2026')).toBeVisible();
  await expect(dialog.getByText(/and the name Ada/u)).toBeVisible();
  await group.press(ada, 'Remove all of it');
  await ada.sees('This device is clear');
  expect((await readKept(ada)).filter((key) => key !== '')).toEqual([]);
  await expect(other.locator('h1')).toHaveText('This device is clear');
  expect(await other.evaluate(() => sessionStorage.length)).toBe(0);
  // Nothing comes back by itself.
  await ada.context.setOffline(false);
  await group.pass(20_000);
  expect((await readKept(ada)).filter((key) => key !== '')).toEqual([]);
  await ada.open('/s');
  await ada.sees('There is no session in this tab');
});

test('DEVICE-3 a wipe in the middle of a session leaves it', async ({ group }) => {
  const [mary, , ada] = (await group.begin(3)) as [Person, Person, Person];
  await group.press(ada, 'Menu');
  await group.press(ada, 'What is on this device');
  await group.press(ada, 'Leave, and remove all of it');
  await ada.sees('This device is clear');
  await expect.poll(() => mary.readView().seats.length).toBe(2);
  expect((await readKept(ada)).filter((key) => key !== '')).toEqual([]);
});

/** Answers all five questions alike. */
async function answer(group: Group, person: Person, score: number): Promise<void> {
  await group.press(person, 'Say how it was');
  const label = new RegExp(`^${score}`, 'u');
  for (let question = 1; question <= 5; question += 1) {
    await person.page
      .getByRole('group')
      .nth(question - 1)
      .getByLabel(label)
      .check();
  }
  await group.press(person, 'Add my answers');
}

async function thank(group: Group, person: Person, to: string, line: string): Promise<void> {
  await group.press(person, 'Say thank you');
  await person.page.getByLabel(to).check();
  await person.page.getByLabel('Your line').fill(line);
  await group.press(person, 'Send');
  await expect(person.page.getByText('Sent.')).toBeVisible();
  await group.press(person, 'Back');
}

test('ENDING-6 ENDING-7 ENDING-8 ENDING-9 ENDING-12 ENDING-13 T24 T31 four people end together', async ({
  group,
  stage,
}) => {
  test.setTimeout(180_000);
  const [mary, ruth, ada, ben] = (await group.begin(4)) as [Person, Person, Person, Person];
  await group.moveOn(mary);
  // Asked for quietly, while the others think: nothing appears on anybody's screen.
  const before = await ben.readScreen();
  await group.press(ada, 'Menu');
  await group.press(ada, 'A talk afterwards');
  await ada.page.getByLabel('Ben').check();
  await ada.page.getByLabel('A line with it').fill(`${CANARY} talk`);
  await group.press(ada, 'Ask');
  await expect(ada.page.getByText('You asked Ben')).toBeVisible();
  await group.press(ada, 'Close');
  await group.isAtRest(ben);
  expect(await ben.readScreen()).toEqual(before);
  await group.press(ben, 'Menu');
  await expect(ben.page.getByRole('dialog').getByText('someone asks you')).toBeVisible();
  await group.press(ben, 'Close');
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  for (const person of group.people) await person.sees(/The session is closed/u);
  await group.breathe();

  // The talk is theirs alone, the facilitator not told.
  await expect(ben.page.getByText('Ada asks you')).toBeVisible();
  await group.press(ben, 'A talk afterwards');
  await expect(ben.page.getByText(`${CANARY} talk`)).toBeVisible();
  await group.press(ben, 'Yes, let us talk');
  await group.press(ben, 'Back');
  await group.press(ada, 'A talk afterwards');
  await expect(ada.page.getByText('Ben says yes. Arrange it between you.')).toBeVisible();
  await group.press(ada, 'Back');

  await thank(group, ruth, 'The whole group', `${CANARY} group`);
  await thank(group, ada, 'Mary', `${CANARY} one`);
  await expect(mary.page.getByText('2 for you')).toBeVisible();
  await expect(ben.page.getByText('1 for you')).toBeVisible();
  await group.press(mary, 'Say thank you');
  await expect(mary.page.getByText('Ada, to you')).toBeVisible();
  await expect(mary.page.getByText(`${CANARY} one`)).toBeVisible();
  await expect(mary.page.getByText(`${CANARY} group`)).toBeVisible();
  await group.press(mary, 'Back');

  // Counted together once all four have answered, and not before.
  await group.press(mary, 'Say how it was');
  await group.press(mary, 'Add my answers');
  await expect(mary.page.getByText('Choose a number for question 1').first()).toBeVisible();
  await group.press(mary, 'Back');
  await answer(group, mary, 5);
  await answer(group, ruth, 4);
  await answer(group, ada, 3);
  await expect(ada.page.getByText(/^Your answers wait to be counted/u)).toBeVisible();
  await expect(mary.page.getByText('What we found')).toHaveCount(0);
  await answer(group, ben, 4);
  for (const person of group.people) {
    await expect(person.page.getByText('What we found')).toBeVisible();
    await expect(person.page.getByText('4.0 of 5')).toHaveCount(5);
    await expect(person.page.getByText('4 people answered.')).toBeVisible();
  }

  // A reload comes back to it while places are open, and later to what was received.
  await mary.page.reload();
  await mary.sees(/The session is closed/u);
  await group.breathe();
  await expect(mary.button('See what we found')).toBeVisible();
  await group.pass(3_600_000, 600_000);
  await group.press(mary, 'Say thank you');
  await expect(mary.page.getByText(`${CANARY} one`)).toBeVisible();
  await expect(mary.button('Send')).toHaveCount(0);

  const sealedOf = (person: Person, type: string, field: string) =>
    person.watch.frames
      .filter((frame) => frame.includes(`"type":"${type}"`) && !frame.startsWith('{"type":"welcome"'))
      .map((frame) => new RegExp(`"${field}":"([\\w-]{100,})"`, 'u').exec(frame)?.[1] ?? '');
  const [asked = ''] = sealedOf(ada, 'askForTalk', 'line');
  const [, thanked = ''] = [...sealedOf(ruth, 'sendThanks', 'line'), ...sealedOf(ada, 'sendThanks', 'line')];
  expect(asked.length).toBeGreaterThan(100);
  const holds = (person: Person, blob: string) => person.watch.frames.some((frame) => frame.includes(blob));
  expect([mary, ruth, ada, ben].map((person) => holds(person, asked))).toEqual([false, false, true, true]);
  expect([mary, ruth, ada, ben].map((person) => holds(person, thanked))).toEqual([true, false, true, false]);
  const places = [
    Buffer.from(stage.log),
    ...stage.readFiles().map(({ bytes }) => bytes),
    ...group.people.map((person) => Buffer.from(readWire(person, { requests: 0, frames: 0 }))),
  ];
  expect(places.some((bytes) => bytes.includes(CANARY))).toBe(false);
  expect(places.some((bytes) => bytes.includes('"sendThanks"'))).toBe(true);
});

test('ENDING-11 answers are said again after a loss of the server', async ({ group }) => {
  group.expected.push(LOST_CONNECTION);
  const [mary, ruth, ada] = (await close(group, 3)) as [Person, Person, Person];
  await answer(group, mary, 5);
  await answer(group, ruth, 5);
  await expect(mary.page.getByText(/^Your answers wait to be counted/u)).toBeVisible();
  await group.loseServer();
  await group.stage.start();
  await group.until(
    () => Promise.resolve(group.people.every(({ watch }) => watch.open === 1)),
    'everyone to be back',
  );
  await answer(group, ada, 2);
  await group.breathe();
  for (const person of [mary, ruth, ada]) {
    await expect(person.page.getByText('4.0 of 5')).toHaveCount(5);
  }
});

test('ENDING-15 a planned day stands in the lobby, and its file has the link only if ticked', async ({
  group,
}) => {
  const mary = await group.arrive('Mary');
  await mary.open('/new');
  await mary.page.getByLabel('Your name').fill('Mary');
  await mary.page.getByText('Meeting on another day?').click();
  await mary.page.getByLabel('Day').fill('2027-01-04');
  await group.press(mary, 'Create the session');
  await expect(mary.page.getByText('Enter a time').first()).toBeVisible();
  await mary.page.getByLabel('Time', { exact: true }).fill('09:30');
  await group.press(mary, 'Create the session');
  await mary.sees(/Before we start/u);
  await group.breathe();
  await expect(mary.page.getByText('We meet on Monday 4 January 2027 at 09:30.')).toBeVisible();
  group.link = await group.copyLink(mary);
  const ada = await group.join('Ada');
  await expect(ada.page.getByText('We meet on Monday 4 January 2027 at 09:30.')).toBeVisible();
  const plain = await save(ada, 'Save for the calendar');
  expect(plain.text).toContain('DTSTART:20270104T093000Z');
  expect(plain.text).not.toContain('http');
  await ada.page.getByLabel('Put the link in the file').check();
  const { text } = await save(ada, 'Save for the calendar');
  expect(text.replaceAll('\r\n ', '')).toContain(group.link);
});
