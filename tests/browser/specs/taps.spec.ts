// How many presses each main task takes on a phone, as the table of docs/SPEC.md says. A field that is typed in counts one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, type Group, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';

const SPEC = readFileSync(join(import.meta.dirname, '../../../docs/SPEC.md'), 'utf8');

/** The promised numbers, by id. */
const promised = new Map(
  [...SPEC.matchAll(/^\| (TAPS-\d+) \| [^|]+ \| (\d+) \|$/gmu)].map(([, id = '', count]) => [
    id,
    Number(count),
  ]),
);

/** One person's presses. */
class Taps {
  count = 0;

  constructor(
    readonly group: Group,
    readonly person: Person,
  ) {}

  async press(name: string | RegExp): Promise<void> {
    this.count += 1;
    await this.group.press(this.person, name);
  }

  async tap(locator: Locator): Promise<void> {
    this.count += 1;
    await locator.click();
    await this.group.breathe();
  }

  async type(label: string, text: string): Promise<void> {
    this.count += 1;
    await this.person.page.getByLabel(label, { exact: true }).fill(text);
  }
}

/** Does a task, and compares its presses with the promise. */
async function task(
  id: string,
  group: Group,
  person: Person,
  steps: (taps: Taps) => Promise<void>,
): Promise<void> {
  const taps = new Taps(group, person);
  await steps(taps);
  expect.soft(taps.count, id).toBe(promised.get(id));
}

test('TAPS-1 TAPS-2 TAPS-3 TAPS-4 TAPS-5 TAPS-6 TAPS-7 TAPS-8 from the first page to a running discussion and its end', async ({
  group,
}) => {
  test.setTimeout(150_000);
  const mary = await group.arrive('Mary');
  await mary.context.grantPermissions(['clipboard-read', 'clipboard-write', 'screen-wake-lock']);
  const share = async (taps: Taps) => {
    await taps.press('Copy the link');
    group.link = await mary.page.evaluate(() => navigator.clipboard.readText());
  };
  await mary.open('/');
  await task('TAPS-1', group, mary, async (taps) => {
    await taps.tap(mary.page.getByRole('link', { name: 'Set up a session' }));
    await mary.sees('Set up a session');
    await taps.type('Your name', 'Mary');
    await taps.press('Create the session');
    await mary.sees(/Before we start/u);
    await share(taps);
  });
  const ruth = await group.arrive('Ruth');
  await ruth.open(group.link);
  await task('TAPS-2', group, ruth, async (taps) => {
    await taps.type('Your name', 'Ruth');
    await taps.press('Join');
    await taps.press('I agree');
    await expect(ruth.button('I agree')).toHaveCount(0);
  });
  await task('TAPS-3', group, mary, async (taps) => {
    await taps.press('Choose who presents');
    await taps.press('Ruth');
    await taps.press('Begin: Ruth presents');
    await expect(mary.page.getByRole('timer')).toBeVisible();
  });
  await task('TAPS-4', group, mary, (taps) => taps.press(/^\+5 min/u));
  await task('TAPS-5', group, mary, async (taps) => {
    await taps.press(/^Move on/u);
    await ruth.sees(/You are listening/u);
  });
  await task('TAPS-6', group, ruth, (taps) => taps.press('I need a pause'));
  await task('TAPS-7', group, mary, (taps) => taps.press('Pause for everyone'));
  await group.press(mary, 'Go on');
  await task('TAPS-8', group, mary, async (taps) => {
    await taps.press('More');
    await taps.press('End the session');
    await ruth.sees(/The session is closed/u);
  });
});

test('TAPS-9 TAPS-10 TAPS-11 TAPS-12 TAPS-13 choosing, editing and exporting a plan', async ({ group }) => {
  test.setTimeout(150_000);
  const mary = await group.arrive('Mary');
  await mary.open('/new');
  await task('TAPS-9', group, mary, async (taps) => {
    await taps.press('Choose another method');
    await taps.press('Balint-style discussion');
    await expect(mary.page.getByRole('heading', { name: 'Balint-style discussion' })).toBeVisible();
  });
  await task('TAPS-10', group, mary, async (taps) => {
    await taps.tap(mary.page.getByText('Change the parts or the minutes'));
    await taps.type('Minutes for the group discussion', '20');
  });
  await task('TAPS-11', group, mary, async (taps) => {
    await taps.press('Edit the whole plan');
    await taps.press('Down Presentation');
    await taps.press('Use this plan');
    await expect(mary.page.locator('form .rows > li').nth(1)).toContainText('Presentation');
  });
  await task('TAPS-12', group, mary, async (taps) => {
    await taps.press('Edit the whole plan');
    await taps.press('Add a part');
    await taps.press('Break');
    await taps.press('Use this plan');
    await expect(mary.page.locator('form .rows > li').last()).toContainText('Break');
  });
  await task('TAPS-13', group, mary, async (taps) => {
    await taps.press('Edit the whole plan');
    await taps.press('Keep, open or share a plan');
    const download = mary.page.waitForEvent('download');
    await taps.press('Save as a file');
    await download;
  });
});

test('TAPS-15 TAPS-16 TAPS-17 TAPS-18 TAPS-19 TAPS-20 TAPS-30 what people do while a case runs', async ({
  group,
}) => {
  test.setTimeout(150_000);
  const [mary, ruth, ada, ben, dev] = (await group.begin(5)) as [Person, Person, Person, Person, Person];
  await task('TAPS-18', group, mary, async (taps) => {
    await taps.press('More');
    await taps.press('Take minutes from later parts');
    await taps.press('+5 min from the reflection round');
    await expect(mary.page.getByText('You added 5 minutes, taken from the reflection round.')).toBeVisible();
  });
  await group.moveOn(mary);
  await task('TAPS-16', group, ada, async (taps) => {
    await taps.press('Raise my hand');
    await expect(ben.page.getByRole('heading', { name: 'Hands' })).toBeVisible();
    await taps.press('Lower my hand');
    await expect(ben.page.getByRole('heading', { name: 'Hands' })).toHaveCount(0);
  });
  await task('TAPS-17', group, mary, async (taps) => {
    await taps.press('More');
    await taps.press('Bring the talk back');
    await taps.press('This is becoming blame.');
    await expect(ada.page.locator('main .reminder')).toBeVisible();
  });
  await task('TAPS-30', group, ben, async (taps) => {
    await taps.press('Menu');
    await taps.press('A talk afterwards');
    await taps.tap(ben.page.getByLabel('Ada'));
    await taps.press('Ask');
    await expect(ben.page.getByText('You asked Ada')).toBeVisible();
  });
  await group.press(ben, 'Close');
  await group.passMinutes(45);
  await task('TAPS-19', group, mary, async (taps) => {
    await taps.press('More');
    await taps.press('Shorten what is left');
    await taps.press(/^Shorten, and end at/u);
    await expect(mary.page.getByText('You shortened what is left.')).toBeVisible();
  });
  await group.moveOn(mary);
  await task('TAPS-15', group, ruth, (taps) => taps.press('I have finished'));
  await task('TAPS-15', group, ada, (taps) => taps.press('Come back to me'));
  await ben.sees('Reflection round: It is your turn');
  await task('TAPS-20', group, mary, async (taps) => {
    await taps.press('More');
    await taps.press('Change who comes next');
    await taps.press('Ada');
    await taps.press('Done');
  });
  await task('TAPS-15', group, ben, (taps) => taps.press('Not this time'));
  await ada.sees('Reflection round: It is your turn');
  expect(dev.readView().presenter).toBe(2);
});

test('TAPS-21 TAPS-28 TAPS-29 TAPS-31 TAPS-32 TAPS-33 another case, and the end', async ({ group }) => {
  test.setTimeout(150_000);
  const [mary, ruth, ada] = (await group.begin(3)) as [Person, Person, Person];
  for (let part = 1; part < 4; part += 1) await group.moveOn(mary);
  await task('TAPS-21', group, mary, async (taps) => {
    await taps.press('Another case');
    await taps.press('End this case');
    await taps.press('Draw who presents');
    await taps.press('Name a reserve');
    // Ruth has presented, so she is not drawn.
    await taps.press('Ruth');
    await taps.press(/^Begin/u);
    await expect(mary.page.getByRole('timer')).toBeVisible();
  });
  expect([1, 3]).toContain(mary.readView().presenter);
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  for (const person of [mary, ruth, ada]) await person.sees(/The session is closed/u);
  await group.breathe();
  await task('TAPS-28', group, ruth, async (taps) => {
    await taps.press('Say how it was');
    for (let question = 0; question < 5; question += 1) {
      await taps.tap(ruth.page.getByRole('group').nth(question).getByLabel(/^4/u));
    }
    await taps.press('Add my answers');
    await expect(ruth.page.getByText(/^Your answers wait to be counted/u)).toBeVisible();
  });
  await group.press(ruth, 'Back');
  await task('TAPS-29', group, ruth, async (taps) => {
    await taps.press('Say thank you');
    await taps.tap(ruth.page.getByLabel('Ada'));
    await taps.type('Your line', 'It stayed with me.');
    await taps.press('Send');
    await expect(ruth.page.getByText('Sent.')).toBeVisible();
  });
  await group.press(ruth, 'Back');
  await task('TAPS-31', group, ruth, async (taps) => {
    await taps.press('Write a note for your CPD record');
    await taps.type('What did you learn?', 'To wait.');
    const download = ruth.page.waitForEvent('download');
    await taps.press('Save as Markdown');
    await download;
  });
  await group.press(ruth, 'Back');
  await task('TAPS-32', group, ruth, async (taps) => {
    await taps.press('Put the next meeting in your calendar');
    await taps.type('Day', '2026-12-28');
    await taps.type('Time', '14:30');
    const download = ruth.page.waitForEvent('download');
    await taps.press('Save for the calendar');
    await download;
  });
  await group.press(ruth, 'Back');
  await task('TAPS-33', group, ruth, async (taps) => {
    await taps.press('Menu');
    await taps.press('What is on this device');
    await taps.press(/remove all of it$/iu);
    await ruth.sees('This device is clear');
  });
});

test('TAPS-22 TAPS-23 TAPS-24 TAPS-25 TAPS-26 TAPS-27 the agreement, the door, a screen, another device', async ({
  group,
}) => {
  test.setTimeout(150_000);
  const mary = await group.setUp('Mary');
  await task('TAPS-22', group, mary, async (taps) => {
    await taps.press('Add lines of our own');
    await taps.press(/^Add: Double confidentiality/u);
    await taps.press('Save the agreement');
    await expect(mary.button('Change the agreement')).toBeVisible();
  });
  // Whoever opens does so in the middle of the other's task.
  const keeper = new Taps(group, mary);
  await keeper.press('Show a code to type');
  const code = await mary.page.locator('.invite .said').innerText();
  const dev = await group.arrive('Dev');
  await dev.open('/');
  await task('TAPS-24', group, dev, async (taps) => {
    await taps.type('The link you were sent, or the letters of a code', code.toLowerCase());
    await taps.press('Join');
    await dev.sees('Knock at the door');
    await taps.type('Your name', 'Dev');
    await taps.press('Knock');
    await dev.sees('You are at the door');
    await keeper.press('Answer');
    await dev.sees('Read these words aloud');
    await keeper.press('The words match: let Dev in');
    await expect(dev.page.getByText('This is what we promise each other.')).toBeVisible();
    await taps.press('I agree');
    await expect(dev.button('I agree')).toHaveCount(0);
  });
  expect(keeper.count, 'TAPS-23').toBe(promised.get('TAPS-23'));
  await task('TAPS-25', group, mary, async (taps) => {
    await taps.press('The door');
    await taps.press('Make a new link');
    await taps.press('Lock the door');
    await expect(mary.page.getByRole('dialog').getByText('Locked: nobody new can come in.')).toBeVisible();
    await taps.press('Back');
  });
  await task('TAPS-26', group, mary, async (taps) => {
    await mary.context.grantPermissions(['clipboard-read', 'clipboard-write', 'screen-wake-lock']);
    await taps.press('A screen for the room');
    await taps.press('Make a link for a screen');
    await taps.press('Copy the link for the screen');
    await expect(mary.page.getByText('Copied. Send it to the computer at the screen.')).toBeVisible();
  });
  const here = new Taps(group, dev);
  await here.press('Menu');
  await here.press('Continue on another device');
  await group.appears(dev.page.locator('dialog .said'));
  const seatCode = await dev.page.locator('dialog .said').innerText();
  const other = await group.arrive('the other device');
  await other.open('/');
  await task('TAPS-27', group, other, async (taps) => {
    await taps.type('The link you were sent, or the letters of a code', seatCode.toLowerCase());
    await taps.press('Join');
    await other.sees('Continue on this device');
    await taps.press('Continue here');
    await group.appears(other.page.getByRole('heading', { name: 'Compare these words' }));
    await here.press('They match: continue there');
    await group.appears(other.page.getByRole('heading', { name: /Before we start/u }));
    taps.count += here.count;
  });
});

/** Our own words for things, and the machine's, which nobody has to know who comes for a talk. */
const JARGON =
  /\b(floor|seat|phase|visit|position|firm|guide|stand-?in|audience|socket|server|token|session id|invite code|epoch|seal\w*|encrypt\w*|sync\w*|URL|browser|fragment|protocol|config\w*|login|RCD|CPD)\b/iu;

/** A new user on a phone: what is pressed, typed and scrolled to, and how long the page then takes. */
class Story {
  count = 0;
  letters = 0;
  scrolls = 0;
  readonly fields: string[] = [];
  readonly lines: string[] = [];
  /** All that could be read on the way. */
  readonly read = new Set<string>();

  constructor(readonly group: Group) {}

  /** Presses what is called so, and waits for what it leads to. */
  async press(target: Locator, leadsTo: Locator): Promise<void> {
    await this.group.appears(target);
    await this.reach(target);
    const what = await target.innerText();
    const began = performance.now();
    await this.keepWords(target);
    await target.click();
    await this.group.appears(leadsTo);
    await this.keepWords(leadsTo);
    this.report(`press ${what}`, began);
  }

  /** Types into a field, which takes a press as well. */
  async type(field: Locator, label: string, text: string): Promise<void> {
    await this.reach(field);
    const began = performance.now();
    await field.fill(text);
    this.letters += text.length;
    this.fields.push(label);
    this.report(`type ${text}`, began);
  }

  private async reach(target: Locator): Promise<void> {
    this.count += 1;
    const box = await target.boundingBox();
    const height = target.page().viewportSize()?.height ?? 0;
    if (!box || box.y < 0 || box.y + box.height > height) this.scrolls += 1;
  }

  private async keepWords(target: Locator): Promise<void> {
    for (const line of (await target.page().locator('body').innerText()).split('\n'))
      this.read.add(line.trim());
  }

  private report(what: string, began: number): void {
    this.lines.push(
      `${what.replace(/\s+/gu, ' ').slice(0, 40)}: ${Math.round(performance.now() - began)} ms of the page`,
    );
  }

  /** What a person needs, in seconds, by the figures in docs/SPEC.md. */
  estimate(): number {
    const [press, think, letter, reading] = [1.1, 1.35, 0.5, 5];
    return this.count * (press + think) + this.scrolls * press + this.letters * letter + reading;
  }
}

test('TAPS-14 SCREEN-50 from the first page to a running discussion, as two new users on a phone', async ({
  group,
}, info) => {
  const story = new Story(group);
  await task('TAPS-14', group, await group.arrive('Mary'), async (taps) => {
    const { page } = taps.person;
    await taps.person.context.grantPermissions(['clipboard-read', 'clipboard-write', 'screen-wake-lock']);
    await taps.person.open('/');
    const name = page.getByLabel('Your name', { exact: true });
    await story.press(page.getByRole('link', { name: 'Set up a session' }), name);
    const asked = () =>
      taps.person.watch.requests.map((request) => request.url()).filter((url) => /session-/u.test(url));
    expect(asked(), 'the session is not fetched before anything is typed').toEqual([]);
    await story.type(name, 'Your name', 'Mary');
    await expect.poll(() => asked().length, 'and then it is').toBeGreaterThan(0);
    const copy = page.getByRole('button', { name: 'Copy the link' });
    await story.press(page.getByRole('button', { name: 'Create the session' }), copy);
    await story.press(copy, page.getByText('The link is copied.'));
    group.link = await page.evaluate(() => navigator.clipboard.readText());

    const ruth = await group.arrive('Ruth');
    await ruth.open(group.link);
    const own = ruth.page.getByLabel('Your name', { exact: true });
    await story.type(own, 'Your name', 'Ruth');
    const agree = ruth.button('I agree');
    await story.press(ruth.button('Join'), agree);
    await story.press(agree, ruth.button('I offer to present'));

    const choose = page.getByRole('button', { name: 'Choose who presents' });
    const dialog = page.getByRole('dialog');
    await story.press(choose, dialog);
    await story.press(
      dialog.getByRole('button', { name: 'Ruth' }),
      page.getByRole('button', { name: 'Begin: Ruth presents' }),
    );
    await story.press(page.getByRole('button', { name: 'Begin: Ruth presents' }), page.getByRole('timer'));
    await group.appears(ruth.page.getByRole('timer'));
    taps.count = story.count;
  });
  expect(
    [...story.read].filter((text) => JARGON.test(text)),
    'no word that needs explaining',
  ).toEqual([]);
  const { fields, letters, scrolls, lines } = story;
  const seconds = story.estimate();
  const told = [
    ...lines,
    `${story.count} presses, ${letters} letters, ${scrolls} scrolls: ${seconds} s`,
  ].join('\n');
  process.stdout.write(`${told}\n`);
  await info.attach('the first minute', { body: told, contentType: 'text/plain' });
  expect(fields, 'only names are typed').toEqual(['Your name', 'Your name']);
  expect(seconds, 'under a minute').toBeLessThan(60);
  // The table of the estimate says what was counted.
  const counts = [...SPEC.matchAll(/^\| .+: (\d+) × .+ \| [\d.]+ \|$/gmu)].map(([, count]) => Number(count));
  expect(counts).toEqual([story.count, letters, scrolls]);
  const [, together] = /^\| together \| ([\d.]+) \|$/mu.exec(SPEC) ?? [];
  expect(Number(together)).toBeCloseTo(seconds, 5);
});

test('TAPS-1 every line of the table is counted by a test', () => {
  const counted = readFileSync(import.meta.filename, 'utf8').matchAll(
    /(?:task|promised\.get)\('(TAPS-\d+)'/gu,
  );
  expect([...new Set([...counted].map(([, id]) => id))].sort()).toEqual([...promised.keys()].sort());
});
