// The words of a screen on the wall, and of the dialog that makes its link.
import { inSentence, nth } from './english';

export const display = {
  ask: {
    heading: 'Show the clock here',
    lead: 'This page becomes a screen for the room. It shows the part and its time, large enough to be read from eight metres.',
    hint: 'It takes no place in the group, and everyone there sees that a screen shows the clock.',
    button: 'Show the clock',
  },
  fullScreen: 'Full screen',
  leaveFullScreen: 'Leave full screen',

  lobby: {
    heading: 'Before we start',
    lead: 'We begin when everyone is here.',
    planned: (day: string, time: string) => `We meet on ${day} at ${time}.`,
    scan: 'Join: point a phone here',
    code: 'The code for joining',
    type: (host: string) => `Or type this at ${host}`,
  },

  between: {
    small: 'Between two cases',
    /** "Second case", counted from 1. */
    nth,
    lead: 'We agree who presents next.',
    presents: (name: string) => `${name} presents next.`,
  },

  speaking: (name: string | null) => `${name ?? 'One of us'} is speaking. The others listen.`,
  story: (name: string | null) => `${name ?? 'The presenter'} is speaking. The others listen.`,
  discussion: (name: string | null) => `Talk to each other. ${name ?? 'The presenter'} is listening.`,
  asking: (name: string | null) => `Ask, to understand. ${name ?? 'The presenter'} answers.`,
  leading: (name: string | null) => `${name ?? 'The presenter'} leads the talk.`,
  together: 'Talk together.',
  review: 'Look back together.',
  arrive: 'One word each, in turn.',
  closingRound: 'One sentence each, in turn.',
  roundIsOver: 'Everyone has had a turn. Stay quiet for a moment.',
  still: 'Nobody speaks. Let it settle.',
  stillHeading: 'We are quiet together',
  over: 'Time to come to an end. Finish your thought.',
  paused: 'We are pausing',
  pausedLead: 'The time is stopped. Nothing is lost.',
  missing: 'The time waits',
  missingLead: 'We decide together how to go on.',

  next: (title: string) => `Next: ${inSentence(title)}`,
  nextClose: 'Then we close',
  ends: (time: string) => `We end at about ${time}`,
  presenter: 'the presenter',

  closed: { heading: 'The session is closed', lead: 'Nothing that was said has been kept.' },
  ended: {
    heading: 'This screen has ended',
    lead: 'The link of this screen shows nothing any more. Whoever facilitates can make a new one.',
  },
  reload: { heading: 'Load this page again', lead: 'The service has a newer version.', button: 'Load again' },
  connecting: 'Connecting',
  reconnecting: 'Reconnecting. The time is still right.',
  full: 'Three screens are connected already, or the service is busy. This one tries again by itself.',

  dialog: {
    heading: 'A screen for the room',
    text: 'A projector or a shared screen can show the part and its time. It takes no place, and shows no name unless you choose it.',
    make: 'Make a link for a screen',
    another: 'Make another link',
    anotherHint: 'The link before it ends, with every screen that shows it.',
    copy: 'Copy the link for the screen',
    copyHint: 'Open it on the computer at the screen, and press “Show the clock” there.',
    field: 'The link for the screen',
    copied: 'Copied. Send it to the computer at the screen.',
    notCopied: 'The browser does not let this page copy. Copy the link from here:',
    names: 'Show who presents and who is speaking',
    namesHint: 'Everyone who sees the screen reads these names.',
    joining: 'Show how to join, until we begin',
    joiningHint:
      'Everyone who sees the screen can join, and read names. Nothing shows while the door is locked.',
    end: 'End the screen',
    ended: 'The screen has ended, and its link shows nothing any more.',
    ends: 'A new link for joining, and removing somebody, end the screen too.',
    lost: 'The link cannot be opened here. Make another.',
    nobody: 'No screen is connected.',
    back: 'Back',
  },
};
