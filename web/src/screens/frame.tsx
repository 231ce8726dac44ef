// What stands around every screen: news above it, the bar with Menu, and the screen itself.
import { computed, effect, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { client, room as current, page } from '../app';
import { words } from '../locales';
import { Bar } from '../parts/Bar';
import { Mark } from '../parts/Mark';
import { Strip } from '../parts/Strip';
import { lazily } from './lazy';
import type { Room } from './room';

const Menu = lazily(() => import('./menu').then((module) => module.SessionMenu));

/** Whether the menu lies over the page. */
const menuOpen = signal(false);

/** Whether there is a session that goes on, and else what there is in its stead. */
const kind = computed(() => {
  const { type } = client.connection.value;
  if (current.value?.view.stage.type === 'closed') return 'record';
  return type === 'closed' || type === 'idle' ? type : 'goesOn';
});

// What the session has come to is not covered by what somebody had opened before.
effect(() => {
  if (kind.value) menuOpen.value = false;
});

/** The menu, once it is opened: of the session, or of a page without one. */
export function OpenMenu({ room }: { readonly room: Room | null }) {
  return menuOpen.value && <Menu room={room} close={() => (menuOpen.value = false)} />;
}

/** What every frame can have. */
export interface FrameProps {
  /** What stands at the left of the bar: the parts of the session or a way back; else the mark. */
  readonly bar?: ComponentChildren;
  /** The dock or the sheet. */
  readonly foot?: ComponentChildren;
  readonly children: ComponentChildren;
}

interface SessionParts {
  /** Whether the menu stands elsewhere, because it outlasts this frame. */
  readonly menuOutside?: boolean;
  /** Strips of news, below what is said of the page itself. */
  readonly strips?: ComponentChildren;
}

/** The frame of every screen; those of a session are in `SessionFrame`. */
export function Frame({ menuOutside = false, strips, bar, foot, children }: FrameProps & SessionParts) {
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
      {!menuOutside && <OpenMenu room={null} />}
    </>
  );
}
