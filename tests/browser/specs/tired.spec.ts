// What happens to people who are tired, on a phone, on a bad day.
import { expect, LOST_CONNECTION, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';

const NARROW = { width: 320, height: 640 };

function widthOf({ page }: Person): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth);
}

/** Two presses in one moment, before any answer. */
function pressTwice({ page }: Person, selector: string): Promise<void> {
  return page.locator(selector).evaluate((button: HTMLElement) => {
    button.click();
    button.click();
  });
}

test('SCREEN-14 a name of one long word makes no screen wider than the phone', async ({ group }) => {
  const mary = await group.setUp('Mary');
  const ruth = await group.join('W'.repeat(40));
  await mary.page.setViewportSize(NARROW);
  await ruth.page.setViewportSize(NARROW);
  expect([await widthOf(mary), await widthOf(ruth)], 'the lobby').toEqual([320, 320]);
  await group.choosePresenter(mary, 'W'.repeat(40));
  await group.press(mary, /^Begin/u);
  for (const part of ['presentation', 'discussion', 'round', 'review']) {
    if (part !== 'presentation') await group.moveOn(mary);
    expect([await widthOf(mary), await widthOf(ruth)], part).toEqual([320, 320]);
  }
});

test('SCREEN-14 nor does one of whoever facilitates, up to the end', async ({ group }) => {
  const name = 'annemarie.schmidt@krankenhausverbund.at';
  const mary = await group.setUp(name);
  const ruth = await group.join('Ruth');
  const everyone = [mary, ruth];
  for (const { page } of everyone) await page.setViewportSize(NARROW);
  const areNarrow = async (where: string) =>
    expect(await Promise.all(everyone.map(widthOf)), where).toEqual([320, 320]);
  await areNarrow('the lobby');
  await group.choosePresenter(mary, name);
  await areNarrow('with what was chosen');
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, /^Begin/u);
  await group.press(ruth, 'Menu');
  await group.press(ruth, 'A talk afterwards');
  const sheet = ruth.page.locator('dialog[open]');
  expect(await sheet.evaluate((element) => element.scrollWidth - element.clientWidth), 'the talk').toBe(0);
  await ruth.page.keyboard.press('Escape');
  for (const part of ['discussion', 'round', 'review']) {
    await group.moveOn(mary);
    await areNarrow(part);
  }
  await group.press(mary, 'Close the session');
  await ruth.sees(/closed/u);
  await areNarrow('the end');
  for (const form of ['Say thank you', 'A talk afterwards']) {
    await group.press(ruth, form);
    await areNarrow(form);
    await group.press(ruth, 'Back');
  }
});

test('SCREEN-53 a new screen begins at its top, and nothing moves the page within one', async ({ group }) => {
  const mary = await group.setUp('Mary');
  const ruth = await group.join('Ruth');
  const ada = await group.join('Ada');
  await ada.page.setViewportSize(NARROW);
  const place = () => ada.page.evaluate(() => window.scrollY);
  const scroll = () => ada.page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await scroll();
  expect(await place(), 'the lobby is longer than the phone').toBeGreaterThan(40);
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, /^Begin/u);
  await ada.sees(/Ruth is speaking/u);
  await expect.poll(place).toBe(0);
  await scroll();
  const before = await place();
  expect(before, 'the part is longer than the phone').toBeGreaterThan(0);
  await group.press(mary, /^\+1 min/u);
  await group.press(ruth, 'I need a pause');
  expect(await place()).toBe(before);
  await group.moveOn(mary);
  await expect.poll(place).toBe(0);
});

test('SCREEN-53 the lobby begins at its top, though the button that leads there is at the foot', async ({
  group,
}) => {
  const mary = await group.arrive('Mary', { options: { viewport: NARROW } });
  const place = () => mary.page.evaluate(() => window.scrollY);
  await mary.open('/');
  await mary.page.getByRole('link', { name: 'Set up a session' }).click();
  await mary.page.getByLabel('Your name').fill('Mary');
  await mary.page.getByRole('button', { name: 'Create the session' }).scrollIntoViewIfNeeded();
  expect(await place()).toBeGreaterThan(100);
  await mary.press('Create the session');
  await mary.sees(/Before we start/u);
  await expect.poll(place).toBe(0);
});

test('JOIN-11 two presses of Add make one person without a device', async ({ group }) => {
  const mary = await group.setUp('Mary');
  await group.press(mary, 'People');
  await group.press(mary, /^Add/u);
  await mary.page.getByLabel('Name').fill('Olga');
  await pressTwice(mary, 'dialog[open] form button[type=submit]');
  await group.appears(mary.button('Olga'));
  await group.breathe();
  expect(mary.readView().seats).toHaveLength(2);
});

test('BACK-9 a press that nothing answers is told before the loss is noticed', async ({ group }) => {
  group.expected.push(LOST_CONNECTION);
  const [mary] = await group.begin(2);
  if (!mary) throw new Error('nobody is there');
  await mary.context.setOffline(true);
  await mary.press(/^Move on/u);
  await group.pass(2_100);
  await expect(mary.page.getByText('This has not gone through yet.')).toBeVisible();
  await mary.context.setOffline(false);
  await group.until(
    async () => (await mary.page.getByText('This has not gone through yet.').count()) === 0,
    'it went through',
  );
  await group.appears(mary.page.getByText('Think aloud together'));
});

test('SCREEN-31 More does not come back by itself after a silence', async ({ group }) => {
  const [mary, ruth] = await group.gather(3);
  if (!mary || !ruth) throw new Error('nobody is there');
  await group.press(mary, 'People');
  await group.press(mary, 'Ruth');
  await group.press(mary, /facilitator/u);
  await group.press(mary, /^(Done|Close)$/u);
  await group.choosePresenter(mary, 'Mary');
  await group.press(mary, /^Begin/u);
  await group.press(mary, 'More');
  await group.moveOn(ruth);
  await group.moveOn(ruth);
  await expect(mary.page.locator('dialog[open]')).toHaveCount(0);
});

test('SCREEN-11 a tab that was put out says nothing of a part or a turn', async ({ group }) => {
  const [mary, ruth] = await group.begin(3);
  if (!mary || !ruth) throw new Error('nobody is there');
  await group.press(mary, 'More');
  await group.press(mary, 'People');
  await group.press(mary, 'Ruth');
  await group.press(mary, /^Remove/u);
  await group.press(mary, /^Remove/u);
  await group.appears(ruth.page.getByText('You are no longer in this session'));
  await expect(ruth.page).toHaveTitle('Attune');
});
