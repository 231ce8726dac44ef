import { expect, test } from 'vitest';
import { more } from '../locales/more';
import { escapeMarkdown } from './save-file';
import { buildMarkdown } from './save-record';

const one = {
  method: 'Reflective case discussion',
  parts: [{ title: 'Presentation', planned: '10 min', actual: 9 }],
  planned: '10 min',
  actual: 9,
};

const record = {
  method: 'Reflective case discussion',
  date: 'Sunday 22 November 2026',
  cases: [one],
  names: ['Mary', '<img src=x> [a](b) |*_`'],
};

test('RECORD-3 names are in the file only when asked', () => {
  expect(buildMarkdown(record, false)).not.toContain('Mary');
  expect(buildMarkdown(record, false)).toContain('2 people');
  expect(buildMarkdown(record, true)).toContain('Mary and ');
});

test('RECORD-3 names are no markup', () => {
  const text = buildMarkdown(record, true);
  expect(text).not.toContain('<img');
  expect(text).toContain('\\[a\\]\\(b\\) \\|\\*\\_\\`');
  expect(escapeMarkdown('https://x.example')).toBe('https\\:\\/\\/x\\.example');
});

test('RECORD-5 planned minutes stand there as at the start, and as they became', () => {
  const parts = [{ title: 'Discussion', planned: more.record.changed(25, 20), actual: 21 }];
  expect(buildMarkdown({ ...record, cases: [{ ...one, parts }] }, false)).toContain(
    '| Discussion | 25, then 20\u00a0min | 21 min |',
  );
});

test('RECORD-1 planned and actual minutes with their sums', () => {
  expect(buildMarkdown(record, false)).toContain('| Presentation | 10 min | 9 min |');
  expect(buildMarkdown(record, false)).toContain('| Together | 10 min | 9 min |');
});

test('CASE-14 each case is a block of its own, with its method where they differ', () => {
  expect(buildMarkdown(record, false)).toContain('## What took place\n');
  const two = buildMarkdown({ ...record, cases: [one, { ...one, actual: 8 }] }, false);
  expect(two).toContain('## What took place: first case\n');
  expect(two).toContain('## What took place: second case\n');
  expect(two).toContain('| Together | 10 min | 8 min |');
  const other = buildMarkdown({ ...record, cases: [one, { ...one, method: 'Balint group' }] }, false);
  expect(other).toContain('## What took place: second case, Balint group\n');
});
