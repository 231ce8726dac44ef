// Three very different methods, each by a group in browsers.
import { expect, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';
import { expectScreen } from '../kit/screen.ts';

test('PLAN-16 METHOD-10 another method is two presses away, and the plain case asks nothing more', async ({
  group,
}) => {
  const mary = await group.arrive('Mary');
  await mary.open('/new');
  await expect(mary.page.getByRole('heading', { name: 'Reflective case discussion' })).toBeVisible();
  await expect(mary.page.getByText('This method ends in advice')).toHaveCount(0);
  await group.press(mary, 'Choose another method');
  const entry = mary.page
    .getByRole('listitem')
    .filter({ has: mary.page.getByRole('button', { name: 'Incident method' }) });
  await group.appears(entry);
  await expect(entry).toContainText('65 minutes, 5 to 8 people');
  // METHOD-10: each method stands under its aim.
  const under = (aim: string) => mary.page.getByRole('region', { name: aim });
  await expect(under('For thinking').locator('li[aria-current]')).toContainText('Reflective case discussion');
  await expect(under('For thinking').getByRole('button')).toHaveCount(8);
  await expect(under('For a next step of one’s own').getByRole('button')).toHaveText(['Action learning set']);
  await expect(under('For advice').getByRole('button')).toHaveCount(7);
  await expect(under('For advice').getByRole('button', { name: 'Incident method' })).toBeVisible();
  await expect(under('For advice')).toContainText('“No fixing” does not hold here.');
  await expect(entry.getByRole('list', { name: 'Parts' }).getByRole('listitem').nth(4)).toHaveText(
    'Thinking alone, 10 minutes: the group speaks and the presenter listens',
  );
  await group.press(mary, 'Incident method');
  await expect(mary.page.locator('dialog[open]')).toHaveCount(0);
  await expect(mary.button('Choose another method')).toBeFocused();
  await expect(mary.page.getByText('This method ends in advice')).toBeVisible();
  await expect(mary.page.getByText('“I think along and do not try to fix it”')).toBeVisible();
  await mary.page.getByText('Change the parts or the minutes').click();
  await mary.page.getByLabel('With the look back').uncheck();
  await mary.page.getByLabel('Minutes for the questions').fill('20');
  await expect(mary.page.getByRole('heading', { name: '65 minutes, in six parts' })).toBeVisible();
});

test('METHOD-13 the picker tells terms and sources of each method', async ({ group }) => {
  const mary = await group.arrive('Mary');
  await mary.open('/new');
  await group.press(mary, 'Choose another method');
  const origins = mary.page.getByText('Terms and sources');
  await group.appears(origins.first());
  await expect(origins).toHaveCount(16);
  const entry = mary.page
    .getByRole('listitem')
    .filter({ has: mary.page.getByRole('button', { name: 'Balint-style discussion' }) });
  await entry.getByText('Terms and sources').click();
  await expect(entry.getByText('The shape is used, in our own words throughout.')).toBeVisible();
  await expect(entry.getByRole('link').first()).toHaveAttribute('href', /^https?:/u);
});

test('PLAN-20 METHOD-14 in the lobby another method is taken, and whether it fits the group is said to whoever steers', async ({
  group,
}) => {
  const [mary, ruth] = (await group.gather(3)) as [Person, Person];
  const size = /^This method is made for/u;
  await expect(mary.page.getByText(size)).toHaveText('This method is made for 4 to 8 people. 3 are here.');
  await expect(ruth.page.getByText(size)).toHaveCount(0);
  await expect(ruth.page.getByText('I think along and do not try to fix it.')).toBeVisible();
  await group.press(mary, 'Change the plan');
  await expect(mary.page.getByText('The promises change too')).toHaveCount(0);
  await group.press(mary, 'Choose another method');
  await group.press(mary, 'Consulting in threes');
  await expect(mary.page.getByText('The promises change too')).toBeVisible();
  await expect(mary.page.getByText('This method ends in advice')).toBeVisible();
  await group.press(mary, 'Save the plan');
  await expect(mary.page.getByText('Consulting in threes')).toBeVisible();
  await expect(mary.page.getByText(size)).toHaveCount(0);
  await expect(ruth.page.getByText('I think along and do not try to fix it.')).toHaveCount(0);
});

/** Everyone is at the end, and the record has each part of the method. */
async function hasRun(people: readonly Person[], parts: number): Promise<void> {
  for (const person of people) {
    await person.sees(/The session is closed/u);
    // Beside the parts there are the names of the columns, and the sums.
    await expect(person.page.getByRole('row')).toHaveCount(parts + 2);
  }
}

test('METHOD-9 consultant, observers and action planner each have their seat and screen', async ({
  group,
}) => {
  const people = await group.gather(5, { method: 'Consultant and observers' });
  const [mary, ruth, ada, ben, dev] = people as [Person, Person, Person, Person, Person];
  await group.giveRole(mary, 'Consultant', 'Ada');
  await group.giveRole(mary, 'Action planner', 'Ben');
  await group.choosePresenter(mary, 'Ruth');
  const row = (name: string) => dev.page.getByRole('listitem').filter({ hasText: name });
  await expect(row('Ada').first()).toContainText('consultant');
  await expect(row('Dev').first()).toContainText('observer');
  await group.press(mary, /^Begin/u);
  for (let part = 0; part < 2; part += 1) await group.moveOn(mary);
  await expectScreen(ada, {
    heading: 'Consultation: Ask, to understand',
    sentence: 'Ask Ruth with curiosity. You do not have to find an answer.',
  });
  await expectScreen(dev, {
    heading: 'Consultation: Listen',
    sentence: 'The consultant asks and Ruth answers. Notice what rings a bell.',
    position: 'listening',
  });
  await group.moveOn(mary);
  await expectScreen(dev, {
    heading: 'Observers’ reflection: Think aloud together',
    sentence: 'Say to each other what rang a bell. Ruth listens and does not answer.',
    position: 'together',
  });
  await expectScreen(ben, { heading: 'Observers’ reflection: Listen', position: 'listening' });
  await group.moveOn(mary);
  await group.moveOn(mary);
  await expectScreen(ben, {
    heading: 'Steps that were heard: You are speaking',
    sentence: 'Say which steps you heard. Add none of your own.',
  });
  await expectScreen(dev, { heading: 'Steps that were heard: Ben is speaking' });
  await expect(ruth.page.locator('h1')).toHaveText('Steps that were heard: You are listening');
  await group.moveOn(mary);
  await expectScreen(ruth, {
    heading: 'How we worked: It is your turn',
    sentence: 'Say how it was for you. The case itself is closed.',
  });
  await group.moveOn(mary);
  await hasRun(people, 7);
});

test('METHOD-9 a case is chosen on the way, thought about without its presenter, and advised on', async ({
  group,
}) => {
  const people = await group.gather(4, { method: 'Incident method' });
  const [mary, ruth, ada] = people as [Person, Person, Person, Person];
  await group.press(mary, 'Begin: look back');
  await group.moveOn(mary);
  await expectScreen(ruth, {
    heading: 'Cases in brief: It is your turn',
    sentence: 'Say the heart of your case in two or three sentences, or pass.',
  });
  await group.press(ruth, 'Not this time');
  await group.moveOn(mary);
  await expectScreen(ada, {
    heading: 'Choice of a case: Talk together',
    sentence: 'Decide together which case to take today.',
  });
  await group.press(mary, 'Choose who presents');
  await group.press(mary, 'Ruth');
  await group.moveOn(mary);
  await expectScreen(ruth, { heading: 'Questions: The others ask, you answer' });
  await group.moveOn(mary);
  await expectScreen(ruth, { heading: 'Thinking alone: You are listening', position: 'listening' });
  await expectScreen(ada, {
    heading: 'Thinking alone: Think aloud together',
    sentence: 'What is going on, and why? Ruth sits outside the circle and listens.',
  });
  await group.moveOn(mary);
  await expectScreen(ada, {
    heading: 'Advice in turn: It is your turn',
    sentence: 'Say what you would do. The others listen until you have finished.',
  });
  await group.moveOn(mary);
  await expectScreen(ruth, {
    heading: 'Next step: What stayed with you?',
    sentence: 'Say what you can use, and what you will do first.',
  });
  await group.moveOn(mary);
  await hasRun(people, 7);
});

test('METHOD-9 in an action learning set the others ask in turn, and the presenter finds the step', async ({
  group,
}) => {
  const people = await group.begin(3, { method: 'Action learning set' });
  const [mary, ruth, ada] = people as [Person, Person, Person];
  await expectScreen(ruth, { heading: 'Issue: Tell it as you lived it' });
  await group.moveOn(mary);
  await expectScreen(ada, {
    heading: 'Questions to understand: Ask, to understand',
    sentence: 'Ask Ruth one question, and one that follows from the answer.',
  });
  await expectScreen(ruth, {
    heading: 'Questions to understand: The others ask, you answer',
    next: 'Next: the questions to help.',
  });
  await group.press(ada, 'I have finished');
  await group.moveOn(mary);
  await expectScreen(ruth, { sentence: 'Think aloud. Silence is fine.' });
  await group.moveOn(mary);
  await group.moveOn(mary);
  await expectScreen(ruth, {
    heading: 'Next step: You are speaking',
    sentence: 'Say what you will do, and by when.',
  });
  await group.moveOn(mary);
  await hasRun(people, 5);
});
