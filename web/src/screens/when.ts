// What is wrong with a day and a time that a person chose.
import { readMoment } from '../kit/calendar';
import { meeting } from '../locales/meeting';
import type { FieldError } from '../parts/Field';

const { next: text } = meeting;

/** The furthest that the service plans ahead, with a day to spare for a clock that is wrong. */
const LONGEST_AHEAD = 365 * 86_400_000;

/** What is wrong with a day and a time; `id` begins the fields' ids. */
export function checkWhen(id: string, day: string, time: string, now: number): FieldError[] {
  const missing = [
    ...(day === '' ? [{ id: `${id}-day`, words: text.noDay }] : []),
    ...(time === '' ? [{ id: `${id}-time`, words: text.noTime }] : []),
  ];
  if (missing.length > 0) return missing;
  const moment = readMoment(day, time);
  if (moment === null || moment <= now) return [{ id: `${id}-day`, words: text.past }];
  return moment > now + LONGEST_AHEAD ? [{ id: `${id}-day`, words: meeting.planned.far }] : [];
}
