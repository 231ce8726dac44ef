// The day that a group has agreed on before, in the lobby, with a file for the calendar.
import { useSignal } from '@preact/signals';
import { client } from '../app';
import { meeting } from '../locales/meeting';
import { Button } from '../parts/Button';
import { Choice } from '../parts/Field';
import { clockTime, fullDate } from './dates';
import { saveMeeting } from './next-meeting';
import type { Room } from './room';

const MINUTE = 60_000;

/** The day, and its file; nothing where no day was set. */
export function PlannedDay({ room }: { readonly room: Room }) {
  const { planned: text } = meeting;
  const withLink = useSignal(false);
  const { plannedFor } = room.view;
  if (plannedFor === undefined) return null;
  // People plan whole minutes; the way through the server's clock and back is exact to some milliseconds.
  const start = Math.round(client.clock.toDevice(plannedFor) / MINUTE) * MINUTE;
  const save = () => saveMeeting(room, start, withLink.peek() ? text.description(client.link()) : '');
  return (
    <section class="part">
      <p>{text.when(fullDate(start), clockTime(start))}</p>
      <Choice
        type="checkbox"
        name="with-link"
        checked={withLink.value}
        hint={text.withLinkHint}
        onChoose={(checked) => (withLink.value = checked)}
      >
        {text.withLink}
      </Choice>
      <Button look="plain" onPress={save}>
        {text.save}
      </Button>
    </section>
  );
}
