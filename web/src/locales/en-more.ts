// The words of what is opened later: set-up, the facilitator's lobby and dialogs, the menu, the record, the help.
// Longer than other files: it is one list, and translators read it as one.
import type { ActKind } from '../protocol';
import { inSentence, listing, minutes, takenFrom } from './english';

const count = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** "four parts". */
const parts = (number: number) => (number === 1 ? 'one part' : `${count[number] ?? number} parts`);

export const more = {
  setUp: {
    heading: 'Set up a session',
    anotherMethod: 'Choose another method',
    advises: 'This method ends in advice',
    advisesWords:
      'The promise “I think along and do not try to fix it” is not part of it. Choose it only if your group wants ideas for what to do.',
    advisingPart: 'A part comes from a method for advice',
    advisingPartWords: (titles: readonly string[]) =>
      `${listing.format(titles)}. The promises of this plan hold advice back, so agree beforehand which of the two counts there.`,
    ofTheGroup: 'Somebody in the group facilitates: whoever offers first, in the lobby.',
    meeting: 'How will you meet?',
    call: 'In a call',
    callHint: 'Teams, Zoom or another, with Attune beside it.',
    room: 'In one room',
    roomHint: 'On phones, and people without one are added by name.',
    total: (sum: number, number: number) => `${minutes(sum)}, in ${parts(number)}`,
    change: 'Change the parts or the minutes',
    editor: 'Edit the whole plan',
    linkProblems: {
      notAPlan: 'The link does not hold a whole plan. Copy all of it, or ask for it again.',
      newer: 'The plan in the link was made by a newer version. Reload the page and open the link again.',
      unknownParts: 'The plan in the link has parts that are not known here.',
    },
    linkPlan: 'The plan of the link stands here.',
    minutesOf: (title: string) => `Minutes for ${inSentence(title)}`,
    with: (title: string) => `With ${inSentence(title)}`,
    arrivalHint: 'Everyone says one word before the case is told.',
    closingHint: 'Everyone says one sentence before we close.',
    turns: (title: string) => `How we speak in ${inSentence(title)}`,
    inTurn: 'One after another, then together',
    inTurnHint: 'Each has a turn and may pass.',
    open: 'Together from the start',
    atTime: 'When the time of a part is up',
    guide: 'The facilitator moves on',
    guideHint: 'The clock runs over, calmly, until then.',
    firm: 'The next part begins by itself',
    firmHint: 'Fifteen seconds after the time.',
    create: 'Create the session',
    creating: 'Creating the session',
    badMinutes: (title: string, most: number) =>
      `Minutes for ${inSentence(title)} must be a whole number from 1 to ${most}`,
    tooLong: (most: number) => `All parts together must be ${most} minutes or less`,
    noParts: 'Keep at least one part',
    token: 'Word for setting up sessions',
    tokenHint: 'Not everybody may set up sessions here. Whoever runs this service has the word.',
    tokenEmpty: 'Enter the word for setting up sessions',
    tokenWrong: 'This is not the word. Check it, or ask whoever runs this service',
    notMine: 'This is not my device',
    notMineHint: 'Nothing is kept here after you close this page.',
  },

  methods: {
    heading: 'Choose a method',
    lead: 'Each shows its parts as long as they are, and who speaks in them.',
    keep: 'Keep the method as it is',
    aims: { reflect: 'For thinking', coach: 'For a next step of one’s own', advise: 'For advice' },
    aimHints: {
      reflect: 'The group thinks before anybody acts. Nobody tries to fix it.',
      coach: 'The others ask, and keep advice to themselves.',
      advise: 'The group gives ideas for what to do. “No fixing” does not hold here.',
    },
    people: (least: number, most: number) => `${least} to ${most} people`,
    chosen: 'chosen now',
    origin: 'Terms and sources',
    originOf: (name: string) => ` of ${name}`,
    sources: 'Its shape was read in:',
  },

  shape: {
    label: 'Parts',
    key: 'Signs',
    part: (title: string, length: string, who: string) => `${title}, ${length}: ${who}`,
    speaks: {
      presenter: 'the presenter speaks',
      group: 'the group speaks and the presenter listens',
      answers: 'the presenter answers',
      all: 'everyone speaks',
      one: 'one person speaks',
      nobody: 'nobody speaks',
    },
    signs: {
      presenter: 'The presenter speaks',
      group: 'The group speaks, the presenter listens',
      answers: 'The presenter answers',
      all: 'Everyone speaks',
      nobody: 'One speaks, or nobody',
    },
  },

  roles: {
    heading: 'Roles',
    choose: 'Who has which role?',
    lead: (other: string) => `Everyone else: ${other}.`,
    nobody: 'nobody yet',
    everyoneElse: 'everyone else',
    now: 'has this role now',
    take: 'Give it to nobody',
    done: 'Done',
  },

  lobby: {
    lead: 'Share the link. Begin when everyone is here.',
    invite: 'Invite',
    code: 'Code to scan: opens the link to join',
    copy: 'Copy the link',
    copied: 'The link is copied.',
    notCopied: 'The link could not be copied. Select it here and copy it.',
    linkField: 'The link to this session',
    inviteHint: 'Anyone with the link can come in. Share it with the group only.',
    whoPresents: 'Choose who presents',
    changePresenter: 'Change who presents',
    people: 'People',
    plan: 'What we will do',
    endsAbout: (time: string) => `If we begin now, we end at about ${time}.`,
    changePlan: 'Change the plan',
    savePlan: 'Save the plan',
    keepPlan: 'Keep the plan as it is',
    size: (least: number, most: number, here: number) =>
      `This method is made for ${least} to ${most} people. ${here} are here.`,
    asks: {
      heading: 'Who facilitates?',
      nobody: (hosts: readonly string[]) => {
        const offer = 'Nobody yet. Whoever offers first keeps the time and moves us on.';
        return hosts.length === 0 ? offer : `${offer} Until then ${listing.format(hosts)} does.`;
      },
      nobodyButYou:
        'Nobody yet. Whoever offers first takes over from you. If nobody does, you facilitate: begin when everyone is here.',
      offer: 'I will facilitate',
      are: (names: readonly string[]) =>
        `${listing.format(names)} ${names.length > 1 ? 'facilitate' : 'facilitates'}.`,
      you: (others: readonly string[]) =>
        others.length === 0 ? 'You facilitate.' : `You facilitate, with ${listing.format(others)}.`,
    },
    newPromises: 'The promises change too',
    newPromisesWords: 'They belong to the method. Read the new ones together before you begin.',
    begin: 'Begin',
    lockToo: 'Lock the door and begin',
    beginWith: {
      speak: (name: string) => `Begin: ${name} presents`,
      youSpeak: 'Begin: you present',
      other: (title: string) => `Begin: ${title.toLocaleLowerCase('en')}`,
    },
    chair: {
      heading: 'Who keeps the time while you listen?',
      words:
        'You present, and then you are silent. Ask somebody to hold the chair: to pause, add minutes and move on.',
      ask: (name: string) => `Ask ${name}`,
      asked: (name: string) => `${name} was asked. Wait for the answer, or ask someone else.`,
      takeBack: 'Take the question back',
      firm: 'If nobody holds the chair, each part begins by itself fifteen seconds after the time of the one before.',
      co: (names: string) => `${names} can keep the time while you listen.`,
      nobody: 'Nobody here can be asked yet.',
    },
  },

  door: {
    heading: 'The door',
    states: {
      open: 'Anyone with the link can come in.',
      knock: 'Whoever has the link knocks, and you let them in.',
      locked: 'Locked: nobody new can come in. Whoever is in can leave and come back.',
    },
    change: { open: 'Open the door', knock: 'Have people knock first', locked: 'Lock the door' },
    showCode: 'Show a code to type',
    newCode: 'Show another code',
    codeHint: 'Six letters to type instead of the link. Whoever types them knocks, and you let them in.',
    codeLeads: (host: string, time: string) => `Type it at ${host}. It can be typed until ${time}.`,
    newLink: 'Make a new link',
    newLinkHint: 'The old link and the picture of it stop working, and a screen ends. Nobody inside notices.',
    renewed: 'The link is new. Share it with whoever still needs it.',
    personal: {
      open: 'A link for one person',
      heading: 'A link for one person',
      lead: 'It lets one person in, once: whoever is first to join by it takes it. The link of the group stays as it is.',
      make: 'Make a link for one person',
      another: 'Make one for another person',
      made: 'The link stands here until you go back.',
      mayBeUsed: 'Somebody has just joined by a link for one person. It may have been this one.',
      copy: 'Copy the link for one person',
      copied: 'The link is copied. Send it to one person only.',
      notCopied: 'The link could not be copied. Select it here and copy it.',
      field: 'The link for one person',
      unused: (count: number) =>
        count === 1 ? 'One link for one person is unused.' : `${count} links for one person are unused.`,
      back: 'Back to the door',
      enough: 'No more can wait to be used. A new link for the group ends them all.',
      endToo: (count: number) =>
        count === 1
          ? 'One unused link for one person ends too.'
          : `${count} unused links for one person end too.`,
    },
  },

  presenter: {
    heading: 'Who presents?',
    lead: 'The group hears this person’s case.',
    offers: 'offers to present',
    none: 'Nobody yet',
    now: 'presents now',
    keep: 'Leave it as it is',
    empty: 'Nobody is here yet. Share the link first.',
  },

  more: {
    heading: 'More',
    back: (title: string) => `Go back to ${inSentence(title)}`,
    openFloor: 'Open the floor to all',
    moveTurn: (name: string) => `Go on without waiting for ${name}`,
    order: 'Change who comes next',
    onceMore: 'Go once more around',
    choosePresenter: 'Choose who presents',
    people: 'People',
    door: 'The door',
    display: 'A screen for the room',
    roles: 'Who has which role',
    happened: 'What happened',
    end: 'End the session',
    close: 'Close',
  },

  order: {
    heading: 'Who comes next?',
    lead: 'Press a name to put that person first of those who wait.',
    next: 'next',
    done: 'Done',
  },

  people: {
    heading: 'People',
    nameLabel: 'First name or initials',
    add: 'Add a person without a device',
    addHeading: 'Add a person without a device',
    addLead: 'You take their turns for them: agree, speak, pass.',
    addButton: 'Add',
    copy: 'Copy the link',
    makeFacilitator: 'Make a co-facilitator',
    unmakeFacilitator: 'No longer a facilitator',
    handOver: 'Hand the facilitation over',
    remove: 'Remove from the session',
    clear: 'Free the place',
    rename: 'Change the name',
    agree: 'Has agreed to the promises',
    role: (role: string) => `Has the role: ${role}`,
    noRole: 'Has no role of this method',
    back: 'Back to all people',
    done: 'Done',
  },

  remove: {
    heading: (name: string) => `Remove ${name}`,
    text: (name: string) =>
      `The session closes on ${name}’s device. The link changes, so that whoever has only the old one cannot come in.`,
    effect: (name: string) => `Remove ${name} and change the link`,
    later: (name: string) => `Let ${name} stay`,
    told: (name: string) =>
      `${name} is removed. The link has changed: share the new one with whoever still needs it.`,
  },
  clear: {
    told: (name: string) => `The place of ${name} is free.`,
  },
  recognise: {
    offer: (name: string) => `This is ${name}`,
    heading: (name: string) => `Is this ${name}?`,
    text: (name: string) =>
      `${name}’s place opens on this device from now on, with all that it had. It opens on no other device any more. This cannot be taken back.`,
    facilitates: (name: string) => `${name} facilitates, so this device will too.`,
    effect: (name: string) => `Give this device ${name}’s place`,
    later: 'Not now',
    told: (name: string) => `${name} has the place again, on the new device.`,
  },
  handOver: {
    heading: (name: string) => `Hand over to ${name}`,
    text: (name: string) =>
      `${name} facilitates from now on and you are a member of the group. Only ${name} can hand it back.`,
    effect: (name: string) => `Hand over to ${name}`,
    later: 'Go on facilitating',
  },
  erase: {
    heading: 'Delete the session',
    text: 'The service deletes it now, for everyone. The record stays on open pages until they are closed.',
    effect: 'Delete it now for everyone',
    later: 'Keep it until its day',
  },
  menu: {
    heading: 'Menu',
    close: 'Close',
    back: 'Back to the menu',
    rename: 'Change my name',
    renameButton: 'Save the name',
    copy: 'Copy the link',
    elsewhere: 'Continue on another device',
    happened: 'What happened',
    sound: 'Sound and vibration',
    speech: 'Said to a screen reader',
    speeches: { all: 'everything', less: 'the most needed' },
    look: 'Light, contrast and text size',
    number: 'Number beside the disc',
    help: 'Help',
    device: 'What is on this device',
    talk: 'A talk afterwards',
    talkAsked: 'someone asks you',
    leave: 'Leave and free my place',
    on: 'on',
    off: 'off',
    shown: 'shown',
    hidden: 'hidden',
    theme: 'Light or dark',
    themes: { device: 'As this device', light: 'Light', dark: 'Dark' },
    contrast: 'Contrast',
    contrasts: { device: 'As this device', normal: 'Normal', more: 'More' },
    textSize: 'Text size',
    textSizes: { normal: 'Normal', large: 'Large', larger: 'Larger' },
  },

  happened: {
    heading: 'What happened',
    lead: 'Who steered, and when. Nothing that was said.',
    empty: 'Nothing yet.',
    waiting: 'Attune is looking it up.',
    failed: 'This could not be looked up. Try again when you are connected.',
    byItself: 'by itself',
    offered: 'offered to facilitate',
    act: (
      what: ActKind,
      title: (phase: number) => string,
      name: (seat: number) => string,
      role: (id: string) => string,
    ): string => {
      switch (what.type) {
        case 'began':
          return 'began the session';
        case 'movedOn':
          return `moved on to ${inSentence(title(what.phase))}`;
        case 'wentBack':
          return `went back to ${inSentence(title(what.phase))}`;
        case 'paused':
          return 'stopped the time';
        case 'resumed':
          return 'let the time go on';
        case 'extended':
          return `added ${minutes(what.by === 'one' ? 1 : 5)}${takenFrom(what.from, title)}`;
        case 'shortened':
          return 'shortened what was left';
        case 'ended':
          return 'closed the session';
        case 'undone':
          return 'took a step back';
        case 'chosePresenter':
          return what.seat === null ? 'chose nobody to present' : `chose ${name(what.seat)} to present`;
        case 'endedCase':
          return 'ended the case, and another follows';
        case 'arrangedCase':
          return what.another ? 'arranged another case' : 'arranged no other case';
        case 'drewPresenter':
          return `drew ${name(what.seat)} to present`;
        case 'choseReserve':
          return what.seat === null ? 'named nobody in reserve' : `named ${name(what.seat)} in reserve`;
        case 'setFacilitator':
          return what.facilitator
            ? `made ${name(what.seat)} a co-facilitator`
            : `ended ${name(what.seat)}’s facilitation`;
        case 'setRole':
          return what.role === null
            ? `took the role from ${name(what.seat)}`
            : `gave ${name(what.seat)} the role of ${role(what.role)}`;
        case 'handedOver':
          return `handed over to ${name(what.to)}`;
        case 'tookChair':
          return 'took the chair for now';
        case 'askedForChair':
          return 'had the chair back';
        case 'removed':
          return `removed ${name(what.seat)}`;
        case 'cleared':
          return `freed the place of ${name(what.seat)}`;
        case 'recognised':
          return `recognised ${name(what.seat)} on another device`;
        case 'added':
          return `added ${name(what.seat)}`;
        case 'openedFloor':
          return 'opened the floor to all';
        case 'movedTurn':
          return `went on after ${name(what.seat)}’s turn`;
        case 'putOffTurn':
          return `put ${name(what.seat)}’s turn off`;
        case 'orderedRound':
          return 'changed the order of the round';
        case 'startedRound':
          return 'went once more around';
        case 'setReminders':
          return what.anyone ? 'let everyone send reminders' : 'kept reminders to whoever facilitates';
        case 'changedPlan':
          return 'changed the plan';
        case 'setDoor':
          return { open: 'opened the door', knock: 'had people knock first', locked: 'locked the door' }[
            what.door
          ];
        case 'letIn':
          return 'let somebody in';
        case 'declined':
          return 'did not let somebody in';
        case 'changedLink':
          return 'made a new link';
        case 'madePersonalLink':
          return 'made a link for one person';
        case 'madeDisplay':
          return 'made a link for a screen';
        case 'setDisplay':
          return what.names
            ? 'let screens show who is speaking'
            : what.joining
              ? 'let screens show how to join'
              : 'let screens show the clock alone';
        case 'endedDisplay':
          return 'ended the screen';
        case 'changedAgreement':
          return 'changed the agreement';
      }
    },
  },

  help: {
    heading: 'Help',
    how: 'How it works',
    howText: [
      'One person presents a dilemma. The group thinks about it aloud while that person listens in silence. Then the person comes back and says what stayed with them, and each in turn replies. At the end the group looks at how it worked.',
      'Every screen says what you do now. The disc empties as the time goes. When it is empty nobody is cut off: a facilitator moves on when the last thought is finished.',
      '“I need a pause” is always there. It tells the facilitator, and nobody else.',
    ],
    privacy: 'Privacy',
    privacyText: [
      'Nothing that is said is sent, recorded or kept. Names are locked on your device with a key that stands only in the link, so the service cannot read them.',
      'The service keeps which parts ran, when, and in which place. It deletes this by itself. There are no cookies, and no page asks another service for anything.',
      'Your device keeps your place in the session until you leave.',
    ],
    accessibility: 'Accessibility',
    accessibilityText: [
      'Everything works by keyboard and with a screen reader. The time is spoken at the start of a part, two minutes before its end, at its end, and every five minutes after it.',
      'Under Menu you can change the text size, the contrast, and hide the number beside the disc.',
    ],
    clock: 'Clock and connection',
    milliseconds: (number: number) => `${number} ms`,
    noClock: 'The service’s clock is not known yet.',
    connection: 'Connection',
    connections: {
      idle: 'not needed',
      connecting: 'connecting',
      connected: 'connected',
      waiting: 'away, tried again by itself',
      closed: 'closed',
    },
    roundTrip: 'Way there and back',
    offset: 'Clock of this device against the service’s',
    sureness: 'Sure to',
    waitingActs: 'Presses without an answer',
    seat: 'Place',
    version: 'Version',
    screen: 'Screen kept on',
    screens: { off: 'not needed', held: 'yes', failed: 'not by this browser' },
  },

  record: {
    heading: 'The session is closed',
    printHeading: 'Reflective case discussion',
    confidential: 'Confidential. This record holds times only, nothing that was said.',
    lead: 'Nothing that was said has been kept. If something stays with you, take it to someone you trust.',
    table: 'What took place',
    tableOf: (name: string) => `What took place: ${name}`,
    part: 'Part',
    planned: 'Planned',
    actual: 'Actual',
    together: 'Together',
    minutes: (number: number) => `${number} min`,
    changed: (planned: number, now: number) => `${planned}, then ${now}\u00a0min`,
    who: 'Who was there',
    people: (number: number) => (number === 1 ? '1 person' : `${number} people`),
    names: 'Put first names in the printed record',
    nothingRan: 'No part had begun.',
    deletes: (date: string) => `The service deletes this record on ${date}.`,
    deleted: 'The service has deleted this record. It stays here until you leave.',
    print: 'Print',
    save: 'Save as text',
    file: (date: string) => `session-${date}.md`,
    erase: 'Delete it now',
    leave: 'Leave',
  },
};
