// Plans that a person keeps on this device, by names of their own. Nothing of it is sent anywhere.
import { keysOf, OURS } from '../kit/device';
import { checkName, cleanName } from '../kit/name';
import type { Store } from '../kit/storage';
import type { Plan } from '../protocol';
import { judgePlan } from './plan-file';

/** A plan with its name. */
export interface ShelvedPlan {
  readonly name: string;
  readonly plan: Plan;
}

/** The plans that are kept. */
export interface PlanShelf {
  /** By name. What cannot be read is left out. */
  list(): readonly ShelvedPlan[];
  /** Keeps a plan, in the place of one with the same name. False when there is no room for it. */
  keep(name: string, plan: Plan): boolean;
  /** Takes a plan off. */
  remove(name: string): void;
}

/** Before the name, in the key of each. */
const PREFIX = `${OURS}plan.`;
/** Most plans that are kept: some ten kilobytes. */
export const MOST_PLANS = 30;

function readShelved(store: Store, key: string): ShelvedPlan | null {
  let value: unknown;
  try {
    value = JSON.parse(store.getItem(key) ?? 'null');
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { name, plan } = value as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || key !== PREFIX + name) return null;
  if (name !== cleanName(name) || checkName(name) !== null) return null;
  const read = judgePlan(plan);
  return read.type === 'plan' ? { name, plan: read.plan } : null;
}

/** The shelf over the device's storage; `wall` is the device's clock. */
export function createPlanShelf(store: Store, wall: () => number): PlanShelf {
  const keys = () => keysOf(store).filter((key) => key.startsWith(PREFIX));
  return {
    list: () =>
      keys()
        .flatMap((key) => readShelved(store, key) ?? [])
        .sort((left, right) => left.name.localeCompare(right.name)),
    keep(name, plan) {
      const key = PREFIX + name;
      if (!keys().includes(key) && keys().length >= MOST_PLANS) return false;
      try {
        store.setItem(key, JSON.stringify({ name, savedAt: wall(), plan }));
        return true;
      } catch {
        // A full store.
        return false;
      }
    },
    remove: (name) => store.removeItem(PREFIX + name),
  };
}
