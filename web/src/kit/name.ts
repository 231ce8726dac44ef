// Names that people type: cleaned when sealing and again when opening, because peers are not trusted.

/** The most characters, as a reader counts them, that a name may have. */
export const LONGEST_NAME = 40;

/** The most bytes that a sealed text has room for. */
export const LONGEST_TEXT_BYTES = 213;

/** The most characters, as a reader counts them, that a line may have. */
export const LONGEST_LINE = 200;

/** The most bytes that a sealed line has room for. */
export const LONGEST_LINE_BYTES = 980;

/** Why a name cannot be used. */
export type NameProblem = 'empty' | 'tooLong';

// Controls, direction marks, joiners and whatever else takes no room on a screen; also the blank of Braille.
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu;
// Marks without a letter would stand on whatever is before the name.
const marksInFront = /^[\p{M} ]+/u;
const towersOfMarks = /(\p{M}{4})\p{M}+/gu;

/** A name as it may be shown: NFC, one line, nothing invisible, no towers of marks. */
export function cleanName(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .replace(unseen, '')
    .replace(towersOfMarks, '$1')
    .replace(/ +/g, ' ')
    .replace(marksInFront, '')
    .trim()
    .normalize('NFC');
}

/** The characters that a reader sees. */
function splitCharacters(text: string): string[] {
  if (typeof Intl.Segmenter !== 'function') return [...text];
  const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text);
  return Array.from(segments, ({ segment }) => segment);
}

/** How many characters a reader sees. */
export function countCharacters(text: string): number {
  return splitCharacters(text).length;
}

/** A text of at most so many characters: a longer one, that no page of ours would have sent, shows that it was cut. */
export function shorten(text: string, longest: number): string {
  const characters = splitCharacters(text);
  if (characters.length <= longest) return text;
  return `${characters
    .slice(0, longest - 1)
    .join('')
    .trimEnd()}…`;
}

/** What stands in the way of using a cleaned name; null when nothing does. */
export function checkName(name: string): NameProblem | null {
  if (name === '') return 'empty';
  const tooLong =
    countCharacters(name) > LONGEST_NAME || new TextEncoder().encode(name).length > LONGEST_TEXT_BYTES;
  return tooLong ? 'tooLong' : null;
}

/** What stands in the way of sending a line; null when nothing does. */
export function checkLine(line: string): NameProblem | null {
  const clean = cleanName(line);
  if (clean === '') return 'empty';
  const tooLong =
    countCharacters(clean) > LONGEST_LINE || new TextEncoder().encode(clean).length > LONGEST_LINE_BYTES;
  return tooLong ? 'tooLong' : null;
}

// Letters of Cyrillic and Greek, each before the Latin one that it looks like.
const foreign = 'АAВBЕEЗ3КKМMНHОOРPСCТTУYХXЅSІIЈJаaеeоoрpсcуyхxѕsіiјjһhӏl';
const greek = 'ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXαaιiνvοoρpυu';
const lookalikes = new Map(
  [...(foreign + greek).matchAll(/(.)(.)/gu)].map(([, other = '', latin = '']) => [other, latin]),
);

/** What two names have in common when a reader could take one for the other. */
function likeness(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\P{ASCII}/gu, (letter) => lookalikes.get(letter) ?? letter)
    .replace(/\p{M}/gu, '')
    .toLocaleLowerCase('en')
    .replace(/[\s\p{P}]/gu, '')
    .replace(/[l1|ı]/gu, 'i')
    .replace(/0/g, 'o');
}

/** Gives names that look alike a number, in the order given: "Mary", "Mary (2)". */
export function tellApart<Key>(names: Iterable<readonly [Key, string]>): Map<Key, string> {
  const counts = new Map<string, number>();
  const taken = new Set<string>();
  const shown = new Map<Key, string>();
  for (const [key, name] of names) {
    const alike = likeness(name);
    let count = (counts.get(alike) ?? 0) + 1;
    let text = count === 1 ? name : `${name} (${count})`;
    while (taken.has(likeness(text))) {
      count += 1;
      text = `${name} (${count})`;
    }
    counts.set(alike, count);
    taken.add(likeness(text));
    shown.set(key, text);
  }
  return shown;
}
