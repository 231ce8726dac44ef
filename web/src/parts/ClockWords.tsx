// The time in words: whole minutes for the group, seconds for whoever steers. A screen reader finds it as a timer,
// which speaks only when asked.
import type { PhaseTime } from '../kit/state';

/** The words that it needs. A count is of whole minutes. */
export interface ClockText {
  readonly label: string;
  readonly hide: string;
  readonly show: string;
  left(count: number): string;
  over(count: number): string;
  kept(count: number): string;
  overKept(count: number): string;
  readonly lessLeft: string;
  readonly lessOver: string;
  readonly lessKept: string;
  readonly secondsLeft: string;
  readonly secondsOver: string;
  readonly secondsKept: string;
}

/** A number, and the words after it. Without a number the words say all. */
export interface ShownTime {
  readonly number: string;
  readonly unit: string;
}

/** Whole minutes as people say them: the nearest, and none in the last one. */
export function wholeMinutes(seconds: number): number {
  return seconds < 60 ? 0 : Math.round(seconds / 60);
}

/** "18:05". */
export function minutesAndSeconds(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The time in words; `exact` with seconds. */
export function timeInWords(time: PhaseTime, words: ClockText, exact: boolean): ShownTime {
  const { state, seconds, remaining } = time;
  if (exact) {
    const unit = { left: words.secondsLeft, over: words.secondsOver, kept: words.secondsKept }[state];
    return { number: minutesAndSeconds(seconds), unit };
  }
  const minutes = wholeMinutes(seconds);
  if (minutes === 0) {
    return { number: '', unit: { left: words.lessLeft, over: words.lessOver, kept: words.lessKept }[state] };
  }
  if (state === 'kept') {
    return { number: String(minutes), unit: remaining < 0 ? words.overKept(minutes) : words.kept(minutes) };
  }
  return { number: String(minutes), unit: state === 'left' ? words.left(minutes) : words.over(minutes) };
}

/** The words of the clock, and the button that hides its number. `plain`: for the silent listener, without ember. */
export function ClockWords({
  time,
  words,
  exact = false,
  plain = false,
  hidden,
  onToggle,
}: {
  time: PhaseTime;
  words: ClockText;
  exact?: boolean;
  plain?: boolean;
  hidden: boolean;
  onToggle?: () => void;
}) {
  const { number, unit } = timeInWords(time, words, exact);
  const over = time.state === 'over' && !plain;
  return (
    <div class="time">
      <p role="timer" aria-label={words.label}>
        {number !== '' && (
          <>
            <span class={over ? 'n over' : 'n'}>{number}</span>{' '}
          </>
        )}
        <span class="unit">{unit}</span>
      </p>
      {onToggle && (
        <button class="btn btn-plain" type="button" onClick={onToggle}>
          {hidden ? words.show : words.hide}
        </button>
      )}
    </div>
  );
}
