// What people do while the floor is open: ask to speak by a hand, and bring the talk back without a name.
import { expect, type Group, LOST_CONNECTION, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';
import { expectScreen } from '../kit/screen.ts';

/** The queue as this person reads it. */
function queue(person: Person): Promise<string[]> {
  const hands = person.page.locator('section', {
    has: person.page.getByRole('heading', { name: 'Hands' }),
  });
  return hands.getByRole('listitem').allTextContents();
}

test('HAND-1 HAND-4 HAND-7 hands are a queue that keeps a dropped person’s place', async ({ group }) => {
  group.expected.push(LOST_CONNECTION);
  const [mary, ruth, ada, ben] = (await group.begin(4)) as [Person, Person, Person, Person];
  await group.moveOn(mary);
  await group.press(ben, 'Raise my hand');
  await expectScreen(ben, { buttons: ['Another question', 'Lower my hand', 'I need a pause'] });
  await group.press(ada, 'Raise my hand');
  for (const person of [mary, ada]) await expect.poll(() => queue(person)).toHaveLength(2);
  expect(await queue(mary)).toEqual(['Bennext', 'Ada']);
  expect(await queue(ada)).toEqual(['Bennext', 'Ada (you)']);
  // The listener is shown none, and has none.
  await expectScreen(ruth, { buttons: ['I need a pause'] });
  await expect(ruth.page.getByText('Hands')).toHaveCount(0);
  await ben.page.goto('about:blank');
  await expect.poll(() => queue(mary)).toEqual(['Bennext, no connection', 'Ada']);
  await ben.open('/s');
  await expect.poll(() => queue(ben)).toEqual(['Ben (you)next', 'Ada']);
  await group.press(mary, 'Take the hand of Ben down');
  await expect.poll(() => queue(ada)).toEqual(['Ada (you)next']);
  // What was said before is heard first.
  await group.pass(6_000, 2_000);
  await expect(ada.page.locator('[aria-live=polite]')).toHaveText('You are next to speak.');
  await group.press(ada, 'Lower my hand');
  await expect.poll(() => queue(mary)).toEqual([]);
  await group.press(ada, 'Raise my hand');
  await group.moveOn(mary);
  await group.press(mary, 'More');
  await group.press(mary, 'Open the floor to all');
  await expectScreen(ada, {
    heading: 'Reflection round: Talk together',
    buttons: ['Another question', 'Raise my hand', 'I need a pause'],
  });
});

test('REMIND-1 REMIND-4 REMIND-6 a reminder brings everyone back and names nobody', async ({ group }) => {
  const [mary, ruth, ada, ben] = (await group.begin(4)) as [Person, Person, Person, Person];
  await group.moveOn(mary);
  await ada.page.getByRole('button', { name: 'Another question' }).focus();
  await group.press(mary, 'More');
  await group.press(mary, 'Bring the talk back');
  await expect(mary.page.getByRole('dialog').getByRole('listitem')).toHaveText([
    'This is becoming advice.',
    'This is becoming blame.',
    'Talk to each other, not to the presenter.',
    'Whose view is missing?',
  ]);
  await group.press(mary, 'This is becoming advice.');
  for (const person of [mary, ruth, ada, ben]) {
    await expect(person.page.locator('main').getByText('This is becoming advice.')).toBeVisible();
  }
  // What was said before is heard first.
  await group.pass(6_000, 2_000);
  await expect(ada.page.locator('[aria-live=polite]')).toHaveText('This is becoming advice.');
  await expect(ada.page.getByRole('button', { name: 'Another question' })).toBeFocused();
  await expect(ruth.page.locator('[aria-live=polite]')).not.toHaveText('This is becoming advice.');
  await group.pass(31_000);
  for (const person of [mary, ruth, ada, ben]) {
    await expect(person.page.locator('main').getByText('This is becoming advice.')).toHaveCount(0);
  }
  await group.press(ada, 'Menu');
  await expect(ada.button('Bring the talk back')).toHaveCount(0);
  await group.press(ada, 'Close');
  await group.press(mary, 'More');
  await group.press(mary, 'Bring the talk back');
  await mary.page.getByLabel('Anyone may send a reminder').check();
  await group.press(mary, 'Close');
  await group.press(ada, 'Menu');
  await group.press(ada, 'Bring the talk back');
  await group.press(ada, 'Whose view is missing?');
  for (const person of [mary, ruth, ada, ben]) {
    await expect(person.page.locator('main .reminder')).toHaveText('Whose view is missing?');
  }
  await group.press(ruth, 'Menu');
  await expect(ruth.button('Bring the talk back')).toHaveCount(0);
  await group.press(ruth, 'Close');
  await group.press(ben, 'Menu');
  await group.press(ben, 'What happened');
  const happened = ben.page.getByRole('dialog');
  await expect(happened).toContainText('Mary let everyone send reminders');
  await expect(happened).not.toContainText('Ada');
  await group.press(ben, 'Back');
  await group.press(ben, 'Close');
  // The choice is taken back, and with it the offer.
  await group.press(mary, 'More');
  await group.press(mary, 'Bring the talk back');
  await mary.page.getByLabel('Anyone may send a reminder').uncheck();
  await group.press(mary, 'Close');
  await group.press(ada, 'Menu');
  await expect(ada.button('Change my name')).toBeVisible();
  await expect(ada.button('Bring the talk back')).toHaveCount(0);
});

/** A talk afterwards with Ada, typed under Menu and not sent. */
async function typeTalk(group: Group, person: Person): Promise<void> {
  await group.press(person, 'Menu');
  await group.press(person, 'A talk afterwards');
  await person.page.getByLabel('Ada', { exact: true }).check();
  await person.page.getByLabel('A line with it').fill('On Friday?');
}

/** What is typed, as the form shows it. */
async function seesTalk(person: Person): Promise<void> {
  await expect(person.page.getByLabel('A line with it')).toHaveValue('On Friday?');
  await expect(person.page.getByLabel('Ada', { exact: true })).toBeChecked();
}

test('SCREEN-56 ENDING-16 the end closes the menu, and what was typed in it stands on the closed page', async ({
  group,
}) => {
  const [mary, ruth, , ben] = (await group.begin(4)) as [Person, Person, Person, Person];
  await ben.page.setViewportSize({ width: 320, height: 568 });
  for (const person of [ruth, ben]) await typeTalk(group, person);
  await group.press(mary, /^Move on/u);
  await group.press(mary, 'Pause');
  // Ruth's screen is another one now, which listens.
  for (const person of [ruth, ben]) {
    await expect(person.page.getByRole('dialog', { name: 'A talk afterwards' })).toBeVisible();
    await seesTalk(person);
  }
  // What she opened it with is gone: SPEAK-8.
  await group.press(ruth, 'Close');
  await expect(ruth.page.locator('h1')).toBeFocused();
  await typeTalk(group, ruth);
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  for (const person of [ruth, ben]) {
    await person.sees(/The session is closed/u);
    await expect(person.page.getByRole('dialog')).toHaveCount(0);
    await expect(person.page.locator('h1')).toBeFocused();
  }
  await group.press(ben, 'A talk afterwards');
  await seesTalk(ben);
  await group.press(ben, 'Ask');
  await expect(ben.page.getByText('You asked Ada')).toBeVisible();
  await expect(ben.page.getByLabel('A line with it')).toHaveValue('');
});

test('SCREEN-56 a removal closes what is open under Menu', async ({ group }) => {
  const [mary, , , ben] = (await group.gather(4)) as [Person, Person, Person, Person];
  await ben.page.setViewportSize({ width: 320, height: 568 });
  await group.press(ben, 'Menu');
  await group.press(ben, 'Change my name');
  await group.press(mary, 'People');
  await group.press(mary, /^Ben/u);
  await group.press(mary, 'Remove from the session');
  await group.press(mary, 'Remove Ben and change the link');
  await ben.sees('You are no longer in this session');
  await expect(ben.page.getByRole('dialog')).toHaveCount(0);
  await expect(ben.page.locator('h1')).toBeFocused();
});
