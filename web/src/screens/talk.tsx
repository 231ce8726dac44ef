// A talk afterwards, asked for between two people and seen by nobody else.
import { signal, useSignal } from '@preact/signals';
import { pressing, tellOutcome } from '../actions';
import { client } from '../app';
import { ending } from '../locales/ending';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { Choice, ErrorSummary, Field, type FieldError } from '../parts/Field';
import type { Talk } from '../protocol';
import { isOpen, lineError, othersOf } from './ending-room';
import type { Room } from './room';

const { talk: text } = ending;

/** What is typed and not sent yet, and in whose seat: nothing that closes the form takes it away. */
const draft = signal<{ readonly seat: string; readonly to: number | null; readonly line: string }>({
  seat: '',
  to: null,
  line: '',
});

/** Who asks this person and has no answer yet. */
export function askingMe(room: Room): string[] {
  const asks = ({ to, state }: Talk) => to === room.seat && state === 'asked';
  return client.own.value.talks.filter(asks).map(({ from }) => room.name(from));
}

/** The talks, and another. */
export function TalkPage({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const { talks } = client.own.value;
  const open = room.running !== null || isOpen(room);
  return (
    <>
      {talks.map((talk) => (
        <OneTalk key={`${talk.from} ${talk.to}`} room={room} talk={talk} open={open} />
      ))}
      {open ? (
        <TalkForm room={room} close={close} />
      ) : (
        <p class="act">
          <Button onPress={close}>{ending.back}</Button>
        </p>
      )}
    </>
  );
}

/** The same over the room, for who looks for it under Menu. */
export function TalkDialog({ room, close }: { readonly room: Room; readonly close: () => void }) {
  return (
    <Dialog heading={text.heading} text={text.lead} onClose={close}>
      <TalkPage room={room} close={close} />
    </Dialog>
  );
}

interface OneTalkProps {
  readonly room: Room;
  readonly talk: Talk;
  readonly open: boolean;
}

function OneTalk({ room, talk, open }: OneTalkProps) {
  const { from, to, line, state } = talk;
  const mine = from === room.seat;
  const name = room.name(mine ? to : from);
  const said = client.openLine(line, { purpose: 'talk', seat: from, to });
  const states = mine
    ? { asked: text.asked, yes: text.yes(name), not_now: text.notNow(name) }
    : { asked: '', yes: text.saidYes, not_now: text.saidNotNow };
  const answer = (accept: boolean) => pressing({ type: 'answerTalk', from, accept });
  return (
    <section class="part near">
      <h2>{mine ? text.youAsked(name) : text.theyAsk(name)}</h2>
      {said !== null && (
        <p class="think-on">
          <bdi>{said}</bdi>
        </p>
      )}
      <p class="hint" role="status">
        {states[state]}
      </p>
      {open && (
        <div class="links">
          {mine && (
            <Button look="plain" onPress={pressing({ type: 'withdrawTalk', to })}>
              {text.withdraw}
            </Button>
          )}
          {!mine && state !== 'yes' && <Button onPress={answer(true)}>{text.sayYes}</Button>}
          {!mine && state !== 'not_now' && <Button onPress={answer(false)}>{text.sayNotNow}</Button>}
        </div>
      )}
    </section>
  );
}

function TalkForm({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const errors = useSignal<readonly FieldError[]>([]);
  const asked = client.own.value.talks.filter(({ from }) => from === room.seat).map((talk) => talk.to);
  const others = othersOf(room).filter(({ seat }) => !asked.includes(seat));
  const seat = `${client.record.value?.session} ${room.seat}`;
  const { to, line } = draft.value.seat === seat ? draft.value : { to: null, line: '' };
  const whom = others.find((other) => other.seat === to)?.seat ?? null;
  const send = async (event: Event) => {
    event.preventDefault();
    const wrong = lineError(line, true);
    errors.value = [
      ...(whom === null ? [{ id: 'talk-to', words: text.nobody }] : []),
      ...(wrong === null ? [] : [{ id: 'talk-line', words: wrong }]),
    ];
    if (errors.peek().length > 0 || whom === null) return;
    if (await tellOutcome(client.sendLine('talk', whom, line))) {
      draft.value = { seat, to: null, line: '' };
    }
  };
  const error = (id: string) => errors.value.find((one) => one.id === id)?.words;
  if (others.length === 0) {
    return (
      <div class="stack act">
        {asked.length === 0 && <p>{text.noOne}</p>}
        <Button onPress={close}>{ending.back}</Button>
      </div>
    );
  }
  return (
    <form noValidate onSubmit={(event) => void send(event)}>
      <ErrorSummary heading={words.problem} errors={errors.value} />
      <fieldset class={error('talk-to') ? 'part near error' : 'part near'}>
        <legend>{text.whom}</legend>
        {error('talk-to') && <p class="error-text">{error('talk-to')}</p>}
        {others.map((other, index) => (
          <Choice
            key={other.seat}
            type="radio"
            name="talk-to"
            {...(index === 0 ? { id: 'talk-to' } : {})}
            checked={whom === other.seat}
            onChoose={() => (draft.value = { seat, to: other.seat, line })}
          >
            {room.name(other.seat)}
          </Choice>
        ))}
      </fieldset>
      <Field
        id="talk-line"
        label={text.line}
        hint={text.lineHint}
        error={error('talk-line')}
        errorPrefix={words.errorPrefix}
        value={line}
        onInput={(value) => (draft.value = { seat, to, line: value })}
      />
      <div class="stack act">
        <Button submit>{text.send}</Button>
        <Button onPress={close}>{room.running ? more.menu.close : ending.back}</Button>
      </div>
    </form>
  );
}
