// What is said aloud: one polite and one assertive region, which stand in the page, empty, from its beginning.
import { browserTimers, type Timers } from '../kit/environment';

/** How long a message stays before the next takes its place, so that none is swallowed. */
const STAYS = 1_000;

/** Says things aloud. */
export interface Announcer {
  /** When the screen reader has finished what it says. */
  say(text: string): void;
  /** At once: only for what cannot wait. */
  interrupt(text: string): void;
}

function createVoice(region: Element, timers: Timers): (text: string) => void {
  const waiting: string[] = [];
  let speaking = false;
  const next = () => {
    const text = waiting.shift();
    speaking = text !== undefined;
    region.textContent = text ?? '';
    if (speaking) timers.after(STAYS, next);
  };
  return (text) => {
    // The same again, before it was heard once, says nothing new.
    if (text === '' || waiting.at(-1) === text) return;
    waiting.push(text);
    if (!speaking) next();
  };
}

/** Makes the announcer over the page's two regions. */
export function createAnnouncer(page: Document, timers: Timers = browserTimers): Announcer {
  const find = (id: string) => {
    const region = page.getElementById(id);
    if (!region) throw new Error(`the page has no region ${id}`);
    return region;
  };
  return { say: createVoice(find('polite'), timers), interrupt: createVoice(find('assertive'), timers) };
}
