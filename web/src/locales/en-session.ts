// The words of a session: waiting for it, the discussion itself, and what can go wrong. Words of what is opened later
// stand in `en-more.ts`. Short, present tense, no "please", no "sorry", no praise.
// Longer than other files: it is one list, and translators read it as one.
import type { ActKind, CLOSE_CODES, Refusal } from '../protocol';
import { en } from './en';
import { inSentence, listing, lower, minutes, plural, possessive, takenFrom } from './english';

export const session = {
  /** The last part, where another case follows. */
  anotherCase: {
    next: 'Next: another case.',
    moveOn: 'End this case',
    overSteering: 'Let the last thought finish. Then end this case.',
    overFirm: 'Finish your thought. Then another case follows.',
  },
  hideNews: 'Hide this',
  goOn: 'Go on',
  nameNotSaved: 'The name was not saved. Try again in a moment.',
  inSentence,
  listing: (names: readonly string[]) => listing.format(names),
  people: {
    ...en.people,
    you: (name: string) => `${name} (you)`,
    nameless: 'No name yet',
    unopened: 'Name cannot be opened',
    unopenedHint:
      'A name cannot be opened here. Your link may be changed or cut: ask your facilitator for it again.',
    presents: 'will present',
    presenting: 'presents',
    offers: 'offers to present',
    agreed: 'agreed',
    reading: 'still reading',
    readingAgain: 'reads the changed agreement',
    noDevice: 'no device',
    standIn: 'has the chair for now',
    /** On every page of the session while there are any. */
    screens: (count: number) =>
      plural(count, 'One screen shows the clock.', `${count} screens show the clock.`),
    awaySince: (time: string) => `no connection since ${time}`,
    joinedAt: (time: string) => `joined at ${time}`,
  },
  bar: {
    label: 'Parts of this session',
    part: (title: string, count: number) => `${title}, ${minutes(count)}`,
    done: (title: string, count: number) => `${title}, ${minutes(count)}, done`,
    now: (title: string, count: number) => `${title}, ${minutes(count)}, now`,
  },
  clock: {
    label: 'Time in this part',
    hide: 'Hide number',
    show: 'Show number',
    left: (count: number) => `${plural(count, 'minute', 'minutes')} left`,
    over: (count: number) => `${plural(count, 'minute', 'minutes')} over`,
    kept: (count: number) => `${plural(count, 'minute', 'minutes')} kept`,
    lessLeft: 'Less than a minute left',
    lessOver: 'Less than a minute over',
    lessKept: 'Less than a minute kept',
    overKept: (count: number) => `${plural(count, 'minute', 'minutes')} over, kept`,
    secondsLeft: 'left',
    secondsOver: 'over',
    secondsKept: 'kept',
    twoMinutes: 'Two minutes left.',
  },
  lobby: {
    ...en.lobby,
    groupOf: (name: string | null) => (name === null ? 'Your group' : `${possessive(name)} group`),
    reserve: 'in reserve',
    promise: 'This is what we promise each other.',
    agree: 'I agree',
    agreedLead: 'You have agreed. This is what we promise each other.',
    here: 'Here now',
    offer: 'I offer to present',
    withdraw: 'I do not offer to present after all',
    willBegin: (who: string, time: string) =>
      `${who} will begin when everyone is here. We end at about ${time}.`,
    plan: 'What we will do',
    chairAsked: (name: string) => `${name} asks you to hold the chair`,
    chairAskedWords: (name: string) =>
      `${name} presents today and then listens. Whoever holds the chair keeps the time: pauses, adds minutes and moves on.`,
    chairYes: 'I will hold the chair',
    chairNo: 'Not this time',
    chairHeld: 'You hold the chair while the facilitator presents.',
  },
  newcomer: {
    heading: 'Before you come in',
    lead: 'A discussion is going on. This is what we promise each other.',
    next: 'You come in as soon as you agree.',
  },
  next: {
    close: (time: string) => `Next: we close, at about ${time}.`,
    youPresent: 'Next: you present.',
    presents: (name: string) => `Next: ${name} presents.`,
    youListen: 'Next: you listen, while the group thinks about it.',
    thinkAloud: (name: string) => `Next: you think aloud with the others. ${name} listens.`,
    groupThinks: (name: string) => `Next: the group thinks about it. ${name} listens.`,
    youRespond: 'Next: you come back and speak first.',
    responds: (name: string) => `Next: ${name} comes back and speaks first.`,
    youAnswer: 'Next: the others ask and you answer.',
    answers: (name: string) => `Next: you ask and ${name} answers.`,
    still: 'Next: we are quiet together.',
    youLead: 'Next: you lead the talk.',
    leads: (name: string) => `Next: ${name} leads the talk.`,
    review: 'Next: we look back at how we worked.',
    other: (title: string) => `Next: ${inSentence(title)}.`,
    afterYou: (name: string) => `After you: ${name}.`,
    afterYouEach: (name: string) => `After you: ${name}, then each in turn.`,
    lastTurn: 'You are the last. Then we talk together.',
  },
  think: {
    ifItHelps: 'If it helps',
    whileYouListen: 'While you listen',
    wayIn: 'A way in',
    onlyYou: 'Only you see this',
    anotherQuestion: 'Another question',
    anotherSteer: 'Another way to steer',
    round: 'The round',
    roundAgain: 'The round, once more',
  },
  pause: {
    need: 'I need a pause',
    told: (who: string) =>
      `${who} knows that you need a pause. Without an answer the time stops by itself in half a minute.`,
    wasHeard: (who: string) => `${who} has heard that you need a pause. The time goes on for now.`,
    asked: (name: string) => `${name} needs a pause.`,
    forEveryone: 'Pause for everyone',
    heard: 'I have heard it',
    heading: 'We are pausing',
    lead: 'The time is stopped. Nothing is lost. We go on when everyone is ready.',
    next: 'You may leave the room, turn your camera off, or stay as you are.',
    byItself: 'Anyone may let the time go on.',
    goOn: 'Go on',
  },
  arrival: {
    heading: 'Arrive',
    mine: 'It is your turn. Say one word about how you arrive, or pass.',
    lead: 'Say one word about how you arrive, or pass.',
    pass: 'Pass',
    open: 'Everyone has had a turn. Stay quiet for a moment.',
    openSteering: 'Everyone has had a turn. Move on when it is quiet.',
  },
  /** Once everyone has had a turn. */
  closingRound: {
    heading: 'Everyone has had a turn',
    lead: 'Stay quiet for a moment.',
    leadSteering: 'Leave a quiet moment, then close.',
  },

  presenting: {
    heading: 'Tell it as you lived it',
    lead: 'You are speaking. Nobody will interrupt you. Leave out names and places.',
    finished: 'I have finished',
    toldHeld: 'You have finished. We stay quiet until the time is up. You can still add something.',
    told: (who: string | null) =>
      who === null
        ? 'You have finished. Leave a quiet moment, then move on.'
        : `You have finished. ${who} will move us on. You can still add something.`,
  },
  listening: {
    heading: (name: string) => `${name} is speaking`,
    lead: 'Listen to the whole of it. Keep your questions for later.',
    finished: (name: string) => `${name} has told the story. Stay with it for a moment.`,
  },
  discussion: {
    heading: 'Think aloud together',
    lead: (name: string) => `Talk to each other. ${name} is listening and does not answer.`,
    leadFacilitator: (name: string) => `Talk to each other. ${name} is listening.`,
    leadOutside: (name: string) => `Talk to each other. ${name} sits outside the circle and listens.`,
  },
  silent: {
    heading: 'You are listening',
    lead: 'The group is thinking about your case. Nobody needs an answer from you.',
    leadOutside: 'You sit outside the circle. Nobody needs an answer from you.',
    leadRound: 'The others speak in turn. Nobody needs an answer from you.',
    /** In the clock’s place once the time is up. */
    over: 'The group is coming to an end.',
    microphone: 'Turn off your microphone and camera in the call.',
    stillHeading: 'We are quiet together',
    stillLead: 'Nobody speaks. Let it settle.',
    afterCase: (name: string) => `${name} has finished. We stay quiet until the time is up.`,
    afterRound: 'Everyone has had a turn. We stay quiet until the time is up.',
    /** Once the time of a held silence is up: nobody has a thought to finish. */
    up: (who: string) => `The time is up. ${who} will move us on.`,
    upAlone: 'The time is up.',
    upSteering: 'The time is up. Move on when you are ready.',
  },
  round: {
    presenterHeading: 'What stayed with you?',
    presenterLead: (name: string | null) =>
      `${name === null ? 'Welcome back' : `Welcome back, ${name}`}. You speak first. You do not have to answer every point.`,
    mineHeading: 'It is your turn',
    mineLead: 'Say what this brings up for you. The others listen until you have finished.',
    otherHeading: (name: string) => `${name} is speaking`,
    otherLead: (name: string) => `Listen until ${name} has finished.`,
    youAreNext: 'You are next.',
    youComeAfter: (name: string) => `You come after ${name}.`,
    away: (name: string) => `${name} has no connection. We wait a moment.`,
    awayNext: (name: string) => `${name} has no connection. You are next, and may begin.`,
    welcomeHeading: (name: string) => `Welcome ${name} back`,
    welcomeLead: (name: string) => `${name} speaks first. Then each in turn.`,
    welcomeAnother: 'Another way to begin',
    openHeading: 'Talk together',
    openLead: 'Reply to what you heard today, not to what you would do.',
    respondHeading: 'What stayed with you?',
    respondLead: 'Say what you take from what you heard. You do not have to answer every point.',
    finished: 'I have finished',
    notThisTime: 'Not this time',
    beginMine: 'Begin my turn',
    hasFinished: (name: string) => `${name} has finished`,
    passes: (name: string) => `${name} passes`,
    comeBack: 'Come back to me',
    comeBackTo: (name: string) => `Come back to ${name}`,
    turnTime: {
      left: (count: number, name: string | null) =>
        `${count === 0 ? 'Less than a minute' : `About ${minutes(count)}`} for ${name ?? 'your turn'}.`,
      over: (name: string | null) =>
        name === null
          ? 'The minutes of your turn are over. Finish your thought.'
          : `The minutes of ${possessive(name)} turn are over.`,
    },
    states: {
      done: 'has had a turn',
      now: 'speaking now',
      yourTurn: 'your turn',
      next: 'next',
      afterYou: 'after you',
      last: 'last',
      later: 'comes later',
      away: 'no connection',
    },
  },
  together: {
    reviewHeading: 'Look back together',
    reviewLead: 'Talk about how we worked as a group. The case itself is closed.',
    heading: 'Talk together',
    breakHeading: 'Take a break',
    lead: 'Everyone takes part.',
    held: 'If the talk ends early, we stay quiet until the time is up.',
  },
  notes: {
    own: 'You may write notes for yourself, on paper.',
    secretary: (name: string) => `One of you may note it for ${name}, on paper.`,
  },
  /** Positions of other methods. */
  other: {
    answeringHeading: 'The others ask, you answer',
    answeringLead: 'Short answers are enough. You may leave a question open.',
    askingHeading: 'Ask, to understand',
    askingLead: (name: string) => `Ask ${name}. Open questions, no advice.`,
    leadingHeading: 'You lead the talk',
    leadingLead: 'Say what you need from the group now.',
    ledHeading: (name: string) => `${name} leads the talk`,
    ledLead: (name: string) => `Follow ${name}. Say what helps the thinking on.`,
    speakingHeading: 'You are speaking',
    speakingLead: 'The others listen.',
    listenHeading: (name: string) => `${name} is speaking`,
    severalHeading: 'Listen',
    listenLead: 'Listen to the whole of it.',
    roles: 'Roles in this part',
  },
  over: {
    heading: 'Time to come to an end',
    group: (who: string) => `Finish your thought. ${who} will move us on.`,
    groupAlone: 'Finish your thought.',
    firm: 'Finish your thought. The next part begins by itself.',
    firmClose: 'Finish your thought. The session closes by itself.',
    turn: 'The time is up, and it is your turn. Finish your thought.',
    presenter: (who: string) => `Finish your thought. ${who} will move us on.`,
    facilitator: {
      respond: (name: string) => `Let the last thought finish. Then invite ${name} back.`,
      speak: (name: string) => `Let the last thought finish. Then ${name} presents.`,
      silent: (name: string) => `Let the last thought finish. Then ${name} listens.`,
      close: 'Let the last thought finish. Then close.',
      other: 'Let the last thought finish. Then move on.',
      breath: 'Silence at the end is fine. Leave it a breath.',
    },
  },
  missing: {
    heading: 'The time waits',
    lead: 'The person who presents has left. The time is stopped while we decide how to go on.',
    steerLead:
      'The person who presents has left. Decide how to go on: with another case, or by looking back.',
    wait: (who: string) => `${who} decides how we go on.`,
    offer: 'I offer to present',
    withdraw: 'I do not offer to present after all',
    choose: 'Choose who presents',
    review: 'Look back at how we worked',
    close: 'Close the session',
  },
  lost: {
    heading: (name: string) => `${name} has lost the connection`,
    headingSeveral: 'The facilitators have lost the connection',
    headingGone: 'Nobody is facilitating now',
    words: (name: string) =>
      `Carry on. The time runs as before. ${name} can take the chair again on coming back.`,
    wordsSeveral: 'Carry on. The time runs as before. They can take the chair again on coming back.',
    wordsGone: 'Carry on. The time runs as before.',
    take: 'Take the chair for now',
  },
  chair: {
    standIn: (name: string) => `${name} has the chair for now.`,
    you: 'You have the chair for now.',
    ask: 'Have the chair back',
    presenterLost: (name: string) => `${name} has no connection since half a minute. You can pause, or wait.`,
  },
  sheet: {
    label: 'For you as facilitator',
    labelStandIn: 'For you, with the chair for now',
    onPlan: (time: string) => `On plan. Ends at ${time}`,
    behind: (count: number, time: string, planned: string) =>
      `${minutes(count)} behind. Ends at ${time} instead of ${planned}.`,
    ahead: (count: number, time: string, planned: string) =>
      `${minutes(count)} ahead. Ends at ${time} instead of ${planned}.`,
    ends: (time: string) => `Ends at ${time}`,
    more: 'More',
    pause: 'Pause',
    resume: 'Go on',
    addOne: '+1 min',
    addFive: '+5 min',
    /** Beside "+1 min". */
    thenEnds: (time: string) => `to ${time}`,
    moveOn: 'Move on',
    moveOnTo: {
      speak: (name: string) => `Move on: ${name} presents`,
      youSpeak: 'Move on: you present',
      silent: (name: string) => `Move on: ${name} listens`,
      youSilent: 'Move on: you listen',
      respond: (name: string) => `Move on: ${name} comes back`,
      youRespond: 'Move on: you come back',
      other: (title: string) => `Move on: ${lower(title)}`,
      close: 'Close the session',
    },
    undo: 'Undo',
  },
  undo: (what: ActKind, title: (phase: number) => string, name: (seat: number) => string): string => {
    switch (what.type) {
      case 'began':
        return 'You began the session.';
      case 'movedOn':
        return `You moved on to ${inSentence(title(what.phase))}.`;
      case 'wentBack':
        return `You went back to ${inSentence(title(what.phase))}.`;
      case 'paused':
        return 'You stopped the time.';
      case 'extended':
        return `You added ${minutes(what.by === 'one' ? 1 : 5)}${takenFrom(what.from, title)}.`;
      case 'shortened':
        return 'You shortened what is left.';
      case 'ended':
        return 'You closed the session.';
      case 'endedCase':
        return 'You ended the case.';
      case 'drewPresenter':
        return `You drew ${name(what.seat)} to present.`;
      case 'chosePresenter':
        return what.seat === null ? 'Nobody presents now.' : `You chose ${name(what.seat)} to present.`;
      case 'setFacilitator':
        return what.facilitator
          ? `${name(what.seat)} is a facilitator now.`
          : `${name(what.seat)} is no longer a facilitator.`;
      case 'setRole':
        return `You changed the role of ${name(what.seat)}.`;
      case 'handedOver':
        return 'You facilitate now.';
      default:
        return 'Done.';
    }
  },
  connection: {
    connecting: 'Connecting',
    connectingLead: 'Attune is looking for your session.',
    noService: 'The service cannot be reached. Attune tries again by itself. Check your connection.',
    reconnecting: 'Reconnecting. The time is still right and your place is kept.',
    reconnectingLobby: 'Reconnecting. Your place is kept.',
    /** Before anybody is in. Many come at once, or the service has much to do: the words hold for both. */
    busy: {
      heading: 'It is too busy just now',
      lead: 'Your connection works. Keep this page open: Attune tries again by itself.',
    },
    back: 'You are connected again.',
    dim: 'Your screen may go dark. The time is still right when you come back.',
    unsent: 'This has not gone through yet. It goes as soon as you are connected.',
  },
  refused: (why: Refusal, name: (seat: number) => string, mySeat: number): string => {
    switch (why.name) {
      case 'moved_on':
        if (why.by === null) return 'The session had already moved on by itself. Nothing was done twice.';
        if (why.by === mySeat) return 'You had already moved on. Nothing was done twice.';
        return `${name(why.by)} had already moved on. Nothing was done twice.`;
      case 'not_facilitator':
        return 'Only a facilitator can do this. Ask your facilitator.';
      case 'chair_held':
        return 'Someone else has the chair for now. Have the chair back first.';
      case 'stand_in':
        return 'You have the chair for now. This is left to a facilitator.';
      case 'chair_not_free':
        return 'Someone else facilitates already. Carry on.';
      case 'silent':
        return 'You are listening now. You can do this when you are back.';
      case 'not_your_turn':
        return 'It is another person’s turn. Wait until they have finished.';
      case 'not_yours':
        return 'Another person did this. Ask them to take it back.';
      case 'not_agreed':
        return 'This person has not agreed to the promises yet. Wait, or choose someone else.';
      case 'agreement_changed':
        return 'The agreement has changed meanwhile. Read it as it is now, then agree.';
      case 'no_presenter':
        return 'Nobody presents yet. Choose who presents first.';
      case 'presenting':
        return 'This person presents now. Choose someone else.';
      case 'not_now':
        return 'This is not possible in this part. The screen shows what is.';
      case 'no_such_knock':
        return 'Nobody knocks there any more.';
      case 'no_such_seat':
        return 'This person has left. Choose someone else.';
      case 'not_everyone':
        return 'The order has changed meanwhile. Look at it again.';
      case 'away':
        return 'This person has no connection. Wait, or choose someone else.';
      case 'not_away':
        return 'This person is here again and keeps the place.';
      case 'not_new':
        return 'This person has not just come in. Choose someone who has.';
      case 'no_device':
        return 'This person has no device here. Choose someone who has one.';
      case 'last_facilitator':
        return 'The session needs a facilitator. Choose another one first.';
      case 'first_phase':
        return 'This is the first part. There is nothing to go back to.';
      case 'cannot_undo':
        return 'It is too late to take this back. You can use Back, under More.';
      case 'too_long':
        return 'A part can be 180 minutes at most. Move on, or go back to it later.';
      case 'too_short':
        return 'The later parts cannot give as many minutes. Take fewer, or move the end.';
      case 'full':
        return 'All places are taken. Clear the place of someone who is away first.';
      case 'enough':
        return 'There are as many of these as there can be, or you have asked this person already.';
      case 'log_full':
        return 'This session has had as many changes as it can hold. You can still pause, leave and end it.';
      case 'too_fast':
        return 'That was very fast. Wait a moment and try again.';
      case 'busy':
        return 'The service is busy. Try again in a moment.';
      case 'not_understood':
        return 'This page and the service do not understand each other. Reload the page.';
    }
  },
  /** What a close code tells a person: what happened, and what to do. */
  closed: {
    restarting: {
      heading: 'The service is starting again',
      lead: 'Your place is kept. Attune tries again by itself.',
    },
    too_fast: {
      heading: 'This page sent too much at once',
      lead: 'Your place is kept. Wait a moment and try again.',
    },
    too_big: {
      heading: 'There is a problem with this page',
      lead: 'It sent more than the service takes. Reload the page. Your place is kept.',
    },
    unknown: {
      heading: 'We cannot find this session',
      lead: 'The link may be old or changed, or the session has been deleted. Ask your facilitator for the link.',
    },
    full: {
      heading: 'This session is full',
      lead: 'All places are taken. Ask your facilitator to make room, then try again.',
    },
    removed: {
      heading: 'You are no longer in this session',
      lead: 'A facilitator has removed you, or given your place to another device of yours. If you think it was a mistake, ask them for the link.',
    },
    left: en.left,
    ended: {
      heading: 'This session has ended',
      lead: 'Nothing that was said has been kept. For another session, ask your facilitator for a new link.',
    },
    erased: {
      heading: 'This session has been deleted',
      lead: 'A facilitator deleted it. Nothing of it is left on the service.',
    },
    moved: {
      heading: 'You continue on your other device',
      lead: 'Your place is there now. Nothing of it is kept here.',
    },
    used: {
      heading: 'This link was already used',
      lead: 'It lets one person in, once. Ask whoever sent it to you for another one.',
      more: 'If it was you, on another device: choose “Continue on another device” in the menu there.',
    },
    replaced: {
      heading: 'You opened this session in another tab',
      lead: 'This tab has stopped. Go on there, or use this one instead.',
    },
    reload: { heading: 'Reload to go on', lead: 'There is a newer version of Attune. Your place is kept.' },
    not_understood: {
      heading: 'There is a problem with this page',
      lead: 'The service did not understand it. Reload the page. Your place is kept.',
    },
    busy: { heading: 'The service is busy', lead: 'Attune tries again by itself. Your place is kept.' },
    silent: {
      heading: 'The connection went quiet',
      lead: 'Attune tries again by itself. Your place is kept.',
    },
    not_allowed: {
      heading: 'Only a facilitator can delete this session',
      lead: 'It is deleted by itself after its time. Ask your facilitator if it should be sooner.',
    },
    locked: {
      heading: 'The door is locked',
      lead: 'Nobody new can come in now. Ask whoever facilitates to open it, then try again.',
    },
    knock: { heading: 'Knock first', lead: 'Somebody in the group opens the door. Try again.' },
    declined: {
      heading: 'You were not let in',
      lead: 'Ask whoever facilitates, in another way. You can knock again in ten minutes.',
    },
    token_needed: {
      heading: 'This service asks for a word first',
      lead: 'Not everybody may set up sessions here. Ask whoever runs the service for the word.',
    },
  } satisfies Record<keyof typeof CLOSE_CODES, { heading: string; lead: string; more?: string }>,
  useThisTab: 'Use this tab',
  reload: 'Reload',
  failed: {
    heading: 'There is a problem with this page',
    lead: 'Something went wrong here. Your place is kept. Reload the page.',
  },
  newerText: 'A name was written by a newer version. Reload the page to read it.',
  /** What a screen reader is told. */
  say: {
    phase: (title: string, heading: string, lead: string) => `${title}: ${heading}. ${lead}`,
    left: (count: number) => `${minutes(count)} left.`,
    end: 'The time of this part is up.',
    over: (count: number) => `${minutes(count)} over.`,
    yourTurn: 'It is your turn.',
    turn: (name: string) => `${name} is speaking.`,
    youAreNext: 'You are next.',
    open: 'The floor is open to all.',
    arrived: (name: string) => `${name} is here.`,
    gone: (name: string) => `${name} has left.`,
    away: (name: string) => `${name} has lost the connection.`,
    paused: 'We are pausing. The time is stopped.',
    resumed: (left: string) => `The time goes on. ${left}`,
    standIn: (name: string) => `${name} has the chair for now.`,
    lost: 'The facilitator has lost the connection. Carry on. The time runs as before.',
  },
};

/** Every language has these words. */
export type SessionWords = typeof session;
