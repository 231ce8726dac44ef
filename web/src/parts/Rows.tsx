// A list of people or parts: rules and space, not cards.
import type { ComponentChildren } from 'preact';

/** One line. */
export interface RowItem {
  readonly key: string | number;
  /** Who or what. */
  readonly main: ComponentChildren;
  /** What it is, in quiet words, or a button. */
  readonly side?: ComponentChildren;
  /** Whether it is the one that it is about now. */
  readonly current?: boolean;
}

/** The list. */
export function Rows({ items, label }: { items: readonly RowItem[]; label?: string }) {
  return (
    <ul class="rows" aria-label={label}>
      {items.map(({ key, main, side, current }) => (
        <li key={key} aria-current={current ? 'true' : undefined}>
          <span>{main}</span>
          {side !== undefined && <span>{side}</span>}
        </li>
      ))}
    </ul>
  );
}
