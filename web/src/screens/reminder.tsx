// A quiet reminder: one line to everyone, for a while.
import { client } from '../app';
import { talk } from '../locales/talk';
import { heldSilence } from './held';
import type { Room } from './room';

/** What the reminder says while it shows; null at other times, and in a held silence, which it would break. */
export function reminderWords(room: Room, now: number): string | null {
  const { reminder } = room.view;
  if (!reminder || now >= reminder.until || heldSilence(room) !== null) return null;
  return talk.reminder.says[reminder.what];
}

/** Whether this person may send one now. */
export function mayRemind(room: Room): boolean {
  const runs = room.running?.stage.timing.type === 'running' && room.floor.mode !== 'none';
  const allowed = room.iSteer || (room.view.anyoneReminds === true && room.me?.agreed === true);
  return runs && allowed && !room.iAmSilent && heldSilence(room) === null;
}

/** The line. */
export function ReminderLine({ room }: { readonly room: Room }) {
  const text = reminderWords(room, client.now.value);
  return text === null ? null : <p class="reminder">{text}</p>;
}
