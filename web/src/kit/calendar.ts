// A meeting as a calendar file (iCalendar, RFC 5545), made on the device. No names stand in it.

/** A meeting. */
export interface Meeting {
  /** When it begins, in ms. */
  readonly start: number;
  readonly minutes: number;
  /** What the calendar calls it. */
  readonly title: string;
  /** More about it; empty for nothing. */
  readonly description: string;
  /** When the file is made, in ms. */
  readonly madeAt: number;
  /** A random word that tells calendars this meeting from others. */
  readonly id: string;
}

/** Longest line in bytes, without its end. */
const LONGEST_LINE = 75;

/** Text as text: what has a meaning in the format loses it. */
export function escapeCalendarText(text: string): string {
  return text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\r\n?|\n/g, '\\n')
    .replace(/\p{Cc}/gu, '');
}

/** A line in pieces of at most 75 bytes; a piece after the first begins with a blank. */
function fold(line: string): string {
  const encoder = new TextEncoder();
  const pieces: string[] = [];
  let piece = '';
  let bytes = 0;
  for (const character of line) {
    const length = encoder.encode(character).length;
    if (bytes + length > LONGEST_LINE) {
      pieces.push(piece);
      piece = ' ';
      bytes = 1;
    }
    piece += character;
    bytes += length;
  }
  return [...pieces, piece].join('\r\n');
}

/** "20261221T145000Z". */
function utc(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+|[-:]/g, '');
}

/** The file. */
export function buildCalendar(meeting: Meeting): string {
  const { start, minutes, title, description, madeAt, id } = meeting;
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Attune//EN',
    'BEGIN:VEVENT',
    `UID:${escapeCalendarText(id)}`,
    `DTSTAMP:${utc(madeAt)}`,
    `DTSTART:${utc(start)}`,
    `DTEND:${utc(start + minutes * 60_000)}`,
    `SUMMARY:${escapeCalendarText(title)}`,
    ...(description === '' ? [] : [`DESCRIPTION:${escapeCalendarText(description)}`]),
    // Whoever sees somebody's calendar need not see what it is.
    'CLASS:PRIVATE',
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

/** The moment of a day and a clock time of this device, as its fields give them; null where one is missing. */
export function readMoment(day: string, time: string): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || !/^\d\d:\d\d$/.test(time)) return null;
  const moment = new Date(`${day}T${time}`).getTime();
  return Number.isNaN(moment) ? null : moment;
}

/** The day of a moment, as a field of days takes it. */
export function dayOf(moment: number): string {
  const date = new Date(moment);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
