// How many presses it takes on a phone to set up, come in and begin, and how long that is, as docs/SPEC.md says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, type Group, test } from '../kit/group.ts';
import { promised, SPEC, type Taps, task } from '../kit/taps.ts';

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
  const specs = ['taps.spec.ts', 'taps-within.spec.ts'].map((name) => join(import.meta.dirname, name));
  const counted = specs
    .map((spec) => readFileSync(spec, 'utf8'))
    .join('\n')
    .matchAll(/(?:task|promised\.get)\('(TAPS-\d+)'/gu);
  expect([...new Set([...counted].map(([, id]) => id))].sort()).toEqual([...promised.keys()].sort());
});
