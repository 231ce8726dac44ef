// What is left of a session: times, and names only where a person wants them.
import { readFileSync } from 'node:fs';
import { expect, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';

async function close(group: Parameters<Parameters<typeof test>[2]>[0]['group']): Promise<Person[]> {
  const people = await group.begin(3);
  const [mary] = people as [Person];
  await group.passMinutes(11);
  await group.moveOn(mary);
  await group.passMinutes(20);
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  for (const person of people) await person.sees(/The session is closed/u);
  await group.breathe();
  return people;
}

async function save(person: Person): Promise<string> {
  const [download] = await Promise.all([person.page.waitForEvent('download'), person.press('Save as text')]);
  return readFileSync(await download.path(), 'utf8');
}

/** What a printer would be given. */
async function print(person: Person): Promise<string> {
  await person.page.emulateMedia({ media: 'print' });
  const text = await person.page.locator('body').innerText();
  await person.page.emulateMedia({ media: 'screen' });
  return text.replace(/\s+/gu, ' ');
}

test('RECORD-1 RECORD-2 RECORD-3 the record is saved without names, and with them if wanted', async ({
  group,
}) => {
  const [, , ada] = (await close(group)) as [Person, Person, Person];
  const requests = ada.watch.requests.length;
  const text = await save(ada);
  expect(text).toBe(
    [
      '# Reflective case discussion',
      '',
      'Monday 21 December 2026',
      '',
      'Confidential. This record holds times only, nothing that was said.',
      '',
      '## What took place',
      '',
      '| Part | Planned | Actual |',
      '| --- | ---: | ---: |',
      '| Presentation | 10 min | 11 min |',
      '| Group discussion | 25 min | 20 min |',
      '| Together | 35 min | 31 min |',
      '',
      '## Who was there',
      '',
      '3 people',
      '',
    ].join('\n'),
  );
  await ada.page.getByLabel('Put first names in the printed record').check();
  expect(await save(ada)).toContain('Mary, Ruth and Ada');
  // It was made on the device.
  expect(ada.watch.requests.slice(requests).filter((request) => !request.url().startsWith('blob:'))).toEqual(
    [],
  );
});

test('RECORD-3 RECORD-4 printing names nobody unless ticked', async ({ group }) => {
  const [mary, , ada] = (await close(group)) as [Person, Person, Person];
  const without = await print(ada);
  expect(without).toContain('Reflective case discussion');
  expect(without).toContain('3 people');
  expect(without).toContain('22 December 2026');
  for (const name of ['Mary', 'Ruth', 'Ada', 'Menu', 'Print', 'Leave']) expect(without).not.toContain(name);
  await ada.page.getByLabel('Put first names in the printed record').check();
  expect(await print(ada)).toContain('Mary, Ruth and Ada');
  const paper = await mary.page.pdf({ format: 'A4' });
  // One sheet.
  expect(paper.toString('latin1').match(/\/Type \/Page\b/gu)).toHaveLength(1);
});
