// The group's own agreement: written in the lobby, read and agreed by everyone, asked again when it changes.
import { readFileSync } from 'node:fs';
import { expect, test } from '../kit/group.ts';
import { expectNothing, inspect } from '../kit/inspect.ts';
import type { Person } from '../kit/person.ts';

/** Nothing is cut off, too small or wrong for axe, in any appearance; a picture is kept. */
async function isInOrder({ page }: Person, name: string): Promise<void> {
  expectNothing(await inspect(page, name));
}

test('AGREE-3 AGREE-4 AGREE-5 AGREE-8 a group agrees on lines of its own, and again when they change', async ({
  group,
}) => {
  const mary = await group.setUp('Mary');
  const ruth = await group.join('Ruth');
  await group.press(mary, 'Add lines of our own');
  await isInOrder(mary, 'agreement-editor');
  // None is there unasked.
  await expect(mary.page.getByRole('textbox')).toHaveCount(0);
  for (const offered of [
    /nobody brings the case up with the presenter unless they begin/u,
    /stays in this group\. The exception is danger to somebody/u,
    /Nobody records, and nobody writes down what is said/u,
    /If it becomes too much for somebody we stop/u,
    /If something goes wrong between us we raise it here/u,
    /We look at this agreement again on/u,
  ]) {
    await expect(mary.button(offered)).toBeVisible();
  }
  await group.press(mary, /^Add: Double confidentiality/u);
  await group.press(mary, /^Add: We look at this agreement/u);
  await expect(mary.page.getByRole('textbox', { name: 'Line 2' })).toBeFocused();
  await group.press(mary, 'Save the agreement');
  await expect(mary.page.getByText('Line 2: write the day').first()).toBeVisible();
  await mary.page
    .getByRole('textbox', { name: 'Line 2' })
    .fill('We look at this agreement again on 1 March.');
  await group.press(mary, 'Add another line');
  await mary.page.getByRole('textbox', { name: 'Line 3' }).fill('Phones stay <b>face</b> down.');
  await group.press(mary, 'Save the agreement');
  await group.appears(ruth.page.getByText('We look at this agreement again on 1 March.'));
  await expect(ruth.page.getByText('Phones stay <b>face</b> down.')).toBeVisible();
  await expect(ruth.page.getByText('The agreement has changed. Read it again')).toBeVisible();
  await expect(mary.page.getByText('reads the changed agreement').first()).toBeVisible();
  await isInOrder(ruth, 'agreement-asked-again');
  await group.press(ruth, 'I agree');
  await expect(mary.page.getByText('reads the changed agreement')).toHaveCount(0);
  await isInOrder(mary, 'agreement-lobby');

  // Changed once more, and begun before Ruth has read it: she presents all the same, and reads it when she can.
  await group.press(mary, 'Change the agreement');
  await group.press(mary, 'Remove line 3');
  await group.press(mary, 'Save the agreement');
  await group.appears(ruth.button('I agree'));
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, /^Begin/u);
  await group.appears(ruth.page.getByText('The agreement changed before we began'));
  await isInOrder(ruth, 'agreement-notice');
  await group.press(ruth, 'Read it');
  await expect(ruth.page.getByRole('dialog').getByText('1 March')).toBeVisible();
  await expect(ruth.page.getByText('Phones stay')).toHaveCount(0);
  await isInOrder(ruth, 'agreement-dialog');
  await group.press(ruth, 'I agree');
  await expect(ruth.page.getByText('The agreement changed before we began')).toHaveCount(0);

  // Somebody who comes now reads the lines before any name.
  const ada = await group.arrive('Ada');
  await ada.join(group.link);
  await expect(ada.page.getByText('1 March')).toBeVisible();
  await expect(ada.page.getByText('Mary')).toHaveCount(0);
  await isInOrder(ada, 'agreement-newcomer');
  await group.press(ada, 'I agree');
  await group.appears(ada.page.getByRole('timer'));

  await group.press(ada, 'Menu');
  await group.press(ada, 'What we agreed');
  const agreed = ada.page.getByRole('dialog');
  await expect(agreed.getByRole('heading', { name: 'What we promise each other' })).toBeVisible();
  await expect(agreed.getByText('1 March')).toBeVisible();
  await group.press(ada, 'Close');

  await group.press(mary, 'Menu');
  await group.press(mary, 'What happened');
  await expect(mary.page.getByText('changed the agreement').first()).toBeVisible();
  await group.press(mary, 'Back');
  await group.press(mary, 'Close');
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  await mary.sees(/The session is closed/u);
  await expect(mary.page.getByText('1 March')).toHaveCount(0);
  await mary.page.emulateMedia({ media: 'print' });
  await expect(mary.page.locator('body')).not.toContainText('1 March');
  await mary.page.emulateMedia({ media: 'screen' });
  const [saved] = await Promise.all([mary.page.waitForEvent('download'), mary.press('Save as text')]);
  expect(readFileSync(await saved.path(), 'utf8')).not.toContain('1 March');
});

test('AGREE-6 lines are kept for next time if ticked, and can be removed', async ({ group }) => {
  const mary = await group.setUp('Mary');
  await group.press(mary, 'Add lines of our own');
  await group.press(mary, /^Add: We disagree about ideas/u);
  await mary.page.getByLabel('Keep these lines on this device').check();
  await group.press(mary, 'Save the agreement');
  await expect(mary.page.getByText('We disagree about ideas')).toBeVisible();
  await mary.page.goto('/new');
  await mary.page.getByLabel('Your name').fill('Mary');
  await mary.press('Create the session');
  await group.appears(mary.page.getByText('This device keeps one line.'));
  await isInOrder(mary, 'agreement-kept');
  await group.press(mary, 'Look at them and add them');
  await expect(mary.page.getByRole('textbox', { name: 'Line 1' })).toHaveValue(/^We disagree about ideas/u);
  await group.press(mary, 'Leave it as it is');
  await group.press(mary, 'Remove them from this device');
  await expect(mary.page.getByText('This device keeps one line.')).toHaveCount(0);
  expect(await mary.page.evaluate(() => localStorage.getItem('attune.agreement'))).toBeNull();
});
