import { expect, test } from 'vitest';
import { CPD_FIELDS, type CpdAnswers } from '../kit/cpd';
import { buildCpdMarkdown, buildCpdText } from './cpd-text';

const hostile = '# Head\n<script>alert(1)</script>\n[a](https://x.example)\r\n    code\n\u001b[31m1. one';
const answers = Object.fromEntries(CPD_FIELDS.map((field) => [field, ''])) as CpdAnswers;

test('ENDING-2 ENDING-4 the file has all six questions, and says where nothing was written', () => {
  for (const file of [buildCpdMarkdown(answers), buildCpdText(answers)]) {
    expect(file.match(/\?/gu)).toHaveLength(6);
    expect(file.match(/Nothing written\./gu)).toHaveLength(6);
  }
});

test('ENDING-4 T18 nothing typed is markup in Markdown', () => {
  const file = buildCpdMarkdown({ ...answers, learnt: hostile });
  expect(file).toContain('\\# Head\n\n&lt;script\\>alert\\(1\\)&lt;\\/script\\>');
  expect(file).toContain('\\[a\\]\\(https\\:\\/\\/x\\.example\\)');
  // No line begins a heading, a list, or code.
  const typed = file.split('\n').filter((line) => line !== '' && !/^#{1,2} (Your CPD|What|On)/u.test(line));
  expect(typed.filter((line) => /^(#|[-*+]|\d+\.| {4}|\t|<)/u.test(line))).toEqual([]);
});

test('ENDING-4 plain text keeps lines and gives a terminal nothing to obey', () => {
  const file = buildCpdText({ ...answers, learnt: 'one\r\ntwo\u001b[31m' });
  expect(file).toContain('one\ntwo [31m');
  expect(file).not.toContain('\u001b');
});
