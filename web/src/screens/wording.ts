// Which sentence fits: what comes next, what "Move on" leads to, how a part ends. Pure.

import { textsId } from '../kit/plan';
import { expectedEnd } from '../kit/state';
import { words } from '../locales/session';
import { clockTime } from './dates';
import { comesBack, isNamedBy, isStory, type Room } from './room';

/** When the session will end, as a clock time of the device. */
export function endTime(room: Room, now: number, toDevice: (time: number) => number): string {
  const end = expectedEnd(room.view, now);
  return end === null ? '' : clockTime(toDevice(end));
}

/** "Next: …" for this person. */
export function nextLine(room: Room, end: string): string | null {
  const { running } = room;
  if (!running) return null;
  const { upcoming } = running;
  const next = words.next;
  if (!upcoming) return running.stage.another ? words.anotherCase.next : next.close(end);
  const { phase, title } = upcoming;
  const then = { plan: running.plan, phase };
  const { iPresent, presenterName: name, me } = room;
  const named = me !== null && isNamedBy(room, phase, me);
  if (room.presenter === null && phase.presenter !== 'participant') return next.other(title);
  const goesOn = phase.presenter === running.phase.presenter;
  if (goesOn && phase.presenter !== 'participant') return next.other(title);
  switch (phase.presenter) {
    case 'speaking':
      if (!isStory(then)) return next.other(title);
      return iPresent ? next.youPresent : next.presents(name);
    case 'silent_listening':
    case 'outside':
      if (phase.floor.mode === 'single') return next.other(title);
      if (iPresent) return next.youListen;
      if (!named) return next.groupThinks(name);
      return phase.floor.speakers.includes('member') ? next.thinkAloud(name) : next.groupThinks(name);
    case 'responding':
      if (!comesBack(then)) return next.other(title);
      return iPresent ? next.youRespond : next.responds(name);
    case 'answering':
      if (iPresent) return next.youAnswer;
      return named ? next.answers(name) : next.other(title);
    case 'silent_thinking':
      return next.still;
    case 'leading':
      return iPresent ? next.youLead : next.leads(name);
    case 'participant':
      return textsId(phase) === 'review' ? next.review : next.other(title);
  }
}

/** What the next part means for the presenter: told by name where it does, by its title elsewhere. */
type Step = 'close' | 'speak' | 'silent' | 'respond' | 'other';

function nextStep(room: Room): Step {
  const { running } = room;
  if (!running?.upcoming) return 'close';
  if (room.presenter === null) return 'other';
  const then = { plan: running.plan, phase: running.upcoming.phase };
  if (isStory(then)) return 'speak';
  if (comesBack(then)) return 'respond';
  const { presenter } = then.phase;
  return presenter === 'silent_listening' || presenter === 'outside' ? 'silent' : 'other';
}

/** What the button that moves on says. */
export function moveOnLabel(room: Room): string {
  const label = words.sheet.moveOnTo;
  const { iPresent, presenterName: name } = room;
  switch (nextStep(room)) {
    case 'close':
      return room.running?.stage.another ? words.anotherCase.moveOn : label.close;
    case 'speak':
      return iPresent ? label.youSpeak : label.speak(name);
    case 'silent':
      return iPresent ? label.youSilent : label.silent(name);
    case 'respond':
      return iPresent ? label.youRespond : label.respond(name);
    case 'other':
      return label.other(room.running?.upcoming?.title ?? '');
  }
}

/** What whoever steers reads once the time is up. */
export function overForSteering(room: Room): string {
  const over = words.over.facilitator;
  const step = nextStep(room);
  if (step === 'close' || step === 'other' || room.iPresent)
    return step !== 'close'
      ? over.other
      : room.running?.stage.another
        ? words.anotherCase.overSteering
        : over.close;
  return over[step](room.presenterName);
}

/** What people read in a held silence once the time is up: there is no thought to finish. */
export function overInSilence(room: Room): string {
  const { silent } = words;
  if (room.iSteer) return silent.upSteering;
  const waits = room.running?.stage.firm !== true && room.view.chair.freeAt === null;
  return waits ? silent.up(room.mover) : silent.upAlone;
}

/** What everyone else reads once the time is up. */
export function overForGroup(room: Room): string {
  const { running } = room;
  if (running?.stage.firm && !running.upcoming && running.stage.another) return words.anotherCase.overFirm;
  if (running?.stage.firm) return running.upcoming ? words.over.firm : words.over.firmClose;
  return room.view.chair.freeAt === null ? words.over.group(room.mover) : words.over.groupAlone;
}
