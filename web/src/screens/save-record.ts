// The record as Markdown, made on the device. Names are other people's text, so nothing of them is markup.

import { cases } from '../locales/cases';
import { more } from '../locales/more';
import { words } from '../locales/session';
import { escapeMarkdown } from './save-file';

/** A case in words and whole minutes; planned ones in words, as at the start and as changed since. */
export interface CaseTexts {
  /** The name of its method. */
  readonly method: string;
  readonly parts: readonly { readonly title: string; readonly planned: string; readonly actual: number }[];
  readonly planned: string;
  readonly actual: number;
}

/** A record in words and whole minutes. */
export interface RecordTexts {
  /** The name of the method. */
  readonly method: string;
  readonly date: string;
  readonly cases: readonly CaseTexts[];
  readonly names: readonly string[];
}

/** What stands above a case: its number where there are several, and its method where they differ. */
export function captionOf(record: RecordTexts, index: number): string {
  const { record: text } = more;
  if (record.cases.length < 2) return text.table;
  const methods = new Set(record.cases.map(({ method }) => method));
  const method = record.cases[index]?.method;
  const number = cases.nth(index + 1);
  return text.tableOf(
    methods.size > 1 && method
      ? `${number.toLocaleLowerCase('en')}, ${method}`
      : number.toLocaleLowerCase('en'),
  );
}

/** The record; people by name only when asked, otherwise their number. */
export function buildMarkdown(record: RecordTexts, withNames: boolean): string {
  const { record: text } = more;
  const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;
  const minutes = text.minutes;
  const people = record.names.map(escapeMarkdown);
  return [
    `# ${escapeMarkdown(record.method)}`,
    '',
    record.date,
    '',
    text.confidential,
    '',
    ...record.cases.flatMap((one, index) => [
      `## ${captionOf(record, index)}`,
      '',
      row(text.part, text.planned, text.actual),
      row('---', '---:', '---:'),
      ...one.parts.map(({ title, planned, actual }) => row(escapeMarkdown(title), planned, minutes(actual))),
      row(text.together, one.planned, minutes(one.actual)),
      '',
    ]),
    `## ${text.who}`,
    '',
    withNames ? words.listing(people) : text.people(record.names.length),
    '',
  ].join('\n');
}
