// A held silence: where the talk of a part ends early, people stay quiet until its time is up. Pure.
import type { PlanPhase } from '../protocol';
import type { Room } from './room';

/** Whether it is known that the talk of a part ended: the presenter alone says so, or a round comes to its end. */
export function mayHold({ floor: { mode, speakers } }: PlanPhase): boolean {
  return mode === 'round' || (mode === 'single' && speakers.includes('presenter'));
}

/** Which silence is held now: after what the presenter told, after a round, or none. */
export function heldSilence({ running, floor }: Room): 'case' | 'round' | null {
  if (!running?.phase.holdSilence) return null;
  const { mode } = running.phase.floor;
  if (mode === 'round' && floor.mode === 'none') return 'round';
  return mode === 'single' && running.stage.presenterFinished ? 'case' : null;
}
