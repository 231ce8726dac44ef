import { describe, expect, test, vi } from 'vitest';
import { CPD_FIELDS, type CpdAnswers, createCpdLogs } from './cpd';
import { keysOf, listKept, removeKept, watchWipe, wipe } from './device';
import { createMemoryStore } from './storage';

const answers = (change: Partial<CpdAnswers> = {}): CpdAnswers => {
  const empty = Object.fromEntries(CPD_FIELDS.map((field) => [field, '']));
  return { ...(empty as CpdAnswers), ...change };
};

function fill() {
  const device = createMemoryStore();
  const tab = createMemoryStore();
  device.setItem('attune.session.abc', JSON.stringify({ name: 'Ada', joinedAt: 5, seatToken: 'abc' }));
  device.setItem('attune.settings', JSON.stringify({ lastName: 'Ada' }));
  device.setItem('attune.plan.1', JSON.stringify({ title: 'Short Ruch' }));
  device.setItem('attune.agreement.1', 'not JSON');
  device.setItem('attune.quite-new', '{"name":1}');
  device.setItem('of-somebody-else', 'kept');
  tab.setItem('attune.own', 'attune.session.abc');
  createCpdLogs(device, tab).write({ heldAt: 7, answers: answers({ learnt: 'to wait' }) }, 'tab');
  return { device, tab };
}

describe('what is on the device', () => {
  test('DEVICE-1 everything of ours is listed by kind and name, also what this page does not know', () => {
    const { device, tab } = fill();
    const listed = listKept([device, tab]).map(({ kind, name, at }) => [kind, name, at]);
    expect(listed).toEqual([
      ['agreement', null, null],
      ['cpd', null, 7],
      ['plan', 'Short Ruch', null],
      ['other', null, null],
      ['session', 'Ada', 5],
      ['settings', 'Ada', null],
    ]);
  });

  test('DEVICE-2 one thing goes and the others stay', () => {
    const { device, tab } = fill();
    const before = listKept([device, tab]).length;
    removeKept([device, tab], 'attune.cpd.7');
    expect(listKept([device, tab])).toHaveLength(before - 1);
    expect(keysOf(tab)).toEqual(['attune.own']);
  });

  test('DEVICE-3 T33 a wipe leaves nothing of ours, and what is not ours', () => {
    const { device, tab } = fill();
    wipe(device, tab);
    expect([...keysOf(device), ...keysOf(tab)]).toEqual([]);
    expect(device.getItem('of-somebody-else')).toBe('kept');
  });

  test('DEVICE-3 another tab is told once, and only of a wipe', () => {
    const onWiped = vi.fn();
    let listener: ((event: { key: string | null; newValue: string | null }) => void) | undefined;
    const target = {
      addEventListener: (_: string, added: NonNullable<typeof listener>) => {
        listener = added;
      },
    };
    watchWipe(target as unknown as Window, onWiped);
    // What the other tabs hear of a wipe: each change of the shared store, in order.
    const { device, tab } = fill();
    const told = {
      ...device,
      get length() {
        return device.length;
      },
      setItem: (key: string, newValue: string) => {
        device.setItem(key, newValue);
        listener?.({ key, newValue });
      },
      removeItem: (key: string) => {
        device.removeItem(key);
        listener?.({ key, newValue: null });
      },
    };
    told.removeItem('attune.plan.1');
    expect(onWiped).not.toHaveBeenCalled();
    wipe(told, tab);
    expect(onWiped).toHaveBeenCalledTimes(1);
  });
});

describe('CPD notes', () => {
  test('ENDING-3 a note is kept as typed, where it belongs, and its key names no session', () => {
    const device = createMemoryStore();
    const tab = createMemoryStore();
    const logs = createCpdLogs(device, tab);
    const log = { heldAt: 1_790_000_000_000, answers: answers({ learnt: 'one\ntwo' }) };
    expect(logs.write(log, 'device')).toBe(true);
    expect(createCpdLogs(device, createMemoryStore()).read(log.heldAt)).toEqual(log);
    expect(keysOf(device)).toEqual(['attune.cpd.1790000000000']);
    logs.write(log, 'tab');
    expect(keysOf(device)).toEqual([]);
    expect(logs.read(log.heldAt)).toEqual(log);
  });

  test('ENDING-3 an emptied note is gone, and a full device says so', () => {
    const device = createMemoryStore();
    const tab = createMemoryStore();
    const logs = createCpdLogs(device, tab);
    logs.write({ heldAt: 1, answers: answers({ peer: 'x' }) }, 'device');
    logs.write({ heldAt: 1, answers: answers({ peer: '  ' }) }, 'device');
    expect(keysOf(device)).toEqual([]);
    const full = {
      ...device,
      setItem: () => {
        throw new Error('full');
      },
    };
    expect(createCpdLogs(full, tab).write({ heldAt: 1, answers: answers({ peer: 'x' }) }, 'device')).toBe(
      false,
    );
  });
});
