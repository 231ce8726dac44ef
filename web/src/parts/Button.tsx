// A button. Filled means that the screen waits for this person: at most one on a screen.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** How a button looks. */
export type ButtonLook = 'outlined' | 'filled' | 'plain';

/**
 * How long a button that moves the session on takes no touch once there is something else to move on from, in ms: the
 * second press of a double one, which comes within this, was meant for what stood there before.
 */
const DOUBLE_PRESS = 500;

/** A button; of type `button` unless it sends a form. */
export function Button({
  children,
  look = 'outlined',
  wide = false,
  submit = false,
  id,
  describedBy,
  from,
  onPress,
}: {
  children: ComponentChildren;
  look?: ButtonLook;
  wide?: boolean;
  submit?: boolean;
  /** By what it is found again to have the focus. */
  id?: string;
  /** The id of a text that says more. */
  describedBy?: string;
  /** The visit and the turn that it moves the session on from. */
  from?: { readonly visit: number; readonly turn: number };
  onPress?: () => void;
}) {
  const names = ['btn', look === 'filled' && 'btn-fill', look === 'plain' && 'btn-plain', wide && 'btn-wide'];
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (from) button.current?.animate?.({ pointerEvents: ['none', 'none'] }, DOUBLE_PRESS);
  }, [from?.visit, from?.turn]);
  return (
    <button
      ref={button}
      class={names.filter(Boolean).join(' ')}
      id={id}
      type={submit ? 'submit' : 'button'}
      aria-describedby={describedBy}
      onClick={onPress}
    >
      {children}
    </button>
  );
}
