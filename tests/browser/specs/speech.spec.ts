// What a screen reader is told in a whole session, exactly: the lists are the behaviour.
import { expect, LOST_CONNECTION, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';

test('SPEAK-9 SPEAK-1 a session is told to member, facilitator and presenter exactly like this', async ({
  group,
}) => {
  test.setTimeout(180_000);
  const mary = await group.setUp('Mary');
  for (const region of ['polite', 'assertive']) {
    const element = mary.page.locator(`[aria-live=${region}]`);
    await expect(element).toHaveCount(1);
    await expect(element).toHaveText('');
  }
  const ruth = await group.join('Ruth');
  const ada = await group.join('Ada');
  // What was said is heard before the next comes.
  const settle = () => group.pass(6_000, 1_000);
  await settle();
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, 'Begin: Ruth presents');
  await settle();
  await group.passMinutes(7);
  await group.press(ruth, 'I have finished');
  await settle();
  await group.passMinutes(9);
  await settle();
  await group.moveOn(mary);
  await settle();
  await group.passMinutes(5);
  await group.press(ada, 'I need a pause');
  await settle();
  await group.press(mary, 'Pause for everyone');
  await settle();
  await group.press(mary, 'Go on');
  await settle();
  const dev = await group.join('Dev');
  await settle();
  await group.passMinutes(20);
  await settle();
  await group.moveOn(mary);
  await settle();
  await group.press(ruth, 'I have finished');
  await settle();
  await group.press(ada, 'I have finished');
  await settle();
  await group.press(dev, 'Not this time');
  await settle();
  await group.press(mary, 'I have finished');
  await settle();
  await group.press(dev, 'Menu');
  await group.press(dev, 'Leave and free my place');
  await settle();
  await group.dismiss(dev);
  await group.moveOn(mary);
  await settle();
  await group.moveOn(mary);
  await settle();

  const closed =
    'Monday 21 December 2026: The session is closed. Nothing that was said has been kept. If something stays with you, take it to someone you trust.';
  const review =
    'How we worked: Look back together. Talk about how we worked as a group. The case itself is closed. 10 minutes left.';
  const open =
    'Reflection round: Talk together. Reply to what you heard today, not to what you would do. 15 minutes left.';
  const paused =
    'Group discussion: We are pausing. The time is stopped. Nothing is lost. We go on when everyone is ready.';
  const hearing =
    'Presentation: Ruth is speaking. Listen to the whole of it. Keep your questions for later. 10 minutes left.';

  expect(await mary.readSpeech(), 'the facilitator').toEqual([
    'Ruth is here.',
    'Ada is here.',
    hearing,
    'Two minutes left.',
    'The time of this part is up.',
    '5 minutes over.',
    'Group discussion: Think aloud together. Talk to each other. Ruth is listening. 25 minutes left.',
    '! Ada needs a pause.',
    paused,
    'The time goes on. 20 minutes left.',
    'Dev is here.',
    'Two minutes left.',
    'The time of this part is up.',
    'Reflection round: Welcome Ruth back. Ruth speaks first. Then each in turn. 15 minutes left.',
    'Ada is speaking.',
    'Dev is speaking. You are next.',
    'It is your turn.',
    open,
    'Dev has left.',
    review,
    closed,
  ]);
  expect(await ruth.readSpeech(), 'the presenter').toEqual([
    'Ada is here.',
    'Presentation: Tell it as you lived it. You are speaking. Nobody will interrupt you. Leave out names and places. 10 minutes left.',
    'Two minutes left.',
    'The time of this part is up.',
    '5 minutes over.',
    'Group discussion: You are listening. The group is thinking about your case. Nobody needs an answer from you. Turn off your microphone and camera in the call. 25 minutes left.',
    paused,
    'The time goes on. 20 minutes left.',
    'Reflection round: What stayed with you? Welcome back, Ruth. You speak first. You do not have to answer every point. 15 minutes left.',
    'Ada is speaking.',
    'Dev is speaking.',
    'Mary is speaking.',
    open,
    'Dev has left.',
    review,
    closed,
  ]);
  expect(await ada.readSpeech(), 'a member').toEqual([
    hearing,
    'Two minutes left.',
    'The time of this part is up.',
    '5 minutes over.',
    'Group discussion: Think aloud together. Talk to each other. Ruth is listening and does not answer. 25 minutes left.',
    'Mary knows that you need a pause. Without an answer the time stops by itself in half a minute.',
    paused,
    'The time goes on. 20 minutes left.',
    'Dev is here.',
    'Two minutes left.',
    'The time of this part is up.',
    'Reflection round: Ruth is speaking. Listen until Ruth has finished. You are next. 15 minutes left.',
    'It is your turn.',
    'Dev is speaking.',
    'Mary is speaking.',
    open,
    'Dev has left.',
    review,
    closed,
  ]);
});

test('SPEAK-6 losing and regaining the connection is said once each', async ({ group, stage }) => {
  group.expected.push(LOST_CONNECTION);
  const [, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  await group.pass(6_000, 1_000);
  const before = (await ada.readSpeech()).length;
  await group.loseServer();
  await group.passWithoutServer(40_000);
  await stage.start();
  await group.until(async () => (await ada.page.getByText(/^Reconnecting/u).count()) === 0, 'Ada is back');
  await group.pass(20_000, 1_000);
  const own = (await ada.readSpeech()).slice(before);
  expect(
    own.filter((words) => /connect/iu.test(words) && !/^(Mary|Ruth|The facilitator)/u.test(words)),
  ).toEqual(['Reconnecting. The time is still right and your place is kept.', 'You are connected again.']);
  expect((await ruth.readSpeech()).filter((words) => words === 'You are connected again.')).toHaveLength(1);
});

test('SPEAK-4 SPEAK-5 the silent presenter is told of nobody’s coming, going or need', async ({ group }) => {
  const [mary, ruth, ada, ben] = (await group.begin(4)) as [Person, Person, Person, Person];
  await group.moveOn(mary);
  await group.pass(6_000, 1_000);
  const before = (await ruth.readSpeech()).length;
  const heard = (await ada.readSpeech()).length;
  await ben.page.goto('about:blank');
  await group.pass(6_000, 1_000);
  await group.join('Dev');
  await group.press(ada, 'I need a pause');
  await group.pass(6_000, 1_000);
  expect((await ruth.readSpeech()).slice(before)).toEqual([]);
  expect((await ada.readSpeech()).slice(heard)).toEqual([
    'Dev is here.',
    'Mary knows that you need a pause. Without an answer the time stops by itself in half a minute.',
  ]);
  expect((await mary.readSpeech()).filter((words) => words.startsWith('!'))).toEqual([
    '! Ada needs a pause.',
  ]);
});

test('SPEAK-4 names that open late are nobody’s arrival', async ({ group }) => {
  await group.setUp('Mary');
  const ada = await group.arrive('Ada');
  let release = () => {};
  const held = new Promise<void>((done) => {
    release = done;
  });
  await ada.page.route('**/assets/seal-*.js', async (route) => {
    await held;
    await route.continue();
  });
  await ada.fillIn(group.link);
  await ada.press('Join');
  await expect.poll(() => ada.watch.revision, 'Ada is welcomed').toBeGreaterThan(0);
  release();
  await group.press(ada, 'I agree');
  await group.pass(3_000, 1_000);
  expect(await ada.readSpeech()).toEqual([]);
});

test('SCREEN-40 the loss of the facilitator is said after it is more than a blip, and not to the silent presenter', async ({
  group,
}) => {
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  await group.moveOn(mary);
  await group.pass(6_000, 1_000);
  const before = (await ruth.readSpeech()).length;
  const heard = (await ada.readSpeech()).length;
  await mary.page.goto('about:blank');
  await expect.poll(() => ada.readView().chair.freeAt).not.toBeNull();
  await group.pass(10_000, 1_000);
  expect((await ada.readSpeech()).slice(heard)).toEqual([
    'The facilitator has lost the connection. Carry on. The time runs as before.',
  ]);
  expect((await ruth.readSpeech()).slice(before)).toEqual([]);
});
