import { expect, test } from 'vitest';
import { buildCalendar, dayOf, escapeCalendarText, readMoment } from './calendar';

const meeting = {
  start: Date.UTC(2026, 11, 28, 14, 30),
  minutes: 60,
  title: 'Reflective case discussion',
  description: '',
  madeAt: Date.UTC(2026, 11, 21, 15, 50, 12),
  id: 'AAAA',
};

test('ENDING-5 a meeting is a file that calendars read', () => {
  expect(buildCalendar(meeting)).toBe(
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Attune//EN',
      'BEGIN:VEVENT',
      'UID:AAAA',
      'DTSTAMP:20261221T155012Z',
      'DTSTART:20261228T143000Z',
      'DTEND:20261228T153000Z',
      'SUMMARY:Reflective case discussion',
      'CLASS:PRIVATE',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ].join('\r\n'),
  );
});

test('ENDING-5 T18 no text begins a line of its own, and none is longer than 75 bytes', () => {
  const hostile = 'a;b,c\\d\nATTACH:https://x.example\r\nEND:VEVENT\u0007\u0000';
  expect(escapeCalendarText(hostile)).toBe('a\\;b\\,c\\\\d\\nATTACH:https://x.example\\nEND:VEVENT');
  const lines = buildCalendar({ ...meeting, title: hostile, description: 'ä'.repeat(200) }).split('\r\n');
  expect(lines.filter((line) => line.startsWith('ATTACH') || line === 'END:VEVENT')).toEqual(['END:VEVENT']);
  expect(lines.every((line) => new TextEncoder().encode(line).length <= 75)).toBe(true);
  const unfolded = lines.join('\r\n').replaceAll('\r\n ', '');
  expect(unfolded).toContain(`DESCRIPTION:${'ä'.repeat(200)}`);
});

test('ENDING-5 day and time of the device make one moment, and half of them none', () => {
  const moment = readMoment('2026-12-28', '14:30') ?? 0;
  expect(new Date(moment).getHours()).toBe(14);
  expect(dayOf(moment)).toBe('2026-12-28');
  for (const [day, time] of [
    ['', '14:30'],
    ['2026-12-28', ''],
    ['28.12.2026', '14:30'],
    ['2026-13-41', '14:30'],
  ]) {
    expect(readMoment(day ?? '', time ?? '')).toBeNull();
  }
});
