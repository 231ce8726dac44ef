// People come back: after a reload, without a network, with another tab, after the server died.
import { expect, LOST_CONNECTION, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';
import { expectScreen } from '../kit/screen.ts';

/** What must be the same for a person who comes back. */
async function readPlace(person: Person) {
  const { heading, position, buttons } = await person.readScreen();
  const own = buttons.filter((name) => !/^(Undo|Hide this|\+)/u.test(name));
  return { heading, position, own, clock: await person.readClock() };
}

/** Goes through every phase of a session of three, with a look at each, mid-phase. */
async function throughPhases(
  group: Parameters<Parameters<typeof test>[2]>[0]['group'],
  people: readonly Person[],
  look: () => Promise<void>,
) {
  const [mary, ruth, ada] = people as [Person, Person, Person];
  for (const phase of ['present', 'discuss', 'reflect', 'review']) {
    await group.pass(90_000);
    if (phase === 'reflect') {
      await group.press(ruth, 'I have finished');
      for (const person of [mary, ruth]) await person.sees(/Ada is speaking/u);
      await ada.sees(/It is your turn/u);
    }
    await look();
    if (phase !== 'review') await group.moveOn(mary);
  }
}

test('BACK-5 a reload in each phase gives every person the same place and time', async ({ group }) => {
  const people = await group.begin(3);
  await throughPhases(group, people, async () => {
    const before = await Promise.all(people.map(readPlace));
    for (const person of people) await person.page.reload();
    for (const [index, person] of people.entries()) {
      await expect.poll(() => readPlace(person).catch(() => null), person.name).toEqual(before[index]);
    }
  });
});

test('BACK-12 TIME-16 a killed server is back in each phase, with the right time for everyone', async ({
  group,
  stage,
}) => {
  group.expected.push(LOST_CONNECTION);
  const people = await group.begin(3);
  await throughPhases(group, people, async () => {
    const clocks = await Promise.all(people.map((person) => person.readClock()));
    const before = await Promise.all(people.map(readPlace));
    await group.loseServer();
    await group.passWithoutServer(20_000);
    for (const person of people) {
      await expect(
        person.page.getByText('Reconnecting. The time is still right and your place is kept.'),
      ).toBeVisible();
    }
    await stage.start();
    await group.until(
      async () => (await Promise.all(people.map(isConnected))).every(Boolean),
      'everyone is connected again',
    );
    for (const [index, person] of people.entries()) {
      const { clock: _, ...expected } = before[index] ?? {};
      const readWithoutClock = async () => ({ ...(await readPlace(person)), clock: undefined });
      await expect.poll(readWithoutClock, person.name).toEqual(expected);
      const clock = await person.readClock();
      if (person.name !== 'Mary') expect(clock.replace(/\d+/u, '')).toBe(clocks[index]?.replace(/\d+/u, ''));
    }
    // The exact clock has gone on by as much as session time has.
    const { stage: running } = (people[0] as Person).readView();
    if (running.type !== 'running' || running.timing.type !== 'running') throw new Error('it runs');
    const left = Math.ceil((running.timing.endsAt - stage.now) / 1_000);
    const exact = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`;
    await expect.poll(() => (people[0] as Person).readClock()).toBe(exact);
  });
});

test('BACK-12 WIRE-8 a server that restarts in order is back at once', async ({ group }) => {
  group.expected.push(LOST_CONNECTION);
  const people = await group.begin(3);
  await group.pass(90_000);
  const before = await Promise.all(people.map(readPlace));
  await group.restartServer();
  await group.until(
    async () => (await Promise.all(people.map(isConnected))).every(Boolean),
    'everyone is connected again',
  );
  for (const [index, person] of people.entries()) {
    expect((await readPlace(person)).heading).toBe(before[index]?.heading);
  }
});

/** Whether the page has no strip about its connection. */
async function isConnected(person: Person): Promise<boolean> {
  return (await person.page.getByText(/^Reconnecting/u).count()) === 0;
}

test('BACK-4 BACK-3 two minutes without a network: the same person in the right phase with the right time', async ({
  group,
}) => {
  group.expected.push(LOST_CONNECTION);
  const [mary, , ada, ben] = (await group.begin(4)) as [Person, Person, Person, Person];
  await group.moveOn(mary);
  await ada.context.setOffline(true);
  await group.pass(120_000, 5_000);
  await expect(
    ada.page.getByText('Reconnecting. The time is still right and your place is kept.'),
  ).toBeVisible();
  // The clock goes on by itself.
  expect(await ada.readClock()).toBe('23 minutes left');
  await expectScreen(ada, { heading: 'Group discussion: Think aloud together' });
  await group.moveOn(mary).catch(() => {});
  await ada.context.setOffline(false);
  await group.until(
    async () => (await ada.readScreen()).heading.startsWith('Reflection round'),
    'Ada is back',
  );
  await expectScreen(ada, { heading: 'Reflection round: Ruth is speaking' });
  expect(await isConnected(ada)).toBe(true);
  expect(await ada.readClock()).toBe(await ben.readClock());
  expect(ada.readView().seats.map(({ seat }) => seat)).toEqual([1, 2, 3, 4]);
});

test('PRES-2 the others see since when somebody is away', async ({ group, browser }) => {
  const [mary, , ada] = (await group.gather(3)) as [Person, Person, Person];
  await group.passMinutes(7);
  await ada.page.goto('about:blank');
  const row = mary.page.getByRole('listitem').filter({ hasText: 'Ada' });
  await expect(row).toContainText('no connection since 14:57');
  await ada.open('/s');
  await expect(row).toContainText('agreed');
  expect(browser.isConnected()).toBe(true);
});

test('BACK-5 a killed tab comes back from its address and from the first page', async ({ group }) => {
  const [, , ada] = (await group.begin(3)) as [Person, Person, Person];
  await group.passMinutes(2);
  await ada.openNewTab('/s');
  await expectScreen(ada, { heading: 'Presentation: Ruth is speaking' }, '8 minutes left');
  await ada.openNewTab('/');
  await ada.press('Return as Ada, 21 December 2026');
  await expectScreen(ada, { heading: 'Presentation: Ruth is speaking' }, '8 minutes left');
  expect(ada.readView().seats).toHaveLength(3);
});

test('BACK-7 of two tabs on one seat the newer wins, and the older says so', async ({ group }) => {
  const [, , ada] = (await group.begin(3)) as [Person, Person, Person];
  const older = ada.page;
  const newer = await ada.context.newPage();
  await newer.goto('/s');
  await expect(newer.locator('h1')).toContainText('Ruth is speaking');
  await expect(older.locator('h1')).toHaveText('You opened this session in another tab');
  // It stays away until asked.
  await group.passMinutes(1);
  await expect(older.locator('h1')).toHaveText('You opened this session in another tab');
  await expect(newer.locator('h1')).toContainText('Ruth is speaking');
  await older.getByRole('button', { name: 'Use this tab' }).click();
  await expect(older.locator('h1')).toContainText('Ruth is speaking');
  await expect(newer.locator('h1')).toHaveText('You opened this session in another tab');
  expect(ada.readView().seats).toHaveLength(3);
});

test('JOIN-6 a device with a seat that opens the link again is asked who is there', async ({ group }) => {
  const [mary, , ada] = (await group.gather(3)) as [Person, Person, Person];
  await ada.openNewTab(group.link);
  await expectScreen(ada, {
    heading: 'You have been here before',
    buttons: ['Return as Ada', 'Join as someone else'],
  });
  await ada.press('Return as Ada');
  await ada.sees(/Before we start/u);
  expect(mary.readView().seats).toHaveLength(3);
  await ada.openNewTab(group.link);
  await ada.press('Join as someone else');
  // Somebody else has another name.
  await expect(ada.page.getByLabel('Your name')).toHaveValue('');
  await ada.page.getByLabel('Your name').fill('Ida');
  await ada.press('Join');
  await expect(mary.page.getByRole('listitem').filter({ hasText: 'Ida' })).toBeVisible();
  expect(mary.readView().seats).toHaveLength(4);
});

test('BACK-6 with several stored sessions the first page lists them', async ({ group }) => {
  await group.setUp('Mary');
  const ada = await group.join('Ada');
  const first = group.link;
  await group.setUp('Miriam');
  expect(group.link).not.toBe(first);
  await ada.openNewTab(group.link);
  await ada.page.getByLabel('Your name').fill('Adina');
  await ada.press('Join');
  await ada.sees('Miriam’s group: Before we start');
  await ada.openNewTab('/');
  await expect(ada.page.getByRole('heading', { name: 'Your sessions on this device' })).toBeVisible();
  await ada.press('Return as Ada, 21 December 2026');
  await ada.sees('Mary’s group: Before we start');
  await ada.openNewTab('/s');
  await ada.press('Return as Adina, 21 December 2026');
  await ada.sees('Miriam’s group: Before we start');
});

test('T33 BACK-11 leaving takes token, key and names off the device', async ({ group }) => {
  await group.setUp('Mary');
  const ada = await group.join('Ada');
  const kept = () => ada.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  const key = group.link.split('.').at(-1) ?? '';
  expect(await kept()).toContain(key);
  await group.press(ada, 'Menu');
  await group.press(ada, 'Leave and free my place');
  await ada.sees('You have left');
  expect(await kept()).not.toContain(key);
  await ada.open('/');
  await expect(ada.page.getByRole('button', { name: /^Return/u })).toHaveCount(0);
});

test('BACK-10 a reload after the end shows the record until Leave', async ({ group }) => {
  const [mary, , ada] = (await group.begin(3)) as [Person, Person, Person];
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  await ada.sees(/The session is closed/u);
  await group.passMinutes(5);
  await ada.page.reload();
  await ada.sees(/The session is closed/u);
  await expect(ada.page.getByRole('table')).toContainText('Presentation');
  await group.press(ada, 'Leave');
  await ada.sees('You have left');
  await ada.page.reload();
  await ada.sees('There is no session in this tab');
});

test('BACK-13 once in a session the page fetches nothing more', async ({ group }) => {
  const [mary, ruth] = (await group.gather(2)) as [Person, Person];
  for (const person of [mary, ruth]) await person.isDrawn();
  const before = [mary, ruth].map(({ watch }) => watch.requests.length);
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, 'Change the plan');
  await group.press(mary, 'Keep the plan as it is');
  await group.press(mary, 'Begin: Ruth presents');
  await group.press(mary, 'More');
  await group.press(mary, 'People');
  await group.press(mary, 'Done');
  await group.press(ruth, 'Menu');
  await group.appears(ruth.page.getByRole('dialog'));
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  await mary.sees(/The session is closed/u);
  expect([mary, ruth].map(({ watch }) => watch.requests.length)).toEqual(before);
});

test('DOOR-17 DOOR-19 DOOR-21 who lost a device is recognised on another and has the place again', async ({
  group,
}) => {
  group.expected.push(LOST_CONNECTION);
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  // Ada is no newcomer any more.
  await group.pass(660_000, 60_000);
  await group.dismiss(ruth);
  const again = await group.arrive('R.');
  await again.join(group.link);
  await expect(again.button('I agree')).toBeVisible();
  // Nobody but a facilitator is offered it, and of nobody who is here.
  await expect(ada.page.getByText('This is Ruth')).toHaveCount(0);
  await group.press(mary, 'More');
  await group.press(mary, 'People');
  await group.press(mary, /^Ada/u);
  await expect(mary.button(/^This is/u)).toHaveCount(0);
  await group.press(mary, 'Back to all people');
  await group.press(mary, /^R\./u);
  await expect(mary.button(/^This is/u)).toHaveText('This is Ruth');
  await group.press(mary, 'This is Ruth');
  await expect(mary.page.getByRole('heading', { name: 'Is this Ruth?' })).toBeVisible();
  await group.press(mary, 'Give this device Ruth’s place');
  // Her page is Ruth's by itself: she presents, and agreed long ago.
  await group.appears(again.page.getByText(/Finish your thought/u));
  await expect(again.button('I agree')).toHaveCount(0);
  await expect
    .poll(() => ada.readView().seats.filter(({ awaySince }) => awaySince === undefined).length)
    .toBe(3);
  expect(ada.readView().seats).toHaveLength(3);
  await again.page.reload();
  await again.sees(/Time to come to an end/u);
});
