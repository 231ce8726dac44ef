// What a person can do, and what the page says when it could not be done.
import { signal } from '@preact/signals';
import { client, room } from './app';
import type { Outcome } from './kit/socket';
import { words } from './locales';
import type { Command } from './protocol';

/** A line above the page; it stays until it is put away, or the next act. */
export const news = signal<string | null>(null);

/** Sends a command. Answers whether it was accepted; a refusal is told above the page. */
export async function act(command: Command, told?: string): Promise<boolean> {
  const waits = client.connection.peek().type !== 'connected';
  news.value = waits ? words.connection.unsent : null;
  const outcome = await client.send(command);
  if (outcome.type === 'accepted') {
    if (told !== undefined) news.value = told;
    else if (waits) news.value = null;
    return true;
  }
  tellRefusal(outcome);
  return false;
}

function tellRefusal(outcome: Outcome): void {
  if (outcome.type !== 'refused') return;
  const name = (seat: number) => room.peek()?.name(seat) ?? words.people.someone;
  news.value = words.refused(outcome.why, name, client.seat.peek() ?? 0);
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
