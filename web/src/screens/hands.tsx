// Hands while the floor is open: a queue that everyone who may speak sees, and no score.
import { pressing } from '../actions';
import { words } from '../locales/session';
import { talk } from '../locales/talk';
import { Button } from '../parts/Button';
import type { SeatNumber } from '../protocol';
import { isHere, isQuietNow, type Room } from './room';

/** Whether this person may ask to speak now. */
export function hasHands(room: Room): boolean {
  return room.running !== null && room.floor.mode === 'open' && room.iMaySpeak;
}

/** Whose hands are up, the next first. */
export function handsOf(room: Room): readonly SeatNumber[] {
  return room.running?.stage.hands ?? [];
}

/** The queue. Whoever steers takes the next hand down once that person speaks. */
export function Hands({ room }: { readonly room: Room }) {
  const hands = handsOf(room);
  const [first] = hands;
  const moment = room.running?.moment;
  if (!hasHands(room) || first === undefined || !moment) return null;
  const state = (seat: SeatNumber) =>
    [seat === first && talk.hands.next, !isHere(room, seat) && words.round.states.away]
      .filter(Boolean)
      .join(', ');
  return (
    <section class="think">
      <h2>{talk.hands.heading}</h2>
      <ol class="rows">
        {hands.map((seat) => (
          <li key={seat}>
            <bdi>{seat === room.seat ? words.people.you(room.name(seat)) : room.name(seat)}</bdi>
            <span>{state(seat)}</span>
          </li>
        ))}
      </ol>
      {room.iSteer && (
        <Button look="plain" onPress={pressing({ type: 'lowerHand', moment, seat: first })}>
          {talk.hands.takeDown(room.name(first))}
        </Button>
      )}
    </section>
  );
}

/** My own hand, for whoever does not steer: they speak when they have to. In a pause nothing is asked for, nor beside the
 * request to be quiet. */
export function MyHand({ room }: { readonly room: Room }) {
  const { moment, stage } = room.running ?? {};
  if (!hasHands(room) || room.iSteer || !moment || stage?.timing.type === 'paused') return null;
  const up = handsOf(room).includes(room.seat);
  if (!up && isQuietNow(room)) return null;
  return (
    <Button onPress={pressing({ type: up ? 'lowerHand' : 'raiseHand', moment, seat: room.seat })}>
      {up ? talk.hands.lower : talk.hands.raise}
    </Button>
  );
}
