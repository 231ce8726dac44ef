// The words in use of what is opened later.
export { more } from './en-more';
