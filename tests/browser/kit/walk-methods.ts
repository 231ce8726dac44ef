// The way through what other methods than a Ruch discussion have: seats, stillness, ideas.
import type { Group } from './group.ts';
import type { Person } from './person.ts';
import type { Look } from './walk.ts';

/** Parts of other methods: each position and floor that a Ruch discussion does not have. */
export async function walkMethods(group: Group, look: Look): Promise<void> {
  const lookAll = async (name: string, roles: Readonly<Record<string, Person>>) => {
    for (const [role, person] of Object.entries(roles)) await look(`${name}-${role}`, person);
  };
  for (const walk of [walkRoles, walkClinic, walkAdvice]) {
    await walk(group, lookAll);
    for (const person of [...group.people]) await group.dismiss(person);
  }
}

type LookAll = (name: string, roles: Readonly<Record<string, Person>>) => Promise<void>;

/** Consultant, action planner and observers. */
async function walkRoles(group: Group, lookAll: LookAll): Promise<void> {
  const people = await group.gather(5, { method: 'Consultant and observers' });
  const [mary, ruth, ada, ben, dev] = people as [Person, Person, Person, Person, Person];
  await group.press(mary, 'Who has which role?');
  await group.appears(mary.page.getByRole('dialog'));
  await lookAll('dialog-roles', { facilitator: mary });
  await group.press(mary, 'Consultant');
  await lookAll('dialog-role', { facilitator: mary });
  await group.press(mary, 'Ada');
  await group.press(mary, 'Done');
  await group.giveRole(mary, 'Action planner', 'Ben');
  await group.choosePresenter(mary, 'Ruth');
  await lookAll('roles-lobby', { facilitator: mary, consultant: ada, observer: dev });
  await group.press(mary, /^Begin/u);
  await mary.sees(/^Roles/u);
  await group.pass(12_000);
  await lookAll('roles', { facilitator: mary });
  await group.moveOn(mary);
  await group.moveOn(mary);
  await group.pass(12_000);
  await lookAll('consult', { presenter: ruth, consultant: ada, observer: dev });
  await group.moveOn(mary);
  await group.pass(12_000);
  await lookAll('observers', { consultant: ada, observer: dev });
  await group.moveOn(mary);
  await group.moveOn(mary);
  await group.pass(12_000);
  await lookAll('planner', { planner: ben, presenter: ruth });
}

/** Stillness, mirroring, and a part in which everyone talks. */
async function walkClinic(group: Group, lookAll: LookAll): Promise<void> {
  const people = await group.begin(4, { method: 'Case clinic, short' });
  const [mary, ruth, ada] = people as [Person, Person, Person, Person];
  await group.moveOn(mary);
  await group.pass(12_000);
  await lookAll('clarify', { facilitator: mary, presenter: ruth });
  await group.moveOn(mary);
  await group.pass(12_000);
  await lookAll('stillness', { facilitator: mary, member: ada });
  await group.moveOn(mary);
  await group.pass(12_000);
  await lookAll('mirror', { presenter: ruth, 'my-turn': ada });
  await group.moveOn(mary);
  await group.pass(12_000);
  await lookAll('reply', { presenter: ruth });
  await group.moveOn(mary);
  await group.pass(12_000);
  await lookAll('dialogue', { member: ada });
}

/** Ideas, and a presenter who leads. */
async function walkAdvice(group: Group, lookAll: LookAll): Promise<void> {
  const people = await group.begin(4, { method: 'Ideas and a first step' });
  const [mary, ruth, ada] = people as [Person, Person, Person, Person];
  await group.moveOn(mary);
  await group.moveOn(mary);
  await group.pass(12_000);
  await lookAll('ideas', { facilitator: mary, presenter: ruth });
  await group.moveOn(mary);
  await group.pass(12_000);
  await lookAll('leading', { presenter: ruth, member: ada });
}
