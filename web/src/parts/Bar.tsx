// The bar above: the parts of the session by length, and the way to the menu, in the same place on every screen.
import type { ComponentChildren } from 'preact';

/** One part of the session. */
export interface BarStep {
  /** Any word that is its own among the steps. */
  readonly key: string;
  /** Its minutes: the length of its segment. */
  readonly minutes: number;
  readonly state: 'done' | 'now' | 'next';
  /** What is read aloud: "Group discussion, 25 minutes, now". */
  readonly words: string;
}

/** The parts as segments: thin and full when done, thick now, pale to come. */
export function Agenda({ label, steps }: { label: string; steps: readonly BarStep[] }) {
  return (
    <ol class="agenda" aria-label={label}>
      {steps.map(({ key, minutes, state, words }) => (
        <li
          key={key}
          class={state === 'done' ? 'done' : undefined}
          aria-current={state === 'now' ? 'step' : undefined}
          style={{ flexGrow: minutes }}
        >
          <span class="vh">{words}</span>
        </li>
      ))}
    </ol>
  );
}

/** The bar: `children` on the left (an agenda, the mark, a way back), the menu's button on the right. */
export function Bar({
  children,
  menu,
  onMenu,
}: {
  children?: ComponentChildren;
  menu?: string;
  onMenu?: () => void;
}) {
  return (
    <header class="bar">
      {children}
      {menu !== undefined && (
        <button class="btn btn-plain" type="button" aria-haspopup="dialog" onClick={onMenu}>
          {menu}
        </button>
      )}
    </header>
  );
}
