// A whole session of six people, each in a browser of their own, from the first page to the record.
import { expect, type Group, test } from '../kit/group.ts';
import type { Person, Screen } from '../kit/person.ts';
import { expectScreen, readFloor } from '../kit/screen.ts';

/** Screens by person; `others` is everyone who is not named. */
type Screens = Readonly<Record<string, Partial<Screen>>>;

async function expectScreens(
  group: Group,
  screens: Screens,
  floor: string,
  times: readonly [mary: string, others: string, ruth?: string],
) {
  const [exact, whole, silent = whole] = times;
  for (const person of group.people) {
    const expected = screens[person.name] ?? screens.others ?? {};
    await expectScreen(
      person,
      expected,
      person.name === 'Mary' ? exact : person.name === 'Ruth' ? silent : whole,
    );
    expect(readFloor(person), `the floor that ${person.name} was told`).toBe(floor);
  }
}

const everyone = (screen: Partial<Screen>): Screens => ({ others: screen });

// As most devices are set; the tests of single things do without.
test.use({ contextOptions: { reducedMotion: 'no-preference' } });

/** What one session shows on its way. */
const PROVED =
  'SCREEN-1 SCREEN-9 SCREEN-20 SCREEN-25 SCREEN-26 SCREEN-28 SCREEN-29 SCREEN-30 SCREEN-34 SCREEN-35 SCREEN-36 SCREEN-45';

test(`${PROVED} a session of six: each screen says what its person does now`, async ({ group }) => {
  test.setTimeout(180_000);
  const mary = await group.setUp('Mary');
  await expectScreen(mary, {
    heading: 'Your group: Before we start',
    sentence: 'Share the link. Begin when everyone is here.',
    title: 'Before we start – Attune',
    position: 'arriving',
  });
  const ruth = await group.arrive('Ruth');
  await ruth.open(group.link);
  await expectScreen(ruth, {
    heading: 'Join the group',
    sentence: 'A case is talked through here, in turns. You come in when you press Join.',
    title: 'Attune',
    buttons: ['Join'],
  });
  await ruth.join(group.link);
  await expectScreen(ruth, {
    heading: 'Mary’s group: Before we start',
    sentence: 'This is what we promise each other.',
    next: 'Mary will begin when everyone is here. We end at about 15:50.',
    title: 'Before we start – Attune',
    position: 'arriving',
    buttons: ['I agree'],
  });
  await expect(mary.page.getByRole('listitem').filter({ hasText: 'Ruth' })).toContainText('still reading');
  await group.press(ruth, 'I agree');
  await expectScreen(ruth, {
    sentence: 'You have agreed. This is what we promise each other.',
    buttons: ['I offer to present'],
  });
  for (const name of ['Ada', 'Ben', 'Dev', 'Joel']) await group.join(name);
  await group.press(ruth, 'I offer to present');
  const row = mary.page.getByRole('listitem').filter({ hasText: 'Ruth' });
  await expect(row).toContainText('offers to present');
  await group.choosePresenter(mary, 'Ruth');
  await expect(row).toContainText('will present');
  await expect(mary.button('Begin: Ruth presents')).toBeVisible();
  await expect(ruth.page.getByRole('listitem').filter({ hasText: 'Joel' })).toContainText('agreed');

  await group.press(mary, 'Begin: Ruth presents');
  const title = (time: string, phase: string) => `${time} – ${phase} – Attune`;
  await expectScreens(
    group,
    {
      Mary: {
        heading: 'Presentation: Ruth is speaking',
        sentence: 'Listen to the whole of it. Keep your questions for later.',
        next: '',
        position: 'listening',
      },
      Ruth: {
        heading: 'Presentation: Tell it as you lived it',
        sentence: 'You are speaking. Nobody will interrupt you. Leave out names and places.',
        next: 'Next: you listen, while the group thinks about it.',
        title: title('10 min left', 'Presentation'),
        position: 'speaking',
        buttons: ['I have finished', 'I need a pause'],
      },
      others: {
        heading: 'Presentation: Ruth is speaking',
        sentence: 'Listen to the whole of it. Keep your questions for later.',
        next: 'Next: you think aloud with the others. Ruth listens.',
        title: title('10 min left', 'Presentation'),
        position: 'listening',
        buttons: ['Another question', 'I need a pause'],
      },
    },
    'single 1 2',
    ['10:00 left', '10 minutes left'],
  );
  await expect(mary.page.locator('svg rect, .invite')).toHaveCount(0);

  await group.passMinutes(8);
  await expectScreens(
    group,
    {
      Mary: { next: 'Two minutes left.' },
      Ruth: { next: 'Two minutes left. Next: you listen, while the group thinks about it.' },
      others: { next: 'Two minutes left. Next: you think aloud with the others. Ruth listens.' },
    },
    'single 1 2',
    ['2:00 left', '2 minutes left'],
  );
  await group.press(ruth, 'I have finished');
  await expectScreens(
    group,
    {
      Mary: { sentence: 'Ruth has told the story. Stay with it for a moment.' },
      Ruth: {
        sentence: 'You have finished. Mary will move us on. You can still add something.',
        buttons: ['I need a pause'],
      },
      others: { sentence: 'Ruth has told the story. Stay with it for a moment.' },
    },
    'single 1 2',
    ['2:00 left', '2 minutes left'],
  );

  await group.moveOn(mary);
  await expectScreens(
    group,
    {
      Mary: {
        heading: 'Group discussion: Think aloud together',
        sentence: 'Talk to each other. Ruth is listening.',
        next: '',
        position: 'together',
      },
      Ruth: {
        heading: 'Group discussion: You are listening',
        sentence:
          'The group is thinking about your case. Nobody needs an answer from you. Turn off your microphone and camera in the call.',
        next: '',
        title: title('25 min left', 'Group discussion'),
        position: 'listening',
        buttons: ['I need a pause'],
      },
      others: {
        heading: 'Group discussion: Think aloud together',
        sentence: 'Talk to each other. Ruth is listening and does not answer.',
        next: 'Next: Ruth comes back and speaks first.',
        title: title('25 min left', 'Group discussion'),
        position: 'together',
        buttons: ['Another question', 'Raise my hand', 'I need a pause'],
      },
    },
    'open 1 3 4 5 6',
    ['25:00 left', '25 minutes left'],
  );

  await group.passMinutes(24);
  await group.pass(30_000);
  await expectScreens(group, everyone({}), 'open 1 3 4 5 6', ['0:30 left', 'Less than a minute left']);
  await expectScreen(ruth, {
    sentence: 'The group is thinking about your case. Nobody needs an answer from you.',
    next: '',
    title: title('under 1 min left', 'Group discussion'),
  });
  await group.passMinutes(2);
  await group.pass(30_000);
  await expectScreens(
    group,
    {
      Mary: {
        heading: 'Group discussion: Time to come to an end',
        sentence: 'Let the last thought finish. Then invite Ruth back.',
      },
      // Ending is not this person's task.
      Ruth: { heading: 'Group discussion: You are listening', next: '', buttons: ['I need a pause'] },
      others: {
        heading: 'Group discussion: Time to come to an end',
        sentence: 'Finish your thought. Mary will move us on.',
        next: 'Next: Ruth comes back and speaks first.',
        title: title('2 min over', 'Group discussion'),
        position: 'together',
      },
    },
    'open 1 3 4 5 6',
    ['2:00 over', '2 minutes over', 'The group is coming to an end.'],
  );

  await group.moveOn(mary);
  await expectRound(group);
  await group.moveOn(mary);
  await group.pass(1_000);
  const review = {
    heading: 'How we worked: Look back together',
    sentence: 'Talk about how we worked as a group. The case itself is closed.',
    position: 'together',
  };
  await expectScreens(
    group,
    { Mary: { ...review, next: '' }, others: { ...review, next: 'Next: we close, at about 15:36.' } },
    'open 1 2 3 4 5 6',
    ['9:59 left', '10 minutes left'],
  );
  await group.passMinutes(9);
  await expect(mary.page.getByText('Before we close: is the presenter all right to leave?')).toBeVisible();

  await group.moveOn(mary);
  for (const person of group.people) {
    await expectScreen(person, {
      heading: 'Monday 21 December 2026: The session is closed',
      sentence:
        'Nothing that was said has been kept. If something stays with you, take it to someone you trust.',
      title: 'Closed – Attune',
      position: 'closed',
    });
    const rows = await person.page.getByRole('row').allInnerTexts();
    expect(rows.map((text) => text.replace(/\s+/gu, ' ').trim())).toEqual([
      'Part Planned Actual',
      'Presentation 10 min 8 min',
      'Group discussion 25 min 27 min',
      'Reflection round 15 min 1 min',
      'How we worked 10 min 9 min',
      'Together 60 min 45 min',
    ]);
    await expect(person.page.getByText('Mary, Ruth, Ada, Ben, Dev and Joel')).toBeVisible();
    await expect(person.page.getByText('The service deletes this record on 22 December 2026.')).toBeVisible();
  }
});

/** The reflection round, turn by turn, within one minute. */
async function expectRound(group: Group): Promise<void> {
  const times = ['15:00 left', '15 minutes left'] as const;
  const [mary, ruth, ada, ben, dev, joel] = group.people as [Person, Person, Person, Person, Person, Person];
  const common = { position: 'responding' };
  await expectScreens(
    group,
    {
      Mary: {
        ...common,
        heading: 'Reflection round: Welcome Ruth back',
        sentence: 'Ruth speaks first. Then each in turn.',
      },
      Ruth: {
        ...common,
        heading: 'Reflection round: What stayed with you?',
        sentence: 'Welcome back, Ruth. You speak first. You do not have to answer every point.',
        next: 'After you: Ada, then each in turn.',
        title: 'Your turn – 15 min left – Reflection round – Attune',
        buttons: ['Another question', 'Not this time', 'I have finished', 'Come back to me'],
      },
      Ada: {
        ...common,
        heading: 'Reflection round: Ruth is speaking',
        sentence: 'Listen until Ruth has finished. You are next.',
      },
      Ben: { ...common, sentence: 'Listen until Ruth has finished. You come after Ada.' },
      Dev: { ...common, sentence: 'Listen until Ruth has finished. You come after Ben.' },
      Joel: { ...common, sentence: 'Listen until Ruth has finished. You come after Dev.' },
    },
    'round 1 2',
    times,
  );
  await group.press(ruth, 'I have finished');
  await expectScreens(
    group,
    {
      Ada: {
        ...common,
        heading: 'Reflection round: It is your turn',
        sentence: 'Say what this brings up for you. The others listen until you have finished.',
        next: 'After you: Ben.',
        title: 'Your turn – 15 min left – Reflection round – Attune',
        buttons: ['Another question', 'Not this time', 'I have finished', 'Come back to me'],
      },
      others: { ...common, heading: 'Reflection round: Ada is speaking' },
    },
    'round 1 3',
    times,
  );
  await group.press(ada, 'I have finished');
  await expectScreen(ben, { heading: 'Reflection round: It is your turn' });
  await group.press(ben, 'Not this time');
  await expectScreen(dev, { heading: 'Reflection round: It is your turn' });
  // ROUND-5: whoever steers moves any turn on.
  await group.press(mary, 'More');
  await group.press(mary, 'Go on without waiting for Dev');
  await expectScreen(joel, { heading: 'Reflection round: It is your turn', next: 'After you: Mary.' });
  await group.press(joel, 'I have finished');
  await expectScreen(mary, {
    heading: 'Reflection round: It is your turn',
    next: 'You are the last. Then we talk together.',
  });
  await group.press(mary, 'I have finished');
  await group.passMinutes(1);
  await expectScreens(
    group,
    {
      Mary: { ...common, heading: 'Reflection round: Talk together', next: '' },
      others: {
        ...common,
        heading: 'Reflection round: Talk together',
        sentence: 'Reply to what you heard today, not to what you would do.',
        next: 'Next: we look back at how we worked.',
        title: '14 min left – Reflection round – Attune',
      },
    },
    'open 1 2 3 4 5 6',
    ['14:00 left', '14 minutes left'],
  );
}
