// Who knocks, for whoever steers: let in, ask to wait, or decline; with two words to compare where a code was typed.
import { useEffect } from 'preact/hooks';
import { act, pressing } from '../actions';
import { client } from '../app';
import { browserRandom } from '../kit/environment';
import { answerKnock, type Met, type OpenerSide } from '../kit/handover';
import { createSealer } from '../kit/seal';
import { FIRST_EPOCH, openKnock } from '../kit/sealed';
import { door } from '../locales/door';

import { Button } from '../parts/Button';
import { Notice } from '../parts/Strip';
import type { HoldMessage, KnockView } from '../protocol';
import type { Room } from './room';
import { sayAloud } from './speech';

/** This page's side of the knocks that it has answered. Gone with the page: then a knock begins anew. */
const sides = new Map<string, OpenerSide>();
/** What became of them; null where something else was shown than was committed to. */
const meetings = new Map<string, Met | null>();

/** Everybody who waits. */
export function DoorKeeper({ room }: { readonly room: Room }) {
  const knocks = client.door.value?.knocks ?? [];
  const newest = knocks.at(-1)?.knock;
  useEffect(() => {
    if (newest !== undefined) sayAloud(door.keep.byLink(door.keep.somebody));
  }, [newest]);
  for (const known of sides.keys()) {
    if (!knocks.some(({ knock }) => knock === known)) {
      sides.delete(known);
      meetings.delete(known);
    }
  }
  return (
    <>
      {knocks.map((knock) =>
        knock.by.type === 'link' ? (
          <ByLink key={knock.knock} knock={knock} room={room} sealed={knock.by.name} />
        ) : (
          <ByCode key={knock.knock} knock={knock} room={room} by={knock.by} />
        ),
      )}
    </>
  );
}

interface KnockProps {
  readonly knock: KnockView;
  readonly room: Room;
}

/** They have the key already, so their name is enough. */
function ByLink({ knock, room, sealed }: KnockProps & { readonly sealed: string | undefined }) {
  const { keep } = door;
  const record = client.record.value;
  const name =
    (sealed !== undefined &&
      record &&
      openKnock(createSealer(record.key, browserRandom), sealed, record.session)) ||
    keep.somebody;
  return (
    <Notice heading={keep.byLink(name)}>
      <p>{keep.hasLink(name)}</p>
      <Button onPress={pressing({ type: 'letIn', knock: knock.knock })}>{keep.letIn(name)}</Button>
      <Hold knock={knock} room={room} name={name} />
      <Decline knock={knock} label={keep.decline(name)} />
    </Notice>
  );
}

/** They have no key: two words say whether anybody stands between. */
function ByCode({
  knock,
  room,
  by,
}: KnockProps & { readonly by: Extract<KnockView['by'], { type: 'code' }> }) {
  const { keep } = door;
  const { answeredBy, revealed, commitment } = by;
  const side = sides.get(knock.knock);
  const answer = () => {
    // The first answer holds, so a second press must not take its key away.
    const mine = side ?? answerKnock(commitment, browserRandom);
    sides.set(knock.knock, mine);
    void act({ type: 'answerKnock', knock: knock.knock, key: mine.key });
  };
  if (answeredBy === undefined) {
    return (
      <Notice heading={keep.byCode}>
        <p>{keep.noKey}</p>
        <Button onPress={answer}>{keep.answer}</Button>
        <Hold knock={knock} room={room} name={keep.them} />
        <Decline knock={knock} label={keep.decline(keep.them)} />
      </Notice>
    );
  }
  if (answeredBy !== room.seat || !side) {
    const lead = answeredBy === room.seat ? keep.lostKey : keep.answering(room.name(answeredBy));
    return (
      <Notice heading={keep.byCode}>
        <p>{lead}</p>
        <Button onPress={pressing({ type: 'askAgain', knock: knock.knock })}>{keep.again}</Button>
        <Decline knock={knock} label={keep.decline(keep.them)} />
      </Notice>
    );
  }
  if (!revealed) {
    return (
      <Notice heading={keep.byCode}>
        <p>{keep.coming}</p>
        <Decline knock={knock} label={keep.decline(keep.them)} />
      </Notice>
    );
  }
  if (!meetings.has(knock.knock)) meetings.set(knock.knock, side.meet(revealed));
  const met = meetings.get(knock.knock);
  const name = met && openKnock(met.sealer, revealed.name, '');
  if (!met || !name) {
    return (
      <Notice heading={keep.byCode}>
        <p>{keep.forged}</p>
        <Decline knock={knock} label={keep.decline(keep.them)} />
      </Notice>
    );
  }
  const letIn = () => {
    const place = { session: '', seat: 0, purpose: 'handed' } as const;
    const handed = met.sealer.seal(client.link(), place, FIRST_EPOCH);
    void act({ type: 'letIn', knock: knock.knock, handed });
  };
  return (
    <Notice heading={keep.byLink(name)}>
      <p>{keep.compare(name)}</p>
      <p class="said" aria-label={keep.label} role="status">
        {met.words.join(' ')}
      </p>
      <Button onPress={letIn}>{keep.match(name)}</Button>
      <Hold knock={knock} room={room} name={name} />
      <Decline knock={knock} label={keep.differ} />
    </Notice>
  );
}

/** A part under way is a reason to wait; before the start a moment is enough. */
function Hold({ knock, room, name }: KnockProps & { readonly name: string }) {
  const { keep } = door;
  if (knock.held !== undefined) return <p class="hint">{keep.held[knock.held]}</p>;
  const message: HoldMessage = room.running ? 'next_part' : 'a_moment';
  return (
    <Button onPress={pressing({ type: 'holdKnock', knock: knock.knock, message })}>
      {room.running ? keep.hold(name) : keep.holdMoment(name)}
    </Button>
  );
}

function Decline({ knock, label }: { readonly knock: KnockView; readonly label: string }) {
  return <Button onPress={pressing({ type: 'decline', knock: knock.knock })}>{label}</Button>;
}
