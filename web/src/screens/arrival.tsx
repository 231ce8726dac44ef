// The arrival: one word each, or pass.
import { words } from '../locales/session';
import { Live } from './live';
import type { Room } from './room';
import { RoundList, TurnButtons } from './round';
import { SteeringThought, Think } from './think';

/** My word, or the group after everyone has had a turn. */
export function Arrival({ room }: { readonly room: Room }) {
  const { running } = room;
  if (!running) return null;
  const mine = running.speaker === room.seat;
  const { arrival, think } = words;
  const questions = mine && room.iPresent ? running.prompts.presenter : running.prompts.group;
  const hint = room.iSteer ? (
    <SteeringThought room={room} />
  ) : mine ? (
    <Think room={room} label={think.ifItHelps} questions={questions} />
  ) : (
    <RoundList room={room} />
  );
  return (
    <Live
      room={room}
      heading={arrival.heading}
      lead={mine ? arrival.mine : room.iSteer ? arrival.openSteering : arrival.open}
      overLead={mine ? words.over.turn : undefined}
      think={hint}
      own={mine && <TurnButtons room={room} pass={arrival.pass} />}
      withoutPause={mine}
    />
  );
}
