// One person's side of a session: what is kept, what is connected, what is known, what can be done.
// Longer than other files: all of it is about one record and the sealer that its key opens, which nothing else may hold.
import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import {
  type Act,
  type Answers,
  type Command,
  type FirstMessage,
  type InviteChange,
  type Plan,
  PROTOCOL_VERSION,
  type SessionView,
} from '../protocol';
import { drawSecret } from './bytes';
import { type Clock, createClock, createTicker } from './clock';
import type { DeviceClock, RandomBytes, Timers, WatchWaking } from './environment';
import { buildLink, type Link } from './link';
import { cleanName } from './name';
import { nextEpoch, type Purpose, type Sealer } from './sealed';
import {
  type CloseReason,
  type ConnectionState,
  createConnection,
  type Outcome,
  type SocketLike,
} from './socket';
import { createState, type PhaseTime, phaseTime, runningOf, type SessionState } from './state';
import type { Keeping, SessionRecord, SessionStore } from './storage';

/** The cryptography. */
export type Sealing = Pick<typeof import('./seal'), 'createSealer' | 'hashSecret'>;

/** What a client is made from. */
export interface ClientParts {
  readonly openSocket: () => SocketLike;
  readonly device: DeviceClock;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly chance: () => number;
  readonly watchWaking: WatchWaking;
  readonly sessions: SessionStore;
  /** Fetches the cryptography: only whoever enters a session needs it. */
  readonly loadSealing: () => Promise<Sealing>;
  /** The page's own origin, for the link. */
  readonly origin: string;
}

/** How a person comes in. */
export interface Entry {
  /** As typed; cleaned and sealed before it leaves the page. */
  readonly name: string;
  readonly keeping: Keeping;
}

/** What a set-up may say besides. */
export interface SetUpExtras {
  /** When the group means to meet, so that the lobby lasts until then. */
  readonly plannedFor?: number;
  /** What a service asks for that is not open to everybody. */
  readonly createToken?: string;
}

/** A client. It opens no socket until `create`, `join` or `resume`. */
export interface Client
  extends Pick<
    SessionState,
    'view' | 'texts' | 'seat' | 'names' | 'door' | 'moving' | 'screens' | 'waiting' | 'own' | 'openLine'
  > {
  readonly connection: ReadonlySignal<ConnectionState>;
  /** How many commands have no answer yet. */
  readonly pending: ReadonlySignal<number>;
  readonly clock: Clock;
  /** Server time for everything that is drawn; see `Ticker.now`. */
  readonly now: ReadonlySignal<number>;
  /** The running phase's time at `now`; null when nothing runs. */
  readonly time: ReadonlySignal<PhaseTime | null>;
  /** Whether there is a view, and a clock to show it by. */
  readonly ready: ReadonlySignal<boolean>;
  /** What is kept of the session in use. */
  readonly record: ReadonlySignal<SessionRecord | null>;
  readonly sessions: SessionStore;

  /** Sets up a session. */
  create(plan: Plan, entry: Entry, more?: SetUpExtras): void;
  /** Takes a new seat; with the token that was let in, where somebody knocked before. */
  join(link: Link, entry: Entry, seatToken?: string): void;
  /** Comes back to a seat, or to the record of a session that has ended. */
  resume(record: SessionRecord): void;
  send(command: Command): Promise<Outcome>;
  /** Seals and sets a name. It must have passed `checkName`. */
  setName(seat: number, name: string): Promise<Outcome>;
  /** Seals a line for a seat, or for the session as a whole. It must have room; null without a session. */
  sealLine(line: string, purpose: Purpose, seat?: number): Promise<string | null>;
  /** Seals a line to another seat, or to the group (null), and sends it. It must have passed `checkLine`. */
  sendLine(purpose: 'thanks' | 'talk', to: number | null, text: string): Promise<Outcome>;
  /** What this person found, as long as it waits to be counted: unsure until the server has it in memory. */
  readonly answering: ReadonlySignal<'no' | 'unsure' | 'held'>;
  /** Says what this person found, again after each reconnection, until it was counted. */
  sendAnswers(answers: Answers): void;
  askHistory(): Promise<readonly Act[] | null>;
  /** The link as text, with the newest invite; empty without a session. */
  link(): string;
  /** A new invite for a removal, drawn here. */
  drawInvite(): InviteChange;
  /** Leaves, where there is still something to leave, and forgets the session on this device. */
  leave(): Promise<void>;
  /** Deletes the session on the server, and forgets it here. The view stays until the page is left. */
  erase(): Promise<boolean>;
  /** Lets go of the connection and shows nothing; what is kept stays. */
  stop(): void;
}

const DAY = 86_400_000;
/** Until the server has said more: as long as a lobby lives. */
const KEPT_AT_FIRST = 30 * DAY;
/** How much longer than its places stay open a session is asked for: the server's ten seconds for Undo, and a slow reload. */
const END_CAN_BE_UNDONE = 15_000;

/** How long places stay open after the end, in ms. */
function openFor({ stage }: SessionView): number {
  return stage.type === 'closed' && stage.openUntil !== undefined ? stage.openUntil - stage.closedAt : 0;
}

/** Nobody is held back by a lost connection: the seat is away then, until it is cleared. */
const LEAVING_TAKES = 3_000;

/** After these the seat is gone for good, so nothing of it is kept. */
const endings: readonly CloseReason[] = ['removed', 'left', 'moved', 'erased', 'unknown', 'used'];

/** Makes a client. */
export function createClient(parts: ClientParts): Client {
  const { device, random, sessions } = parts;
  const clock = createClock(device);
  const ticker = createTicker(clock, parts.timers);
  const state = createState();
  const record = signal<SessionRecord | null>(null);
  /** The cryptography has not come: the page is older than its server, or offline. */
  const broken = signal(false);
  /** Between the press on Create and the first attempt to connect. */
  const preparing = signal(false);
  let sealing: Sealing | null = null;
  let unlocking: Promise<Sealer | null> = Promise.resolve(null);

  const keep = (change: Partial<SessionRecord>, keeping?: Keeping) => {
    const now = record.peek();
    if (!now) return;
    record.value = { ...now, ...change };
    // A session has no id before the server's first answer; until then there is nothing to come back to.
    if (record.value.session !== '') sessions.write(record.value, keeping);
  };

  const answering = signal<'no' | 'unsure' | 'held'>('no');
  const stopWaiting = () => {
    answering.value = 'no';
    connection.repeat(null);
  };

  let entered: Keeping | undefined;
  const connection = createConnection({
    ...parts,
    clock,
    receive(message) {
      state.receive(message);
      if (message.type === 'waiting') void introduce();
      if (message.type === 'held' && answering.peek() !== 'no') answering.value = 'held';
      if (message.type !== 'welcome') return;
      const before = record.peek()?.seat;
      if (before !== undefined && before !== message.seat) answering.value = 'no';
      keep({ session: message.session, seat: message.seat }, entered);
      entered = undefined;
      const own = record.peek()?.name;
      const hasName = message.texts.names.some(({ seat }) => seat === message.seat);
      if (own && !hasName) void setName(message.seat, own);
    },
  });

  const setName = async (seat: number, text: string): Promise<Outcome> => {
    const sealer = await unlocking;
    const current = record.peek();
    if (!sealer || !current) return { type: 'closed' };
    const place = { session: current.session, seat, purpose: 'name' } as const;
    const name = cleanName(text);
    if (seat === state.seat.peek()) keep({ name });
    return connection.send({ type: 'setName', seat, name: sealer.seal(name, place, state.epoch.peek()) });
  };

  /** Whoever waits at the door by the link says who it is, sealed with the link's key. */
  const introduce = async () => {
    const sealer = await unlocking;
    const { session, name = '' } = record.peek() ?? { session: '' };
    const place = { session, seat: 0, purpose: 'knock' } as const;
    if (!sealer) return;
    connection.sayAtDoor({ type: 'introduce', name: sealer.seal(name, place, state.epoch.peek()) });
  };

  const begin = (next: SessionRecord) => {
    connection.stop();
    state.reset();
    record.value = next;
    broken.value = false;
    unlocking = parts.loadSealing().then(
      (loaded) => {
        sealing = loaded;
        if (record.peek()?.key !== next.key) return null;
        const sealer = loaded.createSealer(next.key, random);
        state.unlock(sealer);
        return sealer;
      },
      () => {
        broken.value = true;
        connection.stop();
        return null;
      },
    );
  };

  const hello = (): FirstMessage => {
    const { session = '', seatToken = '', invite = '', seat } = record.peek() ?? {};
    const known = { type: 'hello', version: PROTOCOL_VERSION, session, seatToken } as const;
    return seat === undefined ? { ...known, invite } : known;
  };

  const newRecord = (link: Link, entry: Entry, seatToken = drawSecret(random)): SessionRecord => ({
    ...link,
    seatToken,
    name: cleanName(entry.name),
    joinedAt: device.wall(),
    expires: device.wall() + KEPT_AT_FIRST,
  });

  const forget = () => {
    const current = record.peek();
    if (current) sessions.remove(current);
    record.value = null;
  };

  /** Nothing of the session stays in memory, the key least of all. */
  const letGo = () => {
    connection.stop();
    state.reset();
    unlocking = Promise.resolve(null);
  };

  // The tick is counted to the end of what runs, so that seconds change when whole seconds are left.
  effect(() => {
    const timing = runningOf(state.view.value)?.timing;
    ticker.aim(timing?.type === 'running' ? timing.endsAt : null);
  });
  effect(() => {
    clock.reading.value;
    ticker.refresh();
  });
  parts.watchWaking(() => ticker.refresh());

  // What is kept follows what is known.
  effect(() => {
    const view = state.view.value;
    const texts = state.texts.value;
    const seat = state.seat.value;
    if (!view || !clock.known.value || !record.peek()) return;
    const invite = state.changedInvite.value;
    const ended = view.stage.type === 'closed' && texts !== null;
    // Whoever came from another device has typed no name here.
    const named = seat === null ? undefined : state.names.value.get(seat);
    keep({
      ...(record.peek()?.name || named?.type !== 'name' ? {} : { name: named.text }),
      expires: clock.toDevice(view.expiresAt),
      facilitator: view.seats.some((row) => row.seat === seat && row.facilitator),
      ...(invite === null ? {} : { invite }),
      // An end that was taken back leaves no record.
      closed: ended
        ? { view, texts, own: state.own.value, seenAt: record.peek()?.closed?.seenAt ?? device.wall() }
        : undefined,
    });
  });
  effect(() => {
    const { type } = connection.state.value;
    // What was held in memory may be lost with the connection; once the places are closed nothing is counted.
    if (answering.peek() === 'held' && type === 'waiting') answering.value = 'unsure';
    if (state.own.value.counted || type === 'idle' || type === 'closed') stopWaiting();
  });
  effect(() => {
    const current = connection.state.value;
    if (current.type !== 'closed') return;
    const kept = record.peek();
    const neverIn = kept?.seat === undefined && current.reason !== 'reload';
    if (neverIn || (endings.includes(current.reason) && !kept?.closed)) forget();
  });

  return {
    view: state.view,
    texts: state.texts,
    seat: state.seat,
    door: state.door,
    moving: state.moving,
    screens: state.screens,
    waiting: state.waiting,
    names: state.names,
    own: state.own,
    openLine: state.openLine,
    answering,
    sendAnswers(answers) {
      answering.value = 'unsure';
      connection.repeat({ type: 'answer', answers });
    },
    async sendLine(purpose, to, text) {
      const sealer = await unlocking;
      const session = record.peek()?.session;
      const seat = state.seat.peek();
      if (!sealer || session === undefined || seat === null) return { type: 'closed' };
      const line = sealer.seal(cleanName(text), { session, seat, to: to ?? 0, purpose }, state.epoch.peek());
      if (purpose === 'thanks') return connection.send({ type: 'sendThanks', to, line });
      return to === null ? { type: 'closed' } : connection.send({ type: 'askForTalk', to, line });
    },
    connection: computed(() => {
      if (broken.value) return { type: 'closed', reason: 'reload' };
      return preparing.value ? { type: 'connecting' } : connection.state.value;
    }),
    pending: connection.pending,
    clock,
    now: ticker.now,
    time: computed(() => phaseTime(state.view.value, ticker.now.value)),
    ready: computed(
      () =>
        state.view.value !== null &&
        state.unlocked.value &&
        (clock.known.value || !runningOf(state.view.value)),
    ),
    record,
    sessions,

    create(plan, entry, more = {}) {
      const link = { session: '', invite: drawSecret(random), key: drawSecret(random) };
      begin(newRecord(link, entry));
      entered = entry.keeping;
      const created = record.peek();
      preparing.value = true;
      // The server is given the invite's hash, so this waits for the cryptography.
      void unlocking.then(() => {
        preparing.value = false;
        if (!sealing || record.peek() !== created) return;
        const hash = sealing.hashSecret(link.invite);
        connection.start(() => {
          const { session, seatToken } = record.peek() ?? { session: '', seatToken: '' };
          if (session !== '') return hello();
          return { type: 'create', version: PROTOCOL_VERSION, plan, invite: hash, seatToken, ...more };
        });
      });
    },
    join(link, entry, seatToken) {
      begin(newRecord(link, entry, seatToken));
      // Kept before the answer: if that is lost, the same token asks again, and no second seat is made.
      keep({}, entry.keeping);
      connection.start(hello);
    },
    resume(kept) {
      begin(kept);
      keep({});
      const { closed, seat } = kept;
      if (closed && seat !== undefined) {
        state.restore(kept.session, seat, closed.view, closed.texts, closed.own);
        if (device.wall() > closed.seenAt + openFor(closed.view) + END_CAN_BE_UNDONE) return;
      }
      connection.start(hello);
    },
    send: connection.send,
    setName,
    async sealLine(line, purpose, seat = 0) {
      const sealer = await unlocking;
      const session = record.peek()?.session;
      if (!sealer || !session) return null;
      return sealer.seal(line, { session, seat, purpose }, state.epoch.peek());
    },
    askHistory: connection.askHistory,
    link() {
      const current = record.value;
      if (!current || current.session === '') return '';
      return buildLink(parts.origin, { ...current, invite: state.changedInvite.value ?? current.invite });
    },
    drawInvite() {
      const current = record.peek();
      if (!sealing || !current) throw new Error('no session to invite to');
      const invite = drawSecret(random);
      const place = { session: current.session, seat: 0, purpose: 'invite' } as const;
      const sealer = sealing.createSealer(current.key, random);
      return {
        hash: sealing.hashSecret(invite),
        sealed: sealer.seal(invite, place, nextEpoch(state.epoch.peek())),
      };
    },
    async leave() {
      if (connection.state.peek().type === 'connected') {
        const patience = new Promise<void>((end) => parts.timers.after(LEAVING_TAKES, end));
        await Promise.race([connection.send({ type: 'leave' }), patience]);
      }
      forget();
      letGo();
    },
    erase() {
      const current = record.peek();
      if (!current) return Promise.resolve(false);
      const { session, seatToken } = current;
      connection.start(() => ({ type: 'erase', version: PROTOCOL_VERSION, session, seatToken }));
      return new Promise((settle) => {
        const stopFollowing = effect(() => {
          const now = connection.state.value;
          if (now.type !== 'closed') return;
          if (now.reason === 'erased') forget();
          settle(now.reason === 'erased');
          queueMicrotask(() => stopFollowing());
        });
      });
    },
    stop() {
      sessions.leaveOwn();
      record.value = null;
      letGo();
    },
  };
}
