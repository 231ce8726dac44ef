// The words of the plan editor.
import type { FloorMode, Position } from '../protocol';
import { inSentence, listing, minutes } from './english';

export const editor = {
  heading: 'Edit the plan',
  length: (sum: number, parts: number) => `${minutes(sum)} of 480, ${parts} of 16 parts.`,
  facilitates: {
    question: 'Who facilitates',
    host: 'Whoever sets the session up',
    hostHint: 'They can hand over to somebody else at any time.',
    group: 'Somebody in the group',
    groupHint:
      'Whoever offers first in the lobby. Until then, and if nobody offers, whoever set the session up.',
  },
  lobby: 'Who presents and who has a role is chosen in the lobby.',
  parts: 'Parts in order',
  up: 'Up',
  down: 'Down',
  change: 'Change',
  /** After the word of a button, for whoever hears it alone. */
  of: (title: string) => ` ${title}`,
  moved: (title: string, place: number, count: number) => `${title} is part ${place} of ${count} now.`,
  added: (title: string, place: number) => `${title} is added as part ${place}.`,
  removed: (title: string) => `${title} is taken out.`,
  clarifying: 'With clarifying questions',
  clarifyingHint: 'After the case is told, the others ask for what they need to understand.',
  add: 'Add a part',
  full: 'The plan is full. Take a part out, or shorten one, before you add another.',
  shelf: 'Keep, open or share a plan',
  use: 'Use this plan',
  leave: 'Leave the plan as it was',

  who: {
    presenter: 'the presenter',
    facilitator: 'the facilitator',
    member: 'the group',
    named: (title: string) => inSentence(title),
  },
  speak: (mode: FloorMode, who: readonly string[]): string => {
    const names = listing.format(who);
    switch (mode) {
      case 'none':
        return 'Nobody speaks.';
      case 'single':
        return who.length === 1 ? `Speaks: ${names}.` : `Speak: ${names}.`;
      case 'open':
        return `Together: ${names}.`;
      case 'round':
        return `In turn: ${names}.`;
    }
  },

  part: {
    minutes: 'Minutes',
    bad: (most: number) => `Minutes must be a whole number from 1 to ${most}`,
    noRoom: (left: number) => `Minutes must be ${left} or less, so that all parts together are 480`,
    turn: 'Minutes for one turn',
    turnHint: 'Leave it empty if turns take the time they take.',
    badTurn: (most: number) => `Minutes for one turn must be a whole number from 1 to ${most}, or empty`,
    how: 'How do people speak?',
    modes: {
      none: 'Nobody speaks',
      single: 'Some speak, the others listen',
      open: 'They talk with each other',
      round: 'One after another, then together',
    } satisfies Record<FloorMode, string>,
    position: 'What does the presenter do?',
    positions: {
      participant: 'Takes part like everyone else',
      speaking: 'Tells the case',
      answering: 'Answers questions',
      responding: 'Says what stayed',
      leading: 'Leads the talk',
      silent_listening: 'Listens and does not answer',
      silent_thinking: 'Thinks in silence',
      outside: 'Sits outside the circle and listens',
    } satisfies Record<Position, string>,
    others: 'Who speaks beside the presenter?',
    othersAlone: 'Who speaks?',
    facilitator: 'The facilitator',
    facilitatorHint: 'Whoever keeps the time may always speak. Ticked, they take part as well.',
    member: 'The group',
    needed: 'In this part somebody has to speak.',
    hold: 'Stay quiet until the time is up',
    holdHint: 'Once the presenter has finished, nobody else speaks until the part is over.',
    holdRoundHint: 'After the last turn, nobody speaks until the part is over.',
    remove: 'Take this part out',
    done: 'Done',
  },

  adding: {
    heading: 'Add a part',
    lead: 'It comes last. From there, move it up.',
    common: 'For any plan',
    back: 'Add nothing',
  },

  keeping: {
    heading: 'Keep, open or share',
    device: 'On this device',
    none: 'No plan is kept here yet.',
    open: 'Open',
    remove: 'Remove',
    name: 'Name for this plan',
    nameHint: 'It stays on this device.',
    noName: 'Enter a name for this plan',
    longName: (most: number) => `Name must be ${most} characters or less`,
    keep: 'Keep this plan',
    kept: (name: string) => `${name} is kept on this device.`,
    full: 'There is no room for another plan. Remove one first.',
    gone: (name: string) => `${name} is removed from this device.`,
    opened: 'The plan is open.',
    file: 'As a file',
    save: 'Save as a file',
    fileName: 'attune-plan.json',
    choose: 'Open a file',
    link: 'As a link',
    copy: 'Copy the link to this plan',
    copied: 'The link is copied.',
    notCopied: 'The link could not be copied. Select it here and copy it.',
    linkField: 'The link to this plan',
    private: 'File and link hold parts, minutes and who speaks: no name, and nothing that you typed.',
    problems: {
      notAPlan: 'This is not a plan that can be opened. Choose a file that was saved here.',
      newer: 'This plan was saved by a newer version. Reload the page and open it again.',
      unknownParts: 'This plan has parts that are not known here, so it is not opened.',
    },
    back: 'Back to the plan',
  },
};
