// The kit in a real browser: everything that it takes from outside is handed in here.

import type { ReadonlySignal } from '@preact/signals';
import { computed, signal } from '@preact/signals';
import { type Client, createClient } from './client';
import { browserClock, browserRandom, browserTimers, watchWaking } from './environment';
import { applySettings, createSettings, type Settings } from './settings';
import type { SocketLike } from './socket';
import { type Bell, createBell } from './sound';
import { runningOf } from './state';
import { createSessionStore, openStore, type Store } from './storage';
import { keepAwake, type WakeState } from './wake';

/** The page's parts. */
export interface Page {
  readonly client: Client;
  readonly settings: Settings;
  readonly bell: Bell;
  /** Whether the screen is kept awake. */
  readonly awake: ReadonlySignal<WakeState>;
  /** Whether the page came over a connection that anyone on the way can read and change. */
  readonly exposed: boolean;
  /** What this browser keeps: until it is removed, and until this tab is closed. */
  readonly stores: { readonly device: Store; readonly tab: Store };
}

/** A socket to the server that this page came from. */
export function openSocket(): SocketLike {
  const address = new URL('/ws', window.location.href);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(address) as SocketLike;
}

/** A device's answer to a media query, as it changes. */
function matchSignal(query: string): ReadonlySignal<boolean> {
  const list = window.matchMedia(query);
  const matches = signal(list.matches);
  list.addEventListener('change', () => {
    matches.value = list.matches;
  });
  return matches;
}

/** Keeps this screen on while that is wished. */
export function keepScreenOn(wish: ReadonlySignal<boolean>): ReturnType<typeof keepAwake> {
  const visible = signal(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', () => {
    visible.value = document.visibilityState === 'visible';
  });
  // Absent on plain http, whatever the types say.
  const lock = navigator.wakeLock as WakeLock | undefined;
  return keepAwake({ request: lock && (() => lock.request('screen')), visible, wish });
}

/** What a client and a wall take from the browser. */
export function browserParts() {
  return {
    openSocket,
    device: browserClock,
    timers: browserTimers,
    random: browserRandom,
    chance: Math.random,
    watchWaking,
    origin: window.location.origin,
  };
}

/** Makes the page's parts. Opens no socket. */
export function createPage(): Page {
  const device = openStore(() => window.localStorage);
  const tab = openStore(() => window.sessionStorage);
  const client = createClient({
    ...browserParts(),
    sessions: createSessionStore(device, tab, browserClock.wall),
    loadSealing: () => import('./seal'),
  });

  const settings = createSettings(device, matchSignal('(prefers-contrast: more)'));
  applySettings(settings, document.documentElement);

  const { state: awake } = keepScreenOn(computed(() => runningOf(client.view.value) !== null));

  const bell = createBell({
    openAudio: 'AudioContext' in window ? () => new AudioContext() : undefined,
    vibrate: 'vibrate' in navigator ? (pattern) => void navigator.vibrate(pattern) : undefined,
    chosen: settings.sound,
    watchPresses(press) {
      document.addEventListener('click', press, true);
      return () => document.removeEventListener('click', press, true);
    },
  });
  const exposed = window.location.protocol === 'http:' && !isLoopback();
  return { client, settings, bell, awake, exposed, stores: { device, tab } };
}

function isLoopback(): boolean {
  return /^(localhost|127\.|\[::1\])/.test(window.location.hostname);
}
