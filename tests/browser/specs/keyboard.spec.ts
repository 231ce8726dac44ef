// A whole session without a mouse, and where the focus goes.
import { expect, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';

/** What has the focus, as a screen reader names it. */
function focused(person: Person): Promise<string> {
  return person.page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return '';
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.innerText : undefined;
    return (element.getAttribute('aria-label') ?? label ?? (element as HTMLElement).innerText)
      .replace(/\s+/gu, ' ')
      .trim();
  });
}

/** Goes on by Tab until that has the focus, as somebody does who sees where it is. */
async function tabTo(person: Person, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < 60; step += 1) {
    await person.page.keyboard.press('Tab');
    const now = await focused(person);
    passed.push(now);
    if (!name.test(now)) continue;
    const seen = await person.page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const { left, top, width, height } = element.getBoundingClientRect();
      const hit = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, 20));
      return {
        outline: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
        uncovered: hit !== null && (element.contains(hit) || hit.contains(element)),
      };
    });
    expect(seen, `${now} can be seen to have the focus`).toEqual({ outline: true, uncovered: true });
    return;
  }
  throw new Error(`Tab does not reach ${name} but ${passed.join(' | ')}`);
}

test('SCREEN-16 a whole session by keyboard alone', async ({ group }) => {
  test.setTimeout(150_000);
  const enter = async (person: Person, name: RegExp) => {
    await expect(person.page.locator('button, a, input').first()).toBeVisible();
    await tabTo(person, name);
    await person.page.keyboard.press('Enter');
    await group.breathe();
    await group.breathe();
  };
  const mary = await group.arrive('Mary');
  await mary.open('/');
  await enter(mary, /^Set up a session$/u);
  await mary.sees('Set up a session');
  await expect.poll(() => focused(mary), 'SCREEN-52').toBe('Set up a session');
  await tabTo(mary, /^Your name/u);
  await mary.page.keyboard.type('Mary');
  await tabTo(mary, /^In a call/u);
  await mary.page.keyboard.press('ArrowDown');
  await expect(mary.page.getByLabel('In one room')).toBeChecked();
  await tabTo(mary, /^Change the parts/u);
  await mary.page.keyboard.press('Enter');
  await tabTo(mary, /^Minutes for the presentation/u);
  await mary.page.keyboard.press('Control+A');
  await mary.page.keyboard.type('8');
  await enter(mary, /^Create the session$/u);
  await mary.sees(/Before we start/u);
  await expect.poll(() => focused(mary), 'SCREEN-52').toMatch(/Before we start$/u);
  await mary.context.grantPermissions(['clipboard-read', 'clipboard-write', 'screen-wake-lock']);
  await enter(mary, /^Copy the link$/u);
  await expect(mary.page.getByText('The link is copied.')).toBeVisible();
  group.link = await mary.page.evaluate(() => navigator.clipboard.readText());

  const join = async (name: string) => {
    const person = await group.arrive(name);
    await person.open(group.link);
    await tabTo(person, /^Your name/u);
    await person.page.keyboard.type(name);
    await person.page.keyboard.press('Enter');
    await person.sees(/Before we start/u);
    await enter(person, /^I agree$/u);
    await expect(person.button('I agree')).toHaveCount(0);
    return person;
  };
  const ruth = await join('Ruth');
  const ada = await join('Ada');
  await enter(ruth, /^I offer to present$/u);

  await enter(mary, /^Choose who presents$/u);
  await group.appears(mary.page.getByRole('dialog'));
  // SPEAK-8: to the heading, so that no key decides anything by chance.
  expect(await focused(mary)).toBe('Who presents?');
  await enter(mary, /^Ruth$/u);
  await expect(mary.page.getByRole('dialog')).toHaveCount(0);
  await enter(mary, /^Begin: Ruth presents$/u);
  await ruth.sees('Presentation: Tell it as you lived it');
  await enter(ruth, /^I have finished$/u);
  await enter(mary, /^Move on: Ruth listens$/u);
  await ruth.sees('Group discussion: You are listening');
  await enter(ruth, /^I need a pause$/u);
  await enter(mary, /^Pause for everyone$/u);
  await ada.sees('Group discussion: We are pausing');
  await enter(mary, /^Go on$/u);
  await ada.sees('Group discussion: Think aloud together');
  await enter(ada, /^Another question$/u);
  await enter(mary, /^\+5 min/u);
  await enter(mary, /^Undo$/u);
  await enter(mary, /^More$/u);
  await group.appears(mary.page.getByRole('dialog'));
  expect(await focused(mary)).toBe('More');
  await mary.page.keyboard.press('Escape');
  await group.breathe();
  await expect(mary.page.getByRole('dialog')).toHaveCount(0);
  expect(await focused(mary), 'SPEAK-8 gives the focus back').toBe('More');
  await enter(mary, /^Move on: Ruth comes back$/u);
  await ruth.sees('Reflection round: What stayed with you?');
  await enter(ruth, /^I have finished$/u);
  await ada.sees('Reflection round: It is your turn');
  await enter(ada, /^Not this time$/u);
  await mary.sees('Reflection round: It is your turn');
  await enter(mary, /^I have finished$/u);
  await enter(mary, /^Move on: how we worked$/u);
  await enter(mary, /^Close the session$/u);
  await ada.sees(/The session is closed/u);
  await tabTo(ada, /^Put first names/u);
  await ada.page.keyboard.press('Space');
  await expect(ada.page.getByLabel('Put first names in the printed record')).toBeChecked();
  await enter(ada, /^Leave$/u);
  await ada.sees('You have left');
});

test('EDIT-2 SCREEN-16 a plan is edited by keyboard alone', async ({ group }) => {
  const mary = await group.arrive('Mary');
  await mary.open('/new');
  const press = async (name: RegExp, key = 'Enter') => {
    await tabTo(mary, name);
    await mary.page.keyboard.press(key);
    await group.breathe();
    await group.breathe();
  };
  const seesDialog = async (heading: string) => {
    await group.appears(mary.page.getByRole('dialog', { name: heading }));
    await expect.poll(() => focused(mary)).toBe(heading);
  };
  await press(/^Edit the whole plan$/u);
  await seesDialog('Edit the plan');
  await press(/^Down Presentation$/u);
  await expect.poll(() => focused(mary)).toBe('Down Presentation');
  await mary.page.keyboard.press('Enter');
  await group.breathe();
  await press(/^Change Presentation$/u);
  await seesDialog('Presentation');
  await tabTo(mary, /^Minutes$/u);
  await mary.page.keyboard.press('Control+A');
  await mary.page.keyboard.type('7');
  await tabTo(mary, /^Some speak/u);
  await mary.page.keyboard.press('ArrowDown');
  await press(/^Done$/u);
  await expect.poll(() => focused(mary)).toBe('Change Presentation');
  await press(/^With clarifying questions/u, 'Space');
  await press(/^Add a part$/u);
  await seesDialog('Add a part');
  await press(/^Break$/u);
  await expect.poll(() => focused(mary)).toBe('Up Break');
  await press(/^Keep, open or share a plan$/u);
  await seesDialog('Keep, open or share');
  await mary.page.keyboard.press('Escape');
  await group.breathe();
  await group.breathe();
  await expect.poll(() => focused(mary)).toBe('Keep, open or share a plan');
  await press(/^Use this plan$/u);
  await expect(mary.page.getByRole('dialog')).toHaveCount(0);
  await expect.poll(() => focused(mary)).toBe('Edit the whole plan');
  await expect(mary.page.locator('form .rows > li > span:first-child')).toHaveText([
    'Group discussion',
    'Reflection round',
    'Presentation',
    'Clarifying questions',
    'How we worked',
    'Break',
  ]);
});

test('SCREEN-52 a pasted link, and going, take the focus to the new heading', async ({ group }) => {
  await group.setUp('Mary');
  const ada = await group.arrive('Ada');
  await ada.open('/');
  expect(await focused(ada), 'a page that was only loaded takes none').toBe('');
  await ada.page.getByLabel('The link you were sent, or the letters of a code').fill(group.link);
  await ada.page.keyboard.press('Enter');
  await ada.sees('Join the group');
  await expect.poll(() => focused(ada)).toBe('Join the group');
  await ada.page.goBack();
  await ada.page.getByRole('link', { name: 'Set up a session' }).press('Enter');
  await expect.poll(() => focused(ada)).toBe('Set up a session');
});

test('SPEAK-2 a phase change leaves the focus where it is, or takes it to the heading', async ({ group }) => {
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  await ada.page.getByRole('button', { name: 'Menu' }).focus();
  await ruth.button('I have finished').focus();
  await group.moveOn(mary);
  expect(await focused(ada)).toBe('Menu');
  await ruth.sees(/You are listening/u);
  expect(await focused(ruth)).toMatch(/You are listening/u);
  // Nobody who had no focus is given one.
  const ben = await group.join('Ben');
  await ben.sees(/Think aloud/u);
  await ben.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await group.moveOn(mary);
  expect(await focused(ben)).toBe('');
  expect(await focused(ada)).toBe('Menu');
});

test('SPEAK-10 a form of the lobby has the focus, and gives it back to its button', async ({ group }) => {
  const mary = await group.setUp('Mary');
  await mary.page.setViewportSize({ width: 320, height: 568 });
  const press = async (name: string) => {
    await mary.button(name).press('Enter');
    await group.isAtRest(mary);
  };
  const forms = [
    { open: 'Add lines of our own', heading: 'What we add to the promises', close: 'Leave it as it is' },
    { open: 'Change the plan', heading: 'Reflective case discussion', close: 'Keep the plan as it is' },
  ];
  for (const { open, heading, close } of forms) {
    await press(open);
    await expect.poll(() => focused(mary)).toBe(heading);
    await expect(mary.page.locator(':focus')).toBeInViewport();
    await press(close);
    await expect.poll(() => focused(mary)).toBe(open);
    await expect(mary.page.locator(':focus')).toBeInViewport();
  }
  await press('Add lines of our own');
  await mary.page
    .getByRole('button', { name: /^Add: /u })
    .first()
    .press('Enter');
  await press('Save the agreement');
  await expect.poll(() => focused(mary)).toBe('Change the agreement');
  await press('Change the plan');
  await press('Save the plan');
  await expect.poll(() => focused(mary)).toBe('Change the plan');
});

test('SPEAK-8 a dialog that is open stays open through a phase change', async ({ group }) => {
  const [mary, , ada] = (await group.begin(3)) as [Person, Person, Person];
  await group.press(ada, 'Menu');
  await group.appears(ada.page.getByRole('dialog'));
  await group.press(mary, /^Move on/u);
  await ada.sees(/Think aloud/u);
  await expect(ada.page.getByRole('dialog')).toBeVisible();
  expect(await focused(ada)).toBe('Menu');
  await ada.page.keyboard.press('Escape');
  await group.breathe();
  await expect(ada.page.getByRole('dialog')).toHaveCount(0);
});
