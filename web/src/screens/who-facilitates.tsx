// In the lobby of a plan that leaves it to the group: who facilitates, and the offer to do it.
import { pressing } from '../actions';
import { more } from '../locales/more';
import { Button } from '../parts/Button';
import type { Room } from './room';

/** Who facilitates; while nobody has offered, with a button for whoever may. Who presents is not asked. */
export function WhoFacilitates({ room }: { readonly room: Room }) {
  const { asks } = more.lobby;
  const { chair, seats } = room.view;
  const isOpen = chair.openToGroup === true;
  // Whoever set it up facilitates anyway if nobody offers.
  const mayOffer = isOpen && room.me?.agreed === true && !room.iPresent && !room.iFacilitate;
  const leading = seats.filter((seat) => seat.facilitator).map(({ seat }) => seat);
  const others = leading.filter((seat) => seat !== room.seat).map(room.name);
  const open = room.iFacilitate ? asks.nobodyButYou : asks.nobody(others);
  const taken = room.iFacilitate ? asks.you(others) : asks.are(others);
  return (
    <section class="part">
      <h2>{asks.heading}</h2>
      <p role="status">{isOpen ? open : taken}</p>
      {mayOffer && (
        <p class="act">
          <Button onPress={pressing({ type: 'takeChair' })}>{asks.offer}</Button>
        </p>
      )}
    </section>
  );
}
