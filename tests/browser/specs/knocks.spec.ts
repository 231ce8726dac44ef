// Knocking at a door: by a code, with two words compared and the key handed over, and by the link where a person opens.
import { PROTOCOL_VERSION } from '../../../web/src/protocol.ts';
import { expect, type Group, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';

/** Mary shows a code, and somebody types it on the first page and knocks. */
async function knockByCode(
  group: Group,
  mary: Person,
  name: string,
  before?: (dev: Person) => Promise<void>,
) {
  await group.press(mary, 'Show a code to type');
  const code = await mary.page.locator('.invite .said').innerText();
  expect(code).toMatch(/^[A-HJKMNP-Z]{6}$/u);
  const dev = await group.arrive(name);
  await before?.(dev);
  await dev.open('/');
  await dev.page.getByRole('textbox').fill(code.toLowerCase());
  await dev.press('Join');
  await dev.sees('Knock at the door');
  await dev.page.getByLabel('Your name').fill(name);
  await dev.press('Knock');
  await dev.sees('You are at the door');
  await expect(mary.page.getByRole('heading', { name: 'Somebody knocks by code' })).toBeVisible();
  return dev;
}

test('DOOR-8 who comes by a code is let in once two words are the same on both sides', async ({ group }) => {
  // Too long to stand by chance in what is sealed.
  const name = 'Devendra';
  const [mary, ruth] = await group.gather(2);
  if (!mary || !ruth) throw new Error('two people gather');
  const dev = await knockByCode(group, mary, name);
  await group.press(mary, 'Answer');
  await dev.sees('Read these words aloud');
  const words = await dev.page.locator('.said').innerText();
  expect(words).toMatch(/^[a-z]{4} [a-z]{4}$/u);
  await expect(mary.page.locator('.notice .said')).toHaveText(words);
  await expect(mary.page.getByRole('heading', { name: `${name} is at the door` })).toBeVisible();
  await expect(ruth.page.locator('.notice')).toHaveCount(0);
  await group.press(mary, `The words match: let ${name} in`);
  await expect(dev.page.getByText('This is what we promise each other.')).toBeVisible();
  // The key came with the link: he reads their names, and they his.
  await expect(dev.page.getByText('Ruth').first()).toBeVisible();
  await expect(ruth.page.getByText(name).first()).toBeVisible();
  // T24: neither the name nor the link went through the server in the clear.
  const [, , key = ''] = group.link.split('#')[1]?.split('.') ?? [];
  for (const { watch } of [mary, dev]) {
    expect(watch.frames.join('\n')).not.toContain(name);
    expect(watch.frames.join('\n')).not.toContain(key);
  }
});

test('DOOR-32 a mistyped code is corrected where it stands, and one press knocks with it', async ({
  group,
}) => {
  const [mary] = await group.gather(2);
  if (!mary) throw new Error('somebody facilitates');
  await group.press(mary, 'Show a code to type');
  const code = await mary.page.locator('.invite .said').innerText();
  const mistyped = `${code.slice(0, 5)}${code.endsWith('K') ? 'M' : 'K'}`;
  const dev = await group.arrive('Dev');
  await dev.open('/');
  await dev.page.getByRole('textbox').fill(mistyped);
  await dev.press('Join');
  await dev.sees('Knock at the door');
  const [letters, name] = [dev.page.getByLabel('The letters of the code'), dev.page.getByLabel('Your name')];
  await expect(letters).toHaveCount(0);
  await name.fill('Dev');
  await dev.press('Knock');
  const summary = dev.page.locator('.problem');
  await group.until(() => summary.isVisible(), 'the answer comes');
  await group.breathe();
  await expect(summary).toBeFocused();
  await expect(summary).toContainText('We do not know this code.');
  await expect(letters).toHaveValue(mistyped);
  await expect(letters).toHaveAttribute('aria-invalid', 'true');
  await expect(name).toHaveValue('Dev');
  await expect(dev.page).toHaveTitle(/^Error: /u);
  // What is no whole code is said to be none here.
  await letters.fill(code.slice(0, 5));
  await dev.press('Knock');
  await expect(summary).toContainText('Enter all six letters of the code.');
  await expect(letters).toHaveValue(code.slice(0, 5));
  await summary.getByRole('link').click();
  await expect(letters).toBeFocused();
  await letters.fill(code.toLowerCase());
  await dev.press('Knock');
  await dev.sees('You are at the door');
  await expect(mary.page.getByRole('heading', { name: 'Somebody knocks by code' })).toBeVisible();
  expect(dev.watch.frames.filter((frame) => frame.startsWith('{"type":"knock"'))).toHaveLength(2);
});

test('DOOR-8 T8 words that do not match let nobody in, and nothing is handed over', async ({ group }) => {
  const [mary] = await group.gather(2);
  if (!mary) throw new Error('somebody facilitates');
  const dev = await knockByCode(group, mary, 'Dev');
  await group.press(mary, 'Answer');
  await dev.sees('Read these words aloud');
  await group.press(mary, 'They do not match: do not let them in');
  await dev.sees('You were not let in');
  await expect(mary.page.locator('.notice')).toHaveCount(0);
  expect(dev.watch.frames.join('\n')).not.toContain('handed');
  expect(mary.readView().seats).toHaveLength(2);
});

test('T8 a server that puts its own key between is found out', async ({ group }) => {
  const [mary] = await group.gather(2);
  if (!mary) throw new Error('somebody facilitates');
  const dev = await knockByCode(group, mary, 'Dev', async ({ page }) => {
    await page.routeWebSocket(/\/ws$/u, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => {
        socket.send(String(message).replace(/"answered":"[^"]+"/u, `"answered":"CQ${'A'.repeat(41)}"`));
      });
    });
  });
  await group.press(mary, 'Answer');
  await dev.sees('Read these words aloud');
  await expect(mary.page.getByText('What came is not what this knock began with.')).toBeVisible();
  await expect(mary.button(/let .* in$/u)).toHaveCount(1);
  await expect(mary.button('Do not let them in')).toBeVisible();
});

test('DOOR-12 where people knock first, whoever has the link waits until a person opens', async ({
  group,
}) => {
  const [mary, ruth] = await group.gather(2);
  if (!mary || !ruth) throw new Error('two people gather');
  await group.press(mary, 'The door');
  await group.press(mary, 'Have people knock first');
  await group.press(mary, 'Back');
  const dev = await group.arrive('Dev');
  await dev.fillIn(group.link);
  await dev.press('Join');
  await dev.sees('You are at the door');
  await expect(mary.page.getByRole('heading', { name: 'Dev is at the door' })).toBeVisible();
  await expect(ruth.page.locator('.notice')).toHaveCount(0);
  await group.press(mary, 'Ask Dev to wait a moment');
  await expect(dev.page.getByText('It takes a moment.')).toBeVisible();
  await group.press(mary, 'Let Dev in');
  await expect(dev.page.getByText('This is what we promise each other.')).toBeVisible();
  // And who is declined is not let in, and waits no more.
  const eve = await group.arrive('Eve');
  await eve.fillIn(group.link);
  await eve.press('Join');
  await eve.sees('You are at the door');
  await expect(mary.page.getByRole('heading', { name: 'Eve is at the door' })).toBeVisible();
  await group.press(mary, 'Do not let Eve in');
  await eve.sees('You were not let in');
  await expect(mary.page.locator('.notice')).toHaveCount(0);
  expect(mary.readView().seats).toHaveLength(3);
  for (const name of ['Ruth', 'Mary', 'Dev']) await expect(eve.page.getByText(name)).toHaveCount(0);
});

test('JOIN-21 whoever finds the door full reads that it is busy, and waits there once there is room', async ({
  group,
}) => {
  const [mary] = await group.gather(2);
  if (!mary) throw new Error('somebody facilitates');
  await group.press(mary, 'The door');
  await group.press(mary, 'Have people knock first');
  await group.press(mary, 'Back');
  await group.press(mary, 'Show a code to type');
  const code = await mary.page.locator('.invite .said').innerText();
  const [session, invite] = group.link.split('#')[1]?.split('.') ?? [];
  const crowd = await group.arrive('Eight');
  await crowd.open('/');
  const heard = await crowd.page.evaluate(
    async (hello) => {
      const knock = (number: number) =>
        new Promise<string>((settle) => {
          const socket = new WebSocket('/ws');
          socket.onopen = () =>
            socket.send(JSON.stringify({ ...hello, seatToken: String(number).repeat(21).concat('A') }));
          socket.onmessage = ({ data }) => settle(JSON.parse(data).type);
          socket.onclose = ({ code }) => settle(String(code));
        });
      return Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(knock));
    },
    { type: 'hello', version: PROTOCOL_VERSION, session, invite },
  );
  expect(heard).toEqual(Array(8).fill('waiting'));
  const dev = await group.arrive('Dev');
  await dev.fillIn(group.link);
  await dev.press('Join');
  await dev.sees('It is too busy just now');
  await expect(dev.page.getByText('Your connection works.')).toBeVisible();
  await expect(dev.page.getByText('cannot be reached')).toHaveCount(0);
  const tries = dev.watch.closed;
  await group.until(async () => dev.watch.closed > tries, 'it is tried again');
  await dev.sees('It is too busy just now');
  // A knock by a code is not repeated by itself, and the page does not say so.
  const ada = await group.arrive('Ada');
  await ada.open('/');
  await ada.page.getByRole('textbox').fill(code);
  await ada.press('Join');
  await ada.page.getByLabel('Your name').fill('Ada');
  await ada.press('Knock');
  await ada.sees('It is too busy just now');
  await expect(ada.page.getByText('Wait a moment, then knock again.')).toBeVisible();
  await group.dismiss(crowd);
  const atDoor = dev.page.getByRole('heading', { name: 'You are at the door' });
  await group.until(() => atDoor.isVisible(), 'there is room');
  await ada.press('Knock again');
  await ada.sees('You are at the door');
});

test('DOOR-1 DOOR-4 DOOR-5 a locked door and a new link, as the lobby offers them', async ({ group }) => {
  const [mary, ruth] = await group.gather(2);
  if (!mary || !ruth) throw new Error('two people gather');
  const [seats, screen] = [ruth.readView().seats, await ruth.readScreen()];
  await group.press(mary, 'The door');
  await group.press(mary, 'Make a new link');
  await expect(mary.page.getByText('The link is new.')).toBeVisible();
  await group.press(mary, 'Back');
  // Nobody inside notices, and whoever is inside copies the new one.
  expect([ruth.readView().seats, await ruth.readScreen()]).toEqual([seats, screen]);
  expect(ruth.watch.open).toBe(1);
  await group.press(ruth, 'Menu');
  await group.press(ruth, 'Copy the link');
  const renewed = await group.copyLink(ruth);
  expect(renewed).not.toBe(group.link);
  const dev = await group.arrive('Dev');
  await dev.fillIn(group.link);
  await dev.press('Join');
  await dev.sees('We cannot find this session');
  group.link = renewed;
  const ada = await group.join('Ada');
  await group.press(mary, 'Choose who presents');
  await group.press(mary, /^Ruth/u);
  await group.press(mary, 'Lock the door and begin');
  await mary.sees(/^Presentation/u);
  await group.press(mary, 'More');
  await group.press(mary, 'The door');
  await expect(mary.page.getByText('Locked: nobody new can come in.')).toBeVisible();
  await expect(mary.button('Make a new link')).toBeVisible();
  // Nobody new comes in by the right link, and who has a seat comes back.
  const eve = await group.arrive('Eve');
  await eve.fillIn(renewed);
  await eve.press('Join');
  await eve.sees('The door is locked');
  expect(mary.readView().seats).toHaveLength(3);
  await ada.page.reload();
  await ada.sees('Presentation: Ruth is speaking');
});
