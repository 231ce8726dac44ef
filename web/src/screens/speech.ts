// What a screen reader is told: once, politely, and only what changes what a person does.
import { effect } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { news } from '../actions';
import { bell, client, room, settings } from '../app';
import { words } from '../locales/session';
import { talk } from '../locales/talk';
import { createAnnouncer } from '../parts/announcer';
import { wholeMinutes } from '../parts/ClockWords';
import type { SeatNumber } from '../protocol';
import { handsOf, hasHands } from './hands';
import { heldSilence } from './held';
import { reminderWords } from './reminder';
import { momentOf, placeInRound, type Room, type Screen } from './room';

const OVER_SAID_EVERY = 5;

const voice = createAnnouncer(document);

/** Says what a person can do without, unless they asked for less. */
function sayMore(text: string): void {
  if (settings.speech.peek() === 'all') voice.say(text);
}

/** Says the heading and the sentence of a screen when it changes, from the page itself. */
export function useSpokenScreen(now: Room, screen: Screen): void {
  const before = useRef<{ visit: number; screen: Screen; speaker: SeatNumber | null } | null>(null);
  const { visit } = momentOf(now);
  const speaker = now.running?.speaker ?? null;
  useLayoutEffect(() => {
    const last = before.current;
    before.current = { visit, screen, speaker };
    // A page that opens is read by the screen reader itself.
    if (!last) return;
    if (last.visit !== visit || isAnother(last.screen, screen)) {
      whenShown(() => voice.say(sayScreen(now, last.screen, screen)));
    } else if (last.speaker !== speaker) {
      const say = speaker === now.seat ? voice.say : sayMore;
      say(sayTurn(now));
    }
  }, [visit, screen, speaker]);
}

/** What an element says on the screen: the record also has words for paper. */
function read(selector: string): string {
  const copy = document.querySelector(selector)?.cloneNode(true);
  if (!(copy instanceof Element)) return '';
  for (const paper of copy.querySelectorAll('.for-print')) paper.remove();
  return copy.textContent?.trim() ?? '';
}

/** Whether a screen of the same visit is another to the ear: a new turn is said shortly, by itself. */
function isAnother(before: Screen, after: Screen): boolean {
  const turns: readonly Screen[] = ['presenterRound', 'myTurn', 'othersTurn', 'arrival', 'asking'];
  return before !== after && !(turns.includes(before) && turns.includes(after));
}

/** Runs `work` once the page has a heading: some screens are fetched when they are first shown. */
function whenShown(work: () => void): void {
  const shown = () => document.querySelector('main h1') !== null;
  if (shown()) {
    work();
    return;
  }
  const watch = new MutationObserver(() => {
    if (!shown()) return;
    watch.disconnect();
    work();
  });
  watch.observe(document.body, { childList: true, subtree: true });
}

function sayScreen(now: Room, before: Screen, after: Screen): string {
  const time = client.time.peek();
  const left = time && now.running && time.state === 'left' ? sayLeft(time.seconds) : '';
  if (before === 'paused' && after !== 'presenterMissing') return words.say.resumed(left);
  return [
    `${read('main h1')}.`.replace(/([?.])\.$/u, '$1'),
    read('main .lead'),
    after === 'paused' ? '' : left,
  ]
    .filter(Boolean)
    .join(' ');
}

/** "18 minutes left." */
function sayLeft(seconds: number): string {
  const minutes = wholeMinutes(seconds);
  return minutes === 0 ? `${words.clock.lessLeft}.` : words.say.left(minutes);
}

function sayTurn(now: Room): string {
  const { say } = words;
  const speaker = now.running?.speaker ?? null;
  if (speaker === null) return say.open;
  if (speaker === now.seat) return say.yourTurn;
  const next = placeInRound(now).type === 'next' ? ` ${say.youAreNext}` : '';
  return say.turn(now.name(speaker)) + next;
}

/** Says news of one screen, politely. */
export function sayAloud(text: string): void {
  voice.say(text);
}

/** Follows the time, the people and the connection. */
export function startSpeech(): void {
  followTime();
  followPeople();
  followScreens();
  followTalk();
  followConnection();
  effect(() => {
    if (news.value !== null) voice.say(news.value.text);
  });
}

/** Whether the group is quiet together: a bell before the end would break it. */
const isStill = (now: Room) => now.floor.mode === 'none' || heldSilence(now) !== null;

/** The two-minute mark, the end, and every five minutes over; the bell at the first two. */
function followTime(): void {
  let visit = -1;
  let marked = false;
  let over = -1;
  effect(() => {
    const time = client.time.value;
    const now = room.value;
    if (!time || !now?.running || time.state === 'kept') return;
    const minutesOver = time.state === 'over' ? Math.floor(time.seconds / 60) : -1;
    const silent = now.iAmSilent;
    if (now.running.moment.visit === visit) {
      if (time.lastMinutes && !marked) {
        if (!isStill(now)) bell.ring();
        if (!silent) sayMore(words.clock.twoMinutes);
      }
      if (minutesOver >= 0 && over < 0) {
        bell.ring();
        if (!silent) voice.say(words.say.end);
      } else if (minutesOver > over && minutesOver > 0 && minutesOver % OVER_SAID_EVERY === 0 && !silent) {
        sayMore(words.say.over(minutesOver));
      }
    }
    visit = now.running.moment.visit;
    marked = time.lastMinutes || time.state === 'over';
    over = minutesOver;
  });
}

/** Arrivals and departures, who has the chair, and what asks for an answer. */
function followPeople(): void {
  let known: Map<SeatNumber, string> | null = null;
  let standIn: SeatNumber | null = null;
  let asked: SeatNumber | null = null;
  let lost = false;
  let request: number | null = null;
  effect(() => {
    const now = room.value;
    // Before names open nobody is known, and whoever is known then has not just come.
    if (!now || !client.ready.value) {
      known = null;
      return;
    }
    if (now.view.stage.type === 'newcomer' || now.view.stage.type === 'closed') return;
    const { view } = now;
    const here = new Map<SeatNumber, string>();
    for (const { seat } of view.seats) {
      const name = now.typedName(seat);
      if (name !== null) here.set(seat, name);
    }
    if (known && !now.iAmSilent) {
      for (const [seat, name] of here)
        if (!known.has(seat) && seat !== now.seat) sayMore(words.say.arrived(name));
      for (const [seat, name] of known) {
        if (!view.seats.some((other) => other.seat === seat)) sayMore(words.say.gone(name));
      }
      if (view.chair.standIn !== standIn && view.chair.standIn !== null && !now.iStandIn) {
        voice.say(words.say.standIn(now.name(view.chair.standIn)));
      }
      if (view.chair.asked !== asked && view.chair.asked === now.seat) {
        voice.say(words.lobby.chairAsked(now.presenterName));
      }
      if (view.chair.freeAt !== null && !lost && now.running) voice.say(words.say.lost);
    }
    const asks = view.pauseRequest;
    if (asks && asks.at !== request && now.iSteer) voice.interrupt(words.pause.asked(now.name(asks.by)));
    known = here;
    standIn = view.chair.standIn;
    asked = view.chair.asked;
    lost = view.chair.freeAt !== null;
    request = asks?.at ?? null;
  });
}

/** A screen that begins to watch, once. */
function followScreens(): void {
  let known = 0;
  effect(() => {
    const { value: count } = client.screens;
    const now = room.peek();
    if (count > known && now && !now.iAmSilent) voice.say(words.people.screens(count));
    known = count;
  });
}

/** A reminder, once; one's own hand when it is next, and for whoever steers the first hand that is up. */
function followTalk(): void {
  let shown: number | null = null;
  let first: SeatNumber | null = null;
  let quiet: boolean | null = null;
  effect(() => {
    const now = room.value;
    if (!now || !client.ready.value) return;
    const isQuiet = heldSilence(now) === 'case';
    if (isQuiet && quiet === false && !now.iPresent) voice.say(words.silent.afterCase(now.presenterName));
    quiet = isQuiet;
    const until = now.view.reminder?.until ?? null;
    const text = until === shown ? null : reminderWords(now, client.now.peek());
    if (text !== null && !now.iAmSilent) voice.say(text);
    shown = until;
    const next = (hasHands(now) && handsOf(now)[0]) || null;
    if (next !== first && next === now.seat) voice.say(talk.hands.youAreNext);
    else if (next !== null && first === null && now.iSteer) sayMore(talk.hands.firstHand(now.name(next)));
    first = next;
  });
}

/** Losing and regaining the connection, once each. */
function followConnection(): void {
  let away = false;
  effect(() => {
    const { value: connection } = client.connection;
    if (connection.type === 'waiting' && connection.welcomed && !away) {
      away = true;
      voice.say(room.peek()?.running ? words.connection.reconnecting : words.connection.reconnectingLobby);
    } else if (connection.type === 'connected' && away) {
      away = false;
      voice.say(words.connection.back);
    }
  });
}
