// All methods beside the default: fetched when one of them is met, or when somebody looks for another.
import type { Method } from '../protocol';

/** The other methods of the catalogue, by the names of their files. */
export const otherMethods: readonly Method[] = Object.values(
  import.meta.glob<Method>(
    ['../../../protocol/src/methods/*.json', '!../../../protocol/src/methods/ruch.json'],
    { eager: true, import: 'default' },
  ),
);
