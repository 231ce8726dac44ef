// The silent listener's clock: a moon whose height above still water is the time left. At zero it has set, and the
// room is still: ending is not this person's task.
import type { PhaseTime } from '../kit/state';
import { prefersLittleMotion, shownRemaining } from './motion';

const RADIUS = 80;
const HORIZON = 240;
const MIDDLE = 200;

/** Light on the water, from the horizon down: where, how high, how strong, and how wide beside the moon's foot. */
const glints = [
  { y: 3, height: 3.2, opacity: 0.5, width: 0.94 },
  { y: 12, height: 3, opacity: 0.42, width: 1.06 },
  { y: 21.5, height: 2.8, opacity: 0.36, width: 0.84 },
  { y: 32, height: 2.8, opacity: 0.3, width: 0.95 },
  { y: 43, height: 2.6, opacity: 0.25, width: 0.62 },
  { y: 54.5, height: 2.4, opacity: 0.2, width: 0.7 },
  { y: 67, height: 2.2, opacity: 0.16, width: 0.42 },
  { y: 80, height: 2, opacity: 0.12, width: 0.46 },
  { y: 94, height: 1.8, opacity: 0.1, width: 0.2 },
];

/** How far the moon's middle is below the horizon for a part left from 0 to 1: between -80 and 80. */
export function moonDepth(left: number): number {
  return RADIUS - 2 * RADIUS * Math.min(1, Math.max(0, left));
}

/** How wide the moon is where it meets the water. */
export function moonChord(depth: number): number {
  return 2 * Math.sqrt(Math.max(0, RADIUS ** 2 - depth ** 2));
}

const round = (value: number) => Math.round(value * 100) / 100;

function depthOf(time: PhaseTime): number {
  return moonDepth(shownRemaining(time.remaining, prefersLittleMotion().value) / time.length);
}

/** The sky's part: moon and glow. */
export function Moon({ time }: { time: PhaseTime }) {
  const y = round(HORIZON + depthOf(time));
  return (
    <svg class="moon" viewBox="0 0 400 240" preserveAspectRatio="xMidYMax meet" aria-hidden="true">
      <defs>
        <radialGradient id="halo">
          <stop offset=".3" />
          <stop offset=".62" stop-opacity=".3" />
          <stop offset="1" stop-opacity="0" />
        </radialGradient>
      </defs>
      <circle class="halo" cx={MIDDLE} cy={y} r="190" fill="url(#halo)" />
      <circle class="body" cx={MIDDLE} cy={y} r={RADIUS} />
    </svg>
  );
}

/** The water's part: the moon's light on it. */
export function Shine({ time }: { time: PhaseTime }) {
  const chord = moonChord(depthOf(time));
  return (
    <svg
      class="shine"
      viewBox="0 0 400 110"
      preserveAspectRatio="xMidYMin meet"
      aria-hidden="true"
      fill="currentColor"
    >
      {glints.map(({ y, height, opacity, width }) => (
        <rect
          key={y}
          x={round(MIDDLE - (chord * width) / 2)}
          y={y}
          width={round(chord * width)}
          height={height}
          rx="1.6"
          opacity={opacity}
        />
      ))}
    </svg>
  );
}
