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
import { Dialog } from '../parts/Dialog';
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

interface PersonalLinkProps {
  readonly room: Room;
  readonly close: () => void;
}

/** The link that was just made, how many wait to be used, and the way to another. */
export function PersonalLinkDialog({ room, close }: PersonalLinkProps) {
  const { personal: text } = more.door;
  /** With the session's link at that time: a newer one has ended this. */
  const made = useSignal<{ readonly link: string; readonly beside: string } | null>(null);
  const unused = unusedLinks(room);
  const before = useRef(unused);
  /** Somebody has joined since by one of them: nobody can tell which, as the link is known to this page alone. */
  const mayBeUsed = useSignal(false);
  useEffect(() => {
    if (unused < before.current) mayBeUsed.value = true;
    before.current = unused;
  }, [unused]);
  const isMaking = useRef(false);
  const renew = async () => {
    // A second press before the answer would make two.
    if (isMaking.current) return;
    isMaking.current = true;
    try {
      const link = await make();
      if (link === null) return;
      made.value = { link, beside: client.link() };
      mayBeUsed.value = false;
    } finally {
      isMaking.current = false;
    }
  };
  const link = unused > 0 && made.value?.beside === client.link() ? made.value.link : null;
  const isFull = unused >= MOST_UNUSED_LINKS;
  return (
    <Dialog heading={text.heading} text={text.lead} onClose={close}>
      <div class="stack">
        {link !== null && <CopyLink key={link} link={link} words={text} look="filled" />}
        {!isFull && <Button onPress={() => void renew()}>{link === null ? text.make : text.another}</Button>}
        <p class="hint small" role="status">
          {[
            link !== null && (mayBeUsed.value ? text.mayBeUsed : text.made),
            unused > 0 && text.unused(unused),
          ]
            .filter(Boolean)
            .join(' ')}
        </p>
        {isFull && <p class="hint small">{text.enough}</p>}
        <Button onPress={close}>{text.back}</Button>
      </div>
    </Dialog>
  );
}
