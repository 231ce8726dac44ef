// Shortening what is left: first what each part would have then, and where that leads.
import { act } from '../actions';
import { client } from '../app';
import { pace as words } from '../locales/pace';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { currentShortening } from './began';
import { clockTime } from './dates';
import { titleAt } from './methods';
import type { Room } from './room';

/** The result of shortening, and the choice, over the room. */
export function ShortenDialog({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const { shorten: text } = words;
  const { running } = room;
  const would = currentShortening(room);
  if (!would || !running) {
    return (
      <Dialog heading={text.heading} text={text.none} onClose={close}>
        <div class="stack">
          <Button onPress={close}>{text.later}</Button>
        </div>
      </Dialog>
    );
  }
  const { moment } = running;
  const time = clockTime(client.clock.toDevice(would.endAfter));
  const press = () => {
    close();
    void act({ type: 'shorten', moment });
  };
  return (
    <Dialog heading={text.heading} text={text.lead(would.behind)} onClose={close}>
      <ul class="rows">
        {would.parts.map(({ phase, minutes, after }) => (
          <li key={phase}>
            <span>{titleAt(room.view.plan, room.method, phase)}</span>
            <span>{after === minutes ? text.same(minutes) : text.change(minutes, after)}</span>
          </li>
        ))}
      </ul>
      <p>{would.missing > 0 ? text.endsLater(time, would.missing) : text.ends(time)}</p>
      <div class="stack">
        <Button look="filled" onPress={press}>
          {text.effect(time)}
        </Button>
        <Button onPress={close}>{text.later}</Button>
      </div>
    </Dialog>
  );
}
