// After the end: what took place, in times only; to print, to save, to delete, to leave.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { tellingIfSlow } from '../actions';
import { client } from '../app';
import { words } from '../locales';
import { more } from '../locales/more';
import { Button } from '../parts/Button';
import { Decision } from '../parts/Dialog';
import { Dock } from '../parts/Dock';
import { Choice } from '../parts/Field';
import { Glyph } from '../parts/Glyph';
import { EndingList, EndingScreen, endingPage } from './ending';
import { Frame } from './frame';
import { textsOf } from './methods';
import type { Room } from './room';
import { leaveSession } from './route';
import { saveFile } from './save-file';
import { buildMarkdown, type RecordTexts } from './save-record';
import { fullDate, longDate } from './wording';

const wholeMinutes = (milliseconds: number) => Math.round(milliseconds / 60_000);

/** As planned at the start, and what was added or taken since. */
const plannedMinutes = (planned: number, moved: number) =>
  moved === 0
    ? more.record.minutes(wholeMinutes(planned))
    : more.record.changed(wholeMinutes(planned), wholeMinutes(planned + moved));

/** The record in words. */
function readRecord(room: Room): RecordTexts | null {
  const { stage, plan } = room.view;
  if (stage.type !== 'closed') return null;
  const parts = stage.phases.map(({ phase, planned, moved = 0, actual }) => {
    const found = plan.phases[phase];
    const title = found ? textsOf(room.method, found).title : '';
    return { title, planned: plannedMinutes(planned, moved), actual: wholeMinutes(actual) };
  });
  const sum = (of: 'planned' | 'moved' | 'actual') =>
    stage.phases.reduce((total, phase) => total + (phase[of] ?? 0), 0);
  return {
    method: room.method?.name ?? more.record.printHeading,
    date: fullDate(client.clock.toDevice(stage.closedAt)),
    parts,
    planned: plannedMinutes(sum('planned'), sum('moved')),
    actual: wholeMinutes(sum('actual')),
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
    <Frame
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
        {record.parts.length > 0 ? <Times record={record} /> : <p class="part">{text.nothingRan}</p>}
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
    </Frame>
  );
}

function Times({ record }: { readonly record: RecordTexts }) {
  const { record: text } = more;
  return (
    <table class="part">
      <caption>{text.table}</caption>
      <thead>
        <tr>
          <th scope="col">{text.part}</th>
          <th scope="col">{text.planned}</th>
          <th scope="col">{text.actual}</th>
        </tr>
      </thead>
      <tbody>
        {record.parts.map(({ title, planned, actual }) => (
          <tr key={title}>
            <th scope="row">{title}</th>
            <td>{planned}</td>
            <td>{text.minutes(actual)}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">
            <strong>{text.together}</strong>
          </th>
          <td>{record.planned}</td>
          <td>
            <strong>{text.minutes(record.actual)}</strong>
          </td>
        </tr>
      </tbody>
    </table>
  );
}
