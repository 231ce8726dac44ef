// Every screen and role: axe in light, dark and high contrast, 320 px, lying, text at 200 %, targets of 44 px.
// A picture of each is kept in `shots` for people to look at.
import { expect, type Group, test } from '../kit/group.ts';
import { expectNothing, inspect } from '../kit/inspect.ts';
import type { Person } from '../kit/person.ts';
import { type Look, walkDialogs, walkDoors, walkEnding, walkSession, walkTrouble } from '../kit/walk.ts';
import { walkBetween } from '../kit/walk-between.ts';
import { walkMethods } from '../kit/walk-methods.ts';

const walks = {
  'before a session': walkDoors,
  'of a session': walkSession,
  'after the end': walkEnding,
  'of other methods': walkMethods,
  'between two cases': walkBetween,
  'over the room': walkDialogs,
  'in trouble': walkTrouble,
} satisfies Record<string, (group: Group, look: Look) => Promise<void>>;

for (const [where, walk] of Object.entries(walks)) {
  test(`SCREEN-2 SCREEN-4 SCREEN-14 SCREEN-15 SCREEN-17 SCREEN-18 every screen ${where} is in order in every appearance and size`, async ({
    group,
  }) => {
    test.setTimeout(300_000);
    const found: string[] = [];
    const look = async (name: string, person: Person) => {
      await group.isAtRest(person);
      if (where === 'of a session' && (await person.page.locator('dialog[open]').count()) === 0) {
        await expect(person.button('Menu'), `SCREEN-4 the menu of ${name}`).toBeVisible();
      }
      found.push(...(await inspect(person.page, name)));
    };
    await walk(group, (name, person) => test.step(name, () => look(name, person)));
    expectNothing(found);
  });
}
