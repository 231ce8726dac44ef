// What stands in the lobby before the first case and before each later one: Begin, the chair, the plan.
import { useSignal } from '@preact/signals';
import { act, pressing } from '../actions';
import { client } from '../app';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { talk } from '../locales/talk';
import { Button } from '../parts/Button';
import { Dock } from '../parts/Dock';
import { useFormInPlace } from '../parts/focus';
import { Rows } from '../parts/Rows';
import { Notice } from '../parts/Strip';
import type { Command, SeatView } from '../protocol';
import { clockTime } from './dates';
import { doorOf } from './door';
import { useEndOfPlan } from './lobby';
import { textsOf } from './methods';
import { PlanForm } from './plan-form';
import { RemindDialog } from './remind';
import { momentOf, type Room } from './room';

/** Two acts by one press; a door is not locked before a start that was refused. */
async function beginAndLock(begin: Command): Promise<void> {
  if (await act(begin)) await act({ type: 'setDoor', door: 'locked' });
}

/** Whether the first part cannot begin without somebody who presents: then the dock asks for it. */
export function needsPresenterFirst(room: Room): boolean {
  return room.view.plan.phases[0]?.presenter !== 'participant';
}

/** Begin, named with its effect; or first the choice of who presents. */
export function BeginDock({ room, choose }: { readonly room: Room; readonly choose: () => void }) {
  const { lobby } = more;
  const first = room.view.plan.phases[0];
  if (!first) return null;
  const begin: Command = { type: 'begin', moment: momentOf(room) };
  if (needsPresenterFirst(room) && room.presenter === null) {
    return (
      <Dock>
        <Button look="filled" onPress={choose}>
          {lobby.whoPresents}
        </Button>
      </Dock>
    );
  }
  const { speak, youSpeak, other } = lobby.beginWith;
  const { title } = textsOf(room.method, first);
  const label =
    first.presenter === 'speaking' ? (room.iPresent ? youSpeak : speak(room.presenterName)) : other(title);
  return (
    <Dock>
      <Button look="filled" onPress={pressing(begin)}>
        {label}
      </Button>
      {doorOf(room) !== 'locked' && (
        <Button look="plain" onPress={() => void beginAndLock(begin)}>
          {lobby.lockToo}
        </Button>
      )}
    </Dock>
  );
}

/** A facilitator presents: who keeps the time meanwhile? */
export function ChairChoice({ room }: { readonly room: Room }) {
  const { chair } = more.lobby;
  const { seats, chair: held } = room.view;
  const presenter = seats.find(({ seat }) => seat === room.presenter);
  if (!room.iPresent || !presenter?.facilitator || held.standIn !== null) return null;
  const here = (seat: SeatView) =>
    seat.device && seat.awaySince === undefined && seat.seat !== room.presenter;
  const others = seats.filter((seat) => seat.facilitator && here(seat)).map(({ seat }) => room.name(seat));
  if (others.length > 0) return <p class="part hint">{chair.co(words.choosing(others))}</p>;
  const candidates = seats.filter((seat) => seat.agreed && here(seat) && seat.seat !== held.asked);
  return (
    <Notice heading={chair.heading}>
      <p>{held.asked === null ? chair.words : chair.asked(room.name(held.asked))}</p>
      {candidates.map(({ seat }) => (
        <Button key={seat} onPress={pressing({ type: 'offerChair', to: seat })}>
          {chair.ask(room.name(seat))}
        </Button>
      ))}
      {held.asked !== null && (
        <Button look="plain" onPress={pressing({ type: 'offerChair', to: null })}>
          {chair.takeBack}
        </Button>
      )}
      {candidates.length === 0 && held.asked === null && <p>{chair.nobody}</p>}
      <p class="hint">{chair.firm}</p>
    </Notice>
  );
}

/** The plan with its times, and its change. */
export function PlanPart({ room }: { readonly room: Room }) {
  const { lobby } = more;
  const editing = useSignal(false);
  const reminding = useSignal(false);
  const end = useEndOfPlan(room);
  useFormInPlace(editing.value, 'plan-method', 'change-plan');
  if (editing.value && room.method) {
    return <PlanForm plan={room.view.plan} method={room.method} close={() => (editing.value = false)} />;
  }
  let minute = client.clock.toDevice(client.now.value);
  const items = room.view.plan.phases.map((phase) => {
    const begins = clockTime(minute);
    minute += phase.minutes * 60_000;
    return {
      key: phase.id,
      main: `${begins} ${textsOf(room.method, phase).title}`,
      side: words.minutes(phase.minutes),
    };
  });
  return (
    <section class="part">
      <h2>{lobby.plan}</h2>
      {room.method && <p class="hint">{room.method.name}</p>}
      <SizeNote room={room} />
      <Rows items={items} />
      <p class="next">{lobby.endsAbout(end)}</p>
      {room.iSteer && (
        <div class="links">
          <Button look="plain" id="change-plan" onPress={() => (editing.value = true)}>
            {lobby.changePlan}
          </Button>
          <Button look="plain" onPress={() => (reminding.value = true)}>
            {talk.reminder.openSetting}
          </Button>
        </div>
      )}
      {reminding.value && <RemindDialog room={room} close={() => (reminding.value = false)} />}
    </section>
  );
}

/** Said to facilitators alone, once somebody has come: the group is smaller or larger than the method is made for. */
function SizeNote({ room }: { readonly room: Room }) {
  const { size } = room.method ?? {};
  const here = room.view.seats.length;
  if (!size || !room.iSteer || here < 2 || (here >= size.least && here <= size.most)) return null;
  return <p class="hint">{more.lobby.size(size.least, size.most, here)}</p>;
}
