// The round as people live it: somebody drops, somebody wants to come later, two steer at once, and once more around.
import { expect, LOST_CONNECTION, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';
import { expectScreen, readFloor } from '../kit/screen.ts';

/** Who waits, in order. */
function waiting(person: Person): readonly number[] {
  const { stage } = person.readView();
  return stage.type === 'running' ? (stage.round?.next ?? []) : [];
}

test('ROUND-14 PRES-3 a round with a dropped person, whose turn is kept', async ({ group }) => {
  group.expected.push(LOST_CONNECTION);
  const people = (await group.begin(5)) as [Person, Person, Person, Person, Person];
  const [mary, ruth, ada, ben, dev] = people;
  await group.moveOn(mary);
  await group.moveOn(mary);
  await group.press(ruth, 'I have finished');
  await expectScreen(ada, {
    heading: 'Reflection round: It is your turn',
    buttons: ['Another question', 'Not this time', 'I have finished', 'Come back to me'],
  });
  await ada.page.goto('about:blank');
  await expectScreen(ben, { sentence: 'Ada has no connection. You are next, and may begin.' });
  await expectScreen(dev, { sentence: 'Ada has no connection. We wait a moment.' });
  await group.press(ben, 'Begin my turn');
  await expectScreen(ben, { heading: 'Reflection round: It is your turn' });
  await expect(dev.page.getByRole('listitem').filter({ hasText: 'Ada' })).toHaveText(
    'Adacomes later, no connection',
  );
  await group.press(ben, 'Come back to me');
  await expectScreen(dev, { heading: 'Reflection round: It is your turn', next: 'After you: Mary.' });
  expect(waiting(dev)).toEqual([1, 3, 4]);
  await ada.open('/s');
  await expectScreen(ada, { sentence: 'Listen until Dev has finished. You come after Mary.' });
  await group.press(dev, 'I have finished');
  await group.press(mary, 'Not this time');
  await expectScreen(ada, {
    heading: 'Reflection round: It is your turn',
    buttons: ['Another question', 'Not this time', 'I have finished'],
  });
  await group.press(ada, 'I have finished');
  await expectScreen(ben, {
    heading: 'Reflection round: It is your turn',
    next: 'You are the last. Then we talk together.',
  });
  await group.press(ben, 'I have finished');
  await expectScreen(ada, { heading: 'Reflection round: Talk together' });
  expect(readFloor(ada)).toBe('open 1 2 3 4 5');
  await group.press(mary, 'More');
  await group.press(mary, 'What happened');
  await expect(mary.page.getByRole('dialog')).toContainText('Ben put Ada’s turn off');
});

test('ROUND-16 two facilitators at the same moment: one order, and the other is told who', async ({
  group,
}) => {
  const people = (await group.begin(5)) as [Person, Person, Person, Person, Person];
  const [mary, ruth, ada, ben, dev] = people;
  await group.press(mary, 'More');
  await group.press(mary, 'People');
  await group.press(mary, /^Ada/u);
  await group.press(mary, 'Make a co-facilitator');
  await group.press(mary, 'Done');
  await group.moveOn(mary);
  await group.moveOn(mary);
  await expectScreen(ruth, { next: 'After you: Ben, then each in turn.' });
  expect(waiting(dev)).toEqual([4, 5, 1, 3]);
  for (const person of [mary, ada]) {
    await group.press(person, 'More');
    await group.press(person, 'Change who comes next');
  }
  await group.stage.holdStill(() => Promise.all([mary.press('Dev'), ada.press('Mary')]));
  await group.isAtRest(mary);
  await group.isAtRest(ada);
  const order = waiting(mary);
  expect([
    [5, 4, 1, 3],
    [1, 4, 5, 3],
  ]).toContainEqual(order);
  for (const person of people) await expect.poll(() => waiting(person)).toEqual(order);
  const [first, second] = order[0] === 5 ? [mary, ada] : [ada, mary];
  for (const person of [mary, ada]) await group.press(person, 'Done');
  const told = `${first.name} had already moved on. Nothing was done twice.`;
  await expect(second.page.getByText(told).first()).toBeVisible();
  await expect(first.page.getByText('had already moved on')).toHaveCount(0);
  await group.press(ruth, 'I have finished');
  await expectScreen(order[0] === 5 ? dev : mary, { heading: 'Reflection round: It is your turn' });
  expect(ben.readView().presenter).toBe(2);
});

test('ROUND-17 ROUND-5 the facilitator goes once more around', async ({ group }) => {
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  await group.moveOn(mary);
  await group.moveOn(mary);
  await group.press(mary, 'More');
  await group.press(mary, 'Come back to Ruth');
  await expectScreen(ada, { heading: 'Reflection round: It is your turn' });
  await group.press(ada, 'I have finished');
  await group.press(mary, 'I have finished');
  await expectScreen(ruth, {
    heading: 'Reflection round: What stayed with you?',
    sentence: 'Say what you take from what you heard. You do not have to answer every point.',
    next: 'You are the last. Then we talk together.',
  });
  await group.press(ruth, 'I have finished');
  await expectScreen(ada, { heading: 'Reflection round: Talk together' });
  await group.press(mary, 'More');
  await group.press(mary, 'Go once more around');
  await expectScreen(ruth, { heading: 'Reflection round: What stayed with you?' });
  await expectScreen(ada, { sentence: 'Listen until Ruth has finished. You are next.' });
  await expect(ada.page.getByRole('heading', { name: 'The round, once more' })).toBeVisible();
});
