// Whether the device asks for little motion.
import { type ReadonlySignal, signal } from '@preact/signals';

let known: ReadonlySignal<boolean> | undefined;

/** Whether the device asks for little motion, as it changes. */
export function prefersLittleMotion(): ReadonlySignal<boolean> {
  if (!known) {
    const list = window.matchMedia('(prefers-reduced-motion: reduce)');
    const wanted = signal(list.matches);
    list.addEventListener('change', () => {
      wanted.value = list.matches;
    });
    known = wanted;
  }
  return known;
}

/** The longest step of a shape with little motion, in ms. */
const LITTLE_STEP = 15_000;

/** What is left, as a shape shows it: by the second, or every 15 seconds with little motion. */
export function shownRemaining(remaining: number, little: boolean): number {
  return little ? Math.ceil(remaining / LITTLE_STEP) * LITTLE_STEP : remaining;
}
