// The presentation: telling it, and hearing it.
import { pressing } from '../actions';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Questions } from '../parts/Question';
import { heldSilence } from './held';
import { HeldSilence } from './held-silence';
import { Live } from './live';
import type { Room } from './room';
import { sentence } from './sentence';
import { GroupThought } from './think';

/** I tell the story. */
export function Presenting({ room }: { readonly room: Room }) {
  const { running } = room;
  if (!running) return null;
  const { presenting, think } = words;
  const { presenterFinished } = running.stage;
  const { moment } = running;
  if (heldSilence(room)) return <HeldSilence room={room} />;
  return (
    <Live
      room={room}
      heading={presenting.heading}
      lead={
        presenterFinished ? presenting.told(room.iSteer ? null : room.mover) : sentence(room, presenting.lead)
      }
      overLead={room.iSteer ? undefined : words.over.presenter(room.mover)}
      think={<Questions heading={think.ifItHelps} questions={running.prompts.presenter} />}
      own={
        !presenterFinished && (
          <Button onPress={pressing({ type: 'sayFinished', moment })}>{presenting.finished}</Button>
        )
      }
    />
  );
}

/** I hear the story. */
export function Hearing({ room }: { readonly room: Room }) {
  const { running } = room;
  if (!running) return null;
  const { listening, think } = words;
  const name = room.presenterName;
  if (heldSilence(room)) return <HeldSilence room={room} />;
  return (
    <Live
      room={room}
      heading={listening.heading(name)}
      lead={running.stage.presenterFinished ? listening.finished(name) : sentence(room, listening.lead)}
      think={<GroupThought room={room} label={think.whileYouListen} />}
    />
  );
}
