// After the end, for one person alone: a list of what they may do, and a page for each.
import { type Signal, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { client } from '../app';
import { ending } from '../locales/ending';
import { Button } from '../parts/Button';
import { focusHeading } from '../parts/focus';
import { Glyph } from '../parts/Glyph';
import { CpdForm, cpdLogs } from './cpd-log';
import { Frame } from './frame';
import { NextMeeting } from './next-meeting';
import type { Room } from './room';

/** A page of the ending. */
export type EndingPage = 'cpd' | 'meeting';

/** The page that stands in the record's place; null for the record. */
export const endingPage: Signal<EndingPage | null> = signal(null);

/** When the session ended, by the device's clock in ms. */
function heldAt(room: Room): number {
  const { stage } = room.view;
  // Of the server's time, so that a better idea of the device's clock gives the note no other name.
  return stage.type === 'closed' ? stage.closedAt : 0;
}

/** What a person may do now, on the closed screen. */
export function EndingList({ room }: { readonly room: Room }) {
  const { cpd, meeting } = ending;
  const item = (page: EndingPage, label: string) => (
    <li>
      <Button look="plain" onPress={() => (endingPage.value = page)}>
        {label}
      </Button>
    </li>
  );
  return (
    <section class="part near no-print">
      <h2>{ending.heading}</h2>
      <p class="hint">{ending.lead}</p>
      <ul class="rows">
        {item('cpd', cpdLogs.read(heldAt(room)) === null ? cpd.open : cpd.openAgain)}
        {item('meeting', meeting.open)}
      </ul>
    </section>
  );
}

/** One page. */
export function EndingScreen({ room, page }: { readonly room: Room; readonly page: EndingPage }) {
  const close = () => (endingPage.value = null);
  const { cpd, meeting } = ending;
  const record = client.record.value;
  const keeping = record ? client.sessions.keepingOf(record) : 'tab';
  switch (page) {
    case 'cpd':
      return (
        <Page room={room} heading={cpd.heading} lead={keeping === 'device' ? cpd.lead : cpd.leadTab}>
          <CpdForm heldAt={heldAt(room)} keeping={keeping} close={close} />
        </Page>
      );
    case 'meeting':
      return (
        <Page room={room} heading={meeting.heading} lead={meeting.lead}>
          <NextMeeting room={room} close={close} />
        </Page>
      );
  }
}

interface PageProps {
  readonly room: Room;
  readonly heading: string;
  readonly lead: string;
  readonly children: ComponentChildren;
}

function Page({ room, heading, lead, children }: PageProps) {
  useEffect(() => {
    window.scrollTo(0, 0);
    focusHeading();
  }, []);
  return (
    <Frame room={room}>
      <main>
        <h1>
          <small class="no-print">
            <Glyph light="closed" />
            {ending.heading}
            <span class="vh">: </span>
          </small>
          {heading}
        </h1>
        <p class="lead no-print">{lead}</p>
        {children}
      </main>
    </Frame>
  );
}
