// The tab's title: the minutes first, because a narrow tab shows only the beginning.
import { signal } from '@preact/signals';
import { client, room } from '../app';
import type { PhaseTime } from '../kit/state';
import { composeTitle } from '../kit/title';
import { words } from '../locales';
import { wholeMinutes } from '../parts/ClockWords';
import { chooseScreen } from './room';
import { route } from './route';

/** Whether the form on the page has mistakes. */
export const formHasErrors = signal(false);

/** "18 min left". */
export function titleTime(time: PhaseTime): string {
  const { title } = words;
  const minutes = wholeMinutes(time.seconds);
  if (time.state === 'kept') return title.paused;
  if (time.state === 'over') return minutes === 0 ? title.lessOver : title.over(minutes);
  return minutes === 0 ? title.lessLeft : title.left(minutes);
}

/** The title now. */
export function currentTitle(): string {
  const now = room.value;
  if (!now) {
    const name = pageName();
    return composeTitle(formHasErrors.value ? words.errorInTitle(name ?? words.join.heading) : name);
  }
  const { running } = now;
  // Nobody has a turn or a time where the session is over for this tab.
  if (running && client.connection.value.type === 'closed') return composeTitle();
  if (running) {
    const time = client.time.value;
    const mine = running.speaker === now.seat && words.title.yourTurn;
    return composeTitle(mine, time && titleTime(time), running.title);
  }
  const screen = chooseScreen(now);
  if (screen === 'closed') return composeTitle(words.closedTitle);
  const { stage } = now.view;
  const isBetween = stage.type === 'lobby' && stage.between !== undefined;
  return composeTitle(isBetween ? words.lobby.between : words.lobby.heading);
}

/** Before joining a page has no name of its own: a link's page says nothing about where it leads. */
function pageName(): string | null {
  return route.value.type === 'setUp' ? words.landing.setUp : null;
}
