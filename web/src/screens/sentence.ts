// What a person does now, in one sentence: the method's own where it has one, else the usual one of the screen. Pure.
import { isSilentPhase } from '../kit/state';
import { words } from '../locales/session';
import { mayHold } from './held';
import { findSeat, isNamedBy, type Room, type RunningPhase } from './room';

/** The sentence of this person's screen. */
export function sentence(room: Room, usual: string): string {
  const { running } = room;
  if (!running) return usual;
  const own = ownSentence(room, running);
  const held = own === undefined && !room.iAmSilent && isHeld(running) ? words.together.held : null;
  return [own?.replaceAll('{name}', room.presenterName) ?? usual, held, notesWords(room, running)]
    .filter(Boolean)
    .join(' ');
}

/** Whether people stay quiet until the time is up when the talk ends early. */
const isHeld = ({ phase }: RunningPhase) => phase.holdSilence && mayHold(phase);

/** What the method says to this person in this part. */
function ownSentence(room: Room, running: RunningPhase): string | undefined {
  const { says, phase, speaker } = running;
  const { presenter, speakers, listeners } = says;
  // Once everyone has had a turn, what each was asked for is said; those who ask go on asking.
  const over = phase.floor.mode === 'round' && speaker === null && phase.presenter !== 'answering';
  if (over && !room.iAmSilent) return undefined;
  const other = maySpeakNow(room, running) ? speakers : listeners;
  if (!room.iPresent) return other;
  return phase.presenter === 'participant' ? (presenter ?? other) : presenter;
}

/** Whether the floor is this person's by the rule of the part, or open to whoever keeps the time. */
function maySpeakNow(room: Room, { phase, speaker }: RunningPhase): boolean {
  if (speaker !== null) return speaker === room.seat;
  if (phase.floor.mode !== 'single') return room.iMaySpeak;
  const me = findSeat(room, room.seat);
  return me !== null && room.iMaySpeak && isNamedBy(room, phase, me);
}

/** Who may write, where somebody may. It is on paper: nothing that is written is kept here. */
function notesWords(room: Room, { phase }: RunningPhase): string | null {
  const { notes } = words;
  switch (phase.notes) {
    case 'none':
      return null;
    case 'private':
      return room.iPresent && isSilentPhase(phase) ? null : notes.own;
    case 'presenter':
      return room.iPresent ? notes.own : null;
    case 'secretary':
      return room.iPresent ? null : notes.secretary(room.presenterName);
  }
}
