import { expect, test } from 'vitest';
import { buildMarkdown, escapeMarkdown } from './save-record';

const record = {
  date: 'Sunday 22 November 2026',
  parts: [{ title: 'Presentation', planned: 10, actual: 9 }],
  planned: 10,
  actual: 9,
  names: ['Mary', '<img src=x> [a](b) |*_`'],
};

test('record_4_names_are_in_the_file_only_when_asked', () => {
  expect(buildMarkdown(record, false)).not.toContain('Mary');
  expect(buildMarkdown(record, false)).toContain('2 people');
  expect(buildMarkdown(record, true)).toContain('Mary and ');
});

test('record_4_names_are_no_markup', () => {
  const text = buildMarkdown(record, true);
  expect(text).not.toContain('<img');
  expect(text).toContain('\\[a\\]\\(b\\) \\|\\*\\_\\`');
  expect(escapeMarkdown('https://x.example')).toBe('https\\:\\/\\/x\\.example');
});

test('record_1_planned_and_actual_minutes_with_their_sums', () => {
  expect(buildMarkdown(record, false)).toContain('| Presentation | 10 min | 9 min |');
  expect(buildMarkdown(record, false)).toContain('| Together | 10 min | 9 min |');
});
