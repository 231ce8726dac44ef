// How late the session is against its plan, and what later parts can give: for whoever steers alone. Pure.

import { expectedEnd, minutesNow } from '../kit/state';
import { LEAST_MINUTES, type RunningView, type SessionView } from '../protocol';

const MINUTE = 60_000;

/** A later part, and what it can give. */
export interface LaterPart {
  /** Index into the plan's phases. */
  readonly phase: number;
  /** Whole minutes that it has now. */
  readonly minutes: number;
  /** Whole minutes that it can give. */
  readonly spare: number;
}

/** Where the session stands against its plan. Times in server ms. */
export interface Pace {
  /** The moment of Begin plus the plan as it was then. */
  readonly plannedEnd: number;
  /** When it ends if nothing else happens. */
  readonly end: number;
  /** Whole minutes later than planned, to the nearest; negative when earlier. */
  readonly behind: number;
}

/** Where a session that began at `began` stands at `now`; null while none runs. */
export function paceOf(view: SessionView, now: number, began: number): Pace | null {
  const end = expectedEnd(view, now);
  if (end === null) return null;
  const plannedEnd = view.plan.phases.reduce((sum, phase) => sum + phase.minutes * MINUTE, began);
  return { plannedEnd, end, behind: wholeMinutes(end - plannedEnd) };
}

// Half a minute of drift is none, a minute over counts as one: as the server reckons when it shortens.
const wholeMinutes = (length: number) => Math.floor((length + MINUTE / 2) / MINUTE);

/** All parts after the one under way. One that was left by going back comes with what it kept, and gives nothing. */
export function laterParts(view: SessionView, running: RunningView): LaterPart[] {
  const parts = view.plan.phases.map((_, phase) => {
    const kept = running.kept?.find((left) => left.phase === phase);
    if (kept) return { phase, minutes: Math.round(kept.length / MINUTE), spare: 0 };
    const minutes = minutesNow(view, phase);
    return { phase, minutes, spare: minutes - LEAST_MINUTES };
  });
  return parts.slice(running.phase + 1);
}

/** What all of them can give together. */
export const spareOf = (parts: readonly LaterPart[]): number =>
  parts.reduce((sum, { spare }) => sum + spare, 0);

/** Shares minutes out as the server does: in proportion to what each can spare; what rounding leaves over comes from
 * those nearest to the next minute, of equals the first. */
export function share(take: number, spare: readonly number[]): number[] {
  const whole = Math.max(
    1,
    spare.reduce((sum, minutes) => sum + minutes, 0),
  );
  const shares = spare.map((minutes) => Math.floor((take * minutes) / whole));
  const leftOver = take - shares.reduce((sum, minutes) => sum + minutes, 0);
  const nearest = spare
    .map((minutes, index) => ({ index, rest: (take * minutes) % whole }))
    .sort((one, other) => other.rest - one.rest);
  for (const { index } of nearest.slice(0, leftOver)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

/** What "Shorten what is left" would do now. */
export interface Shortening extends Pace {
  readonly parts: readonly (LaterPart & { readonly after: number })[];
  /** The end that would then be expected, in server ms. */
  readonly endAfter: number;
  /** Whole minutes behind the plan that would remain. */
  readonly missing: number;
}

/** What shortening would do; null where the session is not behind, or no part can give. */
export function shortening(view: SessionView, now: number, began: number): Shortening | null {
  const pace = paceOf(view, now, began);
  if (!pace || view.stage.type !== 'running' || pace.behind <= 0) return null;
  const parts = laterParts(view, view.stage);
  const take = Math.min(pace.behind, spareOf(parts));
  if (take === 0) return null;
  const shares = share(
    take,
    parts.map(({ spare }) => spare),
  );
  return {
    ...pace,
    parts: parts.map((part, index) => ({ ...part, after: part.minutes - (shares[index] ?? 0) })),
    endAfter: pace.end - take * MINUTE,
    missing: pace.behind - take,
  };
}
