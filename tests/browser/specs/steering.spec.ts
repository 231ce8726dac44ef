// Who steers, and what happens when they cannot: undo, pauses, the chair, presenters who leave, people without a device.
import type { Locator } from '@playwright/test';
import { expect, LOST_CONNECTION, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';
import { expectScreen } from '../kit/screen.ts';

const notice = (person: Person) => person.page.locator('main .notice');

/** Presses twice before any answer can come; by the mouse, the next screen may stand there at the second press. */
const pressTwice = (button: Locator) =>
  button.evaluate((element: HTMLElement) => {
    element.click();
    element.click();
  });

test('SCREEN-41 UNDO-4 after a step its doer alone has Undo for ten seconds', async ({ group }) => {
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  await group.passMinutes(3);
  await group.moveOn(mary);
  await expect(mary.page.getByText('You moved on to the group discussion.')).toBeVisible();
  await expect(ruth.button('Undo')).toHaveCount(0);
  await expect(ada.button('Undo')).toHaveCount(0);
  await group.press(mary, 'Undo');
  await expectScreen(ada, { heading: 'Presentation: Ruth is speaking' }, '7 minutes left');
  await expectScreen(ruth, { heading: 'Presentation: Tell it as you lived it' });
  await group.moveOn(mary);
  await group.pass(9_800, 200);
  await expect(mary.button('Undo')).toBeVisible();
  await group.pass(200);
  await expect(mary.button('Undo')).toHaveCount(0);
  await expectScreen(ada, { heading: 'Group discussion: Think aloud together' });
});

test('STEER-6 two facilitators who press Next at one moment move one phase', async ({ group }) => {
  const [mary, ruth, ada] = (await group.gather(3)) as [Person, Person, Person];
  await group.press(mary, 'People');
  await group.press(mary, /^Ada/u);
  await group.press(mary, 'Make a co-facilitator');
  await group.press(mary, 'Done');
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, 'Begin: Ruth presents');
  await expect(ada.button('Move on: Ruth listens')).toBeVisible();
  // Ada's page is held up in her press until Mary's has been told to everyone.
  const moved = mary.press('Move on: Ruth listens').then(() => ruth.sees(/You are listening/u));
  await ada.page.route('**/hold', async (route) => {
    await moved;
    await route.fulfill({ body: '' });
  });
  group.expected.push(/Synchronous XMLHttpRequest/u);
  await ada.page.evaluate(() => {
    const button = [...document.querySelectorAll('button')].find((one) => /^Move on/u.test(one.innerText));
    const held = new XMLHttpRequest();
    held.open('GET', '/hold', false);
    held.send();
    button?.click();
  });
  await group.appears(ada.page.getByText('Mary had already moved on. Nothing was done twice.').first());
  await expect(mary.page.getByText('Nothing was done twice')).toHaveCount(0);
  await expectScreen(ruth, { heading: 'Group discussion: You are listening' });
  await expectScreen(ada, { heading: 'Group discussion: Think aloud together' });
});

test('SCREEN-54 a double press moves on once, and is told nothing', async ({ group }) => {
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  await pressTwice(mary.button(/^Move on/u));
  await ruth.sees(/You are listening/u);
  await group.isAtRest(mary);
  expect(mary.watch.frames.filter((frame) => frame.includes('moved_on'))).toHaveLength(1);
  await expect(mary.page.getByText('Nothing was done twice')).toHaveCount(0);
  await group.moveOn(mary);
  await pressTwice(ruth.button('I have finished'));
  await ada.sees('Reflection round: It is your turn');
  await group.isAtRest(ruth);
  expect(ruth.watch.frames.filter((frame) => frame.includes('moved_on'))).toHaveLength(1);
  await expect(ruth.page.getByText('Nothing was done twice')).toHaveCount(0);
});

test('SCREEN-54 a second press that meets the next part does not move on from it', async ({ group }) => {
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  await mary.page.evaluate(() => {
    window.holdsHalfSeconds = true;
  });
  const box = await mary.button(/^Move on/u).boundingBox();
  if (!box) throw new Error('there is no button');
  const touch = () => mary.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await mary.press(/^Move on/u);
  await ruth.sees(/You are listening/u);
  await group.isAtRest(mary);
  await touch();
  await group.isAtRest(mary);
  await expectScreen(ada, { heading: 'Group discussion: Think aloud together' });
  expect(mary.watch.frames.filter((frame) => frame.includes('"type":"next"'))).toHaveLength(1);
  await mary.page.evaluate(() => {
    for (const animation of document.getAnimations()) animation.finish();
  });
  await touch();
  await ruth.sees(/Reflection round/u);
});

test('SCREEN-31 TIME-3 more time says what it does to the end', async ({ group }) => {
  const [mary, , ada] = (await group.begin(3)) as [Person, Person, Person];
  await expect(mary.page.getByText('On plan. Ends at 15:50')).toBeVisible();
  await group.press(mary, /^\+5 min/u);
  await expect(mary.page.getByText('5 minutes behind. Ends at 15:55 instead of 15:50.')).toBeVisible();
  expect(await ada.readClock()).toBe('15 minutes left');
  await group.press(mary, 'Undo');
  await expect(mary.page.getByText('On plan. Ends at 15:50')).toBeVisible();
  expect(await ada.readClock()).toBe('10 minutes left');
  await group.passMinutes(2);
  await group.press(mary, 'Pause');
  await expectScreen(ada, { heading: 'Presentation: We are pausing' }, '8 minutes kept');
  await group.passMinutes(5);
  expect(await ada.readClock()).toBe('8 minutes kept');
  await group.press(mary, 'Go on');
  await expectScreen(ada, { heading: 'Presentation: Ruth is speaking' }, '8 minutes left');
  await group.moveOn(mary);
  await group.press(mary, 'More');
  await group.press(mary, 'Go back to the presentation');
  // TIME-5: what was left of it.
  await expectScreen(ada, { heading: 'Presentation: Ruth is speaking' }, '8 minutes left');
  await group.press(mary, 'Menu');
  await group.press(mary, 'What happened');
  const acts = mary.page.locator('dialog[open] ol li');
  await expect(acts.first()).toContainText('Mary went back to the presentation');
  await expect(acts.filter({ hasText: 'Mary stopped the time' })).toHaveCount(1);
  await expect(acts.filter({ hasText: 'Mary took a step back' })).toHaveCount(1);
});

test('PAUSE-4 a pause that nobody answers comes by itself after half a minute', async ({ group }) => {
  const [mary, ruth, ada, ben] = (await group.begin(4)) as [Person, Person, Person, Person];
  await group.moveOn(mary);
  await group.press(ben, 'I need a pause');
  await expect(notice(mary)).toContainText('Ben needs a pause.');
  await expect(ben.page.getByText('Mary knows that you need a pause.')).toBeVisible();
  for (const person of [ruth, ada]) await expect(person.page.getByText('Ben needs a pause')).toHaveCount(0);
  await group.pass(29_000, 1_000);
  await expectScreen(ada, { heading: 'Group discussion: Think aloud together' });
  await group.pass(1_000);
  await expectScreen(ada, { heading: 'Group discussion: We are pausing', buttons: ['Go on'] });
  // PAUSE-9: nobody is named.
  await expect(ada.page.getByText('Ben')).toHaveCount(0);
  // PAUSE-6: not the silent presenter.
  await expect(ruth.button('Go on')).toHaveCount(0);
  await group.press(ada, 'Go on');
  await expectScreen(ada, { heading: 'Group discussion: Think aloud together' });
  await expect(notice(mary)).toHaveCount(0);
});

test('PAUSE-1 PAUSE-12 SCREEN-39 the silent presenter can ask for a pause, and is told that it was heard', async ({
  group,
}) => {
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  await group.moveOn(mary);
  await group.press(ruth, 'I need a pause');
  await expect(notice(mary)).toContainText('Ruth needs a pause.');
  await expect(ada.page.getByText('needs a pause.')).toHaveCount(0);
  const promise = ruth.page.getByText(/the time stops by itself/u);
  await expect(promise).toBeVisible();
  await group.press(mary, 'I have heard it');
  await expect(notice(mary)).toHaveCount(0);
  await expect(ruth.page.getByText('Mary has heard that you need a pause.')).toBeVisible();
  await expect(promise).toHaveCount(0);
  await expect(ada.page.getByText('need a pause.')).toHaveCount(0);
  await group.pass(40_000, 5_000);
  await expectScreen(ada, { heading: 'Group discussion: Think aloud together' });
  await group.press(ruth, 'I need a pause');
  await group.press(mary, 'Pause for everyone');
  await expectScreen(ruth, { heading: 'Group discussion: We are pausing' });
});

test('CHAIR-1 SCREEN-40 T56 the facilitator is lost: the chair is free after a minute and is given back on asking', async ({
  group,
}) => {
  group.expected.push(LOST_CONNECTION);
  const [mary, ruth, ada, ben] = (await group.begin(4)) as [Person, Person, Person, Person];
  await group.moveOn(mary);
  await group.passMinutes(1);
  await mary.page.goto('about:blank');
  await expect.poll(() => ada.readView().chair.freeAt).not.toBeNull();
  // A blip is nobody's news.
  await group.pass(4_000, 1_000);
  await expect(notice(ada)).toHaveCount(0);
  await group.pass(2_000, 1_000);
  await expect(notice(ada)).toContainText('Mary has lost the connection');
  await expect(notice(ada)).toContainText(
    'Carry on. The time runs as before. Mary can take the chair again on coming back.',
  );
  await expect(ada.button('Take the chair for now')).toHaveCount(0);
  await group.pass(53_000, 1_000);
  await expect(ada.button('Take the chair for now')).toHaveCount(0);
  await group.pass(2_000);
  await expect(ada.button('Take the chair for now')).toBeVisible();
  await expect(ben.button('Take the chair for now')).toBeVisible();
  await expect(notice(ruth)).toHaveCount(0);
  await expect(ruth.button('Take the chair for now')).toHaveCount(0);
  await group.press(ada, 'Take the chair for now');
  await expect(ada.page.getByRole('region', { name: 'For you, with the chair for now' })).toBeVisible();
  await expect(ben.page.locator('main .next')).toContainText('Ada has the chair for now.');
  await expect(ben.button('Take the chair for now')).toHaveCount(0);

  await mary.open('/s');
  await expect(notice(mary)).toContainText('Ada has the chair for now.');
  await expect(mary.button(/^Move on/u)).toHaveCount(0);
  await group.press(mary, 'Have the chair back');
  await expect(mary.button('Move on: Ruth comes back')).toBeVisible();
  await expect(ada.button(/^Move on/u)).toHaveCount(0);
  await expect(ben.page.locator('main .next')).not.toContainText('has the chair for now');
});

test('PAUSE-3 with nobody who steers, a pause comes at once', async ({ group }) => {
  const [mary, , ada] = (await group.begin(3)) as [Person, Person, Person];
  await mary.page.goto('about:blank');
  await expect.poll(() => ada.readView().chair.freeAt).not.toBeNull();
  await group.press(ada, 'I need a pause');
  await expectScreen(ada, { heading: 'Presentation: We are pausing', buttons: ['Go on'] });
});

test('CASE-2 SCREEN-42 the presenter leaves: the time waits until it is decided how to go on', async ({
  group,
}) => {
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  await group.moveOn(mary);
  await group.passMinutes(5);
  await group.press(ruth, 'Menu');
  await group.press(ruth, 'Leave and free my place');
  await ruth.sees('You have left');
  await group.dismiss(ruth);
  await expectScreen(
    ada,
    { heading: 'Group discussion: The time waits', next: 'Mary decides how we go on.' },
    '20 minutes kept',
  );
  await group.passMinutes(2);
  expect(await ada.readClock()).toBe('20 minutes kept');
  await group.press(mary, /^Ada/u);
  // CASE-3: back to the part that needs a presenter first.
  await expectScreen(ada, { heading: 'Presentation: Tell it as you lived it' }, '10 minutes left');
});

test('CASE-4 or the group goes to the review', async ({ group }) => {
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  await group.moveOn(mary);
  await group.press(ruth, 'Menu');
  await group.press(ruth, 'Leave and free my place');
  await ada.sees('Group discussion: The time waits');
  await group.dismiss(ruth);
  await group.press(mary, 'Look back at how we worked');
  await expectScreen(ada, { heading: 'How we worked: Look back together' }, '10 minutes left');
});

test('JOIN-12 SCREEN-43 one device runs a whole session with people without one', async ({ group }) => {
  const mary = await group.setUp('Mary', { room: true });
  await group.press(mary, 'People');
  for (const name of ['Ruth', 'Ada']) {
    await group.press(mary, 'Add a person without a device');
    await mary.page.locator('dialog[open]').getByRole('textbox').fill(name);
    await group.press(mary, 'Add');
    await expect(mary.button(new RegExp(`^${name}`, 'u'))).toBeVisible();
    await group.breathe();
    await group.press(mary, new RegExp(`^${name}`, 'u'));
    await group.press(mary, 'Has agreed to the promises');
  }
  await group.press(mary, 'Done');
  await expect(mary.page.getByRole('listitem').filter({ hasText: 'Ruth' })).toContainText('no device');
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, 'Begin: Ruth presents');
  await expectScreen(mary, { heading: 'Presentation: Ruth is speaking' });
  await group.passMinutes(10);
  await group.moveOn(mary);
  await expectScreen(mary, { heading: 'Group discussion: Think aloud together' });
  await group.passMinutes(25);
  await group.moveOn(mary);
  await group.press(mary, 'Ruth has finished');
  await expectScreen(mary, { heading: 'Reflection round: Ada is speaking' });
  await group.press(mary, 'Ada passes');
  await expectScreen(mary, { heading: 'Reflection round: It is your turn' });
  await group.press(mary, 'I have finished');
  await expectScreen(mary, { heading: 'Reflection round: Talk together' });
  await group.moveOn(mary);
  await group.moveOn(mary);
  await mary.sees(/The session is closed/u);
  await expect(mary.page.getByText('Mary, Ruth and Ada')).toBeVisible();
});

test('CASE-7 the facilitator presents, and a member holds the chair', async ({ group }) => {
  const [mary, ruth, ada] = (await group.gather(3)) as [Person, Person, Person];
  await group.choosePresenter(mary, 'Mary');
  await expect(notice(mary)).toContainText('Who keeps the time while you listen?');
  await group.press(mary, 'Ask Ada');
  await expect(notice(ada)).toContainText('Mary asks you to hold the chair');
  await expect(notice(ruth)).toHaveCount(0);
  await group.press(ada, 'I will hold the chair');
  await expect(ada.page.getByText('You hold the chair while the facilitator presents.')).toBeVisible();
  // She stands in from Begin on.
  await expect(ada.button(/^Begin/u)).toHaveCount(0);
  await expect(ada.page.getByText('Mary will begin when everyone is here.')).toBeVisible();
  await group.press(mary, 'Begin: you present');
  await expectScreen(mary, { heading: 'Presentation: Tell it as you lived it' });
  await expect(ada.page.getByRole('region', { name: 'For you, with the chair for now' })).toBeVisible();
  await group.moveOn(ada);
  await expectScreen(mary, { heading: 'Group discussion: You are listening', buttons: ['I need a pause'] });
});

test('CASE-8 TIME-9 the facilitator presents without a chair holder: the case runs by itself', async ({
  group,
}) => {
  const [mary, ruth] = (await group.gather(2)) as [Person, Person];
  await group.choosePresenter(mary, 'Mary');
  await expect(notice(mary)).toContainText(
    'If nobody holds the chair, each part begins by itself fifteen seconds after the time of the one before.',
  );
  await group.press(mary, 'Begin: you present');
  await expectScreen(ruth, { heading: 'Presentation: Mary is speaking' });
  await group.passMinutes(10);
  await group.pass(10_000);
  await expectScreen(ruth, {
    heading: 'Presentation: Time to come to an end',
    sentence: 'Finish your thought. The next part begins by itself.',
  });
  await group.pass(5_000);
  await expectScreen(ruth, { heading: 'Group discussion: Think aloud together' }, '25 minutes left');
  await expectScreen(mary, { heading: 'Group discussion: You are listening' });
});

test('JOIN-13 JOIN-14 STEER-11 a removal changes the link', async ({ group }) => {
  const [mary, , ada, ben] = (await group.gather(4)) as [Person, Person, Person, Person];
  const old = group.link;
  await group.press(mary, 'People');
  await group.press(mary, /^Ben/u);
  await group.press(mary, 'Remove from the session');
  // STEER-11: the button names the effect.
  await group.press(mary, 'Remove Ben and change the link');
  await ben.sees('You are no longer in this session');
  await expect(mary.page.getByText(/^Ben is removed\./u)).toBeVisible();
  if (await mary.button('Done').count()) await group.press(mary, 'Done');
  await ben.open(old);
  await ben.page.getByLabel('Your name').fill('Ben');
  await ben.press('Join');
  await group.breathe();
  await ben.sees('We cannot find this session');
  // Members copy the new one.
  await group.press(ada, 'Menu');
  await group.press(ada, 'Copy the link');
  group.link = await group.copyLink(ada);
  expect(group.link).not.toBe(old);
  expect(group.link.split('.').at(-1)).toBe(old.split('.').at(-1));
  const eve = await group.join('Eve');
  await expect(eve.page.getByRole('listitem').filter({ hasText: 'Ada' })).toBeVisible();
});

test('SCREEN-27 JOIN-3 a newcomer during a case sees the promises only', async ({ group }) => {
  await group.begin(3);
  const dev = await group.arrive('Dev');
  await dev.join(group.link);
  await expectScreen(dev, { heading: 'Before you come in', buttons: ['I agree'] });
  await expect(dev.page.getByRole('timer')).toHaveCount(0);
  for (const name of ['Mary', 'Ruth', 'Ada', 'Presentation']) {
    await expect(dev.page.getByText(name)).toHaveCount(0);
  }
  await group.press(dev, 'I agree');
  await expectScreen(dev, { heading: 'Presentation: Ruth is speaking' }, '10 minutes left');
});

test('JOIN-10 a full session says so', async ({ group }) => {
  await group.setUp('Mary');
  const ada = await group.arrive('Ada');
  for (let seat = 2; seat <= 12; seat += 1) {
    await ada.openNewTab(group.link);
    if (seat > 2) await ada.press('Join as someone else');
    await ada.page.getByLabel('Your name').fill(`Ada ${seat}`);
    await ada.press('Join');
    await ada.sees(/Before we start/u);
  }
  const ben = await group.arrive('Ben');
  await ben.open(group.link);
  await ben.page.getByLabel('Your name').fill('Ben');
  await ben.press('Join');
  await ben.sees('This session is full');
});

test('LIFE-5 LIFE-6 a facilitator deletes the session after its end', async ({ group, stage }) => {
  const [mary, , ada] = (await group.begin(3)) as [Person, Person, Person];
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  await mary.sees(/The session is closed/u);
  await expect(ada.button('Delete it now')).toHaveCount(0);
  await group.press(mary, 'Delete it now');
  await group.press(mary, 'Delete it now for everyone');
  await expect(
    mary.page.getByText('The service has deleted this record. It stays here until you leave.'),
  ).toBeVisible();
  await ada.sees(/The session is closed/u);
  const late = await group.arrive('Late');
  await late.open(group.link);
  await late.page.getByLabel('Your name').fill('Late');
  await late.press('Join');
  await group.breathe();
  await late.sees('We cannot find this session');
  expect(stage.log).not.toContain('Late');
});
