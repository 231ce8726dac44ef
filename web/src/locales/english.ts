// How English counts, lists and builds sentences, for the files of words.
const forms = new Intl.PluralRules('en');

/** The form for a number. */
export const plural = (count: number, one: string, other: string) =>
  forms.select(count) === 'one' ? one : other;

export const listing = new Intl.ListFormat('en-GB', { type: 'conjunction' });
export const choosing = new Intl.ListFormat('en-GB', { type: 'disjunction' });

/** "10 minutes". */
export const minutes = (count: number) => `${count} ${plural(count, 'minute', 'minutes')}`;

/** "group discussion", as the middle of a sentence has it. */
export const lower = (title: string) => title.charAt(0).toLocaleLowerCase('en') + title.slice(1);

/** "the group discussion", but "how we worked". */
export const inSentence = (title: string) =>
  (/^(How|What|Who|Where)\b/.test(title) ? '' : 'the ') + lower(title);

/** Whence added minutes came: nothing where the end moved. */
export const takenFrom = (phases: readonly number[] | undefined, title: (phase: number) => string) =>
  phases ? `, taken from ${listing.format(phases.map((phase) => inSentence(title(phase))))}` : '';

/** "Mary’s". */
export const possessive = (name: string) => (/s$/i.test(name) ? `${name}’` : `${name}’s`);

const ordinals = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth'] as const;

/** "Second case", counted from 1. */
export const nth = (number: number) => `${ordinals[number - 1] ?? number} case`;
