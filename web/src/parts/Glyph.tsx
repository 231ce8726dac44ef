// The glyph of a position: a ring (the group) and a dot (who presents). Words stand beside it.
import type { Light } from '../kit/state';

const openRing = 'M18.79 11.20A8 8 0 1 1 12.80 5.21';
const filledGap = 'M18.99 12.58A8 8 0 1 1 11.42 5.01';

const drawings = {
  arriving: { ring: openRing, width: 2, dot: [20, 4, 2.8] },
  listening: { ring: openRing, width: 2, dot: [20, 4, 2.8] },
  speaking: { ring: openRing, width: 2, dot: [11, 13, 3.2] },
  responding: { ring: filledGap, width: 2, dot: [16.66, 7.34, 3] },
  together: { ring: null, width: 3.6, dot: null },
  closed: { ring: null, width: 1.5, dot: null },
} as const;

/** The glyph of a position. */
export function Glyph({ light }: { light: Light }) {
  const { ring, width, dot } = drawings[light];
  const line = {
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': width,
    'stroke-linecap': 'round',
  } as const;
  return (
    <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">
      {ring === null ? <circle cx="11" cy="13" r="8" {...line} /> : <path d={ring} {...line} />}
      {dot && <circle cx={dot[0]} cy={dot[1]} r={dot[2]} fill="currentColor" />}
    </svg>
  );
}
