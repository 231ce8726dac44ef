// Who can be thanked, asked and counted after the end, and until when.
import { client } from '../app';
import { checkLine } from '../kit/name';
import { ending } from '../locales/ending';
import type { SeatView } from '../protocol';
import type { Room } from './room';

/** Until when thanks and answers are taken, in server time; 0 for not at all. */
export function openUntil({ view }: Room): number {
  return view.stage.type === 'closed' ? (view.stage.openUntil ?? 0) : 0;
}

/** Whether thanks and answers of this person are taken now. */
export function isOpen(room: Room): boolean {
  const ended = client.connection.value.type === 'closed' || client.connection.value.type === 'idle';
  return !ended && room.me?.agreed === true && client.now.value < openUntil(room);
}

/** People of the group with a device of their own. */
export function membersOf({ view }: Room): SeatView[] {
  return view.seats.filter(({ agreed, device }) => agreed && device);
}

/** Everyone of them but oneself. */
export function othersOf(room: Room): SeatView[] {
  return membersOf(room).filter(({ seat }) => seat !== room.seat);
}

/** What is wrong with a line; null when nothing is. */
export function lineError(line: string, mayBeEmpty: boolean): string | null {
  const problem = checkLine(line);
  if (problem === 'tooLong') return ending.thanks.long;
  return problem === 'empty' && !mayBeEmpty ? ending.thanks.none : null;
}
