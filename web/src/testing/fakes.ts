// A device, a time and a network that tests move by hand.
import type { DeviceClock, RandomBytes, Timers, Waking, WatchWaking } from '../kit/environment';
import type { SocketLike } from '../kit/socket';
import type { ClientMessage, FirstMessage, ServerMessage } from '../protocol';

/** True time, and devices that believe what they like about it. */
export class FakeTime {
  /** True time in ms. */
  now: number;
  #timers: { due: number; work: () => void }[] = [];

  constructor(now = 1_790_000_000_000) {
    this.now = now;
  }

  readonly timers: Timers = {
    after: (delay, work) => {
      const timer = { due: this.now + delay, work };
      this.#timers.push(timer);
      return () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
      };
    },
  };

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.length;
  }

  /** Lets time pass; whatever falls due runs at its own moment. */
  advance(length: number): void {
    const end = this.now + length;
    for (;;) {
      const [next] = this.#timers.filter(({ due }) => due <= end).sort((left, right) => left.due - right.due);
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.now = Math.max(this.now, next.due);
      next.work();
    }
    this.now = end;
  }

  /** A device whose clock is wrong by `error` ms; `set` changes by how much. */
  device(error = 0): DeviceClock & { set(error: number): void } {
    let wrong = error;
    return {
      wall: () => this.now + wrong,
      steady: () => this.now - 1_000_000,
      set(next) {
        wrong = next;
      },
    };
  }
}

/** Signs of coming back, given by hand. */
export function createWaking(): { watch: WatchWaking; wake(why: Waking): void } {
  const listeners = new Set<(why: Waking) => void>();
  return {
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    wake(why) {
      for (const listener of [...listeners]) listener(why);
    },
  };
}

/** Bytes that are never the same twice, and the same in each run. */
export function createRandom(seed = 1): RandomBytes {
  let state = seed;
  return (length) =>
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 16) & 0xff;
    });
}

/** One end of a socket, held by the test. */
export class FakeSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  readonly sent: (FirstMessage | ClientMessage)[] = [];
  /** Every frame as it went out. */
  readonly frames: string[] = [];
  closed = false;

  send(data: string): void {
    this.frames.push(data);
    this.sent.push(JSON.parse(data));
  }

  close(): void {
    this.closed = true;
  }

  /** The network lets it open. */
  open(): void {
    this.onopen?.();
  }

  /** The server says something. */
  tell(message: ServerMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  /** The server or the network ends it. */
  drop(code = 1006): void {
    this.onclose?.({ code });
  }

  /** What was sent of one type. */
  of<Type extends (FirstMessage | ClientMessage)['type']>(
    type: Type,
  ): Extract<FirstMessage | ClientMessage, { type: Type }>[] {
    return this.sent.filter(
      (message): message is Extract<FirstMessage | ClientMessage, { type: Type }> => message.type === type,
    );
  }
}

/** All sockets that were opened. */
export class FakeNetwork {
  readonly sockets: FakeSocket[] = [];

  readonly openSocket = (): FakeSocket => {
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  };

  /** The newest socket. */
  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }
}
