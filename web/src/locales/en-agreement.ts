// The words of the group's own agreement. Its starter lines are our own words for what groups usually settle.
export const agreement = {
  heading: 'What this group adds',
  menu: 'What we agreed',
  promises: 'What we promise each other',
  none: 'This group has added nothing to the promises.',
  again: 'The agreement has changed. Read it again, then agree.',
  againHeading: 'The agreement changed before we began',
  againWords: 'You agreed to it as it was before. Read it when there is a moment.',
  read: 'Read it',
  unopened: 'This line cannot be opened here. Ask your facilitator for the link again.',
  agree: 'I agree',
  agreed: 'You have agreed to this.',
  close: 'Close',

  lobbyHint: 'Each person agrees to the promises of the method. Your group can add lines of its own.',
  add: 'Add lines of our own',
  change: 'Change the agreement',
  kept: 'Lines from last time',
  keptWords: (count: number) =>
    count === 1 ? 'This device keeps one line.' : `This device keeps ${count} lines.`,
  useKept: 'Look at them and add them',
  forgetKept: 'Remove them from this device',

  editor: {
    heading: 'What we add to the promises',
    lead: 'Short lines that everyone can say yes to. Leave out names. Who has agreed already is asked again.',
    line: (number: number) => `Line ${number}`,
    remove: (number: number) => `Remove line ${number}`,
    removeShort: 'Remove',
    another: 'Add another line',
    offers: 'Lines that groups often add',
    offer: 'Add',
    offerAloud: (line: string) => `Add: ${line}`,
    keep: 'Keep these lines on this device for our next session',
    save: 'Save the agreement',
    cancel: 'Leave it as it is',
    tooLong: (number: number) => `Line ${number}: use fewer words, at most 200 characters`,
    noDate: (number: number) => `Line ${number}: write the day on which you look at it again`,
    tooMany: (most: number) => `An agreement has at most ${most} lines. Remove one first.`,
    notSaved: 'This could not be saved. Try again when you are connected.',
  },
};

/** The beginning of the line that a person finishes with a day. */
export const reviewLine = 'We look at this agreement again on ';

/** Lines to add by one press. */
export const starterLines: readonly string[] = [
  'Double confidentiality: afterwards nobody brings the case up with the presenter unless they begin.',
  'What is said stays in this group. The exception is danger to somebody: then we say so here first, and name who is told.',
  'Nobody records, and nobody writes down what is said. Each may note their own learning, without names.',
  'If it becomes too much for somebody we stop. Two of us stay with them afterwards, and we agree who asks the next day.',
  'If something goes wrong between us we raise it here, at the next meeting at the latest.',
  'We begin and end on time, and say beforehand if we cannot come or have to leave early.',
  'We disagree about ideas and not about people.',
  reviewLine,
];
