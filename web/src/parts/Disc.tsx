// The disc: it empties clockwise from 12; after zero an arc grows around it. For the eye only: words stand beside it.
import type { PhaseTime } from '../kit/state';
import { prefersLittleMotion, shownRemaining } from './motion';

const round = (value: number) => Math.round(value * 100) / 100;

/** A point on the disc: `turn` from 0 to 1, clockwise from 12. */
function point(turn: number, radius: number): string {
  const angle = turn * 2 * Math.PI;
  return `${round(50 + radius * Math.sin(angle))} ${round(50 - radius * Math.cos(angle))}`;
}

/** The time of a phase as a disc. */
export function Disc({ time }: { time: PhaseTime }) {
  const full = time.length;
  const remaining = shownRemaining(time.remaining, prefersLittleMotion().value);
  const left = round(Math.min(100, Math.max(0, (remaining / full) * 100)));
  const past = round(Math.min(100, Math.max(0, (-remaining / full) * 100)));
  return (
    <svg class="disc" viewBox="0 0 100 100" aria-hidden="true">
      <circle class="rest" cx="50" cy="50" r="46" />
      {time.remaining >= 0 ? (
        <>
          <circle
            class="left"
            cx="50"
            cy="50"
            r="23"
            pathLength="100"
            stroke-dasharray={`${left} 100`}
            stroke-dashoffset={left - 100}
            transform="rotate(-90 50 50)"
          />
          {time.notch !== null && (
            <path class="notch" d={`M${point(1 - time.notch, 39)}L${point(1 - time.notch, 46.5)}`} />
          )}
        </>
      ) : (
        <circle
          class="past"
          cx="50"
          cy="50"
          r="46"
          pathLength="100"
          stroke-dasharray={`${past} 100`}
          transform="rotate(-90 50 50)"
        />
      )}
    </svg>
  );
}
