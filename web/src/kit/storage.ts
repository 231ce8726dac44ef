// What this device keeps of sessions: enough to come back to a seat, and the record of a session that has ended.
import type { Private, SessionView, Texts } from '../protocol';
import { isSecret } from './bytes';

/** The part of the browser's `Storage` that is used. */
export interface Store {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Where a record is kept: on the device, or in this tab only, for a device of somebody else. */
export type Keeping = 'device' | 'tab';

/** A session's end as it was seen here, so that its record outlives the server's. */
export interface ClosedSession {
  readonly view: SessionView;
  /** Still sealed: they open with the record's key. */
  readonly texts: Texts;
  /** What was for this seat alone; absent in records of an older page. */
  readonly own?: Private;
  /** When it was first seen, by the device's clock. */
  readonly seenAt: number;
}

/** One seat in one session. */
export interface SessionRecord {
  readonly session: string;
  readonly invite: string;
  readonly key: string;
  readonly seatToken: string;
  /** Known once the server has answered. */
  readonly seat?: number;
  /** Whether it was set up here, or this seat facilitates: for the list of sessions. */
  readonly facilitator?: boolean;
  /** The person's own name, for the list. */
  readonly name?: string;
  /** When it was joined, by the device's clock. */
  readonly joinedAt: number;
  /** When it is dropped, by the device's clock. */
  readonly expires: number;
  readonly closed?: ClosedSession | undefined;
}

/** What is kept here. */
export interface SessionStore {
  /** All records that have not expired, the newest first. */
  list(): SessionRecord[];
  /** The records of one session: several where one device took several seats. */
  listOf(session: string): SessionRecord[];
  /** Keeps a record, in the place of an older one of the same seat, and makes it this tab's own. */
  write(record: SessionRecord, keeping?: Keeping): void;
  /** Where a record is kept. */
  keepingOf(record: SessionRecord): Keeping;
  /** Removes a record. */
  remove(record: SessionRecord): void;
  /** The record that this tab was showing, so that a reload goes on with it. */
  readOwn(): SessionRecord | null;
  /** Lets this tab show no session. */
  leaveOwn(): void;
  /** Removes what has expired; done once when the page opens. */
  sweep(): void;
}

const PREFIX = 'attune.session.';
const OWN = 'attune.own';

/** A store that forgets with the page: where the browser allows no storage, and in tests. */
export function createMemoryStore(): Store {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

/** A browser's store, or a memory where the browser refuses. One that is full still holds what it has. */
export function openStore(open: () => Store): Store {
  try {
    const store = open();
    try {
      store.setItem('attune.probe', '1');
      store.removeItem('attune.probe');
    } catch (error) {
      if (recordKeys(store).length === 0) throw error;
    }
    return store;
  } catch {
    return createMemoryStore();
  }
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  (typeof value === 'object' && value !== null ? value : {}) as Fields;

const isListOf = (value: unknown, holds: (item: Fields) => boolean): boolean =>
  Array.isArray(value) && value.every((item) => holds(fieldsOf(item)));

const isDay = (value: unknown) => typeof value === 'number' && !Number.isNaN(new Date(value).getTime());

const isAbsentOr = (type: 'string' | 'number', value: unknown) =>
  value === undefined || typeof value === type;

function isRecord(value: unknown): value is SessionRecord {
  const record = fieldsOf(value);
  const { session, invite, key, seatToken, name, seat } = record;
  const secrets = [session, invite, key, seatToken].every(
    (text) => typeof text === 'string' && isSecret(text),
  );
  const own = isAbsentOr('string', name) && isAbsentOr('number', seat);
  return secrets && own && isDay(record.expires) && isDay(record.joinedAt);
}

const isPlan = (plan: unknown): boolean =>
  isListOf(
    fieldsOf(plan).phases,
    ({ id, floor }) => typeof id === 'string' && Array.isArray(fieldsOf(floor).speakers),
  );

/** Whether the end of a session that was kept has what its screen is drawn from: a page of another version wrote it. */
function isDrawable(closed: unknown): closed is ClosedSession {
  const { view, texts } = fieldsOf(closed);
  const { stage, plan, seats, floor, chair } = fieldsOf(view);
  const { type, phases, attendance, earlier } = fieldsOf(stage);
  return (
    type === 'closed' &&
    Array.isArray(phases) &&
    Array.isArray(attendance) &&
    isListOf(seats, ({ seat }) => typeof seat === 'number') &&
    isPlan(plan) &&
    (earlier === undefined || isListOf(earlier, (one) => Array.isArray(one.phases) && isPlan(one.plan))) &&
    Array.isArray(fieldsOf(floor).speakers) &&
    typeof chair === 'object' &&
    isListOf(fieldsOf(texts).names, ({ seat, name }) => typeof seat === 'number' && typeof name === 'string')
  );
}

function readRecord(store: Store, key: string): SessionRecord | null {
  try {
    const value: unknown = JSON.parse(store.getItem(key) ?? 'null');
    if (!isRecord(value)) return null;
    // The seat is worth more than its record, and the server may still have that.
    const { closed, ...rest } = value;
    return closed === undefined || isDrawable(closed) ? value : rest;
  } catch {
    return null;
  }
}

function recordKeys(store: Store): string[] {
  return Array.from({ length: store.length }, (_, index) => store.key(index) ?? '').filter((key) =>
    key.startsWith(PREFIX),
  );
}

/** Makes the session store over the device's and the tab's storage; `wall` is the device's clock. */
export function createSessionStore(device: Store, tab: Store, wall: () => number): SessionStore {
  const stores = [tab, device];
  const keyOf = (record: SessionRecord) => PREFIX + record.seatToken;
  const alive = (record: SessionRecord | null) => (record && record.expires > wall() ? record : null);
  const keepingOf = (record: SessionRecord): Keeping =>
    tab.getItem(keyOf(record)) === null ? 'device' : 'tab';
  const read = (key: string) => alive(readRecord(tab, key)) ?? alive(readRecord(device, key));
  const list = () => {
    const records = [...new Set(stores.flatMap(recordKeys))].map(read).filter((record) => record !== null);
    return records.sort((left, right) => right.joinedAt - left.joinedAt);
  };

  return {
    list,
    keepingOf,
    listOf: (session) => list().filter((record) => record.session === session),
    write(record, keeping) {
      const key = keyOf(record);
      const [into, outOf] = (keeping ?? keepingOf(record)) === 'tab' ? [tab, device] : [device, tab];
      try {
        into.setItem(key, JSON.stringify(record));
        outOf.removeItem(key);
        tab.setItem(OWN, key);
      } catch {
        // A full store: the seat lasts as long as the page does.
      }
    },
    remove(record) {
      const key = keyOf(record);
      for (const store of stores) store.removeItem(key);
      if (tab.getItem(OWN) === key) tab.removeItem(OWN);
    },
    readOwn() {
      const key = tab.getItem(OWN);
      return key === null ? null : read(key);
    },
    leaveOwn: () => tab.removeItem(OWN),
    sweep() {
      for (const store of stores) {
        for (const key of recordKeys(store)) {
          if (!alive(readRecord(store, key))) store.removeItem(key);
        }
      }
    },
  };
}
