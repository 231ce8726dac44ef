// What happened: who steered, and when. Nothing that was said.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { client } from '../app';
import { cases } from '../locales/cases';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import type { Act } from '../protocol';
import { clockTime } from './dates';
import { titleAt } from './methods';
import { type Room, titleOfRole } from './room';

/** The list, newest first. */
export function Happened({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const { happened } = more;
  const acts = useSignal<readonly Act[] | 'waiting' | 'failed'>('waiting');
  useEffect(() => {
    client.askHistory().then(
      (answer) => (acts.value = answer ?? 'failed'),
      () => (acts.value = 'failed'),
    );
  }, []);
  const { value } = acts;
  return (
    <Dialog heading={happened.heading} text={happened.lead} onClose={close}>
      {value === 'waiting' && <p>{happened.waiting}</p>}
      {value === 'failed' && <p>{happened.failed}</p>}
      {typeof value === 'object' &&
        (value.length === 0 ? <p>{happened.empty}</p> : <Acts room={room} acts={value} />)}
      <div class="stack">
        <Button onPress={close}>{words.back}</Button>
      </div>
    </Dialog>
  );
}

function Acts({ room, acts }: { readonly room: Room; readonly acts: readonly Act[] }) {
  // A case that ran before the plan was changed had other parts.
  const planned = acts.findLastIndex(({ what }) => what.type === 'changedPlan');
  const title = (at: number) => (index: number) =>
    at < planned ? cases.part(index + 1) : titleAt(room.view.plan, room.method, index);
  return (
    <ol class="rows acts">
      {[...acts].reverse().map((act, index) => {
        const titleThen = title(acts.length - 1 - index);
        const offered = act.what.type === 'handedOver' && act.what.to === act.by;
        const what = offered
          ? more.happened.offered
          : more.happened.act(act.what, titleThen, room.name, (role) => titleOfRole(room, role));
        return (
          <li key={acts.length - index}>
            <span>
              {act.by !== null && <bdi>{room.name(act.by)}</bdi>} {what}
              {act.by === null && `, ${more.happened.byItself}`}
            </span>
            <span>{clockTime(client.clock.toDevice(act.at))}</span>
          </li>
        );
      })}
    </ol>
  );
}
