// The session's own screens are fetched once a person types a name or presses, not before the page shows.

/** Fetches them; the browser does it once. */
export const loadSession = () => import('./session');

/** Fetches them ahead of need. A failure shows where they are needed. */
export function fetchSession(): void {
  loadSession().catch(() => {});
}
