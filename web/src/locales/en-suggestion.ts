// The words of suggestions to whoever steers: what groups do then, in our own words.
import type { SuggestionKind } from '../screens/suggest';
import { pace } from './en-pace';

export const suggestion = {
  away: 'Put this away',
  shorten: pace.shorten.open,
  over: () => ({
    title: 'When a part runs over',
    says: 'Say that the time is up, let one last thought come, and move on.',
  }),
  late: () => ({
    title: 'When the plan is behind',
    says: 'What is used here is missing later. Each later part can give a little.',
  }),
  firstTurn: (name: string) => ({
    title: `If ${name} speaks for long`,
    says: `Wait for a breath, thank ${name}, and ask for one last thing. Then each in turn.`,
  }),
  still: () => ({
    title: 'If the silence feels long',
    says: 'It feels longest to whoever keeps the time. Leave it as it is.',
  }),
  presenterQuiet: (name: string) => ({
    title: `If ${name} has gone quiet`,
    says: 'Leave a few breaths: often more comes. Then ask whether that is all for now.',
  }),
  quiet: () => ({
    title: 'If it is quiet now',
    says: 'Leave ten breaths. Then ask what has not been said yet.',
  }),
} satisfies Record<SuggestionKind, (name: string) => { title: string; says: string }> &
  Record<'away' | 'shorten', string>;
