// The group thinks aloud; the presenter hears it and does not answer.
import { words } from '../locales/session';
import { Live } from './live';
import type { Room } from './room';
import { sentence } from './sentence';
import { GroupThought } from './think';

/** I am one of the group. */
export function Discussion({ room }: { readonly room: Room }) {
  const { running } = room;
  if (!running) return null;
  const { discussion, think } = words;
  const name = room.presenterName;
  const outside = running.phase.presenter === 'outside';
  const lead = outside ? discussion.leadOutside : room.iSteer ? discussion.leadFacilitator : discussion.lead;
  return (
    <Live
      room={room}
      heading={discussion.heading}
      lead={sentence(room, lead(name))}
      think={<GroupThought room={room} label={think.wayIn} />}
    />
  );
}
