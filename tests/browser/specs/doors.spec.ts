// The ways in: the first page, setting up, and what the lobby says of the plan.
import { expect, test } from '../kit/group.ts';

test('SCREEN-22 the first page sets up, joins by a pasted link, and lists no session before there is one', async ({
  group,
}) => {
  const mary = await group.arrive('Mary');
  await mary.open('/');
  await expect(mary.page.getByRole('link', { name: 'Set up a session' })).toBeVisible();
  await expect(mary.page.getByRole('link', { name: /^Return/u })).toHaveCount(0);
  await group.setUp('Ruth');
  await mary.page.getByRole('textbox').fill(group.link);
  await mary.press('Join');
  await mary.sees('Join the group');
});

test('SCREEN-23 SCREEN-21 setting up asks for the name first and says when it is missing', async ({
  group,
}) => {
  const mary = await group.arrive('Mary');
  await mary.open('/new');
  const fields = mary.page.locator('main input:visible');
  await expect(fields.first()).toHaveAccessibleName('Your name');
  await expect(mary.page.getByLabel('With the arrival')).toBeHidden();
  await expect(mary.page.locator('.btn-fill')).toHaveText('Create the session');
  await mary.press('Create the session');
  await expect(mary.page.getByRole('link', { name: 'Enter your name' })).toBeVisible();
  await expect(mary.page.getByLabel('Your name')).toHaveAccessibleDescription(/Enter your name/u);
});

test('LOBBY-5 the lobby shows the plan with its minutes and when it would end', async ({ group }) => {
  const [mary, ruth] = await group.gather(2);
  if (!mary || !ruth) throw new Error('two people gather');
  const { phases } = mary.readView().plan;
  const minutes = phases.reduce((sum, phase) => sum + phase.minutes, 0);
  const ends = () =>
    new Date(group.stage.now + minutes * 60_000).toLocaleTimeString('en-GB', {
      timeZone: 'Europe/London',
      hour: '2-digit',
      minute: '2-digit',
    });
  await expect(mary.page.locator('main')).toContainText(ends());
  await expect(ruth.page.locator('main')).toContainText(ends());
  for (const phase of phases) await expect(mary.page.locator('main')).toContainText(`${phase.minutes}`);
  await group.passMinutes(7);
  await expect(mary.page.locator('main')).toContainText(ends());
});

test('PRES-5 whoever steers is told when the silent presenter has been away for half a minute', async ({
  group,
}) => {
  const [mary, ruth, ada] = await group.begin(3);
  if (!mary || !ruth || !ada) throw new Error('three people begin');
  await group.moveOn(mary);
  await ruth.page.goto('about:blank');
  await expect.poll(() => mary.readView().seats.some(({ awaySince }) => awaySince !== undefined)).toBe(true);
  const told = (person: typeof mary) => person.page.getByText(/^Ruth has no connection/u);
  await group.pass(28_000, 1_000);
  await expect(told(mary)).toHaveCount(0);
  await group.pass(4_000, 1_000);
  await expect(told(mary)).toBeVisible();
  await expect(mary.button('Pause')).toBeVisible();
  await expect(told(ada)).toHaveCount(0);
});
