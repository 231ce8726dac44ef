import { expect, test } from 'vitest';
import { more } from '../locales/more';
import type { SessionView } from '../protocol';
import { root, show, useFreshPage } from '../testing/page';
import { lobbyView, plan } from '../testing/views';

useFreshPage();

const [mary, ruth, ada] = [1, 2, 3];
const names = new Map(
  ['Mary', 'Ruth', 'Ada', 'Ben'].map((text, index) => [index + 1, { type: 'name' as const, text }]),
);
const { asks } = more.lobby;

/** What a person reads and can press, while Ruth presents. */
async function see(seat: number, change: Partial<SessionView>): Promise<[string, string[]]> {
  // The page that the screens find comes first.
  const [{ WhoFacilitates }, { seeRoom }] = await Promise.all([
    import('./who-facilitates'),
    import('./room'),
  ]);
  const view = lobbyView({ plan: { ...plan, facilitates: 'group' }, ...change });
  show(<WhoFacilitates room={seeRoom(view, seat, names, null)} />);
  const buttons = [...root.querySelectorAll('button')].map(({ textContent }) => textContent ?? '');
  return [root.querySelector('[role=status]')?.textContent ?? '', buttons];
}

const chair = { standIn: null, asked: null, freeAt: null };
const open = { chair: { ...chair, openToGroup: true } };

test('CHAIR-18 while nobody has offered, everyone who has agreed and does not present can', async () => {
  expect(await see(ada, open)).toEqual([asks.nobody(['Mary']), [asks.offer]]);
  expect(await see(ruth, open)).toEqual([asks.nobody(['Mary']), []]);
  expect(await see(mary, open)).toEqual([asks.nobodyButYou, []]);
  const seats = lobbyView().seats.map((seat) => ({ ...seat, agreed: seat.seat !== ada }));
  expect(await see(ada, { ...open, seats })).toEqual([asks.nobody(['Mary']), []]);
  // Whoever set it up may have left before anybody agreed.
  const led = lobbyView().seats.map((seat) => ({ ...seat, facilitator: false }));
  expect((await see(ada, { ...open, seats: led }))[0]).toBe(asks.nobody([]));
  expect(asks.nobody([])).not.toContain('Until then');
});

test('CHAIR-18 then everyone reads who does, and there is nothing to press', async () => {
  const seats = lobbyView().seats.map((seat) => ({ ...seat, facilitator: seat.seat === ada }));
  expect(await see(mary, { chair, seats })).toEqual(['Ada facilitates.', []]);
  expect(await see(ada, { chair, seats })).toEqual(['You facilitate.', []]);
  const two = seats.map((seat) => ({ ...seat, facilitator: [mary, ada].includes(seat.seat) }));
  expect(await see(ruth, { chair, seats: two })).toEqual(['Mary and Ada facilitate.', []]);
  expect(await see(ada, { chair, seats: two })).toEqual(['You facilitate, with Mary.', []]);
});
