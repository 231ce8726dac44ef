// A silence that is held after the case was told: nobody is asked anything, and only who told it may add something.
import { isOver } from '../app';
import { words } from '../locales/session';
import { Live } from './live';
import type { Room } from './room';
import { overInSilence } from './wording';

/** The screen of everyone: no question, nothing that comes next, and over time no call to finish a thought. */
export function HeldSilence({ room }: { readonly room: Room }) {
  const { presenting, silent } = words;
  const lead = room.iPresent ? presenting.toldHeld : silent.afterCase(room.presenterName);
  return (
    <Live
      room={room}
      heading={silent.stillHeading}
      keepHeading
      lead={isOver.value ? overInSilence(room) : lead}
      next={null}
    />
  );
}
