// The words in use.
export { en as words } from './en';
