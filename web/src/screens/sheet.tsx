// The controls of whoever steers: the plan and More, the time, and the step that comes next.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { pressing } from '../actions';
import { client, isOver } from '../app';
import { expectedEnd } from '../kit/state';
import { words } from '../locales';
import { more } from '../locales/more';
import { Button } from '../parts/Button';
import { MoreDialog, type MorePage } from './more';
import type { Room, RunningPhase } from './room';
import { clockTime, minutesBehind, moveOnLabel } from './wording';

/** When the case began, by the session's own list of acts; null until it is known. */
const began = signal<number | null>(null);

/** What of More lies over the room. */
const open = signal<MorePage | null>(null);

interface SheetProps {
  readonly room: Room;
  /** This person's own buttons, above the others. */
  readonly own?: ComponentChildren;
  /** The time waits for a decision on the page, so there is nothing to steer but More. */
  readonly waits?: boolean;
}

/** The sheet. */
export function SteeringSheet({ room, own, waits = false }: SheetProps) {
  const { running } = room;
  const visit = running?.moment.visit;
  useEffect(() => {
    // The view tells when this visit began, not the case: that is asked for once a visit.
    client.askHistory().then(
      (acts) => {
        began.value = acts?.findLast(({ what }) => what.type === 'began')?.at ?? null;
      },
      () => {},
    );
  }, [visit]);
  // Who steers no more finds nothing lying over the page on steering again.
  useEffect(
    () => () => {
      open.value = null;
    },
    [],
  );
  if (!running) return null;
  const { sheet } = words;
  return (
    <section class="sheet" aria-label={room.iStandIn ? sheet.labelStandIn : sheet.label}>
      <div class="sheet-in">
        {own && <div class="own">{own}</div>}
        <div class="plan">
          <PlanLine room={room} />
          <Button look="plain" onPress={() => (open.value = 'list')}>
            {sheet.more}
          </Button>
        </div>
        {!waits && <TimeButtons running={running} room={room} />}
        {!waits && <MoveOn room={room} running={running} quiet={Boolean(own)} />}
      </div>
      {open.value && <MoreDialog room={room} page={open} />}
    </section>
  );
}

function PlanLine({ room }: { readonly room: Room }) {
  const now = client.now.value;
  const end = expectedEnd(room.view, now);
  if (end === null) return <p />;
  const { sheet } = words;
  const time = clockTime(client.clock.toDevice(end));
  const behind = began.value === null ? 0 : minutesBehind(room, now, began.value);
  if (behind > 0) return <p>{sheet.behind(behind, time)}</p>;
  return <p>{behind < 0 ? sheet.ahead(-behind, time) : sheet.onPlan(time)}</p>;
}

/** Pause or go on, and more time: each says when the session would end. */
function TimeButtons({ room, running }: { readonly room: Room; readonly running: RunningPhase }) {
  const { sheet } = words;
  const { moment } = running;
  const paused = running.stage.timing.type === 'paused';
  const end = expectedEnd(room.view, client.now.value) ?? 0;
  const then = (minutes: number) => sheet.thenEnds(clockTime(client.clock.toDevice(end) + minutes * 60_000));
  return (
    <div class="trio">
      {paused ? (
        <Button look="filled" onPress={pressing({ type: 'resume', moment })}>
          {sheet.resume}
        </Button>
      ) : (
        <Button onPress={pressing({ type: 'pause', moment })}>{sheet.pause}</Button>
      )}
      <Button onPress={pressing({ type: 'extend', moment, by: 'one' })}>
        {sheet.addOne} <span class="then">{then(1)}</span>
      </Button>
      <Button onPress={pressing({ type: 'extend', moment, by: 'five' })}>
        {sheet.addFive} <span class="then">{then(5)}</span>
      </Button>
    </div>
  );
}

interface MoveOnProps {
  readonly room: Room;
  readonly running: RunningPhase;
  /** Another button is filled. */
  readonly quiet: boolean;
}

/** The step that comes next. It fills only at time. */
function MoveOn({ room, running, quiet }: MoveOnProps) {
  const { upcoming, moment } = running;
  const needsPresenter = upcoming !== null && upcoming.phase.presenter !== 'participant';
  const look = isOver.value && !quiet ? 'filled' : 'outlined';
  if (needsPresenter && room.presenter === null) {
    return (
      <Button wide look={look} onPress={() => (open.value = 'presenter')}>
        {more.more.choosePresenter}
      </Button>
    );
  }
  return (
    <Button wide look={look} onPress={pressing({ type: 'next', moment })}>
      {moveOnLabel(room)}
    </Button>
  );
}
