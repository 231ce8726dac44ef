// What the server told, as signals, and what follows from it for one seat.
import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import type {
  DisplayTiming,
  DisplayView,
  DoorView,
  MovingView,
  Plan,
  PlanPhase,
  Private,
  RunningView,
  SeatNumber,
  SeatView,
  ServerMessage,
  SessionView,
  Texts,
  WaitingView,
} from '../protocol';
import { tellApart } from './name';
import { FIRST_EPOCH, type Name, openLine, openName, type Place, type Sealer } from './sealed';

/** What a person does now; the page's light follows it. */
export type Light = 'arriving' | 'speaking' | 'listening' | 'together' | 'responding' | 'closed';

/** Where a line belongs in its session. */
export type LinePlace = Omit<Place, 'session'>;

/** The signals of one session. */
export interface SessionState {
  readonly view: ReadonlySignal<SessionView | null>;
  readonly texts: ReadonlySignal<Texts | null>;
  readonly seat: ReadonlySignal<SeatNumber | null>;
  /** Who waits at the door, as far as this seat is told. */
  readonly door: ReadonlySignal<DoorView | null>;
  /** How it stands with going on on another device. */
  readonly moving: ReadonlySignal<MovingView>;
  /** How many screens on the wall show the clock. */
  readonly screens: ReadonlySignal<number>;
  /** What this page is shown at the door, while it waits there. */
  readonly waiting: ReadonlySignal<WaitingView | null>;
  /** Names by seat; a seat without one has set none yet. Names that look alike carry a number. */
  readonly names: ReadonlySignal<ReadonlyMap<SeatNumber, Name>>;
  /** What this seat alone is shown. */
  readonly own: ReadonlySignal<Private>;
  /** Opens a line where it was found; null while there is no key, for one that does not open, or says nothing. */
  openLine(sealed: string, place: LinePlace): string | null;
  /** The newest invite that the texts hold; null while the link's own is the newest. */
  readonly changedInvite: ReadonlySignal<string | null>;
  /** The epoch to seal with. */
  readonly epoch: ReadonlySignal<number>;
  /** Takes a message of the server's. */
  receive(message: ServerMessage): void;
  /** Shows what was kept of an ended session. */
  restore(session: string, seat: SeatNumber, view: SessionView, texts: Texts, own?: Private): void;
  /** Whether names can be opened: the key is at hand. */
  readonly unlocked: ReadonlySignal<boolean>;
  /** Forgets everything. */
  reset(): void;
  /** Takes the session's key. */
  unlock(sealer: Sealer): void;
}

/** Nothing is between this seat and another. */
export const NOTHING_OWN: Private = { counted: false, thanks: [], talks: [] };

/** Makes the state. */
export function createState(): SessionState {
  const sealer = signal<Sealer | null>(null);
  const session = signal('');
  const seat = signal<SeatNumber | null>(null);
  const view = signal<SessionView | null>(null);
  const texts = signal<Texts | null>(null);
  const door = signal<DoorView | null>(null);
  const waiting = signal<WaitingView | null>(null);
  const screens = signal(0);
  const moving = signal<MovingView>({});
  const own = signal<Private>(NOTHING_OWN);

  const names = computed(() => {
    const opened = new Map<SeatNumber, Name>();
    const key = sealer.value;
    if (!key || !texts.value) return opened;
    for (const sealed of texts.value.names) {
      opened.set(sealed.seat, openName(key, sealed.name, session.value, sealed.seat));
    }
    const readable = [...opened]
      .sort(([left], [right]) => left - right)
      .flatMap(([number, name]) => (name.type === 'name' ? [[number, name.text] as const] : []));
    for (const [number, text] of tellApart(readable)) opened.set(number, { type: 'name', text });
    return opened;
  });

  const openedInvite = computed(() => {
    const sealed = texts.value?.invite;
    if (sealed === undefined || !sealer.value) return null;
    const opened = sealer.value.open(sealed, { session: session.value, seat: 0, purpose: 'invite' });
    return opened.type === 'text' ? opened : null;
  });

  return {
    view,
    texts,
    seat,
    door,
    moving,
    screens,
    waiting,
    names,
    own,
    openLine(sealed, place) {
      return sealer.value && openLine(sealer.value, sealed, { ...place, session: session.value });
    },
    changedInvite: computed(() => openedInvite.value?.text ?? null),
    epoch: computed(() => openedInvite.value?.epoch ?? FIRST_EPOCH),
    receive(message) {
      batch(() => {
        if (message.type === 'welcome') {
          session.value = message.session;
          seat.value = message.seat;
          door.value = waiting.value = null;
          screens.value = 0;
          moving.value = {};
        }
        if (message.type === 'moving') moving.value = message.moving;
        if (message.type === 'screens') screens.value = message.count;
        if (message.type === 'waiting') waiting.value = message.waiting;
        if (message.type === 'door') door.value = message.door;
        if (message.type === 'welcome' || message.type === 'view') view.value = message.view;
        if (message.type === 'welcome' || message.type === 'texts') texts.value = message.texts;
        if (message.type === 'welcome' || message.type === 'private')
          own.value = message.private ?? NOTHING_OWN;
      });
    },
    restore(keptSession, keptSeat, keptView, keptTexts, keptOwn = NOTHING_OWN) {
      batch(() => {
        session.value = keptSession;
        seat.value = keptSeat;
        view.value = keptView;
        texts.value = keptTexts;
        own.value = keptOwn;
      });
    },
    unlocked: computed(() => sealer.value !== null),
    unlock(key) {
      sealer.value = key;
    },
    reset() {
      batch(() => {
        sealer.value = null;
        session.value = '';
        seat.value = null;
        view.value = null;
        texts.value = null;
        door.value = waiting.value = null;
        screens.value = 0;
        moving.value = {};
        own.value = NOTHING_OWN;
      });
    },
  };
}

/** The running phase; null in the lobby, before agreeing and after the end. */
export function runningOf(view: SessionView | null): RunningView | null {
  return view?.stage.type === 'running' ? view.stage : null;
}

/** The plan of the running phase. */
export function phaseOf(view: SessionView | null): PlanPhase | null {
  const running = runningOf(view);
  return (running && view?.plan.phases[running.phase]) ?? null;
}

/** The seat's own row. */
export function seatOf(view: SessionView | null, seat: SeatNumber | null): SeatView | null {
  return view?.seats.find((row) => row.seat === seat) ?? null;
}

/** Whether the phase keeps its presenter from speaking. */
export function isSilentPhase(phase: PlanPhase | null): boolean {
  return (
    phase?.presenter === 'silent_listening' ||
    phase?.presenter === 'silent_thinking' ||
    phase?.presenter === 'outside'
  );
}

/** Whether this seat is the presenter and in silence now. */
export function isSilentPresenter(view: SessionView | null, seat: SeatNumber | null): boolean {
  return seat !== null && view?.presenter === seat && isSilentPhase(phaseOf(view));
}

/** Whether this seat may steer, as far as the page can tell; the server decides. */
export function maySteer(view: SessionView | null, seat: SeatNumber | null): boolean {
  if (!view || seat === null || isSilentPresenter(view, seat)) return false;
  // Before the start somebody may hold the chair already; it counts from Begin on.
  if (view.chair.standIn !== null && view.stage.type === 'running') return view.chair.standIn === seat;
  return seatOf(view, seat)?.facilitator === true;
}

/** Whether this seat has the floor. */
export function isOnFloor(view: SessionView | null, seat: SeatNumber | null): boolean {
  return seat !== null && view?.floor.speakers.includes(seat) === true;
}

/** The light of this seat's screen. It changes at most once a phase: a turn of the round does not change it. */
export function position(view: SessionView | null, seat: SeatNumber | null): Light {
  if (!view || view.stage.type === 'lobby' || view.stage.type === 'newcomer') return 'arriving';
  if (view.stage.type === 'closed') return 'closed';
  const phase = phaseOf(view);
  if (!phase) return 'arriving';
  const presents = seat !== null && view.presenter === seat;
  // Who has no part in the talk listens, whatever the others do.
  const onlyListens = seat !== null && !presents && !isOnFloor(view, seat);
  if (onlyListens && phase.floor.mode !== 'round') return 'listening';
  return lightOf(view.plan, view.stage.phase, presents);
}

/** The light of a running part, for whoever presents and for the others. A wall has the others'. */
export function lightOf({ phases }: Plan, index: number, presents: boolean): Light {
  const phase = phases[index];
  if (!phase) return 'arriving';
  if (phase.floor.mode === 'none') return 'listening';
  switch (phase.presenter) {
    case 'speaking':
      return presents ? 'speaking' : 'listening';
    case 'leading':
      return presents ? 'speaking' : 'together';
    case 'silent_listening':
    case 'silent_thinking':
    case 'outside':
      return presents ? 'listening' : 'together';
    case 'answering':
    case 'responding':
      return 'responding';
    case 'participant':
      return index === 0 ? 'arriving' : 'together';
  }
}

/** The whole minutes that a phase has: as planned, less what it gave to others. */
export function minutesNow(
  { plan, stage }: Pick<SessionView | DisplayView, 'plan' | 'stage'>,
  phase: number,
): number {
  const now = stage.type === 'running' ? stage.minutes?.[phase] : undefined;
  return now ?? plan.phases[phase]?.minutes ?? 0;
}

/** Planned length of a whole plan in minutes. */
export function planMinutes(plan: Plan): number {
  return plan.phases.reduce((sum, phase) => sum + phase.minutes, 0);
}

/** Planned length of all cases of a meeting that is over, or of the one that is planned, in minutes. */
export function meetingMinutes({ plan, stage }: SessionView): number {
  if (stage.type !== 'closed') return planMinutes(plan);
  const cases = (stage.earlier ?? []).map((one) => one.plan);
  // A meeting that ended between two cases did not begin the last plan.
  const plans = stage.phases.length > 0 || cases.length === 0 ? [...cases, plan] : cases;
  return plans.reduce((sum, one) => sum + planMinutes(one), 0);
}

/** The time of a phase as it is shown. */
export interface PhaseTime {
  /** `left` to the end, `over` after it, `kept` while paused. */
  readonly state: 'left' | 'over' | 'kept';
  /** What is left in ms, negative once over. */
  readonly remaining: number;
  /** Whole seconds of what is left, or of what is over, never negative. */
  readonly seconds: number;
  /** A full disc in ms: the phase with its extensions, at least 1. */
  readonly length: number;
  /** Where the two-minute notch stands on the disc, 0 to 1 of a full one; null without one. */
  readonly notch: number | null;
  /** Whether it is the time between the two-minute mark and the end. */
  readonly lastMinutes: boolean;
}

const TWO_MINUTES = 120_000;

/** The time of the running phase at `now` (the ticker's), or null when nothing runs. */
export function phaseTime(view: SessionView | null, now: number): PhaseTime | null {
  const running = runningOf(view);
  return running && timeOf(running, now);
}

/** What the time of a phase is made from, on a person's page and on a screen's. */
export interface Timed {
  readonly timing: DisplayTiming;
  readonly length: number;
  readonly marksTwoMinutes: boolean;
}

/** The time of a phase at `now`. */
export function timeOf({ timing, length, marksTwoMinutes }: Timed, now: number): PhaseTime {
  const remaining = timing.type === 'paused' ? timing.remaining : timing.endsAt - now;
  const isOver = remaining < 0;
  const full = Math.max(length, 1);
  return {
    state: timing.type === 'paused' ? 'kept' : isOver ? 'over' : 'left',
    remaining,
    seconds: Math.abs(Math.ceil(remaining / 1000)),
    length: full,
    notch: marksTwoMinutes && length > TWO_MINUTES ? TWO_MINUTES / full : null,
    lastMinutes: marksTwoMinutes && !isOver && remaining <= TWO_MINUTES,
  };
}

/** When the session will end, in server time; null while none runs. */
export function expectedEnd(view: SessionView | null, now: number): number | null {
  const running = runningOf(view);
  return running && endOf(running, now);
}

/** When the session will end if all later phases run as long as they now have, in server time: `rest` is their time
 * together. It moves while over time or paused. */
export function endOf({ timing, rest }: { timing: DisplayTiming; rest: number }, now: number): number {
  const phaseEnd =
    timing.type === 'paused' ? now + Math.max(0, timing.remaining) : Math.max(timing.endsAt, now);
  return phaseEnd + rest;
}
