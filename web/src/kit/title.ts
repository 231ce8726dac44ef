// The tab's title: the minutes first, because a narrow tab shows only the beginning.
import { effect } from '@preact/signals';

/** The product's name, which ends every title. */
export const PRODUCT = 'Attune';

/** A title from its parts, the most pressing first; empty ones are left out. */
export function composeTitle(...parts: readonly (string | null | undefined | false)[]): string {
  return [...parts.filter(Boolean), PRODUCT].join(' – ');
}

/** Keeps the tab's title as `title` says. The answer ends it. */
export function keepTitle(page: { title: string }, title: () => string): () => void {
  return effect(() => {
    const next = title();
    if (page.title !== next) page.title = next;
  });
}
