// A CPD note as a file, made on the device.
import { CPD_FIELDS, type CpdAnswers } from '../kit/cpd';
import { ending } from '../locales/ending';
import { cleanLines, escapeMarkdown, escapeMarkdownLines } from './save-file';

const { cpd: text } = ending;

/** The note as Markdown; nothing typed is markup in it. */
export function buildCpdMarkdown(answers: CpdAnswers): string {
  const parts = CPD_FIELDS.map(
    (field) => `## ${text.fields[field]}\n\n${escapeMarkdownLines(answers[field]) || text.empty}\n`,
  );
  return [`# ${escapeMarkdown(text.heading)}\n`, ...parts].join('\n');
}

/** The note as plain text. */
export function buildCpdText(answers: CpdAnswers): string {
  const parts = CPD_FIELDS.map(
    (field) => `${text.fields[field]}\n${cleanLines(answers[field]).trim() || text.empty}\n`,
  );
  return [`${text.heading}\n`, ...parts].join('\n');
}
