// The time is stopped; nobody is named.
import { pressing } from '../actions';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Live } from './live';
import type { Room } from './room';

/** A pause. Whoever may let the time run on has the button. */
export function Paused({ room }: { readonly room: Room }) {
  const { running } = room;
  if (running?.stage.timing.type !== 'paused') return null;
  const { pause } = words;
  const isAlone = !room.view.seats.some(
    ({ seat, agreed, device, awaySince }) =>
      seat !== room.seat && agreed && device && awaySince === undefined,
  );
  const mayResume =
    running.stage.timing.anyoneResumes &&
    (!room.iAmSilent || isAlone) &&
    !room.iSteer &&
    room.me?.agreed === true;
  const { moment } = running;
  return (
    <Live
      room={room}
      heading={pause.heading}
      lead={pause.lead}
      keepHeading
      next={mayResume ? `${pause.next} ${pause.byItself}` : pause.next}
      own={mayResume && <Button onPress={pressing({ type: 'resume', moment })}>{pause.goOn}</Button>}
      withoutPause
    />
  );
}
