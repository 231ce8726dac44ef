// What lies over the room: a decision whose button names its effect, or the menu. Focus goes to the heading, so that
// no key pressed by chance decides anything; Escape is "later".
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { focusHeading } from './focus';

/** A dialog. It is open while it is in the page; `onClose` takes it out. */
export function Dialog({
  heading,
  text,
  children,
  onClose,
}: {
  heading: ComponentChildren;
  /** What it is about, read together with the heading. */
  text?: ComponentChildren;
  children: ComponentChildren;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Not after the next frame: a dialog stands in the page only while it is open.
  useLayoutEffect(() => {
    const opened = dialog.current;
    const before = document.activeElement;
    opened?.showModal();
    opened?.querySelector<HTMLElement>('h2')?.focus();
    return () => {
      opened?.close();
      // The browser gives the focus back only where the dialog, and what had it before, still stand in the page.
      const { activeElement: now } = document;
      const isLost = now === document.body || opened?.contains(now);
      if (!isLost || !(before instanceof HTMLElement)) return;
      if (before.isConnected) before.focus();
      else focusHeading();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={`${id}h`}
      aria-describedby={text === undefined ? undefined : `${id}p`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={`${id}h`} tabIndex={-1}>
        {heading}
      </h2>
      {text !== undefined && <p id={`${id}p`}>{text}</p>}
      {children}
    </dialog>
  );
}

/** A dialog with one decision. */
export function Decision({
  heading,
  text,
  effect,
  onDecide,
  later,
  onLater,
}: {
  heading: ComponentChildren;
  text?: ComponentChildren;
  /** What the button does, in its own words. */
  effect: string;
  onDecide: () => void;
  /** The way out. */
  later: string;
  onLater: () => void;
}) {
  return (
    <Dialog heading={heading} text={text} onClose={onLater}>
      <div class="stack">
        <button class="btn btn-fill" type="button" onClick={onDecide}>
          {effect}
        </button>
        <button class="btn" type="button" onClick={onLater}>
          {later}
        </button>
      </div>
    </Dialog>
  );
}
