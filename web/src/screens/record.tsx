// After the end: what took place, in times only; to print, to save, to delete, to leave.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { tellingIfSlow } from '../actions';
import { client } from '../app';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { Decision } from '../parts/Dialog';
import { Dock } from '../parts/Dock';
import { Choice } from '../parts/Field';
import { useKeptFocus, useTop } from '../parts/focus';
import { Glyph } from '../parts/Glyph';
import type { CaseRecord } from '../protocol';
import { fullDate, longDate } from './dates';
import { EndingList, EndingScreen, endingPage } from './ending';
import { findMethod, titleAt } from './methods';
import type { Room } from './room';
import { leaveSession } from './route';
import { saveFile } from './save-file';
import { buildMarkdown, type CaseTexts, captionOf, type RecordTexts } from './save-record';
import { SessionFrame } from './session-frame';

const wholeMinutes = (milliseconds: number) => Math.round(milliseconds / 60_000);

/** As planned at the start, and what was added or taken since. */
const plannedMinutes = (planned: number, moved: number) =>
  moved === 0
    ? more.record.minutes(wholeMinutes(planned))
    : more.record.changed(wholeMinutes(planned), wholeMinutes(planned + moved));

/** One case in words and whole minutes. */
function readCase({ plan, phases }: CaseRecord): CaseTexts {
  const method = findMethod(plan.method);
  const sum = (of: 'planned' | 'moved' | 'actual') =>
    phases.reduce((total, phase) => total + (phase[of] ?? 0), 0);
  const parts = phases.map(({ phase, planned, moved = 0, actual }) => {
    const title = titleAt(plan, method, phase);
    return { title, planned: plannedMinutes(planned, moved), actual: wholeMinutes(actual) };
  });
  return {
    method: method?.name ?? '',
    parts,
    planned: plannedMinutes(sum('planned'), sum('moved')),
    actual: wholeMinutes(sum('actual')),
  };
}

/** The record in words. */
function readRecord(room: Room): RecordTexts | null {
  const { stage, plan } = room.view;
  if (stage.type !== 'closed') return null;
  const ran = stage.phases.length > 0 ? [{ plan, phases: stage.phases }] : [];
  const blocks = [...(stage.earlier ?? []), ...ran].map((one) => readCase(one));
  return {
    method: room.method?.name ?? more.record.printHeading,
    date: fullDate(client.clock.toDevice(stage.closedAt)),
    cases: blocks,
    names: stage.attendance.map(room.name),
  };
}

/** The closed session: the record, or a page of one's own. */
export function ClosedRecord({ room }: { readonly room: Room }) {
  // Another session begins with its record.
  useEffect(
    () => () => {
      endingPage.value = null;
    },
    [],
  );
  const page = endingPage.value;
  useTop(page ?? 'record');
  useKeptFocus(page ?? 'record');
  return page === null ? <Record room={room} /> : <EndingScreen key={page} room={room} page={page} />;
}

function Record({ room }: { readonly room: Room }) {
  const { record: text } = more;
  const withNames = useSignal(false);
  const erasing = useSignal(false);
  const record = readRecord(room);
  if (!record) return null;
  const save = () => {
    const day = new Date(client.clock.toDevice(client.now.peek())).toISOString().slice(0, 10);
    saveFile(text.file(day), buildMarkdown(record, withNames.peek()));
  };
  const { value: connection } = client.connection;
  const erased = connection.type === 'closed' && connection.reason === 'erased';
  const mayErase = room.iFacilitate && !erased && client.record.value !== null;
  return (
    <SessionFrame
      room={room}
      foot={
        <Dock>
          <Button onPress={() => window.print()}>{text.print}</Button>
          <Button look="filled" onPress={() => void leaveSession()}>
            {text.leave}
          </Button>
        </Dock>
      }
    >
      <main>
        <p class="for-print">{text.confidential}</p>
        <h1>
          <small>
            <Glyph light="closed" />
            {record.date}
            <span class="vh">: </span>
          </small>
          <span class="no-print">{text.heading}</span>
          <span class="for-print">{record.method}</span>
        </h1>
        <p class="lead no-print">{text.lead}</p>
        <EndingList room={room} />
        {record.cases.length === 0 && <p class="part">{text.nothingRan}</p>}
        {record.cases.map((one, index) => (
          <Times key={index} caption={captionOf(record, index)} one={one} />
        ))}
        <section class="part near people">
          <h2>{text.who}</h2>
          <p>{words.listing(record.names)}</p>
        </section>
        <p class="for-print">{text.people(record.names.length)}</p>
        <div class="no-print">
          <Choice
            type="checkbox"
            name="names"
            id="names"
            checked={withNames.value}
            onChoose={(checked) => (withNames.value = checked)}
          >
            {text.names}
          </Choice>
        </div>
        <p class="hint">
          {erased ? text.deleted : text.deletes(longDate(client.clock.toDevice(room.view.expiresAt)))}
        </p>
        <div class="links no-print">
          <Button look="plain" onPress={save}>
            {text.save}
          </Button>
          {mayErase && (
            <Button look="plain" onPress={() => (erasing.value = true)}>
              {text.erase}
            </Button>
          )}
        </div>
        {erasing.value && (
          <Decision
            heading={more.erase.heading}
            text={more.erase.text}
            effect={more.erase.effect}
            onDecide={() => {
              erasing.value = false;
              void tellingIfSlow(client.erase());
            }}
            later={more.erase.later}
            onLater={() => (erasing.value = false)}
          />
        )}
      </main>
    </SessionFrame>
  );
}

function Times({ caption, one }: { readonly caption: string; readonly one: CaseTexts }) {
  const { record: text } = more;
  return (
    <table class="part">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{text.part}</th>
          <th scope="col">{text.planned}</th>
          <th scope="col">{text.actual}</th>
        </tr>
      </thead>
      <tbody>
        {one.parts.map(({ title, planned, actual }, index) => (
          <tr key={index}>
            <th scope="row">{title}</th>
            <td>{planned}</td>
            <td>{text.minutes(actual)}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">
            <strong>{text.together}</strong>
          </th>
          <td>{one.planned}</td>
          <td>
            <strong>{text.minutes(one.actual)}</strong>
          </td>
        </tr>
      </tbody>
    </table>
  );
}
