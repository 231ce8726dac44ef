// The menu: what helps nobody at this minute, but is there for whoever looks for it.
import type { ComponentChildren } from 'preact';
import { Dialog } from './Dialog';

/** One line of the menu. */
export interface MenuItem {
  readonly words: string;
  /** How it stands: "on". */
  readonly now?: string;
  readonly onPress: () => void;
}

/** The menu, open while it is in the page. */
export function Menu({
  heading,
  text,
  items,
  close,
  onClose,
  children,
}: {
  heading: string;
  /** What it is about, read together with the heading. */
  text?: string;
  items: readonly MenuItem[];
  close: string;
  onClose: () => void;
  children?: ComponentChildren;
}) {
  return (
    <Dialog heading={heading} {...(text === undefined ? {} : { text })} onClose={onClose}>
      <ul class="rows" hidden={items.length === 0}>
        {items.map(({ words, now, onPress }) => (
          <li key={words}>
            <button class="btn btn-plain" type="button" onClick={onPress}>
              {words}
            </button>
            {now !== undefined && <span>{now}</span>}
          </li>
        ))}
      </ul>
      {children}
      <div class="stack">
        <button class="btn" type="button" onClick={onClose}>
          {close}
        </button>
      </div>
    </Dialog>
  );
}
