// Going on with one's own seat on another device: two pages, two words, and nothing left behind.
import type { Group } from '../kit/group.ts';
import { expect, test } from '../kit/group.ts';
import { appear, findMisfits, findWithAxe, keepPicture, PHONE } from '../kit/inspect.ts';
import type { Person } from '../kit/person.ts';

/** The code that the person's page shows. */
async function showCode(group: Group, person: Person): Promise<string> {
  await group.press(person, 'Menu');
  await group.press(person, 'Continue on another device');
  await group.appears(person.page.locator('dialog .said'));
  await expect(person.page.locator('dialog svg.qr')).toBeVisible();
  return person.page.locator('dialog .said').innerText();
}

/** Another device of theirs, on which the code is typed. */
async function typeCode(group: Group, code: string): Promise<Person> {
  const other = await group.arrive('the other device');
  await other.open('/');
  await other.page.getByRole('textbox').fill(code.toLowerCase());
  await other.press('Join');
  await other.sees('Continue on this device');
  return other;
}

async function look(person: Person, name: string): Promise<void> {
  const { page } = person;
  for (const appearance of ['light', 'dark'] as const) {
    await appear(page, appearance);
    await keepPicture(page, `${name}-390x844-${appearance}`);
    expect(await findWithAxe(page, appearance), name).toEqual([]);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await findMisfits(page), name).toEqual([]);
  await keepPicture(page, `${name}-320x640-dark`);
  await page.setViewportSize(PHONE);
  await appear(page, 'light');
}

test('DOOR-22 DOOR-24 DOOR-25 DOOR-26 in the middle of a round a person goes on on another device', async ({
  group,
}) => {
  const [mary, ruth, ada] = await group.begin(3);
  if (!mary || !ruth || !ada) throw new Error('three people begin');
  await group.moveOn(mary);
  await group.moveOn(mary);
  await group.press(ruth, 'I have finished');
  await ada.sees(/It is your turn/u);
  const before = mary.readView().seats;
  const code = await showCode(group, ada);
  await look(ada, 'move-code');
  const other = await typeCode(group, code);
  await look(other, 'move-ask');
  expect(other.watch.sockets, 'nothing is asked before a press').toBe(0);
  await group.press(other, 'Continue here');
  await group.appears(ada.page.getByRole('heading', { name: 'Does your other device show these words?' }));
  await group.appears(other.page.getByRole('heading', { name: 'Compare these words' }));
  const words = await other.page.locator('.said').innerText();
  await expect(ada.page.locator('dialog .said')).toHaveText(words);
  await look(ada, 'move-compare');
  await look(other, 'move-words');
  await group.press(ada, 'They match: continue there');
  await group.appears(ada.page.getByRole('heading', { name: 'You continue on your other device' }));
  await group.appears(other.page.getByRole('heading', { name: /It is your turn/u }));
  await expect(ada.page.locator('dialog[open]')).toHaveCount(0);
  await look(ada, 'move-moved');
  // Nothing is left behind, and nobody noticed.
  expect(
    await ada.page.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage))),
  ).toEqual(['attune.settings']);
  expect(mary.readView().seats).toEqual(before);
  expect((await mary.readSpeech()).join()).not.toMatch(/Ada (is here|has left)/u);
  // The key went from page to page: it is in no frame of either.
  const key = await other.page.evaluate(() => {
    const name = Object.keys(localStorage).find((one) => one.startsWith('attune.session.')) ?? '';
    return (JSON.parse(localStorage.getItem(name) ?? '{}') as { key?: string }).key ?? 'none';
  });
  expect(key).toHaveLength(22);
  for (const { watch } of [ada, other, mary]) expect(watch.frames.join()).not.toContain(key);
  await group.press(other, 'I have finished');
  await other.page.reload();
  await group.appears(other.page.getByRole('timer'));
});

test('DOOR-23 DOOR-24 whoever only saw the code is shown other words, and gets nothing', async ({
  group,
}) => {
  const [mary, ruth] = await group.begin(2);
  if (!mary || !ruth) throw new Error('two people begin');
  const code = await showCode(group, ruth);
  const thief = await typeCode(group, code);
  await group.press(thief, 'Continue here');
  await group.appears(thief.page.getByRole('heading', { name: 'Compare these words' }));
  const own = await typeCode(group, code);
  await group.press(own, 'Continue here');
  await group.pass(3_000, 500);
  await group.appears(own.page.getByRole('heading', { name: 'This code does not work' }));
  await look(own, 'move-spent');
  await group.appears(ruth.page.getByRole('heading', { name: 'Does your other device show these words?' }));
  await group.press(ruth, 'They do not match: stay here');
  await group.appears(thief.page.getByRole('heading', { name: 'You stay on your other device' }));
  await expect(ruth.button('I have finished')).toBeVisible();
  expect(thief.watch.frames.join()).not.toContain('"view"');
  // The picture leads to the same page, without the code in the address.
  const again = await showCode(group, ruth);
  const phone = await group.arrive('a phone');
  await phone.open(`/s#m.${again.replace(' ', '')}`);
  await phone.sees('Continue on this device');
  expect(phone.page.url()).not.toContain('#m.');
});

test('DOOR-28 who was sent somebody else’s link is told whose place it is, and nothing is asked before', async ({
  group,
}) => {
  const [mary, ruth] = await group.begin(2);
  if (!mary || !ruth) throw new Error('two people begin');
  const code = await showCode(group, ruth);
  const sent = await group.arrive('somebody else');
  await sent.open(`/s#m.${code.replace(' ', '')}`);
  await sent.sees('Continue on this device');
  const warning = sent.page.getByText('You would take their place, under their name.');
  await expect(warning).toBeVisible();
  // It stands before the button, for eyes and for a screen reader, and in sight on the smallest phone.
  await sent.page.setViewportSize({ width: 320, height: 640 });
  await expect(warning).toBeInViewport();
  const precedes = await sent.page.evaluate(() => {
    const [text] = [...document.querySelectorAll('main p')].filter((one) =>
      /their name/u.test(one.textContent),
    );
    const button = document.querySelector('main button');
    return text && button && text.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING;
  });
  expect(precedes).toBe(4);
  expect(sent.watch.sockets).toBe(0);
  await expect(sent.page.getByLabel('Your name')).toHaveCount(0);
  // Who goes on all the same is told what to look for, until the other device has said that it is theirs.
  await group.press(sent, 'Continue here');
  await group.appears(sent.page.getByRole('heading', { name: 'Compare these words' }));
  await expect(sent.page.getByText('If no device of yours shows any, close this page.')).toBeVisible();
  expect(sent.watch.frames.join()).not.toContain('"view"');
  // Closing it leaves the seat where it is.
  await group.dismiss(sent);
  // Her page has been told by then: before, it shows the words, and another button in this place.
  await group.appears(ruth.button('Show another code'));
  await group.press(ruth, 'Stay on this device');
  await expect(ruth.button('I have finished')).toBeVisible();
});
