// What leaves the browser, and what an opened link gives away.
import { expect, test } from '../kit/group.ts';
import type { Person } from '../kit/person.ts';

/** A name that stands nowhere by chance. */
const CANARY = 'Kanarienvogel-7f3a';

/** The ways in which a text may lie in bytes. */
function disguises(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  // Base64 of the same bytes at each of its three alignments, without the ends that the neighbours decide.
  const aligned = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(before === 0 ? 0 : 4, -4),
  );
  const urlSafe = aligned.map((base) => base.replaceAll('+', '-').replaceAll('/', '_'));
  return [text, encodeURIComponent(text), bytes.toString('hex'), ...new Set([...aligned, ...urlSafe])];
}

/** Everything that went over the wire: addresses, headers, bodies, frames. */
async function readWire(person: Person): Promise<string> {
  const requests = await Promise.all(
    person.watch.requests.map(async (request) => {
      const headers = await request.allHeaders().catch(() => request.headers());
      return `${request.method()} ${request.url()} ${JSON.stringify(headers)} ${request.postData() ?? ''}`;
    }),
  );
  return [...requests, ...person.watch.frames].join('\n');
}

test('SEAL-8 T24 a canary in every field is in no frame, request, log line or file', async ({
  group,
  stage,
}) => {
  const mary = await group.setUp(`${CANARY} M`);
  const ada = await group.join(`${CANARY} A`);
  await expect(mary.page.getByText(`${CANARY} A`).first()).toBeVisible();
  await group.press(ada, 'Menu');
  await group.press(ada, 'Change my name');
  await ada.page.getByRole('dialog').getByRole('textbox').fill(`${CANARY} Ada`);
  await group.press(ada, 'Save the name');
  await expect(mary.page.getByText(`${CANARY} Ada`).first()).toBeVisible();
  await group.press(mary, 'People');
  await group.press(mary, 'Add a person without a device');
  await mary.page.getByRole('dialog').getByRole('textbox').fill(`${CANARY} P`);
  await group.press(mary, 'Add');
  await expect(ada.page.getByText(`${CANARY} P`).first()).toBeVisible();
  await group.press(mary, 'Done');
  await group.press(mary, 'Add lines of our own');
  await group.press(mary, 'Add another line');
  await mary.page.getByRole('textbox', { name: 'Line 1' }).fill(`${CANARY} agreed`);
  await group.press(mary, 'Save the agreement');
  await expect(ada.page.getByText(`${CANARY} agreed`)).toBeVisible();
  // A link that is pasted, right and wrong.
  const eve = await group.arrive('Eve');
  await eve.open('/');
  const field = eve.page.getByLabel('The link you were sent');
  await field.fill(`${group.link.slice(0, -3)} ${CANARY}`);
  await eve.press('Join');
  await expect(eve.page.getByText('This link is not complete').first()).toBeVisible();
  await field.fill(group.link);
  await eve.press('Join');
  await eve.sees('Join the group');
  await group.choosePresenter(mary, `${CANARY} Ada`);
  await group.press(mary, /^Begin/u);
  await group.press(mary, 'More');
  await group.press(mary, 'End the session');
  await ada.sees(/The session is closed/u);
  await group.loseServer();

  const key = group.link.split('.').at(-1) ?? '';
  const wires = await Promise.all(group.people.map(readWire));
  const files = stage.readFiles();
  expect(files.map(({ name }) => name).some((name) => name.endsWith('.db'))).toBe(true);
  const places = [
    ...wires.map((text, index) => ({ name: `wire ${index}`, bytes: Buffer.from(text) })),
    { name: 'log', bytes: Buffer.from(stage.log) },
    ...files,
  ];
  for (const secret of [CANARY, key]) {
    for (const { name, bytes } of places) {
      for (const text of disguises(secret)) expect(bytes.includes(text), `${text} in ${name}`).toBe(false);
      expect(bytes.includes(Buffer.from(secret, 'utf16le')), `${secret} in ${name}`).toBe(false);
    }
  }
  // The search would have found it: frames, log and files hold what is known to be there.
  expect(wires[0]).toContain('"type":"setName"');
  expect(files.some(({ bytes }) => bytes.includes('"chosePresenter') || bytes.includes('resenter'))).toBe(
    true,
  );
});

test('T3 SEAL-3 no secret is in a path, query, cookie, subprotocol or header', async ({ group }) => {
  const people = await group.gather(2);
  const secrets = new Set(group.link.split('#')[1]?.split('.'));
  for (const { watch, context, page } of people) {
    for (const frame of watch.frames) {
      for (const [, token] of frame.matchAll(/"seatToken":"([\w-]+)"/gu)) secrets.add(token ?? '');
    }
    expect(secrets.size).toBeGreaterThan(3);
    expect(await context.cookies()).toEqual([]);
    const lines = await Promise.all(
      watch.requests.map(async (request) => `${request.url()} ${JSON.stringify(await request.allHeaders())}`),
    );
    lines.push(...watch.frames.filter((frame) => frame.startsWith('ws')), page.url());
    for (const secret of secrets) expect(lines.filter((line) => line.includes(secret))).toEqual([]);
  }
});

test('T22 after loading, address, history, title, caches, console and page hold no part of the link', async ({
  group,
}) => {
  await group.setUp('Mary');
  const ada = await group.arrive('Ada');
  const check = async () => {
    const { page, context } = ada;
    const parts = (group.link.split('#')[1] ?? '').split('.');
    expect(parts.map((part) => part.length)).toEqual([22, 22, 22]);
    const seen = await page.evaluate(async () => ({
      address: location.href,
      state: JSON.stringify(history.state),
      title: document.title,
      caches: await caches.keys(),
      page: document.documentElement.outerHTML,
      values: [...document.querySelectorAll('input')].map(({ value }) => value).join(' '),
      requests: performance.getEntries().map(({ name }) => name),
      cookies: document.cookie,
      name: window.name,
    }));
    const browser = await context.newCDPSession(page);
    const { entries } = await browser.send('Page.getNavigationHistory');
    await browser.detach();
    // What was typed stays the browser's own; what an entry leads to is the page's.
    const visited = entries.map(({ url, title }) => ({ url, title }));
    expect(seen.address).toBe(`${group.stage.address}/s`);
    expect(seen.caches).toEqual([]);
    const all = JSON.stringify([
      seen,
      visited,
      ada.watch.console,
      ada.watch.requests.map((one) => one.url()),
    ]);
    for (const part of parts) {
      const at = all.indexOf(part);
      expect(at < 0 ? '' : all.slice(Math.max(0, at - 200), at + 30)).toBe('');
    }
  };
  await ada.open(group.link);
  await check();
  await ada.join(group.link);
  await check();
  await group.press(ada, 'I agree');
  await check();
});

test('T23 an opened link changes nothing: no socket, no seat, nothing told', async ({ group }) => {
  const mary = await group.setUp('Mary');
  const before = mary.watch.frames.length;
  const scanner = await group.arrive('scanner');
  const answer = await scanner.page.goto(group.link);
  await scanner.sees('Join the group');
  for (let second = 0; second < 60; second += 5) await group.pass(5_000);
  await scanner.page.mouse.move(100, 300);
  await scanner.page.keyboard.press('Tab');
  await scanner.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await group.breathe();
  expect(scanner.watch.sockets).toBe(0);
  expect(await scanner.page.title()).toBe('Attune');
  expect(await scanner.page.locator('meta[name=robots]').getAttribute('content')).toBe('noindex');
  expect(answer?.status()).toBe(200);
  expect(scanner.watch.requests.every((request) => request.method() === 'GET')).toBe(true);
  const told = mary.watch.frames.slice(before).filter((frame) => !/"type":"p[io]ng"/u.test(frame));
  expect(told).toEqual([]);
  expect(mary.readView().seats).toHaveLength(1);
  // The same page does come in when a person wants it.
  await scanner.page.getByLabel('Your name').fill('Ada');
  await scanner.press('Join');
  await expect.poll(() => mary.readView().seats.length).toBe(2);
  expect(scanner.watch.sockets).toBe(1);
});

test('SEAL-9 T21 a link with %23 joins, says so, and no part of it comes back', async ({ group }) => {
  await group.setUp('Mary');
  const ada = await group.arrive('Ada');
  await ada.open(group.link.replace('#', '%23'));
  await expect(
    ada.page.getByText(/This link has passed through an address that servers can read/u),
  ).toBeVisible();
  expect(ada.page.url()).toBe(`${group.stage.address}/s`);
  await ada.join(group.link.replace('#', '%23'));
  const key = group.link.split('.').at(-1) ?? '';
  expect(group.stage.log).not.toContain(key);
});

test('RUN-6 the first page is at most five requests', async ({ group }) => {
  const mary = await group.arrive('Mary');
  await mary.page.goto('/', { waitUntil: 'networkidle' });
  await mary.sees(/Talk a case through/u);
  const asked = mary.watch.requests.map((request) => new URL(request.url()).pathname);
  expect(asked.length, asked.join(' ')).toBeLessThanOrEqual(5);
});

test('RUN-7 pages carry their headers', async ({ group, browser }) => {
  const mary = await group.arrive('Mary');
  const answer = await mary.page.goto('/');
  const headers = answer?.headers() ?? {};
  const policy = headers['content-security-policy'] ?? '';
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]) {
    expect(policy).toContain(part);
  }
  // Nobody says of a text that it may be trusted as markup or script. On a page whose complaints nobody counts.
  const page = await browser.newPage();
  await page.goto(mary.page.url());
  const makeOne = "trustedTypes.createPolicy('default', { createHTML: (text) => text }).name";
  await expect(page.evaluate(makeOne)).rejects.toThrow(/policy/iu);
  await page.close();
  expect(policy).not.toContain('unsafe');
  expect(headers['referrer-policy']).toBe('no-referrer');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  expect(headers['permissions-policy']).toContain('camera=()');
  expect(headers['cache-control']).toContain('no-cache');
});

test('LIFE-11 there is no service worker', async ({ group }) => {
  const mary = await group.setUp('Mary');
  expect(
    await mary.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length),
  ).toBe(0);
});
