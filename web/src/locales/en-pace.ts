// The words of what an extension costs: shortening what is left, and minutes from later parts. For whoever steers alone.
import { minutes } from './english';

export const pace = {
  shorten: {
    open: 'Shorten what is left',
    heading: 'Shorten what is left',
    lead: (behind: number) =>
      `We are ${minutes(behind)} behind. Each later part gives a share, and keeps a minute at least.`,
    change: (before: number, after: number) => `${before} min, then ${after} min`,
    same: (before: number) => `stays at ${before} min`,
    ends: (time: string) => `Then we end at ${time}, as planned.`,
    endsLater: (time: string, missing: number) =>
      `Then we end at ${time}, ${minutes(missing)} later than planned. The parts have no more to give.`,
    effect: (after: string) => `Shorten, and end at ${after}`,
    later: 'Leave the plan as it is',
    none: 'There is nothing to shorten now.',
  },
  borrow: {
    open: 'Take minutes from later parts',
    heading: 'Take minutes from later parts',
    lead: (time: string) => `This part gets longer, and we still end at ${time}.`,
    all: 'From all, evenly',
    add: { one: '+1 min', five: '+5 min' },
    from: (source: string) => ` from ${source}`,
    allParts: 'all later parts',
    has: (count: number) => `${count} min`,
    later: 'Leave the plan as it is',
    none: 'No later part has minutes to give now.',
  },
};
