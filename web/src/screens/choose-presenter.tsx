// Who presents: people who offered come first.
import { act } from '../actions';
import { cases } from '../locales/cases';
import { more } from '../locales/more';
import { words } from '../locales/session';
import type { SeatNumber, SeatView } from '../protocol';
import { PeopleChoice } from './people-choice';
import { findSeat, momentOf, type Room } from './room';
import { listedName } from './roster';

interface PresenterChoiceProps {
  readonly room: Room;
  readonly onChosen?: () => void;
}

/** One button for each person. */
export function PresenterChoice({ room, onChosen }: PresenterChoiceProps) {
  const { presenter: text } = more;
  const moment = momentOf(room);
  const { stage, reserve } = room.view;
  const presented = stage.type === 'lobby' ? (stage.between?.presented ?? []) : [];
  const choose = async (seat: SeatNumber | null) => {
    if (await act({ type: 'choosePresenter', moment, seat })) onChosen?.();
  };
  // The reserve comes first where the presenter is gone, then whoever offers.
  const rank = ({ seat, offers }: SeatView) => 2 * Number(seat === reserve) + Number(offers);
  const markOf = ({ seat, offers, agreed }: SeatView) => {
    if (seat === reserve) return words.lobby.reserve;
    if (offers) return text.offers;
    if (!agreed) return words.people.reading;
    return presented.includes(seat) ? cases.hasPresented : null;
  };
  const people = [...room.view.seats]
    .filter(({ seat }) => seat !== room.presenter)
    .sort((left, right) => rank(right) - rank(left));
  const current = room.presenter === null ? null : findSeat(room, room.presenter);
  return (
    <PeopleChoice
      room={room}
      people={people}
      describe={(seat) => [markOf(seat)]}
      choose={(seat) => void choose(seat)}
      nobody={current && stage.type === 'lobby' ? text.none : null}
    >
      {current && (
        <li aria-current="true">
          <bdi>{listedName(room, current)}</bdi>
          <span>{text.now}</span>
        </li>
      )}
    </PeopleChoice>
  );
}
