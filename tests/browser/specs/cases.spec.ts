// Several cases in one meeting, and who presents next.
import { expect, type Group, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';

const MINUTES = {
  'the presentation': 8,
  'the group discussion': 16,
  'the reflection round': 10,
  'how we worked': 6,
};

/** Goes through all parts but the last, and lets the last one's time pass. */
async function runThrough(group: Group, mary: Person): Promise<void> {
  for (const minutes of [8, 16, 10]) {
    await group.passMinutes(minutes);
    await group.moveOn(mary);
  }
  await group.passMinutes(5);
}

test('CASE-17 a meeting of 90 minutes with two cases', async ({ group }, info) => {
  test.slow();
  const people = await group.begin(4, { minutes: MINUTES });
  const [mary, ruth, ada, ben] = people as [Person, Person, Person, Person];
  const picture = (person: Person, name: string) =>
    person.page.screenshot({ path: `shots/cases-${name}-${info.project.name}.png`, fullPage: true });
  await runThrough(group, mary);
  await expect(mary.button('Close the session')).toBeVisible();
  await picture(mary, 'last-part');
  await expect(ada.button('Another case')).toHaveCount(0);
  await group.press(mary, 'Another case');
  await ada.sees(/Next: another case\./u);
  await expect(mary.button('Close the session')).toHaveCount(0);
  await picture(mary, 'arranged');
  await group.press(mary, 'End this case');
  for (const person of people) await person.sees(/Second case/u);
  await picture(ada, 'between-member');

  await group.press(ada, 'I offer to present');
  await mary.sees(/Ada offers to present\./u);
  await group.press(mary, 'Draw who presents');
  for (const person of people) await person.sees(/next\. It was drawn\./u);
  await ruth.sees(/^(?!.*You present next)/su);
  await picture(mary, 'between-drawn');
  await group.press(mary, 'Choose someone else');
  await expect(mary.page.getByRole('dialog')).toContainText('has presented');
  await picture(mary, 'between-dialog');
  if (ada.readView().presenter !== ada.readView().seats[2]?.seat) await group.press(mary, 'Ada');
  else await group.press(mary, 'Leave it as it is');
  await ada.sees(/You present next\./u);
  await group.press(mary, 'Name a reserve');
  await group.press(mary, 'Ben');
  await ben.sees(/You are in reserve\./u);
  await picture(mary, 'between-reserve');
  await group.press(mary, /^Begin/u);
  for (const person of people) await expect(person.page.getByRole('timer')).toBeVisible();

  await runThrough(group, mary);
  await group.press(mary, 'Close the session');
  for (const person of people) await person.sees(/The session is closed/u);
  await ada.sees(/What took place: first case/u);
  await ada.sees(/What took place: second case/u);
  await picture(ada, 'closed');
});
