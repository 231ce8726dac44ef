// What becomes of focus and place when a screen changes under somebody.
import { useLayoutEffect, useRef } from 'preact/hooks';

/** What had the focus last, and did not lose it to nothing. */
let last: EventTarget | null = null;
document.addEventListener('focusin', ({ target }) => (last = target));
document.addEventListener('focusout', ({ target }) => {
  // What is taken out of the page loses it too; that is the screen's doing, not the person's.
  queueMicrotask(() => {
    if (target === last && isInPage(target) && !hasFocus()) last = null;
  });
});

const isInPage = (target: EventTarget | null) => target instanceof Node && target.isConnected;

/** After a change of `screen`, also into the first one, the focus stays where it is; if its element is gone, it goes to
 * the heading. */
export function useKeptFocus(screen: string): void {
  const before = useRef<string | null>(null);
  const had = useRef(false);
  // While rendering, the old screen still stands, unless this is the first.
  if (before.current !== screen) had.current ||= hasFocus();
  useLayoutEffect(() => {
    if (before.current === screen) return;
    const lost = before.current === null && last !== null && !isInPage(last);
    before.current = screen;
    if (had.current || lost) takeToHeading();
    had.current = false;
  }, [screen]);
}

/** A form in the place of the button that opens it: its heading has the focus first, and the button once it closes. */
export function useFormInPlace(open: boolean, heading: string, button: string): void {
  const before = useRef(open);
  useLayoutEffect(() => {
    if (before.current === open) return;
    before.current = open;
    document.getElementById(open ? heading : button)?.focus();
  }, [open]);
}

/** A new screen begins at its top: whoever had scrolled down reads first what it is. */
export function useTop(screen: string): void {
  const before = useRef(screen);
  useLayoutEffect(() => {
    if (before.current === screen) return;
    before.current = screen;
    window.scrollTo(0, 0);
  }, [screen]);
}

/** To the heading, as soon as there is one: a screen that is still being fetched has none. */
function takeToHeading(): void {
  if (hasFocus()) return;
  if (document.querySelector('h1')) {
    focusHeading();
    return;
  }
  const waiting = new MutationObserver(() => {
    if (!document.querySelector('h1')) return;
    waiting.disconnect();
    takeToHeading();
  });
  waiting.observe(document.body, { childList: true, subtree: true });
}

function hasFocus(): boolean {
  const active = document.activeElement;
  return active !== null && active !== document.body;
}

/** Puts the focus on the heading, without scrolling past what stands above it. */
export function focusHeading(): void {
  const heading = document.querySelector('h1');
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
