// The way through every screen: each is shown to somebody who looks at it, with the person whose screen it is.
import { expect } from '@playwright/test';
import { type Group, LOST_CONNECTION } from './group.ts';
import type { Person } from './person.ts';

/** Looks at a screen. Its name is screen and role. */
export type Look = (name: string, person: Person) => Promise<void>;

/** Before a session: the first page, set-up, joining, and what can go wrong there. */
export async function walkDoors(group: Group, look: Look): Promise<void> {
  const mary = await group.arrive('Mary');
  await mary.open('/');
  await look('landing', mary);
  await mary.press('Join');
  await mary.page.getByText('There is a problem').waitFor();
  await look('landing-error', mary);
  await group.press(mary, 'How it works');
  await group.appears(mary.page.getByRole('dialog'));
  await look('help', mary);
  await mary.open('/new');
  await look('set-up', mary);
  await group.press(mary, 'Choose another method');
  await group.appears(mary.page.getByRole('dialog'));
  await look('dialog-methods', mary);
  await mary.page.getByText('Terms and sources').first().click();
  await look('dialog-methods-terms', mary);
  await group.press(mary, 'Ideas and a first step');
  await look('set-up-advising', mary);
  await group.chooseMethod(mary, 'Reflective case discussion');
  await walkEditor(group, mary, look);
  await mary.page.getByText('Change the parts or the minutes').click();
  await mary.page.getByText('When the time of a part is up').first().click();
  await mary.page.getByLabel('With the closing round').check();
  await look('set-up-parts', mary);
  await mary.page.getByLabel('Minutes for the presentation').fill('ten');
  await group.press(mary, 'Create the session');
  await mary.page.getByText('There is a problem').waitFor();
  await look('set-up-error', mary);
  await mary.open('/s');
  await look('no-session', mary);
  await mary.open('/s#abc.def');
  await look('link-not-complete', mary);
  await mary.open(`/s#${'A'.repeat(22)}.${'A'.repeat(22)}.${'A'.repeat(22)}`);
  await look('join', mary);
  await group.press(mary, 'Join');
  await mary.page.getByText('There is a problem').waitFor();
  await look('join-error', mary);
  await mary.page.getByLabel('Your name').fill('Mary');
  await mary.press('Join');
  await mary.sees('We cannot find this session');
  await look('unknown', mary);
}

/** The plan editor: its parts, one of them, another to add, and plans to keep. */
async function walkEditor(group: Group, mary: Person, look: Look): Promise<void> {
  await group.press(mary, 'Edit the whole plan');
  await group.appears(mary.page.getByRole('heading', { name: 'Edit the plan' }));
  await look('dialog-plan', mary);
  await group.press(mary, 'Change Group discussion');
  await look('dialog-plan-part', mary);
  await mary.page.getByLabel('Minutes', { exact: true }).fill('ten');
  await group.press(mary, 'Done');
  await look('dialog-plan-part-error', mary);
  await mary.page.keyboard.press('Escape');
  await group.breathe();
  await group.press(mary, 'Add a part');
  await mary.page.getByText('Case clinic, short').last().click();
  await look('dialog-plan-add', mary);
  await group.press(mary, 'Stillness');
  await group.press(mary, 'Keep, open or share a plan');
  await mary.page.getByLabel('Name for this plan').fill('Tuesday group, with a longer name');
  await group.press(mary, 'Keep this plan');
  await mary.page.getByLabel('Name for this plan').fill('Our usual evening');
  await group.press(mary, 'Keep this plan');
  await look('dialog-plan-keep', mary);
  await group.press(mary, 'Remove Our usual evening');
  await group.press(mary, 'Back to the plan');
  await group.press(mary, 'Leave the plan as it was');
}

/** A session from the lobby to the record, as it should go. */
export async function walkSession(group: Group, look: Look): Promise<void> {
  const lookAll = async (name: string, roles: Readonly<Record<string, Person>>) => {
    for (const [role, person] of Object.entries(roles)) await look(`${name}-${role}`, person);
  };
  const mary = await group.setUp('Mary', { arrival: true, closingRound: true });
  await look('lobby-empty-facilitator', mary);
  const ruth = await group.arrive('Ruth');
  await ruth.join(group.link);
  await look('lobby-promise-member', ruth);
  await group.press(ruth, 'I agree');
  const ada = await group.join('Ada');
  await group.press(ruth, 'I offer to present');
  await group.choosePresenter(mary, 'Ruth');
  await lookAll('lobby', { facilitator: mary, presenter: ruth, member: ada });
  await group.press(mary, /^Begin/u);
  await ruth.sees(/^Arrival/u);
  await group.pass(12_000);
  await lookAll('arrival', { facilitator: mary, 'my-turn': ruth, member: ada });
  await group.moveOn(mary);
  await look('moved-on-facilitator', mary);
  await group.passMinutes(3);
  await lookAll('presenting', { facilitator: mary, presenter: ruth, member: ada });
  await group.press(ruth, 'I have finished');
  await group.passMinutes(5.5);
  await lookAll('presenting-finished', { facilitator: mary, presenter: ruth, member: ada });
  await group.moveOn(mary);
  await group.pass(20_000);
  await look('silent-listening-presenter-at-first', ruth);
  await group.passMinutes(7);
  await lookAll('discussion', { facilitator: mary, member: ada });
  await look('silent-listening', ruth);
  await group.press(ruth, 'I need a pause');
  await look('pause-asked-facilitator', mary);
  await look('silent-listening-pause-asked', ruth);
  await group.press(mary, 'Pause for everyone');
  await ruth.sees(/We are pausing/u);
  await lookAll('paused', { facilitator: mary, presenter: ruth, member: ada });
  await group.press(mary, 'Go on');
  await group.passMinutes(19);
  await lookAll('overtime', { facilitator: mary, member: ada });
  await look('silent-listening-overtime', ruth);
  await group.moveOn(mary);
  await group.pass(12_000);
  await lookAll('reflection', { facilitator: mary, presenter: ruth, member: ada });
  await group.press(ruth, 'I have finished');
  await lookAll('reflection-turn', { facilitator: mary, presenter: ruth, 'my-turn': ada });
  await group.press(ada, 'I have finished');
  await lookAll('reflection-last', { 'my-turn-facilitator': mary, member: ada });
  await group.press(mary, 'I have finished');
  await lookAll('reflection-open', { facilitator: mary, presenter: ruth, member: ada });
  await group.moveOn(mary);
  await group.passMinutes(4);
  await lookAll('review', { facilitator: mary, presenter: ruth, member: ada });
  await group.moveOn(mary);
  await group.pass(12_000);
  await lookAll('closing-round', { facilitator: mary, 'my-turn': ruth, member: ada });
  for (const person of [ruth, ada, mary]) await group.press(person, 'I have finished');
  await lookAll('closing-round-over', { facilitator: mary, member: ada });
  await group.moveOn(mary);
  await group.pass(12_000);
  await lookAll('closed', { facilitator: mary, member: ada });
  await group.press(mary, 'Delete it now');
  await group.appears(mary.page.getByRole('dialog'));
  await look('closed-delete-facilitator', mary);
}

/** What a person does alone after the end. */
export async function walkEnding(group: Group, look: Look): Promise<void> {
  const [mary, ruth, ada, ben] = (await group.begin(4)) as [Person, Person, Person, Person];
  await group.press(ben, 'Menu');
  await group.press(ben, 'A talk afterwards');
  await group.appears(ben.page.getByRole('dialog'));
  await look('dialog-talk', ben);
  await ben.page.getByLabel('Ada').check();
  await ben.page.getByLabel('A line with it').fill('I would like to hear more about the school.');
  await group.press(ben, 'Ask');
  await group.press(ben, 'Close');
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  await ada.sees(/The session is closed/u);
  await group.pass(12_000);
  await look('closed-open-member', ada);
  await group.press(ada, 'A talk afterwards');
  await look('ending-talk-member', ada);
  await group.press(ada, 'Back');
  await group.press(ruth, 'Say thank you');
  await ruth.page.getByLabel('Ada').check();
  await ruth.page.getByLabel('Your line').fill('Your question about the quiet child stayed with me.');
  await group.press(ruth, 'Send');
  await group.press(ruth, 'Back');
  await group.press(ada, 'Say thank you');
  await group.press(ada, 'Send');
  await look('ending-thanks-error-member', ada);
  await group.press(ada, 'Back');
  for (const person of [ada, mary, ruth]) {
    await group.press(person, 'Say how it was');
    if (person === ada) {
      await group.press(person, 'Add my answers');
      await look('ending-answers-error-member', ada);
    }
    for (let question = 0; question < 5; question += 1) {
      await person.page.getByRole('group').nth(question).getByLabel(/^4/u).check();
    }
    await group.press(person, 'Add my answers');
    if (person === ada) await look('ending-answers-waiting-member', ada);
  }
  await group.pass(121_000);
  await ada.page.getByText('What we found').waitFor();
  await look('ending-found-member', ada);
  await group.press(ada, 'Back');
  await group.press(ada, 'Write a note for your CPD record');
  await ada.page.getByLabel('What did you learn?').fill('To leave a silence alone.');
  await look('ending-cpd-member', ada);
  await group.press(ada, 'Back');
  await group.press(ada, 'Put the next meeting in your calendar');
  await group.press(ada, 'Save for the calendar');
  await ada.page.getByText('There is a problem').waitFor();
  await look('ending-meeting-error-member', ada);
  await group.press(ada, 'Back');
  await group.press(ada, 'Menu');
  await group.press(ada, 'What is on this device');
  await group.appears(ada.page.getByRole('dialog'));
  await look('dialog-device', ada);
  await group.press(ada, 'Back');
}

/** What lies over the room: menu, More, people, the decisions. */
export async function walkDialogs(group: Group, look: Look): Promise<void> {
  const [mary, , ada] = (await group.gather(3)) as [Person, Person, Person];
  const dialog = mary.page.getByRole('dialog');
  const lookAt = async (name: string) => {
    await group.appears(dialog);
    await look(name, mary);
  };
  await group.press(mary, 'Choose who presents');
  await lookAt('dialog-presenter');
  await group.press(mary, 'Back');
  await group.press(mary, 'People');
  await lookAt('dialog-people');
  await group.press(mary, 'Add a person without a device');
  await lookAt('dialog-add-person');
  await group.press(mary, 'Back');
  await group.press(mary, /^Ada/u);
  await lookAt('dialog-person');
  await group.press(mary, 'Hand the facilitation over');
  await lookAt('dialog-hand-over');
  await group.press(mary, 'Go on facilitating');
  await group.press(mary, /^Ada/u);
  await group.press(mary, 'Remove from the session');
  await lookAt('dialog-remove');
  await group.press(mary, 'Let Ada stay');
  await group.press(mary, 'Done');
  await group.press(mary, 'Change the plan');
  await look('lobby-plan-facilitator', mary);
  await group.press(mary, 'Keep the plan as it is');
  await group.choosePresenter(mary, 'Mary');
  await look('lobby-chair-facilitator', mary);
  await group.press(mary, 'Ask Ada');
  await ada.page.getByText('Mary asks you to hold the chair').first().waitFor();
  await look('lobby-chair-member', ada);
  await group.choosePresenter(mary, 'Ruth');
  await group.press(mary, 'Begin: Ruth presents');
  await group.moveOn(mary);
  await group.press(mary, 'More');
  await lookAt('dialog-more');
  await group.press(mary, 'Take minutes from later parts');
  await lookAt('dialog-minutes');
  await group.press(mary, 'Leave the plan as it is');
  for (let step = 0; step < 3; step += 1) await group.press(mary, /^\+5 min/u);
  await group.press(mary, 'More');
  await group.press(mary, 'Shorten what is left');
  await lookAt('dialog-shorten');
  await group.press(mary, 'Leave the plan as it is');
  await group.passMinutes(6);
  await mary.page.locator('.suggestion summary').click();
  await look('suggestion-facilitator', mary);
  await group.press(mary, 'More');
  await group.press(mary, 'What happened');
  await lookAt('dialog-what-happened');
  await group.press(mary, 'Back');
  if ((await dialog.count()) > 0) await group.press(mary, 'Close');
  await group.press(mary, 'Menu');
  await lookAt('dialog-menu-facilitator');
  await group.press(mary, 'Light, contrast and text size');
  await lookAt('dialog-look');
  await group.press(mary, 'Back to the menu');
  await group.press(mary, 'Change my name');
  await lookAt('dialog-rename');
  await group.press(ada, 'Menu');
  await group.appears(ada.page.getByRole('dialog'));
  await look('dialog-menu-member', ada);
}

/** What goes wrong on the way: losses, removals, leaving. */
export async function walkTrouble(group: Group, look: Look): Promise<void> {
  group.expected.push(LOST_CONNECTION);
  const [mary, ruth, ada, ben] = (await group.begin(4)) as [Person, Person, Person, Person];
  const dev = await group.arrive('Dev');
  await dev.join(group.link);
  await look('newcomer', dev);
  await dev.press('I agree');
  await group.moveOn(mary);
  await ben.page.close();
  ben.page = await ben.context.newPage();
  await ben.open(group.link);
  await look('known-device', ben);
  await group.press(ben, 'Return as Ben');
  await ben.sees(/Think aloud/u);
  const other = await ben.context.newPage();
  await other.goto('/s');
  await ben.sees(/another tab/u);
  await look('replaced', ben);
  await other.close();
  await ben.press('Use this tab');
  await ben.sees(/Think aloud/u);

  await mary.page.goto('about:blank');
  await expect.poll(() => ada.readView().chair.freeAt).not.toBeNull();
  await group.pass(10_000, 1_000);
  await look('facilitator-lost-member', ada);
  await look('facilitator-lost-presenter', ruth);
  await group.pass(52_000, 1_000);
  await look('facilitator-lost-chair-free', ada);
  await group.press(ada, 'Take the chair for now');
  await look('chair-taken-stand-in', ada);
  await look('chair-taken-member', dev);
  await mary.open('/s');
  await look('chair-taken-facilitator', mary);
  await group.press(mary, 'Have the chair back');

  await group.press(ruth, 'Menu');
  await group.press(ruth, 'Leave and free my place');
  await ruth.sees('You have left');
  await look('left', ruth);
  await ada.sees(/The time waits/u);
  await look('presenter-missing-member', ada);
  await look('presenter-missing-facilitator', mary);
  await group.press(mary, 'More');
  await group.press(mary, 'People');
  await group.press(mary, /^Ben/u);
  await group.press(mary, 'Remove from the session');
  await group.press(mary, 'Remove Ben and change the link');
  await ben.sees('You are no longer in this session');
  await look('removed', ben);
  if ((await mary.page.getByRole('dialog').count()) > 0) await group.press(mary, 'Done');

  await group.loseServer();
  await group.passWithoutServer(3_000);
  await ada.page
    .getByText(/^Reconnecting/u)
    .first()
    .waitFor();
  await look('reconnecting-member', ada);
  await look('reconnecting-facilitator', mary);
}
