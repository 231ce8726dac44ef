import { describe, expect, test, vi } from 'vitest';
import type { PhaseTime } from '../kit/state';
import { phaseTime } from '../kit/state';
import { press, root, show, useFreshPage } from '../testing/page';
import { runningView } from '../testing/views';
import { Clock } from './Clock';
import { type ClockText, minutesAndSeconds, timeInWords, wholeMinutes } from './ClockWords';
import { Moon, moonChord, moonDepth, Shine } from './Moon';
import { shownRemaining } from './motion';

const now = 1_790_000_000_000;
const minute = 60_000;

const words: ClockText = {
  label: 'Time in this part',
  hide: 'Hide number',
  show: 'Show number',
  left: (count) => `${count === 1 ? 'minute' : 'minutes'} left`,
  over: (count) => `${count === 1 ? 'minute' : 'minutes'} over`,
  kept: (count) => `${count === 1 ? 'minute' : 'minutes'} kept`,
  overKept: () => 'minutes over, kept',
  lessLeft: 'Less than a minute left',
  lessOver: 'Less than a minute over',
  lessKept: 'Less than a minute kept',
  secondsLeft: 'left',
  secondsOver: 'over',
  secondsKept: 'kept',
};

/** The time of the discussion with so much left. */
function timeWith(remaining: number): PhaseTime {
  const time = phaseTime(runningView(1, now + remaining), now);
  if (!time) throw new Error('nothing runs');
  return time;
}

/** The time of the discussion, paused with so much left. */
function _keptTime(remaining: number): PhaseTime {
  const timing = { type: 'paused', remaining, since: now, anyoneResumes: false } as const;
  const time = phaseTime(runningView(1, 0, { timing }), now);
  if (!time) throw new Error('nothing runs');
  return time;
}

useFreshPage();

describe('the time in words', () => {
  const say = (time: PhaseTime, exact = false) => {
    const { number, unit } = timeInWords(time, words, exact);
    return number === '' ? unit : `${number} ${unit}`;
  };

  test.each([
    [timeWith(18 * minute + 5_000), '18 minutes left'],
    [timeWith(18 * minute + 30_000), '19 minutes left'],
    [timeWith(25 * minute), '25 minutes left'],
    [timeWith(60_000), '1 minute left'],
    [timeWith(89_000), '1 minute left'],
    [timeWith(59_000), 'Less than a minute left'],
    [timeWith(0), 'Less than a minute left'],
    [timeWith(-1_000), 'Less than a minute over'],
    [timeWith(-130_000), '2 minutes over'],
    [_keptTime(18 * minute), '18 minutes kept'],
    [_keptTime(20_000), 'Less than a minute kept'],
    [_keptTime(-3 * minute), '3 minutes over, kept'],
  ])('SCREEN-7 the group reads whole minutes %#', (time, expected) => {
    expect(say(time)).toBe(expected);
  });

  test.each([
    [timeWith(18 * minute + 5_000), '18:05 left'],
    [timeWith(0), '0:00 left'],
    [timeWith(-130_000), '2:10 over'],
    [_keptTime(9_000), '0:09 kept'],
  ])('SCREEN-7 whoever steers reads seconds %#', (time, expected) => {
    expect(say(time, true)).toBe(expected);
  });

  test('SCREEN-7 whole minutes are the nearest', () => {
    expect([0, 59, 60, 89, 90, 1_085].map(wholeMinutes)).toEqual([0, 0, 1, 1, 2, 18]);
    expect(minutesAndSeconds(3_601)).toBe('60:01');
  });

  test('SPEAK-7 a hidden number is still there for a screen reader', () => {
    const onToggle = vi.fn();
    show(<Clock time={timeWith(18 * minute)} words={words} hidden={true} onToggle={onToggle} />);
    const timer = root.querySelector('[role=timer]');
    expect(timer?.textContent).toBe('18 minutes left');
    expect(timer?.closest('[aria-hidden]')).toBeNull();
    expect(root.querySelector('.clock')?.getAttribute('data-number')).toBe('hidden');
    expect(root.querySelector('button')?.textContent).toBe('Show number');
    press('button');
    expect(onToggle).toHaveBeenCalledTimes(1);
  });

  test('SPEAK-3 the timer is no live region', () => {
    show(<Clock time={timeWith(minute)} words={words} hidden={false} />);
    expect(root.querySelector('[aria-live], [role=status], [role=alert]')).toBeNull();
    expect(root.querySelector('[role=timer]')?.getAttribute('aria-label')).toBe('Time in this part');
  });
});

describe('the disc', () => {
  const disc = (time: PhaseTime) => {
    show(<Clock time={time} words={words} hidden={false} />);
    return root.querySelector('.disc');
  };

  test('SCREEN-6 it shows what is left and the two minute notch', () => {
    const left = disc(timeWith(18 * minute))?.querySelector('.left');
    expect(left?.getAttribute('stroke-dasharray')).toBe('72 100');
    expect(left?.getAttribute('stroke-dashoffset')).toBe('-28');
    expect(root.querySelector('.notch')?.getAttribute('d')).toBe('M31.21 15.82L27.6 9.25');
  });

  test('SCREEN-6 with little motion it moves every fifteen seconds', () => {
    const steps = new Set(Array.from({ length: 60 }, (_, second) => shownRemaining(second * 1_000, true)));
    expect(steps.size).toBe(5);
    expect(shownRemaining(1_234, false)).toBe(1_234);
  });

  test('SCREEN-10 there is no ember before time and an arc after it', () => {
    expect(disc(timeWith(0))?.querySelector('.past')).toBeNull();
    expect(root.querySelector('.over')).toBeNull();
    const past = disc(timeWith(-2 * minute))?.querySelector('.past');
    expect(past?.getAttribute('stroke-dasharray')).toBe('8 100');
    expect(root.querySelector('.n.over')).not.toBeNull();
    // One full turn in the planned minutes, then it stays.
    expect(
      disc(timeWith(-40 * minute))
        ?.querySelector('.past')
        ?.getAttribute('stroke-dasharray'),
    ).toBe('100 100');
  });

  test('SPEAK-7 disc and moon are hidden from screen readers', () => {
    expect(disc(timeWith(minute))?.getAttribute('aria-hidden')).toBe('true');
    show(
      <>
        <Moon time={timeWith(minute)} />
        <Shine time={timeWith(minute)} />
      </>,
    );
    for (const drawing of root.querySelectorAll('svg')) {
      expect(drawing.getAttribute('aria-hidden')).toBe('true');
    }
  });
});

describe('the moon', () => {
  test('SCREEN-32 its height is the time left', () => {
    expect([1, 0.5, 0].map(moonDepth)).toEqual([-80, 0, 80]);
    show(<Moon time={timeWith(18 * minute)} />);
    expect(root.querySelector('.body')?.getAttribute('cy')).toBe('204.8');
  });

  test('SCREEN-33 at zero it has set and nothing else happens', () => {
    const drawn = [0, -minute, -30 * minute].map((remaining) => {
      show(
        <>
          <Moon time={timeWith(remaining)} />
          <Shine time={timeWith(remaining)} />
        </>,
      );
      return root.innerHTML;
    });
    expect(new Set(drawn).size).toBe(1);
    // Below the horizon, which is the lower edge of the drawing.
    expect(root.querySelector('.body')?.getAttribute('cy')).toBe('320');
    expect([...root.querySelectorAll('rect')].every((glint) => glint.getAttribute('width') === '0')).toBe(
      true,
    );
    expect(moonChord(0)).toBe(160);
  });

  test('SCREEN-33 the words of the still screen have no disc and no ember', () => {
    show(<Clock time={timeWith(-2 * minute)} words={words} hidden={false} still />);
    expect(root.querySelector('.disc')).toBeNull();
    expect(root.querySelector('.over')).toBeNull();
    expect(root.querySelector('[role=timer]')?.textContent).toBe('2 minutes over');
  });
});
