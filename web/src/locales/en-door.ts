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
  code: {
    label: 'The letters of the code',
    hint: 'A code works for ten minutes.',
    unknown: 'We do not know this code. Check its letters, or ask for the code that shows now',
    notWhole: 'Enter all six letters of the code. It has no numbers, and no I, L or O',
  },
  busy: {
    heading: 'It is too busy just now',
    lead: 'You are not at the door. Wait a moment, then knock again.',
  },
  tooFast: {
    heading: 'Too many codes from here',
    lead: 'Wait a minute, then knock again.',
  },

  /** Going on with one's own seat on this device. */
  move: {
    heading: 'Continue on this device',
    lead: 'For your own place in a group. Your other device asks you before you come in here.',
    notYours:
      'Did somebody else send you this? Then stop here. You would take their place, under their name. Ask them for the link of the group.',
    button: 'Continue here',
    waiting: {
      heading: 'Look at your other device',
      lead: 'It asks whether you continue here. Keep both pages open.',
    },
    words: {
      heading: 'Compare these words',
      lead: 'Your other device shows two words as well.',
      differ:
        'If they are different, press “They do not match” there. If no device of yours shows any, close this page.',
      label: 'Your two words',
    },
    declined: {
      heading: 'You stay on your other device',
      lead: 'It did not hand your place over. Show another code there to try again.',
    },
    over: {
      heading: 'This code does not work',
      lead: 'It works once, for five minutes. Show another on the device that has your place. If that device asks about somebody now, press “They do not match” there.',
    },
  },

  /** The same, on the device that has the seat. */
  away: {
    heading: 'Continue on another device',
    text: 'Your place, your turn and your part go along. This device is signed off then.',
    show: (host: string, time: string) =>
      `Type it at ${host}, or point the other device at the picture. It works once, until ${time}.`,
    picture: 'The code as a picture',
    coming: 'Another device has typed the code. Waiting for its page.',
    compareHeading: 'Does your other device show these words?',
    compare: 'If you do not see them there, somebody else has typed your code.',
    label: 'The two words',
    match: 'They match: continue there',
    differ: 'They do not match: stay here',
    forged: 'What came is not what it began with. Somebody may stand between you. Stay here.',
    over: 'This code is used up, or its time is over.',
    again: 'Show another code',
    back: 'Stay on this device',
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
