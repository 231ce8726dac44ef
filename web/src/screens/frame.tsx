// What stands around every screen: news above it, the bar with Menu, and the screen itself.
import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { client, page } from '../app';
import { words } from '../locales';
import { Bar } from '../parts/Bar';
import { Mark } from '../parts/Mark';
import { Strip } from '../parts/Strip';
import { lazily } from './lazy';
import type { Room } from './room';

const Menu = lazily(() => import('./menu').then((module) => module.SessionMenu));

/** Whether the menu lies over the page. */
export const menuOpen = signal(false);

/** What every frame can have. */
export interface FrameProps {
  /** What stands at the left of the bar: the parts of the session or a way back; else the mark. */
  readonly bar?: ComponentChildren;
  /** The dock or the sheet. */
  readonly foot?: ComponentChildren;
  readonly children: ComponentChildren;
}

interface SessionParts {
  /** The session that Menu is about. */
  readonly room?: Room;
  /** Strips of news, below what is said of the page itself. */
  readonly strips?: ComponentChildren;
}

/** The frame of every screen; those of a session are in `SessionFrame`. */
export function Frame({ room, strips, bar, foot, children }: FrameProps & SessionParts) {
  const inSession = client.record.value !== null;
  return (
    <>
      {(page.exposed || strips) && (
        <section class="strips" aria-label={words.news}>
          {page.exposed && <Strip words={words.exposed} />}
          {strips}
        </section>
      )}
      <Bar menu={words.menu} onMenu={() => (menuOpen.value = true)}>
        {bar ?? <Mark name={words.product} {...(inSession ? {} : { href: '/' })} />}
      </Bar>
      {children}
      {foot}
      {menuOpen.value && <Menu room={room ?? null} close={() => (menuOpen.value = false)} />}
    </>
  );
}
