// All methods beside the default, and the parts of none: fetched when one is met, or when somebody looks for another.
import common from '../../../protocol/src/common-phases.json';
import type { Method, MethodPhase } from '../protocol';
import { bringCatalogue } from './methods';

/** Parts that belong to no method, such as a break. */
export const commonParts = common as readonly MethodPhase[];

/** The other methods of the catalogue, by the names of their files. */
export const otherMethods: readonly Method[] = Object.values(
  import.meta.glob<Method>(
    ['../../../protocol/src/methods/*.json', '!../../../protocol/src/methods/ruch.json'],
    { eager: true, import: 'default' },
  ),
);

bringCatalogue({ otherMethods, commonParts });
