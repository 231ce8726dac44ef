// The clock of a screen: the disc and its words; or the words alone, over the water.
import type { PhaseTime } from '../kit/state';
import { type ClockText, ClockWords } from './ClockWords';
import { Disc } from './Disc';

/** What a clock shows. */
export interface ClockProps {
  time: PhaseTime;
  words: ClockText;
  /** With seconds: for whoever steers. */
  exact?: boolean;
  /** Whether this person has hidden the number. */
  hidden: boolean;
  onToggle?: () => void;
  /** Words without disc and without ember: the silent listener's. */
  still?: boolean;
}

/** Disc and words. */
export function Clock({ time, words, exact = false, hidden, onToggle, still = false }: ClockProps) {
  return (
    <div class="clock" data-number={hidden ? 'hidden' : undefined}>
      {!still && <Disc time={time} />}
      <ClockWords
        time={time}
        words={words}
        exact={exact}
        plain={still}
        hidden={hidden}
        {...(onToggle ? { onToggle } : {})}
      />
    </div>
  );
}
