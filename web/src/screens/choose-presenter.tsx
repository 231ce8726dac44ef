// Who presents: people who offered come first.
import { act } from '../actions';
import { words } from '../locales';
import { more } from '../locales/more';
import { Button } from '../parts/Button';
import type { SeatNumber } from '../protocol';
import { findSeat, type Room } from './room';
import { listedName } from './roster';

interface PresenterChoiceProps {
  readonly room: Room;
  readonly onChosen?: () => void;
}

/** One button for each person. */
export function PresenterChoice({ room, onChosen }: PresenterChoiceProps) {
  const { presenter: text } = more;
  const moment = room.running?.moment ?? { visit: 0, turn: 0 };
  const choose = async (seat: SeatNumber | null) => {
    if (await act({ type: 'choosePresenter', moment, seat })) onChosen?.();
  };
  const people = [...room.view.seats]
    .filter(({ seat }) => seat !== room.presenter)
    .sort((left, right) => Number(right.offers) - Number(left.offers));
  const current = room.presenter === null ? null : findSeat(room, room.presenter);
  return (
    <ul class="rows">
      {current && (
        <li aria-current="true">
          <bdi>{listedName(room, current)}</bdi>
          <span>{text.now}</span>
        </li>
      )}
      {people.map((seat) => (
        <li key={seat.seat}>
          <Button look="plain" onPress={() => void choose(seat.seat)}>
            <bdi>{listedName(room, seat)}</bdi>
          </Button>
          {seat.offers ? <span>{text.offers}</span> : !seat.agreed && <span>{words.people.reading}</span>}
        </li>
      ))}
      {current && room.view.stage.type === 'lobby' && (
        <li>
          <Button look="plain" onPress={() => void choose(null)}>
            {text.none}
          </Button>
        </li>
      )}
    </ul>
  );
}
