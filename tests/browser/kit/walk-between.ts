// The way through the time between two cases, and what is opened there.
import type { Group } from './group.ts';
import type { Person } from './person.ts';
import type { Look } from './walk.ts';

/** Between two cases: before and after it is agreed who presents, with what is opened there. */
export async function walkBetween(group: Group, look: Look): Promise<void> {
  const [mary, ruth, ada, ben] = (await group.begin(4)) as [Person, Person, Person, Person];
  for (let part = 0; part < 3; part += 1) await group.moveOn(mary);
  await group.press(mary, 'Another case');
  await look('another-case-facilitator', mary);
  await group.press(mary, 'End this case');
  await group.pass(12_000);
  await look('between-facilitator', mary);
  await look('between-member', ada);
  await group.press(ada, 'I offer to present');
  await group.dismiss(ben);
  await group.until(
    () => mary.page.getByText('no connection since').first().isVisible(),
    'Ben has no connection',
  );
  const dialog = mary.page.getByRole('dialog');
  for (const [button, name, back] of [
    ['Name a reserve', 'reserve', 'Back'],
    ['Choose who presents', 'presenter', 'Back'],
    ['People', 'people', 'Done'],
    ['The door', 'door', 'Back'],
    ['A screen for the room', 'screen', 'Back'],
  ] as const) {
    await group.press(mary, button);
    await group.appears(dialog);
    await look(`between-dialog-${name}`, mary);
    await group.press(mary, back);
  }
  await group.choosePresenter(mary, 'Ada');
  await group.press(mary, 'Name a reserve');
  await group.press(mary, 'Ruth');
  await group.pass(12_000);
  await look('between-chosen-facilitator', mary);
  await look('between-chosen-presenter', ada);
  await look('between-chosen-reserve', ruth);
}
