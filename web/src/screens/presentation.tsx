// The presentation: telling it, and hearing it.
import { pressing } from '../actions';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Questions } from '../parts/Question';
import { heldSilence } from './held';
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
  const told = () =>
    heldSilence(room) ? presenting.toldHeld : presenting.told(room.iSteer ? null : room.mover);
  return (
    <Live
      room={room}
      heading={presenting.heading}
      lead={presenterFinished ? told() : sentence(room, presenting.lead)}
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
  const { listening, silent, think } = words;
  const name = room.presenterName;
  const held = heldSilence(room);
  const told = held ? silent.afterCase(name) : listening.finished(name);
  return (
    <Live
      room={room}
      heading={held ? silent.stillHeading : listening.heading(name)}
      lead={running.stage.presenterFinished ? told : sentence(room, listening.lead)}
      think={!held && <GroupThought room={room} label={think.whileYouListen} />}
    />
  );
}
