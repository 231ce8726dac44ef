// What a person does alone after the talk: a CPD note, the next meeting, and leaving a clear device.
import { readFileSync } from 'node:fs';
import { expect, type Group, LOST_CONNECTION, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';

/** A name of somebody else, which must not leave the device. */
const CANARY = 'Kanarienvogel-9c1e';

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
  await ada.page.getByLabel('What did you learn?').fill(`I waited.\n# ${CANARY}`);
  await expect(ada.page.getByText('Kept on this device.')).toBeVisible();
  const markdown = await save(ada, 'Save as Markdown');
  expect(markdown.name).toBe('cpd-note-2026-12-21.md');
  expect(markdown.text).toContain(`I waited\\.\n\n\\# ${CANARY.replaceAll('-', '\\-')}`);
  expect(markdown.text.match(/^## /gmu)).toHaveLength(6);
  const plain = await save(ada, 'Save as plain text');
  expect(plain.name).toBe('cpd-note-2026-12-21.txt');
  expect(plain.text).toContain(`I waited.\n# ${CANARY}`);
  await ada.page.emulateMedia({ media: 'print' });
  const paper = await ada.page.locator('body').innerText();
  expect(paper).toContain(CANARY);
  for (const word of ['Save as Markdown', 'Menu', 'Leave out names']) expect(paper).not.toContain(word);
  await ada.page.emulateMedia({ media: 'screen' });
  await group.press(ada, 'Back');
  await ada.sees(/The session is closed/u);
  await expect(ada.button('Go on with your CPD note')).toBeVisible();

  // It outlives leaving, is found again, and goes when its owner says so.
  await group.press(ada, 'Leave');
  await ada.sees('You have left');
  await ada.open('/');
  await group.press(ada, 'Menu');
  await group.press(ada, 'What is on this device');
  await group.press(ada, 'Open');
  await expect(ada.page.getByLabel('What did you learn?')).toHaveValue(`I waited.\n# ${CANARY}`);
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
