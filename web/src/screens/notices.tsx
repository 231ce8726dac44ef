// News with a choice, in the place of the question: a pause is needed, the facilitator is lost, the chair is asked.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { pressing } from '../actions';
import { client } from '../app';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Notice } from '../parts/Strip';
import { AskedAgain } from './agreement';
import { lazily } from './lazy';
import { findSeat, isHere, type Room } from './room';

/** A loss shorter than this is a blip, and nobody's news. */
const BLIP = 5_000;
/** The chair is free this long after the loss, by the server's rule; the view says only when. */
const CHAIR_GRACE = 60_000;
/** After this, whoever steers is told that the silent presenter has no connection. */
const PRESENTER_LOST_AFTER = 30_000;

/** All that is news for this person now. */
export function Notices({ room }: { readonly room: Room }) {
  return (
    <>
      <AtTheDoor room={room} />
      <PauseRequest room={room} />
      <FacilitatorLost room={room} />
      <ChairAsked room={room} />
      <ChairHeld room={room} />
      <AskedAgain room={room} />
      <PresenterLost room={room} />
    </>
  );
}

const DoorKeeper = lazily(() => import('./door-keeper').then((module) => module.DoorKeeper));

/** Somebody knocks; only whoever steers is told. */
export function AtTheDoor({ room }: { readonly room: Room }) {
  const knocks = client.door.value?.knocks.length ?? 0;
  return room.iSteer && knocks > 0 ? <DoorKeeper room={room} /> : null;
}

/** Somebody needs a pause; only whoever steers is told. */
function PauseRequest({ room }: { readonly room: Room }) {
  const request = room.view.pauseRequest;
  if (!request || !room.running || !room.iSteer) return null;
  const { moment } = room.running;
  return (
    <Seen>
      <Notice heading={words.pause.asked(room.name(request.by))}>
        <Button onPress={pressing({ type: 'pause', moment })}>{words.pause.forEveryone}</Button>
        <Button onPress={pressing({ type: 'hearPause' })}>{words.pause.heard}</Button>
      </Notice>
    </Seen>
  );
}

/** Brings news into sight, clear of the sheet also on a small phone, without taking the focus. */
function Seen({ children }: { readonly children: ComponentChildren }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.scrollIntoView({ block: 'center' }), []);
  return <div ref={place}>{children}</div>;
}

/** Nobody who could steer is connected. Only words at first; the offer once the chair is free. */
export function FacilitatorLost({ room }: { readonly room: Room }) {
  const { freeAt, standIn } = room.view.chair;
  const inMeeting = room.running !== null || room.view.stage.type === 'lobby';
  if (freeAt === null || room.iAmSilent || !inMeeting) return null;
  const now = client.now.value;
  if (now < freeAt - CHAIR_GRACE + BLIP) return null;
  const lost = room.view.seats.filter((seat) => seat.facilitator || seat.seat === standIn);
  const [only, ...more] = lost.map(({ seat }) => room.name(seat));
  const { lost: text } = words;
  const [heading, sentence] =
    only === undefined
      ? [text.headingGone, text.wordsGone]
      : more.length > 0
        ? [text.headingSeveral, text.wordsSeveral]
        : [text.heading(only), text.words(only)];
  const mayTake = now >= freeAt && room.me?.agreed === true;
  return (
    <Notice heading={heading}>
      <p>{sentence}</p>
      {mayTake && <Button onPress={pressing({ type: 'takeChair' })}>{text.take}</Button>}
    </Notice>
  );
}

/** A facilitator presents and asks this person to hold the chair. */
export function ChairAsked({ room }: { readonly room: Room }) {
  if (room.view.chair.asked !== room.seat) return null;
  const { lobby } = words;
  return (
    <Notice heading={lobby.chairAsked(room.presenterName)}>
      <p>{lobby.chairAskedWords(room.presenterName)}</p>
      <Button onPress={pressing({ type: 'answerChair', accept: true })}>{lobby.chairYes}</Button>
      <Button onPress={pressing({ type: 'answerChair', accept: false })}>{lobby.chairNo}</Button>
    </Notice>
  );
}

/** Somebody stands in: a facilitator reads who, and can have the chair back. */
export function ChairHeld({ room }: { readonly room: Room }) {
  const { standIn } = room.view.chair;
  if (standIn === null || room.iAmSilent || !room.iFacilitate || room.iStandIn) return null;
  return (
    <Notice heading={words.chair.standIn(room.name(standIn))}>
      <Button onPress={pressing({ type: 'askForChair' })}>{words.chair.ask}</Button>
    </Notice>
  );
}

/** The silent presenter has been without a connection for a while. */
function PresenterLost({ room }: { readonly room: Room }) {
  const { presenter, running } = room;
  if (!running || presenter === null || !room.iSteer || room.iPresent || isHere(room, presenter)) return null;
  const since = findSeat(room, presenter)?.awaySince;
  if (since === undefined || client.now.value < since + PRESENTER_LOST_AFTER) return null;
  return <Notice heading={words.chair.presenterLost(room.presenterName)}>{null}</Notice>;
}
