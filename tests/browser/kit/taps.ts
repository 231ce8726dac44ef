// Counting how many presses a task takes, against the table of docs/SPEC.md. A field that is typed in counts one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, type Group } from './group.ts';
import type { Person } from './person.ts';

export const SPEC = readFileSync(join(import.meta.dirname, '../../../docs/SPEC.md'), 'utf8');

/** The promised numbers, by id. */
export const promised = new Map(
  [...SPEC.matchAll(/^\| (TAPS-\d+) \| [^|]+ \| (\d+) \|$/gmu)].map(([, id = '', count]) => [
    id,
    Number(count),
  ]),
);

/** One person's presses. */
export class Taps {
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
export async function task(
  id: string,
  group: Group,
  person: Person,
  steps: (taps: Taps) => Promise<void>,
): Promise<void> {
  const taps = new Taps(group, person);
  await steps(taps);
  expect.soft(taps.count, id).toBe(promised.get(id));
}
