import { describe, expect, test } from 'vitest';
import { createRandom, FakeTime } from '../testing/fakes';
import { closedView } from '../testing/views';
import { drawSecret } from './bytes';
import { chooseStart } from './start';
import { createMemoryStore, createSessionStore, openStore, type SessionRecord } from './storage';

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
  test('back_7_a_seat_survives_its_tab', () => {
    const { sessions, record, openNewTab } = setUp();
    const kept = record({ seat: 3 });
    sessions.write(kept, 'device');
    expect(openNewTab().list()).toEqual([kept]);
  });

  test('t22_on_somebody_elses_device_nothing_survives_the_tab', () => {
    const { device, sessions, record, openNewTab } = setUp();
    const kept = record();
    sessions.write(kept, 'tab');
    // Later changes stay where the first was kept.
    sessions.write({ ...kept, seat: 4 });
    expect(sessions.readOwn()).toMatchObject({ seat: 4 });
    expect(device.length).toBe(0);
    expect(openNewTab().list()).toEqual([]);
  });

  test('back_13_leaving_removes_everything', () => {
    const { device, tab, sessions, record } = setUp();
    const kept = record();
    sessions.write(kept, 'device');
    sessions.remove(kept);
    expect(device.length + tab.length).toBe(0);
    expect(sessions.readOwn()).toBeNull();
  });

  test('back_14_what_has_expired_is_not_used_and_is_removed_at_the_next_opening', () => {
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

  test('back_12_the_record_of_an_ended_session_is_kept', () => {
    const { time, sessions, record, openNewTab } = setUp();
    const closed = { view: closedView(time.now), texts: { names: [] }, seenAt: time.now };
    sessions.write(record({ seat: 2, closed }), 'device');
    expect(openNewTab().list()[0]?.closed).toEqual(closed);
  });

  test('two_seats_on_one_device_do_not_overwrite_each_other', () => {
    const { sessions, record } = setUp();
    const first = record();
    const second = record({ session: first.session, name: 'Ben' });
    sessions.write(first, 'device');
    sessions.write(second, 'device');
    expect(sessions.listOf(first.session)).toHaveLength(2);
  });

  test('junk_in_the_store_is_passed_over_and_swept', () => {
    const { device, sessions } = setUp();
    device.setItem('attune.session.x', '{');
    device.setItem('attune.session.y', '{"session":1}');
    device.setItem('other', 'stays');
    expect(sessions.list()).toEqual([]);
    sessions.sweep();
    expect(device.length).toBe(1);
  });

  test('a_browser_that_allows_no_storage_still_gets_a_session', () => {
    const refusing = openStore(() => {
      throw new DOMException('denied');
    });
    refusing.setItem('a', 'b');
    expect(refusing.getItem('a')).toBe('b');
  });
});

describe('how a page begins', () => {
  const none = { type: 'none' } as const;

  test('back_6_a_reload_resumes_its_own_session_among_several', () => {
    const { sessions, record } = setUp();
    sessions.write(record(), 'device');
    const own = record();
    sessions.write(own, 'device');
    expect(chooseStart(none, sessions)).toEqual({ type: 'resume', record: own });
  });

  test('back_7_a_new_tab_resumes_the_only_session', () => {
    const { sessions, record, openNewTab } = setUp();
    const only = record();
    sessions.write(only, 'device');
    expect(chooseStart(none, openNewTab())).toEqual({ type: 'resume', record: only });
  });

  test('back_8_a_new_tab_lists_several_sessions_the_newest_first', () => {
    const { time, sessions, record, openNewTab } = setUp();
    const first = record();
    const second = record({ joinedAt: time.now + 1 });
    sessions.write(first, 'device');
    sessions.write(second, 'device');
    expect(chooseStart(none, openNewTab())).toEqual({ type: 'choose', records: [second, first] });
  });

  test('join_8_a_link_is_offered_and_nothing_is_joined_by_itself', () => {
    const { sessions } = setUp();
    const link = { session: drawSecret(random), invite: drawSecret(random), key: drawSecret(random) };
    const start = chooseStart({ type: 'link', link, exposed: false }, sessions);
    expect(start).toEqual({ type: 'join', link, exposed: false, known: [] });
  });

  test('join_9_a_device_with_a_seat_in_that_session_is_told_of_it', () => {
    const { sessions, record } = setUp();
    const known = record({ seat: 3 });
    sessions.write(known, 'device');
    const link = { session: known.session, invite: known.invite, key: known.key };
    expect(chooseStart({ type: 'link', link, exposed: false }, sessions)).toMatchObject({ known: [known] });
  });

  test('seal_12_a_cut_link_is_explained_even_where_a_session_is_kept', () => {
    const { sessions, record } = setUp();
    sessions.write(record(), 'device');
    expect(chooseStart({ type: 'incomplete' }, sessions)).toEqual({ type: 'incomplete' });
  });

  test('back_14_a_page_that_opens_clears_what_has_expired', () => {
    const { time, device, sessions, record } = setUp();
    sessions.write(record(), 'device');
    time.advance(2 * day);
    expect(chooseStart(none, sessions)).toEqual({ type: 'nothing' });
    expect(device.length).toBe(0);
  });
});
