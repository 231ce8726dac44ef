// Names that want to be something else than text.
import { readFileSync } from 'node:fs';
import { expect, test } from '../kit/group.ts';
import { findMisfits } from '../kit/inspect.ts';
import type { Person } from '../kit/person.ts';

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(2)</script>',
  '[a](javascript:alert(3)) **b** `c`',
  '{{7*7}}$(id) =1+1|<b>',
] as const;

test('T9 T18 SEAL-10 hostile names pass every screen and the export as text', async ({ group }) => {
  const dialogs: string[] = [];
  const arrive = async (person: Person) => {
    person.page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    return person;
  };
  const [first, second, third, fourth] = HOSTILE;
  const mary = await arrive(await group.setUp(first));
  const ruth = await arrive(await group.join(second));
  const ada = await arrive(await group.join(third));
  // A name that turns the direction round, and one that looks like another's.
  const turned = await arrive(await group.join('abc\u202e\u2066dcba\u0007\u200b'));
  const same = await group.join(fourth);
  await group.join(fourth);
  const people = group.people;

  const check = async (where: string) => {
    for (const person of people) {
      const planted = await person.page.evaluate(
        () => document.querySelectorAll('img, script:not([src]), main a[href^="javascript"], main b').length,
      );
      expect(planted, where).toBe(0);
      expect(await person.page.evaluate(() => window.seen.violations), where).toEqual([]);
    }
    expect(dialogs, where).toEqual([]);
  };
  // Text as it was typed, and a number for the one that comes later.
  const lines = await mary.page.getByRole('list').first().innerText();
  for (const name of HOSTILE) expect(lines).toContain(name);
  expect(lines).toContain(`${fourth} (2)`);
  const row = await mary.page.getByRole('listitem').filter({ hasText: 'abc' }).innerText();
  expect(row).toContain('abcdcba');
  await check('lobby');

  await group.choosePresenter(mary, second);
  await group.press(mary, `Begin: ${second} presents`);
  await ada.sees(`Presentation: ${second} is speaking`);
  await check('presentation');
  await group.moveOn(mary);
  await check('discussion');
  await group.press(ada, 'I need a pause');
  await expect(mary.page.getByRole('heading', { name: `${third} needs a pause.` })).toBeVisible();
  await check('pause asked');
  await group.press(mary, 'I have heard it');
  await group.moveOn(mary);
  await group.press(ruth, 'I have finished');
  await turned.sees(`Reflection round: ${third} is speaking`);
  await check('round');
  await group.press(mary, 'More');
  await group.press(mary, 'What happened');
  await group.appears(mary.page.getByText('began the session'));
  await check('what happened');
  await mary.page.keyboard.press('Escape');
  await group.breathe();
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  await same.sees(/The session is closed/u);
  await check('closed');

  await mary.page.getByLabel('Put first names in the printed record').check();
  const [download] = await Promise.all([mary.page.waitForEvent('download'), mary.press('Save as text')]);
  const text = readFileSync(await download.path(), 'utf8');
  expect(text).toContain('&lt;img src=x onerror=alert');
  for (const live of ['<img', '<script', '](javascript', '**b**', '`c`', '<b>']) {
    expect(text.replaceAll(/\\(.)/gu, '\u0001'), live).not.toContain(live);
  }
  expect(text).not.toMatch(/\p{Bidi_Control}/u);
  expect([...text].filter((letter) => letter < ' ' && letter !== '\n')).toEqual([]);
  expect(download.suggestedFilename()).toBe('session-2026-12-21.md');
});

/** Turns, hides, joins and breaks: right-to-left marks and overrides, letters without width, a blank of Braille. */
const TWISTED = 'A\u202e\u2066d\u200b\u200d\u061c\u2800a\u200f\ufeff';
const twists = /[\p{Bidi_Control}\u200b-\u200d\u2060-\u2064\ufeff\u2800\u00ad]/u;

test('T9 T18 SEAL-10 SEAL-14 a name that a changed page sealed as it came is cleaned where it is opened', async ({
  group,
}) => {
  const mary = await group.setUp('Mary');
  const ruth = await group.join('Ruth');
  // A page that cleans nothing: whatever it normalises becomes the name that its owner wants to be shown.
  const changed = async (name: string, becomes: string) => {
    const person = await group.arrive(name);
    await person.context.addInitScript(
      ([plain, twisted]) => {
        const normalize = String.prototype.normalize;
        String.prototype.normalize = function (form?: string) {
          const text = normalize.call(this, form);
          return text === plain ? (twisted as string) : text;
        };
      },
      [name, becomes],
    );
    await person.join(group.link);
    await group.press(person, 'I agree');
    expect(await person.page.evaluate((plain) => plain.normalize('NFC'), name)).toBe(becomes);
    return person;
  };
  const ada = await changed('Ada', TWISTED);
  // Mary once more, by letters of Cyrillic and by one that nobody sees.
  await changed('Mia', '\u041c\u0430ry');
  await changed('Max', 'Ma\u200bry');
  // That page shows itself what it sealed: it did not clean.
  expect(await ada.page.locator('body').innerText()).toMatch(twists);
  const look = async (where: string) => {
    for (const person of [mary, ruth]) {
      const [text, title] = await person.page.evaluate(() => [document.body.innerText, document.title]);
      expect(text, where).not.toMatch(twists);
      expect(title, where).not.toMatch(twists);
      expect(await person.page.evaluate(() => window.seen.violations), where).toEqual([]);
    }
  };
  const list = mary.page.getByRole('list').first();
  await group.appears(list.getByText('Ada', { exact: true }));
  await expect(list).toContainText(/\u041c\u0430ry \(2\)/u);
  await expect(list).toContainText('Mary (3)');
  await look('lobby');
  await group.choosePresenter(mary, 'Ada');
  await group.press(mary, 'Begin: Ada presents');
  await ruth.sees('Presentation: Ada is speaking');
  await look('presentation');
  await group.press(mary, 'More');
  await group.press(mary, 'What happened');
  await group.appears(mary.page.getByText('Mary began the session'));
  await look('what happened');
});

test('SCREEN-24 SEAL-6 forty letters fit, forty-one are refused with words', async ({ group }) => {
  await group.setUp('Mary');
  const ada = await group.arrive('Ada');
  await ada.open(group.link);
  await ada.page.getByLabel('Your name').fill('W'.repeat(41));
  await group.press(ada, 'Join');
  // SCREEN-21: in the summary, which has the focus, and at the field; nothing is cleared.
  const words = 'Name must be 40 characters or less';
  await expect(ada.page.getByRole('link', { name: words })).toBeVisible();
  await expect(ada.page.locator('.problem')).toBeFocused();
  await expect(ada.page.getByLabel('Your name')).toHaveValue('W'.repeat(41));
  await expect(ada.page.getByLabel('Your name')).toHaveAttribute('aria-invalid', 'true');
  await ada.page.getByLabel('Your name').fill('W'.repeat(40));
  await ada.press('Join');
  await ada.sees(/Before we start/u);
  await ada.page.setViewportSize({ width: 320, height: 640 });
  expect(await findMisfits(ada.page)).toEqual([]);
});

test('SCREEN-14 forty letters fit at the door and in a dialog', async ({ group }) => {
  const [mary] = await group.gather(2);
  if (!mary) throw new Error('somebody facilitates');
  await group.press(mary, 'The door');
  await group.press(mary, 'Have people knock first');
  await group.press(mary, 'Back');
  const dev = await group.arrive('W'.repeat(40));
  await dev.fillIn(group.link);
  await dev.press('Join');
  await dev.sees('You are at the door');
  await expect(mary.page.getByRole('heading', { name: /^W{40} is at the door$/u })).toBeVisible();
  await mary.page.setViewportSize({ width: 320, height: 640 });
  expect(await findMisfits(mary.page)).toEqual([]);
  const inside = mary.page.locator('dialog[open]');
  const fits = async () => {
    const [needs = 1, has = 0] = await inside.evaluate(({ scrollWidth, clientWidth }) => [
      scrollWidth,
      clientWidth,
    ]);
    expect(needs).toBeLessThanOrEqual(has);
    expect(await findMisfits(mary.page)).toEqual([]);
  };
  await group.press(mary, /^Let W+ in$/u);
  await dev.sees(/Before we start/u);
  await group.press(mary, 'People');
  await fits();
  await group.press(mary, /^W{40}$/u);
  await expect(inside.getByRole('heading', { name: /^W{40}$/u })).toBeVisible();
  await fits();
  await group.press(mary, 'Remove from the session');
  await expect(inside.getByRole('heading', { name: /^Remove W{40}/u })).toBeVisible();
  await fits();
});
