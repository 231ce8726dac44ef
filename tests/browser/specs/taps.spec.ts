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

test('TAPS-1 every line of the table is counted by a test', () => {
  const counted = readFileSync(import.meta.filename, 'utf8').matchAll(/task\('(TAPS-\d+)'/gu);
  expect([...new Set([...counted].map(([, id]) => id))].sort()).toEqual([...promised.keys()].sort());
});
