// All pages agree on the second, whatever their devices believe.
import { expect, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';

const FIVE_MINUTES = 300_000;

test('CLOCK-3 T15 browsers five minutes wrong both ways change to the same second together', async ({
  group,
}) => {
  const mary = await group.setUp('Mary', {}, { wrongBy: FIVE_MINUTES });
  const ruth = await group.join('Ruth', { wrongBy: -FIVE_MINUTES });
  const ada = await group.join('Ada');
  const people = [mary, ruth, ada];
  // Facilitators read seconds, so that the second can be compared.
  for (const name of ['Ruth', 'Ada']) {
    await group.press(mary, 'People');
    await group.press(mary, new RegExp(`^${name}`, 'u'));
    await group.press(mary, 'Make a co-facilitator');
    await group.press(mary, 'Done');
  }
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, 'Begin: Ruth presents');
  for (const person of people) await expect(person.page.getByRole('timer')).toBeVisible();
  const shown = new Set<string>();
  for (let sample = 0; sample < 60; sample += 1) {
    await group.pass(170);
    const [first = '', ...others] = await Promise.all(people.map((person) => person.readClock()));
    expect(others, `after ${sample} steps`).toEqual([first, first]);
    shown.add(first);
  }
  // More than ten seconds have passed, and each was shown.
  expect(shown.size).toBe(11);
  await group.passMinutes(4);
  const later = await Promise.all(people.map((person) => person.readClock()));
  expect(new Set(later).size).toBe(1);
  expect(later[0]).toMatch(/^5:(4\d|50) left$/u);
  // TIME-24: clock times are those of the device.
  await expect(mary.page.getByText(/Ends at 15:55/u)).toBeVisible();
  await expect(ruth.page.getByText(/Ends at 15:45/u)).toBeVisible();
  await expect(ada.page.getByText(/Ends at 15:50/u)).toBeVisible();

  await expectDiagnostics(mary, '-300000 ms');
  await expectDiagnostics(ruth, '300000 ms');
  await expectDiagnostics(ada, '0 ms');

  async function expectDiagnostics(person: Person, offset: string) {
    await group.press(person, 'Menu');
    await group.press(person, 'Help');
    const line = (label: string) => person.page.getByRole('listitem').filter({ hasText: label });
    await expect(line('Clock of this device against the service’s'), 'CLOCK-5').toContainText(offset);
    await expect(line('Sure to')).toContainText('0 ms');
    await expect(line('Way there and back')).toContainText('0 ms');
    await expect(line('Connection')).toContainText('connected');
  }
});

test('CLOCK-4 a jump of the device’s clock is gone after the next sample', async ({ group }) => {
  const [mary, ruth] = (await group.begin(2)) as [Person, Person];
  await group.pass(30_000);
  const before = await mary.readClock();
  await mary.page.clock.setSystemTime(group.stage.now + 3_600_000);
  await group.pass(12_000);
  expect(before).toMatch(/^9:(30|29) left$/u);
  expect(await mary.readClock()).toMatch(/^9:1[78] left$/u);
  expect(await ruth.readClock()).toBe('9 minutes left');
});
