// Which page stands there before a session does, and the ways between them. Addresses hold no secret.
import { signal } from '@preact/signals';
import { client, page } from '../app';
import { type DisplayLink, type Link, PLAN_FRAGMENT, readLink, SESSION_PATH, takeLink } from '../kit/link';
import { chooseStart, type Start } from '../kit/start';
import type { SessionRecord } from '../kit/storage';

/** A page. */
export type Route =
  | { readonly type: 'landing' }
  /** `code` is the plan of the link that led here. */
  | { readonly type: 'setUp'; readonly code?: string }
  /** A code was typed. */
  | { readonly type: 'knock'; readonly code: string }
  /** Left by the person's own wish. */
  | { readonly type: 'left' }
  /** Everything on this device was removed. */
  | { readonly type: 'wiped' }
  /** A session, or the way into one. */
  | Start;

/** Where a tab keeps the display link that it shows, so that a reload goes on with it. */
export const WALL = 'attune.display';

/** The page that stands there. */
export const route = signal<Route>({ type: 'landing' });

/** Reads the address and begins. The link, if any, is taken out of it first. */
export function openAddress(): void {
  const read = takeLink(window);
  const { pathname } = window.location;
  if (!pathname.startsWith(SESSION_PATH)) {
    route.value = pathname.startsWith('/new') ? openSetUp() : { type: 'landing' };
    return;
  }
  const { tab } = page.stores;
  // A tab that is a screen stays one until something else is opened in it.
  if (read.type !== 'none') tab.removeItem(WALL);
  const wall = readLink(tab.getItem(WALL) ?? '');
  const start: Start =
    wall.type === 'display' ? { ...wall, goesOn: true } : chooseStart(read, client.sessions);
  route.value = start;
  if (start.type === 'resume') client.resume(start.record);
}

/** Set-up, with the plan of its link, which is taken out of the address. */
function openSetUp(): Route {
  const { hash, pathname } = window.location;
  if (!hash.startsWith(PLAN_FRAGMENT)) return { type: 'setUp' };
  window.history.replaceState(null, '', pathname);
  return { type: 'setUp', code: hash.slice(PLAN_FRAGMENT.length) };
}

/** Follows the browser's own ways: back and forward, and another link pasted into the address bar. */
export function watchAddress(): void {
  window.addEventListener('popstate', () => {
    // A changed fragment comes here as well, before `hashchange`.
    if (window.location.hash !== '') return;
    client.stop();
    openAddress();
  });
  window.addEventListener('hashchange', () => {
    if (window.location.hash === '') return;
    client.stop();
    openAddress();
  });
}

/** Set-up, without loading the page again, where the press does not ask for another tab. */
export function goToSetUp(press: MouseEvent): void {
  if (press.ctrlKey || press.metaKey || press.shiftKey || press.altKey) return;
  press.preventDefault();
  window.history.pushState(null, '', '/new');
  route.value = { type: 'setUp' };
}

/** The pasted link, without loading the page again. */
export function goToLink(link: Link, exposed: boolean): void {
  window.history.pushState(null, '', SESSION_PATH);
  route.value = { type: 'join', link, exposed, known: client.sessions.listOf(link.session) };
}

/** The pasted display link. */
export function goToDisplay(display: DisplayLink): void {
  window.history.pushState(null, '', SESSION_PATH);
  route.value = { type: 'display', display, goesOn: false };
}

/** The person's other device, which shows this code. */
export function goToMove(code: string): void {
  route.value = { type: 'move', code };
}

/** The door that a code names. The code stands in no address. */
export function goToDoor(code: string): void {
  route.value = { type: 'knock', code };
}

/** Back to a place that this device has. */
export function goToRecord(record: SessionRecord): void {
  if (window.location.pathname !== SESSION_PATH) window.history.pushState(null, '', SESSION_PATH);
  route.value = { type: 'resume', record };
  client.resume(record);
}

/** A session that was set up here stands at its own address from now on. */
export function settleAddress(): void {
  if (window.location.pathname !== SESSION_PATH) window.history.replaceState(null, '', SESSION_PATH);
}

/** Leaves the session and says so. */
export async function leaveSession(): Promise<void> {
  await client.leave();
  route.value = { type: 'left' };
}
