// Links for one person: made in "The door", taken by the first Join, and told of to whoever comes later.
import { expect, type Group, test } from '../kit/group.ts';
import { expectNothing, inspect } from '../kit/inspect.ts';
import type { Person } from '../kit/person.ts';

/** Makes one, and copies it. Its page is open over the room. */
async function makeLink(group: Group, facilitator: Person): Promise<string> {
  const { page, context } = facilitator;
  await group.press(facilitator, /^Make (a link for one person|one for another person)$/u);
  await context.grantPermissions(['clipboard-read', 'clipboard-write', 'screen-wake-lock']);
  await group.press(facilitator, 'Copy the link for one person');
  await expect(page.getByText('The link is copied. Send it to one person only.')).toBeVisible();
  return page.evaluate(() => navigator.clipboard.readText());
}

async function isInOrder(group: Group, person: Person, name: string): Promise<void> {
  await group.isAtRest(person);
  expectNothing(await test.step(name, () => inspect(person.page, name)));
}

test('DOOR-29 DOOR-31 a facilitator makes a link for one person, who joins by it, and a second one reads so', async ({
  group,
}) => {
  test.setTimeout(180_000);
  const [mary, ruth] = await group.gather(2);
  if (!mary || !ruth) throw new Error('two people gather');
  await group.press(mary, 'The door');
  await isInOrder(group, mary, 'dialog-door');
  await group.press(mary, 'A link for one person');
  await isInOrder(group, mary, 'dialog-one-person');
  const link = await makeLink(group, mary);
  expect(link.split('#')[1]).toMatch(/^[\w-]{22}\.[\w-]{22}\.[\w-]{22}$/u);
  const parts = (text: string) => text.split('#')[1]?.split('.') ?? [];
  const [session, invite, key] = parts(link);
  expect([session, key]).toEqual([parts(group.link)[0], parts(group.link)[2]]);
  expect(invite).not.toBe(parts(group.link)[1]);
  await expect(mary.page.getByText('One link for one person is unused.')).toBeVisible();
  await isInOrder(group, mary, 'dialog-one-person-made');
  // T24: the server was told a hash.
  expect(mary.watch.frames.join('\n')).not.toContain(invite);

  // T23: two open it, and nothing is used up until one of them presses Join.
  const dev = await group.arrive('Dev');
  const eve = await group.arrive('Eve');
  await dev.fillIn(link);
  await eve.fillIn(link);
  expect(eve.watch.open).toBe(0);
  await expect(mary.page.getByText('One link for one person is unused.')).toBeVisible();
  await dev.enter();
  await group.breathe();
  await expect(mary.page.getByText('is unused')).toHaveCount(0);
  await expect(mary.button('Copy the link for one person')).toHaveCount(0);
  await eve.press('Join');
  await eve.sees('This link was already used');
  await expect(eve.page.getByText('Ask whoever sent it to you for another one.')).toBeVisible();
  await isInOrder(group, eve, 'link-used');
  expect(mary.readView().seats).toHaveLength(3);

  // The same device comes back by it, and its person has the group's link to pass on, not this one.
  await group.press(dev, 'I agree');
  await dev.page.goto(link);
  await group.press(dev, 'Return as Dev');
  await dev.sees(/Before we start/u);
  await group.press(dev, 'Menu');
  await group.press(dev, 'Copy the link');
  expect(await group.copyLink(dev)).toBe(group.link);

  // Two more: one for Eve, and one that still stands to be copied when she has joined.
  const second = await makeLink(group, mary);
  expect(second).not.toBe(link);
  const third = await makeLink(group, mary);
  await eve.join(second);
  await group.appears(mary.page.getByText('Somebody has just joined by a link for one person.'));
  await group.press(mary, 'Copy the link for one person');
  expect(await mary.page.evaluate(() => navigator.clipboard.readText())).toBe(third);
  await group.press(ruth, 'Menu');
  await group.press(ruth, 'What happened');
  await expect(ruth.page.getByText('made a link for one person')).toHaveCount(3);
});

test('DOOR-30 DOOR-31 a new link and a removal say that they end unused links, and do', async ({ group }) => {
  const [mary, ruth] = await group.begin(3);
  if (!mary || !ruth) throw new Error('two people begin');
  await group.press(mary, 'More');
  await group.press(mary, 'The door');
  await group.press(mary, 'A link for one person');
  const used = await makeLink(group, mary);
  const dev = await group.arrive('Dev');
  await dev.fillIn(used);
  await dev.press('Join');
  await dev.sees('Before you come in');
  // Who has not agreed during a case is told no link, and passes on none that was used.
  await group.press(dev, 'Menu');
  await expect(dev.button('Continue on another device')).toBeVisible();
  await expect(dev.button('Copy the link')).toHaveCount(0);
  const unused = await makeLink(group, mary);
  await makeLink(group, mary);
  await expect(mary.page.getByText('2 links for one person are unused.')).toBeVisible();
  await group.press(mary, 'Back to the door');
  await expect(mary.page.getByText('2 unused links for one person end too.')).toBeVisible();
  await isInOrder(group, mary, 'dialog-door-unused');
  await group.press(mary, 'Make a new link');
  await expect(mary.page.getByText('The link is new.')).toBeVisible();
  await expect(mary.page.getByText('unused')).toHaveCount(0);
  await group.press(mary, 'A link for one person');
  await expect(mary.button('Copy the link for one person')).toHaveCount(0);
  const eve = await group.arrive('Eve');
  await eve.fillIn(unused);
  await eve.press('Join');
  await eve.sees('We cannot find this session');
  await eve.fillIn(used);
  await eve.press('Join');
  await eve.sees('This link was already used');

  const kept = await makeLink(group, mary);
  await group.press(mary, 'Back to the door');
  await group.press(mary, 'Back');
  await group.press(mary, 'More');
  await group.press(mary, 'People');
  await group.press(mary, /^Dev/u);
  await group.press(mary, 'Remove from the session');
  await expect(mary.page.getByText('One unused link for one person ends too.')).toBeVisible();
  await group.press(mary, 'Remove Dev and change the link');
  await dev.sees('You are no longer in this session');
  await eve.fillIn(kept);
  await eve.press('Join');
  await eve.sees('We cannot find this session');
});
