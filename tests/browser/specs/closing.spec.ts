// A discussion that closes with one sentence each, switched on at set-up.
import { expect, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';
import { expectScreen } from '../kit/screen.ts';

test('PLAN-21 a closing round is one switch at set-up, and everyone says one sentence', async ({ group }) => {
  test.setTimeout(150_000);
  const [mary, ruth, ada] = (await group.begin(3, { closingRound: true })) as [Person, Person, Person];
  expect(mary.readView().plan.phases.map(({ minutes }) => minutes)).toEqual([10, 25, 15, 10, 5]);
  for (let part = 0; part < 3; part += 1) await group.moveOn(mary);
  await expectScreen(ada, { heading: 'How we worked: Look back together', next: 'Next: the closing round.' });
  await group.moveOn(mary);
  await group.pass(12_000);
  const mine = 'Say in one sentence what you take with you.';
  await expectScreen(ruth, { heading: 'Closing round: It is your turn', sentence: mine });
  await expectScreen(ada, {
    heading: 'Closing round: Ruth is speaking',
    sentence: 'Listen until Ruth has finished. You are next.',
  });
  await group.press(ruth, 'I have finished');
  await expectScreen(ada, { heading: 'Closing round: It is your turn', sentence: mine });
  await group.press(ada, 'Not this time');
  await expectScreen(mary, { heading: 'Closing round: It is your turn', sentence: mine });
  await group.press(mary, 'I have finished');
  await expectScreen(ada, {
    heading: 'Closing round: Everyone has had a turn',
    sentence: 'Stay quiet for a moment.',
    buttons: ['I need a pause'],
  });
  await expectScreen(mary, { sentence: 'Leave a quiet moment, then close.' });
  await group.press(mary, 'Close the session');
  await ada.sees(/The session is closed/u);
  await expect(ada.page.getByRole('row').filter({ hasText: 'Closing round' })).toContainText('5');
});
