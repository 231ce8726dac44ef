// Time against the plan: running late, shortening what is left, minutes from later parts; and what nobody else sees of it.
import { expect, type Group, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';
import { expectScreen } from '../kit/screen.ts';
import { START } from '../kit/stage.ts';

const MINUTE = 60_000;

const LATENESS = /behind|ahead|instead of|later than|shorten|only you/iu;

/** The lines of a list in a dialog. */
const lines = (person: Person) => person.page.locator('dialog[open] .rows li');

/** The parts as the bar says them. */
const parts = (person: Person) => person.page.locator('.agenda li');

async function open(group: Group, person: Person, item: string): Promise<void> {
  await group.press(person, 'More');
  await group.press(person, item);
  await group.appears(person.page.getByRole('heading', { name: item }));
}

test('SCREEN-47 SCREEN-48 VIEW-14 a facilitator who runs late shortens what is left, and a member sees nothing of it', async ({
  group,
}) => {
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  await expect(mary.page.getByText('On plan. Ends at 15:50')).toBeVisible();
  await group.press(mary, 'More');
  await expect(mary.button('Shorten what is left')).toHaveCount(0);
  await group.press(mary, 'Close');
  await group.passMinutes(16);
  await expect(mary.page.getByText('6 minutes behind. Ends at 15:56 instead of 15:50.')).toBeVisible();
  for (const person of [ruth, ada]) expect(await person.page.innerText('body')).not.toMatch(LATENESS);

  await open(group, mary, 'Shorten what is left');
  await expect(lines(mary)).toHaveText([
    /Group discussion.*25 min, then 22 min/u,
    /Reflection round.*15 min, then 13 min/u,
    /How we worked.*10 min, then 9 min/u,
  ]);
  await expect(mary.page.getByText('Then we end at 15:50, as planned.')).toBeVisible();
  await group.press(mary, 'Leave the plan as it is');
  await expect(mary.page.getByText('6 minutes behind.')).toBeVisible();

  await open(group, mary, 'Shorten what is left');
  await group.press(mary, 'Shorten, and end at 15:50');
  await expect(mary.page.getByText('On plan. Ends at 15:50')).toBeVisible();
  await expect(mary.page.getByText('You shortened what is left.')).toBeVisible();
  for (const person of [ruth, ada]) {
    await expect(parts(person).nth(1)).toHaveText('Group discussion, 22 minutes');
    expect(await person.page.innerText('body')).not.toMatch(LATENESS);
    await expect(person.button('Undo')).toHaveCount(0);
  }

  // UNDO-13: within ten seconds each part has its minutes again.
  await group.press(mary, 'Undo');
  await expect(parts(ada).nth(1)).toHaveText('Group discussion, 25 minutes');
  await expect(mary.page.getByText('6 minutes behind.')).toBeVisible();
  await open(group, mary, 'Shorten what is left');
  await group.press(mary, 'Shorten, and end at 15:50');
  await group.moveOn(mary);
  await expectScreen(ada, { heading: 'Group discussion: Think aloud together' }, '22 minutes left');
  expect(await mary.readClock()).toBe('22:00 left');

  // No byte to or from a member tells when the session began or was to end, by whose act, or how late it is.
  for (const person of [ruth, ada]) {
    const bytes = person.watch.frames.join('\n');
    const began = Number(/"beganAt":(\d+)/u.exec(bytes)?.[1]);
    expect(began).toBeGreaterThan(START - MINUTE);
    expect(bytes).not.toContain(String(began + 60 * MINUTE));
    expect(bytes).not.toContain('"type":"history"');
    expect(bytes).not.toMatch(/"(behind|late\w*|ahead|planned\w*)":/iu);
  }

  await group.press(ada, 'Menu');
  await group.press(ada, 'What happened');
  await expect(lines(ada).filter({ hasText: 'Mary shortened what was left' })).toHaveCount(2);
});

test('SCREEN-48 shortening says what it cannot reach', async ({ group }) => {
  const [mary, , ada] = (await group.begin(3, {
    minutes: { 'the group discussion': 4, 'the reflection round': 3, 'how we worked': 1 },
  })) as [Person, Person, Person];
  await group.passMinutes(17);
  await open(group, mary, 'Shorten what is left');
  await expect(lines(mary)).toHaveText([
    /Group discussion.*4 min, then 1 min/u,
    /Reflection round.*3 min, then 1 min/u,
    /How we worked.*stays at 1 min/u,
  ]);
  await expect(mary.page.getByText(/^Then we end at 15:10, 2 minutes later than planned\./u)).toBeVisible();
  await group.press(mary, 'Shorten, and end at 15:10');
  await group.press(mary, 'More');
  await expect(mary.button('Shorten what is left')).toHaveCount(0);
  await expect(mary.button('Take minutes from later parts')).toHaveCount(0);
  await group.press(mary, 'Close');
  await group.moveOn(mary);
  expect(await ada.readClock()).toBe('1 minute left');
});

test('SCREEN-49 TIME-25 minutes from a later part leave the end where it is', async ({ group }) => {
  const [mary, , ada] = (await group.begin(3)) as [Person, Person, Person];
  // What an extension costs stands on its button.
  await expect(mary.button(/^\+1 min/u)).toHaveText('+1 min to 15:51');
  await expect(mary.button(/^\+5 min/u)).toHaveText('+5 min to 15:55');
  await open(group, mary, 'Take minutes from later parts');
  await expect(mary.page.getByText('This part gets longer, and we still end at 15:50.')).toBeVisible();
  await group.press(mary, '+5 min from the reflection round');
  await expect(mary.page.getByText('On plan. Ends at 15:50')).toBeVisible();
  await expect(mary.page.getByText('You added 5 minutes, taken from the reflection round.')).toBeVisible();
  expect(await ada.readClock()).toBe('15 minutes left');
  await expect(parts(ada).nth(2)).toHaveText('Reflection round, 10 minutes');
  await open(group, mary, 'Take minutes from later parts');
  await group.press(mary, '+1 min from all later parts');
  await expect(parts(ada).nth(1)).toHaveText('Group discussion, 24 minutes');
  await expect(mary.page.getByText('On plan. Ends at 15:50')).toBeVisible();
  // RECORD-5
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  await expect(ada.page.locator('tbody tr').first()).toContainText('10, then 16 min');
});

test('SUGGEST-2 SUGGEST-4 a presenter gone quiet, a long silence, a part over time: offered to one, and done by nobody', async ({
  group,
}) => {
  const [mary, ruth, ada] = (await group.begin(3, { method: 'Case clinic, short' })) as [
    Person,
    Person,
    Person,
  ];
  const suggestion = (person: Person) => person.page.locator('details.suggestion');
  /** What Mary is offered when `minutes` have passed, and not a moment before; she opens it. */
  const offered = async (minutes: number, title: string, says: string) => {
    const length = Math.round(minutes * MINUTE);
    await group.pass(length - 12_000);
    await expect(suggestion(mary)).toHaveCount(0);
    const before = mary.readView();
    await group.pass(18_000);
    await group.appears(suggestion(mary).getByText(title));
    await expect(suggestion(mary).getByText(says)).toBeHidden();
    await mary.page.getByText(title).click();
    await expect(suggestion(mary).getByText(says)).toBeVisible();
    await expect(suggestion(mary).getByText('Only you see this')).toBeVisible();
    for (const person of [ruth, ada]) {
      await expect(suggestion(person)).toHaveCount(0);
      expect(await person.page.innerText('body')).not.toContain(title);
      expect((await person.readSpeech()).join()).not.toContain(title);
    }
    // It acts by nobody's hand.
    expect(mary.readView().stage).toEqual(before.stage);
  };
  // The case is told in five minutes.
  await offered(2.5, 'If Ruth has gone quiet', 'Leave a few breaths: often more comes.');
  await group.moveOn(mary);
  await group.moveOn(mary);
  await expectScreen(ada, { heading: 'Stillness: We are quiet together' });
  await offered(0.5, 'If the silence feels long', 'It feels longest to whoever keeps the time.');
  await group.moveOn(mary);
  await group.moveOn(mary);
  await group.moveOn(mary);
  await offered(5, 'If it is quiet now', 'Leave ten breaths.');
  await group.press(mary, 'Put this away');
  // The dialogue has twelve minutes, and two more are a last sentence.
  await offered(8.9, 'When a part runs over', 'let one last thought come, and move on.');
});

test('SUGGEST-1 SUGGEST-3 SUGGEST-5 a suggestion is the facilitator’s alone, waits closed, and stays away', async ({
  group,
}) => {
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  await group.passMinutes(10);
  await group.moveOn(mary);
  const suggestion = (person: Person) => person.page.locator('details.suggestion');
  await expect(suggestion(mary)).toHaveCount(0);
  await group.passMinutes(6);
  await group.appears(suggestion(mary));
  await expect(suggestion(mary)).toContainText('If it is quiet now');
  await expect(mary.button('Put this away')).toBeHidden();
  for (const person of [ruth, ada]) await expect(suggestion(person)).toHaveCount(0);
  const said = await mary.readSpeech();
  expect(said.join(' ')).not.toContain('quiet now');
  await mary.page.getByText('If it is quiet now').click();
  await expect(mary.page.getByText('Leave ten breaths.')).toBeVisible();
  // What is open stays, though the plan is behind by now.
  await group.press(mary, /^\+5 min/u);
  await expect(mary.page.getByText('Leave ten breaths.')).toBeVisible();
  await group.press(mary, 'Put this away');
  await expect(suggestion(mary)).toHaveCount(0);
  await expect(mary.page.locator('h1')).toBeFocused();
  await group.passMinutes(5.5);
  await expect(suggestion(mary)).toContainText('When the plan is behind');
  await mary.page.getByText('When the plan is behind').click();
  await group.press(mary, 'Shorten what is left');
  await group.appears(mary.page.getByRole('heading', { name: 'Shorten what is left' }));
  await group.press(mary, 'Leave the plan as it is');
  await group.press(mary, 'Put this away');
  await group.passMinutes(9);
  await expect(suggestion(mary)).toHaveCount(0);
  expect(await ada.page.innerText('body')).not.toMatch(LATENESS);
});
