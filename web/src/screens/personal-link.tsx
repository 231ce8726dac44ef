// A link for one person, beside the session's own: whoever is first to join by it takes it.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { act } from '../actions';
import { client } from '../app';
import { drawSecret } from '../kit/bytes';
import { browserRandom } from '../kit/environment';
import { buildLink, readLink } from '../kit/link';
import { hashSecret } from '../kit/seal';
import { more } from '../locales/more';
import { Button } from '../parts/Button';
import { MOST_UNUSED_LINKS } from '../protocol';
import { CopyLink } from './copy-link';
import type { Room } from './room';

/** How many such links nobody has joined by. */
export function unusedLinks(room: Room): number {
  return room.view.unusedLinks ?? 0;
}

/**
 * Draws a link and hands its hash over; the link itself stays on this page. The session's own goes along, sealed: whoever
 * joins by this one has no other to pass on.
 */
async function make(): Promise<string | null> {
  const own = readLink(client.link());
  if (own.type !== 'link') return null;
  const shared = await client.sealLine(own.link.invite, 'invite');
  if (shared === null) return null;
  const invite = drawSecret(browserRandom);
  const isMade = await act({ type: 'makePersonalLink', invite: hashSecret(invite), shared });
  return isMade ? buildLink(window.location.origin, { ...own.link, invite }) : null;
}

/** The link that was just made, how many wait to be used, and the way to another. */
export function PersonalLink({ room }: { readonly room: Room }) {
  const { personal: text } = more.door;
  const made = useSignal<string | null>(null);
  const unused = unusedLinks(room);
  const before = useRef(unused);
  useEffect(() => {
    // Somebody has joined by one of them. It may be the one that stands here, which is then good for nobody else.
    if (unused < before.current) made.value = null;
    before.current = unused;
  }, [unused]);
  const isMaking = useRef(false);
  const renew = async () => {
    // A second press before the answer would make two.
    if (isMaking.current) return;
    isMaking.current = true;
    made.value = await make();
    isMaking.current = false;
  };
  const link = unused > 0 ? made.value : null;
  return (
    <>
      {unused < MOST_UNUSED_LINKS && (
        <Button onPress={() => void renew()}>{link === null ? text.make : text.another}</Button>
      )}
      <p class="hint small">{unused < MOST_UNUSED_LINKS ? text.hint : text.enough}</p>
      <p class="hint small" role="status">
        {[unused > 0 && text.unused(unused), link !== null && text.made].filter(Boolean).join(' ')}
      </p>
      {link !== null && <CopyLink key={link} link={link} words={text} />}
    </>
  );
}
