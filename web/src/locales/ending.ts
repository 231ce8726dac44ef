// The words in use of the ending.
export { ending } from './en-ending';
