// The anatomy of a running phase: heading, what you do now, the time, something to think with, what comes next.
import { effect, useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { act, news } from '../actions';
import { client, room as current, isOver, light, page, settings } from '../app';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Clock } from '../parts/Clock';
import { Dock } from '../parts/Dock';
import { Glyph } from '../parts/Glyph';
import { Agenda } from './agenda';
import { Hands, MyHand } from './hands';
import { lazily } from './lazy';
import { Notices } from './notices';
import { ReminderLine } from './reminder';
import type { Room } from './room';
import { SessionFrame } from './session-frame';
import { TurnTime } from './turn-time';
import { endTime, nextLine, overForGroup, overForSteering } from './wording';

/** The controls of whoever steers. */
export const Sheet = lazily(() => import('./sheet').then((module) => module.SteeringSheet));

/** A suggestion to whoever steers. */
export const Suggestion = lazily(() => import('./suggestion').then((module) => module.Suggestion));

interface LiveProps {
  readonly room: Room;
  readonly heading: string;
  /** What you do now. */
  readonly lead: string;
  /** Replaces the sentence once the time is up. */
  readonly overLead?: string | undefined;
  /** The heading stays over time, because the screen is about something else. */
  readonly keepHeading?: boolean;
  /** A question; it goes when the time is up. */
  readonly think?: ComponentChildren;
  /** Replaces "Next: …"; null shows none. */
  readonly next?: string | null;
  /** Buttons of this person's own; whoever steers finds them in the sheet. */
  readonly own?: ComponentChildren;
  /** The own buttons leave no room for "I need a pause"; it is in Menu too. */
  readonly withoutPause?: boolean;
}

/** A screen of a running phase. */
export function Live(props: LiveProps) {
  const { room, own } = props;
  const over = isOver.value && !props.keepHeading;
  const steers = room.iSteer;
  const hasDock = own || !props.withoutPause;
  const foot = steers ? (
    <Sheet room={room} own={own} />
  ) : (
    hasDock && (
      <Dock>
        {own}
        <MyHand room={room} />
        {!props.withoutPause && <NeedPause room={room} />}
      </Dock>
    )
  );
  const overLead = props.overLead ?? (steers ? overForSteering(room) : overForGroup(room));
  return (
    <SessionFrame room={room} bar={<Agenda of={room.view} method={room.method} />} foot={foot}>
      <main class="live">
        <Heading room={room} text={over ? words.over.heading : props.heading} />
        <p class="lead">{over ? overLead : props.lead}</p>
        <ReminderLine room={room} />
        <PhaseClock exact={steers} />
        <TurnTime room={room} />
        <Notices room={room} />
        {over ? steers && <OverThought /> : props.think}
        {steers && <Suggestion room={room} />}
        <Hands room={room} />
        <Next room={room} text={props.next} />
      </main>
    </SessionFrame>
  );
}

/** The phase, small, and below it what it is for this person. */
export function Heading({ room, text }: { readonly room: Room; readonly text: string }) {
  return (
    <h1>
      <small>
        <Glyph light={light.value} />
        {room.running?.title}
        <span class="vh">: </span>
      </small>
      {text}
    </h1>
  );
}

/** The time of the phase, and the choice to hide its number. */
export function PhaseClock({ exact, still = false }: { readonly exact: boolean; readonly still?: boolean }) {
  const time = client.time.value;
  if (!time) return null;
  if (still && !exact && time.remaining < 0) return <StillOver />;
  const { numberHidden } = settings;
  return (
    <Clock
      time={time}
      words={words.clock}
      exact={exact}
      still={still}
      hidden={numberHidden.value}
      onToggle={() => (numberHidden.value = !numberHidden.value)}
    />
  );
}

/** Ending is not the silent listener's task: the moon has set, and nothing counts. */
function StillOver() {
  return (
    <div class="clock">
      <div class="time">
        <p role="timer" aria-label={words.clock.label}>
          <span class="unit">{words.silent.over}</span>
        </p>
      </div>
    </div>
  );
}

function OverThought() {
  return (
    <section class="think">
      <h2>{words.think.onlyYou}</h2>
      <p>{words.over.facilitator.breath}</p>
    </section>
  );
}

/** What comes next; from two minutes before the end, that too; and who has the chair for now. */
function Next({ room, text }: { readonly room: Room; readonly text: string | null | undefined }) {
  const end = useComputed(() => endTime(current.value ?? room, client.now.value, client.clock.toDevice));
  const lastMinutes = useComputed(() => client.time.value?.lastMinutes === true);
  const { standIn } = room.view.chair;
  const line = text === undefined ? !room.iSteer && nextLine(room, end.value) : text;
  const chair = room.iStandIn ? words.chair.you : standIn !== null && words.chair.standIn(room.name(standIn));
  const lines = [lastMinutes.value && words.clock.twoMinutes, line, !room.iFacilitate && chair].filter(
    Boolean,
  );
  // Said in the first part only: who was told once knows it.
  const dims = page.awake.value === 'failed' && room.running?.moment.visit === 1;
  return (
    <>
      {lines.length > 0 && <p class="next">{lines.join(' ')}</p>}
      {dims && <p class="next">{words.connection.dim}</p>}
    </>
  );
}

/** Everyone may ask for a pause, at any time. */
export function NeedPause({ room }: { readonly room: Room }) {
  return <Button onPress={() => void askForPause(room)}>{words.pause.need}</Button>;
}

/** Asks for a pause, and says who was told. */
export async function askForPause(room: Room): Promise<void> {
  const accepted = await act({ type: 'needPause' });
  // With nobody there to answer, the time stands already.
  const runs = current.peek()?.running?.stage.timing.type === 'running';
  if (!accepted || !runs) return;
  news.value = { text: words.pause.told(room.mover), passes: true };
  waitsToBeHeard = true;
}

/** Whether this person was told of a stop that comes unless they are heard. */
let waitsToBeHeard = false;
effect(() => {
  const who = current.peek()?.mover;
  if (!client.own.value.pauseHeard || !waitsToBeHeard || who === undefined) return;
  waitsToBeHeard = false;
  news.value = { text: words.pause.wasHeard(who), passes: true };
});
