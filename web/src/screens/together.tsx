// Everyone takes part: looking back at the end, and whole-group parts of other methods.
import { textsId } from '../kit/plan';
import { words } from '../locales/session';
import { Live } from './live';
import type { Room } from './room';
import { sentence } from './sentence';
import { GroupThought } from './think';

/** The last part: how we worked. For whoever steers it ends with whether the presenter is all right to leave. */
export function Review({ room }: { readonly room: Room }) {
  return showWholeGroup({
    room,
    heading: words.together.reviewHeading,
    lead: sentence(room, words.together.reviewLead),
  });
}

/** Any other part in which everyone talks. */
export function Together({ room }: { readonly room: Room }) {
  const { heading, breakHeading, lead } = words.together;
  const phase = room.running?.phase;
  const id = phase && textsId(phase);
  if (id === 'closing-round' && phase?.floor.mode === 'round') return showRoundIsOver(room);
  return showWholeGroup({
    room,
    heading: id === 'break' ? breakHeading : heading,
    lead: sentence(room, lead),
  });
}

/** After the last sentence of a closing round nothing is answered any more. */
function showRoundIsOver(room: Room) {
  const { heading, lead, leadSteering } = words.closingRound;
  return <Live room={room} heading={heading} lead={room.iSteer ? leadSteering : lead} />;
}

interface WholeGroupProps {
  readonly room: Room;
  readonly heading: string;
  readonly lead: string;
}

function showWholeGroup({ room, heading, lead }: WholeGroupProps) {
  const think = <GroupThought room={room} label={words.think.wayIn} />;
  return <Live room={room} heading={heading} lead={lead} think={think} />;
}
