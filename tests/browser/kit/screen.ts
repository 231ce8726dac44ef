// What a person's screen must say, compared until it does.
import { expect } from '@playwright/test';
import type { Person, Screen } from './person.ts';

/** Waits until a screen says all of this. */
export async function expectScreen(person: Person, expected: Partial<Screen>, time?: string): Promise<void> {
  await expect.poll(() => person.readScreen(), `the screen of ${person.name}`).toMatchObject(expected);
  if (time !== undefined) expect(await person.readClock(), `the clock of ${person.name}`).toBe(time);
}

/** The floor in words: its mode, and the seats that may speak. */
export function readFloor(person: Person): string {
  const { mode, speakers } = person.readView().floor;
  return `${mode} ${speakers.join(' ')}`.trim();
}
