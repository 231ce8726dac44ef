// The controls of whoever steers: the plan and More, the time, and the step that comes next.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { pressing } from '../actions';
import { client, isOver } from '../app';
import { expectedEnd } from '../kit/state';
import { cases } from '../locales/cases';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { MOST_CASES } from '../protocol';
import { currentPace, useBegan } from './began';
import { clockTime } from './dates';
import { MoreDialog, type MorePage } from './more';
import type { Room, RunningPhase } from './room';
import { endTime, moveOnLabel } from './wording';

/** What of More lies over the room. */
export const open = signal<MorePage | null>(null);

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
  useBegan(room);
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
  const { sheet } = words;
  const pace = currentPace(room);
  const shown = (time: number) => clockTime(client.clock.toDevice(time));
  if (!pace) return <p>{sheet.ends(endTime(room, client.now.value, client.clock.toDevice))}</p>;
  const { behind, end, plannedEnd } = pace;
  if (behind === 0) return <p>{sheet.onPlan(shown(end))}</p>;
  const line = behind > 0 ? sheet.behind : sheet.ahead;
  return <p>{line(Math.abs(behind), shown(end), shown(plannedEnd))}</p>;
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
  const moveOn = (
    <Button wide look={look} from={moment} onPress={pressing({ type: 'next', moment })}>
      {moveOnLabel(room)}
    </Button>
  );
  if (upcoming !== null || (running.stage.case ?? 1) >= MOST_CASES) return moveOn;
  const { another } = running.stage;
  return (
    <div class="pair">
      <Button wide onPress={pressing({ type: 'arrangeCase', moment, another: !another })}>
        {another ? cases.noOther : cases.another}
      </Button>
      {moveOn}
    </div>
  );
}
