// Who is here: people by what they are, never ticked off. Marks stand beside a name, never in it.
import { client } from '../app';
import { words } from '../locales/session';
import { Rows } from '../parts/Rows';
import type { SeatView } from '../protocol';
import { clockTime } from './dates';
import { type Room, roleOf } from './room';

/** A name as it stands in a list. */
export function listedName(room: Room, seat: SeatView): string {
  const name = client.names.value.get(seat.seat);
  const { nameless, unopened } = words.people;
  const shown = name?.type === 'name' ? name.text : name ? unopened : nameless;
  return seat.seat === room.seat ? words.people.you(shown) : shown;
}

/** What a person is, in words. */
export function describeSeat(room: Room, seat: SeatView): string {
  const { people } = words;
  const { presenter, chair, stage } = room.view;
  const presents = presenter === seat.seat && (stage.type === 'lobby' ? people.presents : people.presenting);
  const marks = [
    seat.facilitator && people.facilitator,
    chair.standIn === seat.seat && people.standIn,
    presents,
    roleOf(room, seat)?.title.toLocaleLowerCase('en'),
    presenter !== seat.seat && seat.offers && people.offers,
    room.view.reserve === seat.seat && words.lobby.reserve,
    !seat.device && people.noDevice,
    seat.awaySince !== undefined && people.awaySince(clockTime(client.clock.toDevice(seat.awaySince))),
  ].filter(Boolean);
  if (marks.length === 0 || (!seat.agreed && !seat.facilitator)) {
    if (!seat.askedAgain) marks.push(seat.agreed ? people.agreed : people.reading);
  }
  if (seat.askedAgain) marks.push(people.readingAgain);
  return marks.join(', ');
}

/** When a person came. */
export function joinedAt(seat: SeatView): string {
  return words.people.joinedAt(clockTime(client.clock.toDevice(seat.joinedAt)));
}

/** Whether a name is like another's, so that it carries a number. */
const isNumbered = (name: string) => / \(\d+\)$/.test(name);

/** Everyone who is here or has a place. */
export function Roster({ room }: { readonly room: Room }) {
  const items = room.view.seats.map((seat) => ({
    key: seat.seat,
    main: <bdi>{listedName(room, seat)}</bdi>,
    side: [describeSeat(room, seat), isNumbered(room.name(seat.seat)) && joinedAt(seat)]
      .filter(Boolean)
      .join(', '),
  }));
  const types = new Set([...client.names.value.values()].map(({ type }) => type));
  return (
    <>
      <Rows items={items} />
      {types.has('newer') && <p class="next">{words.newerText}</p>}
      {types.has('unopened') && <p class="next">{words.people.unopenedHint}</p>}
    </>
  );
}
