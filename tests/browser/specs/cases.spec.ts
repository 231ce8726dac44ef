// Several cases in one meeting, and who presents next.
import { expect, type Group, LOST_CONNECTION, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';
import { START } from '../kit/stage.ts';

const MINUTES = {
  'the presentation': 8,
  'the group discussion': 16,
  'the reflection round': 10,
  'how we worked': 6,
};

/** Waits until a screen says this, wherever it stands. */
async function reads(person: Person, said: string | RegExp): Promise<void> {
  await expect(person.page.locator('body')).toContainText(said);
}

/** Goes through all parts but the last, and lets the last one's time pass. */
async function runThrough(group: Group, mary: Person): Promise<void> {
  for (const minutes of [8, 16, 10]) {
    await group.passMinutes(minutes);
    await group.moveOn(mary);
  }
  await group.passMinutes(5);
}

test('CASE-17 a meeting of 90 minutes with two cases', async ({ group }, info) => {
  test.slow();
  const people = await group.begin(4, { minutes: MINUTES });
  const [mary, ruth, ada, ben] = people as [Person, Person, Person, Person];
  const picture = (person: Person, name: string) =>
    person.page.screenshot({ path: `shots/cases-${name}-${info.project.name}.png`, fullPage: true });
  await runThrough(group, mary);
  await expect(mary.button('Close the session')).toBeVisible();
  await picture(mary, 'last-part');
  await expect(ada.button('Another case')).toHaveCount(0);
  await group.press(mary, 'Another case');
  await reads(ada, 'Next: another case.');
  await expect(mary.button('Close the session')).toHaveCount(0);
  await picture(mary, 'arranged');
  await group.press(mary, 'End this case');
  for (const person of people) await reads(person, 'Second case');
  await picture(ada, 'between-member');

  await group.press(ada, 'I offer to present');
  await reads(mary, 'Ada offers to present.');
  await group.press(mary, 'Draw who presents');
  for (const person of people) await reads(person, 'next. It was drawn.');
  await expect(ruth.page.locator('body')).not.toContainText('You present next');
  await picture(mary, 'between-drawn');
  await group.press(mary, 'Choose someone else');
  await expect(mary.page.getByRole('dialog')).toContainText('has presented');
  await picture(mary, 'between-dialog');
  if (ada.readView().presenter !== ada.readView().seats[2]?.seat) await group.press(mary, 'Ada');
  else await group.press(mary, 'Leave it as it is');
  await reads(ada, 'You present next.');
  await group.press(mary, 'Name a reserve');
  await group.press(mary, 'Ben');
  await reads(ben, 'You are in reserve.');
  await picture(mary, 'between-reserve');
  await group.press(mary, /^Begin/u);
  for (const person of people) await expect(person.page.getByRole('timer')).toBeVisible();

  await runThrough(group, mary);
  await group.press(mary, 'Close the session');
  for (const person of people) await reads(person, /session is closed/iu);
  expect(group.stage.now - START, 'the whole meeting').toBeLessThanOrEqual(90 * 60_000);
  expect(group.stage.now - START, 'of two cases of their length').toBeGreaterThan(2 * 38 * 60_000);
  await reads(ada, 'What took place: first case');
  await reads(ada, 'What took place: second case');
  await picture(ada, 'closed');
  // The columns of both stand below each other.
  const columns = await ada.page
    .locator('table')
    .evaluateAll((tables) =>
      tables.map((table) =>
        [...table.querySelectorAll('thead th')].map((cell) => cell.getBoundingClientRect().x),
      ),
    );
  expect(columns).toHaveLength(2);
  expect(columns[1]).toEqual(columns[0]);
});

test('CASE-13 the reserve presents where the one who was chosen leaves', async ({ group }) => {
  const people = await group.begin(5);
  const [mary, ruth, ada, ben, dev] = people as [Person, Person, Person, Person, Person];
  for (let part = 1; part < 4; part += 1) await group.moveOn(mary);
  await group.press(mary, 'Another case');
  await group.press(mary, 'End this case');
  await reads(ben, 'Second case');
  // Whoever only reads what was agreed has nothing to decide.
  for (const name of ['Name a reserve', 'Draw who presents', 'Choose who presents']) {
    await expect(ben.button(name)).toHaveCount(0);
  }
  await group.press(dev, 'I offer to present');
  await group.choosePresenter(mary, 'Ada');
  await group.press(mary, 'Name a reserve');
  await group.press(mary, 'Ben');
  for (const person of [mary, ruth, ada, dev]) await reads(person, 'In reserve: Ben.');
  await group.press(mary, /^Begin/u);
  await expect(ada.page.getByRole('timer')).toBeVisible();
  await group.moveOn(mary);
  await group.press(ada, 'Menu');
  await group.press(ada, 'Leave and free my place');
  await ada.sees('You have left');
  await group.dismiss(ada);
  await ben.sees(/The time waits/u);
  // The reserve stands first, before whoever offers; nothing is decided by itself.
  const choice = mary.page.locator('main section', {
    has: mary.page.getByRole('heading', { name: 'Choose who presents' }),
  });
  await expect(choice.getByRole('listitem').nth(0)).toContainText('Ben');
  await expect(choice.getByRole('listitem').nth(0)).toContainText('in reserve');
  await expect(choice.getByRole('listitem').nth(1)).toContainText('Dev');
  expect(ben.readView().presenter).toBeNull();
  await group.press(mary, /^Ben/u);
  await ben.sees('Presentation: Tell it as you lived it');
  expect(ben.readView().reserve).toBeUndefined();
});

test('CASE-17 between two cases whoever steers has all at hand, and who is away is named as such', async ({
  group,
}) => {
  group.expected.push(LOST_CONNECTION);
  const [mary, , ada, ben] = (await group.begin(4)) as [Person, Person, Person, Person];
  for (let part = 1; part < 4; part += 1) await group.moveOn(mary);
  await group.press(mary, 'Another case');
  await group.press(mary, 'End this case');
  for (const person of [mary, ada]) await reads(person, 'Second case');
  const dialog = mary.page.getByRole('dialog');
  const holds = {
    People: 'Ruth',
    'The door': 'Copy the link',
    'A screen for the room': 'Make a link for a screen',
  };
  for (const [name, held] of Object.entries(holds)) {
    await expect(ada.button(name)).toHaveCount(0);
    await group.press(mary, name);
    await expect(dialog.getByRole('heading', { level: 2 })).toHaveText(name);
    await expect(dialog).toContainText(held);
    await group.press(mary, name === 'People' ? 'Done' : 'Back');
    await expect(dialog).toHaveCount(0);
  }
  await ben.page.goto('about:blank');
  for (const name of ['Name a reserve', 'Choose who presents']) {
    await group.press(mary, name);
    const rows = dialog.getByRole('listitem');
    await expect(rows.filter({ hasText: 'Ben' })).toContainText('no connection');
    await expect(rows.filter({ hasText: 'Ada' })).not.toContainText('no connection');
    await group.press(mary, 'Back');
  }
});
