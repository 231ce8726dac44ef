// What is wrong with a typed name, in words.
import { checkName, cleanName, LONGEST_NAME } from '../kit/name';
import { words } from '../locales';

/** What to do about a name, the person's own or another's; null when nothing is wrong. */
export function nameError(name: string, whose: 'own' | 'other' = 'own'): string | null {
  const problem = checkName(cleanName(name));
  if (problem === null) return null;
  if (problem === 'tooLong') return words.join.longName(LONGEST_NAME);
  return whose === 'own' ? words.join.noName : words.join.noOtherName;
}
