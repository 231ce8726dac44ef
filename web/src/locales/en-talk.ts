// The words of what people do while they talk: hands and quiet reminders. Only a session needs them.
import type { Reminder } from '../protocol';

export const talk = {
  hands: {
    heading: 'Hands',
    raise: 'Raise my hand',
    lower: 'Lower my hand',
    next: 'next',
    takeDown: (name: string) => `Take the hand of ${name} down`,
    raiseFor: 'Raise the hand',
    lowerFor: 'Lower the hand',
    /** To a screen reader. */
    youAreNext: 'You are next to speak.',
    firstHand: (name: string) => `${name} asks to speak.`,
  },

  reminder: {
    open: 'Bring the talk back',
    openSetting: 'Quiet reminders',
    lead: 'Everyone reads it for half a minute. It names nobody, and nobody sees who sent it.',
    settingLead:
      'During the talk a reminder can bring everyone back. It shows for half a minute, names nobody, and nobody sees who sent it.',
    anyone: 'Anyone may send a reminder',
    anyoneHint: 'Except the person who listens in silence.',
    close: 'Close',
    says: {
      advice: 'This is becoming advice.',
      blame: 'This is becoming blame.',
      each_other: 'Talk to each other, not to the presenter.',
      missing_view: 'Whose view is missing?',
    } satisfies Record<Reminder, string>,
  },
};
