// Knocking by a code: one socket to a door, without a link and its key, until somebody lets in.
//
// It never knocks again by itself. Each knock draws new keys, so a server that could have it repeated would guess at
// the words as often as it likes.
import { type ReadonlySignal, signal } from '@preact/signals';
import {
  CLOSE_CODES,
  type FirstMessage,
  type HoldMessage,
  type KnockerMessage,
  PROTOCOL_VERSION,
  SEAT_CODE_LENGTH,
  type ServerMessage,
} from '../protocol';
import { drawSecret } from './bytes';
import type { RandomBytes } from './environment';
import { beginKnock, type Met } from './handover';
import { type Link, readLink } from './link';
import { cleanName } from './name';
import { FIRST_EPOCH } from './sealed';
import type { CloseReason, SocketLike } from './socket';

/** How a knock stands. */
export type KnockState =
  | { readonly type: 'idle' }
  | { readonly type: 'connecting' }
  /** Somebody inside has to answer. */
  | { readonly type: 'waiting'; readonly held: HoldMessage | null }
  /** Two words are to be compared. */
  | {
      readonly type: 'words';
      readonly words: readonly [string, string];
      readonly held: HoldMessage | null;
    }
  /** The link is here. */
  | { readonly type: 'letIn'; readonly link: Link; readonly seatToken: string }
  /** `lost`: the connection; `broken`: what came could not be opened. */
  | { readonly type: 'over'; readonly reason: CloseReason | 'lost' | 'broken' };

/** A knock. */
export interface Knocking {
  readonly state: ReadonlySignal<KnockState>;
  /** Knocks with this name; a knock before is over. With a seat's code it asks that person's own page, and says no name. */
  knock(code: string, name: string): void;
  stop(): void;
}

const reasons = new Map<number, CloseReason>(
  Object.entries(CLOSE_CODES).map(([reason, { code }]) => [code, reason as CloseReason]),
);

/** Makes one. It opens no socket before `knock`. */
export function createKnocking(openSocket: () => SocketLike, random: RandomBytes): Knocking {
  const state = signal<KnockState>({ type: 'idle' });
  let socket: SocketLike | null = null;
  const letGo = () => {
    const old = socket;
    socket = null;
    old?.close();
  };
  const end = (reason: CloseReason | 'lost' | 'broken') => {
    letGo();
    state.value = { type: 'over', reason };
  };

  return {
    state,
    knock(code, name) {
      letGo();
      const opened = openSocket();
      socket = opened;
      state.value = { type: 'connecting' };
      const seatToken = drawSecret(random);
      const side = beginKnock(random);
      let answer: string | null = null;
      let met: Met | null = null;
      const say = (message: FirstMessage | KnockerMessage) => opened.send(JSON.stringify(message));
      const hear = (message: ServerMessage) => {
        if (message.type !== 'waiting') return;
        const { answered, held = null, handed } = message.waiting;
        if (handed !== undefined) {
          const opened = met?.sealer.open(handed, { session: '', seat: 0, purpose: 'handed' });
          const read = opened?.type === 'text' ? readLink(opened.text) : null;
          if (read?.type !== 'link') return end('broken');
          letGo();
          state.value = { type: 'letIn', link: read.link, seatToken };
          return;
        }
        if (answered !== undefined && answer === null) {
          answer = answered;
          met = side.meet(answered);
          if (!met) return end('broken');
          const place = { session: '', seat: 0, purpose: 'knock' } as const;
          const sealed = met.sealer.seal(cleanName(name), place, FIRST_EPOCH);
          say({ type: 'reveal', key: side.key, nonce: side.nonce, name: sealed });
        }
        // Once the key is shown, a second answer could be chosen to fit it.
        if (answered !== undefined && answered !== answer) return end('broken');
        state.value = met ? { type: 'words', words: met.words, held } : { type: 'waiting', held };
      };
      opened.onopen = () => {
        const { commitment } = side;
        const type = code.length === SEAT_CODE_LENGTH ? 'move' : 'knock';
        say({ type, version: PROTOCOL_VERSION, code, seatToken, commitment });
      };
      opened.onmessage = ({ data }) => {
        if (socket === opened && typeof data === 'string') hear(JSON.parse(data) as ServerMessage);
      };
      opened.onclose = ({ code: closed }) => {
        if (socket !== opened) return;
        end(reasons.get(closed) ?? 'lost');
      };
    },
    stop() {
      letGo();
      state.value = { type: 'idle' };
    },
  };
}
