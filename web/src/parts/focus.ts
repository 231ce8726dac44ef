// Keeps the place of whoever uses a keyboard or a screen reader when a screen changes under them.
import { useLayoutEffect, useRef } from 'preact/hooks';

/** After a change of `screen` the focus stays where it is; if its element is gone, it goes to the heading. */
export function useKeptFocus(screen: string): void {
  const before = useRef(screen);
  const had = useRef(false);
  // While rendering, the old screen still stands.
  if (before.current !== screen) had.current ||= hasFocus();
  useLayoutEffect(() => {
    if (before.current === screen) return;
    before.current = screen;
    if (had.current && !hasFocus()) focusHeading();
    had.current = false;
  }, [screen]);
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
