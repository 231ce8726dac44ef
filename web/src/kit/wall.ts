// A screen on the wall: its connection, its time, and what it may open. It holds no seat and sends nothing but pings.
import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { type DisplayStage, type DisplayView, PROTOCOL_VERSION, type SealedName } from '../protocol';
import type { ClientParts } from './client';
import { type Clock, createClock, createTicker } from './clock';
import { buildLink, type DisplayLink, readLink } from './link';
import { createSealer } from './seal';
import { openName } from './sealed';
import { type ConnectionState, createConnection } from './socket';
import { type PhaseTime, timeOf } from './state';

/** What a wall is made from: what a client is, less what it keeps. */
export type WallParts = Pick<
  ClientParts,
  'openSocket' | 'device' | 'timers' | 'random' | 'chance' | 'watchWaking' | 'origin'
>;

/** Who presents and who is speaking, as far as screens may show it. */
export interface WallNames {
  readonly presenter: string | null;
  readonly speaker: string | null;
}

/** A wall. It opens no socket until `start`. */
export interface Wall {
  readonly connection: ReadonlySignal<ConnectionState>;
  readonly display: ReadonlySignal<DisplayView | null>;
  readonly clock: Clock;
  /** Server time for everything that is drawn. */
  readonly now: ReadonlySignal<number>;
  /** The running phase's time; null when nothing runs, or the time is not known yet. */
  readonly time: ReadonlySignal<PhaseTime | null>;
  readonly names: ReadonlySignal<WallNames>;
  /** The link to join by; null unless it is to be shown. */
  readonly joining: ReadonlySignal<string | null>;
  start(): void;
  /** Closes, and forgets everything. */
  stop(): void;
}

type Running = Extract<DisplayStage, { type: 'running' }>;

/** The running phase; null before and after. */
export function runningOn(display: DisplayView | null): Running | null {
  return display?.stage.type === 'running' ? display.stage : null;
}

/** Makes a wall. */
export function createWall(link: DisplayLink, parts: WallParts): Wall {
  const clock = createClock(parts.device);
  const ticker = createTicker(clock, parts.timers);
  const display = signal<DisplayView | null>(null);
  const { session } = link;
  const connection = createConnection({
    ...parts,
    clock,
    receive(message) {
      if (message.type === 'display') display.value = message.display;
    },
  });

  /** A text that was sealed for screens. */
  const open = (sealed: string, purpose: 'displayKey' | 'handed') => {
    const opened = createSealer(link.key, parts.random).open(sealed, { session, seat: 0, purpose });
    return opened.type === 'text' ? opened.text : null;
  };

  const names = computed<WallNames>(() => {
    const stage = display.value?.stage;
    const shown = stage?.type === 'lobby' ? stage.between?.names : runningOn(display.value)?.names;
    const key = shown ? open(shown.key, 'displayKey') : null;
    if (!shown || key === null) return { presenter: null, speaker: null };
    const sealer = createSealer(key, parts.random);
    const read = (sealed: SealedName | undefined) => {
      const name = sealed && openName(sealer, sealed.name, session, sealed.seat);
      return name?.type === 'name' ? name.text : null;
    };
    return { presenter: read(shown.presenter), speaker: read(shown.speaker) };
  });

  const joining = computed(() => {
    const stage = display.value?.stage;
    const sealed = stage?.type === 'lobby' ? stage.joining?.link : undefined;
    const read = sealed === undefined ? null : readLink(open(sealed, 'handed') ?? '');
    // Whoever sealed it is not trusted to lead anywhere else.
    return read?.type === 'link' && read.link.session === session ? buildLink(parts.origin, read.link) : null;
  });

  const stops = [
    // The tick is counted to the end of what runs, so that minutes change when whole ones are left.
    effect(() => {
      const timing = runningOn(display.value)?.timing;
      ticker.aim(timing?.type === 'running' ? timing.endsAt : null);
    }),
    effect(() => {
      clock.reading.value;
      ticker.refresh();
    }),
    parts.watchWaking(() => ticker.refresh()),
  ];

  return {
    connection: connection.state,
    display,
    clock,
    now: ticker.now,
    time: computed(() => {
      const running = runningOn(display.value);
      return running && clock.known.value ? timeOf(running, ticker.now.value) : null;
    }),
    names,
    joining,
    start() {
      const { secret } = link;
      connection.start(() => ({ type: 'watch', version: PROTOCOL_VERSION, session, display: secret }));
    },
    stop() {
      for (const stop of stops) stop();
      ticker.stop();
      batch(() => {
        connection.stop();
        display.value = null;
      });
    },
  };
}
