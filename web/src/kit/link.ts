// The link that is shared. All of it stands in the fragment, which browsers send to nobody.
import { CODE_LENGTH, CODE_LETTERS, SEAT_CODE_LENGTH } from '../protocol';
import { isSecret } from './bytes';

/** What a link holds. */
export interface Link {
  /** Which session. */
  readonly session: string;
  /** The right to take a seat. */
  readonly invite: string;
  /** The key of the session's texts. */
  readonly key: string;
}

/** What a display link holds: a right to see the clock, and a key of its own. */
export interface DisplayLink {
  /** Which session. */
  readonly session: string;
  /** The right to show it on a screen. */
  readonly secret: string;
  /** The key of what is sealed for screens. It opens none of the session's texts. */
  readonly key: string;
}

/** What a text turned out to be. */
export type ReadLink =
  /** A whole link. `exposed`: the key came outside the fragment (`%23`), so servers on the way have seen it. */
  | { readonly type: 'link'; readonly link: Link; readonly exposed: boolean }
  /** A whole display link. */
  | { readonly type: 'display'; readonly display: DisplayLink }
  /** The code of a seat, from the picture on the person's other device. */
  | { readonly type: 'move'; readonly code: string }
  /** The beginning of a link, or a changed one. */
  | { readonly type: 'incomplete' }
  | { readonly type: 'none' };

/** What the fragment of a link to a plan begins with. */
export const PLAN_FRAGMENT = '#plan=';

/** Where links lead. */
export const SESSION_PATH = '/s';

/** The link as text: `https://host/s#<session>.<invite>.<key>`. */
export function buildLink(origin: string, link: Link): string {
  return `${origin}${SESSION_PATH}#${link.session}.${link.invite}.${link.key}`;
}

/** Percent escapes undone, as often as mail gateways add them; unreadable escapes stay. */
function unescapeText(text: string): string {
  let plain = text;
  for (let round = 0; round < 3 && plain.includes('%'); round += 1) {
    try {
      plain = decodeURIComponent(plain);
    } catch {
      break;
    }
  }
  return plain;
}

/** The display link as text: `https://host/s#d.<session>.<secret>.<key>`. */
export function buildDisplayLink(origin: string, { session, secret, key }: DisplayLink): string {
  return `${origin}${SESSION_PATH}#d.${session}.${secret}.${key}`;
}

const wholeLink = /(?:^|[^\w.-])(d\.)?([\w-]{22})\.([\w-]{22})\.([\w-]{22})(?![\w-])/u;
const unseen = /[\u00ad\u200b-\u200d\u2060\ufeff]/gu;

type Found = Extract<ReadLink, { type: 'link' | 'display' }>;

function findLink(text: string, exposed: boolean): Found | null {
  const [, mark, session = '', secret = '', key = ''] = wholeLink.exec(text) ?? [];
  if (![session, secret, key].every(isSecret)) return null;
  return mark
    ? { type: 'display', display: { session, secret, key } }
    : { type: 'link', link: { session, invite: secret, key }, exposed };
}

/** Finds a link in whatever was pasted: with brackets, words or full stops around it, wrapped, or its `#` escaped. */
export function readLink(text: string): ReadLink {
  const plain = unescapeText(text).replace(unseen, '');
  const exposed = !text.includes('#') && /%(?:25)*23/i.test(text);
  const link = findLink(plain, exposed) ?? findLink(plain.replace(/\s+/gu, ''), exposed);
  // Servers on the way have seen an exposed one: a screen's is made anew sooner than explained.
  if (link) return link.type === 'display' && exposed ? { type: 'incomplete' } : link;
  const [, marked] = plain.split(seatMark);
  const code = marked === undefined ? null : readSeatCode(marked);
  if (code !== null) return { type: 'move', code };
  const looksLikeOurs = /\/s\/?[^\s]*#|(?:^|[#\s])[\w-]{20,}\.[\w-]*/u.test(plain);
  return looksLikeOurs ? { type: 'incomplete' } : { type: 'none' };
}

function readLetters(text: string, length: number): string | null {
  const code = text.replace(/[\s-]/gu, '').toUpperCase();
  return code.length === length && [...code].every((letter) => CODE_LETTERS.includes(letter)) ? code : null;
}

/** A door's code in what was typed, in capitals and without spaces; null for anything else. */
export const readCode = (text: string) => readLetters(text, CODE_LENGTH);

/** A seat's code in what was typed. */
export const readSeatCode = (text: string) => readLetters(text, SEAT_CODE_LENGTH);

const seatMark = '#m.';

/** The code of a seat as a link, for a picture. It holds no key. */
export function buildSeatLink(origin: string, code: string): string {
  return `${origin}${SESSION_PATH}${seatMark}${code}`;
}

/** What of the browser `takeLink` uses. */
export interface AddressBar {
  readonly location: { readonly pathname: string; readonly search: string; readonly hash: string };
  readonly history: { replaceState(data: unknown, unused: string, url: string): void };
}

/**
 * Reads the page's own address once and takes everything after `/s` out of it, before anything else can see it. A
 * fragment that holds a link, or a piece of one, is as secret behind another page's address, and leads to the same place.
 */
export function takeLink(bar: AddressBar): ReadLink {
  const { pathname, search, hash } = bar.location;
  if (!pathname.startsWith(SESSION_PATH)) {
    const read: ReadLink = hash.startsWith(PLAN_FRAGMENT) ? { type: 'none' } : readLink(hash);
    if (read.type !== 'none') bar.history.replaceState(null, '', SESSION_PATH);
    return read;
  }
  const beforeFragment = pathname.slice(SESSION_PATH.length) + search;
  if (beforeFragment + hash === '') return { type: 'none' };
  bar.history.replaceState(null, '', SESSION_PATH);
  const read = readLink(hash);
  if (read.type !== 'incomplete' && read.type !== 'none') return read;
  // Whatever followed `/s` was meant to be a link.
  const exposed = readLink(beforeFragment + hash);
  return exposed.type === 'link' ? { ...exposed, exposed: true } : { type: 'incomplete' };
}
