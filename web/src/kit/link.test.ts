import { describe, expect, test } from 'vitest';
import { createRandom } from '../testing/fakes';
import { drawSecret } from './bytes';
import { buildDisplayLink, buildLink, readLink, takeLink } from './link';

const random = createRandom(7);
const link = { session: drawSecret(random), invite: drawSecret(random), key: drawSecret(random) };
const text = buildLink('https://attune.example', link);
const fragment = text.slice(text.indexOf('#'));

/** An address bar at `/s` and what follows. */
function addressBar(rest: string) {
  const url = new URL(`https://attune.example/s${rest}`);
  const replaced: string[] = [];
  return {
    replaced,
    location: url,
    history: { replaceState: (_: unknown, __: string, next: string) => void replaced.push(next) },
  };
}

describe('links', () => {
  test('SEAL-2 the link is three secrets in the fragment', () => {
    expect(text).toMatch(/^https:\/\/attune\.example\/s#[\w-]{22}\.[\w-]{22}\.[\w-]{22}$/);
    expect(readLink(text)).toEqual({ type: 'link', link, exposed: false });
  });

  test.each([
    ['brackets', `<${text}>`],
    ['round brackets and a full stop', `Join us (${text}).`],
    ['words', `Here it is:\n${text}\nSee you, Mary`],
    ['quotes', `"${text}"`],
    ['a line wrapped by mail', `${text.slice(0, 60)}\n${text.slice(60)}`],
    ['a soft hyphen and a zero-width space', `${text.slice(0, 50)}\u00ad\u200b${text.slice(50)}`],
    ['the fragment alone', fragment],
  ])('SEAL-9 a link in %s is found', (_, pasted) => {
    expect(readLink(pasted)).toEqual({ type: 'link', link, exposed: false });
  });

  test.each(['%23', '%2523'])('SEAL-9 T21 a link with %s is repaired and known as exposed', (escaped) => {
    expect(readLink(text.replace('#', escaped))).toEqual({ type: 'link', link, exposed: true });
  });

  test('SEAL-9 a link behind a redirect is found as exposed', () => {
    const wrapped = `https://links.example/?url=${encodeURIComponent(text)}&data=05`;
    expect(readLink(wrapped)).toEqual({ type: 'link', link, exposed: true });
  });

  test.each([
    ['without its last letter', text.slice(0, -1)],
    ['without its key', text.slice(0, text.lastIndexOf('.'))],
    ['cut in the middle', text.slice(0, 55)],
    ['with a letter too many', `${text}A`],
    ['in small letters', text.toLowerCase().replace(/.$/, 'b')],
  ])('SEAL-9 a link %s is incomplete', (_, pasted) => {
    expect(readLink(pasted)).toEqual({ type: 'incomplete' });
  });

  test.each(['', 'hello', 'https://example.org/', 'ABC DEF'])('SEAL-9 %j is no link', (pasted) => {
    expect(readLink(pasted)).toEqual({ type: 'none' });
  });

  test('T22 the address is read once and cleaned', () => {
    const bar = addressBar(fragment);
    expect(takeLink(bar)).toEqual({ type: 'link', link, exposed: false });
    expect(bar.replaced).toEqual(['/s']);
  });

  test.each(['/', '/new', '/elsewhere'])('SEAL-12 T22 a link behind %s is taken out and opened', (path) => {
    const url = new URL(`https://attune.example${path}${fragment}`);
    const replaced: string[] = [];
    const history = { replaceState: (_: unknown, __: string, next: string) => void replaced.push(next) };
    expect(takeLink({ location: url, history })).toEqual({ type: 'link', link, exposed: false });
    expect(replaced).toEqual(['/s']);
    url.hash = fragment.slice(0, -5);
    expect(takeLink({ location: url, history })).toEqual({ type: 'incomplete' });
    expect(replaced).toEqual(['/s', '/s']);
    url.hash = '#plan=abcdefghijklmnopqrstuv.abc';
    expect(takeLink({ location: url, history })).toEqual({ type: 'none' });
    expect(replaced).toHaveLength(2);
  });

  test('T21 a key in the path is repaired said and cleaned away', () => {
    const bar = addressBar(fragment.replace('#', '%23'));
    expect(takeLink(bar)).toEqual({ type: 'link', link, exposed: true });
    expect(bar.replaced).toEqual(['/s']);
  });

  test('T21 whatever else follows is cleaned and called incomplete', () => {
    for (const rest of ['/x%23canary', '%23canary', '?canary', '#canary']) {
      const bar = addressBar(rest);
      expect(takeLink(bar)).toEqual({ type: 'incomplete' });
      expect(bar.replaced).toEqual(['/s']);
    }
  });

  test('BACK-5 a reload has nothing in its address', () => {
    const bar = addressBar('');
    expect(takeLink(bar)).toEqual({ type: 'none' });
    expect(bar.replaced).toEqual([]);
  });

  test('DISPLAY-1 a display link is told from a link to join by, and neither is taken for the other', () => {
    const display = { session: link.session, secret: link.invite, key: link.key };
    const text = buildDisplayLink('https://attune.example', display);
    expect(readLink(text)).toEqual({ type: 'display', display });
    expect(readLink(`The screen: <${text}>.`)).toEqual({ type: 'display', display });
    expect(readLink(buildLink('https://attune.example', link)).type).toBe('link');
    expect(readLink(text.slice(0, -3)).type).toBe('incomplete');
    // Servers on the way have seen it.
    expect(readLink(text.replace('#', '%23')).type).toBe('incomplete');
  });
});
