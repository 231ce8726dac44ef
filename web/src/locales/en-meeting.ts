// The words of a day on which a group meets: the one it is set up for, and the next.

export const meeting = {
  planned: {
    summary: 'Meeting on another day?',
    hint: 'The place to meet is kept until then, and for a while after.',
    far: 'The day must be within a year',
    when: (day: string, time: string) => `We meet on ${day} at ${time}.`,
    withLink: 'Put the link in the file',
    withLinkHint: 'Whoever can read your calendar could then come in.',
    description: (link: string) => `Join: ${link}`,
    save: 'Save for the calendar',
  },

  next: {
    open: 'Put the next meeting in your calendar',
    heading: 'The next meeting',
    lead: 'Agree on a day, then each of you saves it. The file holds no names.',
    day: 'Day',
    time: 'Time',
    length: (minutes: string) => `The file says ${minutes}, as long as today was planned.`,
    save: 'Save for the calendar',
    saved: 'Saved. Open the file to put it in your calendar.',
    noDay: 'Enter a day',
    noTime: 'Enter a time',
    past: 'Day and time must be ahead of now',
    file: (day: string) => `meeting-${day}.ics`,
  },
};
