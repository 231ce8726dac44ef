// After the end, for one person alone: a list of what they may do, and a page for each.
import { type Signal, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { client } from '../app';
import { ending } from '../locales/ending';
import { meeting } from '../locales/meeting';
import { Button } from '../parts/Button';
import { focusHeading } from '../parts/focus';
import { Glyph } from '../parts/Glyph';
import { AnswersPage, foundOf } from './answers';
import { CpdForm, cpdLogs } from './cpd-log';
import { clockTime } from './dates';
import { isOpen, openUntil } from './ending-room';
import { NextMeeting } from './next-meeting';
import type { Room } from './room';
import { SessionFrame } from './session-frame';
import { askingMe, TalkPage } from './talk';
import { countForMe, ThanksPage, thanksOf } from './thanks';

/** A page of the ending. */
export type EndingPage = 'answers' | 'thanks' | 'talk' | 'cpd' | 'meeting';

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
  const { answers, thanks, talk, cpd } = ending;
  const item = (page: EndingPage, label: string, now?: string) => (
    <li>
      <Button look="plain" onPress={() => (endingPage.value = page)}>
        {label}
      </Button>
      {now !== undefined && <span>{now}</span>}
    </li>
  );
  const open = isOpen(room);
  const found = foundOf(room) !== null;
  const forMe = countForMe(room);
  const [asking] = askingMe(room);
  const hasTalks = client.own.value.talks.length > 0;
  return (
    <section class="part near no-print">
      <h2>{ending.heading}</h2>
      <p class="hint">
        {ending.lead} {open && ending.open(clockTime(client.clock.toDevice(openUntil(room))))}
      </p>
      <ul class="rows">
        {(open || found) && item('answers', found ? answers.openFound : answers.open)}
        {(open || thanksOf().length > 0) &&
          item('thanks', thanks.open, forMe > 0 ? thanks.forYou(forMe) : undefined)}
        {(open || hasTalks) &&
          item('talk', talk.open, asking === undefined ? undefined : talk.asksYou(asking))}
        {item('cpd', cpdLogs.read(heldAt(room)) === null ? cpd.open : cpd.openAgain)}
        {item('meeting', meeting.next.open)}
      </ul>
    </section>
  );
}

/** One page. */
export function EndingScreen({ room, page }: { readonly room: Room; readonly page: EndingPage }) {
  const close = () => (endingPage.value = null);
  const { answers, thanks, talk, cpd } = ending;
  const record = client.record.value;
  const keeping = record ? client.sessions.keepingOf(record) : 'tab';
  switch (page) {
    case 'answers':
      return (
        <Page room={room} heading={answers.heading} lead={answers.lead}>
          <AnswersPage room={room} close={close} />
        </Page>
      );
    case 'thanks':
      return (
        <Page room={room} heading={thanks.heading} lead={thanks.lead}>
          <ThanksPage room={room} close={close} />
        </Page>
      );
    case 'talk':
      return (
        <Page room={room} heading={talk.heading} lead={talk.lead}>
          <TalkPage room={room} close={close} />
        </Page>
      );
    case 'cpd':
      return (
        <Page room={room} heading={cpd.heading} lead={keeping === 'device' ? cpd.lead : cpd.leadTab}>
          <CpdForm heldAt={heldAt(room)} keeping={keeping} close={close} />
        </Page>
      );
    case 'meeting':
      return (
        <Page room={room} heading={meeting.next.heading} lead={meeting.next.lead}>
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
    focusHeading();
  }, []);
  return (
    <SessionFrame room={room}>
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
    </SessionFrame>
  );
}
