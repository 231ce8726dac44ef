// The words in use of suggestions to whoever steers.
export { suggestion } from './en-suggestion';
