// The words at the door: for who knocks, and for who opens.
import type { HoldMessage } from '../protocol';

const held: Record<HoldMessage, string> = {
  a_moment: 'They know that you are here. It takes a moment.',
  next_part: 'They know that you are here, and let you in after this part.',
};

export const door = {
  knock: {
    heading: 'Knock at the door',
    lead: 'Somebody in the group lets you in. The code alone opens nothing.',
    button: 'Knock',
    over: 'Knock again',
  },
  waiting: {
    heading: 'You are at the door',
    lead: 'Whoever facilitates sees that you knock. Keep this page open.',
    held,
  },
  words: {
    heading: 'Read these words aloud',
    lead: 'To whoever lets you in. They see the same two words.',
    differ: 'If they see other words, they must not let you in.',
    label: 'Your two words',
  },
  lost: {
    heading: 'The connection was lost',
    lead: 'You are not at the door any more. Knock again.',
  },
  broken: {
    heading: 'This knock did not work',
    lead: 'What came back was not what your page had asked for. Knock again, and tell whoever facilitates.',
  },
  unknown: {
    heading: 'We do not know this code',
    lead: 'A code works for ten minutes. Ask whoever facilitates for the one that shows now.',
  },
  tooFast: {
    heading: 'Too many codes from here',
    lead: 'Wait a minute, then knock again.',
  },

  keep: {
    nobodyElse: 'Nobody else sees this.',
    somebody: 'Somebody',
    byLink: (name: string) => `${name} is at the door`,
    hasLink: (name: string) => `${name} has the link. Nobody else sees this.`,
    byCode: 'Somebody knocks by code',
    noKey: 'They have no link. Answer, and compare two words with them. Nobody else sees this.',
    answer: 'Answer',
    answering: (name: string) => `${name} is answering.`,
    coming: 'Waiting for their page.',
    compare: (name: string) => `Ask ${name} to read two words aloud. Are they these?`,
    label: 'The two words',
    match: (name: string) => `The words match: let ${name} in`,
    differ: 'They do not match: do not let them in',
    letIn: (name: string) => `Let ${name} in`,
    hold: (name: string) => `Ask ${name} to wait for the next part`,
    holdMoment: (name: string) => `Ask ${name} to wait a moment`,
    held: {
      a_moment: 'You asked them to wait a moment.',
      next_part: 'You asked them to wait for the next part.',
    },
    decline: (name: string) => `Do not let ${name} in`,
    them: 'them',
    lostKey: 'This page was loaded anew since you answered. They have to knock again.',
    again: 'Ask them to knock again',
    forged:
      'What came is not what this knock began with. Somebody may stand between you. Do not let them in.',
  },
};
