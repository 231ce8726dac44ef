import { expect, test, vi } from 'vitest';
import type { RunningView } from '../protocol';
import { show, useFreshPage } from '../testing/page';
import { runningView } from '../testing/views';
import { currentPace, currentShortening, useBegan } from './began';
import { defaultMethod } from './methods';
import { type Room, seeRoom } from './room';

// A whole client, over a network that the test moves by hand.
const { admit, client, entry, link, network, session, time, until } = await vi.hoisted(async () => {
  const made = await import('../testing/client');
  return { ...made, ...made.setUp() };
});
vi.mock('../app', () => ({ client }));
useFreshPage();

const minute = 60_000;
const mary = 1;

/** The presentation of ten minutes, at its end. */
const atEnd = (stage: Partial<RunningView> = {}) =>
  seeRoom(runningView(0, time.now, stage), mary, new Map(), defaultMethod);

function Sheet({ room }: { readonly room: Room }) {
  useBegan(room);
  return null;
}

/** The server answers what was asked last. */
async function answer(minutesAgo: number): Promise<void> {
  await until(() => network.last.sent.at(-1)?.type === 'history');
  const at = time.now - minutesAgo * minute;
  network.last.tell({ type: 'history', acts: [{ at, by: mary, what: { type: 'began' } }] });
  network.last.sent.length = 0;
  await Promise.resolve();
}

test('SCREEN-47 until it is known when this case began, nothing is said of how late it is', async () => {
  client.join(link, entry);
  await until(() => network.sockets.length > 0);
  admit();
  expect(client.record.value?.session).toBe(session);
  const first = atEnd();
  await show(<Sheet room={first} />);
  expect(currentPace(first)).toBeNull();
  await answer(75);
  expect(currentPace(first)?.behind).toBe(65);
  expect(currentShortening(first)).not.toBeNull();

  const second = atEnd({ case: 2, moment: { visit: 9, turn: 0 } });
  expect(currentPace(second)).toBeNull();
  await show(<Sheet room={second} />);
  expect([currentPace(second), currentPace(first), currentShortening(second)]).toEqual([null, null, null]);
  await answer(10);
  expect(currentPace(second)?.behind).toBe(0);

  // Begin is taken back, and comes again later.
  await show(null);
  const again = atEnd({ case: 2, moment: { visit: 10, turn: 0 } });
  await show(<Sheet room={again} />);
  expect(currentPace(again)).toBeNull();
  await answer(13);
  expect(currentPace(again)?.behind).toBe(3);

  // Another session in the same page.
  client.resume({ ...(client.record.value as NonNullable<typeof client.record.value>), session: link.key });
  expect(currentPace(again)).toBeNull();
});
