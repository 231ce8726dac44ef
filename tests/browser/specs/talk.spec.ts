// What people do while the floor is open: ask to speak by a hand, and bring the talk back without a name.
import { expect, LOST_CONNECTION, test } from '../kit/group.ts';
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
