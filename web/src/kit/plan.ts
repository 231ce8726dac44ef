// What a phase of a plan refers to. Pure.
import type { PlanPhase } from '../protocol';

/** Which phase of the catalogue has the texts of a phase. */
export const textsId = ({ id, texts }: PlanPhase): string => texts?.phase ?? id;
