// The group's own agreement, for whoever reads it: its lines, and what it takes to agree to them.
import { useSignal } from '@preact/signals';
import { act } from '../actions';
import { client } from '../app';
import { agreementWords as text } from '../locales/agreement';
import { words } from '../locales/session';
import { Button, type ButtonLook } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { Notice } from '../parts/Strip';
import type { Command, SeatNumber } from '../protocol';
import type { Room } from './room';

/** The lines as they open here; null for one that does not. */
export function readLines(): readonly (string | null)[] {
  const lines = client.texts.value?.agreement?.lines ?? [];
  return lines.map((line) => client.openLine(line, { purpose: 'agreement', seat: 0 }));
}

/** The act of agreeing to the promises and to the lines that stand on this page. */
export function agreeing(seat: SeatNumber): Command {
  const version = client.texts.peek()?.agreement?.version;
  return version === undefined ? { type: 'agree', seat } : { type: 'agree', seat, agreement: version };
}

/** What each person promises, by the method. */
export function GroundRules({ room }: { readonly room: Room }) {
  const rules = room.method?.groundRules ?? [];
  return (
    <ul class="agree">
      {rules.map((rule) => (
        <li key={rule}>{rule}</li>
      ))}
    </ul>
  );
}

/** The lines that the group has added; nothing where there are none. */
export function OwnLines() {
  const lines = readLines();
  if (lines.length === 0) return null;
  return (
    <section class="part near">
      <h2>{text.heading}</h2>
      <LineList lines={lines} />
    </section>
  );
}

/** Lines one below the other. */
export function LineList({ lines }: { readonly lines: readonly (string | null)[] }) {
  return (
    <ul class="lines">
      {lines.map((line, index) => (
        <li key={`${index} ${line}`}>{line === null ? text.unopened : <bdi>{line}</bdi>}</li>
      ))}
    </ul>
  );
}

/** Promises and lines over the room, with the press that agrees where one is asked for. */
export function AgreementDialog({ room, close }: { readonly room: Room; readonly close: () => void }) {
  const isAsked = room.me?.askedAgain === true;
  const lines = readLines();
  const agree = async () => {
    if (await act(agreeing(room.seat))) close();
  };
  return (
    <Dialog heading={text.menu} onClose={close}>
      <h3>{text.promises}</h3>
      <ul class="lines">
        {(room.method?.groundRules ?? []).map((rule) => (
          <li key={rule}>{rule}</li>
        ))}
      </ul>
      {lines.length > 0 ? (
        <>
          <h3>{text.heading}</h3>
          <LineList lines={lines} />
        </>
      ) : (
        <p class="hint">{text.none}</p>
      )}
      <div class="stack">
        {isAsked && (
          <Button look="filled" onPress={() => void agree()}>
            {text.agree}
          </Button>
        )}
        <Button onPress={close}>{text.close}</Button>
      </div>
    </Dialog>
  );
}

/** While a case runs: the agreement is another than the one that this person agreed to. Nothing waits for it. */
export function AskedAgain({ room }: { readonly room: Room }) {
  const reading = useSignal(false);
  if (room.me?.askedAgain !== true || !room.running) return null;
  return (
    <>
      <Notice heading={text.againHeading}>
        <p>{text.againWords}</p>
        <Button onPress={() => (reading.value = true)}>{text.read}</Button>
      </Notice>
      {reading.value && <AgreementDialog room={room} close={() => (reading.value = false)} />}
    </>
  );
}

interface AgreeProps {
  readonly room: Room;
  /** Filled where the screen waits for nothing else. */
  readonly look?: ButtonLook;
}

/** The one button: agree. */
export function AgreeButton({ room, look = 'filled' }: AgreeProps) {
  return (
    <p class="act">
      <Button look={look} wide onPress={() => void act(agreeing(room.seat))}>
        {words.lobby.agree}
      </Button>
    </p>
  );
}
