// In the lobby of a plan that leaves it to the group: who facilitates, and the offer to do it.
import { pressing } from '../actions';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import type { Room } from './room';

/** Who facilitates; while nobody has offered, with a button for whoever may. Who presents is not asked. */
export function WhoFacilitates({ room }: { readonly room: Room }) {
  const { asks } = more.lobby;
  const { plan, chair, seats } = room.view;
  const isOpen = chair.openToGroup === true;
  const mayOffer = isOpen && room.me?.agreed === true && !room.iPresent;
  // For whoever set it up nothing changes: what they say is that the plan leaves it to nobody else.
  const press = room.iFacilitate
    ? pressing({ type: 'changePlan', plan: { ...plan, facilitates: 'host' } })
    : pressing({ type: 'takeChair' });
  const leading = seats.filter((seat) => seat.facilitator).map(({ seat }) => seat);
  const others = leading.filter((seat) => seat !== room.seat).map(room.name);
  const said = isOpen
    ? room.iFacilitate
      ? asks.nobodyButYou
      : asks.nobody(room.mover)
    : room.iFacilitate
      ? asks.you
      : asks.is(words.listing(others));
  return (
    <section class="part">
      <h2>{asks.heading}</h2>
      <p role="status">{said}</p>
      {mayOffer && (
        <p class="act">
          <Button onPress={press}>{asks.offer}</Button>
        </p>
      )}
    </section>
  );
}
