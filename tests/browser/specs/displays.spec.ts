// A screen on the wall: made by whoever steers, known to everyone, read from eight metres, and ended at once.
import type { Page } from '@playwright/test';
import type { Group } from '../kit/group.ts';
import { expect, LOST_CONNECTION, test } from '../kit/group.ts';
import { findMisfits, findWithAxe } from '../kit/inspect.ts';
import { held, keepLocks } from '../kit/locks.ts';
import type { Device, Person } from '../kit/person.ts';
import { expectScreen, readFloor } from '../kit/screen.ts';

const WALLS = {
  'full-hd': { width: 1920, height: 1080 },
  hd: { width: 1280, height: 720 },
  upright: { width: 1080, height: 1920 },
} as const;

const wide: Device = { options: { viewport: WALLS['full-hd'] } };

/** The link for the screen, as its button copies it. */
async function makeLink(group: Group, mary: Person): Promise<string> {
  await group.press(mary, 'Make a link for a screen');
  await mary.context.grantPermissions(['clipboard-read', 'clipboard-write', 'screen-wake-lock']);
  await group.press(mary, 'Copy the link for the screen');
  await expect(mary.page.getByText('Copied. Send it to the computer at the screen.')).toBeVisible();
  return mary.page.evaluate(() => navigator.clipboard.readText());
}

async function openScreen(group: Group, link: string): Promise<Person> {
  const wall = await group.arrive('the wall', wide);
  await wall.context.addInitScript(keepLocks);
  await wall.open(link);
  await group.press(wall, 'Show the clock');
  await group.appears(wall.page.locator('.wall :is(h1, [role=timer])').first());
  await group.breathe();
  return wall;
}

/** Texts of the wall that the back row cannot read, and what does not fit, in every shape of a wall. */
async function findUnreadable(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const [name, viewport] of Object.entries(WALLS)) {
    await page.setViewportSize(viewport);
    const here = await page.evaluate(() => {
      // From eight metres: 16 minutes of arc are 37 mm; a screen of 65 inches is 810 mm high; capitals are 0.7 of a size.
      const least = ((8_000 * Math.tan((16 / 60 / 180) * Math.PI)) / 810 / 0.7) * 100;
      const unit = Math.min(window.innerWidth, window.innerHeight) / 100;
      const small: string[] = [];
      for (const element of document.querySelectorAll('.wall :is(h1, p, span)')) {
        const isShown = element.checkVisibility() && !element.closest('.vh, .wall-near, .wall-control');
        if (!isShown || !element.textContent?.trim()) continue;
        const size = Number.parseFloat(getComputedStyle(element).fontSize) / unit;
        if (size < least) small.push(`${element.textContent}: ${size.toFixed(1)} of ${least.toFixed(1)}`);
        const box = element.getBoundingClientRect();
        if (box.bottom > window.innerHeight + 1 || box.right > window.innerWidth + 1)
          small.push(
            `does not fit: ${element.textContent} ${Math.round(box.bottom)} ${Math.round(box.right)}`,
          );
      }
      return small;
    });
    found.push(...[...here, ...(await findMisfits(page))].map((line) => `${name}: ${line}`));
  }
  await page.setViewportSize(WALLS['full-hd']);
  return found;
}

/** Pictures for people, of every shape of a wall. */
async function picture(page: Page, name: string): Promise<void> {
  for (const [shape, viewport] of Object.entries(WALLS)) {
    await page.setViewportSize(viewport);
    await page.screenshot({ path: `shots/wall/${name}-${shape}.png`, animations: 'disabled' });
  }
  await page.setViewportSize(WALLS['full-hd']);
}

async function checkWall(wall: Person, name: string): Promise<void> {
  await picture(wall.page, name);
  expect(await findUnreadable(wall.page), name).toEqual([]);
  expect(await findWithAxe(wall.page, 'dark'), name).toEqual([]);
}

test('DISPLAY-1 DISPLAY-5 DISPLAY-11 DISPLAY-12 DISPLAY-14 a screen goes with a group from the lobby to the end', async ({
  group,
}) => {
  const [mary, ruth, ada] = await group.gather(3);
  if (!mary || !ruth || !ada) throw new Error('three people gather');
  await group.press(mary, 'A screen for the room');
  const link = await makeLink(group, mary);
  const wall = await openScreen(group, link);
  await wall.sees('Before we start');
  for (const person of [mary, ruth, ada]) {
    await expect(person.page.getByText('One screen shows the clock.').first()).toBeVisible();
  }
  await mary.page.screenshot({ path: 'shots/wall/dialog-390.png', fullPage: true });
  await checkWall(wall, 'lobby');
  await expect(wall.page.locator('.qr')).toHaveCount(0);
  await mary.page.getByLabel('Show how to join, until we begin').check();
  await expect(wall.page.locator('svg.qr')).toBeVisible();
  await group.press(mary, 'Back');
  await group.press(mary, 'Show a code to type');
  await expect(wall.page.locator('.wall-code')).toHaveText(/^[A-Z]{6}$/u);
  await checkWall(wall, 'lobby-joining');
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, /^Begin/u);
  await expect(wall.page.getByRole('timer')).toHaveText('10 minutes left');
  await expect(wall.page.locator('.qr')).toHaveCount(0);
  expect(await wall.page.content()).not.toContain('Ruth');
  await group.passMinutes(3);
  await expect(wall.page.getByRole('timer')).toHaveText('7 minutes left');
  await checkWall(wall, 'presenting');

  await group.press(mary, 'More');
  await group.press(mary, 'A screen for the room');
  await mary.page.getByLabel('Show who presents and who is speaking').check();
  await expect(wall.page.locator('.lead')).toHaveText('Ruth is speaking. The others listen.');
  await group.press(mary, 'Back');
  await checkWall(wall, 'presenting-named');
  await group.press(mary, /^Move on/u);
  await expect(wall.page.locator('.lead')).toHaveText('Talk to each other. Ruth is listening.');
  await group.passMinutes(9);
  await checkWall(wall, 'discussion');
  await group.press(mary, 'Pause');
  await wall.sees('We are pausing');
  await checkWall(wall, 'paused');
  await group.press(mary, 'Go on');
  await group.passMinutes(18);
  await expect(wall.page.getByRole('timer')).toHaveText('2 minutes over');
  await checkWall(wall, 'over');
  await group.press(mary, /^Move on/u);
  await expect(wall.page.locator('.lead')).toHaveText('Ruth is speaking. The others listen.');
  await group.press(ruth, 'I have finished');
  await expect(wall.page.locator('.lead')).toHaveText('Ada is speaking. The others listen.');
  await checkWall(wall, 'round');
  await group.press(mary, 'More');
  await group.press(mary, 'A screen for the room');
  await mary.page.getByLabel('Show who presents and who is speaking').uncheck();
  await expect(wall.page.locator('.lead')).toHaveText('One of us is speaking. The others listen.');
  await group.press(mary, 'Back');
  await group.press(mary, /^Move on/u);
  await group.press(mary, 'Another case');
  await group.press(mary, 'End this case');
  await wall.sees('Between two cases: Second case');
  await expect(wall.page.locator('.lead')).toHaveText('We agree who presents next.');
  await checkWall(wall, 'between');
  await group.choosePresenter(mary, 'Ada');
  expect(await wall.page.content()).not.toContain('Ada');
  await group.press(mary, 'A screen for the room');
  await mary.page.getByLabel('Show who presents and who is speaking').check();
  await expect(wall.page.locator('.lead')).toHaveText('Ada presents next.');
  await group.press(mary, 'Back');
  await checkWall(wall, 'between-named');
  await group.press(mary, 'Close the session');
  await wall.sees('The session is closed');
  await checkWall(wall, 'closed');
  expect(wall.watch.frames.join()).not.toContain('"seats"');
});

test('DISPLAY-12 nobody speaks: the wall is still water', async ({ group }) => {
  const [mary] = await group.gather(3, { method: 'Case clinic, short' });
  if (!mary) throw new Error('three people gather');
  await group.press(mary, 'A screen for the room');
  const wall = await openScreen(group, await makeLink(group, mary));
  await group.press(mary, 'Back');
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, /^Begin/u);
  await expect(wall.page.getByRole('timer')).toBeVisible();
  for (let part = 0; part < 6; part += 1) {
    if ((await wall.page.locator('.wall-still').count()) > 0) break;
    await group.press(mary, /^Move on/u);
  }
  await wall.sees('We are quiet together');
  await group.pass(20_000);
  await checkWall(wall, 'still');
});

/** Ticks "Stay quiet until the time is up" for a part, in the open editor. */
async function holdSilence(group: Group, person: Person, part: string): Promise<void> {
  await group.press(person, `Change ${part}`);
  await person.page.getByLabel('Stay quiet until the time is up').check();
  await group.press(person, 'Done');
}

test('FLOOR-6 SCREEN-51 a silence that the plan holds, on every screen and on the wall', async ({
  group,
}) => {
  const mary = await group.arrive('Mary');
  await mary.open('/new');
  await group.press(mary, 'Edit the whole plan');
  await group.appears(mary.page.getByRole('heading', { name: 'Edit the plan' }));
  await holdSilence(group, mary, 'Presentation');
  await holdSilence(group, mary, 'Reflection round');
  await group.press(mary, 'Use this plan');
  await group.create(mary);
  const ruth = await group.join('Ruth');
  const ada = await group.join('Ada');
  await group.press(mary, 'A screen for the room');
  const link = await makeLink(group, mary);
  await group.press(mary, 'Back');
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, /^Begin/u);
  const wall = await openScreen(group, link);
  await expect(wall.page.locator('.wall')).toContainText('The presenter is speaking.');

  // What was sent before the silence does not stand in it.
  await group.press(mary, 'More');
  await group.press(mary, 'Bring the talk back');
  await group.press(mary, 'This is becoming blame.');
  await expect(ada.page.locator('main .reminder')).toBeVisible();
  await group.passMinutes(0.1);
  await expect(ada.page.locator('main .reminder')).toBeVisible();
  for (const person of [mary, ruth, ada]) await expect(person.page.locator('main .think')).toHaveCount(1);
  await group.press(ruth, 'I have finished');
  const quiet = 'Ruth has finished. We stay quiet until the time is up.';
  const heading = 'Presentation: We are quiet together';
  for (const person of [mary, ada]) await expectScreen(person, { heading, sentence: quiet, next: '' });
  await expectScreen(ruth, {
    heading,
    sentence: 'You have finished. We stay quiet until the time is up. You can still add something.',
    next: '',
    buttons: ['I need a pause'],
  });
  for (const { page, name } of [mary, ruth, ada]) {
    await expect(page.locator('main :is(.think, .reminder, .suggestion)')).toHaveCount(0);
    await page.screenshot({ path: `shots/held-silence-${name}-390.png` });
    expect(await findMisfits(page), name).toEqual([]);
    expect(await findWithAxe(page, 'light'), name).toEqual([]);
  }
  expect(readFloor(ada)).toBe('single 2');
  await expect(wall.page.locator('.wall h1')).toHaveText('We are quiet together');
  await group.press(mary, 'More');
  await expect(mary.button('People')).toBeVisible();
  await expect(mary.button('Bring the talk back')).toHaveCount(0);
  await group.press(mary, 'Close');
  // Also once the time is up, and later than a suggestion would come.
  await group.passMinutes(13);
  for (const person of [ruth, ada]) {
    await expectScreen(person, { heading, sentence: 'The time is up. Mary will move us on.', next: '' });
  }
  await expectScreen(mary, { heading, sentence: 'The time is up. Move on when you are ready.' });
  for (const { page } of [mary, ruth, ada]) {
    await expect(page.locator('main :is(.think, .reminder, .suggestion)')).toHaveCount(0);
  }
  expect(readFloor(ada)).toBe('single 2');

  await group.press(mary, /^Move on/u);
  await ruth.sees(/You are listening/u);
  await expect(wall.page.locator('.wall h1')).toHaveText('Group discussion');
  await group.press(mary, /^Move on/u);
  for (const person of [ruth, ada, mary]) await group.press(person, 'I have finished');
  for (const person of [mary, ruth, ada]) {
    await expectScreen(person, {
      heading: 'Reflection round: We are quiet together',
      sentence: 'Everyone has had a turn. We stay quiet until the time is up.',
    });
  }
  expect(readFloor(ada)).toBe('none');
  await expectScreen(ada, { buttons: ['I need a pause'] });
  await expect(wall.page.locator('.wall h1')).toHaveText('We are quiet together');
  await group.press(mary, 'More');
  await group.press(mary, 'Open the floor to all');
  await expectScreen(ada, { heading: 'Reflection round: Talk together' });
});

test('T23 DISPLAY-2 a display link opens no socket before a press, and its tab goes on after a reload', async ({
  group,
}) => {
  const [mary] = await group.begin(2);
  if (!mary) throw new Error('two people begin');
  await group.press(mary, 'More');
  await group.press(mary, 'A screen for the room');
  const link = await makeLink(group, mary);
  const wall = await group.arrive('the wall', wide);
  await wall.open(link);
  await group.pass(30_000);
  expect(wall.watch.frames).toEqual([]);
  await expect(mary.page.getByText('No screen is connected.')).toBeVisible();
  await wall.page.screenshot({ path: 'shots/wall/ask-1920.png' });
  await wall.page.setViewportSize({ width: 390, height: 844 });
  await wall.page.screenshot({ path: 'shots/wall/ask-390.png' });
  expect(await findMisfits(wall.page)).toEqual([]);
  await wall.page.setViewportSize(WALLS['full-hd']);
  const [, , secret = '', key = ''] = new URL(link).hash.split('.');
  expect(wall.page.url()).not.toContain(secret);
  await group.press(wall, 'Show the clock');
  await group.appears(wall.page.getByRole('timer'));
  await wall.page.reload();
  await group.appears(wall.page.getByRole('timer'));
  // The key stays in the browser.
  expect(wall.watch.frames.join()).not.toContain(key);
  expect(wall.watch.frames.join()).toContain(secret);
  // Another tab of the same browser knows nothing of it.
  await wall.openNewTab('/s');
  await expect(wall.page.locator('.wall')).toHaveCount(0);
});

test('DISPLAY-6 DISPLAY-7 a screen ends at once, and its link shows nothing any more', async ({ group }) => {
  const [mary, ruth] = await group.begin(3);
  if (!mary || !ruth) throw new Error('three people begin');
  await group.press(mary, 'More');
  await group.press(mary, 'A screen for the room');
  const link = await makeLink(group, mary);
  const wall = await openScreen(group, link);
  await expect(ruth.page.getByText('One screen shows the clock.')).toBeVisible();
  await group.breathe();
  await group.pass(6_000, 1_000);
  await expect.poll(() => ruth.readSpeech()).toContain('One screen shows the clock.');
  await group.press(mary, 'End the screen');
  await wall.sees('This screen has ended');
  await wall.page.screenshot({ path: 'shots/wall/ended-1920.png' });
  await expect(ruth.page.getByText('One screen shows the clock.')).toHaveCount(0);
  await wall.open(link);
  await group.press(wall, 'Show the clock');
  await group.appears(wall.page.getByRole('heading', { name: 'This screen has ended' }));
  await group.press(mary, 'Back');
  await group.press(ruth, 'Menu');
  await group.press(ruth, 'What happened');
  await group.appears(ruth.page.getByText(/made a link for a screen/u));
});

test('DISPLAY-10 a screen comes back by itself, is kept awake, and its clock never stops', async ({
  group,
}) => {
  group.expected.push(LOST_CONNECTION);
  const [mary] = await group.begin(2);
  if (!mary) throw new Error('two people begin');
  await group.press(mary, 'More');
  await group.press(mary, 'A screen for the room');
  const wall = await openScreen(group, await makeLink(group, mary));
  await expect(wall.page.getByRole('timer')).toHaveText('10 minutes left');
  await expect.poll(() => held(wall)).toBe(1);
  await group.loseServer();
  await group.passWithoutServer(60_000);
  await expect(wall.page.getByText('Reconnecting. The time is still right.')).toBeVisible();
  await expect(wall.page.getByRole('timer')).toHaveText('9 minutes left');
  expect(await held(wall)).toBe(1);
  await picture(wall.page, 'reconnecting');
  await group.stage.start();
  await group.until(async () => {
    const lost = [wall, mary].map(({ page }) =>
      page.getByText('Reconnecting. The time is still right').count(),
    );
    return (await Promise.all(lost)).every((count) => count === 0);
  }, 'the screen and whoever steers are back');
  await expect(wall.page.getByText(/^We end at about/u)).toBeVisible();
  expect(await held(wall)).toBe(1);
  await group.press(mary, 'End the screen');
  await expect.poll(() => held(wall)).toBe(0);
});

test('DISPLAY-13 the one control goes with the pointer, and is there for the keyboard', async ({ group }) => {
  const [mary] = await group.begin(2);
  if (!mary) throw new Error('two people begin');
  await group.press(mary, 'More');
  await group.press(mary, 'A screen for the room');
  const wall = await openScreen(group, await makeLink(group, mary));
  const { page } = wall;
  const seen = () => page.locator('.wall-control').evaluate((element) => getComputedStyle(element).opacity);
  const pointer = () => page.locator('html').evaluate((element) => getComputedStyle(element).cursor);
  await page.mouse.move(300, 300);
  await page.mouse.move(400, 300);
  await group.breathe();
  await expect.poll(seen).toBe('1');
  await page.screenshot({ path: 'shots/wall/control-1920.png' });
  await group.pass(3_500, 500);
  await group.breathe();
  await expect.poll(seen).toBe('0');
  expect(await pointer()).toBe('none');
  await page.keyboard.press('Tab');
  await expect.poll(seen).toBe('1');
  await expect(page.locator(':focus')).toHaveText('Full screen');
  await expect(page.locator('button, a[href], input, [tabindex]')).toHaveCount(1);
});
