// The connection to the server: one socket at a time, opened again by itself, with commands that are not lost.
import { type ReadonlySignal, signal } from '@preact/signals';
import {
  type Act,
  CLOSE_CODES,
  type ClientMessage,
  type Command,
  type FirstMessage,
  type KnockerMessage,
  type Refusal,
  type ServerMessage,
} from '../protocol';
import { drawCommandId } from './bytes';
import type { Clock } from './clock';
import type { DeviceClock, RandomBytes, Timers, Waking, WatchWaking } from './environment';

/** Why the server closed, in its own word. */
export type CloseReason = keyof typeof CLOSE_CODES;

/** How things stand with the server. */
export type ConnectionState =
  /** Not asked for yet. */
  | { readonly type: 'idle' }
  /** The first attempt runs. */
  | { readonly type: 'connecting' }
  | { readonly type: 'connected' }
  /**
   * Lost, and tried again by itself. `since` by the device's clock; `welcomed`: it had been connected before; `busy`: the
   * server was there, and said so when it closed last.
   */
  | {
      readonly type: 'waiting';
      readonly since: number;
      readonly attempt: number;
      readonly welcomed: boolean;
      readonly busy: boolean;
    }
  /** Over: the server said why, and coming back by itself makes no sense. */
  | { readonly type: 'closed'; readonly reason: CloseReason };

/** What became of a command. */
export type Outcome =
  | { readonly type: 'accepted'; readonly revision: number }
  | { readonly type: 'refused'; readonly why: Refusal }
  /** The connection ended for good before an answer came. */
  | { readonly type: 'closed' };

/** The part of the browser's `WebSocket` that is used. */
export interface SocketLike {
  send(data: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
}

/** What a connection is made from. */
export interface ConnectionParts {
  readonly openSocket: () => SocketLike;
  readonly clock: Clock;
  readonly device: DeviceClock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** A number from 0 up to 1, for the jitter. */
  readonly chance: () => number;
  readonly watchWaking: WatchWaking;
  /** Takes what the server tells: welcome, views and texts, never an older one after a newer one. */
  readonly receive: (message: ServerMessage) => void;
}

/** A connection. It opens nothing until `start`. */
export interface Connection {
  readonly state: ReadonlySignal<ConnectionState>;
  /** How many commands have no answer yet. */
  readonly pending: ReadonlySignal<number>;
  /** Connects; `first` is asked anew at each attempt. Ends what was running before. */
  start(first: () => FirstMessage): void;
  /** Sends a command, again after each reconnection, until it is answered. */
  send(command: Command): Promise<Outcome>;
  /** Says something at the door, where the server has said that this socket waits there. */
  sayAtDoor(message: KnockerMessage): void;
  /** Says this now and after each reconnection, until it is told something else to say, or nothing. */
  repeat(message: ClientMessage | null): void;
  /** Asks who steered; null when the connection ends first. */
  askHistory(): Promise<readonly Act[] | null>;
  /** Closes and stays closed. Unanswered commands end as `closed`. */
  stop(): void;
}

const SHORTEST_WAIT = 250;
const LONGEST_FIRST_WAIT = 1_000;
const LONGEST_WAIT = 15_000;
/** Whoever was closed as too fast stays away for this long: the server counts on it. */
const TOO_FAST_WAIT = 30_000;
/** A connection that lasted this long was a good one: the next loss is met with short waits again. */
const LASTING = 5_000;
const PING_EVERY = 10_000;
const DEAD_AFTER = 25_000;
/** After waking, a socket that is still alive answers within this; most that are not never tell. */
const PROBE_FOR = 5_000;
/** The signs of coming back come several at a time. */
const WAKING_LASTS = 1_000;
/** A timer that comes later than this was held back by the browser. */
const TIMER_SLACK = 2_000;
const OPEN_WITHIN = 10_000;
/** After connecting and waking: when to take further samples of the clock. */
const SAMPLE_AT = [300, 800, 1_600];

const reasonsByCode = new Map<number, CloseReason>(
  Object.entries(CLOSE_CODES).map(([reason, { code }]) => [code, reason as CloseReason]),
);

interface PendingCommand {
  readonly command: Command;
  readonly settle: (outcome: Outcome) => void;
}

/** How long to wait before an attempt: anything up to twice as much each time, so that a group does not come at once. */
export function waitBefore(attempt: number, chance: number): number {
  const longest = Math.min(LONGEST_WAIT, LONGEST_FIRST_WAIT * 2 ** Math.min(attempt, 10));
  return SHORTEST_WAIT + chance * (longest - SHORTEST_WAIT);
}

/** Makes a connection. */
export function createConnection(parts: ConnectionParts): Connection {
  const { clock, device, timers, random, chance, receive } = parts;
  const state = signal<ConnectionState>({ type: 'idle' });
  const pending = signal(0);
  const commands = new Map<string, PendingCommand>();
  let historyWaiters: ((acts: readonly Act[] | null) => void)[] = [];

  let first: (() => FirstMessage) | null = null;
  let repeated: ClientMessage | null = null;
  let socket: SocketLike | null = null;
  let welcomed = false;
  /** The seat of the last welcome. */
  let seat: number | null = null;
  /** Somebody inside has to open. */
  let atDoor = false;
  let attempt = 0;
  let lostAt = 0;
  let pongs = 0;
  let wokenAt = Number.NEGATIVE_INFINITY;
  let cancelDeath: (() => void) | undefined;
  let viewRevision = -1;
  let textsRevision = -1;
  let privateRevision = -1;
  let cancels: (() => void)[] = [];
  let endWatch: (() => void) | undefined;

  const later = (delay: number, work: () => void) => {
    cancels.push(timers.after(delay, work));
  };
  const cancelAll = () => {
    for (const cancel of cancels) cancel();
    cancels = [];
    cancelDeath?.();
  };
  /** Gives the socket up after `delay`, unless it is heard from. */
  const dieIn = (delay: number) => {
    cancelDeath?.();
    const due = device.steady() + delay;
    cancelDeath = timers.after(delay, () => {
      // A hidden tab's timers come up to a minute late, and its pings with them: then it asks before it gives up.
      const late = device.steady() - due > TIMER_SLACK;
      if (!late || state.peek().type !== 'connected') return retry();
      ping();
      dieIn(PROBE_FOR);
    });
  };

  const say = (message: FirstMessage | ClientMessage | KnockerMessage) =>
    socket?.send(JSON.stringify(message));
  const ping = () => say({ type: 'ping', sent: device.wall() });
  const pingEachOf = (delays: readonly number[]) => {
    for (const delay of delays) later(delay, ping);
  };

  /** Lets go of the socket so that nothing it still says is heard. */
  const orphan = () => {
    cancelAll();
    atDoor = false;
    const old = socket;
    socket = null;
    old?.close();
  };

  const retry = (reason?: CloseReason) => {
    orphan();
    const least = reason === 'too_fast' ? TOO_FAST_WAIT : 0;
    if (state.peek().type !== 'waiting') lostAt = device.wall();
    later(Math.max(least, waitBefore(attempt, chance())), connect);
    attempt += 1;
    state.value = { type: 'waiting', since: lostAt, attempt, welcomed, busy: reason === 'busy' };
  };

  /** Says nothing again of what waits for an answer. The returned function tells those who wait. */
  const dropUnsaid = () => {
    repeated = null;
    const unanswered = [...commands.values()];
    commands.clear();
    pending.value = 0;
    return () => {
      for (const { settle } of unanswered) settle({ type: 'closed' });
    };
  };

  const finish = (reason: CloseReason | null) => {
    orphan();
    endWatch?.();
    endWatch = undefined;
    first = null;
    const giveUp = dropUnsaid();
    for (const waiter of historyWaiters) waiter(null);
    historyWaiters = [];
    state.value = reason === null ? { type: 'idle' } : { type: 'closed', reason };
    giveUp();
  };

  /** Whoever waits at the door has found room there. */
  const notBusy = () => {
    const now = state.peek();
    if (now.type === 'waiting' && now.busy) state.value = { ...now, busy: false };
  };

  const beat = () => {
    later(PING_EVERY, () => {
      ping();
      beat();
    });
  };

  /** The server has let this page in. */
  const arrive = () => {
    cancelAll();
    atDoor = false;
    welcomed = true;
    later(LASTING, () => {
      attempt = 0;
    });
    dieIn(DEAD_AFTER);
    state.value = { type: 'connected' };
    pingEachOf(SAMPLE_AT);
    beat();
  };

  const settle = (request: string, outcome: Outcome) => {
    const command = commands.get(request);
    if (!command) return;
    commands.delete(request);
    pending.value = commands.size;
    command.settle(outcome);
  };

  const hear = (message: ServerMessage) => {
    switch (message.type) {
      case 'waiting':
        dieIn(DEAD_AFTER);
        if (!atDoor) beat();
        atDoor = true;
        notBusy();
        break;
      case 'display':
        if (state.peek().type !== 'connected') arrive();
        if (message.revision < viewRevision) return;
        viewRevision = message.revision;
        break;
      case 'welcome':
        // Who is recognised as another person, or goes on with another seat, has asked for nothing there.
        if (seat !== null && seat !== message.seat) dropUnsaid()();
        seat = message.seat;
        arrive();
        for (const [request, { command }] of commands) say({ type: 'command', request, command });
        if (historyWaiters.length > 0) say({ type: 'history' });
        if (repeated) say(repeated);
        // A node that lags behind may welcome with less than is known here already.
        if (message.revision < viewRevision) return;
        viewRevision = textsRevision = privateRevision = message.revision;
        break;
      case 'view':
        if (message.revision < viewRevision) return;
        viewRevision = message.revision;
        break;
      case 'texts':
        if (message.revision < textsRevision) return;
        textsRevision = message.revision;
        break;
      case 'private':
        if (message.revision < privateRevision) return;
        privateRevision = message.revision;
        break;
      case 'pong':
        pongs += 1;
        if (atDoor || state.peek().type === 'connected') dieIn(DEAD_AFTER);
        clock.addSample(message.sent, device.wall(), message.now);
        break;
      case 'accepted':
        settle(message.request, { type: 'accepted', revision: message.revision });
        break;
      case 'refused':
        if (message.request !== undefined) settle(message.request, { type: 'refused', why: message.why });
        break;
      case 'history': {
        const waiters = historyWaiters;
        historyWaiters = [];
        for (const waiter of waiters) waiter(message.acts);
        break;
      }
    }
    receive(message);
  };

  const connect = () => {
    if (!first) return;
    orphan();
    const asked = first;
    const opened = parts.openSocket();
    socket = opened;
    dieIn(OPEN_WITHIN);
    opened.onopen = () => {
      if (socket !== opened) return;
      say(asked());
      ping();
    };
    opened.onmessage = ({ data }) => {
      if (socket === opened && typeof data === 'string') hear(JSON.parse(data) as ServerMessage);
    };
    opened.onclose = ({ code }) => {
      if (socket !== opened) return;
      const reason = reasonsByCode.get(code);
      if (reason && !CLOSE_CODES[reason].retry) finish(reason);
      else retry(reason);
    };
  };

  const wake = (why: Waking) => {
    const { type } = state.peek();
    if (type === 'waiting' && (!socket || why === 'online')) connect();
    if (type !== 'connected' || device.steady() - wokenAt < WAKING_LASTS) return;
    wokenAt = device.steady();
    clock.restart();
    const before = pongs;
    ping();
    pingEachOf(SAMPLE_AT);
    later(PROBE_FOR, () => {
      if (pongs === before) retry();
    });
  };

  return {
    state,
    pending,
    start(next) {
      finish(null);
      first = next;
      welcomed = false;
      seat = null;
      attempt = 0;
      viewRevision = textsRevision = privateRevision = -1;
      state.value = { type: 'connecting' };
      endWatch = parts.watchWaking(wake);
      connect();
    },
    send(command) {
      if (!first) return Promise.resolve<Outcome>({ type: 'closed' });
      const request = drawCommandId(random);
      return new Promise((settle) => {
        commands.set(request, { command, settle });
        pending.value = commands.size;
        if (state.peek().type === 'connected') say({ type: 'command', request, command });
      });
    },
    sayAtDoor: say,
    repeat(message) {
      repeated = message;
      if (message && state.peek().type === 'connected') say(message);
    },
    askHistory() {
      if (!first) return Promise.resolve(null);
      return new Promise((settle) => {
        historyWaiters.push(settle);
        if (state.peek().type === 'connected') say({ type: 'history' });
      });
    },
    stop: () => finish(null),
  };
}
