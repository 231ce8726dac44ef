// The record as Markdown, made on the device. Names are other people's text, so nothing of them is markup.
import { words } from '../locales';
import { more } from '../locales/more';
import { escapeMarkdown } from './save-file';

/** A record in words and whole minutes. */
export interface RecordTexts {
  /** The name of the method. */
  readonly method: string;
  readonly date: string;
  /** Planned minutes in words: as at the start, and as changed since. */
  readonly parts: readonly { readonly title: string; readonly planned: string; readonly actual: number }[];
  readonly planned: string;
  readonly actual: number;
  readonly names: readonly string[];
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
    `## ${text.table}`,
    '',
    row(text.part, text.planned, text.actual),
    row('---', '---:', '---:'),
    ...record.parts.map(({ title, planned, actual }) => row(escapeMarkdown(title), planned, minutes(actual))),
    row(text.together, record.planned, minutes(record.actual)),
    '',
    `## ${text.who}`,
    '',
    withNames ? words.listing(people) : text.people(record.names.length),
    '',
  ].join('\n');
}
