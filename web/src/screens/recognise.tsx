// "This is Ruth": a newcomer is somebody who was lost, and has the place again. Its facts are the server's to judge.
import { act } from '../actions';
import { more } from '../locales/more';
import { Decision } from '../parts/Dialog';
import type { SeatNumber, SeatView } from '../protocol';
import { findSeat, type Room } from './room';

/** How long before the loss the other device may have come in. In ms, as the server has it. */
const OVERLAP = 600_000;

/** Whom a person can be recognised as: nobody, unless that person is new and a facilitator looks. */
export function findLost(room: Room, person: SeatView): readonly SeatView[] {
  const { presenter, chair, seats, stage } = room.view;
  const { seat, facilitator, role, device, awaySince, joinedAt } = person;
  const hasPart = facilitator || role !== undefined || presenter === seat || chair.standIn === seat;
  const isHere = device && awaySince === undefined;
  if (!room.iFacilitate || !room.iSteer || stage.type === 'closed' || hasPart || !isHere) return [];
  return seats.filter(
    (other) => other.seat < seat && other.awaySince !== undefined && joinedAt + OVERLAP >= other.awaySince,
  );
}

interface RecogniseProps {
  readonly room: Room;
  readonly newcomer: SeatView;
  readonly lost: SeatNumber;
  readonly close: () => void;
}

/** The question before a place is given to another device. */
export function Recognise({ room, newcomer, lost, close }: RecogniseProps) {
  const { recognise } = more;
  const name = room.name(lost);
  const decide = () => {
    close();
    void act({ type: 'recognise', newcomer: newcomer.seat, seat: lost }, recognise.told(name));
  };
  const facilitates = findSeat(room, lost)?.facilitator ? ` ${recognise.facilitates(name)}` : '';
  return (
    <Decision
      heading={recognise.heading(name)}
      text={recognise.text(name) + facilitates}
      effect={recognise.effect(name)}
      onDecide={decide}
      later={recognise.later}
      onLater={close}
    />
  );
}
