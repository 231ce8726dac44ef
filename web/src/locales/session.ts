// The words in use within a session, with those that stand before it.
import { en } from './en';
import { session } from './en-session';

export const words = { ...en, ...session };
