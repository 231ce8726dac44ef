// How many presses each task takes on a phone within a session and after it, as docs/SPEC.md says.
import { expect, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';
import { promised, Taps, task } from '../kit/taps.ts';

test('TAPS-15 TAPS-16 TAPS-17 TAPS-18 TAPS-19 TAPS-20 TAPS-30 what people do while a case runs', async ({
  group,
}) => {
  test.setTimeout(150_000);
  const [mary, ruth, ada, ben, dev] = (await group.begin(5)) as [Person, Person, Person, Person, Person];
  await task('TAPS-18', group, mary, async (taps) => {
    await taps.press('More');
    await taps.press('Take minutes from later parts');
    await taps.press('+5 min from the reflection round');
    await expect(mary.page.getByText('You added 5 minutes, taken from the reflection round.')).toBeVisible();
  });
  await group.moveOn(mary);
  await task('TAPS-16', group, ada, async (taps) => {
    await taps.press('Raise my hand');
    await expect(ben.page.getByRole('heading', { name: 'Hands' })).toBeVisible();
    await taps.press('Lower my hand');
    await expect(ben.page.getByRole('heading', { name: 'Hands' })).toHaveCount(0);
  });
  await task('TAPS-17', group, mary, async (taps) => {
    await taps.press('More');
    await taps.press('Bring the talk back');
    await taps.press('This is becoming blame.');
    await expect(ada.page.locator('main .reminder')).toBeVisible();
  });
  await task('TAPS-30', group, ben, async (taps) => {
    await taps.press('Menu');
    await taps.press('A talk afterwards');
    await taps.tap(ben.page.getByLabel('Ada'));
    await taps.press('Ask');
    await expect(ben.page.getByText('You asked Ada')).toBeVisible();
  });
  await group.press(ben, 'Close');
  await group.passMinutes(45);
  await task('TAPS-19', group, mary, async (taps) => {
    await taps.press('More');
    await taps.press('Shorten what is left');
    await taps.press(/^Shorten, and end at/u);
    await expect(mary.page.getByText('You shortened what is left.')).toBeVisible();
  });
  await group.moveOn(mary);
  await task('TAPS-15', group, ruth, (taps) => taps.press('I have finished'));
  await task('TAPS-15', group, ada, (taps) => taps.press('Come back to me'));
  await ben.sees('Reflection round: It is your turn');
  await task('TAPS-20', group, mary, async (taps) => {
    await taps.press('More');
    await taps.press('Change who comes next');
    await taps.press('Ada');
    await taps.press('Done');
  });
  await task('TAPS-15', group, ben, (taps) => taps.press('Not this time'));
  await ada.sees('Reflection round: It is your turn');
  expect(dev.readView().presenter).toBe(2);
});

test('TAPS-21 TAPS-28 TAPS-29 TAPS-31 TAPS-32 TAPS-33 another case, and the end', async ({ group }) => {
  test.setTimeout(150_000);
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  for (let part = 1; part < 4; part += 1) await group.moveOn(mary);
  await task('TAPS-21', group, mary, async (taps) => {
    await taps.press('Another case');
    await taps.press('End this case');
    await taps.press('Draw who presents');
    await taps.press('Name a reserve');
    // Ruth has presented, so she is not drawn.
    await taps.press('Ruth');
    await taps.press(/^Begin/u);
    await expect(mary.page.getByRole('timer')).toBeVisible();
  });
  expect([1, 3]).toContain(mary.readView().presenter);
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  for (const person of [mary, ruth, ada]) await person.sees(/The session is closed/u);
  await group.breathe();
  await task('TAPS-28', group, ruth, async (taps) => {
    await taps.press('Say how it was');
    for (let question = 0; question < 5; question += 1) {
      await taps.tap(ruth.page.getByRole('group').nth(question).getByLabel(/^4/u));
    }
    await taps.press('Add my answers');
    await expect(ruth.page.getByText(/^Your answers wait to be counted/u)).toBeVisible();
  });
  await group.press(ruth, 'Back');
  await task('TAPS-29', group, ruth, async (taps) => {
    await taps.press('Say thank you');
    await taps.tap(ruth.page.getByLabel('Ada'));
    await taps.type('Your line', 'It stayed with me.');
    await taps.press('Send');
    await expect(ruth.page.getByText('Sent.')).toBeVisible();
  });
  await group.press(ruth, 'Back');
  await task('TAPS-31', group, ruth, async (taps) => {
    await taps.press('Write a note for your CPD record');
    await taps.type('What did you learn?', 'To wait.');
    const download = ruth.page.waitForEvent('download');
    await taps.press('Save as Markdown');
    await download;
  });
  await group.press(ruth, 'Back');
  await task('TAPS-32', group, ruth, async (taps) => {
    await taps.press('Put the next meeting in your calendar');
    await taps.type('Day', '2026-12-28');
    await taps.type('Time', '14:30');
    const download = ruth.page.waitForEvent('download');
    await taps.press('Save for the calendar');
    await download;
  });
  await group.press(ruth, 'Back');
  await task('TAPS-33', group, ruth, async (taps) => {
    await taps.press('Menu');
    await taps.press('What is on this device');
    await taps.press(/remove all of it$/iu);
    await ruth.sees('This device is clear');
  });
});

test('TAPS-22 TAPS-23 TAPS-24 TAPS-25 TAPS-26 TAPS-27 the agreement, the door, a screen, another device', async ({
  group,
}) => {
  test.setTimeout(150_000);
  const mary = await group.setUp('Mary');
  await task('TAPS-22', group, mary, async (taps) => {
    await taps.press('Add lines of our own');
    await taps.press(/^Add: Double confidentiality/u);
    await taps.press('Save the agreement');
    await expect(mary.button('Change the agreement')).toBeVisible();
  });
  // Whoever opens does so in the middle of the other's task.
  const keeper = new Taps(group, mary);
  await keeper.press('Show a code to type');
  const code = await mary.page.locator('.invite .said').innerText();
  const dev = await group.arrive('Dev');
  await dev.open('/');
  await task('TAPS-24', group, dev, async (taps) => {
    await taps.type('The link you were sent, or the letters of a code', code.toLowerCase());
    await taps.press('Join');
    await dev.sees('Knock at the door');
    await taps.type('Your name', 'Dev');
    await taps.press('Knock');
    await dev.sees('You are at the door');
    await keeper.press('Answer');
    await dev.sees('Read these words aloud');
    await keeper.press('The words match: let Dev in');
    await expect(dev.page.getByText('This is what we promise each other.')).toBeVisible();
    await taps.press('I agree');
    await expect(dev.button('I agree')).toHaveCount(0);
  });
  expect(keeper.count, 'TAPS-23').toBe(promised.get('TAPS-23'));
  await task('TAPS-25', group, mary, async (taps) => {
    await taps.press('The door');
    await taps.press('Make a new link');
    await taps.press('Lock the door');
    await expect(mary.page.getByRole('dialog').getByText('Locked: nobody new can come in.')).toBeVisible();
    await taps.press('Back');
  });
  await task('TAPS-26', group, mary, async (taps) => {
    await mary.context.grantPermissions(['clipboard-read', 'clipboard-write', 'screen-wake-lock']);
    await taps.press('A screen for the room');
    await taps.press('Make a link for a screen');
    await taps.press('Copy the link for the screen');
    await expect(mary.page.getByText('Copied. Send it to the computer at the screen.')).toBeVisible();
  });
  const here = new Taps(group, dev);
  await here.press('Menu');
  await here.press('Continue on another device');
  await group.appears(dev.page.locator('dialog .said'));
  const seatCode = await dev.page.locator('dialog .said').innerText();
  const other = await group.arrive('the other device');
  await other.open('/');
  await task('TAPS-27', group, other, async (taps) => {
    await taps.type('The link you were sent, or the letters of a code', seatCode.toLowerCase());
    await taps.press('Join');
    await other.sees('Continue on this device');
    await taps.press('Continue here');
    await group.appears(other.page.getByRole('heading', { name: 'Compare these words' }));
    await here.press('They match: continue there');
    await group.appears(other.page.getByRole('heading', { name: /Before we start/u }));
    taps.count += here.count;
  });
});
