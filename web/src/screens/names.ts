// What is wrong with a typed name, in words.
import { checkName, cleanName, LONGEST_NAME } from '../kit/name';
import { words } from '../locales';

/** What to do about a name; null when nothing is wrong. */
export function nameError(name: string): string | null {
  const problem = checkName(cleanName(name));
  if (problem === null) return null;
  return problem === 'empty' ? words.join.noName : words.join.longName(LONGEST_NAME);
}
