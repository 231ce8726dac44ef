// The order of those who wait for their turn: one press puts a person first, and so any order can be made.
import { act } from '../actions';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import type { SeatNumber } from '../protocol';
import { isHere, type Room } from './room';

/** Who comes next in the round, over the room. */
export function OrderDialog({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const { order } = more;
  const { states } = words.round;
  const moment = room.running?.moment;
  const from = room.running?.stage.round?.next ?? [];
  const putFirst = (seat: SeatNumber) => () => {
    if (moment)
      void act({ type: 'orderRound', moment, from, to: [seat, ...from.filter((one) => one !== seat)] });
  };
  const state = (seat: SeatNumber, index: number) =>
    [index === 0 && order.next, !isHere(room, seat) && states.away].filter(Boolean).join(', ');
  return (
    <Dialog heading={order.heading} text={order.lead} onClose={close}>
      <ol class="rows">
        {from.map((seat, index) => (
          <li key={seat}>
            {index === 0 ? (
              <bdi>{room.name(seat)}</bdi>
            ) : (
              <Button look="plain" onPress={putFirst(seat)}>
                <bdi>{room.name(seat)}</bdi>
              </Button>
            )}
            <span>{state(seat, index)}</span>
          </li>
        ))}
      </ol>
      <div class="stack">
        <Button onPress={close}>{order.done}</Button>
      </div>
    </Dialog>
  );
}
