// Keeps the screen on while a phase runs, where the browser allows it.
import { effect, type ReadonlySignal, signal } from '@preact/signals';

/** The part of the browser's sentinel that is used. */
export interface Sentinel {
  release(): Promise<void>;
  addEventListener(type: 'release', listener: () => void): void;
}

/** How it stands: `failed` means that the screen may dim although it should not. */
export type WakeState = 'off' | 'held' | 'failed';

/** What it is made from. */
export interface WakeParts {
  /** Asks the browser; absent where it cannot. */
  readonly request?: (() => Promise<Sentinel>) | undefined;
  /** Whether the page is seen: a browser lets go of the lock whenever it is not. */
  readonly visible: ReadonlySignal<boolean>;
  /** Whether the screen should stay on. */
  readonly wish: ReadonlySignal<boolean>;
}

/** Follows the wish: takes the lock, takes it again on coming back, lets go at the end. The answer's `stop` ends it. */
export function keepAwake({ request, visible, wish }: WakeParts): {
  readonly state: ReadonlySignal<WakeState>;
  stop(): void;
} {
  const state = signal<WakeState>('off');
  let held: Sentinel | null = null;
  // Answers come late: only the newest question counts.
  let question = 0;

  const letGo = () => {
    question += 1;
    const old = held;
    held = null;
    old?.release().catch(() => {});
  };

  const take = async () => {
    question += 1;
    const asked = question;
    try {
      const sentinel = await request?.();
      if (!sentinel) throw new Error('no wake lock here');
      if (asked !== question) {
        await sentinel.release();
        return;
      }
      held = sentinel;
      state.value = 'held';
      sentinel.addEventListener('release', () => {
        if (held !== sentinel) return;
        held = null;
        // Taken away while the page is seen, as a low battery does.
        if (visible.peek() && wish.peek()) state.value = 'failed';
      });
    } catch {
      if (asked === question) state.value = 'failed';
    }
  };

  const stopFollowing = effect(() => {
    const wanted = wish.value;
    const seen = visible.value;
    letGo();
    if (!wanted) state.value = 'off';
    else if (seen) void take();
  });
  return {
    state,
    stop() {
      stopFollowing();
      letGo();
      state.value = 'off';
    },
  };
}
