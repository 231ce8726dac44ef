// What a person can do, and what the page says when it could not be done.
import { effect, signal } from '@preact/signals';
import { client, room } from './app';
import type { Outcome } from './kit/socket';
import { words } from './locales/session';
import type { Command } from './protocol';

/** A line above the page. */
export interface News {
  readonly text: string;
  /** It is about this moment of the session, and goes with it. */
  readonly passes: boolean;
}

/** What stands above the page; until it is put away, or the next act. */
export const news = signal<News | null>(null);

// What was told about one part of the session is no news in the next.
let moment = '';
effect(() => {
  const stage = room.value?.view.stage;
  const now = stage?.type === 'running' ? `${stage.moment.visit} ${stage.timing.type}` : (stage?.type ?? '');
  if (now !== moment && news.peek()?.passes) news.value = null;
  moment = now;
});

/** A press without an answer for this long is told: a lost connection is noticed later than that. */
const SLOW_AFTER = 2_000;

/** Says that something is not done yet: at once without a connection, else when the answer does not come. */
export async function tellingIfSlow<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const unsent: News = { text: words.connection.unsent, passes: false };
  const tell = () => {
    news.value ??= unsent;
  };
  if (client.connection.peek().type === 'waiting') tell();
  const slow = setTimeout(tell, SLOW_AFTER);
  try {
    return await answer;
  } finally {
    clearTimeout(slow);
    if (news.peek() === unsent) news.value = null;
  }
}

/** What was done last: what moves the session on from a moment does so once. */
let done = '';

/** Sends a command. Answers whether it was accepted; a refusal is told above the page. */
export async function act(command: Command, told?: string): Promise<boolean> {
  news.value = null;
  const outcome = await tellingIfSlow(client.send(command));
  const sent = JSON.stringify(command);
  if (outcome.type === 'accepted') {
    done = sent;
    if (told !== undefined) news.value = { text: told, passes: true };
    return true;
  }
  if (sent === done && movedOnMyself(outcome)) return true;
  tellRefusal(outcome);
  return false;
}

/** Whether it was refused because this person had moved on: by the first press of two, if both asked for the same. */
function movedOnMyself(outcome: Outcome): boolean {
  return (
    outcome.type === 'refused' && outcome.why.name === 'moved_on' && outcome.why.by === client.seat.peek()
  );
}

function tellRefusal(outcome: Outcome): void {
  if (outcome.type !== 'refused') return;
  const name = (seat: number) => room.peek()?.name(seat) ?? words.people.someone;
  news.value = { text: words.refused(outcome.why, name, client.seat.peek() ?? 0), passes: false };
}

/** Waits for what becomes of something sent. Answers whether it was accepted; a refusal is told above the page. */
export async function tellOutcome(sent: Promise<Outcome>): Promise<boolean> {
  news.value = null;
  const outcome = await tellingIfSlow(sent);
  tellRefusal(outcome);
  return outcome.type === 'accepted';
}

/** A press that sends one command. */
export function pressing(command: Command, told?: string): () => void {
  return () => void act(command, told);
}

/** Seals and saves a name. Answers whether it was accepted; a refusal is told above the page. */
export async function saveName(seat: number, name: string): Promise<boolean> {
  const outcome = await client.setName(seat, name);
  tellRefusal(outcome);
  return outcome.type === 'accepted';
}
