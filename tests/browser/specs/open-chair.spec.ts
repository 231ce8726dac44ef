// A plan that leaves it to the group who facilitates: chosen in the editor, handed on by a link, offered in the lobby.
import { expect, test } from '../kit/group.ts';
import { appear, expectNothing, inspect, PHONE } from '../kit/inspect.ts';
import type { Person } from '../kit/person.ts';

/** What the lobby says of who facilitates. */
const answer = (person: Person) =>
  person.page.locator('section', { has: person.page.getByRole('heading', { name: 'Who facilitates?' }) });

/** What stands below the first screen is to be looked at too. */
async function keepWhole({ page }: Person, name: string): Promise<void> {
  for (const [width, appearance] of [
    [320, 'light'],
    [1280, 'dark'],
    [PHONE.width, 'dark'],
    [PHONE.width, 'light'],
  ] as const) {
    await appear(page, appearance);
    await page.setViewportSize({ width, height: PHONE.height });
    const path = `shots/${name}-whole-${width}-${appearance}.png`;
    await page.screenshot({ path, fullPage: true, animations: 'disabled' });
  }
}

test('EDIT-12 EDIT-17 CHAIR-14 CHAIR-18 a group whose plan came by a link finds its facilitator in the lobby', async ({
  group,
}) => {
  test.setTimeout(240_000);
  const found: string[] = [];
  const ada = await group.arrive('Ada');
  await ada.open('/new');
  await group.press(ada, 'Edit the whole plan');
  await group.appears(ada.page.getByRole('heading', { name: 'Edit the plan' }));
  await expect(ada.page.getByText('Who presents and who has a role is chosen in the lobby.')).toBeVisible();
  await ada.page.locator('dialog[open] summary', { hasText: 'Who facilitates' }).click();
  await expect(ada.page.getByLabel('Whoever sets the session up')).toBeChecked();
  await ada.page.getByLabel('Somebody in the group').check();
  found.push(...(await inspect(ada.page, 'open-chair-editor')));
  await group.press(ada, 'Keep, open or share a plan');
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write', 'screen-wake-lock']);
  await group.press(ada, 'Copy the link to this plan');
  await expect(ada.page.getByText('The link is copied.')).toBeVisible();
  const link = await ada.page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('#plan=2.ruch.gcg~');

  const mary = await group.arrive('Mary');
  await mary.open(link);
  await expect(mary.page.getByText('The plan of the link stands here.')).toBeVisible();
  await expect(mary.page.getByText('Somebody in the group facilitates')).toBeVisible();
  found.push(...(await inspect(mary.page, 'open-chair-set-up')));
  await group.create(mary);
  const ruth = await group.join('Ruth');
  const ben = await group.join('Ben');
  const noah = await group.arrive('Noah');
  await noah.join(group.link);
  for (const person of [mary, ruth, ben, noah]) await expect(answer(person)).toContainText('Nobody yet.');
  await expect(answer(mary)).toContainText('If nobody does, you facilitate');
  await expect(answer(ruth)).toContainText('Until then Mary does.');
  // Who has not agreed is not asked, nor who presents.
  await expect(noah.button('I will facilitate')).toHaveCount(0);
  await group.choosePresenter(mary, 'Ruth');
  await expect(ruth.button('I will facilitate')).toHaveCount(0);
  await group.press(noah, 'I agree');
  await expect(noah.button('I will facilitate')).toBeVisible();
  found.push(...(await inspect(mary.page, 'open-chair-host')));
  await keepWhole(mary, 'open-chair-host');
  found.push(...(await inspect(ben.page, 'open-chair-member')));

  // A mistake is taken back, and the lobby asks again.
  await group.press(noah, 'I will facilitate');
  await group.appears(noah.button(/^Begin/u));
  await group.press(noah, 'Undo');
  await expect(answer(ben)).toContainText('Nobody yet.');
  await expect(noah.button(/^Begin/u)).toHaveCount(0);

  await group.stage.holdStill(() =>
    Promise.all([noah.press('I will facilitate'), ben.press('I will facilitate')]),
  );
  await Promise.all([noah.isAnswered(), ben.isAnswered()]);
  await group.isTold(noah);
  await group.breathe();
  const facilitating = mary.readView().seats.filter((seat) => seat.facilitator);
  expect(facilitating).toHaveLength(1);
  const [first, second] = facilitating[0]?.seat === 4 ? [noah, ben] : [ben, noah];
  await group.appears(first.button(/^Begin/u));
  await expect(second.page.getByText('Someone else facilitates already. Carry on.').first()).toBeVisible();
  await expect(second.page.locator('h1')).toBeFocused();
  for (const person of [mary, ruth, second]) {
    await expect(answer(person)).toContainText(`${first.name} facilitates.`);
    await expect(person.button('I will facilitate')).toHaveCount(0);
    await expect(person.button(/^Begin/u)).toHaveCount(0);
  }
  await expect(answer(first)).toContainText('You facilitate.');
  // The pressed button is gone, and the focus is at the heading of the lobby that came.
  await expect(first.page.locator('h1')).toBeFocused();
  found.push(...(await inspect(first.page, 'open-chair-taken')));
  await keepWhole(first, 'open-chair-taken');
  found.push(...(await inspect(ruth.page, 'open-chair-taken-member')));
  await group.press(first, /^Begin/u);
  for (const person of [mary, ruth, ben, noah]) await expect(person.page.getByRole('timer')).toBeVisible();
  await expect(mary.button(/^Move on/u)).toHaveCount(0);
  await group.press(mary, 'Menu');
  await group.press(mary, 'What happened');
  await expect(
    mary.page.locator('dialog[open] ol li').filter({ hasText: 'offered to facilitate' }),
  ).toHaveCount(2);
  expectNothing(found);
});

test('CHAIR-13 CHAIR-18 if nobody offers, whoever set it up facilitates', async ({ group }) => {
  const mary = await group.arrive('Mary');
  await mary.open(
    '/new#plan=2.ruch.gcg~present.10.sp.sfn~discuss.25.omf.lfn~reflect.15.rpfm.rfn~review.10.opfm.pfn',
  );
  await expect(mary.page.getByText('Somebody in the group facilitates')).toBeVisible();
  await group.create(mary);
  const ruth = await group.join('Ruth');
  await expect(ruth.button('I will facilitate')).toBeVisible();
  await expect(mary.button('I will facilitate')).toHaveCount(0);
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, /^Begin/u);
  await expect(ruth.page.getByRole('timer')).toBeVisible();
});
