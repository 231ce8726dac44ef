// When whoever steers is offered a suggestion, and which. The server hears nothing, so only what is known counts: time,
// turns, who is here. A silence is not known; help for it is there to be opened. Pure.

import { textsId } from '../kit/plan';
import { phaseTime } from '../kit/state';
import { heldSilence } from './held';
import { comesBack, isHere, isStory, type Room, type RunningPhase, roundBegins } from './room';

const MINUTE = 60_000;

/** Over time by this much, in ms: before, a last sentence is all it is. */
const OVER = 2 * MINUTE;
/** Behind the plan by this many minutes: what a group notices at its end. */
const LATE = 3;
/** A first turn of at least this long, in ms, and of a third of its part, grows long. */
const LONG_TURN = 4 * MINUTE;
/** Talk has settled after this long, in ms: before, a silence is a beginning. */
const SETTLED = 5 * MINUTE;
/** Parts in which a silence of the group is meant, once everyone has had a turn. */
const QUIET = ['break', 'arrive', 'closing-round'];
/** After one is put away nothing else comes for this long, in ms: as with questions. */
const REST = 5 * MINUTE;

/** What it is about. */
export type SuggestionKind = 'over' | 'late' | 'firstTurn' | 'still' | 'presenterQuiet' | 'quiet';

/** A suggestion that was put away. */
export interface PutAway {
  /** The visit of the phase. */
  readonly visit: number;
  readonly kind: SuggestionKind;
  /** When, in server ms. */
  readonly at: number;
}

/** What the choice rests on beside the room. */
export interface Known {
  /** Server ms. */
  readonly now: number;
  /** Whole minutes behind the plan; null while it is not known when the session began. */
  readonly behind: number | null;
  /** Whether what is left can be shortened. */
  readonly shortens: boolean;
  readonly putAway: readonly PutAway[];
}

/** The suggestion for this person now, if any. */
export function suggestionFor(room: Room, known: Known): SuggestionKind | null {
  const { running } = room;
  if (!running || !room.iSteer || running.stage.presenterMissing) return null;
  if (running.stage.timing.type === 'paused' || running.speaker === room.seat) return null;
  // Quiet is what was agreed, over time too.
  if (heldSilence(room) !== null) return null;
  const { visit } = running.moment;
  const { now, putAway } = known;
  if (putAway.some((one) => now < one.at + REST)) return null;
  const isNew = (kind: SuggestionKind) => !putAway.some((one) => one.visit === visit && one.kind === kind);
  return candidates(room, running, known).find(isNew) ?? null;
}

/** All that fit now, the most needed first. */
function candidates(room: Room, running: RunningPhase, known: Known): SuggestionKind[] {
  const time = phaseTime(room.view, known.now);
  if (!time) return [];
  const { remaining, length } = time;
  const { stage } = running;
  // A part that moves on by itself needs nobody to do it.
  if (remaining <= 0) return remaining <= -OVER && !stage.firm ? ['over'] : [];
  const found: SuggestionKind[] = [];
  if (known.behind !== null && known.behind >= LATE && known.shortens) found.push('late');
  // Whoever presents is led by nobody's words but the story.
  if (!room.iPresent) found.push(...ofTheTalk(room, running, length - remaining, length));
  return found;
}

/** What the talk itself may need, after `ran` of `length` ms. */
function ofTheTalk(room: Room, running: RunningPhase, ran: number, length: number): SuggestionKind[] {
  const { stage, phase, speaker } = running;
  const { presenter } = room;
  const isHalf = ran * 2 >= length;
  if (room.floor.mode === 'none') return isHalf ? ['still'] : [];
  const presenterIsHere = presenter !== null && isHere(room, presenter);
  if (speaker !== null) {
    const opens = speaker === presenter && comesBack(running) && roundBegins(running) && presenterIsHere;
    // With minutes of its own the turn says by itself that they are over.
    const grows = stage.round?.turnEndsAt === undefined && ran >= Math.max(LONG_TURN, length / 3);
    return opens && grows ? ['firstTurn'] : [];
  }
  if (isStory(running))
    return isHalf && !stage.presenterFinished && presenterIsHere ? ['presenterQuiet'] : [];
  const talks =
    room.floor.mode === 'open' && !QUIET.includes(textsId(phase)) && (stage.hands ?? []).length === 0;
  return talks && ran >= SETTLED ? ['quiet'] : [];
}
