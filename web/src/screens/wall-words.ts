// What a wall says of a running part, to everyone in the room at once. Pure.
import { textsId } from '../kit/plan';
import type { PhaseTime } from '../kit/state';
import type { runningOn, WallNames } from '../kit/wall';
import { display as words } from '../locales/display';
import type { Method, Plan, PlanPhase } from '../protocol';
import { textsOf } from './methods';
import { isStory } from './room';

type Running = NonNullable<ReturnType<typeof runningOn>>;

/** What stands on the wall. */
export interface WallText {
  readonly heading: string;
  readonly lead: string;
}

/** Heading and sentence of a running part. */
export function wallText(
  plan: Plan,
  method: Method | null,
  running: Running,
  names: WallNames,
  state: PhaseTime['state'],
): WallText {
  const phase = plan.phases[running.phase];
  if (!phase) return { heading: '', lead: '' };
  const { title, says } = textsOf(method, phase);
  if (running.presenterMissing) return { heading: words.missing, lead: words.missingLead };
  if (running.timing.type === 'paused') return { heading: words.paused, lead: words.pausedLead };
  if (running.floor === 'none') return { heading: words.stillHeading, lead: words.still };
  if (state === 'over') return { heading: title, lead: words.over };
  const inTurn = phase.floor.mode === 'round' ? eachSaysOne(phase) : null;
  if (inTurn) return { heading: title, lead: running.floor === 'round' ? inTurn : words.roundIsOver };
  // What a method says to those who talk is true for the room where all of them talk.
  const own = running.floor === 'open' ? says?.speakers : undefined;
  const lead = own?.replaceAll('{name}', names.presenter ?? words.presenter);
  return { heading: title, lead: lead ?? usualLead(plan, phase, running, names) };
}

/** What each says in a round that nobody answers, at the beginning and at the end; null for any other part. */
function eachSaysOne(phase: PlanPhase): string | null {
  const id = textsId(phase);
  if (id === 'arrive') return words.arrive;
  return id === 'closing-round' ? words.closingRound : null;
}

function usualLead(plan: Plan, phase: PlanPhase, running: Running, names: WallNames): string {
  const { presenter, speaker } = names;
  if (running.floor === 'single' || running.floor === 'round') {
    const presents = isStory({ plan, phase }) && running.floor === 'single';
    return presents ? words.story(speaker ?? presenter) : words.speaking(speaker);
  }
  switch (phase.presenter) {
    case 'silent_listening':
    case 'silent_thinking':
    case 'outside':
      return words.discussion(presenter);
    case 'answering':
      return words.asking(presenter);
    case 'leading':
      return words.leading(presenter);
    case 'speaking':
    case 'responding':
    case 'participant':
      return textsId(phase) === 'review' ? words.review : words.together;
  }
}

/** What comes after, in a few words. */
export function wallNext(plan: Plan, method: Method | null, running: Running): string {
  const after = plan.phases[running.phase + 1];
  return after ? words.next(textsOf(method, after).title) : words.nextClose;
}
