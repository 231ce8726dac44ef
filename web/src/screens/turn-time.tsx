// The minutes of one turn, where the plan gives them: a guide for whoever speaks and for whoever steers. It is text
// that nothing reads out, without colour; the clock of the part stays the end.
import { client } from '../app';
import { words } from '../locales/session';
import { wholeMinutes } from '../parts/ClockWords';
import type { Room } from './room';

/** What is left of the turn, in whole minutes. */
export function TurnTime({ room }: { readonly room: Room }) {
  const { running } = room;
  const endsAt = running?.stage.round?.turnEndsAt;
  const speaker = running?.speaker ?? null;
  if (endsAt === undefined || speaker === null) return null;
  const mine = speaker === room.seat;
  if (!mine && !room.iSteer) return null;
  const left = Math.ceil((endsAt - client.now.value) / 1_000);
  const { turnTime } = words.round;
  const who = mine ? null : room.name(speaker);
  return <p class="turn-time">{left < 0 ? turnTime.over(who) : turnTime.left(wholeMinutes(left), who)}</p>;
}
