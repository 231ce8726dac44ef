// What a person chooses for themselves: the number, the bell, the screen that stays on.
import { expect, test } from '../kit/group.ts';
import { held, keepLocks } from '../kit/locks.ts';
import type { Person } from '../kit/person.ts';

declare global {
  interface Window {
    noises: string[];
  }
}

/** Notes each tone and each vibration of a page. */
function listenForNoise(): void {
  window.noises = [];
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (this: OscillatorNode, when) {
    window.noises.push('tone');
    start.call(this, when);
  };
  const vibrate = Navigator.prototype.vibrate as (this: Navigator, pattern: VibratePattern) => boolean;
  Object.defineProperty(Navigator.prototype, 'vibrate', {
    value(this: Navigator, pattern: VibratePattern) {
      window.noises.push('vibration');
      return vibrate.call(this, pattern);
    },
  });
}

test('SCREEN-13 the bell and the vibration are off until chosen, then come at the mark and at the end', async ({
  group,
}) => {
  const mary = await group.setUp('Mary');
  const people: Person[] = [];
  for (const name of ['Ruth', 'Ada']) {
    const person = await group.arrive(name);
    await person.context.addInitScript(listenForNoise);
    await person.join(group.link);
    await group.press(person, 'I agree');
    people.push(person);
  }
  const [ruth, ada] = people as [Person, Person];
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, 'Begin: Ruth presents');
  await group.press(ada, 'Menu');
  await group.press(ada, 'Sound and vibration');
  // Heard once at the choice.
  const noises = (person: Person) => person.page.evaluate(() => window.noises.splice(0));
  await expect.poll(async () => (await noises(ada)).includes('vibration')).toBe(true);
  await group.press(ada, 'Close');
  await group.passMinutes(7.5);
  await noises(ada);
  await group.passMinutes(0.5);
  await expect.poll(() => noises(ada)).toEqual(expect.arrayContaining(['vibration', 'tone']));
  await group.passMinutes(1.5);
  expect(await noises(ada)).toEqual([]);
  await group.passMinutes(1);
  await expect.poll(() => noises(ada)).toEqual(expect.arrayContaining(['vibration', 'tone']));
  await group.passMinutes(6);
  expect(await noises(ada)).toEqual([]);
  expect(await noises(ruth)).toEqual([]);
});

test('SCREEN-8 SPEAK-7 a hidden number keeps its place and its voice, also after a reload', async ({
  group,
}) => {
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  const timer = ada.page.getByRole('timer');
  const place = await timer.boundingBox();
  await group.press(ada, 'Hide number');
  await expect(ada.button('Show number')).toBeVisible();
  const isSeen = () =>
    timer.locator('.n').evaluate((element) => {
      const { opacity, visibility, color, clipPath } = getComputedStyle(element);
      return (
        opacity !== '0' && visibility === 'visible' && color !== 'rgba(0, 0, 0, 0)' && clipPath === 'none'
      );
    });
  expect(await isSeen()).toBe(false);
  expect(await timer.boundingBox()).toEqual(place);
  await expect(timer).toMatchAriaSnapshot(`- timer "Time in this part": 10 minutes left`);
  await ada.page.reload();
  await expect(ada.button('Show number')).toBeVisible();
  // For herself alone, in the next part too.
  await expect(mary.button('Hide number')).toBeVisible();
  await group.moveOn(mary);
  await expect(ada.button('Show number')).toBeVisible();
  await expect(ruth.button('Hide number')).toBeVisible();
  await group.press(ada, 'Show number');
  expect(await isSeen()).toBe(true);
});

test('SCREEN-12 the screen is kept awake while a phase runs', async ({ group }) => {
  const mary = await group.setUp('Mary');
  const ruth = await group.arrive('Ruth');
  await ruth.context.addInitScript(keepLocks);
  await ruth.join(group.link);
  await group.press(ruth, 'I agree');
  expect(await held(ruth)).toBe(0);
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, 'Begin: Ruth presents');
  await expect.poll(() => held(ruth)).toBe(1);
  await group.moveOn(mary);
  expect(await held(ruth)).toBe(1);
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  await expect.poll(() => held(ruth)).toBe(0);
});

test('SCREEN-12 where the screen cannot be kept awake the page says so', async ({ group }) => {
  const mary = await group.setUp('Mary');
  const ruth = await group.arrive('Ruth', { options: { permissions: [] } });
  await ruth.join(group.link);
  await group.press(ruth, 'I agree');
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, 'Begin: Ruth presents');
  const words = ruth.page.getByText('Your screen may go dark. The time is still right when you come back.');
  await expect(words.first()).toBeVisible();
});

test('SCREEN-6 with reduced motion nothing moves, and without it the disc does', async ({ group }) => {
  const [mary, ruth] = (await group.begin(2)) as [Person, Person];
  const prefer = async (reducedMotion: 'reduce' | 'no-preference') => {
    for (const person of [mary, ruth]) await person.page.emulateMedia({ reducedMotion });
  };
  const ground = () =>
    mary.page.evaluate(() => getComputedStyle(document.documentElement).transitionDuration);
  const countShapes = async () => {
    const disc = mary.page.locator('svg circle[stroke-dasharray], svg [style]').first();
    const shapes = new Set<string>();
    for (let second = 0; second < 30; second += 1) {
      await group.pass(1_000);
      shapes.add(await disc.evaluate((circle) => circle.outerHTML));
    }
    return shapes.size;
  };
  await prefer('reduce');
  await group.moveOn(mary);
  for (const person of [mary, ruth]) {
    expect(await person.page.evaluate(() => document.getAnimations().length)).toBe(0);
  }
  expect(Number.parseFloat(await ground())).toBe(0);
  // The disc steps every fifteen seconds.
  expect(await countShapes()).toBeLessThanOrEqual(3);
  await prefer('no-preference');
  expect(Number.parseFloat(await ground())).toBeGreaterThan(0);
  expect(await countShapes()).toBeGreaterThan(20);
});
