// The session's own screens are fetched beside the first answer of the server, not before the page shows.

/** Fetches them; the browser does it once. */
export const loadSession = () => import('./session');
