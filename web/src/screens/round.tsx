// A round: the presenter first, then one after another, then open to all.
import { pressing } from '../actions';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import type { SeatNumber } from '../protocol';
import { Live } from './live';
import { comesBack, findSeat, isHere, mayPutOff, placeInRound, type Room, roundBegins } from './room';
import { sentence } from './sentence';
import { GroupThought, ownQuestions, SteeringThought, Think } from './think';

/** I am the presenter, back from the silence, and speak first. */
export function PresenterRound({ room }: { readonly room: Room }) {
  const { running } = room;
  if (!running) return null;
  const { round, think } = words;
  const questions = running.prompts.presenter.filter((question) => question !== round.presenterHeading);
  const first = running.stage.round?.next[0];
  return (
    <Live
      room={room}
      heading={round.presenterHeading}
      lead={roundBegins(running) ? round.presenterLead(room.typedName(room.seat)) : round.respondLead}
      overLead={words.over.turn}
      think={<Think room={room} label={think.ifItHelps} questions={questions} />}
      next={first === undefined ? words.next.lastTurn : words.next.afterYouEach(room.name(first))}
      own={<TurnButtons room={room} pass={round.notThisTime} />}
      withoutPause
    />
  );
}

/** It is my turn. */
export function MyTurn({ room }: { readonly room: Room }) {
  const { running } = room;
  if (!running) return null;
  const { round, think } = words;
  const first = running.stage.round?.next[0];
  return (
    <Live
      room={room}
      heading={round.mineHeading}
      lead={sentence(room, round.mineLead)}
      overLead={words.over.turn}
      think={<Think room={room} label={think.ifItHelps} questions={ownQuestions(room)} />}
      next={first === undefined ? words.next.lastTurn : words.next.afterYou(room.name(first))}
      own={<TurnButtons room={room} pass={round.notThisTime} />}
      withoutPause
    />
  );
}

/** It is somebody else's turn. */
export function OthersTurn({ room }: { readonly room: Room }) {
  const { running } = room;
  if (running?.speaker === null || !running) return null;
  const { speaker } = running;
  const { round } = words;
  const name = room.name(speaker);
  const away = !isHere(room, speaker);
  const place = placeInRound(room);
  const mayGoOn = away && place.type === 'next';
  const welcomes = room.iSteer && speaker === room.presenter && comesBack(running) && roundBegins(running);
  const where =
    place.type === 'next'
      ? round.youAreNext
      : place.type === 'after'
        ? round.youComeAfter(room.name(place.seat))
        : '';
  const listen = away
    ? mayGoOn
      ? round.awayNext(name)
      : round.away(name)
    : `${round.otherLead(name)} ${where}`.trim();
  return (
    <Live
      room={room}
      heading={welcomes ? round.welcomeHeading(name) : round.otherHeading(name)}
      lead={welcomes && !away ? round.welcomeLead(name) : listen}
      think={
        welcomes ? (
          <SteeringThought room={room} another={round.welcomeAnother} />
        ) : (
          <>
            {room.iSteer && running.phase.presenter === 'participant' && <SteeringThought room={room} />}
            <RoundList room={room} />
          </>
        )
      }
      next={null}
      own={
        mayGoOn && !room.iSteer ? (
          // Whoever lost the connection comes later, if that was not so before.
          <TurnButton
            room={room}
            type={mayPutOff(running) ? 'putOffTurn' : 'passTurn'}
            label={round.beginMine}
          />
        ) : (
          room.iSteer &&
          findSeat(room, speaker)?.device === false && <TurnButtonsFor room={room} seat={speaker} />
        )
      }
    />
  );
}

/** Everyone has had a turn; the floor is open. */
export function OpenFloor({ room }: { readonly room: Room }) {
  const { running } = room;
  if (!running) return null;
  const { round, think } = words;
  return (
    <Live
      room={room}
      heading={round.openHeading}
      lead={sentence(room, round.openLead)}
      think={<GroupThought room={room} label={think.wayIn} />}
    />
  );
}

interface TurnButtonProps {
  readonly room: Room;
  readonly type: 'finishTurn' | 'passTurn' | 'putOffTurn';
  readonly label: string;
  readonly look?: 'filled' | 'outlined' | 'plain';
}

function TurnButton({ room, type, label, look = 'outlined' }: TurnButtonProps) {
  const moment = room.running?.moment;
  if (!moment) return null;
  return (
    <Button look={look} from={moment} onPress={pressing({ type, moment })}>
      {label}
    </Button>
  );
}

/** "Not this time" and "I have finished", of one size; below them, quietly, "Come back to me". */
export function TurnButtons({ room, pass }: { readonly room: Room; readonly pass: string }) {
  return (
    <>
      <TurnButton room={room} type="passTurn" label={pass} />
      <TurnButton room={room} type="finishTurn" label={words.round.finished} look="filled" />
      <PutOff room={room} label={words.round.comeBack} />
    </>
  );
}

/** The same for a person without a device, in the hands of whoever steers. */
export function TurnButtonsFor({ room, seat }: { readonly room: Room; readonly seat: SeatNumber }) {
  const name = room.name(seat);
  return (
    <>
      <TurnButton room={room} type="passTurn" label={words.round.passes(name)} />
      <TurnButton room={room} type="finishTurn" label={words.round.hasFinished(name)} />
      <PutOff room={room} label={words.round.comeBackTo(name)} />
    </>
  );
}

function PutOff({ room, label }: { readonly room: Room; readonly label: string }) {
  if (!room.running || !mayPutOff(room.running)) return null;
  return <TurnButton room={room} type="putOffTurn" label={label} look="plain" />;
}

/** The order of the round, in words. */
export function RoundList({ room }: { readonly room: Room }) {
  const round = room.running?.stage.round;
  if (!round) return null;
  const { states } = words.round;
  const mine = round.next.indexOf(room.seat);
  const waiting = (seat: SeatNumber, index: number) => {
    if (index === 0) return states.next;
    if (index === mine + 1 && mine >= 0) return states.afterYou;
    if (round.later?.includes(seat)) return states.later;
    return index === round.next.length - 1 ? states.last : '';
  };
  const row = (seat: SeatNumber, state: string, now = false) => {
    const name = room.name(seat);
    const shown = isHere(room, seat) ? state : [state, states.away].filter(Boolean).join(', ');
    return (
      <li key={seat} aria-current={now ? 'true' : undefined}>
        <bdi>{seat === room.seat ? words.people.you(name) : name}</bdi>
        {shown !== '' && <span>{shown}</span>}
      </li>
    );
  };
  return (
    <section class="think">
      <h2>{round.around === undefined ? words.think.round : words.think.roundAgain}</h2>
      <ol class="rows">
        {round.done.map((seat) => row(seat, states.done))}
        {round.speaker !== null &&
          row(round.speaker, round.speaker === room.seat ? states.yourTurn : states.now, true)}
        {round.next.map((seat, index) => row(seat, waiting(seat, index)))}
      </ol>
    </section>
  );
}
