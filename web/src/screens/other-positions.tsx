// Positions of other methods, so that every valid plan shows a screen that makes sense.
import { pressing } from '../actions';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { heldSilence, mayHold } from './held';
import { HeldSilence } from './held-silence';
import { Live } from './live';
import { findSeat, type Room, speakerNames } from './room';
import { RoundList, TurnButtons, TurnButtonsFor } from './round';
import { sentence } from './sentence';
import { GroupThought } from './think';

interface PositionProps {
  readonly room: Room;
  readonly heading: string;
  readonly lead: string;
  /** What stands above the question. */
  readonly label: string;
}

function showPosition({ room, heading, lead, label }: PositionProps) {
  const inRound = room.running?.speaker !== null;
  const think = (
    <>
      <GroupThought room={room} label={label} />
      {inRound && <RoundList room={room} />}
    </>
  );
  if (heldSilence(room)) return <HeldSilence room={room} />;
  return <Live room={room} heading={heading} lead={sentence(room, lead)} think={think} own={ownTurn(room)} />;
}

/** My turn in a round of questions, or that of a person without a device. */
function ownTurn(room: Room) {
  const speaker = room.running?.speaker ?? null;
  if (speaker === room.seat) return <TurnButtons room={room} pass={words.round.notThisTime} />;
  if (speaker === null && mayFinish(room)) return <FinishButton room={room} />;
  const acts = speaker !== null && room.iSteer && findSeat(room, speaker)?.device === false;
  return acts && <TurnButtonsFor room={room} seat={speaker} />;
}

/** Where a silence is held, whoever presents says when it begins. */
function mayFinish({ running, iPresent }: Room): boolean {
  if (!running || !iPresent || running.stage.presenterFinished) return false;
  return running.phase.holdSilence && running.phase.floor.mode === 'single' && mayHold(running.phase);
}

function FinishButton({ room: { running } }: { readonly room: Room }) {
  if (!running) return null;
  const { moment } = running;
  return <Button onPress={pressing({ type: 'sayFinished', moment })}>{words.presenting.finished}</Button>;
}

/** I present and answer questions. */
export function Answering({ room }: { readonly room: Room }) {
  const { answeringHeading, answeringLead } = words.other;
  const label = words.think.ifItHelps;
  return showPosition({ room, heading: answeringHeading, lead: answeringLead, label: label });
}

/** I may ask. */
export function Asking({ room }: { readonly room: Room }) {
  const { askingHeading, askingLead } = words.other;
  const lead = askingLead(room.presenterName);
  return showPosition({ room, heading: askingHeading, lead: lead, label: words.think.wayIn });
}

/** I present and lead the talk. */
export function Leading({ room }: { readonly room: Room }) {
  const { leadingHeading, leadingLead } = words.other;
  const label = words.think.ifItHelps;
  return showPosition({ room, heading: leadingHeading, lead: leadingLead, label: label });
}

/** The presenter leads the talk. */
export function Led({ room }: { readonly room: Room }) {
  const { ledHeading, ledLead } = words.other;
  const name = room.presenterName;
  const label = words.think.wayIn;
  return showPosition({ room, heading: ledHeading(name), lead: ledLead(name), label: label });
}

/** I present and say what stayed, outside a round. */
export function Responding({ room }: { readonly room: Room }) {
  const { respondHeading, respondLead } = words.round;
  const label = words.think.ifItHelps;
  return showPosition({ room, heading: respondHeading, lead: respondLead, label: label });
}

/** I have the floor with a few others. */
export function Speaking({ room }: { readonly room: Room }) {
  const { speakingHeading, speakingLead } = words.other;
  const label = words.think.ifItHelps;
  return showPosition({ room, heading: speakingHeading, lead: speakingLead, label: label });
}

/** Others have the floor. */
export function Waiting({ room }: { readonly room: Room }) {
  const { listenHeading, severalHeading, listenLead } = words.other;
  const [only, ...more] = speakerNames(room);
  const isOne = room.floor.mode === 'single' && only !== undefined && more.length === 0;
  const heading = isOne ? listenHeading(only) : severalHeading;
  const label = words.think.whileYouListen;
  return showPosition({ room, heading: heading, lead: listenLead, label: label });
}
