// A button. Filled means that the screen waits for this person: at most one on a screen.
import type { ComponentChildren } from 'preact';

/** How a button looks. */
export type ButtonLook = 'outlined' | 'filled' | 'plain';

/** A button; of type `button` unless it sends a form. */
export function Button({
  children,
  look = 'outlined',
  wide = false,
  submit = false,
  id,
  describedBy,
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
  onPress?: () => void;
}) {
  const names = ['btn', look === 'filled' && 'btn-fill', look === 'plain' && 'btn-plain', wide && 'btn-wide'];
  return (
    <button
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
