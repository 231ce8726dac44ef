import { describe, expect, test } from 'vitest';
import { createRandom, FakeTime } from '../testing/fakes';
import { closedView } from '../testing/views';
import { drawSecret } from './bytes';
import { chooseStart } from './start';
import { createMemoryStore, createSessionStore, openStore, type SessionRecord, type Store } from './storage';

const random = createRandom(3);
const day = 86_400_000;

function setUp() {
  const time = new FakeTime();
  const device = createMemoryStore();
  const tab = createMemoryStore();
  const sessions = createSessionStore(device, tab, () => time.now);
  const record = (change: Partial<SessionRecord> = {}): SessionRecord => ({
    session: drawSecret(random),
    invite: drawSecret(random),
    key: drawSecret(random),
    seatToken: drawSecret(random),
    name: 'Ada',
    joinedAt: time.now,
    expires: time.now + day,
    ...change,
  });
  /** The same phone after the tab was killed: what the tab held is gone. */
  const openNewTab = () => createSessionStore(device, createMemoryStore(), () => time.now);
  return { time, device, tab, sessions, record, openNewTab };
}

describe('what a device keeps', () => {
  test('BACK-5 a seat survives its tab', () => {
    const { sessions, record, openNewTab } = setUp();
    const kept = record({ seat: 3 });
    sessions.write(kept, 'device');
    expect(openNewTab().list()).toEqual([kept]);
  });

  test('T22 on somebody else’s device nothing survives the tab', () => {
    const { device, sessions, record, openNewTab } = setUp();
    const kept = record();
    sessions.write(kept, 'tab');
    // Later changes stay where the first was kept.
    sessions.write({ ...kept, seat: 4 });
    expect(sessions.readOwn()).toMatchObject({ seat: 4 });
    expect(device.length).toBe(0);
    expect(openNewTab().list()).toEqual([]);
  });

  test('T33 BACK-11 leaving removes everything', () => {
    const { device, tab, sessions, record } = setUp();
    const kept = record();
    sessions.write(kept, 'device');
    sessions.remove(kept);
    expect(device.length + tab.length).toBe(0);
    expect(sessions.readOwn()).toBeNull();
  });

  test('BACK-11 what has expired is not used and is removed at the next opening', () => {
    const { time, device, sessions, record } = setUp();
    sessions.write(record(), 'device');
    const later = record({ expires: time.now + 3 * day });
    sessions.write(later, 'device');
    time.advance(2 * day);
    expect(sessions.list()).toEqual([later]);
    expect(device.length).toBe(2);
    sessions.sweep();
    expect(device.length).toBe(1);
  });

  test('BACK-10 the record of an ended session is kept', () => {
    const { time, sessions, record, openNewTab } = setUp();
    const closed = { view: closedView(time.now), texts: { names: [] }, seenAt: time.now };
    sessions.write(record({ seat: 2, closed }), 'device');
    expect(openNewTab().list()[0]?.closed).toEqual(closed);
  });

  test('BACK-14 a record that cannot be drawn is left out, and the seat is kept', () => {
    const { time, device, sessions, record } = setUp();
    const view = closedView(time.now);
    const texts = { names: [{ seat: 1, name: 'AAAA' }] };
    const damaged: unknown[] = [
      {},
      null,
      true,
      { view: {}, texts },
      { view: { ...view, stage: { type: 'running' } }, texts },
      { view: { ...view, stage: { ...view.stage, attendance: null } }, texts },
      { view: { ...view, plan: { ...view.plan, phases: [{ id: 'present' }] } }, texts },
      ...[
        null,
        {},
        [null],
        [{ phases: [] }],
        [{ phases: null, plan: view.plan }],
        [{ phases: [], plan: {} }],
      ].map((earlier) => ({ view: { ...view, stage: { ...view.stage, earlier } }, texts })),
      { view: { ...view, seats: [null] }, texts },
      { view: { ...view, chair: undefined }, texts },
      { view, texts: null },
      { view, texts: { names: [{ seat: 1, name: 5 }] } },
    ];
    for (const closed of damaged) {
      const { closed: _none, ...kept } = record({ seat: 2 });
      device.setItem(`attune.session.${kept.seatToken}`, JSON.stringify({ ...kept, closed }));
      expect(sessions.listOf(kept.session)).toEqual([kept]);
    }
    const stage = { ...view.stage, earlier: [{ phases: [], plan: view.plan }] } as typeof view.stage;
    for (const drawn of [view, { ...view, stage }]) {
      const whole = record({ seat: 2, closed: { view: drawn, texts, seenAt: time.now } });
      sessions.write(whole, 'device');
      expect(sessions.listOf(whole.session)).toEqual([whole]);
    }
  });

  test('BACK-14 a record of no day is none', () => {
    const { device, sessions, record } = setUp();
    for (const change of [{ joinedAt: -1e300 }, { joinedAt: Number.NaN }, { expires: Number.NaN }]) {
      const kept = record(change);
      device.setItem(`attune.session.${kept.seatToken}`, JSON.stringify(kept));
    }
    expect(sessions.list()).toEqual([]);
  });

  test('BACK-14 a record whose key, way in or seat is damaged is none', () => {
    const { device, sessions, record } = setUp();
    const damaged: object[] = [
      { key: 'AAAA' },
      { key: '' },
      { key: `${'A'.repeat(21)}B` },
      { session: 'a session' },
      { invite: `${'A'.repeat(22)}=` },
      { seatToken: 'A' },
      { seat: '3' },
      { name: { first: 'Ada' } },
    ];
    for (const change of damaged) {
      const kept = { ...record({ seat: 3 }), ...change };
      device.setItem(`attune.session.${kept.seatToken}`, JSON.stringify(kept));
    }
    expect(device.length).toBe(damaged.length);
    expect(sessions.list()).toEqual([]);
    sessions.sweep();
    expect(device.length).toBe(0);
  });

  test('two seats on one device do not overwrite each other', () => {
    const { sessions, record } = setUp();
    const first = record();
    const second = record({ session: first.session, name: 'Ben' });
    sessions.write(first, 'device');
    sessions.write(second, 'device');
    expect(sessions.listOf(first.session)).toHaveLength(2);
  });

  test('junk in the store is passed over and swept', () => {
    const { device, sessions } = setUp();
    device.setItem('attune.session.x', '{');
    device.setItem('attune.session.y', '{"session":1}');
    device.setItem('other', 'stays');
    expect(sessions.list()).toEqual([]);
    sessions.sweep();
    expect(device.length).toBe(1);
  });

  test('BACK-5 a store that is full still gives what it holds', () => {
    const { device, sessions, record } = setUp();
    const kept = record();
    sessions.write(kept, 'device');
    const full: Store = { ...device, length: device.length };
    full.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    const again = createSessionStore(
      openStore(() => full),
      createMemoryStore(),
      () => kept.joinedAt,
    );
    expect(again.list()).toEqual([kept]);
  });

  test('a browser that allows no storage still gets a session', () => {
    const refusing = openStore(() => {
      throw new DOMException('denied');
    });
    refusing.setItem('a', 'b');
    expect(refusing.getItem('a')).toBe('b');
  });
});

describe('how a page begins', () => {
  const none = { type: 'none' } as const;

  test('BACK-5 a reload resumes its own session among several', () => {
    const { sessions, record } = setUp();
    sessions.write(record(), 'device');
    const own = record();
    sessions.write(own, 'device');
    expect(chooseStart(none, sessions)).toEqual({ type: 'resume', record: own });
  });

  test('BACK-5 a new tab resumes the only session', () => {
    const { sessions, record, openNewTab } = setUp();
    const only = record();
    sessions.write(only, 'device');
    expect(chooseStart(none, openNewTab())).toEqual({ type: 'resume', record: only });
  });

  test('BACK-6 a new tab lists several sessions the newest first', () => {
    const { time, sessions, record, openNewTab } = setUp();
    const first = record();
    const second = record({ joinedAt: time.now + 1 });
    sessions.write(first, 'device');
    sessions.write(second, 'device');
    expect(chooseStart(none, openNewTab())).toEqual({ type: 'choose', records: [second, first] });
  });

  test('T23 a link is offered and nothing is joined by itself', () => {
    const { sessions } = setUp();
    const link = { session: drawSecret(random), invite: drawSecret(random), key: drawSecret(random) };
    const start = chooseStart({ type: 'link', link, exposed: false }, sessions);
    expect(start).toEqual({ type: 'join', link, exposed: false, known: [] });
  });

  test('JOIN-6 a device with a seat in that session is told of it', () => {
    const { sessions, record } = setUp();
    const known = record({ seat: 3 });
    sessions.write(known, 'device');
    const link = { session: known.session, invite: known.invite, key: known.key };
    expect(chooseStart({ type: 'link', link, exposed: false }, sessions)).toMatchObject({ known: [known] });
  });

  test('SEAL-9 a cut link is explained even where a session is kept', () => {
    const { sessions, record } = setUp();
    sessions.write(record(), 'device');
    expect(chooseStart({ type: 'incomplete' }, sessions)).toEqual({ type: 'incomplete' });
  });

  test('BACK-11 a page that opens clears what has expired', () => {
    const { time, device, sessions, record } = setUp();
    sessions.write(record(), 'device');
    time.advance(2 * day);
    expect(chooseStart(none, sessions)).toEqual({ type: 'nothing' });
    expect(device.length).toBe(0);
  });
});
