// The words of what stands before a session: the first page, joining, and a way that leads nowhere. The session's own
// words come with its screens, in `en-session.ts`. Short, present tense, no "please", no "sorry", no praise.
import { choosing, minutes } from './english';

export const en = {
  product: 'Attune',
  menu: 'Menu',
  back: 'Back',
  news: 'News',
  tryAgain: 'Try again',
  notLoaded: 'A part of this page did not load. Try again when you are connected.',
  firstPage: 'Go to the first page',
  closedTitle: 'Closed',
  chooseSession: 'Your sessions on this device',
  minutes,
  choosing: (names: readonly string[]) => choosing.format(names),
  errorInTitle: (title: string) => `Error: ${title}`,
  errorPrefix: 'Error: ',
  problem: 'There is a problem',
  people: {
    someone: 'Someone',
    facilitator: 'facilitator',
    theFacilitator: 'the facilitator',
  },
  title: {
    left: (count: number) => `${count} min left`,
    lessLeft: 'under 1 min left',
    over: (count: number) => `${count} min over`,
    lessOver: 'time is up',
    paused: 'Paused',
    yourTurn: 'Your turn',
    join: (parts: readonly string[]) => parts.join(' – '),
  },
  landing: {
    heading: 'Talk a case through, in turns, without rushing.',
    lead: 'Attune keeps the time, the turns and the silence, so that your group can think.',
    start: 'Start a group',
    startHint: 'You get one link to share. Nobody needs an account.',
    setUp: 'Set up a session',
    join: 'Join a group',
    link: 'The link you were sent, or the letters of a code',
    joinButton: 'Join',
    noLink: 'Enter the link or the code',
    notALink: 'Enter the whole link, from https to its last letter, or all letters of the code',
    cutLink: 'This link is not complete. Copy all of it, or ask for it again',
    stored: 'Your sessions on this device',
    returnTo: (name: string | null, date: string) =>
      name === null ? `Return to the session of ${date}` : `Return as ${name}, ${date}`,
    storedClosed: 'closed',
    credit: 'Nothing said is recorded or kept. After Gillian Ruch’s reflective case discussion.',
    howItWorks: 'How it works',
    privacy: 'Privacy',
    accessibility: 'Accessibility',
  },
  join: {
    heading: 'Join the group',
    lead: 'A case is talked through here, in turns. You come in when you press Join.',
    exposed:
      'This link has passed through an address that servers can read. Ask your facilitator for a new link if names must stay private.',
    name: 'Your name',
    nameHint: 'First name or initials. The group sees it. The service cannot read it.',
    noName: 'Enter your name',
    noOtherName: 'Enter a name',
    longName: (most: number) => `Name must be ${most} characters or less`,
    notMine: 'This is not my device',
    notMineHint: 'Nothing is kept here after you close this page.',
    button: 'Join',
    joining: 'Joining',
    known: 'You have been here before',
    knownLead: 'This device has a place in this group.',
    returnAs: (name: string | null) => (name === null ? 'Return to your place' : `Return as ${name}`),
    someoneElse: 'Join as someone else',
  },
  lobby: {
    heading: 'Before we start',
    between: 'Between two cases',
  },
  exposed:
    'This page is not encrypted, so others on the network can change it. Try things out here, but bring no real case.',
  left: {
    heading: 'You have left',
    lead: 'Nothing of the session is kept on this device. To come back, open the link again.',
  },
  wiped: {
    heading: 'This device is clear',
    lead: 'Everything that Attune kept here is removed.',
  },
  brokenLink: {
    heading: 'This link is not complete',
    lead: 'A part of it is missing, so the session cannot be opened. Ask your facilitator for the whole link, or scan the code.',
  },
  noSession: {
    heading: 'There is no session in this tab',
    lead: 'Open the link you were sent, or go to the first page.',
  },
};

/** Every language has these words. */
export type Words = typeof en;
