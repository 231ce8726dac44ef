// The two pictures of the README: the same minute on two phones.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/pictures');

test('the discussion and the silent listening', async ({ group }) => {
  const [mary, ruth, ada] = (await group.begin(4)) as [Person, Person, Person];
  await group.passMinutes(10);
  await group.moveOn(mary);
  await group.passMinutes(7);
  mkdirSync(FOLDER, { recursive: true });
  const pictures = [
    ['discussion', ada, 'light'],
    ['silent-listening', ruth, 'dark'],
  ] as const;
  for (const [name, person, colorScheme] of pictures) {
    await person.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await person.page.mouse.move(0, 0);
    await person.page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled' });
  }
  await expect(ruth.page.getByRole('timer')).toContainText('18');
});
